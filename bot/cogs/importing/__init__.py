"""`/import` and `/undo`: preview a member's list from another site, take it, and take it back."""

from bot.client import HakkenBot
from bot.cogs.importing.cog import ImportCog
from bot.cogs.importing.preview import IMPORT_ITEMS
from bot.cogs.importing.undoing import UNDO_ITEMS


async def setup(bot: HakkenBot) -> None:
    """Add the cog, and register the items that must work after a restart."""
    bot.add_dynamic_items(*IMPORT_ITEMS, *UNDO_ITEMS)
    await bot.add_cog(ImportCog())
