"""Input and results of the protocols that `evaluate` runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hakken.catalogue.catalogue import Catalogue
from hakken.errors import EvaluationError
from hakken.evaluation import Folds
from hakken.evaluation.modern import MODERN
from hakken.evaluation.plots import Panel
from hakken.evaluation.report import Table
from hakken.progress import Progress

Pictures = Mapping[str, list[Panel]]
"""Panels by the name of their picture."""


class Ranker(StrEnum):
    """Rankings that can be compared."""

    popularity = "popularity"
    cosine = "cosine"
    ease = "EASE"
    predicted = "predicted"
    match = "match"
    shown = "as shown"


@dataclass(frozen=True, slots=True)
class Asked:
    """Options of an evaluation, and the data to run it on."""

    splits: Folds
    facts: Catalogue
    """Facts about the anime; may be empty."""
    rankers: Collection[Ranker]
    """The rankings to compare, one or more."""
    min_raters: int
    """Hakken does not recommend anime that fewer users rated in training; its picks as shown have the bot's
    own minimum."""
    step: Progress
    """Called with the progress."""
    lists: Folds | None = None
    """Lists of today's people to measure on, who are not in the rating set."""
    since: int = MODERN
    """First year of the anime that count as modern."""

    @property
    def catalogue(self) -> Catalogue:
        """Facts about the anime, for protocols that require them.

        Raises:
            EvaluationError: there are none.
        """
        if not self.facts:
            raise EvaluationError("this protocol needs facts about the anime: add --catalogue FILE")
        return self.facts

    @property
    def people(self) -> Folds:
        """Lists of today's people, for protocols that require them.

        Raises:
            EvaluationError: there are none.
        """
        if self.lists is None:
            raise EvaluationError("this protocol needs lists of today's people: add --lists FILE")
        return self.lists


@dataclass(frozen=True, slots=True)
class Measured:
    """Results of a protocol."""

    unseen_users: int
    """Number of unseen users."""
    reference: str
    """Name of the reference that the others are compared with."""
    about: Mapping[str, Any]
    """Additional entries of the JSON output: parameters and counts."""
    tables: Mapping[str, Table]
    """Tables of figures, by name."""
