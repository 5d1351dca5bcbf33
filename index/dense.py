"""Searches the passages' vectors for those nearest a query vector: one immutable file, opened read only, and who may be found.

The file is what `dense_build` wrote: FAISS's own format, which `faiss.read_index` reads as it is, followed by a
trailer of ours (see `Trailer`). Making the vectors, choosing a kind and fusing the run with others are left to others.

Two things FAISS does not promise are added here: hits of equal score come in order of their passage number, and a
search never starts threads of its own (a pool of FAISS's beside those of the encoder turned 1 ms into 5 ms).
"""

import json
import struct
import threading
import zlib
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedError, StorageError

# The trailer ends the file: its JSON, the JSON's length and CRC-32, then these eight bytes.
_MAGIC = b"PICKVEC1"
_TRAILER = struct.Struct("<II8s")
# Above this many bytes, opening reads no further than the part that could mislead FAISS. A CRC-32 runs at about
# 1 GB/s, so this bounds opening at about 60 ms; 100,000 passages of 384 dimensions in SQ8 are 38 MB.
CHECKED_ON_OPENING = 64 << 20
# FAISS breaks ties at the border of the list in an order of its own. Asking for a few more shows whether there is such
# a tie; only then is more asked for. 16 covers the usual case, one story carried by a handful of outlets.
_SLACK = 16
# Of so few allowed passages the vectors themselves are kept, 1.5 kB each, and compared: FAISS takes .8 ms of a question to
# pass over 20,000 others, and with that what the caches held. So many of all selections together, the last used: to read 4,000
# takes 5 ms, more than they save where each year that is asked for drives another out.
_FEW, _KEPT = 2_000, 10_000


class DenseKind(StrEnum):
    """How the vectors are kept: the setting `[dense] kind`."""

    AUTO = "auto"  # chosen by the number of passages when built
    FLAT = "flat"  # 4 bytes a dimension, exact
    SQ8 = "sq8"  # 1 byte a dimension, every vector compared
    IVF = "ivf"  # 1 byte a dimension, only the nearest of many lists compared


@dataclass(frozen=True, slots=True)
class DenseFacts:
    """What a vector file holds, and how well it finds. `asked` is what the setting said."""

    asked: DenseKind
    kind: DenseKind  # never AUTO; FLAT where the asked one does not suit so few vectors
    vectors: int
    dimensions: int
    recall: float  # recall@10 against exact search, measured when built; 1 where exact
    nlist: int  # lists of IVF, 0 for other kinds
    nprobe: int  # lists of IVF that a search compares, 0 for other kinds


@dataclass(frozen=True, slots=True)
class Trailer(DenseFacts):
    """What ends a vector file: its facts, and how the part before is checked."""

    structure_bytes: int  # the first part: everything FAISS must trust in order to read the rest
    structure_crc: int
    faiss_bytes: int  # all of FAISS's part
    faiss_crc: int

    def to_bytes(self) -> bytes:
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()
        return text + _TRAILER.pack(len(text), zlib.crc32(text), _MAGIC)


class Selection:
    """Which passages may be found: a bit for each, built once and used by any number of searches and threads.

    Costs `count / 8` bytes, and keeps them alive for FAISS, which borrows them.
    """

    __slots__ = ("_bits", "count", "selector", "size")

    def __init__(self, mask: NDArray[np.bool_]) -> None:
        """`mask[number]` says whether that passage may be found."""
        if mask.ndim != 1 or mask.dtype != np.bool_:
            raise ValueError(f"a selection takes a flat boolean mask, not {mask.dtype} of shape {mask.shape}")
        self.count = len(mask)
        self.size = int(np.count_nonzero(mask))
        self._bits = np.packbits(mask, bitorder="little")
        self.selector: Any = faiss.IDSelectorBitmap(len(self._bits), faiss.swig_ptr(self._bits))

    def numbers(self) -> NDArray[np.int64]:
        """The passages that may be found, ascending."""
        return np.flatnonzero(np.unpackbits(self._bits, count=self.count, bitorder="little"))


