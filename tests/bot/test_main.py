"""`python -m bot` and its settings, as an operator meets them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import Settings

ROOT = Path(__file__).resolve().parents[2]


def start(tmp_path: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"}
    return subprocess.run(
        [sys.executable, *(command or ("-m", "bot"))],
        cwd=tmp_path,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_token_one_line_says_what_to_set_and_where_to_get_it(tmp_path: Path) -> None:
    ended = start(tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "DISCORD_TOKEN" in ended.stderr
    assert "https://discord.com/developers/applications" in ended.stderr


@pytest.mark.parametrize(
    ("variable", "value"), [("SHARD_COUNT", "many"), ("MISERY_FLOOR", "11"), ("BUTTONS_MINUTES", "15")]
)
def test_a_setting_that_cannot_be_is_named_in_one_line(tmp_path: Path, variable: str, value: str) -> None:
    ended = start(tmp_path, DISCORD_TOKEN="secret-token", **{variable: value})
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert variable in ended.stderr
    assert "secret-token" not in ended.stderr


RETRIES = """
import logging
import stamina
from bot.__main__ import main

main()
logging.basicConfig()

@stamina.retry(on=OSError, attempts=2, wait_initial=0, wait_max=0, wait_jitter=0)
def fetch(name):
    raise OSError

try:
    fetch("ann")
except OSError:
    logging.getLogger("bot").warning("given up")
"""


def test_retries_do_not_warn_with_what_was_asked_for(tmp_path: Path) -> None:
    ended = start(tmp_path, "-c", RETRIES)
    assert ended.stderr == "WARNING:bot:given up\n"


def test_every_setting_is_documented_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"{name.upper()}=" in example


def test_settings_come_from_a_file_and_the_token_is_never_shown(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=hush-hush\nSHARD_COUNT=\nMIN_RATERS=7\n")
    settings = Settings(_env_file=file)
    assert settings.min_raters == 7
    assert settings.shard_count is None
    assert settings.discord_token
    assert settings.discord_token.get_secret_value() == "hush-hush"
    assert "hush" not in repr(settings)
