"""Turns what a person names (a file, a folder, an archive, an address, a feed) into the articles found in it.

One broken item never stops the others: it is yielded as a failure with its sentence. Nothing is stored here.
"""

import codecs
import io
import lzma
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath, PurePosixPath
from typing import IO, TypeAlias

from corpus.article import Article, parse_article, split_heading, without_marks
from corpus.clean import clean_line
from corpus.errors import ArticleError, CorpusError
from corpus.extract import Draft, decode, draft_from_front_matter, draft_from_html, draft_from_record, draft_from_text
from corpus.feeds import FeedEntry, entries, looks_like_feed
from corpus.fetch import Fetcher, Page, PageKind
from corpus.front_matter import split_front_matter
from corpus.mail import archived_page, is_coded
from corpus.records import looks_like_json, read_records
from corpus.sniff import file_kind, is_html, with_mark

ENDINGS = (".md", ".txt", ".html", ".htm", ".mht", ".mhtml", ".eml", ".jsonl", ".json", ".zip")
_PAGES = (".html", ".htm")
_RECORDS = (".jsonl", ".json")
# A zip names its own sizes, so these bound what is really read from it: 10,000 items of news text are 60 MB.
MAX_ZIP_ITEMS = 10_000
MAX_ZIP_BYTES = 200_000_000
MAX_ITEM_BYTES = 10_000_000
# Seconds after which nothing more of a feed is fetched: somebody waits for its preview, and 50 entries that take the 20 s
# of a fetch each would be 17 minutes. A judgement.
FEED_SECONDS = 120.0
# What pages are saved with, and what systems leave in folders: holds no article, and nobody thinks that it does.
_ASSETS = frozenset(
    {
        *(".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".ico", ".mp3", ".mp4", ".webm"),
        *(".css", ".js", ".mjs", ".map", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".db", ".ini"),
    }
)
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError, ValueError)
# RuntimeError: encrypted; NotImplementedError, which is one: a compression this Python doesn't know.

Found: TypeAlias = tuple[Article | Draft, bool]  # whether it has an id of its own


@dataclass(frozen=True, slots=True)
class Obtained:
    """One article, or why there is none.

    `identified` says whether the source gave the article an id of its own; `name` is what its file is called.
    `origin` and `failure` are printable.
    """

    origin: str
    found: Article | Draft | None = None
    identified: bool = False
    name: str = ""
    failure: str = ""


def obtain(argument: str, *, fetcher: Callable[[], Fetcher], today: date, feed_entries: int = 50) -> Iterator[Obtained]:
    """Everything the argument leads to, in a stable order. `fetcher` is called only where something is fetched."""
    empty = True
    found = (
        _from_address(argument, fetcher(), today, feed_entries) if "://" in argument else _from_path(argument, today)
    )
    for item in found:
        empty = False
        yield replace(item, origin=_printable(item.origin), failure=_printable(item.failure))
    if empty:
        place = _printable(argument)
        yield Obtained(place, failure=f"{place} holds no article ({', '.join(ENDINGS)}); name another place.")


def obtain_upload(name: str, body: bytes, *, today: date) -> Iterator[Obtained]:
    """Everything in a file that somebody sent, in a stable order; its name says what kind it is."""
    ending = Path(name).suffix.lower()
    if ending == ".zip":
        found = _from_zip(io.BytesIO(body), name, today)
    elif ending in _RECORDS:
        found = _from_records(io.BytesIO(body), name, today)
    else:
        found = _from_bytes(name, body, today)
    empty = True
    for item in found:
        empty = False
        yield replace(item, origin=_printable(item.origin), failure=_printable(item.failure))
    if empty:
        yield Obtained(
            _printable(name), failure=f"{_printable(name)} holds no article ({', '.join(ENDINGS)}); send another."
        )


def _from_path(argument: str, today: date) -> Iterator[Obtained]:
    place = Path(argument)
    try:
        if not argument:  # Path("") is the working directory
            yield Obtained(argument, failure="“” is no file or folder; check the name.")
        elif place.is_dir():
            inside = sorted(item for item in place.rglob("*") if item.suffix.lower() in ENDINGS)
            pages = _pages(inside)
            for item in inside:
                is_hidden = any(part.startswith(".") for part in item.relative_to(place).parts)
                if not is_hidden and not _belongs(item, pages) and item.is_file():
                    yield from _from_file(item, today)
        elif place.is_file():
            yield from _from_file(place, today)
        else:
            yield Obtained(argument, failure=f"There is no file or folder {argument}; check the name.")
    except OSError as error:
        yield Obtained(argument, failure=f"{argument} can't be read ({error.strerror}); check the name.")


