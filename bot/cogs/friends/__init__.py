"""`/compare` and `/lend` between two who allow it, and `/server` for what all of a server like."""

from __future__ import annotations

from bot.client import HakkenBot
from bot.cogs.friends.cog import Friends
from bot.cogs.friends.crowd import Crowd
from bot.cogs.friends.easel import Easel


async def setup(bot: HakkenBot) -> None:
    """Add the cogs; they draw at one easel."""
    easel = Easel()
    await bot.add_cog(Friends(bot, easel))
    await bot.add_cog(Crowd(bot, easel))
