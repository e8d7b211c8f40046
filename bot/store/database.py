"""Opens the database, migrates it, and closes it."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import aiosqlite
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, InvalidRequestError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.errors import StoreError

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_BUSY_MILLISECONDS = 10_000
_SET_UP = f"""
    PRAGMA busy_timeout = {_BUSY_MILLISECONDS:d};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;    -- a commit survives a power failure
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;    -- deleted data is overwritten
"""
REWRITTEN_AT_ONCE = 64 * 2**20
"""Largest file in bytes that is rewritten while the bot runs; this takes a second or two."""
_WIPED, _TO_BE_WIPED, _LOG_TO_BE_EMPTIED = 0, 1, 2
"""Values of SQLite's `user_version`: what is left to do for deleted data. Nothing else uses it."""
_BEFORE_OVERWRITING = ("0001", "0002")
"""Revisions of databases in which deleted data was not overwritten."""
_ALEMBIC = threading.Lock()
"""Alembic keeps its state in module globals: two migrations at once would mix up their databases."""


class Database:
    """A database; reads see committed data, and writes are committed when their block ends."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @classmethod
    def connect(cls, url: str) -> Database:
        """Like `open`, but without migrating; nothing is read before the first block."""
        try:
            parsed = make_url(url)
            driver: dict[str, Any] = {}
            if parsed.get_backend_name() == "sqlite":
                _make_room(parsed)
                driver["async_creator_fn"] = _open_sqlite
            # Members' data must not be logged.
            engine = create_async_engine(parsed, hide_parameters=True, connect_args=driver)
        except (ArgumentError, InvalidRequestError, ImportError, ValueError) as error:
            raise StoreError(f"DATABASE_URL: {str(error).splitlines()[0]}; see .env.example") from error
        except OSError as error:
            raise StoreError(f"{_shown(url)}: no database can be kept there ({error.strerror})") from error
        if parsed.get_backend_name() == "sqlite":
            event.listen(engine.sync_engine, "connect", _set_up_sqlite)
            event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return cls(engine)

    @classmethod
    async def open(cls, url: str) -> Database:
        """Connect, and migrate the tables under a lock that other processes wait for.

        Args:
            url: a SQLAlchemy URL with an async driver: ``sqlite+aiosqlite:///path/to/file``.

        Raises:
            StoreError: there is no such place or no database, or a newer Hakken has made it.
        """
        database, shown = cls.connect(url), _shown(url)
        try:
            await asyncio.to_thread(_bring_up_to_date, url)
        except CommandError as error:
            raise StoreError(f"{shown}: was made by a newer Hakken ({error}): update Hakken") from error
        except (SQLAlchemyError, OSError) as error:
            why = str(getattr(error, "orig", None) or error)
            raise StoreError(f"{shown}: cannot be used as the database: {why}") from error
        return database

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that writes: committed at the end of the block, rolled back if it raises."""
        async with self._engine.connect() as connection:
            await connection.execution_options(writes=True)
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection that only reads, with one consistent view."""
        async with self._engine.connect() as connection:
            yield connection

    async def wipe(self, at_once: int = REWRITTEN_AT_ONCE) -> bool:
        """Remove all traces of deleted data from SQLite's files; wait for other readers.

        Overwriting deleted data (`secure_delete`) is not quite enough: copies may stay where pages were
        split. So the file is rewritten; meanwhile nobody else can write. Then the log is emptied, which
        fails while somebody reads: what is left to do stays marked in the file.

        Args:
            at_once: a larger file, in bytes, is left to the next start, and only the log is emptied.

        Returns:
            Whether nothing is left to do; if not, call it again later.
        """
        async with self._engine.connect() as connection:
            if connection.dialect.name != "sqlite":
                return True
            await connection.execution_options(in_transaction=False)
            try:
                await _mark(connection, _WIPED, _TO_BE_WIPED)
                size = await _asked(connection, "page_count") * await _asked(connection, "page_size")
                if size <= at_once and await _asked(connection, "user_version") == _TO_BE_WIPED:
                    await connection.exec_driver_sql("VACUUM")
                    await _mark(connection, _TO_BE_WIPED, _LOG_TO_BE_EMPTIED)
                if await _asked(connection, "wal_checkpoint(TRUNCATE)"):
                    log.warning("deleted data stays in the database's log until nobody reads it any more")
                    return False
                if size > at_once:
                    return True  # the next start does the rest
                done = await _mark(connection, _LOG_TO_BE_EMPTIED, _WIPED)
                await _asked(connection, "wal_checkpoint(TRUNCATE)")  # of the mark itself
            except OperationalError as error:
                log.warning("deleted data could not be wiped from the database file yet: %s", error)
                return False
            return done

    async def is_wiped(self) -> bool:
        """Return whether no traces of deleted data are left in SQLite's files; see `wipe`."""
        async with self._engine.connect() as connection:
            return connection.dialect.name != "sqlite" or await _asked(connection, "user_version") == _WIPED

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


