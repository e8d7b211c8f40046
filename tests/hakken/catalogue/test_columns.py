"""A model's own catalogue: what is read is what was written, old ones still open, damaged ones are refused."""

from __future__ import annotations

import gzip
import io
import logging
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from hakken import Anime, ArtefactError, Catalogue, ItemKNNBaseline
from hakken.catalogue import columns

OLD = Path(__file__).parents[2] / "fixtures" / "model_of_0_4"
"""A model of four anime, as version 0.4.0 saved it."""
WHOLE = Anime(
    1,
    "Title",
    "English",
    "TV",
    26,
    1998,
    5,
    ("Action", "Sci-Fi"),
    1,
    8.75,
    "Original",
    ("Sunrise",),
    ("題名", "K&amp;B"),
    "https://example.org/1.jpg",
    24,
    "1998-04-03",
    17,
    "PG-13 - Teens 13 or older",
    (2,),
    (3, 4),
    (5,),
    (6,),
    (7,),
    (8,),
)
BARE = Anime(2, 'A "B"')


def written(*anime: Anime) -> bytes:
    file = io.BytesIO()
    Catalogue(anime).save(file)
    return file.getvalue()


def read(tmp_path: Path, content: bytes) -> list[Anime]:
    path = tmp_path / "catalogue.columns.gz"
    path.write_bytes(content)
    return columns.read(path)


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    assert all(getattr(WHOLE, field.name) not in (None, ()) for field in fields(WHOLE))
    for anime in ([WHOLE, BARE], [BARE], []):
        assert read(tmp_path, written(*anime)) == anime
    assert written(WHOLE, BARE) == written(WHOLE, BARE)


def test_what_separates_cells_and_names_does_not_stand_within_them(tmp_path: Path) -> None:
    (anime,) = read(tmp_path, written(Anime(1, "A\tB\nC|D", synonyms=("E|F", "G\rH"))))
    assert (anime.title, anime.synonyms) == ("A B C|D", ("E/F", "G H"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace(b"members\t", b"fans\t"),
        lambda text: text.replace(b"TV", b"TV\tTV"),
        lambda text: text.replace(b"anime_id\t1", b"anime_id\tone"),
        lambda text: text.replace(b"anime_id\t1", b"anime_id\t"),
        lambda text: text.replace(b"anime_id\t1\t2", b"anime_id\t1\t1"),
        lambda text: text.replace(b"title\tTitle", b"title\t"),
        lambda text: text.replace(b"English", b"\xff"),
        lambda text: text[:0],
    ],
)
def test_what_is_no_catalogue_is_refused_in_one_sentence(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    whole = gzip.decompress(written(WHOLE, BARE))
    assert damage(whole) != whole
    with pytest.raises(ArtefactError, match=r"catalogue\.columns\.gz: is no catalogue of a model") as refused:
        read(tmp_path, gzip.compress(damage(whole)))
    assert "\n" not in str(refused.value)
    with pytest.raises(ArtefactError, match="train the model again"):
        read(tmp_path, written(WHOLE)[:-9])


def test_a_model_of_version_0_4_opens_with_one_logged_sentence(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        catalogue = Catalogue.of_model(OLD)
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        f"{OLD} was saved by an older Hakken"
    ]
    assert list(catalogue.values()) == [
        Anime(
            1,
            "Cowboy Bebop",
            "Cowboy Bebop",
            "TV",
            26,
            1998,
            2_073_470,
            ("Action", "Sci-Fi"),
            1,
            8.75,
            "Original",
            ("Sunrise",),
            age="R - 17+ (violence & profanity)",
            sequels=(5,),
        ),
        Anime(
            5,
            "Cowboy Bebop: Tengoku no Tobira",
            "Cowboy Bebop: The Movie",
            "Movie",
            1,
            2001,
            400_000,
            ("Action",),
            1,
            8.38,
            "Original",
            ("Bones",),
            ("Knockin' on Heaven's Door",),
            prequels=(1,),
        ),
        Anime(
            30,
            "Shinseiki Evangelion",
            "Neon Genesis Evangelion",
            "TV",
            26,
            1995,
            2_048_842,
            ("Drama", "Mecha"),
            score=8.36,
            source="Original",
            studios=("Gainax", "Tatsunoko"),
            image_url="https://cdn.myanimelist.net/images/anime/1314/108941.jpg",
        ),
        Anime(2001, 'A "B"'),
    ]
    model = ItemKNNBaseline.load(OLD)
    assert model.anime_ids.tolist() == [1, 5, 30]
    assert model.questions == (1, 30)


def test_an_old_model_that_is_saved_again_opens_in_silence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    catalogue = Catalogue.of_model(OLD)
    ItemKNNBaseline.load(OLD).save(tmp_path, catalogue)
    caplog.clear()
    assert dict(Catalogue.of_model(tmp_path)) == dict(catalogue)
    assert not caplog.records
    # The numbers of the model are the same bytes.
    assert {path.name for path in OLD.glob("*.npy")} == {path.name for path in tmp_path.glob("*.npy")}
