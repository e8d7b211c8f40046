"""Compare title search at every keystroke with rapidfuzz's ``process.extract`` over all titles.

    .venv/bin/python -m benchmarks.title_search [CATALOGUE] [--json]
    .venv/bin/python -m benchmarks.title_search [CATALOGUE] --queries FILE

Titles are drawn at random, once from the most popular anime and once from all; each gets one random typo
(a letter left out, replaced, doubled with another, or two swapped). Prints the time to build the index, the
time per query over the beginnings of the mistyped titles, and how often the intended anime is among the first
1, 5 and 25 for the whole mistyped title. ``--json`` prints rows of the shared table instead; ``--queries``
prints how often the anime that the queries of a file mean (tab-separated: query, anime_id, kind, typo) is
first, in the first three, and clearly meant.
"""

from __future__ import annotations

import argparse
import csv
import gc
import string
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from benchmarks.table import Row, show
from hakken import Anime, Catalogue
from hakken.catalogue.search import TitleSearch, clear
from hakken.cli.asking import STARTER

LIMIT = 25
SHOWN = 5
"""Numbers of first matches to check."""
DEPTHS = (1, SHOWN, LIMIT)
POPULAR = 1000
"""Number of the most popular anime that the popular titles are drawn from."""
MIN_LENGTH = 4
"""Shortest title to be mistyped: a shorter one cannot be recognised after a typo."""

Finder = Callable[[str], list[int]]
"""Takes typed text and returns anime ids, best first, without duplicates."""


PEER = "rapidfuzz"


