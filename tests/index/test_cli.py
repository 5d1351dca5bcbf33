"""`python -m index`: the contracts of its commands, word for word, and one sentence for whatever is given wrongly."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import ir_measures
import pytest

from corpus.files import ArticleFolder
from index.cli import main
from index.generations import Generations, Manifest
from index.streams import MAX_LINE
from tests.engines import configure, write
from tests.hashing import HashingModel
from tests.real_model import exported, exported_storage

__all__ = ["exported", "exported_storage"]  # fixtures

ROOT = Path(__file__).parents[2]
# What `python -m index` and `python -m bot` do, with the stand-in for the model: for tests that need a real process.
PROGRAM = """
import sys
import index.engine
from tests.hashing import HashingModel
index.engine.EmbeddingModel = lambda *_: HashingModel()
from importlib import import_module
import_module(sys.argv.pop(1)).main()
"""
WORDS = [f"word{number}" for number in range(700)]
WALKOUT = (
    "The weavers of Aldmouth walked out on Monday. They want a fifth day of rest.\n\nThe mill owners met on Friday."
)
ANSWER_KEYS = {
    "id": (str, int, type(None)),
    "question": str,
    "outcome": str,
    "confidence": float,
    "when": (dict, type(None)),
    "differences": list,
    "earlier": list,
    "citations": list,
    "generation": int,
    "seconds": float,
}
CITATION_KEYS = {
    "number": int,
    "article": dict,
    "start": int,
    "end": int,
    "text": str,
    "highlights": list,
    "also": list,
    "score": float,
}
ARTICLE_KEYS = {
    "id": str,
    "title": str,
    "outlet": str,
    "url": (str, type(None)),
    "published": (str, type(None)),
}
HIT_KEYS = {"rank": int, "score": float, "article_id": str, "start": int, "end": int, "text": str}


class Done(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Four articles, one of them a server's, not yet indexed."""
    made = configure(tmp_path)
    folder = tmp_path / "articles"
    write(folder, "weavers", WALKOUT, title="Weavers walk out")
    write(folder, "bakers", "The bakers signed a contract on June 4. Bread is baked again.", title="Bakers sign")
    write(folder, "tram-drivers", "Tram drivers vote on a strike. The ballot ends in March.", title="Trams may stop")
    write(folder, "secret", "The moderators' weavers wrote a memo.", title="Memo", collection="guild:7")
    return made


