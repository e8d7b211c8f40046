"""Discord's own API description as the judge of what the bot sends."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

from jsonschema.protocols import Validator
from simcord import HttpLogEntry

from tests.discord.contract.limits import rules_of
from tests.discord.contract.schema import Schema, Schemas, sentence

EXTRACT = Path(__file__).parent / "discord_api.json"
Request = HttpLogEntry | tuple[str, str, Mapping[str, Any] | None, Any]
SAME_BODIES = 100
"""Of each operation, so many are judged once."""
MISSING = "no JSON body, though the operation requires one"


class DiscordContract:
    """The operations that Discord offers, and what it would refuse about a request."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        schemas = Schemas(description["components"]["schemas"])
        self._operations: dict[tuple[str, int], list[_Operation]] = defaultdict(list)
        for template, path in description["paths"].items():
            for method, told in path.items():
                if method != "parameters":
                    parameters = [*path.get("parameters", ()), *told.get("parameters", ())]
                    operation = _Operation(schemas, template, told, parameters)
                    self._operations[method.upper(), template.count("/")].append(operation)
        for operations in self._operations.values():
            operations.sort(key=lambda one: one.template.count("{"))  # …/@original before …/{message_id}

    @classmethod
    def load(cls, path: Path | str = EXTRACT) -> Self:
        """Read the extract that the tests carry, or a whole description."""
        return cls(json.loads(Path(path).read_text(encoding="utf-8")))

    def violations(self, request: Request) -> list[str]:
        """What Discord would refuse about the request, a sentence each; empty where nothing.

        The limits beyond the schema are looked at only where the schema is satisfied: they rely on it.
        """
        if isinstance(request, HttpLogEntry):
            request = (request.method, request.path, request.params, request.json)
        method, path, params, body = request
        for operation in self._operations.get((method.upper(), path.count("/")), ()):
            if found := operation.pattern.fullmatch(path):
                return list(operation.violations(found.groupdict(), params or {}, body))
        return [f"Discord's API description has no {method.upper()} {path}"]


@dataclass
class _Operation:
    """One method of one path."""

    schemas: Schemas
    template: str
    told: Mapping[str, Any]
    parameters: list[Mapping[str, Any]]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.template)))

    @cached_property
    def _body(self) -> Validator | None:
        """Discord describes JSON, form and multipart alike; discord.py sends JSON, or in a form a part of it."""
        content = self.told.get("requestBody", {}).get("content", {})
        media = content.get("application/json") or next(iter(content.values()), None)
        return self.schemas.validator(media["schema"]) if media else None

    @cached_property
    def _parameters(self) -> dict[tuple[str, str], tuple[Schema, Validator]]:
        return {
            (told["in"], told["name"]): (
                self.schemas.resolved(told["schema"]),
                self.schemas.validator(told["schema"]),
            )
            for told in self.parameters
        }

    def violations(self, args: Mapping[str, str], params: Mapping[str, Any], body: Any) -> Iterator[str]:
        for name, text in args.items():
            yield from self._parameter("path", name, text)
        for name, value in params.items():
            yield from self._parameter("query", name, value)
        for told in self.parameters:
            if told["in"] == "query" and told.get("required") and told["name"] not in params:
                yield f"query parameter {told['name']}: required, but missing"
        yield from self._body_violations(body)

    def _parameter(self, place: str, name: str, value: Any) -> Iterator[str]:
        if (place, name) not in self._parameters:
            yield f"{place} parameter {name}: the operation knows none of this name"
            return
        schema, validator = self._parameters[place, name]
        values = value if isinstance(value, list | tuple) else [value]
        if any(isinstance(one, bool) or not isinstance(one, str | int | float) for one in values):
            # What yarl, and so aiohttp, refuses to put into an address.
            yield f"{place} parameter {name}: {value!r} is neither text nor a number"
            return
        for error in validator.iter_errors(_from_wire(value, schema)):
            yield f"{place} parameter {sentence(error).replace('body', name, 1)}"

    def _body_violations(self, body: Any) -> Iterator[str]:
        if self._body is None:
            if body is not None:
                yield "body: the operation takes none"
            return
        if body is None:
            if self.told["requestBody"].get("required"):
                yield f"body: {MISSING}"
            return
        try:
            # simcord records what discord.py hands to the transport; Discord sees it as JSON (a tuple as an
            # array, an enum's number as a number), and NaN is none.
            sent = json.dumps(body, allow_nan=False)
        except (TypeError, ValueError) as error:
            yield f"body: cannot be sent as JSON: {error}"
            return
        yield from self._judged(sent)

    @cached_property
    def _judged(self) -> Callable[[str], list[str]]:
        """What is wrong with JSON; every bot sends the same commands, and judging them takes long."""
        return lru_cache(SAME_BODIES)(self._judge)

    def _judge(self, sent: str) -> list[str]:
        assert self._body
        body, rules = json.loads(sent), rules_of(self.told["operationId"])
        wrong = [sentence(error) for error in self._body.iter_errors(body)]
        return wrong or (list(rules(body)) if rules else [])


def _from_wire(value: Any, schema: Schema) -> Any:
    """A parameter as the schema means it: in an address all is text.

    Booleans are True, true, 1, False, false or 0 there (API Reference: Boolean Query Strings); discord.py
    sends 1 and 0.
    """
    kinds = schema.get("type", "string")
    if "array" in kinds:
        items = schema.get("items", {})
        return [_from_wire(one, items) for one in (value if isinstance(value, list | tuple) else [value])]
    text = str(value)
    if "boolean" in kinds:
        return {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}.get(
            text, text
        )
    if "integer" in kinds and "string" not in kinds and re.fullmatch(r"-?\d+", text):
        return int(text)
    return text
