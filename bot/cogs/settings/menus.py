"""The menus and buttons of `/settings`.

Their ids carry only the new value, and work after a restart. Each press checks the user's permission again,
and shows the current settings.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord

from bot.cogs.settings.embeds import NO_FLOOR, settings_embed
from bot.errors import MemberError, answer_error
from bot.store import GuildSettings, Participation, Titles
from bot.times import UTC_NAME, next_weekly, zone
from bot.ui.buttons import Button, ItemT, ManagerItem, Select, chosen, managed_server
from bot.ui.custom_ids import ON_OFF, CustomId, one_of
from bot.ui.embeds import TITLES_IN_WORDS
from bot.ui.permissions import missing
from hakken.groups.aggregations import DEFAULT, FAVOURS, Aggregation

if TYPE_CHECKING:
    from bot.client import HakkenBot, Interaction

SCHEDULES_CHANGED = "schedules_changed"
"""The event that tells the loop of weekly picks that the next pick may be another one."""
_FLOORS = (NO_FLOOR, 3.0, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 8.0)
_ANNOUNCING = discord.Permissions(view_channel=True, send_messages=True, embed_links=True)
_COUNTING: Mapping[Participation, str] = {
    "opt-out": "Count everyone unless they say no",
    "opt-in": "Count only members who say yes",
}


class SettingItem(ManagerItem[ItemT]):
    """An item that changes one setting, and then shows the new settings."""

    async def act(self, interaction: Interaction, guild_id: int) -> None:
        """Change the setting, and show all of them."""
        await interaction.response.defer()
        await self.change(interaction, guild_id)
        await show_settings(interaction, guild_id)

    @abstractmethod
    async def change(self, interaction: Interaction, guild_id: int) -> None:
        """Keep the choice.

        Raises:
            MemberError: the choice is impossible.
        """


class AggregationMenu(SettingItem[Select], custom_id=CustomId("settings:aggregation")):
    """Chooses how members' predictions are combined into picks."""

    def __init__(self, current: Aggregation = DEFAULT) -> None:
        options = [
            discord.SelectOption(
                label=name.capitalize(), value=name, description=favours, default=name == current
            )
            for name, favours in FAVOURS.items()
        ]
        super().__init__(Select(options=options, row=0))

    async def change(self, interaction: Interaction, guild_id: int) -> None:
        """Keep the choice."""
        aggregation = chosen(self.item, FAVOURS)
        await interaction.client.store.guild_settings.choose_aggregation(guild_id, aggregation)


class ChannelMenu(SettingItem[discord.ui.ChannelSelect[Any]], custom_id=CustomId("settings:channel")):
    """Chooses the channel for announcements; without one, they go where it was decided."""

    def __init__(self, current: int | None = None) -> None:
        super().__init__(
            discord.ui.ChannelSelect(
                channel_types=[discord.ChannelType.text, discord.ChannelType.news],
                placeholder="Announce where the watch party was decided",
                min_values=0,
                default_values=[] if current is None else [discord.Object(current)],
                row=1,
            )
        )

    async def change(self, interaction: Interaction, guild_id: int) -> None:
        """Keep the channel, if announcements can be sent there."""
        channel_id = self.item.values[0].id if self.item.values else None
        if channel_id is not None:
            _check_channel(interaction, channel_id)
        await interaction.client.store.guild_settings.choose_channel(guild_id, channel_id)


class TitlesMenu(SettingItem[Select], custom_id=CustomId("settings:titles")):
    """Chooses the language of titles in public messages, and for members without a choice of their own."""

    def __init__(self, current: Titles = "both") -> None:
        options = [
            discord.SelectOption(label=f"Titles: {words}", value=name, default=name == current)
            for name, words in TITLES_IN_WORDS.items()
        ]
        super().__init__(Select(options=options, row=2))

    async def change(self, interaction: Interaction, guild_id: int) -> None:
        """Keep the choice."""
        titles = chosen(self.item, TITLES_IN_WORDS)
        await interaction.client.store.guild_settings.choose_titles(guild_id, titles)


class FloorMenu(SettingItem[Select], custom_id=CustomId("settings:floor")):
    """Chooses the misery floor: a pick is left out if anyone's predicted rating is below it."""

    def __init__(self, current: float | None = None) -> None:
        options = [
            discord.SelectOption(
                label="No misery floor" if one <= NO_FLOOR else f"Misery floor: {one:g}",
                value=f"{one:g}",
                default=one == current,
            )
            for one in (_FLOORS if current is None else sorted({*_FLOORS, current}))
        ]
        super().__init__(Select(options=options, row=3))

    async def change(self, interaction: Interaction, guild_id: int) -> None:
        """Keep the choice."""
        offered = [f"{one:g}" for one in (*_FLOORS, interaction.client.settings.misery_floor)]
        floor = float(chosen(self.item, offered))
        await interaction.client.store.guild_settings.choose_floor(guild_id, floor)


class ParticipationButton(
    SettingItem[Button], custom_id=CustomId("settings:participation", to=one_of(Participation))
):
    """Chooses whether members count unless they say no, or only if they say yes."""

    def __init__(self, to: Participation) -> None:
        super().__init__(Button(label=_COUNTING[to], row=4), to=to)
        self._to: Participation = to

    async def change(self, interaction: Interaction, guild_id: int) -> None:
        """Keep the choice."""
        await interaction.client.store.guild_settings.choose_participation(guild_id, self._to)


