"""How anime look in Discord: pure functions from plain data to embeds within Discord's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord.utils import escape_markdown

from hakken import Anime, Catalogue

COLOUR = discord.Colour(0x2E51A2)
TITLE_LIMIT = 256
"""Discord's, in characters."""
_SHORT_TITLE = 60
_GENRES_SHOWN, _GENRES_LIMIT = 4, 200
_REASONS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class ShownReason:
    """A rating that speaks for a pick, as a member reads it."""

    anime_id: int
    score: int


def clip(text: str, limit: int) -> str:
    """The text, cut to so many characters with an ellipsis where it is longer."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def linked(anime: Anime) -> str:
    """A title that links to its page, short enough for a line."""
    return f"[{escape_markdown(clip(anime.title, _SHORT_TITLE))}]({anime.url})"


def facts_line(anime: Anime) -> str:
    """Type · episodes · year, as far as they are known."""
    episodes = f"{anime.episodes} episode{'' if anime.episodes == 1 else 's'}" if anime.episodes else None
    parts = (anime.type, episodes, str(anime.year) if anime.year else None)
    return " · ".join(part for part in parts if part)


def because_line(reasons: Sequence[ShownReason], catalogue: Catalogue) -> str:
    """'because you gave X a 9 and Y a 10'; empty without a reason."""
    said = [
        f"**{escape_markdown(clip(catalogue.title(reason.anime_id), _SHORT_TITLE))}** "
        f"{'an' if reason.score == 8 else 'a'} {reason.score}"  # eight alone begins with a vowel
        for reason in reasons[:_REASONS_SHOWN]
    ]
    return f"because you gave {' and '.join(said)}" if said else ""


def titled_embed(anime: Anime, description: str) -> discord.Embed:
    """One anime: its title, which links to its page, over a text, with its cover beside both."""
    title = clip(escape_markdown(anime.title), TITLE_LIMIT)
    embed = discord.Embed(title=title, url=anime.url, description=description, colour=COLOUR)
    return embed.set_thumbnail(url=anime.image_url)


def anime_embed(anime: Anime, headline: str, last_line: str = "") -> discord.Embed:
    """One anime: its linked title, a headline such as its predicted rating, facts, genres, a last line."""
    english = anime.english if anime.english and anime.english != anime.title else None
    lines = (
        headline,
        f"*{escape_markdown(clip(english, _SHORT_TITLE))}*" if english else "",
        facts_line(anime),
        clip(", ".join(anime.genres[:_GENRES_SHOWN]), _GENRES_LIMIT),
        last_line,
    )
    return titled_embed(anime, "\n".join(line for line in lines if line))
