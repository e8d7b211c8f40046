"""`/watchparty`: from picks to watching. `/fairness`: how watch parties served the member."""

from __future__ import annotations

from datetime import datetime, timedelta

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.suggest.audience import named
from bot.cogs.suggest.embeds import pick_bodies
from bot.cogs.suggest.message import begin_suggestion, shown, suggestion_view
from bot.cogs.suggest.picking import GuildState, suggestion_for
from bot.cogs.suggest.request import Ask, asked
from bot.cogs.watchparty import messages
from bot.cogs.watchparty.fairness import NO_PARTIES, reset_view, standing
from bot.cogs.watchparty.host_actions import PICKS_OPEN
from bot.cogs.watchparty.host_buttons import watchparty_view
from bot.cogs.watchparty.rules import contenders_of, require
from bot.cogs.watchparty.time_modal import moment
from bot.errors import MemberError
from bot.privacy import enough
from bot.store import Ballot
from bot.ui.context import context_of
from hakken.groups import Novelty
from hakken.groups.aggregations import Aggregation
from hakken.groups.fairness import behind

_PARTIES = 30
"""The latest watch parties that are read; older ones would hardly count."""


class WatchPartyCog(commands.Cog):
    """Commands for deciding together, and for how fair that was."""

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.rename(with_="with")
    @app_commands.describe(
        when="When you watch, such as: tomorrow 8pm, Saturday 20:30",
        vote_hours="How many hours the vote lasts (default: 1)",
        count="How many anime to vote on (default: 5)",
        with_="Who watches with you: type @ and choose a role, or up to ten members",
        voice="For everyone in your voice channel now",
        novelty="New to all of you, to most of you, or also what you have seen",
        aggregation="How I combine your tastes (default: as the server chose)",
        hours="How many hours you have, with earlier parts",
        one_cour="Nothing longer than 13 episodes",
    )
    async def watchparty(
        self,
        interaction: Interaction,
        when: str | None = None,
        vote_hours: Range[int, 1, 168] = 1,
        count: Range[int, 2, 10] = 5,
        with_: str | None = None,
        voice: bool = False,  # noqa: FBT001, FBT002  # a command option
        novelty: Novelty = "new to all",
        aggregation: Aggregation | None = None,
        hours: Range[float, 0.3, 1000.0] | None = None,
        one_cour: bool = False,  # noqa: FBT001, FBT002  # a command option
    ) -> None:
        """Decide together what to watch: picks, a vote, an event and ratings."""
        await interaction.response.defer()
        if interaction.guild_id is None:
            raise app_commands.NoPrivateMessage
        context = await context_of(interaction)
        ask = await asked(
            interaction,
            context,
            count=count,
            novelty=novelty,
            aggregation=aggregation,
            hours=hours,
            one_cour=one_cour,
        )
        starts_at = await self._start_of(interaction, when, vote_hours)
        roster = await interaction.client.store.participants.roster(interaction.guild_id)
        server = GuildState(interaction.guild_id, context.asker.settings, roster)
        user_ids = await named(interaction, roster, with_, voice=voice)
        await self._post(interaction, server, ask, user_ids, vote_hours, starts_at)

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def fairness(self, interaction: Interaction) -> None:
        """See how fair this server's watch parties were to you. Only you see it."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = interaction.guild_id, interaction.user.id
        if guild_id is None:
            raise app_commands.NoPrivateMessage
        ledger = interaction.client.store.ledger
        own, parties = await ledger.own(guild_id, user_id), await ledger.of_guild(guild_id, _PARTIES)
        # Compared with one other member, their score would follow from one's own.
        compared = [party for party in parties if enough(len(party))]
        lag = float(behind(compared, [user_id])[0]) if compared else None
        text = standing(own, lag) if own else NO_PARTIES
        view = reset_view("ask", user_id) if interaction.permissions.manage_guild else None
        await interaction.edit_original_response(content=text, view=view)

    async def _start_of(self, interaction: Interaction, when: str | None, vote_hours: int) -> datetime | None:
        now = discord.utils.utcnow()
        if interaction.guild_id is None or when is None:
            return None
        starts_at = await moment(interaction.client, interaction.guild_id, when, now)
        if starts_at <= now + timedelta(hours=vote_hours):
            raise MemberError("The vote would end after that. Choose a later time or a shorter vote.")
        return starts_at

    async def _post(
        self,
        interaction: Interaction,
        server: GuildState,
        ask: Ask,
        user_ids: list[int] | None,
        vote_hours: int,
        starts_at: datetime | None,
    ) -> None:
        """Show the picks as a suggestion whose watch party has begun."""
        client, now = interaction.client, discord.utils.utcnow()
        guild_id, channel_id = server.guild_id, interaction.channel_id
        if channel_id is None:
            raise app_commands.NoPrivateMessage
        suggested = await suggestion_for(client, server, user_ids, ask, askers=[interaction.user.id])
        suggestion_id = await begin_suggestion(client, guild_id, channel_id, suggested, ask, named=user_ids)
        ballot = Ballot(contenders_of(pick_bodies(suggested.suggestion)), vote_hours)
        parties = client.store.parties
        await parties.begin(
            guild_id,
            channel_id,
            suggestion_id,
            interaction.user.id,
            ballot,
            at=now,
            next_at=now + PICKS_OPEN,
            starts_at=starts_at,
        )
        party = require(await parties.of_suggestion(suggestion_id))
        picks = shown("server" if user_ids is None else "named", suggested)
        view = watchparty_view(suggestion_view(suggestion_id), party.party_id)
        message = await interaction.edit_original_response(
            content=picks.content, embeds=picks.embeds, view=view
        )
        await client.store.suggestions.sent(suggestion_id, message.id)
        await interaction.followup.send(messages.panel(party))
