"""The export is what sentence-transformers would give, is made once, and whole or not at all."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from index.engine import Engine
from index.errors import ModelError, StorageError
from index.models import choosing, export
from index.models.choosing import choose, choose_for_questions, quality
from index.models.embedders import Measured, load_encoder, read_export
from index.models.embedding import Model, find_model
from index.models.export import bulk_runtime, ensure_export
from index.models.processors import processor
from index.models.runtimes import RuntimeName, Session, open_session
from index.models.specimens import specimen_texts
from tests.engines import write
from tests.real_model import PACKAGE, exported, exported_storage

__all__ = ["exported", "exported_storage"]  # fixtures

pytestmark = pytest.mark.model

NOW = datetime(2031, 5, 1, tzinfo=UTC)


def no_samples() -> list[str]:
    return []


def nothing(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def row(runtime: str, speed: float, refused: str = "") -> Measured:
    return Measured(runtime, speed, 1.0, 1.0, 1.0, refused)


def test_the_export_gives_sentence_transformers_vectors(exported_storage: Path, exported: Path) -> None:
    script = (
        "import sys, json, numpy as np; from sentence_transformers import SentenceTransformer\n"
        "model = SentenceTransformer(sys.argv[1], device='cpu')\n"
        "np.save(sys.argv[2], model.encode(json.loads(sys.argv[3])))\n"
    )
    texts = ["", "Pay!", "The dockers and the harbour agreed on Friday. " * 3, "naïve ☂ 東京", "pay " * 300]
    kept = exported_storage / "reference.npy"
    folder = find_model(PACKAGE, exported_storage).folder
    subprocess.run(
        [sys.executable, "-c", script, str(folder), str(kept), json.dumps(texts)],
        check=True, capture_output=True, env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    reference = np.load(kept)
    encoder = load_encoder(exported, runtime="onnx")
    assert np.einsum("ij,ij->i", reference, encoder.encode_sentences(texts)).min() >= 0.9999
    assert min(float(encoder.encode_question(text) @ row) for text, row in zip(texts, reference, strict=True)) >= 0.9999
    encoder.close()


def test_an_export_that_is_there_is_not_made_again(
    exported_storage: Path, exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_export", lambda *_: pytest.fail("made again"))
    model = find_model(PACKAGE, exported_storage)
    before = (exported / "export.json").stat().st_mtime_ns
    assert ensure_export(model, exported_storage, nothing, no_samples) == exported
    assert (exported / "export.json").stat().st_mtime_ns == before


def test_a_reindex_exports_anew_what_another_version_exported_though_nothing_else_changed(
    exported_storage: Path, exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever asks first would wait for it, in a process that then has torch in memory."""
    (tmp_path / "bot.toml").write_text('[reranking]\nmodel = "none"\n')
    write(tmp_path / "corpus" / "articles", "dockers", "The dockers of Aldmouth walked out on Monday.")
    shutil.copytree(exported_storage / "models", tmp_path / "var" / "models")
    model = find_model(PACKAGE, tmp_path / "var")
    note = model.export_folder(tmp_path / "var") / "export.json"
    engine = Engine.open(tmp_path / "bot.toml")
    assert engine.reindex(now=NOW).published
    assert model.is_exported(tmp_path / "var")
    note.write_text(json.dumps(json.loads(note.read_text()) | {"format": 0}))
    assert not model.is_exported(tmp_path / "var")
    monkeypatch.setattr(
        export, "_export", lambda model, building, *_: shutil.copytree(exported, building, dirs_exist_ok=True)
    )
    assert not engine.reindex(now=NOW).published
    assert model.is_exported(tmp_path / "var")
    engine.close()


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return Model("small", "0123456789ab", tmp_path / "small")


