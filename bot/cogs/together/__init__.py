"""What several members should watch together: `/suggest`, and the picks that members can join."""

from bot.client import HakkenBot
from bot.cogs.together.ask import Ask
from bot.cogs.together.cog import Together
from bot.cogs.together.joining import JoinButton
from bot.cogs.together.picking import Suggested, suggestion_for
from bot.cogs.together.posting import begin_gathering, gathering_view, shown
from bot.cogs.together.repicking import Repicking

__all__ = ["Ask", "Suggested", "begin_gathering", "gathering_view", "shown", "suggestion_for"]


async def setup(bot: HakkenBot) -> None:
    """Add the cogs and what they must answer after a restart."""
    bot.add_dynamic_items(JoinButton)
    for cog in (Together, Repicking):
        await bot.add_cog(cog(bot))
