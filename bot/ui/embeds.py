"""How anime look in Discord: pure functions from plain data to embeds within Discord's limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import discord
from discord.utils import escape_markdown

from bot.store import Titles
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


def _no_cover(_anime_id: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Display:
    """How anime are shown to a member."""

    catalogue: Catalogue
    titles: Titles = "both"
    covers: Callable[[int], str | None] = _no_cover
    """Gives the cover of an anime whose catalogue has none."""

    def title(self, anime_id: int) -> str:
        """Its title in the member's language, or that of its stand-in."""
        anime = self.catalogue.anime(anime_id)
        return (self.titles == "english" and anime.english) or anime.title

    def subtitle(self, anime_id: int) -> str:
        """Its English title where both are wanted and there are two; otherwise empty."""
        anime = self.catalogue.anime(anime_id)
        return anime.english if self.titles == "both" and anime.english not in (None, anime.title) else ""

    def cover(self, anime: Anime) -> str | None:
        """The address of its cover, as far as anyone knows it."""
        return anime.image_url or self.covers(anime.anime_id)


def clip(text: str, limit: int) -> str:
    """The text, cut to so many characters with an ellipsis where it is longer."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def named(anime_id: int, look: Display) -> str:
    """A title in bold, short enough for a line."""
    return f"**{escape_markdown(clip(look.title(anime_id), _SHORT_TITLE))}**"


def linked(anime: Anime, look: Display) -> str:
    """A title that links to its page, short enough for a line."""
    return f"[{escape_markdown(clip(look.title(anime.anime_id), _SHORT_TITLE))}]({anime.url})"


def facts_line(anime: Anime) -> str:
    """Type · episodes · year, as far as they are known."""
    episodes = f"{anime.episodes} episode{'' if anime.episodes == 1 else 's'}" if anime.episodes else None
    parts = (anime.type, episodes, str(anime.year) if anime.year else None)
    return " · ".join(part for part in parts if part)


def because_line(reasons: Sequence[ShownReason], look: Display) -> str:
    """'because you gave X a 9 and Y a 10'; empty without a reason."""
    said = [f"{named(reason.anime_id, look)} {scored(reason.score)}" for reason in reasons[:_REASONS_SHOWN]]
    return f"because you gave {' and '.join(said)}" if said else ""


def scored(score: int) -> str:
    """'a 9', 'an 8'."""
    return f"{'an' if score == 8 else 'a'} {score}"  # eight alone begins with a vowel


def titled_embed(
    anime: Anime, look: Display, description: str, *, number: int | None = None
) -> discord.Embed:
    """One anime: its title, which links to its page, over a text, with its cover beside both.

    Args:
        anime: what to show.
        look: how.
        description: at most 4,096 characters.
        number: stands before the title, where buttons below say which of several they mean.
    """
    title = escape_markdown(look.title(anime.anime_id))
    title = clip(title if number is None else f"{number}. {title}", TITLE_LIMIT)
    embed = discord.Embed(title=title, url=anime.url, description=description, colour=COLOUR)
    return embed.set_thumbnail(url=look.cover(anime))


def anime_embed(
    anime: Anime, look: Display, headline: str, last_line: str = "", *, number: int | None = None
) -> discord.Embed:
    """One anime: its linked title, a headline such as its predicted rating, facts, genres, a last line."""
    english = look.subtitle(anime.anime_id)
    lines = (
        headline,
        f"*{escape_markdown(clip(english, _SHORT_TITLE))}*" if english else "",
        facts_line(anime),
        clip(", ".join(anime.genres[:_GENRES_SHOWN]), _GENRES_LIMIT),
        last_line,
    )
    return titled_embed(anime, look, "\n".join(line for line in lines if line), number=number)
