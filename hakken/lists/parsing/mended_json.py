"""Reads a JSON document; of a damaged one, what comes before the damage."""

from __future__ import annotations

import json
import re
from typing import Any

from .decoding import Bytes, decoded
from .mended_xml import CUT_SHORT
from .rows import UnreadableError

_DAMAGED = "The JSON is damaged or was cut short: export it again and send all of it."
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]')
CUT_OFF = "cut off"
"""Key that marks an object whose end is missing."""
_CLOSING = {"[": "]", "{": f',"{CUT_OFF}":1}}'}
_MAX_DEPTH = 32


def document_of(content: bytes, notes: dict[str, None]) -> Any:  # noqa: ANN401 - any JSON
    """Parse a document; notes tell what was mended.

    Raises:
        UnreadableError: it is no JSON, or nothing of it is whole.
    """
    encoding = Bytes([content]).encoding or "utf-8"
    text = "".join(decoded([content], encoding, notes))
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        whole = _before(text[: error.pos])
    except (ValueError, RecursionError) as error:
        raise UnreadableError(_DAMAGED) from error
    try:
        document = json.loads(whole)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(_DAMAGED) from error
    notes[CUT_SHORT] = None
    return document


def _before(text: str) -> str:
    """Return the text up to its last whole object or array, with all that is open there closed and marked."""
    closing: list[str] = []
    end, still_open = 0, ""
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in _CLOSING:
            closing.append(_CLOSING[sign])
            if len(closing) > _MAX_DEPTH:
                return ""
        elif closing and sign == closing[-1][-1]:
            closing.pop()
            end, still_open = token.end(), "".join(reversed(closing))
        elif sign in "]}":
            break
    return text[:end] + still_open
