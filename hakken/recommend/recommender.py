"""What a member should watch: the model's scores and the catalogue's facts together."""

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
from hakken.recommend.diversity import diverse, looks
from hakken.recommend.filters import Adventure, Filters

RARITY: Mapping[Adventure, float | None] = {"well-known": -0.1, "balanced": None, "hidden gems": 0.5}
"""γ of `ItemKNNBaseline.match`; None for the model's own."""
FAMOUS = 0.03
"""The best-known share of the anime, which holds no hidden gems."""
AVERSION = 0.7
"""How much a pick loses for being like the others; see `hakken.recommend.diversity`."""
_EVERYTHING = Filters()
_NOT_OF_THE_ANIME = _EVERYTHING.model_dump(include={"min_raters", "adventure", "sequels", "planned"})
_CANDIDATES = 5
"""A list of n is chosen from so many times n."""
_AT_ONCE = 10
"""So many times the candidates are ranked at first: more than enough, mostly."""
_REMEMBERED_WISHES = 64
_SURPRISES = 20
_REASONS = 5
_MIDDLING = 6.0
_WEIGHED = 40
"""So many ratings are looked at for reasons: those of the prediction, k at most, and some of the interest."""


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


@dataclass(frozen=True, slots=True)
class Candidate:
    """An anime that may be chosen."""

    row: int
    """Of the model."""
    worth: float
    in_place_of: int | None
    """The later part of its franchise that it stands in for."""


