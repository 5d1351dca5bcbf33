"""Turns the passages' vectors into the one file that `dense` searches, and measures what it finds.

Chooses the kind by the number of passages, trains it, picks for IVF how many lists a search compares, and writes
all of it with checksums. Making the vectors, and making the written file durable, are left to others.

The same vectors give the same bytes: seeds are fixed, and nothing of the clock is written.
"""

import math
import os
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import faiss
import numpy as np
from numpy.typing import NDArray

from index.dense import DenseFacts, DenseKind, Trailer
from index.errors import StorageError

# The borders of AUTO: what adds at most 0.7 ms to a question. With 384 dimensions, one core of a busy server took
# for 1,000 vectors 0.17 ms exactly and 0.07 ms in SQ8 (a quiet one 0.07 and 0.02), and for 20,000 in IVF 0.4 ms.
FLAT_AT_MOST = 4_000
SQ8_AT_MOST = 10_000
# Below this IVF would have too few lists to be worth it: exact search is then used instead.
IVF_AT_LEAST = 4_000
# IVF compares as many lists as reach this recall@10 on the sample; with all lists, 8 bits reach 0.98 to 0.995.
# The promise is 0.95 at a million: the rest is for the sample's error and for questions unlike it.
RECALL_WANTED = 0.97
# Where very similar vectors crowd, 8 bits miss even that with all lists, and more lists are no help. With fewer
# lists than _PLATEAU_FROM a small gain may be chance; 0.003 is less than the sample's standard error.
_PLATEAU = 0.003
_PLATEAU_FROM = 16

# Lists for each square root of the count, vectors for each list to learn from, rounds of k-means: at 100,000
# vectors these train in 2.7 s of processor time; 4, 40 and 6 take 9 s and search as fast at the same recall.
_LISTS = 3
_TRAINING_PER_LIST = 30
_ROUNDS = 5
_SAMPLE = 256  # queries to measure with: 2,560 hits, a standard error of about 0.004
_NEAREST = 10
# How far a sample query is moved from its passage, in units of the vectors' own spread. At 1.4 its nearest passage
# has a cosine of 0.59 with it, as with real questions (median over 244 news questions), and IVF needs about as many
# lists for both (16 to 27 against 18, for a recall of 0.96 in 1,265 lists); 1.6 is on the safe side where vectors crowd.
_DISTANCE = 1.6
_SPREAD_ROWS = 2_048  # rows that stand for the spread of all
_SEED = 20230714
_BATCH = 65_536  # vectors in hand at once: 100 MB at 384 dimensions


def build_dense(vectors: NDArray[np.float32], path: Path, *, kind: DenseKind = DenseKind.AUTO) -> DenseFacts:
    """Writes the vector file of the passages, whose numbers are the rows of `vectors`, unit vectors each.

    `vectors` may be mapped into memory; beside it, this holds the compressed copy, and for IVF 30 vectors a list to
    learn from. Recall is measured on `sample_queries`. A million vectors of 384 dimensions take about 70 seconds of
    processor time, shared by all cores. Raises StorageError where the file can't be written.
    """
    if vectors.ndim != 2 or vectors.dtype != np.float32 or vectors.shape[1] == 0:
        raise ValueError(f"vectors are float32 rows, not {vectors.dtype} of shape {vectors.shape}")
    count, dimensions = vectors.shape
    chosen = suitable_kind(kind, count)
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(len(os.sched_getaffinity(0)))
    try:
        built = _filled(vectors, chosen)
        recall, nprobe = 1.0, 0
        if chosen is not DenseKind.FLAT:
            recall, nprobe = _measured(built, vectors, sample_queries(vectors), chosen)
    finally:
        faiss.omp_set_num_threads(threads)
    nlist = built.nlist if chosen is DenseKind.IVF else 0
    payload = count * (built.code_size + 8 * (chosen is DenseKind.IVF))
    facts = DenseFacts(kind, chosen, count, dimensions, recall, nlist, nprobe)
    _write(built, path, payload, facts)
    return facts


