"""A conversation in a terminal: questions in, answers out, until the input ends."""

import contextlib
import sys
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TextIO

from rich.console import Console

from bot import words
from bot.render import answer_reply
from bot.terminal import console, show_reply
from index.engine import Engine
from index.errors import QuestionError
from index.records import Question

# As many earlier questions as a follow-up can reasonably lean on.
_CONTEXT = 3


def converse(engine: Engine, source: TextIO, *, interactive: bool) -> None:
    """Answers line after line. Only a terminal sees greeting and prompt; a question that can't be asked gets its sentence."""
    out = console()
    if interactive:
        out.print(words.GREETING, style="dim")
    context: deque[str] = deque(maxlen=_CONTEXT)
    for text in _questions(out, source, interactive=interactive):
        try:
            _answer(engine, out, text, tuple(context))
        except QuestionError as error:
            sys.stderr.write(f"{error}\n")
            continue
        context.append(text)


def answer_once(engine: Engine, text: str) -> None:
    """Answers one question. QuestionError where it can't be asked."""
    _answer(engine, console(), text, ())


def _answer(engine: Engine, out: Console, text: str, context: tuple[str, ...]) -> None:
    asked_at = datetime.now(UTC)
    answer = engine.ask(Question(text, asked_at, context=context))
    show_reply(out, answer_reply(answer, asked_at=asked_at))


def _questions(out: Console, source: TextIO, *, interactive: bool) -> Iterator[str]:
    if not interactive:
        yield from (line.strip() for line in source if line.strip())
        return
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - line editing and history for input()
    while True:
        try:
            text = input("? ").strip()
        except EOFError:
            out.print()
            return
        if not text:
            return
        yield text
