"""The references that are not sentence-transformers: the exported model by itself, without any of the search."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.models.embedders import TOKENIZER_FILE
from index.models.runtimes import ONNX_FILE


class BareEncoder:
    """Question text → vector: tokenizers and onnxruntime in float32, and nothing else.

    With two threads a call one question alone takes three quarters of the time (7.9 ms against 10.3 on two cores), so
    that is what one question is judged by; eight askers at once get some tenth more done with one thread a call.
    """

    def __init__(self, export: Path, *, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # A pool that spins after its call would slow down what is measured in turn with it.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
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
