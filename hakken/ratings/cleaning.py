"""Cleaning of a rating set: what teaches a recommender nothing, or should not be recommended, goes."""

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
    """What is to go.

    Raises:
        ValueError: a number is out of its range.
    """

    min_ratings: int = 1
    """Users with fewer ratings go; 1 or more."""
    min_raters: int = 1
    """Anime that fewer users rated go; 1 or more."""
    same_score_from: int | None = 10
    """Users who gave so many anime, and all of them, one score go; 2 or more, ``None`` keeps them."""
    music: bool = False
    """Whether music videos stay."""

    def __post_init__(self) -> None:
        if self.min_ratings < 1 or self.min_raters < 1:
            raise ValueError("min_ratings and min_raters must be 1 or more")
        if self.same_score_from is not None and self.same_score_from < 2:
            raise ValueError("same_score_from must be 2 or more: one rating is always one score")


@dataclass(frozen=True, slots=True)
class DroppedRatings:
    """What went for one reason."""

    users: int = 0
    anime: int = 0
    ratings: int = 0

    def __add__(self, other: DroppedRatings) -> DroppedRatings:
        return DroppedRatings(
            self.users + other.users, self.anime + other.anime, self.ratings + other.ratings
        )


@dataclass(frozen=True, slots=True)
class CleaningReport:
    """What went, by reason.

    A user or anime counts where it was found wanting. Its ratings go with it, and who is left without any
    rating by that is counted with those who have too few.
    """

    music: DroppedRatings
    same_score: DroppedRatings
    few_ratings: DroppedRatings
    """Users with too few ratings."""
    few_raters: DroppedRatings
    """Anime with too few raters."""
    rounds: int
    """How often all were gone through, the last time finding none wanting; 1 for a clean set."""

    @property
    def by_reason(self) -> dict[str, DroppedRatings]:
        """What went, by the reason's name, in the order of the cleaning."""
        return {
            "music": self.music,
            "same_score": self.same_score,
            "few_ratings": self.few_ratings,
            "few_raters": self.few_raters,
        }


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A clean rating set, and what had to go."""

    ratings: Ratings
    report: CleaningReport


def clean(ratings: Ratings, options: Cleaning, catalogue: Catalogue | None = None) -> Cleaned:
    """Leave out what the options name.

    Music videos go first. Then users of one score, users with few ratings and anime with few raters go, in
    this order and in rounds, for each may make another wanting. A clean set stays as it is.

    Args:
        ratings: the rating set; it is not changed.
        options: what is to go.
        catalogue: tells which anime are music videos; without it, none is.

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
    """What is left of a rating matrix."""

    def __init__(self, matrix: sparse.csr_array) -> None:
        self.matrix = matrix
        self.users: NDArray[np.intp] = np.arange(matrix.shape[0])
        """Rows that are left, ascending."""
        self.anime: NDArray[np.intp] = np.arange(matrix.shape[1])
        """Columns that are left, ascending."""

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
    """Which users gave so many anime, and all of them, the same score, shape (n_users,)."""
    lengths = np.diff(matrix.indptr)
    of_one = np.zeros(len(lengths), np.bool_)
    rated = np.flatnonzero(lengths)  # reduceat wants no empty stretches
    if len(rated):
        starts = matrix.indptr[rated]
        of_one[rated] = np.minimum.reduceat(matrix.data, starts) == np.maximum.reduceat(matrix.data, starts)
    of_one &= lengths >= at_least
    return of_one
