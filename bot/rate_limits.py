"""Decides whether a person may ask now, by how often they and their server asked before; knows no clock and no Discord."""

from collections import OrderedDict
from datetime import datetime
from typing import Literal, NamedTuple

# Keys remembered at most, of persons and servers together, and waits that were told: some 25 MB each. One that was long
# idle is as good as unknown, and a crowd that big within a minute is past what two cores answer. A judgement.
_MOST = 100_000
_MINUTE = 60.0

Whose = Literal["person", "server"]


class Wait(NamedTuple):
    """How many seconds to wait, 0.0 for none, and whose limit it is."""

    seconds: float
    whose: Whose


class Limiter:
    """As many questions a minute as given, for each person and each server, over all ways to ask.

    A bucket for each: it holds a minute's worth, and what was taken comes back evenly (GCRA, with one number a key).
    """

    def __init__(self, *, person: int, server: int) -> None:
        self._limits: dict[Whose, int] = {"person": person, "server": server}
        # When the bucket will be full again, in seconds since the epoch; oldest use first.
        self._full: OrderedDict[tuple[Whose, int], float] = OrderedDict()
        # Until when a wait that was told in a server, or in direct messages (None), holds.
        self._told: OrderedDict[tuple[Whose, int | None, int | None], float] = OrderedDict()

    def take(self, person: int, server: int | None, now: datetime) -> Wait:
        """No wait where the question may be asked, and counts it; else how long until it may, and counts nothing."""
        keys: list[tuple[Whose, int]] = [("person", person)]
        if server is not None:
            keys.append(("server", server))
        at = now.timestamp()
        wait = max((Wait(self._wait(key, at), key[0]) for key in keys), key=lambda one: one.seconds)
        if wait.seconds > 0:
            return wait
        for key in keys:
            self._full[key] = at + _left(self._full.get(key), at) + _MINUTE / self._limits[key[0]]
            self._full.move_to_end(key)
        while len(self._full) > _MOST:
            self._full.popitem(last=False)
        return wait

    def is_first(self, wait: Wait, person: int, server: int | None, now: datetime) -> bool:
        """Whether nobody was told of this wait in the server yet; from then on it is told, until it is over."""
        key = (wait.whose, person if wait.whose == "person" else server, server)
        at = now.timestamp()
        if _left(self._told.get(key), at):
            return False
        self._told[key] = at + wait.seconds
        self._told.move_to_end(key)
        while len(self._told) > _MOST:
            self._told.popitem(last=False)
        return True

    def _wait(self, key: tuple[Whose, int], at: float) -> float:
        """Seconds until there is room for one more."""
        taken = _left(self._full.get(key), at)
        room = _MINUTE - _MINUTE / self._limits[key[0]]
        wait = taken - room
        return wait if wait > 1e-6 else 0.0  # below, it is only that ten tenths don't add up to one


def _left(until: float | None, at: float) -> float:
    """Seconds until then, 0.0 where it is over; also where it is further off than a minute: then the clock was set back."""
    left = 0.0 if until is None else until - at
    return left if 0.0 < left < _MINUTE + 1.0 else 0.0
