"""Takes back the last import, after one confirming press.

The button's id holds the import's time, so it never takes back a different import.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord

from bot.cogs.importing.embeds import undo_question, undone_text
from bot.errors import MemberError
from bot.ui.buttons import Button, OwnerItem
from bot.ui.custom_ids import USER, CustomId, Field

if TYPE_CHECKING:
    from bot.client import Interaction

_DIGITS = "%Y%m%d%H%M%S%f"
NOTHING_TO_UNDO = "There is no import to undo. `/unrate` takes back a single rating."
LEFT = "Nothing changed. Your import stays."
NOT_THE_LAST = "This is no longer your last import. Run `/undo` again."


class UndoImportButton(
    OwnerItem[Button], custom_id=CustomId("undo:take", user_id=USER, moment=Field("[0-9]{20}", str))
):
    """Takes back the import made at a given time."""

    def __init__(self, user_id: int, moment: str) -> None:
        button = Button(label="Take it back", style=discord.ButtonStyle.danger)
        super().__init__(button, user_id, moment=moment)
        self._moment = moment

    async def act(self, interaction: Interaction) -> None:
        """Take the import back, if it is still the last one."""
        await interaction.response.defer()
        taken_at = _read(self._moment)
        imports = interaction.client.store.imports
        undone = await imports.undo_last(self.user_id, taken_at=taken_at) if taken_at else None
        if undone is None:
            await interaction.edit_original_response(view=None)
            raise MemberError(NOT_THE_LAST)
        await interaction.edit_original_response(content=undone_text(undone), view=None)


class LeaveButton(OwnerItem[Button], custom_id=CustomId("undo:leave", user_id=USER)):
    """Leaves the import as it is."""

    def __init__(self, user_id: int) -> None:
        super().__init__(Button(label="Leave it"), user_id)

    async def act(self, interaction: Interaction) -> None:
        """Say that nothing happens."""
        await interaction.response.edit_message(content=LEFT, view=None)


UNDO_ITEMS = (UndoImportButton, LeaveButton)
"""Items to register, so that presses work after a restart."""


async def ask_to_undo(interaction: Interaction) -> None:
    """Answer a deferred interaction by asking whether to take back the last import.

    Raises:
        MemberError: there is no import.
    """
    user_id = interaction.user.id
    last = await interaction.client.store.imports.last(user_id)
    if last is None:
        raise MemberError(NOTHING_TO_UNDO)
    view = discord.ui.View(timeout=None)
    view.add_item(UndoImportButton(user_id, _moment(last.at))).add_item(LeaveButton(user_id))
    await interaction.edit_original_response(content=undo_question(last.source, last.at), view=view)


def _moment(at: datetime) -> str:
    """Write a moment in UTC as 20 digits."""
    return f"{at:{_DIGITS}}"


def _read(moment: str) -> datetime | None:
    """Read a moment from 20 digits; None if they are no date."""
    try:
        return datetime.strptime(moment, _DIGITS).replace(tzinfo=UTC)
    except ValueError:
        return None
