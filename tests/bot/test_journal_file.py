"""What can befall `bot.db`: a full disk, a holder, damage, no permission, a kill. One sentence each, and nothing half."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import JournalError
from bot.journal import GuildSettings, Journal, Reference, Shown
from bot.journal_file import copy_database, verify_database

NOON = datetime(2031, 5, 20, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
QUIET = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
REFERENCE = Reference("public", "aldmouth", 10, 90, 12, 40, "0" * 64)
EACH = 5  # references of every answer that is noted here

# Thirty children, one after the other, note answers and tell each id once it is acknowledged, until they are killed at
# a moment of the seeded chance. Tells all ids.
WRITERS = """
import json, os, random, select, signal, sys, time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from bot.journal import Journal, Reference, Shown

chance, path, noon = random.Random(5), Path(sys.argv[1]), datetime(2031, 5, 20, 12, tzinfo=UTC)
references = (Reference("public", "aldmouth", 10, 90, 12, 40, "0" * 64),) * 5
for kill in range(30):
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        journal = Journal.open(path, now=noon)
        while True:
            number = journal.note(Shown(7, 1, journal.hashed(kill), noon, "when " * 200, "nothing", 0.1, False, 1, references, 3))
            os.write(writing, f"{number}\\n".encode())
    os.close(writing)
    told = os.read(reading, 4096)  # the first is acknowledged; from now on any moment is as good as another
    end = time.monotonic() + chance.random() * 0.03
    while (left := end - time.monotonic()) > 0:
        if select.select([reading], [], [], left)[0]:
            told += os.read(reading, 4096)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while piece := os.read(reading, 4096):
        told += piece
    os.close(reading)
    print(json.dumps([int(line) for line in told.split(b"\\n")[:-1]]), flush=True)
"""
# Holds the file until its standard input ends.
HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("begin immediate")
print("held", flush=True)
sys.stdin.read()
"""
# Opens the journal as somebody who owns nothing here.
STRANGER = """
import os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from bot.errors import JournalError
from bot.journal import Journal
if os.geteuid() == 0:
    os.setuid(65534)
try:
    Journal.open(Path(sys.argv[1]), now=datetime(2031, 5, 20, 12, tzinfo=UTC))
except JournalError as error:
    print(error)
"""
# Notes answers until the file may not grow any more; the limit on a file's size stands for the end of the disk.
FILLER = """
import resource, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from bot.errors import JournalError
from bot.journal import Journal, Reference, Shown
noon = datetime(2031, 5, 20, 12, tzinfo=UTC)
journal = Journal.open(Path(sys.argv[1]), now=noon)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
done = 0
def note():
    global done
    references = (Reference("public", "a", 1, 2, 1, 2, "0" * 64),) * 5
    done = journal.note(Shown(7, 1, journal.hashed(1), noon, "when " * 200, "nothing", 0.1, False, 1, references, 3))
try:
    while True:
        note()
except JournalError as error:
    print(error)
print(done, journal.shown(done) is not None, journal.shown(done + 1) is None)
"""


