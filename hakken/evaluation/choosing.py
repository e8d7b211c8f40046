"""The choosing protocol: costs and benefits of filters in the recommendations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from hakken.catalogue.adult import ADULT_GENRES
from hakken.catalogue.catalogue import Catalogue
from hakken.evaluation.report import Table
from hakken.evaluation.shown import ShownLists
from hakken.recommend.filters import Adventure, Filters, Sequels

FILTERS = {
    f"{adventure}, sequels: {sequels}": Filters(adventure=adventure, sequels=sequels)
    for adventure in get_args(Adventure)
    for sequels in get_args(Sequels)
}
"""The filters to compare, by name."""


NOT_DIVERSE = ", not diverse"
"""Suffix of the name of filters without diversity."""


def without_traits(catalogue: Catalogue) -> Catalogue:
    """Copy a catalogue without studios and genres except the 18+ ones, so that diversity has no effect."""
    return Catalogue(
        replace(one, genres=tuple(name for name in one.genres if name in ADULT_GENRES), studios=())
        for one in catalogue.values()
    )


def taste_table(found: Mapping[str, ShownLists], reference: str, seed: int = 0) -> Table:
    """Tabulate lift and similarity of the recommended anime, compared with the reference; paired."""
    other = found[reference]
    return [
        {
            "model": name,
            "lift": shown.lift(seed),
            "lift_above_reference": None if shown is other else shown.lift_against(other, seed),
            "intra_list_similarity": shown.similarity(seed),
            "similarity_above_reference": None if shown is other else shown.similarity_against(other, seed),
        }
        for name, shown in found.items()
    ]


def fame_table(found: Mapping[str, ShownLists], reference: str, seed: int = 0) -> Table:
    """Tabulate how well known the recommended anime are, in training and on MyAnimeList; paired."""
    other = found[reference]
    return [
        {
            "model": name,
            "median_raters": shown.median_raters(seed),
            "raters_above_reference": None if shown is other else shown.median_raters_against(other, seed),
            "median_members": shown.median_members(seed),
            "members_above_reference": None if shown is other else shown.median_members_against(other, seed),
        }
        for name, shown in found.items()
    ]


def diversity_table(found: Mapping[str, ShownLists], seed: int = 0) -> Table:
    """Tabulate the effect of diversity: each of `FILTERS` with and without `NOT_DIVERSE`; paired."""
    pairs = {name: (found[name], found[name + NOT_DIVERSE]) for name in FILTERS}
    return [
        {
            "model": name,
            "ndcg_ratio": diverse.ndcg_ratio(without, seed),
            "recall_ratio": diverse.recall_ratio(without, seed),
            "similarity_above": diverse.similarity_against(without, seed),
        }
        for name, (diverse, without) in pairs.items()
    ]
