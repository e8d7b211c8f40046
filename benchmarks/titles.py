"""Title search beside rapidfuzz's own search over all titles, on the same titles in the same run.

    .venv/bin/python -m benchmarks.titles [MODEL]
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process, utils

from hakken import Catalogue
from hakken.cli import STARTER
from hakken.search import TitleSearch

TITLES = 150
BOUND_MILLISECONDS = 20


def main() -> None:
    """Print times per keystroke and how often the meant anime is offered after one typo."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, nargs="?", default=STARTER)
    told = parser.parse_args([]) if __name__ != "__main__" else parser.parse_args()
    catalogue = Catalogue.of_model(told.model)
    started = time.perf_counter()
    search = TitleSearch(catalogue)
    print(f"{len(catalogue):,} anime, index built in {time.perf_counter() - started:.2f} s")
    gc.freeze()  # as the bot does once it has loaded
    random = np.random.default_rng(0)
    popular = sorted(catalogue.values(), key=lambda anime: -anime.members)[: TITLES * 10]
    chosen = [popular[at] for at in random.choice(len(popular), TITLES, replace=False).tolist()]
    typed = [(anime.anime_id, with_typo(anime.title, random)) for anime in chosen]
    keys = {anime.anime_id: anime.title for anime in catalogue.values()}

    def peer(query: str) -> list[int]:
        found = process.extract(
            query, keys, scorer=fuzz.WRatio, processor=utils.default_process, limit=25
        )
        return [anime_id for _, _, anime_id in found]

    def ours(query: str) -> list[int]:
        return [match.anime_id for match in search.find(query)]

    ours_times = report("hakken TitleSearch.find", ours, typed)
    peer_times = report("rapidfuzz process.extract(WRatio)", peer, typed[:30])
    print(f"ratio of medians {np.median(peer_times) / np.median(ours_times):.0f}")
    print(f"slowest of ours {max(ours_times) * 1e3:.1f} ms ({BOUND_MILLISECONDS} ms allowed)")


def with_typo(title: str, random: np.random.Generator) -> str:
    """The title with one letter missing."""
    at = int(random.integers(1, max(2, len(title))))
    return title[:at] + title[at + 1 :]


def report(name: str, find: Callable[[str], list[int]], typed: list[tuple[int, str]]) -> list[float]:
    """Type each title letter by letter; print times and how often the whole title finds its anime."""
    times: list[float] = []
    ranks: list[int] = []
    for anime_id, title in typed:
        for end in range(1, min(len(title), 20) + 1):
            started = time.perf_counter()
            find(title[:end])
            times.append(time.perf_counter() - started)
        found = find(title)
        ranks.append(found.index(anime_id) if anime_id in found else 99)
    shares = " ".join(f"first {n}: {np.mean(np.array(ranks) < n):.0%}" for n in (1, 5, 25))
    p50, p99 = np.percentile(times, [50, 99]) * 1e3
    print(f"{name:34} p50 {p50:6.2f} ms  p99 {p99:6.2f} ms   {shares}")
    return times


if __name__ == "__main__":
    main()
