"""Makes, once for each revision of a model, the files it is served from: sentence-transformers in, an export out.

The reference is sentence-transformers: its modules are traced to ONNX as they are (pooling and normalising with them),
fused by onnxruntime's optimiser, converted for OpenVINO, and the vectors compared. This is the only module that imports
torch, and only while it exports. Which runtime is fastest is `choosing`'s to measure.
"""

import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreError
from corpus.files import replace_file
from index.errors import DamagedError, ModelError, StorageError
from index.generations import OnProgress
from index.models.choosing import LEAST_COSINE, choose, choose_for_questions, measure, quality
from index.models.embedders import (
    EXPORT_FILE,
    EXPORT_FORMAT,
    TOKENIZER_FILE,
    Export,
    load_encoder,
    read_export,
    unit,
)
from index.models.embedding import Model
from index.models.exporting import OPSET, made_whole, quiet
from index.models.libraries import short
from index.models.processors import processor
from index.models.question_graph import shorten
from index.models.runtimes import (
    INT8_FILE,
    INT8_WEIGHTS,
    ONNX_FILE,
    ONNX_WEIGHTS,
    OPENVINO_FILE,
    OPENVINO_WEIGHTS,
    RuntimeName,
)
from index.models.specimens import specimen_texts

Samples = Callable[[], Sequence[str]]

STAGE = "exporting the model"
_STEPS = 7
# Texts on which an export is compared with its reference: at 200 and more, 0.98 of the top ten is 40 differences.
_SAMPLES = 208
# Of which this many are read whole, and all to a question's length, to see which columns are large: 20 ms each.
_SHORTENED = 64


def ensure_export(model: Model, storage: Path, progress: OnProgress, samples: Samples) -> Path:
    """The folder of the model's export, made where it is missing or damaged. One to three minutes, once.

    `samples` gives texts like those to be embedded, on which it is compared with sentence-transformers. ModelError
    where the model can't be read or exported, or its export gives other vectors; StorageError where it can't be kept.
    Killed at any moment, it leaves no export or a whole one.
    """
    folder = model.export_folder(storage)
    with contextlib.suppress(DamagedError):
        if read_export(folder).model == model.key:
            return folder
    try:
        with made_whole(folder) as building:
            _export(model, building, progress, [*samples()])
    except (OSError, StoreError) as error:
        raise StorageError(
            f"The export of {model.name} can't be kept in {folder.parent} ({error}); "
            "check the permissions there and that 500 MB are free."
        ) from error
    return folder


def bulk_runtime(folder: Path, progress: OnProgress, samples: Samples) -> RuntimeName:
    """What to embed passages with: as chosen at export, measured again where the processor is another now.

    Needs no torch: the export in float32, compared once with sentence-transformers, is the reference.
    """
    export = read_export(folder)
    if export.processor == processor():
        return RuntimeName(export.bulk)
    texts = _enough(samples())
    with contextlib.closing(load_encoder(folder, runtime=RuntimeName.ONNX)) as encoder:
        reference = encoder.encode_sentences(texts)
    rows = measure(folder, texts, reference, progress)
    export = replace(
        export, processor=processor(), bulk=choose(rows), question=choose_for_questions(rows), measured=rows
    )
    with contextlib.suppress(StoreError):  # not kept, it is measured again next time, which costs seconds
        replace_file(folder / EXPORT_FILE, export.to_json().encode())
    return RuntimeName(export.bulk)


@dataclass(frozen=True, slots=True)
class _Reference:
    """The model in sentence-transformers, and its vectors of the texts and of them as questions."""

    transformer: Any
    texts: list[str]
    passages: NDArray[np.float32]
    questions: NDArray[np.float32]


def _export(model: Model, building: Path, progress: OnProgress, samples: list[str]) -> None:
    if missing := [name for name in ("torch", "sentence_transformers", "transformers", "onnx") if not find_spec(name)]:
        raise ModelError(
            f"{model.name} must be exported once, and {missing[0]} is not installed; install the project's requirements."
        )
    with quiet():
        progress(STAGE, 0, _STEPS)
        transformer = _load(model)
        progress(STAGE, 1, _STEPS)
        plain = building / "plain.onnx"
        export = _trace(model, transformer, plain, building)
        progress(STAGE, 2, _STEPS)
        texts = _enough(samples)
        reference = _Reference(
            transformer,
            texts,
            unit(transformer.encode_document(texts, batch_size=32, show_progress_bar=False)),
            unit(transformer.encode_query(texts[:16], show_progress_bar=False)),
        )
        progress(STAGE, 3, _STEPS)
        _fuse(plain, building / ONNX_FILE)
        if not _faithful(building, export, reference):
            _unfused(plain, building / ONNX_FILE)
            if not _faithful(building, export, reference):
                raise ModelError(
                    f"The export of {model.name} gives other vectors than sentence-transformers; "
                    "choose another [embedding] model."
                )
        progress(STAGE, 4, _STEPS)
        _shorten(plain, building, texts)
        progress(STAGE, 5, _STEPS)
        if RuntimeName.OPENVINO.installed:
            _convert(plain, building)
        plain.unlink()
    _write(building, export)
    progress(STAGE, 6, _STEPS)
    rows = measure(building, texts, reference.passages, progress)
    _write(building, replace(export, bulk=choose(rows), question=choose_for_questions(rows), measured=rows))
    progress(STAGE, _STEPS, _STEPS)


def _load(model: Model) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        # Eager attention is the form that onnxruntime's optimiser knows how to fuse.
        loaded = SentenceTransformer(
            str(model.folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"attn_implementation": "eager", "dtype": "float32"},
        )
    except Exception as error:  # whatever a stranger's files set off in three libraries
        raise ModelError(
            f"sentence-transformers can't load {model.folder} ({type(error).__name__}: {short(error)}); "
            "choose another [embedding] model."
        ) from error
    return loaded.eval()


