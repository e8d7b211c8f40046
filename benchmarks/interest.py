"""Compare variants of the interest model with plain EASE on the same unseen users.

    .venv/bin/python -m benchmarks.interest RATINGS CATALOGUE [--seed 1] [--folds 2]

Everything is computed with dense matrices over the anime with ten raters or more, from the formulas and not
with `hakken.model.interest`. No weights are left out unless a line says so. Each line below the defaults
changes only what it names.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.evaluation import PERIODS, Choose, Folds, ShownLists, by_rank, measure_rankings
from hakken.evaluation.report import for_people
from hakken.model.baseline import Baseline, fold_in
from hakken.model.interest import STRONGEST, WEAKEST
from hakken.model.parameters import InterestParameters, Parameters
from hakken.model.rows import rows_of

Matrix = NDArray[np.float32]
DEFAULTS = InterestParameters()
EASE = "EASE: binary, λ = 200"


@dataclass(frozen=True)
class Tried:
    """One variant of learning and using interest."""

    slope: float | None = DEFAULTS.slope
    """None: a rated anime weighs 1, whatever its score."""
    target_slope: float | None = None
    """Slope of the weights of the predicted lists; None: the same as of the predicting lists."""
    gains: bool = False
    """Whether the predicted lists are weighted by max(score − 5, 0) / 3."""
    asked_slope: float | None = None
    """Slope of the weights of the asking user's list; None: the same as of the training lists."""
    weakest: float = WEAKEST
    reg: float = DEFAULTS.reg
    dropout: float = DEFAULTS.dropout
    list_norm: float = DEFAULTS.list_norm
    facts: Mapping[Literal["franchise", "studio", "genre", "year"], float] = field(
        default_factory=lambda: {"franchise": DEFAULTS.franchise}
    )
    """Weight of each kind of facts that are given beforehand."""
    kept: tuple[float, float] | None = None
    """Number of weights kept for each anime, and the power of the source's raters that selects them."""
    rarity: float = DEFAULTS.rarity
    keenness: float = DEFAULTS.keenness
    trust: float = DEFAULTS.trust


START = Tried()
PLAIN = Tried(slope=None, reg=200, dropout=0, list_norm=0, facts={}, rarity=0, keenness=0)
TRIED: Mapping[str, Tried] = {
    EASE: PLAIN,
    "EASE, λ = 100": replace(PLAIN, reg=100),
    "EASE, λ = 50": replace(PLAIN, reg=50),
    "EASE on weights, a = 0.3": replace(PLAIN, slope=0.3),
    "EASE on weights, a = 0.3, dropout 0.25": replace(PLAIN, slope=0.3, dropout=0.25),
    "the defaults, dense": START,
    **{f"a = {value}": replace(START, slope=value) for value in (0.0, 0.2, 0.25, 0.4, 0.5)},
    "weights down to −0.5": replace(START, weakest=-0.5),
    "weights down to 0.3": replace(START, weakest=0.3),
    "who asks: a = 0": replace(START, asked_slope=0.0),
    "who asks: a = 0.4": replace(START, asked_slope=0.4),
    "told: a = 0.5": replace(START, target_slope=0.5),
    "telling a = 0.1, told 0.3": replace(START, slope=0.1, target_slope=0.3),
    "told: gain max(score − 5, 0)": replace(START, gains=True),
    **{f"λ = {value}": replace(START, reg=value) for value in (20, 50, 150, 300)},
    **{f"dropout {value}": replace(START, dropout=value) for value in (0.0, 0.1, 0.4, 0.5)},
    **{f"ρ = {value}": replace(START, list_norm=value) for value in (0.0, 0.25, 0.75, 1.0)},
    "no franchises": replace(START, facts={}),
    **{f"franchises {value}": replace(START, facts={"franchise": value}) for value in (2, 7)},
    "studios 2 too": replace(START, facts={"franchise": 4, "studio": 2}),
    "genres 1 too": replace(START, facts={"franchise": 4, "genre": 1}),
    "years and types 1 too": replace(START, facts={"franchise": 4, "year": 1}),
    **{f"γ = {value}": replace(START, rarity=value) for value in (0.0, 0.07, 0.2, 0.3)},
    **{f"β = {value}": replace(START, keenness=value) for value in (0.0, 1.0, 1.5, 2.0, 3.0)},
    **{f"κ = {value}": replace(START, trust=value) for value in (0.0, 3.0, 10.0)},
    **{
        f"{kept} weights kept, by |B|·raters^{power}": replace(START, kept=(kept, power))
        for kept in (25, 50, 100)
        for power in (0.0, 0.25, 0.5)
    },
}


