"""The service layer: questions, searches, reindexing, rollback and status; surfaces call this and nothing below it.

Turns a `Question` into an `Answer` over the generation in use, and follows when another is published, by whichever
process. Leaves parsing of articles to `corpus`, and how an answer looks to the surfaces.
"""

import threading
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from corpus.files import ArticleFolder
from index.answers import judge
from index.concepts import concepts_of, other_terms
from index.config import IndexFile, load_settings, model_place, resolve
from index.errors import BuildError, DamagedError, NoGenerationError, QuestionError, StorageError
from index.generations import Generations, Manifest, Progress
from index.lexical import question_terms
from index.models import EmbeddingModel
from index.presence import Presence
from index.quotes import Quotation, quote, ranked, sentences_of, without_repeats
from index.records import Answer, Found, IndexedArticle, Outcome, Query, Question, Run
from index.searcher import Searcher
from index.tables import TableReader

if TYPE_CHECKING:
    from index.builder import BuildReport

# Longer than anything a person types, and than Discord lets them (4,000 characters in a modal).
MAX_QUESTION = 4_000


OnProgress = Progress


def no_progress(stage: str, done: int, total: int) -> None:
    """For callers that don't watch."""


@dataclass(frozen=True, slots=True)
class Status:
    """What is indexed, and what has changed in the folder since."""

    manifest: Manifest
    folder: str
    files: int
    withdrawn: int
    generations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """Articles that came, went and changed between two generations, each by collection and id, in order."""

    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]


