"""The taste of a whole server, computed from its members' ratings without revealing any single rating."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hakken.catalogue.adult import ADULT_GENRES
from hakken.model.baseline import fold_in
from hakken.model.rows import rows_of
from hakken.ratings.ids import check_ratings
from hakken.recommend.recommender import Recommender

PRIOR = 5
"""Number of ratings that the server's mean counts as when it is averaged with an anime's ratings."""
_DOUBT = 5
"""Number of neutral ratings added to a member's ratings of a genre, to shrink their preference."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Sum of the members' ratings of an anime."""

    anime_id: int
    raters: int
    total: float
    """The sum of their ratings."""


@dataclass(frozen=True, slots=True)
class RankedAnime:
    """An anime among a server's best, ratings 1–10."""

    anime_id: int
    raters: int
    mean: float
    bayesian: float


@dataclass(frozen=True, slots=True)
class GenrePreference:
    """How much more a server likes a genre than the average user does."""

    genre: str
    points: float
    """Rating points, rounded to a tenth so that no single rating shows; below 0 if liked less."""
    raters: int


def best(tallies: Sequence[Tally], server_mean: float, n: int) -> list[RankedAnime]:
    """List the n best anime of a server by Bayesian mean: (C·m + Σr) / (C + k).

    m is the mean of all of the server's ratings, C = `PRIOR`, Σr the sum of an anime's k ratings: three tens
    do not yet beat twenty nines. The formula is IMDb's weighted rating.

    Args:
        tallies: anime with enough raters to be shown.
        server_mean: m, 1–10.
        n: maximum number of anime; ties by more raters, then the lower id.
    """
    standings = [
        RankedAnime(
            anime_id=each.anime_id,
            raters=each.raters,
            mean=each.total / each.raters,
            bayesian=(PRIOR * server_mean + each.total) / (PRIOR + each.raters),
        )
        for each in tallies
    ]
    return sorted(standings, key=lambda each: (-each.bayesian, -each.raters, each.anime_id))[:n]


def genre_preferences(
    recommender: Recommender,
    members: Sequence[Mapping[int, float]],
    *,
    at_least: int,
    adult: bool = False,
) -> list[GenrePreference]:
    """Rank genres by how much more a server likes them than the average user does, the most liked first.

    A rating counts as r − μ − b_i − b_u: what remains after the average user's rating of the anime and the
    member's own generosity are subtracted. A member's preference is Σ/(k + 5) over their k ratings of the
    genre; a genre's points are the mean over all members who have rated any anime of it.

    Args:
        recommender: knows the average user's ratings, and the genres.
        members: the members' ratings by anime id, 1–10.
        at_least: minimum raters of a genre; with fewer, its points would reveal single members' ratings.
        adult: whether genres rated 18+ are also named.
    """
    model, voices = recommender.model, defaultdict[str, list[float]](list)
    expected = model.predict({})  # without any ratings it is the baseline μ + b_i
    for ratings in members:
        ids = np.sort(check_ratings(ratings))
        rows, known = rows_of(ids, model.anime_ids)
        ids = ids[known]
        scores = np.array([ratings[each] for each in ids.tolist()], dtype=np.float64)
        beyond = scores - expected[rows[known]]
        beyond -= fold_in(beyond, model.parameters.reg_user)
        of_genre = defaultdict[str, list[float]](list)
        for anime_id, points in zip(ids.tolist(), beyond.tolist(), strict=True):
            for genre in recommender.catalogue.anime(anime_id).genres:
                of_genre[genre].append(points)
        for genre, points_given in of_genre.items():
            voices[genre].append(sum(points_given) / (len(points_given) + _DOUBT))
    found = [
        GenrePreference(genre, round(sum(said) / len(said), 1) + 0.0, len(said))
        for genre, said in voices.items()
        if len(said) >= at_least and (adult or genre not in ADULT_GENRES)
    ]
    return sorted(found, key=lambda each: (-each.points, each.genre))
