"""Alembic environment: migrates over the given connection, or by hand over -x url= or DATABASE_URL."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import Connection

from bot.settings import Settings
from bot.store.database import Database
from bot.store.tables import metadata


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


async def migrate_by_hand() -> None:
    options = context.get_x_argument(as_dictionary=True)
    database = Database.connect(options.get("url") or Settings().database_url)
    try:
        async with database.begin() as connection:
            await connection.run_sync(migrate)
    finally:
        await database.close()


handed_over = context.config.attributes.get("connection")
if handed_over is None:
    asyncio.run(migrate_by_hand())
else:
    migrate(handed_over)
