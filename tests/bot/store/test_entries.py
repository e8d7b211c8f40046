"""What those who take part in a server have seen without a score."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.store import Change, Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def test_seen_in_a_server_is_what_lists_or_words_of_those_who_take_part_say(store: Store) -> None:
    for guild_id, user_id in ((7, 1), (7, 2), (7, 3), (8, 4)):
        await store.participants.join(guild_id, user_id, at=NOW)
    statuses = ("completed", "watching", "on hold", "dropped", "planned")
    of_ann = [Change(10 + at, None, status) for at, status in enumerate(statuses)]
    await store.imports.take(1, "csv", [*of_ann, Change(15, None, None, date(2020, 1, 1))], at=NOW)
    await store.feedback.seen(2, 20, at=NOW)
    await store.feedback.dismiss(2, 21, "seen elsewhere", at=NOW)
    await store.feedback.dismiss(2, 22, "not for me", at=NOW)
    await store.feedback.plan(2, 23, at=NOW)
    await store.feedback.seen(3, 30, at=NOW)
    await store.imports.take(3, "csv", [Change(31, None, "completed")], at=NOW)
    await store.privacy.choose(7, 3, takes_part=False, at=NOW)
    await store.imports.take(4, "csv", [Change(40, None, "completed")], at=NOW)
    assert await store.entries.seen_in_guild(7) == {10, 11, 12, 13, 15, 20, 21}
    assert await store.entries.seen_in_guild(9) == set()


async def test_only_what_is_planned_is_not_begun(store: Store) -> None:
    statuses = ("completed", "watching", "on hold", "dropped", "planned")
    changes = [Change(at, None, status) for at, status in enumerate(statuses)]
    await store.imports.take(1, "csv", [*changes, Change(9, None, None, date(2020, 1, 1))], at=NOW)
    begun = {key: entry.begun for key, entry in (await store.entries.of_member(1)).items()}
    assert begun == {0: True, 1: True, 2: True, 3: True, 4: False, 9: True}
