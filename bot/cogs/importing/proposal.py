"""A list that waits for the member's decision, in the form that the database keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self

from pydantic import TypeAdapter

from bot.lists import ListEntry, ReadList, Unsure
from hakken import Catalogue

MAX_QUESTIONS = 25
"""Custom ids have room for a digit per answer within their 100 characters."""
NONE_OF_THESE = "0"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A list, and the questions about it.

    Answers are a string of one digit per question: `NONE_OF_THESE`, or a candidate's number from 1.
    """

    read: ReadList
    """Its unsure titles are the questions."""
    unasked: int
    """How many more titles are unsure."""

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
        asked = tuple(islice((one for one in likely if one.candidates), MAX_QUESTIONS))
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

    def question(self, answers: str) -> Unsure | None:
        """Get the question after these answers; None after the last."""
        return self.read.unsure[len(answers)] if len(answers) < len(self.read.unsure) else None

    def answered(self, answers: str) -> ReadList:
        """Add the answers to the list; titles without an answer stay unsure.

        An anime that is on the list already keeps its entry.
        """
        by_id = {entry.anime_id: entry for entry in self.read.entries}
        for entry in self._named(answers):
            by_id.setdefault(entry.anime_id, entry)
        return replace(self.read, entries=tuple(by_id.values()), unsure=self.read.unsure[len(answers) :])

    def _named(self, answers: str) -> Iterator[ListEntry]:
        for one, digit in zip(self.read.unsure, answers, strict=False):
            if 0 < int(digit) <= len(one.candidates):
                yield one.named(one.candidates[int(digit) - 1])


_FORM = TypeAdapter(Proposal)
