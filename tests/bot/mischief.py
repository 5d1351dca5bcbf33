"""Real faults of a disk, for the middle of a command: a locked database, a full disk, a folder that isn't one."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.app import Picket
from corpus.files import temporary_of


@contextmanager
def locked_journal(bot: Picket) -> Iterator[None]:
    """Another program holds `bot.db` for writing; Picket waits a tenth of a second for it instead of five."""
    path = bot.engine.storage / "bot.db"
    bot.journal._file._database.conn.execute("pragma busy_timeout = 100")
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("begin immediate")
        yield
        other.execute("rollback")
    finally:
        other.close()


@contextmanager
def full_disk(*files: Path) -> Iterator[None]:
    """No byte more goes into these files: the ones in which they are first written lie on a device that is full."""
    planted = [temporary_of(file) for file in files]
    for place in planted:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to("/dev/full")
    try:
        yield
    finally:
        for place in planted:
            place.unlink(missing_ok=True)


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process gets a byte more, as on a disk that is full to the last one; names can come and go."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def no_folder(folder: Path) -> Iterator[None]:
    """Where the folder was lies a file, so that nothing can be read or written in it."""
    aside = folder.with_name(folder.name + ".aside")
    folder.rename(aside)
    folder.touch()
    try:
        yield
    finally:
        folder.unlink()
        aside.rename(folder)
