"""A new database for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.store import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'hakken.sqlite3'}"


@pytest.fixture
async def store(url: str, tmp_path: Path, new_database: Callable[[Path], None]) -> AsyncIterator[Store]:
    new_database(tmp_path / "hakken.sqlite3")
    store = await Store.open(url)
    yield store
    await store.close()
