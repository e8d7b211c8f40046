"""Which anime a newcomer is asked about: those whose scores tell most about all the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.ratings.ratings import Ratings

CANDIDATES = 200
"""Questions are chosen from so many of the most rated anime: a newcomer should know some of them."""
NOISE = 0.02
"""An answer about an anime that a smaller share of the users has seen tells little; see `most_telling`."""
_USERS = 20_000
"""So many users suffice to tell which anime are rated alike."""
_SEED = 0
_NO_FRANCHISE: Mapping[int, int] = MappingProxyType({})


def choose_questions(
    ratings: Ratings,
    n: int = 40,
    *,
    allowed: Collection[int] | None = None,
    franchise: Mapping[int, int] = _NO_FRANCHISE,
) -> NDArray[np.int32]:
    """Anime to ask a newcomer about, what tells most first, never two of one franchise.

    `most_telling` on the scores of at most 20,000 users drawn at random, where what is not seen scores 0. The
    same ratings give the same questions. ``docs/onboarding.md`` has what else was tried.

    Args:
        ratings: the training set.
        n: how many at most, 0 or more; ask on down the list, for a newcomer has not seen all.
        allowed: anime ids to choose from, such as first entries of their franchises that are not 18+; all
            by default.
        franchise: a number that the anime of one franchise share, by anime id; others stand alone.

    Returns:
        Anime ids, shape (≤ n,); fewer than n where there are not enough.
    """
    candidates = candidate_rows(ratings, CANDIDATES, allowed=allowed, franchise=franchise)
    return ratings.anime_ids[most_telling(_sample(ratings), candidates, n)].astype(np.int32)


def candidate_rows(
    ratings: Ratings, most: int, *, allowed: Collection[int] | None, franchise: Mapping[int, int]
) -> NDArray[np.intp]:
    """Rows of the most rated anime, the most rated first, ties by the lower id; one of each franchise.

    Args:
        ratings: the training set.
        most: how many at most.
        allowed: anime ids to choose from; None for all.
        franchise: by anime id.
    """
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
    """The n anime from which the answers about all anime are best told, by greedy steps.

    With A the users' answers and C = AᵀA, a question about j lowers what a ridge regression from the answers
    to it leaves unexplained of A, ‖A − A_S·W‖² + λ‖W‖² at its best W, by Σ_i c_ij² / (c_jj + λ). The j that
    lowers it most is taken, C becomes C − c_j·c_jᵀ / (c_jj + λ), and so on. Hence an anime is taken that many
    have seen, that they are not of one mind about, and that the earlier ones do not tell of already.

    This is GreedyExtend (Golbandi, Koren & Lempel, *On Bootstrapping Recommender Systems*, 2010) with an
    error that has a closed form, or Bayesian A-optimal design (Chaloner & Verdinelli, *Bayesian Experimental
    Design: A Review*, 1995), one question at a time.

    Args:
        answers: A, 0 where there is none, shape (n_users, n_anime).
        candidates: columns to choose from, of equals the first is taken, shape (n_candidates,).
        n: how many at most, 0 or more.
        noise: λ as a share of the users, in mean squares of an answer; above 0.

    Returns:
        Columns, shape (min(n, n_candidates),).
    """
    left = (answers[:, candidates].T @ answers).toarray()
    ridge = noise * answers.shape[0] * float(np.square(answers.data).sum()) / max(answers.nnz, 1)
    chosen: list[int] = []
    for _ in range(min(n, len(candidates))):
        own = left[np.arange(len(candidates)), candidates] + ridge
        told = np.square(left).sum(axis=1) / own
        told[chosen] = -np.inf
        best = int(told.argmax())
        chosen.append(best)
        left -= np.outer(left[:, candidates[best]] / own[best], left[best])
    return candidates[chosen]


def _sample(ratings: Ratings) -> sparse.csr_array:
    """Scores of some users drawn at random, float64, shape (≤ 20,000, n_anime)."""
    n_users = len(ratings.user_ids)
    if n_users <= _USERS:
        return ratings.matrix.astype(np.float64)
    drawn = np.random.default_rng(_SEED).choice(n_users, _USERS, replace=False)
    return ratings.matrix[np.sort(drawn)].astype(np.float64)
