"""Base classes of persistent buttons and menus; their whole state is in their custom ids."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Collection
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
TextT = TypeVar("TextT", bound=str)
ItemT = TypeVar("ItemT", bound="Button | BaseSelect[Any]")


class PublicItem(discord.ui.DynamicItem[ItemT], template=r"(?!)"):
    """An item that anyone may use, also after a restart of the bot.

    Each subclass declares its custom id, whose fields are arguments of `__init__`. A subclass without a
    custom id is a base class; no id matches it.
    """

    ID: ClassVar[CustomId]

    def __init_subclass__(cls, *, custom_id: CustomId | None = None) -> None:
        super().__init_subclass__(template=custom_id.template if custom_id else r"(?!)")
        if custom_id:
            cls.ID = custom_id

    def __init__(self, item: ItemT, **fields: object) -> None:
        """Give the button or menu to show its custom id, from the values of the id's fields."""
        item.custom_id = self.ID.write(**fields)
        super().__init__(item)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Create the item from its id when it is used."""
        return cls(**cls.ID.read(match))

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]  # of our own bot
        """Answer the press; errors are answered too, because discord.py only logs them."""
        try:
            interaction.client.limits.press(
                interaction.user.id, interaction.guild_id, at=discord.utils.utcnow()
            )
            await self.answer(interaction)
        except Exception as error:  # noqa: BLE001  # see above
            await answer_error(interaction, error)

    @abstractmethod
    async def answer(self, interaction: Interaction) -> None:
        """Do the item's work for the member who used it."""


class OwnerItem(PublicItem[ItemT]):
    """An item that belongs to the member in its custom id; others who press it get an error."""

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
        """Do the item's work for its owner."""


def chosen(menu: Select, offered: Collection[TextT]) -> TextT:
    """Return the one chosen value of a menu.

    Raises:
        MemberError: it is none of those offered, so it was crafted.
    """
    for one in offered:
        if menu.values == [one]:
            return one
    raise not_offered()


def not_offered() -> MemberError:
    """Make the error for a crafted choice that the menu does not offer."""
    return MemberError("That is not one of the choices. Please pick one from the list.")


def managed_server(interaction: Interaction) -> int:
    """Return the id of the current server, if the member may manage it.

    The permission is checked at every action: servers can open the bot's commands to others, and permissions
    change while messages stay.

    Raises:
        MemberError: the interaction is outside a server with the bot, or the member may not manage it.
    """
    guild_id = server_of(interaction)
    if guild_id is None:
        raise MemberError("That works only in a server that has installed me.")
    if not interaction.permissions.manage_guild:
        raise MemberError("Only moderators can do that. You need the Manage Server permission.")
    return guild_id


class ManagerItem(PublicItem[ItemT]):
    """An item for members with the permission to manage the server; others get an error."""

    async def answer(self, interaction: Interaction) -> None:
        """Act if the member may manage the server.

        Raises:
            MemberError: see `managed_server`.
        """
        await self.act(interaction, managed_server(interaction))

    @abstractmethod
    async def act(self, interaction: Interaction, guild_id: int) -> None:
        """Do the item's work in this server."""
