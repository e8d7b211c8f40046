"""Buttons and menus that answer whoever uses them; all that they must know stands in their custom ids."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Self, TypeVar

import discord

from bot.errors import answer_error

if TYPE_CHECKING:
    from bot.client import Interaction

ItemT = TypeVar("ItemT", bound="discord.ui.Item[Any]")


class Everyones(discord.ui.DynamicItem[ItemT], template=r"(?!)"):
    """An item that answers whoever uses it, also after a restart.

    Each kind has a template and an `of_match` of its own; this one's matches nothing.
    """

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the item anew from its id when it is used."""
        return cls.of_match(match)

    @classmethod
    @abstractmethod
    def of_match(cls, match: re.Match[str]) -> Self:
        """The item that a custom id tells of."""

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]  # of our own bot
        """Answer; whatever goes wrong is answered, too, for discord.py only logs it."""
        try:
            count_press(interaction)
            await self.answer(interaction)
        except Exception as error:  # noqa: BLE001  # see above
            await answer_error(interaction, error)

    @abstractmethod
    async def answer(self, interaction: Interaction) -> None:
        """What it does for who used it."""


def count_press(interaction: Interaction) -> None:
    """Count a press towards the limits of the member and of the server.

    Raises:
        LimitError: it is one too many.
    """
    interaction.client.limits.press(interaction.user.id, interaction.guild_id, at=discord.utils.utcnow())
