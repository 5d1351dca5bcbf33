"""Turns texts into unit vectors with an exported model, without torch.

Knows the model's prompts, its word pieces and how many of them it reads; the runtime that does the arithmetic is
`runtimes`', and making the export is `export`'s.
"""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding

from index.errors import DamagedError, ModelError
from index.generations import REINDEX
from index.models.libraries import open_tokenizer, speakable
from index.models.processors import processor
from index.models.runtimes import RuntimeName, Session, open_session

EXPORT_FILE = "export.json"
TOKENIZER_FILE = "tokenizer.json"
# Raised when the export's files change their form; an older export is then made again.
EXPORT_FORMAT = 3
# Padded word pieces a batch, each on one core: 1,024 took onnxruntime a fifth less processor time than 4,096, while
# OpenVINO took the same from 512 up.
BATCH_PIECES = 1_024
# The same for the sentences of a question, which onnxruntime reads on one core while somebody waits: against 1,024 this
# took a third less processor time, and eight askers at once kept 260 MB resident instead of 750.
SENTENCE_PIECES = 128
# Lengths are rounded up to this, so that OpenVINO, which prepares itself for every new shape, meets fewer of them.
LENGTH_STEP = 8
# Texts tokenised at a time: the pieces of 100,000 passages at once would take a gigabyte.
_WINDOW = 4_096


class Encoder(Protocol):
    """What makes vectors. Thread-safe; `close` lets go of the model."""

    model: str  # name@revision: the key of its vectors
    dimensions: int
    max_tokens: int  # word pieces it reads of a passage, special tokens included, the prompt's taken off

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]: ...

    def encode_sentences(self, texts: Sequence[str]) -> NDArray[np.float32]: ...

    def encode_question(self, text: str) -> NDArray[np.float32]: ...

    def count_pieces(self, texts: Sequence[str]) -> list[int]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Measured:
    """How one runtime did on the processor at hand. Speeds compare within one measurement only.

    `overlap` is the share of the reference's ten nearest texts that it finds too, `cosine` the lowest of any text
    with its reference; `question_ms` is the median of one question. `refused` says why it must not be used.
    """

    runtime: str
    passages_per_second: float
    question_ms: float
    overlap: float
    cosine: float
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """What `export.json` says of the files beside it. `files` are their sizes in bytes."""

    format: int
    model: str
    dimensions: int
    max_tokens: int
    pad_id: int
    question_prompt: str
    passage_prompt: str
    processor: str
    bulk: str
    question: str
    files: dict[str, int]
    measured: list[Measured]

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def read_export(folder: Path) -> Export:
    """The export in `folder`, its files counted and weighed; DamagedError where something is missing or cut short.

    Weighing matters: a model file cut short is mapped into memory, and reading past its end kills the process.
    """
    try:
        raw = json.loads((folder / EXPORT_FILE).read_text(encoding="utf-8"))
        if raw.get("format") != EXPORT_FORMAT:
            raise ValueError(f"its form is {raw.get('format')!r}, not {EXPORT_FORMAT}")
        export = Export(**{**raw, "measured": [Measured(**row) for row in raw["measured"]]})
        for name, size in export.files.items():
            if (folder / name).stat().st_size != size:
                raise ValueError(f"{name} is not {size:,} bytes long")
        RuntimeName(export.bulk), RuntimeName(export.question)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedError(
            f"The exported model in {folder} is damaged or of another version ({error}); {REINDEX}."
        ) from error
    return export


