"""From members' scores to picks for their group."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hakken.aggregations import rank, worth
from hakken.anime_rows import highest
from hakken.group.knowledge import Knowledge
from hakken.group.openings import Opening, Openings
from hakken.group.picks import GroupPick, GroupWishes, Suggestion
from hakken.group.reasons import Reasons
from hakken.recommender import Member, Recommender
from hakken.watching_time import hours

LEAST_RATINGS = 5
"""Whoever has fewer ratings counts with the crowd's taste."""
POOL = 200
"""So many anime, or eight times n, are compared with each other: those worth most to the group."""
_POOL_PER_PICK = 8
FIELD = 1000
"""Among so many, those that the group wants most on average, each member has their own best."""
_NOTICEABLE = 0.05
"""Weights that differ from 1 by less change next to nothing."""

Numbers = NDArray[np.floating[Any]]
GetScores = Callable[[Mapping[int, float]], tuple[Numbers, Numbers]]
"""A member's predicted ratings and matches, as `ItemKNNBaseline.scores` gives them."""


class _Wanted(NamedTuple):
    """What all members want; float32 (n_members, n_anime)."""

    predicted: NDArray[np.float32]
    """Ratings 1–10."""
    utilities: NDArray[np.float32]
    """Matches in units of the member's own best, 0–1: nobody speaks louder."""


def suggest(
    recommender: Recommender,
    members: Sequence[Member],
    n: int,
    wishes: GroupWishes,
    *,
    weights: Numbers | None = None,
    least_ratings: int = LEAST_RATINGS,
    scores: GetScores | None = None,
) -> Suggestion:
    """The n anime for a group that its members would rather watch than others.

    Of each franchise the part that the group needs next; see `Openings`. Chosen and listed as
    `hakken.aggregations.rank` says. Where fewer than n lie above the misery floor, it is lowered just as far
    as needed.

    Args:
        recommender: knows what the members like and what must be seen before what.
        members: at least one.
        n: how many at most, 0 or more.
        wishes: what the group wants tonight.
        weights: how much each member counts, above 0, 1 on average; see `hakken.fairness.lean`. All the same
            by default.
        least_ratings: whoever has fewer counts with the crowd's taste.
        scores: where the members' scores come from, `RememberedScores.scores` for instance; threads call it.

    Raises:
        RatingsError: a score off the scale.
        ValueError: no members, a negative n, weights that are not theirs.
    """
    if not members:
        raise ValueError("a group has at least one member")
    counted = np.ones(len(members)) if weights is None else np.asarray(weights, np.float64)
    if counted.shape != (len(members),) or not np.all((counted > 0) & np.isfinite(counted)):
        raise ValueError("weights must be one number above 0 for each member")
    personal = [one for one in members if len(one.ratings) >= least_ratings]
    wanted = _wanted(members, least_ratings, scores or recommender.model.scores)
    openings = Openings(recommender, Knowledge(members), wishes)
    pool, floor = _pool(recommender, openings, wanted, n, wishes, counted)
    rows, of = (np.array([one[part] for one in pool], np.intp) for part in (0, 1))
    utilities, predicted = wanted.utilities[:, of], wanted.predicted[:, rows].astype(np.float64)
    chosen = rank(wishes.aggregation, utilities, predicted, n, floor=floor, weights=counted)
    return Suggestion(
        picks=_picks(recommender, openings, Reasons(recommender, personal), pool, predicted, chosen),
        personal=len(personal),
        members=len(members),
        floor=floor if floor < wishes.floor else None,
        leaning=bool(np.any(np.abs(counted - 1) > _NOTICEABLE)),
        predicted=predicted[:, chosen],
        best=_own_best(recommender, openings, wanted),
    )


def forecast(
    recommender: Recommender,
    member: Member,
    anime_ids: Collection[int],
    *,
    least_ratings: int = LEAST_RATINGS,
) -> NDArray[np.float64]:
    """The ratings that a member of a group would give, 1–10, shape (len(anime_ids),); see `suggest`.

    Raises:
        RatingsError: a score off the scale.
    """
    return recommender.model.predict(_counting(member, least_ratings), anime_ids)


