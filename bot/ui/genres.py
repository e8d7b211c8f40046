"""Genres as command options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from rapidfuzz import fuzz, process, utils

from bot.errors import MemberError
from bot.ui.context import allows_adult, context_of
from bot.ui.embeds import clip, escaped
from bot.ui.titles import CHOICE_LIMIT, MAX_CHOICES
from hakken.catalogue.adult import ADULT_GENRES, ECCHI

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import Interaction

_HINTS = 3
_MOST = 10


class KnownGenres(app_commands.Transformer):
    """One or more genres of the catalogue, separated by commas, because a command has few options."""

    async def autocomplete(  # type: ignore[override]  # of our own bot
        self, interaction: Interaction, value: str, /
    ) -> list[app_commands.Choice[str]]:
        """Return at most 25 completions: the genres before the last comma, then one that matches the rest."""
        *before, typed = (part.strip() for part in value.split(","))
        before = [genre for genre in before if genre]
        chosen = {genre.casefold() for genre in before}
        genres = [genre for genre in await _nameable(interaction) if genre.casefold() not in chosen]
        fitting = _nearest(typed, genres, MAX_CHOICES) if typed else genres
        lists = (", ".join([*before, genre]) for genre in fitting)
        short = [choice for choice in lists if len(choice) <= CHOICE_LIMIT]
        return [app_commands.Choice(name=choice, value=choice) for choice in short[:MAX_CHOICES]]

    async def transform(  # type: ignore[override]  # of our own bot
        self, interaction: Interaction, value: str, /
    ) -> frozenset[str]:
        """Return the genres as the catalogue writes them.

        Raises:
            MemberError: no genre has that name; the sentence names the nearest three.
        """
        typed = [part.strip() for part in value.split(",") if part.strip()]
        if not 0 < len(typed) <= _MOST:
            raise MemberError(f"Name 1 to {_MOST} genres with commas between them, such as `Drama, Sports`.")
        genres, nameable = _choosable(interaction), await _nameable(interaction)
        return frozenset(_known(one, genres, nameable) for one in typed)


def _choosable(interaction: Interaction) -> list[str]:
    """List the catalogue's genres that Discord can offer: a longer name is a damaged one."""
    return [one for one in interaction.client.recommender.catalogue.genres if len(one) <= CHOICE_LIMIT]


async def _nameable(interaction: Interaction) -> list[str]:
    """List those that may be named here: 18+ where it is shown, ecchi unless the server hides it."""
    hidden = set() if await allows_adult(interaction) else set(ADULT_GENRES)
    if not (await context_of(interaction)).asker.settings.ecchi:
        hidden.add(ECCHI)
    return [one for one in _choosable(interaction) if one not in hidden]


def _known(typed: str, genres: Sequence[str], nameable: Sequence[str]) -> str:
    for genre in genres:
        if genre.casefold() == typed.casefold():
            return genre
    unknown = escaped(clip(typed, CHOICE_LIMIT))
    if nearest := ", ".join(f"**{escaped(genre)}**" for genre in _nearest(typed, nameable, _HINTS)):
        raise MemberError(f"I don't know the genre “{unknown}”. Did you mean {nearest}?")
    raise MemberError(f"I don't know the genre “{unknown}”.")


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