def load_encoder(
    folder: Path,
    *,
    runtime: str = "auto",
    threads: int = 1,
    bulk: Callable[[], RuntimeName] | None = None,
    unchecked: bool = False,
) -> "ExportedEncoder":
    """The encoder of the export in `folder`. Loads the tokenizer; the model waits for the first text to encode.

    `runtime` is a `RuntimeName`, or "auto" for what was measured best at export; then `bulk` may choose anew when
    the first passages come. ModelError for a runtime that is unknown or, unless `unchecked`, was refused;
    DamagedError for a damaged export.
    """
    export = read_export(folder)
    if runtime == "auto":
        choice = bulk or (lambda: RuntimeName(export.bulk))
        # What was good enough and fast on one processor may be neither on another: float32 is, until it is measured again.
        question = RuntimeName(export.question) if export.processor == processor() else RuntimeName.ONNX
        return ExportedEncoder(folder, export, question, choice, threads)
    name = runtime_named(runtime)
    for row in export.measured:
        if row.runtime == name and row.refused and not unchecked:
            raise ModelError(f"[embedding] runtime “{name}” can't be used: {row.refused}; set it to “auto”.")
    if name.file not in export.files:
        raise ModelError(
            f"[embedding] runtime “{name}” can't be used: {export.model} has no export for it; set it to “auto”."
        )
    return ExportedEncoder(folder, export, name, lambda: name, threads)


def runtime_named(name: str) -> RuntimeName:
    """The runtime of a setting other than "auto"; ModelError where there is none of that name."""
    try:
        return RuntimeName(name)
    except ValueError as error:
        known = ", ".join(["auto", *RuntimeName])
        raise ModelError(f"[embedding] runtime is “{name}”; choose one of {known}.") from error


