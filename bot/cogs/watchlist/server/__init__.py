"""`/watchlist server`: a server's list of anime to watch together, and of those it has watched."""

from bot.cogs.watchlist.server.commands import ServerList
from bot.cogs.watchlist.server.server_list import SERVER_ITEMS

__all__ = ["SERVER_ITEMS", "ServerList"]
