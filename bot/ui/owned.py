"""Buttons and menus that answer only the member for whom they were sent."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from bot.errors import MemberError
from bot.ui.everyones import Everyones, ItemT

if TYPE_CHECKING:
    from bot.client import Interaction


class Owned(Everyones[ItemT]):
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
                "These buttons belong to the member who asked. Ask yourself, and you get your own."
            )
        await self.act(interaction)

    @abstractmethod
    async def act(self, interaction: Interaction) -> None:
        """What it is for."""
