"""The links of a member, each with a button that stops it, after a restart too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self, get_args

import discord

from bot.cogs.linking.texts import NAMES, links_text, stopped_text
from bot.store import Site
from bot.ui.owned import Owned

if TYPE_CHECKING:
    from bot.client import Interaction


class StopButton(
    Owned[discord.ui.Button[Any]],
    template=rf"link:stop:(?P<site>{'|'.join(get_args(Site))}):(?P<user>[0-9]{{1,20}})",
):
    """Ends a link."""

    def __init__(self, site: Site, user_id: int) -> None:
        super().__init__(
            discord.ui.Button(
                label=f"Stop {NAMES[site]}",
                style=discord.ButtonStyle.danger,
                custom_id=f"link:stop:{site}:{user_id}",
            ),
            user_id,
        )
        self._site: Site = site

    @classmethod
    def of_match(cls, match: re.Match[str]) -> Self:
        """Make the button anew from its id when it is pressed."""
        site = next(one for one in get_args(Site) if one == match["site"])
        return cls(site, int(match["user"]))

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
