"""Results of the model: recommendations and their explanations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Confidence = Literal["sure", "fairly sure", "unsure", "a guess"]
"""How much to trust a prediction, in words."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A rating of the member that influenced a prediction."""

    anime_id: int
    score: float
    """The member's rating, 1–10."""
    similarity: float
    """Similarity to the recommended anime, 0–1; 0 if it influenced only the interest."""
    contribution: float
    """What it added to the prediction in rating points; below 0 if it lowered it."""
    interest: float = 0.0
    """What it added to the interest; below 0 if it lowered it."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An anime recommended to a member."""

    anime_id: int
    predicted: float
    """The member's predicted rating, 1–10."""
    because: tuple[Reason, ...]
    """The member's own ratings that influenced it most, the strongest first; empty if none did."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts of a prediction: r̂_ui = mean + of_member + of_anime + Σ contributions + clipped, exactly."""

    anime_id: int
    predicted: float
    """The member's predicted rating, 1–10."""
    mean: float
    """μ, 1–10."""
    of_member: float
    """b_u in rating points."""
    of_anime: float
    """b_i in rating points."""
    neighbours: tuple[Reason, ...]
    """Every rating of the member that raises or lowers the prediction, the strongest first."""
    clipped: float
    """What clipping to the scale subtracts or adds, in rating points; mostly 0.0."""
    raters: int
    """Number of users who rated the anime in training."""
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Similar:
    """An anime that is similar to another."""

    anime_id: int
    similarity: float
    """Shrunk Pearson correlation, above 0, at most 1; with few raters, mixed with the similarity of the facts
    on the same scale; without any, the latter alone."""


_POWER = 2.5
_EVIDENCE: tuple[tuple[float, Confidence], ...] = (
    (0.1, "sure"),
    (0.02, "fairly sure"),
    (0.003, "unsure"),
)
"""Minimum evidence for each word; docs/evaluation.md has the errors of each."""
_FEW, _LITTLE = 5, 0.01
"""With fewer ratings than the first, the evidence is capped at the second: they are no taste yet."""


def confidence(similarities: Iterable[float], rated: int) -> Confidence:
    """Say how much to trust a prediction, by the evidence Σ sim^2.5 behind it.

    Args:
        similarities: similarities of the member's ratings that raise or lower it, 0–1.
        rated: number of anime that the member has rated; with very few, it is never more than unsure.
    """
    evidence = sum(similarity**_POWER for similarity in similarities)
    if rated < _FEW:
        evidence = min(evidence, _LITTLE)
    return next((word for least, word in _EVIDENCE if evidence >= least), "a guess")
