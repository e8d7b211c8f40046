"""A place for anime that few or none have rated: by what they are like, and to nobody's harm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hakken import Anime, Catalogue, ItemKNNBaseline, Ratings
from hakken.model.baseline import Baseline
from hakken.model.cold_start import prior
from hakken.model.cold_start.placement import own_share
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


IDS = MODEL.anime_ids.tolist()
OWN = np.minimum(1.1 * MODEL.raters / (MODEL.raters + 10), 1)
"""The share of each anime's own ratings, shape (n_anime,)."""


def likeness_of(one: Anime, other: Anime) -> float:
    """l by the book: two of a kind have all traits in common, two others none."""
    assert one.year
    assert other.year
    assert one.members
    assert other.members
    cosine = float(one.genres == other.genres)
    nearness = np.exp(-abs(one.year - other.year) / 15)
    return float((cosine + nearness) / 2 * np.exp(-abs(np.log(one.members / other.members)) / 8))


LIKENESS = np.array(
    [[likeness_of(CATALOGUE.anime(one), CATALOGUE.anime(other)) for other in IDS] for one in IDS]
)


def fifty_most_alike() -> NDArray[np.bool_]:
    """Return which anime with 10 raters or more each is most like; ties by more raters, then lower id."""
    found = np.zeros(LIKENESS.shape, np.bool_)
    for row, of_row in enumerate(np.round(LIKENESS, 6).tolist()):
        known = [at for at in np.flatnonzero(MODEL.raters >= 10).tolist() if at != row]
        known.sort(key=lambda at: (-of_row[at], -MODEL.raters[at], at))
        found[row, known[:50]] = True
    return found


