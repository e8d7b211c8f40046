"""The buttons that ask a member once whether to delete all their data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord

from bot.cogs.privacy import wiping
from bot.ui.buttons import Button, OwnerItem
from bot.ui.custom_ids import USER, CustomId, digits
from bot.ui.paginator import OUT_OF_TIME

if TYPE_CHECKING:
    from bot.client import Interaction

FORGOTTEN = "Done. I deleted everything about you. If you use me again, we start from zero."
NOTHING_HELD = "I keep nothing about you. To begin, try `/start`."
KEPT = "I deleted nothing. `/export` gives you a copy. `/privacy` says what I keep."


class ForgetButton(OwnerItem[Button], custom_id=CustomId("forget:yes", user_id=USER, until=digits(11))):
    """Deletes all data of the member; works until the time in its id."""

    def __init__(self, user_id: int, until: int) -> None:
        """Make the button.

        Args:
            user_id: the member whose data it deletes; nobody else can press it.
            until: when it stops working, in seconds since 1970.
        """
        button = Button(label="Delete everything", style=discord.ButtonStyle.danger)
        super().__init__(button, user_id, until=until)
        self.until = until

    async def act(self, interaction: Interaction) -> None:
        """Delete the member's data, and say so; nothing left to delete is no error."""
        await interaction.response.defer()
        if discord.utils.utcnow().timestamp() >= self.until:
            await _answer(interaction, OUT_OF_TIME)
            return
        gone = await interaction.client.store.personal_data.forget(self.user_id)
        interaction.client.dispatch(wiping.FORGOTTEN)
        await _answer(interaction, FORGOTTEN if gone else NOTHING_HELD)


class KeepButton(OwnerItem[Button], custom_id=CustomId("forget:no", user_id=USER)):
    """Keeps everything as it is."""

    def __init__(self, user_id: int) -> None:
        super().__init__(Button(label="Keep it"), user_id)

    async def act(self, interaction: Interaction) -> None:
        """Remove the buttons."""
        await interaction.response.defer()
        await _answer(interaction, KEPT)


def forget_buttons(user_id: int, until: datetime) -> discord.ui.View:
    """Make the buttons under the question; they work until `until`, a moment with its time zone."""
    view = discord.ui.View(timeout=None)
    view.add_item(ForgetButton(user_id, int(until.astimezone(UTC).timestamp())))
    return view.add_item(KeepButton(user_id))


async def _answer(interaction: Interaction, sentence: str) -> None:
    await interaction.edit_original_response(content=sentence, embed=None, view=None)
