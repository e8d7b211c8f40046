"""`/export`, `/forget-me` and `/privacy`, and the loops that delete expired data."""

from bot.client import HakkenBot
from bot.cogs.privacy.cog import PrivacyCog
from bot.cogs.privacy.departed_guilds import DepartedGuildsLoop
from bot.cogs.privacy.expiry import ExpiryLoop
from bot.cogs.privacy.forget_me import ForgetButton, KeepButton
from bot.cogs.privacy.switches import SwitchButton
from bot.cogs.privacy.wiping import WipingLoop


async def setup(bot: HakkenBot) -> None:
    """Add the cogs, and register the items that must work after a restart."""
    bot.add_dynamic_items(ForgetButton, KeepButton, SwitchButton)
    await bot.add_cog(PrivacyCog())
    for loop in (DepartedGuildsLoop, ExpiryLoop, WipingLoop):
        await bot.add_cog(loop(bot))
