"""`/watchlist server`: what a server wants to watch together, and what it has watched."""

from bot.cogs.watchlist.server.commands import ServerList
from bot.cogs.watchlist.server.views import SERVER_ITEMS

__all__ = ["SERVER_ITEMS", "ServerList"]
