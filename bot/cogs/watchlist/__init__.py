"""`/watchlist` and `/preferences`: what a member and their server plan, to be seen and taken back."""

from bot.client import HakkenBot
from bot.cogs.watchlist.cog import Watchlist
from bot.cogs.watchlist.preferences import Preferring
from bot.cogs.watchlist.server import SERVER_ITEMS
from bot.cogs.watchlist.views import WATCHLIST_ITEMS


async def setup(bot: HakkenBot) -> None:
    """Add the cogs and what they must answer after a restart."""
    bot.add_dynamic_items(*WATCHLIST_ITEMS, *SERVER_ITEMS)
    for cog in (Watchlist, Preferring):
        await bot.add_cog(cog(bot))
