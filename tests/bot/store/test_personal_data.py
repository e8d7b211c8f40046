"""All that is held about a member or a server is found and goes, from whatever table, to the last byte."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import Change, Store
from bot.store import database as database_module
from bot.store.database import Database
from bot.store.ledger import Forecast
from bot.store.parties import Ballot, Contender
from bot.store.personal_data import PersonalDataStore
from bot.store.tables import metadata
from bot.store.upsert import insert_missing
from hakken.recommend.filters import Filters

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
OF_NO_MEMBER = {
    "covers",
    "failed_covers",
    "departed_guilds",
    "gatherings",
    "guild_settings",
    "parties",
    "published_means",
    "schedules",
    "server_list",
    "watched",
}
ANN = 0x0A1B2C3D4E5F6071
"""Its eight bytes stand in every row of hers, as SQLite writes integers: from the highest on."""
BOB = 0x0A1B2C3D4E5F6072
WORDS = "Kumiko-and-Reina"
"""Stands in whatever text of hers there can be."""
FIRST_ANIME = 0x5EC2E7


async def use_all_of_it(store: Store, user_id: int, guild_id: int = 7, *, words: str = "text") -> None:
    """Have something about a member in every table that holds anything of members."""
    await store.participants.join(guild_id, user_id, at=NOW)
    await store.ratings.rate(user_id, FIRST_ANIME, 8, source="rate", at=NOW)
    await store.answers.keep(user_id, "ratings", {"intro": words}, at=NOW, expires_at=LATER)
    await store.feedback.plan(user_id, FIRST_ANIME + 1, at=NOW)
    await store.preferences.remember(user_id, Filters(genres=frozenset({words})), at=NOW)
    await store.interviews.keep(user_id, [10, 20], at=NOW)
    await store.imports.take(user_id, "csv", [Change(FIRST_ANIME, 8, "completed", date(2020, 4, 1))], at=NOW)
    await store.imports.keep_pending(user_id, "csv", {"titles": [words]}, at=NOW, expires_at=LATER)
    await store.links.link(user_id, "anilist", words, at=NOW)
    await store.privacy.allow_comparing(user_id, allowed=True, at=NOW)
    await spend_an_evening(store, user_id, guild_id)
    async with store.database.begin() as connection:
        changed = {"guild_id": guild_id, "anime_id": FIRST_ANIME, "user_id": user_id}
        await insert_missing(connection, metadata.tables["published_changes"], changed)


async def spend_an_evening(store: Store, user_id: int, guild_id: int) -> None:
    """Join a suggestion, host the watch party begun from it, and vote on the server's list."""
    suggestion_id = await store.suggestions.begin(guild_id, 8, "server", (), {}, [], at=NOW, expires_at=LATER)
    await store.suggestions.join(suggestion_id, user_id, at=NOW)
    ballot = Ballot((Contender(FIRST_ANIME, 8.0),))
    party_id = await store.parties.begin(guild_id, 8, suggestion_id, user_id, ballot, at=NOW, next_at=LATER)
    assert party_id is not None
    forecast = Forecast({FIRST_ANIME: 8.0}, best=9.0)
    await store.ledger.forecast(party_id, {user_id: forecast})
    await store.ledger.serve(guild_id, party_id, FIRST_ANIME, user_id, forecast, at=NOW)
    await store.server_list.add(guild_id, FIRST_ANIME, user_id, at=NOW)


async def counts(store: Store, tables: MetaData = metadata) -> dict[str, int]:
    async with store.database.read() as connection:
        return {
            table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in tables.sorted_tables
        }


async def test_every_table_is_of_members_or_known_to_hold_nothing_of_them(store: Store) -> None:
    # A new table must be filled in `use_all_of_it`, or be named as one that holds nothing of members.
    await use_all_of_it(store, ANN)
    assert set(await store.personal_data.held(ANN)) == metadata.tables.keys() - OF_NO_MEMBER
    assert await store.personal_data.counts(ANN) == dict.fromkeys(metadata.tables.keys() - OF_NO_MEMBER, 1)


