"""`/suggest`: picks for several members, which others can join."""

from bot.client import HakkenBot
from bot.cogs.suggest.cog import SuggestCog
from bot.cogs.suggest.join_button import JoinButton
from bot.cogs.suggest.message import begin_suggestion, shown, suggestion_view
from bot.cogs.suggest.picking import Suggested, suggestion_for
from bot.cogs.suggest.refresh import RefreshCog
from bot.cogs.suggest.request import Ask

__all__ = ["Ask", "Suggested", "begin_suggestion", "shown", "suggestion_for", "suggestion_view"]


async def setup(bot: HakkenBot) -> None:
    """Add the cogs, and register the buttons that must work after a restart."""
    bot.add_dynamic_items(JoinButton)
    for cog in (SuggestCog, RefreshCog):
        await bot.add_cog(cog(bot))