MOST_ALIKE = fifty_most_alike()


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
        # (Σ (r − μ − b_u) + λ·prior_i) / (n + λ): b_i was learned with a λ_i of 5, around the facts λ is 20.
        raters = RATINGS.raters
        sums = BASELINE.of_anime * (raters + 5)
        by_facts = prior.prior(
            CATALOGUE, RATINGS.anime_ids, sums / (raters + 20), raters, RATINGS.anime_ids, reg_item=20
        )
        expected = (sums + 20 * by_facts) / (raters + 20)
        for row, anime_id in enumerate(RATINGS.anime_ids.tolist()):
            assert MODEL.explain({}, anime_id).of_anime == pytest.approx(expected[row], abs=1e-6)
        drawn = np.abs(expected - BASELINE.of_anime)
        assert drawn[20] == drawn.max() > 0.8
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

    def test_those_of_thin_ones_are_by_ratings_and_by_facts(self) -> None:
        alone = ItemKNNBaseline().fit(RATINGS)
        most = max(len(alone.similar(one, 1000)) for one in RATINGS.anime_ids.tolist())
        for anime_id in (10, 20, RARE, 3910, *RATINGS.anime_ids[50:60].tolist()):
            row = MODEL.anime_ids.tolist().index(anime_id)
            by_ratings = {one.anime_id: one.similarity for one in alone.similar(anime_id, 1000)}
            expected = (1 - OWN[row]) * np.where(MOST_ALIKE[row], 0.16 * LIKENESS[row] ** 2, 0.0)
            expected += OWN[row] * np.array([by_ratings.get(one, 0.0) for one in MODEL.anime_ids.tolist()])
            found = MODEL.similar(anime_id, 1000)
            ids = [one.anime_id for one in found]
            assert anime_id not in ids
            assert [one.similarity for one in found] == pytest.approx(
                expected[np.searchsorted(MODEL.anime_ids, ids)], abs=1e-4
            )
            keys = [(-one.similarity, one.anime_id) for one in found]
            assert keys == sorted(keys)
            assert len(found) == min(np.count_nonzero(expected > 1e-7), most)
            left_out = ~np.isin(MODEL.anime_ids, ids)
            assert expected[left_out].max() <= found[-1].similarity + 1e-4

    @pytest.mark.parametrize(("thin", "least"), [(0, 1), (5, 50), (7, 70)])
    def test_those_with_ten_times_kappa_raters_are_as_learned(self, thin: float, least: int) -> None:
        alone = ItemKNNBaseline().fit(RATINGS)
        model = ItemKNNBaseline(interest=InterestParameters(thin=thin)).fit(RATINGS, catalogue=CATALOGUE)
        of_alone, of_model = alone._fitted.interest.learned, model._fitted.interest.learned
        checked = 0
        for row, (anime_id, raters) in enumerate(
            zip(RATINGS.anime_ids.tolist(), RATINGS.raters.tolist(), strict=True)
        ):
            as_learned = model.similar(anime_id, 500) == alone.similar(anime_id, 500)
            assert as_learned == (raters >= least)
            checked += as_learned
            # An anime's ratings have the same say in other anime, however thin it is.
            targets, weights = of_model.of(model.anime_ids.tolist().index(anime_id))
            kept = model.raters[targets] >= least
            before = dict(
                zip(RATINGS.anime_ids[of_alone.of(row)[0]].tolist(), of_alone.of(row)[1], strict=True)
            )
            after = dict(zip(model.anime_ids[targets[kept]].tolist(), weights[kept], strict=True))
            assert after.items() <= before.items()
        assert 100 < checked <= 400

    def test_a_new_one_is_as_interesting_as_what_it_is_like(self) -> None:
        liked = [one for one in RATED if one.genres == ("Drama",) and one.anime_id != RARE]
        unrated = [interest_in(one.anime_id, DRAMA_FAN) for one in liked if one.anime_id not in DRAMA_FAN]
        assert min(unrated) < interest_in(NEW_DRAMA, DRAMA_FAN) < max(unrated)
        assert interest_in(NEW_DRAMA, DRAMA_FAN) > 2 * interest_in(NEW_HORROR, DRAMA_FAN)
        match = dict(zip(MODEL.anime_ids.tolist(), MODEL.match(DRAMA_FAN).tolist(), strict=True))
        assert match[NEW_DRAMA] > match[NEW_HORROR]
        assert interest_in(RARE, DRAMA_FAN) > 2 * interest_in(NEW_HORROR, DRAMA_FAN)

    def test_interest_is_by_ratings_and_by_facts(self) -> None:
        ids = MODEL.anime_ids.tolist()
        rated = np.searchsorted(MODEL.anime_ids, RATINGS.anime_ids)
        links = np.zeros((len(ids), len(ids)))
        links[np.ix_(rated, rated)] = learn_interest(RATINGS, BASELINE, InterestParameters()).toarray()
        mixture = np.where(MOST_ALIKE, LIKENESS**3 / np.sqrt(1 + MODEL.raters), 0.0)
        mixture /= mixture.sum(axis=1, keepdims=True)
        reach = (np.array([CATALOGUE.anime(one).members for one in ids]) + 100) ** 0.3
        by_reach = mixture * (reach / (mixture @ reach))[:, None]
        own = np.where(MODEL.raters >= 10, OWN, 0.0)
        for ratings in (DRAMA_FAN, {NEW_DRAMA: 10}, {NEW_HORROR: 2, RARE: 9, 30: 5}):
            member = MODEL.profile(ratings)
            x = np.zeros(len(ids))
            x[member.rows] = np.clip(1 + 0.3 * member.levels, -0.5, 3)
            mute = MODEL.raters < 10
            spoken = own * ((x + 0.75 * (x * mute) @ mixture) @ links)
            expected = spoken + (1 - own) * (by_reach @ spoken)
            found = MODEL._fitted.interest.of_member(member.rows, member.levels)
            assert np.abs(found - expected).max() < 2e-3 * np.abs(expected).max()
            for row in (ids.index(NEW_DRAMA), ids.index(RARE), ids.index(50), ids.index(60)):
                parts = MODEL._fitted.interest.parts(row, member.rows, member.levels)
                assert parts.sum() == pytest.approx(found[row], abs=1e-9)

    def test_how_many_know_a_thin_one_is_told_by_those_that_it_is_like(self) -> None:
        # (n_i + 1)^−1 is what a rarity of 1 multiplies a match by.
        known = MODEL.match(DRAMA_FAN, rarity=0) / MODEL.match(DRAMA_FAN, rarity=1) - 1
        mixture = np.where(MOST_ALIKE, LIKENESS**3 / np.sqrt(1 + MODEL.raters), 0.0)
        of_likes = mixture @ MODEL.raters / mixture.sum(axis=1)
        assert known == pytest.approx(OWN * MODEL.raters + (1 - OWN) * of_likes, rel=2e-3)
        assert known[MODEL.anime_ids == NEW_DRAMA] > 50

    def test_only_what_has_few_raters_takes_its_interest_from_others(self) -> None:
        least = int(RATINGS.raters[30])
        parameters = InterestParameters(least_raters=least, likes=1000, thin=0)
        model = ItemKNNBaseline(interest=parameters).fit(RATINGS, catalogue=CATALOGUE)
        likenesses, learned = model._fitted.interest.likenesses, model._fitted.interest.learned
        assert np.array_equal(np.diff(likenesses.start) > 0, model.raters < least)
        assert {*likenesses.rows.tolist()} == {*np.flatnonzero(model.raters >= least).tolist()}
        assert not np.diff(learned.start)[model.raters < least].any()
        assert np.diff(learned.start)[model.raters == least].all()

    def test_nothing_is_like_itself_and_links_ascend(self) -> None:
        fitted = MODEL._fitted
        for links in (fitted.interest.learned, fitted.interest.likenesses):
            for row in range(len(MODEL.anime_ids)):
                targets, _ = links.of(row)
                assert row not in targets
                assert np.all(np.diff(targets) > 0)
        for row in range(len(MODEL.anime_ids)):
            assert row not in fitted.neighbours.of(row)[0]

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

    def test_a_rating_of_a_new_one_speaks_for_its_kind_or_against_it(self) -> None:
        is_drama = np.array([CATALOGUE.anime(one).genres == ("Drama",) for one in IDS])
        for new, of_kind in ((NEW_DRAMA, is_drama), (NEW_HORROR, ~is_drama)):
            loved, hated = (MODEL.match({new: score}) for score in (10, 1))
            ahead = [np.mean(match[of_kind]) - np.mean(match[~of_kind]) for match in (loved, hated)]
            assert ahead[0] > ahead[1]
            kind = [one for one in np.array(IDS)[of_kind].tolist() if MODEL.raters[IDS.index(one)] >= 10]
            [for_it], [against] = (MODEL.explain({new: score}, kind[0]).neighbours for score in (10, 1))
            assert (for_it.anime_id, against.anime_id) == (new, new)
            assert for_it.interest > 0 > against.interest
            assert for_it.contribution == against.contribution == 0


