"""Item-based k-nearest-neighbours with baseline: Hakken's model."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self, get_args

import numpy as np
from numpy.typing import NDArray

from hakken import artefact
from hakken.catalogue.catalogue import Catalogue
from hakken.errors import ArtefactError, RatingsError
from hakken.model.explanations import Explanation, Reason, Recommendation, Similar, confidence
from hakken.model.fitted import FittedModel
from hakken.model.interpolation import Interpolation
from hakken.model.parameters import InterestParameters, Parameters
from hakken.model.profile import Profile
from hakken.model.rows import highest, rows_of
from hakken.model.training import learn
from hakken.model.workers import Workers
from hakken.progress import Progress
from hakken.ratings.ratings import HIGHEST, LOWEST, Ratings

Order = Literal["match", "predicted"]
_DEFAULTS = Parameters()
_INTEREST = InterestParameters()
_OF_INTEREST = "interest_"
"""Prefix of the interest parameters' names in a manifest."""
REASONS = 5
"""Maximum number of a member's ratings that a recommendation names."""
_WITHOUT_RATINGS = 6
"""For members without ratings, √raters is multiplied by the average user's rating to this power: 9 counts
twice as much as 8."""


class Scores(NamedTuple):
    """A member's scores of every anime."""

    predicted: NDArray[np.float64]
    """Predicted ratings, 1–10, shape (n_anime,)."""
    match: NDArray[np.float64]
    """Matches without unit, higher is better, shape (n_anime,)."""


