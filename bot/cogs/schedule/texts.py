"""Texts about weekly picks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from discord.utils import format_dt

from bot.store import Schedule
from bot.ui.embeds import clip
from bot.ui.titles import CHOICE_LIMIT

Day = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
DAYS: tuple[Day, ...] = get_args(Day)
"""Ordered as Python numbers weekdays."""
NONE_SET = "No weekly pick is set. `/schedule set` has me post one."
TOO_LATE = "I was away at that time, and for more than 12 hours after it."
NO_CHANNEL = "The channel is gone. Choose another with `/schedule set`."


def lacking_text(lacking: Sequence[str]) -> str:
    """Say which permissions the bot needs in a channel to post there."""
    return f"I need {', '.join(lacking)} there. Allow me that in the channel's permissions."


def set_text(schedule: Schedule, zone_name: str) -> str:
    """Say what was set, and how to change its time zone."""
    return (
        f"Set: {_when(schedule, zone_name)}, first {format_dt(schedule.next_at, 'F')}. "
        "`/settings` changes the time zone, and `/schedule stop` ends it."
    )


def schedules_text(schedules: Sequence[Schedule], zone_name: str, wrong: Mapping[int, str]) -> str:
    """List a server's weekly picks, the results of the last ones, and what would stop the next ones.

    Args:
        schedules: the server's.
        zone_name: the server's time zone.
        wrong: what must be fixed, by channel; channels without problems are missing.
    """
    if not schedules:
        return NONE_SET
    return "\n".join(_described(one, zone_name, wrong.get(one.channel_id)) for one in schedules)


def choice_name(schedule: Schedule, channel_name: str | None) -> str:
    """Name a weekly pick as a choice; None means that its channel is gone."""
    where = "a deleted channel" if channel_name is None else f"#{channel_name}"
    return clip(f"{DAYS[schedule.weekday]}s at {schedule.at:%H:%M} in {where}", CHOICE_LIMIT)


def _described(schedule: Schedule, zone_name: str, wrong: str | None) -> str:
    lines = [f"**{_when(schedule, zone_name)}**, next {format_dt(schedule.next_at, 'F')}"]
    posted, skipped = schedule.posted_at, schedule.skipped_at
    if posted is not None:
        lines.append(f"Last posted {format_dt(posted, 'R')}.")
    if skipped is not None and (posted is None or skipped > posted):
        lines.append(f"Skipped {format_dt(skipped, 'R')}: {schedule.why_skipped}")
    if wrong is not None:
        lines.append(f"⚠️ {wrong}")
    return "\n".join(lines)


def _when(schedule: Schedule, zone_name: str) -> str:
    return f"{DAYS[schedule.weekday]}s at {schedule.at:%H:%M} ({zone_name}) in <#{schedule.channel_id}>"
