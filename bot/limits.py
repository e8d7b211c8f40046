"""Rate limits for members and servers, so that nobody takes the bot from the others."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from bot.errors import MemberError

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_PRESSES, _LOOKUPS = 4, 10
"""Button presses, and autocomplete requests, that are allowed for each allowed command."""
MOST_KEYS = 20_000
"""Members or servers that are tracked at once; beyond that, the one idle longest is forgotten."""


class LimitError(MemberError):
    """A member or server exceeded its limit; the sentence says how long to wait."""


class Window:
    """A sliding-window limit: at most `most` uses in any span of time, for each member or server.

    A use counts until it is as old as the span. discord.py's `CooldownMapping` uses fixed windows instead:
    it allows twice as many uses around the end of a window, and it scans all of its keys at every use.
    """

    def __init__(self, most: int, span: timedelta) -> None:
        """Create a window that allows `most` uses in each span."""
        self._most, self._span = most, span
        # Ordered by last use, the oldest first: keys that can be forgotten are at the front.
        self._uses: OrderedDict[int, deque[datetime]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many members or servers are remembered."""
        return len(self._uses)

    def wait(self, key: int, at: datetime) -> timedelta:
        """Return how long until the next use is allowed; zero if it is allowed now."""
        uses = self._uses.get(key)
        if uses is None or len(uses) < self._most:
            return timedelta(0)
        return max(uses[0] + self._span - at, timedelta(0))

    def use(self, key: int, at: datetime) -> None:
        """Count an allowed use."""
        self._uses.setdefault(key, deque(maxlen=self._most)).append(at)
        self._uses.move_to_end(key)
        while len(self._uses) > MOST_KEYS or self._over(next(iter(self._uses)), at):
            self._uses.popitem(last=False)

    def _over(self, key: int, at: datetime) -> bool:
        return self._uses[key][-1] + self._span <= at


class Limits:
    """All rate limits, by member and by server.

    Refused uses do not count: a member who waits as long as the error says gets through. A restart resets
    all counts.
    """

    def __init__(self, *, commands: int, server_commands: int, imports: int) -> None:
        """Start with all counts at zero.

        Args:
            commands: of one member in a minute, 1 or more; presses of buttons may be 4 times as many.
            server_commands: of all members of one server in a minute, 1 or more; likewise.
            imports: of one member in an hour, 1 or more.
        """
        self._commands, self._server_commands = Window(commands, _MINUTE), Window(server_commands, _MINUTE)
        self._presses = Window(_PRESSES * commands, _MINUTE)
        self._server_presses = Window(_PRESSES * server_commands, _MINUTE)
        self._lookups = Window(_LOOKUPS * commands, _MINUTE)
        self._imports = Window(imports, _HOUR)
        self._most_imports = imports

    def command(self, user_id: int, guild_id: int | None, *, at: datetime) -> None:
        """Count a command of a member in a server, or in direct messages.

        Raises:
            LimitError: the member or the server is over the limit.
        """
        _count(self._commands, self._server_commands, user_id, guild_id, at)

    def press(self, user_id: int, guild_id: int | None, *, at: datetime) -> None:
        """Count a button press or a menu choice; otherwise like `command`."""
        _count(self._presses, self._server_presses, user_id, guild_id, at)

    def lookup(self, user_id: int, *, at: datetime) -> bool:
        """Count an autocomplete request, and return whether to answer it: it has no room for an error."""
        if self._lookups.wait(user_id, at):
            return False
        self._lookups.use(user_id, at)
        return True

    def import_list(self, user_id: int, *, at: datetime) -> None:
        """Count an import of a member's whole list.

        Raises:
            LimitError: the member is over the limit.
        """
        if wait := self._imports.wait(user_id, at):
            raise LimitError(
                f"1 import an hour. Try again in {spoken(wait)}."
                if self._most_imports == 1
                else f"{self._most_imports} imports an hour. Try again in {spoken(wait)}."
            )
        self._imports.use(user_id, at)


def _count(member: Window, server: Window, user_id: int, guild_id: int | None, at: datetime) -> None:
    """Count one use for both the member and the server, or for neither."""
    if wait := member.wait(user_id, at):
        raise LimitError(f"I need a moment to catch up with you. Try again in {spoken(wait)}.")
    if guild_id is not None:
        if wait := server.wait(guild_id, at):
            raise LimitError(f"This server is asking me a lot right now. Try again in {spoken(wait)}.")
        server.use(guild_id, at)
    member.use(user_id, at)


def spoken(span: timedelta) -> str:
    """Return a waiting time in words, rounded up to be enough: '1 second', '12 minutes', '3 hours'."""
    seconds = math.ceil(span.total_seconds())
    minutes = math.ceil(seconds / 60)
    if seconds == 1:
        return "1 second"
    if seconds <= 2 * 60:
        return f"{seconds} seconds"
    return f"{minutes} minutes" if minutes <= 2 * 60 else f"{math.ceil(minutes / 60)} hours"
