"""Preferences: what was chosen is kept, what nobody can read any more is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot.store import Preferences, Store
from bot.store.members import ensure_member
from bot.store.tables import preferences
from hakken.recommend.filters import Filters

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WISHES = Filters(
    types=frozenset({"TV", "Movie"}),
    genres=frozenset({"Drama"}),
    without_genres=frozenset({"Horror", "Sports"}),
    from_year=1998,
    to_year=2020,
    length="a season",
    min_raters=50,
    adventure="hidden gems",
    sequels="include",
    planned=True,
    sort="newest",
)


async def keep_text(store: Store, user_id: int, wishes: str) -> None:
    """As a version of Hakken before or after this one may have left it."""
    async with store.database.begin() as connection:
        await ensure_member(connection, user_id, NOW)
        await connection.execute(insert(preferences).values(user_id=user_id, titles="romaji", wishes=wishes))


async def test_a_member_who_never_chose_has_neither_titles_nor_wishes(store: Store) -> None:
    assert await store.preferences.of_member(1) == Preferences(None, None)


async def test_wishes_come_back_as_they_were_remembered(store: Store) -> None:
    await store.preferences.remember(1, WISHES, at=NOW)
    assert await store.preferences.of_member(1) == Preferences(None, WISHES)
    await store.preferences.remember(1, Filters(to_year=2001), at=NOW)
    assert await store.preferences.of_member(1) == Preferences(None, Filters(to_year=2001))
    assert await store.preferences.of_member(2) == Preferences()


async def test_titles_and_wishes_change_without_each_other(store: Store) -> None:
    await store.preferences.choose_titles(1, "english", at=NOW)
    await store.preferences.remember(1, WISHES, at=NOW)
    await store.preferences.choose_titles(1, "romaji", at=NOW)
    assert await store.preferences.of_member(1) == Preferences("romaji", WISHES)
    await store.preferences.forget(1)
    assert await store.preferences.of_member(1) == Preferences("romaji", None)


async def test_forgetting_without_anything_kept_changes_nothing(store: Store) -> None:
    await store.preferences.forget(1)
    assert await store.preferences.of_member(1) == Preferences()


async def test_that_18_plus_may_be_shown_is_never_remembered(store: Store) -> None:
    await store.preferences.remember(1, Filters(adult=True, to_year=2001), at=NOW)
    async with store.database.read() as connection:
        kept = await connection.scalar(select(preferences.c.wishes))
    assert kept
    assert Filters.model_validate_json(kept) == Filters(to_year=2001)


async def test_18_plus_in_a_foreign_row_is_not_believed(store: Store) -> None:
    await keep_text(store, 1, Filters(adult=True).model_dump_json())
    assert await store.preferences.of_member(1) == Preferences("romaji", Filters())


async def test_wishes_of_before_there_was_an_order_are_read(store: Store) -> None:
    await keep_text(
        store,
        1,
        '{"types":["TV"],"genres":[],"without_genres":["Horror"],"from_year":1998,"to_year":null,"length":null,'
        '"min_raters":null,"adventure":"balanced","sequels":"first","planned":false,"adult":false}',
    )
    kept = Filters(types=frozenset({"TV"}), without_genres=frozenset({"Horror"}), from_year=1998)
    assert await store.preferences.of_member(1) == Preferences("romaji", kept)
    assert kept.sort == "highest rating"


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "null",
        "[]",
        "{",
        '{"genres": 7}',
        '{"mood": "rainy"}',
        '{"from_year": 2020, "to_year": 1990}',
        '{"adventure": "reckless"}',
        "[" * 10_000,
    ],
)
async def test_wishes_that_cannot_be_read_count_as_none_and_can_be_replaced(store: Store, kept: str) -> None:
    await keep_text(store, 1, kept)
    assert await store.preferences.of_member(1) == Preferences("romaji", None)
    await store.preferences.remember(1, WISHES, at=NOW)
    assert await store.preferences.of_member(1) == Preferences("romaji", WISHES)


async def test_titles_that_do_not_exist_are_refused_and_change_nothing(store: Store) -> None:
    await store.preferences.choose_titles(1, "english", at=NOW)
    with pytest.raises(IntegrityError):
        await store.preferences.choose_titles(1, "klingon", at=NOW)  # type: ignore[arg-type]
    assert (await store.preferences.of_member(1)).titles == "english"
