"""Loads the profiles of one or several members, for recommending to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.privacy import as_others_read
from bot.store.batches import batches
from bot.store.database import TableStore
from bot.store.feedback import SEEN_ELSEWHERE
from bot.store.participants import taking_part
from bot.store.tables import feedback, list_entries, members, participants, ratings
from hakken.recommend.recommender import Member

_AT_ONCE = 2_000
_BEGUN, _LISTED = "begun", "listed"
"""Words for what lists elsewhere say, beside those of feedback: begun, or planned there."""


@dataclass(frozen=True, slots=True)
class MemberProfile:
    """What is known of a member."""

    member: Member
    """As the recommender takes them."""
    plans: frozenset[int]
    """Anime that they planned here; their list elsewhere may have more."""


class ProfileStore(TableStore):
    """Profiles as the recommender needs them: ratings, and feedback and list entries without a score."""

    async def of_member(self, user_id: int) -> Member:
        """Return a member's profile; it is empty if they never used the bot."""
        return (await self.of_members([user_id]))[user_id]

    async def with_plans(self, user_id: int) -> MemberProfile:
        """Return a member's profile together with what they planned here."""
        async with self._database.read() as connection:
            profiles = await _profiles(connection, _registered([user_id]))
        return profiles.get(user_id) or MemberProfile(Member(), frozenset())

    async def of_members(self, user_ids: Collection[int]) -> dict[int, Member]:
        """Return these members' profiles by user id; they are empty for members who never used the bot."""
        found = {one: Member() for one in user_ids}
        async with self._database.read() as connection:
            for some in batches(found):
                found.update(_members(await _profiles(connection, _registered(some))))
        return found

    async def counted(
        self, guild_id: int, user_ids: Collection[int], *, most: int | None = None
    ) -> dict[int, Member]:
        """Return the profiles that may be used in a server, by user id in the order given.

        Their scores are drawn in: others read what these profiles are used for. The profile is empty for
        members who do not take part there. Of more members than `most`, only those with the most ratings are
        returned, ascending.
        """
        counting = dict[int, Member]()
        async with self._database.read() as connection:
            if most is not None:
                user_ids = await _who_rated_most(connection, user_ids, most)
            for some in batches(user_ids):
                there = select(participants.c.user_id).where(
                    taking_part(guild_id) & participants.c.user_id.in_(some)
                )
                counting.update(_members(await _profiles(connection, there)))
        return {one: as_others_read(counting.get(one, Member())) for one in user_ids}


def _registered(user_ids: Collection[int]) -> Select[tuple[int]]:
    return select(members.c.user_id).where(members.c.user_id.in_(user_ids))


def _members(profiles: Mapping[int, MemberProfile]) -> dict[int, Member]:
    return {user_id: profile.member for user_id, profile in profiles.items()}


async def _who_rated_most(connection: AsyncConnection, user_ids: Collection[int], most: int) -> list[int]:
    if len(user_ids) <= most:
        return sorted(user_ids)
    counts = dict.fromkeys(user_ids, 0)
    for some in batches(counts):
        query = (
            select(ratings.c.user_id, func.count())
            .where(ratings.c.user_id.in_(some))
            .group_by(ratings.c.user_id)
        )
        counts.update((row[0], row[1]) for row in await connection.execute(query))
    return sorted(sorted(counts, key=lambda one: (-counts[one], one))[:most])


async def _profiles(connection: AsyncConnection, whose: Select[tuple[int]]) -> dict[int, MemberProfile]:
    """Return the profiles of the members whom a query selects, by user id, in one statement."""
    scores, words = dict[int, dict[int, float]](), dict[int, dict[str, set[int]]]()
    async for some in _batches_of_words(connection, whose):
        for user_id, anime_id, score, word in some:
            if score is not None:
                scores.setdefault(user_id, {})[anime_id] = float(score)
            else:
                words.setdefault(user_id, defaultdict(set))[word].add(anime_id)
    profiles = {}
    for user_id in sorted({*scores, *words}):
        rated, said = scores.get(user_id, {}), words.get(user_id, defaultdict(set))
        # A rated anime is not also listed as seen, and a seen anime is not planned.
        seen = said["seen"] | said[SEEN_ELSEWHERE] | (said[_BEGUN] - rated.keys())
        member = Member(
            ratings=rated,
            seen=frozenset(seen),
            dismissed=frozenset(said["dismissed"] | said[SEEN_ELSEWHERE]),
            planned=frozenset((said["planned"] | said[_LISTED]) - seen),
        )
        profiles[user_id] = MemberProfile(member, frozenset(said["planned"]))
    return profiles


async def _batches_of_words(
    connection: AsyncConnection, whose: Select[tuple[int]]
) -> AsyncIterator[Sequence[Any]]:
    """Yield scores and words in batches: a server may have 100,000, and other tasks must run meanwhile."""
    no_word, no_score = cast(null(), String), cast(null(), ratings.c.score.type)
    listed = case((list_entries.c.status == "planned", literal(_LISTED)), else_=literal(_BEGUN))
    said = case((feedback.c.reason == SEEN_ELSEWHERE, feedback.c.reason), else_=feedback.c.kind)
    query = union_all(
        _about(ratings.c.user_id, ratings.c.anime_id, ratings.c.score, no_word, whose=whose),
        _about(list_entries.c.user_id, list_entries.c.anime_id, no_score, listed, whose=whose),
        _about(feedback.c.user_id, feedback.c.anime_id, no_score, said, whose=whose),
    )
    async for some in (await connection.stream(query)).partitions(_AT_ONCE):
        yield some


def _about(
    user_id: ColumnElement[int], *columns: ColumnElement[Any], whose: Select[tuple[int]]
) -> Select[Any]:
    return select(user_id, *columns).where(user_id.in_(whose))
