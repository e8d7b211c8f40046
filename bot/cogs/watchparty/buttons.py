"""Buttons that begin and run a watch party. Their ids name the party, so they survive a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.cogs.suggest.message import BEGIN_ID, begin_button
from bot.cogs.watchparty import host_actions, messages
from bot.cogs.watchparty.forecasts import forecasts
from bot.cogs.watchparty.host_actions import party_here
from bot.cogs.watchparty.host_buttons import (
    ABSENT_ID,
    HOST_ID,
    SCORE_ID,
    Action,
    absent_button,
    host_button,
    score_button,
    with_host_buttons,
)
from bot.cogs.watchparty.rules import require
from bot.errors import MemberError
from bot.store import Party
from bot.ui.buttons import Button, PublicItem
from bot.ui.participation import take_part, tell_taking_part

if TYPE_CHECKING:
    from bot.client import Interaction


class BeginButton(PublicItem[Button], custom_id=BEGIN_ID):
    """Begins a watch party with the picks of a suggestion; the member who presses is its host."""

    def __init__(self, suggestion_id: str) -> None:
        super().__init__(begin_button(suggestion_id), suggestion_id=suggestion_id)
        self.suggestion_id = suggestion_id

    async def answer(self, interaction: Interaction) -> None:
        """Begin the watch party."""
        party = await host_actions.begin_from(interaction, self.suggestion_id)
        view = with_host_buttons(require(interaction.message), party.party_id)
        await interaction.response.edit_message(view=view)
        if party.host_id == interaction.user.id:  # if two press at once, only one becomes the host
            await interaction.followup.send(messages.panel(party))


class HostButton(PublicItem[Button], custom_id=HOST_ID):
    """Does one action of the host; moderators may press it, too."""

    def __init__(self, action: Action, party_id: str) -> None:
        super().__init__(host_button(action, party_id), action=action, party_id=party_id)
        self.action: Action = action
        self.party_id = party_id

    async def answer(self, interaction: Interaction) -> None:
        """Do the action, if this member may."""
        party = await host_actions.party_here(interaction, self.party_id)
        if self.action != "take":
            host_actions.must_lead(interaction, party)
        await host_actions.ACTIONS[self.action](interaction, party)


class ScoreButton(PublicItem[Button], custom_id=SCORE_ID):
    """Rates the anime that was watched."""

    def __init__(self, score: int, party_id: str) -> None:
        super().__init__(score_button(score, party_id), score=score, party_id=party_id)
        self.score = score
        self.party_id = party_id

    async def answer(self, interaction: Interaction) -> None:
        """Keep the rating."""
        await interaction.response.defer()
        await take_part(interaction)
        await _keep(interaction, await _being_rated(interaction, self.party_id), self.score)
        await interaction.followup.send(f"You rated it **{self.score}**. Only you see this.", ephemeral=True)
        await tell_taking_part(interaction)


class AbsentButton(PublicItem[Button], custom_id=ABSENT_ID):
    """Removes a member who was not there from the watch party."""

    def __init__(self, party_id: str) -> None:
        super().__init__(absent_button(party_id), party_id=party_id)
        self.party_id = party_id

    async def answer(self, interaction: Interaction) -> None:
        """Remove the member."""
        party = await _being_rated(interaction, self.party_id)
        await interaction.client.store.ledger.absent(party.party_id, interaction.user.id)
        await interaction.response.send_message("You won't count for this watch party.", ephemeral=True)


async def _being_rated(interaction: Interaction, party_id: str) -> Party:
    party = await party_here(interaction, party_id)
    if party.stage != "rating":
        raise MemberError(messages.RATINGS_CLOSED)
    return party


async def _keep(interaction: Interaction, party: Party, score: int) -> None:
    """Keep a rating for the member and the ledger; first make a missing forecast, as if it were unrated."""
    store, user_id, now = interaction.client.store, interaction.user.id, discord.utils.utcnow()
    anime_id = require(party.anime_id)
    if not await store.ledger.is_served(party.party_id, user_id):
        found = await forecasts(interaction.client, party.guild_id, [user_id], [anime_id])
        if forecast := found.get(user_id):
            await store.ledger.serve(
                party.guild_id, party.party_id, anime_id, user_id, forecast, at=party.starts_at or now
            )
    await store.ratings.rate(user_id, anime_id, score, source="watchparty", at=now)
    await store.ledger.score(party.party_id, user_id, score)
