"""Stores what members plan to watch, by their own feedback or by their imported lists."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CompoundSelect, Select, delete, exists, select, union_all

from bot.store.database import TableStore
from bot.store.feedback import Feedback
from bot.store.tables import feedback, list_entries, ratings


class PlanStore(TableStore):
    """Plans by member and anime. The member's own feedback or score overrides the imported list."""

    async def listed(self, user_id: int) -> list[Feedback]:
        """Return all plans of a member, the newest first; own feedback overrides the list's entry."""
        plans = _plans(user_id)
        query = plans.order_by(plans.selected_columns.given_at.desc(), plans.selected_columns.anime_id)
        async with self._database.read() as connection:
            return [
                Feedback(row.anime_id, "planned", None, row.given_at)
                for row in await connection.execute(query)
            ]

    async def drop(self, user_id: int, anime_id: int) -> bool:
        """Delete a member's plan for an anime, and return whether there was one.

        If they gave other feedback later, that and the list's entry stay.
        """
        async with self._database.begin() as connection:
            planned = {row.anime_id for row in await connection.execute(_plans(user_id))}
            if anime_id not in planned:
                return False
            await connection.execute(
                delete(feedback).where(
                    (feedback.c.user_id == user_id)
                    & (feedback.c.anime_id == anime_id)
                    & (feedback.c.kind == "planned")
                )
            )
            await connection.execute(
                delete(list_entries).where(
                    (list_entries.c.user_id == user_id)
                    & (list_entries.c.anime_id == anime_id)
                    & (list_entries.c.status == "planned")
                )
            )
        return True


def _plans(user_id: int) -> CompoundSelect[tuple[int, datetime]]:
    return union_all(_said(user_id), _on_their_list(user_id))


def _said(user_id: int) -> Select[tuple[int, datetime]]:
    return select(feedback.c.anime_id, feedback.c.given_at).where(
        (feedback.c.user_id == user_id) & (feedback.c.kind == "planned")
    )


def _on_their_list(user_id: int) -> Select[tuple[int, datetime]]:
    overrides = [
        exists().where((table.c.user_id == user_id) & (table.c.anime_id == list_entries.c.anime_id))
        for table in (feedback, ratings)
    ]
    return select(list_entries.c.anime_id, list_entries.c.updated_at.label("given_at")).where(
        (list_entries.c.user_id == user_id) & (list_entries.c.status == "planned"),
        *(~override for override in overrides),
    )
