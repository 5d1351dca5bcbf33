"""What goes wrong on purpose: answers that a route gives instead of its own, and routes that wait; and what was asked of it."""

import asyncio
import re
from dataclasses import dataclass, field

from tests.discord_server.world import Payload


@dataclass(slots=True)
class Request:
    """One request as it came in; times are seconds of `time.monotonic` in the server's process."""

    method: str
    path: str
    query: dict[str, str]
    body: Payload
    files: dict[str, bytes]
    at: float
    status: int = 0

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


@dataclass(slots=True)
class Fault:
    """Stands before the routes that it matches, `times` times."""

    method: str
    pattern: re.Pattern[str]
    status: int
    body: Payload
    headers: dict[str, str]
    times: int
    met: int = 0


@dataclass(slots=True)
class Hold:
    """Lets requests to the routes that it matches wait; `waiting` counts them. `release` lets them all through."""

    method: str
    pattern: re.Pattern[str]
    waiting: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        self.released.set()


class Faults:
    """The faults and holds in force, first come first met."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._holds: list[Hold] = []

    def fail(
        self, method: str, pattern: str, status: int, *, code: int = 0, message: str = "on purpose", times: int = 1
    ) -> Fault:
        """The next `times` requests that match get this status and Discord's error code."""
        return self._add(method, pattern, status, {"message": message, "code": code}, {}, times)

    def limit(
        self, method: str, pattern: str, after: float, *, everywhere: bool = False, times: int = 1, via: bool = True
    ) -> Fault:
        """The next `times` get 429. `via` is the header by which Discord's own limits differ from its shield's ban."""
        scope = "global" if everywhere else "user"
        headers = {"Retry-After": str(after), "X-RateLimit-Scope": scope} | ({"Via": "1.1 local"} if via else {})
        if everywhere:
            headers["X-RateLimit-Global"] = "true"
        else:
            headers |= {
                "X-RateLimit-Bucket": "made-up",
                "X-RateLimit-Limit": "5",
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset-After": str(after),
            }
        body = {"message": "You are being rate limited.", "retry_after": after, "global": everywhere}
        return self._add(method, pattern, 429, body, headers, times)

    def hold(self, method: str, pattern: str) -> Hold:
        made = Hold(method, re.compile(pattern))
        self._holds.append(made)
        return made

    def met_by(self, request: Request) -> Fault | None:
        """The fault that this request meets, which is one time less from then on."""
        for one in self._faults:
            if one.met < one.times and one.method == request.method and one.pattern.search(request.path):
                one.met += 1
                return one
        return None

    async def wait(self, request: Request) -> None:
        for one in self._holds:
            if not one.released.is_set() and one.method == request.method and one.pattern.search(request.path):
                one.waiting += 1
                try:
                    await one.released.wait()
                finally:
                    one.waiting -= 1

    def _add(self, method: str, pattern: str, status: int, body: Payload, headers: dict[str, str], times: int) -> Fault:
        made = Fault(method, re.compile(pattern), status, body, headers, times)
        self._faults.append(made)
        return made
