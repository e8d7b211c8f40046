"""What a member should watch: the model's scores and the catalogue's facts together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hakken.catalogue import Catalogue
from hakken.model import ItemKNNBaseline
from hakken.recommendations import Confidence, Explanation, Reason, Similar, confidence
from hakken.wishes import Wishes

_EVERYTHING = Wishes()


@dataclass(frozen=True, slots=True)
class Member:
    """What is known of a member."""

    ratings: Mapping[int, float] = field(default_factory=dict)
    """Scores 1–10 by anime id."""
    seen: frozenset[int] = frozenset()
    """Seen, but not rated."""
    dismissed: frozenset[int] = frozenset()
    """Never to be shown again."""
    planned: frozenset[int] = frozenset()
    """To be watched anyway."""


@dataclass(frozen=True, slots=True)
class Pick:
    """An anime chosen for a member."""

    anime_id: int
    predicted: float
    """The rating that the member would give, 1–10."""
    because: tuple[Reason, ...]
    """The member's own ratings that speak for it most, the strongest first."""
    confidence: Confidence
    in_place_of: int | None = None
    """The later part of its franchise that it stands in for."""


@dataclass(frozen=True, slots=True)
class Continuation:
    """The next part of what a member has begun."""

    anime_id: int
    predicted: float
    """1–10."""
    after: int
    """The part that they have seen."""
    score: float | None
    """What they gave that part; None where they have not rated it."""


class Recommender:
    """Chooses anime for members; see `ItemKNNBaseline` for where the numbers come from."""

    def __init__(self, model: ItemKNNBaseline, catalogue: Catalogue, *, min_raters: int = 0) -> None:
        """Take a model and the facts about its anime.

        Args:
            model: fitted.
            catalogue: facts; anime that it does not name are shown without.
            min_raters: anime that fewer users rated are not recommended unless a wish says otherwise.
        """
        self.model, self.catalogue, self.min_raters = model, catalogue, min_raters

    def recommend(self, member: Member, n: int, wishes: Wishes = _EVERYTHING) -> list[Pick]:
        """The n best for a member, the highest predicted rating first; works without ratings, too."""
        away = member.seen | member.dismissed | (frozenset() if wishes.planned else member.planned)
        among = [one.anime_id for one in self.catalogue.values() if wishes.fit(one)]
        floor = self.min_raters if wishes.min_raters is None else wishes.min_raters
        chosen = self.model.recommend(member.ratings, n, exclude=away, among=among, min_raters=floor)
        return [
            Pick(one.anime_id, one.predicted, one.because, confidence(len(member.ratings), len(one.because)))
            for one in chosen
        ]

    def continuations(self, member: Member, n: int, *, adult: bool = False) -> list[Continuation]:
        """The next parts of the franchises that a member liked, the best liked first."""
        del member, n, adult
        return []

    def surprise(self, member: Member, wishes: Wishes, random: np.random.Generator) -> Pick | None:
        """One anime off the beaten track; None where nothing fits the wishes."""
        picks = self.recommend(member, 20, wishes.model_copy(update={"adventure": "hidden gems"}))
        return picks[int(random.integers(len(picks)))] if picks else None

    def similar(self, anime_id: int, n: int, *, adult: bool = False) -> list[Similar]:
        """The n anime most similar to this one; none for an anime that the model does not know."""
        found = self.model.similar(anime_id, len(self.model.anime_ids))
        fitting = (one for one in found if adult or not self.catalogue.anime(one.anime_id).adult)
        return list(fitting)[:n]

    def explain(self, member: Member, anime_id: int) -> Explanation | None:
        """What a prediction is made of; None for an anime that the model does not know."""
        try:
            return self.model.explain(member.ratings, anime_id)
        except KeyError:
            return None
