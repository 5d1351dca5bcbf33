"""One pinned generation, read only: from a query and its vector to passages, best first, with how each came to be."""

import threading
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.config import SearchSettings
from index.dense import DenseSearcher, Selection
from index.fusion import fold, fuse
from index.generations import Generations, Manifest, Pin
from index.holdings import Holdings, together
from index.lexical import LexicalSearcher
from index.questions.asked_period import UNDATED
from index.records import Found, Hit, IndexedArticle, Passage, Query, ReadPeriod, Run
from index.tables import TableReader
from index.vocabulary import SeenWords

# Passages of one wire story stand close together; this many more than asked for are read so that k remain.
_SLACK = 5


class Searcher:
    """Holds a generation's files open and pinned until `close`. Any number of threads may search."""

    def __init__(self, number: int, folder: Path, pin: Pin) -> None:
        self.number = number
        self._pin = pin
        try:
            self.manifest = Manifest.read(folder)
            self.tables = TableReader(folder / "passages.db")
            self.lexical = LexicalSearcher(folder / "postings")
            self._dense = DenseSearcher.open(
                folder / "vectors.faiss", dimensions=self.manifest.dimensions, count=self.manifest.passages
            )
        except BaseException:
            pin.close()
            raise
        counts = np.fromiter((last - first for first, last in self.tables.ranges()), dtype=np.int64)
        self._article_of: NDArray[np.int32] = np.repeat(np.arange(self.tables.articles, dtype=np.int32), counts)
        self.holdings = Holdings(self.tables)
        self._selections: dict[tuple[frozenset[str], frozenset[int], tuple[date, date] | None], Selection] = {}

    @classmethod
    def open_current(cls, generations: Generations) -> "Searcher":
        """The generation in use. NoGenerationError or DamagedError say why there is none."""
        number, pin = generations.pin_current()
        return cls(number, generations.folder(number), pin)

    def close(self) -> None:
        self.tables.close()
        self._dense.close()
        self._pin.close()

    def runs(
        self,
        query: Query,
        vector: NDArray[np.float32],
        withdrawn: frozenset[int],
        settings: SearchSettings,
        *,
        news: ReadPeriod | None = None,
        latest: bool = False,
    ) -> tuple[Run, Run, Run]:
        """The lexical, the dense and the fused run over the passages that the query may see.

        `withdrawn` are rows of articles that are not found, gone or left out by choice. The query's period, or else that of
        the `news`, adds passages of its own to both runs, and favours them in the fused one. Where the `latest` is meant,
        what is years older than the newest counts less there.
        """
        allowed = frozenset(query.collections) & self.tables.known
        if not allowed:
            return Run("lexical", ()), Run("dense", ()), Run("fused", ())
        lexical, dense = self._both(query, query.depth, vector, allowed, withdrawn)
        when = query.when or news
        favour: dict[int, float] = {}
        if when and self.holdings.has(when, allowed, withdrawn):
            of_then = self._both(query, query.depth // 2, vector, allowed, withdrawn, when)
            lexical, dense = together(lexical, of_then[0]), together(dense, of_then[1])
            undated = UNDATED if query.when else 0.0  # may be of a period that is named; is no news
            favour = self.holdings.favour((lexical, dense), when, self._article_of, undated=undated)
        if latest:
            for number, less in self.holdings.ageing((lexical, dense), self._article_of).items():
                favour[number] = favour.get(number, 0.0) - less
        return lexical, dense, fuse(lexical, dense, settings.lexical_weight, favour)

    def vocabulary(self, collections: Sequence[str], withdrawn: frozenset[int]) -> SeenWords:
        """The words of the passages that may be seen."""
        return SeenWords(self.lexical, self.tables, collections, withdrawn)

    def _both(
        self,
        query: Query,
        depth: int,
        vector: NDArray[np.float32],
        allowed: frozenset[str],
        withdrawn: frozenset[int],
        when: ReadPeriod | None = None,
    ) -> tuple[Run, Run]:
        """The lexical and the dense run over the allowed collections, or what is of a period there, without the withdrawn."""
        everything = allowed == self.tables.known
        lexical = self.lexical.run(
            query.terms,
            depth,
            collections=None if everything else tuple(sorted(allowed)),
            withdrawn=withdrawn,
            days=self.holdings.days(when) if when else None,
            others=query.others,
        )
        begun = time.perf_counter()
        numbers, scores = self._dense.search(vector, depth, self._selection(allowed, withdrawn, when))
        pairs = zip(numbers.tolist(), scores.tolist(), strict=True)
        hits = tuple(Hit(number, rank, score) for rank, (number, score) in enumerate(pairs, start=1))
        return lexical, Run("dense", hits, time.perf_counter() - begun)

    def found(self, run: Run, k: int, per_article: int) -> list[Found]:
        """The run's best k passages, at most `per_article` of one article, near-copies folded into the earliest of them.

        A hit is that of the best copy, so that its number can be another than the passage's.
        """
        taken: dict[int, int] = {}
        chosen: list[Hit] = []
        for hit in run.hits:
            article = int(self._article_of[hit.number])
            if taken.get(article, 0) < per_article:
                taken[article] = taken.get(article, 0) + 1
                chosen.append(hit)
        by_number = {hit.number: hit for hit in chosen}
        passages: dict[int, tuple[Passage, IndexedArticle]] = {}
        groups: list[tuple[int, list[int]]] = []
        asked = k + _SLACK
        while len(groups) < k and len(passages) < len(chosen):  # once, but where many copies stand close together
            passages |= self.tables.passages_of([hit.number for hit in chosen[len(passages) : asked]])
            groups = fold([(hit.number, *_text_and_day(*passages[hit.number])) for hit in chosen[:asked]])
            asked *= 2
        return [
            Found(
                min((by_number[one] for one in (number, *copies)), key=lambda hit: hit.rank),
                *passages[number],
                also=tuple(
                    {
                        passages[copy][1].row: passages[copy][1]
                        for copy in copies
                        if passages[copy][1].row != passages[number][1].row
                    }.values()
                ),
            )
            for number, copies in groups[:k]
        ]

    def _selection(
        self, allowed: frozenset[str], withdrawn: frozenset[int], when: ReadPeriod | None
    ) -> Selection | None:
        if allowed == self.tables.known and not withdrawn and when is None:
            return None
        key = (allowed, withdrawn, self.holdings.days(when) if when else None)
        if key not in self._selections:
            if len(self._selections) >= 256:  # a server each, at most a few kB each
                self._selections.clear()
            rows = np.fromiter((name in allowed for name in self.tables.collections), dtype=np.bool_)
            rows[list(withdrawn)] = False
            if when:
                rows &= self.holdings.within(when)
            self._selections[key] = Selection(rows[self._article_of])
        return self._selections[key]


def _text_and_day(passage: Passage, article: IndexedArticle) -> tuple[str, date | None]:
    """What a passage is compared by with its copies; a day that is in doubt makes no copy the first."""
    return passage.text, None if article.doubt else article.published


class HeldSearcher:
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
