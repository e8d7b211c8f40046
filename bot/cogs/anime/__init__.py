"""`/similar`, `/anime` and `/why`: what is known of one anime, and why it is recommended or not."""

from bot.client import HakkenBot
from bot.cogs.anime.cog import AnimeCog


async def setup(bot: HakkenBot) -> None:
    """Add the cog."""
    await bot.add_cog(AnimeCog())
