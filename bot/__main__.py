"""`python -m bot`: Picket on Discord; and `ask | chat | check | sync | backup | restore` for its operator, in a shell.

Exit codes: 0 done; 1 the thing asked for failed, with a sentence on standard error; 2 wrong usage; 70 an error that nobody
foresaw, told in the log.
"""

import signal

if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # no traceback of imports: `corpus.shell` takes it then

import asyncio
import io
import os
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
from click.core import ParameterSource

from bot.chat import answer_once, converse
from bot.errors import BotError
from corpus.config import config_option
from corpus.errors import CorpusError
from corpus.shell import counted, run
from index.engine import Engine
from index.errors import BuildError, BusyError, EngineError, StorageError
from index.terminal import one_line, progress_bar

_FOREIGN = click.Path(dir_okay=False, path_type=Path)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@config_option
@click.pass_context
def cli(context: click.Context, config: Path) -> None:
    """Answers people's questions.

    Without a command it connects to Discord, with the token in DISCORD_TOKEN or in the file that [bot] token_file
    names, and serves until a signal ends it.
    """
    if context.invoked_subcommand is None:
        connect(config)
    elif context.get_parameter_source("config") is not ParameterSource.DEFAULT:
        raise click.UsageError(f"Give --config after “{context.invoked_subcommand}”.")


def connect(config: Path) -> None:
    """Serves Discord until a signal ends it; SystemExit with 70 after an error that nobody foresaw."""
    from bot.app import create_bot  # Discord's library takes half a second; a terminal needs none of it
    from bot.config import load_settings
    from bot.credentials import read_token
    from bot.lifecycle import UNFORESEEN, serve
    from bot.log import Logs, failure
    from bot.starting import steps

    settings = load_settings(config)
    token = read_token(settings.bot, config, os.environ)
    with closing(Logs.open(settings.bot.log_level)) as logs:
        try:
            asyncio.run(serve(create_bot(config, steps=steps(settings)), token, logs))
        except (BotError, EngineError, CorpusError):
            raise
        except Exception as error:  # noqa: BLE001 - the end of the process, which tells it
            failure("unforeseen", error)
            sys.exit(UNFORESEEN)


@cli.command()
@click.argument("text")
@config_option
def ask(text: str, config: Path) -> None:
    """Answers one question with the same card as on Discord."""
    with closing(Engine.open(config)) as engine:
        answer_once(engine, text)


@cli.command()
@config_option
def chat(config: Path) -> None:
    """Opens a chat in the terminal.

    Where standard input is no terminal, each line of it is a question.
    """
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # else a byte that is no UTF-8 ends the chat
    with closing(Engine.open(config)) as engine:
        _bring_up_to_date(engine)
        converse(engine, sys.stdin, interactive=sys.stdin.isatty() and sys.stdout.isatty())


@cli.command()
@config_option
def check(config: Path) -> None:
    """Says of file, token, corpus, generation and models what to do.

    The exit code is 1 where something is missing. Asks Discord whether it knows the token. Changes nothing, but
    exports a cross-encoder whose folder has weights alone, which takes a minute, once.
    """
    from bot.checkup import check as findings

    whole = True
    for finding in findings(config, os.environ):
        whole &= finding.fine
        click.echo(f"{'ok ' if finding.fine else '✗  '} {finding.name:<11}{one_line(finding.told)}")
    if not whole:
        sys.exit(1)


@cli.command()
@config_option
def sync(config: Path) -> None:
    """Tells Discord the commands anew.

    Needed only where somebody changed them there: a start tells what changed here. Stop the bot before.
    """
    from bot.app import create_bot
    from bot.config import load_settings
    from bot.credentials import read_token
    from bot.lifecycle import sync_once

    token = read_token(load_settings(config).bot, config, os.environ)
    click.echo(f"Discord has {asyncio.run(sync_once(create_bot(config), token))} commands now.")


@cli.command()
@click.argument("file", type=_FOREIGN)
@config_option
def backup(file: Path, config: Path) -> None:
    """Packs settings, articles and people's data into a file.

    FILE must not be there yet. The bot may run meanwhile.
    """
    from bot.backups import backup as pack

    made = pack(config, file, now=datetime.now(UTC))
    click.echo(
        f"{made.file} holds {counted(made.articles, 'article')}, the settings and people's data ({made.size:,} bytes)."
    )


@cli.command()
@click.argument("file", type=_FOREIGN)
@config_option
def restore(file: Path, config: Path) -> None:
    """Puts back what a backup holds.

    What it replaces is kept, and where is told. Stop the bot before.
    """
    from bot.backups import restore as unpack

    made = unpack(config, file, now=datetime.now(UTC))
    click.echo(f"{counted(made.articles, 'article')}, the settings and people's data of {made.made_at} are back.")
    for folder in made.replaced:
        click.echo(f"What was there before lies in {folder}; delete it when you don't need it.")
    click.echo("Run “python -m index reindex” to make the articles findable.")


def _bring_up_to_date(engine: Engine) -> None:
    """Reindexes. Where that can't be done now, says why and leaves the generation in use, if there is one."""
    try:
        with progress_bar() as progress:
            report = engine.reindex(now=datetime.now(UTC), progress=progress)
        failures = (*report.remarks, *(failure.why for failure in report.failures))
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
    run(cli, program="python -m bot", errors=(BotError, EngineError, CorpusError), stopped="Stopped.")


if __name__ == "__main__":
    main()
