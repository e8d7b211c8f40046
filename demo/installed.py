"""Who has installed the bot: Discord tells it with every interaction, simcord leaves it out.

Under "0", the type of installation in a server, stands the server's id, and "0" in a direct message
(Discord's documentation, Interaction: Authorizing Integration Owners Object).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import simcord.interactions


@contextmanager
def installed_in_servers() -> Iterator[None]:
    """Within the block, simulated servers have installed the bot, and who uses it there counts there."""
    build = simcord.interactions.base_payload

    def with_owners(*args: Any, **told: Any) -> tuple[Any, dict[str, Any]]:  # noqa: ANN401  # as simcord's
        record, payload = build(*args, **told)
        payload["authorizing_integration_owners"] = {"0": payload.get("guild_id", "0")}
        return record, payload

    with patch.object(simcord.interactions, "base_payload", with_owners):
        yield
