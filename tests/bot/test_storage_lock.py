"""The lock on people's data: one holder, named to whoever comes second, and gone with its process."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import JournalError
from bot.storage_lock import LOCK, Running

NOON = datetime(2031, 5, 20, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from bot.storage_lock import Running
held = Running.claim(Path(sys.argv[1]), now=datetime(2031, 5, 20, 11, tzinfo=UTC))
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_claim_is_told_who_holds_it_and_since_when(tmp_path: Path) -> None:
    held = Running.claim(tmp_path / "var", now=NOON, whom="a restore")
    with pytest.raises(JournalError) as refused:
        Running.claim(tmp_path / "var", now=NOON)
    said = f"is in use by a restore since 2031-05-20T12:00:00+00:00 (process {os.getpid()}); stop that first."
    assert str(refused.value).endswith(said)
    held.close()
    held.close()
    Running.claim(tmp_path / "var", now=NOON).close()


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(JournalError, match=rf"\(process {process.pid}\)"):
            Running.claim(tmp_path, now=NOON)
        process.send_signal(signal.SIGKILL)
        process.wait()
        Running.claim(tmp_path, now=NOON).close()


def test_a_lock_file_with_other_contents_is_still_refused_in_a_sentence(tmp_path: Path) -> None:
    held = Running.claim(tmp_path, now=NOON)
    (tmp_path / LOCK).write_text("{}")
    with pytest.raises(JournalError, match="in use by another process"):
        Running.claim(tmp_path, now=NOON)
    held.close()


def test_a_storage_directory_that_can_not_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file stands where the folder should be")
    with pytest.raises(JournalError, match="can't be written"):
        Running.claim(tmp_path / "var", now=NOON)
