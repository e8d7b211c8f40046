"""Times as people write them: time zones, weekly times across clock changes, moments in words."""

from bot.times.clock import next_weekly, read_clock
from bot.times.moments import read_moment
from bot.times.zones import UTC_NAME, find_zones, zone

__all__ = ["UTC_NAME", "find_zones", "next_weekly", "read_clock", "read_moment", "zone"]
