"""How the member who asked wants to see anime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store import Titles
from bot.ui.embeds import Look

if TYPE_CHECKING:
    from bot.client import HakkenBot, Interaction


async def look_of(interaction: Interaction) -> Look:
    """The look that the member who asked has chosen."""
    preferences = await interaction.client.store.preferences.of_member(interaction.user.id)
    return look_with(interaction.client, preferences.titles)


def look_with(client: HakkenBot, titles: Titles) -> Look:
    """The look with these titles, and with what is known of covers."""
    return Look(client.recommender.catalogue, titles, client.covers.known)
