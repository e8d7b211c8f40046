"""Evenings: a group votes, plans, watches and rates; a ledger keeps them fair."""

from bot.client import HakkenBot
from bot.cogs.watchparty.buttons import AbsentButton, BeginButton, HostButton, ScoreButton
from bot.cogs.watchparty.cog import Partying
from bot.cogs.watchparty.fairness import ResetButton
from bot.cogs.watchparty.loop import Evenings


async def setup(bot: HakkenBot) -> None:
    """Add the cogs and what they must answer after a restart."""
    bot.add_dynamic_items(BeginButton, HostButton, ScoreButton, AbsentButton, ResetButton)
    for cog in (Partying, Evenings):
        await bot.add_cog(cog(bot))
