"""Measures an export's runtimes on the processor at hand and chooses those that embed passages and questions.

Speed counts only at equal quality: a runtime whose vectors differ from the reference's is refused. Questions never go
to OpenVINO: onnxruntime starts in half the time and takes half the memory (121 MB against 261 after the first question).
"""

import contextlib
import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.generations import OnProgress
from index.models.embedders import ExportedEncoder, Measured, load_encoder
from index.models.runtimes import RuntimeName

STAGE = "measuring runtimes"
# float32 arithmetic in another order moves a cosine by 1e-6; pooling or a prompt left out moves it by 1e-3 and more.
LEAST_COSINE = 0.9999
# Two of a hundred neighbours may change. bf16 changed 0.4; int8 as onnxruntime makes it by itself 1.7 to 9.
LEAST_OVERLAP = 0.98
# Of a question's, which are only candidates, three may.
_LEAST_ASKED = 0.97
# Timed in turn and the best taken, since other work on the machine only ever slows.
_ROUNDS = 2
_TIMED = 48
_QUESTIONS = 30
# A second runtime must be worth its memory.
_WORTH = 1.15


def measure(folder: Path, texts: Sequence[str], reference: NDArray[np.float32], progress: OnProgress) -> list[Measured]:
    """How each runtime does on `texts`, against `reference`: their vectors, rows of length 1.

    Loads all runtimes at once and times them in turn, so that what else the machine does hits all alike.
    """
    threads = len(os.sched_getaffinity(0))
    names = [name for name in RuntimeName if name.installed and (folder / name.file).is_file()]
    best: dict[RuntimeName, float] = dict.fromkeys(names, float("inf"))
    waited: dict[RuntimeName, list[float]] = {name: [] for name in names}
    timed = sorted(texts, key=len)[-_TIMED * 2 :][::2]  # of full length, as passages are
    asked = [text[:60] for text in timed[:_QUESTIONS]]
    progress(STAGE, 0, _ROUNDS)
    with contextlib.ExitStack() as stack:
        encoders: dict[RuntimeName, ExportedEncoder] = {}
        for name in names:
            encoder = load_encoder(folder, runtime=name, threads=threads, unchecked=True)
            encoders[name] = stack.enter_context(contextlib.closing(encoder))
        found = {name: encoders[name].encode_sentences(texts) for name in names}
        # encode_passages refuses what is too long; in the speed of the rest that changes nothing.
        fitting = [text for text in timed if encoders[RuntimeName.ONNX].fits(text)] or ["A strike ends."]
        for round_ in range(_ROUNDS):
            for name in names:
                begun = time.perf_counter()
                encoders[name].encode_passages(fitting)
                best[name] = min(best[name], time.perf_counter() - begun)
                for text in asked:
                    begun = time.perf_counter()
                    encoders[name].encode_question(text)
                    waited[name].append(time.perf_counter() - begun)
            progress(STAGE, round_ + 1, _ROUNDS)
    rows = []
    for name in names:
        overlap, cosine = quality(reference, found[name], asking=name is RuntimeName.ONNX_INT8)
        rows.append(
            Measured(
                runtime=name,
                passages_per_second=round(len(fitting) / best[name], 1),
                question_ms=round(statistics.median(waited[name]) * 1e3, 2),
                overlap=round(overlap, 4),
                cosine=round(cosine, 6),
                refused=_refusal(name, overlap, cosine),
            )
        )
    return rows


def choose(rows: Sequence[Measured]) -> RuntimeName:
    """The runtime for bulk: the fastest that isn't refused, if it is clearly faster than onnxruntime in float32."""
    usable = {
        row.runtime: row.passages_per_second for row in rows if not row.refused and row.runtime != RuntimeName.ONNX_INT8
    }
    if RuntimeName.ONNX not in usable:
        raise ModelError("onnxruntime gives other vectors than it should; choose another [embedding] model.")
    fastest = max(usable, key=lambda name: (usable[name], name == RuntimeName.ONNX))
    return RuntimeName(fastest if usable[fastest] >= _WORTH * usable[RuntimeName.ONNX] else RuntimeName.ONNX)


def choose_for_questions(rows: Sequence[Measured]) -> RuntimeName:
    """The runtime for questions: int8 where it isn't refused and clearly faster, else float32; onnxruntime's, both."""
    took = {row.runtime: row.question_ms for row in rows if not row.refused}
    worth = took.get(RuntimeName.ONNX_INT8, float("inf")) * _WORTH <= took.get(RuntimeName.ONNX, 0.0)
    return RuntimeName.ONNX_INT8 if worth else RuntimeName.ONNX


def quality(
    reference: NDArray[np.float32], vectors: NDArray[np.float32], *, asking: bool = False
) -> tuple[float, float]:
    """The share of each text's ten nearest others that both agree on, and the lowest cosine of a text with its reference.

    Rows of length 1. Those that only ask are near to the reference's, else to each other. A damaged vector (not a number)
    gives a cosine of -1.
    """
    cosines = np.einsum("ij,ij->i", reference, vectors)
    cosine = float(np.min(np.nan_to_num(cosines, nan=-1.0), initial=1.0))
    k = min(10, len(reference) - 1)
    if k < 1:
        return 1.0, cosine
    ours, theirs = _nearest(vectors, reference if asking else vectors, k), _nearest(reference, reference, k)
    shared = [len(set(a) & set(b)) for a, b in zip(ours.tolist(), theirs.tolist(), strict=True)]
    return statistics.fmean(shared) / k, cosine


def _refusal(name: RuntimeName, overlap: float, cosine: float) -> str:
    if name.exact and cosine < LEAST_COSINE:
        return f"its vectors differ from the reference's (cosine {cosine:.4f}, at least {LEAST_COSINE})"
    least = _LEAST_ASKED if name is RuntimeName.ONNX_INT8 else LEAST_OVERLAP
    if overlap < least:
        return f"it finds {overlap:.1%} of the reference's ten nearest, under {least:.0%}"
    return ""


def _nearest(vectors: NDArray[np.float32], others: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    cosines = vectors @ others.T
    np.fill_diagonal(cosines, -2.0)
    nearest: NDArray[np.int64] = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
    return nearest
