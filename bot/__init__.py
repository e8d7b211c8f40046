"""Hakken on Discord: turns interactions into recommender calls, and results into embeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from discord.ext.commands import AutoShardedBot

__all__ = ["Settings", "create_bot"]


def create_bot(settings: Settings) -> AutoShardedBot:
    """Create the bot without connecting; it opens the model and the database at login."""
    # Imported only here: to migrate a database, Discord need not be loaded.
    from bot.client import HakkenBot

    return HakkenBot(settings)
