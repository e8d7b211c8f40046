"""Which entries are about an anime: not about a manga, a book, or a single episode."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .words import plain, table_of

NO_ANIME = "entries that are no anime"
_ONLY_A_PART = "entries about an episode or a season alone"
_ANIME = "anime"
_KINDS = table_of(
    {
        _ANIME: """
            tv, tv series, tv show, tv special, tv short, tv movie, tv mini series, mini series, series, show,
            shows, movie, movies, film, films, short film, ova, oad, ona, web, special, specials, sp, short,
            music, music video, mv, pv, cm, anime, animes, anime series, anime movie, animation, animated,
            TV-Serie, Serie, Kurzfilm, série, film d'animation, película, filme, dizi, tv сериал, тв, сериал,
            фильм, полнометражный, спешл, клип, аниме, мультсериал, アニメ, テレビ, 映画, 劇場版, 动画, 動畫,
            剧场版, 电影, 番剧, 애니, 애니메이션, 극장판
        """,
        NO_ANIME: """
            one-shot, doujinshi, book, books, comic, comics, game, video game, board game, live action,
            Buch, livre, libro, livro, roman, книга, комикс, игра, 本, ゲーム, 游戏, 书籍
        """,
        _ONLY_A_PART: "episode, episodes, season, seasons, Folge, Staffel, épisode, saison, эпизод, сезон",
    }
)
_NO_ANIME = tuple(
    table_of(
        {
            NO_ANIME: """
                manga, manhwa, manhua, novel, webtoon, ranobe, манга, манхва, маньхуа, ранобэ, новелл, 漫画,
                漫畫, マンガ, まんが, コミック, 小説, 小说, 小說, ラノベ, ノベル, 만화, 소설, 웹툰
            """
        }
    )
)
"""Parts of words for what is no anime: ``Light Novel (LN)``."""
_LINK = re.compile(r"/(?:manga|ranobe|mangas|novels?|books?|comics?)/")


def why_no_anime(cells: Mapping[str, str]) -> str | None:
    """Return why an entry is about no anime, in a countable form; None if it may be about one."""
    if (link := cells.get("link")) and _LINK.search(link):
        return NO_ANIME
    if kind := _kind(cells):
        if any(part in kind for part in _NO_ANIME):
            return NO_ANIME
        if kind in _KINDS:
            return None if _KINDS[kind] == _ANIME else _KINDS[kind]
    read, watched = cells.get("of_manga", ""), cells.get("of_anime", "").strip("0-. ")
    return NO_ANIME if read and not watched and (read.strip("0-. ") or "of_anime" not in cells) else None


def is_unknown_kind(cells: Mapping[str, str]) -> bool:
    """Whether an entry is of a kind that nobody knows."""
    kind = _kind(cells)
    return bool(kind) and kind not in _KINDS and not any(part in kind for part in _NO_ANIME)


def _kind(cells: Mapping[str, str]) -> str:
    return plain(cells.get("kind", ""))