def run(script: str, path: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        cwd=ROOT,
        env=QUIET,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout.splitlines()


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another process is in the middle of a change."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
        process.communicate("")


def shown(journal: Journal, question: str = "when did it end") -> Shown:
    asker = journal.hashed(1)
    return Shown(7, 1, asker, NOON, question, "nothing", 0.1, False, 1, references=(REFERENCE,) * EACH, first=3)


def note(journal: Journal, question: str = "when did it end") -> int:
    return journal.note(shown(journal, question))


def rows(path: Path) -> tuple[int, int]:
    """How many answers and references a file has."""
    with closing(sqlite3.connect(path)) as connection:
        one, two = (
            connection.execute(f"select count(*) from {name}").fetchone()[0] for name in ("shown", "shown_references")
        )
        return one, two


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal.open(path, now=NOON, patience=0.2)
    yield opened
    opened.close()


def test_every_acknowledged_answer_is_there_after_thirty_kills_and_none_is_half(path: Path) -> None:
    told = [json.loads(line) for line in run(WRITERS, path)]
    assert len(told) == 30
    assert all(told)
    acknowledged = [number for some in told for number in some]
    assert len(acknowledged) > 60
    with closing(Journal.open(path, now=NOON)) as journal:
        for number in acknowledged:
            found = journal.shown(number)
            assert found is not None
            assert len(found.references) == EACH
    answers, references = rows(path)
    assert references == answers * EACH
    assert (
        len(acknowledged) <= answers <= len(acknowledged) + 30
    )  # the last of each child may not have been told any more


def test_a_file_in_the_place_of_a_lost_one_gives_no_id_that_was_given(path: Path) -> None:
    given: list[int] = []
    for day in range(3):
        with closing(Journal.open(path, now=NOON + timedelta(days=day))) as journal:
            assert not any(journal.shown(number) for number in given)
            given += [note(journal) for _ in range(3)]
            journal.record(7, "add", whom=1, detail="x", now=NOON)
        path.unlink()
    assert len(set(given)) == 9
    with closing(Journal.open(path, now=NOON)) as journal:
        first = note(journal)
    with closing(Journal.open(path, now=NOON + timedelta(days=5))) as journal:
        assert note(journal) == first + 1  # a file that is there goes on as it was


def test_a_full_disk_is_one_sentence_and_nothing_is_half_written(journal: Journal, path: Path) -> None:
    first = note(journal)
    with journal._file._turn:
        pages = journal._file._database.conn.execute("pragma page_count").fetchone()[0]
        journal._file._database.conn.execute(f"pragma max_page_count = {pages + 2}")
    with pytest.raises(JournalError) as refused:
        note(journal, "when " * 5_000)
    assert str(refused.value) == (
        f"{path} can't grow, the disk is full; nothing was changed: free some space and try again."
    )
    assert journal.shown(first) is not None
    with journal._file._turn:
        journal._file._database.conn.execute("pragma max_page_count = 1000000")
    second = note(journal, "when " * 5_000)
    journal.close()
    assert rows(path) == (2, 2 * EACH)
    assert second == first + 1


def test_a_file_that_may_not_grow_keeps_what_was_acknowledged(path: Path) -> None:
    said, state = run(FILLER, path)
    assert said.startswith(f"{path} can't ")
    assert said.endswith("check its permissions and the free space there.") or "the disk is full" in said
    done, there, next_is_not = state.split()
    assert (there, next_is_not) == ("True", "True")
    with closing(Journal.open(path, now=NOON)) as journal:
        assert journal.shown(int(done)) is not None
        assert note(journal) == int(done) + 1
    answers = int(done) + 1 - int(NOON.timestamp())
    assert rows(path) == (answers, answers * EACH)


def test_what_fails_in_its_middle_leaves_nothing(journal: Journal, path: Path) -> None:
    with pytest.raises(OverflowError):
        journal.note(replace(shown(journal), references=(REFERENCE, replace(REFERENCE, end=2**64))))
    note(journal)
    journal.close()
    assert rows(path) == (1, EACH)


def test_a_change_waits_for_another_one_only_so_long(journal: Journal) -> None:
    refused: list[str] = []

    def work() -> None:
        try:
            note(journal)
        except JournalError as error:
            refused.append(str(error))

    with journal._file.writing():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(20)
        assert not thread.is_alive()
    assert len(refused) == 1
    note(journal)


def test_while_another_program_holds_the_file_it_can_be_read_and_a_change_is_refused(
    journal: Journal, path: Path
) -> None:
    first = note(journal)
    with held(path):
        with pytest.raises(JournalError) as refused:
            note(journal)
        assert str(refused.value) == f"{path} is held by another program; nothing was changed: try again in a minute."
        assert journal.shown(first) is not None
    assert note(journal) == first + 1


def test_threads_that_wait_for_a_held_file_are_each_told_within_their_patience(journal: Journal, path: Path) -> None:
    refused: list[str] = []

    def work() -> None:
        try:
            note(journal)
        except JournalError as error:
            refused.append(str(error))

    with held(path):
        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
    assert len(refused) == 6
    note(journal)
    journal.close()
    assert rows(path) == (1, EACH)


def full(path: Path) -> bytes:
    """The bytes of a whole file with a hundred answers."""
    with closing(Journal.open(path, now=NOON)) as journal:
        journal.change_guild(7, GuildSettings(private=True), whom=1, now=NOON)
        for _ in range(100):
            note(journal, "when " * 50)
    return path.read_bytes()


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_file_that_is_cut_short_is_refused_in_a_sentence(path: Path, part: float) -> None:
    raw = full(path)
    path.write_bytes(raw[: int(len(raw) * part)])
    cut = path.read_bytes()
    with pytest.raises(
        JournalError, match=r"is damaged \(.*\); run “python -m bot restore FILE” with the last backup\."
    ):
        Journal.open(path, now=NOON)
    assert path.read_bytes() == cut


def test_a_file_with_garbage_in_it_is_refused_in_a_sentence(path: Path) -> None:
    raw = full(path)
    for at in (0, 4096 * 4, 4096 * 9):
        path.write_bytes(raw[:at] + b"\xa5" * 4096 + raw[at + 4096 :])
        with pytest.raises(JournalError, match="is damaged"):
            Journal.open(path, now=NOON)
        with pytest.raises(JournalError, match="is damaged"):
            verify_database(path)


def test_settings_that_are_no_settings_are_damage(journal: Journal) -> None:
    journal.change_guild(7, GuildSettings(private=True), whom=1, now=NOON)
    with journal._file.writing() as changed:
        changed.execute("update guild_settings set settings = '{\"channels\": 5}'")
    for use in (lambda: journal.guild_settings(7), lambda: journal.all_guild_settings()):
        with pytest.raises(JournalError, match="is damaged"):
            use()


def test_damage_while_it_is_open_is_a_sentence_too(journal: Journal, path: Path) -> None:
    for _ in range(50):
        note(journal, "when " * 200)
    journal._file.scrub()  # everything is in the file itself now
    with path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * 4096 * 20)
    with pytest.raises(JournalError, match="is damaged"):
        journal.gaps(7, since=NOON)  # reads every answer


