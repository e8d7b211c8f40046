"""Saved models: what is loaded is what was saved, and what is damaged says so."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from hakken import ArtefactError, Catalogue, ItemKNNBaseline, Ratings
from hakken.artefact import FORMAT, MANIFEST
from hakken.model import Parameters
from tests.hakken.made_up import made_up_ratings


@pytest.mark.parametrize("neighbours", [None, 7, 400])
def test_save_and_load_change_nothing(tmp_path: Path, neighbours: int | None) -> None:
    ratings = made_up_ratings()
    saved = ItemKNNBaseline(neighbours=neighbours, k=7, shrinkage=30, reg_user=3).fit(ratings)
    saved.save(tmp_path / "model")
    loaded = ItemKNNBaseline.load(tmp_path / "model")
    assert loaded.parameters == saved.parameters
    for user in range(20):
        member = ratings.of_user(user)
        assert np.array_equal(loaded.predict(member), saved.predict(member))
        assert loaded.recommend(member, 9) == saved.recommend(member, 9)
    assert loaded.similar(10) == saved.similar(10)


def test_the_same_ratings_make_the_same_bytes(tmp_path: Path, catalogue: Catalogue) -> None:
    for name in ("one", "other"):
        ItemKNNBaseline().fit(made_up_ratings()).save(tmp_path / name, catalogue)
    one, other = (sorted(path.name for path in (tmp_path / name).glob("*.*.*")) for name in ("one", "other"))
    assert one == other  # the names carry the checksums


def test_arrays_are_mapped_not_read(model_dir: Path) -> None:
    model = ItemKNNBaseline.load(model_dir)
    base = model._fitted.neighbours.similarities
    while isinstance(base, np.ndarray) and base.base is not None and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)
    assert not model._fitted.neighbours.similarities.flags.writeable


def test_the_manifest_tells_parameters_data_and_checksums(model_dir: Path, ratings: Ratings) -> None:
    manifest = json.loads((model_dir / MANIFEST).read_text())
    assert manifest["format"] == FORMAT
    assert manifest["parameters"] == asdict(Parameters())
    assert manifest["data"]["fingerprint"] == ratings.fingerprint()
    assert manifest["data"]["ratings"] == len(ratings)
    assert all(len(entry["sha256"]) == 64 for entry in manifest["files"].values())


@pytest.fixture
def copy(model_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_dir, tmp_path / "copy"))


FILES = ["anime_ids", "raters", "biases", "start", "neighbours", "similarities", "catalogue"]


def file_of(directory: Path, name: str) -> Path:
    return directory / json.loads((directory / MANIFEST).read_text())["files"][name]["file"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["missing", "flipped", "cut", "longer", "directory"])
def test_damage_in_any_file_is_named(copy: Path, name: str, damage: str) -> None:
    path = file_of(copy, name)
    content = bytearray(path.read_bytes())
    path.unlink()
    if damage == "flipped":
        content[len(content) // 2] ^= 1
    if damage == "directory":
        path.mkdir()
    elif damage != "missing":
        path.write_bytes({"cut": content[:-3], "longer": content + b"x", "flipped": content}[damage])
    with pytest.raises(ArtefactError, match=path.name) as refused:
        ItemKNNBaseline.load(copy)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda told: told.update(format=FORMAT + 1), f"has format {FORMAT + 1}.*update Hakken"),
        (lambda told: told.update(format=0), "has format 0.*train the model again"),
        (lambda told: told.pop("format"), "format"),
        (lambda told: told.pop("files"), "files"),
        (lambda told: told["files"].pop("biases"), "biases"),
        (lambda told: told["files"]["biases"].update(file="../../etc/passwd"), "files.biases.file"),
        (lambda told: told["files"]["biases"].update(file="/etc/passwd"), "files.biases.file"),
        (lambda told: told["files"].update(start=told["files"]["raters"]), "do not fit"),
        (lambda told: told["files"].update(biases=told["files"]["start"]), "not of one length"),
        (lambda told: told["files"].update(neighbours=told["files"]["biases"]), "do not fit"),
        (lambda told: told["parameters"].update(k=0), "k must be 1 or more"),
        (lambda told: told["parameters"].update(unknown=0), "unknown"),
        (lambda told: told["data"].pop("mean"), "mean"),
    ],
)
def test_a_manifest_that_does_not_fit_says_what_is_wrong(copy: Path, change: object, sentence: str) -> None:
    told = json.loads((copy / MANIFEST).read_text())
    change(told)  # type: ignore[operator]
    (copy / MANIFEST).write_text(json.dumps(told))
    with pytest.raises(ArtefactError, match=sentence) as refused:
        ItemKNNBaseline.load(copy)
    assert "manifest.json" in str(refused.value)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{" * 10_000, b" " * (2**20 + 1)]
)
def test_a_manifest_that_is_none_is_refused(copy: Path, content: bytes) -> None:
    (copy / MANIFEST).write_bytes(content)
    with pytest.raises(ArtefactError, match=r"manifest\.json"):
        ItemKNNBaseline.load(copy)


def test_a_pickle_is_never_opened(copy: Path) -> None:
    path = file_of(copy, "biases")
    np.save(path, np.array([print], dtype=object), allow_pickle=True)
    path = path.rename(path.with_suffix("")) if path.suffix != ".npy" else path
    told = json.loads((copy / MANIFEST).read_text())
    import hashlib

    told["files"]["biases"] |= {
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    (copy / MANIFEST).write_text(json.dumps(told))
    with pytest.raises(ArtefactError, match="is not a NumPy array"):
        ItemKNNBaseline.load(copy)


def test_no_model_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(
        ArtefactError, match=r"there is no model here; train one with 'python -m hakken train"
    ):
        ItemKNNBaseline.load(tmp_path / "none")


def test_saving_replaces_the_old_model_and_leaves_nothing_of_it(copy: Path) -> None:
    (copy / ".broken-off.part").write_bytes(b"half")
    (copy / "notes.txt").write_text("mine")
    ItemKNNBaseline(k=3).fit(made_up_ratings(seed=5)).save(copy)
    assert ItemKNNBaseline.load(copy).parameters.k == 3
    told = json.loads((copy / MANIFEST).read_text())
    assert {path.name for path in copy.iterdir()} == {
        MANIFEST,
        "notes.txt",
        *(entry["file"] for entry in told["files"].values()),
    }


def test_a_model_that_is_in_use_outlives_its_replacement(copy: Path, ratings: Ratings) -> None:
    used = ItemKNNBaseline.load(copy)
    before = used.predict(ratings.of_user(0))
    ItemKNNBaseline(k=3).fit(made_up_ratings(seed=5)).save(copy)
    assert np.array_equal(used.predict(ratings.of_user(0)), before)


DIE_WHILE_SAVING = """
import os, sys
from hakken import ItemKNNBaseline, artefact
from tests.hakken.made_up import made_up_ratings

