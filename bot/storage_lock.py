"""A lock file that says which process keeps a storage directory's people's data, so that no second one does.

The lock is the system's (flock), not the file: a killed holder's is free, and the file may stay where it is.
"""

import fcntl
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Self

from bot.errors import JournalError

LOCK = "bot.lock"


class Running:
    """Held from `claim` to `close`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def claim(cls, storage: Path, *, now: datetime, whom: str = "the bot") -> Self:
        """JournalError at once where another process, or another part of this one, holds it."""
        place = storage / LOCK
        try:
            storage.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(place, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise JournalError(
                f"{error.filename or place} can't be written ({error.strerror}); check the permissions there."
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            told = json.dumps({"process": os.getpid(), "since": now.isoformat(timespec="seconds"), "for": whom})
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, told.encode(), 0)
        except BlockingIOError as error:
            told = _holder(os.pread(descriptor, 4096, 0))
            os.close(descriptor)
            raise JournalError(f"{storage} is in use {told}; stop that first.") from error
        except OSError as error:
            os.close(descriptor)
            raise JournalError(f"{place} can't be written ({error.strerror}); check the free space there.") from error
        return cls(descriptor)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _holder(contents: bytes) -> str:
    try:
        holder = json.loads(contents)
        return f"by {holder['for']} since {holder['since']} (process {holder['process']})"
    except (ValueError, KeyError, TypeError):
        return "by another process"
