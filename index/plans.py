"""Compares the article folder with the generation in use: which articles to parse, and which to take over as they are.

Every file is listed, only what may have changed is read, and only what did change is parsed. What is made of it is
`builder`'s business.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from corpus.article import Article
from corpus.errors import CorpusError
from corpus.files import ArticleFolder, Stamp
from index.config import IndexFile
from index.errors import StorageError
from index.generations import Failure, Manifest, OnProgress
from index.passages import SCHEME
from index.tables import FileRow, TableReader

# A file whose time stamp is this close to the moment it was read may have changed again within the clock's grain.
_GRAIN = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Planned:
    """An article of the new generation: parsed, or the row that it has in the one in use."""

    collection: str
    id: str
    stamp: Stamp
    file_digest: str
    source: Article | int


@dataclass(frozen=True, slots=True)
class Plan:
    """The articles of the new generation by collection and id, and a sentence for each file that is left out.

    `nothing_new` says that they are those of the generation in use.
    """

    articles: tuple[Planned, ...]
    failures: tuple[Failure, ...]
    nothing_new: bool


def scheme_of(settings: IndexFile) -> str:
    """How passages are cut and their vectors kept: of another scheme, nothing is taken over."""
    return f"{SCHEME}/{settings.passages.pieces}/{settings.passages.overlap}/{settings.dense.kind}"


def make_plan(
    folder: ArticleFolder, previous: TableReader | None, manifest: Manifest | None, progress: OnProgress
) -> Plan:
    """The plan of a reindex; without `previous`, all is parsed. StorageError where the folder can't be listed."""
    try:
        stamps = folder.stamps()
    except CorpusError as error:
        raise StorageError(str(error)) from error
    known = {row.path: row for row in previous.files()} if previous else {}
    identities = previous.identities() if previous else []
    border = int((datetime.fromisoformat(manifest.made_at) - _GRAIN).timestamp() * 1e9) if manifest else 0
    found: list[Planned] = []
    failures: list[Failure] = []
    for done, stamp in enumerate(stamps):
        if done % 64 == 0:
            progress("reading", done, len(stamps))
        try:
            found.append(_planned(folder, stamp, known.get(stamp.path), identities, border))
        except CorpusError as error:
            failures.append(Failure(stamp.collection, _speakable(str(error))))
    progress("reading", len(stamps), len(stamps))
    articles = tuple(_distinct(found, failures))
    taken_over = sum(1 for one in articles if isinstance(one.source, int))
    nothing_new = previous is not None and taken_over == len(articles) == previous.articles
    return Plan(articles, tuple(failures), nothing_new)


def _planned(
    folder: ArticleFolder, stamp: Stamp, row: FileRow | None, identities: Sequence[tuple[str, str]], border: int
) -> Planned:
    """What one file is to be; `row` is its own in the generation in use, whose articles' `identities` are by row."""
    if row and (row.size, row.modified) == (stamp.size, stamp.modified) and stamp.modified < border:
        return Planned(*identities[row.row], stamp, row.file_digest, row.row)
    if _speakable(stamp.path) != stamp.path:
        raise CorpusError(f"“{stamp.path}” has a name that is not UTF-8; rename the file.")
    raw = folder.read_bytes(stamp.path)
    digest = hashlib.sha256(raw).hexdigest()
    if row and row.file_digest == digest:
        return Planned(*identities[row.row], stamp, digest, row.row)
    article = folder.parse(stamp.path, raw)
    return Planned(article.collection, article.id, stamp, digest, article)


def _distinct(found: list[Planned], failures: list[Failure]) -> Iterator[Planned]:
    """By collection and id; of two files with one id, the first by path stays and the other is a failure."""
    kept: Planned | None = None
    for one in sorted(found, key=lambda one: (one.collection, one.id, one.stamp.path)):
        if kept and (kept.collection, kept.id) == (one.collection, one.id):
            why = f"“{kept.stamp.path}” and “{one.stamp.path}” have the same id “{one.id}”; change one of them."
            failures.append(Failure(one.collection, why))
            continue
        kept = one
        yield one


def _speakable(text: str) -> str:
    """Without lone surrogates, which stand for the bytes of a file name that is not UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