class TableStore:
    """A store of some of the database's tables."""

    def __init__(self, database: Database) -> None:
        self._database = database


async def _mark(connection: AsyncConnection, before: int, after: int) -> bool:
    """Change what is left to do, and return whether it was: not if somebody has deleted more meanwhile."""
    await connection.exec_driver_sql("BEGIN IMMEDIATE")
    changed = await _asked(connection, "user_version") == before
    if changed:
        await connection.exec_driver_sql(f"PRAGMA user_version = {after:d}")
    await connection.exec_driver_sql("COMMIT")
    return changed


async def to_be_wiped(connection: AsyncConnection) -> None:
    """Mark SQLite's files for wiping at the next start, in case `wipe` fails; part of the transaction."""
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql(f"PRAGMA user_version = {_TO_BE_WIPED:d}")


def _shown(url: str) -> str:
    """Return the database's name for messages: the file's path, or the URL without its password."""
    parsed = make_url(url)
    return (parsed.get_backend_name() == "sqlite" and parsed.database) or parsed.render_as_string()


def _make_room(url: URL) -> None:
    if not url.database or ":memory:" in url.database or url.query.get("mode") == "memory":
        raise ArgumentError("a database in memory would forget everything; name a file")
    if url.database.startswith("file:"):
        raise ArgumentError("name the database by its path, not as file:")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)


async def _open_sqlite(path: str, **options: Any) -> aiosqlite.Connection:  # noqa: ANN401 - SQLAlchemy's
    """As SQLAlchemy connects by itself, but a connection that fails leaves no thread behind.

    aiosqlite tells its thread to stop and does not wait for it: where the event loop ends first, the
    thread reports to a closed loop, and the operator reads a traceback.
    """
    connection = aiosqlite.connect(path, **options)
    thread = connection._thread  # noqa: SLF001 - as in SQLAlchemy; it has no public name
    thread.daemon = True
    try:
        return await connection
    except BaseException:
        await asyncio.to_thread(thread.join)
        raise


def _set_up_sqlite(connection: AsyncAdapt_aiosqlite_connection, _record: object) -> None:
    # Only _begin_sqlite begins transactions, so that schema changes can be rolled back, too.
    connection.isolation_level = None
    # As one script, because each call waits for the connection's thread.
    connection.run_async(lambda sqlite: sqlite.executescript(_SET_UP))


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("in_transaction", True):
        # A writer takes the lock at the start: after a read, SQLite would fail instead of waiting for it.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN")


def migration_config(connection: Connection) -> Config:
    """Return Alembic's configuration for migrating over this connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _bring_up_to_date(url: str) -> None:
    # On a separate event loop, because Alembic reads files and computes between its statements.
    with _ALEMBIC:
        asyncio.run(_upgrade(url))


async def _upgrade(url: str) -> None:
    database = Database.connect(url)
    try:
        # On SQLite this transaction is the lock: a second process waits for its end.
        async with database.begin() as connection:
            revision = await connection.run_sync(_revision)
            unwiped = await connection.run_sync(_unwiped, revision)
            if revision != _newest():
                await connection.run_sync(lambda one: command.upgrade(migration_config(one), "head"))
        if unwiped:
            await database.wipe(at_once=sys.maxsize)
    finally:
        await database.close()


@cache
def _newest() -> str | None:
    """Return the revision of an up-to-date database; the migrations are read once."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _unwiped(connection: Connection, revision: str | None) -> bool:
    if connection.dialect.name != "sqlite":
        return False
    marked = connection.exec_driver_sql("PRAGMA user_version").scalar_one() != _WIPED
    return marked or revision in _BEFORE_OVERWRITING


async def _asked(connection: AsyncConnection, pragma: str) -> int:
    return int((await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one())
