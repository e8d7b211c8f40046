"""Stores paged answers while their buttons work."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import TableStore
from bot.store.members import ensure_member
from bot.store.tables import answers

_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class PagedAnswer:
    """An answer that can still be paged."""

    answer_id: str
    user_id: int
    """The member who asked."""
    kind: str
    body: dict[str, Any]
    expires_at: datetime


class AnswerStore(TableStore):
    """Paged answers by a random id that cannot be guessed."""

    async def keep(
        self, user_id: int, kind: str, body: Mapping[str, Any], *, at: datetime, expires_at: datetime
    ) -> str:
        """Store an answer until it expires, and delete expired ones; return its id."""
        answer_id = secrets.token_urlsafe(_ID_BYTES)
        async with self._database.begin() as connection:
            await _drop_expired(connection, at)
            await ensure_member(connection, user_id, at)
            await connection.execute(
                insert(answers).values(
                    answer_id=answer_id, user_id=user_id, kind=kind, body=dict(body), expires_at=expires_at
                )
            )
        return answer_id

    async def drop_expired(self, at: datetime) -> None:
        """Delete the answers that have expired."""
        async with self._database.begin() as connection:
            await _drop_expired(connection, at)

    async def find(self, answer_id: str, *, at: datetime) -> PagedAnswer | None:
        """Return an answer; None if it is unknown or has expired."""
        query = select(
            answers.c.answer_id, answers.c.user_id, answers.c.kind, answers.c.body, answers.c.expires_at
        ).where((answers.c.answer_id == answer_id) & (answers.c.expires_at > at))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else PagedAnswer(*row)


async def _drop_expired(connection: AsyncConnection, at: datetime) -> None:
    await connection.execute(delete(answers).where(answers.c.expires_at <= at))
