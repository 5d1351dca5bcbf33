"""Makes, of an embedding model's graph, a quicker one for questions: one text a call, its matrices in int8.

A few columns of what goes into a matrix are many times larger than the others, and would leave those next to nothing of
int8's range: they are multiplied by themselves, in float32. Source: Dettmers et al., LLM.int8() (2022). Whether the vectors
are good enough is `choosing`'s to measure.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.models.graph_rewriting import Graph, UnfitGraphError
from index.models.libraries import onnx_session
from index.models.processors import multiplies_bytes

# Columns set apart, where the largest is so many times the median. Of all-MiniLM-L6-v2's ten nearest news passages (of
# 14,382) .98 stay with 8 or 16, .976 with 4, .92 with none; evening columns out (SmoothQuant) kept .957.
_APART, _STANDS_OUT = 8, 3.0


def shorten(source: Path, target: Path, samples: Sequence[Sequence[int]]) -> None:
    """Writes `source`, an embedding model as it was traced, to `target` and a file of weights beside it.

    `samples` are the word pieces of texts like those to be asked, special ones included. UnfitGraphError where the model
    is built otherwise; whatever `onnx` and onnxruntime raise. Padding isn't known to what is written.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory(dir=target.parent) as place:
        fused, apart, small = (Path(place, f"{name}.onnx") for name in ("fused", "apart", "small"))
        _optimise(source, fused)
        model = onnx.load(fused)
        graph = Graph(model.graph)
        layers = [graph.attend_at_once(step) for step in graph.of("Softmax")]
        if not layers:
            raise UnfitGraphError("no attention")
        for several in graph.products().values():
            if len(several) > 1:
                graph.join(several)
        graph.sweep()
        onnx.save(model, fused)
        products = {value: steps[0] for value, steps in graph.products().items()}
        exact = []
        for value, sizes in _largest(fused, list(products), samples).items():
            if len(sizes) > _APART and sizes.max() > _STANDS_OUT * np.median(sizes):
                exact.append(graph.set_apart(products[value], np.sort(np.argsort(-sizes, kind="stable")[:_APART])))
        onnx.save(model, apart)
        fused.unlink()  # each of these is as large as the model, and all of them need not fit on the disk at once
        quantize_dynamic(
            apart,
            small,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            reduce_range=not multiplies_bytes(),  # seven bits, whose products two by two don't overflow
            nodes_to_exclude=exact,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        _optimise(small, target)


def _largest(model: Path, values: Sequence[str], samples: Sequence[Sequence[int]]) -> dict[str, NDArray[np.float32]]:
    """The largest size that each column of each value has in any of the samples."""
    import onnx

    open_model = onnx.load(model)
    for value in values:
        open_model.graph.output.append(onnx.helper.make_tensor_value_info(value, onnx.TensorProto.FLOAT, None))
    watched = model.with_name("watched.onnx")
    onnx.save(open_model, watched)
    session = onnx_session(watched, threads=0, optimise="extended")
    watched.unlink()
    found: dict[str, NDArray[np.float32]] = {}
    for sample in samples:
        ids = np.array([sample], np.int64)
        for value, made in zip(
            values, session.run(list(values), {"input_ids": ids, "attention_mask": np.ones_like(ids)}), strict=True
        ):
            size = np.abs(made).reshape(-1, made.shape[-1]).max(axis=0)
            found[value] = np.maximum(found.get(value, size), size)
    return found


def _optimise(source: Path, target: Path) -> None:
    onnx_session(source, threads=0, optimise="extended", kept=target, weights=f"{target.name}.data")
