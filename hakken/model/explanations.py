"""What the model answers with: recommendations, and what they are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Confidence = Literal["sure", "fairly sure", "unsure", "a guess"]
"""How much to trust a prediction, in words."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the member's own ratings that moved a prediction."""

    anime_id: int
    score: float
    """What the member gave it, 1–10."""
    similarity: float
    """To the recommended anime, 0–1; 0 where it moved the interest alone."""
    contribution: float
    """What it added to the prediction in rating points; below 0 where it spoke against."""
    interest: float = 0.0
    """What it added to the interest; below 0 where it spoke against."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An anime for a member."""

    anime_id: int
    predicted: float
    """The rating that the member would give, 1–10."""
    because: tuple[Reason, ...]
    """The member's own ratings that moved it most, the strongest first; empty where none did."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a prediction adds up: r̂_ui = mean + of_member + of_anime + Σ contributions + clipped, exactly."""

    anime_id: int
    predicted: float
    """The rating that the member would give, 1–10."""
    mean: float
    """μ, 1–10."""
    of_member: float
    """b_u in rating points."""
    of_anime: float
    """b_i in rating points."""
    neighbours: tuple[Reason, ...]
    """Every rating of the member that speaks for or against, the strongest first."""
    clipped: float
    """What the ends of the scale take away or add, in rating points; mostly 0.0."""
    raters: int
    """How many users rated the anime in training."""
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Similar:
    """An anime like another."""

    anime_id: int
    similarity: float
    """Shrunk Pearson correlation, above 0, at most 1; where nobody rated one of the
    two, what their facts have in common, on that scale."""


_POWER = 2.5
_EVIDENCE: tuple[tuple[float, Confidence], ...] = (
    (0.1, "sure"),
    (0.02, "fairly sure"),
    (0.003, "unsure"),
)
"""From how much evidence on; docs/evaluation.md has the errors of each."""
_FEW, _LITTLE = 5, 0.01
"""Fewer ratings than these are no taste yet: they count as no more evidence than this."""


def confidence(similarities: Iterable[float], rated: int) -> Confidence:
    """How much to trust a prediction, by the evidence Σ sim^2.5 behind it.

    Args:
        similarities: of the member's ratings that speak for or against it, 0–1.
        rated: how many anime the member has rated; of very few, none makes it more than unsure.
    """
    evidence = sum(similarity**_POWER for similarity in similarities)
    if rated < _FEW:
        evidence = min(evidence, _LITTLE)
    return next((word for least, word in _EVIDENCE if evidence >= least), "a guess")
