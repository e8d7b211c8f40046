"""Measure the cost of a block of similarities, and project it to sets too large for one machine.

    .venv/bin/python -m benchmarks.blocks [--ratings 5000000 --anime 30000] [--far-ratings 1000000000]

One thread computes every block of a synthetic set and is timed; so is keeping the best of it, which only the
coordinating machine does. Of the far set only the list lengths are generated, because they give its number of
pairs. The projection is printed as arithmetic (with ``--json`` on standard error).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.commands import n_users
from benchmarks.table import Row, add_forms, show
from hakken import Ratings
from hakken.model.baseline import Baseline
from hakken.model.parameters import Parameters
from hakken.model.similarity import similar_anime
from hakken.ratings.synthetic import MadeUpSet, Shape, generate

BYTES_PER_RATING = {"ranks, uint16": 2, "residuals, float32": 4, "places, uint32": 4, "raters, int32": 4}
"""Bytes that a worker holds for each rating."""
BYTES_PER_SIMILARITY = 4
"""Bytes of a value in a returned block, float32."""

T = TypeVar("T")


@dataclass
class Timed:
    """A worker that runs in this thread and times its work."""

    begun: float = 0.0
    """When the first block began, on `time.perf_counter`."""
    computing: list[float] = field(default_factory=list)
    """Seconds of each block."""
    keeping: float = 0.0
    """Seconds that the caller spent on the results."""

    def run(
        self, compute: Callable[..., T], spans: Sequence[tuple[int, int]], shared: Sequence[NDArray[Any]]
    ) -> Iterator[tuple[int, T]]:
        """See `hakken.model.workers.Workers`."""
        self.begun = time.perf_counter()
        for number, span in enumerate(spans):
            started = time.perf_counter()
            result = compute(*span, *shared)
            computed = time.perf_counter()
            yield number, result
            self.computing.append(computed - started)
            self.keeping += time.perf_counter() - computed


@dataclass(frozen=True, slots=True)
class Cost:
    """Times of a rating set's similarities in one thread."""

    n_pairs: int
    """Pairs of anime on one list, over all lists."""
    n_ratings: int
    n_anime: int
    before: float
    """Seconds of the baseline and of dealing the ratings out."""
    blocks: NDArray[np.float64]
    """Seconds of each, shape (n_blocks,)."""
    keeping: float
    """Seconds."""

    @property
    def pairs_per_second(self) -> float:
        """Pairs a second of one thread."""
        return self.n_pairs / float(self.blocks.sum())


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster that computes the far set."""

    workers: int
    cores: int
    """Number of cores of each worker."""
    bytes_per_second: float
    """Bytes a second from the coordinating machine to one worker at a time."""


def main(argv: Sequence[str] | None = None) -> None:
    """Print the projection's arithmetic, then the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ratings", type=int, default=5_000_000, help="of the set that is measured")
    parser.add_argument("--anime", type=int, default=30_000, help="of both sets")
    parser.add_argument("--far-ratings", type=int, default=1_000_000_000)
    parser.add_argument("--workers", type=int, default=10)
    parser.add_argument("--cores", type=int, default=2, help="of each worker")
    parser.add_argument("--gigabits", type=float, default=10, help="per second, between the machines")
    add_forms(parser)
    options = parser.parse_args(argv)
    cost = measure(generate(Shape(n_users(options.ratings), options.anime, options.ratings)))
    far = MadeUpSet(Shape(n_users(options.far_ratings), options.anime, options.far_ratings))
    cluster = Cluster(options.workers, options.cores, options.gigabits * 1e9 / 8)
    with redirect_stdout(sys.stderr if options.form == "json" else sys.stdout):
        seconds = project(cost, far, cluster)
    about = f"one thread, blocks of {options.ratings:,} ratings × {cost.n_anime:,} anime"
    ahead = f"projected: {options.far_ratings:,} ratings × {options.anime:,} anime, {options.workers} workers"
    show(
        [
            Row(about, "a block, median", "s", float(np.median(cost.blocks))),
            Row(about, "a block, longest", "s", float(cost.blocks.max())),
            Row(about, "pairs", "million/s", cost.pairs_per_second / 1e6),
            Row(ahead, "baseline, shipping, similarities", "min", seconds / 60),
            Row(ahead, "a worker's arrays", "GB", shipped(far) / 1e9),
        ],
        options.form,
    )


