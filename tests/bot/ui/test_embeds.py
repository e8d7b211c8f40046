"""Texts by others in embeds: shown as they are, and linked nowhere but to the anime's own page."""

from __future__ import annotations

import re

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.embeds import Display, anime_embed, escaped, linked, named, picture_file, titled_embed
from bot.ui.filters import in_words
from hakken import Anime, Catalogue
from hakken.recommend.filters import Filters

# The rules of simple-markdown (github.com/ariabuckles/simple-markdown), from which Discord's come.
INSIDE = r"(?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*"
TARGET = r"""\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['"]([\s\S]*?)['"])?\s*"""
ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
LINK = re.compile(rf"\[({INSIDE})\]\({TARGET}\)")
AUTOLINK = re.compile(r"<([^: >]+:/[^ >]+)>")
URL = re.compile(r"""(https?://[^\s<]+[^<.,:;"')\]\s])""")
MARKUP = re.compile(r"\*\*|__|~~|\|\||`|<[@#:at]|_\S|\*\S")


def links(text: str) -> list[str]:
    """Where the links of a text lead."""
    at, found = 0, []
    while at < len(text):
        if escape := ESCAPE.match(text, at):
            at = escape.end()
        elif link := LINK.match(text, at):
            found.append(link[2])
            at = link.end()
        elif link := AUTOLINK.match(text, at) or URL.match(text, at):
            found.append(link[1])
            at = link.end()
        else:
            at += 1
    return found


def shown(text: str) -> str:
    """The text without its escapes."""
    return ESCAPE.sub(r"\1", text)


TITLES = [
    "[Oshi no Ko]",
    "A](https://evil.example)",
    "A](https://evil.example/x) [B",
    "[A](https://evil.example)",
    "[",
    "]",
    "Ends with [",
    "](",
    "https://evil.example",
    "<https://evil.example>",
    "A \\](https://evil.example)",
    "**bold** __line__ ~~gone~~ ||spoiler|| `code` <@1> <t:1>",
]


def only(title: str) -> tuple[Anime, Display]:
    anime = Anime(7, title)
    return anime, Display(Catalogue([anime]))


def test_the_rules_see_the_links_that_discord_sees() -> None:
    assert links("[A](https://evil.example) [B](https://two.example)") == [
        "https://evil.example",
        "https://two.example",
    ]
    assert links("see https://evil.example.") == ["https://evil.example"]
    assert links(r"\[A\]\(https\://evil.example)") == []


@pytest.mark.parametrize("title", TITLES)
def test_a_title_links_to_the_anime_alone(title: str) -> None:
    anime, look = only(title)
    assert links(linked(anime, look)) == ["https://myanimelist.net/anime/7"]
    for text in (named(7, look), titled_embed(anime, look, "").title or ""):
        assert links(text) == []
    assert shown(escaped(title)) == title
    assert not MARKUP.search(ESCAPE.sub("", escaped(title)))


PIECES = st.sampled_from([*"[]()<>\\:/ aB.#-*_\n", "https://x.yz", "](", "<@1>"])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_text_becomes_a_link(title: str) -> None:
    anime, look = only(title)
    assert set(links(linked(anime, look))) <= {anime.url}
    assert links(named(7, look)) == []
    assert shown(escaped(title)) == title


def test_a_text_for_a_picture_keeps_to_discords_limit() -> None:
    assert picture_file(b"", "a.png", "x" * 2000).description == "x" * 1023 + "…"
    assert picture_file(b"", "a.png", "x" * 1024).description == "x" * 1024


def test_the_longest_filters_fit_into_a_message() -> None:
    names = [frozenset(f"{kind}{one:02}" + "*" * 96 for one in range(10)) for kind in "ab"]
    assert len(in_words(Filters(genres=names[0], without_genres=names[1]))) <= 900


def test_the_alt_text_is_sent() -> None:
    assert isinstance(picture_file(b"", "a.png", "what is seen"), discord.File)


@pytest.mark.parametrize("adult", [False, True])
def test_what_is_rated_18_has_neither_name_nor_cover_nor_link_where_it_may_not_be_shown(adult: bool) -> None:
    anime = Anime(
        7, "Momiji", english="Maple", genres=("Drama", "Hentai"), image_url="https://cdn.example/momiji.jpg"
    )
    display = Display(Catalogue([anime]), adult=adult)
    text = str(anime_embed(anime, display, "**★ 7**").to_dict()) + linked(anime, display) + named(7, display)
    for told in ("Momiji", "Maple", "Hentai", "momiji.jpg", "/anime/7"):
        assert (told in text) is adult
