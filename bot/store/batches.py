"""Splits many rows into batches: databases limit their number, and preparing many at once blocks others."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeVar

T = TypeVar("T")

_AT_ONCE = 500


def batches(items: Collection[T]) -> Iterator[list[T]]:
    """Yield the items in order, at most 500 at a time; nothing if there are none."""
    listed = list(items)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]
