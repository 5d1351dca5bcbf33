"""Measures an export's runtimes on the processor at hand and chooses the one that embeds passages.

Speed counts only at equal quality: a runtime whose vectors differ from the reference's is refused. Questions go
to onnxruntime by decision, not by measurement: it starts in half the time and takes half the memory (121 MB against
261 after the first question).
"""

import contextlib
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedders import ExportedEncoder, Measured, load_encoder
from index.errors import ModelError
from index.runtimes import OPENVINO_FILE, RuntimeName

Progress = Callable[[str, int, int], None]

STAGE = "measuring runtimes"
# float32 arithmetic in another order moves a cosine by 1e-6; pooling or a prompt left out moves it by 1e-3 and more.
LEAST_COSINE = 0.9999
# Two of a hundred neighbours may change. bf16 changed 0.4; the int8 forms tried changed 1.7 to 9.
LEAST_OVERLAP = 0.98
# Timed in turn and the best taken, since other work on the machine only ever slows.
_ROUNDS = 2
_TIMED = 48
_QUESTIONS = 30
# A second runtime must be worth its memory.
_WORTH = 1.15
# What makes one arithmetic faster than another; the rest of the flags doesn't.
_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "avx512_fp16", "amx_bf16", "amx_int8", "bf16")


def measure(folder: Path, texts: Sequence[str], reference: NDArray[np.float32], progress: Progress) -> list[Measured]:
    """How each runtime does on `texts`, against `reference`: their vectors, rows of length 1.

    Loads all runtimes at once and times them in turn, so that what else the machine does hits all alike.
    """
    threads = len(os.sched_getaffinity(0))
    names = [name for name in RuntimeName if name.installed and _exported(folder, name)]
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
        overlap, cosine = quality(reference, found[name])
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
    """The runtime for bulk: the fastest that isn't refused, if it is clearly faster than onnxruntime."""
    usable = {row.runtime: row.passages_per_second for row in rows if not row.refused}
    if RuntimeName.ONNX not in usable:
        raise ModelError("onnxruntime gives other vectors than it should; choose another [embedding] model.")
    fastest = max(usable, key=lambda name: (usable[name], name == RuntimeName.ONNX))
    return RuntimeName(fastest if usable[fastest] >= _WORTH * usable[RuntimeName.ONNX] else RuntimeName.ONNX)


def quality(reference: NDArray[np.float32], vectors: NDArray[np.float32]) -> tuple[float, float]:
    """The share of each text's ten nearest others that both agree on, and the lowest cosine of a text with its reference.

    Rows of length 1. A damaged vector (not a number) gives a cosine of -1.
    """
    cosines = np.einsum("ij,ij->i", reference, vectors)
    cosine = float(np.min(np.nan_to_num(cosines, nan=-1.0), initial=1.0))
    k = min(10, len(reference) - 1)
    if k < 1:
        return 1.0, cosine
    ours, theirs = _nearest(vectors, k), _nearest(reference, k)
    shared = [len(set(a) & set(b)) for a, b in zip(ours.tolist(), theirs.tolist(), strict=True)]
    return statistics.fmean(shared) / k, cosine


def processor() -> str:
    """The processor at hand, with the arithmetic it knows and how many of its cores are ours."""
    name, flags = platform.machine(), set[str]()
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                name = value.strip()
            elif key.strip() in ("flags", "Features"):
                flags |= set(value.split())
                break
    known = " ".join(flag for flag in _FLAGS if flag in flags)
    return f"{name}; {len(os.sched_getaffinity(0))} cores; {known}"


def _refusal(name: RuntimeName, overlap: float, cosine: float) -> str:
    if name.exact and cosine < LEAST_COSINE:
        return f"its vectors differ from the reference's (cosine {cosine:.4f}, at least {LEAST_COSINE})"
    if overlap < LEAST_OVERLAP:
        return f"it finds {overlap:.1%} of the reference's ten nearest, under {LEAST_OVERLAP:.0%}"
    return ""


def _nearest(vectors: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2.0)
    nearest: NDArray[np.int64] = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
    return nearest


def _exported(folder: Path, name: RuntimeName) -> bool:
    return name is RuntimeName.ONNX or (folder / OPENVINO_FILE).is_file()
