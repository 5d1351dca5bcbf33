"""Structured logs: one JSON object a line, whatever is logged, and never waiting for who reads them."""

import io
import json
import logging
import os
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, TextIO

import pytest

from bot import log
from bot.log import Level, Logs


class Written(io.StringIO):
    """What was logged, a dict a line."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().split("\n") if line]


@contextmanager
def logging_to(stream: TextIO, level: Level = "info") -> Iterator[None]:
    """Logs of the whole process, which has its root's level back afterwards."""
    root = logging.getLogger()
    before = root.level
    with closing(Logs.open(level, stream)):
        yield
    root.setLevel(before)


def test_an_event_is_one_line_with_time_level_name_and_fields() -> None:
    written = Written()
    with logging_to(written):
        log.event("question", way="slash", outcome="answered", seconds=0.02)
    (line,) = written.lines
    assert line.pop("at").endswith("+00:00")
    assert line == {"level": "info", "event": "question", "way": "slash", "outcome": "answered", "seconds": 0.02}


@pytest.mark.parametrize("text", ["two\nlines", "\u2028\u2029\x85", "\x1b[31m", "“curly”", "\ud800"])
def test_whatever_a_field_holds_it_stays_on_its_line(text: str) -> None:
    written = Written()
    with logging_to(written):
        log.event("odd", text=text)
    assert len(written.getvalue().splitlines()) == 1
    assert written.lines[0]["text"] == text


def test_a_failure_gives_the_id_under_which_its_trace_is_found() -> None:
    written = Written()
    with logging_to(written):
        try:
            raise OSError(28, "No space left on device")
        except OSError as error:
            identity = log.failure("fault", error, guild=3)
    (line,) = written.lines
    assert (line["id"], line["level"], line["error"], line["guild"]) == (identity, "error", "OSError", 3)
    assert "No space left" in line["told"]
    assert "test_log.py" in line["trace"]


def test_error_ids_are_short_and_differ() -> None:
    made = {log.error_id() for _ in range(1_000)}
    assert len(made) == 1_000
    assert {len(one) for one in made} == {8}


def test_below_the_level_nothing_is_written() -> None:
    written = Written()
    with logging_to(written, "warning"):
        log.event("question")
        log.event("unreachable", level="warning")
    assert [line["event"] for line in written.lines] == ["unreachable"]


def test_libraries_are_heard_from_warnings_on_also_at_level_debug() -> None:
    """Their debug lines hold message texts and tokens."""
    written = Written()
    with logging_to(written, "debug"):
        for name in ("discord.http", "discord.gateway", "discord.webhook.async_", "aiohttp.client", "asyncio"):
            logging.getLogger(name).info("a token")
            logging.getLogger(name).warning("%s is slow", name)
        log.event("seen", level="debug")
    assert [line["event"] for line in written.lines] == ["log"] * 5 + ["seen"]
    assert written.lines[0]["told"] == "discord.http is slow"
    assert "a token" not in written.getvalue()


def test_a_library_s_line_names_no_person() -> None:
    address = "https://discord.com/api/v10/guilds/17/members/42?with=x"
    written = Written()
    with logging_to(written):
        logging.getLogger("discord.http").warning(
            "We are being rate limited. %s %s responded with 429.", "GET", address
        )
        try:
            raise OSError(f"no way to /users/42 for {address}")
        except OSError:
            logging.getLogger("discord.client").exception("Ignoring exception")
        logging.getLogger("discord.app_commands.tree").error(
            "Ignoring exception in autocomplete for %r (Guild: %s, User: %s)", "corpus show", 17, 42
        )
    assert "/guilds/17/members/ID?with=x responded with 429." in written.lines[0]["told"]
    assert written.lines[1]["trace"].endswith(
        "OSError: no way to /users/ID for https://discord.com/api/v10/guilds/17/members/ID?with=x"
    )
    assert written.lines[2]["told"] == "Ignoring exception in autocomplete for 'corpus show' (Guild: 17, User: ID)"
    assert "42" not in "".join(line["told"].replace("429", "") for line in written.lines)


def test_an_error_that_a_library_logs_keeps_its_trace() -> None:
    written = Written()
    with logging_to(written):
        try:
            raise ZeroDivisionError("once")
        except ZeroDivisionError:
            logging.getLogger("discord.client").exception("Ignoring exception in %s", "on_message")
    (line,) = written.lines
    assert line["told"] == "Ignoring exception in on_message"
    assert line["trace"].endswith("ZeroDivisionError: once")


def test_warnings_of_python_are_lines_too() -> None:
    written = Written()
    with logging_to(written), warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    assert "DeprecationWarning: old" in written.lines[0]["told"]


def test_events_from_many_threads_are_all_there() -> None:
    written = Written()

    def tell(name: str) -> None:
        for number in range(200):
            log.event(name, number=number)

    with logging_to(written):
        threads = [threading.Thread(target=tell, args=(str(one),)) for one in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(written.lines) == 1_600
    assert [line["number"] for line in written.lines if line["event"] == "3"] == list(range(200))


def test_a_stuck_reader_holds_nobody_up_and_is_told_what_it_missed() -> None:
    reading, writing = os.pipe()
    lines: list[dict[str, Any]] = []
    told_lost = threading.Event()

    def read() -> None:
        with os.fdopen(reading) as stream:
            for line in stream:
                lines.append(json.loads(line))
                if lines[-1]["event"] == "log-lines-lost":
                    told_lost.set()

    reader = threading.Thread(target=read)
    with os.fdopen(writing, "w", buffering=1) as stream, logging_to(stream):
        for number in range(12_000):  # the pipe takes some hundred of them, the queue ten thousand
            log.event("question", number=number)
        reader.start()
        while not told_lost.wait(0.01):
            log.event("later")
    reader.join()
    told = [line["number"] for line in lines if line["event"] == "question"]
    lost = next(line for line in lines if line["event"] == "log-lines-lost")
    assert told == list(range(len(told)))
    assert 10_000 <= len(told) < 12_000
    assert lost["lines"] >= 12_000 - len(told)


def test_a_reader_that_never_reads_does_not_hold_up_the_end() -> None:
    reading, writing = os.pipe()
    # What could not be written is lost as the pipe is closed, and the writer, left behind, gets away.
    with suppress(BrokenPipeError), os.fdopen(writing, "w", buffering=1) as stream, os.fdopen(reading) as stuck:
        with logging_to(stream):
            for number in range(12_000):
                log.event("question", number=number)
            begun = time.monotonic()
        assert time.monotonic() - begun < 5
        assert json.loads(stuck.readline())["number"] == 0


def test_after_the_end_nothing_more_is_written() -> None:
    written = Written()
    with logging_to(written):
        log.event("last")
    log.event("too late")
    assert [line["event"] for line in written.lines] == ["last"]
