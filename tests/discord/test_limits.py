"""Discord's limits at the longest titles of the catalogue, and answers in time."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import discord
import pytest

from bot.store import Titles
from bot.ui.embeds import Display, ShownReason, anime_embed, because_line
from bot.ui.feedback import add_feedback
from bot.ui.filters import in_words, narrowing
from bot.ui.pages import RENDERERS
from bot.ui.paginator import PageButton
from bot.ui.recommend_embed import pick_embed, pick_facts
from hakken import Anime, Catalogue, Reason
from hakken.recommend.filters import Filters
from hakken.recommend.recommender import EarlierPart, Pick
from hakken.recommend.shown_ratings import ShownRating

LONG = "*_~`|>[" * 34
CATALOGUE = Catalogue(
    Anime(
        number,
        LONG[:237],
        english=LONG[:127],
        type="TV Special",
        episodes=1787,
        year=2026,
        genres=("Award Winning Slice of Life",) * 40,
    )
    for number in range(1, 40)
)
PICK = {
    "predicted": "7.5–9.5",
    "confidence": "fairly sure",
    "because": [[1, 10], [2, 8], [3, 9]],
    "in_place_of": 4,
    "after": 5,
    "score": 8,
    "mean": 9.9,
    "lowest": 5.0,
    "highest": 10.0,
}
DISPLAYS = [Display(CATALOGUE, titles) for titles in get_args(Titles)]


@pytest.mark.parametrize("display", DISPLAYS)
def test_every_page_of_the_longest_titles_fits_one_message(display: Display) -> None:
    body = {
        "intro": "x" * 3000,
        "members": 500,
        "picks": [{"anime_id": number, **PICK} for number in range(1, 26)],
        "rated": [[number, 10, 1_700_000_000] for number in range(1, 40)],
    }
    for kind, render in RENDERERS.items():
        last = render(body, 0, display).last
        assert last >= 1, kind
        for page in range(last + 1):
            shown = render(body, page, display)
            assert 1 <= len(shown.embeds) <= 10
            assert len(shown.picks) in (0, len(shown.embeds))
            assert len(shown.picks) <= 4, "the fifth row of buttons turns pages"
            assert sum(map(len, shown.embeds)) <= 6000
            assert len(shown.content) <= 2000 or kind == "ratings"
            for embed in shown.embeds:
                assert len(embed.title or "") <= 256
                assert len(embed.description or "") <= 4096


def test_an_anime_with_nothing_known_but_its_title_has_no_empty_lines() -> None:
    anime = Anime(7, "Sign")
    embed = anime_embed(anime, Display(Catalogue([anime])), "**★ 7** predicted")
    assert embed.description == "**★ 7** predicted"
    assert embed.url == "https://myanimelist.net/anime/7"


def test_titles_cannot_smuggle_markdown_in() -> None:
    anime = Anime(7, "**Sign** `x`")
    embed = anime_embed(anime, Display(Catalogue([anime])), "")
    assert embed.title == r"\*\*Sign\*\* \`x\`"


def test_reasons_read_as_a_sentence() -> None:
    display = Display(Catalogue([Anime(1, "Monster"), Anime(2, "Nana")]))
    one, two = ShownReason(1, 8), ShownReason(2, 9)
    assert because_line([one, two], display) == "Because you rated **Monster** 8 and **Nana** 9"
    assert because_line([two], display) == "Because you rated **Nana** 9"
    assert because_line([], display) == ""
    without = [replace(one, score=None), replace(two, score=None)]
    assert because_line(without, display) == "Because you liked **Monster** and **Nana**"


@pytest.mark.parametrize(
    ("score", "contribution", "interest", "named"),
    [
        (9, 0.3, 0.2, True),
        (9, 0.0, 0.2, True),
        (9, 0.3, -0.1, True),
        (9, -0.3, 0.1, False),
        (4, 0.3, 0.0, True),  # by a member who likes little
        (3, 0.0, 0.2, False),
        (3, -0.1, 0.2, False),
        (9, 0.0, 0.0, False),
    ],
)
def test_only_ratings_that_speak_for_a_pick_are_its_reasons(
    score: int, contribution: float, interest: float, named: bool
) -> None:
    reason = Reason(3, score, 0.5, contribution, interest)
    pick = Pick(1, 8.04, ShownRating(8, 8), (reason,), "sure", None)
    facts = pick_facts(pick, DISPLAYS[0], adult=False, scores=True)
    assert facts["because"] == ([[3, score]] if named else [])
    for_all = pick_facts(pick, DISPLAYS[0], adult=False, scores=False)
    assert for_all["because"] == ([[3, None]] if named and score > 5 else [])  # a 4 is not liked
    assert facts["predicted"] == "8"


def test_a_stand_in_for_a_sequel_and_the_next_part_of_a_series_say_so() -> None:
    display = Display(Catalogue([Anime(1, "Monster"), Anime(2, "Monster 2"), Anime(3, "Nana")]))
    pick = {"anime_id": 1, "predicted": "8", "confidence": "sure", "because": [[3, 9]], "in_place_of": 2}
    assert pick_embed(pick, display).description == (
        "**★ 8** predicted · sure\nStart here, then **Monster 2**\nBecause you rated **Nana** 9"
    )
    assert pick_embed({**pick, "because": []}, display).description == (
        "**★ 8** predicted\nStart here, then **Monster 2**"
    )
    body = {"intro": "", "picks": [{"anime_id": 2, "predicted": "8", "after": 1, "score": 8}]}
    embed = RENDERERS["continuation"](body, 0, display).embeds[0]
    assert embed.title == "1. Monster 2"
    assert embed.description == "**★ 8** predicted\nAfter **Monster**, which you rated 8"
    unrated = {"intro": "", "picks": [{**body["picks"][0], "score": None}]}  # type: ignore[dict-item]
    embed = RENDERERS["continuation"](unrated, 0, display).embeds[0]
    assert embed.description == "**★ 8** predicted\nAfter **Monster**"


@pytest.mark.parametrize(
    ("score", "shown", "said"),
    [
        (9.0, True, "**★ 8** predicted · sure\nYou finished **Monster** and rated it 9"),
        (9.0, False, "**★ 8** predicted · sure\nYou finished **Monster**"),
        (2.0, False, "**★ 8** predicted · sure\nYou finished **Monster**"),
        (None, True, "**★ 8** predicted\nYou began **Monster**"),
    ],
)
def test_a_later_part_names_the_one_before_it_once(score: float | None, shown: bool, said: str) -> None:
    display = Display(Catalogue([Anime(1, "Monster"), Anime(2, "Monster 2"), Anime(3, "Nana")]))
    its_own = () if score is None else (Reason(1, score, 0.5, 0.3, 0.2),)
    pick = Pick(2, 8.04, ShownRating(8, 8), its_own, "sure", follows=EarlierPart(1, score))
    assert pick_embed(pick_facts(pick, display, adult=False, scores=shown), display).description == said
    with_another = replace(pick, because=(*its_own, Reason(3, 8.0, 0.5, 0.2, 0.2)))
    text = pick_embed(pick_facts(with_another, display, adult=False, scores=shown), display).description or ""
    because = "Because you rated **Nana** 8" if shown else "Because you liked **Nana**"
    assert text.splitlines()[1:] == [*said.splitlines()[1:], because]


def test_a_part_that_is_rated_18_is_not_named_as_the_one_before() -> None:
    display = Display(Catalogue([Anime(1, "Momiji", genres=("Hentai",)), Anime(2, "Momiji 2")]))
    pick = Pick(2, 8.04, ShownRating(8, 8), (), "sure", follows=EarlierPart(1, 9.0))
    for adult, named in ((False, False), (True, True)):
        shown = replace(display, adult=adult)
        text = pick_embed(pick_facts(pick, shown, adult=adult, scores=True), shown).description or ""
        assert ("You finished" in text) is named


@pytest.mark.parametrize(
    ("shown", "said"),
    [(True, "Close to **Monster**, which you rated 9"), (False, "Close to **Monster**, which you liked")],
)
def test_what_nobody_has_rated_is_close_to_what_speaks_for_it_most(shown: bool, said: str) -> None:
    display = Display(Catalogue([Anime(1, "Monster"), Anime(2, "Nana"), Anime(3, "Frieren")]))
    reasons = (Reason(1, 9.0, 0.5, 0.3, 0.2), Reason(2, 8.0, 0.5, 0.2, 0.2))
    pick = Pick(3, 8.04, ShownRating(7, 9), reasons, "unsure", by_facts=True)
    facts = pick_facts(pick, display, adult=False, scores=shown)
    assert pick_embed(facts, display).description == f"**★ 7–9** predicted · unsure\n{said}"
    without = pick_facts(replace(pick, because=()), display, adult=False, scores=shown)
    assert pick_embed(without, display).description == "**★ 7–9** predicted"


def test_wishes_read_as_words_and_name_the_options_to_loosen() -> None:
    filters = Filters(
        types=frozenset({"TV"}),
        genres=frozenset({"Drama", "Action"}),
        without_genres=frozenset({"Horror"}),
        from_year=2010,
        to_year=2015,
        length="a season",
        min_raters=1000,
        adventure="hidden gems",
        sequels="include",
        planned=True,
        sort="newest",
    )
    assert in_words(filters) == (
        "TV · Action, Drama · without Horror · 2010–2015 · a season · rated by 1,000 or more · "
        "hidden gems · sequels included · planned ones too · newest first"
    )
    assert in_words(Filters()) == ""
    assert in_words(Filters(from_year=2010)) == "from 2010"
    assert in_words(Filters(sort="best match")) == "best match first"
    assert in_words(Filters(to_year=2010)) == "up to 2010"
    assert in_words(Filters(from_year=2010, to_year=2010)) == "2010"
    assert narrowing(filters) == ["type", "genre", "without", "from_year", "to_year", "length", "min_raters"]
    assert narrowing(Filters(adventure="hidden gems", min_raters=0)) == []


async def test_the_most_buttons_that_a_message_can_have_fit_it() -> None:
    view = discord.ui.View(timeout=None)
    add_feedback(view, 2**64 - 1, dict.fromkeys((22, 23, 24, 25), 999999999), {999_999_999})
    view.add_item(PageButton("<", "x" * 22, 24)).add_item(PageButton(">", "x" * 22, 25))
    rows = view.to_components()
    assert [len(row["components"]) for row in rows] == [3, 3, 3, 3, 2]
    assert all(len(one["label"]) <= 80 for row in rows for one in row["components"])


def test_an_anime_that_left_the_catalogue_is_still_shown() -> None:
    body = {
        "intro": "",
        "rated": [[999, 9, 1_700_000_000]],
        "picks": [{"anime_id": 999, **PICK}],
        "members": 2,
    }
    for render in RENDERERS.values():
        shown = render(body, 0, DISPLAYS[0])
        assert "anime 999" in (shown.embeds[0].title or "") + (shown.embeds[0].description or "")
