"""Finds passages by their words: BM25 over tantivy's postings, which are written once and read only.

Queries are built from tokens, never by parsing what a person typed, so no syntax can be smuggled in.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

import tantivy
from tantivy import Filter, Occur, Query, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from index.day_terms import UNDATED, terms_between, terms_of
from index.errors import DamagedError, OutdatedError, StorageError
from index.records import Hit, Run

_ANALYZER = "picket"
# A huge question is cut to its first terms, which bounds its cost; a typed one has fewer than twenty.
MAX_TERMS = 64
# One thread keeps numbers in order within a segment, so that ties come by number; the heap bounds a segment's size.
_HEAP_BYTES = 256_000_000
# The heading's words count less than the passage's own, and terms that only mean the same less still. Chosen by judgement,
# not tuned.
HEADING_WEIGHT = 0.35
OTHER_WEIGHT = 0.2
# Words of questions that no passage should be found by; “long”, “many”, “first” and “not” tell something and stay.
_STOP_WORDS = (
    "a about actually all also am an and any anyone are arent as at be been being both but by can cant could couldnt did didnt "
    "do does doesnt doing done dont ever exactly for from get going gonna got guess had has have having he her here hers hes "
    "him his how hows i if im in into is isnt it its ive just know let lets like maybe me might my of officially on or our "
    "out please really remember s she shes should so some t tell than that thats the their them then there theres these they "
    "theyre theyve think this those to us was wasnt we were werent what whats when whens where wheres which while who whom "
    "whos whose why will with wont would you your youre"
).split()


def _analyzer(*, stop_words: bool) -> tantivy.TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(60)).filter(Filter.lowercase())
    builder = builder.filter(Filter.ascii_fold())
    if not stop_words:
        builder = builder.filter(Filter.custom_stopword(_STOP_WORDS))
    return builder.filter(Filter.stemmer("english")).build()


_WITH_STOP_WORDS = _analyzer(stop_words=True)
_WITHOUT_STOP_WORDS = _analyzer(stop_words=False)


def all_terms(text: str) -> tuple[str, ...]:
    """Every index term of a text in its order, stop-words and repetitions included."""
    return tuple(_WITH_STOP_WORDS.analyze(_rust(text)))


def question_terms(text: str) -> tuple[str, ...]:
    """The distinct index terms of a question, in its order, at most MAX_TERMS; stop-words only where it has no others."""
    plain = _rust(text)
    terms = _WITHOUT_STOP_WORDS.analyze(plain) or _WITH_STOP_WORDS.analyze(plain)
    return tuple(dict.fromkeys(terms))[:MAX_TERMS]


def only_stop_words(text: str) -> bool:
    """Whether a text has words, and none that a passage should be found by."""
    plain = _rust(text)
    return not _WITHOUT_STOP_WORDS.analyze(plain) and bool(_WITH_STOP_WORDS.analyze(plain))


def _schema() -> tantivy.Schema:
    builder = SchemaBuilder()
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("heading", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("collection", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("article", indexed=True)
    builder.add_unsigned_field("number", fast=True)
    builder.add_text_field("days", tokenizer_name="raw", index_option="basic")
    return builder.build()


class Posting(NamedTuple):
    """What is indexed of a passage: its number, its article's row, collection and day, and its words."""

    number: int
    article: int
    collection: str
    published: date | None
    heading: str
    text: str


