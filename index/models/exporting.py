"""What the exports of both kinds of model share: a folder that is whole or not there, and libraries that say nothing.

What is written into the folder is `export`'s and `reranker_export`'s business.
"""

import contextlib
import logging
import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

from corpus.files import sync_path

# The newest set of ONNX operations that both runtimes and the tracing exporter know without a remark.
OPSET = 17


@contextlib.contextmanager
def made_whole(folder: Path) -> Iterator[Path]:
    """A folder to write into, which takes the place of `folder` once all is written; it goes where anything is raised.

    Killed at any moment, it leaves the old folder, none, or the new one; what is left beside them, the next export removes.
    """
    building = folder.with_name(f"{folder.name}.building-{os.getpid()}")
    try:
        _sweep(folder)
        building.mkdir(parents=True)
        yield building
        for file in building.iterdir():
            file.chmod(0o644)  # onnx writes its weights for the owner alone
            sync_path(file)
        sync_path(building)
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
        sync_path(folder.parent)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Removes what earlier exports left that were killed; one that still runs keeps its folder."""
    for left in folder.parent.glob(f"{folder.name}.building-*"):
        pid = left.name.rpartition("-")[2]
        if pid.isdigit() and int(pid) != os.getpid() and Path("/proc", pid).exists():
            continue
        shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keeps the remarks of tracing (constant shapes, the exporter's age) and loading bars off the operator's screen."""
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    from transformers.utils import logging as bars

    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)
        if shown:
            bars.enable_progress_bar()
