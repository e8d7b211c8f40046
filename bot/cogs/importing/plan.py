"""What a list that was read would change of what a member has, and the changes that they choose."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.lists import ListEntry, ReadList
from bot.store import Change, Entry

Choice = Literal["keep mine", "take theirs"]
"""Whose score stays where the list has another than the member."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would change; new, changed, updated and unchanged add up to what was found."""

    found: int
    """How many anime stand on the list."""
    new: tuple[Change, ...]
    """The member has neither scored them nor are they on their list."""
    changed: tuple[Change, ...]
    """The member's score is another than the list's, which stands here."""
    updated: tuple[Change, ...]
    """No score is at odds: the list adds a score, or has another status or date."""
    unchanged: int
    mine: Mapping[int, int]
    """The member's scores of the changed, 1–10, by anime id."""
    unmoved: frozenset[int]
    """Ids of the changed of which the score alone is another."""
    unknown: int
    """How many of the found are not in the catalogue; they are kept all the same."""
    unrated: int
    """How many of the found have no score on the list."""
    unsure: int
    """How many titles of the list match no anime surely; they are not among the found."""

    @property
    def nothing_new(self) -> bool:
        """Whether the list says what is known already."""
        return not (self.new or self.changed or self.updated)


def plan(
    read: ReadList, ratings: Mapping[int, int], entries: Mapping[int, Entry], catalogue: Collection[int]
) -> Plan:
    """Hold a list against what the member has.

    What the list does not say stays as the member has it: a missing score, status or date takes nothing away.

    Args:
        read: the list.
        ratings: the member's scores, 1–10, by anime id.
        entries: the member's list by anime id, as kept so far.
        catalogue: ids of the anime that are known.
    """
    new, changed, updated = [], [], []
    unmoved = set[int]()
    for entry in read.entries:
        mine, held = ratings.get(entry.anime_id), entries.get(entry.anime_id)
        change = _merged(entry, held)
        moved = _moves(change, held)
        if not moved and change.score in (None, mine):
            continue
        if mine is None and held is None:
            new.append(change)
        elif mine is None or change.score in (None, mine):
            updated.append(change)
        else:
            changed.append(change)
            if not moved:
                unmoved.add(change.anime_id)
    return Plan(
        found=len(read.entries),
        new=tuple(new),
        changed=tuple(changed),
        updated=tuple(updated),
        unchanged=len(read.entries) - len(new) - len(changed) - len(updated),
        mine={change.anime_id: ratings[change.anime_id] for change in changed},
        unmoved=frozenset(unmoved),
        unknown=sum(entry.anime_id not in catalogue for entry in read.entries),
        unrated=sum(entry.score is None for entry in read.entries),
        unsure=len(read.unsure),
    )


def changes(plan: Plan, choice: Choice) -> list[Change]:
    """What to keep: all that is new or updated, and of the changed what the member chose.

    Args:
        plan: what the list would change.
        choice: 'keep mine' leaves the member's scores alone; status and dates are the list's either way.
    """
    if choice == "take theirs":
        return [*plan.new, *plan.updated, *plan.changed]
    moved = (change for change in plan.changed if change.anime_id not in plan.unmoved)
    return [*plan.new, *plan.updated, *(replace(change, score=None) for change in moved)]


def _merged(entry: ListEntry, held: Entry | None) -> Change:
    if held is None:
        # Dates say when a status began and ended: without one there is nothing to keep them with.
        dated = entry.status is not None
        return Change(
            anime_id=entry.anime_id,
            score=entry.score,
            status=entry.status,
            started=entry.started if dated else None,
            finished=entry.finished if dated else None,
        )
    return Change(
        anime_id=entry.anime_id,
        score=entry.score,
        status=entry.status or held.status,
        started=entry.started or held.started,
        finished=entry.finished or held.finished,
    )


def _moves(change: Change, held: Entry | None) -> bool:
    """Whether status or dates become others than they were."""
    now = (change.status, change.started, change.finished)
    before = (None, None, None) if held is None else (held.status, held.started, held.finished)
    return now != before
