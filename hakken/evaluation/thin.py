"""The thin protocol: how anime with few raters are predicted and recommended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.catalogue.catalogue import Catalogue
from hakken.errors import EvaluationError
from hakken.evaluation.cold_start import Guesser, measure_guess
from hakken.evaluation.rating import Errors
from hakken.evaluation.report import Table
from hakken.evaluation.shown import ShownLists
from hakken.evaluation.splits import Split, Splits
from hakken.progress import Progress
from hakken.ratings.ratings import Ratings

LEFT = (0, 2, 6, 10, 20, 50)
"""Numbers of raters that are left of the thinned anime, ascending."""
TIMES = 3
"""Thinned anime had fewer than this many times the most raters that are left: what a catalogue knows of
famous anime does not fit few raters."""
SHARE = 0.2
"""Share of these anime that is thinned: about a tenth of all with as many raters or more."""
ROUNDS = 2
"""Number of splits to measure, each with other anime thinned; each trains a model for each number left."""


@dataclass(frozen=True)
class ThinScores:
    """Results on thinned anime, a row per unseen user who rated some; the same however many are left."""

    anime: int
    """Number of thinned anime, over all rounds."""
    errors: Errors
    """Errors of the predicted ratings."""
    shown: ShownLists
    """Each user's ten recommendations among the thinned anime."""


def a_fifth(ratings: Ratings, least: int, seed: int = 0) -> NDArray[np.int64]:
    """Draw a fifth of the anime with ``least`` raters or more, but fewer than `TIMES` as many, ids ascending.

    Raises:
        EvaluationError: there are too few of them.
    """
    most = TIMES * least - 1
    found = ratings.anime_ids[(ratings.raters >= least) & (ratings.raters <= most)]
    count = round(SHARE * len(found))
    if not count:
        raise EvaluationError(
            f"{len(found)} anime have {least} to {most} raters, too few to thin a fifth: "
            "use a larger rating set"
        )
    return np.sort(np.random.default_rng(seed).choice(found, count, replace=False))


def thinned(ratings: Ratings, anime_ids: NDArray[np.int64], left: int, seed: int = 0) -> Ratings:
    """Drop all but a few ratings of some anime; what is left when fewer are is also left when more are.

    Args:
        ratings: the rating set.
        anime_ids: the anime to thin, shape (n,).
        left: number of raters left of each, drawn at random, 0 or more.
        seed: seed of the random choice of raters.
    """
    matrix = ratings.matrix
    places = np.flatnonzero(np.isin(ratings.anime_ids, anime_ids)[matrix.indices])
    places = np.random.default_rng(seed).permutation(places)
    places = places[np.argsort(matrix.indices[places], kind="stable")]
    columns = matrix.indices[places]
    drawn_before = np.arange(len(places)) - np.searchsorted(columns, columns)
    kept = np.ones(len(ratings), dtype=np.bool_)
    kept[places[drawn_before >= left]] = False
    starts = np.append(0, np.cumsum(kept))[matrix.indptr]
    fewer = sparse.csr_array((matrix.data[kept], matrix.indices[kept], starts), shape=matrix.shape)
    return Ratings(ratings.user_ids, ratings.anime_ids, fewer, ratings.report).of_users(np.diff(starts) > 0)


def measure_thin(
    learn: Guesser,
    splits: Splits,
    catalogue: Catalogue,
    left: Sequence[int] = LEFT,
    rounds: int = ROUNDS,
    seed: int = 0,
    progress: Progress | None = None,
) -> dict[int, ThinScores]:
    """Thin some anime in training, and measure predictions and rankings of these alone.

    They are `a_fifth` of those with as many raters in training as the most that are left. Unseen users give
    all their ratings except those of the thinned anime; who rated none of these is left out.

    Args:
        learn: learns from the thinned rating set.
        splits: the first few are measured; each has its own thinned anime.
        catalogue: facts about the anime.
        left: numbers of raters that are left, ascending.
        rounds: maximum number of splits to measure.
        seed: seed of the random choice of anime and raters.
        progress: called with the progress.

    Returns:
        The results by the number of raters left.

    Raises:
        EvaluationError: too few anime have enough raters, or no unseen user rated a thinned one and another.
    """
    errors: dict[int, list[Errors]] = {few: [] for few in left}
    shown: dict[int, list[ShownLists]] = {few: [] for few in left}
    anime = 0
    seeds = np.random.SeedSequence(seed).generate_state(rounds).tolist()
    for number, (split, drawn) in enumerate(zip(splits, seeds, strict=False)):
        ids = a_fifth(split.train, max(left), drawn)
        users = [user.hiding(ids) for user in split.unseen]
        asked = [user for user in users if len(user.given_ids) and len(user.hidden_ids)]
        if not asked:
            continue
        anime += len(ids)
        for at, few in enumerate(left):
            if progress:
                done = (number + at / len(left)) / min(rounds, len(splits))
                progress(f"round {number + 1}: {few} raters left", done)
            train = thinned(split.train, ids, few, drawn)
            of_errors, of_shown = measure_guess(learn(train, ids), Split(train, asked), catalogue, ids)
            errors[few].append(of_errors)
            shown[few].append(of_shown)
    if not anime:
        raise EvaluationError("no unseen user rated a thinned anime and another one: use a larger rating set")
    return {
        few: ThinScores(anime, Errors.together(errors[few]), ShownLists.together(shown[few])) for few in left
    }


def thin_table(found: Mapping[int, ThinScores], seed: int = 0) -> Table:
    """Tabulate errors and rankings by the number of raters left, compared with the row before; paired."""
    return [
        {
            "raters_left": few,
            "anime": one.anime,
            "users": len(one.errors.counts),
            "ndcg": one.shown.ndcg(seed),
            "ndcg_above_before": None if before is None else one.shown.ndcg_against(before.shown, seed),
            "rmse": one.errors.rmse(seed),
            "rmse_percent_against_before": None
            if before is None
            else one.errors.rmse_against(before.errors, seed),
        }
        for (few, one), before in zip(found.items(), (None, *found.values()), strict=False)
    ]
