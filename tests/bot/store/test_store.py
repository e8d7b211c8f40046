"""The database: what is acknowledged is there, also after a crash; two at once do no harm."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from bot.store import Database, Store, StoreError
from bot.store.database import migration_config
from bot.store.tables import answers, members, metadata, participants, ratings

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'deep' / 'hakken.sqlite3'}"


async def test_a_rating_is_kept_changed_and_taken_back(store: Store) -> None:
    assert await store.ratings.rate(1, 5114, 9, source="rate", at=NOW) is None
    assert await store.ratings.rate(1, 5114, 7, source="rate", at=NOW + timedelta(1)) == 9
    [rated] = await store.ratings.listed(1)
    assert (rated.anime_id, rated.score, rated.source, rated.rated_at) == (
        5114,
        7,
        "rate",
        NOW + timedelta(1),
    )
    assert await store.ratings.count(1) == 1
    assert await store.ratings.unrate(1, 5114) == 7
    assert await store.ratings.unrate(1, 5114) is None
    assert await store.ratings.of_member(1) == {}


async def test_ratings_are_listed_newest_first(store: Store) -> None:
    for at, anime_id in enumerate((30, 10, 20)):
        await store.ratings.rate(1, anime_id, 5, source="rate", at=NOW + timedelta(minutes=at))
    assert [one.anime_id for one in await store.ratings.listed(1)] == [20, 10, 30]


@pytest.mark.parametrize("score", [0, 11, -1])
async def test_a_score_off_the_scale_is_refused_and_changes_nothing(store: Store, score: int) -> None:
    with pytest.raises(IntegrityError):
        await store.ratings.rate(1, 5114, score, source="rate", at=NOW)
    assert await store.ratings.of_member(1) == {}


async def test_a_moment_without_a_time_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="time zone"):
        await store.ratings.rate(1, 5114, 9, source="rate", at=NOW.replace(tzinfo=None))


async def test_ids_as_large_as_discords_are_kept(store: Store) -> None:
    await store.ratings.rate(2**63 - 1, 2**31 - 1, 9, source="rate", at=NOW)
    assert await store.ratings.of_member(2**63 - 1) == {2**31 - 1: 9}


async def test_a_guilds_ratings_are_those_of_its_participants(store: Store) -> None:
    for user_id in (1, 2, 3):
        await store.ratings.rate(user_id, 10 * user_id, 8, source="rate", at=NOW)
    for guild_id, user_id in ((7, 1), (7, 2), (7, 2), (7, 4), (8, 3)):
        await store.participants.join(guild_id, user_id, at=NOW)
    assert [*(await store.participants.roster(7)).here] == [1, 2, 4]
    assert await store.ratings.of_guild(7) == {1: {10: 8}, 2: {20: 8}}


async def test_answers_are_found_until_they_expire_and_then_dropped(store: Store) -> None:
    soon = NOW + timedelta(minutes=10)
    answer_id = await store.answers.keep(1, "ratings", {"rated": [[1, 2, 3]]}, at=NOW, expires_at=soon)
    found = await store.answers.find(answer_id, at=soon - timedelta(seconds=1))
    assert found
    assert (found.user_id, found.kind, found.body, found.expires_at) == (
        1,
        "ratings",
        {"rated": [[1, 2, 3]]},
        soon,
    )
    assert await store.answers.find(answer_id, at=soon) is None
    assert await store.answers.find("unknown", at=NOW) is None
    await store.answers.keep(1, "ratings", {}, at=soon, expires_at=soon + timedelta(1))
    async with store.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(answers)) == 1


async def test_many_writers_at_once_lose_nothing(store: Store) -> None:
    before = await asyncio.gather(
        *(store.ratings.rate(user, 1, score, source="rate", at=NOW) for user in range(20) for score in (3, 8))
    )
    assert before.count(None) == 20
    async with store.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(ratings)) == 20


async def test_every_connection_waits_checks_overwrites_and_writes_to_the_disk(store: Store) -> None:
    wanted = {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "secure_delete": 1,
        "synchronous": 2,
        "busy_timeout": 10_000,
    }
    async with store.database.read() as one, store.database.read() as other:
        for connection in (one, other):
            for pragma, value in wanted.items():
                assert await connection.scalar(text(f"PRAGMA {pragma}")) == value


async def test_a_failed_block_changes_nothing(store: Store) -> None:
    with pytest.raises(IntegrityError):
        async with store.database.begin() as connection:
            await connection.execute(insert(members).values(user_id=1, first_seen=NOW))
            await connection.execute(insert(participants).values(guild_id=1, user_id=99, joined_at=NOW))
    async with store.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(members)) == 0


RATE_AND_DIE = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from bot.store import Store

async def main():
    store = await Store.open(sys.argv[1])
    await store.ratings.rate(1, 5114, 9, source="rate", at=datetime.now(UTC))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_an_acknowledged_rating_survives_the_processs_sudden_death(url: str) -> None:
    died = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", RATE_AND_DIE, url], check=False)
    assert died.returncode == -9
    store = await Store.open(url)
    assert await store.ratings.of_member(1) == {5114: 9}
    await store.close()


OPEN_AND_CLOSE = """
import asyncio, sys
from bot.store import Store

