"""Item-based k-nearest-neighbours with baseline: the model that Hakken is about."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self, get_args

import numpy as np
from numpy.typing import NDArray

from hakken import artefact
from hakken.anime_rows import highest, rows_of
from hakken.baseline import Baseline, fold_in
from hakken.catalogue import Catalogue
from hakken.errors import ArtefactError, RatingsError
from hakken.interest import Interest, Links, learn_interest
from hakken.interpolation import Interpolation
from hakken.neighbours import Neighbours
from hakken.newcomers import Places, give_places
from hakken.parameters import InterestParameters, Parameters
from hakken.progress import Progress
from hakken.ratings import HIGHEST, LOWEST, Ratings, check_scores
from hakken.recommendations import Explanation, Reason, Recommendation, Similar, confidence
from hakken.similarity import similar_anime
from hakken.workers import Workers

Order = Literal["match", "predicted"]
_DEFAULTS = Parameters()
_INTEREST = InterestParameters()
_OF_INTEREST = "interest_"
"""How the names of its parameters begin in a manifest."""
REASONS = 5
"""How many of a member's ratings a recommendation names at most."""
_WITHOUT_RATINGS = 6
"""The power of the crowd's mean beside √raters for someone without ratings: 9 counts twice as much as 8."""
_WELL_KNOWN = 5
"""`ItemKNNBaseline.popular` chooses n from this many times n of the most rated."""


@dataclass(frozen=True)
class _Learned:
    anime_ids: NDArray[np.int64]
    raters: NDArray[np.int32]
    mean: float
    biases: NDArray[np.float32]
    neighbours: Neighbours
    interest: Interest
    data: Mapping[str, str | int | float]
    metrics: Mapping[str, float | int]

    def check(self) -> None:
        """Refuse arrays as they are stored that do not make a model: a ValueError says which."""
        stored: dict[str, tuple[NDArray[Any], type[np.generic]]] = {
            "anime_ids": (self.anime_ids, np.int32),
            "raters": (self.raters, np.int32),
            "biases": (self.biases, np.float32),
        }
        for name, (array, kind) in stored.items():
            if array.dtype != kind or array.ndim != 1:
                raise ValueError(f"{name} is no sequence of {kind.__name__}")
        if not 0 < len(self.anime_ids) == len(self.raters) == len(self.biases):
            raise ValueError("the arrays are not of one length")
        if self.anime_ids[0] < 1 or np.any(self.anime_ids[1:] <= self.anime_ids[:-1]):
            raise ValueError("anime_ids does not ascend from 1 on")
        if self.raters.min() < 0:
            raise ValueError("raters holds a count below 0")
        if not np.isfinite(self.biases).all():
            raise ValueError("biases holds what is no finite number")
        self.neighbours.check(len(self.anime_ids))
        self.interest.check(len(self.anime_ids))


class Scores(NamedTuple):
    """A member's scores of every anime."""

    predicted: NDArray[np.float64]
    """The rating that they would give, 1–10, shape (n_anime,)."""
    match: NDArray[np.float64]
    """No unit, the higher the better, shape (n_anime,)."""


@dataclass(frozen=True)
class _Member:
    """A member's ratings as the model sees them."""

    rows: NDArray[np.intp]
    scores: NDArray[np.float64]
    bias: float
    levels: NDArray[np.float64]
    """r_uj − μ − b_u in rating points."""
    deviations: NDArray[np.float64]
    """r_uj − b_uj in rating points."""


