"""Buttons and menus that answer only the member for whom they were sent."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Self, TypeVar

import discord

from bot.errors import MemberError, answer_error

if TYPE_CHECKING:
    from bot.client import Interaction

ItemT = TypeVar("ItemT", bound="discord.ui.Item[Any]")


class Owned(discord.ui.DynamicItem[ItemT], template=r"(?!)"):
    """An item whose custom id says whose it is; others who press it get one sentence.

    Each kind has a template and an `of_match` of its own; this one's matches nothing.
    """

    def __init__(self, item: ItemT, user_id: int) -> None:
        super().__init__(item)
        self.user_id = user_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the item anew from its id when it is pressed."""
        return cls.of_match(match)

    @classmethod
    @abstractmethod
    def of_match(cls, match: re.Match[str]) -> Self:
        """The item that a custom id tells of."""

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]  # of our own bot
        """Act for the owner; whatever goes wrong is answered, for discord.py only logs it."""
        try:
            count_press(interaction)
            if interaction.user.id == self.user_id:
                await self.act(interaction)
            else:
                await answer_error(interaction, _not_theirs())
        except Exception as error:  # noqa: BLE001  # see above
            await answer_error(interaction, error)

    @abstractmethod
    async def act(self, interaction: Interaction) -> None:
        """What it is for."""


def count_press(interaction: Interaction) -> None:
    """Count a press towards the limits of the member and of the server.

    Raises:
        LimitError: it is one too many.
    """
    interaction.client.limits.press(interaction.user.id, interaction.guild_id, at=discord.utils.utcnow())


def _not_theirs() -> MemberError:
    return MemberError("These buttons belong to the member who asked. Ask yourself, and you get your own.")
