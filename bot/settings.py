"""All settings of the bot, read from the environment and from ``.env``."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hakken import HakkenError
from hakken.recommend.filters import MIN_RATERS

ROOT = Path(__file__).resolve().parent.parent
_ENV_FILE = Path(".env")
_NO_TEXT = ".env is not UTF-8 text: save it again with the encoding UTF-8"
_SQLITE_FILE = re.compile(
    r"(sqlite(?:\+\w+)?:///)(?!:memory:|file:)(.+?)"
    r"(\?(?:timeout|isolation_level|detect_types|cached_statements|cache|mode|uri|vfs)=[^/?]*)?"
)
"""Beginning, path and options of an address; another question mark is part of the path."""


class SettingsError(HakkenError):
    """The settings cannot be read; ``str(error)`` names the setting or the file, and the remedy."""


class Settings(BaseSettings):
    """Settings for the bot's operator; each name in capitals is an environment variable."""

    model_config = SettingsConfigDict(
        env_file=_ENV_FILE,
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    discord_token: SecretStr | None = None
    """The bot's secret token from Discord's developer portal."""
    database_url: str = "sqlite+aiosqlite:///data/hakken.sqlite3"
    """The database of members' ratings, as a SQLAlchemy URL."""
    model_dir: Path = Path("data/starter")
    """The model to use: a directory made by ``python -m hakken train``."""
    shard_count: int | None = Field(default=None, ge=1)
    """Number of connections to Discord; by default Discord decides."""
    min_raters: int = Field(default=MIN_RATERS, ge=0)
    """Anime with fewer raters are not recommended: too few to trust."""
    min_ratings: int = Field(default=5, ge=1)
    """Ratings that a member needs before ``/recommend`` stops calling its picks a guess."""
    misery_floor: float = Field(default=5.0, ge=1, le=10)
    """``/suggest`` skips anime that any member is predicted to rate below this."""
    buttons_minutes: float = Field(default=10, gt=0, lt=15)
    """How long page buttons work, in minutes; Discord lets a bot edit its answer for 15 minutes."""
    anilist_covers: bool = True
    """Whether to ask AniList for covers that the catalogue lacks; only anime ids are sent there."""
    check_covers: bool = True
    """Whether to ask the hosts of covers if the pictures are still there; only their addresses are sent."""
    commands_per_minute: int = Field(default=30, ge=1)
    """Commands that one member may give in a minute; button presses may be four times as many."""
    server_commands_per_minute: int = Field(default=300, ge=1)
    """Commands that all members of one server together may give in a minute; buttons four times as many."""
    imports_per_hour: int = Field(default=6, ge=1)
    """Lists that one member may import in an hour."""
    host_contact: str = Field(default="", max_length=200)
    """Contact for members' questions about their data, shown by ``/privacy``. Discord requires one."""
    mal_client_id: SecretStr | None = None
    """From https://myanimelist.net/apiconfig; without it the bot cannot read MyAnimeList lists by name."""
    workers: int = Field(default=2, ge=1)
    """Threads that compute recommendations."""
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    """How detailed the log is."""

    @field_validator("database_url")
    @classmethod
    def _with_absolute_path(cls, url: str) -> str:
        """Make the path of an SQLite file absolute, in the form in which SQLAlchemy reads every path."""
        if not (parts := _SQLITE_FILE.fullmatch(url)):
            return url
        begin, path, options = parts.groups("")
        return f"{begin}{quote(str(_absolute(Path(unquote(path)))))}{options}"

    @field_validator("model_dir")
    @classmethod
    def _absolute_directory(cls, directory: Path) -> Path:
        return _absolute(directory)


def read_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: the file is no UTF-8 text or cannot be read, or a setting has an impossible value.
    """
    try:
        # Some UTF-16 is also UTF-8, but every second letter of it is a NUL.
        is_text = not _ENV_FILE.is_file() or "\0" not in _ENV_FILE.read_text(encoding="utf-8-sig")
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        why = str(first["msg"]).removeprefix("Value error, ")
        raise SettingsError(f"{str(first['loc'][0]).upper()}: {why}; see .env.example") from error
    except UnicodeError as error:
        raise SettingsError(_NO_TEXT) from error
    except OSError as error:
        raise SettingsError(f".env cannot be read ({error.strerror}): allow it, or delete it") from error
    if not is_text:
        raise SettingsError(_NO_TEXT)
    return settings


def _absolute(path: Path) -> Path:
    """Return a path from the project's directory on; ``~`` is a home directory."""
    try:
        return ROOT / path.expanduser()
    except RuntimeError as error:
        raise ValueError(f"{path} begins with a home directory that does not exist") from error
