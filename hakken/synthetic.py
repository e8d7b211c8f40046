"""Rating sets of any size with a real one's shape: popularity, list lengths, tastes, scores.

A made-up catalogue, then its users one block after the other:

- *popularity* of an anime is log-normal with a bend: ln w_i = σz + βz², z its normal quantile;
- *list lengths* are Burr's type XII (Burr, *Cumulative Frequency Functions*, 1942), cut at the catalogue's
  size and scaled to the ratings asked for;
- *who watches what*: u's list is drawn without replacement with the weights w_i·exp(p_u·q_i), by the
  exponential race (Efraimidis & Spirakis, *Weighted random sampling with a reservoir*, 2006);
- *scores* are where an opinion, b_i + b_u + σ_u(p_u·t_i + noise), falls between nine thresholds.

The constants were fitted to a sample of MyAnimeList; ``docs/synthetic.md`` holds both side by side.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import brentq
from scipy.special import ndtri

from hakken.errors import HakkenError
from hakken.ratings import Ratings, ReadReport

Progress = Callable[[str, float], None]
"""Told what is being done and which share of it is done, 0–1."""

_POPULARITY_SPREAD, _POPULARITY_BEND = 2.3, -0.10
_LENGTH_POWER, _LENGTH_TAIL = 0.767, 7.74
_TASTES = 12
_TASTE_DECAY = 0.9
_TASTE_IN_WATCHING = 1.2
_TASTE_IN_SCORES = 0.5
_LIKES_WHAT_IT_WATCHES = 0.6
_QUALITY_SPREAD, _QUALITY_OF_POPULARITY = 0.75, 0.4
_LEVEL_SPREAD, _LEVEL_OF_LENGTH = 0.75, -0.35
_NOISE = 1.0
_USER_SPREAD = 0.25
_THRESHOLDS = np.arange(1.5, 10, dtype=np.float32) - np.float32(7.75)

_USERS_PER_BLOCK = 64
_CATALOGUE, _LISTS, _USERS = range(3)
"""What the seed's children decide."""


class ShapeError(HakkenError, ValueError):
    """A rating set that cannot be made up: says which number to change."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a rating set is to be.

    Raises:
        ShapeError: there are fewer ratings than users, or more than users × anime.
    """

    users: int
    """How many users; each has one rating or more."""
    anime: int
    """How many anime the catalogue holds; those that nobody happens to rate are not in the ratings."""
    ratings: int
    """How many ratings; met exactly."""

    def __post_init__(self) -> None:
        if self.users < 1 or self.anime < 1:
            raise ShapeError("a rating set needs at least one user and one anime: ask for more")
        if not self.users <= self.ratings <= self.users * self.anime:
            raise ShapeError(
                f"{self.users} users and {self.anime} anime make from {self.users} to "
                f"{self.users * self.anime} ratings, not {self.ratings}: ask for a number between"
            )


@dataclass(frozen=True, slots=True)
class Block:
    """The lists of some users in a row."""

    first_user: int
    """Row of the first user, from 0."""
    lengths: NDArray[np.int64]
    """How many anime each of the users rated, shape (n_users,)."""
    anime: NDArray[np.int32]
    """Rows of the rated anime, rising within each user, shape (n_ratings,)."""
    scores: NDArray[np.float32]
    """1–10, shape (n_ratings,)."""


@dataclass(frozen=True)
class MadeUpSet:
    """A rating set that is not drawn yet: the same shape and seed draw the same, with any number of threads.

    The bits depend on NumPy's version and on the processor's vector unit.
    """

    shape: Shape
    seed: int = 0

    @cached_property
    def anime_ids(self) -> NDArray[np.int64]:
        """Ids of the catalogue's anime, shape (n_anime,), sorted, with gaps as MyAnimeList's have."""
        random = self._random(_CATALOGUE, 0)
        return np.sort(random.choice(3 * self.shape.anime, self.shape.anime, replace=False)) + 1

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """How many anime each user rates, 1 or more, shape (n_users,)."""
        random = self._random(_LISTS)
        users, anime, ratings = self.shape.users, self.shape.anime, self.shape.ratings
        drawn = ((1 - random.random(users)) ** (-1 / _LENGTH_TAIL) - 1) ** (1 / _LENGTH_POWER)
        drawn = np.maximum(drawn, 1e-9)

        def scaled(scale: float) -> NDArray[np.float64]:
            return np.clip(scale * drawn, 1, anime)

        wanted = scaled(brentq(lambda scale: scaled(scale).sum() - ratings, 0, anime / drawn.min()))
        lengths = wanted.astype(np.int64)
        by_remainder = np.argsort(lengths - wanted, kind="stable")
        lengths[by_remainder[: ratings - lengths.sum()]] += 1
        return lengths

    @cached_property
    def _anime(self) -> _Anime:
        return _Anime.draw(self.shape.anime, self._random(_CATALOGUE, 1))

    def blocks(self, *, threads: int | None = None) -> Iterator[Block]:
        """Draw the ratings, a block of users after the other; only a few blocks are in memory at a time.

        Args:
            threads: how many draw; ``None`` takes as many as there are processors.
        """
        count = threads or os.cpu_count() or 1
        firsts = iter(range(0, self.shape.users, _USERS_PER_BLOCK))
        _ = self.lengths, self._anime  # before the threads ask for them at once
        with ThreadPoolExecutor(count) as pool:
            ahead: deque[Future[Block]] = deque(
                pool.submit(self._block, first) for first in islice(firsts, 2 * count)
            )
            try:
                while ahead:
                    block = ahead.popleft().result()
                    ahead.extend(pool.submit(self._block, first) for first in islice(firsts, 1))
                    yield block
            finally:
                for waiting in ahead:
                    waiting.cancel()

    def ratings(self, *, threads: int | None = None, progress: Progress | None = None) -> Ratings:
        """Draw the ratings and hold them as a rating set; users have the ids from 1 on.

        Args:
            threads: how many draw; ``None`` takes as many as there are processors.
            progress: told now and then how far it is.
        """
        total = self.shape.ratings
        wide = np.int64 if total > np.iinfo(np.int32).max else np.int32
        start = np.concatenate(([0], np.cumsum(self.lengths))).astype(wide)
        anime, scores = np.empty(total, np.int32), np.empty(total, np.float32)
        done = 0
        for block in self.blocks(threads=threads):
            span = slice(done, done + len(block.anime))
            anime[span], scores[span] = block.anime, block.scores
            done = span.stop
            if progress:
                progress("making up ratings", done / total)
        rated = np.zeros(self.shape.anime, np.bool_)
        rated[anime] = True
        if not rated.all():
            anime = (np.cumsum(rated, dtype=np.int32) - 1)[anime]
        matrix = sparse.csr_array(
            (scores, anime.astype(wide, copy=False), start), shape=(self.shape.users, int(rated.sum()))
        )
        matrix.has_sorted_indices = True
        return Ratings(
            np.arange(1, self.shape.users + 1), self.anime_ids[rated], matrix, ReadReport(total, 0, 0)
        )

    def _block(self, first: int) -> Block:
        random = self._random(_USERS, first)
        lengths = self.lengths[first : first + _USERS_PER_BLOCK]
        anime = self._anime
        tastes = random.standard_normal((len(lengths), _TASTES), np.float32)
        lists = anime.race(tastes, lengths, random)
        users = np.repeat(np.arange(len(lengths)), lengths)
        scores = anime.score(tastes, lengths / self.lengths.mean(), users, lists, random)
        return Block(first, lengths, lists, scores)

    def _random(self, *key: int) -> np.random.Generator:
        return np.random.Generator(np.random.SFC64(np.random.SeedSequence(self.seed, spawn_key=key)))


