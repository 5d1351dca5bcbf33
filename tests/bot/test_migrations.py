"""Steps of the schema: each once, whole or not at all, and nothing of a newer Picket or another program is touched."""

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database, Migrations

from bot.errors import JournalError
from bot.journal import Journal
from bot.migrations import MIGRATIONS, migrate

NOON = datetime(2031, 5, 20, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
# Makes the file n.db in the folder given, in a child that dies before its nth statement; tells how each child ended.
KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from sqlite_utils import Database
from bot.migrations import migrate

def make(place, left):
    def told(statement):
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
    connection = sqlite3.connect(place, isolation_level=None)
    connection.set_trace_callback(told)
    migrate(Database(connection), place)

status, n = -1, 0
while status and n < 200:
    n += 1
    child = os.fork()
    if not child:
        make(Path(sys.argv[1], f"{n}.db"), n)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(status, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


def schema(path: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute("select type, name, sql from sqlite_master order by 1, 2").fetchall()
    finally:
        connection.close()


def with_steps(*more: Any) -> Migrations:
    """The released steps and these after them."""
    steps = Migrations("picket")
    for step in MIGRATIONS.pending(Database(memory=True)):
        steps(name=step.name)(step.fn)
    for step in more:
        steps(name=step.__name__)(step)
    return steps


def _9998_note(database: Any) -> None:
    database.conn.execute("alter table facts add column note text")


def _9999_breaks(database: Any) -> None:
    database.conn.execute("create table half (one integer)")
    database.conn.execute("insert into half values (1)")
    raise OSError("the power went")


def test_opening_again_changes_nothing(path: Path) -> None:
    Journal.open(path, now=NOON).close()
    before = schema(path)
    Journal.open(path, now=NOON).close()
    assert schema(path) == before


def test_a_new_step_is_applied_once_and_keeps_what_is_there(path: Path) -> None:
    with_journal = Journal.open(path, now=NOON)
    with_journal.set_value("commands", "abc")
    with_journal.close()
    connection = sqlite3.connect(path, isolation_level=None)
    for _ in range(2):
        migrate(Database(connection), path, with_steps(_9998_note))
    assert connection.execute("select * from facts").fetchall() == [("commands", "abc", None)]
    connection.close()


def test_a_step_that_fails_leaves_the_schema_before_it(path: Path) -> None:
    Journal.open(path, now=NOON).close()
    connection = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(OSError, match="the power went"):
        migrate(Database(connection), path, with_steps(_9998_note, _9999_breaks))
    applied = [row[0] for row in connection.execute("select name from _sqlite_migrations order by id")]
    tables = {row[0] for row in connection.execute("select name from sqlite_master")}
    connection.close()
    assert applied[-1] == "_9998_note"
    assert "half" not in tables
    with pytest.raises(JournalError, match="newer Picket"):
        Journal.open(path, now=NOON)


def test_a_kill_within_the_first_step_leaves_a_file_that_opens(path: Path) -> None:
    """The process dies before the nth statement of making a new file, for every n."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path.parent)],
        cwd=ROOT,
        env=os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    statuses = [int(line) for line in done.stdout.split()]
    assert statuses[-1] == 0
    assert set(statuses[:-1]) == {-signal.SIGKILL}
    assert len(statuses) > 20
    whole = schema(path.parent / f"{len(statuses)}.db")
    for number in range(1, len(statuses)):
        place = path.parent / f"{number}.db"
        found = schema(place)
        assert found == whole or {row[1] for row in found if row[0] == "table"} <= {"_sqlite_migrations"}
        storage = path.parent / str(number)
        storage.mkdir()
        place.rename(storage / "bot.db")
        Journal.open(storage / "bot.db", now=NOON).close()


def test_a_newer_schema_is_refused_in_a_sentence_and_left_alone(path: Path) -> None:
    Journal.open(path, now=NOON).close()
    connection = sqlite3.connect(path, isolation_level=None)
    migrate(Database(connection), path, with_steps(_9998_note))
    connection.close()
    before = path.read_bytes()
    with pytest.raises(
        JournalError, match=r"newer Picket \(step _9998_note is not known here\); update Picket, or restore"
    ):
        Journal.open(path, now=NOON)
    assert path.read_bytes() == before


@pytest.mark.parametrize("statement", ["create table bread (loaf text)", "pragma application_id = 77"])
def test_another_programs_database_is_refused_and_left_alone(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    connection.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="another program's database"):
        Journal.open(path, now=NOON)
    assert path.read_bytes() == before
