"""Traits of anime: genres, studios, source and type, which an anime has or has not."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.catalogue.anime import Anime

Trait = tuple[str, str]
"""The trait's kind, one of `KINDS`, and its name."""
KINDS = ("genre", "studio", "source", "type")


def traits_of(one: Anime) -> set[Trait]:
    """Return all traits of an anime that its catalogue has."""
    named = zip(KINDS, (one.genres, one.studios, (one.source,), (one.type,)), strict=True)
    return {(kind, name) for kind, names in named for name in names if name is not None}


def trait_matrix(traits: Sequence[Collection[Trait]]) -> tuple[sparse.csr_array, list[Trait]]:
    """Build the matrix of which anime has which trait, 1 if it does, float32 (n_anime, n_traits).

    The traits of the columns, in ascending order, come with it.
    """
    names = sorted({trait for some in traits for trait in some})
    columns = {trait: column for column, trait in enumerate(names)}
    rows = [sorted({columns[trait] for trait in some}) for some in traits]
    start = np.cumsum([0, *map(len, rows)])
    flat: NDArray[np.int64] = np.array([column for row in rows for column in row], np.int64)
    ones = np.ones(len(flat), np.float32)
    return sparse.csr_array((ones, flat, start), shape=(len(traits), len(names))), names