def main(argv: Sequence[str] | None = None) -> None:
    """Print time per query and hit rates, this project's and the peer's."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("catalogue", type=Path, nargs="?", help="the starter model's by default")
    parser.add_argument("--queries", type=Path, help="queries and the anime that they mean")
    parser.add_argument("--titles", type=int, default=200, help="how many titles are mistyped, of each kind")
    parser.add_argument("--keystrokes", type=int, default=400, help="how many of their beginnings are timed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="the rest goes to standard error")
    options = parser.parse_args(argv)
    catalogue = Catalogue.read(options.catalogue) if options.catalogue else Catalogue.of_model(STARTER)
    if options.queries:
        report_queries(TitleSearch(catalogue), options.queries)
        return
    with redirect_stdout(sys.stderr if options.json else sys.stdout):
        rows = measure(catalogue, options.titles, options.keystrokes, np.random.default_rng(options.seed))
    if options.json:
        show(rows, "json")


def measure(catalogue: Catalogue, titles: int, keystrokes: int, rng: np.random.Generator) -> list[Row]:
    """Print every figure, and return the rows for the shared table.

    Args:
        catalogue: the catalogue whose titles are searched.
        titles: number of mistyped titles of each kind.
        keystrokes: number of their beginnings that are timed.
        rng: the random generator for both.
    """
    started = time.perf_counter()
    search = TitleSearch(catalogue)
    print(f"{len(catalogue)} anime, index built in {time.perf_counter() - started:.2f} s")
    gc.freeze()  # as the bot does once it has loaded
    ours, peer = ours_of(search), peer_of(catalogue)

    by_members = sorted(catalogue.values(), key=lambda anime: -anime.members)
    drawn = {
        f"the {POPULAR} most popular": mistyped(by_members[:POPULAR], titles, rng),
        "all anime": mistyped(by_members, titles, rng),
    }
    beginnings = [
        typed[:end] for pairs in drawn.values() for typed, _ in pairs for end in range(1, len(typed) + 1)
    ]
    sample = rng.choice(len(beginnings), min(keystrokes, len(beginnings)), replace=False)
    about = f"title search at a keystroke, {len(catalogue):,} anime"
    rows = [
        Row(about, f"{name} of a query", "ms", of_ours, PEER, of_peer)
        for name, of_ours, of_peer in report_times(ours, peer, [beginnings[at] for at in sample.tolist()])
    ]
    for kind, pairs in drawn.items():
        first = []
        for name, finder in (("hakken", ours), ("WRatio", peer)):
            rates = hit_rates(finder, pairs)
            first.append(100 * rates[SHOWN])
            print(
                f"{name}  titles of {kind}, one typo, found in the first "
                + ", ".join(f"{depth}: {100 * rate:.1f} %" for depth, rate in rates.items()),
                flush=True,
            )
        rows.append(Row(about, f"{kind}, one typo, in the first {SHOWN}", "%", first[0], PEER, first[1]))
    return rows


def report_queries(search: TitleSearch, queries: Path) -> None:
    """Print hit rates by kind of query, how many are clear, and the time per query."""
    places, spent, clearly = defaultdict[str, list[int]](list), list[float](), list[bool]()
    with queries.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            started = time.thread_time()
            found = search.find(row["query"], LIMIT)
            spent.append(1e3 * (time.thread_time() - started))
            ids, meant = [match.anime_id for match in found], int(row["anime_id"])
            if one := clear(found[:3]):
                clearly.append(one.anime_id == meant)
            for kind in filter(None, ("all", row["kind"], row.get("typo"))):
                places[kind].append(ids.index(meant) if meant in ids else LIMIT)
    for kind, of in places.items():
        first, three = (100 * sum(place < depth for place in of) / len(of) for depth in (1, 3))
        print(f"{kind}  {len(of)} queries: first {first:.1f} %, in three {three:.1f} %")
    print(f"clearly meant: {len(clearly)}, {sum(clearly)} of them rightly")
    print("p50 {:.2f} ms, p99 {:.2f} ms of CPU".format(*np.percentile(spent, [50, 99])))


def ours_of(search: TitleSearch) -> Finder:
    """Search with this project."""
    return lambda typed: [match.anime_id for match in search.find(typed, LIMIT)]


def peer_of(catalogue: Catalogue) -> Finder:
    """Search with rapidfuzz and its default scorer; titles are preprocessed once."""
    named = [
        (anime.anime_id, default_process(title))
        for anime in catalogue.values()
        for title in dict.fromkeys(title for title in (anime.title, anime.english) if title)
    ]
    titles = [title for _, title in named]

    def find(typed: str) -> list[int]:
        found = process.extract(default_process(typed), titles, scorer=fuzz.WRatio, limit=LIMIT)
        return list(dict.fromkeys(named[at][0] for _, _, at in found))

    return find


def mistyped(anime: Sequence[Anime], count: int, rng: np.random.Generator) -> list[tuple[str, int]]:
    """Return random titles, romaji or English, each with one typo, and their anime."""
    long_enough = [one for one in anime if len(one.title) >= MIN_LENGTH]
    pairs = []
    for at in rng.choice(len(long_enough), min(count, len(long_enough)), replace=False).tolist():
        one = long_enough[at]
        english = one.english if one.english and len(one.english) >= MIN_LENGTH else one.title
        pairs.append((with_typo(one.title if rng.random() < 0.5 else english, rng), one.anime_id))
    return pairs


def with_typo(title: str, rng: np.random.Generator) -> str:
    """Return the title with one random typo."""
    at = int(rng.integers(len(title) - 1))
    letter = string.ascii_lowercase[int(rng.integers(len(string.ascii_lowercase)))]
    slips = (
        title[:at] + title[at + 1 :],
        title[:at] + letter + title[at + 1 :],
        title[:at] + letter + title[at:],
        title[:at] + title[at + 1] + title[at] + title[at + 2 :],
    )
    return slips[int(rng.integers(len(slips)))]


def report_times(ours: Finder, peer: Finder, queries: Sequence[str]) -> list[tuple[str, float, float]]:
    """Print the median and the 99th percentile of the time per query, and their ratios.

    Returns:
        For each quantile its name, our milliseconds and the peer's.
    """
    spent: dict[str, list[float]] = {"hakken": [], "WRatio": []}
    # In turns, so that a busy moment of the machine affects both.
    for typed in queries:
        for name, finder in (("hakken", ours), ("WRatio", peer)):
            started = time.perf_counter()
            finder(typed)
            spent[name].append(1e3 * (time.perf_counter() - started))
    quantiles = {name: np.percentile(times, [50, 99]) for name, times in spent.items()}
    for name, (median, slow) in quantiles.items():
        print(f"{name}  {len(queries)} beginnings: p50 {median:.2f} ms, p99 {slow:.2f} ms")
    median_ratio, slow_ratio = quantiles["WRatio"] / quantiles["hakken"]
    print(f"WRatio takes {median_ratio:.0f} times as long at p50, {slow_ratio:.0f} times at p99", flush=True)
    return list(zip(("p50", "p99"), quantiles["hakken"].tolist(), quantiles["WRatio"].tolist(), strict=True))


def hit_rates(finder: Finder, pairs: Sequence[tuple[str, int]]) -> dict[int, float]:
    """Return how often the intended anime is among the first matches, 0–1."""
    found = [(finder(typed), meant) for typed, meant in pairs]
    return {depth: sum(meant in ids[:depth] for ids, meant in found) / len(found) for depth in DEPTHS}


if __name__ == "__main__":
    main()
