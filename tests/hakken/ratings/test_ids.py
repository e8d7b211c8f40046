"""Ids that are no ids: refused wherever they come in, never rounded, wrapped or read as another id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakken import Catalogue, ItemKNNBaseline, RatingsError
from hakken.groups.affinity import compare
from hakken.groups.server_taste import genre_preferences
from hakken.ratings.ids import anime_ids_of
from hakken.recommend.recommender import Member, Recommender
from hakken.recommend.score_cache import RememberedScores

NO_IDS = [
    5.7,
    2.5,
    2**63,
    2**31,
    0,
    -1,
    None,
    True,
    False,
    np.True_,
    "20",
    "２０",
    "x",
    float("nan"),
    float("inf"),
]
OF_A_MEMBER: dict[str, Callable[[ItemKNNBaseline, Recommender, Any], object]] = {
    "predict for a list": lambda model, _, one: model.predict({one: 8.0}),
    "predict an anime": lambda model, _, one: model.predict({}, [one]),
    "predict several lists": lambda model, _, one: model.predict_batch([{}, {one: 8.0}]),
    "match": lambda model, _, one: model.match({one: 8.0}),
    "scores": lambda model, _, one: model.scores({one: 8.0}),
    "remembered scores": lambda model, _, one: RememberedScores(model).scores({one: 8.0}),
    "because": lambda model, _, one: model.because({}, [one]),
    "explain": lambda model, _, one: model.explain({}, one),
    "similar": lambda model, _, one: model.similar(one),
    "recommend": lambda model, _, one: model.recommend({one: 8.0}),
    "recommend but": lambda model, _, one: model.recommend({}, exclude=[one]),
    "recommend among": lambda model, _, one: model.recommend({}, among=[one]),
    "rated": lambda _, __, one: Member({one: 8.0}),
    "seen": lambda _, __, one: Member(seen=frozenset([one])),
    "dismissed": lambda _, __, one: Member(dismissed=frozenset([one])),
    "planned": lambda _, __, one: Member(planned=frozenset([one])),
    "explained": lambda _, recommender, one: recommender.explain(Member(), one),
    "shown": lambda _, recommender, one: recommender.shown({one: 8.0}, {}),
    "compared": lambda _, recommender, one: compare(recommender, {one: 8.0}, {one: 8.0}),
    "genres": lambda _, recommender, one: genre_preferences(recommender, [{one: 8.0}], at_least=1),
}


@pytest.fixture(scope="module")
def recommender(model: ItemKNNBaseline, catalogue: Catalogue) -> Recommender:
    return Recommender(model, catalogue)


@pytest.mark.parametrize("ask", OF_A_MEMBER.values(), ids=OF_A_MEMBER.keys())
@pytest.mark.parametrize("one", NO_IDS, ids=str)
def test_what_is_no_id_is_refused_by_name(
    model: ItemKNNBaseline, recommender: Recommender, ask: Callable[..., object], one: Any
) -> None:
    with pytest.raises(RatingsError) as refused:
        ask(model, recommender, one)
    named = f"'{one}'" if isinstance(one, str) else one
    assert str(refused.value) == f"the anime id {named} is not a whole number from 1 to 2147483647"


def test_remembered_scores_are_not_those_of_a_rounded_id(model: ItemKNNBaseline) -> None:
    remembered, rated = RememberedScores(model), int(model.anime_ids[0])
    remembered.scores({rated: 8.0})
    with pytest.raises(RatingsError, match="anime id"):
        remembered.scores({rated + 0.7: 8.0})  # type: ignore[dict-item]  # as a caller without mypy


@pytest.mark.parametrize("score", [None, "8", float("nan"), 0, 11, 0.5])
def test_what_is_no_score_is_refused_with_its_anime(model: ItemKNNBaseline, score: Any) -> None:
    with pytest.raises(RatingsError, match=f"anime 20: the score {score} is not 1–10"):
        model.predict({20: score})


@given(
    st.lists(
        st.one_of(
            st.integers(-3, 2**64),
            st.integers(1, 2**31 - 1),
            st.floats(),
            st.integers(1, 100).map(float),
            st.integers(1, 100).map(np.int32),
            st.booleans(),
            st.none(),
            st.text(max_size=3),
        )
    )
)
def test_ids_come_out_as_they_went_in_or_not_at_all(given: list[Any]) -> None:
    def is_id(one: Any) -> bool:
        if isinstance(one, (bool, str, type(None))):
            return False
        return float(one).is_integer() and 1 <= one < 2**31

    if all(map(is_id, given)):
        assert anime_ids_of(given).tolist() == given
    else:
        with pytest.raises(RatingsError, match="anime id"):
            anime_ids_of(given)
