"""Members' anime lists as files: from bytes to one entry for each anime."""

from hakken.lists.entries import ListEntry, ListKind, ReadList, Unsure
from hakken.lists.parsing.rows import MAX_ENTRIES, MAX_TITLE, UnreadableError
from hakken.lists.parsing.statuses import Status
from hakken.lists.parsing.unpacking import MAX_FILE_BYTES
from hakken.lists.reading import read_list_file

__all__ = [
    "MAX_ENTRIES",
    "MAX_FILE_BYTES",
    "MAX_TITLE",
    "ListEntry",
    "ListKind",
    "ReadList",
    "Status",
    "UnreadableError",
    "Unsure",
    "read_list_file",
]
