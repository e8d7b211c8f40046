"""What is chosen for a member: franchises from their beginning, filters, feedback, and not all of one kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.spatial.distance import pdist

from hakken import Anime, Catalogue, ItemKNNBaseline, Ratings
from hakken.model.explanations import Confidence
from hakken.ratings.synthetic import MadeUpSet, Shape
from hakken.ratings.synthetic_catalogue import made_up_catalogue
from hakken.recommend import recommender
from hakken.recommend.filters import Filters, Sort
from hakken.recommend.recommender import Continuation, EarlierPart, Member, Pick, Recommender
from hakken.recommend.shown_ratings import shown_mean, shown_rating
from tests.hakken.made_up import made_up_ratings

RATINGS = made_up_ratings(200, 60, seed=5)
MODEL = ItemKNNBaseline().fit(RATINGS)
ANIME = MODEL.anime_ids.tolist()
USERS = [RATINGS.of_user(row) for row in range(40)]
WORDS = [
    "".join(some).capitalize() for some in product(("ka", "so", "ti", "nu"), ("re", "ma", "yo"), repeat=2)
]
"""Titles that tell nothing of what belongs together."""
EVERYTHING = Filters()


def facts(anime_id: int) -> Anime:
    """Of an anime that stands alone; no two neighbours are alike."""
    row = ANIME.index(anime_id)
    genres = [genre for bit, genre in enumerate(("Drama", "Space", "Comedy")) if row >> bit & 1]
    return Anime(
        anime_id,
        WORDS[row],
        type=("TV", "Movie", "OVA", None)[row % 4],
        episodes=(1, 2, 6, 7, 12, 26, 27, 100, 0, None)[row % 10],
        year=1990 + row % 30 if row % 7 else None,
        genres=tuple(genres),
        studios=(f"Studio {row % 3}",),
        age="PG-13 - Teens 13 or older",
    )


def season(anime_id: int, year: int, kind: str = "TV", **others: object) -> Anime:
    return replace(facts(anime_id), type=kind, year=year, episodes=12, genres=(), **others)  # type: ignore[arg-type]


SEASONS = [
    season(10, 2001),
    season(20, 2003, prequels=(10,)),
    season(30, 2005, "Movie", prequels=(20,)),
    # A recap between two seasons.
    season(40, 2001),
    season(50, 2002, "Movie", title="Kareka Soushuuhen", prequels=(40,)),
    season(60, 2003, prequels=(40,)),
    # 18+ after, and before, what is not.
    season(70, 2001),
    season(80, 2003, prequels=(70,), age="Rx - Hentai"),
    season(90, 2001, age="Rx - Hentai"),
    season(100, 2003, prequels=(90,)),
    # A film of a series that can be watched without it, and one that cannot.
    season(110, 2001, title="Mimi", franchise=9, members=1000),
    season(130, 1990, "Movie", title="Mimi: Hana", franchise=9, members=1000),
    season(140, 2003, "Movie", title="Mimi: Yoru no Hoshi", franchise=9, members=900),
]
FRANCHISES = Catalogue([*SEASONS, *(facts(one) for one in ANIME if one > 140)])
ALONE = Catalogue(facts(one) for one in ANIME)


def ids(picks: list[Pick]) -> list[int]:
    return [pick.anime_id for pick in picks]


def match_of(ratings: dict[int, float]) -> dict[int, float]:
    return dict(zip(ANIME, MODEL.match(ratings).tolist(), strict=True))


def best_first(ratings: dict[int, float]) -> tuple[list[int], list[int]]:
    """What is good enough for a member of all that they have not rated, and the rest, the best match first."""
    every = [one.anime_id for one in MODEL.recommend(ratings, len(ANIME))]
    explained = MODEL.explain(ratings, every[0])
    usual = explained.mean + explained.of_member
    least = min(usual, sum(ratings.values()) / len(ratings) if ratings else usual) - 0.5
    good = {one for one, rating in zip(every, MODEL.predict(ratings, every), strict=True) if rating >= least}
    return [one for one in every if one in good], [one for one in every if one not in good]


def without(ratings: dict[int, float], *anime_ids: int) -> dict[int, float]:
    return {one: score for one, score in ratings.items() if one not in anime_ids}


class TestChoice:
    """Of anime that stand alone and of which no genre or studio is known."""

    RECOMMENDER = Recommender(MODEL, Catalogue())

    @pytest.mark.parametrize("n", [0, 1, 5, 100])
    def test_the_best_matches_are_chosen_and_listed_by_the_number_shown_then_by_match(self, n: int) -> None:
        ties = 0
        for ratings in [*USERS, {}, {ANIME[3]: 9.0}]:
            good, rest = best_first(ratings)
            place = {one: at for at, one in enumerate(good + rest)}
            picks = self.RECOMMENDER.recommend(Member(ratings), n)
            assert {*ids(picks)} == {*(good + rest)[:n]}
            assert [pick.predicted for pick in picks] == pytest.approx(
                MODEL.predict(ratings, ids(picks)).tolist()
            )
            keys = [(-pick.shown.middle, place[pick.anime_id]) for pick in picks]
            assert keys == sorted(keys)
            ties += len(picks) - len({first for first, _ in keys})
        assert n < 5 or ties > 40

    def test_the_best_match_comes_first_where_it_is_wished_and_what_is_below_their_usual_last(self) -> None:
        filled = 0
        for ratings in [*USERS, {}, {ANIME[3]: 9.0}]:
            good, rest = best_first(ratings)
            for n in (0, 1, 5, len(good), len(good) + 2, 100):
                picks = self.RECOMMENDER.recommend(Member(ratings), n, Filters(sort="best match"))
                assert ids(picks) == (good + rest)[:n]
                assert [pick.below_usual for pick in picks] == [one in rest for one in ids(picks)]
            filled += bool(rest)
        assert filled > 20

    def test_the_newest_comes_first_where_it_is_wished_and_what_has_no_date_last(self) -> None:
        # Of the same year, what begins later; what has only a year comes after these.
        aired = {10: "2024-10-03", 20: "2024-04", 30: "2024", 40: "2016-01-09", 50: None, 60: None, 70: None}
        years = {10: 2024, 20: 2024, 30: 2024, 40: 2016, 50: 2019, 60: None, 70: None}
        facts_of = [Anime(one, WORDS[at], aired=aired[one], year=years[one]) for at, one in enumerate(aired)]
        chooser = Recommender(MODEL, Catalogue(facts_of))
        picks = chooser.recommend(Member({200: 9.0}), 7, Filters(sort="newest"))
        good, rest = best_first({200: 9.0})
        undated = [one for one in good + rest if one in (60, 70)]
        assert ids(picks) == [10, 20, 30, 50, 40, *undated]

    def test_what_is_chosen_does_not_depend_on_the_order(self) -> None:
        chooser = Recommender(MODEL, ALONE)
        for ratings in USERS[:10]:
            highest, by_match, newest = (
                chooser.recommend(Member(ratings), 8, Filters(sort=sort)) for sort in get_args(Sort)
            )
            assert {*ids(highest)} == {*ids(by_match)} == {*ids(newest)}
            assert not ids(highest) == ids(by_match) == ids(newest)

    def test_a_rating_is_shown_as_its_confidence_bears_and_an_average_as_a_number(self) -> None:
        words = set()
        for ratings in USERS:
            for pick in self.RECOMMENDER.recommend(Member(ratings), 20):
                assert pick.shown == shown_rating(pick.predicted, pick.confidence)
                words.add(pick.confidence)
        assert words == {*get_args(Confidence)}
        for ratings in ({}, {7: 10.0}):  # the model does not know 7
            for pick in self.RECOMMENDER.recommend(Member(ratings), 20):
                assert pick.shown == shown_mean(pick.predicted)

    def test_a_rating_that_tells_of_no_other_anime_leaves_the_average_a_number(self) -> None:
        model = ItemKNNBaseline().fit(made_up_ratings(40, 60, seed=2))
        chooser, ranges = Recommender(model, Catalogue()), 0
        for anime_id in model.anime_ids.tolist():
            for pick in chooser.recommend(Member({anime_id: 8.0}), 5):
                number = shown_mean(pick.predicted)
                ranges += pick.shown != number
                assert model.counting([anime_id]) or pick.shown == number
        assert 0 < ranges < 5 * len(model.anime_ids)

    def test_what_is_rated_seen_or_dismissed_is_never_shown_what_is_planned_only_if_wished(self) -> None:
        for ratings in USERS[:10]:
            some = [one for one in ANIME if one not in ratings]
            member = Member(ratings, frozenset(some[:3]), frozenset(some[3:6]), frozenset(some[6:9]))
            assert {*ids(self.RECOMMENDER.recommend(member, 100))} == {*some[9:]}
            again = self.RECOMMENDER.recommend(member, 100, Filters(planned=True))
            assert {*ids(again)} == {*some[6:]}

    @pytest.mark.parametrize("known_as", ["seen", "dismissed", "rated"])
    def test_what_is_planned_and_also_seen_dismissed_or_rated_is_never_shown(self, known_as: str) -> None:
        planned, also = ANIME[10:16], ANIME[10:13]
        if known_as == "rated":
            member = Member(dict.fromkeys(also, 8.0), planned=frozenset(planned))
        else:
            member = Member({ANIME[3]: 8.0}, planned=frozenset(planned), **{known_as: frozenset(also)})
        for filters in (EVERYTHING, Filters(planned=True)):
            shown = {*ids(self.RECOMMENDER.recommend(member, 100, filters))}
            assert shown & {*planned} == ({*planned[3:]} if filters.planned else set())

    def test_what_is_worth_minus_infinity_is_no_candidate(self) -> None:
        worth = np.arange(len(ANIME), dtype=np.float64)
        worth[::2] = -np.inf
        found = self.RECOMMENDER.candidates(Member(), EVERYTHING, worth, 100)
        assert [one.row for one in found] == [*range(len(ANIME) - 1, 0, -2)]

    def test_what_the_member_knows_and_the_model_does_not_harms_nothing(self) -> None:
        member = Member({7: 9.0, 10: 8.0}, frozenset({8}), frozenset({9}), frozenset({2**31 - 1}))
        assert ids(self.RECOMMENDER.recommend(member, 5)) == ids(
            self.RECOMMENDER.recommend(Member({10: 8.0}), 5)
        )

    def test_reasons_speak_for_the_pick_and_are_the_members_own(self) -> None:
        named = 0
        for ratings in USERS:
            for pick in self.RECOMMENDER.recommend(Member(ratings), 5):
                every = MODEL.explain(ratings, pick.anime_id).neighbours
                speaking = [one for one in every if one.contribution >= 0 and one.interest >= 0]
                assert list(pick.because) == speaking[:5]
                assert all(ratings[one.anime_id] == one.score for one in pick.because)
                named += len(pick.because)
        assert named > 100

    def test_without_ratings_there_are_no_reasons_and_it_is_a_guess(self) -> None:
        picks = self.RECOMMENDER.recommend(Member(), 10)
        assert len(picks) == 10
        assert {pick.because for pick in picks} == {()}
        assert {pick.confidence for pick in picks} == {"a guess"}

    def test_a_pick_is_trusted_as_much_as_its_explanation_says(self) -> None:
        everything = dict.fromkeys(ANIME[:55], 7.0) | dict.fromkeys(ANIME[::3], 9.0)
        some = [dict([*ratings.items()][:4]) for ratings in USERS]
        unknown = {1: 8.0, 2: 7.0, 3: 9.0}  # to the model, which learns no taste from them
        for ratings in (*USERS, without(everything, *ANIME[::11]), *(one | unknown for one in some)):
            member = Member(ratings)
            for pick in self.RECOMMENDER.recommend(member, 10):
                explained = self.RECOMMENDER.explain(member, pick.anime_id)
                assert explained is not None
                assert pick.confidence == explained.confidence

    def test_what_nobody_has_rated_is_known_by_its_facts(self) -> None:
        new = replace(facts(ANIME[5]), anime_id=ANIME[-1] + 1, title="Kanuti")
        catalogue = Catalogue([*(facts(one) for one in ANIME), new])
        chooser = Recommender(ItemKNNBaseline().fit(RATINGS, catalogue=catalogue), catalogue)
        picks = chooser.recommend(Member({10: 9.0}), 100)
        assert {pick.anime_id for pick in picks if pick.by_facts} == {new.anime_id}

    def test_an_unknown_anime_is_neither_explained_nor_like_anything(self) -> None:
        assert self.RECOMMENDER.explain(Member({10: 9.0}), 7) is None
        assert self.RECOMMENDER.similar(7, 5) == []


class TestFranchises:
    RECOMMENDER = Recommender(MODEL, FRANCHISES)

    def test_a_franchise_is_begun_at_its_beginning_and_shown_once(self) -> None:
        stood_in = set()
        for ratings in USERS:
            member = Member(without(ratings, 10, 20, 30))
            match = match_of(dict(member.ratings))
            picks = {pick.anime_id: pick for pick in self.RECOMMENDER.recommend(member, 100)}
            best = max((10, 20, 30), key=match.__getitem__)
            assert {10, 20, 30} & picks.keys() == {10}
            assert picks[10].in_place_of == (None if best == 10 else best)
            stood_in.add(best)
        assert len(stood_in) > 1

    @pytest.mark.parametrize(
        ("seen", "entry"), [({10}, 20), ({10, 20}, 30), ({20}, 10), ({10, 30}, 20), ({10, 20, 30}, None)]
    )
    def test_the_first_part_that_is_not_seen_is_shown_be_it_rated_or_only_seen(
        self, seen: set[int], entry: int | None
    ) -> None:
        others = without(USERS[0], 10, 20, 30)
        for member in (
            Member(others, frozenset(seen)),
            Member(others | dict.fromkeys(seen, 8.0)),
            Member(others | dict.fromkeys([*seen][:1], 8.0), frozenset([*seen][1:])),
        ):
            shown = {*ids(self.RECOMMENDER.recommend(member, 100))} & {10, 20, 30}
            assert shown == ({entry} if entry else set())

    @pytest.mark.parametrize(
        ("rated", "seen", "follows"),
        [
            ({10: 8.0}, set(), {20: EarlierPart(10, 8.0)}),
            ({}, {10}, {20: EarlierPart(10, None)}),
            ({10: 9.0, 20: 8.0}, set(), {30: EarlierPart(20, 8.0)}),
            ({10: 9.0}, {20}, {30: EarlierPart(20, None)}),
            ({20: 8.0}, set(), {10: None}),
            ({40: 8.0}, {50}, {60: EarlierPart(40, 8.0)}),  # the recap is no part
            ({}, set(), {10: None}),
        ],
    )
    def test_a_later_part_names_the_last_one_before_it_that_is_seen(
        self, rated: dict[int, float], seen: set[int], follows: dict[int, EarlierPart | None]
    ) -> None:
        member = Member(without(USERS[0], 10, 20, 30, 40, 50, 60) | rated, frozenset(seen))
        picks = {pick.anime_id: pick for pick in self.RECOMMENDER.recommend(member, 100)}
        assert {one: picks[one].follows for one in follows} == follows

    def test_what_a_later_part_follows_is_shown_where_sequels_are_wished_only_if_seen(self) -> None:
        picks = self.RECOMMENDER.recommend(Member({10: 8.0}), 100, Filters(sequels="include"))
        found = {pick.anime_id: pick.follows for pick in picks if pick.anime_id in (20, 30, 60)}
        assert found == {20: EarlierPart(10, 8.0), 30: EarlierPart(10, 8.0), 60: None}

    def test_all_parts_are_shown_where_sequels_are_wished(self) -> None:
        member = Member({200: 9.0})
        picks = self.RECOMMENDER.recommend(member, 100, Filters(sequels="include"))
        # But not 18+, nor 120, which the catalogue does not name.
        assert {*ids(picks)} == {*ANIME} - {200, 80, 90, 120}
        assert {pick.in_place_of for pick in picks} == {None}

    def test_a_part_does_not_stand_in_for_what_may_not_be_shown(self) -> None:
        for ratings in USERS[:10]:
            others = without(ratings, 10, 20, 30)
            for member in (
                Member(others, dismissed=frozenset({20, 30})),
                Member(others, planned=frozenset({20, 30})),
            ):
                [pick] = [one for one in self.RECOMMENDER.recommend(member, 100) if one.anime_id == 10]
                assert pick.in_place_of is None

    @pytest.mark.parametrize("kept_away", ["dismissed", "planned"])
    def test_what_needs_a_part_that_is_kept_away_is_not_shown_either(self, kept_away: str) -> None:
        member = Member(without(USERS[0], 10, 20, 30), **{kept_away: frozenset({10})})
        assert not {10, 20, 30} & {*ids(self.RECOMMENDER.recommend(member, 100))}

    def test_a_recap_hides_no_sequel(self) -> None:
        better = 0
        for ratings in USERS:
            member = Member(without(ratings, 50, 60) | {40: 9.0})
            match = match_of(dict(member.ratings))
            assert {40, 50, 60} & {*ids(self.RECOMMENDER.recommend(member, 100))} == {60}
            better += match[50] > match[60]
        assert 0 < better < len(USERS)

    def test_a_film_that_stands_alone_is_shown_though_another_needs_its_series(self) -> None:
        order, better = self.RECOMMENDER.order, 0
        assert order.franchise(130) == order.franchise(140)
        assert (order.entry(130, ()), order.entry(140, ())) == (130, 110)
        for ratings in USERS:
            member = Member(without(ratings, 110, 130, 140))
            match = match_of(dict(member.ratings))
            shown = {*ids(self.RECOMMENDER.recommend(member, 100, Filters(types=frozenset({"Movie"}))))}
            assert shown & {110, 130, 140} == {130}
            better += match[140] > match[130]
        assert 0 < better < len(USERS)

    @pytest.mark.parametrize(
        ("parts", "seen", "shown"),
        [
            # The mean is 7 in all of these, with one other score.
            ({10: 7}, (), {20}),
            ({10: 8}, (), {20}),
            ({10: 6}, (), set()),
            ({10: 8, 20: 7}, (), {30}),
            ({10: 5, 20: 9}, (), set()),
            ({10: 9, 20: 5}, (), set()),
            ({10: 6}, (20,), set()),
            ({10: 8}, (20,), {30}),
            # What comes before is no later part.
            ({20: 6}, (), {10}),
        ],
    )
    def test_no_later_part_is_shown_of_what_they_scored_below_their_mean(
        self, parts: dict[int, float], seen: tuple[int, ...], shown: set[int]
    ) -> None:
        other = 7.0 * (len(parts) + 1) - sum(parts.values())
        member = Member({**parts, 200: other}, seen=frozenset(seen))
        picks = self.RECOMMENDER.recommend(member, 100)
        assert {10, 20, 30} & {*ids(picks)} == shown
        every = {*ids(self.RECOMMENDER.recommend(member, 100, Filters(sequels="include")))}
        later = {one for one in (20, 30) if one not in parts and one not in seen}
        assert every & later == (later if shown & later else set())

    def test_a_part_that_leads_only_to_what_let_them_down_is_not_shown_for_its_sake(self) -> None:
        # 140 needs 110; the film 130 can be watched without it.
        member = Member({110: 4.0, 200: 9.0})
        assert {110, 130, 140} & {*ids(self.RECOMMENDER.recommend(member, 100))} == {130}

    def test_a_franchise_is_filled_in_only_once(self) -> None:
        for ratings in USERS[:10]:
            picks = ids(self.RECOMMENDER.recommend(Member(without(ratings, 110, 130, 140)), 100))
            franchises = [self.RECOMMENDER.order.franchise(one) for one in picks]
            assert len({*franchises}) == len(franchises)


class TestWishes:
    RECOMMENDER = Recommender(MODEL, ALONE)

    @pytest.mark.parametrize(
        ("filters", "fits"),
        [
            (Filters(types=frozenset({"TV", "OVA"})), lambda one: one.type in ("TV", "OVA")),
            (Filters(genres=frozenset({"Drama", "Space"})), lambda one: {"Drama", "Space"} <= {*one.genres}),
            (Filters(without_genres=frozenset({"Drama"})), lambda one: "Drama" not in one.genres),
            (Filters(from_year=2005), lambda one: one.year and one.year >= 2005),
            (Filters(to_year=1999), lambda one: one.year and one.year <= 1999),
            (Filters(from_year=1999, to_year=2005), lambda one: one.year and 1999 <= one.year <= 2005),
            (
                Filters(length="an evening"),
                lambda one: (
                    one.episodes and (one.episodes == 1 or (one.type != "Movie" and one.episodes <= 6))
                ),
            ),
            (Filters(length="a season"), lambda one: one.episodes and 7 <= one.episodes <= 26),
            (Filters(length="long"), lambda one: one.episodes and one.episodes > 26),
            (
                Filters(genres=frozenset({"Comedy"}), types=frozenset({"TV"}), from_year=1995),
                lambda one: "Comedy" in one.genres and one.type == "TV" and one.year and one.year >= 1995,
            ),
        ],
    )
    def test_all_that_fit_are_shown_and_nothing_else(
        self, filters: Filters, fits: Callable[[Anime], object]
    ) -> None:
        expected = {one for one in ANIME if fits(ALONE[one])}
        assert 0 < len(expected) < len(ANIME)
        for ratings in ({}, USERS[0], USERS[1]):
            assert {*ids(self.RECOMMENDER.recommend(Member(ratings), 100, filters))} == expected - {*ratings}

    def test_where_nothing_fits_nothing_is_shown(self) -> None:
        filters = Filters(genres=frozenset({"Cooking"}))
        assert self.RECOMMENDER.recommend(Member(USERS[0]), 10, filters) == []
        assert self.RECOMMENDER.surprise(Member(USERS[0]), filters, np.random.default_rng(0)) is None

    def test_18_is_shown_only_where_it_is_allowed(self) -> None:
        chooser = Recommender(MODEL, FRANCHISES)
        for sequels in ("first", "include"):
            shown = {*ids(chooser.recommend(Member({70: 9.0}), 100, Filters(sequels=sequels)))}
            assert not shown & {80, 90}
            assert (100 in shown) == (sequels == "include")  # it begins with what is 18+
        allowed = {*ids(chooser.recommend(Member({70: 9.0}), 100, Filters(adult=True)))}
        assert allowed & {80, 90, 100} == {80, 90}
        hidden = {80, 90, 120}  # 120 is in no catalogue: nobody knows for which age it is
        for anime_id in ANIME:
            similar = [one.anime_id for one in chooser.similar(anime_id, 100)]
            assert similar == [
                one.anime_id for one in MODEL.similar(anime_id, 100) if one.anime_id not in hidden
            ]
            assert chooser.similar(anime_id, 100, adult=True) == MODEL.similar(anime_id, 100)
            assert len(chooser.similar(anime_id, 3)) == 3
        assert any({80, 90} & {one.anime_id for one in MODEL.similar(anime_id, 100)} for anime_id in ANIME)


class TestFloor:
    """Anime have 100 members for each rater, but for the least rated three."""

    LEAST = int(np.sort(MODEL.raters)[20])
    OBSCURE = tuple(ANIME[row] for row in np.argsort(MODEL.raters, kind="stable")[:3])

    def catalogue(self, *members: int) -> Catalogue:
        usual = dict(zip(ANIME, (MODEL.raters * 100).tolist(), strict=True))
        usual |= zip(self.OBSCURE, members, strict=True)
        return Catalogue(Anime(one, WORDS[row], members=usual[one]) for row, one in enumerate(ANIME))

    def enough(self) -> set[int]:
        return {one for one, raters in zip(ANIME, MODEL.raters.tolist(), strict=True) if raters >= self.LEAST}

    def test_what_fewer_rated_is_left_out_but_for_what_as_many_know(self) -> None:
        chooser = Recommender(
            MODEL, self.catalogue(self.LEAST * 100, self.LEAST * 100 - 1, 0), min_raters=self.LEAST
        )
        assert {*ids(chooser.recommend(Member(), 100))} == self.enough() | {self.OBSCURE[0]}

    def test_one_that_all_the_world_knows_does_not_change_what_is_usual(self) -> None:
        usual = self.catalogue(self.LEAST * 100, self.LEAST * 100 - 1, 0)
        famous = ANIME[int(MODEL.raters.argmax())]
        facts = Catalogue(
            replace(one, members=10**9) if one.anime_id == famous else one for one in usual.values()
        )
        chooser = Recommender(MODEL, facts, min_raters=self.LEAST)
        assert {*ids(chooser.recommend(Member(), 100))} == self.enough() | {self.OBSCURE[0]}

    def test_a_wish_for_raters_is_taken_by_its_word(self) -> None:
        chooser = Recommender(MODEL, self.catalogue(10**7, 10**7, 10**7), min_raters=0)
        assert {*ids(chooser.recommend(Member(), 100))} == {*ANIME}
        wished = chooser.recommend(Member(), 100, Filters(min_raters=self.LEAST))
        assert {*ids(wished)} == self.enough()
        strict = Recommender(MODEL, self.catalogue(0, 0, 0), min_raters=self.LEAST)
        assert {*ids(strict.recommend(Member(), 100, Filters(min_raters=0)))} == {*ANIME}

    def test_where_no_members_are_known_raters_alone_count(self) -> None:
        chooser = Recommender(MODEL, Catalogue(), min_raters=self.LEAST)
        assert {*ids(chooser.recommend(Member(), 100))} == self.enough()


class TestContinuations:
    RECOMMENDER = Recommender(MODEL, FRANCHISES)

    def continued(self, member: Member, *, adult: bool = False) -> dict[int, Continuation]:
        return {one.anime_id: one for one in self.RECOMMENDER.continuations(member, 100, adult=adult)}

    def test_the_next_part_of_what_was_liked_is_shown_with_its_score(self) -> None:
        ratings = {10: 9.0, 200: 5.0}
        found = self.continued(Member(ratings))
        assert found.keys() == {20}
        [predicted] = MODEL.predict(ratings, [20]).tolist()
        shown = shown_rating(predicted, MODEL.explain(ratings, 20).confidence)
        assert found[20] == Continuation(20, predicted, shown, after=10, score=9.0)

    def test_only_the_next_and_not_what_comes_after_it(self) -> None:
        assert self.continued(Member({10: 9.0, 20: 9.0})).keys() == {30}
        assert self.continued(Member({10: 9.0, 20: 9.0, 30: 9.0})).keys() == set()

    @pytest.mark.parametrize(
        ("ratings", "continued"),
        [
            ({10: 7.0, 200: 7.0}, {20}),
            ({10: 6.0}, {20}),
            # Not above the middle of the scale.
            ({10: 5.0, 200: 2.0}, set()),
            # As much as on average, 8, and less than 7½.
            ({10: 8.0, 200: 8.0}, {20}),
            ({10: 7.0, 200: 8.0}, set()),
            # What counts is the part that is continued.
            ({10: 9.0, 20: 6.0, 200: 7.0}, set()),
            ({10: 6.0, 20: 9.0, 200: 7.0}, {30}),
        ],
    )
    def test_what_was_liked_on_the_scale_or_for_the_member_is_continued(
        self, ratings: dict[int, float], continued: set[int]
    ) -> None:
        assert self.continued(Member(ratings)).keys() == continued

    def test_what_was_seen_and_not_rated_is_continued(self) -> None:
        found = self.continued(Member({200: 7.0}, seen=frozenset({10})))
        assert (found[20].after, found[20].score) == (10, None)
        assert self.continued(Member(seen=frozenset({10}))).keys() == {20}

    def test_of_a_part_seen_and_not_rated_the_rated_ones_before_count(self) -> None:
        assert self.continued(Member({10: 8.0, 200: 7.0}, seen=frozenset({20}))).keys() == {30}
        assert self.continued(Member({10: 6.0, 200: 7.0}, seen=frozenset({20}))).keys() == set()

    def test_a_recap_is_no_continuation(self) -> None:
        assert self.continued(Member({40: 9.0})).keys() == {60}

    def test_what_is_dismissed_or_planned_is_left_out(self) -> None:
        assert self.continued(Member({10: 9.0}, dismissed=frozenset({20}))) == {}
        assert self.continued(Member({10: 9.0}, planned=frozenset({20}))) == {}

    def test_18_is_continued_only_where_it_is_allowed(self) -> None:
        assert self.continued(Member({70: 9.0})) == {}
        assert self.continued(Member({70: 9.0}), adult=True).keys() == {80}
        # What it follows is named beside it.
        assert self.continued(Member({90: 9.0})) == {}
        assert self.continued(Member({90: 9.0}), adult=True).keys() == {100}

    def test_they_are_listed_by_the_number_shown_so_many_as_asked_for(self) -> None:
        member = Member({10: 9.0, 40: 9.0, 110: 9.0})
        found = self.RECOMMENDER.continuations(member, 100)
        assert {one.anime_id for one in found} == {20, 60, 140}
        middles = [one.shown.middle for one in found]
        assert middles == sorted(middles, reverse=True)
        assert all(
            one.shown == shown_rating(one.predicted, MODEL.explain(member.ratings, one.anime_id).confidence)
            for one in found
        )
        highest = sorted(found, key=lambda one: -one.predicted)[:2]
        assert {*self.RECOMMENDER.continuations(member, 2)} == {*highest}
        assert self.RECOMMENDER.continuations(Member(), 10) == []


class TestSurprise:
    RECOMMENDER = Recommender(MODEL, FRANCHISES)

    def test_it_is_one_of_the_hidden_gems_the_same_by_the_same_chance(self) -> None:
        member = Member(USERS[0])
        gems = self.RECOMMENDER.recommend(member, 20, Filters(adventure="hidden gems"))
        found = set()
        for seed in range(60):
            pick = self.RECOMMENDER.surprise(member, EVERYTHING, np.random.default_rng(seed))
            assert pick == self.RECOMMENDER.surprise(
                member, Filters(adventure="well-known"), np.random.default_rng(seed)
            )
            assert pick in gems
            found.add(pick.anime_id)
        assert len(found) > 10

    def test_a_best_known_title_is_no_hidden_gem_however_few_rated_it(self) -> None:
        gems = ids(Recommender(MODEL, ALONE).recommend(Member(), 20, Filters(adventure="hidden gems")))
        famous = gems[0]
        known = Catalogue(replace(one, members=10**6 * (one.anime_id == famous)) for one in ALONE.values())
        chooser = Recommender(MODEL, known)
        picks = {
            pick.anime_id
            for seed in range(100)
            for pick in [chooser.surprise(Member(), EVERYTHING, np.random.default_rng(seed))]
            if pick
        }
        assert picks >= {*gems[1:5]}
        assert famous not in picks
        assert famous in ids(chooser.recommend(Member(), 100))

    @pytest.mark.parametrize("member", [Member({10: 9.0}), Member(seen=frozenset({10}))])
    def test_no_hidden_gem_continues_what_was_rated_or_only_seen(self, member: Member) -> None:
        for sequels in ("first", "include"):
            balanced, gems = (
                {*ids(self.RECOMMENDER.recommend(member, 100, Filters(adventure=adventure, sequels=sequels)))}
                for adventure in ("balanced", "hidden gems")
            )
            assert 20 in balanced
            assert not gems & {20, 30}

    @pytest.mark.parametrize("by", ["members", "raters"])
    def test_the_best_known_3_in_100_are_none_by_members_then_by_raters(
        self, made_up: tuple[Ratings, Recommender], by: str
    ) -> None:
        _, chooser = made_up
        model, catalogue = chooser.model, chooser.catalogue
        if by == "raters":  # nothing is known of members, so all are equally well-known by them
            catalogue = Catalogue(replace(one, members=0) for one in catalogue.values())
        chooser = Recommender(model, catalogue)
        members = [catalogue.anime(one).members for one in model.anime_ids.tolist()]
        known = pd.DataFrame({"members": members, "raters": model.raters}, index=model.anime_ids)
        best = known.sort_values(["members", "raters"]).index[-(len(known) * 3 // 100) :]
        shown = ids(chooser.recommend(Member(), 10_000, Filters(adventure="hidden gems", sequels="include")))
        every = ids(chooser.recommend(Member(), 10_000, Filters(sequels="include")))
        assert {*every} - {*shown} == {*best} & {*every}

    def test_it_is_below_their_usual_only_where_nothing_else_is_left(self) -> None:
        mixed = 0
        for ratings in USERS:
            for filters in (EVERYTHING, Filters(genres=frozenset({"Drama", "Space"}))):
                wished = filters.model_copy(update={"adventure": "hidden gems"})
                gems = self.RECOMMENDER.recommend(Member(ratings), 20, wished)
                good = [pick for pick in gems if not pick.below_usual]
                for seed in range(5):
                    pick = self.RECOMMENDER.surprise(Member(ratings), filters, np.random.default_rng(seed))
                    assert pick in (good or gems)
                mixed += 0 < len(good) < len(gems)
        assert mixed > 10

    def test_it_keeps_to_the_other_wishes(self) -> None:
        filters = Filters(types=frozenset({"Movie"}), genres=frozenset({"Drama"}))
        for seed in range(10):
            pick = self.RECOMMENDER.surprise(Member(), filters, np.random.default_rng(seed))
            assert pick is not None
            assert FRANCHISES[pick.anime_id].type == "Movie"
            assert "Drama" in FRANCHISES[pick.anime_id].genres


def test_of_equal_picks_and_continuations_the_lower_id_comes_first() -> None:
    # The same users gave all four the same scores, so whatever is predicted of them is equal.
    flat = [(user, one, 1 + user * 7 % 10) for user in range(1, 30) for one in (10, 20, 30, 40)]
    model = ItemKNNBaseline().fit(Ratings.from_arrays(*zip(*flat, strict=True)))
    assert len({*model.predict({}).tolist()}) == 1
    chooser = Recommender(
        model,
        Catalogue(
            [
                Anime(10, "Kareka", type="TV", year=2001, episodes=12),
                Anime(20, "Soso 2", type="TV", year=2003, episodes=12, prequels=(40,)),
                Anime(30, "Kareka 2", type="TV", year=2003, episodes=12, prequels=(10,)),
                Anime(40, "Soso", type="TV", year=2001, episodes=12),
            ]
        ),
    )
    assert ids(chooser.recommend(Member(), 10)) == [10, 40]
    seen = Member(seen=frozenset({10, 40}))
    assert [one.anime_id for one in chooser.continuations(seen, 10)] == [20, 30]
    assert [one.anime_id for one in chooser.continuations(seen, 1)] == [20]


MADE_UP = MadeUpSet(Shape(800, 1000, 32_000), seed=2)
"""A set with a real one's shape: franchises, tastes with a genre each, a long tail."""
SHORT_ENOUGH = np.flatnonzero(MADE_UP.lengths <= 100)[:150].tolist()
"""Users who leave something to choose from."""


