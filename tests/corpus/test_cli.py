"""`python -m corpus`: what it prints, its exit codes, and one sentence a failure, never a traceback."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from corpus.cli import cli, main
from corpus.fetch import Fetcher, FetchLimits
from tests.corpus.test_fetch import LIMITS, TRUSTING_NOBODY, here, local_too
from tests.fakes import WebServer, response

PROSE = "The stagehands' union and the theatres met 🎭 on Tuesday, September 12, 2023. They did not agree on wages."
EVIDENCE = "meta data: 2023-09-12; weekday and date: Tuesday, September 12, 2023"
REPOSITORY = Path(__file__).parents[2]


class Done(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a configuration; the articles lie in `articles`."""
    (tmp_path / "bot.toml").write_text('[corpus]\ndirectory = "articles"\n')
    (tmp_path / "theatres.txt").write_text(
        f"title: Theatres meet\noutlet: The Stage Paper\ndate: 2023-09-12\n\n{PROSE}"
    )
    return tmp_path


@pytest.fixture
def run(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command as `python -m corpus` does, in this process; every failure ends here with its exit code."""
    monkeypatch.chdir(place)

    def ran(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["corpus", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        told = capsys.readouterr()
        return Done(int(end.value.code or 0), told.out, told.err)

    return ran


def shell(place: Path, *arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    """The real command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "corpus", *arguments],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **options.pop("env", {})},
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=120,
        **options,
    )


def sentence(text: str) -> str:
    """The one sentence that a failure prints."""
    assert text.endswith(".\n")
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text.strip()


# --- adding -----------------------------------------------------------------------------------------------------------


def test_adding_tells_what_was_added_and_what_to_do_next(run: Run) -> None:
    done = run("add", "theatres.txt")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        f"added      theatres  2023-09-12 (date from {EVIDENCE})\n"
        "1 added, 0 updated, 0 unchanged, 0 failed. Run “python -m index reindex” to search what changed.\n"
    )
    again = run("add", "theatres.txt")
    assert again.stdout == (
        "unchanged  theatres  2023-09-12 (the same text as “theatres”)\n0 added, 0 updated, 1 unchanged, 0 failed.\n"
    )


def test_adding_in_json_gives_one_object_a_line(run: Run, place: Path) -> None:
    (place / "a.jsonl").write_text('{"id": "x", "text": "Wages rose."}\n{\n')
    done = run("add", "a.jsonl", "--json")
    added, failed = map(json.loads, done.stdout.splitlines())
    assert added == {
        "origin": "a.jsonl:1",
        "status": "added",
        "id": "x",
        "title": "Wages rose.",
        "published": None,
        "note": "no date found; add it again with --date",
    }
    assert (failed["status"], failed["id"], failed["origin"]) == ("failed", None, "a.jsonl:2")
    assert failed["note"] == sentence(done.stderr)
    assert done.exit_code == 1


def test_failures_are_one_sentence_each_and_the_rest_is_added(run: Run, place: Path) -> None:
    (place / "bad.md").write_text("---\nnever ends")
    done = run("add", "bad.md", "nowhere", "theatres.txt", "bot.toml", "http://127.0.0.1/", "ftp://news.example/a")
    failures = done.stderr.splitlines()
    assert len(failures) == 5
    for failure, words in zip(
        failures,
        ("never ends; add a line ---", "no file or folder nowhere", "bot.toml is none of", "127.0.0.1", "ftp:"),
        strict=True,
    ):
        assert words in failure
        sentence(failure + "\n")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1].startswith("1 added, 0 updated, 0 unchanged, 5 failed.")


def test_corrections_are_for_one_article(run: Run, place: Path) -> None:
    corrected = ["--title", "T", "--outlet", "O", "--date", "2023-09-13", "--url", "https://news.example/t"]
    done = run("add", "theatres.txt", *corrected)
    assert "theatres  2023-09-13 (date given when it was added)" in done.stdout
    assert "\ndate given when it was added\n" in run("show", "theatres").stdout
    found = json.loads(run("show", "theatres", "--json").stdout)
    assert [found[key] for key in ("title", "outlet", "published", "url")] == [*corrected[1::2]]
    (place / "two.jsonl").write_text('{"text": "A."}\n{"text": "B."}\n')
    refused = run("add", "two.jsonl", "--title", "T")
    assert refused.exit_code == 2
    assert "--title, --outlet, --date and --url are for one article; 2 were found." in refused.stderr
    assert len(run("list").stdout.splitlines()) == 1


def test_a_date_that_is_yet_to_come_is_refused_and_today_is_not(run: Run, place: Path) -> None:
    done = run("add", "theatres.txt", "--date", "2099-01-01")
    assert done.exit_code == 2
    assert "--date 2099-01-01 lies after today" in done.stderr
    assert run("list").stdout == ""
    today = datetime.now(UTC).date().isoformat()
    assert f"theatres  {today}" in run("add", "theatres.txt", "--date", today).stdout


