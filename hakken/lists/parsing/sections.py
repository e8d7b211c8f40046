"""Lines within a list that say the status, or the kind, of all entries below: ``Completed (12):``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .kinds import is_unknown_kind
from .statuses import UnknownWordError, read_status

_AROUND = " \t\r\n#=*_[]:|,;-"
_COUNT = re.compile(r"\s*\([0-9]{1,6}\)")


def section_of(line: str, *, plainly: bool) -> dict[str, str] | None:
    """Return the cells that a line gives to the entries below it; None if it is an entry itself.

    Args:
        line: a line, or the only filled cell of a row.
        plainly: whether a word alone is enough, without a colon after it or signs of a heading around it.
    """
    text = line.strip()
    if not (plainly or text.startswith(("#", "=", "[", "*")) or text.endswith((":", "]", "=", "*"))):
        return None
    word = _COUNT.sub("", text.strip(_AROUND)).strip(_AROUND)
    if not word or not word[0].isalpha():
        return None
    try:
        if read_status(word):
            return {"status": word}
    except UnknownWordError:
        if not is_unknown_kind({"kind": word}):
            return {"kind": word}
    return None


def below(section: Mapping[str, str], begun: Mapping[str, str]) -> dict[str, str]:
    """Return the section after another has begun: a status is one of its kind, a kind ends a status."""
    return {**section, **begun} if "status" in begun else dict(begun)
