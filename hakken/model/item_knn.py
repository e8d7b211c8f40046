"""Item-based k-nearest-neighbours with baseline: Hakken's model."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from hakken.catalogue.catalogue import Catalogue
from hakken.errors import RatingsError
from hakken.model import saving
from hakken.model.explanations import Explanation, Reason, Recommendation, Similar
from hakken.model.fitted import FittedModel
from hakken.model.parameters import InterestParameters, Parameters
from hakken.model.prediction import Prediction, Scores
from hakken.model.profile import Profile
from hakken.model.reasons import explain, reasons
from hakken.model.rows import highest, rows_of
from hakken.model.second_stage_trees import SecondStageTrees
from hakken.model.training import learn
from hakken.model.workers import Workers
from hakken.progress import Progress
from hakken.ratings.ids import anime_ids_of
from hakken.ratings.ratings import Ratings

Order = Literal["match", "predicted"]
_DEFAULTS = Parameters()
_INTEREST = InterestParameters()
REASONS = 5
"""Maximum number of a member's ratings that a recommendation names."""


class ItemKNNBaseline:
    """The item-based KNN model with baseline: fitted on ratings, asked for members, saved and loaded.

    `Prediction` holds the formula. Members are not in the training set: every call folds in b_u from their
    own ratings.
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
        self._ready: Prediction | None = None
        self.questions: tuple[int, ...] = ()
        """Anime ids to ask a new member about, the most informative first."""
        self.second_stage = SecondStageTrees.none()
        """What `hakken.recommend.second_stage` orders the best matches by."""

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
        self.questions, self.second_stage = (), SecondStageTrees.none()
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

    @property
    def levels(self) -> NDArray[np.float64]:
        """μ + b_i: the rating that the average user would give each anime, shape (n_anime,)."""
        return self._fitted.mean + self._fitted.biases.astype(np.float64)

    def counting(self, anime_ids: Collection[int]) -> int:
        """Count of which of these anime a rating tells something: see `FittedModel.speaking`.

        Raises:
            RatingsError: an invalid id.
        """
        rows, known = rows_of(anime_ids_of(anime_ids), self.anime_ids)
        return int(np.count_nonzero(self._fitted.speaking[rows[known]]))

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
            RatingsError: an invalid id, or a score off the scale.
        """
        member = self.profile(ratings)
        of_all = self._prediction.predicted(member)
        if anime_ids is None:
            return of_all
        rows, known = rows_of(anime_ids_of(anime_ids), self.anime_ids)
        return np.where(known, of_all[rows], self._prediction.usual_rating(member))

    def match(self, ratings: Mapping[int, float], rarity: float | None = None) -> NDArray[np.float64]:
        """Return how well every anime matches a member; see `scores`."""
        return self.scores(ratings, rarity).match

    def scores(self, ratings: Mapping[int, float], rarity: float | None = None) -> Scores:
        """Compute the predicted rating and the match of every anime, and μ + b_u; see `Prediction.scores`.

        Args:
            ratings: the member's own ratings by anime id, 1–10.
            rarity: γ; that of ``interest_parameters`` by default.

        Raises:
            RatingsError: an invalid id, or a score off the scale.
        """
        return self.scores_of(self.profile(ratings), rarity)

    def profile(self, ratings: Mapping[int, float]) -> Profile:
        """Fold in a member from their own ratings by anime id, 1–10.

        Raises:
            RatingsError: an invalid id, or a score off the scale.
        """
        return self._prediction.profile(ratings)

    def scores_of(self, member: Profile, rarity: float | None = None) -> Scores:
        """Compute the scores of a folded-in member; see `scores`."""
        return self._prediction.scores(member, rarity)

    def because(
        self, ratings: Mapping[int, float], anime_ids: Iterable[int], most: int = REASONS
    ) -> list[tuple[Reason, ...]]:
        """List for each anime the member's own ratings with the most influence, the strongest first.

        Args:
            ratings: the member's own ratings by anime id, 1–10.
            anime_ids: anime that the model knows.
            most: maximum number of ratings per anime, 1 or more.

        Raises:
            RatingsError: an invalid id, or a score off the scale.
            KeyError: the model does not know an anime.
        """
        member = self.profile(ratings)
        return [reasons(self._prediction, member, self._row(anime_id), most) for anime_id in anime_ids]

    def predict_batch(self, members: Sequence[Mapping[int, float]]) -> NDArray[np.float64]:
        """Return what `predict` gives for each of several members, computed in this machine's threads.

        Returns:
            Ratings 1–10, shape (len(members), n_anime), in the order of ``self.anime_ids``.

        Raises:
            RatingsError: an invalid id, or a score off the scale.
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
            RatingsError: an invalid id, or a score off the scale.
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
            RatingsError: an invalid id, or a score off the scale.
            KeyError: the model does not know the anime.
        """
        row = self._row(anime_id)
        member = self.profile({rated: score for rated, score in ratings.items() if rated != anime_id})
        return explain(self._prediction, member, row)

    def similar(self, anime_id: int, n: int = 10) -> list[Similar]:
        """List the n anime most similar to this one, the most similar first; none for an unknown anime.

        Raises:
            RatingsError: an invalid id.
        """
        rows, known = rows_of(anime_ids_of([anime_id]), self.anime_ids)
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
        saving.write(
            directory,
            saving.SavedModel(
                self._fitted, self.parameters, self.interest_parameters, self.questions, self.second_stage
            ),
            catalogue or Catalogue(),
            metrics or {},
        )

    @classmethod
    def load(cls, directory: str | Path) -> Self:
        """Map a saved model into memory; it predicts the same as the model that was saved.

        Raises:
            ArtefactError: it is missing, damaged or of another version; the message names the file and the
                remedy.
        """
        saved = saving.read(directory)
        model = cls(**asdict(saved.parameters), interest=saved.interest_parameters)
        model._take(saved.fitted)
        model.questions, model.second_stage = saved.questions, saved.second_stage
        return model

    def _take(self, fitted: FittedModel) -> None:
        self._ready = Prediction(fitted, self.parameters, self.interest_parameters)

    @property
    def _prediction(self) -> Prediction:
        if self._ready is None:
            raise RuntimeError("the model has learned nothing yet: call fit or load first")
        return self._ready

    @property
    def _fitted(self) -> FittedModel:
        return self._prediction.fitted

    def _candidates(
        self, exclude: Collection[int], among: Collection[int] | None, min_raters: int
    ) -> NDArray[np.intp]:
        if among is None:
            chosen = np.ones(len(self.anime_ids), dtype=np.bool_)
        else:
            chosen = np.zeros(len(self.anime_ids), dtype=np.bool_)
            rows, known = rows_of(anime_ids_of(among), self.anime_ids)
            chosen[rows[known]] = True
        rows, known = rows_of(anime_ids_of(exclude), self.anime_ids)
        chosen[rows[known]] = False
        return np.flatnonzero(chosen & (self.raters >= min_raters))

    def _row(self, anime_id: int) -> int:
        rows, known = rows_of(anime_ids_of([anime_id]), self.anime_ids)
        if not known[0]:
            raise KeyError(anime_id)
        return int(rows[0])


def _count(n: int) -> int:
    if n < 0:
        raise ValueError(f"n must be 0 or more, not {n}")
    return n
