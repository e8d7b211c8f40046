"""The bot itself: what it opens at the start, which features it has, what it closes at the end."""

from __future__ import annotations

import gc
import logging

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import MemberError, answer_error
from bot.limits import Limits
from bot.lists import Slots, crowded
from bot.recommender import RecommenderService
from bot.settings import Settings
from bot.sites import AniList, MyAnimeListLists
from bot.sites.covers import Covers
from bot.store import Store

log = logging.getLogger(__name__)

_FILES_AT_ONCE = 2
_FILE_PATIENCE = 30.0
"""Seconds until a member is told that others' files take too long."""

COGS = (
    "bot.cogs.anime",
    "bot.cogs.importing",
    "bot.cogs.link",
    "bot.cogs.participation",
    "bot.cogs.preferences",
    "bot.cogs.privacy",
    "bot.cogs.ratings",
    "bot.cogs.recommend",
    "bot.cogs.schedule",
    "bot.cogs.settings",
    "bot.cogs.start",
    "bot.cogs.suggest",
    "bot.cogs.taste",
    "bot.cogs.watchlist",
    "bot.cogs.watchparty",
)


class HakkenTree(app_commands.CommandTree["HakkenBot"]):
    """The slash commands, with the one error handler.

    They concern only the member who asks, and so work everywhere and for whomever installed the bot to
    themselves; a command that concerns a server says so.
    """

    def __init__(self, client: HakkenBot) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def interaction_check(self, interaction: discord.Interaction[HakkenBot], /) -> bool:
        """Whether it is within the member's and the server's limits; if not, they are told so."""
        limits, user_id, now = self.client.limits, interaction.user.id, discord.utils.utcnow()
        if interaction.type is discord.InteractionType.autocomplete:
            return limits.lookup(user_id, at=now)
        try:
            limits.command(user_id, interaction.guild_id, at=now)
        except MemberError as error:
            await answer_error(interaction, error)
            return False
        return True

    async def on_error(
        self, interaction: discord.Interaction[HakkenBot], error: app_commands.AppCommandError, /
    ) -> None:
        """Whatever a command lets out ends here."""
        await answer_error(interaction, error)
        self.client.dispatch("app_command_failed", interaction)


class HakkenBot(commands.AutoShardedBot):
    """Hakken on Discord: slash commands only, no privileged intent."""

    store: Store
    recommender: RecommenderService
    covers: Covers

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=HakkenTree,
            intents=discord.Intents(guilds=True, voice_states=True),
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            shard_count=settings.shard_count,
        )
        self.settings = settings
        self.limits = Limits(
            commands=settings.commands_per_minute,
            server_commands=settings.server_commands_per_minute,
            imports=settings.imports_per_hour,
        )
        self.reading = Slots(_FILES_AT_ONCE, _FILE_PATIENCE, crowded)
        """Where list files are read; each may take 200 MB for some seconds."""
        self.anilist = AniList()
        self.myanimelist = MyAnimeListLists(settings.mal_client_id)

    async def setup_hook(self) -> None:
        """Open the model and the database, then tell Discord the commands.

        Raises:
            ArtefactError: no model, or a damaged one.
            StoreError: the database cannot be opened.
        """
        told = self.settings
        self.recommender = await RecommenderService.open(
            told.model_dir,
            min_raters=told.min_raters,
            workers=told.workers,
        )
        self.store = await Store.open(told.database_url)
        self.covers = Covers(self.store.covers, self.anilist)
        if told.anilist_covers:
            self.covers.start()
        for cog in COGS:
            await self.load_extension(cog)
        await self.tree.sync()
        # The model, the catalogue and the title index stay: looking through them for garbage again and again
        # would keep members waiting.
        gc.freeze()
        log.info("ready with %s anime", len(self.recommender.catalogue))

    async def close(self) -> None:
        """Leave Discord, then close what `setup_hook` opened."""
        await super().close()
        if hasattr(self, "recommender"):
            self.recommender.close()
        if hasattr(self, "covers"):
            await self.covers.close()
        await self.anilist.close()
        await self.myanimelist.close()
        if hasattr(self, "store"):
            await self.store.close()


Interaction = discord.Interaction[HakkenBot]
"""What every command and button of this bot is handed."""
