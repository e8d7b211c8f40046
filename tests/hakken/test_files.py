"""Files that appear whole or not at all, and places that are tried without a trace."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from hakken.files import try_directory, unwritable, written_whole


def test_a_file_written_whole_takes_the_old_ones_place(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")

    with written_whole(tmp_path / "a") as file:
        file.write(b"new")
        assert (tmp_path / "a").read_text() == "old"

    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "new")]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_file_half_written_leaves_the_old_one(tmp_path: Path, error: type[BaseException]) -> None:
    (tmp_path / "a").write_text("old")

    with pytest.raises(error), written_whole(tmp_path / "a") as file:
        file.write(b"half")
        raise error

    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "old")]


def test_a_directory_is_tried_without_a_trace(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "kept").touch()

    try_directory(tmp_path / "there")
    try_directory(tmp_path / "there" / "a" / "b")

    assert sorted(path.name for path in tmp_path.rglob("*")) == ["kept", "there"]


def test_a_full_disk_needs_room_not_another_name() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")

    assert unwritable(full) == "No space left on device; make room"
