"""`python -m bot` and its settings, as an operator meets them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import discord
import pytest
from sqlalchemy.engine import make_url

from bot import Settings, create_bot
from bot.settings import SettingsError, read_settings
from bot.store import Store
from hakken import HakkenError

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


ENV = "DISCORD_TOKEN=secret-token\nHOST_CONTACT=müller@example.org\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252"])
def test_an_env_file_in_another_encoding_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    (tmp_path / ".env").write_bytes(ENV.encode(encoding))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        SettingsError, match=r"^\.env is not UTF-8 text: save it again with the encoding UTF-8$"
    ):
        read_settings()


def test_an_env_file_may_begin_with_a_mark_of_its_encoding(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(ENV.encode("utf-8-sig"))
    settings = Settings(_env_file=file)
    assert settings.discord_token
    assert settings.host_contact == "müller@example.org"


def test_what_stops_the_start_is_said_in_one_line_before_the_login(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(ENV.encode("utf-16"))
    for directory, variables, said in (
        (tmp_path, {}, ".env is not UTF-8 text"),
        (ROOT, {"MODEL_DIR": "/nowhere/model"}, "/nowhere/model"),
    ):
        ended = start(directory, DISCORD_TOKEN="secret-token", **variables)
        assert ended.returncode == 2
        assert ended.stderr.startswith("hakken: ")
        assert ended.stderr.count("\n") == 1
        assert said in ended.stderr
        assert "secret" not in ended.stderr


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("model_dir", "/nowhere/model", "/nowhere/model"),
        ("model_dir", __file__, "test_main.py"),
        ("model_dir", "x" * 5000, "xxx"),
        ("database_url", "nonsense", "DATABASE_URL"),
        ("database_url", "data/hakken.sqlite3", "DATABASE_URL"),
        ("database_url", "sqlite:///data/hakken.sqlite3", "DATABASE_URL"),
        ("database_url", "sqlite+aiosqlite://", "DATABASE_URL"),
        ("database_url", "sqlite+aiosqlite://data/hakken.sqlite3", "DATABASE_URL"),
        ("database_url", "mysql://ann:secret-word@host:port/hakken", "DATABASE_URL"),
        ("database_url", "postgresql+nodriver://ann:secret-word@localhost/hakken", "DATABASE_URL"),
        ("database_url", "sqlite+aiosqlite:////proc/hakken/hakken.sqlite3", "/proc/hakken"),
        ("database_url", "sqlite+aiosqlite:////", "database"),
        ("database_url", f"sqlite+aiosqlite:///{'x' * 5000}", "xxx"),
    ],
)
async def test_what_cannot_be_opened_is_said_before_the_login(
    monkeypatch: pytest.MonkeyPatch, model_dir: Path, variable: str, value: str, said: str
) -> None:
    async def login(_client: discord.Client, _token: str) -> None:
        pytest.fail("it logged in")

    monkeypatch.setattr(discord.Client, "login", login)
    bot = create_bot(Settings(_env_file=None, **{"model_dir": model_dir, variable: value}))
    with pytest.raises(HakkenError) as refused:
        async with bot:
            await bot.login("a token")
    assert said in str(refused.value)
    assert "secret" not in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("variable", ["MODEL_DIR", "DATABASE_URL"])
def test_a_home_that_does_not_exist_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    monkeypatch.chdir(tmp_path)
    begin = "sqlite+aiosqlite:///" if variable == "DATABASE_URL" else ""
    monkeypatch.setenv(variable, f"{begin}~nobody-has-this-name/hakken")
    with pytest.raises(SettingsError, match=f"^{variable}: ~nobody-has-this-name/hakken begins with a home"):
        read_settings()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite+aiosqlite:///data/hakken.sqlite3", ROOT / "data/hakken.sqlite3"),
        ("sqlite+aiosqlite:////srv/hakken.sqlite3", Path("/srv/hakken.sqlite3")),
        ("sqlite+aiosqlite:///~/hakken.sqlite3", Path.home() / "hakken.sqlite3"),
        ("sqlite+aiosqlite:////srv/what?.sqlite3", Path("/srv/what?.sqlite3")),
        ("sqlite+aiosqlite:////srv/a?b=c/hakken.sqlite3", Path("/srv/a?b=c/hakken.sqlite3")),
        ("sqlite+aiosqlite:////srv/what%3F 100%.sqlite3", Path("/srv/what? 100%.sqlite3")),
        ("sqlite+aiosqlite:////srv/what?.sqlite3?timeout=5", Path("/srv/what?.sqlite3")),
        ("sqlite+aiosqlite:////srv/ännchen #1.sqlite3", Path("/srv/ännchen #1.sqlite3")),
    ],
)
def test_a_database_lies_where_its_address_says(url: str, path: Path) -> None:
    read = make_url(Settings(_env_file=None, database_url=url).database_url)
    assert read.database == str(path)
    assert read.query == ({"timeout": "5"} if "timeout" in url else {})
    again = Settings(_env_file=None, database_url=read.render_as_string()).database_url
    assert make_url(again) == read


async def test_a_question_mark_in_a_path_is_one_in_the_name_of_the_file(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/what? 100%/who?.sqlite3"
    await (await Store.open(Settings(_env_file=None, database_url=url).database_url)).close()
    assert (tmp_path / "what? 100%" / "who?.sqlite3").is_file()


def test_paths_begin_at_the_project_or_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    directories = {
        "data/model": ROOT / "data/model",
        "~/model": Path.home() / "model",
        "/srv/m": Path("/srv/m"),
    }
    for directory, path in directories.items():
        assert Settings(_env_file=None, model_dir=directory).model_dir == path
    defaults = Settings(_env_file=None)
    assert defaults.model_dir == ROOT / "data" / "starter"
    assert make_url(defaults.database_url).database == str(ROOT / "data" / "hakken.sqlite3")
