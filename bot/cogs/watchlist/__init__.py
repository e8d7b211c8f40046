"""`/watchlist`: what a member and their server plan to watch."""

from bot.client import HakkenBot
from bot.cogs.watchlist.cog import WatchlistCog
from bot.cogs.watchlist.server import SERVER_ITEMS
from bot.cogs.watchlist.views import WATCHLIST_ITEMS


async def setup(bot: HakkenBot) -> None:
    """Add the cog and what they must answer after a restart."""
    bot.add_dynamic_items(*WATCHLIST_ITEMS, *SERVER_ITEMS)
    await bot.add_cog(WatchlistCog(bot))
