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
NONE_SET = "There is no weekly pick yet. `/schedule set` adds one."
TOO_LATE = "I was offline then, and for more than 12 hours after."
NO_CHANNEL = "The channel is gone. Choose another with `/schedule set`."


def lacking_text(lacking: Sequence[str]) -> str:
    """Say which permissions the bot needs in a channel to post there."""
    return f"I need these permissions there: {', '.join(lacking)}. Allow them in the channel's settings."


def set_text(schedule: Schedule, zone_name: str) -> str:
    """Say what was set, and how to change its time zone."""
    day, first = DAYS[schedule.weekday], format_dt(schedule.next_at, "F")
    return (
        f"I will post picks every {day} at {schedule.at:%H:%M} ({zone_name}) in <#{schedule.channel_id}>, "
        f"for the first time on {first}. `/settings` changes the time zone. `/schedule stop` ends it."
    )


def schedules_text(schedules: Sequence[Schedule], zone_name: str, wrong: Mapping[int, str]) -> str:
    """List a server's weekly picks, the results of the last ones, and what is wrong in which channel."""
    if not schedules:
        return NONE_SET
    return "\n".join(_described(one, zone_name, wrong.get(one.channel_id)) for one in schedules)


def choice_name(schedule: Schedule, channel_name: str | None) -> str:
    """Name a weekly pick as a choice; None means that its channel is gone."""
    day, time = DAYS[schedule.weekday], f"{schedule.at:%H:%M}"
    if channel_name is None:
        return f"Every {day} at {time} in a deleted channel"
    return clip(f"Every {day} at {time} in #{channel_name}", CHOICE_LIMIT)


def _described(schedule: Schedule, zone_name: str, wrong: str | None) -> str:
    day, time, next_time = DAYS[schedule.weekday], f"{schedule.at:%H:%M}", format_dt(schedule.next_at, "F")
    lines = [f"**Every {day} at {time} ({zone_name}) in <#{schedule.channel_id}>**, next on {next_time}"]
    posted, skipped = schedule.posted_at, schedule.skipped_at
    if posted is not None:
        lines.append(f"Last posted {format_dt(posted, 'R')}.")
    if skipped is not None and (posted is None or skipped > posted):
        lines.append(f"Skipped {format_dt(skipped, 'R')}: {schedule.why_skipped}")
    if wrong is not None:
        lines.append(f"⚠️ {wrong}")
    return "\n".join(lines)
