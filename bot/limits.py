"""How much one member and one server may ask in a while, so that nobody takes the bot from the others."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from bot.errors import MemberError

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_PRESSES, _LOOKUPS = 4, 10
"""So many presses of buttons, and so many suggestions while typing, are let through for each command."""
MOST_KEYS = 20_000
"""So many members or servers are watched at once; beyond, who has been quiet longest is let off."""


class LimitError(MemberError):
    """Someone asks more than their share; the sentence says how long to wait."""


class Window:
    """At most so many uses in any span of time, for each member or server.

    A sliding window: a use counts until it is as old as the span. discord.py's `CooldownMapping` counts in
    fixed windows instead, which lets twice as many through around the end of one, and looks through all of
    its keys at every use.
    """

    def __init__(self, most: int, span: timedelta) -> None:
        """Watch nobody yet.

        Args:
            most: uses in a span, 1 or more.
            span: longer than nothing.
        """
        self._most, self._span = most, span
        # Who was last let through longest ago comes first: what can be forgotten stands at the front.
        self._uses: OrderedDict[int, deque[datetime]] = OrderedDict()

    def __len__(self) -> int:
        """How many members or servers are remembered."""
        return len(self._uses)

    def wait(self, key: int, at: datetime) -> timedelta:
        """How long until the next use is let through; nothing when it is now."""
        uses = self._uses.get(key)
        if uses is None or len(uses) < self._most:
            return timedelta(0)
        return max(uses[0] + self._span - at, timedelta(0))

    def use(self, key: int, at: datetime) -> None:
        """Count a use that is let through."""
        self._uses.setdefault(key, deque(maxlen=self._most)).append(at)
        self._uses.move_to_end(key)
        while len(self._uses) > MOST_KEYS or self._over(next(iter(self._uses)), at):
            self._uses.popitem(last=False)

    def _over(self, key: int, at: datetime) -> bool:
        return self._uses[key][-1] + self._span <= at


class Limits:
    """What may be asked, by member and by server.

    What is refused does not count: whoever waits as long as they are told gets through. A restart begins
    anew.
    """

    def __init__(self, *, commands: int, server_commands: int, imports: int) -> None:
        """Count from nothing.

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
        """Count a command.

        Args:
            user_id: of the member who gives it.
            guild_id: of the server where they give it; None in direct messages.
            at: when.

        Raises:
            LimitError: it is one too many, for the member or for the server.
        """
        _count(self._commands, self._server_commands, user_id, guild_id, at)

    def press(self, user_id: int, guild_id: int | None, *, at: datetime) -> None:
        """Count a press of a button, or a choice from a menu; as `command`."""
        _count(self._presses, self._server_presses, user_id, guild_id, at)

    def lookup(self, user_id: int, *, at: datetime) -> bool:
        """Count a suggestion while typing, and say whether to answer it: there is no place for a sentence."""
        if self._lookups.wait(user_id, at):
            return False
        self._lookups.use(user_id, at)
        return True

    def import_list(self, user_id: int, *, at: datetime) -> None:
        """Count the reading of a whole list.

        Args:
            user_id: of the member whose list it is.
            at: when.

        Raises:
            LimitError: it is one too many.
        """
        if wait := self._imports.wait(user_id, at):
            imports = "1 import" if self._most_imports == 1 else f"{self._most_imports} imports"
            raise LimitError(f"{imports} an hour. Try again in {spoken(wait)}.")
        self._imports.use(user_id, at)


def _count(member: Window, server: Window, user_id: int, guild_id: int | None, at: datetime) -> None:
    """Count one use for both, or for neither."""
    if wait := member.wait(user_id, at):
        raise LimitError(f"Give me {spoken(wait)} to catch up with you, then ask again.")
    if guild_id is not None:
        if wait := server.wait(guild_id, at):
            raise LimitError(f"Give me {spoken(wait)}: this server asks me a lot just now. Then ask again.")
        server.use(guild_id, at)
    member.use(user_id, at)


def spoken(span: timedelta) -> str:
    """A time to wait in words, rounded up so that it is enough: '12 seconds', '1 minute', '3 hours'."""
    amount, unit = math.ceil(span.total_seconds()), "second"
    if amount > 2 * 60:
        amount, unit = math.ceil(amount / 60), "minute"
    if unit == "minute" and amount > 2 * 60:
        amount, unit = math.ceil(amount / 60), "hour"
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"