@dataclass(frozen=True, slots=True)
class _Anime:
    """What the users' lists and scores depend on."""

    log_popularity: NDArray[np.float32]
    """ln w_i, shape (n_anime,)."""
    quality: NDArray[np.float32]
    """b_i, shape (n_anime,)."""
    attracts: NDArray[np.float32]
    """q_i, shape (n_tastes, n_anime)."""
    pleases: NDArray[np.float32]
    """t_i, shape (n_anime, n_tastes)."""

    @classmethod
    def draw(cls, count: int, random: np.random.Generator) -> _Anime:
        z = random.permutation(ndtri((np.arange(count) + 0.5) / count))
        weight = _TASTE_DECAY ** np.arange(_TASTES)
        weight /= np.sqrt((weight**2).sum())
        attracts = random.standard_normal((count, _TASTES)) * weight
        others = random.standard_normal((count, _TASTES)) * weight
        tie = _LIKES_WHAT_IT_WATCHES
        pleases = _TASTE_IN_SCORES * (tie * attracts + np.sqrt(1 - tie**2) * others)
        own = np.sqrt(1 - _QUALITY_OF_POPULARITY**2) * random.standard_normal(count)
        return cls(
            (_POPULARITY_SPREAD * z + _POPULARITY_BEND * z**2).astype(np.float32),
            (_QUALITY_SPREAD * (_QUALITY_OF_POPULARITY * z + own)).astype(np.float32),
            np.ascontiguousarray(_TASTE_IN_WATCHING * attracts.T, np.float32),
            pleases.astype(np.float32),
        )

    def race(
        self, tastes: NDArray[np.float32], lengths: NDArray[np.int64], random: np.random.Generator
    ) -> NDArray[np.int32]:
        """Each user's list: the anime that come first when each takes a time of Exp(1)/weight."""
        lists = []
        for taste, length in zip(tastes, lengths.tolist(), strict=True):
            times = random.standard_exponential(len(self.quality), np.float32)
            times *= np.exp(-self.log_popularity - taste @ self.attracts)
            last = np.partition(times, length - 1)[length - 1]
            lists.append(np.flatnonzero(times <= last)[:length].astype(np.int32))
        return np.concatenate(lists)

    def score(
        self,
        tastes: NDArray[np.float32],
        lengths: NDArray[np.float64],
        users: NDArray[np.intp],
        lists: NDArray[np.int32],
        random: np.random.Generator,
    ) -> NDArray[np.float32]:
        """Scores of the listed anime; ``lengths`` are relative to the mean length."""
        level = _LEVEL_SPREAD * random.standard_normal(len(lengths)) + _LEVEL_OF_LENGTH * np.log(lengths)
        spread = np.exp(_USER_SPREAD * random.standard_normal(len(lengths)))
        opinions = np.einsum("nt,nt->n", tastes[users], self.pleases[lists])
        opinions += _NOISE * random.standard_normal(len(lists), np.float32)
        opinions *= spread.astype(np.float32)[users]
        opinions += level.astype(np.float32)[users]
        opinions += self.quality[lists]
        scores: NDArray[np.float32] = (np.searchsorted(_THRESHOLDS, opinions) + 1).astype(np.float32)
        return scores


def generate(
    shape: Shape, seed: int = 0, *, threads: int | None = None, progress: Progress | None = None
) -> Ratings:
    """Make up a rating set: `MadeUpSet.ratings`."""
    return MadeUpSet(shape, seed).ratings(threads=threads, progress=progress)
