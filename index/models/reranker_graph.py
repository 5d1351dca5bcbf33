"""Rewrites the graph of a BERT-like cross-encoder so that it reads one pair with less work, for the same score.

Attention becomes one operator, and the last layer is reckoned for the first word piece alone, since nothing but that is
scored. Keeping what is rewritten is `graphs`' business.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.models.graph_rewriting import Graph, UnfitGraphError

# Scores of int8 models move by a tenth with the order of reckoning, and by several units where the graph is wrong.
_TOLERANCE = 0.5
_SAMPLE_LENGTHS = (9, 40, 150)


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
