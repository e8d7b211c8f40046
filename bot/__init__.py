"""Hakken on Discord: turns interactions into calls of the recommender, and answers into embeds."""

from discord.ext.commands import AutoShardedBot

from bot.client import HakkenBot
from bot.settings import Settings

__all__ = ["Settings", "create_bot"]


def create_bot(settings: Settings) -> AutoShardedBot:
    """Build the bot without connecting; it opens the model and the database when it logs in."""
    return HakkenBot(settings)
