"""Turns events, and what libraries log, into one JSON object a line on standard error; leaves keeping them to who runs Picket.

No question, article or name of a person is a field at level info: events tell ways, outcomes, numbers and times.
"""

import json
import logging
import queue
import re
import secrets
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from logging.handlers import QueueHandler, QueueListener
from typing import Any, Literal, Self, TextIO

Level = Literal["debug", "info", "warning", "error"]

_events = logging.getLogger("picket")
# Lines that wait while standard error is stuck (a full pipe): at some 300 bytes each about 3 MB. Later ones are dropped.
_WAITING = 10_000
# Seconds; ten thousand lines are written in a tenth of one.
_ENDING = 1.0
# Libraries whose debug lines hold message texts, interaction tokens or a line for every packet.
_TALKATIVE = ("discord", "aiohttp", "asyncio", "httpcore2", "sqlite_utils")
# A person's id in an address of Discord's, which discord.py names where a request is limited or fails, or beside what
# went wrong while somebody typed.
_PERSON = re.compile(r"(/(?:members|users)/|\bUser: )[0-9]+")


def event(name: str, *, level: Level = "info", **fields: object) -> None:
    """Logs one event: `event("question", way="slash", outcome="answered", seconds=0.021)`. Costs 10 µs, never waits."""
    _events.log(logging.getLevelNamesMapping()[level.upper()], name, extra={"fields": fields})


def failure(name: str, error: BaseException, **fields: object) -> str:
    """Logs an error that nobody foresaw, with where it arose; gives the id under which it is found, to show to the person."""
    identity = error_id()
    told = {"id": identity, "error": type(error).__name__, "told": str(error), "trace": _trace(error), **fields}
    event(name, level="error", **told)
    return identity


def error_id() -> str:
    """Eight characters that a person can read out; one of a million shares its id with another with a chance of 1 in 4,300."""
    return secrets.token_hex(4)


class Logs:
    """Owns where log lines go; `close` writes what waits. Lines are made where they arise and written by one thread."""

    def __init__(self, level: Level, stream: TextIO) -> None:
        lines: queue.Queue[logging.LogRecord] = queue.Queue(_WAITING)
        self._handler = _Handler(lines)
        self._handler.setFormatter(_Lines())
        self._listener = _Listener(lines, _Writer(stream))
        self._level = logging.getLevelNamesMapping()[level.upper()]

    @classmethod
    def open(cls, level: Level = "info", stream: TextIO | None = None) -> Self:
        """Begins to log, for the whole process."""
        made = cls(level, stream or sys.stderr)
        root = logging.getLogger()
        root.addHandler(made._handler)
        root.setLevel(made._level)
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(max(made._level, logging.WARNING))
        logging.captureWarnings(True)
        made._listener.start()
        return made

    def close(self) -> None:
        """Waits a second at most: a reader that is stuck must not keep the process from ending."""
        logging.getLogger().removeHandler(self._handler)
        logging.captureWarnings(False)
        stopping = threading.Thread(target=self._listener.stop, name="log closing", daemon=True)
        stopping.start()
        stopping.join(_ENDING)


class _Handler(QueueHandler):
    """Never waits for the reader of the log: what doesn't fit is counted, and told with the next line that does."""

    def __init__(self, lines: "queue.Queue[logging.LogRecord]") -> None:
        super().__init__(lines)
        self._dropped = 0

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return logging.makeLogRecord({"msg": self.format(record), "levelno": record.levelno})

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            if self._dropped:
                lost = {"name": _events.name, "msg": "log-lines-lost", "levelno": logging.WARNING}
                self.queue.put_nowait(self.prepare(logging.makeLogRecord({**lost, "fields": {"lines": self._dropped}})))
                self._dropped = 0
            self.queue.put_nowait(record)
        except queue.Full:
            self._dropped += 1


class _Listener(QueueListener):
    """Ends after all that waits, also where the queue is full."""

    def __init__(self, lines: "queue.Queue[logging.LogRecord]", writer: logging.Handler) -> None:
        super().__init__(lines, writer)
        self._end: Callable[[Any], None] = lines.put

    def enqueue_sentinel(self) -> None:
        self._end(None)


class _Writer(logging.StreamHandler[TextIO]):
    """Silent where the stream was closed: there is nobody left to tell."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's names
        return


class _Lines(logging.Formatter):
    """A record as JSON: `at` (UTC), `level`, `event`, then its fields; a library's line is the event “log”."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"at": at, "level": logging.getLevelName(record.levelno).lower()}
        if record.name == _events.name:
            line |= {"event": record.msg, **getattr(record, "fields", {})}
        else:
            line |= {"event": "log", "logger": record.name, "told": _PERSON.sub(r"\1ID", record.getMessage())}
            if record.exc_info and record.exc_info[1]:
                line["trace"] = _PERSON.sub(r"\1ID", _trace(record.exc_info[1]))
        return json.dumps(line, default=str)  # in ASCII, of which nothing ends a line or can't be written


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)).strip()
