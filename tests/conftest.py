"""What all tests share: a small catalogue, and a model trained on made-up ratings of its anime."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import numpy as np
import pytest

from hakken import Catalogue, ItemKNNBaseline, Ratings
from tests.hakken.made_up import made_up_ratings

CATALOGUE = Path(__file__).parent / "fixtures" / "catalogue.tsv"
# They stand in the catalogue, but nobody in the training set has rated them.
NEVER_RATED = (59338, 63431)
MEMORY = Path("/dev/shm")  # noqa: S108  # pytest makes a directory of its own in it
ROOM = 2 * 2**30
"""Bytes that must be free there; the tests fill less than a tenth."""


# No test fails because an example took long: the machine may be busy.
hypothesis.settings.register_profile("hakken", deadline=None)
hypothesis.settings.load_profile("hakken")


def pytest_configure() -> None:
    """Compile each module once, and keep temporary files in memory where there is room.

    Otherwise each process that a test starts compiles its modules again, which takes longer than most tests. A
    commit waits for the disk, thousands of times.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.read(CATALOGUE)


@pytest.fixture(scope="session")
def ratings(catalogue: Catalogue) -> Ratings:
    rated = np.array([anime_id for anime_id in sorted(catalogue) if anime_id not in NEVER_RATED])
    shape = made_up_ratings(n_users=200, n_anime=len(rated), seed=7)
    users, anime = shape.matrix.nonzero()
    return Ratings.from_arrays(users, rated[anime], shape.matrix.data)


@pytest.fixture(scope="session")
def model(ratings: Ratings) -> ItemKNNBaseline:
    return ItemKNNBaseline().fit(ratings)


@pytest.fixture(scope="session")
def model_dir(model: ItemKNNBaseline, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("model")
    model.save(directory, catalogue)
    return directory


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], None]:
    """Puts an empty database of now at a path: migrated once, copied from then on."""
    from bot.store import Store  # not at the top: tests of the recommender alone know no database

    migrated = tmp_path_factory.mktemp("migrated") / "hakken.sqlite3"

    async def migrate() -> None:
        await (await Store.open(f"sqlite+aiosqlite:///{migrated}")).close()

    with asyncio.Runner() as runner:
        runner.run(migrate())

    def put(path: Path) -> None:
        shutil.copyfile(migrated, path)

    return put


@pytest.fixture
def sockets_collected() -> Iterator[None]:
    """Libraries leave sockets to the garbage collector: its warnings are theirs, not the next test's."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--discord-openapi",
        type=Path,
        help="Discord's whole API description; by default the part of it that the tests carry",
    )
