"""Downloading the rating set, from a stand-in for Kaggle on this machine."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from hakken import Catalogue, Ratings
from hakken.errors import FetchError
from hakken.ratings.kaggle import fetch, fetched

# Kagglehub leaves an answer open that it does not need.
pytestmark = [
    pytest.mark.usefixtures("sockets_collected"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ROOT = Path(__file__).resolve().parents[3]
RATINGS = "username,anime_id,my_score\nann,1,9\nbob,1,7\n"
CATALOGUE = "anime_id,title\n1,Cowboy Bebop\n"
# More than kagglehub writes at a time, and nothing that a zip makes smaller.
USERS = np.random.default_rng(0).bytes(3 * 2**20)
FULL = Path("/dev/full")
"""Whoever writes to it finds the disk full."""
PAGE = "https://www.kaggle.com/datasets/azathoth42/myanimelist"


def zipped(**files: str | bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return file.getvalue()


WHOLE = zipped(UserAnimeList=RATINGS, UserList=USERS, AnimeList=CATALOGUE)


class Kaggle(ThreadingHTTPServer):
    """Speaks what kagglehub asks for: which version there is, where its archive lies, the archive by ranges.

    It is reached as a proxy, so that whatever address kagglehub asks for, nothing leaves this machine.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.archive = WHOLE
        self.status = 200
        """Of whatever is asked of the API."""
        self.answer: bytes | None = None
        """Instead of what the API would answer."""
        self.drop_after: int | None = None
        """Bytes of the archive after which the connection breaks."""
        self.asked: list[tuple[str, str | None]] = []
        """Paths and ranges, in the order of the requests."""

    def handle_error(self, *_: object) -> None:
        """Kagglehub hangs up on what it does not need."""


class Answer(BaseHTTPRequestHandler):
    server: Kaggle

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Range"]))
        if not self.path.startswith("http://storage.localhost/"):
            self.send(200, b"", "text/html")
            return
        archive = self.server.archive
        start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-")) if self.headers["Range"] else 0
        self.send_response(206 if start else 200)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(archive) - start))
        self.end_headers()
        self.wfile.write(archive[start : self.server.drop_after])
        self.close_connection = True

    def do_POST(self) -> None:
        self.server.asked.append((self.path, None))
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert (sent["ownerSlug"], sent["datasetSlug"]) == ("azathoth42", "myanimelist")
        if self.server.status != 200 or self.server.answer is not None:
            self.send(self.server.status, self.server.answer or b"no", "text/html")
        elif self.path.endswith("/GetDataset"):
            self.send(200, json.dumps({"currentVersionNumber": 5}).encode(), "application/json")
        else:
            assert sent["datasetVersionNumber"] == 5
            self.send_response(302)
            self.send_header("Location", "http://storage.localhost/archive.zip")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """What was asked is kept, not printed."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without anybody's credentials, cache and proxies."""
    for name in list(os.environ):
        if name.upper().startswith("KAGGLE") or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("KAGGLE_CONFIG_DIR", str(home))
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(home / "cache"))
    monkeypatch.setenv("KAGGLE_API_ENVIRONMENT", "LOCALHOST")
    return home


def lead_to(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")


@pytest.fixture
def kaggle(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kaggle]:
    with Kaggle() as server:
        lead_to(server.server_port, monkeypatch)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hakken", "fetch", "--out", str(out)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def refused(out: Path) -> str:
    """The sentence that a download into this directory ends with."""
    with pytest.raises(FetchError) as error:
        fetch(out, lambda _: None)
    assert "\n" not in str(error.value)
    return str(error.value)


def files(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file())


@pytest.mark.usefixtures("kaggle")
def test_the_set_is_downloaded_and_can_be_read_and_the_next_command_is_told(tmp_path: Path) -> None:
    done = run(tmp_path / "raw")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert files(tmp_path) == ["raw/AnimeList.csv", "raw/UserAnimeList.csv", "raw/UserList.csv"]
    assert (tmp_path / "raw" / "UserList.csv").read_bytes() == USERS
    assert len(Ratings.read(tmp_path / "raw" / "UserAnimeList.csv")) == 2
    assert Catalogue.read(tmp_path / "raw" / "AnimeList.csv").title(1) == "Cowboy Bebop"
    assert "100%" in done.stderr
    assert done.stderr.endswith(
        f"next: python -m hakken train {tmp_path}/raw/UserAnimeList.csv "
        f"--catalogue {tmp_path}/raw/AnimeList.csv --out data/model\n"
    )


def test_what_is_there_already_is_not_asked_for_again(tmp_path: Path, kaggle: Kaggle) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "UserAnimeList.csv").write_text(RATINGS)
    (tmp_path / "raw" / "AnimeList.csv").write_text(CATALOGUE)
    again = run(tmp_path / "raw")
    assert again.returncode == 0
    assert "is there already" in again.stderr
    assert "next: python -m hakken train" in again.stderr
    assert kaggle.asked == []


def test_where_nothing_listens_one_line_says_so_at_once_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound, but not listening: every connection is refused
        lead_to(bound.getsockname()[1], monkeypatch)
        done = run(tmp_path / "raw")
    assert done.returncode == 2
    assert done.stderr == (
        f"hakken: Kaggle cannot be reached: try again with a network, or open {PAGE} in a browser, press "
        f"Download and unzip the file into {tmp_path}/raw\n"
    )
    assert not (tmp_path / "raw").exists()


