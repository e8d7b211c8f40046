"""Recommend anime to groups: takes the members, returns a ranking."""

from hakken.groups.picks import GroupFilters, GroupPick, Novelty, Suggestion
from hakken.groups.ranking import LEAST_RATINGS, forecast, suggest

__all__ = [
    "LEAST_RATINGS",
    "GroupFilters",
    "GroupPick",
    "Novelty",
    "Suggestion",
    "forecast",
    "suggest",
]
