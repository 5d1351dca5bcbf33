"""Runs an exported model: word-piece numbers and their mask go in, one vector a text comes out.

A session may be called by many threads at once. onnxruntime shares each call among the cores, or in int8 keeps to one, as
OpenVINO does; `callers` says how many calls at once keep all busy. Cutting texts into word pieces, and the length of the
vectors, are the encoder's business.
"""

import threading
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.generations import REINDEX
from index.models.libraries import onnx_session, short

ONNX_FILE = "model.onnx"
ONNX_WEIGHTS = "model.onnx.data"
INT8_FILE = "questions.onnx"
INT8_WEIGHTS = "questions.onnx.data"
OPENVINO_FILE = "openvino.xml"
OPENVINO_WEIGHTS = "openvino.bin"


class RuntimeName(StrEnum):
    """A runtime and its precision. int8 is for one text at a time, as questions are; see `question_graph`."""

    ONNX = "onnx"
    ONNX_INT8 = "onnx-int8"
    OPENVINO = "openvino"
    OPENVINO_BF16 = "openvino-bf16"

    @property
    def exact(self) -> bool:
        """Whether it reckons in float32, and so must give sentence-transformers' vectors."""
        return self in (RuntimeName.ONNX, RuntimeName.OPENVINO)

    @property
    def installed(self) -> bool:
        return find_spec("openvino" if self.startswith("openvino") else "onnxruntime") is not None

    @property
    def file(self) -> str:
        """The export's file that it runs."""
        return {RuntimeName.ONNX: ONNX_FILE, RuntimeName.ONNX_INT8: INT8_FILE}.get(self, OPENVINO_FILE)


class Session(Protocol):
    """`run` takes ids and mask, both (batch, length) of int64, and gives (batch, dimensions). Thread-safe."""

    callers: int

    def run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]: ...

    def close(self) -> None: ...


def open_session(folder: Path, runtime: RuntimeName, threads: int) -> Session:
    """Loads the export in `folder`, to use `threads` cores. ModelError where it can't be loaded."""
    if not runtime.installed:
        raise ModelError(
            f"The runtime “{runtime}” is not installed; install the project's requirements "
            "or set [embedding] runtime = “auto”."
        )
    try:
        if runtime is RuntimeName.ONNX:
            return OnnxSession(folder, threads)
        return Int8Session(folder) if runtime is RuntimeName.ONNX_INT8 else OpenVinoSession(folder, runtime, threads)
    except Exception as error:
        # Both runtimes raise classes of their own, and more than one for the same damage.
        raise ModelError(
            f"The exported model in {folder} can't be loaded by “{runtime}” ({short(error)}); delete that folder and {REINDEX}."
        ) from error


class OnnxSession:
    """onnxruntime in float32."""

    callers = 1

    def __init__(self, folder: Path, threads: int) -> None:
        # All cores a call: alone, a question took a quarter less time than with one, and eight askers together took the same.
        self._session = onnx_session(folder / ONNX_FILE, threads=threads)

    def run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        vectors: NDArray[np.float32] = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors

    def close(self) -> None:
        self._session = None


class Int8Session:
    """onnxruntime with the graph for questions: a text a call, since padding isn't known to it."""

    callers = 1

    def __init__(self, folder: Path) -> None:
        # With two cores a call it took as long as with one; what onnxruntime would still do to the graph is no gain.
        self._session = onnx_session(folder / INT8_FILE, optimise="none")

    def run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        read = [one[there != 0][np.newaxis] for one, there in zip(ids, mask, strict=True)]
        made = [self._session.run(None, {"input_ids": one, "attention_mask": np.ones_like(one)})[0] for one in read]
        vectors: NDArray[np.float32] = np.concatenate(made)
        return vectors

    def close(self) -> None:
        self._session = None


class OpenVinoSession:
    """OpenVINO in float32 or bf16; on a processor without bf16 it falls back to float32 by itself."""

    def __init__(self, folder: Path, runtime: RuntimeName, threads: int) -> None:
        import openvino

        self.callers = threads

        precision = "f32" if runtime.exact else "bf16"
        # One stream a thread: two batches side by side, each on its core, instead of both cores on each batch.
        properties = {
            "INFERENCE_PRECISION_HINT": precision,
            "PERFORMANCE_HINT": "THROUGHPUT",
            "NUM_STREAMS": str(threads),
            "INFERENCE_NUM_THREADS": str(threads),
        }
        self._model: Any = openvino.Core().compile_model(str(folder / OPENVINO_FILE), "CPU", properties)
        self._local = threading.local()
        # Two threads that make the binding's first call at once wait for each other for ever: one holds the guard of a
        # C++ static and wants the interpreter lock, the other the reverse. So the first call is made here, by one.
        self.run(np.zeros((1, 8), np.int64), np.ones((1, 8), np.int64))

    def run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        request = getattr(self._local, "request", None)
        if request is None:  # a request holds the state of one call, so each thread has its own
            request = self._local.request = self._model.create_infer_request()
        request.infer({"input_ids": ids, "attention_mask": mask}, share_inputs=True)
        vectors: NDArray[np.float32] = request.get_output_tensor(0).data.astype(
            np.float32
        )  # copies: the next call overwrites it
        return vectors

    def close(self) -> None:
        self._local = threading.local()
        self._model = None
