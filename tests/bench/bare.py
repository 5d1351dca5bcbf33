"""The references that are not sentence-transformers: the exported model by itself, without any of the search."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.embedders import TOKENIZER_FILE
from index.runtimes import ONNX_FILE


class BareEncoder:
    """Question text → vector: tokenizers and onnxruntime in float32, one thread a call, and nothing else.

    With onnxruntime's own pool of threads one question alone is no faster on two cores, and eight at once are slower.
    """

    def __init__(self, export: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            str(export / ONNX_FILE), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(export / TOKENIZER_FILE))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(256)

    def encode(self, text: str) -> NDArray[np.float32]:
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        vectors = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0]
        vector: NDArray[np.float32] = vectors[0] / np.linalg.norm(vectors[0])
        return vector
