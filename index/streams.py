"""Turns lines of JSON questions into lines of JSON answers: same order, each flushed before the next is read.

A line that can't be asked gets a line with an "error", and the stream goes on.
"""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

import click

from index.errors import QuestionError
from index.output import json_line
from index.records import Question

# Ten times the longest question and the context of a long talk; a line without end must not fill the memory.
MAX_LINE = 1_000_000

Identity = str | int | None


def answer_stream(
    reply: Callable[[Identity, Question], dict[str, Any]],
    fail: Callable[[Identity, str, str], dict[str, Any]],
    *,
    collections: tuple[str, ...],
    source: BinaryIO | None = None,
) -> bool:
    """Answers the questions on standard input; whether all could be asked. What fails is told on standard error too."""
    whole = True
    for number, line in _lines(source or sys.stdin.buffer):
        identity: Identity = None
        text = ""
        try:
            record = _record(number, line)
            identity = _identity(number, record)
            text = _text(number, record)
            fields = reply(identity, _question(record, text, collections))
        except QuestionError as error:
            whole = False
            fields = fail(identity, text, str(error))
            click.echo(f"Line {number}: {error}" if not str(error).startswith("Line ") else str(error), err=True)
        click.echo(json_line(fields))
    return whole


def _lines(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered lines as they come, blank ones left out; of one that is too long, its beginning."""
    number = 0
    while line := source.readline(MAX_LINE + 1):
        number += 1
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = source.readline(MAX_LINE + 1)
        if line.strip():
            yield number, line


def _record(number: int, line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise QuestionError(f"Line {number} is over the limit of {MAX_LINE:,} bytes; ask in fewer words.")
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"Line {number} is not JSON in UTF-8 ({error}); correct it.") from error
    if not isinstance(record, dict):
        raise QuestionError(f'Line {number} is no JSON object; write {{"id": "1", "text": "…"}}.')
    return record


def _identity(number: int, record: dict[str, Any]) -> Identity:
    identity = record.get("id")
    if identity is None or (isinstance(identity, str | int) and not isinstance(identity, bool)):
        return identity
    raise QuestionError(f"Line {number} has the id {identity!r:.60}; write a text or a whole number.")


def _text(number: int, record: dict[str, Any]) -> str:
    text = record.get("text")
    if isinstance(text, str):
        return text
    raise QuestionError(f'Line {number} has no "text"; write {{"id": "1", "text": "…"}}.')


def _question(record: dict[str, Any], text: str, collections: tuple[str, ...]) -> Question:
    asked = record.get("asked_at")
    try:
        moment = datetime.now(UTC) if asked is None else datetime.fromisoformat(asked)
    except (TypeError, ValueError) as error:
        raise QuestionError(f"asked_at is {asked!r:.60}, which is no ISO time; write 2023-10-24T10:00:00Z.") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    context = record.get("context")
    context = [] if context is None else context
    if not isinstance(context, list) or not all(isinstance(item, str) for item in context):
        raise QuestionError(f'context is {context!r:.60}, which is no list of texts; write ["…"].')
    return Question(text, moment, context=tuple(context), collections=collections)
