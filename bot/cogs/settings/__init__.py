"""`/settings`: how the bot works in a server."""

from bot.client import HakkenBot
from bot.cogs.settings.cog import SettingsCog
from bot.cogs.settings.menus import SETTING_ITEMS


async def setup(bot: HakkenBot) -> None:
    """Add the cog, and register the items that must work after a restart."""
    bot.add_dynamic_items(*SETTING_ITEMS)
    await bot.add_cog(SettingsCog())
