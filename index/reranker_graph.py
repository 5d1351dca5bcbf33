"""Rewrites the graph of a BERT-like cross-encoder so that it reads one pair with less work, for the same score.

Attention becomes one operator, and the last layer is reckoned for the first word piece alone, since nothing but that is
scored. A graph that is built otherwise is refused; keeping what is rewritten is `graphs`' business.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Scores of int8 models move by a tenth with the order of reckoning, and by several units where the graph is wrong.
_TOLERANCE = 0.5
_SAMPLE_LENGTHS = (9, 40, 150)
_SHAPING = ("Transpose", "Reshape", "Mul", "Div")
# What is reckoned for each word piece by itself, as a layer has it after its attention.
_PIECEWISE = ("Add", "BiasGelu", "DynamicQuantizeLinear", "DynamicQuantizeMatMul", "Gelu", "LayerNormalization", "MatMul",
              "MatMulIntegerToFloat", "SkipLayerNormalization")  # fmt: skip
_OWN = "picket"


class UnfitGraphError(Exception):
    """The graph isn't built as expected, or would score otherwise; the model serves as it is."""


def rewrite(source: Path, target: Path) -> None:
    """Writes `source`, a graph as onnxruntime optimised it, to `target` in fewer operators, for one pair a call.

    Padding isn't known to it. UnfitGraphError; whatever `onnx` raises for a file that it can't read.
    """
    import onnx

    model = onnx.load(source)
    graph = _Graph(model.graph)
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


