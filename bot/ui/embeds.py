"""Shows anime in Discord: pure functions from plain data to embeds within Discord's limits."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import discord

from bot.store import Titles
from hakken import Anime, Catalogue

TITLES_IN_WORDS: Mapping[Titles, str] = {
    "romaji": "Romaji",
    "english": "English, if there is one",
    "both": "Romaji, with English below",
}
COLOUR = discord.Colour(0x2E51A2)
TITLE_LIMIT = 256
"""Discord's limit, in characters."""
_ALT_TEXT_LIMIT = 1024
"""Discord's limit, in characters."""
_SHORT_TITLE = 60
_GENRES_SHOWN, _GENRES_LIMIT = 4, 200
_REASONS_SHOWN = 2
_MARKDOWN = re.compile(r"[\\_*~|`\[\]<]|(?<=\])\(|:(?=//)|^[#>-]", re.MULTILINE)
"""What Discord would take for markdown, a link or a mention; discord.py's own function lets links through."""


@dataclass(frozen=True, slots=True)
class ShownReason:
    """A rating that is a reason for a pick, as shown in an answer."""

    anime_id: int
    score: int | None
    """1–10; None where others read the answer, too. Then the member liked the anime."""


HIDDEN_TITLE = "an 18+ anime"


def catalogue_cover(anime: Anime) -> str | None:
    """Return the cover that the catalogue has."""
    return anime.image_url


@dataclass(frozen=True, slots=True)
class Display:
    """Display settings: how anime are shown to a member."""

    catalogue: Catalogue
    titles: Titles = "both"
    covers: Callable[[Anime], str | None] = catalogue_cover
    """Returns the address of an anime's cover, None if there is none that works."""
    adult: bool = False
    """Whether 18+ may be shown there; if not, such an anime has neither title, cover, link nor genres."""

    def hides(self, anime: Anime) -> bool:
        """Return whether the anime is rated 18+ and may not be named there.

        Callers leave such anime out. This is for what they know from before: the channel may have been
        age-restricted then.
        """
        return anime.adult and not self.adult

    def title(self, anime_id: int) -> str:
        """Return the anime's title in the member's language; anime not in the catalogue get a placeholder."""
        anime = self.catalogue.anime(anime_id)
        if self.hides(anime):
            return HIDDEN_TITLE
        return (self.titles == "english" and anime.english) or anime.title

    def subtitle(self, anime_id: int) -> str:
        """Return the English title if both titles are wanted and they differ; otherwise an empty string."""
        anime = self.catalogue.anime(anime_id)
        if self.hides(anime):
            return ""
        return anime.english if self.titles == "both" and anime.english not in (None, anime.title) else ""

    def cover(self, anime: Anime) -> str | None:
        """Return the address of the anime's cover, if there is one that works."""
        return None if self.hides(anime) else self.covers(anime)

    def url(self, anime: Anime) -> str | None:
        """Return the address of the anime's page."""
        return None if self.hides(anime) else anime.url

    def genres(self, anime: Anime) -> Sequence[str]:
        """Return the anime's genres."""
        return () if self.hides(anime) else anime.genres


def clip(text: str, limit: int) -> str:
    """Cut a text to at most `limit` characters, with an ellipsis if it is longer."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def escaped(text: str) -> str:
    """Return a text that Discord shows as it is: no bold letters, no link, no mention."""
    return _MARKDOWN.sub(r"\\\g<0>", text)


def clip_with_facts(anime: Anime, title: str, limit: int) -> str:
    """Return at most `limit` characters: the title, then type and year, which tell namesakes apart."""
    facts = " · ".join(part for part in (anime.type, str(anime.year) if anime.year else None) if part)
    ending = f" ({facts})" if facts else ""
    return clip(title, limit - len(ending)) + ending


def named(anime_id: int, display: Display) -> str:
    """Return a title in bold, short enough for a line."""
    return f"**{escaped(clip(display.title(anime_id), _SHORT_TITLE))}**"


def linked(anime: Anime, display: Display) -> str:
    """Return a title that links to the anime's page, short enough for a line."""
    title, url = escaped(clip(display.title(anime.anime_id), _SHORT_TITLE)), display.url(anime)
    return title if url is None else f"[{title}]({url})"


def facts_line(anime: Anime) -> str:
    """Return type · episodes · year, as far as they are known."""
    episodes = (
        "1 episode" if anime.episodes == 1 else f"{anime.episodes} episodes" if anime.episodes else None
    )
    parts = (anime.type, episodes, str(anime.year) if anime.year else None)
    return " · ".join(part for part in parts if part)


def listed(words: Sequence[str]) -> str:
    """Return 'A', 'A and B', or 'A, B and C'."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def rated_titles(reasons: Sequence[ShownReason], display: Display) -> str:
    """Return the first two reasons as 'X 9 and Y 10'; empty without a reason."""
    shown = [f"{named(one.anime_id, display)} {one.score}" for one in reasons[:_REASONS_SHOWN]]
    return listed(shown) if shown else ""


def because_line(reasons: Sequence[ShownReason], display: Display) -> str:
    """Return 'Because you rated X 9 and Y 10', or 'Because you liked X and Y'; empty without a reason."""
    if any(one.score is None for one in reasons[:_REASONS_SHOWN]):
        titles = listed([named(one.anime_id, display) for one in reasons[:_REASONS_SHOWN]])
        return f"Because you liked {titles}"
    return f"Because you rated {rated_titles(reasons, display)}" if reasons else ""


def close_line(reasons: Sequence[ShownReason], display: Display) -> str:
    """Return 'Close to X, which you rated 9' or 'Close to X, which you liked'; empty without a reason."""
    if not reasons:
        return ""
    closest = reasons[0]
    title = named(closest.anime_id, display)
    if closest.score is None:
        return f"Close to {title}, which you liked"
    return f"Close to {title}, which you rated {closest.score}"


def titled_embed(
    anime: Anime, display: Display, description: str, *, number: int | None = None
) -> discord.Embed:
    """Show one anime: its linked title, with a number that buttons can refer to, a text, and its cover."""
    title = escaped(display.title(anime.anime_id))
    title = clip(title if number is None else f"{number}. {title}", TITLE_LIMIT)
    embed = discord.Embed(title=title, url=display.url(anime), description=description, colour=COLOUR)
    return embed.set_thumbnail(url=display.cover(anime))


def anime_embed(
    anime: Anime, display: Display, headline: str, last_line: str = "", *, number: int | None = None
) -> discord.Embed:
    """Show one anime: linked title, a headline such as the predicted rating, facts, genres, a last line."""
    english = display.subtitle(anime.anime_id)
    lines = (
        headline,
        f"*{escaped(clip(english, _SHORT_TITLE))}*" if english else "",
        facts_line(anime),
        escaped(clip(", ".join(display.genres(anime)[:_GENRES_SHOWN]), _GENRES_LIMIT)),
        last_line,
    )
    return titled_embed(anime, display, "\n".join(line for line in lines if line), number=number)


def picture_file(png: bytes, name: str, alt_text: str) -> discord.File:
    """Return a picture to attach, with a text for members who cannot see it."""
    return discord.File(io.BytesIO(png), name, description=clip(alt_text, _ALT_TEXT_LIMIT))