class Engine:
    """One corpus and its index. Thread-safe; `close` lets go of everything."""

    def __init__(self, settings: IndexFile, config: Path) -> None:
        self.settings = settings
        self.storage = resolve(config, settings.storage.directory)
        self.folder = ArticleFolder(resolve(config, settings.corpus.directory))
        self.generations = Generations(self.storage / "index")
        self._model = EmbeddingModel(
            model_place(config, settings.embedding.model), settings.embedding.runtime, self.storage, self.folder.directory
        )
        self._presence = Presence(self.folder)
        self._swapping = threading.Lock()
        self._searcher: _Held | None = None
        self._stamp = (0, 0, b"")

    @classmethod
    def open(cls, config: Path) -> Self:
        """The engine that a configuration file describes. Cheap: nothing is loaded before it is needed."""
        return cls(load_settings(config), config)

    def close(self) -> None:
        with self._swapping:
            if self._searcher:
                self._searcher.retire()
                self._searcher = None
        self._model.close()

    def ask(self, question: Question) -> Answer:
        """The answer, with verbatim citations where the corpus has them. QuestionError where it can't be asked."""
        begun = time.perf_counter()
        settings = self.settings.answer
        with self.searcher() as searcher:
            query, runs, found = self._search(searcher, question, settings.candidates)
            quotations = without_repeats(self._quotations(searcher, query, found))
            citations = tuple(
                quote(number, one.found, one.sentences, settings.sentences)
                for number, one in enumerate(quotations[: settings.citations], start=1)
            )
            for citation in citations:
                if citation.span.of(searcher.tables.article_text(citation.article.row)) != citation.text:
                    raise BuildError(
                        f"A quotation of “{citation.article.id}” is no slice of it; run “python -m index reindex --full”."
                    )
            verdict = judge(quotations, settings)
            nothing = verdict.outcome is Outcome.NOTHING
            return Answer(
                query=query,
                outcome=verdict.outcome,
                confidence=verdict.confidence,
                citations=() if nothing else citations,
                generation=searcher.number,
                seconds=time.perf_counter() - begun,
                nearest=_nearest(found) if nothing else (),
                explanation=(*verdict.explanation, *_explain(runs, quotations)),
            )

    def search(self, question: Question, k: int) -> tuple[Query, list[Found]]:
        """The best k passages, without quoting or judging them."""
        with self.searcher() as searcher:
            query, _, found = self._search(searcher, question, k)
            return query, found

    def articles(
        self,
        collections: Sequence[str],
        *,
        since: date | None = None,
        until: date | None = None,
        union: str = "",
    ) -> list[IndexedArticle]:
        """The articles that may be seen, newest first, undated ones last; `union` is a key of `IndexedArticle.unions`.

        Undated articles are left out where `since` or `until` is given.
        """
        allowed = frozenset(collections)
        with self.searcher() as searcher:
            withdrawn = self._presence.withdrawn(searcher)
            found = [
                one
                for one in searcher.tables.indexed()
                if one.collection in allowed
                and one.row not in withdrawn
                and (not union or union in one.unions)
                and (not since or (one.published and one.published >= since))
                and (not until or (one.published and one.published <= until))
            ]
        return sorted(found, key=lambda one: (one.published or date.min, one.row), reverse=True)

    def article(self, collection: str, identity: str) -> tuple[IndexedArticle, str] | None:
        """An indexed article and its text, or None where there is none or its file is gone."""
        with self.searcher() as searcher:
            found = searcher.tables.article(collection, identity)
            if found is None or found.row in self._presence.withdrawn(searcher):
                return None
            return found, searcher.tables.article_text(found.row)

    def reindex(
        self,
        *,
        full: bool = False,
        whom: str = "the operator",
        now: datetime,
        progress: Progress = no_progress,
    ) -> "BuildReport":
        """Brings the index up to date with the folder; BusyError at once where that is being done already.

        `progress` may raise to cancel: the generation in use stays.
        """
        from index.builder import build  # only building needs it, and it takes long to load
        from index.vectors import VectorCache

        with self.generations.lock(whom, now), VectorCache(self.storage / "embeddings.db") as cache:
            return build(
                self.settings,
                self.folder,
                self.generations,
                cache,
                self._model,
                full=full,
                whom=whom,
                now=now,
                progress=progress,
            )

    def rollback(self, number: int | None, *, whom: str = "the operator", now: datetime) -> Manifest:
        """Goes back to a kept generation, by default the one before."""
        with self.generations.lock(whom, now):
            chosen = self.generations.rollback(number)
            return Manifest.read(self.generations.folder(chosen))

    def status(self) -> Status:
        with self.searcher() as searcher:
            return Status(
                manifest=searcher.manifest,
                folder=str(self.folder.directory),
                files=len(self.folder.stamps()),
                withdrawn=len(self._presence.withdrawn(searcher)),
                generations=tuple(self.generations.numbers()),
            )

    def changes(self, older: int, newer: int, collections: Sequence[str]) -> Changes:
        """What came, went and changed in these collections between two kept generations; NoGenerationError, DamagedError."""
        before, after = (self._digests(number, frozenset(collections)) for number in (older, newer))
        return Changes(
            added=tuple(sorted(after.keys() - before.keys())),
            removed=tuple(sorted(before.keys() - after.keys())),
            changed=tuple(sorted(key for key, digest in after.items() if before.get(key, digest) != digest)),
        )

    def files_of(self, number: int, collection: str) -> dict[str, str]:
        """The files of a collection as a kept generation read them: path in the folder, SHA-256 in hexadecimal."""
        with self._tables(number) as tables:
            identities = tables.identities()
            return {one.path: one.file_digest for one in tables.files() if identities[one.row][0] == collection}

    def _digests(self, number: int, collections: frozenset[str]) -> dict[tuple[str, str], str]:
        with self._tables(number) as tables:
            return {key: digest for key, digest in tables.digests().items() if key[0] in collections}

    @contextmanager
    def _tables(self, number: int) -> Iterator[TableReader]:
        with self.generations.pinned(number) as folder:
            Manifest.read(folder)
            tables = TableReader(folder / "passages.db")
            try:
                yield tables
            finally:
                tables.close()

    def history(self) -> list[tuple[Manifest | str, bool]]:
        """The kept generations, newest first, each with whether it is in use; a sentence for a damaged one."""
        current = None
        with suppress(DamagedError, NoGenerationError):  # the kept ones are listed all the same, to roll back to
            current = self.generations.current()
        found: list[tuple[Manifest | str, bool]] = []
        for number in reversed(self.generations.numbers()):
            try:
                found.append((Manifest.read(self.generations.folder(number)), number == current))
            except DamagedError as error:
                found.append((str(error), number == current))
        return found

    @contextmanager
    def searcher(self) -> Iterator[Searcher]:
        """The generation in use, held for one question; a newer one is opened first where one was published.

        Where that one can't be opened, the one that is open serves on, until yet another is published.
        """
        with self._swapping:
            stamp = self.generations.stamp()
            if self._searcher is None or stamp != self._stamp:
                try:
                    opened = _Held(Searcher.open_current(self.generations))
                except (StorageError, NoGenerationError):
                    if self._searcher is None:
                        raise
                else:
                    if self._searcher:
                        self._searcher.retire()
                    self._searcher = opened
                self._stamp = stamp
            held = self._searcher
            held.take()
        try:
            yield held.searcher
        finally:
            held.give_back()

    def _search(
        self, searcher: Searcher, question: Question, k: int
    ) -> tuple[Query, tuple[Run, Run, Run], list[Found]]:
        settings = self.settings.search
        text = clean_question(question.text)
        others = other_terms(concepts_of(text))
        query = Query(text, question_terms(text), others, question.collections, max(settings.depth, k))
        encoder = self._model.encoder(no_progress)
        if searcher.manifest.model != self._model.model():
            raise DamagedError(
                f"Generation {searcher.number} was made with {searcher.manifest.model}, not {self._model.model()}; "
                "run “python -m index reindex”."
            )
        runs = searcher.runs(query, encoder.encode_question(text), self._presence.withdrawn(searcher), settings)
        return query, runs, searcher.found(runs[2], k, settings.passages_per_article)

    def _quotations(self, searcher: Searcher, query: Query, found: Sequence[Found]) -> list[Quotation]:
        """The found passages with their sentences scored, those with the best answering sentence first."""
        concepts = concepts_of(query.text)
        weights = {term: _rarity(searcher, term) for term in {term for one in concepts for term in one.terms}}
        items = [(item, cut) for item in found if (cut := sentences_of(item))]
        if not items:
            return []
        encoder = self._model.encoder(no_progress)
        vectors = encoder.encode_sentences([text for _, cut in items for _, text in cut])
        borders = np.cumsum([len(cut) for _, cut in items])[:-1]
        parts = [(item, cut, part) for (item, cut), part in zip(items, np.split(vectors, borders), strict=True)]
        return ranked(query.text, parts, encoder.encode_question(query.text), concepts, weights)


