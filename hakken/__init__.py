"""Hakken's recommender: takes and returns arrays and ids, without Discord or a database."""

from hakken.catalogue import Anime, Catalogue
from hakken.errors import ArtefactError, CatalogueError, HakkenError, ParameterError, RatingsError
from hakken.model import ItemKNNBaseline, Reason, Recommendation, Similar
from hakken.ratings import Ratings, read_list

__all__ = [
    "Anime",
    "ArtefactError",
    "Catalogue",
    "CatalogueError",
    "HakkenError",
    "ItemKNNBaseline",
    "ParameterError",
    "Ratings",
    "RatingsError",
    "Reason",
    "Recommendation",
    "Similar",
    "read_list",
]
