"""`/watchparty` and `/fairness`: a group votes, plans, watches and rates; a ledger keeps it fair."""

from bot.client import HakkenBot
from bot.cogs.watchparty.buttons import AbsentButton, BeginButton, HostButton, ScoreButton
from bot.cogs.watchparty.cog import WatchPartyCog
from bot.cogs.watchparty.fairness import ResetButton
from bot.cogs.watchparty.loop import WatchPartyLoop


async def setup(bot: HakkenBot) -> None:
    """Add the cogs, and register the buttons that must work after a restart."""
    bot.add_dynamic_items(BeginButton, HostButton, ScoreButton, AbsentButton, ResetButton)
    await bot.add_cog(WatchPartyCog())
    await bot.add_cog(WatchPartyLoop(bot))
