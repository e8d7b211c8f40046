"""`/watchlist`: anime that a member plans, turned down or has seen, and those their server plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.watchlist.member_list import show_list
from bot.cogs.watchlist.pages import Place
from bot.cogs.watchlist.server import ServerList
from bot.store import FeedbackKind

WatchlistName = Literal["planned", "not interested", "seen"]

_KINDS: Mapping[WatchlistName, FeedbackKind] = {
    "planned": "planned",
    "not interested": "dismissed",
    "seen": "seen",
}


class WatchlistCog(commands.GroupCog, name="watchlist", description="What you and your server plan to watch"):
    """Commands for a member's own lists and the server's list."""

    server = ServerList()

    @app_commands.command()
    @app_commands.describe(show="Which list (default: planned)")
    async def mine(self, interaction: Interaction, show: WatchlistName = "planned") -> None:
        """See what you plan, turned down or have seen. Only you see it."""
        await interaction.response.defer(ephemeral=True)
        await show_list(interaction, Place(interaction.user.id, _KINDS[show]))
