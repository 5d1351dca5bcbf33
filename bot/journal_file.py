"""Opens `bot.db` for one writer and any number of readers, and turns what SQLite says into one sentence.

What is written and read there is `journal`'s business, the tables are `migrations`'.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlite_utils import Database

from bot.errors import JournalError
from bot.migrations import migrate, refuse_strangers
from corpus.files import sync_path

# What another process may hold the file for, such as a backup program; past it a person is told to try again. Judged:
# within Discord's 15 minutes, and short enough to be waited for.
PATIENCE = 5.0


class JournalFile:
    """One writing connection behind a lock; reading ones apart, which never wait for the writer (WAL). Thread-safe."""

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        self.path = path
        self._patience = patience
        self._turn = threading.Lock()
        self._closed = False
        self._idle: list[sqlite3.Connection] = []  # append and pop are atomic
        with mapped(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            # Before SQLite makes it: people's data is nobody else's to read. WAL and index take the file's mode over.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            with suppress(PermissionError):  # another user's file, which this one may write
                path.chmod(0o600)
            self._database = Database(self._connect())
        try:
            with mapped(path):
                self._prepare()
        except BaseException:
            self._database.close()
            raise

    def _prepare(self) -> None:
        connection = self._database.conn
        refuse_strangers(self._database, self.path)
        connection.execute("pragma journal_mode = wal")
        # Full: what was acknowledged is on the disk, even after a power cut. Costs one fsync a change.
        connection.execute("pragma synchronous = full")
        connection.execute("pragma secure_delete = on")  # what is forgotten is overwritten, not only unlinked
        if (found := connection.execute("pragma quick_check(1)").fetchone()[0]) != "ok":
            raise damaged(self.path, found)
        migrate(self._database, self.path)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=self._patience, check_same_thread=False, isolation_level=None, cached_statements=64
        )
        connection.execute("pragma foreign_keys = on")
        return connection

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """A transaction, alone: all of it is on the disk when the with-statement ends, or nothing of it where it raises."""
        if not self._turn.acquire(timeout=self._patience):
            raise _locked(self.path)
        try:
            self._refuse_closed()
            connection = self._database.conn
            with mapped(self.path):
                connection.execute("begin immediate")
                try:
                    yield connection
                    connection.execute("commit")
                except BaseException:
                    if connection.in_transaction:  # a full disk may have ended it already
                        connection.execute("rollback")
                    raise
        finally:
            self._turn.release()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A snapshot, on a connection that no other thread uses; threads that end leave none behind."""
        self._refuse_closed()
        with mapped(self.path):
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._connect()
                connection.execute("pragma query_only = on")
            try:
                connection.execute("begin")
                yield connection
            finally:
                with suppress(sqlite3.Error):
                    connection.execute("rollback")
                self._idle.append(connection)
                if self._closed:
                    self._close_idle()

    def scrub(self) -> None:
        """Takes what was deleted out of the log beside the file too. Best effort: a reader may hold it a moment longer."""
        with self._turn, suppress(sqlite3.Error):
            if not self._closed:
                self._database.conn.execute("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        """Waits for the writer; readers close their own connection when they end."""
        with self._turn:
            self._closed = True
            self._close_idle()
            with mapped(self.path):
                self._database.close()

    def _close_idle(self) -> None:
        with suppress(IndexError):  # another thread may do the same
            while True:
                self._idle.pop().close()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise JournalError(f"{self.path} is closed, since Picket is stopping; try again when it runs.")


def copy_database(source: Path, target: Path) -> None:
    """SQLite's online backup: a whole snapshot in one file, while others read and write the source.

    `target` is synced, has no log beside it, and was checked. JournalError where either can't be.
    """
    with mapped(source):
        if not source.exists():
            raise JournalError(f"{source} is not there; start Picket once before it can be backed up.")
        reading = sqlite3.connect(source, timeout=PATIENCE, isolation_level=None)
        try:
            refuse_strangers(Database(reading), source)
            with mapped(target):
                os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
                writing = sqlite3.connect(target, isolation_level=None)
                try:
                    reading.backup(writing)
                    writing.execute("pragma journal_mode = delete")  # the copy says WAL, as its source does
                finally:
                    writing.close()
                sync_path(target)
        finally:
            reading.close()
    verify_database(target)


def verify_database(path: Path) -> None:
    """Reads all of a file that nobody has open. JournalError where it is damaged, another program's or a newer Picket's."""
    with mapped(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            refuse_strangers(Database(connection), path)
            if (found := connection.execute("pragma integrity_check(1)").fetchone()[0]) != "ok":
                raise damaged(path, found)
            if connection.execute("pragma foreign_key_check").fetchone():
                raise damaged(path, "rows point at nothing")
        finally:
            connection.close()


def number_on(path: Path, beyond: int) -> None:
    """As `number_rows`, in a file that nobody has open: a copy, after which ids were given."""
    with mapped(path), closing(sqlite3.connect(path)) as connection, connection:
        number_rows(connection, beyond)


def number_rows(rows: Any, beyond: int) -> None:
    """No id that an earlier file gave is given again: ids go on from `beyond`.

    Else an old button, which holds an id, would open a stranger's answer.
    """
    numbered = rows.execute("select name from sqlite_master where sql like '% autoincrement,%'").fetchall()
    for (table,) in numbered:
        if not rows.execute("update sqlite_sequence set seq = max(seq, ?) where name = ?", (beyond, table)).rowcount:
            rows.execute("insert into sqlite_sequence (name, seq) values (?, ?)", (table, beyond))


@contextmanager
def mapped(path: Path) -> Iterator[None]:
    """SQLite's and the system's errors, as a JournalError."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise _locked(path) from error
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise damaged(path, str(error)) from error
        if code == sqlite3.SQLITE_FULL:
            raise JournalError(
                f"{path} can't grow, the disk is full; nothing was changed: free some space and try again."
            ) from error
        raise JournalError(
            f"{path} can't be used ({error}); nothing was changed: check its permissions and the free space there."
        ) from error
    except (ValidationError, json.JSONDecodeError) as error:
        raise damaged(path, "a row is not what was written") from error
    except OSError as error:
        raise JournalError(
            f"{error.filename or path} can't be used ({error.strerror}); check the permissions and the free space there."
        ) from error


def damaged(path: Path, why: str) -> JournalError:
    return JournalError(f"{path} is damaged ({why}); run “python -m bot restore FILE” with the last backup.")


def _locked(path: Path) -> JournalError:
    return JournalError(f"{path} is held by another program; nothing was changed: try again in a minute.")
