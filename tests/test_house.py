"""The house rules that no linter knows: one name for one thing, and sentences that are read once."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("hakken", "bot")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
SHARED_FILE_NAMES = {"__init__.py", "cog.py", "embeds.py", "texts.py", "errors.py"}
"""File names that may stand in any number of folders: everybody knows what is in them."""
BANNED_PHRASES = (
    "anew",
    "so many",
    "so long",
    "who leads",
    "who manages",
    "whoever",
    "nobody of whom",
    "none of whom",
    "is told of",
    "as told",
)
BANNED_NAMES = {
    "Easel",
    "easel",
    "EVENING",
    "evening",
    "EVENINGS",
    "evenings",
    "Everyones",
    "Gathered",
    "gathered",
    "Gathering",
    "gathering",
    "Kept",
    "Lean",
    "Leaning",
    "leaning",
    "leanings",
    "leant",
    "Learned",
    "Look",
    "look",
    "look_of",
    "looks",
    "Managed",
    "Newcomers",
    "of_match",
    "ONLOOKING",
    "Openings",
    "openings",
    "Owned",
    "portions",
    "rated_lists",
    "told",
    "Wanted",
    "WISHES",
    "Wishes",
    "wishes_of",
}
"""Names that the glossary replaced."""


PATTERNS = {
    phrase: re.compile(r"\b" + phrase.replace(" ", r"[\s#]+") + r"\b", re.IGNORECASE)
    for phrase in BANNED_PHRASES
}
"""A phrase may go on in the next line of a comment."""


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Comments and strings of a file with their lines, f-strings and docstrings included."""
    source = path.read_text(encoding="utf-8")
    kinds = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in kinds:
            yield token.start[0], token.string


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_holds_no_banned_phrase(path: Path) -> None:
    found = [
        f"line {line}: {phrase!r}"
        for line, text in texts(path)
        for phrase, pattern in PATTERNS.items()
        if pattern.search(text)
    ]
    assert not found


def test_no_two_modules_define_a_public_class_of_the_same_name() -> None:
    where = defaultdict(set)
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].add(str(path.relative_to(ROOT)))
    assert {name: sorted(paths) for name, paths in where.items() if len(paths) > 1} == {}


def names(node: ast.AST) -> Iterator[str]:
    """The names of classes, functions, parameters, variables and attributes."""
    match node:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            yield node.name
        case ast.arg(arg=name) | ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.keyword(arg=str(name)):
            yield name


def test_no_replaced_name_is_used() -> None:
    used = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in names(node)
        if name.strip("_") in BANNED_NAMES
    }
    assert not used


def test_a_file_name_says_where_one_is() -> None:
    folders = Counter(path.name for path in FILES if path.name not in SHARED_FILE_NAMES)
    assert {name: times for name, times in folders.items() if times > 3} == {}
