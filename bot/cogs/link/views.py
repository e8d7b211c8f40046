"""The links of a member, each with a button that stops it, after a restart too."""

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
    """Ends a link."""

    def __init__(self, site: Site, user_id: int) -> None:
        button = Button(label=f"Stop {NAMES[site]}", style=discord.ButtonStyle.danger)
        super().__init__(button, user_id, site=site)
        self._site: Site = site

    async def act(self, interaction: Interaction) -> None:
        """End it, unless that is done already, and show what is left."""
        await interaction.response.defer()
        await interaction.client.store.links.unlink(self.user_id, self._site)
        await show_links(interaction, stopped_text(self._site))


async def show_links(interaction: Interaction, news: str = "") -> None:
    """Answer a deferred interaction with the links of the member who acts.

    Args:
        interaction: theirs; its answer must be theirs alone.
        news: stands above.
    """
    links = await interaction.client.store.links.of_member(interaction.user.id)
    view = stop_view(interaction.user.id, [link.site for link in links])
    await interaction.edit_original_response(
        content=links_text(links, news), view=view if view.children else None
    )


def stop_view(user_id: int, sites: Iterable[Site]) -> discord.ui.View:
    """A button for each link."""
    view = discord.ui.View(timeout=None)
    for site in sites:
        view.add_item(StopButton(site, user_id))
    return view
