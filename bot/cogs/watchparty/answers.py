"""The answers of a poll: short enough for Discord, and no two of them read the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.ui.embeds import Display, clip, clip_with_facts
from hakken import Anime

ANSWER_LIMIT = 55
"""Discord's limit, in characters."""
_END = 25
"""Characters of a long title's end."""


def answers(anime_ids: Sequence[int], display: Display) -> list[str]:
    """Return a text for each anime: its title and, if others would read the same, what tells it apart.

    Args:
        anime_ids: different anime.
        display: how to show them.
    """
    shown = [(_shown(display.catalogue.anime(one), display), display.title(one)) for one in anime_ids]
    texts = [clip(title, ANSWER_LIMIT) for _, title in shown]
    for distinguish in _DISTINCTIONS:
        times = Counter(map(_read, texts))
        texts = [
            distinguish(anime, title) if times[_read(text)] > 1 else text
            for (anime, title), text in zip(shown, texts, strict=True)
        ]
    return texts


def _shown(anime: Anime, display: Display) -> Anime:
    return replace(anime, title=display.title(anime.anime_id)) if display.hides(anime) else anime


def _read(text: str) -> str:
    return " ".join(text.casefold().split())


def _both_ends(title: str) -> str:
    if len(title) <= ANSWER_LIMIT:
        return title
    return f"{clip(title, ANSWER_LIMIT - _END)}{title[-_END:]}"


_DISTINCTIONS: tuple[Callable[[Anime, str], str], ...] = (
    lambda anime, title: clip_with_facts(anime, title, ANSWER_LIMIT),
    lambda _, title: _both_ends(title),
    lambda anime, _: _both_ends(anime.title),  # the English titles of two anime may be the same
    lambda anime, title: f"{clip(title, ANSWER_LIMIT - _END)} (MAL {anime.anime_id})",
)
"""What may tell anime apart, the most telling first."""
