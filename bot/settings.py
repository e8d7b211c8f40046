"""Every knob of the bot, read from the environment and from ``.env``."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What whoever hosts the bot can set; each name is an environment variable in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    discord_token: SecretStr | None = None
    """The bot's secret from Discord's developer portal."""
    database_url: str = f"sqlite+aiosqlite:///{ROOT / 'data' / 'hakken.sqlite3'}"
    """Where members' ratings are kept, as SQLAlchemy writes it."""
    model_dir: Path = ROOT / "data" / "starter"
    """The model that answers: a directory made by ``python -m hakken train``."""
    shard_count: int | None = Field(default=None, ge=1)
    """Connections to Discord; by default Discord says how many."""
    min_raters: int = Field(default=50, ge=0)
    """Anime that fewer users rated are not recommended: too few to trust."""
    min_ratings: int = Field(default=5, ge=1)
    """From how many own ratings on what ``/recommend`` picks is no longer called a guess."""
    misery_floor: float = Field(default=5.0, ge=1, le=10)
    """``/suggest`` leaves out what any member is predicted to rate below this."""
    buttons_minutes: float = Field(default=10, gt=0, lt=15)
    """How long page buttons work; Discord lets a bot tidy up after itself for 15 minutes."""
    anilist_covers: bool = True
    """Whether covers that the catalogue lacks are asked of AniList; only ids of anime are sent there."""
    commands_per_minute: int = Field(default=30, ge=1)
    """Commands that one member may give in a minute; of buttons they may press four times as many."""
    server_commands_per_minute: int = Field(default=300, ge=1)
    """Commands that all members of one server together may give in a minute; buttons likewise."""
    imports_per_hour: int = Field(default=6, ge=1)
    """Lists that one member may have read in an hour."""
    host_contact: str = Field(default="", max_length=200)
    """Whom members can ask about their data; ``/privacy`` shows it. Discord wants such an address."""
    mal_client_id: SecretStr | None = None
    """From https://myanimelist.net/apiconfig; without it MyAnimeList gives no lists by name."""
    workers: int = Field(default=2, ge=1)
    """Threads that compute recommendations."""
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    """How much the log tells."""