def test_corrections_stay_when_the_same_file_is_added_again(run: Run, place: Path) -> None:
    (place / "bk.txt").write_text("The bakers went back to work.")
    corrected = ["--title", "T", "--outlet", "O", "--date", "2022-05-04", "--url", "https://e.example/1"]
    run("add", "bk.txt", *corrected)
    before = run("show", "bk", "--json").stdout
    assert run("add", "bk.txt").stdout.startswith("unchanged  bk  2022-05-04")
    assert run("show", "bk", "--json").stdout == before
    assert [json.loads(before)[key] for key in ("title", "outlet", "published", "url")] == corrected[1::2]


def test_an_address_that_is_none_is_said_to_come_from_its_option(run: Run) -> None:
    done = run("add", "theatres.txt", "--url", "ht!tp:/x")
    assert (done.exit_code, done.stdout) == (1, "")
    assert sentence(done.stderr) == (
        "--url for theatres.txt is 'ht!tp:/x', which is not an http or https address; correct or remove it."
    )


def test_the_advice_to_add_an_undated_article_again_with_its_date_works(run: Run, place: Path) -> None:
    (place / "undated.txt").write_text("The crews went back to work.")
    assert "no date found; add it again with --date" in run("add", "undated.txt").stdout
    assert "updated    undated  2023-09-27" in run("add", "undated.txt", "--date", "2023-09-27").stdout
    assert "unchanged  undated  2023-09-27" in run("add", "undated.txt").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("add",),
        ("nonsense",),
        ("add", "theatres.txt", "--date", "soon"),
        ("add", "theatres.txt", "--collection", "guild:x"),
        ("list", "--collection", "nobody"),
        ("show",),
        ("remove",),
        ("add", "theatres.txt", "--nonsense"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_says_how_it_is_used(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert "Usage: python -m corpus" in done.stderr
    assert done.stdout == ""


def test_a_page_and_a_feed_are_added_through_the_real_fetcher(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def local(_: FetchLimits) -> Fetcher:
        return Fetcher(LIMITS, resolve=here, allowed=local_too, tls=TRUSTING_NOBODY)

    monkeypatch.setattr("corpus.fetch.Fetcher", local)
    with WebServer() as server:
        base = f"http://news.example:{server.port}"
        feed = f'<rss version="2.0"><channel><item><link>{base}/a?utm_source=rss</link></item></channel></rss>'
        page = f"<!doctype html><title>Theatres meet</title><article><p>{PROSE}</p></article>"
        server.routes.update(
            {
                "/a": response(page.encode()),
                "/a?utm_source=rss": response(page.encode()),
                "/feed": response(feed.encode(), kind="application/rss+xml"),
            }
        )
        assert "added" in run("add", f"{base}/a").stdout
        again = run("add", f"{base}/feed")
        assert again.exit_code == 0
        assert "the same address" in again.stdout
    assert len(run("list").stdout.splitlines()) == 1


# --- listing, showing, removing, checking -----------------------------------------------------------------------------


def test_listing_is_newest_first_for_people_and_programs(run: Run, place: Path) -> None:
    (place / "b.jsonl").write_text(
        '{"id": "z", "text": "Undated."}\n{"id": "old", "text": "Old.", "date": "2007-11-05"}\n'
    )
    run("add", "b.jsonl", "theatres.txt")
    run("add", "theatres.txt", "--collection", "guild:7")
    assert run("list").stdout.splitlines() == [
        "2023-09-12  theatres  Theatres meet — The Stage Paper  [guild:7]",
        "2023-09-12  theatres  Theatres meet — The Stage Paper",
        "2007-11-05  old  Old. — no outlet",
        "undated     z  Undated. — no outlet",
    ]
    listed = [json.loads(line) for line in run("list", "--json", "--collection", "public").stdout.splitlines()]
    assert listed[0] == {
        "id": "theatres",
        "collection": "public",
        "title": "Theatres meet",
        "outlet": "The Stage Paper",
        "published": "2023-09-12",
        "url": None,
        "path": "theatres.md",
    }
    assert [line["id"] for line in listed] == ["theatres", "old", "z"]
    assert listed[2]["published"] is None


def test_showing_gives_the_article_for_people_and_offsets_in_code_points_for_programs(run: Run) -> None:
    run("add", "theatres.txt", "--url", "https://news.example/t")
    shown = run("show", "theatres").stdout
    assert shown == (
        f"Theatres meet\nThe Stage Paper · 2023-09-12\nhttps://news.example/t\ndated by {EVIDENCE}\n\n" + PROSE + "\n"
    )
    text = json.loads(run("show", "theatres", "--json").stdout)["text"]
    start = PROSE.index("on Tuesday")
    assert text[start : start + 10] == "on Tuesday"
    assert len(text) == len(PROSE) < len(PROSE.encode())


def test_an_id_in_several_collections_asks_for_one(run: Run) -> None:
    run("add", "theatres.txt")
    run("add", "theatres.txt", "--collection", "guild:7")
    for command in ("show", "remove"):
        done = run(command, "theatres")
        assert sentence(done.stderr) == (
            "“theatres” is in several collections (public, guild:7); choose one with --collection."
        )
        assert done.exit_code == 1
    assert json.loads(run("show", "theatres", "--json", "--collection", "guild:7").stdout)["collection"] == "guild:7"
    assert run("remove", "theatres", "--collection", "guild:7").stdout == "removed  theatres\n"
    assert [line["collection"] for line in map(json.loads, run("list", "--json").stdout.splitlines())] == ["public"]


def test_of_two_files_with_one_id_the_one_that_is_indexed_is_shown(run: Run, place: Path) -> None:
    (place / "articles").mkdir()
    (place / "articles" / "aaa.md").write_text("---\nid: renamed\n---\nThe bakers went out.")
    (place / "articles" / "renamed.md").write_text("The bakers came back.")
    for options in ((), ("--collection", "public")):
        assert json.loads(run("show", "renamed", "--json", *options).stdout)["text"] == "The bakers went out."


def test_removing_takes_every_file_of_the_article_or_none_at_all(run: Run, place: Path) -> None:
    run("add", "theatres.txt")
    copy = place / "articles" / "copy.md"
    copy.write_bytes((place / "articles" / "theatres.md").read_bytes())
    missing = run("remove", "theatres", "nowhere")
    assert sentence(missing.stderr) == "There is no article “nowhere”; “python -m corpus list” names all."
    assert copy.exists()
    done = run("remove", "theatres", "theatres")
    assert (done.exit_code, done.stdout) == (0, "removed  theatres (2 files)\n")
    assert list((place / "articles").iterdir()) == []
    assert run("show", "theatres").exit_code == 1


def test_different_articles_with_one_id_are_named_and_stay(run: Run, place: Path) -> None:
    run("add", "theatres.txt")
    (place / "articles" / "a.md").write_text("---\nid: same\n---\nThe bakers went out.")
    (place / "articles" / "b.md").write_text("---\nid: same\n---\nThe bakers came back.")
    done = run("remove", "theatres", "same")
    assert (done.exit_code, done.stdout) == (1, "")
    assert sentence(done.stderr) == (
        "“a.md” and “b.md” have the same id “same” but differ; give one another id, or delete its file."
    )
    assert sorted(path.name for path in (place / "articles").iterdir()) == ["a.md", "b.md", "theatres.md"]


def test_an_article_with_a_hostile_id_is_shown_and_removed_by_it(run: Run, place: Path) -> None:
    (place / "a.jsonl").write_text(json.dumps({"id": "../../bot.toml", "text": "Wages rose."}))
    run("add", "a.jsonl")
    assert "Wages rose." in run("show", "../../bot.toml").stdout
    assert run("remove", "../../bot.toml").exit_code == 0
    assert (place / "bot.toml").exists()


def test_checking_names_what_is_wrong(run: Run, place: Path) -> None:
    (place / "undated.txt").write_text("The crews went back to work.")
    run("add", "theatres.txt", "undated.txt")
    good = run("check")
    assert good.exit_code == 0
    assert good.stdout == "“undated” is undated; add it again with --date.\n2 articles, 1 undated, no errors.\n"
    (place / "articles" / "copy.md").write_bytes((place / "articles" / "theatres.md").read_bytes())
    (place / "articles" / "broken.md").write_text("---\ntitle: [x\n---\nText.")
    for command in ("check", "list"):
        bad = run(command)
        assert bad.exit_code == 1
        assert [sentence(line + "\n")[:40] for line in bad.stderr.splitlines()] == [
            "The front matter of “broken” is not YAML",
            "“copy.md” and “theatres.md” have the sam",
        ]
        assert "no errors" not in bad.stdout


# --- what can go wrong around it --------------------------------------------------------------------------------------


def test_every_command_says_when_the_articles_are_not_there(run: Run) -> None:
    for command in (("list",), ("check",), ("show", "x"), ("remove", "x")):
        done = run(*command)
        assert done.exit_code == 1
        assert "is no folder of articles; create it or correct [corpus] directory in bot.toml." in sentence(done.stderr)


def test_a_bad_configuration_stops_every_command(run: Run, place: Path) -> None:
    (place / "bad.toml").write_text('[corpus]\ndirectry = "x"\n[corpus.fetch]\nseconds = -1\n')
    for command in (("list",), ("check",), ("show", "x"), ("remove", "x"), ("add", "theatres.txt")):
        done = run(*command, "--config", "bad.toml")
        assert done.exit_code == 1
        assert "bad.toml has 2 mistakes: " in sentence(done.stderr)
    assert "create it or name another" in sentence(run("list", "--config", "none.toml").stderr)


@pytest.mark.parametrize("where", ["file", "file/inner", "/dev/full", "/proc/nowhere"])
def test_a_folder_that_can_not_be_written_is_one_sentence(run: Run, place: Path, where: str) -> None:
    (place / "file").write_text("")
    (place / "other.toml").write_text(f'[corpus]\ndirectory = "{where}"\n')
    done = run("add", "theatres.txt", "--config", "other.toml")
    assert done.exit_code == 1
    assert "can't be made" in sentence(done.stderr)
    assert "check the permissions and the free space there." in done.stderr


def test_help_is_exit_code_0(run: Run) -> None:
    done = run("add", "--help")
    assert done.exit_code == 0
    assert "--config" in done.stdout
    assert set(cli.commands) == {"add", "list", "show", "remove", "check"}


# --- the real process -------------------------------------------------------------------------------------------------


def test_the_real_command_keeps_the_contract(place: Path) -> None:
    added = shell(place, "add", "theatres.txt")
    assert (added.returncode, added.stderr) == (0, "")
    assert "added      theatres" in added.stdout
    missing = shell(place, "show", "nowhere")
    assert (missing.returncode, missing.stdout) == (1, "")
    sentence(missing.stderr)
    assert shell(place, "show").returncode == 2


def test_names_and_headlines_that_the_output_can_not_show_do_not_end_it(place: Path) -> None:
    Path(os.fsdecode(os.fsencode(place) + b"/caf\xe9.txt")).write_text("Crews “walked” out.")
    done = shell(place, "add", "caf\udce9.txt", "\udce9", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert done.returncode == 1
    assert "added      caf" in done.stdout
    assert sentence(done.stderr) == r"There is no file or folder \udce9; check the name."
    assert "Crews \\u201cwalked\\u201d out." in shell(place, "list", env={"PYTHONIOENCODING": "latin-1"}).stdout


def test_a_full_output_is_one_sentence(place: Path) -> None:
    shell(place, "add", "theatres.txt")
    with Path("/dev/full").open("w") as full:
        done = shell(place, "list", stdout=full)
    assert done.returncode == 1
    assert sentence(done.stderr) == "The output can't be written (No space left on device); make room where it goes."


def test_a_reader_that_goes_away_is_no_traceback(place: Path) -> None:
    (place / "articles").mkdir()
    for number in range(300):
        (place / "articles" / f"{number}.md").write_text(f"# {'A long headline ' * 15}\n\nText {number}.")
    reading, writing = os.pipe()
    os.close(reading)
    done = shell(place, "list", stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_an_interruption_keeps_what_was_told(place: Path) -> None:
    (place / "many").mkdir()
    for number in range(2_000):
        (place / "many" / f"{number:04}.txt").write_text(f"Crew {number} walked out. " * 30)
    command = [sys.executable, "-m", "corpus", "add", "many"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command,
        cwd=place,
        env=environment,
        stdout=pipe,
        stderr=pipe,
        encoding="utf-8",
        # A shell's background jobs ignore interruptions, and their children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as adding:
        assert adding.stdout
        assert adding.stderr
        told = [adding.stdout.readline()]
        adding.send_signal(signal.SIGINT)
        told += adding.stdout.readlines()
        assert sentence(adding.stderr.read().lstrip("\n")) == "Stopped; what was told before is kept."
    assert adding.returncode == 1
    ids = {line.split()[1] for line in told if line.startswith("added")}
    assert 1 <= len(ids) < 2_000
    assert ids <= {path.stem for path in (place / "articles").glob("*.md")}


def test_listing_and_showing_do_not_wait_for_the_html_tools(place: Path) -> None:
    program = (
        "import sys, corpus.cli; print([name for name in ('trafilatura', 'lxml', 'httpcore2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=REPOSITORY)
    assert done.stdout == "[]\n"


def test_articles_of_five_megabytes_are_added_in_bounded_memory(place: Path) -> None:
    (place / "endless.txt").write_text("and the talks went on " * 240_000)
    (place / "long.txt").write_text(
        "The union met the studios again, and asked for more than it had asked for the week before.\n\n" * 55_000
    )
    program = (
        "import re, sys; from corpus.cli import cli; sys.argv = ['corpus', 'add', 'endless.txt', 'long.txt']\n"
        # Not getrusage: its peak takes in that of the process which started this one.
        "cli.main(standalone_mode=False); print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    *_, summary, kilobytes = done.stdout.splitlines()
    assert summary.startswith("2 added")
    assert int(kilobytes) < 700_000
