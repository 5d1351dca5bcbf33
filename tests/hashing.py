"""A stand-in for the embedding model: the same interface, no weights, always the same vectors.

Texts are near each other when they share words or parts of words, so it finds a passage by its words, not its meaning.
"""

import math
import re
import zlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

_PIECE = re.compile(r"\w+|[^\w\s]")


class HashingEncoder:
    """An `Encoder` whose word pieces are words and punctuation marks, and whose vectors are hashed bags of them."""

    def __init__(self, dimensions: int = 256, max_tokens: int = 256) -> None:
        self.model = f"hashing@{dimensions}"
        self.dimensions = dimensions
        self.max_tokens = max_tokens
        self.encoded = 0  # texts encoded as passages so far, for tests that count
        self.closed = False

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.encoded += len(texts)
        vectors = self.encode_sentences(texts)
        if progress is not None and texts:
            progress(len(texts))
        return vectors

    def encode_sentences(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([self.encode_question(text) for text in texts], np.float32).reshape(-1, self.dimensions)

    def encode_question(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dimensions, np.float32)
        vector[0] = 1e-3  # so that an empty text has a direction
        for word in _PIECE.findall(text.lower()):
            self._add(vector, word, 1.0)
            padded = f"<{word}>"
            parts = [padded[k : k + 3] for k in range(len(padded) - 2)]
            for part in parts:
                self._add(vector, part, 0.5 / math.sqrt(len(parts)))
        unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
        return unit.astype(np.float32)

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        return [len(_PIECE.findall(text)) for text in texts]

    def close(self) -> None:
        self.closed = True

    def _add(self, vector: NDArray[np.float32], feature: str, weight: float) -> None:
        hashed = zlib.crc32(feature.encode("utf-8", "surrogatepass"))
        vector[hashed % self.dimensions] += weight if hashed >> 31 else -weight


class HashingModel:
    """Where a builder or an engine has a `HashingEncoder` from."""

    def __init__(self, dimensions: int = 256) -> None:
        self.made = HashingEncoder(dimensions)

    def model(self) -> str:
        return self.made.model

    def prepare(self, progress: Callable[[str, int, int], None]) -> None:
        """There is nothing to export."""

    def encoder(self, progress: Callable[[str, int, int], None]) -> HashingEncoder:
        return self.made

    def close(self) -> None:
        self.made.close()


class WordReranker:
    """A stand-in for a cross-encoder: the share of the question's words that a text has, as a number from −10 to 10."""

    name = "words"

    def __init__(self) -> None:
        self.read: list[str] = []  # the texts scored so far
        self.closed = False

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        self.read += texts
        words = set(_PIECE.findall(question.lower()))
        shares = [len(words & set(_PIECE.findall(text.lower()))) / max(len(words), 1) for text in texts]
        return np.array([20 * share - 10 for share in shares], np.float32)

    def close(self) -> None:
        self.closed = True
