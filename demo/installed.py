"""Adds who has installed the bot to simulated interactions: Discord sends it, simcord leaves it out.

The key "0", the installation type 'server', holds the server's id, or "0" in a direct message (Discord's
documentation, Interaction: Authorizing Integration Owners Object).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import simcord.interactions


@contextmanager
def installed_in_servers() -> Iterator[None]:
    """Make simulated servers count as having installed the bot, within the block."""
    build = simcord.interactions.base_payload

    def with_owners(*args: Any, **options: Any) -> tuple[Any, dict[str, Any]]:  # noqa: ANN401  # as simcord's
        record, payload = build(*args, **options)
        payload["authorizing_integration_owners"] = {"0": payload.get("guild_id", "0")}
        return record, payload

    with patch.object(simcord.interactions, "base_payload", with_owners):
        yield
