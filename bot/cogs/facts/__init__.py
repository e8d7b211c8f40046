"""`/similar`, `/anime` and `/why`: what is known of one anime, and why it is recommended or not."""

import asyncio

from bot.client import HakkenBot
from bot.cogs.facts.cog import Facts
from hakken.watch_order import WatchOrder


async def setup(bot: HakkenBot) -> None:
    """Add the cog."""
    # A second's work for the whole of MyAnimeList: Discord is not kept waiting.
    order = await asyncio.to_thread(WatchOrder, bot.recommender.catalogue)
    await bot.add_cog(Facts(bot, order))
