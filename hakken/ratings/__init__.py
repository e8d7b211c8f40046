"""Rating sets: read, cleaned, downloaded or made up; who gave which anime which score."""

from hakken.ratings.ratings import Ratings, read_list

__all__ = ["Ratings", "read_list"]
