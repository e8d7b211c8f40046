"""Runs Hakken's own commands like a user, each in a fresh process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import Run, run
from benchmarks.table import tell

MEAN_LIST = 388
"""Ratings per user in the full set: 45 million of 116 thousand."""
FULL_SET = 45_000_000
"""Ratings in the full set."""
N_ANIME = 14_000
"""Anime in the full set."""


def n_users(n_ratings: int) -> int:
    """Return the number of users for a number of ratings, with the full set's mean list; at least one."""
    return max(n_ratings // MEAN_LIST, 1)


@dataclass(frozen=True, slots=True)
class Files:
    """A synthetic rating set in azathoth42's format, and its catalogue."""

    ratings: Path
    catalogue: Path


def make_up(directory: Path, n_ratings: int, n_anime: int) -> Files:
    """Write a rating set with the real set's shape into a directory."""
    files = Files(directory / "UserAnimeList.csv", directory / "AnimeList.tsv")
    tell(f"making up {n_ratings:,} ratings")
    options = {
        "--out": files.ratings,
        "--catalogue": files.catalogue,
        "--users": n_users(n_ratings),
        "--anime": n_anime,
        "--ratings": n_ratings,
    }
    _hakken("synthetic", *(str(one) for option in options.items() for one in option))
    return files


def train(files: Files, out: Path) -> Run:
    """Train a model with ``train``'s defaults."""
    tell("training")
    return _hakken("train", str(files.ratings), "--catalogue", str(files.catalogue), "--out", str(out))


def _hakken(*arguments: str) -> Run:
    return run(["-m", "hakken", *arguments])
