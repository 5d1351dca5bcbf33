"""How every program ends: interrupted while it starts, and without a standard input; as real processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("corpus list", "Stopped; what was told before is kept."),
        ("index ask x", "Stopped; the generation in use stays."),
        ("index reindex", "Stopped; the generation in use stays."),
        ("bot chat", "Stopped."),
    ],
)
def test_an_interruption_while_it_imports_is_told_as_any_other(tmp_path: Path, command: str, told: str) -> None:
    os.mkfifo(tmp_path / "bot.toml")  # nobody writes to it: the program can't end by itself before the signal comes
    with subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", *command.split()],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs ignore interruptions, and their children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout
        assert process.stderr
        for line in process.stderr:
            if line.endswith(" click.globals\n"):  # one of the first things that are imported
                process.send_signal(signal.SIGINT)
                break
        said = [line for line in process.stderr if not line.startswith("import time:")]
        assert (process.stdout.read(), "".join(said).strip()) == ("", told)
    assert process.returncode == 1


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_closed_standard_input_is_an_empty_one(tmp_path: Path, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "index", command, "--jsonl"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        stdin=None,
        preexec_fn=lambda: os.close(0),
        timeout=120,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