def _from_file(place: Path, today: date) -> Iterator[Obtained]:
    origin, ending = str(place), place.suffix.lower()
    try:
        if ending in _RECORDS:
            with place.open("rb") as stream:  # may be larger than memory: line by line
                yield from _from_records(stream, origin, today)
        elif ending == ".zip":
            with place.open("rb") as stream:
                yield from _from_zip(stream, origin, today)
        else:
            with place.open("rb") as stream:
                body = stream.read(MAX_ITEM_BYTES + 1)
            yield from _from_bytes(origin, body, today)
    except OSError as error:
        yield Obtained(origin, failure=f"{origin} can't be read ({error.strerror}); check its permissions.")


def _from_bytes(origin: str, body: bytes, today: date) -> Iterator[Obtained]:
    """The article in a file's contents, or the articles; the ending of `origin` says what kind it is."""
    place = Path(origin)
    ending, name = place.suffix.lower(), place.stem
    if ending not in ENDINGS:
        yield Obtained(origin, failure=_unknown(origin))
        return
    if len(body) > MAX_ITEM_BYTES:
        yield Obtained(origin, failure=_too_large(origin))
        return
    body = with_mark(body)
    if kind := file_kind(body):
        yield Obtained(
            origin, failure=f"{origin} is {kind}, whatever its name says; save the article as .txt or .html."
        )
        return
    if looks_like_feed(body):
        yield Obtained(origin, failure=f"{origin} is a feed, which only names articles; add it by its address.")
        return
    if ending == ".txt" and looks_like_json(body.removeprefix(codecs.BOM_UTF8)):
        yield from _from_records(io.BytesIO(body), origin, today)
        return

    def make() -> Found:
        if archive := archived_page(body):
            return _draft(draft_from_html(archive.body, url=archive.url, charset=archive.charset, today=today))
        if ending in (".mht", ".mhtml"):
            raise ArticleError("it is no web archive that can be read; save the page as .html or its words as .txt.")
        if ending == ".md":
            return _markdown(body, name, today)
        if is_html(body) or (ending in _PAGES and not is_coded(body)):
            return _draft(draft_from_html(body, url=None, charset=None, today=today))
        return _draft(draft_from_text(body, name=name, today=today))

    yield _attempt(origin, make, name)


def _attempt(origin: str, make: Callable[[], Found], name: str = "") -> Obtained:
    try:
        found, identified = make()
    except CorpusError as error:
        return Obtained(origin, failure=f"{origin}: {error}")
    return Obtained(origin, found, identified, name)


def _draft(draft: Draft) -> Found:
    return draft, draft.id is not None


def _markdown(body: bytes, name: str, today: date) -> Found:
    """A stored article as it is; a text with the front matter that a person wrote, or without, is dated as any other."""
    head, rest = split_front_matter(decode(body), name=name)
    if head.text("digest") and head.text("id"):
        return parse_article(head, rest), True
    rest = without_marks(rest)
    if head.values:
        return _draft(draft_from_front_matter(head, rest, today=today))
    title, text = split_heading(rest)
    draft = draft_from_text(text.encode("utf-8", "replace"), name=name, today=today)
    title = clean_line(title)
    return _draft(replace(draft, title=title, made_up=()) if title else draft)


def _from_records(stream: IO[bytes], origin: str, today: date) -> Iterator[Obtained]:
    for place, record in read_records(stream, MAX_ITEM_BYTES):
        label = f"{origin}:{place}" if place else origin
        if isinstance(record, str):
            yield Obtained(label, failure=f"{label} {record}")
        else:
            name = "" if place else Path(origin).stem  # of several, none is what the file is called
            yield _attempt(label, lambda record=record: _draft(draft_from_record(record, today=today)), name)  # type: ignore[misc]


