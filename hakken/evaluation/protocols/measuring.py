"""What `evaluate` asks of a protocol, and what it hands back to be printed and drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hakken.catalogue.catalogue import Catalogue
from hakken.errors import EvaluationError
from hakken.evaluation import Folds
from hakken.evaluation.plots import Panel
from hakken.evaluation.report import Table
from hakken.progress import Progress

Pictures = Mapping[str, list[Panel]]
"""Panels by the name of the picture that they make."""


class Ranker(StrEnum):
    """What recommendations can be compared."""

    popularity = "popularity"
    cosine = "cosine"
    ease = "EASE"
    predicted = "predicted"
    match = "match"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be measured, on whom."""

    splits: Folds
    facts: Catalogue
    """Empty where nothing is known of the anime."""
    rankers: Collection[Ranker]
    """One or more."""
    min_raters: int
    """Hakken recommends no anime that fewer users rated in training."""
    step: Progress

    @property
    def catalogue(self) -> Catalogue:
        """Facts about the anime, for a protocol that cannot do without.

        Raises:
            EvaluationError: there are none.
        """
        if not self.facts:
            raise EvaluationError("this protocol needs facts about the anime: add --catalogue FILE")
        return self.facts


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures and what is to be known of them."""

    unseen_users: int
    reference: str
    """What the others are compared with."""
    about: Mapping[str, Any]
    """What JSON tells besides: parameters, counts."""
    tables: Mapping[str, Table]