def suitable_kind(asked: DenseKind, count: int) -> DenseKind:
    """The kind to build for so many vectors: AUTO decided, and what can't be trained on so few replaced by FLAT."""
    if asked is DenseKind.AUTO:
        if count <= FLAT_AT_MOST:
            return DenseKind.FLAT
        return DenseKind.SQ8 if count <= SQ8_AT_MOST else DenseKind.IVF
    least = {DenseKind.IVF: IVF_AT_LEAST, DenseKind.SQ8: 1}.get(asked, 0)
    return asked if count >= least else DenseKind.FLAT


def sample_queries(vectors: NDArray[np.float32], size: int = _SAMPLE) -> NDArray[np.float32]:
    """Unit vectors that lie to the passages as questions do: rows, moved by noise of the vectors' own covariance.

    Random directions would say nothing: in 384 dimensions they are orthogonal to everything. Differences of two rows
    flatter the recall, since the sum lies close to one of them.
    """
    rng = np.random.default_rng(_SEED)
    rows = np.asarray(vectors[rng.integers(0, len(vectors), size)])
    others = np.asarray(vectors[rng.integers(0, len(vectors), _SPREAD_ROWS)])
    others = others - others.mean(axis=0)
    weights = rng.standard_normal((size, _SPREAD_ROWS), dtype=np.float32) / np.float32(math.sqrt(_SPREAD_ROWS))
    moved = rows + np.float32(_DISTANCE) * (weights @ others)
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    unit: NDArray[np.float32] = moved / np.where(lengths > 0, lengths, np.float32(1))
    return unit


