"""What is freed goes back to the system, and many threads share few arenas."""

import subprocess
import sys

import pytest

from index import memory

_SCRIPT = """
import threading
from index.memory import give_back, share_arenas

def resident():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1])

def hold_and_free(barrier):
    held = [bytes(1_000) for _ in range(20_000)]
    barrier.wait()  # all at once, so that each would take an arena of its own
    last = held.pop()
    held.clear()
    kept.append(last)

share_arenas()
kept, barrier = [], threading.Barrier(8)
threads = [threading.Thread(target=hold_and_free, args=(barrier,)) for _ in range(8)]
for one in threads: one.start()
for one in threads: one.join()
before = resident()
give_back()
print(before - resident())
"""


@pytest.mark.skipif(memory._glibc() is None, reason="another C library than glibc")
def test_what_threads_freed_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[0]) > 10_000  # kilobytes of 160,000


def test_what_is_set_aside_is_not_looked_through_again() -> None:
    script = (
        "import gc; from index.memory import set_aside; kept = [[] for _ in range(50_000)]; set_aside()\n"
        "print(gc.get_freeze_count() > 50_000, len(gc.get_objects()) < 1_000); ring = []; ring.append(ring); del ring\n"
        "print(gc.collect())"  # what comes after is collected as ever
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "1"]


def test_without_glibc_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_glibc", lambda: None)
    memory.share_arenas()
    memory.give_back()