class ItemKNNBaseline:
    """Predicts the rating that a member would give an anime.

    r̂_ui = b_ui + Σ_{j∈N^k_u(i)} w_ij·(r_uj − b_uj) / (δ + Σ_{j∈N^k_u(i)} w_ij), with b_ui = μ + b_u + b_i,
    w_ij = sim(i,j)^p and N^k_u(i) the k anime most similar to i of those that u rated; with none, b_ui.
    Clipped to 1–10. Koren, *Factor in the Neighbors*, 2010, §2.2, eq. 3, which has p = 1 and δ = 0; see
    `Interpolation`. No member is in the training set: b_u is folded in from their own ratings at every call.
    """

    def __init__(
        self,
        k: int = _DEFAULTS.k,
        shrinkage: float = _DEFAULTS.shrinkage,
        neighbours: int | None = _DEFAULTS.neighbours,
        reg_user: float = _DEFAULTS.reg_user,
        reg_item: float = _DEFAULTS.reg_item,
        epochs: int = _DEFAULTS.epochs,
        min_support: int = _DEFAULTS.min_support,
        amplification: float = _DEFAULTS.amplification,
        damping: float = _DEFAULTS.damping,
        interest: InterestParameters = _INTEREST,
    ) -> None:
        """Take the parameters; see `Parameters` and `InterestParameters`.

        Raises:
            ParameterError: (a ValueError) one is out of its range.
        """
        self.parameters = Parameters(
            k, shrinkage, neighbours, reg_user, reg_item, epochs, min_support, amplification, damping
        )
        self.interest_parameters = interest
        self._learned: _Learned | None = None
        self.questions: tuple[int, ...] = ()
        """Anime ids that tell most of a new member when they are asked about them, the best first."""

    def fit(
        self,
        ratings: Ratings,
        progress: Progress | None = None,
        workers: Workers | None = None,
        catalogue: Catalogue | None = None,
    ) -> Self:
        """Learn the baseline, the similarities and the interest; the same whoever computes the parts.

        Args:
            ratings: at least one rating.
            progress: told now and then what is being done and how far it is.
            workers: who computes what anime have in common; this machine's threads by default.
            catalogue: facts that give a place to anime that few or none have rated, and join franchises.

        Raises:
            RatingsError: (a ValueError) an empty rating set.
        """
        if not len(ratings):
            raise RatingsError("there are no ratings to learn from")
        told = self.parameters
        started = time.perf_counter()
        baseline = Baseline.fit(ratings, reg_user=told.reg_user, reg_item=told.reg_item, epochs=told.epochs)
        baseline_done = time.perf_counter()
        neighbours = similar_anime(
            ratings,
            baseline,
            shrinkage=told.shrinkage,
            min_support=told.min_support,
            neighbours=told.neighbours,
            workers=workers,
            progress=progress,
        )
        similarities_done = time.perf_counter()
        weights = learn_interest(
            ratings, baseline, self.interest_parameters, _franchises(ratings, catalogue), workers, progress
        )
        interest_done = time.perf_counter()
        places = Places.of_rated(ratings.anime_ids, ratings.raters, baseline.of_anime, neighbours, weights)
        if catalogue:
            places = give_places(
                places,
                catalogue,
                least_raters=self.interest_parameters.least_raters,
                likes=self.interest_parameters.likes,
                reg_item=told.reg_item,
            )
        self.questions = ()
        self._take(
            _Learned(
                anime_ids=places.anime_ids,
                raters=places.raters,
                mean=baseline.mean,
                biases=places.biases.astype(np.float32),
                neighbours=places.neighbours,
                interest=Interest(
                    Links.of_matrix(places.interest),
                    Links.of_matrix(places.likenesses),
                    self.interest_parameters.slope,
                ),
                data={
                    "ratings": len(ratings),
                    "users": len(ratings.user_ids),
                    "anime": len(ratings.anime_ids),
                    "mean": baseline.mean,
                    "fingerprint": ratings.fingerprint(),
                },
                metrics={
                    "baseline_seconds": round(baseline_done - started, 3),
                    "similarities_seconds": round(similarities_done - baseline_done, 3),
                    "interest_seconds": round(interest_done - similarities_done, 3),
                },
            )
        )
        return self

    @property
    def anime_ids(self) -> NDArray[np.int64]:
        """The anime that the model knows, ascending, shape (n_anime,)."""
        return self._fitted.anime_ids

    @property
    def raters(self) -> NDArray[np.int32]:
        """By how many users each of them was rated, shape (n_anime,)."""
        return self._fitted.raters

    def predict(
        self, ratings: Mapping[int, float], anime_ids: Collection[int] | None = None
    ) -> NDArray[np.float64]:
        """The ratings that a member would give.

        An anime that the member has rated is predicted from their other neighbours, as if it were new but
        for its share in b_u. One that the model does not know gets μ + b_u.

        Args:
            ratings: the member's own by anime id, 1–10; those of unknown anime count for nothing.
            anime_ids: what to predict; all of ``self.anime_ids`` by default.

        Returns:
            Ratings 1–10, shape (len(anime_ids),), in the order asked for.

        Raises:
            RatingsError: a score off the scale.
        """
        member = self._member(ratings)
        of_all = self._predicted(member)
        if anime_ids is None:
            return of_all
        rows, known = rows_of(np.fromiter(anime_ids, np.int64, len(anime_ids)), self.anime_ids)
        of_unknown = np.clip(self._fitted.mean + member.bias, LOWEST, HIGHEST)
        return np.where(known, of_all[rows], of_unknown)

    def match(self, ratings: Mapping[int, float], rarity: float | None = None) -> NDArray[np.float64]:
        """How well every anime matches a member: see `scores`."""
        return self.scores(ratings, rarity).match

    def scores(self, ratings: Mapping[int, float], rarity: float | None = None) -> Scores:
        """The predicted rating r̂_ui of every anime, and its match with a member: s_ui·r̂_ui^β·(n_i + 1)^−γ.

        The interest s_ui says whether they would watch it at all, the predicted rating how they would like
        it; what everybody knows, by its n_i raters, has a little less need to be recommended. Where s_ui is
        below 0, the predicted rating has no say. Without ratings, what most people know and like matches.

        Args:
            ratings: the member's own by anime id, 1–10.
            rarity: γ; that of ``interest_parameters`` by default.

        Raises:
            RatingsError: a score off the scale.
        """
        member = self._member(ratings)
        told = self.interest_parameters
        predicted = self._predicted(member)
        if len(member.rows):
            interest = self._fitted.interest.of_member(member.rows, member.levels)
        else:
            interest = np.sqrt(self._known) * predicted**_WITHOUT_RATINGS
        liked = np.where(interest > 0, predicted**told.keenness, 1.0)
        weight = self._known ** -(told.rarity if rarity is None else rarity)
        return Scores(predicted, interest * liked * weight)

    def because(
        self, ratings: Mapping[int, float], anime_ids: Iterable[int], most: int = REASONS
    ) -> list[tuple[Reason, ...]]:
        """For each of some anime a member's own ratings that have most say, the strongest first.

        Args:
            ratings: the member's own by anime id, 1–10.
            anime_ids: that the model knows.
            most: how many ratings at most, 1 or more.

        Raises:
            RatingsError: a score off the scale.
            KeyError: the model does not know an anime.
        """
        member = self._member(ratings)
        return [self._reasons(member, self._row(anime_id), most) for anime_id in anime_ids]

    def predict_batch(self, members: Sequence[Mapping[int, float]]) -> NDArray[np.float64]:
        """What `predict` gives for each of several members, computed in this machine's threads.

        Returns:
            Ratings 1–10, shape (len(members), n_anime), in the order of ``self.anime_ids``.

        Raises:
            RatingsError: a score off the scale.
        """
        predicted = np.empty((len(members), len(self.anime_ids)))
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            for row, one in zip(predicted, threads.map(self.predict, members), strict=True):
                row[:] = one
        return predicted

    def recommend(
        self,
        ratings: Mapping[int, float],
        n: int = 10,
        order: Order = "match",
        exclude: Collection[int] = (),
        *,
        among: Collection[int] | None = None,
        min_raters: int = 0,
    ) -> list[Recommendation]:
        """The n anime for a member, never one that they have rated.

        Args:
            ratings: the member's own by anime id, 1–10.
            n: how many at most, 0 or more.
            order: ``match``: the best first by interest and predicted rating together, see `match`;
                ``predicted``: the highest predicted rating first, whether they would watch it or not.
                Ties by more raters, then by lower id.
            exclude: anime ids to leave out.
            among: anime ids to choose from; all that the model knows by default.
            min_raters: leaves out anime that fewer users rated.

        Raises:
            RatingsError: a score off the scale.
            ValueError: an unknown order, a negative n.
        """
        if order not in get_args(Order):
            raise ValueError(f"order must be one of {get_args(Order)}, not {order!r}")
        rows = self._candidates(set(ratings) | set(exclude), among, min_raters)
        scores = self.scores(ratings)
        predicted, ranking = scores.predicted, scores.predicted if order == "predicted" else scores.match
        best = highest(ranking, self.raters, rows, _count(n))
        becauses = self.because(ratings, self.anime_ids[best].tolist())
        return [
            Recommendation(int(self.anime_ids[row]), float(predicted[row]), because)
            for row, because in zip(best.tolist(), becauses, strict=True)
        ]

    def explain(self, ratings: Mapping[int, float], anime_id: int) -> Explanation:
        """What a member's prediction for one anime is made of.

        Args:
            ratings: the member's own by anime id, 1–10; that of the anime itself counts for nothing.
            anime_id: one that the model knows.

        Raises:
            RatingsError: a score off the scale.
            KeyError: the model does not know the anime.
        """
        row = self._row(anime_id)
        member = self._member({rated: score for rated, score in ratings.items() if rated != anime_id})
        reasons = self._reasons(member, row, len(member.rows))
        of_anime = float(self._fitted.biases[row])
        summed = self._fitted.mean + member.bias + of_anime + sum(one.contribution for one in reasons)
        predicted = min(max(summed, LOWEST), HIGHEST)
        return Explanation(
            anime_id=anime_id,
            predicted=predicted,
            mean=self._fitted.mean,
            of_member=member.bias,
            of_anime=of_anime,
            neighbours=reasons,
            clipped=predicted - summed,
            raters=int(self.raters[row]),
            confidence=confidence(one.similarity for one in reasons),
        )

    def popular(
        self, n: int = 10, exclude: Collection[int] = (), *, among: Collection[int] | None = None
    ) -> list[Recommendation]:
        """Well-known anime that people like, for someone without ratings: the best liked of the most rated.

        Args:
            n: how many at most, 0 or more.
            exclude: anime ids to leave out.
            among: anime ids to choose from; all that the model knows by default.

        Returns:
            The highest μ + b_i first; no reasons.
        """
        rows = self._candidates(set(exclude), among, 0)
        known = rows[np.lexsort((rows, -self.raters[rows]))][: _count(n) * _WELL_KNOWN]
        liked = self._fitted.mean + self._fitted.biases[known].astype(np.float64)
        best = np.lexsort((known, -liked))[:n]
        ids, predicted = self.anime_ids[known[best]].tolist(), np.clip(liked[best], LOWEST, HIGHEST).tolist()
        return [Recommendation(*one, because=()) for one in zip(ids, predicted, strict=True)]

    def similar(self, anime_id: int, n: int = 10) -> list[Similar]:
        """The n anime most similar to this one, the most similar first; none for an unknown anime."""
        rows, known = rows_of(np.array([anime_id]), self.anime_ids)
        if not known[0]:
            return []
        neighbours, similarities = self._fitted.neighbours.of(int(rows[0]))
        ids = self.anime_ids[neighbours[: _count(n)]].tolist()
        return [Similar(*one) for one in zip(ids, similarities[:n].tolist(), strict=True)]

    def save(
        self,
        directory: str | Path,
        catalogue: Catalogue | None = None,
        metrics: Mapping[str, float | int] | None = None,
    ) -> None:
        """Write the model as an artefact, whole or not at all; see `hakken.artefact`.

        Args:
            directory: made where it does not exist; an artefact in it is replaced.
            catalogue: facts about the anime to go with it.
            metrics: measured of this model, for the manifest.

        Raises:
            ArtefactError: it cannot be written.
        """
        learned = self._fitted
        artefact.write(
            directory,
            {
                "anime_ids": learned.anime_ids.astype(np.int32),
                "raters": learned.raters,
                "biases": learned.biases,
                "start": learned.neighbours.start,
                "neighbours": learned.neighbours.rows,
                "similarities": learned.neighbours.similarities,
                **_arrays("interest", learned.interest.learned),
                **_arrays("likeness", learned.interest.likenesses),
                "questions": np.array(self.questions, np.int32),
            },
            {"catalogue": (catalogue or Catalogue()).write},
            parameters=asdict(self.parameters)
            | {_OF_INTEREST + name: value for name, value in asdict(self.interest_parameters).items()},
            data=learned.data,
            metrics={**learned.metrics, **(metrics or {})},
        )

    @classmethod
    def load(cls, directory: str | Path) -> Self:
        """Map a saved model into memory; its predictions are those of the model that was saved.

        Raises:
            ArtefactError: missing, damaged or of another version; the sentence names the file and the remedy.
        """
        stored = artefact.read(directory)
        arrays, manifest = stored.arrays, stored.manifest
        try:
            model = cls(**_parted(manifest.parameters))
            learned = _Learned(
                anime_ids=arrays["anime_ids"],
                raters=arrays["raters"],
                mean=_mean(manifest.data["mean"]),
                biases=arrays["biases"],
                neighbours=Neighbours(arrays["start"], arrays["neighbours"], arrays["similarities"]),
                interest=Interest(
                    _links("interest", arrays), _links("likeness", arrays), model.interest_parameters.slope
                ),
                data=manifest.data,
                metrics=manifest.metrics,
            )
            learned.check()
            model._take(learned)
            model.questions = _questions(arrays["questions"])
        except (KeyError, TypeError, ValueError) as error:
            raise ArtefactError(
                f"{Path(directory) / artefact.MANIFEST}: does not describe a model ({error}); train it again"
            ) from error
        return model

    def _take(self, learned: _Learned) -> None:
        told = self.parameters
        self._learned = learned
        self._interpolation = Interpolation(
            learned.neighbours, k=told.k, amplification=told.amplification, damping=told.damping
        )
        self._known = 1.0 + learned.interest.likenesses.averages(learned.raters)
        """Raters + 1; of an anime that takes its interest from others, theirs."""

    @property
    def _fitted(self) -> _Learned:
        if self._learned is None:
            raise RuntimeError("the model has learned nothing yet: call fit or load first")
        return self._learned

    def _candidates(
        self, exclude: Collection[int], among: Collection[int] | None, min_raters: int
    ) -> NDArray[np.intp]:
        if among is None:
            chosen = np.ones(len(self.anime_ids), dtype=np.bool_)
        else:
            chosen = np.zeros(len(self.anime_ids), dtype=np.bool_)
            rows, known = rows_of(np.fromiter(among, np.int64, len(among)), self.anime_ids)
            chosen[rows[known]] = True
        rows, known = rows_of(np.fromiter(exclude, np.int64, len(exclude)), self.anime_ids)
        chosen[rows[known]] = False
        return np.flatnonzero(chosen & (self.raters >= min_raters))

    def _member(self, ratings: Mapping[int, float]) -> _Member:
        check_scores(ratings)
        # In the order of the ids: the same ratings give the same sums to the bit.
        ids = np.fromiter(sorted(ratings), np.int64, len(ratings))
        rows, known = rows_of(ids, self.anime_ids)
        rows = rows[known]
        scores = np.array([ratings[anime_id] for anime_id in ids[known].tolist()], dtype=np.float64)
        above_anime = scores - (self._fitted.mean + self._fitted.biases[rows].astype(np.float64))
        bias = fold_in(above_anime, self.parameters.reg_user)
        return _Member(rows, scores, bias, scores - self._fitted.mean - bias, above_anime - bias)

    def _row(self, anime_id: int) -> int:
        rows, known = rows_of(np.array([anime_id]), self.anime_ids)
        if not known[0]:
            raise KeyError(anime_id)
        return int(rows[0])

    def _predicted(self, member: _Member) -> NDArray[np.float64]:
        """r̂_ui of every anime, shape (n_anime,)."""
        learned = self._fitted
        baseline = learned.mean + member.bias + learned.biases.astype(np.float64)
        moved = self._interpolation.of_member(member.rows, member.deviations)
        return np.asarray(np.clip(baseline + moved, LOWEST, HIGHEST))

    def _reasons(self, member: _Member, row: int, most: int) -> tuple[Reason, ...]:
        """The ratings that have a say in the prediction or in the interest, the strongest first."""
        at, similar, contributed = self._interpolation.parts(row, member.rows, member.deviations)
        similarities, contributions = np.zeros(len(member.rows)), np.zeros(len(member.rows))
        similarities[at], contributions[at] = similar, contributed
        interest = self._fitted.interest.parts(row, member.rows, member.levels)
        strength = np.abs(_shares(contributions) + _shares(interest))
        having_a_say = np.flatnonzero((similarities > 0) | (interest != 0))
        return tuple(
            Reason(
                anime_id=int(self.anime_ids[member.rows[one]]),
                score=float(member.scores[one]),
                similarity=float(similarities[one]),
                contribution=float(contributions[one]),
                interest=float(interest[one]),
            )
            for one in having_a_say[np.lexsort((having_a_say, -strength[having_a_say]))][:most]
        )


