"""The menu and buttons of a server's list.

Their custom ids and the database hold all they need, so they still work after a restart, at any time. Every
member who sees the message may vote; only the member who asked can turn the pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import discord

from bot.cogs.watchlist.pages import ListTurnButton, Place, chosen_anime, option, part_of
from bot.cogs.watchlist.server.embeds import (
    HistoryEntry,
    entry_facts,
    history_embed,
    history_entries,
    history_intro,
    list_embed,
    list_intro,
    standing_words,
    vote_words,
)
from bot.cogs.watchlist.server.forecasts import group_forecasts, ranked
from bot.cogs.watchlist.server.rules import guild_of, not_listed
from bot.store import ServerListEntry, Vote
from bot.ui.buttons import Button, PublicItem, Select
from bot.ui.context import allows_adult, check_adult, display_of_server
from bot.ui.custom_ids import ANIME, PAGE, USER, CustomId, Field, one_of, parts
from bot.ui.embeds import Display, named
from bot.ui.paging import SIDE, Part, turns

if TYPE_CHECKING:
    from bot.client import Interaction

Shown = Literal["list", "history"]

_PLACE: Field[Place[Shown]] = parts(Place, kind=one_of(Shown), user_id=USER, page=PAGE)


class VoteButton(PublicItem[Button], custom_id=CustomId("serverlist:vote", anime_id=ANIME)):
    """Votes for an anime, or takes the vote back."""

    def __init__(self, anime_id: int) -> None:
        super().__init__(Button(label="I want it, too", emoji="👍"), anime_id=anime_id)
        self._anime_id = anime_id

    async def answer(self, interaction: Interaction) -> None:
        """Show the new count to all, and confirm the vote to the voter."""
        guild_id = guild_of(interaction)
        display = await display_of_server(interaction.client, guild_id, interaction.channel)
        await check_adult(interaction, display.catalogue.anime(self._anime_id))
        await interaction.response.defer()
        title, vote = named(self._anime_id, display), await _voted(interaction, guild_id, self._anime_id)
        if vote is None:
            await interaction.edit_original_response(view=None)
            raise not_listed(title)
        await interaction.edit_original_response(content=standing_words(title, vote.votes))
        await interaction.followup.send(vote_words(title, vote), ephemeral=True)


class VoteMenu(PublicItem[Select], custom_id=CustomId("serverlist:choose", place=_PLACE)):
    """Votes for an anime of the page, or takes the vote back."""

    def __init__(self, place: Place[Shown], options: Sequence[discord.SelectOption] = ()) -> None:
        menu = Select(placeholder="Vote, or take your vote back…", options=[*options], row=0)
        super().__init__(menu, place=place)
        self._place = place

    async def answer(self, interaction: Interaction) -> None:
        """Count the vote, show the updated list, and confirm the vote to the voter."""
        guild_id, anime_id = guild_of(interaction), chosen_anime(self.item)
        display = await display_of_server(interaction.client, guild_id, interaction.channel)
        await check_adult(interaction, display.catalogue.anime(anime_id))
        await interaction.response.defer()
        vote = await _voted(interaction, guild_id, anime_id)
        await show_list(interaction, guild_id, self._place)
        if vote is None:
            raise not_listed(named(anime_id, display))
        await interaction.followup.send(vote_words(named(anime_id, display), vote), ephemeral=True)


class ServerListTurnButton(
    ListTurnButton[Shown], custom_id=CustomId("serverlist:turn", side=SIDE, place=_PLACE)
):
    """Turns to another page."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page."""
        guild_id = guild_of(interaction)
        await interaction.response.defer()
        show = show_list if self.place.kind == "list" else show_history
        await show(interaction, guild_id, self.place)


SERVER_ITEMS = (VoteButton, VoteMenu, ServerListTurnButton)
"""Items to register, so that presses work after a restart."""


async def show_list(interaction: Interaction, guild_id: int, place: Place[Shown]) -> None:
    """Answer a deferred interaction with a page of the list as it is now."""
    client = interaction.client
    listed, display = (
        await client.store.server_list.of_guild(guild_id),
        await display_of_server(client, guild_id, interaction.channel),
    )
    forecasts = await group_forecasts(client, guild_id, [one.anime_id for one in listed])
    adult = await allows_adult(interaction)
    part = part_of(ranked(listed, forecasts), place.page, display.catalogue, adult=adult)
    place = replace(place, page=part.page)
    view = discord.ui.View(timeout=None)
    if part.entries:
        view.add_item(VoteMenu(place, _options(part, forecasts, display)))
    _add_turning(view, place, part)
    await interaction.edit_original_response(
        content=list_intro(part, forecast=bool(forecasts)),
        embed=list_embed(part, forecasts, display) if part.entries else None,
        view=view if view.children else None,
    )


async def show_history(interaction: Interaction, guild_id: int, place: Place[Shown]) -> None:
    """Answer a deferred interaction with a page of the history as it is now."""
    store, display = (
        interaction.client.store,
        await display_of_server(interaction.client, guild_id, interaction.channel),
    )
    watched = await store.watch_history.of_guild(guild_id)
    means = await store.published_means.of_guild(
        guild_id, at=discord.utils.utcnow(), among={one.anime_id for one in watched}
    )
    listed = history_entries(watched, means)
    part = part_of(listed, place.page, display.catalogue, adult=await allows_adult(interaction))
    view = discord.ui.View(timeout=None)
    _add_turning(view, place, part)
    await interaction.edit_original_response(
        content=history_intro(part),
        embed=history_embed(part, display) if part.entries else None,
        view=view if view.children else None,
    )


async def _voted(interaction: Interaction, guild_id: int, anime_id: int) -> Vote | None:
    store, user_id = interaction.client.store.server_list, interaction.user.id
    return await store.vote(guild_id, anime_id, user_id, at=discord.utils.utcnow())


def _options(
    part: Part[ServerListEntry], forecasts: Mapping[int, float], display: Display
) -> list[discord.SelectOption]:
    return [
        option(
            one.anime_id,
            entry_facts(one, forecasts.get(one.anime_id), display.catalogue.anime(one.anime_id)),
            display,
        )
        for one in part.entries
    ]


def _add_turning(
    view: discord.ui.View, place: Place[Shown], part: Part[ServerListEntry] | Part[HistoryEntry]
) -> None:
    for side, page, disabled in turns(part.page, part.last):
        view.add_item(ServerListTurnButton(side, replace(place, page=page), disabled=disabled))