class DenseSearcher:
    """One vector file, pinned and read only. Searching is safe from any number of threads."""

    def __init__(self, vectors: Any, facts: DenseFacts) -> None:
        """Takes over an opened FAISS object; use `open`."""
        self._vectors: Any = vectors
        self._few: dict[Selection, tuple[NDArray[np.int64], NDArray[np.float32]]] = {}
        self._keeping = threading.Lock()
        self.facts = facts

    @classmethod
    def open(cls, path: Path, *, dimensions: int, count: int) -> Self:
        """Opens the vectors of `count` passages.

        Mapped into memory, pages of the file count as resident only once they are read, and the kernel may drop them.
        Raises DamagedError where the file is missing, cut short, altered or not of these dimensions and this count;
        in files beyond `CHECKED_ON_OPENING` an altered vector goes unseen, an altered structure does not.
        """
        facts = read_trailer(path)
        if (facts.vectors, facts.dimensions) != (count, dimensions):
            raise _damaged(
                path,
                f"holds {facts.vectors} vectors of {facts.dimensions} dimensions "
                f"where {count} of {dimensions} are expected",
            )
        _check(path, facts)
        flags = 0
        if count:
            flags = faiss.IO_FLAG_MMAP if facts.kind is DenseKind.IVF else faiss.IO_FLAG_MMAP_IFC
        try:
            vectors: Any = faiss.read_index(str(path), flags)
        except (RuntimeError, MemoryError) as error:
            raise _damaged(path, "can't be read by FAISS") from error
        if (vectors.ntotal, vectors.d) != (count, dimensions):
            raise _damaged(path, f"holds {vectors.ntotal} vectors of {vectors.d} dimensions, not what its trailer says")
        if facts.kind is DenseKind.IVF and flags:
            # Mapped lists are read ahead by 32 threads started at every search, unless told not to.
            lists: Any = faiss.downcast_InvertedLists(vectors.invlists)
            lists.prefetch_nthread = 0
        return cls(vectors, facts)

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: Selection | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The `k` passages with the greatest inner product, as numbers and scores, best first, ties by number.

        Fewer come back only where fewer are there or allowed. What `allowed` leaves out is never compared, in
        no kind; of a small selection everything is compared, so that IVF too finds all of it.
        """
        vectors, facts = self._vectors, self.facts
        if vectors is None:
            raise ValueError("this searcher is closed")
        if vector.shape != (facts.dimensions,):
            raise ValueError(f"a query vector has shape ({facts.dimensions},), not {vector.shape}")
        if allowed is not None and allowed.count != facts.vectors:
            raise ValueError(f"a selection among {allowed.count} passages can't be used on {facts.vectors}")
        there = facts.vectors if allowed is None else allowed.size
        wanted = min(k, there)
        if wanted <= 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        selected = allowed if there < facts.vectors else None
        if selected is not None and there <= _FEW and (kept := self._kept(vectors, selected)):
            numbers, rows = kept
            scores = np.einsum("ij,j->i", rows, query[0])  # row by row the same sums, so that equal vectors stay equal
            order = np.lexsort((numbers, -scores))[:wanted]
            return numbers[order], scores[order]
        # OpenMP keeps this number for each thread that calls: setting it once, at start, binds only one of them.
        faiss.omp_set_num_threads(1)
        nprobe = self._nprobe(selected)
        numbers, scores = _ranked(vectors, query, wanted, there, selected, nprobe)
        if len(numbers) < wanted and nprobe:
            numbers, scores = _ranked(vectors, query, wanted, there, selected, facts.nlist)
        return numbers, scores

    def close(self) -> None:
        """Lets go of the file; searches under way in other threads end as they would have."""
        self._vectors = None
        with self._keeping:
            self._few.clear()

    def _kept(self, vectors: Any, selected: Selection) -> tuple[NDArray[np.int64], NDArray[np.float32]] | None:
        """The numbers and vectors of a few passages, as FAISS reads them; None where a damaged file has them no more."""
        with self._keeping:
            if selected not in self._few:
                numbers = selected.numbers()
                try:
                    if self.facts.kind is DenseKind.IVF:
                        vectors.make_direct_map()  # once; where each vector lies, 8 bytes a passage
                    rows = vectors.reconstruct_batch(numbers)
                except RuntimeError:
                    return None
                while self._few and sum(len(kept) for kept, _ in self._few.values()) + len(numbers) > _KEPT:
                    del self._few[next(iter(self._few))]
                self._few[selected] = numbers, rows
            self._few[selected] = kept = self._few.pop(selected)  # the last one used comes last
            return kept

    def _nprobe(self, selected: Selection | None) -> int:
        """How many lists to compare: of a selection as many more as it is smaller, down to all of a small one.

        With a share s allowed, nprobe / s lists hold as many allowed vectors as nprobe lists hold vectors.
        """
        if self.facts.kind is not DenseKind.IVF or selected is None:
            return self.facts.nprobe
        return min(self.facts.nlist, -(-self.facts.nprobe * self.facts.vectors // selected.size))


def read_trailer(path: Path) -> Trailer:
    """What ends the vector file; reads nothing else. Raises DamagedError where there is no whole one."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TRAILER.size))
            end = file.read()
            if len(end) < _TRAILER.size:
                raise _damaged(path, f"is cut short: it has {size} bytes")
            length, crc, magic = _TRAILER.unpack(end)
            if magic != _MAGIC or length + _TRAILER.size > size:
                raise _damaged(path, f"is cut short or not a vector file: it has {size} bytes")
            file.seek(size - _TRAILER.size - length)
            text = file.read(length)
    except FileNotFoundError as error:
        raise _damaged(path, "is missing") from error
    except OSError as error:
        raise StorageError(f"{path} can't be read ({error.strerror}); check its permissions and the disk") from error
    if zlib.crc32(text) != crc:
        raise _damaged(path, "was altered")
    try:
        fields = json.loads(text)
        facts = Trailer(**(fields | {"kind": DenseKind(fields["kind"]), "asked": DenseKind(fields["asked"])}))
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(path, "was written by another version") from error
    if facts.faiss_bytes + length + _TRAILER.size != size:
        raise _damaged(path, f"is cut short: it has {size} bytes")
    return facts