def _from_zip(stream: IO[bytes], origin: str, today: date) -> Iterator[Obtained]:
    try:
        archive = zipfile.ZipFile(stream)
    except _DAMAGE as error:
        yield Obtained(origin, failure=f"{origin} is not a readable zip archive ({error}); pack it again.")
        return
    pages = _pages(PurePosixPath(item.filename) for item in archive.infolist())
    items = sorted((item for item in archive.infolist() if _is_meant(item, pages)), key=lambda item: item.filename)
    if len(items) > MAX_ZIP_ITEMS:
        yield Obtained(
            origin, failure=f"{origin} holds {len(items)} files, over the limit of {MAX_ZIP_ITEMS}; split it."
        )
        return
    left = MAX_ZIP_BYTES
    for item in items:
        label = f"{origin}/{item.filename}"
        ending = Path(item.filename).suffix.lower()
        if ending == ".zip":
            yield Obtained(label, failure=f"{label} is an archive in an archive; unpack it and add it by itself.")
            continue
        if ending not in ENDINGS:
            yield Obtained(label, failure=_unknown(label))
            continue
        try:
            with archive.open(item) as inside:
                body = inside.read(MAX_ITEM_BYTES + 1)  # the header's size may lie
        except _DAMAGE as error:
            yield Obtained(label, failure=f"{label} can't be unpacked ({error}); pack it again.")
            continue
        left -= len(body)
        if left < 0:
            yield Obtained(origin, failure=f"{origin} unpacks to over {MAX_ZIP_BYTES // 1_000_000} MB; split it.")
            return
        if ending in _RECORDS and len(body) <= MAX_ITEM_BYTES:
            yield from _from_records(io.BytesIO(body), label, today)
        else:
            yield from _from_bytes(label, body, today)


def _pages(places: Iterable[PurePath]) -> set[PurePath]:
    return {place.with_suffix("") for place in places if place.suffix.lower() in _PAGES}


def _belongs(place: PurePath, pages: set[PurePath]) -> bool:
    """Whether a browser saved it with a page: “Talks_files” beside “Talks.html” holds its pictures and advertisements."""
    folders = (folder for folder in place.parents if folder.name.endswith("_files"))
    return any(folder.with_name(folder.name.removesuffix("_files") or "_") in pages for folder in folders)


def _is_meant(item: zipfile.ZipInfo, pages: set[PurePath]) -> bool:
    """Whether somebody may take it for an article: no folder, nothing hidden, nothing that only belongs to a page."""
    parts = [part for part in item.filename.split("/") if part not in (".", "..")]
    ending = Path(item.filename).suffix.lower()
    if not any(parts[-1:]) or any(part.startswith((".", "__MACOSX")) for part in parts):
        return False
    if ending in ENDINGS:
        return not _belongs(PurePosixPath(item.filename), pages)
    return ending not in _ASSETS and not any(part.endswith("_files") for part in parts)


def _from_address(url: str, fetcher: Fetcher, today: date, feed_entries: int) -> Iterator[Obtained]:
    deadline = time.monotonic() + FEED_SECONDS
    try:
        page = fetcher.fetch(url)
        if page.kind is not PageKind.FEED:
            yield from _from_page(page, today)
            return
        found = entries(page.body, page.final_url, feed_entries)
    except CorpusError as error:
        yield Obtained(url, failure=str(error))
        return
    for number, entry in enumerate(found):
        if time.monotonic() > deadline:
            left = "1 entry was" if number + 1 == len(found) else f"{len(found) - number} entries were"
            why = f"{left} not fetched, since the others took {FEED_SECONDS:.0f} seconds; add what is missing by its address."
            yield Obtained(url, failure=f"Of {url}, {why}")
            return
        try:
            article = fetcher.fetch(entry.url)
        except CorpusError as error:
            yield Obtained(entry.url, failure=str(error))
        else:
            yield from _from_page(article, today, entry)


def _from_page(page: Page, today: date, entry: FeedEntry | None = None) -> Iterator[Obtained]:
    def html() -> Found:
        return _draft(draft_from_html(page.body, url=page.final_url, charset=page.charset, today=today, entry=entry))

    def text() -> Found:
        draft = draft_from_text(page.body, name=page.final_url, today=today, entry=entry)
        return _draft(replace(draft, url=draft.url or page.final_url))

    if page.kind is PageKind.JSON_LINES:
        yield from _from_records(io.BytesIO(page.body), page.url, today)
    elif page.kind is PageKind.FEED:
        yield Obtained(page.url, failure=f"{page.url} is a feed inside a feed; add it by itself.")
    else:
        yield _attempt(page.url, html if page.kind is PageKind.HTML else text)


def _printable(words: str) -> str:
    """Names in archives and folders are strangers' words, and go to a terminal."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in words)


def _unknown(origin: str) -> str:
    return f"{origin} is none of {', '.join(ENDINGS)}; save it as one of them."


def _too_large(origin: str) -> str:
    return f"{origin} is larger than {MAX_ITEM_BYTES // 1_000_000} MB; split it into several articles."
