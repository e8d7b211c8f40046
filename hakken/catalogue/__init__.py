"""Facts about anime: read, searched, and put into the order in which one watches them."""

from hakken.catalogue.anime import Anime
from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.search import TitleSearch
from hakken.catalogue.watch_order import WatchOrder

__all__ = ["Anime", "Catalogue", "TitleSearch", "WatchOrder"]