async def test_forgetting_a_member_leaves_no_row_of_theirs_and_every_row_of_others(store: Store) -> None:
    await use_all_of_it(store, BOB)
    await store.covers.keep({FIRST_ANIME: "https://example.com/x.jpg"}, at=NOW)
    await store.guild_settings.choose_participation(7, "opt-in")
    others, of_bob = await counts(store), await store.personal_data.held(BOB)
    await use_all_of_it(store, ANN)
    gone = await store.personal_data.forget(ANN)
    assert gone == dict.fromkeys(metadata.tables.keys() - OF_NO_MEMBER, 1)
    # The evening that she led goes on without her: others are in it.
    assert await counts(store) == others | {"gatherings": 2, "parties": 2}
    assert await store.personal_data.held(BOB) == of_bob
    assert await store.personal_data.held(ANN) == {}
    assert await store.personal_data.forget(ANN) == {}


async def test_what_is_held_is_all_of_it_and_plain_enough_for_json(store: Store) -> None:
    await use_all_of_it(store, ANN)
    held = await store.personal_data.held(ANN)
    assert json.loads(json.dumps(held)) == held
    assert held["ratings"] == [
        {
            "user_id": ANN,
            "anime_id": FIRST_ANIME,
            "score": 8,
            "source": "rate",
            "rated_at": "2026-11-24T12:00:00+00:00",
        }
    ]
    [entry] = held["list_entries"]
    assert (entry["status"], entry["started"], entry["finished"]) == ("completed", "2020-04-01", None)


def grown() -> MetaData:
    """The tables with three that somebody might add one day."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(tables)
    Table("visits", tables, Column("visit_id", Integer, primary_key=True), Column("user_id", BigInteger))
    Table(
        "gifts",
        tables,
        Column("giver", BigInteger, ForeignKey("members.user_id"), primary_key=True),
        Column("anime_id", Integer, primary_key=True),
    )
    Table(
        "thanks",
        tables,
        Column("thanks_id", Integer, primary_key=True),
        Column("giver", BigInteger),
        Column("anime_id", Integer),
        Column("words", String(20)),
        ForeignKeyConstraint(["giver", "anime_id"], ["gifts.giver", "gifts.anime_id"]),
    )
    return tables


async def test_a_table_added_one_day_is_not_forgotten_whether_it_names_members_or_only_refers_to_them(
    store: Store,
) -> None:
    tables = grown()
    everything = PersonalDataStore(store.database, tables)
    added = {"visits", "gifts", "thanks"}
    async with store.database.begin() as connection:
        await connection.run_sync(tables.create_all)
    for user_id in (ANN, BOB):
        await use_all_of_it(store, user_id)
        async with store.database.begin() as connection:
            await connection.execute(insert(tables.tables["visits"]).values(user_id=user_id))
            await connection.execute(insert(tables.tables["gifts"]).values(giver=user_id, anime_id=10))
            await connection.execute(
                insert(tables.tables["thanks"]).values(giver=user_id, anime_id=10, words="thank you")
            )
    held = await everything.held(ANN)
    assert [(one["giver"], one["words"]) for one in held["thanks"]] == [(ANN, "thank you")]
    gone = await everything.forget(ANN)
    assert gone == dict.fromkeys((metadata.tables.keys() | added) - OF_NO_MEMBER, 1)
    left = await counts(store, tables)
    of_the_server = {"gatherings": 2, "parties": 2, "server_list": 1}
    assert left == dict.fromkeys(tables.tables, 1) | dict.fromkeys(OF_NO_MEMBER, 0) | of_the_server


def on_the_disk(folder: Path) -> bytes:
    """All that the database's files hold: the tables, the log and its index."""
    files = sorted(folder.glob("hakken.sqlite3*"))
    assert [one.suffix for one in files] == [".sqlite3", ".sqlite3-shm", ".sqlite3-wal"]
    return b"".join(one.read_bytes() for one in files)


def traces(of: bytes) -> tuple[int, int]:
    """How often Ann's id and her words stand somewhere."""
    return of.count(ANN.to_bytes(8, "big")), of.count(WORDS.encode())


