"""Recommends anime to a member by the model's scores and the catalogue's facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.watch_order import WatchOrder
from hakken.model.explanations import Confidence, Explanation, Reason, Similar, confidence
from hakken.model.item_knn import ItemKNNBaseline
from hakken.model.rows import highest, rows_of
from hakken.ratings.ids import anime_ids_of, check_ratings
from hakken.recommend.diversity import diverse, trait_vectors
from hakken.recommend.filters import Adventure, Filters

RARITY: Mapping[Adventure, float | None] = {"well-known": -0.1, "balanced": None, "hidden gems": 0.5}
"""γ of `ItemKNNBaseline.match` for each level of adventure; None for the model's own."""
FAMOUS = 0.03
"""Share of the anime that are too well known to be hidden gems."""
AVERSION = 0.7
"""Penalty for picks that are like the others; see `hakken.recommend.diversity`."""
_EVERYTHING = Filters()
_NOT_OF_THE_ANIME = _EVERYTHING.model_dump(include={"min_raters", "adventure", "sequels", "planned"})
_CANDIDATES = 5
"""A list of n anime is chosen from this many times n candidates."""
_AT_ONCE = 10
"""At first this many times the needed candidates are ranked, which is mostly enough."""
_REMEMBERED_FILTERS = 64
_SURPRISES = 20
_REASONS = 5
_MIDDLING = 6.0
_WEIGHED = 40
"""Number of ratings considered as reasons: those of the prediction, at most k, and some of the interest."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member's ratings and lists."""

    ratings: Mapping[int, float] = field(default_factory=dict)
    """Scores 1–10 by anime id."""
    seen: frozenset[int] = frozenset()
    """Anime seen but not rated."""
    dismissed: frozenset[int] = frozenset()
    """Anime never to be shown again."""
    planned: frozenset[int] = frozenset()
    """Anime that the member already plans to watch."""

    def __post_init__(self) -> None:
        """Check all ids and scores.

        Raises:
            RatingsError: an invalid id, or a score off the scale.
        """
        check_ratings(self.ratings)
        for ids in (self.seen, self.dismissed, self.planned):
            anime_ids_of(ids)


@dataclass(frozen=True, slots=True)
class EarlierPart:
    """A part of a franchise that a member has seen, and that another part continues."""

    anime_id: int
    score: float | None
    """Their rating, 1–10; None if they have not rated it."""


@dataclass(frozen=True, slots=True)
class Pick:
    """An anime chosen for a member."""

    anime_id: int
    predicted: float
    """The member's predicted rating, 1–10."""
    because: tuple[Reason, ...]
    """The member's own ratings that support it most, the strongest first."""
    confidence: Confidence
    in_place_of: int | None = None
    """The later part of its franchise that it stands in for."""
    follows: EarlierPart | None = None
    """The last part before it that the member has seen; None if there is none."""
    by_facts: bool = False
    """Whether nobody in the model has rated it, so that only its facts link it to the member's ratings."""


@dataclass(frozen=True, slots=True)
class Continuation:
    """The next part of a franchise that a member has begun."""

    anime_id: int
    predicted: float
    """The member's predicted rating, 1–10."""
    after: int
    """The previous part, which they have seen."""
    score: float | None
    """Their rating of the previous part; None if they have not rated it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An anime that may be chosen."""

    row: int
    """Row of the model."""
    worth: float
    in_place_of: int | None
    """The later part of its franchise that it stands in for."""


