"""The database: what members told the bot. It knows no Discord; moments and ids come from the caller."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.answers import Answer, AnswerStore
from bot.store.covers import CoverStore
from bot.store.database import Database
from bot.store.errors import StoreError
from bot.store.feedback import DismissReason, Feedback, FeedbackKind, FeedbackStore, Kept
from bot.store.interviews import Interview, InterviewStore
from bot.store.participants import ParticipantStore
from bot.store.preferences import Preferences, PreferenceStore, Titles
from bot.store.ratings import Rated, RatingStore

__all__ = [
    "Answer",
    "CoverStore",
    "Database",
    "DismissReason",
    "Feedback",
    "FeedbackKind",
    "Interview",
    "Kept",
    "Preferences",
    "Rated",
    "Store",
    "StoreError",
    "Titles",
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
        )

    async def close(self) -> None:
        """Close the database."""
        await self.database.close()
