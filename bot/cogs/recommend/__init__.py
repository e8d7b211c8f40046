"""Anime for one member: `/recommend`, `/continue` and `/surprise`."""

from __future__ import annotations

from bot.client import HakkenBot
from bot.cogs.recommend.cog import RecommendCog
from bot.cogs.recommend.continue_series import ContinueCog
from bot.cogs.recommend.surprise import AnotherButton, SurpriseCog
from bot.ui.feedback import FEEDBACK_ITEMS
from bot.ui.paginator import PageButton


async def setup(bot: HakkenBot) -> None:
    """Add the cogs, and register the items that must work after a restart."""
    bot.add_dynamic_items(AnotherButton, PageButton, *FEEDBACK_ITEMS)
    for cog in (RecommendCog, ContinueCog, SurpriseCog):
        await bot.add_cog(cog())
