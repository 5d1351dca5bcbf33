"""Makes a generation from the article folder: reads what changed, cuts, embeds what is unseen, writes, verifies, publishes.

Unchanged articles are taken over from the generation in use without being parsed, and unchanged text is never embedded
again. Runs under the build lock; a kill at any moment leaves the generation in use as it was.
"""

import hashlib
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.article import text_digest
from corpus.files import ArticleFolder
from index.config import IndexFile
from index.cutting import Cutter
from index.dense import DenseFacts, DenseSearcher
from index.dense_build import build_dense
from index.doubts.later_events import Teller, later_doubts
from index.doubts.told_records import load_events
from index.errors import BuildError, DamagedError, EngineError, StorageError
from index.generations import Failure, Generations, Manifest, OnProgress, file_sizes, file_sums
from index.lexical import LexicalSearcher, Posting, PostingsWriter, question_terms
from index.models.embedders import Encoder
from index.passages import embedded_text
from index.plans import Plan, Planned, make_plan, scheme_of
from index.tables import ArticleRow, PassageRow, TableReader, TableWriter
from index.vectors import VectorCache

# Vectors are kept batch by batch, so that a kill loses at most this many: about ten seconds of encoding.
_EMBED_BATCH = 1_024
_CANARIES = 5
# Fresh articles whose texts are looked up, to see whether any will be embedded: where these are known, so are the others.
_LOOKED_AT = 50


