"""Makes members who use the bot in a server count in its `/suggest`, and tells them once."""

from __future__ import annotations

from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.client import HakkenBot, Interaction
from bot.ui.participation import NO_AUTO_JOIN, take_part, tell_taking_part


class ParticipationCog(commands.Cog):
    """Makes members participants when they use a command."""

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: Interaction, command: app_commands.Command[Any, ..., Any]
    ) -> None:
        """Add the member to the server's participants, unless the command opts out."""
        if not command.extras.get(NO_AUTO_JOIN, False):
            await take_part(interaction)
        await tell_taking_part(interaction)

    @commands.Cog.listener()
    async def on_app_command_failed(self, interaction: Interaction) -> None:
        """Tell a member who joined although their command then failed."""
        await tell_taking_part(interaction)


async def setup(bot: HakkenBot) -> None:
    """Add the cog."""
    await bot.add_cog(ParticipationCog())
