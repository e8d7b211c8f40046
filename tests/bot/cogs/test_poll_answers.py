"""Poll answers: within Discord's limit, and no two of a poll read the same."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cogs.watchparty.answers import answers
from bot.store import Titles
from bot.ui.embeds import Display
from hakken import Anime, Catalogue

STARTER = Path(__file__).resolve().parents[3] / "data" / "starter"
LIMIT = 55
"""Of a poll answer's text, in Discord's API description."""


def texts(*anime: Anime, titles: Titles = "both") -> list[str]:
    return answers([one.anime_id for one in anime], Display(Catalogue(anime), titles))


def assert_distinct(texts: list[str]) -> None:
    assert all(0 < len(text) <= LIMIT for text in texts)
    assert len({" ".join(text.casefold().split()) for text in texts}) == len(texts)


@pytest.fixture(scope="module")
def starter() -> Catalogue:
    return Catalogue.of_model(STARTER)


LONG = "Koukaku Kidoutai: Stand Alone Complex - Solid State Society"
HELL = "Hell Mode: Yarikomizuki no Gamer wa Hai Settei no Isekai de Musou suru"


@pytest.mark.parametrize(
    ("anime", "expected"),
    [
        ([Anime(1, "Sign"), Anime(2, "Signal")], ["Sign", "Signal"]),
        # Type and year, as in the list that appears while an anime is typed.
        (
            [Anime(1, "Sign", type="TV", year=2002), Anime(2, "Sign", type="Music"), Anime(3, "SIGN")],
            ["Sign (TV · 2002)", "Sign (Music)", "SIGN"],
        ),
        (
            [Anime(1, LONG, type="Special", year=2006), Anime(2, f"{LONG} 3D", type="Movie", year=2011)],
            [
                "Koukaku Kidoutai: Stand Alone Complex… (Special · 2006)",
                "Koukaku Kidoutai: Stand Alone Complex -… (Movie · 2011)",
            ],
        ),
        # The end of the title, where the anime are alike in both.
        (
            [
                Anime(1, HELL, type="TV", year=2026),
                Anime(2, f"{HELL} 2nd Season", type="TV", year=2026),
                Anime(3, "Monster", type="TV", year=2004),
            ],
            [
                "Hell Mode: Yarikomizuki no Ga…i no Isekai de Musou suru",
                "Hell Mode: Yarikomizuki no Ga… de Musou suru 2nd Season",
                "Monster",
            ],
        ),
        (
            [Anime(1, "Youkoso", type="OVA"), Anime(2, "Youkoso", type="OVA")],
            ["Youkoso (MAL 1)", "Youkoso (MAL 2)"],
        ),
    ],
)
def test_titles_that_would_read_the_same_get_what_tells_them_apart(
    anime: list[Anime], expected: list[str]
) -> None:
    assert texts(*anime) == expected


def test_the_main_titles_tell_equal_english_titles_apart() -> None:
    parts = [
        Anime(one, title, "Digimon Fusion", type="TV", year=2011)
        for one, title in ((1, "Digimon Xros Wars"), (2, "Digimon Xros Wars: Toki wo Kakeru"))
    ]
    assert texts(*parts, titles="english") == ["Digimon Xros Wars", "Digimon Xros Wars: Toki wo Kakeru"]


@pytest.mark.parametrize("titles", ["both", "english"])
def test_all_alike_titles_of_the_starter_catalogue_can_stand_in_one_poll(
    starter: Catalogue, titles: Titles
) -> None:
    look, groups = Display(starter, titles), defaultdict[str, list[int]](list)
    for one in starter:
        groups[look.title(one)[: LIMIT - 1].casefold()].append(one)
    alike = [group for group in groups.values() if len(group) > 1]
    assert len(alike) >= 82
    for group in alike:
        assert_distinct(answers(group, look))


WORDS = st.sampled_from(["Hoshi", "hoshi", "no", "Koe", "Movie", "2"])
SOME_TITLES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)


@given(st.data())
def test_no_two_answers_of_any_poll_read_the_same(data: st.DataObject) -> None:
    anime = [
        Anime(
            one,
            data.draw(SOME_TITLES),
            data.draw(st.none() | SOME_TITLES),
            type=data.draw(st.sampled_from([None, "TV"])),
            year=data.draw(st.sampled_from([None, 2002])),
        )
        for one in data.draw(st.sets(st.integers(1, 2**31 - 1), min_size=2, max_size=10))
    ]
    for titles in ("both", "english"):
        assert_distinct(texts(*anime, titles=titles))