class Recommender:
    """Chooses anime for members; `ItemKNNBaseline` computes the scores."""

    def __init__(self, model: ItemKNNBaseline, catalogue: Catalogue, *, min_raters: int = 0) -> None:
        """Prepare a model and the facts about its anime.

        Args:
            model: a fitted model.
            catalogue: facts; anime that it lacks are shown without facts.
            min_raters: anime that fewer users rated are not recommended, unless the filters set another
                minimum or as many people have it on their MyAnimeList as anime with enough raters.
        """
        self.model, self.catalogue, self.min_raters = model, catalogue, min_raters
        self.order = WatchOrder(catalogue)
        self._anime = [catalogue.anime(one) for one in model.anime_ids.tolist()]
        self._vectors = trait_vectors(self._anime)
        self._members = np.array([one.members for one in self._anime])
        best_known = np.lexsort((model.raters, self._members))[
            len(self._anime) - int(FAMOUS * len(self._anime)) :
        ]
        self._franchises = np.array([self.order.franchise(one.anime_id) for one in self._anime])
        self._famous = np.isin(np.arange(len(self._anime)), best_known)
        self._find_fitting = lru_cache(_REMEMBERED_FILTERS)(self._go_through)

    def recommend(self, member: Member, n: int, filters: Filters = _EVERYTHING) -> list[Pick]:
        """Recommend n anime to a member, the highest predicted rating first; also works without ratings.

        Each franchise appears once, with its first part that the member has not seen, unless the filters
        include sequels. The list is not all of one genre or studio. Hidden gems exclude the best-known anime
        and all franchises that the member has begun.
        """
        scores = self.model.scores(member.ratings, RARITY[filters.adventure])
        candidates = self.candidates(member, filters, scores.match, n * _CANDIDATES)
        rows = np.array([one.row for one in candidates], np.intp)
        worths = np.array([one.worth for one in candidates])
        chosen = diverse(worths, self._vectors[rows], n, AVERSION)
        by_rating = sorted(chosen.tolist(), key=lambda at: (-scores.predicted[rows[at]], at))
        ids = self.model.anime_ids[rows[by_rating]].tolist()
        n_known = int(np.count_nonzero(rows_of(anime_ids_of(member.ratings), self.model.anime_ids)[1]))
        return [
            Pick(
                anime_id=anime_id,
                predicted=float(scores.predicted[rows[at]]),
                because=_speaking_for(reasons)[:_REASONS],
                confidence=confidence((one.similarity for one in reasons), n_known),
                in_place_of=candidates[at].in_place_of,
                follows=self._follows(member, anime_id),
                by_facts=not self.model.raters[rows[at]],
            )
            for at, anime_id, reasons in zip(
                by_rating, ids, self.model.because(member.ratings, ids, _WEIGHED), strict=True
            )
        ]

    def candidates(
        self, member: Member, filters: Filters, worth: NDArray[np.float64], most: int
    ) -> list[Candidate]:
        """List the anime that may be chosen for a member, the highest worth first; −∞ is never chosen."""
        allowed = self.suitable(filters)
        if filters.adventure == "hidden gems":
            begun = {self.order.franchise(one) for one in member.seen.union(member.ratings)}
            allowed &= ~(self._famous | np.isin(self._franchises, list(begun)))
        away = {*member.ratings, *member.seen, *member.dismissed}
        if not filters.planned:
            away |= member.planned
        rows, known = rows_of(anime_ids_of(away), self.model.anime_ids)
        allowed[rows[known]] = False
        left = np.flatnonzero(allowed & (worth > -np.inf))
        found: list[Candidate] = []
        for ranked in (most * _AT_ONCE, len(left)):
            best = highest(worth, self.model.raters, left, ranked)
            entries = self._entries(member, best, allowed) if filters.sequels == "first" else self._all(best)
            found = [
                Candidate(row, float(worth[of]), None if row == of else int(self.model.anime_ids[of]))
                for (row, of), _ in zip(entries, range(most), strict=False)
            ]
            if len(found) == most or ranked >= len(left):
                break
        return found

    def suitable(self, filters: Filters) -> NDArray[np.bool_]:
        """Return which anime of the model pass the filters and are known well enough, shape (n_anime,)."""
        return self._fitting(filters) & self._known(filters)

    def continuations(
        self, member: Member, n: int, *, adult: bool = False, ecchi: bool = True
    ) -> list[Continuation]:
        """List the next parts of anime that a member liked, the highest predicted rating first.

        An anime counts as liked if its rating is at least 6 and at least the member's average minus 1, or if
        the member has seen but not rated it.
        """
        ratings = member.ratings
        liked = max(_MIDDLING, float(np.mean(list(ratings.values()))) - 1) if ratings else _MIDDLING
        away = member.dismissed | member.planned
        fits = self._fitting(Filters(adult=adult, ecchi=ecchi))
        predicted = self.model.predict(ratings)
        found = []
        for anime_id, after in self.order.following(member.seen.union(ratings)):
            row = self._row(anime_id)
            if row is None or not fits[row] or anime_id in away or ratings.get(after, liked) < liked:
                continue
            if self.catalogue.anime(after).adult and not adult:
                continue  # the previous part would be shown with it
            found.append(Continuation(anime_id, float(predicted[row]), after, ratings.get(after)))
        return sorted(found, key=lambda one: (-one.predicted, one.anime_id))[:n]

    def surprise(self, member: Member, filters: Filters, random: np.random.Generator) -> Pick | None:
        """Pick a random hidden gem; None if nothing fits the filters."""
        picks = self.recommend(member, _SURPRISES, filters.model_copy(update={"adventure": "hidden gems"}))
        return picks[int(random.integers(len(picks)))] if picks else None

    def similar(self, anime_id: int, n: int, *, adult: bool = False, ecchi: bool = True) -> list[Similar]:
        """List the n anime most similar to this one; none if the model does not know it."""
        fits = Filters(adult=adult, ecchi=ecchi).fit
        found = self.model.similar(anime_id, len(self.model.anime_ids))
        fitting = (one for one in found if fits(self.catalogue.anime(one.anime_id)))
        return list(fitting)[:n]

    def explain(self, member: Member, anime_id: int) -> Explanation | None:
        """Explain a prediction; None for an anime that the model does not know."""
        try:
            return self.model.explain(member.ratings, anime_id)
        except KeyError:
            return None

    def _follows(self, member: Member, anime_id: int) -> EarlierPart | None:
        seen = [one for one in self.order.before(anime_id) if one in member.seen or one in member.ratings]
        return EarlierPart(seen[-1], member.ratings.get(seen[-1])) if seen else None

    def _entries(
        self, member: Member, best: NDArray[np.intp], allowed: NDArray[np.bool_]
    ) -> Iterator[tuple[int, int]]:
        """Yield the first part to watch of each franchise, and the part of it that was ranked."""
        seen = member.seen.union(member.ratings)
        begun = set()
        for row in best.tolist():
            anime_id = int(self.model.anime_ids[row])
            franchise = self.order.franchise(anime_id)
            if franchise in begun:
                continue
            entry = self.order.entry(anime_id, seen)
            at = None if entry is None else self._row(entry)
            if at is not None and allowed[at]:
                # Only now: a recap, or a film that needs its series, must not hide the other parts.
                begun.add(franchise)
                yield at, row

    @staticmethod
    def _all(best: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
        return ((row, row) for row in best.tolist())

    def _fitting(self, filters: Filters) -> NDArray[np.bool_]:
        """Return which anime fit; filters that `Filters.fit` ignores do not make a new cache entry."""
        return self._find_fitting(filters.model_copy(update=_NOT_OF_THE_ANIME))

    def _go_through(self, filters: Filters) -> NDArray[np.bool_]:
        # Anime missing from the catalogue could be 18+ and are left out, unless there is no catalogue at all.
        named = self.catalogue or {one.anime_id: one for one in self._anime}
        return np.array([one.anime_id in named and filters.fit(one) for one in self._anime])

    def _known(self, filters: Filters) -> NDArray[np.bool_]:
        """Return which anime have enough raters, or are as widely known as those with enough raters."""
        least = self.min_raters if filters.min_raters is None else filters.min_raters
        rated = self.model.raters >= least
        comparable = rated & (self._members > 0) & (self.model.raters > 0)
        if filters.min_raters is not None or not comparable.any():
            return rated
        members_per_rater = np.median(self._members[comparable] / self.model.raters[comparable])
        return np.asarray(rated | ((self._members > 0) & (self._members >= least * members_per_rater)))

    def _row(self, anime_id: int) -> int | None:
        rows, known = rows_of(anime_ids_of([anime_id]), self.model.anime_ids)
        return int(rows[0]) if known[0] else None


def _speaking_for(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Return the reasons that lower neither the prediction nor the interest."""
    return tuple(one for one in reasons if one.contribution >= 0 and one.interest >= 0)
