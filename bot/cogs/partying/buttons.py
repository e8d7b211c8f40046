"""Buttons that begin and lead an evening. Their ids carry it, so a restart costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cogs.partying import leading, texts
from bot.cogs.partying.controls import HOST_ID, Action, host_button, with_host_buttons
from bot.cogs.partying.stages import known
from bot.cogs.together.posting import BEGIN_ID, begin_button
from bot.ui.everyones import Button, Everyones

if TYPE_CHECKING:
    from bot.client import Interaction


class BeginButton(Everyones[Button], custom_id=BEGIN_ID):
    """Begins an evening with the picks of a gathering; who presses leads it."""

    def __init__(self, gathering_id: str) -> None:
        super().__init__(begin_button(gathering_id), gathering_id=gathering_id)
        self.gathering_id = gathering_id

    async def answer(self, interaction: Interaction) -> None:
        """Begin."""
        party = await leading.begin_from(interaction, self.gathering_id)
        view = with_host_buttons(known(interaction.message), party.party_id)
        await interaction.response.edit_message(view=view)
        if party.host_id == interaction.user.id:  # of two who press at once, one leads
            await interaction.followup.send(texts.panel(party))


class HostButton(Everyones[Button], custom_id=HOST_ID):
    """One thing that who leads an evening, or a moderator, can do."""

    def __init__(self, action: Action, party_id: str) -> None:
        super().__init__(host_button(action, party_id), action=action, party_id=party_id)
        self.action: Action = action
        self.party_id = party_id

    async def answer(self, interaction: Interaction) -> None:
        """Act for who may."""
        party = await leading.party_here(interaction, self.party_id)
        if self.action != "take":
            leading.must_lead(interaction, party)
        await leading.ACTIONS[self.action](interaction, party)