def test_a_broken_connection_leaves_nothing_half_and_the_next_run_goes_on_from_there(
    tmp_path: Path, kaggle: Kaggle
) -> None:
    raw, told = tmp_path / "raw", list[str]()
    kaggle.drop_after = 2 * 2**20 + 1000
    sentence = refused(raw)
    assert sentence.startswith("the download broke off: run the same command again")
    assert PAGE in sentence
    assert fetched(raw) is None
    (archive,) = files(raw)
    there = (raw / archive).stat().st_size
    assert 2**20 <= there <= kaggle.drop_after

    kaggle.drop_after = None
    kaggle.asked.clear()
    assert fetch(raw, told.append) == fetched(raw)
    ranges = [asked for path, asked in kaggle.asked if path.startswith("http://storage.localhost/")]
    assert ranges == [None, f"bytes={there}-"]
    assert any("Resuming download" in step for step in told)
    assert files(raw) == ["AnimeList.csv", "UserAnimeList.csv", "UserList.csv"]
    assert (raw / "UserList.csv").read_bytes() == USERS


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_a_refusal_tells_its_number_and_the_way_by_hand(tmp_path: Path, kaggle: Kaggle, status: int) -> None:
    kaggle.status = status
    assert refused(tmp_path / "raw") == (
        f"Kaggle refuses the download ({status}): try again later, or open {PAGE} in a browser, press "
        f"Download and unzip the file into {tmp_path}/raw"
    )
    assert files(tmp_path) == []


def test_another_page_in_kaggles_place_is_no_kaggle(tmp_path: Path, kaggle: Kaggle) -> None:
    kaggle.answer = b"<html>Please log in to the hotel's network</html>"
    assert refused(tmp_path / "raw").startswith("what answers is not Kaggle: try another network")


@pytest.mark.parametrize(
    "archive",
    [b"no archive at all", WHOLE[:-2000], WHOLE[:1000] + WHOLE[3000:], WHOLE.replace(USERS[:9], bytes(9))],
    ids=["no archive", "no end", "a hole", "other bytes"],
)
def test_a_damaged_download_is_removed_and_the_next_begins_anew(
    tmp_path: Path, kaggle: Kaggle, archive: bytes
) -> None:
    kaggle.archive = archive
    assert "is damaged" in refused(tmp_path / "raw")
    assert files(tmp_path) == []
    kaggle.archive = WHOLE
    assert fetch(tmp_path / "raw", lambda _: None).ratings.read_text() == RATINGS


def test_files_of_ones_own_stay_and_are_never_replaced(tmp_path: Path, kaggle: Kaggle) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "UserList.csv").write_text("mine")
    assert refused(raw) == f"{raw}/UserList.csv: is there already; move it away and run this again"
    assert fetched(raw) is None
    (raw / "UserList.csv").rename(raw / "notes.csv")
    kaggle.asked.clear()
    fetch(raw, lambda _: None)
    # What was downloaded before is not downloaded again.
    assert not any(path.startswith("http://storage.localhost/") for path, _ in kaggle.asked)
    assert files(raw) == ["AnimeList.csv", "UserAnimeList.csv", "UserList.csv", "notes.csv"]
    assert (raw / "notes.csv").read_text() == "mine"


@pytest.mark.usefixtures("kaggle")
def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    expected = f"{tmp_path}/file/.fetching: Not a directory; choose another directory with --out"
    assert refused(tmp_path / "file") == expected


@pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")
def test_a_full_disk_is_named_and_with_room_it_goes_on(tmp_path: Path, kaggle: Kaggle) -> None:
    archive = tmp_path / "raw" / ".fetching" / "datasets" / "azathoth42" / "myanimelist" / "5.archive"
    archive.parent.mkdir(parents=True)
    archive.symlink_to(FULL)
    sentence = refused(tmp_path / "raw")
    assert sentence.startswith(f"{tmp_path}/raw: the disk is full; make room and run the same command again")
    archive.unlink()
    archive.write_bytes(WHOLE[:1000])
    assert fetch(tmp_path / "raw", lambda _: None).ratings.read_text() == RATINGS
    assert kaggle.asked[-1][1] == "bytes=1000-"


def test_a_set_without_the_two_files_is_named(tmp_path: Path, kaggle: Kaggle) -> None:
    kaggle.archive = zipped(animelists=RATINGS)
    sentence = refused(tmp_path / "raw")
    assert "no longer has UserAnimeList.csv and AnimeList.csv; it has: animelists.csv" in sentence


@pytest.mark.usefixtures("kaggle")
def test_credentials_that_cannot_be_read_are_named(tmp_path: Path, home: Path) -> None:
    (home / "kaggle.json").write_text("{}")
    sentence = refused(tmp_path / "raw")
    assert str(home / "kaggle.json") in sentence
    assert sentence.endswith("fix it or remove it: the set is public")


@pytest.mark.usefixtures("kaggle")
def test_the_environment_is_as_it_was(tmp_path: Path, home: Path) -> None:
    before = dict(os.environ)
    fetch(tmp_path / "raw", lambda _: None)
    assert dict(os.environ) == before
    assert files(home) == []


def test_no_other_command_waits_for_kagglehub() -> None:
    check = "import sys, hakken.cli; sys.exit(bool({'kagglehub', 'requests'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=False).returncode == 0
