"""What only who manages the server may do."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from bot.errors import MemberError
from bot.ui.everyones import Everyones, ItemT
from bot.ui.member import server_of

if TYPE_CHECKING:
    from bot.client import Interaction


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


class Managed(Everyones[ItemT]):
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
