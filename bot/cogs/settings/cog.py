"""`/settings`: how the bot works in a server."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.settings.menus import show_settings
from bot.ui.buttons import managed_server
from bot.ui.participation import NO_AUTO_JOIN


class SettingsCog(commands.Cog):
    """The command for a server's settings."""

    @app_commands.command(extras={NO_AUTO_JOIN: True})
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_guild=True)
    async def settings(self, interaction: Interaction) -> None:
        """See and change how I work in this server. Only you see it."""
        await interaction.response.defer(ephemeral=True)
        await show_settings(interaction, managed_server(interaction))
