"""`/suggest`: picks for several members, which others can join."""

from bot.client import HakkenBot
from bot.cogs.suggest.cog import SuggestCog
from bot.cogs.suggest.join_button import JoinButton
from bot.cogs.suggest.refresh import RefreshCog


async def setup(bot: HakkenBot) -> None:
    """Add the cogs, and register the buttons that must work after a restart."""
    bot.add_dynamic_items(JoinButton)
    await bot.add_cog(SuggestCog())
    await bot.add_cog(RefreshCog())
