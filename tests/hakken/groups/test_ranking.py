"""Group picks: against plain arithmetic, and on small catalogues where the answer is plain to see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakken import Anime, Catalogue, ItemKNNBaseline, Ratings
from hakken.groups import LEAST_RATINGS, GroupFilters, Suggestion, forecast, suggest
from hakken.groups.aggregations import Aggregation, rank
from hakken.groups.scores import GroupScores
from hakken.model.prediction import Scores
from hakken.recommend.recommender import Member, Recommender
from hakken.recommend.score_cache import RememberedScores
from tests.hakken.made_up import made_up_ratings

AVERAGE = GroupFilters(aggregation="average")


@pytest.fixture
def members(ratings: Ratings) -> list[Member]:
    return [Member(ratings.of_user(row)) for row in range(3)]


def ids(found: Suggestion) -> list[int]:
    return [pick.anime_id for pick in found.picks]


def tales(model: ItemKNNBaseline, *others: Anime, episodes: int | None = 12) -> Catalogue:
    """A catalogue of all that the model knows: single series but for those that are told."""
    told = {one.anime_id: one for one in others}
    return Catalogue(
        told.get(one, Anime(one, f"Tale {one}", type="TV", episodes=episodes))
        for one in model.anime_ids.tolist()
    )


def unseen(model: ItemKNNBaseline, members: Iterable[Member]) -> list[int]:
    known = set().union(*(one.ratings for one in members))
    return [one for one in model.anime_ids.tolist() if one not in known]


def seeing(members: Sequence[Member], *seen: Iterable[int]) -> list[Member]:
    """The same members, who have also seen something without rating it."""
    return [Member(one.ratings, frozenset(also)) for one, also in zip(members, seen, strict=True)]


def test_nothing_that_anyone_has_seen_is_picked_and_figures_are_of_the_group(
    model: ItemKNNBaseline, members: list[Member]
) -> None:
    group = seeing(members, [1535], [1575], [])
    found = suggest(Recommender(model, tales(model), min_raters=2), group, 5, AVERAGE)
    assert len(found.picks) == 5
    for at, pick in enumerate(found.picks):
        own = [float(model.predict(one.ratings, [pick.anime_id])[0]) for one in members]
        assert not any(pick.anime_id in one.ratings or pick.anime_id in one.seen for one in group)
        assert [pick.mean, pick.lowest, pick.highest] == pytest.approx(
            [np.mean(own), min(own), max(own)], abs=1e-4
        )
        assert found.predicted[:, at] == pytest.approx(own, abs=1e-4)
        assert pick.new_to == 3
    assert [pick.mean for pick in found.picks] == sorted((pick.mean for pick in found.picks), reverse=True)


@pytest.mark.parametrize("aggregation", get_args(Aggregation))
def test_picks_are_those_of_the_aggregation_over_matches_of_which_each_members_best_is_1(
    model: ItemKNNBaseline, members: list[Member], aggregation: Aggregation
) -> None:
    matches = np.array([model.match(one.ratings) for one in members])
    utilities = np.maximum(matches / matches.max(axis=1, keepdims=True), 0)
    predicted = np.array([model.predict(one.ratings) for one in members])
    left = np.flatnonzero(np.isin(model.anime_ids, unseen(model, members)))
    weights = np.array([1.5, 0.9, 0.6])
    columns = rank(aggregation, utilities[:, left], predicted[:, left], 5, floor=6, weights=weights)
    filters = GroupFilters(aggregation=aggregation, floor=6)
    found = suggest(Recommender(model, tales(model)), members, 5, filters, weights=weights)
    assert found.floor is None
    assert ids(found) == model.anime_ids[left[columns]].tolist()


def test_own_best_is_what_a_member_would_choose_alone(model: ItemKNNBaseline, members: list[Member]) -> None:
    found = suggest(Recommender(model, tales(model)), members, 3, AVERAGE)
    left = unseen(model, members)
    for member, best in zip(members, found.best.tolist(), strict=True):
        matches = dict(zip(model.anime_ids.tolist(), model.match(member.ratings).tolist(), strict=True))
        favourite = max(left, key=matches.__getitem__)
        assert best == pytest.approx(float(model.predict(member.ratings, [favourite])[0]), abs=1e-4)


def test_a_series_that_nobody_has_begun_is_begun_once_and_at_its_beginning(
    model: ItemKNNBaseline, members: list[Member]
) -> None:
    first, later, *_ = reversed(ids(suggest(Recommender(model, tales(model)), members, 5, AVERAGE)))
    parts = tales(
        model,
        Anime(first, "Hoshi", type="TV", episodes=12, year=2001, sequels=(later,)),
        Anime(later, "Hoshi 2", type="TV", episodes=12, year=2003, prequels=(first,)),
    )
    found = suggest(Recommender(model, parts), members, 5, AVERAGE)
    assert first in ids(found)
    assert later not in ids(found)
    assert all(pick.catching_up == 0 for pick in found.picks)
    best_part = max((first, later), key=lambda one: wanted(model, members, one))
    pick = next(pick for pick in found.picks if pick.anime_id == first)
    assert pick.in_place_of == (later if best_part == later else None)


def wanted(model: ItemKNNBaseline, members: Sequence[Member], anime_id: int) -> float:
    row = int(np.searchsorted(model.anime_ids, anime_id))
    matches = [model.match(one.ratings) for one in members]
    return float(np.mean([max(0.0, one[row] / one.max()) for one in matches]))


@pytest.mark.parametrize(("begun", "hours"), [(0, None), (1, None), (2, 5.2), (3, 0.0)])
def test_a_later_part_waits_for_half_of_the_group_and_tells_the_others_hours(
    model: ItemKNNBaseline, members: list[Member], begun: int, hours: float | None
) -> None:
    """Thirteen episodes of 24 minutes are 5.2 hours."""
    first, later = unseen(model, members)[:2]
    parts = tales(
        model,
        Anime(first, "Hoshi", type="TV", episodes=13, year=2001, sequels=(later,)),
        Anime(later, "Hoshi 2", type="TV", episodes=12, year=2003, prequels=(first,)),
    )
    group = seeing(members, *([first] if at < begun else [] for at in range(3)))
    found = {one.anime_id: one for one in suggest(Recommender(model, parts), group, 99, AVERAGE).picks}
    assert (first in found) == (begun == 0)
    assert (found[later].catching_up if later in found else None) == (
        None if hours is None else pytest.approx(hours)
    )


def test_novelty_says_how_many_may_have_seen_a_pick(model: ItemKNNBaseline, members: list[Member]) -> None:
    new, of_one, of_two, of_all = unseen(model, members)[:4]
    group = seeing(members, [of_one, of_two, of_all], [of_two, of_all], [of_all])
    recommender = Recommender(model, tales(model))
    picked = {
        novelty: {one.anime_id: one.new_to for one in found.picks}
        for novelty in ("new to all", "new to most", "rewatch")
        for found in [suggest(recommender, group, 999, GroupFilters(novelty, floor=1))]
    }
    watched = (new, of_one, of_two, of_all)
    assert [one in picked["new to all"] for one in watched] == [True, False, False, False]
    assert [one in picked["new to most"] for one in watched] == [True, True, False, False]
    assert [picked["rewatch"].get(one) for one in watched] == [3, 2, 1, 0]


def test_what_exactly_half_have_seen_is_not_new_to_most(
    model: ItemKNNBaseline, members: list[Member]
) -> None:
    some = unseen(model, members)[0]
    group = seeing([*members, Member()], [some], [some], [], [])
    found = suggest(Recommender(model, tales(model)), group, 999, GroupFilters("new to most", floor=1))
    assert some not in ids(found)


@pytest.mark.parametrize(
    ("size", "dismissing", "shown"), [(3, 1, False), (9, 1, False), (10, 1, True), (10, 2, False)]
)
def test_what_more_than_a_tenth_of_a_group_dismissed_is_left_out(
    model: ItemKNNBaseline, size: int, dismissing: int, shown: bool
) -> None:
    recommender = Recommender(model, tales(model))
    some = suggest(recommender, [Member()], 1, AVERAGE).picks[0].anime_id
    group = [Member(dismissed=frozenset([some] if at < dismissing else [])) for at in range(size)]
    assert (some in ids(suggest(recommender, group, 5, AVERAGE))) == shown


def test_a_pick_and_what_must_be_caught_up_on_fit_into_the_hours_there_are(
    model: ItemKNNBaseline, members: list[Member]
) -> None:
    film, short, long, unknown, later = unseen(model, members)[:5]
    parts = tales(
        model,
        Anime(film, "Film", type="Movie", episodes=1),
        Anime(short, "Short", type="OVA", episodes=5),
        Anime(long, "Long", type="OVA", episodes=6),
        Anime(unknown, "Unknown", type="TV"),
        Anime(later, "Short 2", type="OVA", episodes=1, prequels=(short,)),
    )
    recommender = Recommender(model, parts)
    filters = GroupFilters(hours=2, aggregation="average")
    found = suggest(recommender, members, 9, filters)
    assert set(ids(found)) == {film, short}  # 100 minutes and 120; 144 are too many
    assert all((pick.hours or 99) <= 2 for pick in found.picks)
    # One episode, but a member must see five before: 144 minutes.
    begun = seeing(members, [short], [short], [])
    assert set(ids(suggest(recommender, begun, 9, filters))) == {film}
    caught_up = seeing(members, [short], [short], [short])
    assert set(ids(suggest(recommender, caught_up, 9, filters))) == {film, later}


def test_one_cour_is_at_most_13_episodes(model: ItemKNNBaseline, members: list[Member]) -> None:
    cour, more, unknown = unseen(model, members)[:3]
    parts = tales(
        model,
        Anime(cour, "Cour", type="TV", episodes=13),
        Anime(more, "More", type="TV", episodes=14),
        Anime(unknown, "Unknown", type="TV", episodes=0),
        episodes=26,
    )
    found = suggest(Recommender(model, parts), members, 9, GroupFilters(one_cour=True, floor=1))
    assert ids(found) == [cour]


def test_18_plus_is_shown_where_it_is_asked_for(model: ItemKNNBaseline, members: list[Member]) -> None:
    some = unseen(model, members)[0]
    recommender = Recommender(model, tales(model, Anime(some, "Night", type="TV", genres=("Hentai",))))
    for adult in (False, True):
        found = suggest(recommender, members, 999, GroupFilters(adult=adult, floor=1))
        assert (some in ids(found)) == adult


def test_the_floor_is_kept_where_enough_lies_above_it(model: ItemKNNBaseline, members: list[Member]) -> None:
    found = suggest(Recommender(model, tales(model)), members, 3, GroupFilters(floor=6))
    assert found.floor is None
    assert len(found.picks) == 3
    assert all(pick.lowest >= 6 for pick in found.picks)


def test_the_floor_is_lowered_just_as_far_as_needed_and_the_group_is_told(
    model: ItemKNNBaseline, members: list[Member]
) -> None:
    found = suggest(Recommender(model, tales(model)), members, 3, GroupFilters(floor=10))
    left = unseen(model, members)
    lowest = np.min([model.predict(one.ratings, left) for one in members], axis=0)
    best = sorted(lowest.tolist(), reverse=True)[:3]
    assert found.floor == pytest.approx(best[-1], abs=1e-4)
    assert sorted((pick.lowest for pick in found.picks), reverse=True) == pytest.approx(best, abs=1e-4)


@given(
    floor=st.floats(5, 10), n=st.integers(1, 40), rows=st.sets(st.integers(0, 199), min_size=1, max_size=4)
)
def test_no_franchise_is_picked_twice_wherever_the_floor_lies(
    model: ItemKNNBaseline, ratings: Ratings, floor: float, n: int, rows: set[int]
) -> None:
    """Every third anime has two sequels that need it alone: where all have seen it, either can be next."""
    thirds = np.array_split(model.anime_ids, 3)
    franchises = [tuple(map(int, one)) for one in zip(*thirds, strict=False)]
    catalogue = tales(model, *(Anime(one[0], f"Tale {one[0]}", sequels=one[1:]) for one in franchises))
    recommender = Recommender(model, catalogue)
    seen = frozenset(one[0] for one in franchises)
    group = [Member(ratings.of_user(row), seen) for row in sorted(rows)]
    filters = GroupFilters("rewatch", floor=floor, aggregation="average without misery")
    found = suggest(recommender, group, n, filters)
    picked = [recommender.order.franchise(one) for one in ids(found)]
    assert len(picked) == len(set(picked))


def test_who_has_too_few_ratings_counts_as_the_crowd(model: ItemKNNBaseline, members: list[Member]) -> None:
    few = Member(dict(list(members[0].ratings.items())[:4]))
    recommender = Recommender(model, tales(model))
    found = suggest(recommender, [*members, few], 5, AVERAGE)
    assert (found.personal, found.members) == (3, 4)
    assert found.predicted[3] == pytest.approx(model.predict({}, ids(found)), abs=1e-4)
    assert found.predicted[3] == pytest.approx(forecast(recommender, few, ids(found)), abs=1e-4)
    assert suggest(recommender, [*members, few], 5, AVERAGE, least_ratings=4).personal == 4
    alone = suggest(recommender, [few], 99, GroupFilters(floor=1))
    assert alone.personal == 0
    assert not set(ids(alone)) & set(few.ratings)


def test_who_has_exactly_the_fewest_ratings_is_asked_for_their_own_taste(
    model: ItemKNNBaseline, members: list[Member]
) -> None:
    exactly = Member(dict(list(members[0].ratings.items())[:LEAST_RATINGS]))
    recommender = Recommender(model, tales(model))
    found = suggest(recommender, [exactly], 5, AVERAGE)
    assert found.personal == 1
    own = model.predict(exactly.ratings, ids(found))
    assert found.predicted[0] == pytest.approx(own, abs=1e-4)
    assert found.predicted[0] != pytest.approx(model.predict({}, ids(found)), abs=1e-2)
    assert forecast(recommender, exactly, ids(found)) == pytest.approx(own)


def test_a_forecast_is_the_prediction(model: ItemKNNBaseline, members: list[Member]) -> None:
    recommender, some = Recommender(model, tales(model)), model.anime_ids[:4].tolist()
    assert (
        forecast(recommender, members[0], some).tolist() == model.predict(members[0].ratings, some).tolist()
    )


def test_picks_lean_towards_who_weighs_more(model: ItemKNNBaseline, members: list[Member]) -> None:
    recommender = Recommender(model, tales(model))
    even = suggest(recommender, members, 5, AVERAGE, weights=np.ones(3))
    leant = [
        suggest(recommender, members, 5, AVERAGE, weights=np.where(np.arange(3) == one, 2.0, 0.5))
        for one in range(3)
    ]
    assert not even.weighted
    assert all(one.weighted for one in leant)
    assert ids(even) == ids(suggest(recommender, members, 5, AVERAGE))

    def served(found: Suggestion, member: int) -> float:
        return sum(wanted(model, [members[member]], one) for one in ids(found))

    assert all(served(leant[one], one) >= served(even, one) for one in range(3))
    assert any(served(leant[one], one) > served(even, one) for one in range(3))


def test_titles_are_named_only_where_three_of_five_or_more_love_them(model: ItemKNNBaseline) -> None:
    pick = int(model.anime_ids[0])
    near = [one.anime_id for one in model.similar(pick, 4)]
    scores = np.array([[9, 9, 9, 7], [8, 9, 9, 9], [10, 7, 9, 9], [1, 9, 1, 1], [2, 2, 2, 2]], float)
    group = [Member(dict(zip(near, row.tolist(), strict=True))) for row in scores]
    found = suggest(
        Recommender(model, tales(model)),
        group,
        999,
        GroupFilters(floor=1, aggregation="average"),
        least_ratings=1,
    )
    reasons = {one.anime_id: one.loved for one in found.picks}
    assert reasons[pick] == (near[0], near[1], near[2])
    # Of four, who does not love a title that three love would know of each of the others that they do.
    four = suggest(Recommender(model, tales(model)), group[:4], 999, AVERAGE, least_ratings=1)
    assert not any(one.loved for one in four.picks)


def test_no_18_plus_title_is_named_where_none_may_be_shown(model: ItemKNNBaseline) -> None:
    pick = int(model.anime_ids[0])
    near = model.similar(pick, 1)[0].anime_id
    recommender = Recommender(model, tales(model, Anime(near, "Night", type="TV", genres=("Hentai",))))
    group = [Member({near: 9.0})] * 5
    for adult, named in ((False, ()), (True, (near,))):
        filters = GroupFilters(adult=adult, aggregation="average")
        found = suggest(recommender, group, 999, filters, least_ratings=1)
        assert next(one.loved for one in found.picks if one.anime_id == pick) == named


def test_genres_are_named_that_more_than_half_like_above_others(model: ItemKNNBaseline) -> None:
    rated, pick = model.anime_ids[:9].tolist(), int(model.anime_ids[9])
    named = {one: ("Drama",) if at < 3 else ("Comedy",) if at < 6 else () for at, one in enumerate(rated)}
    catalogue = tales(
        model,
        *(Anime(one, f"Tale {one}", genres=genres) for one, genres in named.items()),
        Anime(pick, "Pick", genres=("Comedy", "Drama", "Horror")),
    )
    drama = Member(dict(zip(rated, [9, 9, 9, 5, 5, 5, 7, 7, 7], strict=True)))
    comedy = Member(dict(zip(rated, [5, 5, 5, 9, 9, 9, 7, 7, 7], strict=True)))

    def genres(*group: Member) -> tuple[str, ...]:
        found = suggest(Recommender(model, catalogue), group, 999, AVERAGE)
        return next(one.genres for one in found.picks if one.anime_id == pick)

    assert genres(drama, drama, comedy) == ("Drama",)
    assert genres(drama, drama, comedy, comedy) == ()
    assert genres(drama, comedy) == ()
    assert genres(drama) == ()  # one member's taste is no group's


def test_a_genre_that_is_liked_no_more_than_others_is_not_named(model: ItemKNNBaseline) -> None:
    rated, pick = model.anime_ids[:6].tolist(), int(model.anime_ids[9])
    catalogue = tales(model, *(Anime(one, f"Tale {one}", genres=("Drama",)) for one in (*rated[:3], pick)))
    even = Member(dict.fromkeys(rated, 7.0))
    found = suggest(Recommender(model, catalogue), [even] * 3, 999, AVERAGE)
    assert not any(one.genres for one in found.picks)


def test_three_titles_and_three_genres_are_named_at_most(model: ItemKNNBaseline) -> None:
    pick = int(model.anime_ids[0])
    near = [one.anime_id for one in model.similar(pick, 5)]
    others = [one for one in model.anime_ids.tolist() if one not in (pick, *near)][:5]
    named = ("Action", "Comedy", "Drama", "Horror")
    catalogue = tales(model, *(Anime(one, f"Tale {one}", genres=named) for one in (pick, *near)))
    fans = Member(dict.fromkeys(near, 9.0) | dict.fromkeys(others, 3.0))
    found = suggest(Recommender(model, catalogue), [fans] * 5, 999, AVERAGE)
    reasons = next(one for one in found.picks if one.anime_id == pick)
    assert reasons.loved == tuple(near[:3])
    assert reasons.genres == named[:3]


@pytest.mark.parametrize(("heavier", "weighted"), [(1.04, False), (1.06, True)])
def test_weights_that_hardly_differ_do_not_count_as_weighted(
    model: ItemKNNBaseline, members: list[Member], heavier: float, weighted: bool
) -> None:
    weights = np.array([heavier, 2 - heavier, 1.0])
    assert (
        suggest(Recommender(model, tales(model)), members, 3, AVERAGE, weights=weights).weighted is weighted
    )


def test_as_many_are_picked_as_were_asked_for_however_many_those_are() -> None:
    model = ItemKNNBaseline().fit(made_up_ratings(60, 300, seed=2))
    assert len(model.anime_ids) > 250
    assert len(suggest(Recommender(model, tales(model)), [Member()], 250, AVERAGE).picks) == 250


def test_what_members_want_worked_by_hand() -> None:
    matches = {7.0: [-2.0, 0.0, 4.0, 1.0], 8.0: [-1.0, -3.0, -1.0, -2.0], 9.0: [0.5, 0.25, 0.0, -9.0]}

    def scores(ratings: Mapping[int, float]) -> Scores:
        match = np.array(matches[next(iter(ratings.values()), 7.0)])
        return Scores(np.arange(4.0), match, interest=match, usual=6.0)

    found = GroupScores.of([{1: 7.0}, {1: 8.0}, {1: 9.0}, {}], np.array([0, 2, 3]), scores)
    # In units of the member's best; who would watch nothing has no say, and without ratings all count.
    assert found.utilities.tolist() == [[0, 1, 0.25], [0, 0, 0], [1, 0, 0], [0, 1, 0.25]]
    assert found.predicted.tolist() == [[0, 2, 3]] * 4


def test_remembered_scores_change_no_pick(model: ItemKNNBaseline, members: list[Member]) -> None:
    recommender, remembered = Recommender(model, tales(model)), RememberedScores(model)
    plain = suggest(recommender, members, 5, AVERAGE)
    for _ in range(2):
        found = suggest(recommender, members, 5, AVERAGE, scores=remembered.scores)
        assert found.picks == plain.picks


def test_a_group_of_hundreds_gets_picks_by_every_aggregation(
    model: ItemKNNBaseline, ratings: Ratings
) -> None:
    group = [Member(dict(list(ratings.of_user(at % 200).items())[: 3 + at % 4])) for at in range(500)]
    for aggregation in get_args(Aggregation):
        filters = GroupFilters("new to most", aggregation=aggregation)
        found = suggest(Recommender(model, tales(model)), group, 10, filters)
        assert len(found.picks) == 10
        assert found.predicted.shape == (500, 10)


def test_where_nothing_is_left_there_are_no_picks(model: ItemKNNBaseline) -> None:
    everything = Member(seen=frozenset(model.anime_ids.tolist()))
    for aggregation in get_args(Aggregation):
        found = suggest(
            Recommender(model, tales(model)), [everything], 5, GroupFilters(aggregation=aggregation)
        )
        assert found.picks == []
        assert found.predicted.shape == (1, 0)
        assert np.isnan(found.best).all()


def test_what_is_no_group_is_refused(model: ItemKNNBaseline) -> None:
    recommender = Recommender(model, tales(model))
    with pytest.raises(ValueError, match="at least one member"):
        suggest(recommender, [], 5, AVERAGE)
    for weights in ([1.0, 1.0], [0.0], [float("nan")]):
        with pytest.raises(ValueError, match="above 0 for each member"):
            suggest(recommender, [Member()], 5, AVERAGE, weights=np.array(weights))
