"""The questions of `/start`: what tells most by the ratings, and recent anime between them."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence

from hakken.catalogue.adult import ECCHI
from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.watch_order import WatchOrder
from hakken.ratings.ratings import Ratings
from hakken.recommend.onboarding import choose_questions
from hakken.recommend.recent import CANDIDATES, most_telling_by_facts, recent_beginnings, recent_years

QUESTIONS = 40
"""Number of questions to choose: a member who has seen few of them is asked on."""
ONE_IN = 3
"""Of the first k questions, at least one in this many is about a recent anime, for every k."""


def askable(catalogue: Catalogue) -> dict[int, int]:
    """Return the franchise of each anime that may be asked about: first parts, neither 18+ nor ecchi."""
    order = WatchOrder(catalogue)
    return {
        anime_id: order.franchise(anime_id)
        for anime_id, one in catalogue.items()
        if order.entry(anime_id, ()) == anime_id and not one.adult and ECCHI not in one.genres
    }


def start_questions(ratings: Ratings, catalogue: Catalogue, n: int = QUESTIONS) -> tuple[int, ...]:
    """Choose what `/start` asks: at least a third recent anime, from the first question on.

    The ratings choose by `choose_questions`. They seldom know recent anime, so what is missing of these is
    chosen by members and facts, see `most_telling_by_facts`. No franchise is asked about twice.

    Args:
        ratings: the training set.
        catalogue: the facts; only its anime are asked about.
        n: maximum number, 0 or more.

    Returns:
        Anime ids in the order of asking; fewer than n if there are not enough.
    """
    franchise = askable(catalogue)
    telling = choose_questions(ratings, n, allowed=franchise, franchise=franchise).tolist()
    asked_about = {franchise[one] for one in telling}
    recent = [one for one in recent_beginnings(catalogue, franchise) if franchise[one] not in asked_about]
    chosen = most_telling_by_facts(catalogue, recent[:CANDIDATES], n)
    years = recent_years(catalogue)
    already_recent = {one for one in telling if catalogue[one].year in years}
    return tuple(alternating(telling, chosen, already_recent)[:n])


def alternating(telling: Sequence[int], recent: Sequence[int], already_recent: Collection[int]) -> list[int]:
    """Put recent anime between others, as few and as early as `ONE_IN` needs; what is left comes last.

    Args:
        telling: ids in the order of asking.
        recent: ids of recent anime in the order of asking, none of them in `telling`.
        already_recent: ids in `telling` that are recent, too.

    Returns:
        All ids of both, each once, those of each in their order.
    """
    others, waiting = deque(telling), deque(recent)
    counting = {*recent, *already_recent}
    asked: list[int] = []
    while others or waiting:
        count = sum(one in counting for one in asked)
        due = ONE_IN * count <= len(asked)
        asked.append(waiting.popleft() if waiting and (due or not others) else others.popleft())
    return asked
