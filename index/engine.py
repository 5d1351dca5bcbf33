"""The service layer: questions, searches, reindexing, rollback and status; surfaces call this and nothing below it.

Turns a `Question` into an `Answer` over the generation in use, and follows when another is published, by whichever
process. Leaves parsing of articles to `corpus`, and how an answer looks to the surfaces.
"""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from corpus.files import ArticleFolder
from index.answers import figures, judge
from index.config import IndexFile, load_settings, model_place, resolve
from index.errors import BuildError, DamagedError, NoGenerationError, OutdatedError, StorageError
from index.events.answering import led_by_date
from index.finding import Findings, Models, Wanted, explain, find, nearest, weigh
from index.generations import Generations, Manifest
from index.generations import OnProgress as OnProgress
from index.memory import give_back, share_arenas
from index.models.embedding import EmbeddingModel
from index.models.rerankers import RerankingModel
from index.presence import Presence
from index.questions.reading import ReadQuestion, clean_question, is_off_topic, read
from index.quotes import Quotation, at_most, quote, without_repeats, worth_more
from index.records import Answer, Aside, Found, IndexedArticle, Outcome, Query, Question
from index.searcher import HeldSearcher, Searcher
from index.tables import TableReader

if TYPE_CHECKING:
    from index.builder import BuildReport

