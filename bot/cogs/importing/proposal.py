"""A list that waits for the member's decision, in the form that the database keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self

from pydantic import TypeAdapter

from bot.lists import ReadList, Status, Unsure
from hakken import Catalogue

MAX_QUESTIONS = 25
"""Custom ids have room for a digit per answer within their 100 characters."""
NONE_OF_THESE = "0"
SEEN: tuple[tuple[str, Status], ...] = (("Seen them", "completed"), ("Plan to watch", "planned"))
"""Answers to a list of titles alone, and the status that each gives to all of them."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A list, and the questions about it.

    Answers are a string of one digit per question. The first question may be about the list as a whole: its
    answer is the number of a button, from 1. All others are about titles: `NONE_OF_THESE`, or a candidate's
    number from 1.
    """

    read: ReadList
    """Its unsure titles are the questions."""
    unasked: int
    """How many more titles are unsure."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The buttons that answer the question about the whole list; empty if there is none."""
        if len(self.read.tops) > 1:
            return tuple(f"Out of {top}" for top in self.read.tops)
        return tuple(label for label, _ in SEEN) if self.read.titles_alone else ()

    @classmethod
    def of(cls, read: ReadList, catalogue: Catalogue, *, adult: bool) -> Self:
        """Ask about the first unsure titles that have candidates.

        Args:
            read: the list.
            catalogue: knows which anime are 18+.
            adult: whether 18+ may be named where the questions are asked.
        """

        def narrowed(one: Unsure) -> Unsure:
            shown = (anime_id for anime_id in one.candidates if adult or not catalogue.anime(anime_id).adult)
            return replace(one, candidates=tuple(shown))

        likely = (narrowed(one) for one in read.unsure if one.candidates)
        room = MAX_QUESTIONS - bool(cls(read, 0).choices)
        asked = tuple(islice((one for one in likely if one.candidates), room))
        return cls(replace(read, unsure=asked), len(read.unsure) - len(asked))

    @classmethod
    def from_body(cls, body: Mapping[str, object]) -> Proposal:
        """Read what `to_body` made.

        Raises:
            ValidationError: another version made it.
        """
        return _FORM.validate_python(body)

    def to_body(self) -> dict[str, object]:
        """Make plain data for JSON."""
        body: dict[str, object] = _FORM.dump_python(self, mode="json")
        return body

    def chosen(self, answers: str) -> bool:
        """Whether the question about the whole list has an answer, or there is none."""
        return not self.choices or (answers != "" and 1 <= int(answers[0]) <= len(self.choices))

    def question(self, answers: str) -> Unsure | None:
        """Get the question about a title after these answers; None after the last."""
        at = len(self._about_titles(answers))
        return self.read.unsure[at] if at < len(self.read.unsure) else None

    def number(self, answers: str) -> int:
        """Get the number of the question about a title after these answers, from 1."""
        return len(self._about_titles(answers)) + 1

    def answered(self, answers: str) -> ReadList:
        """Add the answers to the list; titles without an answer stay unsure.

        An anime that is on the list already keeps its entry, and a note says so if the two differ.
        """
        read, about_titles = self.read, self._about_titles(answers)
        notes: dict[str, None] = {}
        if self.choices and self.chosen(answers):
            at = int(answers[0]) - 1
            read = read.out_of(read.tops[at]) if len(read.tops) > 1 else read.all_with(SEEN[at][1])
        by_id = {entry.anime_id: entry for entry in read.entries}
        for one, digit in zip(read.unsure, about_titles, strict=False):
            if 0 < int(digit) <= len(one.candidates):
                entry = one.named(one.candidates[int(digit) - 1])
                kept = by_id.setdefault(entry.anime_id, entry)
                if replace(kept, title=entry.title) != entry:
                    notes[f"“{one.text}” is on the list by another name, too: that entry counts."] = None
        return replace(
            read,
            entries=tuple(by_id.values()),
            unsure=read.unsure[len(about_titles) :],
            notes=(*notes, *read.notes),
        )

    def _about_titles(self, answers: str) -> str:
        return answers[1:] if self.choices else answers


_FORM = TypeAdapter(Proposal)
