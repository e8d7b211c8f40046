"""The cold start protocol: predictions and recommendations of anime that training never saw."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hakken.catalogue.catalogue import Catalogue
from hakken.errors import EvaluationError
from hakken.evaluation.ease import ease_weights
from hakken.evaluation.ranking import Rank, by_rank, measure_rankings
from hakken.evaluation.rating import Errors, Predict, measure_ratings
from hakken.evaluation.report import Table
from hakken.evaluation.shown import ShownLists
from hakken.evaluation.splits import Split, Splits
from hakken.model.baseline import Baseline, fold_in
from hakken.model.cold_start.prior import likenesses, prior, reach
from hakken.model.parameters import Parameters
from hakken.model.rows import rows_of
from hakken.progress import Progress
from hakken.ratings.ratings import HIGHEST, LOWEST, Ratings

NOTHING, CROWD, FACTS = "nothing", "the crowd", "facts"
"""What is known about the hidden anime: nothing, their mean score and members, or all facts."""

SHARE = 0.1
"""Share of the anime with enough raters that is hidden."""
LEAST_RATERS = 20
"""Minimum number of raters of hidden anime: with fewer, they would hardly be tested."""
RECENT = 2021
"""First year of recent anime; the available rating sets end in 2023."""

_INTEREST_RATERS = 10
"""Minimum number of raters of anime whose interest is learned: inverting all would take minutes."""
_LIKES = 100
_DEFAULTS = Parameters()


@dataclass(frozen=True, slots=True)
class Guess:
    """Functions that predict and rank the hidden anime."""

    predict: Predict
    """Predicts their ratings."""
    rank: Rank
    """Takes a member's ratings; returns a score for each of the hidden anime, shape (n_hidden,)."""


Guesser = Callable[[Ratings, NDArray[np.int64]], Guess]
"""Learns from a rating set without the hidden anime, given their ids, ascending, shape (n_hidden,)."""


@dataclass(frozen=True)
class ColdStartScores:
    """Results on hidden anime, for unseen users who rated some of them."""

    anime: int
    """Number of hidden anime."""
    errors: Mapping[str, Errors]
    """Errors of the predicted ratings, by guesser."""
    shown: Mapping[str, ShownLists]
    """Each user's ten recommendations among the hidden anime, by guesser."""


@dataclass(frozen=True)
class WithoutAnime:
    """Splits whose training never saw some anime, and whose unseen users are tested only on these.

    The model is given all other ratings of the unseen users. Users who rated none of the hidden anime, or
    nothing else, are left out.
    """

    splits: Splits
    hidden_ids: NDArray[np.int64]
    """Ids of the hidden anime, shape (n_hidden,)."""

    def __len__(self) -> int:
        """Return the number of splits."""
        return len(self.splits)

    def __iter__(self) -> Iterator[Split]:
        """Make the splits, one at a time.

        Raises:
            EvaluationError: all rated anime are hidden.
        """
        for split in self.splits:
            users = [user.hiding(self.hidden_ids) for user in split.unseen]
            asked = [user for user in users if len(user.given_ids) and len(user.hidden_ids)]
            train = _only(split.train, ~np.isin(split.train.anime_ids, self.hidden_ids))
            if not len(train):
                raise EvaluationError("nothing is left to train on: use a larger rating set")
            yield Split(train, asked)


def a_tenth(ratings: Ratings, seed: int = 0) -> NDArray[np.int64]:
    """Draw a tenth of the anime with at least `LEAST_RATERS` raters, ids ascending.

    Raises:
        EvaluationError: too few anime have enough raters.
    """
    known = ratings.anime_ids[ratings.raters >= LEAST_RATERS]
    count = round(SHARE * len(known))
    if not count:
        raise EvaluationError(
            f"{len(known)} anime have {LEAST_RATERS} raters, too few to hide a tenth: use a larger rating set"
        )
    return np.sort(np.random.default_rng(seed).choice(known, count, replace=False))


def recent(ratings: Ratings, catalogue: Catalogue) -> NDArray[np.int64]:
    """Find the anime that first aired in `RECENT` or later, ids ascending.

    Raises:
        EvaluationError: there are none.
    """
    years = [catalogue.anime(anime_id).year for anime_id in ratings.anime_ids.tolist()]
    found = ratings.anime_ids[[year is not None and year >= RECENT for year in years]]
    if not len(found):
        raise EvaluationError(
            f"no rated anime is of {RECENT} or later: use a newer rating set, or a catalogue with years"
        )
    return found


def guessers(catalogue: Catalogue) -> dict[str, Guesser]:
    """Return the guessers that a model must beat, from the least to the most knowledge."""
    return {NOTHING: _nothing, CROWD: _crowd(catalogue), FACTS: _facts(catalogue)}


def measure_cold_start(
    guessers: Mapping[str, Guesser],
    splits: Splits,
    catalogue: Catalogue,
    hidden_ids: NDArray[np.int64],
    progress: Progress | None = None,
) -> ColdStartScores:
    """Hide some anime from training, and measure predictions and recommendations of these alone.

    The hidden ids are ascending. Only one guesser is in memory at a time.

    Raises:
        EvaluationError: no unseen user rated a hidden anime and another one, or nothing else was rated.
    """
    errors: dict[str, list[Errors]] = {name: [] for name in guessers}
    shown: dict[str, list[ShownLists]] = {name: [] for name in guessers}
    for fold, split in enumerate(WithoutAnime(splits, hidden_ids)):
        for at, (name, learn) in enumerate(guessers.items() if split.unseen else ()):
            if progress:
                progress(f"fold {fold + 1}: {name}", (fold + at / len(guessers)) / len(splits))
            of_errors, of_shown = measure_guess(learn(split.train, hidden_ids), split, catalogue, hidden_ids)
            errors[name].append(of_errors)
            shown[name].append(of_shown)
    if not all(errors.values()):
        raise EvaluationError("no unseen user rated a hidden anime and another one: use a larger rating set")
    return ColdStartScores(
        len(hidden_ids),
        {name: Errors.together(parts) for name, parts in errors.items()},
        {name: ShownLists.together(parts) for name, parts in shown.items()},
    )


