"""Learning the second stage from lists of which a part is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import lightgbm
import numpy as np
from numpy.typing import NDArray

from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.watch_order import WatchOrder
from hakken.model.item_knn import ItemKNNBaseline
from hakken.model.second_stage_trees import SecondStageTrees
from hakken.model.trees import Trees
from hakken.progress import Progress
from hakken.recommend.second_stage.stage import SecondStage

GAINS = (0, 1, 3, 6, 11, 18)
"""What it is worth to find an anime that was scored up to 5, 6, 7, 8, 9 and 10."""
LENGTHS = (5, 10, 20, 40)
"""Lists are also cut to these numbers of ratings: short ones must be ordered well, too."""
_CUT = 0.35
"""Share of the lists that are long enough which are cut to each length."""
_TODAYS_WEIGHT = 2.0
"""How much a list of today's people counts beside one of the rating set."""
_TODAYS_ROUNDS = 4
"""How many times other ratings of today's people are hidden: there are few of them."""
_HIDDEN = 0.2
"""Share of their ratings that is hidden."""
_LIKED = 8.0
_LISTED = 10
"""Length of the lists whose share of new anime is counted."""
_SHARE = 1.3
"""New anime fill this times the share of a list that they have in what today's people liked."""
_MOST_NEW = 5.0
"""Maximum of what is added to the score of new anime."""
_HALVINGS = 20
"""Number of steps of the bisection that finds it."""
_TREES = {
    "objective": "lambdarank",
    "label_gain": GAINS,
    "learning_rate": 0.1,
    "num_leaves": 31,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.5,
    "lambda_l2": 5.0,
    "lambdarank_truncation_level": 15,
    "max_bin": 127,
    "use_missing": False,
    "deterministic": True,
    "force_col_wise": True,
    "seed": 1,
    "verbose": -1,
}
_ROUNDS = 120


@dataclass(frozen=True, slots=True)
class HalfHidden:
    """A list of which a part is hidden, as scores 1–10 by anime id."""

    given: Mapping[int, float]
    hidden: Mapping[int, float]


class SecondStageLearner:
    """Collects lists as models see them that did not learn from them, and learns to order candidates."""

    def __init__(self, catalogue: Catalogue, *, seed: int = 0) -> None:
        """Start without lists.

        Args:
            catalogue: facts about the anime.
            seed: seed for what is hidden and how lists are cut.
        """
        self._catalogue = catalogue
        self._order = WatchOrder(catalogue)
        self._random = np.random.default_rng(seed)
        self._rows: list[_Rows] = []

    def add(
        self, model: ItemKNNBaseline, lists: Sequence[HalfHidden], progress: Progress | None = None
    ) -> None:
        """Add lists of the rating set that a model has not seen."""
        asked = _Asked(model, SecondStage(model, self._catalogue, self._order))
        for done, one in enumerate(lists):
            self._rows += _read(asked, one, 1.0, self._random)
            if progress and done % 50 == 0:
                progress("second stage: reading lists", done / len(lists))

    def learn(
        self,
        todays: Sequence[Mapping[int, float]] = (),
        model: ItemKNNBaseline | None = None,
        progress: Progress | None = None,
    ) -> SecondStageTrees:
        """Grow the trees, by LambdaMART (Burges, *From RankNet to LambdaRank to LambdaMART*, 2010).

        Args:
            todays: whole lists of today's people. They tell how much to show of the anime that a rating set
                is too old to know. What they teach is global: no number of a single anime rests on them.
            model: a model that has seen none of today's people; with them only.
            progress: called with the progress.

        Returns:
            The trees; none if no list says anything.
        """
        rows, people = list(self._rows), list[tuple[_Asked, HalfHidden]]()
        if model is not None:
            asked = _Asked(model, SecondStage(model, self._catalogue, self._order))
            people = [(asked, _hide(one, self._random)) for _ in range(_TODAYS_ROUNDS) for one in todays]
            for _, one in people:
                rows += _read(asked, one, _TODAYS_WEIGHT, self._random)
        if not rows:
            return SecondStageTrees.none()
        if progress:
            progress("second stage: growing trees", 0)
        data = lightgbm.Dataset(
            np.concatenate([one.features for one in rows]),
            np.concatenate([one.labels for one in rows]),
            weight=np.concatenate([np.full(len(one.labels), one.weight) for one in rows]),
            group=[len(one.labels) for one in rows],
        )
        booster = lightgbm.train(dict(_TREES), data, _ROUNDS)
        plain = SecondStageTrees(Trees.of_text(booster.model_to_string()), 0.0)
        return SecondStageTrees(plain.trees, _calibrated(people, plain))