class Recommender:
    """Chooses anime for members; see `ItemKNNBaseline` for where the numbers come from."""

    def __init__(self, model: ItemKNNBaseline, catalogue: Catalogue, *, min_raters: int = 0) -> None:
        """Take a model and the facts about its anime.

        Args:
            model: fitted.
            catalogue: facts; anime that it does not name are shown without.
            min_raters: anime that fewer users rated are not recommended unless a wish says otherwise, or
                as many people have it on their MyAnimeList list as what so many rated.
        """
        self.model, self.catalogue, self.min_raters = model, catalogue, min_raters
        self.order = WatchOrder(catalogue)
        self._anime = [catalogue.anime(one) for one in model.anime_ids.tolist()]
        self._looks = looks(self._anime)
        self._members = np.array([one.members for one in self._anime])
        best_known = np.lexsort((model.raters, self._members))[
            len(self._anime) - int(FAMOUS * len(self._anime)) :
        ]
        self._franchises = np.array([self.order.franchise(one.anime_id) for one in self._anime])
        self._famous = np.isin(np.arange(len(self._anime)), best_known)
        self._find_fitting = lru_cache(_REMEMBERED_WISHES)(self._go_through)

    def recommend(self, member: Member, n: int, filters: Filters = _EVERYTHING) -> list[Pick]:
        """The n best for a member, the highest predicted rating first; works without ratings, too.

        One of each franchise, its first part that they have not seen, unless the filters include sequels; not
        all of one genre or studio. Hidden gems are none of the best-known anime, and of no franchise that
        they have begun.
        """
        scores = self.model.scores(member.ratings, RARITY[filters.adventure])
        candidates = self.candidates(member, filters, scores.match, n * _CANDIDATES)
        rows = np.array([one.row for one in candidates], np.intp)
        worths = np.array([one.worth for one in candidates])
        chosen = diverse(worths, self._looks[rows], n, AVERSION)
        by_rating = sorted(chosen.tolist(), key=lambda at: (-scores.predicted[rows[at]], at))
        ids = self.model.anime_ids[rows[by_rating]].tolist()
        rated = np.fromiter(member.ratings, np.int64, len(member.ratings))
        n_known = int(np.count_nonzero(rows_of(rated, self.model.anime_ids)[1]))
        return [
            Pick(
                anime_id=anime_id,
                predicted=float(scores.predicted[rows[at]]),
                because=_speaking_for(reasons)[:_REASONS],
                confidence=confidence((one.similarity for one in reasons), n_known),
                in_place_of=candidates[at].in_place_of,
            )
            for at, anime_id, reasons in zip(
                by_rating, ids, self.model.because(member.ratings, ids, _WEIGHED), strict=True
            )
        ]

    def candidates(
        self, member: Member, filters: Filters, worth: NDArray[np.float64], most: int
    ) -> list[Candidate]:
        """What may be chosen for a member, what is worth most first.

        Args:
            member: who is to watch it.
            filters: of which kind it is to be.
            worth: of all anime of the model, shape (n_anime,); −∞ is never chosen.
            most: how many at most.
        """
        allowed = self.suitable(filters)
        if filters.adventure == "hidden gems":
            begun = {self.order.franchise(one) for one in member.seen.union(member.ratings)}
            allowed &= ~(self._famous | np.isin(self._franchises, list(begun)))
        away = {*member.ratings, *member.seen, *member.dismissed}
        if not filters.planned:
            away |= member.planned
        rows, known = rows_of(np.fromiter(away, np.int64, len(away)), self.model.anime_ids)
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
        """Which anime of the model are of the kind that is wanted and known well enough, shape (n_anime,)."""
        return self._fitting(filters) & self._known(filters)

    def continuations(self, member: Member, n: int, *, adult: bool = False) -> list[Continuation]:
        """The next parts of what a member liked, the highest predicted rating first.

        Liked is what they gave more than the middle of the scale and no point less than on average, and what
        they have seen but not rated.
        """
        ratings = member.ratings
        liked = max(_MIDDLING, float(np.mean(list(ratings.values()))) - 1) if ratings else _MIDDLING
        away = member.dismissed | member.planned
        fits = self._fitting(Filters(adult=adult))
        predicted = self.model.predict(ratings)
        found = []
        for anime_id, after in self.order.following(member.seen.union(ratings)):
            row = self._row(anime_id)
            if row is None or not fits[row] or anime_id in away or ratings.get(after, liked) < liked:
                continue
            if self.catalogue.anime(after).adult and not adult:
                continue  # it is shown with what it follows
            found.append(Continuation(anime_id, float(predicted[row]), after, ratings.get(after)))
        return sorted(found, key=lambda one: (-one.predicted, one.anime_id))[:n]

    def surprise(self, member: Member, filters: Filters, random: np.random.Generator) -> Pick | None:
        """One anime off the beaten track; None where nothing fits the filters."""
        picks = self.recommend(member, _SURPRISES, filters.model_copy(update={"adventure": "hidden gems"}))
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

    def _entries(
        self, member: Member, best: NDArray[np.intp], allowed: NDArray[np.bool_]
    ) -> Iterator[tuple[int, int]]:
        """Where each franchise is to be begun, and which of its parts was ranked."""
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
                # Not before: a recap, or a film that needs its series, does not hide the other parts.
                begun.add(franchise)
                yield at, row

    @staticmethod
    def _all(best: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
        return ((row, row) for row in best.tolist())

    def _fitting(self, filters: Filters) -> NDArray[np.bool_]:
        """Which anime fit; filters that `Filters.fit` does not ask for are one and the same."""
        return self._find_fitting(filters.model_copy(update=_NOT_OF_THE_ANIME))

    def _go_through(self, filters: Filters) -> NDArray[np.bool_]:
        # What the catalogue does not name could be anything, 18+ too; without any catalogue, all is so.
        named = self.catalogue or {one.anime_id: one for one in self._anime}
        return np.array([one.anime_id in named and filters.fit(one) for one in self._anime])

    def _known(self, filters: Filters) -> NDArray[np.bool_]:
        """Which anime enough users rated, or are as widely known as those that enough users rated."""
        least = self.min_raters if filters.min_raters is None else filters.min_raters
        rated = self.model.raters >= least
        told = rated & (self._members > 0) & (self.model.raters > 0)
        if filters.min_raters is not None or not told.any():
            return rated
        members_per_rater = np.median(self._members[told] / self.model.raters[told])
        return np.asarray(rated | ((self._members > 0) & (self._members >= least * members_per_rater)))

    def _row(self, anime_id: int) -> int | None:
        rows, known = rows_of(np.array([anime_id]), self.model.anime_ids)
        return int(rows[0]) if known[0] else None


def _speaking_for(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Those that raise the prediction or the interest, and lower neither."""
    return tuple(one for one in reasons if one.contribution >= 0 and one.interest >= 0)
