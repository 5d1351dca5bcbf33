"""Scores how well texts answer a question: a cross-encoder reads the question and each text together, without torch.

Which files a setting means is `reranker_files`' to find. What is done with the scores is left to `quotes` and `engine`.
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.errors import ModelError
from index.models.libraries import open_tokenizer, short, speakable
from index.models.reranker_files import RerankerFiles, find_reranker
from index.models.reranker_graph import open_graph

# What is read of a question, in characters: a typed one has under 200, and all of it would be read anew with each text.
QUESTION_CHARACTERS = 600


class Reranker(Protocol):
    """What scores texts against a question. Thread-safe; `close` lets go of the model."""

    name: str

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n,): higher answers better; comparable between texts and, roughly, between questions."""

    def close(self) -> None: ...


class RerankingModel:
    """The reranker of a setting, found and loaded when it is first asked for. Thread-safe."""

    def __init__(self, setting: str, storage: Path) -> None:
        self._setting = setting
        self._storage = storage
        self._lock = threading.Lock()
        self._reranker: CrossEncoder | None = None

    def reranker(self) -> Reranker | None:
        """None where the setting is “none”. Loading takes a quarter of a second; ModelError where it can't be."""
        if self._setting == "none":
            return None
        with self._lock:
            if self._reranker is None:
                self._reranker = CrossEncoder(find_reranker(self._setting, self._storage), self._storage)
            return self._reranker

    def close(self) -> None:
        with self._lock:
            if self._reranker is not None:
                self._reranker.close()
                self._reranker = None


class CrossEncoder:
    """A `Reranker` over an ONNX model that gives one number for a pair of texts.

    A pair a call, each on one core: that took no longer than batches, pads nothing, and a text's score is its own, whatever
    is read beside it. One question uses every core that is free; under many, pairs take turns, and at most as many run at
    once as there are cores, which bounds the memory.
    """

    def __init__(self, files: RerankerFiles, storage: Path) -> None:
        self.name = files.name
        self._tokenizer = _tokenizer(files)
        # Of the longer of the two, which is the text unless it is short, so that something of it always remains.
        self._tokenizer.enable_truncation(files.max_tokens, strategy="longest_first")
        self._session = _session(files.model, storage)
        self._inputs = frozenset(one.name for one in self._session.get_inputs())
        cores = len(os.sched_getaffinity(0))
        self._pool = ThreadPoolExecutor(cores, thread_name_prefix="reranking")
        try:
            shape = self._run(self._tokenizer.encode("a", "b")).shape
        except Exception as error:  # onnxruntime raises classes of its own
            self._pool.shutdown()
            raise ModelError(
                f"[reranking] model “{files.name}” doesn't run ({short(error)}); choose another or “none”."
            ) from error
        if shape != (1,):
            self._pool.shutdown()
            raise ModelError(
                f"[reranking] model “{files.name}” is no cross-encoder: it gives {shape} for a text, not one number; "
                "choose another or “none”."
            )

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n,), the model's own numbers (logits), in the order of `texts`; of too long a text, the beginning is read."""
        asked = speakable(question[:QUESTION_CHARACTERS])
        pairs = self._tokenizer.encode_batch([(asked, speakable(text)) for text in texts])
        found = np.empty(len(texts), np.float32)
        # Else one core waits for the other's last.
        longest_first = sorted(range(len(pairs)), key=lambda k: -len(pairs[k]))
        found[longest_first] = list(self._pool.map(lambda k: self._run(pairs[k])[0], longest_first))
        return found

    def close(self) -> None:
        self._pool.shutdown(wait=True)

    def _run(self, pair: Encoding) -> NDArray[np.float32]:
        """(1,) from a cross-encoder; from other models whatever they give for one pair, without a last axis of one."""
        feeds = {
            "input_ids": np.array([pair.ids], np.int64),
            "attention_mask": np.ones((1, len(pair)), np.int64),
            "token_type_ids": np.array([pair.type_ids], np.int64),
        }
        scores: NDArray[np.float32] = self._session.run(
            None, {name: value for name, value in feeds.items() if name in self._inputs}
        )[0]
        return scores[:, 0] if scores.ndim == 2 and scores.shape[1] == 1 else scores


def _tokenizer(files: RerankerFiles) -> Tokenizer:
    try:
        return open_tokenizer(files.tokenizer)
    except Exception as error:  # tokenizers raises bare Exception
        raise ModelError(
            f"[reranking] model “{files.name}”: {files.tokenizer} can't be read ({short(error)}); "
            "install it again, or choose another or “none”."
        ) from error


def _session(model: Path, storage: Path) -> Any:
    try:
        return open_graph(model, storage)
    except Exception as error:  # onnxruntime raises classes of its own, and several for the same damage
        raise ModelError(
            f"The reranking model {model} can't be loaded ({short(error)}); "
            "install it again, or set [reranking] model to another or “none”."
        ) from error
