"""Hakken on Discord: turns interactions into recommender calls, and results into embeds."""

from discord.ext.commands import AutoShardedBot

from bot.client import HakkenBot
from bot.settings import Settings

__all__ = ["Settings", "create_bot"]


def create_bot(settings: Settings) -> AutoShardedBot:
    """Create the bot without connecting; it opens the model and the database at login."""
    return HakkenBot(settings)
