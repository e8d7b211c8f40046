"""How anime are shown to the member who asked, and to all of a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store import Titles
from bot.ui.embeds import Look
from bot.ui.member import server_of

if TYPE_CHECKING:
    from bot.client import HakkenBot, Interaction

_UNLESS_CHOSEN: Titles = "both"


async def look_of(interaction: Interaction) -> Look:
    """The look that the member who asked has chosen, or else the server where they ask."""
    client, guild_id = interaction.client, server_of(interaction)
    preferences = await client.store.preferences.of_member(interaction.user.id)
    if preferences.titles is None and guild_id is not None:
        return await look_of_server(client, guild_id)
    return look_with(client, preferences.titles or _UNLESS_CHOSEN)


async def look_of_server(client: HakkenBot, guild_id: int) -> Look:
    """The look of what everyone in a server reads."""
    settings = await client.store.servers.of_guild(guild_id)
    return look_with(client, settings.titles or _UNLESS_CHOSEN)


def look_with(client: HakkenBot, titles: Titles) -> Look:
    """The look with these titles, and with what is known of covers."""
    return Look(client.recommender.catalogue, titles, client.covers.known)