@dataclass(frozen=True)
class Set:
    """A training set with the anime that have enough raters, and a rating model trained on it."""

    ratings: Ratings
    catalogue: Catalogue
    baseline: Baseline
    model: ItemKNNBaseline
    rows: NDArray[np.intp]

    @classmethod
    def of(cls, ratings: Ratings, catalogue: Catalogue) -> Set:
        """Train what all variants have in common."""
        parameters = Parameters()
        baseline = Baseline.fit(
            ratings, reg_user=parameters.reg_user, reg_item=parameters.reg_item, epochs=parameters.epochs
        )
        rows = np.flatnonzero(ratings.raters >= DEFAULTS.least_raters)
        return cls(ratings, catalogue, baseline, ItemKNNBaseline().fit(ratings), rows)


def main() -> None:
    """Print a line for each variant."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("ratings")
    parser.add_argument("catalogue")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folds", type=int, default=2, help="number of the five folds to measure")
    asked = parser.parse_args()
    catalogue = Catalogue.read(asked.catalogue)
    splits = [*Folds(Ratings.read(asked.ratings), seed=asked.seed)][: asked.folds]
    found = measure_rankings({"all": partial(_train, catalogue)}, splits, catalogue)
    _print(found)


def _print(found: Mapping[str, ShownLists]) -> None:
    ease = found[EASE]
    recent = [*PERIODS].index("2018 on")
    print("| tried | NDCG@10 | × EASE | recall@10 × EASE | lift | up to 10 given × EASE | 2018 on |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, shown in found.items():
        short, short_ease = shown.by_length()["up to 10"], ease.by_length()["up to 10"]
        cells = (
            shown.ndcg(),
            shown.ndcg_ratio(ease),
            shown.recall_ratio(ease),
            shown.lift(),
            short.ndcg_ratio(short_ease),
            shown.period_recall(recent),
        )
        print(f"| {name} | {' | '.join(for_people(cell) for cell in cells)} |", flush=True)


def _train(catalogue: Catalogue, ratings: Ratings) -> dict[str, Choose]:
    common = Set.of(ratings, catalogue)
    return {name: _rank(common, tried) for name, tried in TRIED.items()}


def _rank(common: Set, tried: Tried) -> Choose:
    weights = _weights(common, tried)
    baseline, ratings, reg_user = common.baseline, common.ratings, Parameters().reg_user
    raters = ratings.raters[common.rows]

    def rank(given: Mapping[int, float]) -> NDArray[np.float64]:
        scores = np.full(len(ratings.anime_ids), -np.inf)
        rows, known = rows_of(np.fromiter(given, np.int64, len(given)), ratings.anime_ids)
        rows, scored = rows[known], np.fromiter(given.values(), np.float64, len(given))[known]
        level = fold_in(scored - baseline.mean - baseline.of_anime[rows], reg_user)
        slope = tried.slope if tried.asked_slope is None else tried.asked_slope
        at, kept = rows_of(rows, common.rows)
        x = _weigh(scored - baseline.mean - level, slope, tried.weakest)[kept]
        interest = x @ weights[at[kept]]
        predicted = common.model.predict(given)[common.rows]
        say = tried.keenness * len(rows) / (len(rows) + tried.trust) if len(rows) else 0.0
        liked = np.where(interest > 0, predicted**say, 1.0)
        scores[common.rows] = interest * liked * (raters + 1.0) ** -tried.rarity
        return scores

    return by_rank(rank, ratings.anime_ids, ratings.raters)


def _weights(common: Set, tried: Tried) -> Matrix:
    """Return the dense matrix B."""
    ratings, baseline = common.ratings, common.baseline
    matrix = ratings.matrix.tocsc()[:, common.rows].tocsr()
    levels = matrix.data - baseline.mean - np.repeat(baseline.of_users, np.diff(matrix.indptr))

    def lists(weights: NDArray[np.floating]) -> sparse.csr_array:
        data = weights.astype(np.float32)
        return sparse.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)

    telling = lists(_weigh(levels, tried.slope, tried.weakest))
    squares = np.maximum((telling * telling).sum(axis=1), 1e-9)
    scales = squares ** (-tried.list_norm / 2)
    scales *= np.sqrt(telling.nnz / (scales**2 * squares).sum())
    scaled = (sparse.diags_array(scales.astype(np.float32)) @ telling).tocsr()
    gram = (scaled.T @ scaled).toarray()
    facts = _facts(common, tried)
    gram += (facts.T @ facts).toarray()
    diagonal = np.diag_indices(len(gram))
    solved = gram.copy()
    solved[diagonal] += tried.reg + tried.dropout / (1 - tried.dropout) * gram[diagonal]
    inverse = linalg.inv(solved, overwrite_a=True)
    if tried.target_slope is not None or tried.gains:
        target_weights = (
            np.maximum(matrix.data - 5, 0) / 3
            if tried.gains
            else _weigh(levels, tried.target_slope, tried.weakest)
        )
        wanted = (
            scaled.T @ (sparse.diags_array(scales.astype(np.float32)) @ lists(target_weights))
        ).toarray()
        best = inverse @ wanted
        best -= inverse * (best[diagonal] / inverse[diagonal])
    else:
        best = -inverse / inverse[diagonal]
    best[diagonal] = 0
    return _thinned(best, ratings.raters[common.rows], tried)


def _thinned(weights: Matrix, raters: NDArray[np.int32], tried: Tried) -> Matrix:
    if tried.kept is None:
        return weights
    kept, power = tried.kept
    worth = np.abs(weights) * (raters.astype(np.float32) ** power)[:, None]
    out = round(worth.size * (1 - kept / len(weights)))
    return np.where(worth >= np.partition(worth, out, axis=None)[out], weights, np.float32(0))


def _weigh(levels: NDArray[np.floating], slope: float | None, weakest: float) -> NDArray[np.floating]:
    return np.ones_like(levels) if slope is None else np.clip(1 + slope * levels, weakest, STRONGEST)


def _facts(common: Set, tried: Tried) -> sparse.csr_array:
    """Return a row for each fact, with its kind's weight where an anime has it."""
    rows: dict[tuple[object, ...], int] = {}
    found: list[tuple[int, int, float]] = []
    for column, anime_id in enumerate(common.ratings.anime_ids[common.rows].tolist()):
        one = common.catalogue.anime(anime_id)
        facts: dict[str, list[object]] = {
            "franchise": [] if one.franchise is None else [one.franchise],
            "studio": [*one.studios],
            "genre": [*one.genres],
            "year": [(one.year, one.type)] if one.year else [],
        }
        for kind, weight in tried.facts.items():
            found += [(rows.setdefault((kind, fact), len(rows)), column, weight) for fact in facts[kind]]
    at = np.array([(row, column) for row, column, _ in found], np.int64).reshape(-1, 2)
    data = np.array([weight for *_, weight in found], np.float32)
    return sparse.csr_array((data, (at[:, 0], at[:, 1])), shape=(len(rows), len(common.rows)))


if __name__ == "__main__":
    main()
