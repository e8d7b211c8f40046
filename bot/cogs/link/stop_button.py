"""Shows a member's links, each with a stop button that works after a restart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import discord

from bot.cogs.link.texts import NAMES, links_text, stopped_text
from bot.store import Site
from bot.ui.buttons import Button, OwnerItem
from bot.ui.custom_ids import USER, CustomId, one_of

if TYPE_CHECKING:
    from bot.client import Interaction


class StopButton(OwnerItem[Button], custom_id=CustomId("link:stop", site=one_of(Site), user_id=USER)):
    """Stops a link."""

    def __init__(self, site: Site, user_id: int) -> None:
        button = Button(label=f"Stop {NAMES[site]}", style=discord.ButtonStyle.danger)
        super().__init__(button, user_id, site=site)
        self._site: Site = site

    async def act(self, interaction: Interaction) -> None:
        """Stop the link, if it still exists, and show the others."""
        await interaction.response.defer()
        await interaction.client.store.links.unlink(self.user_id, self._site)
        await show_links(interaction, stopped_text(self._site))


async def show_links(interaction: Interaction, news: str = "") -> None:
    """Answer the member's deferred interaction with their links, below the news."""
    links = await interaction.client.store.links.of_member(interaction.user.id)
    view = stop_view(interaction.user.id, [link.site for link in links])
    await interaction.edit_original_response(
        content=links_text(links, news), view=view if view.children else None
    )


def stop_view(user_id: int, sites: Iterable[Site]) -> discord.ui.View:
    """Make a stop button for each link."""
    view = discord.ui.View(timeout=None)
    for site in sites:
        view.add_item(StopButton(site, user_id))
    return view
