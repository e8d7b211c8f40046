"""`/export`, `/forget-me` and `/privacy`: members control their own data."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.privacy.embeds import forget_embed
from bot.cogs.privacy.export import export_files, list_entries
from bot.cogs.privacy.forget_me import NOTHING_HELD, forget_buttons
from bot.cogs.privacy.switches import choose_for_server, show_privacy
from bot.store import Participation
from bot.ui.participation import NO_AUTO_JOIN

MembersCount = Literal["unless they say no", "only if they say yes"]

_PARTICIPATION: Mapping[MembersCount, Participation] = {
    "unless they say no": "opt-out",
    "only if they say yes": "opt-in",
}
_EXPORTED = (
    "The `.xml` is your list: you can import it on MyAnimeList, AniList, or here with `/import`. "
    "The `.json` is everything I keep about you."
)


class PrivacyCog(commands.Cog):
    """Commands to see, export, delete and restrict a member's data."""

    @app_commands.command(extras={NO_AUTO_JOIN: True})
    async def export(self, interaction: Interaction) -> None:
        """Download your list for MyAnimeList and others, and everything I keep about you."""
        await interaction.response.defer(ephemeral=True)
        client, member = interaction.client, interaction.user
        store, catalogue = client.store, client.recommender.catalogue
        held = await store.personal_data.held(member.id)
        if not held:
            await interaction.edit_original_response(content=NOTHING_HELD)
            return
        entries = list_entries(
            await store.ratings.of_member(member.id),
            await store.list_entries.of_member(member.id),
            await store.feedback.of_member(member.id),
        )
        files = await asyncio.to_thread(
            export_files, entries, held, catalogue, member.name, interaction.filesize_limit
        )
        await interaction.edit_original_response(content=_EXPORTED, attachments=files)

    @app_commands.command(name="forget-me", extras={NO_AUTO_JOIN: True})
    async def forget_me(self, interaction: Interaction) -> None:
        """Delete everything I keep about you. I ask first, and only you see it."""
        await interaction.response.defer(ephemeral=True)
        client = interaction.client
        counts = await client.store.personal_data.counts(interaction.user.id)
        if not counts:
            await interaction.edit_original_response(content=NOTHING_HELD)
            return
        until = discord.utils.utcnow() + timedelta(minutes=client.settings.buttons_minutes)
        await interaction.edit_original_response(
            embed=forget_embed(counts), view=forget_buttons(interaction.user.id, until)
        )

    @app_commands.command(extras={NO_AUTO_JOIN: True})
    @app_commands.describe(members_count="For moderators: who counts in this server's /suggest")
    async def privacy(self, interaction: Interaction, members_count: MembersCount | None = None) -> None:
        """See what I keep about you, why and for how long. Choose who may see what."""
        await interaction.response.defer(ephemeral=True)
        if members_count is not None:
            await choose_for_server(interaction, _PARTICIPATION[members_count])
        await show_privacy(interaction)
