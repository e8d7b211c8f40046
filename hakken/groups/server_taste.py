"""What a server as a whole likes: many members' ratings in, no member's own out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hakken.catalogue.anime import ADULT_GENRES
from hakken.model.baseline import fold_in
from hakken.model.rows import rows_of
from hakken.recommend.recommender import Recommender

PRIOR = 5
"""So many ratings the server's mean counts as beside those of an anime."""
_DOUBT = 5
"""So many ratings of a genre on which a member says nothing count beside theirs."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What members gave an anime together."""

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
    """How much more than the world a server likes a genre."""

    genre: str
    points: float
    """Rating points to a tenth, so that a single rating does not show; below 0 where it likes it less."""
    raters: int


def best(tallies: Sequence[Tally], server_mean: float, n: int) -> list[RankedAnime]:
    """The n best of a server by Bayesian mean: (C·m + Σr) / (C + k).

    m is the mean of all of the server's ratings, C = `PRIOR`, Σr the sum of an anime's k ratings: three tens
    do not yet beat twenty nines. The form is that of IMDb's weighted rating.

    Args:
        tallies: each of enough raters to be shown.
        server_mean: m, 1–10.
        n: how many at most; ties by more raters, then the lower id.
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
    """Genres by how much more than the world a server likes them, the most first.

    Of a genre's ratings counts what is left of r − μ − b_i − b_u, beyond what everyone gives the anime and
    beyond the member's own generosity. A member says Σ/(k + 5) by their k ratings of the genre; each who has
    rated any of it has one voice.

    Args:
        recommender: knows what everyone gives, and the genres.
        members: their ratings by anime id, 1–10.
        at_least: genres with fewer raters are left out: of a few, it would tell what its members rate.
        adult: whether genres rated 18+ are named, too.
    """
    model, voices = recommender.model, defaultdict[str, list[float]](list)
    expected = model.predict({})  # without ratings of one's own it is the baseline μ + b_i
    for ratings in members:
        ids = np.array(sorted(ratings), dtype=np.int64)
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