class EncoderSource(Protocol):
    """Where the builder has its encoder from; nothing is loaded before it is asked for."""

    def model(self) -> str:
        """The model with its revision: the key of its vectors."""

    def prepare(self, progress: OnProgress) -> None:
        """What is done once, by whoever indexes, so that nobody who asks waits for it."""

    def encoder(self, progress: OnProgress) -> Encoder: ...


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a reindex did. `published` is False where nothing had changed and the generation in use stays.

    `remarks` are sentences on what could not be tidied up afterwards.
    """

    generation: int
    published: bool
    articles: int
    passages: int
    failures: tuple[Failure, ...]
    seconds: float
    added: int = 0
    removed: int = 0
    changed: int = 0
    embedded: int = 0
    stages: dict[str, float] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Builder:
    """Brings the index up to date with a folder of articles."""

    settings: IndexFile
    folder: ArticleFolder
    generations: Generations
    cache: VectorCache
    encoders: EncoderSource

    def build(self, *, full: bool, whom: str, now: datetime, progress: OnProgress) -> BuildReport:
        """Makes and publishes a generation where anything has changed. The caller holds the build lock.

        An article that can't be read is left out and told in `failures`; the others are indexed. Raises EngineError, and
        leaves the generation in use, where no generation can be made.
        """
        watch = _Watch()
        scheme = scheme_of(self.settings)
        model = self.encoders.model()
        self.encoders.prepare(progress)
        previous, manifest = _previous(self.generations)
        try:
            usable = manifest is not None and not full and (manifest.model, manifest.scheme) == (model, scheme)
            plan = make_plan(self.folder, previous if usable else None, manifest, progress)
            watch.stage("reading")
            if plan.nothing_new and manifest is not None:
                return BuildReport(
                    manifest.number, False, manifest.articles, manifest.passages, plan.failures, watch.total()
                )
            number, building = self.generations.begin()
            with _swept(building):
                maker = _Maker(self, building, progress, watch)
                passages, dense, embedded = maker.make(plan, previous if usable else None)
                watch.stage("verifying")
                added, removed, changed = _changes(previous, building)
                report = Manifest(
                    number=number,
                    made_at=now.isoformat(timespec="seconds"),
                    made_for=whom,
                    model=model,
                    dimensions=dense.dimensions,
                    scheme=scheme,
                    articles=len(plan.articles),
                    passages=passages,
                    added=added,
                    removed=removed,
                    changed=changed,
                    failures=plan.failures,
                    dense=dense,
                    files=file_sizes(building),
                    sums=file_sums(building),
                )
                self.generations.publish(report, building)
            remarks = self._tidied(maker.digests if full else None)
            watch.stage("publishing")
            return BuildReport(
                number,
                True,
                report.articles,
                passages,
                report.failures,
                watch.total(),
                added,
                removed,
                changed,
                embedded,
                watch.stages,
                remarks,
            )
        finally:
            if previous is not None:
                previous.close()

    def _tidied(self, digests: Sequence[bytes] | None) -> tuple[str, ...]:
        """Prunes generations, and with `digests` the kept vectors; a sentence for what fails, since the new one is in use."""
        remarks: list[str] = []
        try:
            self.generations.prune(self.settings.storage.generations)
            left = self.generations.sweep()
            remarks += [f"{place} can't be deleted; check its permissions, or delete it." for place in left]
            if digests is not None:
                self.cache.prune(digests)
        except StorageError as error:
            remarks.append(str(error))
        return tuple(remarks)


class _Watch:
    """Seconds by stage, for the report."""

    def __init__(self) -> None:
        self._begun = self._last = time.perf_counter()
        self.stages: dict[str, float] = {}

    def stage(self, name: str) -> None:
        now = time.perf_counter()
        self.stages[name] = round(self.stages.get(name, 0.0) + now - self._last, 3)
        self._last = now

    def total(self) -> float:
        return time.perf_counter() - self._begun


@contextmanager
def _swept(building: Path) -> Iterator[None]:
    """Removes the unpublished folder where building fails; after a kill, the next build sweeps it."""
    try:
        yield
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _previous(generations: Generations) -> tuple[TableReader | None, Manifest | None]:
    """The generation in use, or nothing where there is none or it is damaged: then all is made anew."""
    try:
        folder = generations.folder(generations.current())
        manifest = Manifest.read(folder)
        manifest.verify(folder)  # else what was altered is taken over, or "nothing changed" leaves it as it is
        return TableReader(folder / "passages.db"), manifest
    except EngineError:
        return None, None


class _Maker:
    """Writes the files of one generation into its folder."""

    def __init__(self, builder: Builder, building: Path, progress: OnProgress, watch: _Watch) -> None:
        self._settings = builder.settings
        self._cache = builder.cache
        self._encoders = builder.encoders
        self._model = builder.encoders.model()
        self._building = building
        self._progress = progress
        self._watch = watch
        self.digests: list[bytes] = []
        self._tellers: list[Teller] = []

    def make(self, plan: Plan, previous: TableReader | None) -> tuple[int, DenseFacts, int]:
        """The number of passages, what is known of their vectors, and how many were embedded."""
        table = self._building / "passages.db"
        with ThreadPoolExecutor(2, thread_name_prefix="building") as beside:
            postings = PostingsWriter(self._building / "postings")
            try:
                count = self._write(plan.articles, previous, table, postings, beside)
            except BaseException:
                postings.abandon()
                raise
            closed = beside.submit(postings.close)  # it is behind, and catches up while the vectors are made
            self._watch.stage("cutting")
            reader = TableReader(table)
            try:
                vectors, embedded = self._vectors(reader, count)
                self._watch.stage("embedding")
                self._progress("vectors", 0, 1)
                dense = build_dense(vectors, self._building / "vectors.faiss", kind=self._settings.dense.kind)
                closed.result()
                self._progress("vectors", 1, 1)
                self._watch.stage("vectors")
                self._verify(reader, vectors, count)
            finally:
                reader.close()
        return count, dense, embedded

    def _write(
        self,
        planned: Sequence[Planned],
        previous: TableReader | None,
        table: Path,
        postings: PostingsWriter,
        beside: Executor,
    ) -> int:
        """Writes articles and passages, and gives how many passages there are."""
        writer = TableWriter(table)
        try:
            first = 0
            for row, (kept, passages) in enumerate(self._kept(planned, previous, beside)):
                writer.add(row, kept, first, passages)
                if kept.told:
                    events = load_events(kept.told)
                    teller = Teller(row, kept.collection, kept.published, text_digest(kept.text), kept.doubt, events)
                    self._tellers.append(teller)
                self.digests += _digests(kept, passages)
                for number, passage in enumerate(passages, start=first):
                    postings.add(Posting(number, row, kept.collection, kept.published, kept.heading, passage.text))
                first += len(passages)
            writer.doubt(later_doubts(self._tellers))
            writer.close()
        except BaseException:
            writer.abandon()
            raise
        return first

    def _kept(
        self, planned: Sequence[Planned], previous: TableReader | None, beside: Executor
    ) -> Iterator[tuple[ArticleRow, list[PassageRow]]]:
        """The articles as they are kept, with their passages: taken over, or cut anew."""
        cutter: Cutter | None = None
        looks_left = _LOOKED_AT
        taken_over = [one.source for one in planned if isinstance(one.source, int)]
        if taken_over and previous is None:
            raise BuildError("An article is neither new nor known; run “python -m index reindex --full”.")
        known_rows = previous.read(taken_over) if previous else iter(())
        for row, one in enumerate(planned):
            if row % 16 == 0:
                self._progress("cutting", row, len(planned))
            if isinstance(one.source, int):
                kept, passages = next(known_rows)
                if (kept.size, kept.modified) != (one.stamp.size, one.stamp.modified):
                    kept = replace(kept, size=one.stamp.size, modified=one.stamp.modified)
            else:
                encoder = self._encoders.encoder(self._progress)
                if cutter is None:
                    cutter = Cutter(encoder, self._settings.passages)
                kept, passages = cutter.cut(one.source, one.stamp, one.file_digest)
                if looks_left:
                    looks_left -= 1
                    if not self._cache.lookup(self._model, _digests(kept, passages))[0].all():
                        # Loads the model; what fails there fails again where it embeds, and is told then.
                        beside.submit(encoder.encode_passages, [])
                        looks_left = 0
            yield kept, passages
        self._progress("cutting", len(planned), len(planned))

    def _vectors(self, reader: TableReader, count: int) -> tuple[NDArray[np.float32], int]:
        """The vector of every passage: from the cache, and for unseen text from the model, batch by batch."""
        found, vectors = self._cache.lookup(self._model, self.digests)
        missing = np.flatnonzero(~found)
        if not len(missing) and count:
            return vectors, 0
        encoder = self._encoders.encoder(self._progress)
        if not count:
            return np.empty((0, encoder.dimensions), np.float32), 0
        if vectors.shape[1] not in (0, encoder.dimensions):
            raise DamagedError(
                f"The kept vectors of {self._model} have {vectors.shape[1]} dimensions and the model makes "
                f"{encoder.dimensions}; delete embeddings.db and run “python -m index reindex --full”."
            )
        if not vectors.shape[1]:
            vectors = np.empty((count, encoder.dimensions), np.float32)
        seen: dict[bytes, int] = {}
        unique = [number for number in missing.tolist() if seen.setdefault(self.digests[number], number) == number]
        for start in range(0, len(unique), _EMBED_BATCH):
            batch = unique[start : start + _EMBED_BATCH]
            passages = reader.passages_of(batch)
            texts = [embedded_text(passages[number][0].heading, passages[number][0].text) for number in batch]
            made = encoder.encode_passages(
                texts,
                lambda done, start=start: self._progress("embedding", start + done, len(unique)),  # type: ignore[misc]
            )
            digests = [self.digests[number] for number in batch]
            self._cache.store(self._model, digests, made)
            # As they are kept, rounded: the same articles give the same generation whenever they were embedded.
            vectors[batch] = self._cache.lookup(self._model, digests)[1]
        for number in missing.tolist():
            vectors[number] = vectors[seen[self.digests[number]]]
        self._progress("embedding", len(unique), len(unique))
        return vectors, len(unique)

    def _verify(self, reader: TableReader, vectors: NDArray[np.float32], count: int) -> None:
        """Counts agree, passages are slices, and canary passages find their article by words and by vector."""
        self._progress("verifying", 0, 1)
        postings = LexicalSearcher(self._building / "postings")
        dense = DenseSearcher.open(self._building / "vectors.faiss", dimensions=vectors.shape[1], count=count)
        try:
            if not reader.verify() == postings.count == len(vectors) == count:
                raise BuildError(
                    f"The new generation's {count} passages, postings and vectors don't agree; the one in use stays."
                )
            for number in np.linspace(0, count - 1, min(count, _CANARIES), dtype=int).tolist():
                passage = reader.passages_of([number])[number][0]
                hits = postings.run(question_terms(passage.text), 50, collections=None, withdrawn=frozenset()).hits
                # Where many passages say the same, any of them may come first: the score tells.
                if question_terms(passage.text) and not hits:
                    raise BuildError(
                        f"Passage {number} of the new generation isn't found by its words; the one in use stays."
                    )
                numbers, scores = dense.search(vectors[number], 1)
                if not len(numbers) or float(scores[0]) < float(vectors[number] @ vectors[number]) - 0.05:
                    raise BuildError(
                        f"Passage {number} of the new generation isn't found by its vector; the one in use stays."
                    )
        finally:
            dense.close()
        self._progress("verifying", 1, 1)


def _digests(article: ArticleRow, passages: Sequence[PassageRow]) -> list[bytes]:
    """By what the vectors of an article's passages are known."""
    return [hashlib.sha256(embedded_text(article.heading, one.text).encode()).digest() for one in passages]


def _changes(previous: TableReader | None, building: Path) -> tuple[int, int, int]:
    """How many articles came, went and changed since the generation in use."""
    before = previous.digests() if previous else {}
    reader = TableReader(building / "passages.db")
    try:
        after = reader.digests()
    finally:
        reader.close()
    changed = sum(1 for key, digest in after.items() if before.get(key, digest) != digest)
    return len(after.keys() - before.keys()), len(before.keys() - after.keys()), changed