class _Graph:
    """An ONNX graph that is being changed: who makes a value, and who takes it."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph
        self._maker = {value: step for step in graph.node for value in step.output}
        self._takers: dict[str, list[Any]] = defaultdict(list)
        for step in graph.node:
            for value in step.input:
                self._takers[value].append(step)
        self._constants = {one.name: one for one in graph.initializer}

    def of(self, operator: str) -> list[Any]:
        return [step for step in self._graph.node if step.op_type == operator]

    def attend_at_once(self, softmax: Any) -> Any:
        """Puts one operator in the place of a layer's attention, from its three matrices to their mixture."""
        import onnx

        product = self._made(softmax.input[0], "MatMul", "FusedMatMul", through=("Add",))
        mixed = self._taken(softmax.output[0], "MatMul", "FusedMatMul")
        if mixed.input[0] != softmax.output[0]:
            raise UnfitGraphError("attention is no left factor")
        joined = self._taken(self._taken(mixed.output[0], "Transpose").output[0], "Reshape")
        query, shape = self._unshaped(product.input[0])
        key, value = self._unshaped(product.input[1])[0], self._unshaped(mixed.input[1])[0]
        step = onnx.helper.make_node(
            "MultiHeadAttention", [query, key, value], [joined.output[0]], f"{_OWN}_{softmax.name}",
            domain="com.microsoft", num_heads=self._heads(query, shape),
        )  # fmt: skip
        self._replace(joined, step)
        return step

    def read_first_piece(self, attention: Any) -> None:
        """Lets the last layer ask, and go on, for the first word piece alone; all are still asked about."""
        import onnx

        asking = self._made(attention.input[0], "MatMul", "MatMulIntegerToFloat", through=("Add",))  # a bias
        is_int8 = asking.op_type == "MatMulIntegerToFloat"
        whole = self._made(asking.input[0], "DynamicQuantizeLinear").input[0] if is_int8 else asking.input[0]
        residual = [step for step in self._takers[whole] if step.op_type in ("Add", "SkipLayerNormalization")]
        if len(residual) != 1 or not self._only_first_matters(attention.output[0]):
            raise UnfitGraphError("more than the first word piece is scored")
        zero, first = f"{_OWN}_zero", f"{_OWN}_first"
        self._graph.initializer.append(onnx.numpy_helper.from_array(np.zeros(1, np.int64), zero))
        made = [onnx.helper.make_node("Gather", [whole, zero], [first], first, axis=1)]
        if is_int8:
            parts = [f"{first}_{part}" for part in ("quantized", "scale", "zero_point")]
            made.append(onnx.helper.make_node("DynamicQuantizeLinear", [first], parts, parts[0]))
            asking.input[0], asking.input[2], asking.input[4] = parts
        else:
            asking.input[0] = first
        residual[0].input[list(residual[0].input).index(whole)] = first
        place = list(self._graph.node).index(asking)
        for step in reversed(made):
            self._graph.node.insert(place, step)

    def sweep(self) -> None:
        """Takes out what nothing asks for any more, inputs included."""
        graph = self._graph
        while True:
            used = {value for step in graph.node for value in step.input} | {one.name for one in graph.output}
            idle = [step for step in graph.node if used.isdisjoint(step.output)]
            if not idle:
                break
            for step in idle:
                graph.node.remove(step)
        for kept in (graph.initializer, graph.input):
            for one in [one for one in kept if one.name not in used]:
                kept.remove(one)
        del graph.value_info[:]  # shapes of before

    def _made(self, value: str, *operators: str, through: tuple[str, ...] = ()) -> Any:
        """The step, by one of these operators, that makes the value, by way of others where they stand between."""
        step = self._maker.get(value)
        if step is not None and step.op_type in operators:
            return step
        if step is not None and step.op_type in through:
            for before in step.input:
                maker = self._maker.get(before)
                if maker is not None and maker.op_type in operators:
                    return maker
        raise UnfitGraphError(f"{value} is made by {step.op_type if step is not None else 'nothing'}")

    def _taken(self, value: str, *operators: str) -> Any:
        takers = self._takers[value]
        if len(takers) != 1 or takers[0].op_type not in operators:
            raise UnfitGraphError(f"{value} goes to {[step.op_type for step in takers]}")
        return takers[0]

    def _unshaped(self, value: str) -> tuple[str, str]:
        """The matrix that was scaled and cut into heads to give the value, and the shape that cut it."""
        shape = ""
        while (step := self._maker.get(value)) is not None and step.op_type in _SHAPING:
            if step.op_type == "Reshape":
                shape = step.input[1]
            value = next((one for one in step.input if self._is_shaped(one)), step.input[0])
        if not shape:
            raise UnfitGraphError("attention without heads")
        return value, shape

    def _is_shaped(self, value: str) -> bool:
        return value in self._maker and self._maker[value].op_type in ("Transpose", "Reshape")

    def _heads(self, matrix: str, shape: str) -> int:
        """By the width of the matrix and of a head, the last of the four numbers that it is cut into."""
        maker = self._maker.get(shape)
        last = maker.input[-1] if maker is not None and maker.op_type == "Concat" else shape
        by = [value for value in self._maker[matrix].input if value in self._constants]  # weights, or their bias
        width = self._constants[by[0]].dims[-1] if by else 0
        head = int(self._array(last).ravel()[-1]) if last in self._constants else 0
        if head < 1 or not width or width % head:
            raise UnfitGraphError("the number of heads isn't told")
        return int(width) // head

    def _array(self, name: str) -> NDArray[np.int64]:
        import onnx

        found: NDArray[np.int64] = onnx.numpy_helper.to_array(self._constants[name])
        return found

    def _only_first_matters(self, value: str) -> bool:
        """Whether all that follows is reckoned piece by piece until the first one is taken."""
        waiting, seen = [value], set()
        while waiting:
            value = waiting.pop()
            if value in seen:
                continue
            seen.add(value)
            for step in self._takers[value]:
                if step.op_type == "Gather":
                    axis = next((one.i for one in step.attribute if one.name == "axis"), 0)
                    if axis != 1 or step.input[1] not in self._constants or self._array(step.input[1]).any():
                        return False
                elif step.op_type in _PIECEWISE:
                    waiting += step.output
                else:
                    return False
        return len(seen) > 1

    def _replace(self, old: Any, new: Any) -> None:
        place = list(self._graph.node).index(old)
        self._graph.node.remove(old)
        self._graph.node.insert(place, new)
        self._maker[new.output[0]] = new
        for value in new.input:
            self._takers[value].append(new)
