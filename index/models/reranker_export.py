"""Makes, once, the ONNX model that a cross-encoder's weights are served from: sentence-transformers in, an export out.

Only for models that come without ONNX. Besides `export` this is the only module that imports torch, and only while it
exports; the result is compared with sentence-transformers' own scores.
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import ModelError, StorageError
from index.models.exporting import OPSET, made_whole, quiet
from index.models.libraries import short
from index.models.sources import plain_name

MODEL, TOKENIZER, CONFIG = "model.onnx", "tokenizer.json", "config.json"
# float32 in another order moves a score by 1e-5; a wrong input moves it by tenths.
_TOLERANCE = 0.01
_SAMPLES = [
    ("when did the strike end", "The strike ended on Friday."),
    ("who leads the union", "It rained."),
    (
        "how many dockers walked out?",
        "About 400 dockers of Aldmouth walked out, the union said; the port stood still for days.",
    ),
]


def ensure_reranker_export(setting: str, folder: Path, storage: Path) -> Path:
    """The folder in `storage` that holds the export of the weights in `folder`, made where it is missing.

    ModelError where the model can't be read or exported or its export scores differently, StorageError where it can't be
    kept. Killed at any moment, it leaves no export or a whole one.
    """
    made = storage / "models" / f"{plain_name(Path(setting).name)}-reranker-{_revision(folder)}"
    if all((made / name).is_file() for name in (MODEL, TOKENIZER, CONFIG)):
        return made
    try:
        with made_whole(made) as building:
            _export(setting, folder, building)
    except OSError as error:
        raise StorageError(
            f"The export of {setting} can't be kept in {made.parent} ({error}); check the permissions and the space there."
        ) from error
    return made


def _export(setting: str, folder: Path, building: Path) -> None:
    if missing := [name for name in ("torch", "sentence_transformers") if not find_spec(name)]:
        raise ModelError(
            f"[reranking] model “{setting}” must be exported once, and {missing[0]} is not installed; install the project's "
            "requirements, or set it to “none”."
        )
    try:
        with quiet():
            _trace(folder, building)
    except ModelError:
        raise
    except Exception as error:  # whatever a stranger's files set off in three libraries
        raise ModelError(
            f"[reranking] model “{setting}” can't be exported ({type(error).__name__}: {short(error)}); "
            "choose another, or “none”."
        ) from error


def _trace(folder: Path, building: Path) -> None:
    import torch
    from sentence_transformers import CrossEncoder

    loaded = CrossEncoder(
        str(folder),
        device="cpu",
        local_files_only=True,
        model_kwargs={"attn_implementation": "eager", "dtype": "float32"},
    )
    transformer, tokenizer = loaded.model.eval(), loaded.tokenizer
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in tokenizer.model_input_names]

    class Scores(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, *inputs: Any) -> Any:
            return self.transformer(**dict(zip(names, inputs, strict=True))).logits

    most = min(tokenizer.model_max_length, getattr(loaded.model.config, "max_position_embeddings", 512))
    features = tokenizer(
        *map(list, zip(*_SAMPLES, strict=True)), padding=True, truncation=True, max_length=most, return_tensors="pt"
    )
    scores = Scores().eval()  # else the exporter leaves the model in training, with parts of it dropped by chance
    torch.onnx.export(
        scores,
        tuple(features[name] for name in names),
        str(building / MODEL),
        input_names=names,
        output_names=["logits"],
        dynamic_axes={**{name: {0: "batch", 1: "length"} for name in names}, "logits": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,  # the newer exporter needs one more package
    )
    tokenizer.backend_tokenizer.save(str(building / TOKENIZER))
    loaded.model.config.to_json_file(str(building / CONFIG))
    with torch.no_grad():
        expected = scores(*(features[name] for name in names)).numpy()
    _compare(building / MODEL, {name: features[name].numpy() for name in names}, expected)


def _compare(model: Path, feeds: dict[str, Any], expected: Any) -> None:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    worst = float(np.max(np.abs(session.run(None, feeds)[0] - expected)))
    if not worst < _TOLERANCE:  # not a number is worse too
        raise ModelError(
            f"The export of the reranking model scores otherwise than it should, by {worst:.3f}; choose another."
        )


def _revision(folder: Path) -> str:
    """What tells these weights from others without reading them: names, sizes and times of change of the files."""
    files = sorted(file for pattern in ("*.safetensors", "*.json") for file in folder.glob(pattern))
    stamps = ((file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files)
    return hashlib.sha256(repr([*stamps]).encode()).hexdigest()[:12]
