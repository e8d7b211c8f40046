"""Members' anime lists as files, as the bot takes and gives them; no Discord, no database."""

from bot.lists.errors import ListError
from bot.lists.offloop import crowded, parse_in_process, resolve_parsed
from bot.lists.slots import Slots
from bot.lists.writing import write_json, write_myanimelist_xml
from hakken.lists import MAX_ENTRIES, MAX_FILE_BYTES, ListEntry, ListKind, ReadList, Status, Unsure

__all__ = [
    "MAX_ENTRIES",
    "MAX_FILE_BYTES",
    "ListEntry",
    "ListError",
    "ListKind",
    "ReadList",
    "Slots",
    "Status",
    "Unsure",
    "crowded",
    "parse_in_process",
    "resolve_parsed",
    "write_json",
    "write_myanimelist_xml",
]
