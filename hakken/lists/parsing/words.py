"""Makes words comparable: without case, accents, width, blanks and punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


@lru_cache(4096)
def plain(text: str) -> str:
    """Return a text's letters and digits, small and without accents: ``Plan to Watch`` → ``plantowatch``."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[\W_]+", "", "".join(one for one in letters if not unicodedata.combining(one)))


def table_of(words: dict[str, str]) -> dict[str, str]:
    """Turn ``meaning → words with commas`` into ``word → meaning``; a word's first meaning counts."""
    meanings: dict[str, str] = {}
    for meaning, listed in words.items():
        for word in listed.split(","):
            meanings.setdefault(plain(word), meaning)
    return meanings
