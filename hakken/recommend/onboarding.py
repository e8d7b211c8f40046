"""Onboarding: choose the anime to ask new members about, those whose scores say most about all others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.ratings.ratings import Ratings

CANDIDATES = 200
"""Number of most rated anime from which questions are chosen: a new member should know some of them."""
NOISE = 0.02
"""Share of users; an answer about an anime that a smaller share has seen says little; see `most_telling`."""
_USERS = 20_000
"""Number of users that suffices to find out which anime are rated alike."""
_SEED = 0
_NO_FRANCHISE: Mapping[int, int] = MappingProxyType({})


def choose_questions(
    ratings: Ratings,
    n: int = 40,
    *,
    allowed: Collection[int] | None = None,
    franchise: Mapping[int, int] = _NO_FRANCHISE,
) -> NDArray[np.int32]:
    """Choose anime to ask a new member about, the most informative first, never two of one franchise.

    Applies `most_telling` to the scores of at most 20,000 random users, where unseen anime score 0. The same
    ratings give the same questions. ``docs/onboarding.md`` describes what else was tried.

    Args:
        ratings: the training set.
        n: maximum number, 0 or more; ask on down the list, because a new member has not seen all of them.
        allowed: anime ids to choose from, such as first entries of their franchises that are not 18+; all
            by default.
        franchise: by anime id, a number that the anime of one franchise share; anime without one stand alone.

    Returns:
        Anime ids, shape (≤ n,); fewer than n if there are not enough.
    """
    candidates = candidate_rows(ratings, CANDIDATES, allowed=allowed, franchise=franchise)
    return ratings.anime_ids[most_telling(_sample(ratings), candidates, n)].astype(np.int32)


def candidate_rows(
    ratings: Ratings, most: int, *, allowed: Collection[int] | None, franchise: Mapping[int, int]
) -> NDArray[np.intp]:
    """Return the rows of the most rated anime, the most rated first, one per franchise; ties by lower id."""
    among = None if allowed is None else frozenset(allowed)
    rows: list[int] = []
    taken: set[int] = set()
    for row in np.argsort(-ratings.raters, kind="stable").tolist():
        anime_id = int(ratings.anime_ids[row])
        group = franchise.get(anime_id)
        if len(rows) == most:
            break
        if group in taken or (among is not None and anime_id not in among):
            continue
        rows.append(row)
        if group is not None:
            taken.add(group)
    return np.array(rows, dtype=np.intp)


def most_telling(
    answers: sparse.csr_array, candidates: NDArray[np.intp], n: int, *, noise: float = NOISE
) -> NDArray[np.intp]:
    """Greedily choose the n anime whose answers best predict the answers about all anime.

    Let A be the users' answers and C = AᵀA. A question about j reduces the part of A that a ridge regression
    on the answers leaves unexplained, ‖A − A_S·W‖² + λ‖W‖² at its best W, by Σ_i c_ij² / (c_jj + λ). Each
    step takes the j that reduces it most and replaces C by C − c_j·c_jᵀ / (c_jj + λ). This selects anime that
    many have seen, on which opinions differ, and that the earlier questions do not predict.

    This is GreedyExtend (Golbandi, Koren & Lempel, *On Bootstrapping Recommender Systems*, 2010) with an
    error that has a closed form, or Bayesian A-optimal design (Chaloner & Verdinelli, *Bayesian Experimental
    Design: A Review*, 1995), one question at a time.

    Args:
        answers: A, 0 for no answer, shape (n_users, n_anime).
        candidates: columns to choose from, shape (n_candidates,); ties go to the first.
        n: maximum number of columns, 0 or more.
        noise: λ as a share of the users, in mean squares of an answer; above 0.

    Returns:
        Columns, shape (min(n, n_candidates),).
    """
    left = (answers[:, candidates].T @ answers).toarray()
    ridge = noise * answers.shape[0] * float(np.square(answers.data).sum()) / max(answers.nnz, 1)
    chosen: list[int] = []
    for _ in range(min(n, len(candidates))):
        own = left[np.arange(len(candidates)), candidates] + ridge
        gains = np.square(left).sum(axis=1) / own
        gains[chosen] = -np.inf
        best = int(gains.argmax())
        chosen.append(best)
        left -= np.outer(left[:, candidates[best]] / own[best], left[best])
    return candidates[chosen]


def _sample(ratings: Ratings) -> sparse.csr_array:
    """Scores of a random sample of users, float64, shape (≤ 20,000, n_anime)."""
    n_users = len(ratings.user_ids)
    if n_users <= _USERS:
        return ratings.matrix.astype(np.float64)
    drawn = np.random.default_rng(_SEED).choice(n_users, _USERS, replace=False)
    return ratings.matrix[np.sort(drawn)].astype(np.float64)
