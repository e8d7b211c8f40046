"""What a group should watch: its members in, a ranking out."""

from hakken.groups.picks import GroupPick, GroupWishes, Novelty, Suggestion
from hakken.groups.ranking import LEAST_RATINGS, forecast, suggest

__all__ = [
    "LEAST_RATINGS",
    "GroupPick",
    "GroupWishes",
    "Novelty",
    "Suggestion",
    "forecast",
    "suggest",
]
