"""`/start`: a few questions that show most of a member's taste."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.start.questions import ask, offer, standing_of


class StartCog(commands.Cog):
    """The command that interviews new members."""

    @app_commands.command()
    async def start(self, interaction: Interaction) -> None:
        """Score a few well-known anime, so I know what to recommend. Only you see it."""
        await interaction.response.defer(ephemeral=True)
        standing = await standing_of(interaction)
        if standing.over:
            await offer(interaction, standing)
        else:
            await ask(interaction, standing)