@pytest.fixture
def run(config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command as `python -m index` does, in this process, with the stand-in for the model."""
    monkeypatch.chdir(config.parent)
    monkeypatch.setattr("index.engine.EmbeddingModel", lambda *_: HashingModel())

    def ran(*arguments: str, stdin: str | bytes = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["index", *arguments])
        given = stdin if isinstance(stdin, bytes) else stdin.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8"))
        with pytest.raises(SystemExit) as end:
            main()
        told = capsys.readouterr()
        return Done(int(end.value.code or 0), told.out, told.err)

    return ran


@pytest.fixture
def indexed(run: Run) -> Run:
    assert run("reindex").exit_code == 0
    return run


def started(
    place: Path, module: str, *arguments: str, before: Sequence[str] = (), **options: Any
) -> "subprocess.Popen[bytes]":
    """A program with the stand-in for the model in a process of its own, by the command `before`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    return subprocess.Popen(
        [*before, sys.executable, "-c", PROGRAM, module, *arguments],
        cwd=place,
        env=environment,
        **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


def shell(place: Path, module: str, *arguments: str, given: bytes = b"", **options: Any) -> Done:
    with started(place, module, *arguments, **options) as process:
        out, err = process.communicate(given, timeout=120)
    return Done(process.returncode, (out or b"").decode(), (err or b"").decode())


@pytest.fixture
def like_others() -> list[str]:
    """What goes before a command so that permissions hold for it: root reads and writes all, unless it gives that up."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("needs a user who isn't root, or setpriv")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


@contextmanager
def shut(*modes: tuple[Path, int]) -> Iterator[None]:
    """Files and folders have these permissions meanwhile."""
    before = [(place, place.stat().st_mode) for place, _ in modes]
    for place, mode in modes:
        place.chmod(mode)
    yield
    for place, mode in before:
        for known in (place, place.with_suffix(".pruned")):
            if known.exists():
                known.chmod(mode)


def sentence(done: Done, *, exit_code: int = 1) -> str:
    """The one sentence that a failure prints; nothing else is on either stream."""
    assert (done.exit_code, done.stdout) == (exit_code, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.rstrip().endswith((".", "?"))
    return done.stderr.strip()


def typed(record: dict[str, Any], kinds: dict[str, Any]) -> None:
    """The record has these keys, in this order, and values of these types."""
    assert list(record) == list(kinds)
    for key, kind in kinds.items():
        assert isinstance(record[key], kind), (key, record[key])


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def asked(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


# --- one question -----------------------------------------------------------------------------------------------------


def test_an_answer_in_json_has_the_fields_that_programs_rely_on(indexed: Run, config: Path) -> None:
    done = indexed("ask", "When did the weavers walk out?", "--json")
    assert (done.exit_code, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    answer = json.loads(done.stdout)
    typed(answer, ANSWER_KEYS)
    assert answer["id"] is None
    assert answer["question"] == "When did the weavers walk out?"
    assert answer["outcome"] == "answered"
    assert 0 <= answer["confidence"] <= 1
    assert answer["generation"] == 1
    assert answer["citations"]
    folder = ArticleFolder(config.parent / "articles")
    for number, citation in enumerate(answer["citations"], start=1):
        typed(citation, CITATION_KEYS)
        typed(citation["article"], ARTICLE_KEYS)
        assert citation["number"] == number
        name = f"{citation['article']['id']}.md"
        text = folder.parse(name, folder.read_bytes(name)).text
        assert text[citation["start"] : citation["end"]] == citation["text"]
        ((first, last),) = citation["highlights"]
        assert citation["start"] <= first < last <= citation["end"]
    best = answer["citations"][0]
    assert best["article"] == {
        "id": "weavers",
        "title": "Weavers walk out",
        "outlet": "Harbour Post",
        "url": None,
        "published": "2031-05-10",
    }
    assert WALKOUT[slice(*best["highlights"][0])] == "The weavers of Aldmouth walked out on Monday."


def test_a_near_copy_is_named_beside_the_article_it_copies(run: Run, config: Path) -> None:
    write(config.parent / "articles", "weavers-wire", WALKOUT, title="Wire: weavers out")
    assert run("reindex").exit_code == 0
    (best, *_) = json.loads(run("ask", "the weavers of Aldmouth", "--json").stdout)["citations"]
    (also,) = best["also"]
    typed(also, ARTICLE_KEYS)
    assert {best["article"]["id"], also["id"]} == {"weavers", "weavers-wire"}


def test_an_answer_of_nothing_has_the_same_fields(indexed: Run, config: Path) -> None:
    config.write_text(config.read_text().replace("_below = 0", "_below = 1").replace("_from = 0", "_from = 1"))
    answer = json.loads(indexed("ask", "Who won the chess final?", "--json").stdout)
    typed(answer, ANSWER_KEYS)
    assert (answer["outcome"], answer["citations"], answer["when"]) == ("nothing", [], None)


def test_a_question_for_a_person_gets_text_without_escape_sequences(indexed: Run) -> None:
    done = indexed("ask", "When did the weavers walk out?")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "[1] **The weavers of Aldmouth walked out on Monday.** They want" in done.stdout
    assert "\x1b" not in done.stdout


def test_hits_in_json_have_the_fields_that_programs_rely_on(indexed: Run) -> None:
    found = json.loads(indexed("search", "bakers contract", "-k", "2", "--json").stdout)
    assert list(found) == ["id", "hits"]
    assert found["id"] is None
    assert [hit["rank"] for hit in found["hits"]] == [1, 2]
    for hit in found["hits"]:
        typed(hit, HIT_KEYS)
    assert found["hits"][0]["article_id"] == "bakers"
    assert found["hits"][0]["score"] >= found["hits"][1]["score"]


def test_a_search_for_a_person_has_a_line_a_passage(indexed: Run) -> None:
    done = indexed("search", "bakers")
    first = done.stdout.splitlines()[0]
    assert first.split()[0] == "1"
    assert "bakers  2031-05-10  The bakers signed a contract on June 4." in first


def test_a_collection_is_searched_only_where_it_is_named(indexed: Run) -> None:
    def there(*options: str) -> set[str]:
        told = json.loads(indexed("search", "weavers memo", "--json", *options).stdout)
        return {hit["article_id"] for hit in told["hits"]}

    assert "secret" not in there()
    assert there("--collection", "guild:7") == {"secret"}
    assert {"secret", "weavers"} <= there("--collection", "public", "--collection", "guild:7")
    assert there("--collection", "guild:8") == set()
    assert json.loads(indexed("ask", "memo", "--json", "--collection", "guild:8").stdout)["outcome"] == "nothing"


# --- streams ----------------------------------------------------------------------------------------------------------


def test_each_line_is_answered_before_the_next_is_sent(indexed: Run, config: Path) -> None:
    with started(config.parent, "index.cli", "ask", "--jsonl", stderr=None) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for identity in ("a", "b", "c"):
            process.stdin.write(asked({"id": identity, "text": f"weavers {identity}?"}).encode())
            process.stdin.flush()
            told = json.loads(process.stdout.readline())
            assert (told["id"], told["question"]) == (identity, f"weavers {identity}?")
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait(60) == 0


def test_ids_are_echoed_as_they_are(indexed: Run) -> None:
    given = ["1", 7, None, "ü 🪧", "two words", "\ud800"]
    done = indexed("ask", "--jsonl", stdin=asked(*({"id": one, "text": "bakers"} for one in given), {"text": "bakers"}))
    assert (done.exit_code, done.stderr) == (0, "")
    told = lines(done.stdout)
    assert [line["id"] for line in told] == [*given, None]
    for line in told:
        typed(line, ANSWER_KEYS)


def test_a_question_may_say_when_it_was_asked_and_what_was_asked_before(indexed: Run) -> None:
    record = {"id": "1", "text": "and the bakers?", "asked_at": "2031-05-11T09:00:00Z", "context": ["the weavers?"]}
    done = indexed("ask", "--jsonl", stdin=asked(record, record | {"asked_at": None, "context": None}))
    assert (done.exit_code, done.stderr) == (0, "")
    assert [line["outcome"] for line in lines(done.stdout)] == ["answered", "answered"]


BAD_LINES = [
    (b"{", "Line 2 is not JSON"),
    (b"[1]", "Line 2 is no JSON object"),
    (b'"weavers"', "Line 2 is no JSON object"),
    (b"\xff\xfe", "Line 2 is not JSON in UTF-8"),
    (b'{"id":"x"}', 'Line 2 has no "text"'),
    (b'{"id":"x","text":5}', 'Line 2 has no "text"'),
    (b'{"id":["x"],"text":"weavers"}', "Line 2 has the id ['x']"),
    (b'{"id":NaN,"text":"weavers"}', "Line 2 has the id nan"),
    (b'{"id":true,"text":"weavers"}', "Line 2 has the id True"),
    (b'{"id":"x","text":""}', "no words"),
    (b'{"id":"x","text":"\\u0000"}', "no words"),
    (b'{"id":"x","text":"' + b"word " * 2_000 + b'"}', "10,000 characters, over the limit of 4,000"),
    (b'{"id":"x","text":"weavers","asked_at":"yesterday"}', "asked_at is 'yesterday'"),
    (b'{"id":"x","text":"weavers","asked_at":5}', "asked_at is 5"),
    (b'{"id":"x","text":"weavers","context":"before"}', "context is 'before'"),
    (b'{"id":"x","text":"weavers","context":[1]}', "context is [1]"),
    (b"[" * 100_000, "Line 2 is not JSON"),
    (b'{"id":"x","text":"' + b"y" * MAX_LINE + b'"}', "Line 2 is over the limit of 1,000,000 bytes"),
]


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_bad_line_among_good_ones_gets_its_error_and_the_stream_goes_on(indexed: Run, command: str) -> None:
    good = asked({"id": "g", "text": "weavers"}).encode()
    for bad, expected in BAD_LINES:
        done = indexed(command, "--jsonl", stdin=good + bad + b"\n\n" + good)
        assert done.exit_code == 1
        first, failed, last = lines(done.stdout)
        assert expected in failed["error"]
        assert failed["id"] == ("x" if b'"id":"x"' in bad and len(bad) < MAX_LINE else None)
        assert done.stderr.count("\n") == 1
        assert expected in done.stderr
        assert done.stderr.startswith("Line 2")
        for line in (first, last):
            assert line["id"] == "g"
            assert "error" not in line
        if command == "ask":
            assert list(failed) == [*ANSWER_KEYS, "error"]
            assert (failed["outcome"], failed["citations"]) == ("nothing", [])
        else:
            assert (list(failed), failed["hits"]) == (["id", "hits", "error"], [])


def test_lone_surrogates_in_a_stream_are_answered_and_echoed(indexed: Run) -> None:
    done = indexed("ask", "--jsonl", stdin=b'{"id":"1","text":"weavers \\ud83d walked"}\n')
    (answer,) = lines(done.stdout)
    assert (answer["question"], answer["outcome"]) == ("weavers \ud83d walked", "answered")


def test_json_is_utf_8_whatever_the_terminal_speaks(indexed: Run, config: Path) -> None:
    done = shell(config.parent, "index.cli", "ask", "wéavers 🪧", "--json", env={"PYTHONIOENCODING": "ascii"})
    assert json.loads(done.stdout)["question"] == "wéavers 🪧"


def test_a_reader_that_goes_away_ends_the_stream_without_a_traceback(indexed: Run, config: Path) -> None:
    with started(config.parent, "index.cli", "ask", "--jsonl") as process:
        assert process.stdout is not None
        process.stdout.close()
        _, err = process.communicate(asked(*({"id": "1", "text": "weavers"} for _ in range(50))).encode(), timeout=60)
    assert process.returncode == 1
    assert b"Traceback" not in err


# --- runs and measures ------------------------------------------------------------------------------------------------


def test_a_run_has_each_article_once_with_ranks_from_one_and_falling_scores(
    run: Run, config: Path, tmp_path: Path
) -> None:
    for number in range(30):  # each of two passages and more, all as long and as far from the question: scores tie
        some = [f"word{number}x{place}" for place in range(400)]
        text = " ".join(f"The glaziers wait: {' '.join(some[k : k + 40])}." for k in range(0, 400, 40))
        write(config.parent / "articles", f"round-{number}", text)
    assert run("reindex").exit_code == 0
    place = tmp_path / "glaziers.run"
    done = run(
        *("search", "--jsonl", "--trec", str(place), "-k", "7"),
        stdin=asked({"id": "q 1", "text": "glaziers wait"}, {"id": 2, "text": "weavers"}),
    )
    assert (done.exit_code, done.stderr) == (0, "")
    assert [line["id"] for line in lines(done.stdout)] == ["q 1", 2]
    rows = [line.split(" ") for line in place.read_text().splitlines()]
    for topic in ("q_1", "2"):
        mine = [row for row in rows if row[0] == topic]
        assert [row[3] for row in mine] == [str(rank) for rank in range(1, len(mine) + 1)]
        assert len({row[2] for row in mine}) == len(mine)
        scores = [float(row[4]) for row in mine]
        assert all(one > two for one, two in pairwise(scores))
        assert {(row[1], row[5]) for row in mine} == {("Q0", "picket")}
    assert len([row for row in rows if row[0] == "q_1"]) == 7
    read = list(ir_measures.read_trec_run(str(place)))
    assert [(one.query_id, one.doc_id) for one in read] == [(row[0], row[2]) for row in rows]


def test_a_run_has_as_many_articles_as_asked_for_however_many_passages_of_each_may_be_found(
    run: Run, config: Path, tmp_path: Path
) -> None:
    config.write_text(config.read_text() + "[search]\npassages_per_article = 6\n")
    folder = config.parent / "articles"  # all passages of the first are better than the second's one
    write(folder, "often", " ".join(f"The glaziers wait: {' '.join(WORDS[k : k + 12])}." for k in range(0, 600, 12)))
    write(folder, "once", f"The glaziers wait and {' '.join(WORDS[600:700])}.")
    assert run("reindex").exit_code == 0
    place = tmp_path / "glaziers.run"
    given = asked({"id": "1", "text": "glaziers wait"})
    assert run("search", "--jsonl", "--trec", str(place), "-k", "2", stdin=given).exit_code == 0
    assert len(place.read_text().splitlines()) == 2


def test_a_run_is_written_though_a_line_of_it_failed(indexed: Run, tmp_path: Path) -> None:
    place = tmp_path / "weavers.run"
    given = asked(
        {"id": "1", "text": "weavers"}, {"text": "bakers"}, {"id": "1", "text": "trams"}, {"id": 2, "text": ""}
    )
    done = indexed("search", "--jsonl", "--trec", str(place), stdin=given)
    assert done.exit_code == 1
    assert ["error" in line for line in lines(done.stdout)] == [False, True, True, True]
    assert "A run needs an id of its own for each text, not None" in done.stderr
    assert {line.split(" ")[0] for line in place.read_text().splitlines()} == {"1"}


def test_a_run_that_can_not_be_written_is_said(indexed: Run, tmp_path: Path) -> None:
    place = tmp_path / "nowhere" / "x.run"
    done = indexed("search", "--jsonl", "--trec", str(place), stdin=asked({"id": "1", "text": "weavers"}))
    assert done.exit_code == 1
    assert done.stderr == f"{place} can't be written (No such file or directory); name another file.\n"


def test_eval_prints_the_three_measures(indexed: Run, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(asked({"id": "1", "text": "bakers contract"}))
    (tmp_path / "q.tsv").write_text("1\tbakers\t1\n")
    arguments = ("eval", "--queries", str(tmp_path / "q.jsonl"), "--qrels", str(tmp_path / "q.tsv"))
    done = indexed(*arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "queries  1\nnDCG@10  1.0000\nR@10     1.0000\nRR@10    1.0000\n"
    figures = {"queries": 1, "nDCG@10": 1.0, "R@10": 1.0, "RR@10": 1.0}
    assert json.loads(indexed(*arguments, "--json").stdout) == figures


# --- generations ------------------------------------------------------------------------------------------------------


def test_a_reindex_says_what_it_did_and_then_that_nothing_has_changed(run: Run, config: Path) -> None:
    first = run("reindex")
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.startswith("Generation 1: 4 articles (+4 −0 ~0), 4 passages, 4 embedded, ")
    assert run("reindex").stdout == "Nothing has changed: generation 1 with 4 articles stays in use.\n"
    (config.parent / "articles" / "bakers.md").unlink()
    told = json.loads(run("reindex", "--json").stdout)
    assert (told["generation"], told["published"], told["removed"], told["embedded"]) == (2, True, 1, 0)
    assert {"articles", "passages", "added", "changed", "failures", "seconds"} <= told.keys()
    again = json.loads(run("reindex", "--full", "--json").stdout)
    assert (again["generation"], again["published"], again["embedded"]) == (3, True, 0)


def test_a_reindex_that_failed_for_some_articles_says_which_and_indexes_the_others(run: Run, config: Path) -> None:
    (config.parent / "articles" / "torn.md").write_text("---\ntitle: [\n---\nNo.\n")
    done = run("reindex")
    assert done.exit_code == 1
    assert done.stdout.startswith("Generation 1: 4 articles")
    assert done.stderr.count("\n") == 1
    assert "“torn”" in done.stderr
    assert json.loads(run("ask", "weavers", "--json").stdout)["outcome"] == "answered"
    assert "not indexed: " in run("status").stdout


def test_what_can_not_be_indexed_now_is_in_the_status_and_nothing_else(indexed: Run, config: Path) -> None:
    torn = config.parent / "articles" / "torn.md"
    torn.write_text("---\ntitle: [\n---\nNo.\n")
    assert indexed("reindex").exit_code == 1
    assert "not indexed: " in indexed("status").stdout
    torn.unlink()
    assert "not indexed" not in indexed("status").stdout
    assert indexed("reindex").stdout.startswith("Nothing has changed")


def test_a_generation_that_can_not_be_deleted_is_told_and_stops_no_reindex(
    indexed: Run, config: Path, like_others: list[str]
) -> None:
    for _ in range(2):
        indexed("reindex", "--full")
    folders = config.parent / "var" / "index" / "generations"
    oldest = folders / "000001"
    with shut((oldest / "postings", 0o555), (oldest, 0o555)):
        for number in (4, 5):
            write(config.parent / "articles", f"cooks-{number}", f"Cooks strike for the {number}th time.")
            done = shell(config.parent, "index.cli", "reindex", before=like_others)
            assert (done.exit_code, done.stdout[:13]) == (0, f"Generation {number}:")
            assert done.stderr == f"{Path('var/index/generations/000001.pruned')} can't be deleted; " + (
                "check its permissions, or delete it.\n"
            )
    assert indexed("reindex", "--full").stderr == ""
    assert sorted(place.name for place in folders.iterdir()) == ["000004", "000005", "000006"]


def test_what_a_killed_reindex_of_another_user_left_stops_no_reindex(
    indexed: Run, config: Path, like_others: list[str]
) -> None:
    left = config.parent / "var" / "index" / "generations" / "000002.building"
    (left / "postings").mkdir(parents=True)
    with shut((left, 0o555)):
        write(config.parent / "articles", "cooks", "Cooks strike.")
        done = shell(config.parent, "index.cli", "reindex", before=like_others)
    assert (done.exit_code, done.stdout[:13]) == (0, "Generation 3:")
    assert "000002.building can't be deleted" in done.stderr


def test_make_ask_answers_though_an_article_is_broken_or_a_reindex_runs(indexed: Run, config: Path) -> None:
    if not shutil.which("make"):
        pytest.skip("needs make")
    place = config.parent
    python = place / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\nshift 2\nexec '{sys.executable}' -c '{PROGRAM}' index.cli \"$@\"\n")
    python.chmod(0o755)
    (place / "requirements.txt").touch()
    (place / ".venv" / "installed").touch()

    # “make test” hands its own flags down, and its level.
    outside_make = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}

    def make_ask() -> Done:
        done = subprocess.run(
            ["make", "--no-print-directory", "-f", str(ROOT / "Makefile"), "ask", "q=When did the weavers walk out?"],
            cwd=place,
            env={**outside_make, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def answered(done: Done) -> str:
        """The one sentence beside an answer."""
        assert (done.exit_code, done.stderr.count("\n")) == (0, 1)
        assert "The weavers of Aldmouth walked out on Monday." in done.stdout
        return done.stderr

    (place / "articles" / "torn.md").write_text("---\ntitle: [\n---\nNo.\n")
    assert "“torn”" in answered(make_ask())
    with Generations(place / "var" / "index").lock("Ada", datetime(2031, 5, 20, 12, tzinfo=UTC)):
        assert "A reindex is running since" in answered(make_ask())
    config.unlink()
    done = make_ask()
    assert (done.exit_code, done.stdout) == (2, "")
    assert "create it or name another with --config" not in done.stdout


def test_status_tells_what_is_indexed(indexed: Run, config: Path) -> None:
    (config.parent / "articles" / "bakers.md").unlink()
    told = json.loads(indexed("status", "--json").stdout)
    assert list(told) == ["manifest", "folder", "files", "withdrawn", "generations", "drift"]
    assert told["drift"] == {"new": 0, "changed": 0, "gone": 1, "failures": [], "anew": False}
    assert (told["files"], told["withdrawn"], told["generations"]) == (3, 1, [1])
    assert told["manifest"]["articles"] == 4
    assert set(told["manifest"]) == {field.name for field in fields(Manifest)}
    shown = indexed("status").stdout
    assert "generation 1 of " in shown
    assert "4 articles, 4 passages" in shown
    assert "3 article files in articles; since then 0 new, 0 changed, 1 gone\n" in shown


def test_generations_are_listed_newest_first_with_the_one_in_use_marked(indexed: Run) -> None:
    indexed("reindex", "--full")
    newest, oldest = indexed("generations").stdout.splitlines()
    assert newest.startswith("* 2  ")
    assert oldest.startswith("  1  ")
    assert "4 articles, 4 passages (+4 −0 ~0)" in oldest
    told = json.loads(indexed("generations", "--json").stdout)
    assert [(one["number"], one["current"]) for one in told] == [(2, True), (1, False)]


def test_the_kept_generations_are_listed_where_it_is_lost_which_is_in_use(indexed: Run, config: Path) -> None:
    (config.parent / "var" / "index" / "CURRENT").unlink()
    done = indexed("generations")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("  1  ")
    assert indexed("rollback").exit_code == 0
    assert indexed("generations").stdout.startswith("* 1  ")


def test_one_article_and_one_passage_are_not_told_as_several(run: Run, config: Path) -> None:
    for name in ("bakers", "tram-drivers", "guild-7/secret"):
        (config.parent / "articles" / f"{name}.md").unlink()
    assert run("reindex").stdout.startswith("Generation 1: 1 article (+1 −0 ~0), 1 passage, 1 embedded, ")
    assert run("reindex").stdout == "Nothing has changed: generation 1 with 1 article stays in use.\n"
    assert "1 article, 1 passage\n" in run("status").stdout
    assert "1 article file in articles; since then nothing changed\n" in run("status").stdout
    assert "1 article, 1 passage (+1 −0 ~0)" in run("generations").stdout
    assert run("rollback", "1").stdout.endswith(" is in use again (1 article), until the next reindex.\n")


def test_a_rollback_goes_one_back_or_to_the_number_given(indexed: Run) -> None:
    indexed("reindex", "--full")
    indexed("reindex", "--full")
    done = indexed("rollback")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Generation 2 of ")
    assert done.stdout.endswith(" is in use again (4 articles), until the next reindex.\n")
    assert indexed("rollback", "3").stdout.startswith("Generation 3 of ")
    assert indexed("rollback", "1").exit_code == 0
    assert "There is no generation before 1" in sentence(indexed("rollback"))
    assert "There is no generation 9 (there are: 1, 2, 3)" in sentence(indexed("rollback", "9"))
    assert json.loads(indexed("ask", "weavers", "--json").stdout)["generation"] == 1


@pytest.mark.parametrize(
    "command",
    [
        ("ask", "weavers"),
        ("ask", "weavers", "--json"),
        ("search", "weavers"),
        ("status",),
        ("generations",),
        ("rollback",),
    ],
)
def test_without_a_generation_every_command_says_how_to_make_one(run: Run, command: tuple[str, ...]) -> None:
    assert sentence(run(*command)) == "Nothing is indexed yet; run “python -m index reindex”."


@pytest.mark.parametrize(
    "command",
    [
        ("reindex",),
        ("ask", "weavers"),
        ("search", "weavers"),
        ("status",),
        ("generations",),
        ("rollback",),
        ("eval", "--queries", "bot.toml", "--qrels", "bot.toml"),
    ],
)
def test_every_command_takes_a_configuration(run: Run, command: tuple[str, ...]) -> None:
    told = sentence(run(*command, "--config", "elsewhere.toml"))
    assert told == "There is no configuration file elsewhere.toml; create it or name another with --config."


# --- wrong usage ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ((), "Usage: python -m index"),
        (("answer",), "No such command 'answer'"),
        (("ask",), "Give a text, or --jsonl"),
        (("ask", "weavers", "--jsonl"), "leave TEXT out"),
        (("search", "weavers", "--jsonl"), "leave TEXT out"),
        (("search", "weavers", "--trec", "x.run"), "--trec goes with --jsonl"),
        (("search", "weavers", "-k", "0"), "0 is not in the range"),
        (("search", "weavers", "-k", "ten"), "'ten' is not a valid integer"),
        (("ask", "weavers", "--collection", "nonsense"), "“nonsense” is not a collection; use “public” or “guild:”"),
        (("ask", "weavers", "--collection", ""), "“” is not a collection"),
        (("ask", "--jsonl", "--collection", "nonsense"), "“nonsense” is not a collection"),
        (
            ("search", "weavers", "--collection", "public", "--collection", "guild:abc"),
            "“guild:abc” is not a collection",
        ),
        (("rollback", "0"), "0 is not in the range"),
        (("eval",), "Missing option"),
        (("eval", "--queries", "none.jsonl", "--qrels", "none.tsv"), "File 'none.jsonl' does not exist"),
    ],
)
def test_wrong_usage_ends_with_two_and_says_what_is_right(indexed: Run, command: tuple[str, ...], told: str) -> None:
    done = indexed(*command)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "The question has no words"),
        (" \t\n", "The question has no words"),
        ("?!… «»", "The question has no words"),
        ("\x07\x1b", "The question has no words"),
        ("strike" * 17_000, "The question has 102,000 characters, over the limit of 4,000; ask it in fewer words."),
        ("why " * 1_001, "The question has 4,004 characters"),
    ],
)
def test_a_question_that_can_not_be_asked_says_why(indexed: Run, text: str, told: str) -> None:
    for command in ("ask", "search"):
        assert sentence(indexed(command, "--", text)).startswith(told)


@pytest.mark.parametrize(
    "text",
    [
        "weavers\0 walk\0 out",
        "weavers \udcff \ud800",
        'weavers AND (text:"',
        "weavers^9 NEAR/2 -bakers +text:* [a TO b] {x} ~ \\ /re/",
        'weavers"; drop table articles; --',
        "罢工什么时候开始 weavers",
        "متى بدأ الإضراب weavers",
        "когда weavers бастовали 🪧✊🏽👩‍🏭",
        "w" * 3_990 + " weavers",
        "<b>weavers</b> [bold]walk[/bold] %s {0}",
    ],
)
def test_whatever_a_person_types_is_searched_as_words(indexed: Run, text: str) -> None:
    answer = indexed("ask", "--json", "--", text)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert json.loads(answer.stdout)["question"] == text
    found = json.loads(indexed("search", "--json", "--", text).stdout)
    assert "weavers" in {hit["article_id"] for hit in found["hits"]}


@pytest.mark.parametrize("text", ["罢工什么时候开始", "متى بدأ الإضراب", "🪧", "ᠮᠣᠩᠭᠣᠯ", "x" * 4_000])
def test_a_question_without_a_word_of_the_corpus_is_no_failure(indexed: Run, text: str) -> None:
    done = indexed("ask", text, "--json")
    if text == "🪧":
        assert sentence(done).startswith("The question has no words")
    else:
        assert (done.exit_code, done.stderr) == (0, "")


# --- what else can be wrong -------------------------------------------------------------------------------------------


def current(config: Path) -> Path:
    generations = Generations(config.parent / "var" / "index")
    return generations.folder(generations.current())


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def garble(path: Path) -> None:
    path.write_bytes(b"\xa5" * path.stat().st_size)


@contextmanager
def untouched(place: Path) -> Iterator[None]:
    """Nothing below the folder changes: no file comes, goes or gets other bytes."""

    def there() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}

    before = there()
    yield
    assert there() == before


@pytest.mark.parametrize("damage", [cut, garble, Path.unlink])
@pytest.mark.parametrize("name", ["vectors.faiss", "passages.db", "postings/meta.json", "manifest.json"])
def test_a_damaged_generation_is_told_and_a_reindex_makes_it_whole(
    indexed: Run, config: Path, name: str, damage: Callable[[Path], None]
) -> None:
    damage(current(config) / name)
    with untouched(config.parent):
        for command in (("ask", "weavers"), ("search", "weavers"), ("status",)):
            told = sentence(indexed(*command))
            assert "000001" in told or str(config.parent) in told
            assert "run “python -m index reindex" in told
    assert indexed("reindex", "--full").exit_code == 0
    assert json.loads(indexed("ask", "weavers", "--json").stdout)["outcome"] == "answered"


@pytest.mark.parametrize("text", ["", "7", "garbage\n", "000009\n"])
def test_a_damaged_pointer_is_told_and_a_reindex_makes_it_whole(indexed: Run, config: Path, text: str) -> None:
    (config.parent / "var" / "index" / "CURRENT").write_text(text)
    told = sentence(indexed("ask", "weavers"))
    assert "run “python -m index reindex” or roll back" in told
    assert indexed("reindex").exit_code == 0
    assert indexed("ask", "weavers").exit_code == 0


def test_a_pointer_or_storage_that_may_not_be_read_is_told_by_its_permissions(
    indexed: Run, config: Path, like_others: list[str]
) -> None:
    with shut((config.parent / "var" / "index" / "CURRENT", 0)):
        told = sentence(shell(config.parent, "index.cli", "ask", "weavers", before=like_others))
    assert told == (
        f"{Path('var/index/CURRENT')} can't be read (Permission denied); check its permissions and those of the folders "
        "above it."
    )
    (config.parent / "var").rename(config.parent / "kept")
    (config.parent / "var").write_text("mine")
    assert "CURRENT can't be read (Not a directory); check" in sentence(indexed("ask", "weavers"))


def test_a_pointer_that_may_not_be_read_is_replaced_by_a_reindex(
    indexed: Run, config: Path, like_others: list[str]
) -> None:
    with shut((config.parent / "var" / "index" / "CURRENT", 0)):
        done = shell(config.parent, "index.cli", "reindex", before=like_others)
        assert (done.exit_code, done.stdout[:13]) == (0, "Generation 2:")
        assert shell(config.parent, "index.cli", "ask", "weavers", before=like_others).exit_code == 0


def test_a_damaged_vector_cache_is_told_and_questions_are_answered_all_the_same(indexed: Run, config: Path) -> None:
    garble(config.parent / "var" / "embeddings.db")
    write(config.parent / "articles", "cooks", "Cooks strike.")
    told = sentence(indexed("reindex"))
    assert "embeddings.db is damaged" in told
    assert "delete it" in told
    assert indexed("ask", "weavers").exit_code == 0
    (config.parent / "var" / "embeddings.db").unlink()
    assert indexed("reindex").stdout.startswith("Generation 2: 5 articles")


def test_a_second_reindex_at_once_says_who_is_at_it_and_since_when(indexed: Run, config: Path) -> None:
    since = datetime(2031, 5, 20, 12, tzinfo=UTC)
    with Generations(config.parent / "var" / "index").lock("Ada", since), untouched(config.parent):
        told = shell(config.parent, "index.cli", "reindex")
    assert sentence(told) == (
        f"A reindex is running since 2031-05-20T12:00:00+00:00 for Ada (process {os.getpid()}); wait until it ends."
    )
    assert indexed("reindex").exit_code == 0


def test_a_folder_of_articles_that_is_not_there_is_told(indexed: Run, config: Path) -> None:
    (config.parent / "articles").rename(config.parent / "moved")
    for command in (("reindex",), ("ask", "weavers")):
        told = sentence(indexed(*command))
        assert told == (
            f"{Path('articles')} is no folder of articles; create it or correct [corpus] directory in bot.toml."
        )
    (config.parent / "moved").rename(config.parent / "articles")
    assert indexed("ask", "weavers").exit_code == 0


def test_an_empty_corpus_is_indexed_and_answers_nothing(run: Run, config: Path) -> None:
    for path in (config.parent / "articles").rglob("*.md"):
        path.unlink()
    assert run("reindex").stdout.startswith("Generation 1: 0 articles (+0 −0 ~0), 0 passages")
    answer = json.loads(run("ask", "weavers", "--json").stdout)
    assert (answer["outcome"], answer["citations"]) == ("nothing", [])
    assert "Nothing in the corpus answers that." in run("ask", "weavers").stdout
    assert json.loads(run("search", "weavers", "--json").stdout)["hits"] == []


def test_a_file_in_place_of_the_storage_folder_is_told(run: Run, config: Path) -> None:
    (config.parent / "var").write_text("mine")
    with untouched(config.parent):
        assert "var" in sentence(run("reindex"))
        assert "var" in sentence(run("ask", "weavers"))


def test_a_storage_folder_that_can_not_be_written_is_told(run: Run, config: Path) -> None:
    config.write_text(config.read_text().replace('"var"', '"/proc/none"'))
    told = sentence(run("reindex"))
    assert "/proc/none" in told
    assert "can't be written" in told


LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))\n" + PROGRAM


@pytest.mark.parametrize("limit", [0, 3_000, 9_000, 20_000, 40_000])
def test_a_full_disk_is_told_and_leaves_the_generation_in_use(indexed: Run, config: Path, limit: int) -> None:
    for number in range(40):
        write(config.parent / "articles", f"more-{number}", f"Report {number} of the strike: " + f"word{number} " * 90)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED.format(limit), "index.cli", "reindex"],
        cwd=config.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    told = sentence(Done(done.returncode, done.stdout, done.stderr))
    assert str(config.parent.name) in told or "var" in told
    assert json.loads(indexed("ask", "weavers", "--json").stdout)["generation"] == 1
    assert indexed("reindex").stdout.startswith("Generation 2: 44 articles")


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("no-such-package", "“no-such-package” is not installed; install the package of that name"),
        ("click", "that package carries no weights"),
        ("./nowhere", "“./nowhere” is no folder; correct the path in bot.toml."),
        ("articles", "holds no sentence-transformers model with weights"),
        ("nobody/nothing", "is not in the local hub cache and HF_HUB_OFFLINE is set"),
        ("two words", "is neither a folder, a package nor a hub name"),
    ],
)
def test_a_model_that_is_not_there_is_told(config: Path, model: str, told: str) -> None:
    config.write_text(f'{config.read_text()}[embedding]\nmodel = "{model}"\n')
    done = subprocess.run(
        [sys.executable, "-m", "index", "reindex"],
        cwd=config.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert told in sentence(Done(done.returncode, done.stdout, done.stderr))
    assert not list((config.parent / "var").glob("index/generations/*"))


def test_a_model_of_other_dimensions_asks_for_a_reindex(
    indexed: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.engine.EmbeddingModel", lambda *_: HashingModel(96))
    assert sentence(indexed("ask", "weavers")) == (
        "Generation 1 was made with hashing@256, not hashing@96; run “python -m index reindex”, or restart Picket if "
        "[embedding] model was changed meanwhile."
    )
    assert json.loads(indexed("reindex", "--json").stdout)["embedded"] == 4
    assert indexed("ask", "weavers").exit_code == 0
    for arguments in (("rollback",), ("rollback", "1")):
        assert sentence(indexed(*arguments)) == (
            "Generation 1 was made with hashing@256, not hashing@96; set [embedding] model to that one, or choose another "
            "generation."
        )
    assert json.loads(indexed("ask", "weavers", "--json").stdout)["generation"] == 2


def test_all_mistakes_in_the_settings_are_told_together(indexed: Run, config: Path) -> None:
    config.write_text('[storage]\ndirectry = "x"\ngenerations = 0\n[serch]\n[answer]\ncitations = "3"\n')
    told = sentence(indexed("ask", "weavers"))
    assert told.startswith("bot.toml has 4 mistakes: ")
    for mistake in ("did you mean directory?", "storage.generations = 0", "did you mean search?", "citations = '3'"):
        assert mistake in told


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("ask", ""), "The question has no words"),
        (("ask", b"weavers \xff"), ""),
        (("ask", "weavers", "--config", "none.toml"), "There is no configuration file none.toml"),
        (("status",), ""),
        (("answer",), "No such command"),
    ],
)
def test_the_real_command_ends_without_a_traceback(indexed: Run, config: Path, command: Any, told: str) -> None:
    done = shell(config.parent, "index.cli", *command)
    assert done.exit_code == (0 if not told else 2 if "command" in told else 1)
    assert told in done.stderr
    assert (done.stderr == "") == (told == "")
    assert "Traceback" not in done.stdout + done.stderr


# --- with the real model ----------------------------------------------------------------------------------------------


@pytest.mark.model
def test_a_stored_index_is_asked_with_the_real_model_and_without_torch(
    config: Path, exported_storage: Path, tmp_path: Path
) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "models").symlink_to(exported_storage / "models")
    script = (
        "import sys, atexit\n"
        "from index.cli import main\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'onnx', 'openvino', 'asyncio'}\n"
        "atexit.register(lambda: print(sorted(heavy & set(sys.modules)), file=sys.stderr))\n"
        "main()\n"
    )

    def ran(*arguments: str, given: bytes = b"") -> Done:
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            input=given,
            capture_output=True,
            timeout=300,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    made = ran("reindex", "--json")
    assert (made.exit_code, json.loads(made.stdout)["embedded"]) == (0, 4)
    assert "torch" not in made.stderr
    answered = ran("ask", "--jsonl", given=asked({"id": "1", "text": "When did the cloth workers walk out?"}).encode())
    assert (answered.exit_code, answered.stderr) == (0, "[]\n")
    (answer,) = lines(answered.stdout)
    assert answer["citations"][0]["article"]["id"] == "weavers"
    assert WALKOUT[slice(*answer["citations"][0]["highlights"][0])] == "The weavers of Aldmouth walked out on Monday."
    found = json.loads(ran("search", "loaves are made again", "--json").stdout)
    assert found["hits"][0]["article_id"] == "bakers"
    assert ran("reindex").stdout.startswith("Nothing has changed")
