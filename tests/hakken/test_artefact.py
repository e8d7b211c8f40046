"""Saved models: what is loaded is what was saved, and what is damaged says so."""

from __future__ import annotations

import hashlib
import io
import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from hakken import ArtefactError, Catalogue, ItemKNNBaseline, Ratings
from hakken.artefact import FORMAT, MANIFEST
from hakken.model.parameters import InterestParameters, Parameters
from hakken.model.second_stage_trees import SecondStageTrees
from hakken.model.trees import Trees
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
    of_interest = {f"interest_{name}": value for name, value in asdict(InterestParameters()).items()}
    assert manifest["parameters"] == asdict(Parameters()) | of_interest
    assert manifest["data"]["fingerprint"] == ratings.fingerprint()
    assert manifest["data"]["ratings"] == len(ratings)
    assert all(len(entry["sha256"]) == 64 for entry in manifest["files"].values())


TREES = SecondStageTrees(
    Trees(
        start=np.array([0, 1, 3]),
        features=np.array([3, 9, 10], np.int16),
        thresholds=np.array([7.5, 60.0, 0.0]),
        left=np.array([-1, 1, -1], np.int16),
        right=np.array([-2, -2, -3], np.int16),
        leaves=np.array([-1.0, 1.0, 0.25, 0.5, 0.75]),
    ),
    new=0.5,
)


