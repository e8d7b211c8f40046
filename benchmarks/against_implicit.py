"""Compare the similarities of all pairs with implicit's CosineRecommender: same matrix, same process.

    .venv/bin/python -m benchmarks.against_implicit [RATINGS] [--ratings 5000000 --anime 14000]

Both keep 400 neighbours and use two threads; ours are shrunk correlations of residuals, implicit's are
cosines of scores. Both run in turns, and the shortest time counts. Our baseline, which comes first, has its
own row.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from implicit.nearest_neighbours import CosineRecommender
from implicit.utils import ParameterWarning
from scipy import sparse

from benchmarks.clock import seconds
from benchmarks.commands import N_ANIME, n_users
from benchmarks.table import Bound, Row, add_forms, show, tell
from hakken import Ratings
from hakken.model.baseline import Baseline
from hakken.model.parameters import Parameters
from hakken.model.similarity import similar_anime
from hakken.model.workers import Threads
from hakken.ratings.synthetic import Shape, generate

PARAMETERS = Parameters()
PEER = "implicit"
THREADS = 2
NEIGHBOURS = 400
MOST_OF_THEIRS = 0.7


def main(argv: Sequence[str] | None = None) -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path, nargs="?", help="a rating set; made up by default")
    parser.add_argument("--ratings", type=int, default=5_000_000)
    parser.add_argument("--anime", type=int, default=N_ANIME)
    parser.add_argument("--rounds", type=int, default=2)
    add_forms(parser)
    options = parser.parse_args(argv)
    ratings = (
        Ratings.read(options.path)
        if options.path
        else generate(Shape(n_users(options.ratings), options.anime, options.ratings))
    )
    show(rows(ratings, options.rounds), options.form)


def rows(ratings: Ratings, rounds: int) -> list[Row]:
    """Return the times of the similarities, and of the baseline before them.

    Args:
        ratings: the rating set for both.
        rounds: number of runs of each, in turns.
    """
    tiny = generate(Shape(20, 50, 400))
    similarities(tiny, fit_baseline(tiny))()  # compiles, or reads what is compiled
    of_baseline = seconds(lambda: fit_baseline(ratings))
    ours, theirs = similarities(ratings, fit_baseline(ratings)), cosines(ratings)
    times = []
    for round_ in range(rounds):
        tell(f"similarities, round {round_ + 1} of {rounds}")
        times.append((seconds(ours), seconds(theirs)))
    of_ours, of_theirs = (min(column) for column in zip(*times, strict=True))
    about = f"similarities, {len(ratings):,} ratings × {len(ratings.anime_ids):,} anime, {THREADS} threads"
    return [
        Row(
            about,
            f"all pairs, {NEIGHBOURS} best kept",
            "s",
            of_ours,
            PEER,
            of_theirs,
            Bound("ratio", "≤", MOST_OF_THEIRS),
        ),
        Row(about, "the same with the baseline", "s", of_baseline + of_ours, PEER, of_theirs),
    ]


def fit_baseline(ratings: Ratings) -> Baseline:
    """Fit the baseline that our similarities start from."""
    return Baseline.fit(
        ratings, reg_user=PARAMETERS.reg_user, reg_item=PARAMETERS.reg_item, epochs=PARAMETERS.epochs
    )


def similarities(ratings: Ratings, baseline: Baseline) -> Callable[[], object]:
    """Do our work after the baseline."""
    return lambda: similar_anime(
        ratings,
        baseline,
        shrinkage=PARAMETERS.shrinkage,
        min_support=PARAMETERS.min_support,
        neighbours=NEIGHBOURS,
        workers=Threads(THREADS),
    )


def cosines(ratings: Ratings) -> Callable[[], object]:
    """Do implicit's work on a matrix that it can use without conversion."""
    matrix = sparse.csr_matrix(ratings.matrix)

    def fit() -> None:
        with warnings.catch_warnings():
            # Of the conversion inside its own fit.
            warnings.simplefilter("ignore", ParameterWarning)
            CosineRecommender(K=NEIGHBOURS, num_threads=THREADS).fit(matrix, show_progress=False)

    return fit


if __name__ == "__main__":
    main()
