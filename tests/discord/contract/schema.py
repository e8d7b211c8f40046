"""Validation against the schemas of an OpenAPI 3.1 description, with errors a reader can use.

The schemas are JSON Schema 2020-12, and jsonschema judges them. Three keywords are our own:

- ``$ref`` looks the name up in a dictionary: same meaning, a tenth of the time;
- ``oneOf`` and ``anyOf`` first put aside the branches that cannot fit (another ``type`` tag, null), which
  changes no verdict, and report what is wrong with the branch that was meant instead of "is not valid
  under any of the given schemas".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from rfc3339_validator import validate_rfc3339

Schema = Mapping[str, Any]
Keyword = Callable[[Validator, Any, Any, Schema], Iterator[ValidationError]]

SHOWN = 60
FORMATS = FormatChecker(formats=())
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


# The formats that Discord's description names. "double" and "nonce" restrict nothing.
@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or SCHEME.fullmatch(value) is not None


@FORMATS.checks("date-time")
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or bool(validate_rfc3339(value))


@FORMATS.checks("snowflake")
def _is_snowflake(value: object) -> bool:
    return not isinstance(value, int | str) or (str(value).isdecimal() and int(value) < 2**64)


@FORMATS.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@FORMATS.checks("int64")
def _is_int64(value: object) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63


class Schemas:
    """The named schemas of a description, and validators that resolve references among them."""

    def __init__(self, named: Mapping[str, Schema]) -> None:
        self._named = dict(named)
        if "SnowflakeType" in self._named:
            # The description says string. In requests Discord reads numbers too: its page "API Reference:
            # Uploading Files" numbers attachments 0, 1, 2, and discord.py sends the ids of allowed
            # mentions and attachments as integers.
            self._named["SnowflakeType"] = {
                **self._named["SnowflakeType"],
                "type": ["string", "integer"],
                "minimum": 0,
            }
        keywords = {"$ref": self._ref, "oneOf": self._union(exclusive=True), "anyOf": self._union()}
        self._validator = extend(Draft202012Validator, keywords)

    def validator(self, schema: Schema) -> Validator:
        return self._validator(schema, format_checker=FORMATS)

    def resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self._named[schema["$ref"].rpartition("/")[2]]
        return schema

    def _ref(self, validator: Validator, _: str, instance: Any, schema: Schema) -> Iterator[ValidationError]:
        yield from validator.descend(instance, self.resolved(schema))

    def _union(self, *, exclusive: bool = False) -> Keyword:
        def union(
            validator: Validator, branches: Sequence[Schema], instance: Any, _: Schema
        ) -> Iterator[ValidationError]:
            known = [self.resolved(branch) for branch in branches]
            left = [branch for branch in known if _may_fit(branch, instance)]
            if not left:
                yield _no_branch(known, instance)
                return
            verdicts = [list(validator.descend(instance, branch)) for branch in left]
            fitting = sum(not errors for errors in verdicts)
            if fitting == 0:
                yield from min(verdicts, key=len)
            elif exclusive and fitting > 1:
                yield ValidationError(f"{fitting} of the possible forms fit, where exactly one must")

        return union


def _may_fit(branch: Schema, instance: Any) -> bool:
    """False only where the branch is certain to refuse the instance for its kind."""
    if "const" in branch:
        return bool(branch["const"] == instance)
    if instance is None or branch.get("type") == "null":
        return instance is None and "null" in branch.get("type", "null")
    tags = _tags(branch)
    if not isinstance(instance, dict) or tags is None:
        return True
    return instance["type"] in tags if "type" in instance else "type" not in branch.get("required", ())


def _tags(branch: Schema) -> list[int | str] | None:
    """The values of ``type`` by which Discord tells the forms of a union apart."""
    tags: list[int | str] | None = branch.get("properties", {}).get("type", {}).get("enum")
    return tags


def _no_branch(branches: Sequence[Schema], instance: Any) -> ValidationError:
    if isinstance(instance, dict):
        tags = sorted(
            {tag for branch in branches for tag in _tags(branch) or ()},
            key=lambda tag: (isinstance(tag, str), tag),
        )
        if "type" not in instance:
            return ValidationError(f"'type' is a required property, one of {tags}")
        return ValidationError(f"{instance['type']!r} is not one of {tags}", path=["type"])
    allowed = [branch["const"] for branch in branches if "const" in branch]
    return ValidationError(f"{_short(instance)} is not one of {allowed}" if allowed else "must not be null")


def sentence(error: ValidationError) -> str:
    """Where and what: ``data.embeds[0].title: 300 characters, at most 256 allowed``."""
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    limit, value = error.validator_value, error.instance
    match error.validator:
        case "maxLength":
            what = f"{len(value)} characters, at most {limit} allowed"
        case "minLength":
            what = f"{len(value)} characters, at least {limit} needed"
        case "maxItems":
            what = f"{len(value)} items, at most {limit} allowed"
        case "minItems":
            what = f"{len(value)} items, at least {limit} needed"
        case _:
            what = error.message.replace(repr(value), _short(value))
    return f"{where.lstrip('.') or 'body'}: {what}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
