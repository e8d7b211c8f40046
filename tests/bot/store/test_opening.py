"""Opening: whatever was going on before or goes on beside it, the database is whole or refused by name."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import alembic.config
import pytest

from bot.store import Store, StoreError

ROOT = Path(__file__).resolve().parents[3]

MIGRATE_AND_DIE = """
import asyncio, os, signal, sys
from sqlalchemy import Engine, event
from bot.store import Store

@event.listens_for(Engine, "before_cursor_execute")
def die(connection, cursor, statement, *rest):
    if "CREATE TABLE answers" in statement:
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(Store.open(sys.argv[1]))
"""


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as raw:
        return {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def entries(directory: Path) -> list[Path]:
    return list(directory.iterdir())


async def test_a_process_killed_amid_a_migration_leaves_nothing_half_done(url: str, tmp_path: Path) -> None:
    died = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", MIGRATE_AND_DIE, url], check=False)
    assert died.returncode == -9
    assert tables(tmp_path / "hakken.sqlite3") == set()
    await (await Store.open(url)).close()
    assert {"members", "ratings", "participants", "answers"} < tables(tmp_path / "hakken.sqlite3")


async def test_several_databases_may_be_opened_at_once_in_one_process(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.sqlite3" for number in range(4)]
    for store in await asyncio.gather(*(Store.open(f"sqlite+aiosqlite:///{path}") for path in paths)):
        await store.close()
    for path in paths:
        assert {"members", "ratings", "participants", "answers"} < tables(path)


async def test_a_database_of_now_is_opened_again_without_a_change(url: str, tmp_path: Path) -> None:
    await (await Store.open(url)).close()
    before = tables(tmp_path / "hakken.sqlite3")
    await (await Store.open(url)).close()
    assert tables(tmp_path / "hakken.sqlite3") == before


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("sqlite:///{}/hakken.sqlite3", "requires an async driver"),
        ("sqlite+aiosqlite:///file::memory:?uri=true", "in memory"),
        ("sqlite+aiosqlite:///{}/hakken.sqlite3?mode=memory&uri=true", "in memory"),
        ("sqlite+aiosqlite:///file:{}/hakken.sqlite3?uri=true", "by its path"),
        ("mysql://hakken:secret@host:port/hakken", "DATABASE_URL"),
    ],
)
async def test_an_address_that_cannot_serve_is_refused_in_one_line(
    address: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match=sentence) as refused:
        await Store.open(address.format(tmp_path))
    assert "secret" not in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert entries(tmp_path) == []


async def test_a_database_that_cannot_be_opened_leaves_no_thread_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Such a thread reports to an event loop that has ended, and the operator reads its traceback: in one of
    # six tries before it was waited for.
    reported: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", reported.append)
    for _ in range(50):
        with pytest.raises(StoreError, match="unable to open"):
            await Store.open(f"sqlite+aiosqlite:///{tmp_path}")
    assert not reported


async def test_migrations_run_by_hand_on_the_address_they_are_given(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    for direction, there in (("upgrade head", True), ("downgrade base", False), ("upgrade head", True)):
        await asyncio.to_thread(alembic.config.main, ["-x", f"url={url}", *direction.split()], "alembic")
        assert ("ratings" in tables(tmp_path / "hakken.sqlite3")) is there
