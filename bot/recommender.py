"""Runs the model in worker threads, so that the Discord connection never waits for a computation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.privacy import LEAST_RATERS
from hakken import Catalogue, ItemKNNBaseline
from hakken.catalogue.search import Match, TitleSearch
from hakken.catalogue.watch_order import WatchOrder
from hakken.groups import GroupFilters, Suggestion, forecast, suggest
from hakken.groups.affinity import Affinity, Loan, compare, lend
from hakken.groups.server_taste import GenrePreference, genre_preferences
from hakken.model.explanations import Explanation, Similar
from hakken.recommend.filters import Filters
from hakken.recommend.recommender import Continuation, Member, Pick, Recommender
from hakken.recommend.score_cache import RememberedScores

P = ParamSpec("P")
T = TypeVar("T")

_EVERYTHING = Filters()
_POPULAR = 60
"""Popular anime to take questions from, if the model brings none: their series' first parts are asked."""


class RecommenderService:
    """Calls the recommender and the title search off the event loop.

    The title search has its own thread, so a member who types does not wait for others' recommendations.
    """

    def __init__(
        self,
        model: ItemKNNBaseline,
        catalogue: Catalogue,
        *,
        min_raters: int = 0,
        workers: int = 1,
    ) -> None:
        self.catalogue = catalogue
        self.min_raters = min_raters
        self._model = model
        self._recommender = Recommender(model, catalogue, min_raters=min_raters)
        self.order = self._recommender.order
        """Which anime must be seen before which."""
        self.questions = _questions(model, catalogue, self.order)
        """Ids of the anime that `/start` asks about, in this order; none rated 18+, no ecchi."""
        self.titles = TitleSearch(catalogue)
        """The title search itself, which blocks: call it from a thread for many titles."""
        self._remembered = RememberedScores(self._recommender)
        self._raters: dict[int, int] = dict(zip(model.anime_ids.tolist(), model.raters.tolist(), strict=True))
        self._models = ThreadPoolExecutor(workers, thread_name_prefix="model")
        self._searches = ThreadPoolExecutor(1, thread_name_prefix="titles")
        # Compile the numeric loops before the first member asks; without a rating, some would not run.
        self._recommender.recommend(Member({int(model.anime_ids[0]): 8.0}), 1)

    @classmethod
    async def open(cls, model_dir: Path, *, min_raters: int, workers: int) -> RecommenderService:
        """Load a saved model and its catalogue in a thread.

        Raises:
            ArtefactError: missing or damaged; the sentence names the file and the remedy.
        """

        def load() -> RecommenderService:
            return cls(
                ItemKNNBaseline.load(model_dir),
                Catalogue.of_model(model_dir),
                min_raters=min_raters,
                workers=workers,
            )

        return await asyncio.to_thread(load)

    def close(self) -> None:
        """Stop the threads; calls that are still waiting are dropped."""
        self._models.shutdown(wait=False, cancel_futures=True)
        self._searches.shutdown(wait=False, cancel_futures=True)

    def known(self, anime_ids: Collection[int]) -> int:
        """Return how many of these anime the model knows."""
        return len(self._raters.keys() & {*anime_ids})

    def counting(self, anime_ids: Collection[int]) -> int:
        """See `ItemKNNBaseline.counting`."""
        return self._model.counting(anime_ids)

    def raters(self, anime_id: int) -> int:
        """Return how many users of the training set rated an anime; 0 if the model does not know it."""
        return self._raters.get(anime_id, 0)

    async def recommend(self, member: Member, n: int, filters: Filters = _EVERYTHING) -> list[Pick]:
        """See `Recommender.recommend`."""
        return await self._compute(self._recommender.recommend, member, n, filters)

    async def continuations(
        self, member: Member, n: int, *, adult: bool = False, ecchi: bool = True
    ) -> list[Continuation]:
        """See `Recommender.continuations`."""
        return await self._compute(self._recommender.continuations, member, n, adult=adult, ecchi=ecchi)

    async def surprise(self, member: Member, filters: Filters, random: np.random.Generator) -> Pick | None:
        """See `Recommender.surprise`; no other running call may share the generator."""
        return await self._compute(self._recommender.surprise, member, filters, random)

    async def similar(
        self, anime_id: int, n: int, *, adult: bool = False, ecchi: bool = True
    ) -> list[Similar]:
        """See `Recommender.similar`."""
        return await self._compute(self._recommender.similar, anime_id, n, adult=adult, ecchi=ecchi)

    async def explain(self, member: Member, anime_id: int) -> Explanation | None:
        """See `Recommender.explain`."""
        return await self._compute(self._recommender.explain, member, anime_id)

    async def group(
        self,
        members: Sequence[Member],
        n: int,
        filters: GroupFilters,
        *,
        weights: NDArray[np.float64] | None = None,
    ) -> Suggestion:
        """See `hakken.groups.suggest`; scores are remembered until a rating changes."""
        return await self._compute(
            suggest, self._recommender, members, n, filters, weights=weights, scores=self._remembered.scores
        )

    async def forecast(self, members: Sequence[Member], anime_ids: Sequence[int]) -> NDArray[np.float64]:
        """See `hakken.groups.forecast`, for each member: shape (n_members, len(anime_ids)).

        Raises:
            KeyError: the model does not know one of the anime.
        """

        def ask() -> NDArray[np.float64]:
            return np.array([forecast(self._recommender, one, anime_ids) for one in members])

        return await self._compute(ask)

    async def compare(self, one: Member, other: Member, *, adult: bool = False) -> Affinity | None:
        """See `hakken.groups.affinity.compare`."""
        return await self._compute(compare, self._recommender, one.ratings, other.ratings, adult=adult)

    async def lend(self, lender: Member, borrower: Member, n: int, *, adult: bool = False) -> list[Loan]:
        """See `hakken.groups.affinity.lend`."""
        return await self._compute(lend, self._recommender, lender, borrower, n, adult=adult)

    async def genre_preferences(
        self, members: Sequence[Mapping[int, float]], *, adult: bool = False
    ) -> list[GenrePreference]:
        """See `hakken.groups.server_taste.genre_preferences`; only genres that enough members have rated."""
        return await self._compute(
            genre_preferences, self._recommender, members, at_least=LEAST_RATERS, adult=adult
        )

    async def find(self, query: str, n: int, among: Collection[int] | None = None) -> list[Match]:
        """See `TitleSearch.find`."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._searches, self.titles.find, query, n, among)

    def exact(self, title: str) -> int | None:
        """See `TitleSearch.exact`."""
        return self.titles.exact(title)

    async def _compute(self, ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._models, lambda: ask(*args, **kwargs))


def _questions(model: ItemKNNBaseline, catalogue: Catalogue, order: WatchOrder) -> tuple[int, ...]:
    """Return the model's questions or, for an older model without any, first parts of popular series."""
    suitable = Filters(ecchi=False).fit
    asked = model.questions or _beginnings(model, order)
    return tuple(one for one in asked if one in catalogue and suitable(catalogue[one]))


def _beginnings(model: ItemKNNBaseline, order: WatchOrder) -> list[int]:
    by_franchise: dict[int, int] = {}
    raters = dict(zip(model.anime_ids.tolist(), model.raters.tolist(), strict=True))
    for liked in model.recommend({}, _POPULAR):
        first = order.entry(liked.anime_id, ())
        if first is not None and first in raters:
            by_franchise.setdefault(order.franchise(first), first)
    return sorted(by_franchise.values(), key=raters.__getitem__, reverse=True)
