"""Works out what a list would change for a member, and the changes that they choose."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.lists import ListEntry, ReadList
from bot.store import Change, Entry

Choice = Literal["keep mine", "take theirs"]
"""Whose score stays if the list and the member have different ones."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes of a list; new, changed, updated and unchanged add up to `found`."""

    found: int
    """How many anime are on the list."""
    new: tuple[Change, ...]
    """Anime that the member has neither scored nor listed."""
    changed: tuple[Change, ...]
    """Anime whose score differs from the member's; these changes hold the list's score."""
    updated: tuple[Change, ...]
    """Anime without differing scores: the list adds a score, or has another status or date."""
    unchanged: int
    mine: Mapping[int, int]
    """The member's scores of the changed anime, 1–10, by anime id."""
    unmoved: frozenset[int]
    """Ids of the changed anime where only the score differs."""
    unknown: int
    """How many of the anime are not in the catalogue; they are kept anyway."""
    unrated: int
    """How many of the anime have no score on the list."""
    unsure: int
    """How many titles match no anime for sure; `found` does not count them."""

    @property
    def nothing_new(self) -> bool:
        """Whether the list changes nothing."""
        return not (self.new or self.changed or self.updated)


def plan(
    read: ReadList, ratings: Mapping[int, int], entries: Mapping[int, Entry], catalogue: Collection[int]
) -> Plan:
    """Compare a list with what the member has.

    A score, status or date that the list lacks stays as the member has it.

    Args:
        read: the list.
        ratings: the member's scores, 1–10, by anime id.
        entries: the member's list by anime id, as kept so far.
        catalogue: ids of known anime.
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
    """Get the changes to keep: all new and updated anime, and the changed ones as the member chose.

    Args:
        plan: the changes of the list.
        choice: 'keep mine' keeps the member's scores; status and dates come from the list either way.
    """
    if choice == "take theirs":
        return [*plan.new, *plan.updated, *plan.changed]
    moved = (change for change in plan.changed if change.anime_id not in plan.unmoved)
    return [*plan.new, *plan.updated, *(replace(change, score=None) for change in moved)]


def _merged(entry: ListEntry, held: Entry | None) -> Change:
    if held is None:
        # Dates say when a status began and ended, so they are kept only together with a status.
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
    """Whether the change gives another status or other dates."""
    now = (change.status, change.started, change.finished)
    before = (None, None, None) if held is None else (held.status, held.started, held.finished)
    return now != before
