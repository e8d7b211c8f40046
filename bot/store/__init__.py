"""The database: what members told the bot. It knows no Discord; moments and ids come from the caller."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.answers import Answer, AnswerStore
from bot.store.database import Database
from bot.store.errors import StoreError
from bot.store.participants import ParticipantStore
from bot.store.ratings import Rated, RatingStore

__all__ = ["Answer", "Database", "Rated", "Store", "StoreError"]


@dataclass(frozen=True, slots=True)
class Store:
    """All that is kept, by kind."""

    database: Database
    ratings: RatingStore
    participants: ParticipantStore
    answers: AnswerStore

    @classmethod
    async def open(cls, url: str) -> Store:
        """Open the database and bring it up to date.

        Raises:
            StoreError: see `Database.open`.
        """
        database = await Database.open(url)
        return cls(database, RatingStore(database), ParticipantStore(database), AnswerStore(database))

    async def close(self) -> None:
        """Close the database."""
        await self.database.close()
