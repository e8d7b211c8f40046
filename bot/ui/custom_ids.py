"""The custom ids of buttons and menus: a prefix and fields, declared once.

From the declaration come the pattern that recognises an id, the id of given values, and the values of an id.
Ids stand on old messages for ever: a declaration that is in use keeps its prefix, its order and its fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """One value in an id. What is written must hold no colon: that stands between fields."""

    pattern: str
    """A regular expression without groups that have names."""
    read: Callable[[str], T]
    """Makes the value of text that fits the pattern."""
    write: Callable[[T], str] = str


def digits(most: int) -> Field[int]:
    """A whole number from 0 on, of 1 to `most` digits."""
    return Field(rf"[0-9]{{1,{most}}}", int)


def token(least: int, most: int) -> Field[str]:
    """Characters as `secrets.token_urlsafe` gives them: `least` to `most` of them."""
    return Field(rf"[A-Za-z0-9_-]{{{least},{most}}}", str)


def one_of(literal: object) -> Field[str]:
    """One of the words of a `Literal`."""
    return Field("|".join(map(re.escape, get_args(literal))), str)


def parts(make: Callable[..., T], **fields: Field[Any]) -> Field[T]:
    """Several fields that belong to one value.

    Args:
        make: takes the fields' values by their names.
        fields: by the attribute of the value that each holds.
    """

    def read(text: str) -> T:
        found = zip(fields.items(), text.split(":"), strict=True)
        return make(**{name: field.read(part) for (name, field), part in found})

    def write(value: T) -> str:
        return ":".join(field.write(getattr(value, name)) for name, field in fields.items())

    return Field(":".join(f"(?:{field.pattern})" for field in fields.values()), read, write)


USER = digits(20)
ANIME = digits(9)
PAGE = digits(4)
ON_OFF: Field[bool] = Field("on|off", lambda text: text == "on", lambda value: "on" if value else "off")
KEY = token(22, 22)
"""Of what the database keeps."""


class CustomId:
    """The ids of one kind of button or menu: ``prefix:field:field``."""

    def __init__(self, prefix: str, **fields: Field[Any]) -> None:
        self.prefix = prefix
        self.fields = fields
        self.template = ":".join(
            [re.escape(prefix), *(f"(?P<{name}>{field.pattern})" for name, field in fields.items())]
        )
        """Fits the whole of each id."""

    def write(self, **values: object) -> str:
        """The id of these values, by field; a value without a field is left out."""
        return ":".join([self.prefix, *(field.write(values[name]) for name, field in self.fields.items())])

    def read(self, match: re.Match[str]) -> dict[str, Any]:
        """The values by field of an id that fits the template."""
        return {name: field.read(match[name]) for name, field in self.fields.items()}
