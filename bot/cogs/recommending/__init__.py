"""Anime for one member: `/recommend`, `/continue` and `/surprise`."""

from __future__ import annotations

from bot.client import HakkenBot
from bot.cogs.recommending.continuing import Continuing
from bot.cogs.recommending.recommend import Recommending
from bot.cogs.recommending.surprising import AnotherButton, Surprising


async def setup(bot: HakkenBot) -> None:
    """Add the cogs and what they must answer after a restart."""
    bot.add_dynamic_items(AnotherButton)
    for cog in (Recommending, Continuing, Surprising):
        await bot.add_cog(cog(bot))
