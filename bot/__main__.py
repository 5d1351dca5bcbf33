"""`python -m bot chat`: Picket in a terminal."""

import io
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from bot.chat import converse
from corpus.config import config_option
from corpus.errors import CorpusError
from corpus.shell import run
from index.engine import Engine
from index.errors import BuildError, BusyError, EngineError, StorageError
from index.terminal import one_line, progress_bar


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Answers people's questions."""


@cli.command()
@config_option
def chat(config: Path) -> None:
    """Opens a chat in the terminal; where standard input is no terminal, each line of it is a question."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # else a byte that is no UTF-8 ends the chat
    with closing(Engine.open(config)) as engine:
        _bring_up_to_date(engine)
        converse(engine, sys.stdin, interactive=sys.stdin.isatty() and sys.stdout.isatty())


def _bring_up_to_date(engine: Engine) -> None:
    """Reindexes. Where that can't be done now, says why and leaves the generation in use, if there is one."""
    try:
        with progress_bar() as progress:
            report = engine.reindex(now=datetime.now(UTC), progress=progress)
        failures = tuple(one.why for one in report.failures)
    except (BusyError, StorageError, BuildError) as error:
        try:
            engine.status()
        except EngineError:
            raise error from None
        failures = (f"{error} Until then the answers come from what was indexed before.",)
    for failure in failures:
        click.echo(one_line(failure), err=True)


def main() -> NoReturn:
    """Runs the command; every expected failure is one sentence and exit code 1."""
    run(cli, program="python -m bot", errors=(EngineError, CorpusError), stopped="Stopped.")


if __name__ == "__main__":
    main()
