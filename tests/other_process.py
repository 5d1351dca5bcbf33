"""Reindexes, locks and holds generations in processes of their own, which can be killed at any moment.

Starting Python and loading the libraries takes a second, so one interpreter does that and forks for each task; it has
one thread and no open generation, which is what makes forking sound. `python -m tests.other_process` is that
interpreter; `OtherProcess` is its owner in the test.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest

from index.errors import EngineError
from tests.engines import open_engine

# What Python tells its audit hooks of everything that can change a file, and of the locks; "open" where it is to write.
_STEPS = frozenset(
    ("fcntl.flock", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.truncate", "shutil.rmtree", "sqlite3.connect")
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_ROOT = Path(__file__).parent.parent


class OtherProcess:
    """Does one task at a time in a process of its own."""

    def __init__(self) -> None:
        quiet = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.other_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
            env=os.environ | quiet,
        )
        self.pid = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        if self.pid:
            self.kill()
        self._server.stdin.close()
        self._server.wait(20)
        self._server.stdout.close()

    def start(self, task: str, config: Path, *, kill_at: int = 0, file_limit: int = 0) -> None:
        """Begins; returns when the task is about to (reindex) or has what it is to hold (lock, pin).

        `kill_at` n makes the process kill itself before its nth step; `file_limit` stands for a full disk.
        """
        assert not self.pid
        told = {"task": task, "config": str(config), "kill_at": kill_at, "file_limit": file_limit}
        self._say(told)
        self.pid = int(self._hear()["pid"])
        self._hear()

    def finish(self) -> tuple[int, str]:
        """Waits for the end: minus the signal or the exit code, and the sentence of the error that it met."""
        self._say({"task": "reap"})
        heard = self._hear()
        self.pid = 0
        return int(heard["status"]), str(heard["said"])

    def kill(self) -> int:
        """SIGKILL. The process is reaped only afterwards, so its number can't have become another's."""
        os.kill(self.pid, signal.SIGKILL)
        return self.finish()[0]

    def reindex(self, config: Path) -> float:
        """A whole reindex; the seconds it took."""
        self.start("reindex", config)
        begun = time.perf_counter()
        status, said = self.finish()
        assert (status, said) == (0, "")
        return time.perf_counter() - begun

    def _say(self, told: dict[str, Any]) -> None:
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(told) + "\n")
        self._server.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        assert self._server.stdout is not None
        heard: dict[str, Any] = json.loads(self._server.stdout.readline())
        return heard


@pytest.fixture(scope="module")
def other() -> Iterator[OtherProcess]:
    with OtherProcess() as started:
        yield started


def _serve() -> None:
    pid = said = 0
    for line in sys.stdin:
        told = json.loads(line)
        if told["task"] == "reap":
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            with os.fdopen(said) as stream:
                _tell(status=status, said=stream.read())
            continue
        if threading.active_count() != 1 or len(list(Path("/proc/self/task").iterdir())) != 1:
            raise RuntimeError("forking is sound only from a single thread")
        said, child_says = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(said)
            os._exit(_child(told, child_says))
        os.close(child_says)


def _tell(**told: object) -> None:
    os.write(1, (json.dumps(told) + "\n").encode())


def _child(told: dict[str, Any], says: int) -> int:
    engine = open_engine(Path(told["config"]))
    now = datetime.now(UTC)
    _tell(pid=os.getpid())
    try:
        if told["file_limit"]:
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (told["file_limit"], told["file_limit"]))
        if told["task"] == "lock":
            with engine.generations.lock("somebody else", now):
                _tell(ready=True)
                signal.pause()
        elif told["task"] == "pin":
            with engine.searcher():
                _tell(ready=True)
                signal.pause()
        elif told["task"] == "rollback":
            _tell(ready=True)
            engine.rollback(None, now=now)
        else:
            _tell(ready=True)
            step = _killer(told["kill_at"]) if told["kill_at"] else lambda *_: None
            engine.reindex(now=now, progress=step)
    except EngineError as error:
        os.write(says, f"{type(error).__name__}: {error}".encode())
        return 1
    except BaseException as error:  # noqa: BLE001 - told to the test, which fails on it
        os.write(says, f"unforeseen {error!r}".encode())
        return 3
    return 0


def _killer(kill_at: int) -> Callable[[str, int, int], None]:
    """Counts steps (files written, renamed, synced, locked, deleted, progress told) and ends the process before the nth."""
    left = kill_at
    fsync = os.fsync

    def step(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    def synced(descriptor: int) -> None:
        step()
        fsync(descriptor)

    os.fsync = synced  # type: ignore[assignment]

    def heard(event: str, facts: tuple[Any, ...]) -> None:
        if event in _STEPS or (event == "open" and facts[2] & _WRITES):
            step()

    sys.addaudithook(heard)
    return step


if __name__ == "__main__":
    _serve()
