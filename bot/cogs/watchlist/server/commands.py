"""Commands for a server's shared list."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Transform

from bot.client import Interaction
from bot.cogs.watchlist.pages import Place
from bot.cogs.watchlist.server.embeds import added_words, moved_words, removed_words, vote_words
from bot.cogs.watchlist.server.forecasts import group_forecasts
from bot.cogs.watchlist.server.rules import check_taken_off, guild_of, not_listed, who_asks
from bot.cogs.watchlist.server.server_list import VoteButton, show_history, show_list
from bot.errors import MemberError
from bot.store import MOST_ENTRIES
from bot.ui.context import check_adult, display_of_server
from bot.ui.embeds import named
from bot.ui.titles import AnyAnime, ListedAnime
from hakken import Anime


class ServerList(app_commands.Group):
    """A list that all of a server's members share."""

    def __init__(self) -> None:
        super().__init__(name="server", description="What this server wants to watch together")

    @app_commands.command()
    async def show(self, interaction: Interaction) -> None:
        """See what this server wants to watch, and vote."""
        guild_id = guild_of(interaction)
        await interaction.response.defer()
        await show_list(interaction, guild_id, Place(interaction.user.id, "list"))

    @app_commands.command()
    @app_commands.describe(anime="Type part of the title")
    async def add(self, interaction: Interaction, anime: Transform[Anime, AnyAnime]) -> None:
        """Put an anime on the server's list, with your vote."""
        guild_id, title = await _begin(interaction, anime)
        store = interaction.client.store.server_list
        added = await store.add(guild_id, anime.anime_id, interaction.user.id, at=discord.utils.utcnow())
        if added is None:
            raise MemberError(
                f"This server's list is full: it has {MOST_ENTRIES} anime. "
                "First remove one with `/watchlist server remove`."
            )
        view = discord.ui.View(timeout=None).add_item(VoteButton(anime.anime_id))
        await interaction.edit_original_response(content=added_words(title, added), view=view)

    @app_commands.command()
    @app_commands.describe(anime="An anime on the list")
    async def remove(self, interaction: Interaction, anime: Transform[Anime, ListedAnime]) -> None:
        """Remove an anime from the list, if you are a moderator or its only voter."""
        guild_id, title = await _begin(interaction, anime)
        store = interaction.client.store.server_list
        became = await store.remove(guild_id, anime.anime_id, who_asks(interaction))
        check_taken_off(became, title, "Only moderators or its only voter can remove it.")
        await interaction.edit_original_response(content=removed_words(title))

    @app_commands.command()
    @app_commands.describe(anime="An anime on the list")
    async def vote(self, interaction: Interaction, anime: Transform[Anime, ListedAnime]) -> None:
        """Vote for an anime on the list, or take your vote back. Only you see it."""
        guild_id, title = await _begin(interaction, anime, ephemeral=True)
        store = interaction.client.store.server_list
        vote = await store.vote(guild_id, anime.anime_id, interaction.user.id, at=discord.utils.utcnow())
        if vote is None:
            raise not_listed(title)
        await interaction.edit_original_response(content=vote_words(title, vote))

    @app_commands.command()
    @app_commands.describe(anime="An anime on the list")
    async def watched(self, interaction: Interaction, anime: Transform[Anime, ListedAnime]) -> None:
        """Move an anime that you have watched together to the history."""
        guild_id, title = await _begin(interaction, anime)
        store = interaction.client.store.server_list
        forecasts = await group_forecasts(interaction.client, guild_id, [anime.anime_id])
        forecast = forecasts.get(anime.anime_id)
        became = await store.watched(
            guild_id, anime.anime_id, who_asks(interaction), forecast=forecast, at=discord.utils.utcnow()
        )
        check_taken_off(became, title, "Only moderators and members who voted for it can move it.")
        await interaction.edit_original_response(content=moved_words(title, forecast))

    @app_commands.command()
    async def history(self, interaction: Interaction) -> None:
        """See what this server has watched, and how you all liked it."""
        guild_id = guild_of(interaction)
        await interaction.response.defer()
        await show_history(interaction, guild_id, Place(interaction.user.id, "history"))


async def _begin(interaction: Interaction, anime: Anime, *, ephemeral: bool = False) -> tuple[int, str]:
    """Defer, unless the anime may not be named here; returns the server's id and the anime's title."""
    guild_id = guild_of(interaction)
    await check_adult(interaction, anime)
    await interaction.response.defer(ephemeral=ephemeral)
    display = await display_of_server(interaction.client, guild_id, interaction.channel)
    return guild_id, named(anime.anime_id, display)
