"""Discord's own API description as a judge of what the bot sends.

``tests/fixtures/discord_api.json`` is the part of it that a slash-command bot meets, cut out by

    .venv/bin/python -m tests.discord.contract OPENAPI.json tests/fixtures/discord_api.json

from the specification that Discord publishes under the MIT licence.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from simcord import HttpLogEntry

OPERATIONS = {
    "/applications/@me": ["get"],
    "/applications/{application_id}/commands": ["get", "put"],
    "/applications/{application_id}/guilds/{guild_id}/commands": ["get", "put"],
    "/gateway/bot": ["get"],
    "/interactions/{interaction_id}/{interaction_token}/callback": ["post"],
    "/oauth2/applications/@me": ["get"],
    "/users/@me": ["get"],
    "/webhooks/{webhook_id}/{webhook_token}": ["post"],
    "/webhooks/{webhook_id}/{webhook_token}/messages/@original": ["get", "patch", "delete"],
    "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}": ["get", "patch", "delete"],
}
EMBED_TOTAL = 6000
"""Characters over all embeds of a message: documented under 'Message Resource: Embed Limits' alone."""
CHOICE_VALUE = 100
"""Characters of a choice's string value: documented under 'Application Command Option Choice Structure'."""

formats = FormatChecker(formats=())


@formats.checks("uri")
def _is_uri(value: object) -> bool:
    if not isinstance(value, str):
        return True
    parts = urlsplit(value)
    web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return (web or parts.scheme in ("attachment", "discord")) and not re.search(r"\s", value)


class Contract:
    """What requests must look like."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self._components = description["components"]
        self._operations = [
            (re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), operations)
            for path, operations in sorted(description["paths"].items(), key=lambda one: one[0].count("{"))
        ]
        self._validators: dict[str, Draft202012Validator] = {}

    @classmethod
    def read(cls, path: Path) -> Contract:
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def violations(self, request: HttpLogEntry) -> list[str]:
        """What Discord would refuse about the request, in words; empty where nothing."""
        method = request.method.lower()
        for path, operations in self._operations:
            if path.fullmatch(request.path) and method in operations:
                found = [*self._schema_errors(operations[method], request.json), *_documented(request.json)]
                return [f"{request.method} {request.path}: {one}" for one in found]
        return [f"{request.method} {request.path}: Discord's description has no such route"]

    def _schema_errors(self, operation: Mapping[str, Any], body: object) -> Iterator[str]:
        told = operation.get("requestBody")
        if told is None or (body is None and not told.get("required")):
            return
        schema = told["content"]["application/json"]["schema"]
        key = json.dumps(schema)
        if key not in self._validators:
            whole = {**schema, "components": self._components}
            self._validators[key] = Draft202012Validator(whole, format_checker=formats)
        error = best_match(self._validators[key].iter_errors(body))
        if error is not None:
            yield f"{error.json_path}: {error.message[:300]}"


def _documented(body: object) -> Iterator[str]:
    """The limits that stand in Discord's documentation but not in its description."""
    for message in _messages(body):
        embeds = message.get("embeds") or []
        total = sum(len(text) for embed in embeds for text in _embed_texts(embed))
        if total > EMBED_TOTAL:
            yield f"embeds hold {total} characters, more than {EMBED_TOTAL}"
        ids = [part["custom_id"] for part in _parts(message.get("components")) if part.get("custom_id")]
        if len(set(ids)) < len(ids):
            yield f"custom ids stand twice: {ids}"
        for choice in message.get("choices") or []:
            if isinstance(choice["value"], str) and len(choice["value"]) > CHOICE_VALUE:
                yield f"a choice's value has {len(choice['value'])} characters, more than {CHOICE_VALUE}"


def _messages(body: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(body, Mapping):
        yield body
        if isinstance(body.get("data"), Mapping):
            yield body["data"]


def _embed_texts(embed: Mapping[str, Any]) -> Iterator[str]:
    fields = embed.get("fields") or []
    holders = [(embed, ("title", "description")), (embed.get("footer"), ("text",))]
    holders += [(embed.get("author"), ("name",)), *((field, ("name", "value")) for field in fields)]
    for holder, names in holders:
        yield from (holder[name] for name in names if holder and holder.get(name))


def _parts(components: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(components, list):
        for part in components:
            yield part
            yield from _parts(part.get("components"))


def extract(description: Mapping[str, Any]) -> dict[str, Any]:
    """The operations above with all schemas that their bodies reach."""
    paths = {
        path: {method: _body_of(description["paths"][path][method]) for method in methods}
        for path, methods in OPERATIONS.items()
        if path in description["paths"]
    }
    schemas: dict[str, Any] = {}
    waiting = _references(paths)
    while waiting:
        name = waiting.pop()
        if name not in schemas:
            schemas[name] = description["components"]["schemas"][name]
            waiting |= _references(schemas[name])
    return {"info": description["info"], "paths": paths, "components": {"schemas": schemas}}


def _body_of(operation: Mapping[str, Any]) -> dict[str, Any]:
    told = operation.get("requestBody")
    if told is None:
        return {}
    content = {"application/json": told["content"]["application/json"]}
    return {"requestBody": {"content": content, "required": told.get("required", False)}}


def _references(part: object) -> set[str]:
    return set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(part)))


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    cut = extract(json.loads(source.read_text(encoding="utf-8")))
    target.write_text(json.dumps(cut, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")
