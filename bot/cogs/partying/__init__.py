"""Evenings: a group votes, plans, watches and rates; a ledger keeps them fair."""

from bot.client import HakkenBot
from bot.cogs.partying.buttons import BeginButton, HostButton
from bot.cogs.partying.cog import Partying
from bot.cogs.partying.evenings import Evenings
from bot.cogs.partying.rating import AbsentButton, ScoreButton
from bot.cogs.partying.standing import ResetButton


async def setup(bot: HakkenBot) -> None:
    """Add the cogs and what they must answer after a restart."""
    bot.add_dynamic_items(BeginButton, HostButton, ScoreButton, AbsentButton, ResetButton)
    for cog in (Partying, Evenings):
        await bot.add_cog(cog(bot))