def exact_nearest(
    vectors: NDArray[np.float32], queries: NDArray[np.float32], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each query the rows of its k greatest inner products, and these, in no order; all where there are fewer than k."""
    rows = np.empty((len(queries), 0), np.int64)
    best = np.empty((len(queries), 0), np.float32)
    for first in range(0, len(vectors), _BATCH):
        scores = queries @ vectors[first : first + _BATCH].T
        places = np.argpartition(scores, -min(k, scores.shape[1]), axis=1)[:, -k:]
        rows = np.concatenate([rows, first + places], axis=1)
        best = np.concatenate([best, np.take_along_axis(scores, places, axis=1)], axis=1)
        kept = np.argpartition(best, -min(k, best.shape[1]), axis=1)[:, -k:]
        rows, best = np.take_along_axis(rows, kept, axis=1), np.take_along_axis(best, kept, axis=1)
    return rows, best


def _filled(vectors: NDArray[np.float32], kind: DenseKind) -> Any:
    """FAISS's object with all vectors in it."""
    count, dimensions = vectors.shape
    built: Any
    if kind is DenseKind.FLAT:
        built = faiss.IndexFlatIP(dimensions)
    elif kind is DenseKind.SQ8:
        built = faiss.IndexScalarQuantizer(dimensions, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
        built.train(_reach(vectors))
    else:
        nlist = min(round(_LISTS * math.sqrt(count)), count // _TRAINING_PER_LIST)
        lists = faiss.IndexFlatIP(dimensions)
        built = faiss.IndexIVFScalarQuantizer(
            lists, dimensions, nlist, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT, False
        )
        built.cp.seed, built.cp.niter = _SEED, _ROUNDS
        built.cp.min_points_per_centroid = _TRAINING_PER_LIST  # it would warn below 39, on standard error
        rng = np.random.default_rng(_SEED)
        rows = np.sort(rng.choice(count, nlist * _TRAINING_PER_LIST, replace=False))
        built.train(np.asarray(vectors[rows]))
        built.sq.train(_reach(vectors))  # of the sample alone, vectors unlike it would be cut off
    for first in range(0, count, _BATCH):
        built.add(np.ascontiguousarray(vectors[first : first + _BATCH]))
    return built


def _reach(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The least and the greatest value of each dimension: all that 8 bits learn."""
    return np.stack([_over(vectors, np.minimum), _over(vectors, np.maximum)])


def _over(vectors: NDArray[np.float32], least_or_greatest: np.ufunc) -> NDArray[np.float32]:
    """The least or greatest value of each dimension, without holding a copy of the vectors."""
    parts = [least_or_greatest.reduce(vectors[i : i + _BATCH], axis=0) for i in range(0, len(vectors), _BATCH)]
    extreme: NDArray[np.float32] = least_or_greatest.reduce(parts, axis=0)
    return extreme


def _measured(
    built: Any, vectors: NDArray[np.float32], queries: NDArray[np.float32], kind: DenseKind
) -> tuple[float, int]:
    """Recall@10 on the queries and, for IVF, the fewest lists that reach the recall wanted (else 0)."""
    k = min(_NEAREST, len(vectors))
    nearest, best = exact_nearest(vectors, queries, k)
    borders = best.min(axis=1)

    def recall(nprobe: int) -> float:
        params: Any = None
        if nprobe:
            params = faiss.SearchParametersIVF()
            params.nprobe = nprobe
        numbers = built.search(queries, k, params=params)[1]
        # By score, not by number: of equal texts either one is right. 1e-6 is a few units of the last place near 1.
        scores = np.einsum("qd,qkd->qk", queries, vectors[np.maximum(numbers, 0)])
        return float(np.mean((scores >= borders[:, None] - 1e-6) & (numbers >= 0)))

    if kind is not DenseKind.IVF:
        return recall(0), 0
    # So many lists hold the nearest; then more while 8 bits a dimension let them find more.
    lists = _lists_needed(built, vectors, queries, nearest)
    found = recall(lists)
    while found < RECALL_WANTED and lists < built.nlist:
        more = min(lists + 1 + lists // 4, built.nlist)
        before, found = found, recall(more)
        lists = more
        if lists >= _PLATEAU_FROM and found < before + _PLATEAU:
            break
    return found, lists


def _lists_needed(
    built: Any, vectors: NDArray[np.float32], queries: NDArray[np.float32], nearest: NDArray[np.int64]
) -> int:
    """How many lists, nearest first, hold the wanted share of the queries' nearest rows; tried, each would cost a search."""
    order = built.quantizer.search(queries, built.nlist)[1]
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(built.nlist)[None, :], axis=1)
    lists = built.quantizer.search(np.asarray(vectors[nearest.ravel()]), 1)[1].reshape(nearest.shape)
    ranks = np.take_along_axis(rank, lists, axis=1)
    return 1 + int(np.quantile(ranks, RECALL_WANTED, method="inverted_cdf"))


class _Sink:
    """Takes FAISS's bytes. FAISS's own writer reports a full disk on standard error only and returns as if all were well."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.bytes = 0
        self.crc = 0

    def write(self, part: bytes) -> None:
        self._file.write(part)
        self.bytes += len(part)
        self.crc = zlib.crc32(part, self.crc)


def _write(built: Any, path: Path, payload: int, facts: DenseFacts) -> None:
    """Writes FAISS's part, whose last `payload` bytes are the vectors, and our trailer."""
    try:
        with path.open("w+b") as file:
            sink = _Sink(file)
            writer = faiss.PyCallbackIOWriter(sink.write, 1 << 20)  # type: ignore[attr-defined]  # not in its stubs
            faiss.write_index(built, writer)
            structure = sink.bytes - payload
            file.seek(0)
            crc = zlib.crc32(file.read(structure))
            file.seek(0, os.SEEK_END)
            trailer = Trailer(
                **asdict(facts),
                structure_bytes=structure,
                structure_crc=crc,
                faiss_bytes=sink.bytes,
                faiss_crc=sink.crc,
            )
            file.write(trailer.to_bytes())
    except OSError as error:
        raise StorageError(
            f"{path} can't be written ({error.strerror}); free some space or check its permissions"
        ) from error
