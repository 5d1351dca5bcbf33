"""A conversation in a terminal: questions in, answers out, until the input ends."""

import contextlib
import sys
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TextIO

from rich.console import Console

from index.engine import Engine
from index.errors import QuestionError
from index.records import Question
from index.terminal import console, show_answer

# As many earlier questions as a follow-up can reasonably lean on.
_CONTEXT = 3
_GREETING = "Ask about strikes, for example: when did SAG-AFTRA resume talks? An empty line or Ctrl-D ends."


def converse(engine: Engine, source: TextIO, *, interactive: bool) -> None:
    """Answers line after line. Only a terminal sees greeting and prompt; a question that can't be asked gets its sentence."""
    out = console()
    if interactive:
        out.print(_GREETING, style="dim")
    context: deque[str] = deque(maxlen=_CONTEXT)
    for text in _questions(out, source, interactive=interactive):
        try:
            answer = engine.ask(Question(text, datetime.now(UTC), context=tuple(context)))
        except QuestionError as error:
            sys.stderr.write(f"{error}\n")
            continue
        show_answer(out, answer)
        context.append(text)


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
