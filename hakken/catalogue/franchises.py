"""Franchises: groups of anime that belong together by their relations."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph


def franchises(related: Mapping[int, Collection[int]]) -> dict[int, int]:
    """Number the groups of anime that are related directly or through others.

    Args:
        related: ids of the related anime of each anime; one direction suffices, and they need not be keys.

    Returns:
        For each key with another key in its group, the lowest key of the group; the others are left out.
    """
    ids = np.unique([*related, *(other for others in related.values() for other in others)]).astype(np.int64)
    known = np.isin(ids, list(related))
    ends = np.array([(one, other) for one, others in related.items() for other in others], np.int64).reshape(
        -1, 2
    )
    rows = np.searchsorted(ids, ends)
    graph = sparse.coo_array((np.ones(len(rows), np.int8), rows.T), shape=(len(ids), len(ids)))
    _, group = csgraph.connected_components(graph.tocsr(), directed=False)
    ids, group = ids[known], group[known]
    # The ids are ascending, so the first of a group is its lowest.
    _, first, place, size = np.unique(group, return_index=True, return_inverse=True, return_counts=True)
    together = size[place] > 1
    return dict(zip(ids[together].tolist(), ids[first[place[together]]].tolist(), strict=True))