def cold_start_table(found: Mapping[str, ColdStartScores], seed: int = 0) -> Table:
    """Tabulate the errors of the guesses, and the quality of the ten recommended hidden anime."""
    return [
        {
            "hidden": hidden,
            "anime": of.anime,
            "users": len(errors.counts),
            "known": name,
            "rmse": errors.rmse(seed),
            "rmse_percent_against_nothing": None
            if name == NOTHING
            else errors.rmse_against(of.errors[NOTHING], seed),
            "ndcg": of.shown[name].ndcg(seed),
            "ndcg_above_average": None
            if name == CROWD
            else of.shown[name].ndcg_against(of.shown[CROWD], seed),
        }
        for hidden, of in found.items()
        for name, errors in of.errors.items()
    ]


def measure_guess(
    guess: Guess, split: Split, catalogue: Catalogue, hidden_ids: NDArray[np.int64]
) -> tuple[Errors, ShownLists]:
    """Measure the predictions of hidden anime, and the first ten of them, for the unseen users of a split."""
    choose = by_rank(guess.rank, hidden_ids, np.zeros(len(hidden_ids), np.int32))
    errors = measure_ratings({"": lambda _: guess.predict}, [split])
    shown = measure_rankings({"": lambda _: {"": choose}}, [split], catalogue)
    return errors[""], shown[""]


def _nothing(train: Ratings, hidden_ids: NDArray[np.int64]) -> Guess:
    random = np.random.default_rng(0)
    predict = _predictor(train, _baseline(train), hidden_ids, np.zeros(len(hidden_ids)))
    return Guess(predict, lambda _: random.permutation(len(hidden_ids)))


def _crowd(catalogue: Catalogue) -> Guesser:
    def learn(train: Ratings, hidden_ids: NDArray[np.int64]) -> Guess:
        mean = float(train.matrix.data.mean(dtype=np.float64))

        def predict(_: Mapping[int, float], wanted: Collection[int]) -> ArrayLike:
            return [catalogue.anime(anime_id).score or mean for anime_id in wanted]

        members = np.array([catalogue.anime(anime_id).members for anime_id in hidden_ids.tolist()])
        return Guess(predict, lambda _: members)

    return learn


def _facts(catalogue: Catalogue) -> Guesser:
    def learn(train: Ratings, hidden_ids: NDArray[np.int64]) -> Guess:
        baseline, reg_item = _baseline(train), _DEFAULTS.reg_item
        expected = prior(
            catalogue, train.anime_ids, baseline.of_anime, train.raters, hidden_ids, reg_item=reg_item
        )
        return Guess(
            _predictor(train, baseline, hidden_ids, expected), _mixture(catalogue, train, hidden_ids)
        )

    return learn


def _baseline(train: Ratings) -> Baseline:
    return Baseline.fit(
        train, reg_user=_DEFAULTS.reg_user, reg_item=_DEFAULTS.reg_item, epochs=_DEFAULTS.epochs
    )


def _predictor(
    train: Ratings, baseline: Baseline, hidden_ids: NDArray[np.int64], biases: NDArray[np.float64]
) -> Predict:
    """Return a function that predicts μ + b_u + the given biases of the hidden anime."""

    def predict(given: Mapping[int, float], wanted: Collection[int]) -> ArrayLike:
        rows, known = rows_of(np.fromiter(given, np.int64, len(given)), train.anime_ids)
        scores = np.fromiter(given.values(), np.float64, len(given))
        above = scores[known] - baseline.mean - baseline.of_anime[rows[known]]
        asked = np.searchsorted(hidden_ids, np.fromiter(wanted, np.int64, len(wanted)))
        level = baseline.mean + fold_in(above, _DEFAULTS.reg_user)
        return np.clip(level + biases[asked], LOWEST, HIGHEST)

    return predict


def _mixture(catalogue: Catalogue, train: Ratings, hidden_ids: NDArray[np.int64]) -> Rank:
    known = _only(train, train.raters >= _INTEREST_RATERS)
    weights = ease_weights(known)
    likes = likenesses(catalogue, known.anime_ids, hidden_ids, known.raters, _LIKES)
    of_hidden = reach(catalogue, hidden_ids)

    def rank(given: Mapping[int, float]) -> ArrayLike:
        rows, there = rows_of(np.fromiter(given, np.int64, len(given)), known.anime_ids)
        interest = weights[rows[there]].sum(axis=0, dtype=np.float64)
        return np.asarray(of_hidden * (likes @ interest))

    return rank


def _only(ratings: Ratings, anime: NDArray[np.bool_]) -> Ratings:
    """Keep the ratings of some anime, and the users who rated any of them."""
    matrix = ratings.matrix[:, anime].tocsr()
    some = Ratings(ratings.user_ids, ratings.anime_ids[anime], matrix, ratings.report)
    return some.of_users(np.diff(matrix.indptr) > 0)
