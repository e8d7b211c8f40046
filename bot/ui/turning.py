"""How a button that turns pages looks, wherever there are pages."""

from __future__ import annotations

from typing import Any

import discord


def turning(side: str, custom_id: str, *, row: int, disabled: bool) -> discord.ui.Button[Any]:
    """A button that turns a page.

    Args:
        side: ``<`` back, ``>`` on.
        custom_id: says where to.
        row: of the message's rows of buttons, 0–4.
        disabled: where there is no such page.
    """
    return discord.ui.Button(
        label="Back" if side == "<" else "More",
        emoji="◀️" if side == "<" else "▶️",
        style=discord.ButtonStyle.secondary,
        custom_id=custom_id,
        disabled=disabled,
        row=row,
    )
