"""The graph for questions: nearly the vectors of float32, one text a call, and none for a model that is built otherwise."""

import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from index.models.embedders import load_encoder
from index.models.graph_rewriting import UnfitGraphError
from index.models.question_graph import shorten
from index.models.runtimes import INT8_FILE
from index.models.specimens import specimen_texts
from tests.real_model import exported, exported_storage

__all__ = ["exported", "exported_storage"]  # fixtures

pytestmark = pytest.mark.model

QUESTIONS = [
    "when did the dockers of Aldmouth resume talks?",
    "pay",
    "how many days was that, and who asked for the meeting in September?",
    "¿quién ganó? 罢工",
    "how long " * 60,
]
# A column of what goes into the second matrix of each layer, as a model has it that was trained: far larger than the others.
_LARGE = 200.0


class _Mean:
    """An untrained BERT of two small layers, exported: the mean of its word pieces. `large` blows up one column."""

    def __init__(self, folder: Path, *, large: bool, attention: bool = True) -> None:
        import torch
        import transformers

        torch.manual_seed(7)
        config = transformers.BertConfig(
            vocab_size=500, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128,
            initializer_range=0.2, attn_implementation="eager",
        )  # fmt: skip
        inner = transformers.BertModel(config, add_pooling_layer=False).eval()
        if large:
            with torch.no_grad():
                for layer in inner.encoder.layer:
                    layer.intermediate.dense.bias[3] = _LARGE
                    layer.output.dense.weight[:, 3] *= 1 / _LARGE  # or it alone would make up the vector

        class Mean(torch.nn.Module):  # type: ignore[misc]
            def __init__(self) -> None:
                super().__init__()
                self.inner = inner if attention else inner.embeddings

            def forward(self, ids: Any, mask: Any) -> Any:
                made = self.inner(ids, mask).last_hidden_state if attention else self.inner(ids)
                weights = mask[:, :, None].to(made.dtype)
                return (made * weights).sum(1) / weights.sum(1)

        names = ["input_ids", "attention_mask"]
        ids = torch.ones((2, 7), dtype=torch.int64)
        self.path = folder / "plain.onnx"
        with warnings.catch_warnings(action="ignore"):  # the tracing exporter is the old one
            torch.onnx.export(
                Mean().eval(), (ids, ids), str(self.path), input_names=names, output_names=["embedding"],
                opset_version=17, dynamic_axes={name: {0: "batch", 1: "length"} for name in names}, dynamo=False,
            )  # fmt: skip


def _vectors(model: Path, samples: list[list[int]]) -> NDArray[np.float32]:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    made = [
        session.run(None, {"input_ids": np.array([one]), "attention_mask": np.ones((1, len(one)), np.int64)})[0][0]
        for one in samples
    ]
    return np.array([one / np.linalg.norm(one) for one in made])


def _operators(model: Path) -> Counter[str]:
    return Counter(node.op_type for node in onnx.load(model, load_external_data=False).graph.node)


@pytest.fixture(scope="module")
def samples() -> list[list[int]]:
    random = np.random.default_rng(5)
    return [random.integers(1, 500, size).tolist() for size in (3, 9, 14, 30, 60) for _ in range(6)]


def test_the_default_models_questions_have_nearly_the_vectors_of_float32(exported: Path) -> None:
    exact, quick = (load_encoder(exported, runtime=name, unchecked=True) for name in ("onnx", "onnx-int8"))
    for text in QUESTIONS:
        assert exact.encode_question(text) @ quick.encode_question(text) > 0.995
    texts = specimen_texts().plain[:40]
    assert np.einsum("ij,ij->i", exact.encode_sentences(texts), quick.encode_sentences(texts)).min() > 0.99
    exact.close()
    quick.close()


def test_the_default_model_reckons_in_few_operators(exported: Path) -> None:
    operators = _operators(exported / INT8_FILE)
    assert operators["MultiHeadAttention"] == 6
    assert operators["DynamicQuantizeMatMul"] == 24  # of six layers: all three of attention's in one, and three others
    assert operators["Softmax"] == operators["SkipLayerNormalization"] == 0


def test_no_vector_depends_on_what_is_encoded_beside_it(exported: Path) -> None:
    encoder = load_encoder(exported, runtime="onnx-int8", unchecked=True)
    texts = [*QUESTIONS, ""]
    alone = np.array([encoder.encode_sentences([text])[0] for text in texts])
    np.testing.assert_array_equal(encoder.encode_sentences(texts), alone)
    encoder.close()


@pytest.mark.parametrize("large", [False, True])
def test_a_column_that_is_far_larger_costs_the_others_nothing(
    tmp_path: Path, samples: list[list[int]], large: bool
) -> None:
    model = _Mean(tmp_path, large=large)
    shorten(model.path, tmp_path / "short.onnx", samples)
    cosines = np.einsum("ij,ij->i", _vectors(model.path, samples), _vectors(tmp_path / "short.onnx", samples))
    assert cosines.min() > 0.998  # .9984 in seven bits, on a processor that doesn't multiply bytes
    # Only what stands out is multiplied by itself, in float32.
    assert _operators(tmp_path / "short.onnx")["MatMul"] == (2 if large else 0)


def test_without_setting_it_apart_such_a_column_would_cost_much(
    tmp_path: Path, samples: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.models.question_graph._STANDS_OUT", np.inf)
    model = _Mean(tmp_path, large=True)
    shorten(model.path, tmp_path / "short.onnx", samples)
    cosines = np.einsum("ij,ij->i", _vectors(model.path, samples), _vectors(tmp_path / "short.onnx", samples))
    assert cosines.min() < 0.99


def test_a_model_without_attention_has_no_such_graph(tmp_path: Path, samples: list[list[int]]) -> None:
    model = _Mean(tmp_path, large=False, attention=False)
    with pytest.raises(UnfitGraphError, match="no attention"):
        shorten(model.path, tmp_path / "short.onnx", samples)
    assert [file.name for file in tmp_path.iterdir()] == ["plain.onnx"]


@pytest.mark.parametrize(("multiplies", "most"), [(True, 127), (False, 64)])
def test_weights_have_seven_bits_where_products_of_bytes_overflow(
    tmp_path: Path, samples: list[list[int]], monkeypatch: pytest.MonkeyPatch, multiplies: bool, most: int
) -> None:
    monkeypatch.setattr("index.models.question_graph.multiplies_bytes", lambda: multiplies)
    shorten(_Mean(tmp_path, large=False).path, tmp_path / "short.onnx", samples)
    weights = [
        onnx.numpy_helper.to_array(one, str(tmp_path)) for one in onnx.load(tmp_path / "short.onnx").graph.initializer
    ]
    assert max(np.abs(one.astype(int)).max() for one in weights if one.dtype == np.int8 and one.ndim == 2) == most