steps = int(sys.argv[2])

def die_after(function):
    def counted(*args, **kwargs):
        global steps
        steps -= 1
        if steps < 0:
            os._exit(9)
        return function(*args, **kwargs)
    return counted

# Every write to the disk and every change of a name is a place to die at.
os.fsync = die_after(os.fsync)
artefact.Path.replace = die_after(artefact.Path.replace)
artefact.Path.unlink = die_after(artefact.Path.unlink)
ItemKNNBaseline(k=3).fit(made_up_ratings(seed=5)).save(sys.argv[1])
"""


def test_a_crash_at_any_step_of_saving_leaves_a_whole_model(model_dir: Path, tmp_path: Path) -> None:
    found, steps = set(), 0
    while True:
        directory = Path(shutil.copytree(model_dir, tmp_path / str(steps)))
        code = [sys.executable, "-c", DIE_WHILE_SAVING, str(directory), str(steps)]
        died = subprocess.run(code, cwd=Path(__file__).parents[2], check=False).returncode
        found.add(ItemKNNBaseline.load(directory).parameters.k)
        if died == 0:
            break
        assert died == 9
        steps += 4
    assert found == {Parameters().k, 3}
    assert steps > 12


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtefactError, match=r"cannot be saved there .*what stood there before is as it was"):
        ItemKNNBaseline().fit(made_up_ratings()).save(tmp_path / "file")


FILL_THE_DISK = """
import resource, signal, sys
from hakken import HakkenError, ItemKNNBaseline
from tests.hakken.made_up import made_up_ratings

model = ItemKNNBaseline(k=3).fit(made_up_ratings(seed=5))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    model.save(sys.argv[1])
except HakkenError as error:
    sys.exit(str(error))
"""


@pytest.mark.parametrize("allowed_bytes", [0, 200, 400, 1200])
@pytest.mark.parametrize("old", [True, False])
def test_a_full_disk_leaves_what_was_there_and_nothing_else(
    copy: Path, tmp_path: Path, allowed_bytes: int, old: bool
) -> None:
    directory = copy if old else tmp_path / "new"
    before = contents(copy)
    code = [sys.executable, "-c", FILL_THE_DISK, str(directory), str(allowed_bytes)]
    ran = subprocess.run(code, cwd=Path(__file__).parents[2], check=False, capture_output=True, text=True)
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"{directory}: the model cannot be saved there (File too large); make room")
    assert contents(copy) == before
    assert directory.exists() == old


def test_an_interrupted_save_leaves_what_was_there_and_nothing_else(
    copy: Path, monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue
) -> None:
    before = contents(copy)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Catalogue, "write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ItemKNNBaseline(k=3).fit(made_up_ratings(seed=5)).save(copy, catalogue)
    assert contents(copy) == before


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}