async def use_it_for_long(store: Store, seed: int) -> None:
    """Ann's rows between those of others, changed and taken back, on pages that split and merge."""
    draw = random.Random(seed)
    await use_all_of_it(store, ANN, words=WORDS)
    for _ in range(12):
        user_id = draw.choice([ANN, ANN + draw.randint(-(2**30), 2**30)])
        some = [Change(one, draw.randint(1, 10), "watching") for one in draw.sample(range(9_000), 300)]
        await store.imports.take(user_id, "csv", some, at=NOW)
        if draw.random() < 0.3:
            await store.imports.undo_last(user_id)
        await use_all_of_it(store, user_id, draw.randint(1, 9), words=WORDS if user_id == ANN else "text")


# Seeds with which copies of hers stay on split pages where the file is not made anew.
SPLITTING = (3, 4)


@pytest.mark.parametrize("seed", SPLITTING)
async def test_nothing_of_a_forgotten_member_is_left_in_the_databases_files(
    store: Store, tmp_path: Path, seed: int
) -> None:
    await use_it_for_long(store, seed)
    ids, words = traces(on_the_disk(tmp_path))
    assert ids > 500
    assert words > 5

    await store.personal_data.forget(ANN)

    assert traces(on_the_disk(tmp_path)) == (0, 0)
    assert (tmp_path / "hakken.sqlite3-wal").stat().st_size == 0


async def test_a_large_file_is_made_anew_at_the_next_start(store: Store, url: str, tmp_path: Path) -> None:
    await use_it_for_long(store, SPLITTING[0])
    async with store.database.begin() as connection:
        await connection.execute(delete(metadata.tables["members"]).where(text(f"user_id = {ANN}")))

    await store.database.wipe(at_once=1)

    assert (tmp_path / "hakken.sqlite3-wal").stat().st_size == 0
    ids, _ = traces(on_the_disk(tmp_path))
    assert ids > 0  # or the next step would show nothing
    again = await Store.open(url)
    assert traces(on_the_disk(tmp_path)) == (0, 0)
    async with again.database.read() as connection:
        assert await connection.scalar(text("PRAGMA user_version")) == 0
    await again.close()


async def test_what_breaks_off_between_deleting_and_wiping_is_wiped_at_the_next_start(
    store: Store, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await use_it_for_long(store, SPLITTING[0])

    async def killed(_: Database) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched, pytest.raises(asyncio.CancelledError):
        patched.setattr(Database, "wipe", killed)
        await store.personal_data.forget(ANN)
    ids, _ = traces(on_the_disk(tmp_path))
    assert ids > 0  # or the next step would show nothing
    await (await Store.open(url)).close()
    assert traces(on_the_disk(tmp_path)) == (0, 0)


async def test_forgetting_whom_one_does_not_know_keeps_nobody_waiting(store: Store, tmp_path: Path) -> None:
    await use_all_of_it(store, BOB)
    log = tmp_path / "hakken.sqlite3-wal"
    before = log.read_bytes()
    assert await store.personal_data.forget(ANN) == {}
    assert log.read_bytes() == before  # emptied, it would have been wiped


async def test_the_files_are_wiped_as_soon_as_who_reads_them_is_done(store: Store, tmp_path: Path) -> None:
    await use_all_of_it(store, ANN, words=WORDS)
    await use_all_of_it(store, BOB)
    async with asyncio.TaskGroup() as group, store.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(metadata.tables["members"])) == 2
        forgetting = group.create_task(store.personal_data.forget(ANN))
        async with asyncio.timeout(60):
            while await store.personal_data.counts(ANN):  # noqa: ASYNC110 - seen in the database only
                await asyncio.sleep(0.01)
        assert not forgetting.done()
    assert traces(on_the_disk(tmp_path)) == (0, 0)


