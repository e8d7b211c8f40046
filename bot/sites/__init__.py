"""Sites where members keep their anime lists: a name in, a list out, or a sentence why not; and covers."""

from bot.sites.anilist import AniList
from bot.sites.failures import SiteError
from bot.sites.myanimelist import MyAnimeListLists
from bot.sites.visits import Patience, Progress

__all__ = ["AniList", "MyAnimeListLists", "Patience", "Progress", "SiteError"]
