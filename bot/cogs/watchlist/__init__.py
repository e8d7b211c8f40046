"""`/watchlist`: the lists of a member, and of their server, of anime to watch."""

from bot.client import HakkenBot
from bot.cogs.watchlist.cog import WatchlistCog
from bot.cogs.watchlist.member_list import WATCHLIST_ITEMS
from bot.cogs.watchlist.server import SERVER_ITEMS


async def setup(bot: HakkenBot) -> None:
    """Add the cog, and register the items that must work after a restart."""
    bot.add_dynamic_items(*WATCHLIST_ITEMS, *SERVER_ITEMS)
    await bot.add_cog(WatchlistCog())
