"""Genres as command options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from rapidfuzz import fuzz, process, utils

from bot.errors import MemberError
from bot.ui.embeds import clip
from bot.ui.titles import CHOICE_LIMIT, MAX_CHOICES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import Interaction

_HINTS = 3


class KnownGenre(app_commands.Transformer):
    """A genre of the catalogue."""

    async def autocomplete(  # type: ignore[override]  # of our own bot
        self, interaction: Interaction, value: str, /
    ) -> list[app_commands.Choice[str]]:
        """At most 25 genres that fit what was typed, the nearest first."""
        genres = interaction.client.recommender.catalogue.genres
        fitting = _nearest(value, genres, MAX_CHOICES) if value.strip() else genres[:MAX_CHOICES]
        return [app_commands.Choice(name=clip(genre, CHOICE_LIMIT), value=genre) for genre in fitting]

    async def transform(self, interaction: Interaction, value: str, /) -> str:  # type: ignore[override]
        """The genre as the catalogue writes it.

        Raises:
            MemberError: no genre has that name; the sentence names the nearest three.
        """
        genres = interaction.client.recommender.catalogue.genres
        for genre in genres:
            if genre.casefold() == value.strip().casefold():
                return genre
        nearest = ", ".join(f"**{genre}**" for genre in _nearest(value, genres, _HINTS))
        hint = f" Did you mean {nearest}?" if nearest else ""
        raise MemberError(f"I know no genre “{clip(value, CHOICE_LIMIT)}”.{hint}")


def _nearest(typed: str, genres: Sequence[str], n: int) -> list[str]:
    found = process.extract(
        typed[:CHOICE_LIMIT],
        genres,
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=n,
        score_cutoff=50,
    )
    return [genre for genre, _, _ in found]
