"""The bot: opens its resources at startup, loads the features, closes everything at shutdown."""

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
from bot.sites.cover_checks import CoverChecks, CoverHosts
from bot.sites.covers import Covers
from bot.store import Store

log = logging.getLogger(__name__)

_FILES_AT_ONCE = 2
_FILE_PATIENCE = 30.0
"""Seconds that a member waits for a free slot before getting a 'busy' error."""

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
    """The slash commands, with one error handler for all of them.

    By default a command concerns only the member who uses it, so it works everywhere, also for members who
    installed the bot for themselves. A command that concerns a server declares that.
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
        """Return whether the member and the server are within their limits; if not, answer with the error."""
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
        """Handle every error that a command raises."""
        await answer_error(interaction, error)
        self.client.dispatch("app_command_failed", interaction)


class HakkenBot(commands.AutoShardedBot):
    """Hakken on Discord: slash commands only, no privileged intent."""

    store: Store
    recommender: RecommenderService
    covers: Covers
    cover_checks: CoverChecks

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
        """Slots for reading list files; each file may take 200 MB for some seconds."""
        self.anilist = AniList()
        self.cover_hosts = CoverHosts()
        self.myanimelist = MyAnimeListLists(settings.mal_client_id)

    async def login(self, token: str) -> None:
        """Open the model and the database, then log in: what cannot be opened is said without Discord.

        Raises:
            ArtefactError: no model, or a damaged one.
            StoreError: the database cannot be opened.
        """
        settings = self.settings
        self.recommender = await RecommenderService.open(
            settings.model_dir,
            min_raters=settings.min_raters,
            workers=settings.workers,
        )
        self.store = await Store.open(settings.database_url)
        await super().login(token)

    async def setup_hook(self) -> None:
        """Load the features, then register the commands with Discord."""
        self.cover_checks = CoverChecks(self.store.failed_covers, self.cover_hosts)
        self.covers = Covers(self.store.covers, self.anilist, self.cover_checks)
        if self.settings.check_covers:
            await self.cover_checks.start()
        if self.settings.anilist_covers:
            self.covers.start()
        for cog in COGS:
            await self.load_extension(cog)
        await self.tree.sync()
        # The model, the catalogue and the title index stay in memory. Scanning them at every garbage
        # collection would keep members waiting.
        gc.freeze()
        log.info("ready with %s anime", len(self.recommender.catalogue))

    async def close(self) -> None:
        """Disconnect from Discord, then close everything that was opened."""
        await super().close()
        if hasattr(self, "recommender"):
            self.recommender.close()
        if hasattr(self, "covers"):
            await self.covers.close()
            await self.cover_checks.close()
        await self.anilist.close()
        await self.myanimelist.close()
        if hasattr(self, "store"):
            await self.store.close()


Interaction = discord.Interaction[HakkenBot]
"""The type of interaction that every command and button of this bot gets."""
