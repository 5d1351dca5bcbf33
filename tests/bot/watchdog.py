"""Catches what computes, or waits for a disk, on the event loop: every callback of the bot's is timed while a test runs.

What a test does itself is not the bot's and isn't counted. Neither is time in which the thread was ready to run and the
processor had no room for it (other tests, other programs), nor what collecting the whole process's garbage took.
"""

import gc
import threading
import time
from asyncio.events import Handle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simcord._runtime import _BOT_SCOPE

# Seconds: what was promised. Discord waits three for an acknowledgement.
LIMIT = 0.1


class Watchdog:
    """`slow` has, for each callback of the bot's that took too long, how long and what it was."""

    def __init__(self, limit: float = LIMIT) -> None:
        self.limit = limit
        self.slow: list[tuple[float, str]] = []
        self.longest = 0.0
        self._collected = 0.0
        self._since = 0.0

    @contextmanager
    def watching(self) -> Iterator["Watchdog"]:
        """Times callbacks on this thread's loop from here on."""
        original = Handle._run
        thread = threading.get_ident()
        schedule = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")

        def timed(handle: Any) -> None:
            if threading.get_ident() != thread or handle._context.get(_BOT_SCOPE) is None:
                original(handle)
                return
            what = repr(getattr(handle, "_callback", handle))[:300]
            begun, waited, collected = time.perf_counter(), _waited(schedule), self._collected
            original(handle)
            took = time.perf_counter() - begun - (_waited(schedule) - waited) - (self._collected - collected)
            self.longest = max(self.longest, took)
            if took > self.limit:
                self.slow.append((took, what))

        Handle._run = timed  # type: ignore[method-assign,assignment]
        gc.callbacks.append(self._collecting)
        try:
            yield self
        finally:
            gc.callbacks.remove(self._collecting)
            Handle._run = original  # type: ignore[method-assign]

    def check(self) -> None:
        """Fails where the loop was held up."""
        assert not self.slow, f"held up the event loop: {self.slow}"

    def _collecting(self, phase: str, _: dict[str, Any]) -> None:
        if phase == "start":
            self._since = time.perf_counter()
        else:
            self._collected += time.perf_counter() - self._since


def _waited(schedule: Path) -> float:
    """Seconds in which this thread was ready and had no processor; 0 where the system doesn't tell."""
    try:
        return int(schedule.read_text("ascii").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
