"""`/export`, `/forget-me` and `/privacy`; and what goes by itself."""

from bot.client import HakkenBot
from bot.cogs.owning.cog import Owning
from bot.cogs.owning.departing import Departing
from bot.cogs.owning.expiring import Expiring
from bot.cogs.owning.forgetting import ForgetButton, KeepButton
from bot.cogs.owning.switching import SwitchButton


async def setup(bot: HakkenBot) -> None:
    """Add the cogs and what they must answer after a restart."""
    bot.add_dynamic_items(ForgetButton, KeepButton, SwitchButton)
    for cog in (Owning, Departing, Expiring):
        await bot.add_cog(cog(bot))
