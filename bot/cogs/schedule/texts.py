"""What is said of weekly picks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from discord.utils import format_dt

from bot.store import Schedule
from bot.ui.embeds import clip
from bot.ui.titles import CHOICE_LIMIT

Day = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
DAYS: tuple[Day, ...] = get_args(Day)
"""By weekday as Python numbers them."""
NONE_SET = "No weekly pick is set. `/schedule set` has me post one."
TOO_LATE = "I was away at that time, and for more than 12 hours after it."
NO_CHANNEL = "The channel is gone. Choose another with `/schedule set`."


def lacking_text(lacking: Sequence[str]) -> str:
    """What the bot must be allowed in a channel before it can post there."""
    return f"I need {', '.join(lacking)} there. Allow me that in the channel's permissions."


def set_text(schedule: Schedule, zone_name: str) -> str:
    """What was set, and how to change the clock that it goes by."""
    return (
        f"Set: {_when(schedule, zone_name)}, first {format_dt(schedule.next_at, 'F')}. "
        "`/settings` changes the time zone, and `/schedule stop` ends it."
    )


def schedules_text(schedules: Sequence[Schedule], zone_name: str, wrong: Mapping[int, str]) -> str:
    """A server's weekly picks, what became of the last ones, and what will keep the next from being posted.

    Args:
        schedules: the server's.
        zone_name: of its clock.
        wrong: by channel, what must be put right; channels where all is well are left out.
    """
    if not schedules:
        return NONE_SET
    return "\n".join(_told(one, zone_name, wrong.get(one.channel_id)) for one in schedules)


def choice_name(schedule: Schedule, channel_name: str | None) -> str:
    """A weekly pick as a choice; None: its channel is gone."""
    where = "a deleted channel" if channel_name is None else f"#{channel_name}"
    return clip(f"{DAYS[schedule.weekday]}s at {schedule.at:%H:%M} in {where}", CHOICE_LIMIT)


def _told(schedule: Schedule, zone_name: str, wrong: str | None) -> str:
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