async def test_while_somebody_reads_for_longer_the_mark_stays_and_a_later_try_finishes(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = database_module._SET_UP.replace(str(database_module._BUSY_MILLISECONDS), "50")
    monkeypatch.setattr(database_module, "_SET_UP", soon)
    store = await Store.open(url)
    await use_all_of_it(store, ANN, words=WORDS)
    async with store.database.read() as reader:
        await reader.scalar(select(func.count()).select_from(metadata.tables["members"]))
        async with store.database.begin() as connection:
            await connection.execute(delete(metadata.tables["members"]).where(text(f"user_id = {ANN}")))
        assert not await store.database.wipe()
        assert not await store.database.is_wiped()
        assert traces(on_the_disk(tmp_path)) != (0, 0)  # the reader's view stays whole
    assert await store.database.wipe()
    assert await store.database.is_wiped()
    assert traces(on_the_disk(tmp_path)) == (0, 0)
    await store.close()


async def test_what_is_deleted_while_the_files_are_wiped_is_wiped_by_its_own_try(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = database_module._mark

    async def deleted_first(connection: AsyncConnection, before: int, after: int) -> bool:
        if after == 0:  # another process deletes more just before this one is done
            await connection.exec_driver_sql("PRAGMA user_version = 1")
        return await mark(connection, before, after)

    monkeypatch.setattr(database_module, "_mark", deleted_first)
    assert not await store.database.wipe()
    assert not await store.database.is_wiped()


async def test_a_forgetting_that_breaks_off_forgets_nothing(store: Store, tmp_path: Path) -> None:
    await use_all_of_it(store, ANN)
    before = await store.personal_data.held(ANN)
    with sqlite3.connect(tmp_path / "hakken.sqlite3") as raw:
        raw.execute("CREATE TRIGGER broken BEFORE DELETE ON ratings BEGIN SELECT RAISE(ABORT, 'no'); END")
    raw.close()
    with pytest.raises(IntegrityError):
        await store.personal_data.forget(ANN)
    assert await store.personal_data.held(ANN) == before


async def test_a_servers_rows_go_and_with_them_members_about_whom_nothing_else_is_held(store: Store) -> None:
    await use_all_of_it(store, ANN, 7)
    await store.participants.join(7, BOB, at=NOW)
    for guild_id in (7, 8):
        await store.participants.join(guild_id, 3, at=NOW)
        await store.guild_settings.choose_participation(guild_id, "opt-in")
    await store.departed_guilds.left([7], at=NOW)
    of_ann = await store.personal_data.held(ANN)
    assert await store.personal_data.guilds() == {7, 8}
    assert await store.personal_data.forget_guild(7) == {
        "participants": 3,
        "guild_settings": 1,
        "departed_guilds": 1,
        "gatherings": 1,
        "gathering_members": 1,
        "parties": 1,
        "party_hosts": 1,
        "party_forecasts": 1,
        "served": 1,
        "server_list": 1,
        "server_list_votes": 1,
        "published_changes": 1,
    }
    assert await store.personal_data.guilds() == {8}
    for of_server in (
        "published_changes",
        "gathering_members",
        "party_hosts",
        "party_forecasts",
        "served",
        "server_list_votes",
    ):
        del of_ann[of_server]
    del of_ann["participants"]
    assert await store.personal_data.held(ANN) == of_ann
    assert await store.personal_data.held(BOB) == {}
    assert [*(await store.participants.roster(8)).here] == [3]
    assert (await store.guild_settings.of_guild(8)).participation == "opt-in"
    assert await store.personal_data.forget_guild(7) == {}


async def test_a_server_is_forgotten_30_days_after_it_removed_the_bot_unless_it_came_back(
    store: Store,
) -> None:
    await store.departed_guilds.left([7, 8], at=NOW)
    await store.departed_guilds.left([6, 7], at=NOW + timedelta(days=5))  # of 7 the first time counts
    assert await store.personal_data.guilds_to_forget(NOW + timedelta(days=30) - timedelta(seconds=1)) == []
    assert await store.personal_data.guilds_to_forget(NOW + timedelta(days=30)) == [7, 8]
    await store.departed_guilds.came_back([8, 9])
    assert await store.personal_data.guilds_to_forget(NOW + timedelta(days=35)) == [7, 6]
