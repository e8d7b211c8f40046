"""Client for AniList's public GraphQL API, with one shared rate limit: lists first, covers in spare turns.

The API is documented at https://docs.anilist.co/guide/rate-limiting, /guide/graphql/queries/media-list,
/guide/graphql/errors and /reference/query (``MediaListCollection``: chunks of up to 500 entries, 11,000
entries at most).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from http import HTTPStatus

from pydantic import AliasPath, BaseModel, Field, ValidationError
from yarl import URL

from bot.lists import MAX_ENTRIES, ReadList
from bot.sites import anilist_covers, failures
from bot.sites import anilist_ids as ids
from bot.sites.anilist_ids import LARGEST_ID
from bot.sites.failures import AskedTooOftenError, SiteError
from bot.sites.harvest import Harvest
from bot.sites.pace import Pace
from bot.sites.scores import ROUNDING, ScoreFormat, ScoreOutOfScaleError, ten_points
from bot.sites.visits import MINUTE, Patience, Progress, Site, SiteAnswer, Visit, check_order, in_form, untold
from hakken.lists.titles import NOT_ON_MYANIMELIST

ADDRESS = "https://graphql.anilist.co"
SITE = "AniList"
CHUNK = 500
"""Entries in one answer: the most that AniList gives."""

# Scores come in the owner's own format, as they gave them. An entry is repeated: it is in its status's group
# and in each custom list that it belongs to.
QUERY = """
query ($name: String, $chunk: Int, $size: Int) {
  MediaListCollection(userName: $name, type: ANIME, chunk: $chunk, perChunk: $size) {
    hasNextChunk
    user { mediaListOptions { scoreFormat } }
    lists {
      entries {
        id
        status
        score
        startedAt { year month day }
        completedAt { year month day }
        media { idMal title { romaji } }
      }
    }
  }
}
"""

_LONGEST_NAME = 20
_NAME = re.compile(rf"[A-Za-z0-9_-]{{2,{_LONGEST_NAME}}}")


class _FuzzyDate(BaseModel):
    year: int | None = None
    month: int | None = None
    day: int | None = None


class _Entry(BaseModel):
    entry_id: int = Field(alias="id")
    status: str | None
    score: float | None
    started: _FuzzyDate | None = Field(alias="startedAt")
    finished: _FuzzyDate | None = Field(alias="completedAt")
    anime_id: int | None = Field(default=None, validation_alias=AliasPath("media", "idMal"))
    title: str | None = Field(default=None, validation_alias=AliasPath("media", "title", "romaji"))


class _Group(BaseModel):
    entries: list[_Entry]


class _Collection(BaseModel):
    has_next: bool = Field(alias="hasNextChunk")
    score_format: ScoreFormat = Field(validation_alias=AliasPath("user", "mediaListOptions", "scoreFormat"))
    groups: list[_Group] | None = Field(alias="lists")

    def entries(self) -> list[_Entry]:
        return [entry for group in self.groups or () for entry in group.entries]


class _Data(BaseModel):
    collection: _Collection | None = Field(alias="MediaListCollection")


class _Complaint(BaseModel):
    message: str | None = None
    status: int | None = None


class _Answer(BaseModel):
    data: _Data | None = None
    errors: list[_Complaint] = []


class AniList:
    """The AniList client, for lists and covers; needs no registration."""

    def __init__(
        self, address: str = ADDRESS, *, patience: Patience | None = None, per_minute: int = 90
    ) -> None:
        """Create a client; it sends nothing before the first request.

        Args:
            address: URL of AniList's GraphQL endpoint.
            patience: timeouts and retries.
            per_minute: the most requests a minute, at least 1; fewer if AniList's answers say so.
        """
        self._address = URL(address)
        self._site = Site(SITE, Pace(per_minute), patience)

    async def close(self) -> None:
        """Close the session; no requests are possible afterwards."""
        await self._site.close()

    async def spare_turn(self) -> None:
        """Wait until `covers` may send a request: members' lists go first."""
        await self._site.pace.spare_turn()

    async def covers(self, anime_ids: Sequence[int]) -> dict[int, str | None]:
        """See `anilist_covers.covers`; call it after a `spare_turn`."""
        return await anilist_covers.covers(self._site, self._address, anime_ids)

    async def mal_ids(self, anilist_ids: Iterable[int]) -> dict[int, int]:
        """See `anilist_ids.mal_ids`."""
        async with self._site.visit() as visit:
            return await ids.mal_ids(visit, self._address, anilist_ids)

    async def fetch(self, name: str, progress: Progress = untold) -> ReadList:
        """Fetch the anime list of the AniList user with this name.

        Entries without an id on MyAnimeList are skipped and counted; dates without a day are left out.

        Args:
            name: the user's name on AniList; case does not matter.
            progress: called after each chunk with the number of entries so far; its time counts, too.

        Returns:
            The whole list, one entry per anime.

        Raises:
            SiteError: the list could not be fetched; carries one sentence for the member. No partial list
                is returned.
        """
        name = name.strip()
        if not _NAME.fullmatch(name):
            raise failures.bad_name(SITE, _LONGEST_NAME)
        read: dict[int, tuple[_Entry, ScoreFormat]] = {}
        async with self._site.visit() as visit:
            for chunk in range(1, MAX_ENTRIES // CHUNK + 1):
                page = await self._chunk(visit, name, chunk)
                read.update((entry.entry_id, (entry, page.score_format)) for entry in page.entries())
                await progress(len(read))
                if not page.has_next:
                    break
            else:
                raise failures.too_large(SITE)
        if not read:
            raise failures.empty_list(SITE, name)
        return _list_of(read.values())

    async def _chunk(self, visit: Visit, name: str, chunk: int) -> _Collection:
        question = {"query": QUERY, "variables": {"name": name, "chunk": chunk, "size": CHUNK}}
        return await visit.ask(lambda answer: _page(answer, name), "POST", self._address, body=question)


def _page(answer: SiteAnswer, name: str) -> _Collection:
    """Read a chunk from an answer, or raise the reason why there is none."""
    if answer.status != HTTPStatus.OK:
        raise _refusal(answer.status, _complaints(answer.body), name)
    content = in_form(SITE, _Answer, answer.body)
    if content.errors:
        # Errors may also come with HTTP 200; then the data may be incomplete.
        status = next((error.status for error in content.errors if error.status), HTTPStatus.OK)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise AskedTooOftenError(SITE, MINUTE)
        check_order(SITE, status)
        raise _refusal(status, content.errors, name)
    page = content.data.collection if content.data else None
    if page is None or page.groups is None or (page.has_next and not page.entries()):
        raise failures.half_an_answer(SITE)
    return page


def _complaints(body: bytes) -> list[_Complaint]:
    try:
        return _Answer.model_validate_json(body).errors
    except ValidationError:
        return []


def _refusal(status: int, complaints: Iterable[_Complaint], name: str) -> SiteError:
    # A private profile answers 404 like an unknown one; only the message differs.
    words = " ".join(one.message or "" for one in complaints).lower()
    if "private" in words:
        return failures.private_list(SITE, name)
    if status == HTTPStatus.NOT_FOUND or "not found" in words:
        return failures.unknown_name(SITE, name)
    if status == HTTPStatus.FORBIDDEN:
        return failures.turned_away(SITE)
    return failures.refused(SITE, status)


def _list_of(read: Iterable[tuple[_Entry, ScoreFormat]]) -> ReadList:
    harvest = Harvest()
    formats: dict[ScoreFormat, None] = {}
    for entry, form in read:
        if entry.anime_id is None or not 0 < entry.anime_id <= LARGEST_ID:
            harvest.pass_over(NOT_ON_MYANIMELIST)
            continue
        try:
            score = ten_points(entry.score or 0, form)
        except ScoreOutOfScaleError:
            score = None
            harvest.count_unknown_score(entry.score or 0)
        if score is not None:
            formats[form] = None
        harvest.add(
            entry.anime_id,
            title=entry.title,
            score=score,
            status=harvest.status(entry.status),
            started=_day(harvest, entry.started),
            finished=_day(harvest, entry.finished),
        )
    return harvest.whole("anilist", (ROUNDING[form] for form in formats))


def _day(harvest: Harvest, fuzzy: _FuzzyDate | None) -> date | None:
    return harvest.day(fuzzy.year, fuzzy.month, fuzzy.day) if fuzzy else None