class ExportedEncoder:
    """An `Encoder` over an export: one runtime for questions and sentences, maybe another for passages in bulk."""

    def __init__(
        self,
        folder: Path,
        export: Export,
        question: RuntimeName,
        bulk: Callable[[], RuntimeName],
        threads: int,
    ) -> None:
        try:
            self._tokenizer = open_tokenizer(folder / TOKENIZER_FILE)
        except Exception as error:  # tokenizers raises bare Exception
            raise DamagedError(
                f"{folder / TOKENIZER_FILE} can't be read ({error}); delete its folder and {REINDEX}."
            ) from error
        self._export = export
        self._folder = folder
        self._threads = max(threads, 1)
        self._question_runtime = question
        self._choose_bulk = bulk
        self._bulk_runtime: RuntimeName | None = None
        self._sessions: dict[RuntimeName, Session] = {}
        self._choosing, self._opening = threading.Lock(), threading.Lock()
        self.model = export.model
        self.dimensions = export.dimensions
        self._reads = export.max_tokens
        self.max_tokens = export.max_tokens - self.count_pieces([export.passage_prompt])[0]

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """(n, d), rows of length 1, in the order of `texts`; `progress` is told how many are done.

        ModelError for a text that is longer than the model reads: its end would silently not be found.
        """
        session = self._for_bulk()
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for start in range(0, len(texts), _WINDOW):
            window = texts[start : start + _WINDOW]
            pieces = self._pieces(window, self._export.passage_prompt)
            for encoding, text in zip(pieces, window, strict=True):
                if len(encoding) > self._reads:
                    raise ModelError(
                        f"A passage of {len(encoding)} word pieces (“{text[:40]}…”) is over the {self._reads} that "
                        f"{self.model} reads; lower [passages] pieces in bot.toml."
                    )
            ids = [encoding.ids for encoding in pieces]
            del pieces

            def report(done: int, start: int = start) -> None:
                if progress is not None:
                    progress(start + done)

            self._run(session, ids, vectors[start : start + len(window)], report)
        return vectors

    def encode_sentences(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, d), as passages but of a few short texts while somebody waits; too long ones are cut."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        ids = [self._cut(encoding) for encoding in self._pieces(texts, self._export.passage_prompt)]
        self._run(self._for_questions(), ids, vectors, lambda _: None, SENTENCE_PIECES)
        return vectors

    def encode_question(self, text: str) -> NDArray[np.float32]:
        """(d,), of length 1. What the model doesn't read of a very long question is cut off."""
        ids = np.array([self._cut(self._pieces([text], self._export.question_prompt)[0])], np.int64)
        vector: NDArray[np.float32] = unit(self._for_questions().run(ids, np.ones_like(ids)))[0]
        return vector

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """How many word pieces each text has, without special tokens."""
        counted = self._tokenizer.encode_batch_fast([*map(speakable, texts)], add_special_tokens=False)
        return [len(encoding) for encoding in counted]

    def close(self) -> None:
        with self._opening:
            for session in self._sessions.values():
                session.close()

    def pieces(self, text: str) -> list[int]:
        """The word pieces that the model reads of a passage, special ones included."""
        return self._cut(self._pieces([text], self._export.passage_prompt)[0])

    def fits(self, text: str) -> bool:
        """Whether the model reads the whole text as a passage."""
        return len(self._pieces([text], self._export.passage_prompt)[0]) <= self._reads

    def _for_questions(self) -> Session:
        return self._sessions.get(self._question_runtime) or self._opened(self._question_runtime)

    def _for_bulk(self) -> Session:
        with self._choosing:
            if self._bulk_runtime is None:
                self._bulk_runtime = self._choose_bulk()
        return self._sessions.get(self._bulk_runtime) or self._opened(self._bulk_runtime)

    def _opened(self, runtime: RuntimeName) -> Session:
        """The session of a runtime, loaded when it is first needed: a reindex may need none."""
        with self._opening:
            if runtime not in self._sessions:
                self._sessions[runtime] = open_session(self._folder, runtime, self._threads)
            return self._sessions[runtime]

    def _pieces(self, texts: Sequence[str], prompt: str) -> list[Encoding]:
        prompted = [prompt + text for text in texts] if prompt else texts
        encodings: list[Encoding] = self._tokenizer.encode_batch_fast([*map(speakable, prompted)])
        return encodings

    def _cut(self, encoding: Encoding) -> list[int]:
        """At most what the model reads, its closing special tokens kept, as sentence-transformers cuts."""
        ids: list[int] = encoding.ids
        if len(ids) <= self._reads:
            return ids
        special = encoding.special_tokens_mask
        closing = next((k for k, flag in enumerate(reversed(special)) if not flag), 0)
        return ids[: self._reads - closing] + ids[len(ids) - closing :]

    def _run(
        self,
        session: Session,
        ids: list[list[int]],
        out: NDArray[np.float32],
        report: Callable[[int], None],
        pieces: int = BATCH_PIECES,
    ) -> None:
        def one(batch: list[int]) -> int:
            out[batch] = unit(session.run(*_padded([ids[k] for k in batch], self._export.pad_id)))
            return len(batch)

        batches = list(batched_by_length([len(row) for row in ids], pieces))
        done = 0
        if session.callers == 1 or len(batches) <= 1:
            for batch in batches:
                done += one(batch)
                report(done)
            return
        with ThreadPoolExecutor(session.callers, thread_name_prefix="encoding") as pool:
            for count in pool.map(one, batches):
                done += count
                report(done)


def batched_by_length(lengths: Sequence[int], pieces: int = BATCH_PIECES) -> Iterator[list[int]]:
    """Numbers of texts in batches of like length, the longest first, each at most `pieces` with its padding.

    Every number comes once; a text that is longer than a whole batch comes alone.
    """
    order = sorted(range(len(lengths)), key=lambda k: (-lengths[k], k))
    start = 0
    while start < len(order):
        size = max(pieces // _stepped(lengths[order[start]]), 1)
        yield order[start : start + size]
        start += size


def _padded(rows: list[list[int]], pad: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    length = _stepped(max(map(len, rows)))
    ids = np.full((len(rows), length), pad, np.int64)
    mask = np.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return ids, mask


def _stepped(length: int) -> int:
    return max(-(-length // LENGTH_STEP) * LENGTH_STEP, LENGTH_STEP)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1: the model's own normalising is off by 0.4 % in bf16."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = np.divide(vectors, np.maximum(norms, 1e-12), dtype=np.float32)
    return scaled
