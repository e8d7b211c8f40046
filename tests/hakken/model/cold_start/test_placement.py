"""A place for anime that few or none have rated: by what they are like, and to nobody's harm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakken import Anime, Catalogue, ItemKNNBaseline, Ratings
from hakken.model.baseline import Baseline
from hakken.model.cold_start import prior
from hakken.model.interest import learn_interest
from hakken.model.parameters import InterestParameters, Parameters
from hakken.model.similarity import similar_anime
from tests.hakken.made_up import made_up_ratings

DEFAULTS = Parameters()
NEW_DRAMA, NEW_HORROR, OBSCURE_DRAMA, RARE = 5, 1005, 15, 210


def two_kinds() -> Ratings:
    """Dramas, 10, 30 … 3990, which are liked, and horror, 20, 40 … 4000, which is not; 210 has three raters.

    Half of the users watch dramas, mostly, and half horror.
    """
    random = np.random.default_rng(3)
    drama = np.arange(400) % 2 == 0
    chances = np.where(np.arange(160)[:, None] % 2 == drama, 0.15, 0.7)
    rated = random.random(chances.shape) < chances
    rated[:, 20], rated[:3, 20] = False, True
    users, anime = np.nonzero(rated)
    scores = np.where(drama, 8.5, 4.5)[anime] + random.normal(0, 0.8, len(anime))
    return Ratings.from_arrays(users + 1, (anime + 1) * 10, np.clip(np.rint(scores), 1, 10))


RATINGS = two_kinds()
BASELINE = Baseline.fit(RATINGS, reg_user=2, reg_item=5, epochs=20)


def told(anime_id: int, genre: str, members: int = 1000) -> Anime:
    return Anime(
        anime_id,
        f"{genre} {anime_id}",
        type="TV",
        year=2010 if anime_id in (NEW_DRAMA, OBSCURE_DRAMA) or anime_id > 3900 else 2000,
        members=members,
        genres=(genre,),
        source={"Drama": "Manga", "Horror": "Game"}[genre],
        studios=({"Drama": "Sunrise", "Horror": "Madhouse"}[genre],),
    )


RATED = [told(one, "Drama" if one % 20 else "Horror") for one in RATINGS.anime_ids.tolist()]
CATALOGUE = Catalogue(
    [
        told(NEW_HORROR, "Horror"),
        *RATED,
        told(NEW_DRAMA, "Drama"),
        told(OBSCURE_DRAMA, "Drama", members=100),
        Anime(25, "A song", type="Music", genres=("Drama",)),
        Anime(35, "Nothing is known of this"),
    ]
)
MODEL = ItemKNNBaseline().fit(RATINGS, catalogue=CATALOGUE)
DRAMA_FAN = dict.fromkeys([*range(10, 210, 40), 3910, 3950], 9) | {20: 2}


def interest_in(anime_id: int, ratings: dict[int, int]) -> float:
    return sum(reason.interest for reason in MODEL.explain(ratings, anime_id).neighbours)


class TestPlaces:
    def test_what_can_be_placed_stands_among_the_others_by_id(self) -> None:
        rated = RATINGS.anime_ids.tolist()
        assert MODEL.anime_ids.tolist() == sorted([*rated, NEW_DRAMA, OBSCURE_DRAMA, NEW_HORROR])
        raters = dict(zip(MODEL.anime_ids.tolist(), MODEL.raters.tolist(), strict=True))
        assert [raters[one] for one in rated] == RATINGS.raters.tolist()
        assert {raters[one] for one in (NEW_DRAMA, OBSCURE_DRAMA, NEW_HORROR)} == {0}

    def test_a_new_one_scores_about_as_its_kind_does(self) -> None:
        by_kind = {
            kind: RATINGS.matrix.toarray()[:, first::2][RATINGS.matrix.toarray()[:, first::2] > 0].mean()
            for first, kind in enumerate(("Drama", "Horror"))
        }
        drama, horror = MODEL.predict({}, [NEW_DRAMA, NEW_HORROR])
        assert drama == pytest.approx(by_kind["Drama"], abs=0.5)
        assert horror == pytest.approx(by_kind["Horror"], abs=0.5)

    def test_few_ratings_are_drawn_to_what_the_facts_say_and_many_hardly(self) -> None:
        # b_i + λ/(λ + n)·prior_i
        by_facts = prior.prior(
            CATALOGUE, RATINGS.anime_ids, BASELINE.of_anime, RATINGS.raters, RATINGS.anime_ids, reg_item=5
        )
        expected = BASELINE.of_anime + 5 / (5 + RATINGS.raters) * by_facts
        for row, anime_id in enumerate(RATINGS.anime_ids.tolist()):
            assert MODEL.explain({}, anime_id).of_anime == pytest.approx(expected[row], abs=1e-6)
        drawn = np.abs(expected - BASELINE.of_anime)
        assert drawn[20] == drawn.max() > 1
        assert np.median(drawn) < 0.3

    def test_biases_learned_without_regularisation_are_left_alone(self) -> None:
        model = ItemKNNBaseline(reg_item=0).fit(RATINGS, catalogue=CATALOGUE)
        fitted = Baseline.fit(RATINGS, reg_user=2, reg_item=0, epochs=20)
        found = [model.explain({}, one).of_anime for one in RATINGS.anime_ids.tolist()]
        assert found == pytest.approx(fitted.of_anime.tolist(), abs=1e-6)
        assert model.predict({}, [NEW_DRAMA])[0] > 7 > model.predict({}, [NEW_HORROR])[0]

    def test_neighbours_of_a_new_one_are_what_it_is_like_the_most_alike_first(self) -> None:
        found = MODEL.similar(NEW_DRAMA, 1000)
        # 0.16·l² with l = (cosine 1 + years' nearness)/2, and of the dramas of one year the most rated.
        same_year, earlier = found[:5], found[5:]
        assert [one.anime_id for one in same_year] == [3910, 3930, 3950, 3970, 3990]
        assert {one.similarity for one in same_year} == {float(np.float16(0.16))}
        assert {one.similarity for one in earlier} == {
            float(np.float16(0.16 * ((1 + np.exp(-10 / 15)) / 2) ** 2))
        }
        taken = [one.anime_id for one in earlier]
        assert taken == sorted(taken)
        raters = dict(zip(RATINGS.anime_ids.tolist(), RATINGS.raters.tolist(), strict=True))
        others = {one for one in raters if one % 20 and one < 3900} - {*taken}
        assert taken
        assert min(raters[one] for one in taken) >= max(raters[one] for one in others)

    def test_those_of_the_rated_ones_are_as_learned(self) -> None:
        alone = ItemKNNBaseline().fit(RATINGS)
        for anime_id in RATINGS.anime_ids[:50].tolist():
            assert MODEL.similar(anime_id, 100) == alone.similar(anime_id, 100)

    def test_a_new_one_is_as_interesting_as_what_it_is_like(self) -> None:
        liked = [one for one in RATED if one.genres == ("Drama",) and one.anime_id != RARE]
        unrated = [interest_in(one.anime_id, DRAMA_FAN) for one in liked if one.anime_id not in DRAMA_FAN]
        assert min(unrated) < interest_in(NEW_DRAMA, DRAMA_FAN) < max(unrated)
        assert interest_in(NEW_DRAMA, DRAMA_FAN) > 2 * interest_in(NEW_HORROR, DRAMA_FAN)
        match = dict(zip(MODEL.anime_ids.tolist(), MODEL.match(DRAMA_FAN).tolist(), strict=True))
        assert match[NEW_DRAMA] > match[NEW_HORROR]
        assert interest_in(RARE, DRAMA_FAN) > 2 * interest_in(NEW_HORROR, DRAMA_FAN)

    def test_only_what_has_too_few_raters_takes_its_interest_from_others(self) -> None:
        least = int(RATINGS.raters[30])
        parameters = InterestParameters(least_raters=least, likes=1000)
        model = ItemKNNBaseline(interest=parameters).fit(RATINGS, catalogue=CATALOGUE)
        likenesses, learned = model._fitted.interest.likenesses, model._fitted.interest.learned
        assert np.array_equal(np.diff(likenesses.start) > 0, model.raters < least)
        assert {*likenesses.rows.tolist()} == {*np.flatnonzero(model.raters >= least).tolist()}
        assert not np.diff(learned.start)[model.raters < least].any()
        assert np.diff(learned.start)[model.raters == least].all()

    def test_a_less_known_one_is_less_interesting_by_its_reach(self) -> None:
        # ((members + 100) / (members + 100 of those that it is like))^0.3
        share = interest_in(OBSCURE_DRAMA, DRAMA_FAN) / interest_in(NEW_DRAMA, DRAMA_FAN)
        assert share == pytest.approx((200 / 1100) ** 0.3, rel=1e-2)

    def test_explanations_of_new_ones_add_up_too(self) -> None:
        for anime_id in (NEW_DRAMA, NEW_HORROR, OBSCURE_DRAMA, RARE):
            explained = MODEL.explain(DRAMA_FAN, anime_id)
            contributions = sum(reason.contribution for reason in explained.neighbours)
            summed = explained.mean + explained.of_member + explained.of_anime + contributions
            assert summed + explained.clipped == pytest.approx(explained.predicted, abs=1e-9)
            assert explained.predicted == pytest.approx(MODEL.predict(DRAMA_FAN, [anime_id])[0], abs=1e-9)
        spoke = MODEL.explain(DRAMA_FAN, NEW_DRAMA).neighbours
        assert {reason.anime_id for reason in spoke if reason.contribution} >= {3910, 3950}

    def test_to_rate_a_new_one_tells_of_the_members_level_alone(self) -> None:
        loved, hated = (MODEL.explain({NEW_DRAMA: score}, 30) for score in (10, 1))
        assert loved.neighbours == hated.neighbours == ()
        assert loved.of_member > hated.of_member


@pytest.mark.parametrize("catalogue", [None, Catalogue()])
def test_without_a_catalogue_the_model_is_what_the_ratings_tell_to_the_bit(
    catalogue: Catalogue | None,
) -> None:
    learned = ItemKNNBaseline().fit(RATINGS, catalogue=catalogue)._fitted
    neighbours = similar_anime(
        RATINGS,
        BASELINE,
        shrinkage=DEFAULTS.shrinkage,
        min_support=DEFAULTS.min_support,
        neighbours=DEFAULTS.neighbours,
    )
    weights = learn_interest(RATINGS, BASELINE, InterestParameters())
    assert np.array_equal(learned.anime_ids, RATINGS.anime_ids)
    assert np.array_equal(learned.biases, BASELINE.of_anime.astype(np.float32))
    assert np.array_equal(learned.neighbours.start, neighbours.start)
    assert np.array_equal(learned.neighbours.rows, neighbours.rows)
    assert np.array_equal(learned.neighbours.similarities, neighbours.similarities)
    assert np.array_equal(learned.interest.learned.rows, weights.indices)
    assert np.array_equal(learned.interest.learned.weights, weights.data.astype(np.float16))
    assert not len(learned.interest.likenesses.rows)


def test_a_catalogue_of_unknown_facts_only_draws_to_the_level_of_all() -> None:
    unknown = Catalogue(Anime(one, f"anime {one}") for one in range(1, 5000))
    model, alone = ItemKNNBaseline().fit(RATINGS, catalogue=unknown), ItemKNNBaseline().fit(RATINGS)
    trust = RATINGS.raters / (RATINGS.raters + 5.0)
    # The unshrunk levels' mean by trust: what is known of one is known of all.
    level = np.average(BASELINE.of_anime / trust, weights=trust)
    found = [model.explain({}, one).of_anime for one in RATINGS.anime_ids.tolist()]
    assert found == pytest.approx((BASELINE.of_anime + (1 - trust) * level).tolist(), abs=1e-6)
    assert np.array_equal(model.anime_ids, alone.anime_ids)
    assert model.similar(30, 50) == alone.similar(30, 50)
    assert not len(model._fitted.interest.likenesses.rows)


def test_where_nothing_was_rated_often_new_ones_have_a_level_and_no_likes() -> None:
    few = made_up_ratings(9, 40)
    catalogue = Catalogue([*RATED, told(NEW_DRAMA, "Drama")])
    model = ItemKNNBaseline().fit(few, catalogue=catalogue)
    assert NEW_DRAMA in model.anime_ids
    assert model.similar(NEW_DRAMA) == []
    assert np.isfinite(model.predict({30: 9})).all()
    assert not model.match({30: 9}).any()
    assert len(model.recommend({30: 9}, 5)) == 5


def test_a_rating_counts_where_it_is_a_reason_for_some_anime() -> None:
    model = ItemKNNBaseline().fit(made_up_ratings(40, 60, seed=2))
    ids = model.anime_ids.tolist()
    counting = [bool(model.counting([one])) for one in ids]
    assert counting == [any(model.because({one: 9.0}, ids)) for one in ids]
    assert set(counting) == {True, False}, "the test shows nothing"
    assert model.counting(ids) == sum(counting)


def test_a_rating_of_a_new_anime_counts_if_it_is_like_others() -> None:
    model = ItemKNNBaseline().fit(RATINGS, catalogue=CATALOGUE)
    assert model.counting({NEW_DRAMA: 9.0, 30: 8.0}) == 2
    assert model.counting([999_999]) == model.counting([]) == 0
    lonely = ItemKNNBaseline().fit(
        made_up_ratings(9, 40), catalogue=Catalogue([*RATED, told(NEW_DRAMA, "Drama")])
    )
    assert lonely.counting([NEW_DRAMA]) == 0


def test_a_model_with_new_ones_is_saved_and_loaded_whole(tmp_path: Path) -> None:
    saved = ItemKNNBaseline().fit(RATINGS, catalogue=CATALOGUE)
    saved.questions = (30, 10, NEW_DRAMA)
    saved.save(tmp_path / "model", CATALOGUE)
    loaded = ItemKNNBaseline.load(tmp_path / "model")
    assert loaded.questions == (30, 10, NEW_DRAMA)
    assert np.array_equal(loaded.anime_ids, saved.anime_ids)
    assert np.array_equal(loaded.raters, saved.raters)
    for member in ({}, {NEW_DRAMA: 9}, DRAMA_FAN, RATINGS.of_user(7)):
        assert np.array_equal(loaded.predict(member), saved.predict(member))
        assert np.array_equal(loaded.match(member), saved.match(member))
        assert loaded.recommend(member, 20) == saved.recommend(member, 20)
    for anime_id in saved.anime_ids[:60].tolist():
        assert loaded.similar(anime_id, 50) == saved.similar(anime_id, 50)
        assert loaded.explain(DRAMA_FAN, anime_id) == saved.explain(DRAMA_FAN, anime_id)


@st.composite
def anime(draw: st.DrawFn) -> Anime:
    return Anime(
        draw(st.integers(1, 30)),
        "A",
        type=draw(st.sampled_from([None, "TV", "Movie", "Music"])),
        episodes=draw(st.sampled_from([None, 0, 1, 12, 10**6])),
        year=draw(st.sampled_from([None, 1917, 2026])),
        members=draw(st.sampled_from([0, 1, 10**7])),
        genres=tuple(draw(st.sets(st.sampled_from(["Drama", "Space", "Comedy"])))),
        franchise=draw(st.sampled_from([None, 0, 1])),
        score=draw(st.sampled_from([None, 1.0, 8.5, 10.0])),
        source=draw(st.sampled_from([None, "Manga"])),
        studios=tuple(draw(st.sets(st.sampled_from(["Sunrise", "Madhouse"])))),
    )


FEW = Ratings.from_arrays(*(np.array(one) for one in zip(*[(u, a, 1 + (u * a) % 10)
    for u in range(1, 15) for a in range(2, 26, 2) if u % (a % 5 + 1) == 0], strict=True)))  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.lists(anime(), min_size=1), st.sampled_from([0.0, 5.0]))
def test_whatever_a_catalogue_tells_the_model_is_whole(facts: list[Anime], reg_item: float) -> None:
    catalogue = Catalogue(facts)
    model = ItemKNNBaseline(reg_item=reg_item, interest=InterestParameters(least_raters=3))
    model.fit(FEW, catalogue=catalogue)
    model._fitted.neighbours.check(len(model.anime_ids))
    model._fitted.interest.check(len(model.anime_ids))
    placed = prior.cold_start_ids(catalogue, FEW.anime_ids).tolist()
    assert model.anime_ids.tolist() == sorted([*FEW.anime_ids.tolist(), *placed])
    for member in ({}, {2: 9}, FEW.of_user(0)):
        scores = model.scores(member)
        assert np.isfinite(scores.predicted).all()
        assert np.isfinite(scores.match).all()
        assert len(model.recommend(member, 100)) == len({*model.anime_ids.tolist()} - {*member})
