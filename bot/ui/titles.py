"""Anime as command options: autocompleted while a member types, resolved when they send."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from discord import app_commands

from bot.errors import MemberError
from bot.ui.context import allows_adult, server_of
from bot.ui.embeds import clip, clip_with_facts, escaped
from hakken import Anime
from hakken.catalogue.search import Match, clear

if TYPE_CHECKING:
    from bot.client import Interaction

MAX_CHOICES, CHOICE_LIMIT = 25, 100
"""Discord's limits: choices of an autocomplete, characters of a choice."""
_HINTS = 3
_LOOKED_AT = 200
"""Matches to search for where 18+ anime must be removed from them."""

# A choice contains the id; the prefix distinguishes it from titles such as '86'.
_CHOSEN = re.compile(r"mal:([0-9]{1,9})")
_PAGE = re.compile(r"(?:https?://)?(?:www\.)?myanimelist\.net/anime/([0-9]{1,9})(?:[/?#].*)?")


class AnyAnime(app_commands.Transformer):
    """Any anime of the catalogue."""

    async def autocomplete(  # type: ignore[override]  # of our own bot
        self, interaction: Interaction, value: str, /
    ) -> list[app_commands.Choice[str]]:
        """Return at most 25 anime that match the text, the best first; 18+ only where it is allowed."""
        return await _choices(interaction, value, await self.among(interaction))

    async def transform(self, interaction: Interaction, value: str, /) -> Anime:  # type: ignore[override]
        """Return the anime that was chosen, clearly meant, or whose page was typed; 18+ anywhere.

        It may be an anime that is not suggested.

        Raises:
            MemberError: no anime matches; the sentence names the nearest three.
        """
        return await _resolve(interaction, value, await self.among(interaction))

    async def among(
        self,
        interaction: Interaction,  # noqa: ARG002  # for the kinds below
    ) -> Collection[int] | None:
        """Return the ids of the anime that are suggested; None for all."""
        return None


class RatedAnime(AnyAnime):
    """An anime that the member has rated."""

    async def among(self, interaction: Interaction) -> Collection[int]:
        """Return the ids of the anime that the member has rated."""
        return (await interaction.client.store.ratings.of_member(interaction.user.id)).keys()


class ListedAnime(AnyAnime):
    """An anime of the server's shared list."""

    async def among(self, interaction: Interaction) -> Collection[int]:
        """Return the ids of the anime on the list."""
        guild_id = server_of(interaction)
        if guild_id is None:
            return ()
        return [one.anime_id for one in await interaction.client.store.server_list.of_guild(guild_id)]


async def _choices(
    interaction: Interaction, typed: str, among: Collection[int] | None
) -> list[app_commands.Choice[str]]:
    catalogue = interaction.client.recommender.catalogue
    return [
        app_commands.Choice(
            name=_named(catalogue[match.anime_id], match),
            value=f"mal:{match.anime_id}",
        )
        for match in await _fitting(interaction, typed, among, MAX_CHOICES)
    ]


def _named(anime: Anime, match: Match) -> str:
    """Return the title that was searched for, beside the main title if that is another."""
    whole = f"{match.title} / {anime.title}"
    if match.title == anime.title or len(clip_with_facts(anime, whole, 2 * CHOICE_LIMIT)) > CHOICE_LIMIT:
        return clip_with_facts(anime, match.title, CHOICE_LIMIT)
    return clip_with_facts(anime, whole, CHOICE_LIMIT)


async def _fitting(
    interaction: Interaction, typed: str, among: Collection[int] | None, n: int
) -> list[Match]:
    """Return the n best matches that may be named here: 18+ anime only where they are allowed."""
    service = interaction.client.recommender
    if await allows_adult(interaction):
        return await service.find(typed, n, among)
    matches = await service.find(typed, _LOOKED_AT, among)
    return [match for match in matches if not service.catalogue[match.anime_id].adult][:n]


async def _resolve(interaction: Interaction, typed: str, among: Collection[int] | None) -> Anime:
    service = interaction.client.recommender
    named = _CHOSEN.fullmatch(typed) or _PAGE.fullmatch(typed.strip())
    anime_id = int(named[1]) if named else service.exact(typed)
    if anime_id is not None and (anime_id in service.catalogue or anime_id in (among or ())):
        return service.catalogue.anime(anime_id)
    matches = await _fitting(interaction, typed, among, _HINTS)
    # Judged by all: a title that an 18+ anime has, too, means neither clearly.
    meant = clear(await service.find(typed, _HINTS, among)) if named is None else None
    if meant is not None and meant.anime_id in {match.anime_id for match in matches}:
        return service.catalogue.anime(meant.anime_id)
    nearest = ", ".join(
        f"**{escaped(_named(service.catalogue[match.anime_id], match))}**" for match in matches
    )
    unknown = escaped(clip(typed, CHOICE_LIMIT))
    if nearest:
        raise MemberError(
            f"I don't know an anime called “{unknown}”. Did you mean {nearest}? "
            "Type part of the title and pick it from the list."
        )
    raise MemberError(
        f"I don't know an anime called “{unknown}”. Type part of the title and pick it from the list."
    )