def measure(ratings: Ratings) -> Cost:
    """Compute a rating set's similarities in one thread, and time them."""
    parameters = Parameters()

    def similarities(of: Ratings, workers: Timed) -> None:
        similar_anime(
            of,
            Baseline.fit(
                of, reg_user=parameters.reg_user, reg_item=parameters.reg_item, epochs=parameters.epochs
            ),
            shrinkage=parameters.shrinkage,
            min_support=parameters.min_support,
            neighbours=parameters.neighbours,
            workers=workers,
        )

    similarities(generate(Shape(20, 50, 400)), Timed())  # compiles, or reads what is compiled
    timed, started = Timed(), time.perf_counter()
    similarities(ratings, timed)
    return Cost(
        n_pairs=n_pairs(np.diff(ratings.matrix.indptr)),
        n_ratings=len(ratings),
        n_anime=len(ratings.anime_ids),
        before=timed.begun - started,
        blocks=np.array(timed.computing),
        keeping=timed.keeping,
    )


def n_pairs(lengths: NDArray[np.integer]) -> int:
    """Return Σ n(n − 1)/2 over lists of n anime."""
    return int((lengths.astype(np.int64) * (lengths - 1) // 2).sum())


def shipped(far: MadeUpSet) -> int:
    """Return the bytes of the arrays that every worker gets and holds."""
    return far.shape.ratings * sum(BYTES_PER_RATING.values()) + far.shape.users * np.int64().nbytes


def project(cost: Cost, far: MadeUpSet, cluster: Cluster) -> float:
    """Print the projected time of a far set on a cluster, step by step.

    Returns:
        Seconds from the ratings in memory to the kept neighbours.
    """
    pairs = n_pairs(far.lengths)
    before = cost.before * far.shape.ratings / cost.n_ratings
    threads = cluster.workers * cluster.cores
    computing = pairs / cost.pairs_per_second / threads
    arrays = shipped(far)
    sending = arrays * cluster.workers / cluster.bytes_per_second
    results = far.shape.anime**2 // 2 * BYTES_PER_SIMILARITY
    returning = results / cluster.bytes_per_second
    keeping = cost.keeping * (far.shape.anime / cost.n_anime) ** 2
    kinds = ", ".join(f"{name} {count} B" for name, count in BYTES_PER_RATING.items())
    print(
        f"measured: {cost.n_pairs:,} pairs in {cost.blocks.sum():.1f} s of {len(cost.blocks)} blocks, "
        f"{cost.pairs_per_second / 1e6:,.0f} million pairs/s of one thread\n"
        f"far set: {far.shape.ratings:,} ratings of {far.shape.users:,} users, {far.shape.anime:,} anime, "
        f"longest list {far.lengths.max():,}\n"
        f"pairs: Σ n(n − 1)/2 = {pairs:,}, {pairs / far.shape.ratings:,.0f} a rating\n"
        f"computing: {pairs:.3g} pairs / {cost.pairs_per_second:.3g} pairs/s / {threads} threads "
        f"({cluster.workers} workers × {cluster.cores}) = {computing / 60:,.1f} min\n"
        f"arrays: {sum(BYTES_PER_RATING.values())} B a rating ({kinds}) and 8 B a user "
        f"= {arrays / 1e9:.1f} GB on each worker\n"
        f"sending: {arrays / 1e9:.1f} GB × {cluster.workers} workers / "
        f"{cluster.bytes_per_second / 1e9:.2f} GB/s = {sending / 60:.1f} min\n"
        f"results: {far.shape.anime:,}² / 2 × {BYTES_PER_SIMILARITY} B = {results / 1e9:.1f} GB, "
        f"{returning:.0f} s; keeping the best of them {keeping:.0f} s, while others compute\n"
        f"baseline and dealing out, on the machine that asks: {cost.before:.2f} s × "
        f"{far.shape.ratings / cost.n_ratings:,.0f} times the ratings = {before / 60:.1f} min\n"
        f"together, from ratings in memory: {before / 60:.1f} + {sending / 60:.1f} + {computing / 60:,.1f} "
        f"= {(before + sending + computing) / 60:,.1f} min"
    )
    return before + sending + computing


if __name__ == "__main__":
    main()