class AdultButton(SettingItem[Button], custom_id=CustomId("settings:adult", to=ON_OFF)):
    """Chooses whether 18+ may be shown in age-restricted channels."""

    def __init__(self, *, to: bool) -> None:
        super().__init__(Button(label="Allow 18+" if to else "Forbid 18+", row=4), to=to)
        self._to = to

    async def change(self, interaction: Interaction, guild_id: int) -> None:
        """Keep the choice."""
        await interaction.client.store.guild_settings.allow_adult(guild_id, allowed=self._to)


class EcchiButton(SettingItem[Button], custom_id=CustomId("settings:ecchi", to=ON_OFF)):
    """Chooses whether ecchi may be recommended."""

    def __init__(self, *, to: bool) -> None:
        super().__init__(Button(label="Allow ecchi" if to else "Forbid ecchi", row=4), to=to)
        self._to = to

    async def change(self, interaction: Interaction, guild_id: int) -> None:
        """Keep the choice."""
        await interaction.client.store.guild_settings.allow_ecchi(guild_id, allowed=self._to)


class DefaultsButton(SettingItem[Button], custom_id=CustomId("settings:defaults")):
    """Resets all settings to their defaults."""

    def __init__(self) -> None:
        super().__init__(Button(label="Reset to defaults", style=discord.ButtonStyle.danger, row=4))

    async def change(self, interaction: Interaction, guild_id: int) -> None:
        """Forget all choices."""
        client = interaction.client
        await client.store.guild_settings.reset(guild_id, await _moved(client, guild_id, UTC_NAME))
        client.dispatch(SCHEDULES_CHANGED)


class ZoneButton(ManagerItem[Button], custom_id=CustomId("settings:zone")):
    """Opens the question about the time zone."""

    def __init__(self) -> None:
        super().__init__(Button(label="Time zone…", row=4))

    async def act(self, interaction: Interaction, guild_id: int) -> None:
        """Ask for the time zone."""
        settings = await interaction.client.store.guild_settings.of_guild(guild_id)
        await interaction.response.send_modal(ZoneQuestion(settings.time_zone))


class ZoneQuestion(discord.ui.Modal, title="Time zone of this server"):
    """Asks for the time zone as text."""

    name: discord.ui.TextInput[ZoneQuestion] = discord.ui.TextInput(
        custom_id="zone", label="Continent and city", placeholder="Europe/Berlin", max_length=64
    )

    def __init__(self, chosen: str | None) -> None:
        super().__init__()
        self.name.default = chosen

    async def on_submit(self, interaction: Interaction) -> None:  # type: ignore[override]  # of our own bot
        """Keep the zone, if that name exists, and move the weekly picks with it."""
        guild_id, name, client = managed_server(interaction), zone(self.name.value).key, interaction.client
        await interaction.response.defer()
        await client.store.guild_settings.choose_time_zone(
            guild_id, name, await _moved(client, guild_id, name)
        )
        client.dispatch(SCHEDULES_CHANGED)
        await show_settings(interaction, guild_id)

    async def on_error(  # type: ignore[override]  # a modal's has no item
        self, interaction: discord.Interaction, error: Exception, /
    ) -> None:
        """Tell the member what is wrong."""
        await answer_error(interaction, error)


SETTING_ITEMS = (
    AggregationMenu,
    ChannelMenu,
    TitlesMenu,
    FloorMenu,
    ParticipationButton,
    AdultButton,
    EcchiButton,
    ZoneButton,
    DefaultsButton,
)
"""Items to register, so that presses work after a restart."""


async def show_settings(interaction: Interaction, guild_id: int) -> None:
    """Answer a deferred interaction with a server's current settings and their controls."""
    settings = await interaction.client.store.guild_settings.of_guild(guild_id)
    floor = interaction.client.settings.misery_floor
    await interaction.edit_original_response(
        embed=settings_embed(settings, floor, discord.utils.utcnow()), view=_controls(settings, floor)
    )


def _controls(settings: GuildSettings, floor: float) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(AggregationMenu(settings.aggregation or DEFAULT))
    view.add_item(ChannelMenu(settings.channel_id))
    view.add_item(TitlesMenu(settings.titles or "both"))
    view.add_item(FloorMenu(floor if settings.misery_floor is None else settings.misery_floor))
    view.add_item(ParticipationButton("opt-in" if settings.participation == "opt-out" else "opt-out"))
    view.add_item(AdultButton(to=not settings.adult))
    view.add_item(EcchiButton(to=not settings.ecchi))
    return view.add_item(ZoneButton()).add_item(DefaultsButton())


def _check_channel(interaction: Interaction, channel_id: int) -> None:
    guild = interaction.guild
    channel = None if guild is None else guild.get_channel(channel_id)
    if guild is None or channel is None:
        raise MemberError("I can't see that channel. Let me in, or choose another one.")
    if lacking := missing(channel, guild.me, _ANNOUNCING):
        raise MemberError(f"I can't post in <#{channel_id}>. There I need: {', '.join(lacking)}.")


async def _moved(client: HakkenBot, guild_id: int, zone_name: str) -> dict[int, datetime]:
    """Get the next times of weekly picks, by channel, in the server's new time zone."""
    local, now = zone(zone_name), discord.utils.utcnow()
    schedules = await client.store.schedules.of_guild(guild_id)
    return {
        one.channel_id: next_weekly(one.weekday, one.at.hour, one.at.minute, local, now) for one in schedules
    }
