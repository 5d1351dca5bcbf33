"""`passages.db` of one generation: its articles and passages, written once through sqlite-utils, then read only.

Passages of an article have consecutive numbers, and articles are in the order of collection and id; so which article
a passage belongs to, and which passages a collection has, follows from the articles' first numbers alone.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from index.errors import DamagedError, OutdatedError, StorageError
from index.records import IndexedArticle, Passage, Span

# What questions ask of an article stands before its long columns: SQLite reads through those to what is behind them.
_ARTICLE_COLUMNS = {
    "row": int,
    "id": str,
    "collection": str,
    "path": str,
    "title": str,
    "outlet": str,
    "url": str,
    "published": str,
    "heading": str,
    "unions": str,
    "doubt": str,
    "later": str,
    "digest": str,
    "file_digest": str,
    "size": int,
    "modified": int,
    "text": str,
    "told": str,
}
_INSERT_ARTICLE = f"insert into articles values ({','.join('?' * len(_ARTICLE_COLUMNS))})"  # noqa: S608 - question marks alone
_INSERT_PASSAGE = "insert into passages values (?,?,?,?,?,?)"


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article as a generation keeps it: what is shown of it, its text, and what its file was when it was read.

    `doubt` is what its own words say against its date; `told` holds the events that it tells, as `told_records` stores them.
    """

    id: str
    collection: str
    path: str
    title: str
    outlet: str
    url: str | None
    published: date | None
    heading: str
    text: str
    digest: str
    file_digest: str
    size: int
    modified: int
    unions: str = ""
    doubt: str = ""
    told: str = ""


class PassageRow(NamedTuple):
    """A passage as a generation keeps it, without its number: that follows from the article's first one.

    `sentences` holds the lengths of its sentences in code points, with spaces between them.
    """

    ordinal: int
    start: int
    sentences: str
    text: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """What a generation remembers of an article's file, to see whether it changed."""

    row: int
    path: str
    digest: str
    file_digest: str
    size: int
    modified: int


