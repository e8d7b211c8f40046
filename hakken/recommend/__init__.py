"""Recommendations for one member: predictions, watch order, filters, diversity."""

from hakken.recommend.filters import Filters
from hakken.recommend.recommender import Member, Pick, Recommender

__all__ = ["Filters", "Member", "Pick", "Recommender"]
