"""Recommends anime to a member by the model's scores and the catalogue's facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hakken.catalogue.anime import Anime
from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.watch_order import WatchOrder
from hakken.model.explanations import Confidence, Explanation, Reason, Similar, confidence
from hakken.model.item_knn import ItemKNNBaseline
from hakken.model.prediction import Scores
from hakken.model.rows import highest, rows_of
from hakken.ratings.ids import anime_ids_of, check_ratings
from hakken.recommend.diversity import diverse, trait_vectors
from hakken.recommend.filters import Adventure, Filters, Sort
from hakken.recommend.second_stage import SecondStage
from hakken.recommend.shown_ratings import ShownRating, shown_mean, shown_rating
from hakken.recommend.standards import Standards

RARITY: Mapping[Adventure, float | None] = {"well-known": -0.1, "balanced": None, "hidden gems": 0.5}
"""γ of `ItemKNNBaseline.match` for each level of adventure; None for the model's own."""
FAMOUS = 0.03
"""Share of the anime that are too well known to be hidden gems."""
AVERSION = 0.7
"""Penalty for picks that are like the others; see `hakken.recommend.diversity`."""
_EVERYTHING = Filters()
_NOT_OF_THE_ANIME = _EVERYTHING.model_dump(include={"min_raters", "adventure", "sequels", "planned", "sort"})
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
    shown: ShownRating
    """That rating as it is shown; without a known taste, the average user's."""
    because: tuple[Reason, ...]
    """The member's own ratings that support it most, the strongest first."""
    confidence: Confidence
    in_place_of: int | None = None
    """The later part of its franchise that it stands in for."""
    below_usual: bool = False
    """Whether it is predicted below what the member usually gives, and only fills up the list."""
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
    shown: ShownRating
    """That rating as it is shown."""
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
        self._second_stage = SecondStage(model, catalogue, self.order)
        self._find_fitting = lru_cache(_REMEMBERED_FILTERS)(self._go_through)

    def recommend(self, member: Member, n: int, filters: Filters = _EVERYTHING) -> list[Pick]:
        """Recommend n anime to a member, in the order that the filters say; also works without ratings.

        Each franchise appears once, with its first part that the member has not seen, unless the filters
        include sequels. Later parts of what the member scored below their mean are left out. Anime that are
        predicted below what the member usually gives are chosen only if there are too few others; see
        `Standards`. The list is not all of one genre or studio. Hidden gems exclude the best-known anime and
        all franchises that the member has begun.
        """
        scores = self.scores(member.ratings, RARITY[filters.adventure])
        least = Standards(member.ratings).least(scores.usual)
        good = scores.predicted >= least
        chosen = self._choose(member, filters, scores.match, n, among=good)
        if len(chosen) < n:
            chosen += self._choose(member, filters, scores.match, n - len(chosen), among=~good, after=chosen)
        ids = self.model.anime_ids[[one.row for one in chosen]].tolist()
        n_known, personal = self._n_known(member.ratings), self.model.counting(member.ratings) > 0
        picks = []
        for one, anime_id, reasons in zip(
            chosen, ids, self.model.because(member.ratings, ids, _WEIGHED), strict=True
        ):
            predicted = float(scores.predicted[one.row])
            sure = _sure(reasons, n_known)
            picks.append(
                Pick(
                    anime_id=anime_id,
                    predicted=predicted,
                    shown=shown_rating(predicted, sure) if personal else shown_mean(predicted),
                    because=_speaking_for(reasons)[:_REASONS],
                    confidence=sure,
                    in_place_of=one.in_place_of,
                    below_usual=not good[one.row],
                    follows=self._follows(member, anime_id),
                    by_facts=not self.model.raters[one.row],
                )
            )
        return self._in_order(picks, filters.sort)

    def scores(self, ratings: Mapping[int, float], rarity: float | None = None) -> Scores:
        """Compute the model's scores, with the best matches in the order of the second stage.

        Args:
            ratings: a member's own ratings by anime id, 1–10.
            rarity: γ, see `ItemKNNBaseline.scores`; only with the model's own is there a second stage, which
                knows no other taste for the rare.

        Raises:
            RatingsError: an invalid id, or a score off the scale.
        """
        member = self.model.profile(ratings)
        scores = self.model.scores_of(member, rarity)
        if rarity is not None:
            return scores
        return self._second_stage.reordered(member, scores, self.model.second_stage)

    def candidates(
        self,
        member: Member,
        filters: Filters,
        worth: NDArray[np.float64],
        most: int,
        *,
        among: NDArray[np.bool_] | None = None,
        after: Sequence[Candidate] = (),
    ) -> list[Candidate]:
        """List the anime that may be chosen for a member, the highest worth first.

        Args:
            member: for whom they are.
            filters: what to choose from; without sequels, each franchise appears once.
            worth: worth of each anime; −∞ is never chosen; shape (n_anime,).
            most: maximum number.
            among: which anime to choose from, all by default, shape (n_anime,).
            after: candidates of an earlier list; without sequels, their franchises are left out.
        """
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
        if among is not None:
            allowed &= among
        let_down = Standards(member.ratings).let_down_by

        def welcome(row: int, of: int) -> bool:
            parts = {int(self.model.anime_ids[one]) for one in (row, of)}
            return bool(allowed[row]) and not any(let_down(self.order.before(one)) for one in parts)

        found: list[Candidate] = []
        for ranked in (most * _AT_ONCE, len(left)):
            best = highest(worth, self.model.raters, left, ranked)
            pairs = (
                self._entries(member, best, welcome, begun=self._franchises[[one.row for one in after]])
                if filters.sequels == "first"
                else self._all(best, welcome)
            )
            found = [
                Candidate(row, float(worth[of]), None if row == of else int(self.model.anime_ids[of]))
                for (row, of), _ in zip(pairs, range(most), strict=False)
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
        """List the next parts of anime that a member liked, the highest shown rating first.

        An anime counts as liked if its rating is at least 6 and at least the member's mean. If they have seen
        but not rated it, they must have rated no part before it below their mean.
        """
        ratings, standards = member.ratings, Standards(member.ratings)
        away = member.dismissed | member.planned
        fits = self._fitting(Filters(adult=adult, ecchi=ecchi))
        predicted = self.model.predict(ratings)
        found = []
        for anime_id, after in self.order.following(member.seen.union(ratings)):
            row = self._row(anime_id)
            if row is None or not fits[row] or anime_id in away or ratings.get(after, _MIDDLING) < _MIDDLING:
                continue
            if standards.let_down_by([after] if after in ratings else self.order.before(anime_id)):
                continue
            if self.catalogue.anime(after).adult and not adult:
                continue  # the previous part would be shown with it
            found.append((float(predicted[row]), anime_id, after))
        best = sorted(found, key=lambda one: (-one[0], one[1]))[:n]
        shown = self.shown(ratings, {anime_id: rating for rating, anime_id, _ in best})
        following = [
            Continuation(anime_id, rating, shown[anime_id], after, ratings.get(after))
            for rating, anime_id, after in best
        ]
        return sorted(following, key=lambda one: -one.shown.middle)

    def shown(self, ratings: Mapping[int, float], predicted: Mapping[int, float]) -> dict[int, ShownRating]:
        """Return a member's predicted ratings as they are shown.

        Args:
            ratings: the member's own ratings by anime id, 1–10.
            predicted: predicted ratings, 1–10, by the ids of anime that the model knows.

        Raises:
            RatingsError: an invalid id, or a score off the scale.
            KeyError: the model does not know an anime.
        """
        n_known, reasons = self._n_known(ratings), self.model.because(ratings, predicted, _WEIGHED)
        return {
            anime_id: shown_rating(rating, _sure(each, n_known))
            for (anime_id, rating), each in zip(predicted.items(), reasons, strict=True)
        }

    def surprise(self, member: Member, filters: Filters, random: np.random.Generator) -> Pick | None:
        """Pick a random hidden gem, below their usual only if there is no other; None if nothing fits."""
        gems = self.recommend(member, _SURPRISES, filters.model_copy(update={"adventure": "hidden gems"}))
        picks = [one for one in gems if not one.below_usual] or gems
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

    def _choose(
        self,
        member: Member,
        filters: Filters,
        worth: NDArray[np.float64],
        n: int,
        *,
        among: NDArray[np.bool_],
        after: Sequence[Candidate] = (),
    ) -> list[Candidate]:
        """Choose at most n candidates that are not all alike, the highest worth first; see `candidates`."""
        found = self.candidates(member, filters, worth, n * _CANDIDATES, among=among, after=after)
        rows = np.array([one.row for one in found], np.intp)
        chosen = diverse(np.array([one.worth for one in found]), self._vectors[rows], n, AVERSION)
        return [found[at] for at in sorted(chosen.tolist())]

    def _in_order(self, picks: Sequence[Pick], sort: Sort) -> list[Pick]:
        """Sort picks, given from the best match on; equal ones stay as they are."""
        if sort == "highest rating":
            return sorted(picks, key=lambda one: -one.shown.middle)
        if sort == "newest":
            return sorted(picks, key=lambda one: _aired(self.catalogue.anime(one.anime_id)), reverse=True)
        return list(picks)

    def _follows(self, member: Member, anime_id: int) -> EarlierPart | None:
        seen = [one for one in self.order.before(anime_id) if one in member.seen or one in member.ratings]
        return EarlierPart(seen[-1], member.ratings.get(seen[-1])) if seen else None

    def _entries(
        self,
        member: Member,
        best: NDArray[np.intp],
        welcome: Callable[[int, int], bool],
        *,
        begun: NDArray[np.int64],
    ) -> Iterator[tuple[int, int]]:
        """Yield the first part to watch of each franchise but those begun, and the part that was ranked."""
        seen, franchises = member.seen.union(member.ratings), {*begun.tolist()}
        for row in best.tolist():
            anime_id = int(self.model.anime_ids[row])
            franchise = self.order.franchise(anime_id)
            if franchise in franchises:
                continue
            entry = self.order.entry(anime_id, seen)
            at = row if entry == anime_id else None if entry is None else self._row(entry)
            if at is not None and welcome(at, row):
                # Only now: a recap, or a film that needs its series, must not hide the other parts.
                franchises.add(franchise)
                yield at, row

    @staticmethod
    def _all(best: NDArray[np.intp], welcome: Callable[[int, int], bool]) -> Iterator[tuple[int, int]]:
        return ((row, row) for row in best.tolist() if welcome(row, row))

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

    def _n_known(self, ratings: Mapping[int, float]) -> int:
        return int(np.count_nonzero(rows_of(anime_ids_of(ratings), self.model.anime_ids)[1]))

    def _row(self, anime_id: int) -> int | None:
        rows, known = rows_of(anime_ids_of([anime_id]), self.model.anime_ids)
        return int(rows[0]) if known[0] else None


def _sure(reasons: tuple[Reason, ...], n_known: int) -> Confidence:
    return confidence((one.similarity for one in reasons), n_known)


def _aired(anime: Anime) -> str:
    """Return when an anime first aired, as far as it is known: later is greater, and unknown is least."""
    return anime.aired or str(anime.year or "")


def _speaking_for(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Return the reasons that lower neither the prediction nor the interest."""
    return tuple(one for one in reasons if one.contribution >= 0 and one.interest >= 0)