def _shares(parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of all that was added and taken away; 0 where there is nothing."""
    total = np.abs(parts).sum()
    return parts / total if total else parts


def _franchises(ratings: Ratings, catalogue: Catalogue | None) -> list[list[int]]:
    """Rows of the rated anime that belong together."""
    together: dict[int, list[int]] = defaultdict(list)
    for row, anime_id in enumerate(ratings.anime_ids.tolist() if catalogue else ()):
        franchise = catalogue.anime(anime_id).franchise if catalogue else None
        if franchise is not None:
            together[franchise].append(row)
    return [rows for rows in together.values() if len(rows) > 1]


def _parted(parameters: Mapping[str, float | None]) -> dict[str, Any]:
    """The arguments of `ItemKNNBaseline` from the parameters in a manifest."""
    of_interest = {name for name in parameters if name.startswith(_OF_INTEREST)}
    interest: dict[str, Any] = {name.removeprefix(_OF_INTEREST): parameters[name] for name in of_interest}
    others = {name: value for name, value in parameters.items() if name not in of_interest}
    return {**others, "interest": InterestParameters(**interest)}


def _arrays(name: str, links: Links) -> dict[str, NDArray[Any]]:
    return {f"{name}_start": links.start, f"{name}_rows": links.rows, f"{name}_weights": links.weights}


def _links(name: str, arrays: Mapping[str, NDArray[Any]]) -> Links:
    return Links(arrays[f"{name}_start"], arrays[f"{name}_rows"], arrays[f"{name}_weights"])


def _questions(stored: NDArray[Any]) -> tuple[int, ...]:
    if stored.dtype != np.int32 or stored.ndim != 1 or np.any(stored < 1):
        raise ValueError("questions is no sequence of anime ids")
    return tuple(stored.tolist())


def _mean(told: str | float) -> float:
    if isinstance(told, str) or not LOWEST <= told <= HIGHEST:
        raise ValueError(f"mean must be {LOWEST}–{HIGHEST}, not {told!r}")
    return float(told)


def _count(n: int) -> int:
    if n < 0:
        raise ValueError(f"n must be 0 or more, not {n}")
    return n
