"""Downloads the full MyAnimeList rating set from Kaggle, completely or not at all; downloads can resume."""

from __future__ import annotations

import errno
import json
import logging
import os
import shutil
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from hakken.errors import FetchError
from hakken.files import reason

DATASET = "azathoth42/myanimelist"
PAGE = f"https://www.kaggle.com/datasets/{DATASET}"

_CATALOGUE, _RATINGS = "AnimeList.csv", "UserAnimeList.csv"
_UNFINISHED = ".fetching"
"""Directory of an unfinished download, inside the target directory, so that it is moved and not copied."""
_TIMEOUT = (5, 20)
"""Maximum seconds to connect, and to wait for a response."""
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError)


@dataclass(frozen=True, slots=True)
class RatingSet:
    """The two files of the set that are used for training."""

    ratings: Path
    catalogue: Path


def fetched(directory: Path) -> RatingSet | None:
    """Return the set in this directory; None if it is missing or incomplete."""
    found = RatingSet(directory / _RATINGS, directory / _CATALOGUE)
    return found if found.ratings.is_file() and found.catalogue.is_file() else None


def fetch(directory: Path, tell: Callable[[str], None]) -> RatingSet:
    """Download the set with kagglehub, which shows a bar on standard error; `tell` gets sentences.

    Raises:
        FetchError: Kaggle cannot be reached or refuses, the download is damaged, or the directory cannot be
            written; the message names the remedy, and the manual way.
    """
    directory = directory.resolve()
    unfinished = directory / _UNFINISHED
    try:
        _reach(directory)
        unfinished.mkdir(parents=True, exist_ok=True)
        whole = _download(directory, unfinished, tell)
        _move(whole, directory)
        shutil.rmtree(unfinished)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise FetchError(
                f"{directory}: the disk is full; make room and run the same command again to go on from there"
            ) from error
        raise FetchError(
            f"{error.filename or directory}: {reason(error)}; choose another directory with --out"
        ) from error
    found = fetched(directory)
    if found is None:
        there = ", ".join(sorted(path.name for path in directory.iterdir()))
        raise FetchError(
            f"{directory}: Kaggle's set no longer has {_RATINGS} and {_CATALOGUE}; it has: {there}"
        )
    return found


def _by_hand(directory: Path) -> str:
    return f"or open {PAGE} in a browser, press Download and unzip the file into {directory}"


def _reach(directory: Path) -> None:
    """Check that Kaggle can be reached, because kagglehub waits as long as a dead network lets it."""
    import requests  # imported in functions, because the import is slow
    from kagglesdk.kaggle_env import get_endpoint, get_env

    try:
        requests.get(get_endpoint(get_env()), timeout=_TIMEOUT, allow_redirects=False, stream=True).close()
    except requests.RequestException as error:
        raise FetchError(
            f"Kaggle cannot be reached: try again with a network, {_by_hand(directory)}"
        ) from error


def _download(directory: Path, unfinished: Path, tell: Callable[[str], None]) -> Path:
    """Download the set with kagglehub; return its directory."""
    import kagglehub
    import requests
    from kagglehub.config import get_kaggle_credentials
    from kagglehub.exceptions import DataCorruptionError

    try:
        get_kaggle_credentials()
    except ValueError as error:
        raise FetchError(f"{error}; fix it or remove it: the set is public") from error
    by_hand = _by_hand(directory)
    try:
        with _kagglehub_in(unfinished), _heard(tell):
            return Path(kagglehub.dataset_download(DATASET))
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else "no status"
        raise FetchError(f"Kaggle refuses the download ({status}): try again later, {by_hand}") from error
    except json.JSONDecodeError as error:
        raise FetchError(f"what answers is not Kaggle: try another network, {by_hand}") from error
    except requests.RequestException as error:
        raise FetchError(
            f"the download broke off: run the same command again and it goes on from there, {by_hand}"
        ) from error
    except (*_DAMAGED, DataCorruptionError, ValueError) as error:
        raise _damaged(unfinished, by_hand, error) from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        # A zip file with offsets before its beginning.
        raise _damaged(unfinished, by_hand, error) from error


def _damaged(unfinished: Path, by_hand: str, error: Exception) -> FetchError:
    shutil.rmtree(unfinished)
    return FetchError(
        f"what came from Kaggle is damaged ({reason(error)}) and was removed: "
        f"run the same command again, {by_hand}"
    )


def _move(whole: Path, directory: Path) -> None:
    # Move the ratings last: if they are there, everything is.
    paths = sorted(whole.iterdir(), key=lambda path: path.name == _RATINGS)
    for path in paths:
        if (directory / path.name).exists():
            raise FetchError(f"{directory / path.name}: is there already; move it away and run this again")
    for path in paths:
        path.rename(directory / path.name)


@contextmanager
def _kagglehub_in(cache: Path) -> Iterator[None]:
    """Let kagglehub use this directory, and download from Kaggle even in Kaggle's and Google's notebooks."""
    ours = {"KAGGLEHUB_CACHE": str(cache), "DISABLE_KAGGLE_CACHE": "true", "DISABLE_COLAB_CACHE": "true"}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class _Teller(logging.Handler):
    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(record.getMessage())


@contextmanager
def _heard(tell: Callable[[str], None]) -> Iterator[None]:
    """Forward kagglehub's log messages, and redirect its standard output to standard error."""
    log = logging.getLogger("kagglehub")
    before = list(log.handlers)
    log.handlers[:] = [_Teller(tell)]
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        log.handlers[:] = before
