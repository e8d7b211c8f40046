"""A list that waits for its member's word, as the database keeps it until then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self

from pydantic import TypeAdapter

from bot.lists import ListEntry, ReadList, Unsure
from hakken import Catalogue

MAX_QUESTIONS = 25
"""Custom ids carry a digit for each answer, beside all else in their 100 characters."""
NONE_OF_THESE = "0"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A list with what a member is asked about it.

    Answers are one digit for each question in turn: `NONE_OF_THESE`, or the place of a candidate from 1 on.
    """

    read: ReadList
    """Its unsure titles are those that are asked about."""
    unasked: int
    """How many more are unsure."""

    @classmethod
    def of(cls, read: ReadList, catalogue: Catalogue, *, adult: bool) -> Self:
        """Ask about the first unsure titles that have candidates.

        Args:
            read: the list.
            catalogue: tells what is rated 18+.
            adult: whether that may be named where the questions are asked.
        """

        def narrowed(one: Unsure) -> Unsure:
            shown = (anime_id for anime_id in one.candidates if adult or not catalogue.anime(anime_id).adult)
            return replace(one, candidates=tuple(shown))

        likely = (narrowed(one) for one in read.unsure if one.candidates)
        asked = tuple(islice((one for one in likely if one.candidates), MAX_QUESTIONS))
        return cls(replace(read, unsure=asked), len(read.unsure) - len(asked))

    @classmethod
    def from_body(cls, body: Mapping[str, object]) -> Proposal:
        """As `to_body` gave it.

        Raises:
            ValidationError: another version's.
        """
        return _FORM.validate_python(body)

    def to_body(self) -> dict[str, object]:
        """Plain data, as JSON keeps it."""
        body: dict[str, object] = _FORM.dump_python(self, mode="json")
        return body

    def question(self, answers: str) -> Unsure | None:
        """The title that is asked about after these answers; None after the last."""
        return self.read.unsure[len(answers)] if len(answers) < len(self.read.unsure) else None

    def answered(self, answers: str) -> ReadList:
        """The list with what the answers add to it; what is not answered stays unsure.

        An anime that stands on the list already keeps its entry.
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