def _trace(model: Model, transformer: Any, plain: Path, building: Path) -> Export:
    """Writes the model as ONNX, with batch and length left open, and its tokenizer; tells what it found out."""
    import torch

    class Whole(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.parts = torch.nn.ModuleList(list(transformer))

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            for part in self.parts:
                features = part(features)
            return features["sentence_embedding"]

    ids = torch.ones(2, 7, dtype=torch.long)  # any two texts of seven pieces
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0
    try:
        torch.onnx.export(
            Whole().eval(),
            (ids, mask),
            str(plain),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={
                "input_ids": {0: "batch", 1: "length"},
                "attention_mask": {0: "batch", 1: "length"},
                "embedding": {0: "batch"},
            },
            opset_version=OPSET,
            dynamo=False,  # the newer exporter needs one more package and gives a graph that isn't fused
        )
        tokenizer = transformer.tokenizer.backend_tokenizer
        tokenizer.save(str(building / TOKENIZER_FILE))
        limit = transformer.max_seq_length or transformer.tokenizer.model_max_length
        dimensions = transformer.get_embedding_dimension()
        pad = transformer.tokenizer.pad_token_id
    except Exception as error:  # torch's tracer raises whatever the model's own code raises
        raise ModelError(
            f"{model.name} can't be exported ({type(error).__name__}: {short(error)}); choose another [embedding] model."
        ) from error
    return Export(
        format=EXPORT_FORMAT,
        model=model.key,
        dimensions=int(dimensions),
        max_tokens=min(int(limit), 1_000_000),
        pad_id=int(pad or 0),
        question_prompt=_prompt(transformer, ("query",)),
        passage_prompt=_prompt(transformer, ("document", "passage", "corpus")),
        processor=processor(),
        bulk=RuntimeName.ONNX,
        question=RuntimeName.ONNX,
        files={},
        measured=[],
    )


def _prompt(transformer: Any, names: Sequence[str]) -> str:
    """The prompt that `encode_query` or `encode_document` would use, by the first name that has one."""
    prompts: dict[str, str | None] = transformer.prompts or {}
    for name in names:
        if prompts.get(name):
            return str(prompts[name])
    return ""


def _fuse(plain: Path, target: Path) -> None:
    """Joins small operations into onnxruntime's large ones: attention, layer norms, activations."""
    from onnxruntime.transformers import optimizer

    try:
        # The fusions of BERT's layout; where a model's layout is another, they leave it as it is.
        fused = optimizer.optimize_model(str(plain), model_type="bert", opt_level=0)
        fused.save_model_to_file(str(target), use_external_data_format=True)
    except Exception as error:  # noqa: BLE001 - the optimiser gives up on layouts it doesn't know in many ways
        logging.getLogger(__name__).info("not fused: %s", short(error))
        _unfused(plain, target)


def _unfused(plain: Path, target: Path) -> None:
    import onnx

    target.with_name(ONNX_WEIGHTS).unlink(missing_ok=True)  # else it is appended to
    # Weights in a file of their own are mapped into memory: starting takes half the time.
    onnx.save_model(onnx.load(str(plain)), str(target), save_as_external_data=True, location=ONNX_WEIGHTS)


def _shorten(plain: Path, building: Path, texts: Sequence[str]) -> None:
    """Adds the graph for questions, where the model is built so that there can be one."""
    with contextlib.closing(load_encoder(building, runtime=RuntimeName.ONNX)) as encoder:
        samples = [encoder.pieces(text) for text in (*texts[:_SHORTENED], *(text[:60] for text in texts))]
    try:
        shorten(plain, building / INT8_FILE, samples)
    except Exception as error:  # noqa: BLE001 - unfit, or what three libraries raise for a layout that they don't know
        logging.getLogger(__name__).info("no graph for questions: %s", short(error))
        for name in (INT8_FILE, INT8_WEIGHTS):
            (building / name).unlink(missing_ok=True)


def _convert(plain: Path, building: Path) -> None:
    import openvino

    openvino.save_model(openvino.Core().read_model(str(plain)), str(building / OPENVINO_FILE), compress_to_fp16=False)


def _faithful(building: Path, export: Export, reference: _Reference) -> bool:
    """Whether the ONNX export gives the reference's vectors, of passages and of questions."""
    _write(building, export)
    with contextlib.closing(load_encoder(building, runtime=RuntimeName.ONNX)) as encoder:
        if quality(reference.passages, encoder.encode_sentences(reference.texts))[1] < LEAST_COSINE:
            return False
        asked = np.array([encoder.encode_question(text) for text in reference.texts[:16]])
        return quality(reference.questions, asked)[1] >= LEAST_COSINE


def _write(building: Path, export: Export) -> None:
    names = (ONNX_FILE, ONNX_WEIGHTS, INT8_FILE, INT8_WEIGHTS, OPENVINO_FILE, OPENVINO_WEIGHTS, TOKENIZER_FILE)
    files = {name: (building / name).stat().st_size for name in names if (building / name).is_file()}
    whole = replace(export, files=files)
    replace_file(building / EXPORT_FILE, whole.to_json().encode())


def _enough(samples: Sequence[str]) -> list[str]:
    """The caller's texts, filled up with own ones, and always some that are empty, odd or too long to be read whole."""
    own = specimen_texts()
    unlike = [*dict.fromkeys(text for text in samples if text.strip())][: _SAMPLES - len(own.odd)]
    return [*own.odd, *unlike, *own.plain][:_SAMPLES]