def test_an_export_that_fails_leaves_nothing(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(model: Model, building: Path, *rest: object) -> None:
        (building / "model.onnx").write_bytes(b"half")
        raise ModelError("no such layout")

    monkeypatch.setattr(export, "_export", fails)
    with pytest.raises(ModelError, match="no such layout"):
        ensure_export(model, tmp_path, nothing, no_samples)
    assert list((tmp_path / "models").iterdir()) == []


def test_a_full_disk_is_a_storage_error(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*rest: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "_export", full)
    with pytest.raises(StorageError, match=r"The export of small can't be kept .*No space left.*500 MB"):
        ensure_export(model, tmp_path, nothing, no_samples)


def test_a_damaged_export_is_replaced_and_killed_ones_are_swept(
    exported: Path, exported_storage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = find_model(PACKAGE, exported_storage)
    folder = model.export_folder(tmp_path)
    folder.mkdir(parents=True)
    (folder / "export.json").write_text("{")
    dead = folder.with_name(f"{folder.name}.building-999999999")
    dead.mkdir()
    alive = folder.with_name(f"{folder.name}.building-{os.getppid()}")
    alive.mkdir()
    monkeypatch.setattr(
        export, "_export", lambda model, building, *_: shutil.copytree(exported, building, dirs_exist_ok=True)
    )
    assert ensure_export(model, tmp_path, nothing, no_samples) == folder
    assert read_export(folder).model == model.key
    assert not dead.exists()
    assert alive.exists()


def test_a_folder_that_only_looks_like_a_model_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "no-such-layout"}')
    (folder / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match=r"sentence-transformers can't load .*choose another \[embedding\] model"):
        ensure_export(find_model(str(folder), tmp_path), tmp_path, nothing, no_samples)
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["revisions.json"]


def test_vectors_that_differ_from_the_reference_refuse_the_export(
    exported_storage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "LEAST_COSINE", 1.1)  # what no export reaches
    monkeypatch.setattr(export, "_SAMPLES", 16)
    model = find_model(PACKAGE, exported_storage)
    with pytest.raises(ModelError, match="gives other vectors than sentence-transformers"):
        ensure_export(model, tmp_path, nothing, no_samples)
    assert list((tmp_path / "models").iterdir()) == []


def test_on_another_processor_the_runtimes_are_measured_again_and_that_is_kept(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = shutil.copytree(exported, tmp_path / "export")
    monkeypatch.setattr(export, "_SAMPLES", 24)
    monkeypatch.setattr(choosing, "_TIMED", 4)
    assert (
        bulk_runtime(copied, nothing, lambda: pytest.fail("measured on the same processor")) == read_export(copied).bulk
    )
    raw = json.loads((copied / "export.json").read_text())
    (copied / "export.json").write_text(json.dumps({**raw, "processor": "an abacus", "bulk": "onnx", "measured": []}))
    chosen = bulk_runtime(copied, nothing, lambda: ["The talks resumed.", "The talks ended."])
    again = read_export(copied)
    assert (again.processor, again.bulk) == (processor(), chosen)
    assert {row.runtime for row in again.measured} == {"onnx", "onnx-int8", "openvino", "openvino-bf16"}


def test_the_fastest_runtime_that_is_good_enough_is_chosen() -> None:
    assert choose([row("onnx", 10), row("openvino", 12), row("openvino-bf16", 30)]) == "openvino-bf16"
    assert choose([row("onnx", 10), row("openvino", 12), row("openvino-bf16", 30, "differs")]) == "openvino"
    assert choose([row("onnx", 10), row("openvino", 11)]) == RuntimeName.ONNX  # not worth a second runtime
    assert choose([row("onnx", 10)]) == RuntimeName.ONNX
    with pytest.raises(ModelError, match="choose another"):
        choose([row("onnx", 10, "differs"), row("openvino", 12)])


def test_questions_are_asked_in_int8_only_where_that_is_good_and_clearly_faster() -> None:
    def asked(runtime: str, took: float, refused: str = "") -> Measured:
        return Measured(runtime, 1.0, took, 1.0, 1.0, refused)

    assert choose_for_questions([asked("onnx", 7), asked("onnx-int8", 4)]) == "onnx-int8"
    assert choose_for_questions([asked("onnx", 7), asked("onnx-int8", 6.5)]) == "onnx"
    assert choose_for_questions([asked("onnx", 7), asked("onnx-int8", 4, "differs")]) == "onnx"
    assert choose_for_questions([asked("onnx", 7), asked("openvino-bf16", 1)]) == "onnx"  # for its memory
    assert choose([row("onnx", 10), row("onnx-int8", 30)]) == "onnx"  # what is stored is never int8's


def test_on_another_processor_questions_are_asked_in_float32_until_it_is_measured(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What int8 gives depends on the processor."""
    copied = shutil.copytree(exported, tmp_path / "export")
    raw = json.loads((copied / "export.json").read_text())
    opened: list[RuntimeName] = []

    def opening(folder: Path, runtime: RuntimeName, threads: int) -> Session:
        opened.append(runtime)
        return open_session(folder, runtime, threads)

    monkeypatch.setattr("index.models.embedders.open_session", opening)
    for where in (processor(), "an abacus"):
        (copied / "export.json").write_text(json.dumps({**raw, "processor": where, "question": "onnx-int8"}))
        encoder = load_encoder(copied)
        encoder.encode_question("when?")
        encoder.close()
    assert opened == ["onnx-int8", "onnx"]


def test_neighbours_of_questions_are_sought_among_the_references_vectors() -> None:
    random = np.random.default_rng(4)
    rows = random.normal(size=(60, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    turned = rows @ np.linalg.qr(random.normal(size=(8, 8)))[0].astype(np.float32)
    assert quality(rows, turned)[0] > 0.99  # all turned alike, each is near to the same others
    assert quality(rows, turned, asking=True)[0] < 0.5


def test_quality_is_one_for_the_same_and_low_for_strangers() -> None:
    random = np.random.default_rng(3)
    rows = random.normal(size=(60, 16)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert quality(rows, rows)[0] == 1
    assert quality(rows, rows)[1] == pytest.approx(1)
    overlap, cosine = quality(rows, np.roll(rows, 7, axis=0))
    assert overlap < 0.5
    assert cosine < 0.5
    broken = rows.copy()
    broken[3] = np.nan
    assert quality(rows, broken)[1] == -1


def test_the_specimens_are_many_and_unlike() -> None:
    specimens = specimen_texts()
    assert len({*specimens.plain}) == len(specimens.plain) >= 200
    assert {"", " "} <= {*specimens.odd}
    assert specimen_texts() == specimens
    assert max(len(text.split()) for text in specimens.odd) > 256  # longer than the model reads


def test_without_torch_the_export_says_what_to_install(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(ModelError, match="torch is not installed; install the project's requirements"):
        ensure_export(model, tmp_path, nothing, no_samples)