async def main():
    await (await Store.open(sys.argv[1])).close()

asyncio.run(main())
"""


async def test_two_processes_may_start_on_the_same_new_database_at_once(url: str) -> None:
    starts = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", OPEN_AND_CLOSE, url, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(3)
    ]
    for start in starts:
        _, errors = await start.communicate()
        assert (start.returncode, errors.decode()) == (0, "")


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_the_migrations_make_the_tables_and_can_go_back_and_forth(url: str) -> None:
    database = await Database.open(url)

    def down_and_up(connection: Connection) -> None:
        assert differences(connection) == []
        command.downgrade(migration_config(connection), "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        command.upgrade(migration_config(connection), "head")
        assert differences(connection) == []

    async with database.begin() as connection:
        await connection.run_sync(down_and_up)
    await database.close()


def checks(connection: Connection) -> set[tuple[str, str]]:
    inspector = inspect(connection)
    return {
        (table, check["sqltext"])
        for table in metadata.tables
        for check in inspector.get_check_constraints(table)
    }


async def test_the_migrations_check_what_the_tables_check(store: Store, tmp_path: Path) -> None:
    # Alembic's comparison passes over CHECK constraints.
    async with store.database.read() as connection:
        migrated = await connection.run_sync(checks)
    database = Database.connect(f"sqlite+aiosqlite:///{tmp_path / 'made.sqlite3'}")
    async with database.begin() as connection:
        await connection.run_sync(metadata.create_all)
        made = await connection.run_sync(checks)
    await database.close()
    assert migrated == made
    assert ("ratings", "score BETWEEN 1 AND 10") in migrated


async def test_a_migration_that_breaks_off_leaves_the_database_as_it_was(url: str) -> None:
    database = Database.connect(url)

    def half(connection: Connection) -> None:
        command.upgrade(migration_config(connection), "head")
        raise RuntimeError("the power failed")

    with pytest.raises(RuntimeError, match="power"):
        async with database.begin() as connection:
            await connection.run_sync(half)
    async with database.read() as connection:
        assert await connection.run_sync(lambda one: inspect(one).get_table_names()) == []
    await database.close()
    await (await Store.open(url)).close()


async def test_a_database_of_a_newer_hakken_is_refused_by_name(url: str, tmp_path: Path) -> None:
    await (await Store.open(url)).close()
    with sqlite3.connect(tmp_path / "deep" / "hakken.sqlite3") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    with pytest.raises(StoreError, match=r"hakken\.sqlite3: was made by a newer Hakken .* update Hakken"):
        await Store.open(url)


async def test_what_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("dear diary, " * 1000)
    with pytest.raises(StoreError, match=r"notes\.txt: cannot be used as the database"):
        await Store.open(f"sqlite+aiosqlite:///{path}")
    assert path.read_text().startswith("dear diary")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite+aiosqlite://", "in memory"),
        ("nonsense", "DATABASE_URL"),
        ("nosuchdb://user:secret@host/x", "DATABASE_URL"),
    ],
)
async def test_an_address_that_leads_nowhere_is_refused_kindly(url: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence) as refused:
        await Store.open(url)
    assert "secret" not in str(refused.value)


async def test_a_place_where_nothing_can_be_written_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"no database can be kept there"):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'file' / 'hakken.sqlite3'}")
