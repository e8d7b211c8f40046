"""Training of both stages: the second learns from lists that the model of the first has not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from hakken.catalogue.catalogue import Catalogue
from hakken.evaluation.splits import Folds, Split, Unseen
from hakken.model.item_knn import ItemKNNBaseline
from hakken.model.second_stage_trees import SecondStageTrees
from hakken.model.workers import Workers
from hakken.progress import Progress
from hakken.ratings.ratings import Ratings
from hakken.recommend.second_stage.learning import HalfHidden, SecondStageLearner

FOLDS = 3
"""Parts of a small rating set; each in turn is left out of a fit, so that every list can be learned from."""
FEW_USERS = 6_000
"""Rating sets with more users have lists enough in one part."""
ENOUGH_LISTS = 1_200
"""Lists of a large rating set that the second stage learns from: more take longer and teach little."""


def learner_of(
    new_model: Callable[[], ItemKNNBaseline],
    ratings: Ratings,
    catalogue: Catalogue,
    *,
    seed: int = 0,
    workers: Workers | None = None,
    progress: Progress | None = None,
) -> tuple[SecondStageLearner, ItemKNNBaseline | None]:
    """Collect what a second stage learns from a small rating set, with one fit for each of three folds.

    Args:
        new_model: returns a model that is not fitted.
        ratings: the rating set; with fewer than three users of five ratings, there is nothing to learn.
        catalogue: facts about the anime.
        seed: seed of the folds and of what is hidden.
        workers: run the computations on pairs of anime.
        progress: called with the progress.

    Returns:
        The learner, and the last of the models, which today's people may ask, too; None without any.
    """
    learner, model = SecondStageLearner(catalogue, seed=seed), None
    for number, split in enumerate(_splits(ratings, seed)):
        model = new_model().fit(split.train, _of_fold(number, progress), workers, catalogue)
        learner.add(model, half_hidden(split.unseen), _of_fold(number, progress))
    return learner, model


def learn_from_unseen(
    model: ItemKNNBaseline,
    unseen: Sequence[Unseen],
    catalogue: Catalogue,
    todays: Sequence[Mapping[int, float]] = (),
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> SecondStageTrees:
    """Learn a second stage from users that a model has not seen.

    Args:
        model: a fitted model.
        unseen: the users; without any, nothing is learned.
        catalogue: facts about the anime.
        todays: whole lists of today's people, who are not in the rating set.
        seed: seed of what is hidden and of how lists are cut.
        progress: called with the progress.
    """
    learner = SecondStageLearner(catalogue, seed=seed)
    if not unseen:
        return learner.learn()
    learner.add(model, half_hidden(unseen[:ENOUGH_LISTS]), progress)
    return learner.learn(todays, model, progress)


def learn_from_folds(
    new_model: Callable[[], ItemKNNBaseline],
    ratings: Ratings,
    catalogue: Catalogue,
    todays: Sequence[Mapping[int, float]] = (),
    *,
    seed: int = 0,
    workers: Workers | None = None,
    progress: Progress | None = None,
) -> SecondStageTrees:
    """Learn a second stage for models of a small rating set; see `learner_of`.

    Args:
        new_model: returns a model that is not fitted.
        ratings: the rating set.
        catalogue: facts about the anime.
        todays: whole lists of today's people, who are not in the rating set.
        seed: seed of the folds and of what is hidden.
        workers: run the computations on pairs of anime.
        progress: called with the progress.
    """
    learner, model = learner_of(new_model, ratings, catalogue, seed=seed, workers=workers, progress=progress)
    return learner.learn(todays, model, progress)


def half_hidden(unseen: Sequence[Unseen]) -> list[HalfHidden]:
    """Return unseen users' lists as the second stage learns from them."""
    return [HalfHidden(one.given, one.hidden) for one in unseen]


def _splits(ratings: Ratings, seed: int) -> Sequence[Split] | Folds:
    lengths = ratings.matrix.indptr[1:] - ratings.matrix.indptr[:-1]
    return Folds(ratings, FOLDS, seed=seed) if (lengths >= 5).sum() >= FOLDS else ()


def _of_fold(number: int, progress: Progress | None) -> Progress | None:
    if progress is None:
        return None
    return lambda step, share: progress(f"second stage, part {number + 1} of {FOLDS}: {step}", share)
