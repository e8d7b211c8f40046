"""The database: what members told the bot. It knows no Discord; moments and ids come from the caller."""

from __future__ import annotations

from bot.store.covers import CoverStore
from bot.store.database import Database
from bot.store.departed_guilds import GRACE, DepartureStore
from bot.store.errors import StoreError
from bot.store.feedback import DismissReason, Feedback, FeedbackKind, FeedbackStore, Kept
from bot.store.guild_settings import ServerSettings, ServerStore
from bot.store.import_changes import Change, Origin
from bot.store.imports import ImportStore, Taken, Undone
from bot.store.interviews import Interview, InterviewStore
from bot.store.ledger import Forecast, LedgerStore
from bot.store.links import Link, LinkState, LinkStore, Site
from bot.store.list_entries import Entry, EntryStore, Status
from bot.store.pages import Answer, AnswerStore
from bot.store.participants import ParticipantStore, Participation
from bot.store.parties import Ballot, Contender, Party, PartyStore, Sending, Stage
from bot.store.pending_imports import Pending
from bot.store.personal_data import EverythingStore
from bot.store.plans import PlanStore
from bot.store.preferences import Preferences, PreferenceStore, Titles
from bot.store.privacy import PrivacyStore, Switches
from bot.store.profiles import KnownStore
from bot.store.ratings import Rated, RatingStore
from bot.store.schedules import Schedule, ScheduleStore
from bot.store.server_list import MOST_ENTRIES, Added, ListEntry, ServerListStore, TakenOff, Vote
from bot.store.server_stats import Activity, Crowd, CrowdStore
from bot.store.suggestions import Gathering, GatheringStore
from bot.store.watch_history import HistoryStore, Watched

__all__ = [
    "GRACE",
    "MOST_ENTRIES",
    "Activity",
    "Added",
    "Answer",
    "Ballot",
    "Change",
    "Contender",
    "CoverStore",
    "Crowd",
    "Database",
    "DismissReason",
    "Entry",
    "Feedback",
    "FeedbackKind",
    "Forecast",
    "Gathering",
    "Interview",
    "Kept",
    "Link",
    "LinkState",
    "ListEntry",
    "Origin",
    "Participation",
    "Party",
    "Pending",
    "Preferences",
    "Rated",
    "Schedule",
    "Sending",
    "ServerSettings",
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
    """All that is kept, by kind."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.ratings = RatingStore(database)
        self.participants = ParticipantStore(database)
        self.answers = AnswerStore(database)
        self.feedback = FeedbackStore(database)
        self.preferences = PreferenceStore(database)
        self.covers = CoverStore(database)
        self.interviews = InterviewStore(database)
        self.entries = EntryStore(database)
        self.imports = ImportStore(database)
        self.links = LinkStore(database)
        self.privacy = PrivacyStore(database)
        self.servers = ServerStore(database)
        self.schedules = ScheduleStore(database)
        self.plans = PlanStore(database)
        self.history = HistoryStore(database)
        self.parties = PartyStore(database)
        self.ledger = LedgerStore(database)
        self.server_list = ServerListStore(database)
        self.departures = DepartureStore(database)
        self.everything = EverythingStore(database)
        self.crowd = CrowdStore(database)
        self.known = KnownStore(database)
        self.gatherings = GatheringStore(database)

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
