"""Custom ids of buttons and menus: a prefix and fields, declared once.

A declaration gives the pattern that matches an id, the id for given values, and the values of an id. Ids stay
on old messages forever, so a declaration in use must keep its prefix, its order and its fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """One value in an id. The written text must not contain a colon, because colons separate fields."""

    pattern: str
    """A regular expression without named groups."""
    read: Callable[[str], T]
    """Makes the value from a text that matches the pattern."""
    write: Callable[[T], str] = str


def digits(most: int) -> Field[int]:
    """A whole number, 0 or more, with 1 to `most` digits."""
    return Field(rf"[0-9]{{1,{most}}}", int)


def token(least: int, most: int) -> Field[str]:
    """A token of `secrets.token_urlsafe` with `least` to `most` characters."""
    return Field(rf"[A-Za-z0-9_-]{{{least},{most}}}", str)


def one_of(literal: object) -> Field[str]:
    """One of the words of a `Literal`."""
    return Field("|".join(map(re.escape, get_args(literal))), str)


def parts(make: Callable[..., T], **fields: Field[Any]) -> Field[T]:
    """Several fields that form one value.

    Args:
        make: makes the value from the fields' values, passed by name.
        fields: the field of each attribute of the value, by attribute name.
    """

    def read(text: str) -> T:
        pairs = zip(fields.items(), text.split(":"), strict=True)
        return make(**{name: field.read(part) for (name, field), part in pairs})

    def write(value: T) -> str:
        return ":".join(field.write(getattr(value, name)) for name, field in fields.items())

    return Field(":".join(f"(?:{field.pattern})" for field in fields.values()), read, write)


USER = digits(20)
ANIME = digits(9)
PAGE = digits(4)
ON_OFF: Field[bool] = Field("on|off", lambda text: text == "on", lambda value: "on" if value else "off")
KEY = token(22, 22)
"""The random id of a stored row."""


class CustomId:
    """The ids of one kind of button or menu: ``prefix:field:field``."""

    def __init__(self, prefix: str, **fields: Field[Any]) -> None:
        self.prefix = prefix
        self.fields = fields
        self.template = ":".join(
            [re.escape(prefix), *(f"(?P<{name}>{field.pattern})" for name, field in fields.items())]
        )
        """A regular expression that matches the whole id."""

    def write(self, **values: object) -> str:
        """Return the id for these values by field name; a value without a field is ignored."""
        return ":".join([self.prefix, *(field.write(values[name]) for name, field in self.fields.items())])

    def read(self, match: re.Match[str]) -> dict[str, Any]:
        """Return the values, by field name, of an id that matches the template."""
        return {name: field.read(match[name]) for name, field in self.fields.items()}
