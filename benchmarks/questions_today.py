"""Ask members of today the questions of `/start`: people whose lists are newer than the rating set.

    .venv/bin/python -m benchmarks.questions_today RATINGS CATALOGUE LISTS

The model is trained on RATINGS. Everyone in LISTS, which is a rating set, too, is interviewed with each list
of questions of ``evaluate --protocol interviews``. ``docs/onboarding.md`` says what the figures mean.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hakken import Catalogue, Ratings
from hakken.evaluation import Split, Unseen
from hakken.evaluation.interviews import interviews_table, measure_interviews
from hakken.evaluation.protocols.interviews import POPULAR, preparing
from hakken.evaluation.report import for_people


def of_everyone(lists: Ratings) -> list[Unseen]:
    """Return all users, with all their ratings hidden: the interview alone tells of them."""
    nothing = np.array([], np.int64), np.array([], np.float32)
    users = (lists.of_user(row) for row in range(len(lists.user_ids)))
    return [
        Unseen(*nothing, np.array([*scores], np.int64), np.array([*scores.values()], np.float32))
        for scores in users
    ]


def main(argv: Sequence[str] | None = None) -> None:
    """Print a row for each list of questions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for argument in ("ratings", "catalogue", "lists"):
        parser.add_argument(argument, type=Path)
    options = parser.parse_args(argv)
    unseen = of_everyone(Ratings.read(options.lists))
    splits = [Split(Ratings.read(options.ratings), unseen)]
    found = measure_interviews(preparing(Catalogue.read(options.catalogue)), splits)
    table = interviews_table(found, POPULAR)
    print(f"{len(unseen):,} people; ± 95 % confidence over people\n")
    for cells in (table[0], ["---"] * len(table[0]), *(map(for_people, row.values()) for row in table)):
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
