"""A database of the first version is brought up to date with all that it holds."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from alembic import command
from sqlalchemy import Connection, MetaData, select, text

from bot.store import Database, Kept, Rated, Store
from bot.store.database import migration_config

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OF_FIRST = {"members", "ratings", "participants", "answers"}
FIRST_ROWS = (
    "INSERT INTO members VALUES (1, '2026-11-24 12:00:00.000000'), (2, '2026-11-24 12:00:00.000000')",
    "INSERT INTO ratings VALUES (1, 5114, 9, 'rate', '2026-11-24 12:00:00.000000')",
    "INSERT INTO participants VALUES (7, 1, '2026-11-24 12:00:00.000000')",
    """INSERT INTO answers VALUES ('abc', 1, 'ratings', '{"rated": []}', '2026-11-25 12:00:00.000000')""",
)


def first_version(connection: Connection) -> None:
    command.upgrade(migration_config(connection), "0001")
    for row in FIRST_ROWS:
        connection.execute(text(row))


def content(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    found = MetaData()
    found.reflect(connection)
    return {
        table.name: [tuple(row) for row in connection.execute(select(table))]
        for table in found.sorted_tables
        if table.name != "alembic_version"
    }


async def make_first(url: str) -> dict[str, list[tuple[object, ...]]]:
    database = Database.connect(url)
    async with database.begin() as connection:
        await connection.run_sync(first_version)
        kept = await connection.run_sync(content)
    await database.close()
    return kept


async def test_an_upgrade_keeps_every_row_and_what_is_new_works_on_old_members(url: str) -> None:
    before = await make_first(url)
    assert set(before) == OF_FIRST
    assert all(before.values())

    store = await Store.open(url)
    async with store.database.read() as connection:
        after = await connection.run_sync(content)
    rated = await store.ratings.listed(1)
    answer = await store.answers.find("abc", at=NOW)
    await store.feedback.plan(1, 20, at=NOW)
    planned = await store.feedback.of_member(1)
    await store.close()

    grown = {"participants": [(*row, None) for row in before["participants"]]}
    assert {name: after[name] for name in OF_FIRST} == before | grown
    assert rated == [Rated(5114, 9, "rate", NOW)]
    assert answer
    assert (answer.user_id, answer.body, answer.expires_at) == (1, {"rated": []}, NOW + timedelta(1))
    assert planned == Kept(planned=frozenset({20}))


async def test_going_back_to_the_first_version_keeps_what_it_knew(url: str) -> None:
    before = await make_first(url)
    await (await Store.open(url)).close()
    database = Database.connect(url)
    async with database.begin() as connection:
        await connection.run_sync(lambda one: command.downgrade(migration_config(one), "0001"))
        after = await connection.run_sync(content)
    await database.close()
    assert after == before


async def test_two_stores_may_upgrade_the_same_old_database_at_once(url: str) -> None:
    await make_first(url)
    stores = await asyncio.gather(*(Store.open(url) for _ in range(3)))
    found = [await store.ratings.of_member(1) for store in stores]
    for store in stores:
        await store.close()
    assert found == [{5114: 9}] * 3
