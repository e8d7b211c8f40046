"""Cosine item-kNN, the model of most recommenders on the web."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from hakken.evaluation.common_raters import common_raters
from hakken.evaluation.ranking import Rank
from hakken.model.rows import rows_of
from hakken.ratings.ratings import Ratings

NEIGHBOURS = 100
"""Number of neighbours that each anime keeps."""


def cosine(train: Ratings, neighbours: int = NEIGHBOURS) -> Rank:
    """Rank by Σ sim(i,j) over the neighbours j of i that a member rated, regardless of the scores.

    implicit's ``CosineRecommender`` sums over the j that keep i instead, which favours popular anime and
    finds fewer of the anime that users rated.

    Args:
        train: the training set.
        neighbours: K, see `cosine_similarities`.
    """
    similarities = cosine_similarities(train, neighbours)

    def rank(given: Mapping[int, float]) -> ArrayLike:
        rows, known = rows_of(np.fromiter(given, np.int64, len(given)), train.anime_ids)
        rated = np.zeros(len(train.anime_ids))
        rated[rows[known]] = 1
        return np.asarray(similarities @ rated)

    return rank


def cosine_similarities(train: Ratings, neighbours: int = NEIGHBOURS) -> sparse.csr_array:
    """Compute |U_i ∩ U_j| / √(|U_i|·|U_j|), U_i being the raters of i, for each anime's K most similar.

    An anime is its own most similar neighbour and counts as one of its K, as in implicit's
    ``CosineRecommender``.

    Args:
        train: the training set.
        neighbours: K, 1 or more.

    Returns:
        Similarities above 0, at most 1, at most K a row, shape (n_anime, n_anime).
    """
    n_anime = len(train.anime_ids)
    lengths = np.sqrt(train.raters, dtype=np.float32)
    parts = []
    for rows, counts in common_raters(train):
        similarities = counts / lengths[rows, None] / lengths
        if neighbours < n_anime:
            further = np.argpartition(similarities, n_anime - neighbours, axis=1)[:, : n_anime - neighbours]
            np.put_along_axis(similarities, further, 0, axis=1)
        parts.append(sparse.csr_array(similarities))
    return sparse.vstack(parts, format="csr")
