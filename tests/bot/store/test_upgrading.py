"""Databases of earlier versions are brought up to date with all that they hold, and nothing that they deleted."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, MetaData, select, text

from bot.store import Change, Database, Feedback, FeedbackSets, Interview, Preferences, Rated, Store
from bot.store.database import migration_config
from hakken.recommend.filters import Filters

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OF_FIRST = {"members", "ratings", "participants", "answers"}
FIRST_ROWS = (
    "INSERT INTO members VALUES (1, '2026-11-24 12:00:00.000000'), (2, '2026-11-24 12:00:00.000000')",
    "INSERT INTO ratings VALUES (1, 5114, 9, 'rate', '2026-11-24 12:00:00.000000')",
    "INSERT INTO participants VALUES (7, 1, '2026-11-24 12:00:00.000000')",
    """INSERT INTO answers VALUES ('abc', 1, 'ratings', '{"rated": []}', '2026-11-25 12:00:00.000000')""",
)
SECOND_ROWS = (
    "INSERT INTO feedback VALUES (1, 20, 'dismissed', 'no time', '2026-11-24 12:00:00.000000')",
    """INSERT INTO preferences VALUES (1, 'english', '{"from_year": 2010}')""",
    "INSERT INTO covers VALUES (20, 'https://example.com/x.jpg', '2026-11-24 12:00:00.000000')",
    "INSERT INTO interviews VALUES (1, '[10, 20]', '2026-11-24 12:00:00.000000')",
)


def first_version(connection: Connection) -> None:
    command.upgrade(migration_config(connection), "0001")
    for row in FIRST_ROWS:
        connection.execute(text(row))


def second_version(connection: Connection) -> None:
    first_version(connection)
    command.upgrade(migration_config(connection), "0002")
    for row in SECOND_ROWS:
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
    return await make(url, first_version)


async def make(url: str, version: Callable[[Connection], None]) -> dict[str, list[tuple[object, ...]]]:
    database = Database.connect(url)
    async with database.begin() as connection:
        await connection.run_sync(version)
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

    grown = {"participants": [(*row, None, None, None) for row in before["participants"]]}
    assert {name: after[name] for name in OF_FIRST} == before | grown
    assert rated == [Rated(5114, 9, "rate", NOW)]
    assert answer
    assert (answer.user_id, answer.body, answer.expires_at) == (1, {"rated": []}, NOW + timedelta(1))
    assert planned == FeedbackSets(planned=frozenset({20}))


async def test_an_upgrade_of_the_second_version_keeps_every_row_and_its_meaning(url: str) -> None:
    before = await make(url, second_version)
    assert set(before) == OF_FIRST | {"feedback", "preferences", "covers", "interviews"}
    assert all(before.values())

    store = await Store.open(url)
    async with store.database.read() as connection:
        after = await connection.run_sync(content)
    kept = await store.feedback.listed(1)
    preferences, interview = await store.preferences.of_member(1), await store.interviews.of_member(1)
    cover = await store.covers.of([20], at=NOW)
    counted = await store.privacy.takes_part(7, 1), await store.ratings.of_guild(7)
    taken = await store.imports.take(1, "csv", [Change(5114, 7), Change(30, None, "planned")], at=NOW)
    undone = await store.imports.undo_last(1)
    rated = await store.ratings.listed(1)
    await store.close()

    grown = {"participants": [(*row, None, None, None) for row in before["participants"]]}
    assert {name: after[name] for name in before} == before | grown
    assert not any(rows for name, rows in after.items() if name not in before)
    assert kept == [Feedback(20, "dismissed", "no time", NOW)]
    assert preferences == Preferences("english", Filters(from_year=2010))
    assert interview == Interview((10, 20), NOW)
    assert cover == {20: "https://example.com/x.jpg"}
    assert counted == (True, {1: {5114: 9}})
    assert taken
    assert undone
    assert rated == [Rated(5114, 9, "rate", NOW)]


async def test_going_back_to_the_second_version_keeps_what_it_knew(url: str) -> None:
    before = await make(url, second_version)
    await (await Store.open(url)).close()
    database = Database.connect(url)
    async with database.begin() as connection:
        await connection.run_sync(lambda one: command.downgrade(migration_config(one), "0002"))
        after = await connection.run_sync(content)
    await database.close()
    assert after == before


async def test_what_an_earlier_version_deleted_is_not_in_the_file_after_an_upgrade(
    url: str, tmp_path: Path
) -> None:
    await make(url, second_version)
    path, words = tmp_path / "hakken.sqlite3", "Kumiko-and-Reina"
    with sqlite3.connect(path) as raw:  # as earlier versions did: without overwriting
        raw.executemany(
            "INSERT INTO answers VALUES (?, 2, 'ratings', ?, '2026-11-25 12:00:00.000000')",
            [(str(number), f'"{words}"') for number in range(200)],
        )
        raw.commit()
        raw.execute("PRAGMA secure_delete = OFF")
        raw.execute("DELETE FROM answers WHERE user_id = 2")
    raw.close()
    assert words.encode() in path.read_bytes()
    await (await Store.open(url)).close()
    assert words.encode() not in path.read_bytes()
    assert not path.with_name("hakken.sqlite3-wal").exists()


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
