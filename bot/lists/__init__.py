"""Imports and exports of members' anime lists as files; no Discord, no database."""

from bot.lists.entries import ListEntry, ListKind, ReadList, Unsure
from bot.lists.errors import ListError
from bot.lists.offloop import crowded, read_in_process
from bot.lists.parsing.rows import MAX_ENTRIES, Status
from bot.lists.parsing.unpacking import MAX_FILE_BYTES
from bot.lists.reading import read_list_file
from bot.lists.slots import Slots
from bot.lists.writing import write_json, write_myanimelist_xml

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
    "read_in_process",
    "read_list_file",
    "write_json",
    "write_myanimelist_xml",
]