class _Rows(NamedTuple):
    """A list's candidates."""

    features: NDArray[np.float64]
    labels: NDArray[np.intp]
    """Place in `GAINS`, shape (n_candidates,)."""
    weight: float


class _Asked(NamedTuple):
    """A model that is asked about lists, and the stage that orders its candidates."""

    model: ItemKNNBaseline
    stage: SecondStage


def _read(asked: _Asked, whole: HalfHidden, weight: float, random: np.random.Generator) -> list[_Rows]:
    """Return the candidates of a list and of its cuts, where any of them was hidden and scored above 5."""
    found, (model, stage) = [], asked
    for one in _cut(whole, random):
        member = model.profile(one.given)
        if not len(member.rows):
            continue
        scores = model.scores_of(member)
        rows = stage.candidates(member, scores)
        labels = np.array([_label(one.hidden.get(each)) for each in model.anime_ids[rows].tolist()], np.intp)
        if labels.any():
            found.append(_Rows(stage.features(rows, member, scores), labels, weight))
    return found


def _hide(whole: Mapping[int, float], random: np.random.Generator) -> HalfHidden:
    ids = random.permutation(list(whole)).tolist()
    cut = int(_HIDDEN * len(ids))
    return HalfHidden({one: whole[one] for one in ids[cut:]}, {one: whole[one] for one in ids[:cut]})


def _cut(one: HalfHidden, random: np.random.Generator) -> list[HalfHidden]:
    """Return the list as it is, and some of it cut to fewer given ratings; the rest is then hidden, too."""
    cuts = [one]
    for length in LENGTHS:
        if len(one.given) >= 2 * length and random.random() < _CUT:
            kept = random.permutation(list(one.given))[:length].tolist()
            given = {anime_id: one.given[anime_id] for anime_id in kept}
            rest = {anime_id: score for anime_id, score in one.given.items() if anime_id not in given}
            cuts.append(HalfHidden(given, {**one.hidden, **rest}))
    return cuts


def _label(score: float | None) -> int:
    return 0 if score is None else int(np.clip(score - 5, 0, len(GAINS) - 1))


def _calibrated(people: Sequence[tuple[_Asked, HalfHidden]], plain: SecondStageTrees) -> float:
    """Find what to add to new anime so that their share of the lists is `_SHARE` times that of the liked."""
    liked, worths = [], []
    for (model, stage), one in people:
        new_ids = set(model.anime_ids[stage.new].tolist())
        liked += [anime_id in new_ids for anime_id, score in one.hidden.items() if score >= _LIKED]
        member = model.profile(one.given)
        scores = model.scores_of(member)
        rows = stage.candidates(member, scores)
        if len(member.rows) and len(rows):
            worths.append((stage.worth(rows, member, scores, plain), stage.new[rows]))
    if not liked or not worths:
        return 0.0
    wanted = _SHARE * float(np.mean(liked))

    def share(added: float) -> float:
        tops = [new[np.argsort(-(worth + added * new), kind="stable")[:_LISTED]] for worth, new in worths]
        return float(np.concatenate(tops).mean())

    least, most = 0.0, _MOST_NEW
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        least, most = (middle, most) if share(middle) < wanted else (least, middle)
    return least
