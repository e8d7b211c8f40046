"""The database of members' and servers' data. It does not use Discord; times and ids come from the caller."""

from __future__ import annotations

from bot.store.asker import Asker, AskerStore
from bot.store.covers import CoverStore
from bot.store.database import Database
from bot.store.departed_guilds import GRACE, DepartedGuildStore
from bot.store.errors import StoreError
from bot.store.failed_covers import FailedCoverStore
from bot.store.feedback import DismissReason, Feedback, FeedbackKind, FeedbackSets, FeedbackStore
from bot.store.guild_settings import GuildSettings, GuildSettingsStore
from bot.store.import_changes import Change, Origin
from bot.store.imports import ImportStore, Taken, Undone
from bot.store.interviews import Interview, InterviewStore
from bot.store.ledger import Forecast, LedgerStore, PartyResult
from bot.store.links import Link, LinkState, LinkStore, Site
from bot.store.list_entries import Entry, ListEntryStore, Status
from bot.store.pages import AnswerStore, PagedAnswer
from bot.store.participants import ParticipantStore, Participation, Roster
from bot.store.parties import Ballot, Contender, Party, PartyStore, Sending, Stage
from bot.store.pending_imports import Pending
from bot.store.personal_data import PersonalDataStore
from bot.store.plans import PlanStore
from bot.store.preferences import Preferences, PreferenceStore, Titles
from bot.store.privacy import PrivacyStore, Switches
from bot.store.profiles import MemberProfile, ProfileStore
from bot.store.published_means import PublishedMean, PublishedMeanStore
from bot.store.ratings import Rated, RatingStore
from bot.store.schedules import Schedule, ScheduleStore
from bot.store.server_list import MOST_ENTRIES, Added, ServerListEntry, ServerListStore, TakenOff, Vote
from bot.store.server_stats import Activity, ServerStatsStore
from bot.store.suggestions import KeptSuggestion, SuggestionStore
from bot.store.watch_history import Watched, WatchHistoryStore

__all__ = [
    "GRACE",
    "MOST_ENTRIES",
    "Activity",
    "Added",
    "Asker",
    "Ballot",
    "Change",
    "Contender",
    "CoverStore",
    "Database",
    "DismissReason",
    "Entry",
    "FailedCoverStore",
    "Feedback",
    "FeedbackKind",
    "FeedbackSets",
    "Forecast",
    "GuildSettings",
    "Interview",
    "KeptSuggestion",
    "Link",
    "LinkState",
    "MemberProfile",
    "Origin",
    "PagedAnswer",
    "Participation",
    "Party",
    "PartyResult",
    "Pending",
    "Preferences",
    "PublishedMean",
    "Rated",
    "Roster",
    "Schedule",
    "Sending",
    "ServerListEntry",
    "Site",
    "Stage",
    "Status",
    "Store",
    "StoreError",
    "Switches",
    "Taken",
    "TakenOff",
    "Titles",
    "Undone",
    "Vote",
    "Watched",
]


class Store:
    """All stores, one for each kind of data."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.ratings = RatingStore(database)
        self.participants = ParticipantStore(database)
        self.answers = AnswerStore(database)
        self.askers = AskerStore(database)
        self.feedback = FeedbackStore(database)
        self.preferences = PreferenceStore(database)
        self.covers = CoverStore(database)
        self.failed_covers = FailedCoverStore(database)
        self.interviews = InterviewStore(database)
        self.list_entries = ListEntryStore(database)
        self.imports = ImportStore(database)
        self.links = LinkStore(database)
        self.privacy = PrivacyStore(database)
        self.guild_settings = GuildSettingsStore(database)
        self.schedules = ScheduleStore(database)
        self.plans = PlanStore(database)
        self.watch_history = WatchHistoryStore(database)
        self.parties = PartyStore(database)
        self.ledger = LedgerStore(database)
        self.server_list = ServerListStore(database)
        self.departed_guilds = DepartedGuildStore(database)
        self.personal_data = PersonalDataStore(database)
        self.published_means = PublishedMeanStore(database)
        self.server_stats = ServerStatsStore(database)
        self.profiles = ProfileStore(database)
        self.suggestions = SuggestionStore(database)

    @classmethod
    async def open(cls, url: str) -> Store:
        """Open the database and bring it up to date.

        Raises:
            StoreError: see `Database.open`.
        """
        return cls(await Database.open(url))

    async def close(self) -> None:
        """Close the database."""
        await self.database.close()
