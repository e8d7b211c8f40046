"""The trees of the second stage: they add up as LightGBM adds them up, and no damaged ones are walked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import lightgbm
import numpy as np
import pytest
from numpy.typing import NDArray

from hakken.model.second_stage_trees import N_FEATURES, SecondStageTrees
from hakken.model.trees import Trees
from hakken.recommend.second_stage.features import NAMES

OPTIONS = {"num_leaves": 15, "min_data_in_leaf": 5, "use_missing": False, "num_threads": 1, "verbose": -1}


def grown(
    table: NDArray[np.float64], target: NDArray[np.float64], rounds: int = 30, **others: object
) -> lightgbm.Booster:
    return lightgbm.train(
        {**OPTIONS, "objective": "regression", **others}, lightgbm.Dataset(table, target), rounds
    )


def made_up_table(seed: int, rows: int = 700) -> NDArray[np.float64]:
    """Columns of all kinds: even, skewed, whole, nearly constant, huge and tiny, negative."""
    random = np.random.default_rng(seed)
    return np.column_stack(
        [
            random.normal(size=rows),
            np.exp(4 * random.normal(size=rows)),
            random.integers(0, 4, rows),
            random.random(rows) < 0.05,
            1e12 * random.normal(size=rows),
            1e-30 * random.normal(size=rows),
            -9.0 + random.integers(0, 2, rows) * random.random(rows),
        ]
    ).astype(np.float64)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("objective", ["regression", "lambdarank"])
def test_scores_are_lightgbms(seed: int, objective: str) -> None:
    table, other = made_up_table(seed), made_up_table(seed + 100)
    value = np.sin(table[:, 0] * 3) + np.log(table[:, 1]) * table[:, 2] + 3 * table[:, 3] + table[:, 6]
    if objective == "lambdarank":
        value = np.argsort(np.argsort(value)) * 5 // len(value)
        booster = lightgbm.train(
            {**OPTIONS, "objective": objective}, lightgbm.Dataset(table, value, group=[70] * 10), 30
        )
    else:
        booster = grown(table, value)
    trees = Trees.of_text(booster.model_to_string())
    assert len(trees) == 30
    for rows in (table, other):
        assert np.abs(trees.scores(rows) - booster.predict(rows)).max() <= 1e-9
        assert len(np.unique(trees.scores(rows))) > 100


def test_a_value_on_a_threshold_goes_where_lightgbm_sends_it() -> None:
    table = made_up_table(1)
    booster = grown(table, table[:, 0] + table[:, 2])
    trees = Trees.of_text(booster.model_to_string())
    on = np.tile(table[0], (len(trees.thresholds), 1))
    on[np.arange(len(on)), trees.features] = trees.thresholds
    rows = np.concatenate([on, np.nextafter(on, np.inf), np.nextafter(on, -np.inf)])
    assert np.abs(trees.scores(rows) - booster.predict(rows)).max() <= 1e-9


def test_a_tree_worked_by_hand() -> None:
    #     x₀ ≤ 1? ── yes: x₁ ≤ 5? ── yes: 10, no: 20
    #             └─ no: 40
    trees = Trees(
        start=np.array([0, 2]),
        features=np.array([0, 1], np.int16),
        thresholds=np.array([1.0, 5.0]),
        left=np.array([1, -1], np.int16),
        right=np.array([-2, -3], np.int16),
        leaves=np.array([10.0, 40.0, 20.0]),
    )
    trees.check(2)
    rows = np.array([[1.0, 5.0], [1.0, 5.1], [1.1, 5.0], [-9.0, 0.0]])
    assert trees.scores(rows).tolist() == [10, 20, 40, 10]


def test_no_trees_score_nothing() -> None:
    assert len(Trees.none()) == 0
    assert Trees.none().scores(np.ones((3, 2))).tolist() == [0, 0, 0]
    Trees.none().check(0)


def test_trees_that_found_no_split_are_left_out() -> None:
    booster = grown(np.ones((50, 2)), np.zeros(50), 3)
    assert len(Trees.of_text(booster.model_to_string())) == 0


def test_splits_by_category_are_refused() -> None:
    table = made_up_table(2)
    data = lightgbm.Dataset(table, (table[:, 2] == 1) * 1.0, categorical_feature=[2])
    booster = lightgbm.train({**OPTIONS, "objective": "regression"}, data, 3)
    with pytest.raises(ValueError, match="no comparison of two numbers"):
        Trees.of_text(booster.model_to_string())


@pytest.mark.parametrize("options", [{}, {"zero_as_missing": True}])
def test_splits_that_know_missing_values_are_refused(options: dict[str, bool]) -> None:
    table = made_up_table(3)
    table[::3, 0] = np.nan
    booster = grown(table, np.nan_to_num(table[:, 0], nan=5.0) + table[:, 2], 3, use_missing=True, **options)
    with pytest.raises(ValueError, match="no comparison of two numbers"):
        Trees.of_text(booster.model_to_string())


def test_trees_with_formulas_in_their_leaves_are_refused() -> None:
    table = made_up_table(4)
    booster = grown(table, table[:, 0] * 2 + table[:, 2], 3, linear_tree=True)
    with pytest.raises(ValueError, match="leaf"):
        Trees.of_text(booster.model_to_string())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "some text",
        "tree\nversion=v4\n\nTree=0\nnum_leaves=3\n",
        "tree\nversion=v4\n\nTree=0\nnum_leaves=x\n",
        "tree\nversion=v4\n\nTree=0\nleaf_value=1\n",
    ],
)
def test_what_is_no_text_model_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no text model|invalid literal"):
        Trees.of_text(text)


def test_a_text_that_breaks_off_is_refused() -> None:
    text = grown(made_up_table(5), made_up_table(5)[:, 0], 2).model_to_string()
    with pytest.raises(ValueError, match=r"no text model|do not fit"):
        Trees.of_text(text[: text.index("right_child")])


def whole() -> Trees:
    table = made_up_table(6)
    return Trees.of_text(grown(table, table[:, 0] + table[:, 2], 4).model_to_string())


def put(array: NDArray[Any], place: int, value: float) -> NDArray[Any]:
    changed = array.copy()
    changed[place] = value
    return changed


Change = Callable[[Trees], Trees]
DAMAGES: dict[str, tuple[Change, str]] = {
    "a feature too many": (lambda of: replace(of, features=put(of.features, 3, N_FEATURES)), "features"),
    "a negative feature": (lambda of: replace(of, features=put(of.features, 3, -1)), "features"),
    "another kind of features": (lambda of: replace(of, features=of.features.astype(np.int32)), "features"),
    "a child that is itself": (lambda of: replace(of, left=put(of.left, 2, 2)), "children"),
    "a child before itself": (lambda of: replace(of, right=put(of.right, 2, 0)), "children"),
    "a child of the next tree": (lambda of: replace(of, left=put(of.left, 0, of.start[1])), "children"),
    "a leaf too many": (lambda of: replace(of, right=put(of.right, 0, -2 - of.start[1])), "children"),
    "children of another tree's number": (
        lambda of: replace(of, left=put(of.left, int(of.start[1]), 0)),
        "children",
    ),
    "too few left children": (lambda of: replace(of, left=of.left[:-1]), "left"),
    "too many right children": (lambda of: replace(of, right=np.append(of.right, np.int16(-1))), "right"),
    "too few thresholds": (lambda of: replace(of, thresholds=of.thresholds[1:]), "thresholds"),
    "small thresholds": (lambda of: replace(of, thresholds=of.thresholds.astype(np.float32)), "thresholds"),
    "thresholds in a table": (lambda of: replace(of, thresholds=of.thresholds[:, None]), "thresholds"),
    "too few leaves": (lambda of: replace(of, leaves=of.leaves[:-1]), "leaves"),
    "a threshold that is no number": (
        lambda of: replace(of, thresholds=put(of.thresholds, 1, np.nan)),
        "finite",
    ),
    "a leaf that is no number": (lambda of: replace(of, leaves=put(of.leaves, 1, np.nan)), "finite"),
    "an endless leaf": (lambda of: replace(of, leaves=put(of.leaves, 1, np.inf)), "finite"),
    "no starts": (lambda of: replace(of, start=of.start[:0]), "starts"),
    "a later start": (lambda of: replace(of, start=put(of.start, 0, 1)), "starts"),
    "an earlier end": (lambda of: replace(of, start=of.start[:-1]), "starts"),
    "starts that go back": (lambda of: replace(of, start=put(of.start, 2, 0)), "starts"),
    "a start far away": (lambda of: replace(of, start=put(of.start, 1, 2**62)), "starts"),
    "starts in other bytes": (lambda of: replace(of, start=of.start.astype(">i8")), "starts"),
    "starts in a table": (lambda of: replace(of, start=of.start[:, None]), "starts"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_trees_are_refused(damage: str) -> None:
    change, what = DAMAGES[damage]
    whole().check(N_FEATURES)
    damaged = change(whole())
    with pytest.raises(ValueError, match=what):
        damaged.check(N_FEATURES)
    stored = {f"second_stage_{one.name}": getattr(damaged, one.name) for one in fields(Trees)}
    with pytest.raises(ValueError, match=what):
        SecondStageTrees.of_arrays({**stored, "second_stage_new": np.array([0.5])})


def test_arrays_come_back_as_they_were() -> None:
    stored = SecondStageTrees(whole(), 0.75).arrays()
    again = SecondStageTrees.of_arrays({**stored, "others": np.ones(3)})
    assert again.new == 0.75
    for one in fields(Trees):
        assert np.array_equal(getattr(again.trees, one.name), getattr(whole(), one.name))


def test_without_trees_nothing_is_stored() -> None:
    assert SecondStageTrees.none().arrays() == {}
    assert len(SecondStageTrees.of_arrays({"raters": np.ones(3)}).trees) == 0


@pytest.mark.parametrize("new", [np.array([np.nan]), np.array([1]), np.array([1.0, 2.0]), np.array(1.0)])
def test_what_is_added_to_new_anime_is_one_number(new: NDArray[Any]) -> None:
    stored = SecondStageTrees(whole(), 0.75).arrays()
    with pytest.raises(ValueError, match="second_stage_new"):
        SecondStageTrees.of_arrays({**stored, "second_stage_new": new})


@pytest.mark.parametrize("name", ["second_stage_left", "second_stage_new"])
def test_a_missing_array_is_named(name: str) -> None:
    stored = SecondStageTrees(whole(), 0.75).arrays()
    del stored[name]
    with pytest.raises(KeyError, match=name):
        SecondStageTrees.of_arrays(stored)


def test_the_trees_ask_about_the_columns_that_there_are() -> None:
    assert len(NAMES) == len(set(NAMES)) == N_FEATURES
