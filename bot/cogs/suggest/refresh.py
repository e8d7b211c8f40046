"""Refreshes picks for those who joined: shortly after the last press, one edit per message at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.suggest.embeds import pick_bodies
from bot.cogs.suggest.join_button import with_count
from bot.cogs.suggest.message import WEEKLY, shown, whose
from bot.cogs.suggest.picking import read_guild, suggestion_for
from bot.cogs.suggest.request import Ask
from bot.errors import LOST_CONNECTION, MemberError
from bot.ui.context import age_restricted

log = logging.getLogger(__name__)

QUIET = timedelta(seconds=1.5)
"""Picks are refreshed after this long without a press."""


@dataclass(frozen=True, slots=True)
class _Press:
    interaction: Interaction
    """Its token lets the bot edit the message."""
    at: datetime


class RefreshCog(commands.Cog):
    """Refreshes picks when members join or leave. After a restart the next press begins it again."""

    def __init__(self) -> None:
        self.quiet = QUIET
        self._last: dict[str, _Press] = {}
        """The last press, by the suggestion's id."""
        self._following: dict[str, asyncio.Task[None]] = {}

    async def cog_unload(self) -> None:
        """Stop; the database keeps who has joined."""
        following = list(self._following.values())
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)

    @commands.Cog.listener()
    async def on_suggestion_changed(self, interaction: Interaction, suggestion_id: str) -> None:
        """Refresh the picks once no more presses come."""
        self._last[suggestion_id] = _Press(interaction, discord.utils.utcnow())
        if suggestion_id not in self._following:
            self._following[suggestion_id] = asyncio.create_task(self._follow(suggestion_id))

    async def _follow(self, suggestion_id: str) -> None:
        done: _Press | None = None
        try:
            while (last := self._last[suggestion_id]) is not done:
                rest = last.at + self.quiet - discord.utils.utcnow()
                await asyncio.sleep(max(rest.total_seconds(), 0))
                if self._last[suggestion_id] is last:
                    await _try_to_refresh(last.interaction, suggestion_id)
                    done = last
        finally:
            del self._last[suggestion_id], self._following[suggestion_id]


async def _try_to_refresh(interaction: Interaction, suggestion_id: str) -> None:
    try:
        await refresh_message(interaction, suggestion_id)
    except Exception:  # a press during the failed attempt triggers its own retry
        log.exception("picks could not be refreshed; the next press tries again")


async def refresh_message(interaction: Interaction, suggestion_id: str) -> None:
    """Refresh a suggestion's picks for the members who are in, and edit the pressed message."""
    client = interaction.client
    suggestions = client.store.suggestions
    suggestion = await suggestions.find(suggestion_id, at=discord.utils.utcnow())
    party = await client.store.parties.of_suggestion(suggestion_id)
    if suggestion is None or (party is not None and (party.stage != "picks" or party.sending is not None)):
        return  # once the vote has begun, the picks stay
    audience, user_ids = await whose(client, suggestion)
    joined = len(user_ids or ()) if audience == "joined" else 0
    ask = Ask.model_validate(suggestion.ask)
    # The channel may no longer be age-restricted.
    ask = ask.model_copy(update={"adult": ask.adult and age_restricted(interaction)})
    askers = user_ids if audience == "joined" and user_ids is not None else [interaction.user.id]
    try:
        server = await read_guild(client, suggestion.guild_id)
        suggested = await suggestion_for(client, server, user_ids, ask, askers=askers)
    except MemberError as error:
        await _edit(interaction, suggestion_id, joined, f"{error} Below is what I picked before.")
        return
    if await suggestions.repick(suggestion_id, pick_bodies(suggested.suggestion)):
        message = shown(audience, suggested)
        await _edit(interaction, suggestion_id, joined, message.content, message.embeds)


async def _edit(
    interaction: Interaction,
    suggestion_id: str,
    joined: int,
    content: str,
    embeds: Sequence[discord.Embed] = discord.utils.MISSING,
) -> None:
    try:
        # Since the press, the message may have got the host's buttons.
        message = await interaction.original_response()
        view = with_count(message, suggestion_id, joined)
        if message.content.startswith(WEEKLY):
            content = f"{WEEKLY}\n{content}"
        await message.edit(content=content, embeds=embeds, view=view)
    except LOST_CONNECTION as error:
        log.info("refreshed picks did not reach Discord: %s", error)
