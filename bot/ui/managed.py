"""What only who manages the server may do."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Self, TypeVar

import discord

from bot.errors import MemberError, answer_error
from bot.ui.member import server_of
from bot.ui.owned import count_press

if TYPE_CHECKING:
    from bot.client import Interaction

ItemT = TypeVar("ItemT", bound="discord.ui.Item[Any]")


def managed_server(interaction: Interaction) -> int:
    """The id of the server where it was asked, if the member who asked manages it.

    Whoever sets up the bot can open its commands to others, and permissions change while messages stay: so it
    is looked at whenever something is done.

    Raises:
        MemberError: outside a server that has installed the bot, or by someone else.
    """
    guild_id = server_of(interaction)
    if guild_id is None:
        raise MemberError("That works only in a server that has installed me.")
    if not interaction.permissions.manage_guild:
        raise MemberError("That is for who manages this server: you need the permission Manage Server.")
    return guild_id


class Managed(discord.ui.DynamicItem[ItemT], template=r"(?!)"):
    """An item for whoever manages the server where it is pressed; others get one sentence.

    Each kind has a template and an `of_match` of its own; this one's matches nothing.
    """

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
        """Act for who may; whatever goes wrong is answered, for discord.py only logs it."""
        try:
            count_press(interaction)
            await self.act(interaction, managed_server(interaction))
        except Exception as error:  # noqa: BLE001  # see above
            await answer_error(interaction, error)

    @abstractmethod
    async def act(self, interaction: Interaction, guild_id: int) -> None:
        """What it is for."""
