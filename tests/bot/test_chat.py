"""`python -m bot chat`: a line in, an answer out, in a terminal and through a pipe."""

import io
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.chat import converse
from index.generations import Generations
from index.records import Answer, Question
from tests.engines import configure, open_engine, write
from tests.hashing import HashingModel
from tests.index.test_cli import PROGRAM, ROOT, Done, shell

WEAVERS = "[1] **The weavers of Aldmouth walked out on Monday.** They want a fifth day of rest."
BAKERS = "[1] **The bakers signed a contract on June 4.** Bread is baked again."
GREETING = "Ask about strikes"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    made = configure(tmp_path)
    folder = tmp_path / "articles"
    write(
        folder, "weavers", "The weavers of Aldmouth walked out on Monday. They want a fifth day of rest.", title="Out"
    )
    write(folder, "bakers", "The bakers signed a contract on June 4. Bread is baked again.", title="Signed")
    return made


@pytest.fixture
def chat(config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """`python -m bot chat` with this on standard input, in this process, with the stand-in for the model."""
    monkeypatch.chdir(config.parent)
    monkeypatch.setattr("index.engine.EmbeddingModel", lambda *_: HashingModel())

    def ran(given: bytes, *arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["bot", "chat", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8"))
        with pytest.raises(SystemExit) as end:
            main()
        told = capsys.readouterr()
        return Done(int(end.value.code or 0), told.out, told.err)

    return ran


def test_each_line_is_answered_and_nothing_else_is_printed(chat: Callable[..., Done]) -> None:
    done = chat(b"When did the weavers walk out?\n\n  \nwhat did the bakers sign?")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.index(WEAVERS) < done.stdout.index(BAKERS)
    assert GREETING not in done.stdout
    assert "\x1b" not in done.stdout


def test_without_a_question_the_index_is_made_and_the_chat_ends(chat: Callable[..., Done], config: Path) -> None:
    assert chat(b"") == (0, "", "")
    assert Generations(config.parent / "var" / "index").current() == 1


def test_a_question_that_can_not_be_asked_gets_its_sentence_and_the_chat_goes_on(chat: Callable[..., Done]) -> None:
    done = chat(b"?!\nweavers walked \xff\xfe\x00 out\n" + b"why " * 2_000 + b"\nwhat did the bakers sign?\n")
    assert done.exit_code == 0
    no_words, too_long = done.stderr.splitlines()
    assert no_words.startswith("The question has no words")
    assert too_long.startswith("The question has 7,999 characters, over the limit of 4,000")
    assert WEAVERS in done.stdout
    assert BAKERS in done.stdout


def test_articles_that_can_not_be_read_are_told_and_the_others_answer(chat: Callable[..., Done], config: Path) -> None:
    (config.parent / "articles" / "torn.md").write_text("---\ntitle: [\n---\nNo.\n")
    done = chat(b"the weavers\n")
    assert done.exit_code == 0
    assert WEAVERS in done.stdout
    assert done.stderr.count("\n") == 1
    assert "“torn”" in done.stderr


def test_while_another_reindexes_the_answers_come_from_what_was_indexed_before(
    chat: Callable[..., Done], config: Path
) -> None:
    assert chat(b"").exit_code == 0
    since = datetime(2031, 5, 20, 12, tzinfo=UTC)
    with Generations(config.parent / "var" / "index").lock("Ada", since):
        done = chat(b"the weavers\n")
    assert done.exit_code == 0
    assert WEAVERS in done.stdout
    assert done.stderr.startswith("A reindex is running since 2031-05-20T12:00:00+00:00 for Ada")
    assert done.stderr.endswith("the answers come from what was indexed before.\n")


def test_where_nothing_can_be_indexed_the_chat_ends_with_the_reason(chat: Callable[..., Done], config: Path) -> None:
    (config.parent / "articles").rename(config.parent / "moved")
    done = chat(b"the weavers\n")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "articles is no folder of articles; create it or correct [corpus] directory in bot.toml.\n"


def test_a_new_article_is_found_by_the_next_chat(chat: Callable[..., Done], config: Path) -> None:
    chat(b"")
    write(config.parent / "articles", "cooks", "The cooks of Brackwater stopped on Sunday.")
    assert "**The cooks of Brackwater stopped on Sunday.**" in chat(b"the cooks of Brackwater\n").stdout


@pytest.mark.parametrize(
    ("arguments", "exit_code", "told"),
    [(("--config", "none.toml"), 1, "There is no configuration file none.toml"), (("--loud",), 2, "No such option")],
)
def test_wrong_usage_and_settings_are_told(
    chat: Callable[..., Done], arguments: tuple[str, ...], exit_code: int, told: str
) -> None:
    done = chat(b"the weavers\n", *arguments)
    assert (done.exit_code, done.stdout) == (exit_code, "")
    assert told in done.stderr


def test_the_real_command_answers_what_is_piped_into_it(config: Path) -> None:
    done = shell(config.parent, "bot.__main__", "chat", given="when did the weavers walk out?\n🪧\n".encode())
    assert done.exit_code == 0
    assert WEAVERS in done.stdout
    assert done.stderr.startswith("The question has no words")
    assert done.stderr.count("\n") == 1


def test_a_closed_standard_input_is_an_empty_one(config: Path) -> None:
    done = shell(config.parent, "bot.__main__", "chat", stdin=None, preexec_fn=lambda: os.close(0))
    assert done == (0, "", "")


def test_in_a_conversation_each_answer_is_there_before_the_next_question(config: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "bot.__main__", "chat"],
        cwd=config.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for question, expected in ((b"the weavers\n", WEAVERS), (b"the bakers\n", BAKERS)):
            process.stdin.write(question)
            process.stdin.flush()
            told = ""
            while expected not in told:
                line = process.stdout.readline()
                assert line, told
                told += line.decode()
        process.stdin.close()
        process.stdout.read()
        assert process.wait(60) == 0


def test_a_person_in_a_terminal_gets_a_greeting_a_prompt_and_colour(config: Path) -> None:
    ours, theirs = pty.openpty()
    with (
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "bot.__main__", "chat"],
            cwd=config.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "90"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        ) as process,
        ExitStack() as stack,
    ):
        os.close(theirs)
        stack.callback(process.kill)  # does nothing to one that has ended
        sent = heard_until(ours, "? ", "")
        assert GREETING in sent
        os.write(ours, b"when did the weavers walk out?\n")
        sent = heard_until(ours, "? ", "Harbour Post")
        assert "\x1b[1mThe weavers of Aldmouth walked out on Monday." in sent
        os.write(ours, b"?\n")
        assert "The question has no words" in heard_until(ours, "? ", "no words")
        os.write(ours, b"\x04")
        assert process.wait(60) == 0
    os.close(ours)


def heard_until(terminal: int, prompt: str, before: str) -> str:
    """What the terminal is sent up to the next prompt after `before`; a line begins with its end or readline's mode."""
    told = b""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            told += os.read(terminal, 65_536)
        text = told.decode("utf-8", "replace")
        if before in text and re.search(rf"[\nh]{re.escape(prompt)}$", text[text.index(before) :]):
            return text
    raise AssertionError(f"no prompt came, but {told!r}")


def test_earlier_questions_are_the_context_of_later_ones(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_engine(config)
    engine.reindex(now=datetime.now(UTC))
    contexts: list[tuple[str, ...]] = []
    ask = engine.ask

    def noted(question: Question) -> Answer:
        contexts.append(question.context)
        return ask(question)

    monkeypatch.setattr(engine, "ask", noted)
    converse(engine, io.StringIO("the weavers\n?!\none\ntwo\nthree\nfour\n"), interactive=False)
    engine.close()
    assert contexts == [
        (),
        ("the weavers",),
        ("the weavers",),
        ("the weavers", "one"),
        ("the weavers", "one", "two"),
        ("one", "two", "three"),
    ]
    assert capsys.readouterr().err.startswith("The question has no words")
