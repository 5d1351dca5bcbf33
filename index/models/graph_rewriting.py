"""Rewrites the graph of a BERT-like model: attention in one operator, what nobody asks for left out.

A graph that is built otherwise is refused. What is made of a cross-encoder's graph and of an embedding model's is
`reranker_graph`'s and `question_graph`'s business.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

OWN = "picket"
_SHAPING = ("Transpose", "Reshape", "Mul", "Div")
# What is reckoned for each word piece by itself, as a layer has it after its attention.
_PIECEWISE = ("Add", "BiasGelu", "DynamicQuantizeLinear", "DynamicQuantizeMatMul", "Gelu", "LayerNormalization", "MatMul",
              "MatMulIntegerToFloat", "SkipLayerNormalization")  # fmt: skip


class UnfitGraphError(Exception):
    """The graph isn't built as expected, or reckons something else; the model serves as it is."""


class Graph:
    """An ONNX graph that is being changed: who makes a value, and who takes it."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph
        self._learn()

    def _learn(self) -> None:
        self._maker = {value: step for step in self._graph.node for value in step.output}
        self._takers: dict[str, list[Any]] = defaultdict(list)
        for step in self._graph.node:
            for value in step.input:
                self._takers[value].append(step)
        self._constants = {one.name: one for one in self._graph.initializer}

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
            "MultiHeadAttention", [query, key, value], [joined.output[0]], f"{OWN}_{softmax.name}",
            domain="com.microsoft", num_heads=self._heads(query, shape),
        )  # fmt: skip
        self._replace(joined, step)
        return step

    def products(self) -> dict[str, list[Any]]:
        """The products with matrices that are the model's own, by the value that goes into them."""
        found: dict[str, list[Any]] = defaultdict(list)
        for step in self.of("MatMul"):
            if step.input[1] in self._constants and len(self._constants[step.input[1]].dims) == 2:
                found[step.input[0]].append(step)
        return found

    def join(self, products: Sequence[Any]) -> None:
        """Makes one product of several with the same input, each with its bias, and splits what it gives."""
        import onnx

        value = products[0].input[0]
        ends = [self._biased(step) for step in products]
        if any(end is step for end, step in zip(ends, products, strict=True)):
            raise UnfitGraphError(f"products of {value} without a bias")
        matrices = [self.matrix(step) for step in products]
        biases = [self._array(next(one for one in end.input if one in self._constants)) for end in ends]
        names = {part: f"{OWN}_{part}_{value}" for part in ("joined", "weights", "biased", "bias", "sizes")}
        self._keep(names["weights"], np.concatenate(matrices, axis=1))
        self._keep(names["bias"], np.concatenate(biases))
        self._keep(names["sizes"], np.array([matrix.shape[1] for matrix in matrices], np.int64))
        made = [
            onnx.helper.make_node("MatMul", [value, names["weights"]], [names["joined"]], names["joined"]),
            onnx.helper.make_node("Add", [names["joined"], names["bias"]], [names["biased"]], names["biased"]),
            onnx.helper.make_node(
                "Split", [names["biased"], names["sizes"]], [end.output[0] for end in ends], names["sizes"], axis=-1
            ),
        ]
        self._insert(min(map(self._place, products)), made)
        for step in (*products, *ends):
            self._graph.node.remove(step)
        self._learn()

    def matrix(self, product: Any) -> NDArray[np.float32]:
        """(in, out): what the product multiplies by."""
        found: NDArray[np.float32] = self._array(product.input[1])
        return found

    def set_apart(self, product: Any, columns: NDArray[np.int64]) -> str:
        """Lets some columns of what goes into the product be multiplied by themselves, and added; names what does that."""
        import onnx

        value, matrix, end = product.input[0], self.matrix(product), self._biased(product)
        total = end.output[0]
        rest = np.ones(len(matrix), np.float32)
        rest[columns] = 0
        names = {
            part: f"{OWN}_{part}_{total}" for part in ("rest", "without", "columns", "few", "weights", "more", "less")
        }
        self._keep(names["rest"], rest)
        self._keep(names["columns"], columns)
        self._keep(names["weights"], matrix[columns])
        self._constants[product.input[1]].CopyFrom(
            onnx.numpy_helper.from_array(matrix * rest[:, None], product.input[1])
        )
        self._insert(
            self._place(product),
            [
                onnx.helper.make_node("Mul", [value, names["rest"]], [names["without"]], names["without"]),
                onnx.helper.make_node("Gather", [value, names["columns"]], [names["few"]], names["few"], axis=-1),
                onnx.helper.make_node("MatMul", [names["few"], names["weights"]], [names["more"]], names["more"]),
            ],
        )
        product.input[0], end.output[0] = names["without"], names["less"]
        adding = onnx.helper.make_node("Add", [names["less"], names["more"]], [total], f"{OWN}_{total}")
        self._insert(self._place(end) + 1, [adding])
        self._learn()
        return names["more"]

    def read_first_piece(self, attention: Any) -> None:
        """Lets the last layer ask, and go on, for the first word piece alone; all are still asked about."""
        import onnx

        asking = self._made(attention.input[0], "MatMul", "MatMulIntegerToFloat", through=("Add",))  # a bias
        is_int8 = asking.op_type == "MatMulIntegerToFloat"
        whole = self._made(asking.input[0], "DynamicQuantizeLinear").input[0] if is_int8 else asking.input[0]
        residual = [step for step in self._takers[whole] if step.op_type in ("Add", "SkipLayerNormalization")]
        if len(residual) != 1 or not self._only_first_matters(attention.output[0]):
            raise UnfitGraphError("more than the first word piece is scored")
        zero, first = f"{OWN}_zero", f"{OWN}_first"
        self._keep(zero, np.zeros(1, np.int64))
        made = [onnx.helper.make_node("Gather", [whole, zero], [first], first, axis=1)]
        if is_int8:
            parts = [f"{first}_{part}" for part in ("quantized", "scale", "zero_point")]
            made.append(onnx.helper.make_node("DynamicQuantizeLinear", [first], parts, parts[0]))
            asking.input[0], asking.input[2], asking.input[4] = parts
        else:
            asking.input[0] = first
        residual[0].input[list(residual[0].input).index(whole)] = first
        self._insert(self._place(asking), made)

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

    def _biased(self, product: Any) -> Any:
        """The step that adds a constant to the product and nothing else asks for, or the product itself."""
        takers = self._takers[product.output[0]]
        plain = (
            len(takers) == 1 and takers[0].op_type == "Add" and any(one in self._constants for one in takers[0].input)
        )
        return takers[0] if plain else product

    def _place(self, step: Any) -> int:
        return list(self._graph.node).index(step)

    def _insert(self, place: int, steps: Sequence[Any]) -> None:
        for step in reversed(steps):
            self._graph.node.insert(place, step)

    def _keep(self, name: str, numbers: NDArray[Any]) -> None:
        import onnx

        self._graph.initializer.append(onnx.numpy_helper.from_array(numbers, name))

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

    def _array(self, name: str) -> NDArray[Any]:
        import onnx

        found: NDArray[Any] = onnx.numpy_helper.to_array(self._constants[name])
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
        place = self._place(old)
        self._graph.node.remove(old)
        self._graph.node.insert(place, new)
        self._maker[new.output[0]] = new
        for value in new.input:
            self._takers[value].append(new)
