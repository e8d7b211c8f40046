"""Cleaning: removes ratings that teach a recommender nothing, and anime that should not be recommended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.catalogue.catalogue import Catalogue
from hakken.errors import RatingsError
from hakken.ratings.ratings import Ratings

MUSIC = "Music"
"""The type of music videos on MyAnimeList."""


@dataclass(frozen=True, slots=True)
class Cleaning:
    """Options of the cleaning.

    Raises:
        ValueError: a number is out of its range.
    """

    min_ratings: int = 1
    """Users with fewer ratings are dropped; 1 or more."""
    min_raters: int = 1
    """Anime that fewer users rated are dropped; 1 or more."""
    same_score_from: int | None = 10
    """Users with this many ratings, all of the same score, are dropped; 2 or more, ``None`` keeps them."""
    music: bool = False
    """Whether music videos are kept."""

    def __post_init__(self) -> None:
        if self.min_ratings < 1 or self.min_raters < 1:
            raise ValueError("min_ratings and min_raters must be 1 or more")
        if self.same_score_from is not None and self.same_score_from < 2:
            raise ValueError("same_score_from must be 2 or more: one rating is always one score")


@dataclass(frozen=True, slots=True)
class DroppedRatings:
    """Counts of what was dropped for one reason."""

    users: int = 0
    anime: int = 0
    ratings: int = 0

    def __add__(self, other: DroppedRatings) -> DroppedRatings:
        return DroppedRatings(
            self.users + other.users, self.anime + other.anime, self.ratings + other.ratings
        )


@dataclass(frozen=True, slots=True)
class CleaningReport:
    """Counts of what was dropped, by reason.

    A user or anime counts under the reason for which it was dropped, together with its ratings. Users who
    lose their last rating in this way count as users with too few ratings.
    """

    music: DroppedRatings
    same_score: DroppedRatings
    few_ratings: DroppedRatings
    """Users with too few ratings."""
    few_raters: DroppedRatings
    """Anime with too few raters."""
    rounds: int
    """Number of rounds, including the last one that dropped nothing; 1 for a clean set."""

    @property
    def by_reason(self) -> dict[str, DroppedRatings]:
        """Counts of what was dropped, by the reason's name, in the order of the cleaning."""
        return {
            "music": self.music,
            "same_score": self.same_score,
            "few_ratings": self.few_ratings,
            "few_raters": self.few_raters,
        }


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A clean rating set, and a report of what was dropped."""

    ratings: Ratings
    report: CleaningReport


def clean(ratings: Ratings, options: Cleaning, catalogue: Catalogue | None = None) -> Cleaned:
    """Drop what the options name; without a catalogue, no music videos are known.

    Raises:
        RatingsError: nothing would be left.
    """
    left = _Left(ratings.matrix)
    music = (
        DroppedRatings()
        if options.music
        else left.drop_anime(np.isin(ratings.anime_ids, _music_in(catalogue)))
    )
    same_score, few_ratings, few_raters = DroppedRatings(), DroppedRatings(), DroppedRatings()
    rounds, before = 0, -1
    while left.matrix.nnz != before:
        before = left.matrix.nnz
        if options.same_score_from is not None:
            same_score += left.drop_users(_of_one_score(left.matrix, options.same_score_from))
        few_ratings += left.drop_users(np.diff(left.matrix.indptr) < options.min_ratings)
        few_raters += left.drop_anime(_raters(left.matrix) < options.min_raters)
        rounds += 1
    if len(ratings) and not left.matrix.nnz:
        raise RatingsError(
            f"cleaning leaves none of the {len(ratings):,} ratings: ask for fewer ratings per user (now "
            f"{options.min_ratings}) and raters per anime (now {options.min_raters}), or keep users of one "
            "score and music videos"
        )
    report = CleaningReport(music, same_score, few_ratings, few_raters, rounds)
    return Cleaned(
        Ratings(ratings.user_ids[left.users], ratings.anime_ids[left.anime], left.matrix, ratings.report),
        report,
    )


class _Left:
    """The remaining part of a rating matrix."""

    def __init__(self, matrix: sparse.csr_array) -> None:
        self.matrix = matrix
        self.users: NDArray[np.intp] = np.arange(matrix.shape[0])
        """Remaining rows, ascending."""
        self.anime: NDArray[np.intp] = np.arange(matrix.shape[1])
        """Remaining columns, ascending."""

    def drop_users(self, which: NDArray[np.bool_]) -> DroppedRatings:
        """Drop users by row."""
        if not which.any():
            return DroppedRatings()
        before = self.matrix.nnz
        self.matrix, self.users = self.matrix[~which], self.users[~which]
        return DroppedRatings(users=int(which.sum()), ratings=before - self.matrix.nnz)

    def drop_anime(self, which: NDArray[np.bool_]) -> DroppedRatings:
        """Drop anime by column."""
        if not which.any():
            return DroppedRatings()
        before = self.matrix.nnz
        self.matrix, self.anime = self.matrix[:, np.flatnonzero(~which)], self.anime[~which]
        return DroppedRatings(anime=int(which.sum()), ratings=before - self.matrix.nnz)


def _music_in(catalogue: Catalogue | None) -> list[int]:
    return [anime.anime_id for anime in (catalogue or {}).values() if anime.type == MUSIC]


def _raters(matrix: sparse.csr_array) -> NDArray[np.intp]:
    return np.bincount(matrix.indices, minlength=matrix.shape[1]).astype(np.intp, copy=False)


def _of_one_score(matrix: sparse.csr_array, at_least: int) -> NDArray[np.bool_]:
    """Find the users with ``at_least`` ratings, all of the same score, shape (n_users,)."""
    lengths = np.diff(matrix.indptr)
    of_one = np.zeros(len(lengths), np.bool_)
    rated = np.flatnonzero(lengths)  # reduceat does not handle empty ranges
    if len(rated):
        starts = matrix.indptr[rated]
        of_one[rated] = np.minimum.reduceat(matrix.data, starts) == np.maximum.reduceat(matrix.data, starts)
    of_one &= lengths >= at_least
    return of_one
