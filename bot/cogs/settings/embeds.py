"""Shows a server's settings in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import discord

from bot.store import GuildSettings, Participation
from bot.times import UTC_NAME, zone
from bot.ui.embeds import COLOUR, TITLES_IN_WORDS
from hakken.groups.aggregations import DEFAULT, FAVOURS

NO_FLOOR = 1.0
"""The lowest rating; predictions are never lower."""
_WHO_COUNTS: Mapping[Participation, str] = {
    "opt-out": "Everyone who uses me here, unless they say no.",
    "opt-in": "Only members who say yes in `/privacy`.",
}


def settings_embed(settings: GuildSettings, floor: float, now: datetime) -> discord.Embed:
    """Show the settings that apply in a server, with this misery floor if none was chosen."""
    aggregation = settings.aggregation or DEFAULT
    local = settings.time_zone or UTC_NAME
    fields = {
        "How picks are made": f"**{aggregation.capitalize()}.** {FAVOURS[aggregation]}",
        "Misery floor": _floor(floor if settings.misery_floor is None else settings.misery_floor),
        "Who counts": _WHO_COUNTS[settings.participation],
        "18+": "Only in age-restricted channels." if settings.adult else "Nowhere.",
        "Ecchi": "Only for members who rated two ecchi anime 7 or more, or who ask for the genre."
        if settings.ecchi
        else "Never recommended here.",
        "Announcements": f"In <#{settings.channel_id}>."
        if settings.channel_id
        else "Where the watch party was decided.",
        "Time zone": f"{local}. The time there is {now.astimezone(zone(local)):%H:%M}.",
        "Titles": f"{TITLES_IN_WORDS[settings.titles or 'both']}. Members can choose their own.",
    }
    embed = discord.Embed(title="How I work in this server", colour=COLOUR)
    for name, value in fields.items():
        embed.add_field(name=name, value=value, inline=False)
    return embed


def _floor(floor: float) -> str:
    if floor <= NO_FLOOR:
        return "None: nothing is left out."
    return f"Skip anime that anyone would score below **{floor:g}**, when picks avoid misery."
