"""Runs a command line so that every expected failure is one sentence on standard error and an exit code; says counts in words."""

import io
import os
import signal
import sys
from typing import NoReturn

import click


def run(command: click.Command, *, program: str, errors: tuple[type[Exception], ...], stopped: str) -> NoReturn:
    """Ends the process: 0 done; 1 one of `errors`, told in its own words, or interrupted (`stopped`); 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # else a headline that the terminal can't show ends the program
            stream.reconfigure(errors="backslashreplace")
    sys.stdin = sys.stdin or io.TextIOWrapper(io.BytesIO())  # a closed one is None
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # blocked by `__main__` while it imports
        command.main(prog_name=program, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo(stopped, err=True)
        sys.exit(1)
    except errors as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:  # all others are mapped where they arise; a closed pipe is click's
        click.echo(f"The output can't be written ({error.strerror}); make room where it goes.", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Python flushes what is left when it ends
        sys.exit(1)
    sys.exit(0)


def counted(number: int, noun: str) -> str:
    """“1 article”, “1,200 articles”."""
    return f"{number:,} {noun}{'s' if number != 1 else ''}"
