"""How a button that turns pages looks, wherever there are pages."""

from __future__ import annotations

import discord

from bot.ui.custom_ids import Field
from bot.ui.everyones import Button

SIDE = Field("[<>]", str)
"""``<`` back, ``>`` on."""


def turning(side: str, *, row: int, disabled: bool) -> Button:
    """A button that turns a page.

    Args:
        side: ``<`` back, ``>`` on.
        row: of the message's rows of buttons, 0–4.
        disabled: where there is no such page.
    """
    return Button(
        label="Back" if side == "<" else "More",
        emoji="◀️" if side == "<" else "▶️",
        style=discord.ButtonStyle.secondary,
        disabled=disabled,
        row=row,
    )