class PostingsWriter:
    """Writes new postings; `close` makes them complete. StorageError where they can't be written."""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self._folder = folder
        self._schema = _schema()
        try:
            folder.mkdir(parents=True)
            postings = tantivy.Index(self._schema, path=str(folder))
            postings.register_tokenizer(_ANALYZER, _WITH_STOP_WORDS)
            self._writer = postings.writer(_HEAP_BYTES, num_threads=1)
        except (OSError, ValueError) as error:
            raise self._failed(error) from error

    def add(self, passage: Posting) -> None:
        """Hands a passage to the writer's own thread, which stays behind by as many as its memory holds."""
        document = {
            "text": _rust(passage.text),
            "heading": _rust(passage.heading),
            "collection": passage.collection,
            "article": passage.article,
            "number": passage.number,
            "days": terms_of(passage.published),
        }
        try:
            self._writer.add_document(tantivy.Document.from_dict(document, self._schema))
        except (OSError, ValueError) as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Waits for that thread, and lets others run meanwhile; any thread may call it."""
        try:
            self._writer.commit()
            self._writer.wait_merging_threads()
        except (OSError, ValueError) as error:
            raise self._failed(error) from error
        with suppress(OSError):  # locks of a writer that is gone
            for lock in self._folder.glob("*.lock"):
                lock.unlink()
        try:
            readable = self._folder.stat().st_mode & 0o666  # as the umask has it; tantivy shuts some out of some files
            for place in self._folder.iterdir():
                place.chmod(readable)
        except OSError as error:
            raise self._failed(error) from error

    def abandon(self) -> None:
        """Ends the writing; else its threads would go on in a folder that is being removed."""
        with suppress(OSError, ValueError):  # what went wrong before is what is told
            self._writer.rollback()
            self._writer.wait_merging_threads()

    def _failed(self, error: Exception) -> StorageError:
        return StorageError(f"{self._folder} can't be written ({error}); check permissions and free space there.")


class LexicalSearcher:
    """The postings of one generation, memory-mapped; any number of threads may search.

    DamagedError where they can't be read, OutdatedError where an older version made them.
    """

    def __init__(self, folder: Path) -> None:
        try:
            postings = _opened(folder)
            self._searcher = postings.searcher()
        except (OSError, ValueError, json.JSONDecodeError) as error:
            why = " ".join(str(error).split())[:200]
            raise DamagedError(
                f"The postings in {folder} can't be read ({why}); run “python -m index reindex --full”."
            ) from error
        self._folder = folder
        self._schema = postings.schema
        try:
            self._any("days", (UNDATED,))
        except ValueError as error:
            raise OutdatedError(
                f"{folder} was made by another version of Picket; run “python -m index reindex”."
            ) from error
        self.count: int = self._searcher.num_docs

    def run(
        self,
        terms: tuple[str, ...],
        depth: int,
        *,
        collections: tuple[str, ...] | None,
        withdrawn: frozenset[int],
        days: tuple[date, date] | None = None,
        others: tuple[str, ...] = (),
    ) -> Run:
        """The `depth` best passages by BM25; `others` are terms that say the same otherwise, and count less.

        `collections` None means all, `withdrawn` holds article rows; with `days`, the first and the last, only passages of
        articles of these days and of undated ones are found.
        """
        begun = time.perf_counter()
        if not terms or not self.count:
            return Run("lexical", ())
        query = self._query(terms, others, self._limits(collections, withdrawn, days))
        try:
            found = self._searcher.search(query, min(depth, self.count), count=False).hits
            numbers = self._searcher.fast_field_values("number", [address for _, address in found])
        except (OSError, ValueError) as error:
            raise DamagedError(
                f"The postings in {self._folder} can't be read ({error}); run “python -m index reindex --full”."
            ) from error
        scored = sorted((-float(score), int(number or 0)) for (score, _), number in zip(found, numbers, strict=True))
        hits = tuple(Hit(number, rank, -score) for rank, (score, number) in enumerate(scored, start=1))
        return Run("lexical", hits, time.perf_counter() - begun)

    def frequency(self, term: str, field: str = "text") -> int:
        """In how many passages the term stands; `field` “heading” counts the passages in whose heading it does."""
        return int(self._searcher.doc_freq(field, term))

    def beginning(
        self, letters: str, *, collections: tuple[str, ...] | None, withdrawn: frozenset[int]
    ) -> list[tuple[str, int]]:
        """The terms of passages that begin so, each with its number of passages, the most frequent first.

        `collections` and `withdrawn` as for `run`: a term of other passages alone is not among them.
        """
        limits = self._limits(collections, withdrawn)
        seen = Query.boolean_query([(Occur.Must, Query.all_query()), *limits]) if limits else None
        return [(term, count) for term, count in self._searcher.terms_with_prefix("text", letters, seen) if count]

    def _query(
        self,
        terms: tuple[str, ...],
        others: tuple[str, ...],
        limits: list[tuple[Occur, Query]],
    ) -> Query:
        schema = self._schema
        words: list[tuple[Occur, Query]] = []
        for term in terms:
            words.append((Occur.Should, Query.term_query(schema, "text", term, "freq")))
            in_heading = Query.term_query(schema, "heading", term, "freq")
            words.append((Occur.Should, Query.boost_query(in_heading, HEADING_WEIGHT)))
        for term in others[:MAX_TERMS]:
            in_text = Query.term_query(schema, "text", term, "freq")
            words.append((Occur.Should, Query.boost_query(in_text, OTHER_WEIGHT)))
        query = Query.boolean_query(words)
        return Query.boolean_query([(Occur.Must, query), *limits]) if limits else query

    def _limits(
        self,
        collections: tuple[str, ...] | None,
        withdrawn: frozenset[int],
        days: tuple[date, date] | None = None,
    ) -> list[tuple[Occur, Query]]:
        """Clauses that let through what may be seen, and add nothing to a score."""
        schema = self._schema
        clauses: list[tuple[Occur, Query]] = []
        if collections is not None:
            clauses.append((Occur.Must, Query.const_score_query(self._any("collection", collections), 0.0)))
        if days is not None:
            there = self._any("days", (*terms_between(*days), UNDATED))
            clauses.append((Occur.Must, Query.const_score_query(there, 0.0)))
        if withdrawn:
            clauses.append((Occur.MustNot, Query.term_set_query(schema, "article", sorted(withdrawn))))
        return clauses

    def _any(self, field: str, values: Iterable[str]) -> Query:
        return Query.boolean_query(
            [(Occur.Should, Query.term_query(self._schema, field, value, "basic")) for value in values]
        )


def _opened(folder: Path) -> tantivy.Index:
    try:
        return _ready(folder)
    except ValueError as error:
        if "Lockfile" not in str(error):
            raise
    # The folder can't be written, but tantivy locks what it opens: through links the lock lies elsewhere.
    with tempfile.TemporaryDirectory(prefix="picket-") as links:
        for place in folder.iterdir():
            if place.suffix != ".lock":
                Path(links, place.name).symlink_to(place.absolute())
        return _ready(Path(links))


def _ready(folder: Path) -> tantivy.Index:
    postings = tantivy.Index.open(str(folder))
    postings.register_tokenizer(_ANALYZER, _WITH_STOP_WORDS)
    postings.config_reader("manual")  # the folder never changes: no watcher thread
    return postings


def _rust(text: str) -> str:
    """Lone surrogates replaced: tantivy has no such strings. Only what is found, never what is quoted, passes here."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
