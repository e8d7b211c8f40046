"""Says how watch parties served a member, and lets a server reset its ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import discord

from bot.errors import MemberError
from bot.ui.buttons import Button, OwnerItem
from bot.ui.custom_ids import USER, CustomId, one_of
from hakken.groups.fairness import Served

if TYPE_CHECKING:
    from bot.client import Interaction

Step = Literal["ask", "reset"]

NO_PARTIES = "No watch party rated yet. Join a `/watchparty`, and rate it afterwards."
_NOT_ALLOWED = "Only moderators with Manage Server can reset this."
_EVEN = 0.25
"""Rating points; with a smaller difference, nobody is behind."""


def standing(parties: Sequence[Served], behind: float | None) -> str:
    """Say how a server's watch parties served a member, and what follows from it.

    Args:
        parties: the member's own watch parties, at least one.
        behind: see `hakken.groups.fairness.behind`; above 0 if the member came off worse, None if no watch
            party had enough members to compare.
    """
    count = len(parties)
    shortfall = sum(one.shortfall for one in parties) / count
    served = (
        f"**1 watch party** counts for you here. It was {shortfall:.1f} points below your own best pick."
        if count == 1
        else f"**{count} watch parties** count for you here. "
        f"On average they were {shortfall:.1f} points below your own best pick."
    )
    return f"{served}\n{_what_follows(behind)}\nOnly you see this."


def _what_follows(behind: float | None) -> str:
    if behind is None:
        return "I compare you with the others after a watch party of three or more."
    if behind > _EVEN:
        return "You compromised more than the others lately, so the next picks favour you."
    if behind < -_EVEN:
        return "You compromised less than the others lately, so the next picks favour them a little."
    return "You compromised about as much as the others, so the next picks treat you all alike."


class ResetButton(OwnerItem[Button], custom_id=CustomId("ledger", step=one_of(Step), user_id=USER)):
    """Resets a server's ledger, after a confirming press."""

    def __init__(self, step: Step, user_id: int) -> None:
        label = "Reset fairness" if step == "ask" else "Yes, reset it"
        style = discord.ButtonStyle.secondary if step == "ask" else discord.ButtonStyle.danger
        super().__init__(Button(label=label, style=style), user_id, step=step)
        self.step = step

    async def act(self, interaction: Interaction) -> None:
        """Ask for confirmation, or reset."""
        if interaction.guild_id is None or not interaction.permissions.manage_guild:
            raise MemberError(_NOT_ALLOWED)
        if self.step == "ask":
            await interaction.response.edit_message(
                content="Forget how fair past watch parties were to everyone here? The history stays.",
                view=reset_view("reset", self.user_id),
            )
            return
        gone = await interaction.client.store.ledger.reset(interaction.guild_id)
        sentence = f"Done: {gone} watch parties no longer count."
        if gone == 1:
            sentence = "Done: 1 watch party no longer counts."
        await interaction.response.edit_message(content=sentence, view=None)


def reset_view(step: Step, user_id: int) -> discord.ui.View:
    """Make the view with the one button."""
    view = discord.ui.View(timeout=None)
    view.add_item(ResetButton(step, user_id))
    view.stop()  # buttons find their classes by their ids; discord.py need not remember them
    return view
