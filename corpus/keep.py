"""Keeps obtained articles: decides whether each is new, an update or there already, and writes it.

Where its source gave an id, an article is known by that alone; else by its canonical address, else by its text. All
within its collection.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

from corpus.addresses import canonical_url
from corpus.article import GIVEN, PUBLIC, Article, changed, make_article, was_put_by_hand
from corpus.attic import Attic
from corpus.errors import CorpusError
from corpus.extract import Draft, first_words
from corpus.files import ArticleFolder, Catalogue, Entry, new_id, plain_id
from corpus.obtain import Obtained

# Bulk adding waits for the disk, not for the processor: eight writers took 0.5 ms a file, one 1.5 to 2 ms.
_WRITERS = 8
_WAITING = 64  # written but not yet told: enough to keep the writers busy


_NOT_KEPT = ("id", "evidence", "conflict", "made_up")  # fields of a draft that an article has otherwise, or not


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one obtained article: `added`, `updated`, `unchanged` or `failed`, and why."""

    origin: str
    status: str
    id: str = ""
    title: str = ""
    published: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person knows better than the page: None leaves what was found, “” takes it out."""

    title: str | None = None
    outlet: str | None = None
    published: date | Literal[""] | None = None
    url: str | None = None

    def beside(self, article: Article) -> "Corrections":
        """Without those that say what the article says."""
        same = [name for name in self.__slots__ if getattr(self, name) == (getattr(article, name) or "")]
        return replace(self, **dict.fromkeys(same))

    def fields(self, before: tuple[str, ...] = ()) -> dict[str, Any]:
        """The corrected fields of an article, and that they are: `before` names those that were corrected before."""
        found: dict[str, Any] = {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}
        found |= {"given": (*before, *found)}
        if self.published is not None:
            found |= {"published": self.published or None, "evidence": GIVEN if self.published else ""}
        return found


def keep(
    obtained: Iterable[Obtained],
    catalogue: Catalogue,
    *,
    now: datetime,
    collection: str = PUBLIC,
    corrections: Corrections | None = None,
    attic: Attic | None = None,
) -> Iterator[Kept]:
    """Stores what was obtained in the catalogue's folder and tells, item by item, what became of it.

    What a file held before goes into the attic. An item is told only when it is durable. Raises StoreError where the
    folder can't be written; what was told before then is kept, and is all that was written.
    """
    moment = now.astimezone(UTC).replace(microsecond=0)  # as it is stored
    judge = _Judge(catalogue, moment, collection, corrections or Corrections(), {})
    waiting: deque[tuple[Kept, str, Future[str] | None]] = deque()

    def told(most: int) -> Iterator[Kept]:
        while waiting and (len(waiting) > most or waiting[0][2] is None or waiting[0][2].done()):
            kept, path, written = waiting.popleft()
            if written:
                written.result()
                judge.unwritten.pop(path, None)
            yield kept

    with ThreadPoolExecutor(_WRITERS) as pool:
        try:
            for item in obtained:
                kept, path, article = judge.judge(item)
                if article and path in judge.unwritten:  # a file is never written by two threads at once
                    yield from told(0)
                written = None
                if article:
                    judge.unwritten[path] = article
                    catalogue.note(article, path)
                    replaced = attic if kept.status == "updated" else None
                    written = pool.submit(_write, catalogue.folder, article, path, replaced)
                waiting.append((kept, path, written))
                yield from told(_WAITING)
            yield from told(0)
        except CorpusError:
            begun = [(kept, written) for kept, _, written in waiting if written and not written.cancel()]
            yield from (kept for kept, written in begun if written.exception() is None)
            raise


def preview(
    obtained: Iterable[Obtained], catalogue: Catalogue, *, now: datetime, collection: str
) -> Iterator[tuple[Kept, Article | None]]:
    """What would become of each item, and the article as it would be stored; nothing is written.

    As `keep`, each is judged against those before it too; the catalogue holds them from then on.
    """
    moment = now.astimezone(UTC).replace(microsecond=0)
    judge = _Judge(catalogue, moment, collection, Corrections(), {})
    for item in obtained:
        kept, path, article = judge.judge(item)
        if article:
            judge.unwritten[path] = article
            catalogue.note(article, path)
        yield kept, article


def _write(folder: ArticleFolder, article: Article, path: str, attic: Attic | None) -> str:
    if attic is not None:
        attic.keep(folder, path, article.collection)
    return folder.write(article, path=path)


@dataclass(frozen=True, slots=True)
class _Judge:
    catalogue: Catalogue
    now: datetime
    collection: str
    corrections: Corrections
    unwritten: dict[str, Article]

    def judge(self, item: Obtained) -> tuple[Kept, str, Article | None]:
        """What becomes of the item; where it is to be written, and what, else None."""
        if item.found is None:
            return Kept(item.origin, "failed", note=item.failure), "", None
        try:
            article = self._article(item.found)
            known, reason = self._known(article, item.identified)
            if known is None:
                return self._new(item, article)
            old = self.unwritten.get(known.path) or self.catalogue.folder.read(known.path)
            article = self._renewed(article, old, item)
        except CorpusError as error:
            return Kept(item.origin, "failed", note=f"{item.origin}: {error}"), "", None
        if article == old:
            return _kept(item, "unchanged", old, f"{reason} as “{old.id}”"), "", None
        return _kept(item, "updated", article, f"{reason} as before"), known.path, article

    def _article(self, found: Article | Draft) -> Article:
        if isinstance(found, Article):
            fields = self.corrections.fields(found.given) | {"collection": self.collection}
            return changed(found, added=self.now if was_put_by_hand(found) else found.added, **fields)
        fields = self.corrections.fields() | {"collection": self.collection}
        draft = {name: getattr(found, name) for name in found.__slots__ if name not in _NOT_KEPT}
        draft |= {"id": found.id or "new", "evidence": _evidence(found), "added": self.now}
        return make_article(**(draft | fields), is_clean=True)

    def _new(self, item: Obtained, article: Article) -> tuple[Kept, str, Article]:
        if not item.identified:
            article = replace(article, id=self._free_id(article, item.name))
        note = f"date from {article.evidence}" if article.evidence else ""
        if article.evidence == GIVEN:
            note = f"date {GIVEN}"
        if article.published is None:
            note = "no date found; add it again with --date"
        if isinstance(item.found, Draft) and item.found.conflict and self.corrections.published is None:
            note = item.found.conflict
        return _kept(item, "added", article, note), self.catalogue.free_path(article.id, self.collection), article

    def _known(self, article: Article, identified: bool) -> tuple[Entry | None, str]:
        if identified:
            return self.catalogue.get(self.collection, article.id), "the same id"
        if article.url and (entry := self.catalogue.with_url(self.collection, article.url)):
            return entry, "the same address"
        return self.catalogue.with_text(self.collection, article.text), "the same text"

    def _renewed(self, article: Article, old: Article, item: Obtained) -> Article:
        """The article in place of the old one.

        A stored form is whole: what it lacks was taken out. Anything else keeps what it lacks or only made up, and what
        a person gave. Where another outlet has the same text, the first one stays as it is, corrections apart.
        """
        kept: dict[str, Any] = {"id": old.id, "added": old.added}
        if item.identified and isinstance(item.found, Article):
            return changed(article, **kept)
        is_same_page = article.url and old.url and canonical_url(article.url) == canonical_url(old.url)
        if article.url and old.url and not is_same_page and self.corrections.url is None:
            return changed(old, **self.corrections.fields(old.given))
        lacking = {
            name for name in ("title", "outlet", "url", "authors", "tags", "sources") if not getattr(article, name)
        }
        if isinstance(item.found, Draft):
            lacking |= {name for name in item.found.made_up if getattr(old, name)}
        if old.title == first_words(old.text):  # made up too, from words that may not be there any more
            lacking -= {"title"}
        lacking |= {"url"} if is_same_page else set()
        kept["given"] = (*old.given, *article.given)
        for name in (*lacking, *old.given):
            if name not in article.given:
                kept[name] = getattr(old, name)
        if self.corrections.published is None and (article.published is None or "published" in old.given):
            kept |= {"published": old.published, "evidence": old.evidence}
        return changed(article, **kept)

    def _free_id(self, article: Article, name: str) -> str:
        """The name of its file where that is free, else date, headline and digest."""
        if (slug := plain_id(name)) and not self.catalogue.get(self.collection, slug):
            return slug
        wanted = new_id(article.title, article.text, article.published)
        free, count = wanted, 2
        while self.catalogue.get(self.collection, free):
            free, count = f"{wanted}-{count}", count + 1
        return free


def _evidence(draft: Draft) -> str:
    return "; ".join(f"{item.kind}: {item.words}" for item in draft.evidence)


def _kept(item: Obtained, status: str, article: Article, note: str) -> Kept:
    return Kept(item.origin, status, article.id, article.title, article.published, note)
