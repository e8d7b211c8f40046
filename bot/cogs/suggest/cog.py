"""`/suggest`: picks for a server, or some of its members, to watch together."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.suggest.audience import named
from bot.cogs.suggest.message import begin_suggestion, shown, suggestion_view
from bot.cogs.suggest.picking import GuildState, suggestion_for
from bot.cogs.suggest.request import asked
from bot.ui.context import context_of
from hakken.groups import Novelty
from hakken.groups.aggregations import Aggregation


class SuggestCog(commands.Cog):
    """The command for several members."""

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.rename(with_="with")
    @app_commands.describe(
        count="How many (default: 5)",
        with_="Who watches with you: type @ and choose a role, or up to ten members",
        voice="For everyone in your voice channel now",
        novelty="New to all of you, to most of you, or also what you have seen",
        aggregation="How I combine your tastes (default: as the server chose)",
        hours="How many hours you have, with earlier parts",
        one_cour="Nothing longer than 13 episodes",
    )
    async def suggest(
        self,
        interaction: Interaction,
        count: Range[int, 1, 10] = 5,
        with_: str | None = None,
        voice: bool = False,  # noqa: FBT001, FBT002  # a command option
        novelty: Novelty = "new to all",
        aggregation: Aggregation | None = None,
        hours: Range[float, 0.3, 1000.0] | None = None,
        one_cour: bool = False,  # noqa: FBT001, FBT002  # a command option
    ) -> None:
        """See what you could watch together: new, and good for all of you."""
        await interaction.response.defer()
        guild_id, channel_id = interaction.guild_id, interaction.channel_id
        if guild_id is None or channel_id is None:
            raise app_commands.NoPrivateMessage
        client, context = interaction.client, await context_of(interaction)
        ask = await asked(
            interaction,
            context,
            count=count,
            novelty=novelty,
            aggregation=aggregation,
            hours=hours,
            one_cour=one_cour,
        )
        # After they have joined: who asks is among the participants.
        server = GuildState(
            guild_id, context.asker.settings, await client.store.participants.roster(guild_id)
        )
        user_ids = await named(interaction, server.roster, with_, voice=voice)
        suggested = await suggestion_for(client, server, user_ids, ask, askers=[context.user_id])
        suggestion_id = await begin_suggestion(client, guild_id, channel_id, suggested, ask, named=user_ids)
        picks = shown("server" if user_ids is None else "named", suggested)
        message = await interaction.edit_original_response(
            content=picks.content, embeds=picks.embeds, view=suggestion_view(suggestion_id)
        )
        await client.store.suggestions.sent(suggestion_id, message.id)