def _counting(member: Member, least_ratings: int) -> Mapping[int, float]:
    return member.ratings if len(member.ratings) >= least_ratings else {}


def _wanted(members: Sequence[Member], least_ratings: int, scores: GetScores) -> _Wanted:
    crowd = scores({})
    shape = (len(members), len(crowd[0]))
    wanted = _Wanted(np.empty(shape, np.float32), np.empty(shape, np.float32))

    def fill(some: range) -> None:
        for at in some:
            counting = _counting(members[at], least_ratings)
            predicted, match = scores(counting) if counting else crowd
            wanted.predicted[at] = predicted
            best = match.max()
            # Who would watch nothing at all has no say in what they would rather watch.
            np.multiply(match, 1 / best if best > 0 else 0.0, out=wanted.utilities[at], casting="same_kind")
            np.maximum(wanted.utilities[at], 0.0, out=wanted.utilities[at])

    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as threads:
        # A few long tasks: handing over many short ones would take as long as they do.
        list(threads.map(fill, (range(first, len(members), workers) for first in range(workers))))
    return wanted


def _pool(
    recommender: Recommender,
    openings: Openings,
    wanted: _Wanted,
    n: int,
    wishes: GroupWishes,
    weights: NDArray[np.float64],
) -> tuple[list[Opening], float]:
    """What is compared with each other, and the floor above which n of it lie."""
    ranked = _ranked(recommender, openings, worth(wishes.aggregation, wanted.utilities, weights))
    size = max(POOL, _POOL_PER_PICK * n)
    if wishes.aggregation != "average without misery":
        return list(islice(openings.ranked(ranked), size)), wishes.floor
    lowest = wanted.predicted.min(axis=0).astype(np.float64)
    bearable = lowest >= wishes.floor
    pool = list(islice(openings.ranked(ranked, bearable), size))
    if len(pool) >= n:
        return pool, wishes.floor
    pool += islice(openings.ranked(ranked, ~bearable), size)
    floors = sorted((float(lowest[one.row]) for one in pool), reverse=True)
    return pool, min([wishes.floor, *floors[:n]])


def _ranked(recommender: Recommender, openings: Openings, worths: NDArray[np.float64]) -> NDArray[np.intp]:
    suitable = np.flatnonzero(openings.suitable)
    return highest(worths, recommender.model.raters, suitable, len(suitable))


def _own_best(recommender: Recommender, openings: Openings, wanted: _Wanted) -> NDArray[np.float64]:
    ranked = _ranked(recommender, openings, wanted.utilities.mean(axis=0, dtype=np.float64))
    field = list(islice(openings.ranked(ranked), FIELD))
    if not field:
        return np.full(len(wanted.predicted), np.nan)
    rows, of = np.array(field).T
    best = rows[wanted.utilities[:, of].argmax(axis=1)]
    return np.asarray(wanted.predicted[np.arange(len(best)), best], np.float64)


def _picks(
    recommender: Recommender,
    openings: Openings,
    reasons: Reasons,
    pool: Sequence[Opening],
    predicted: NDArray[np.float64],
    chosen: NDArray[np.intp],
) -> list[GroupPick]:
    ids = recommender.model.anime_ids
    picks = []
    for at in chosen.tolist():
        anime = recommender.catalogue.anime(int(ids[pool[at].row]))
        leads_to = int(ids[pool[at].of])
        picks.append(
            GroupPick(
                anime_id=anime.anime_id,
                mean=float(predicted[:, at].mean()),
                lowest=float(predicted[:, at].min()),
                highest=float(predicted[:, at].max()),
                new_to=openings.new_to(anime.anime_id),
                episodes=anime.episodes or None,
                hours=hours(anime),
                catching_up=openings.catching_up(anime.anime_id),
                in_place_of=None if leads_to == anime.anime_id else leads_to,
                genres=reasons.genres(anime.anime_id),
                loved=reasons.loved(anime.anime_id),
            )
        )
    return picks