def _check(path: Path, facts: Trailer) -> None:
    """Compares the checksum of FAISS's part, or of its structure alone, which protects FAISS from reading astray."""
    length, expected = facts.faiss_bytes, facts.faiss_crc
    if length > CHECKED_ON_OPENING:
        length, expected = facts.structure_bytes, facts.structure_crc
    crc = 0
    try:
        with path.open("rb") as file:
            while length and (part := file.read(min(length, 1 << 20))):
                crc = zlib.crc32(part, crc)
                length -= len(part)
    except OSError as error:
        raise StorageError(f"{path} can't be read ({error.strerror}); check its permissions and the disk") from error
    if length or crc != expected:
        raise _damaged(path, "was altered")


def _ranked(
    vectors: Any, query: NDArray[np.float32], wanted: int, there: int, selected: Selection | None, nprobe: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The best `wanted` of `there` possible ones in our order; fewer where `nprobe` lists hold fewer."""
    params: Any = faiss.SearchParametersIVF() if nprobe else faiss.SearchParameters()
    if nprobe:
        params.nprobe = nprobe
    if selected is not None:
        params.sel = selected.selector
    asked = min(there, wanted + _SLACK)
    while True:
        found = vectors.search(query, asked, params=params)
        scores, numbers = found[0][0], found[1][0]
        kept = (numbers >= 0) & (numbers < vectors.ntotal)  # FAISS pads short results with −1; a damaged list lies
        scores, numbers = scores[kept], numbers[kept]
        order = np.lexsort((numbers, -scores))
        scores, numbers = scores[order], numbers[order]
        if asked >= there or len(scores) < asked or scores[-1] < scores[wanted - 1]:
            return numbers[:wanted], scores[:wanted]
        asked = min(there, asked * 4)


def _damaged(path: Path, what: str) -> DamagedError:
    return DamagedError(f"{path} {what}; run “python -m index reindex --full”.")
