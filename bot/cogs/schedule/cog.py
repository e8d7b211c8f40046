"""`/schedule`: a weekly pick for a server."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.client import HakkenBot, Interaction
from bot.cogs.schedule.channels import channel_for_picks, what_is_wrong
from bot.cogs.schedule.texts import DAYS, Day, choice_name, schedules_text, set_text
from bot.cogs.settings.menus import SCHEDULES_CHANGED
from bot.errors import MemberError
from bot.store import Schedule
from bot.times import UTC_NAME, next_weekly, read_clock, zone
from bot.ui.buttons import managed_server
from bot.ui.participation import NO_AUTO_JOIN

_MOST = 5
"""Most weekly picks of one server."""


@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.default_permissions(manage_guild=True)
class ScheduleCog(commands.GroupCog, name="schedule", description="A weekly pick for this server"):
    """Commands for weekly picks, for moderators."""

    @app_commands.command(extras={NO_AUTO_JOIN: True})
    @app_commands.describe(
        day="The day of the week",
        time="The time in this server's time zone, such as 20:00 or 8pm",
        channel="Where (default: this channel)",
    )
    async def set(
        self,
        interaction: Interaction,
        day: Day,
        time: Range[str, 1, 10],
        channel: discord.TextChannel | None = None,
    ) -> None:
        """Post picks for this server every week."""
        guild_id, at = managed_server(interaction), read_clock(time)
        await interaction.response.defer(ephemeral=True)
        where = channel or interaction.channel
        if interaction.guild is None or not isinstance(where, discord.TextChannel):
            raise MemberError("I post weekly picks only in text channels. Choose one with `channel:`.")
        channel_for_picks(interaction.guild, where.id)
        zone_name, weekday = await _zone_name(interaction.client, guild_id), DAYS.index(day)
        next_at = next_weekly(weekday, at.hour, at.minute, zone(zone_name), discord.utils.utcnow())
        await _keep(interaction.client, Schedule(guild_id, where.id, weekday, at, next_at))
        text = set_text(Schedule(guild_id, where.id, weekday, at, next_at), zone_name)
        await interaction.edit_original_response(content=text)

    @app_commands.command(extras={NO_AUTO_JOIN: True})
    async def show(self, interaction: Interaction) -> None:
        """See this server's weekly picks, and whether they can be posted."""
        guild_id, guild = managed_server(interaction), interaction.guild
        await interaction.response.defer(ephemeral=True)
        schedules = await interaction.client.store.schedules.of_guild(guild_id)
        found = {one.channel_id: guild and what_is_wrong(guild, one.channel_id) for one in schedules}
        wrong = {channel_id: sentence for channel_id, sentence in found.items() if sentence}
        text = schedules_text(schedules, await _zone_name(interaction.client, guild_id), wrong)
        await interaction.edit_original_response(content=text)

    @app_commands.command(extras={NO_AUTO_JOIN: True})
    @app_commands.describe(channel="The channel whose weekly pick ends, if there are several")
    async def stop(self, interaction: Interaction, channel: Range[str, 1, 100] | None = None) -> None:
        """Stop posting a weekly pick."""
        guild_id = managed_server(interaction)
        await interaction.response.defer(ephemeral=True)
        channels = [one.channel_id for one in await interaction.client.store.schedules.of_guild(guild_id)]
        chosen = [one for one in channels if channel is None or channel in (str(one), f"<#{one}>")]
        if not chosen:
            raise MemberError("There is no such weekly pick. `/schedule show` lists them.")
        if len(chosen) > 1:
            raise MemberError("There are several weekly picks here. Choose one with `channel:`.")
        await interaction.client.store.schedules.stop(guild_id, chosen[0])
        await interaction.edit_original_response(content=f"Stopped: no more weekly picks in <#{chosen[0]}>.")

    @stop.autocomplete("channel")
    async def _channels(self, interaction: Interaction, _typed: str) -> list[app_commands.Choice[str]]:
        # Not a menu of the server's channels: members must be able to end a pick whose channel is gone.
        guild_id, guild = managed_server(interaction), interaction.guild
        schedules = await interaction.client.store.schedules.of_guild(guild_id)
        return [
            app_commands.Choice(
                name=choice_name(one, getattr(guild and guild.get_channel(one.channel_id), "name", None)),
                value=str(one.channel_id),
            )
            for one in schedules
        ]


async def _zone_name(client: HakkenBot, guild_id: int) -> str:
    return (await client.store.guild_settings.of_guild(guild_id)).time_zone or UTC_NAME


async def _keep(client: HakkenBot, schedule: Schedule) -> None:
    store = client.store.schedules
    others = [one for one in await store.of_guild(schedule.guild_id) if one.channel_id != schedule.channel_id]
    if len(others) >= _MOST:
        raise MemberError(f"A server can have {_MOST} weekly picks. Stop one with `/schedule stop` first.")
    await store.set(schedule.guild_id, schedule.channel_id, schedule.weekday, schedule.at, schedule.next_at)
    client.dispatch(SCHEDULES_CHANGED)
