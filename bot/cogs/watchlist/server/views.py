"""The menu and buttons of a server's list.

All that they must know stands in their custom ids and in the database, so they work after a restart and for
ever. The message stands in its server: whoever is there may vote; who asked turns the pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.cogs.watchlist.parts import Part, part_of
from bot.cogs.watchlist.server.embeds import (
    Evening,
    entry_facts,
    evenings,
    history_embed,
    history_intro,
    list_embed,
    list_intro,
    standing_words,
    vote_words,
)
from bot.cogs.watchlist.server.forecasting import group_forecasts, ranked
from bot.cogs.watchlist.server.place import Place
from bot.cogs.watchlist.server.rules import check_adult, guild_of, not_listed
from bot.errors import MemberError
from bot.privacy import LEAST_MEMBERS
from bot.store import ListEntry, Vote
from bot.ui.embeds import Look, clip, named
from bot.ui.everyones import Everyones
from bot.ui.look import look_of_server
from bot.ui.member import allows_adult
from bot.ui.owned import Owned
from bot.ui.turning import turning

if TYPE_CHECKING:
    from bot.client import Interaction

_OPTION_LIMIT = 100
"""Discord's, in characters of a menu's option."""
_ANIME_ID = re.compile(r"[0-9]{1,9}")


class VoteButton(Everyones[discord.ui.Button[Any]], template=r"serverlist:vote:(?P<anime>[0-9]{1,9})"):
    """Votes for one anime, or takes the vote back."""

    def __init__(self, anime_id: int) -> None:
        super().__init__(
            discord.ui.Button(label="I want it, too", emoji="👍", custom_id=f"serverlist:vote:{anime_id}")
        )
        self._anime_id = anime_id

    @classmethod
    def of_match(cls, match: re.Match[str]) -> Self:
        """Make the button anew from its id when it is pressed."""
        return cls(int(match["anime"]))

    async def answer(self, interaction: Interaction) -> None:
        """Count the vote for all to see, and tell who voted how it stands."""
        guild_id = guild_of(interaction)
        look = await look_of_server(interaction.client, guild_id)
        await check_adult(interaction, look.catalogue.anime(self._anime_id))
        await interaction.response.defer()
        title, vote = named(self._anime_id, look), await _voted(interaction, guild_id, self._anime_id)
        if vote is None:
            await interaction.edit_original_response(view=None)
            raise not_listed(title)
        await interaction.edit_original_response(content=standing_words(title, vote.votes))
        await interaction.followup.send(vote_words(title, vote), ephemeral=True)


class VoteMenu(Everyones[discord.ui.Select[Any]], template=rf"serverlist:choose:{Place.PATTERN}"):
    """Votes for an anime of the page, or takes the vote back."""

    def __init__(self, place: Place, options: Sequence[discord.SelectOption] = ()) -> None:
        super().__init__(
            discord.ui.Select(
                custom_id=f"serverlist:choose:{place}",
                placeholder="Vote, or take your vote back…",
                options=[*options],
                row=0,
            )
        )
        self._place = place

    @classmethod
    def of_match(cls, match: re.Match[str]) -> Self:
        """Make the menu anew from its id when something is chosen."""
        return cls(Place.read(match))

    async def answer(self, interaction: Interaction) -> None:
        """Count the vote, show the list as it is then, and tell who voted how it stands."""
        guild_id, anime_id = guild_of(interaction), _chosen(self.item)
        look = await look_of_server(interaction.client, guild_id)
        await check_adult(interaction, look.catalogue.anime(anime_id))
        await interaction.response.defer()
        vote = await _voted(interaction, guild_id, anime_id)
        await show_list(interaction, guild_id, self._place)
        if vote is None:
            raise not_listed(named(anime_id, look))
        await interaction.followup.send(vote_words(named(anime_id, look), vote), ephemeral=True)


class TurnButton(Owned[discord.ui.Button[Any]], template=rf"serverlist:turn:(?P<side>[<>]):{Place.PATTERN}"):
    """Turns to a page."""

    def __init__(self, side: str, place: Place, *, disabled: bool = False) -> None:
        super().__init__(
            turning(side, f"serverlist:turn:{side}:{place}", row=1, disabled=disabled),
            place.user_id,
        )
        self._place = place

    @classmethod
    def of_match(cls, match: re.Match[str]) -> Self:
        """Make the button anew from its id when it is pressed."""
        return cls(match["side"], Place.read(match))

    async def act(self, interaction: Interaction) -> None:
        """Show the page."""
        guild_id = guild_of(interaction)
        await interaction.response.defer()
        show = show_list if self._place.shown == "list" else show_history
        await show(interaction, guild_id, self._place)


SERVER_ITEMS = (VoteButton, VoteMenu, TurnButton)
"""What the bot must know to answer presses after a restart."""


async def show_list(interaction: Interaction, guild_id: int, place: Place) -> None:
    """Answer a deferred interaction with a page of the list as it is now."""
    client = interaction.client
    listed, look = await client.store.server_list.of_guild(guild_id), await look_of_server(client, guild_id)
    forecasts = await group_forecasts(client, guild_id, [one.anime_id for one in listed])
    adult = await allows_adult(interaction)
    part = part_of(ranked(listed, forecasts), place.page, look.catalogue, adult=adult)
    place = replace(place, page=part.page)
    view = discord.ui.View(timeout=None)
    if part.entries:
        view.add_item(VoteMenu(place, _options(part, forecasts, look)))
    _add_turning(view, place, part)
    await interaction.edit_original_response(
        content=list_intro(part, forecast=bool(forecasts)),
        embed=list_embed(part, forecasts, look) if part.entries else None,
        view=view if view.children else None,
    )


async def show_history(interaction: Interaction, guild_id: int, place: Place) -> None:
    """Answer a deferred interaction with a page of the history as it is now."""
    store, look = interaction.client.store, await look_of_server(interaction.client, guild_id)
    watched = await store.history.of_guild(guild_id)
    means = await store.ratings.means_of(guild_id, {one.anime_id for one in watched}, at_least=LEAST_MEMBERS)
    listed = evenings(watched, means)
    part = part_of(listed, place.page, look.catalogue, adult=await allows_adult(interaction))
    view = discord.ui.View(timeout=None)
    _add_turning(view, replace(place, page=part.page), part)
    await interaction.edit_original_response(
        content=history_intro(part),
        embed=history_embed(part, look) if part.entries else None,
        view=view if view.children else None,
    )


async def _voted(interaction: Interaction, guild_id: int, anime_id: int) -> Vote | None:
    store, user_id = interaction.client.store.server_list, interaction.user.id
    return await store.vote(guild_id, anime_id, user_id, at=discord.utils.utcnow())


def _options(part: Part[ListEntry], forecasts: Mapping[int, float], look: Look) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(
            label=clip(look.title(one.anime_id), _OPTION_LIMIT),
            value=str(one.anime_id),
            description=clip(
                entry_facts(one, forecasts.get(one.anime_id), look.catalogue.anime(one.anime_id)),
                _OPTION_LIMIT,
            ),
        )
        for one in part.entries
    ]


def _add_turning(view: discord.ui.View, place: Place, part: Part[ListEntry] | Part[Evening]) -> None:
    if part.last:
        back, more = max(part.page - 1, 0), min(part.page + 1, part.last)
        view.add_item(TurnButton("<", replace(place, page=back), disabled=part.page == 0))
        view.add_item(TurnButton(">", replace(place, page=more), disabled=part.page == part.last))


def _chosen(menu: discord.ui.Select[Any]) -> int:
    if len(menu.values) != 1 or not _ANIME_ID.fullmatch(menu.values[0]):
        raise MemberError("That is none of the choices. Please pick one from the list.")
    return int(menu.values[0])
