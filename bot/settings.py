"""All settings of the bot, read from the environment and from ``.env``."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings for the bot's operator; each name in capitals is an environment variable."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    discord_token: SecretStr | None = None
    """The bot's secret token from Discord's developer portal."""
    database_url: str = f"sqlite+aiosqlite:///{ROOT / 'data' / 'hakken.sqlite3'}"
    """The database of members' ratings, as a SQLAlchemy URL."""
    model_dir: Path = ROOT / "data" / "starter"
    """The model to use: a directory made by ``python -m hakken train``."""
    shard_count: int | None = Field(default=None, ge=1)
    """Number of connections to Discord; by default Discord decides."""
    min_raters: int = Field(default=50, ge=0)
    """Anime with fewer raters are not recommended: too few to trust."""
    min_ratings: int = Field(default=5, ge=1)
    """Ratings that a member needs before ``/recommend`` stops calling its picks a guess."""
    misery_floor: float = Field(default=5.0, ge=1, le=10)
    """``/suggest`` skips anime that any member is predicted to rate below this."""
    buttons_minutes: float = Field(default=10, gt=0, lt=15)
    """How long page buttons work, in minutes; Discord lets a bot edit its answer for 15 minutes."""
    anilist_covers: bool = True
    """Whether to ask AniList for covers that the catalogue lacks; only anime ids are sent there."""
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
