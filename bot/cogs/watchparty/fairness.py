"""What a member is told of how evenings served them, and how a server begins anew."""

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

NO_EVENINGS = "No evening here has served you yet. Join a `/watchparty`, and rate it afterwards."
_NOT_ALLOWED = "Only who manages this server can begin the ledger anew."
_EVEN = 0.25
"""Rating points; with less between them, nobody is behind."""


def standing(evenings: Sequence[Served], behind: float) -> str:
    """How a server's evenings served a member, and what follows from it.

    Args:
        evenings: the member's own, at least one.
        behind: see `hakken.groups.fairness.behind`; above 0 for who came off worse.
    """
    count = len(evenings)
    shortfall = sum(one.shortfall for one in evenings) / count
    return (
        f"**{count} evening{'' if count == 1 else 's'}** here served you. "
        f"On average they were {shortfall:.1f} points below your own best pick.\n"
        f"{_what_follows(behind)}\nOnly you see this."
    )


def _what_follows(behind: float) -> str:
    if behind > _EVEN:
        return "You compromised more than the others lately: the next picks lean towards you."
    if behind < -_EVEN:
        return "You came off better than the others lately: the next picks lean a little towards them."
    return "You came off about as well as the others: the picks lean to nobody's side because of you."


class ResetButton(OwnerItem[Button], custom_id=CustomId("ledger", step=one_of(Step), user_id=USER)):
    """Begins a server's ledger anew, once it was asked and confirmed."""

    def __init__(self, step: Step, user_id: int) -> None:
        label = "Begin the ledger anew" if step == "ask" else "Yes, forget how everyone was served"
        style = discord.ButtonStyle.secondary if step == "ask" else discord.ButtonStyle.danger
        super().__init__(Button(label=label, style=style), user_id, step=step)
        self.step = step

    async def act(self, interaction: Interaction) -> None:
        """Ask, or forget."""
        if interaction.guild_id is None or not interaction.permissions.manage_guild:
            raise MemberError(_NOT_ALLOWED)
        if self.step == "ask":
            await interaction.response.edit_message(
                content="Forget how every evening here served everyone? The history stays.",
                view=reset_view("reset", self.user_id),
            )
            return
        gone = await interaction.client.store.ledger.reset(interaction.guild_id)
        evenings = f"{gone} evening{'' if gone == 1 else 's'}"
        await interaction.response.edit_message(
            content=f"The ledger begins anew; {evenings} no longer count.", view=None
        )


def reset_view(step: Step, user_id: int) -> discord.ui.View:
    """The one button."""
    view = discord.ui.View(timeout=None)
    view.add_item(ResetButton(step, user_id))
    view.stop()  # buttons find their classes by their ids; discord.py need not remember them
    return view
