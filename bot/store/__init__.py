"""The database: what members told the bot. It knows no Discord; moments and ids come from the caller."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.answers import Answer, AnswerStore
from bot.store.changes import Change, Origin
from bot.store.covers import CoverStore
from bot.store.crowd import Activity, Crowd, CrowdStore
from bot.store.database import Database
from bot.store.departures import GRACE, DepartureStore
from bot.store.entries import Entry, EntryStore, Status
from bot.store.errors import StoreError
from bot.store.everything import EverythingStore
from bot.store.feedback import DismissReason, Feedback, FeedbackKind, FeedbackStore, Kept
from bot.store.gatherings import Gathering, GatheringStore
from bot.store.history import HistoryStore, Watched
from bot.store.imports import ImportStore, Taken, Undone
from bot.store.interviews import Interview, InterviewStore
from bot.store.known import KnownStore
from bot.store.ledger import Forecast, LedgerStore
from bot.store.links import Link, LinkState, LinkStore, Site
from bot.store.participants import ParticipantStore, Participation
from bot.store.parties import Ballot, Contender, Party, PartyStore, Sending, Stage
from bot.store.pending import Pending
from bot.store.plans import PlanStore
from bot.store.preferences import Preferences, PreferenceStore, Titles
from bot.store.privacy import PrivacyStore, Switches
from bot.store.ratings import Rated, RatingStore
from bot.store.schedules import Schedule, ScheduleStore
from bot.store.server_list import MOST_ENTRIES, Added, ListEntry, ServerListStore, TakenOff, Vote
from bot.store.servers import ServerSettings, ServerStore

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


@dataclass(frozen=True, slots=True)
class Store:
    """All that is kept, by kind."""

    database: Database
    ratings: RatingStore
    participants: ParticipantStore
    answers: AnswerStore
    feedback: FeedbackStore
    preferences: PreferenceStore
    covers: CoverStore
    interviews: InterviewStore
    entries: EntryStore
    imports: ImportStore
    links: LinkStore
    privacy: PrivacyStore
    servers: ServerStore
    schedules: ScheduleStore
    plans: PlanStore
    history: HistoryStore
    parties: PartyStore
    ledger: LedgerStore
    server_list: ServerListStore
    departures: DepartureStore
    everything: EverythingStore
    crowd: CrowdStore
    known: KnownStore
    gatherings: GatheringStore

    @classmethod
    async def open(cls, url: str) -> Store:
        """Open the database and bring it up to date.

        Raises:
            StoreError: see `Database.open`.
        """
        database = await Database.open(url)
        return cls(
            database,
            RatingStore(database),
            ParticipantStore(database),
            AnswerStore(database),
            FeedbackStore(database),
            PreferenceStore(database),
            CoverStore(database),
            InterviewStore(database),
            EntryStore(database),
            ImportStore(database),
            LinkStore(database),
            PrivacyStore(database),
            ServerStore(database),
            ScheduleStore(database),
            PlanStore(database),
            HistoryStore(database),
            PartyStore(database),
            LedgerStore(database),
            ServerListStore(database),
            DepartureStore(database),
            EverythingStore(database),
            CrowdStore(database),
            KnownStore(database),
            GatheringStore(database),
        )

    async def close(self) -> None:
        """Close the database."""
        await self.database.close()
