"""Measure the rule for anime of unknown age on those whose age is known.

    .venv/bin/python -m benchmarks.adult CATALOGUE

Hides the age of each anime, asks `hakken.catalogue.adult` again, and compares the answers: once with all
genres, once without those that say 18+ by themselves.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from hakken import Anime, Catalogue
from hakken.catalogue.adult import ADULT_GENRES


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("catalogue", type=Path, help="a catalogue with ages")
    aged = [one for one in Catalogue.read(parser.parse_args(argv).catalogue).values() if one.age]
    adult = {one.anime_id for one in aged if one.adult}
    print(f"{len(aged):,} anime have an age; {len(adult):,} of them are adult.")
    harmless = [one for one in aged if one.anime_id not in adult and one.genres]
    hidden = sum(_without_age(one).adult for one in harmless)
    print(f"With ages hidden, {hidden / len(harmless):.0%} of the harmless ones with genres count as adult.")
    for genres, left_out in (("all genres", frozenset[str]()), ("no genres of 18+", ADULT_GENRES)):
        passed = {one.anime_id for one in aged if not _without_age(one, left_out).adult}
        print(f"With {genres}, {len(passed & adult)} of the {len(passed):,} that pass are adult.")


def _without_age(anime: Anime, left_out: Collection[str] = ()) -> Anime:
    genres = tuple(genre for genre in anime.genres if genre not in left_out)
    return replace(anime, age=None, genres=genres, others_have_ages=True)


if __name__ == "__main__":
    main()
