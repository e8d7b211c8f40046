"""What a protocol hands to `evaluate` to be printed and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hakken.evaluation.plots import Panel
from hakken.evaluation.report import Table

Pictures = Mapping[str, list[Panel]]
"""Panels by the name of the picture that they make."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures and what is to be known of them."""

    unseen_users: int
    reference: str
    """What the others are compared with."""
    about: Mapping[str, Any]
    """What JSON tells besides: parameters, counts."""
    tables: Mapping[str, Table]
