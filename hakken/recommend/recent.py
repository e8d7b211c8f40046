"""Recent anime: those of the last years, which most members know and most rating sets hardly know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from scipy import sparse

from hakken.catalogue.anime import Anime
from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.parts import MAIN, kind_of
from hakken.recommend.diversity import trait_vectors
from hakken.recommend.onboarding import most_telling

YEARS = 5
"""Recent anime first aired in the catalogue's newest year or in the four before it."""
CANDIDATES = 50
"""Number of best-known recent anime from which questions are chosen."""
_WELL_KNOWN = 0.1
"""The newest year has at least this share of the members of the year with most."""


def recent_years(catalogue: Catalogue) -> range:
    """Return the last five years, up to the newest that the catalogue knows well.

    A catalogue also names anime that are still to come, so its newest year is the last one whose anime have
    together a tenth of the members of the year with most, or more. Without members, no year is recent.
    """
    members = Counter[int]()
    for one in catalogue.values():
        if one.year is not None:
            members[one.year] += one.members
    most = max(members.values(), default=0)
    newest = max((year for year, count in members.items() if 0 < _WELL_KNOWN * most <= count), default=None)
    return range(0) if newest is None else range(newest - YEARS + 1, newest + 1)


def recent_beginnings(catalogue: Catalogue, franchise: Mapping[int, int]) -> list[int]:
    """List the recent series and films that stand for their franchise, the best known first.

    Args:
        catalogue: the facts; only anime with members, a type and a genre are listed.
        franchise: the franchise of each anime that may be listed, by id. Its anime with most members stands
            for it: the recent spin-off or remake of a better-known older anime is not listed.

    Returns:
        Anime ids, at most one of each franchise; ties by lower id.
    """
    years = recent_years(catalogue)
    best_known: dict[int, Anime] = {}
    for one in sorted(map(catalogue.anime, franchise), key=lambda one: (-one.members, one.anime_id)):
        best_known.setdefault(franchise[one.anime_id], one)
    return [
        one.anime_id
        for one in best_known.values()
        if one.year in years and one.members and one.genres and one.type and kind_of(one) in MAIN
    ]


def most_telling_by_facts(catalogue: Catalogue, anime_ids: list[int], n: int) -> list[int]:
    """Choose the n anime that tell most about all of them by genres and studios, the most telling first.

    Applies `most_telling` with traits in place of users. A trait 'answers' about each anime that has it with
    its members, shared out to its traits: so the anime chosen are known to many, stand for many others that
    are known, and are not like those chosen before them.

    Args:
        catalogue: the facts.
        anime_ids: anime with members and a genre to choose from.
        n: maximum number, 0 or more.
    """
    if not anime_ids:
        return []
    anime = [catalogue.anime(one) for one in anime_ids]
    members = sparse.diags_array([float(one.members) for one in anime])
    answers = (members @ trait_vectors(anime).astype(np.float64)).T.tocsr()
    return [anime_ids[at] for at in most_telling(answers, np.arange(len(anime)), n).tolist()]