@pytest.fixture(scope="module")
def whole(ratings: Ratings, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with all that there is: likenesses of anime without ratings, questions, a second stage."""
    directory = tmp_path_factory.mktemp("whole")
    model = ItemKNNBaseline().fit(ratings, catalogue=catalogue)
    model.questions = tuple(model.anime_ids[:9].tolist())
    model.second_stage = TREES
    model.save(directory, catalogue)
    return directory


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "copy"))


FILES = [
    "anime_ids",
    "raters",
    "biases",
    "start",
    "neighbours",
    "similarities",
    "interest_start",
    "interest_rows",
    "interest_weights",
    "likeness_start",
    "likeness_rows",
    "likeness_weights",
    "questions",
    "second_stage_start",
    "second_stage_features",
    "second_stage_thresholds",
    "second_stage_left",
    "second_stage_right",
    "second_stage_leaves",
    "second_stage_new",
    "catalogue",
]


def test_no_file_is_left_out_of_these_tests(whole: Path) -> None:
    assert sorted(json.loads((whole / MANIFEST).read_text())["files"]) == sorted(FILES)
    for name in set(FILES) - {"catalogue"}:
        assert len(np.load(file_of(whole, name)))


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
        (lambda told: told["files"].update(start=told["files"]["raters"]), "starts .* do not fit"),
        (lambda told: told["files"].update(biases=told["files"]["start"]), "biases is not a sequence"),
        (lambda told: told["files"].update(neighbours=told["files"]["biases"]), "do not fit"),
        (lambda told: told["parameters"].update(k=0), "k must be a whole number from 1 to 2147483647, not 0"),
        (lambda told: told["parameters"].update(k=None), "k must be a whole number"),
        (lambda told: told["parameters"].update(k=2.5), "k must be a whole number"),
        (lambda told: told["parameters"].update(k=10**30), "k must be a whole number"),
        (lambda told: told["parameters"].update(k=True), "k"),
        (lambda told: told["parameters"].update(damping=None), "damping must be a number"),
        (
            lambda told: told["parameters"].update(amplification=float("inf")),
            "amplification must be a number",
        ),
        (lambda told: told["parameters"].update(unknown=0), "unknown"),
        (lambda told: told["parameters"].update(interest_unknown=0), "unknown"),
        (lambda told: told["parameters"].update(interest_slope=-1), "slope must be a number"),
        (lambda told: told["parameters"].update(interest_kept=None), "kept must be a whole number"),
        (lambda told: told["parameters"].update(interest_rarity=float("nan")), "rarity must be a number"),
        (lambda told: told["files"].pop("likeness_rows"), "likeness_rows"),
        (lambda told: told["files"].pop("questions"), "questions"),
        (lambda told: told["files"].pop("second_stage_left"), "second_stage_left"),
        (
            lambda told: told["files"].update(second_stage_left=told["files"]["second_stage_features"]),
            "children of the trees do not fit",
        ),
        (
            lambda told: told["files"].update(second_stage_leaves=told["files"]["second_stage_thresholds"]),
            "leaves of the trees do not fit",
        ),
        (
            lambda told: told["files"].update(interest_start=told["files"]["start"]),
            "(starts|rows) of the interest do not fit",
        ),
        (
            lambda told: told["files"].update(interest_weights=told["files"]["similarities"]),
            "weights of the interest do not fit",
        ),
        (lambda told: told["files"].update(questions=told["files"]["biases"]), "questions is no sequence"),
        (lambda told: told["data"].pop("mean"), "mean"),
        (lambda told: told["data"].update(mean="7"), "mean must be 1–10, not '7'"),
        (lambda told: told["data"].update(mean="nan"), "mean must be 1–10, not 'nan'"),
        (lambda told: told["data"].update(mean=float("nan")), "mean must be 1–10, not nan"),
        (lambda told: told["data"].update(mean=1e300), "mean must be 1–10, not 1e"),
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
    pickled = io.BytesIO()
    np.save(pickled, np.array([print], dtype=object), allow_pickle=True)
    put(copy, "biases", pickled.getvalue())
    with pytest.raises(ArtefactError, match="is not a NumPy array"):
        ItemKNNBaseline.load(copy)


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1" + "0" * 30 + ",)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (999999,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (True,)}",
        "{'descr': [1], 'fortran_order': False, 'shape': (1,)}",
        "(" * 5000,
        "-" * 8000 + "1",
    ],
)
def test_an_array_with_a_header_made_up_to_do_harm_is_refused(copy: Path, header: str) -> None:
    put(copy, "biases", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
    with pytest.raises(ArtefactError, match="is not a NumPy array"):
        ItemKNNBaseline.load(copy)


def test_an_archive_of_arrays_is_no_array(copy: Path) -> None:
    archive = io.BytesIO()
    np.savez(archive, biases=np.zeros(5, np.float32))
    put(copy, "biases", archive.getvalue())
    with pytest.raises(ArtefactError, match="is not a NumPy array"):
        ItemKNNBaseline.load(copy)


def put(directory: Path, name: str, content: bytes) -> None:
    """Give a file other content, and the manifest its name and checksum."""
    told = json.loads((directory / MANIFEST).read_text())
    sha256 = hashlib.sha256(content).hexdigest()
    file = f"{name}.{sha256[:12]}.npy"
    (directory / file).write_bytes(content)
    told["files"][name] = {"file": file, "bytes": len(content), "sha256": sha256}
    (directory / MANIFEST).write_text(json.dumps(told))


def with_first(array: np.ndarray, *values: float) -> np.ndarray:
    return np.concatenate([np.array(values, array.dtype), array[len(values) :]])


def crafted_links(name: str) -> list[tuple[str, Callable[[np.ndarray], np.ndarray], str]]:
    """What makes no links of an anime to others."""
    start, rows, weights = (f"{name}_{part}" for part in ("start", "rows", "weights"))
    return [
        (start, lambda start: with_first(start.astype(np.uint64), 0, 10**9), "starts of the interest"),
        (start, lambda start: with_first(start, 0, 10**9), "starts of the interest"),
        (start, lambda start: with_first(start, 0, -1), "starts of the interest"),
        (start, lambda start: with_first(start, 0, 2**62, -(2**62) - 1), "starts of the interest"),
        (start, lambda start: with_first(start, 1), "starts of the interest"),
        (start, lambda start: start.astype(np.float64), "starts of the interest"),
        (start, lambda start: start.astype(">i8"), "starts of the interest"),
        (start, lambda start: start.astype(np.int32), "starts of the interest"),
        (start, lambda start: start[:, None], "starts of the interest"),
        (start, lambda start: start[-1], "starts of the interest"),
        (start, lambda start: start[:-1], "starts of the interest"),
        (start, lambda start: np.append(start[:-1], start[-1] + 1), "rows of the interest"),
        (start, lambda start: np.append(start[:-1], 2**62), "rows of the interest"),
        (rows, lambda rows: np.full(rows.shape, -30000, np.int16), "rows of the interest"),
        (rows, lambda rows: np.full_like(rows, 2**16 - 1), "rows of the interest"),
        (rows, lambda rows: rows.astype(np.float32), "rows of the interest"),
        (rows, lambda rows: rows.astype(">u2"), "rows of the interest"),
        (rows, lambda rows: rows.astype(np.uint64), "rows of the interest"),
        (rows, lambda rows: rows[:, None], "rows of the interest"),
        (rows, lambda rows: rows[:-1], "rows of the interest"),
        (weights, lambda stored: with_first(stored, np.inf), "weights of the interest"),
        (weights, lambda stored: with_first(stored, -np.inf), "weights of the interest"),
        (weights, lambda stored: with_first(stored, np.nan), "weights of the interest"),
        (weights, lambda stored: stored.astype(np.float32), "weights of the interest"),
        (weights, lambda stored: stored.astype(">f2"), "weights of the interest"),
        (weights, lambda stored: stored.astype(str), "weights of the interest"),
        (weights, lambda stored: stored[:, None], "weights of the interest"),
        (weights, lambda stored: stored[:-1], "weights of the interest"),
    ]


CRAFTED = [
    *crafted_links("interest"),
    *crafted_links("likeness"),
    ("questions", lambda ids: with_first(ids, 0), "questions is no sequence of anime ids"),
    ("questions", lambda ids: with_first(ids, -5), "questions is no sequence of anime ids"),
    ("questions", lambda ids: ids.astype(np.int64), "questions is no sequence of anime ids"),
    ("questions", lambda ids: ids.astype(np.float32), "questions is no sequence of anime ids"),
    ("questions", lambda ids: ids.astype(str), "questions is no sequence of anime ids"),
    ("questions", lambda ids: ids[:, None], "questions is no sequence of anime ids"),
    ("questions", lambda ids: ids[0], "questions is no sequence of anime ids"),
    ("start", lambda start: with_first(start.astype(np.uint64), 0, 10**9), "starts"),
    ("start", lambda start: with_first(start, 0, 10**9), "starts"),
    ("start", lambda start: with_first(start, 0, -1), "starts"),
    ("start", lambda start: with_first(start, 0, 2**62, -(2**62) - 1), "starts"),
    ("start", lambda start: with_first(start, 1), "starts"),
    ("start", lambda start: start.astype(np.float64), "starts"),
    ("start", lambda start: start.astype(">i8"), "starts"),
    ("start", lambda start: start.astype(np.int32), "starts"),
    ("start", lambda start: start[:, None], "starts"),
    ("start", lambda start: start[-1], "starts"),
    ("start", lambda start: start[:-1], "starts"),
    ("neighbours", lambda rows: np.full(rows.shape, -30000, np.int16), "rows"),
    ("neighbours", lambda rows: np.full_like(rows, len(rows)), "rows"),
    ("neighbours", lambda rows: rows.astype(np.float32), "rows"),
    ("neighbours", lambda rows: rows.astype(">u2"), "rows"),
    ("neighbours", lambda rows: rows.astype(np.uint64), "rows"),
    ("neighbours", lambda rows: rows[:, None], "rows"),
    ("neighbours", lambda rows: rows[:-1], "rows"),
    ("similarities", lambda stored: with_first(stored, np.inf), "similarities"),
    ("similarities", lambda stored: with_first(stored, np.nan), "similarities"),
    ("similarities", lambda stored: with_first(stored, 0), "similarities"),
    ("similarities", lambda stored: with_first(stored, -0.5), "similarities"),
    ("similarities", lambda stored: with_first(stored, 1.001), "similarities"),
    ("similarities", lambda stored: with_first(stored.astype(np.float32), np.inf), "similarities"),
    ("similarities", lambda stored: with_first(stored.astype(np.float32), np.nan), "similarities"),
    ("similarities", lambda stored: with_first(stored.astype(np.float32), 0), "similarities"),
    ("similarities", lambda stored: with_first(stored.astype(np.float32), -0.5), "similarities"),
    ("similarities", lambda stored: with_first(stored.astype(np.float32), 1.001), "similarities"),
    ("similarities", lambda stored: stored.astype(np.float64), "similarities"),
    ("similarities", lambda stored: stored.astype(">f2"), "similarities"),
    ("similarities", lambda stored: stored.astype(str), "similarities"),
    ("similarities", lambda stored: stored[:, None], "similarities"),
    ("similarities", lambda stored: stored[:-1], "similarities"),
    ("anime_ids", lambda ids: ids[::-1], "anime_ids does not ascend"),
    ("anime_ids", lambda ids: with_first(ids, ids[1]), "anime_ids does not ascend"),
    ("anime_ids", lambda ids: with_first(ids, 0), "anime_ids does not ascend"),
    ("anime_ids", lambda ids: ids.astype(np.float64), "anime_ids is not a sequence"),
    ("anime_ids", lambda ids: ids[:, None], "anime_ids is not a sequence"),
    ("raters", lambda raters: raters.astype(str), "raters is not a sequence"),
    ("raters", lambda raters: raters[:, None], "raters is not a sequence"),
    ("raters", lambda raters: with_first(raters, -1), "raters holds a count below 0"),
    ("raters", lambda raters: raters[:-1], "differ in length"),
    ("biases", lambda biases: with_first(biases, np.nan), "biases holds a number that is not finite"),
    ("biases", lambda biases: with_first(biases, np.inf), "biases holds a number that is not finite"),
    ("biases", lambda biases: biases[:, None], "biases is not a sequence"),
    ("biases", lambda biases: biases.astype(str), "biases is not a sequence"),
    ("biases", lambda biases: biases.astype([("bias", np.float32)]), "biases is not a sequence"),
]


@pytest.mark.parametrize(("name", "craft", "sentence"), CRAFTED)
def test_arrays_that_make_no_model_are_refused_though_their_checksums_fit(
    copy: Path, name: str, craft: Callable[[np.ndarray], np.ndarray], sentence: str
) -> None:
    crafted = io.BytesIO()
    np.save(crafted, craft(np.load(file_of(copy, name))))
    put(copy, name, crafted.getvalue())
    with pytest.raises(
        ArtefactError, match=rf"manifest\.json: does not describe a model \(.*{sentence}"
    ) as refused:
        ItemKNNBaseline.load(copy)
    assert "\n" not in str(refused.value)


def test_no_model_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(
        ArtefactError, match=r"there is no model here; train one with 'python -m hakken train"
    ):
        ItemKNNBaseline.load(tmp_path / "none")


def test_saving_replaces_the_old_model_and_leaves_nothing_of_it(copy: Path) -> None:
    (copy / ".broken-off.part").write_bytes(b"half")
    (copy / "notes.txt").write_text("mine")
    (copy / "film.part").write_text("mine too")
    ItemKNNBaseline(k=3).fit(made_up_ratings(seed=5)).save(copy)
    assert ItemKNNBaseline.load(copy).parameters.k == 3
    told = json.loads((copy / MANIFEST).read_text())
    assert {path.name for path in copy.iterdir()} == {
        MANIFEST,
        "notes.txt",
        "film.part",
        *(entry["file"] for entry in told["files"].values()),
    }


def test_a_model_that_is_in_use_outlives_its_replacement(copy: Path, ratings: Ratings) -> None:
    used = ItemKNNBaseline.load(copy)
    before = used.predict(ratings.of_user(0))
    ItemKNNBaseline(k=3).fit(made_up_ratings(seed=5)).save(copy)
    assert np.array_equal(used.predict(ratings.of_user(0)), before)


SAVE_IN_CHILDREN = """
import json, os, resource, signal, sys
from hakken import ItemKNNBaseline, artefact
from hakken.model.second_stage_trees import SecondStageTrees
from hakken.model.trees import Trees
from tests.hakken.made_up import made_up_ratings

def die_after(function):
    def counted(*args, **kwargs):
        global steps
        steps -= 1
        if steps < 0:
            print("died", flush=True)
            os._exit(9)
        return function(*args, **kwargs)
    return counted

# Every write to the disk and every change of a name is a place to die at.
os.fsync = die_after(os.fsync)
artefact.Path.replace = die_after(artefact.Path.replace)
artefact.Path.unlink = die_after(artefact.Path.unlink)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
model = ItemKNNBaseline(k=3).fit(made_up_ratings(seed=5))
for line in sys.stdin:
    directory, steps, allowed_bytes = json.loads(line)
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        continue
    resource.setrlimit(resource.RLIMIT_FSIZE, (allowed_bytes, resource.RLIM_INFINITY))
    try:
        model.save(directory)
        print("saved", flush=True)
    except Exception as error:
        print(error, flush=True)
    finally:
        os._exit(0)
"""


@pytest.fixture(scope="module")
def save_in_a_child() -> Iterator[Callable[..., str]]:
    """Saves a model in a process that may die or run out of room. All are forks of one, which has fitted the model."""
    with subprocess.Popen(
        [sys.executable, "-c", SAVE_IN_CHILDREN],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        asked, answers = parent.stdin, parent.stdout
        assert asked is not None
        assert answers is not None

        def save(
            directory: Path, *, steps: int = sys.maxsize, allowed_bytes: int = resource.RLIM_INFINITY
        ) -> str:
            print(json.dumps([str(directory), steps, allowed_bytes]), file=asked, flush=True)
            return answers.readline().removesuffix("\n")

        yield save


def test_a_crash_at_any_step_of_saving_leaves_a_whole_model(
    model_dir: Path, tmp_path: Path, save_in_a_child: Callable[..., str]
) -> None:
    found, steps, ended = set(), 0, "died"
    while ended == "died":
        directory = Path(shutil.copytree(model_dir, tmp_path / str(steps)))
        ended = save_in_a_child(directory, steps=steps)
        found.add(ItemKNNBaseline.load(directory).parameters.k)
        steps += 1
    assert ended == "saved"
    assert found == {Parameters().k, 3}
    assert steps > 12


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtefactError, match=r"cannot be saved there .*what stood there before is as it was"):
        ItemKNNBaseline().fit(made_up_ratings()).save(tmp_path / "file")


@pytest.mark.parametrize("allowed_bytes", [0, 200, 400, 1200])
@pytest.mark.parametrize("old", [True, False])
def test_a_full_disk_leaves_what_was_there_and_nothing_else(
    copy: Path, tmp_path: Path, allowed_bytes: int, old: bool, save_in_a_child: Callable[..., str]
) -> None:
    directory = copy if old else tmp_path / "new"
    before = contents(copy)
    ended = save_in_a_child(directory, allowed_bytes=allowed_bytes)
    assert ended.startswith(f"{directory}: the model cannot be saved there (File too large); make room")
    assert contents(copy) == before
    assert directory.exists() == old


def test_an_interrupted_save_leaves_what_was_there_and_nothing_else(
    copy: Path, monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue
) -> None:
    before = contents(copy)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Catalogue, "save", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ItemKNNBaseline(k=3).fit(made_up_ratings(seed=5)).save(copy, catalogue)
    assert contents(copy) == before


def test_a_save_that_fails_leaves_older_orphans_to_the_next_that_succeeds(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orphans = {"biases.0123456789ab.npy", "catalogue.0123456789ab.tsv.gz", ".broken-off.part"}
    for name in orphans:
        (copy / name).write_bytes(b"of a save that was killed")
    before = contents(copy)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Catalogue, "save", interrupt)
        with pytest.raises(KeyboardInterrupt):
            ItemKNNBaseline(k=3).fit(made_up_ratings(seed=5)).save(copy, Catalogue())
    assert contents(copy) == before
    assert ItemKNNBaseline.load(copy).parameters == Parameters()

    ItemKNNBaseline(k=3).fit(made_up_ratings(seed=5)).save(copy, Catalogue())
    assert not orphans & contents(copy).keys()


@pytest.mark.parametrize("old", [True, False])
def test_a_save_that_fails_leaves_what_others_made_meanwhile(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bool
) -> None:
    directory = copy if old else tmp_path / "new"
    before = contents(directory) if old else {}
    others = {"notes.txt": b"mine", "film.part": b"mine too", "biases.npy": b"and mine"}

    def interrupt(*_: object) -> None:
        for name, content in others.items():
            (directory / name).write_bytes(content)
        raise KeyboardInterrupt

    monkeypatch.setattr(Catalogue, "save", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ItemKNNBaseline(k=3).fit(made_up_ratings(seed=5)).save(directory, Catalogue())
    assert contents(directory) == before | others


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}
