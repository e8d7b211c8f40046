"""Synthetic rating sets of any size with the shape of a real one: popularity, list lengths, tastes, scores.

First the catalogue is made up, then the users one by one:

- *popularity* of an anime is log-normal with a bend: ln w_i = σz + βz², z being its normal quantile;
- *franchises* have Zipf-distributed sizes; their anime are similar in popularity, quality and taste;
- *list lengths* follow Burr's type XII (Burr, *Cumulative Frequency Functions*, 1942), cut at the catalogue's
  size and scaled to the requested number of ratings;
- *lists*: u's list is drawn without replacement with the weights w_i·exp(p_u·q_i + f_u), f_u being the
  fondness of i's franchise, by the exponential race (Efraimidis & Spirakis, *Weighted random sampling with
  a reservoir*, 2006);
- *scores*: an opinion, σ_u(b_i + p_u·t_i + f_u + noise) + b_u, is converted to a score by nine thresholds.

The constants were fitted to a sample of MyAnimeList; ``docs/synthetic.md`` compares both.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
import scipy  # loads scipy.optimize, which is slow, at its first use
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import ndtri

from hakken.errors import HakkenError
from hakken.progress import Progress
from hakken.ratings.ratings import Ratings, ReadReport

# Popularity: σ, β, and how it rises with the logarithm of a franchise's size.
_POPULARITY_SPREAD, _POPULARITY_BEND, _POPULAR_FRANCHISES = 3.4, -0.09, 0.3
# Burr's c and k.
_LENGTH_POWER, _LENGTH_TAIL = 0.767, 7.74
# The exponent of Zipf's law, and the share of the variance that lies between franchises.
_FRANCHISE_SIZES, _FRANCHISE_SHARE = 2.7, 0.6
# Number of components of p, q and t, and the decay of their weights.
_TASTES, _TASTE_DECAY = 12, 0.8
# Standard deviations over all anime and users: p·q and f in the weights, p·t and f in the opinions.
_TASTE_IN_LISTS, _FONDNESS_IN_LISTS = 2.5, 0.9
_TASTE_IN_SCORES, _FONDNESS_IN_SCORES = 0.9, 0.6
# Correlation of q and t.
_LIKES_WHAT_IT_WATCHES = 0.5
# b_i and its correlation with z.
_QUALITY_SPREAD, _QUALITY_OF_POPULARITY = 0.7, 0.8
# b_u and how it falls with the logarithm of the list's length.
_LEVEL_SPREAD, _LEVEL_OF_LENGTH = 0.65, -0.17
# The standard deviations of the noise and of ln σ_u.
_NOISE, _USER_SPREAD = 0.8, 0.27
# Thresholds that give the opinions the sample's shares of scores.
_THRESHOLDS = np.array([-2.43, -1.95, -1.53, -1.05, -0.39, 0.35, 1.31, 2.35, 3.46], np.float32)

_USERS_PER_BLOCK = 64
_CATALOGUE, _LENGTHS, _LISTS = range(3)
"""Keys of the child seeds."""


class ShapeError(HakkenError, ValueError):
    """A rating set cannot be generated; the message says which number to change."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Size of a rating set.

    Raises:
        ShapeError: there are fewer ratings than users, or more than users × anime.
    """

    users: int
    """Number of users; each has at least one rating."""
    anime: int
    """Number of anime in the catalogue; those that get no rating are not in the rating set."""
    ratings: int
    """Exact number of ratings."""

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
    """The lists of some consecutive users."""

    first_user: int
    """Row of the first user, from 0."""
    lengths: NDArray[np.int64]
    """Number of anime that each of the users rated, shape (n_users,)."""
    anime: NDArray[np.int32]
    """Rows of the rated anime, ascending within each user, shape (n_ratings,)."""
    scores: NDArray[np.float32]
    """Their scores, 1–10, shape (n_ratings,)."""


@dataclass(frozen=True, slots=True)
class MadeUpAnime:
    """Properties of the catalogue's anime on which lists and scores depend, a row each."""

    ids: NDArray[np.int64]
    """Anime ids, sorted, with gaps like MyAnimeList's, shape (n_anime,)."""
    log_popularity: NDArray[np.float32]
    """ln w_i, shape (n_anime,)."""
    quality: NDArray[np.float32]
    """b_i in rating points, shape (n_anime,)."""
    franchises: NDArray[np.intp]
    """Numbers from 0 on, the larger franchises first, shape (n_anime,)."""
    attracts: NDArray[np.float32]
    """q_i, shape (n_tastes, n_anime)."""
    pleases: NDArray[np.float32]
    """t_i, shape (n_anime, n_tastes)."""
    n_series: int
    """Number of franchises with more than one anime."""

    @classmethod
    def draw(cls, count: int, random: np.random.Generator) -> MadeUpAnime:
        """Make up a catalogue of ``count`` anime."""
        sizes = np.minimum(random.zipf(_FRANCHISE_SIZES, count), count)
        sizes = sizes[: np.searchsorted(np.cumsum(sizes), count) + 1]
        sizes[-1] -= sizes.sum() - count
        sizes = np.sort(sizes)[::-1]
        franchises = random.permutation(np.repeat(np.arange(len(sizes)), sizes))

        def normal(parts: int = 1) -> NDArray[np.float64]:
            of_franchises = random.standard_normal((len(sizes), parts))[franchises]
            own = random.standard_normal((count, parts))
            return _mix(of_franchises, own, np.sqrt(_FRANCHISE_SHARE))

        fame = normal()[:, 0] + _POPULAR_FRANCHISES * np.log(sizes[franchises])
        z = np.empty(count)
        z[np.argsort(fame)] = ndtri((np.arange(count) + 0.5) / count)
        weights = _TASTE_DECAY ** np.arange(_TASTES)
        weights /= np.linalg.norm(weights)
        attracts = weights * normal(_TASTES)
        pleases = _mix(attracts, weights * normal(_TASTES), _LIKES_WHAT_IT_WATCHES)
        return cls(
            ids=np.sort(random.choice(3 * count, count, replace=False)) + 1,
            log_popularity=(_POPULARITY_SPREAD * z + _POPULARITY_BEND * z**2).astype(np.float32),
            quality=(_QUALITY_SPREAD * _mix(z, normal()[:, 0], _QUALITY_OF_POPULARITY)).astype(np.float32),
            franchises=franchises,
            attracts=np.ascontiguousarray(_TASTE_IN_LISTS * attracts.T, np.float32),
            pleases=(_TASTE_IN_SCORES * pleases).astype(np.float32),
            n_series=int((sizes > 1).sum()),
        )

    def list_of(
        self, length: int, relative_length: float, random: np.random.Generator
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Draw a list of this length, also given relative to the mean: its anime, ascending, and scores."""
        taste = random.standard_normal(_TASTES, np.float32)
        fondness = np.zeros(self.franchises.max() + 1, np.float32)
        random.standard_normal(dtype=np.float32, out=fondness[: self.n_series])

        # Without BLAS, whose threads would compete with ours.
        appeal = self.log_popularity + np.einsum("t,ta->a", taste, self.attracts)
        appeal += (np.float32(_FONDNESS_IN_LISTS) * fondness)[self.franchises]
        times = random.standard_exponential(len(appeal), np.float32)
        times *= np.exp(-appeal)
        last = np.partition(times, length - 1)[length - 1]
        listed = np.flatnonzero(times <= last)[:length].astype(np.int32)

        opinions = _NOISE * random.standard_normal(length, np.float32)
        opinions += self.quality[listed] + np.einsum("at,t->a", self.pleases[listed], taste)
        opinions += np.float32(_FONDNESS_IN_SCORES) * fondness[self.franchises[listed]]
        opinions *= np.exp(_USER_SPREAD * random.standard_normal())
        opinions += _LEVEL_SPREAD * random.standard_normal() + _LEVEL_OF_LENGTH * np.log(relative_length)
        return listed, (np.searchsorted(_THRESHOLDS, opinions) + 1).astype(np.float32)


@dataclass(frozen=True)
class MadeUpSet:
    """A rating set that is drawn lazily; the same shape and seed give the same set for any number of threads.

    The exact bits depend on NumPy's version and on the processor's vector unit.
    """

    shape: Shape
    seed: int = 0

    @cached_property
    def anime(self) -> MadeUpAnime:
        """The catalogue; it depends only on its size and the seed."""
        return MadeUpAnime.draw(self.shape.anime, self._random(_CATALOGUE))

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Number of anime that each user rates, 1 or more, shape (n_users,)."""
        users, anime, ratings = self.shape.users, self.shape.anime, self.shape.ratings
        left = 1 - self._random(_LENGTHS).random(users)
        drawn = np.maximum((left ** (-1 / _LENGTH_TAIL) - 1) ** (1 / _LENGTH_POWER), 1e-9)

        def scaled(scale: float) -> NDArray[np.float64]:
            return np.clip(scale * drawn, 1, anime)

        wanted = scaled(
            scipy.optimize.brentq(lambda scale: scaled(scale).sum() - ratings, 0, anime / drawn.min())
        )
        lengths = wanted.astype(np.int64)
        by_remainder = np.argsort(lengths - wanted, kind="stable")
        lengths[by_remainder[: ratings - lengths.sum()]] += 1
        return lengths

    def blocks(self, *, threads: int | None = None) -> Iterator[Block]:
        """Draw the ratings in blocks of users; only a few blocks are in memory at a time.

        Args:
            threads: number of threads; ``None`` uses one per processor.
        """
        count = threads or os.cpu_count() or 1
        firsts = iter(range(0, self.shape.users, _USERS_PER_BLOCK))
        _ = self.lengths, self.anime  # compute them before the threads need them at once
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
        """Draw all ratings as a rating set; users have ids from 1 on.

        Args:
            threads: number of threads; ``None`` uses one per processor.
            progress: called now and then with the progress.
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
        user_ids = np.arange(1, self.shape.users + 1)
        return Ratings(user_ids, self.anime.ids[rated], matrix, ReadReport(total, 0, 0))

    def _block(self, first: int) -> Block:
        random = self._random(_LISTS, first)
        lengths = self.lengths[first : first + _USERS_PER_BLOCK]
        relative = lengths / (self.shape.ratings / self.shape.users)
        lists, scores = zip(
            *(
                self.anime.list_of(length, in_means, random)
                for length, in_means in zip(lengths.tolist(), relative.tolist(), strict=True)
            ),
            strict=True,
        )
        return Block(first, lengths, np.concatenate(lists), np.concatenate(scores))

    def _random(self, *key: int) -> np.random.Generator:
        return np.random.Generator(np.random.SFC64(np.random.SeedSequence(self.seed, spawn_key=key)))


def generate(
    shape: Shape, seed: int = 0, *, threads: int | None = None, progress: Progress | None = None
) -> Ratings:
    """Generate a rating set; see `MadeUpSet.ratings`."""
    return MadeUpSet(shape, seed).ratings(threads=threads, progress=progress)


def _mix(one: NDArray[np.float64], other: NDArray[np.float64], correlation: float) -> NDArray[np.float64]:
    """Mix two standard normal variables into a third that has this correlation with ``one``."""
    mixed: NDArray[np.float64] = correlation * one + np.sqrt(1 - correlation**2) * other
    return mixed
