"""Rating sets, who gave which anime which score: reading, cleaning, downloading and generating them."""

from hakken.ratings.ratings import Ratings, read_list

__all__ = ["Ratings", "read_list"]