@pytest.fixture(scope="module")
def made_up() -> tuple[Ratings, Recommender]:
    catalogue, ratings = made_up_catalogue(MADE_UP.anime, seed=2), MADE_UP.ratings()
    return ratings, Recommender(ItemKNNBaseline().fit(ratings, catalogue=catalogue), catalogue)


def lists(ratings: Ratings, chooser: Recommender, filters: Filters = EVERYTHING) -> list[list[int]]:
    return [ids(chooser.recommend(Member(ratings.of_user(row)), 10, filters)) for row in SHORT_ENOUGH]


def median_raters(chooser: Recommender, shown: list[list[int]]) -> float:
    raters = dict(zip(chooser.model.anime_ids.tolist(), chooser.model.raters.tolist(), strict=True))
    return float(np.mean([np.median([raters[one] for one in some]) for some in shown]))


def alike(catalogue: Catalogue, shown: list[int]) -> float:
    """Mean cosine of the genres of all pairs, by SciPy."""
    genres = sorted({genre for one in shown for genre in catalogue[one].genres})
    has: NDArray[np.float64] = np.array(
        [[genre in catalogue[one].genres for genre in genres] for one in shown], np.float64
    )
    return float(1 - pdist(has, "cosine").mean())


def test_the_more_adventurous_the_less_known(made_up: tuple[Ratings, Recommender]) -> None:
    ratings, chooser = made_up
    known, balanced, gems = (
        median_raters(chooser, lists(ratings, chooser, Filters(adventure=adventure)))
        for adventure in ("well-known", "balanced", "hidden gems")
    )
    assert known > 1.05 * balanced
    assert balanced > 1.2 * gems


