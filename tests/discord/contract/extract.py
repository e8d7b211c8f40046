"""Cut out of Discord's API description the part that a slash-command bot meets.

    python tests/discord/contract/extract.py OPENAPI.json > tests/discord/contract/discord_api.json

OPENAPI.json is the description that Discord publishes under the MIT licence, for example from
https://github.com/discord/discord-api-spec. The operations and schemas are copied word for word, so that
``DiscordContract`` gives the same verdicts on the extract and on the whole.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OPERATIONS: dict[str, tuple[str, ...]] = {
    "/applications/@me": ("get",),
    "/applications/{application_id}/commands": ("get", "put", "post"),
    "/applications/{application_id}/commands/{command_id}": ("get", "patch", "delete"),
    "/applications/{application_id}/guilds/{guild_id}/commands": ("get", "put", "post"),
    "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}": ("get", "patch", "delete"),
    "/channels/{channel_id}": ("get",),
    "/channels/{channel_id}/messages": ("get", "post"),
    "/channels/{channel_id}/messages/{message_id}": ("get", "patch", "delete"),
    "/channels/{channel_id}/polls/{message_id}/answers/{answer_id}": ("get",),
    "/channels/{channel_id}/polls/{message_id}/expire": ("post",),
    "/gateway": ("get",),
    "/gateway/bot": ("get",),
    "/guilds/{guild_id}/scheduled-events": ("get", "post"),
    "/guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}": ("get", "patch", "delete"),
    "/interactions/{interaction_id}/{interaction_token}/callback": ("post",),
    "/oauth2/applications/@me": ("get",),
    "/users/@me": ("get",),
    "/users/@me/channels": ("post",),
    "/webhooks/{webhook_id}/{webhook_token}": ("post",),
    "/webhooks/{webhook_id}/{webhook_token}/messages/@original": ("get", "patch", "delete"),
    "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}": ("get", "patch", "delete"),
}
REFERENCE = re.compile(r'"#/components/(\w+)/([\w.-]+)"')


def extract(description: Mapping[str, Any]) -> dict[str, Any]:
    """The operations above and every component that they reach, directly or through others."""
    paths = {}
    for path, methods in OPERATIONS.items():
        whole = description["paths"][path]
        paths[path] = {key: whole[key] for key in ("parameters", *methods) if key in whole}
    components: dict[str, dict[str, Any]] = {}
    waiting = set(REFERENCE.findall(json.dumps(paths)))
    while waiting:
        kind, name = waiting.pop()
        found = description["components"][kind][name]
        components.setdefault(kind, {})[name] = found
        waiting |= {
            (other, wanted)
            for other, wanted in REFERENCE.findall(json.dumps(found))
            if wanted not in components.get(other, {})
        }
    return {
        "openapi": description["openapi"],
        "info": description["info"],
        "servers": description["servers"],
        "paths": paths,
        "components": components,
    }


def main() -> None:
    source = Path(sys.argv[1]).read_bytes()
    part = extract(json.loads(source))
    # The description has a version ("10") but no build number: its digest says which one this was cut from.
    part["x-extracted-from"] = {"sha256": hashlib.sha256(source).hexdigest(), "bytes": len(source)}
    json.dump(part, sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
