"""Buttons and menus that answer whoever uses them; all that they must know stands in their custom ids."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import discord

from bot.errors import MemberError, answer_error
from bot.ui.context import server_of
from bot.ui.custom_ids import CustomId

if TYPE_CHECKING:
    from discord.ui.select import BaseSelect

    from bot.client import Interaction

Button = discord.ui.Button[Any]
Select = discord.ui.Select[Any]
ItemT = TypeVar("ItemT", bound="Button | BaseSelect[Any]")


class PublicItem(discord.ui.DynamicItem[ItemT], template=r"(?!)"):
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


class OwnerItem(PublicItem[ItemT]):
    """An item whose custom id says whose it is; others who press it get one sentence."""

    def __init__(self, item: ItemT, user_id: int, **fields: object) -> None:
        super().__init__(item, user_id=user_id, **fields)
        self.user_id = user_id

    async def answer(self, interaction: Interaction) -> None:
        """Act for the owner.

        Raises:
            MemberError: someone else pressed it.
        """
        if interaction.user.id != self.user_id:
            raise MemberError(
                "These buttons belong to the member who asked. Run the command yourself to get your own."
            )
        await self.act(interaction)

    @abstractmethod
    async def act(self, interaction: Interaction) -> None:
        """What it is for."""


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


class ManagerItem(PublicItem[ItemT]):
    """An item for whoever manages the server where it is pressed; others get one sentence."""

    async def answer(self, interaction: Interaction) -> None:
        """Act for who may.

        Raises:
            MemberError: see `managed_server`.
        """
        await self.act(interaction, managed_server(interaction))

    @abstractmethod
    async def act(self, interaction: Interaction, guild_id: int) -> None:
        """What it is for."""
