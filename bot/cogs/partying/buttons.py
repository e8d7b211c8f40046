"""Buttons that begin and lead an evening. Their ids carry it, so a restart costs nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self, get_args

import discord

from bot.cogs.partying import leading, texts
from bot.cogs.partying.controls import Action, host_button, with_host_buttons
from bot.cogs.partying.stages import known
from bot.ui.everyones import Everyones

if TYPE_CHECKING:
    from bot.client import Interaction

ID = r"(?P<id>[A-Za-z0-9_-]{22})"
"""Of a gathering or a party, in a template."""


class BeginButton(Everyones[discord.ui.Button[Any]], template=rf"party:begin:{ID}"):
    """Begins an evening with the picks of a gathering; who presses leads it."""

    def __init__(self, gathering_id: str) -> None:
        super().__init__(
            discord.ui.Button(label="Vote on these", emoji="🗳️", custom_id=f"party:begin:{gathering_id}")
        )
        self.gathering_id = gathering_id

    @classmethod
    def of_match(cls, match: re.Match[str]) -> Self:
        """Make the button anew from its id when it is pressed."""
        return cls(match["id"])

    async def answer(self, interaction: Interaction) -> None:
        """Begin."""
        party = await leading.begin_from(interaction, self.gathering_id)
        view = with_host_buttons(known(interaction.message), party.party_id)
        await interaction.response.edit_message(view=view)
        if party.host_id == interaction.user.id:  # of two who press at once, one leads
            await interaction.followup.send(texts.panel(party))


class HostButton(
    Everyones[discord.ui.Button[Any]],
    template=rf"party:(?P<action>{'|'.join(get_args(Action))}):{ID}",
):
    """One thing that who leads an evening, or a moderator, can do."""

    def __init__(self, action: Action, party_id: str) -> None:
        super().__init__(host_button(action, party_id))
        self.action: Action = action
        self.party_id = party_id

    @classmethod
    def of_match(cls, match: re.Match[str]) -> Self:
        """Make the button anew from its id when it is pressed."""
        return cls(next(one for one in get_args(Action) if one == match["action"]), match["id"])

    async def answer(self, interaction: Interaction) -> None:
        """Act for who may."""
        party = await leading.party_here(interaction, self.party_id)
        if self.action != "take":
            leading.must_lead(interaction, party)
        await leading.ACTIONS[self.action](interaction, party)
