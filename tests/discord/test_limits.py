"""Discord's limits at the longest titles of the catalogue, and answers in time."""

from __future__ import annotations

from bot.ui.embeds import ShownReason, anime_embed, because_line
from bot.ui.pages import RENDERERS
from hakken import Anime, Catalogue

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
PICK = {"predicted": 10.0, "because": [[1, 10], [2, 8], [3, 9]], "mean": 9.9, "lowest": 5.0, "highest": 10.0}


def test_every_page_of_the_longest_titles_fits_one_message() -> None:
    body = {
        "intro": "x" * 3000,
        "members": 500,
        "picks": [{"anime_id": number, **PICK} for number in range(1, 26)],
        "rated": [[number, 10, 1_700_000_000] for number in range(1, 40)],
    }
    for kind, render in RENDERERS.items():
        last = render(body, 0, CATALOGUE).last
        assert last >= 1, kind
        for page in range(last + 1):
            shown = render(body, page, CATALOGUE)
            assert 1 <= len(shown.embeds) <= 10
            assert sum(map(len, shown.embeds)) <= 6000
            assert len(shown.content) <= 2000 or kind == "ratings"
            for embed in shown.embeds:
                assert len(embed.title or "") <= 256
                assert len(embed.description or "") <= 4096


def test_an_anime_with_nothing_known_but_its_title_has_no_empty_lines() -> None:
    embed = anime_embed(Anime(7, "Sign"), "**★ 7.0** predicted")
    assert embed.description == "**★ 7.0** predicted"
    assert embed.url == "https://myanimelist.net/anime/7"


def test_titles_cannot_smuggle_markdown_in() -> None:
    embed = anime_embed(Anime(7, "**Sign** `x`"), "")
    assert embed.title == r"\*\*Sign\*\* \`x\`"


def test_reasons_read_as_a_sentence() -> None:
    catalogue = Catalogue([Anime(1, "Monster"), Anime(2, "Nana")])
    one, two = ShownReason(1, 8), ShownReason(2, 9)
    assert because_line([one, two], catalogue) == "because you gave **Monster** an 8 and **Nana** a 9"
    assert because_line([two], catalogue) == "because you gave **Nana** a 9"
    assert because_line([], catalogue) == ""


def test_an_anime_that_left_the_catalogue_is_still_shown() -> None:
    body = {
        "intro": "",
        "rated": [[999, 9, 1_700_000_000]],
        "picks": [{"anime_id": 999, **PICK}],
        "members": 2,
    }
    for render in RENDERERS.values():
        shown = render(body, 0, CATALOGUE)
        assert "anime 999" in (shown.embeds[0].title or "") + (shown.embeds[0].description or "")
