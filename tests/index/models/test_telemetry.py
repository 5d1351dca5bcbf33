"""What runs the models is kept from telling its makers: it leaves no note of a device or of use under the home folder."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
_RUN = """
import index.models
import onnxruntime, openvino
openvino.Core()
"""


def test_the_runtimes_note_nothing_under_the_home_folder(tmp_path: Path) -> None:
    others = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
    done = subprocess.run(
        [sys.executable, "-c", _RUN],
        cwd=ROOT,
        env={**others, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.rglob("*")) == []