def test_a_surprise_is_off_the_beaten_track(made_up: tuple[Ratings, Recommender]) -> None:
    ratings, chooser = made_up
    for row in SHORT_ENOUGH[:20]:
        member = Member(ratings.of_user(row))
        gems, usual = (
            {*ids(chooser.recommend(member, 20, Filters(adventure=adventure)))}
            for adventure in ("hidden gems", "balanced")
        )
        assert gems - usual
        picks = [chooser.surprise(member, EVERYTHING, np.random.default_rng(seed)) for seed in range(10)]
        assert {pick.anime_id for pick in picks if pick} <= gems


def test_the_greater_the_aversion_the_less_alike_are_the_picks(
    made_up: tuple[Ratings, Recommender], monkeypatch: pytest.MonkeyPatch
) -> None:
    ratings, chooser = made_up
    found = []
    for aversion in (0.0, 0.4, 0.7, 1.0):
        monkeypatch.setattr(recommender, "AVERSION", aversion)
        found.append(np.mean([alike(chooser.catalogue, shown) for shown in lists(ratings, chooser)]))
    assert found == sorted(found, reverse=True)
    assert found[2] < 0.9 * found[0]


def test_a_reason_that_only_predicts_and_one_that_only_interests_are_named(
    made_up: tuple[Ratings, Recommender],
) -> None:
    ratings, chooser = made_up
    named = [
        reason
        for row in SHORT_ENOUGH[:20]
        for pick in chooser.recommend(Member(ratings.of_user(row)), 10)
        for reason in pick.because
    ]
    assert any(reason.interest == 0 < reason.contribution for reason in named)
    assert any(reason.contribution == 0 < reason.interest for reason in named)


def test_no_list_of_a_large_set_breaks_a_rule(made_up: tuple[Ratings, Recommender]) -> None:
    ratings, chooser = made_up
    for row, shown in zip(SHORT_ENOUGH, lists(ratings, chooser), strict=True):
        seen = ratings.of_user(row)
        assert len(shown) == 10
        assert not {*shown} & {*seen}
        franchises = [chooser.order.franchise(one) for one in shown]
        assert len({*franchises}) == len(franchises)
        assert all(chooser.order.entry(one, seen) == one for one in shown)
