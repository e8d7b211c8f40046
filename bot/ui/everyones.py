"""Buttons and menus that answer whoever uses them; all that they must know stands in their custom ids."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import discord

from bot.errors import answer_error
from bot.ui.custom_ids import CustomId

if TYPE_CHECKING:
    from discord.ui.select import BaseSelect

    from bot.client import Interaction

Button = discord.ui.Button[Any]
Select = discord.ui.Select[Any]
ItemT = TypeVar("ItemT", bound="Button | BaseSelect[Any]")


class Everyones(discord.ui.DynamicItem[ItemT], template=r"(?!)"):
    """An item that answers whoever uses it, also after a restart.

    Each kind declares its custom id; its fields are arguments of `__init__`. A kind without one is a base of
    others, and no id finds it.
    """

    ID: ClassVar[CustomId]

    def __init_subclass__(cls, *, custom_id: CustomId | None = None) -> None:
        super().__init_subclass__(template=custom_id.template if custom_id else r"(?!)")
        if custom_id:
            cls.ID = custom_id

    def __init__(self, item: ItemT, **fields: object) -> None:
        """Put the item's id on it.

        Args:
            item: how it looks.
            fields: what its custom id holds.
        """
        item.custom_id = self.ID.write(**fields)
        super().__init__(item)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the item from its id when it is used."""
        return cls(**cls.ID.read(match))

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]  # of our own bot
        """Answer; whatever goes wrong is answered, too, for discord.py only logs it."""
        try:
            interaction.client.limits.press(
                interaction.user.id, interaction.guild_id, at=discord.utils.utcnow()
            )
            await self.answer(interaction)
        except Exception as error:  # noqa: BLE001  # see above
            await answer_error(interaction, error)

    @abstractmethod
    async def answer(self, interaction: Interaction) -> None:
        """What it does for who used it."""
