"""Typed relations: what a catalogue states of prequels, side stories, other versions and recaps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from hakken.catalogue.anime import Anime
from hakken.catalogue.franchises import franchises
from hakken.catalogue.parts import MAIN, Kind, kind_of, when

__all__ = ["TypedRelations"]

_BESIDE = 2
"""If an anime has this many times the members of a part before it, people skip that part."""
_RECUT = 2
"""Maximum years between a series and a film that its studio cuts from it, or the other way round."""


class _Related(dict[int, set[int]]):
    """Ids of the related anime, only of the anime that have some."""

    def __missing__(self, anime_id: int) -> set[int]:
        return set()


@dataclass(frozen=True, slots=True)
class TypedRelations:
    """The typed relations between the anime of a catalogue."""

    anime: Mapping[int, Anime]
    kind: dict[int, Kind]
    """The kind of each within its franchise."""
    prequels: _Related
    """Ids of all prequels."""
    sequels: _Related
    """Ids of all sequels."""
    parents: _Related
    """Ids of the anime whose side stories or recaps they are."""
    versions: _Related
    """Ids of the other versions of the story, and of other stories in the same setting."""
    line: Mapping[int, int]
    """A number that anime share if prequels and sequels join them; without any, there is none."""

    @classmethod
    def of(cls, anime: Collection[Anime]) -> Self:
        """Collect the relations, which may be stated at either end; ids of no anime are ignored."""
        by_id = {one.anime_id: one for one in anime}
        prequels = _related(by_id, lambda one: one.prequels, lambda one: one.sequels)
        # Catalogues sometimes turn a summary round, but few watch a recap.
        recaps = {
            other
            for one in anime
            for other in one.summaries
            if other in by_id and by_id[other].members <= one.members
        }
        return cls(
            by_id,
            {one.anime_id: "recap" if one.anime_id in recaps else kind_of(one) for one in anime},
            prequels,
            _related(by_id, lambda one: one.sequels, lambda one: one.prequels),
            _related(by_id, lambda one: one.parents, lambda one: (*one.side_stories, *one.summaries)),
            _related(by_id, lambda one: one.alternatives, lambda one: one.alternatives),
            franchises({anime_id: prequels[anime_id] for anime_id in by_id}),
        )

    def stands_alone(self, one: Anime) -> bool:
        """Return whether an anime without any ``before`` continues nothing: its relations would say so.

        The relations of a film or an extra often lack its series.
        """
        if self.versions[one.anime_id] or self.kind[one.anime_id] != "season":
            return bool(self.versions[one.anime_id])
        stated = (one.prequels, one.sequels, one.parents, one.side_stories, one.alternatives, one.summaries)
        related = (self.prequels, self.sequels, self.parents)
        return any(stated) or any(one.anime_id in others for others in related)

    def before(self, one: Anime) -> set[int]:
        """List what to watch directly before: its prequels or, for a side story, its series."""
        anime_id = one.anime_id
        if found := self.prequels[anime_id]:
            found = {self._best_version(other, one) for other in found - self.versions[anime_id]}
        elif self.kind[anime_id] != "season" or one.type not in ("TV", None):
            found = self._series(one) - self.versions[anime_id]
            if not found and self.kind[anime_id] == "extra" and one.episodes == 1:
                # 'X: Another World' retells nothing in one episode: it is for people who know X.
                found = {
                    other
                    for other in self.versions[anime_id]
                    if self._made_before(other, one) and one.title.startswith(self.anime[other].title)
                }
        kept: set[int] = set()
        for other in sorted((self.anime[other] for other in found), key=when):
            # The first made of several versions is enough.
            if kept.isdisjoint(self.versions[other.anime_id]):
                kept.add(other.anime_id)
        return kept

    def retells(self, one: Anime, other: Anime) -> bool:
        """Return whether an anime, or a sequel of it, tells the story of another in its own way."""
        versions = self.versions[other.anime_id]
        return one.anime_id in versions or not versions.isdisjoint(self.sequels[one.anime_id])

    def skips(self, one: Anime, before: Anime) -> bool:
        """Return whether people watch an anime without a part before it.

        It was made later, for people who know the anime, or it is no season and few watch it.
        """
        if before.year is not None and one.year is not None and before.year > one.year:
            return 0 < before.members < _BESIDE * one.members
        return self.kind[before.anime_id] != "season" and 0 < _BESIDE * before.members < one.members

    def recuts(self) -> dict[int, set[int]]:
        """Find the anime that together show another again; only anime that have some are keys."""
        found = {}
        for anime_id, versions in self.versions.items():
            if same := {other for other in versions if self._is_recut(anime_id, other)}:
                found[anime_id] = same
        return found

    def _series(self, one: Anime) -> set[int]:
        """Find the series of a side story; a crossover has several and needs none of them."""
        parents = self.parents[one.anime_id]
        if self.kind[one.anime_id] == "film":
            parents = {other for other in parents if self.kind[other] == "season"}
        series = {other for other in parents if self.kind[other] in MAIN} or parents
        if len({self.line.get(other, other) for other in series}) > 1:
            return set()
        return {other for other in series if self.anime[other].members >= one.members}

    def _best_version(self, before: int, one: Anime) -> int:
        """Find the version of a prequel that people know: the series, not its recut or extra episode."""
        prequel = self.anime[before]
        if prequel.type in ("TV", None):
            return before
        better = {
            other
            for other in self.versions[before] - self.versions[one.anime_id] - {one.anime_id}
            if (prequel.type != "Movie" or self._is_recut(before, other)) and self._made_before(other, one)
            if self.anime[other].members > _BESIDE * prequel.members
        }
        return max(better, key=lambda other: (self.anime[other].members, -other), default=before)

    def _made_before(self, before: int, one: Anime) -> bool:
        return self.kind[before] in MAIN and when(self.anime[before]) < when(one)

    def _is_recut(self, anime_id: int, version: int) -> bool:
        one, other = self.anime[anime_id], self.anime[version]
        if {self.kind[anime_id], self.kind[version]} != MAIN or one.year is None or other.year is None:
            return False
        return abs(one.year - other.year) <= _RECUT and not set(one.studios).isdisjoint(other.studios)


def _related(
    by_id: Mapping[int, Anime],
    here: Callable[[Anime], Iterable[int]],
    there: Callable[[Anime], Iterable[int]],
) -> _Related:
    related = _Related()
    for anime_id, one in by_id.items():
        stated = *((anime_id, other) for other in here(one)), *((other, anime_id) for other in there(one))
        for one_id, other_id in stated:
            if one_id != other_id and one_id in by_id and other_id in by_id:
                related.setdefault(one_id, set()).add(other_id)
    return related
