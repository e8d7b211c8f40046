"""The switches of `/privacy`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import discord

from bot.cogs.privacy.embeds import Choices, privacy_embed
from bot.errors import MemberError
from bot.store import Participation
from bot.ui.buttons import Button, OwnerItem
from bot.ui.context import server_of
from bot.ui.custom_ids import ON_OFF, USER, CustomId, one_of

if TYPE_CHECKING:
    from bot.client import HakkenBot, Interaction

Switch = Literal["part", "compare", "filters", "scores"]
_OFFERS: Mapping[tuple[Switch, bool], str] = {
    ("part", True): "Count me in here",
    ("part", False): "Don't count me here",
    ("compare", True): "Let others compare",
    ("compare", False): "Let nobody compare",
    ("filters", True): "Remember filters",
    ("filters", False): "Forget and don't remember filters",
    ("scores", True): "Show my scores in answers",
    ("scores", False): "Don't show my scores",
}
"""Labels of the buttons, by the switch and its new state."""


class SwitchButton(
    OwnerItem[Button], custom_id=CustomId("privacy", switch=one_of(Switch), to=ON_OFF, user_id=USER)
):
    """Sets a switch to the state in its id, so a second press changes nothing."""

    def __init__(self, user_id: int, switch: Switch, *, to: bool) -> None:
        """Make the button.

        Args:
            user_id: the switch's owner.
            switch: which switch; 'part' is about the server where it is pressed.
            to: the new state, on or off.
        """
        super().__init__(Button(label=_OFFERS[switch, to]), user_id, switch=switch, to=to)
        self.switch: Switch = switch
        self.to = to

    async def act(self, interaction: Interaction) -> None:
        """Set the switch, and show the new state."""
        await interaction.response.defer()
        store, now = interaction.client.store.privacy, discord.utils.utcnow()
        match self.switch:
            case "part":
                await store.choose(_server(interaction), self.user_id, takes_part=self.to, at=now)
            case "compare":
                await store.allow_comparing(self.user_id, allowed=self.to, at=now)
            case "filters":
                await store.allow_remembering(self.user_id, allowed=self.to, at=now)
            case "scores":
                await store.allow_showing(self.user_id, allowed=self.to, at=now)
        await show_privacy(interaction)


async def show_privacy(interaction: Interaction) -> None:
    """Answer a deferred interaction with what is kept, and the member's current choices."""
    choices = await _choices_of(interaction.client, interaction.user.id, server_of(interaction))
    settings = interaction.client.settings
    await interaction.edit_original_response(
        embed=privacy_embed(choices, settings.buttons_minutes, settings.host_contact),
        view=_switches(interaction.user.id, choices),
    )


async def choose_for_server(interaction: Interaction, participation: Participation) -> None:
    """Keep whether this server's members take part by default; for moderators.

    Raises:
        MemberError: outside a server, or if the user is no moderator.
    """
    guild_id = _server(interaction)
    if not interaction.permissions.manage_guild:
        raise MemberError(
            "Only moderators (Manage Server) can choose that. `/privacy` alone shows your own choices."
        )
    await interaction.client.store.guild_settings.choose_participation(guild_id, participation)


async def _choices_of(client: HakkenBot, user_id: int, guild_id: int | None) -> Choices:
    store = client.store.privacy
    allowed = await store.of_member(user_id)
    return Choices(
        takes_part=None if guild_id is None else await store.takes_part(guild_id, user_id),
        compare=allowed.compare,
        remember_filters=allowed.remember_filters,
        show_scores=allowed.show_scores,
    )


def _switches(user_id: int, choices: Choices) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    if choices.takes_part is not None:
        view.add_item(SwitchButton(user_id, "part", to=not choices.takes_part))
    view.add_item(SwitchButton(user_id, "compare", to=not choices.compare))
    view.add_item(SwitchButton(user_id, "filters", to=not choices.remember_filters))
    return view.add_item(SwitchButton(user_id, "scores", to=not choices.show_scores))


def _server(interaction: Interaction) -> int:
    guild_id = server_of(interaction)
    if guild_id is None:
        raise MemberError("That choice is about a server. Use `/privacy` in a server that I'm in.")
    return guild_id