class TestOwnShare:
    @given(st.floats(0, 1000), st.integers(0, 10**6))
    def test_it_grows_with_the_raters_without_a_step_to_the_whole(self, thin: float, raters: int) -> None:
        none, here, above, enough = own_share(
            np.array([0, raters, raters + 1, int(np.ceil(10 * thin)) or 1], np.int32), thin
        ).tolist()
        assert none == 0
        assert here <= above <= 1
        assert enough == pytest.approx(1)
        # The slope is steepest at 0, where it is 1.1/κ.
        assert above - here <= 1.1 / max(thin, 1.1) + 1e-9
        assert (here < 1) == (raters < 10 * thin or not raters) or here == pytest.approx(1)

    def test_cases_worked_by_hand(self) -> None:
        # 1.1·n/(n + 10), at most 1.
        found = own_share(np.array([0, 1, 12, 45, 99, 100, 5000], np.int32), 10)
        assert found == pytest.approx([0, 0.1, 0.6, 0.9, 1.1 * 99 / 109, 1, 1])
        assert own_share(np.array([0, 1, 9], np.int32), 0).tolist() == [0, 1, 1]


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
    trust = RATINGS.raters / (RATINGS.raters + 20.0)
    # The unshrunk levels' mean by trust: what is known of one is known of all.
    levels = BASELINE.of_anime * (RATINGS.raters + 5) / RATINGS.raters
    level = np.average(levels, weights=trust)
    found = [model.explain({}, one).of_anime for one in RATINGS.anime_ids.tolist()]
    assert found == pytest.approx((trust * levels + (1 - trust) * level).tolist(), abs=1e-6)
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
