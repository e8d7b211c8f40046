"""Hakken's own commands as a person runs them, each in a fresh process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import Run, run
from benchmarks.table import tell

MEAN_LIST = 388
"""Ratings per user in the full set: 45 million of 116 thousand."""
FULL_SET = 45_000_000
"""Ratings in it."""
N_ANIME = 14_000
"""Anime in it."""


def n_users(n_ratings: int) -> int:
    """How many users have so many ratings in a set with the full one's mean list, at least one."""
    return max(n_ratings // MEAN_LIST, 1)


@dataclass(frozen=True, slots=True)
class Files:
    """A made-up rating set in azathoth42's form, and its catalogue."""

    ratings: Path
    catalogue: Path


def make_up(directory: Path, n_ratings: int, n_anime: int) -> Files:
    """Write a rating set with the real one's shape into a directory."""
    files = Files(directory / "UserAnimeList.csv", directory / "AnimeList.tsv")
    tell(f"making up {n_ratings:,} ratings")
    told = {
        "--out": files.ratings,
        "--catalogue": files.catalogue,
        "--users": n_users(n_ratings),
        "--anime": n_anime,
        "--ratings": n_ratings,
    }
    _hakken("synthetic", *(str(one) for option in told.items() for one in option))
    return files


def train(files: Files, out: Path) -> Run:
    """Train a model as ``train`` does by default."""
    tell("training")
    return _hakken("train", str(files.ratings), "--catalogue", str(files.catalogue), "--out", str(out))


def _hakken(*arguments: str) -> Run:
    return run(["-m", "hakken", *arguments])