class ItemKNNBaseline:
    """Predicts the rating that a member would give an anime.

    r̂_ui = b_ui + Σ_{j∈N^k_u(i)} w_ij·(r_uj − b_uj) / (δ + Σ_{j∈N^k_u(i)} w_ij), with b_ui = μ + b_u + b_i,
    w_ij = sim(i,j)^p and N^k_u(i) the k anime most similar to i that u rated; if there are none, r̂_ui = b_ui.
    The prediction is clipped to 1–10. The formula is Koren, *Factor in the Neighbors*, 2010, §2.2, eq. 3,
    which has p = 1 and δ = 0; see `Interpolation`. Members are not in the training set: every call folds in
    b_u from their own ratings.
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
        """Set the parameters; see `Parameters` and `InterestParameters`.

        Raises:
            ParameterError: (a ValueError) a parameter is out of its range.
        """
        self.parameters = Parameters(
            k, shrinkage, neighbours, reg_user, reg_item, epochs, min_support, amplification, damping
        )
        self.interest_parameters = interest
        self._learned: FittedModel | None = None
        self.questions: tuple[int, ...] = ()
        """Anime ids to ask a new member about, the most informative first."""

    def fit(
        self,
        ratings: Ratings,
        progress: Progress | None = None,
        workers: Workers | None = None,
        catalogue: Catalogue | None = None,
    ) -> Self:
        """Learn the baseline, the similarities and the interest; the result does not depend on the workers.

        Args:
            ratings: at least one rating.
            progress: called now and then with the current step and its progress.
            workers: run the computations on pairs of anime; this machine's threads by default.
            catalogue: facts that place anime with few or no ratings in the model, and join franchises.

        Raises:
            RatingsError: (a ValueError) an empty rating set.
        """
        if not len(ratings):
            raise RatingsError("there are no ratings to learn from")
        self.questions = ()
        self._take(learn(ratings, self.parameters, self.interest_parameters, progress, workers, catalogue))
        return self

    @property
    def anime_ids(self) -> NDArray[np.int64]:
        """The anime that the model knows, ascending, shape (n_anime,)."""
        return self._fitted.anime_ids

    @property
    def raters(self) -> NDArray[np.int32]:
        """Number of users who rated each anime, shape (n_anime,)."""
        return self._fitted.raters

    def predict(
        self, ratings: Mapping[int, float], anime_ids: Collection[int] | None = None
    ) -> NDArray[np.float64]:
        """Predict the ratings that a member would give.

        An anime that the member has rated is predicted from their other ratings, as if it were new except
        for its share in b_u. An anime that the model does not know gets μ + b_u.

        Args:
            ratings: the member's own ratings by anime id, 1–10; those of unknown anime are ignored.
            anime_ids: the anime to predict; all of ``self.anime_ids`` by default.

        Returns:
            Ratings 1–10, shape (len(anime_ids),), in the order of ``anime_ids``.

        Raises:
            RatingsError: a score off the scale.
        """
        member = self._profile(ratings)
        of_all = self._predicted(member)
        if anime_ids is None:
            return of_all
        rows, known = rows_of(np.fromiter(anime_ids, np.int64, len(anime_ids)), self.anime_ids)
        of_unknown = np.clip(self._fitted.mean + member.bias, LOWEST, HIGHEST)
        return np.where(known, of_all[rows], of_unknown)

    def match(self, ratings: Mapping[int, float], rarity: float | None = None) -> NDArray[np.float64]:
        """Return how well every anime matches a member; see `scores`."""
        return self.scores(ratings, rarity).match

    def scores(self, ratings: Mapping[int, float], rarity: float | None = None) -> Scores:
        """Compute the predicted rating r̂_ui of every anime, and its match s_ui·r̂_ui^β_u·(n_i + 1)^−γ.

        The interest s_ui says whether the member would watch it at all, the predicted rating how much they
        would like it. The predicted rating counts more, the more ratings n_u it rests on:
        β_u = β·n_u/(n_u + κ). Anime with many raters n_i score a little less, because they need less
        recommending. If s_ui is below 0, the predicted rating is ignored. For members without ratings, the
        anime that most people know and like match best.

        Args:
            ratings: the member's own ratings by anime id, 1–10.
            rarity: γ; that of ``interest_parameters`` by default.

        Raises:
            RatingsError: a score off the scale.
        """
        member = self._profile(ratings)
        parameters = self.interest_parameters
        predicted = self._predicted(member)
        if len(member.rows):
            interest = self._fitted.interest.of_member(member.rows, member.levels)
        else:
            interest = np.sqrt(self._known) * predicted**_WITHOUT_RATINGS
        rated = len(member.rows)
        say = parameters.keenness * (rated / (rated + parameters.trust) if rated else 1.0)
        liked = np.where(interest > 0, predicted**say, 1.0)
        weight = self._usual_weight if rarity is None else self._known**-rarity
        return Scores(predicted, interest * liked * weight)

    def because(
        self, ratings: Mapping[int, float], anime_ids: Iterable[int], most: int = REASONS
    ) -> list[tuple[Reason, ...]]:
        """List for each anime the member's own ratings with the most influence, the strongest first.

        Args:
            ratings: the member's own ratings by anime id, 1–10.
            anime_ids: anime that the model knows.
            most: maximum number of ratings per anime, 1 or more.

        Raises:
            RatingsError: a score off the scale.
            KeyError: the model does not know an anime.
        """
        member = self._profile(ratings)
        return [self._reasons(member, self._row(anime_id), most) for anime_id in anime_ids]

    def predict_batch(self, members: Sequence[Mapping[int, float]]) -> NDArray[np.float64]:
        """Return what `predict` gives for each of several members, computed in this machine's threads.

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
        """Recommend n anime to a member, none that they have rated.

        Args:
            ratings: the member's own ratings by anime id, 1–10.
            n: maximum number of anime, 0 or more.
            order: ``match``: the best first by interest and predicted rating together, see `match`;
                ``predicted``: the highest predicted rating first, regardless of interest. Ties by more
                raters, then by lower id.
            exclude: anime ids to leave out.
            among: anime ids to choose from; all that the model knows by default.
            min_raters: anime that fewer users rated are left out.

        Raises:
            RatingsError: a score off the scale.
            ValueError: an unknown order or a negative n.
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
        """Break down a member's prediction for one anime.

        Args:
            ratings: the member's own ratings by anime id, 1–10; that of the anime itself is ignored.
            anime_id: an anime that the model knows.

        Raises:
            RatingsError: a score off the scale.
            KeyError: the model does not know the anime.
        """
        row = self._row(anime_id)
        member = self._profile({rated: score for rated, score in ratings.items() if rated != anime_id})
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
            confidence=confidence((one.similarity for one in reasons), len(member.rows)),
        )

    def similar(self, anime_id: int, n: int = 10) -> list[Similar]:
        """List the n anime most similar to this one, the most similar first; none for an unknown anime."""
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
        """Write the model as an artefact, completely or not at all; see `hakken.artefact`.

        Args:
            directory: created if missing; an existing artefact in it is replaced.
            catalogue: facts about the anime to store with the model.
            metrics: measured metrics of this model, for the manifest.

        Raises:
            ArtefactError: the artefact cannot be written.
        """
        learned = self._fitted
        artefact.write(
            directory,
            {**learned.arrays(), "questions": np.array(self.questions, np.int32)},
            {"catalogue": (catalogue or Catalogue()).write},
            parameters=asdict(self.parameters)
            | {_OF_INTEREST + name: value for name, value in asdict(self.interest_parameters).items()},
            data=learned.data,
            metrics={**learned.metrics, **(metrics or {})},
        )

    @classmethod
    def load(cls, directory: str | Path) -> Self:
        """Map a saved model into memory; it predicts the same as the model that was saved.

        Raises:
            ArtefactError: it is missing, damaged or of another version; the message names the file and the
                remedy.
        """
        stored = artefact.read(directory)
        manifest = stored.manifest
        try:
            model = cls(**_parted(manifest.parameters))
            model._take(
                FittedModel.of_arrays(
                    stored.arrays, model.interest_parameters.slope, manifest.data, manifest.metrics
                )
            )
            model.questions = _questions(stored.arrays["questions"])
        except (KeyError, TypeError, ValueError) as error:
            raise ArtefactError(
                f"{Path(directory) / artefact.MANIFEST}: does not describe a model ({error}); train it again"
            ) from error
        return model

    def _take(self, learned: FittedModel) -> None:
        parameters = self.parameters
        self._learned = learned
        self._interpolation = Interpolation(
            learned.neighbours,
            k=parameters.k,
            amplification=parameters.amplification,
            damping=parameters.damping,
        )
        self._known = 1.0 + learned.interest.likenesses.averages(learned.raters)
        """Raters + 1; for anime whose interest comes from similar anime, the average of those."""
        # Computed once: powers of thousands of numbers take as long as all the rest of a member's scores.
        self._usual_weight = self._known**-self.interest_parameters.rarity

    @property
    def _fitted(self) -> FittedModel:
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

    def _profile(self, ratings: Mapping[int, float]) -> Profile:
        return Profile.of(ratings, self._fitted, self.parameters.reg_user)

    def _row(self, anime_id: int) -> int:
        rows, known = rows_of(np.array([anime_id]), self.anime_ids)
        if not known[0]:
            raise KeyError(anime_id)
        return int(rows[0])

    def _predicted(self, member: Profile) -> NDArray[np.float64]:
        """r̂_ui of every anime, shape (n_anime,)."""
        learned = self._fitted
        baseline = learned.mean + member.bias + learned.biases.astype(np.float64)
        moved = self._interpolation.of_member(member.rows, member.deviations)
        return np.asarray(np.clip(baseline + moved, LOWEST, HIGHEST))

    def _reasons(self, member: Profile, row: int, most: int) -> tuple[Reason, ...]:
        """List the ratings that influence the prediction or the interest, the strongest first."""
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
    """Divide parts by the sum of their absolute values; all 0 if that sum is 0."""
    total = np.abs(parts).sum()
    return parts / total if total else parts


def _parted(parameters: Mapping[str, float | None]) -> dict[str, Any]:
    """Convert the parameters in a manifest to arguments of `ItemKNNBaseline`."""
    of_interest = {name for name in parameters if name.startswith(_OF_INTEREST)}
    interest: dict[str, Any] = {name.removeprefix(_OF_INTEREST): parameters[name] for name in of_interest}
    others = {name: value for name, value in parameters.items() if name not in of_interest}
    return {**others, "interest": InterestParameters(**interest)}


def _questions(stored: NDArray[Any]) -> tuple[int, ...]:
    if stored.dtype != np.int32 or stored.ndim != 1 or np.any(stored < 1):
        raise ValueError("questions is no sequence of anime ids")
    return tuple(stored.tolist())


def _count(n: int) -> int:
    if n < 0:
        raise ValueError(f"n must be 0 or more, not {n}")
    return n