class _Held:
    """A searcher and how many questions hold it: closed when it is retired and the last one lets go."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self._lock = threading.Lock()
        self._holders = 0
        self._retired = False

    def take(self) -> None:
        with self._lock:
            self._holders += 1

    def give_back(self) -> None:
        with self._lock:
            self._holders -= 1
            close = self._retired and not self._holders
        if close:
            self.searcher.close()

    def retire(self) -> None:
        with self._lock:
            self._retired = True
            close = not self._holders
        if close:
            self.searcher.close()


def clean_question(text: str) -> str:
    """The question in NFC on one line, without control characters; QuestionError where nothing is left or too much."""
    if len(text) > MAX_QUESTION:
        raise QuestionError(
            f"The question has {len(text):,} characters, over the limit of {MAX_QUESTION:,}; ask it in fewer words."
        )
    whole = text.encode("utf-8", "replace").decode("utf-8")
    plain = "".join(
        " " if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Zs") else one
        for one in unicodedata.normalize("NFC", whole)
        if unicodedata.category(one) not in ("Cf", "Co", "Cn")
    )
    words = " ".join(plain.split())
    if not any(one.isalnum() for one in words):
        raise QuestionError("The question has no words; ask something such as “when did SAG-AFTRA resume talks?”.")
    return words


def _rarity(searcher: Searcher, term: str) -> float:
    """How much a term tells: BM25's inverse document frequency over the passages."""
    count, there = searcher.lexical.count, searcher.lexical.frequency(term)
    return float(np.log1p((count - there + 0.5) / (there + 0.5)))


def _nearest(found: Sequence[Found]) -> tuple[IndexedArticle, ...]:
    return tuple({item.article.row: item.article for item in found}.values())[:3]


def _explain(runs: Sequence[Run], quotations: Sequence[Quotation]) -> list[str]:
    lines = [f"{run.name}: {len(run.hits)} hits in {run.seconds * 1000:.1f} ms" for run in runs]
    for one in quotations:
        hit = one.found.hit
        came = ", ".join(f"{name} rank {rank} ({score:.3f})" for name, rank, score in hit.evidence)
        also = f"; also {', '.join(other.id for other in one.found.also)}" if one.found.also else ""
        lines.append(
            f"passage {one.found.passage.number} of {one.found.article.id}: fused {hit.score:.3f} from {came}; "
            f"best sentence {one.best.score:.3f} (cosine {one.best.cosine:.3f}, coverage {one.best.coverage:.3f}, "
            f"kind {'yes' if one.best.kind else 'no'}){also}"
        )
    return lines