# Citations that are kept for who wants more; a Discord message holds a few at a time.
_FURTHER = 12


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
        share_arenas()
        self.settings = settings
        self.config = config
        self.storage = resolve(config, settings.storage.directory)
        self.folder = ArticleFolder(resolve(config, settings.corpus.directory))
        self.generations = Generations(self.storage / "index")
        self._model = EmbeddingModel(
            model_place(config, settings.embedding.model),
            settings.embedding.runtime,
            self.storage,
            self.folder.directory,
        )
        self._reranking = RerankingModel(model_place(config, settings.reranking.model), self.storage)
        self._presence = Presence(self.folder)
        # More searches at once than cores only take the interpreter from each other: eight threads did a sixth less.
        self._searching = threading.BoundedSemaphore(len(os.sched_getaffinity(0)))
        self._swapping = threading.Lock()
        self._searcher: HeldSearcher | None = None
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
        self._reranking.close()

    def ask(self, question: Question) -> Answer:
        """The answer, with verbatim citations where the corpus has them. QuestionError where it can't be asked."""
        try:
            return self._ask(question)
        finally:
            give_back()

    def _ask(self, question: Question) -> Answer:
        begun = time.perf_counter()
        settings = self.settings.answer
        with self.searcher() as searcher:
            reading = self._read(searcher, question)
            if reading.aside:
                return _not_searched(reading, searcher.number, time.perf_counter() - begun)
            findings, quotations = self._weigh(searcher, reading)
            citable = [*quotations[: settings.citations], *worth_more(quotations[settings.citations :], quotations)]
            citations = tuple(
                quote(number, one.found, one.sentences, settings.sentences)
                for number, one in enumerate(citable, start=1)
            )
            texts = {one.article.row: searcher.tables.article_text(one.article.row) for one in citations}
            for citation in citations:
                if citation.span.of(texts[citation.article.row]) != citation.text:
                    raise BuildError(
                        f"A quotation of “{citation.article.id}” is no slice of it; run “python -m index reindex --full”."
                    )
            cited, event = led_by_date(findings.question.event, reading.day, citations[: settings.citations], texts)
            verdict = judge(quotations, findings.question, settings)
            words = searcher.vocabulary(question.collections, self._presence.withdrawn(searcher))
            off_topic = is_off_topic(reading, words, answered=verdict.outcome is not Outcome.NOTHING)
            nothing = off_topic or verdict.outcome is Outcome.NOTHING
            return Answer(
                query=findings.query,
                outcome=Outcome.NOTHING if nothing else verdict.outcome,
                confidence=0.0 if off_topic else verdict.confidence,
                citations=() if nothing else cited,
                generation=searcher.number,
                seconds=time.perf_counter() - begun,
                nearest=nearest(findings) if nothing and not off_topic else (),
                further=() if nothing else citations[settings.citations :],
                when=None if nothing else event.when,
                differences=() if nothing else event.differences,
                earlier=() if nothing else event.earlier,
                read_as=reading.read_as,
                aside=Aside.OFF_TOPIC if off_topic else None,
                explanation=(
                    *reading.explanation,
                    *event.explanation,
                    *verdict.explanation,
                    *explain(findings, quotations),
                ),
            )

    def figures(self, question: Question) -> dict[str, float] | None:
        """What the gate sees of a question, for training it; None where it isn't asked: nothing found, or no question."""
        with self.searcher() as searcher:
            reading = self._read(searcher, question)
            if reading.aside:
                return None
            findings, quotations = self._weigh(searcher, reading)
            return figures(quotations, findings.question) if quotations else None

    def search(self, question: Question, k: int, *, reread: bool = True) -> tuple[Query, list[Found]]:
        """The best k passages, without quoting or judging them; not `reread`, a hundred times faster, as the runs have them."""
        with self.searcher() as searcher, nullcontext() if reread else self._searching:
            reading = self._read(searcher, question)
            findings = self._find(searcher, reading, Wanted(k), self._models(searcher, reread=reread))
            return findings.query, findings.found

    def articles(
        self, collections: Sequence[str], *, since: date | None = None, until: date | None = None, union: str = ""
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
        progress: OnProgress = no_progress,
    ) -> "BuildReport":
        """Brings the index up to date with the folder; BusyError at once where that is being done already.

        `progress` may raise to cancel: the generation in use stays.
        """
        from index.builder import Builder  # only building needs it, and it takes long to load
        from index.vectors import VectorCache

        with self.generations.lock(whom, now), VectorCache(self.storage / "embeddings.db") as cache:
            builder = Builder(self.settings, self.folder, self.generations, cache, self._model)
            return builder.build(full=full, whom=whom, now=now, progress=progress)

    def rollback(self, number: int | None, *, whom: str = "the operator", now: datetime) -> Manifest:
        """Goes back to a kept generation, by default the one before; OutdatedError where that can't be served."""
        with self.generations.lock(whom, now):
            chosen = self.generations.rollback(number, self._check_servable)
            return Manifest.read(self.generations.folder(chosen))

    def _check_servable(self, folder: Path) -> None:
        TableReader(folder / "passages.db").close()
        self.check_model(Manifest.read(folder), "set [embedding] model to that one, or choose another generation")

    def check_model(self, made: Manifest, advice: str) -> None:
        """OutdatedError where another model made it."""
        model = self._model.model()
        if made.model != model:
            raise OutdatedError(f"Generation {made.number} was made with {made.model}, not {model}; {advice}.")

    def status(self) -> Status:
        with self.searcher() as searcher:
            return Status(
                manifest=searcher.manifest,
                folder=str(self.folder.directory),
                files=len(self.folder.stamps()),
                withdrawn=len(self._presence.withdrawn(searcher)),
                generations=tuple(self.generations.numbers()),
            )

    def changes(self, older: int, newer: int, collections: Sequence[str] | None) -> Changes:
        """What came, went and changed in these collections (None: all) between two kept generations.

        NoGenerationError, DamagedError.
        """
        before, after = (self._digests(number, collections) for number in (older, newer))
        return Changes(
            added=tuple(sorted(after.keys() - before.keys())),
            removed=tuple(sorted(before.keys() - after.keys())),
            changed=tuple(sorted(key for key, digest in after.items() if before.get(key, digest) != digest)),
        )

    def digests(self, collection: str) -> dict[str, str]:
        """The digest of each article of a collection as it is indexed now, by id; gone files included."""
        with self.searcher() as searcher:
            return {key[1]: digest for key, digest in searcher.tables.digests().items() if key[0] == collection}

    def files_of(self, number: int, collection: str) -> dict[str, str]:
        """The files of a collection as a kept generation read them: path in the folder, SHA-256 in hexadecimal."""
        with self._tables(number) as tables:
            identities = tables.identities()
            return {one.path: one.file_digest for one in tables.files() if identities[one.row][0] == collection}

    def collections(self) -> tuple[str, ...]:
        """Every collection that has an article in the generation in use."""
        with self.searcher() as searcher:
            return tuple(sorted(set(searcher.tables.collections)))

    def _digests(self, number: int, collections: Sequence[str] | None) -> dict[tuple[str, str], str]:
        with self._tables(number) as tables:
            found = tables.digests()
        return {key: digest for key, digest in found.items() if collections is None or key[0] in collections}

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
        try:
            current = self.generations.current()
        except (StorageError, NoGenerationError):  # the kept ones are listed all the same, to roll back to
            if not self.generations.numbers():
                raise
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
                    opened = HeldSearcher(Searcher.open_current(self.generations))
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

    def _read(self, searcher: Searcher, question: Question) -> ReadQuestion:
        """What the question means by the articles that the person may see."""
        withdrawn = self._presence.withdrawn(searcher)
        return read(
            replace(question, text=clean_question(question.text)),
            searcher.vocabulary(question.collections, withdrawn),
            searcher.holdings.counted(question.collections, withdrawn),
        )

    def _weigh(self, searcher: Searcher, reading: ReadQuestion) -> tuple[Findings, list[Quotation]]:
        """What is found for a question that was read, and what may be cited of it, the best first."""
        settings = self.settings.answer
        models = self._models(searcher)
        k = settings.candidates if models.reranker is None else settings.citations + _FURTHER
        findings = self._find(searcher, reading, Wanted(k, spare=1, thorough=False), models)  # one may repeat another
        weighed = weigh(findings, settings.citations, searcher.tables.article_text, models)
        return findings, at_most(without_repeats(weighed), self.settings.search.passages_per_article)

    def _find(self, searcher: Searcher, reading: ReadQuestion, wanted: Wanted, models: Models) -> Findings:
        hidden = self._presence.withdrawn(searcher) | searcher.holdings.outside(
            reading.union, reading.since, reading.until
        )
        return find(searcher, reading, hidden, wanted, models, self.settings)

    def _models(self, searcher: Searcher, *, reread: bool = True) -> Models:
        """Loads them; OutdatedError where another model made the generation."""
        reranker = self._reranking.reranker() if reread else None
        encoder = self._model.encoder(no_progress)
        self.check_model(
            searcher.manifest,
            "run “python -m index reindex”, or restart Picket if [embedding] model was changed meanwhile",
        )
        return Models(encoder, reranker)


def _not_searched(reading: ReadQuestion, generation: int, seconds: float) -> Answer:
    """What is no question to the articles: nothing, and no citation."""
    return Answer(
        query=reading.query(0),
        outcome=Outcome.NOTHING,
        confidence=0.0,
        citations=(),
        generation=generation,
        seconds=seconds,
        aside=reading.aside,
        explanation=reading.explanation,
    )
