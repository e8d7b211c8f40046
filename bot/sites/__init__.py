"""Clients for the sites of members' anime lists: fetch a list by name, or say why not; also covers."""

from bot.sites.anilist import AniList
from bot.sites.failures import SiteError
from bot.sites.myanimelist import MyAnimeListLists
from bot.sites.visits import Patience, Progress

__all__ = ["AniList", "MyAnimeListLists", "Patience", "Progress", "SiteError"]