class TableWriter:
    """Writes a new `passages.db`; `close` makes it complete, without a journal or WAL beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        import sqlite_utils  # who only reads needs sqlite3 alone, and starts a tenth of a second sooner

        with _mapped(path):
            self._db = sqlite_utils.Database(path)
            self._db["articles"].create(_ARTICLE_COLUMNS, pk="row")
            self._db["passages"].create(
                {"number": int, "article": int, "ordinal": int, "start": int, "sentences": str, "text": str},
                pk="number",
            )
            # What questions see of an article.
            self._db.create_view(
                "indexed",
                "select row, id, collection, path, title, outlet, url, published, heading, unions, "
                "iif(doubt = '', later, doubt) as doubt from articles",
            )
            # The folder is not published before everything is synced, so this file needs no journal of its own.
            self._db.execute("pragma journal_mode = off")
            self._db.execute("pragma synchronous = off")
            self._db.execute("begin")

    def add(self, row: int, article: ArticleRow, first: int, passages: Sequence[PassageRow]) -> None:
        """One article with all its passages, whose numbers run from `first`."""
        with _mapped(self._path):
            self._db.execute(
                _INSERT_ARTICLE,
                (
                    row,
                    article.id,
                    article.collection,
                    article.path,
                    article.title,
                    article.outlet,
                    article.url,
                    article.published.isoformat() if article.published else None,
                    article.heading,
                    article.unions,
                    article.doubt,
                    "",  # what others say, once all are there
                    article.digest,
                    article.file_digest,
                    article.size,
                    article.modified,
                    article.text,
                    article.told,
                ),
            )
            self._db.conn.executemany(
                _INSERT_PASSAGE,
                [(number, row, *one) for number, one in enumerate(passages, start=first)],
            )

    def doubt(self, sentences: Mapping[int, str]) -> None:
        """What other articles say against the dates of these, by row; told where their own words say nothing."""
        with _mapped(self._path):
            self._db.conn.executemany(
                "update articles set later = ? where row = ?", [(told, row) for row, told in sentences.items()]
            )

    def close(self) -> None:
        with _mapped(self._path):
            self._db["passages"].create_index(["article"])
            self._db["articles"].create_index(["id"])
            self._db["articles"].create_index(["path"])
            self._db.conn.commit()
            self._db.close()

    def abandon(self) -> None:
        """Closes a file that will not be used."""
        self._db.close()


class TableReader:
    """`passages.db` of a published generation, immutable; any number of threads may read, as many connections as read at once.

    DamagedError where it can't be read, OutdatedError where an older version made it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []  # append and pop are atomic
        rows = self._all("select row, collection from articles order by row")
        if not self._all("select 1 from sqlite_master where name = 'indexed'"):
            self.close()
            raise OutdatedError(f"{path} was made by another version of Picket; run “python -m index reindex”.")
        self.collections: tuple[str, ...] = tuple(str(collection) for _, collection in rows)
        self.known = frozenset(self.collections)
        counted = dict(self._all("select article, min(number) from passages group by article"))
        total = int(self._all("select count(*) from passages")[0][0])
        self.passages = total
        self.firsts: list[int] = []  # of each article, its first passage; an article without any has the next one's
        following = total
        for row in reversed(range(len(rows))):
            following = int(counted.get(row, following))
            self.firsts.append(following)
        self.firsts.reverse()

    @property
    def articles(self) -> int:
        return len(self.collections)

    def ranges(self) -> Iterator[tuple[int, int]]:
        """The half-open range of passage numbers of each article, by row."""
        return pairwise([*self.firsts, self.passages])

    def passages_of(self, numbers: Sequence[int]) -> dict[int, tuple[Passage, IndexedArticle]]:
        """The passages with these numbers and their articles. Costs some tens of µs each."""
        rows = self._all(
            "select p.number, p.ordinal, p.start, p.sentences, p.text, a.heading, a.row, a.id, a.collection, a.path, "
            "a.title, a.outlet, a.url, a.published, a.unions, a.doubt from passages p join indexed a on a.row = p.article "
            "where p.number in (select value from json_each(?))",
            (json.dumps(list(numbers)),),
        )
        found: dict[int, tuple[Passage, IndexedArticle]] = {}
        for number, ordinal, start, lengths, text, heading, *article in rows:
            passage = Passage(
                number=number,
                article=article[0],
                ordinal=ordinal,
                span=Span(start, start + len(text)),
                heading=heading,
                text=text,
                sentences=_spans(start, lengths),
            )
            found[number] = (passage, _article(article))
        return found

    def texts_of(self, numbers: Sequence[int]) -> list[str]:
        """The texts of the passages with these numbers, in the order of the numbers; a fifth of the cost of the passages."""
        rows = self._all(
            "select text from passages where number in (select value from json_each(?)) order by number",
            (json.dumps(list(numbers)),),
        )
        return [str(text) for (text,) in rows]

    def indexed(self) -> list[IndexedArticle]:
        """Every article, by row."""
        return [
            _article(row)
            for row in self._all(
                "select row, id, collection, path, title, outlet, url, published, unions, doubt from indexed order by row"
            )
        ]

    def article(self, collection: str, identity: str) -> IndexedArticle | None:
        rows = self._all(
            "select row, id, collection, path, title, outlet, url, published, unions, doubt from indexed "
            "where id = ? and collection = ?",
            (identity, collection),
        )
        return _article(rows[0]) if rows else None

    def article_text(self, row: int) -> str:
        return str(self._all("select text from articles where row = ?", (row,))[0][0])

    def files(self) -> list[FileRow]:
        """What the articles' files were when they were read."""
        return [
            FileRow(*row) for row in self._all("select row, path, digest, file_digest, size, modified from articles")
        ]

    def identities(self) -> list[tuple[str, str]]:
        """Collection and id of each article, by row."""
        return [
            (str(collection), str(identity))
            for collection, identity in self._all("select collection, id from articles order by row")
        ]

    def digests(self) -> dict[tuple[str, str], str]:
        """The digest of each article, by collection and id."""
        return {
            (str(one), str(two)): str(digest)
            for one, two, digest in self._all("select collection, id, digest from articles")
        }

    def paths(self) -> dict[str, int]:
        """The row of each article file."""
        return {str(path): int(row) for path, row in self._all("select path, row from articles")}

    def read(self, rows: Iterable[int]) -> Iterator[tuple[ArticleRow, list[PassageRow]]]:
        """Articles as they were indexed, to be taken over into the next generation; `rows` ascend.

        Two statements for all of them: a thousand articles cost some tens of ms.
        """
        with self._connection() as connection:
            articles = connection.execute(
                "select row, id, collection, path, title, outlet, url, published, heading, text, digest, file_digest, "
                "size, modified, unions, doubt, told from articles order by row"
            )
            passages = connection.execute(
                "select article, ordinal, start, sentences, text from passages order by number"
            )
            waiting = next(passages, None)
            for row in rows:
                found = next(one for one in articles if one[0] == row)
                while waiting and waiting[0] < row:
                    waiting = next(passages, None)
                mine: list[PassageRow] = []
                while waiting and waiting[0] == row:
                    mine.append(PassageRow(*waiting[1:]))
                    waiting = next(passages, None)
                _, identity, collection, path, title, outlet, url, published, *rest = found
                day = date.fromisoformat(published) if published else None
                yield ArticleRow(identity, collection, path, title, outlet, url, day, *rest), mine

    def verify(self) -> int:
        """Checks that every passage is a slice of its article and its sentences tile it; gives how many there are."""
        total = 0
        with self._connection() as connection:
            texts = connection.execute("select row, text from articles order by row")
            rows = connection.execute("select number, article, start, sentences, text from passages order by number")
            current, text = -1, ""
            for number, article, start, lengths, piece in rows:
                while current < article:
                    current, text = next(texts, (article, ""))
                whole = bool(lengths) and sum(map(int, lengths.split())) == len(piece)
                if number != total or text[start : start + len(piece)] != piece or not whole:
                    raise DamagedError(
                        f"Passage {number} in {self._path} is no slice of its article; "
                        "run “python -m index reindex --full”."
                    )
                total += 1
        return total

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """One that no other thread uses; threads that end leave none behind."""
        fresh = False
        try:
            connection = self._idle.pop()
        except IndexError:
            fresh = True
            with _mapped(self._path):
                place = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
                connection = sqlite3.connect(place, uri=True, check_same_thread=False)
        try:
            if fresh:
                connection.execute("pragma cache_size = -256")  # kilobytes; the system keeps the file's pages for all
            yield connection
        except sqlite3.DatabaseError as error:
            raise DamagedError(
                f"{self._path} can't be read ({error}); run “python -m index reindex --full”."
            ) from error
        finally:
            self._idle.append(connection)

    def _all(self, query: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._connection() as connection:
            return connection.execute(query, parameters).fetchall()


def _article(row: Sequence[Any]) -> IndexedArticle:
    """Of a row of `indexed`, whose columns are the fields in their order."""
    number, identity, collection, path, title, outlet, url, published, unions, doubt = row
    day = date.fromisoformat(published) if published else None
    return IndexedArticle(number, identity, collection, path, title, outlet, url, day, tuple(unions.split()), doubt)


def sentence_lengths(sentences: Iterable[Span]) -> str:
    """Sentences that follow each other, as `PassageRow` keeps them."""
    return " ".join([str(span.end - span.start) for span in sentences])


def _spans(start: int, lengths: str) -> tuple[Span, ...]:
    borders = [start, *accumulate(map(int, lengths.split()), initial=start)][1:]
    return tuple(Span(first, last) for first, last in pairwise(borders))


@contextmanager
def _mapped(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StorageError(
            f"{path} can't be written or read ({error}); check the permissions and the free space there."
        ) from error
