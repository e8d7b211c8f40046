"""Rank anime for a group by its members' scores."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from hakken.catalogue.anime import hours
from hakken.groups.aggregations import rank, worth
from hakken.groups.entry_points import EntryPoint, EntryPoints
from hakken.groups.picks import GroupFilters, GroupPick, Suggestion
from hakken.groups.reasons import Reasons
from hakken.groups.scores import GetScores, GroupScores, Numbers
from hakken.groups.seen import Knowledge
from hakken.model.rows import highest
from hakken.recommend.recommender import Member, Recommender

LEAST_RATINGS = 5
"""Members with fewer ratings count with the average user's taste."""
POOL = 200
"""Number of anime that are compared, at least eight times n: those worth most to the group."""
_POOL_PER_PICK = 8
FIELD = 1000
"""Each member's own best is found among this many anime that the group wants most on average."""
_NOTICEABLE = 0.05
"""Weights that differ from 1 by less have almost no effect."""


def suggest(
    recommender: Recommender,
    members: Sequence[Member],
    n: int,
    filters: GroupFilters,
    *,
    weights: Numbers | None = None,
    least_ratings: int = LEAST_RATINGS,
    scores: GetScores | None = None,
) -> Suggestion:
    """Suggest n anime for a group.

    Each franchise is represented by the part that the group needs next; see `EntryPoints`. Picks are chosen
    and ordered by `hakken.groups.aggregations.rank`. If fewer than n anime lie above the misery floor, the
    floor is lowered just as far as needed.

    Args:
        recommender: knows what the members like and in which order anime must be seen.
        members: at least one.
        n: maximum number of anime, 0 or more.
        filters: the group's filters.
        weights: how much each member counts, above 0, 1 on average; see
            `hakken.groups.fairness.fairness_weights`. By default all count the same.
        least_ratings: a member with fewer ratings counts with the average user's taste.
        scores: returns a member's scores, `RememberedScores.scores` for instance; threads call it.

    Raises:
        RatingsError: an invalid id, or a score off the scale.
        ValueError: no members, a negative n, or weights that do not match the members.
    """
    if not members:
        raise ValueError("a group has at least one member")
    counted = np.ones(len(members)) if weights is None else np.asarray(weights, np.float64)
    if counted.shape != (len(members),) or not np.all((counted > 0) & np.isfinite(counted)):
        raise ValueError("weights must be one number above 0 for each member")
    personal = [one for one in members if len(one.ratings) >= least_ratings]
    entry_points, raters = EntryPoints(recommender, Knowledge(members), filters), recommender.model.raters
    group_scores = GroupScores.of(
        [_counting(one, least_ratings) for one in members],
        np.flatnonzero(entry_points.suitable),
        scores or recommender.scores,
    )
    pool, floor = _pool(entry_points, group_scores, raters, n, filters, counted)
    watched, of = (group_scores.columns(rows) for rows in np.array(pool, np.intp).reshape(-1, 2).T)
    utilities, predicted = (
        group_scores.utilities[:, of],
        group_scores.predicted[:, watched].astype(np.float64),
    )
    chosen = rank(filters.aggregation, utilities, predicted, n, floor=floor, weights=counted)
    reasons = Reasons(recommender, personal, adult=filters.adult)
    return Suggestion(
        picks=_picks(recommender, entry_points, reasons, pool, predicted, chosen),
        personal=len(personal),
        members=len(members),
        floor=floor if floor < filters.floor else None,
        weighted=bool(np.any(np.abs(counted - 1) > _NOTICEABLE)),
        predicted=predicted[:, chosen],
        best=_own_best(entry_points, group_scores, raters),
    )


def forecast(
    recommender: Recommender,
    member: Member,
    anime_ids: Collection[int],
    *,
    least_ratings: int = LEAST_RATINGS,
) -> NDArray[np.float64]:
    """Predict the ratings of a member of a group, 1–10, shape (len(anime_ids),); see `suggest`.

    Raises:
        RatingsError: an invalid id, or a score off the scale.
    """
    return recommender.model.predict(_counting(member, least_ratings), anime_ids)


def _counting(member: Member, least_ratings: int) -> Mapping[int, float]:
    return member.ratings if len(member.ratings) >= least_ratings else {}


def _pool(
    entry_points: EntryPoints,
    group_scores: GroupScores,
    raters: NDArray[np.int32],
    n: int,
    filters: GroupFilters,
    weights: Numbers,
) -> tuple[list[EntryPoint], float]:
    """Return the anime to compare, and the floor that at least n of them reach."""
    ranked = _ranked(group_scores, raters, worth(filters.aggregation, group_scores.utilities, weights))
    size = max(POOL, _POOL_PER_PICK * n)
    if filters.aggregation != "average without misery":
        return list(islice(entry_points.ranked(ranked), size)), filters.floor
    lowest = np.zeros(len(raters))
    lowest[group_scores.rows] = group_scores.predicted.min(axis=0)
    bearable = lowest >= filters.floor
    pool = list(islice(entry_points.ranked(ranked, bearable), size))
    if len(pool) >= n:
        return pool, filters.floor
    pool += islice(entry_points.ranked(ranked, ~bearable, after=pool), size)
    floors = sorted((float(lowest[one.row]) for one in pool), reverse=True)
    return pool, min([filters.floor, *floors[:n]])


def _ranked(
    group_scores: GroupScores, raters: NDArray[np.int32], worths: NDArray[np.float64]
) -> NDArray[np.intp]:
    n_rows = len(group_scores.rows)
    return group_scores.rows[highest(worths, raters[group_scores.rows], np.arange(n_rows), n_rows)]


def _own_best(
    entry_points: EntryPoints, group_scores: GroupScores, raters: NDArray[np.int32]
) -> NDArray[np.float64]:
    ranked = _ranked(group_scores, raters, group_scores.utilities.mean(axis=0, dtype=np.float64))
    field = list(islice(entry_points.ranked(ranked), FIELD))
    if not field:
        return np.full(len(group_scores.predicted), np.nan)
    watched, of = (group_scores.columns(rows) for rows in np.array(field).T)
    best = watched[group_scores.utilities[:, of].argmax(axis=1)]
    return np.asarray(group_scores.predicted[np.arange(len(best)), best], np.float64)


def _picks(
    recommender: Recommender,
    entry_points: EntryPoints,
    reasons: Reasons,
    pool: Sequence[EntryPoint],
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
                new_to=entry_points.new_to(anime.anime_id),
                episodes=anime.episodes or None,
                hours=hours(anime),
                catching_up=entry_points.catching_up(anime.anime_id),
                in_place_of=None if leads_to == anime.anime_id else leads_to,
                genres=reasons.genres(anime.anime_id),
                loved=reasons.loved(anime.anime_id),
            )
        )
    return picks