def test_a_file_that_may_not_be_written_is_refused_in_a_sentence() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "bot.db"
        full(path)
        (folder / "bot.lock").chmod(0o666)
        path.chmod(0o444)
        folder.chmod(0o555)
        assert run(STRANGER, path) == [
            f"{path} can't be used (Permission denied); check the permissions and the free space there."
        ]
        (folder / "bot.lock").chmod(0o444)
        assert run(STRANGER, path) == [
            f"{folder / 'bot.lock'} can't be written (Permission denied); check the permissions there."
        ]
        folder.chmod(0o755)


def test_a_folder_in_the_files_place_is_refused_in_a_sentence(path: Path) -> None:
    path.mkdir()
    with pytest.raises(JournalError, match="can't be used"):
        Journal.open(path, now=NOON)


def test_what_was_refused_is_not_held(path: Path) -> None:
    full(path)
    raw = path.read_bytes()
    path.write_bytes(raw[:5000])
    with pytest.raises(JournalError, match="is damaged"):
        Journal.open(path, now=NOON)
    path.write_bytes(raw)
    Journal.open(path, now=NOON).close()


def test_a_file_that_others_could_read_is_its_owners_alone_from_the_next_start(path: Path) -> None:
    full(path)
    path.chmod(0o644)
    Journal.open(path, now=NOON).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_users_file_that_may_be_written_is_used_as_it_is() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "bot.db"
        full(path)
        folder.chmod(0o777)
        (folder / "bot.lock").chmod(0o666)
        path.chmod(0o666)
        assert run(STRANGER, path) == []


def test_a_copy_is_one_whole_file_for_its_owner_alone(journal: Journal, path: Path, tmp_path: Path) -> None:
    numbers = [note(journal) for _ in range(3)]
    target = tmp_path / "copies" / "bot.db"
    target.parent.mkdir()
    copy_database(path, target)
    assert [place.name for place in target.parent.iterdir()] == ["bot.db"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert rows(target) == (len(numbers), len(numbers) * EACH)


def test_what_is_not_there_can_not_be_copied_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="is not there; start Picket once"):
        copy_database(tmp_path / "bot.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_is_made_while_another_program_holds_the_file(journal: Journal, path: Path, tmp_path: Path) -> None:
    note(journal)
    with held(path):
        copy_database(path, tmp_path / "copy.db")
    assert rows(tmp_path / "copy.db") == (1, EACH)
