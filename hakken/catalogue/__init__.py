"""Catalogue of facts about anime: reading, title search and watch order."""

from hakken.catalogue.anime import Anime
from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.search import TitleSearch
from hakken.catalogue.watch_order import WatchOrder

__all__ = ["Anime", "Catalogue", "TitleSearch", "WatchOrder"]
