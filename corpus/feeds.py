"""Turns the bytes of an RSS or Atom feed into the addresses of its articles.

The bytes come from a stranger. libxml2 reads them without entities, without a network and with a bounded
depth, and repairs what is not well-formed; five megabytes of the worst that was tried take under a second.
feedparser was tried first: it opens a file where the bytes are a file's name, needs 7 s for 10,000 entries,
and minutes for 200,000 empty lines. Fetching what the addresses name, and judging whether it may be fetched,
is left to `corpus.fetch`.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from urllib.parse import urljoin

from lxml import etree

from corpus.addresses import ANY_PORT, canonical_url, check_url, shown
from corpus.date_evidence import EARLIEST
from corpus.day_words import parse_day
from corpus.errors import FetchError, UnsafeAddressError

MAX_EXAMINED = 2_000  # entries looked at; a feed of 5 MB can hold 700,000 empty ones, which took 5 s
MAX_TITLE = 300  # characters: four times the longest headline worth printing
_HEAD = 4_096  # bytes in which the root element must begin; style sheets and licence comments come before it

# What may stand before the root: the declaration, comments, a document type. The groups are atomic: without
# that, a row of comments could be divided in exponentially many ways before the match fails.
_ROOT = re.compile(
    rb"\s*+(?>(?:<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)\s*+)*+<(?:[a-z]+:)?(?:rss|feed|rdf)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
# First publication first; a day of change, as every Atom entry has one, is no day of publication.
_DATES = ("pubDate", "published", "date", "issued", "created")
_TAG = re.compile(r"<[^<>]*>")
# An ampersand that begins no entity, and what stands as it is; a CDATA section that never ends goes on to the end.
_BARE = re.compile(rb"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))|&(?![#\w]{1,40};)", re.DOTALL)
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One article that a feed names. `title` is plain text, perhaps empty.

    `published` is the day in the time zone that the entry names, `dated_by` the words that say so.
    """

    url: str
    title: str
    published: date | None
    dated_by: str = ""


def looks_like_feed(body: bytes) -> bool:
    """Whether the first element is that of RSS 0.9x, 1.0, 2.0 or Atom. Reads the head only."""
    head = body[:_HEAD]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            head = head[2:].decode(encoding, "replace").encode()
    return _ROOT.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def entries(body: bytes, base_url: str, limit: int = 50) -> list[FeedEntry]:
    """The first `limit` entries that name a web address, in the feed's order, each address once.

    Relative links are completed with `base_url`, the address the feed came from. Raises `FetchError` where
    the bytes are no feed. An entry without a link, or with one that is no web address, is left out; a date
    that can't be read is None.
    """
    if not looks_like_feed(body):
        raise FetchError(f"{shown(base_url)} is no RSS or Atom feed; give the address of a feed or of an article.")
    try:
        root, is_well_formed = _parsed(body)
        if not is_well_formed and b"\0" not in body:  # UTF-16 is left alone
            # The parser's own repair takes a bare & and the name after it away: ?x=1&y=2 became ?x=1=2.
            root, _ = _parsed(_BARE.sub(lambda match: match[1] or b"&amp;", body))
    except (etree.LxmlError, ValueError) as error:
        raise FetchError(f"{shown(base_url)} is a feed that can't be read ({shown(str(error))}).") from error
    if root is None:
        raise FetchError(f"{shown(base_url)} is a feed that can't be read; nothing in it is well-formed.")
    return list(islice(_distinct(root, base_url), limit))


def _parsed(body: bytes) -> "tuple[etree._Element | None, bool]":
    """The root element, and whether nothing had to be repaired."""
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(body, parser), len(parser.error_log) == 0


def _distinct(root: "etree._Element", base_url: str) -> Iterator[FeedEntry]:
    seen: set[str] = set()
    base = _joined(base_url, root.get(_XML_BASE, ""))
    for element in islice(root.iter("{*}item", "{*}entry"), MAX_EXAMINED):
        url = _link(element, base)
        if url and (key := canonical_url(url)) not in seen:
            seen.add(key)
            yield FeedEntry(url, _title(element), *_published(element))


def _link(element: "etree._Element", base: str) -> str:
    """The entry's web address, or "". Atom's alternate link, RSS's link, then a guid that says it is one."""
    found = []
    for child in element.iterchildren("{*}link", "{*}guid"):
        name = etree.QName(child).localname
        if name == "guid":
            if child.get("isPermaLink", "true").lower() == "true":
                found.append((2, _text(child)))
        elif child.get("href") is None:
            found.append((0, _text(child)))
        elif child.get("rel", "alternate") == "alternate":
            # In RSS an Atom link stands beside the plain one and is second to it.
            found.append((1, _joined(child.get(_XML_BASE, ""), child.get("href"))))
    inner = _joined(base, element.get(_XML_BASE, ""))
    for _, link in sorted(found, key=lambda pair: pair[0]):
        url = _joined(inner, link.strip()) if link.strip() else ""
        try:
            return check_url(url, ports=ANY_PORT).url
        except UnsafeAddressError:
            continue
    return ""


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:  # broken brackets of an IPv6 host
        return ""


def _text(element: "etree._Element") -> str:
    """All text of an element; an entity the parser left alone stands there as it was written."""
    return "".join(element.itertext())


def _title(element: "etree._Element") -> str:
    """Without tags and entities: a title may be HTML, escaped once more than XML needs."""
    child = element.find("{*}title")
    if child is None:
        return ""
    text = html.unescape(_TAG.sub("", _text(child)[: 10 * MAX_TITLE]))
    return " ".join(text.split())[:MAX_TITLE]


def _published(element: "etree._Element") -> tuple[date | None, str]:
    for name in _DATES:
        child = element.find("{*}" + name)
        if child is not None and (day := _day(words := " ".join(_text(child)[:200].split())[:64])):
            return day, words
    return None, ""


def _day(words: str) -> date | None:
    """The day of RFC 822 (RSS 2.0) or ISO 8601 (Atom, RSS 1.0), as its own zone has it: in UTC an evening is the next day.

    None for the days before there was a web, which programs write for a day that they don't know.
    """
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            day = read(words).date()
        except (ValueError, OverflowError):
            continue
        return day if day >= EARLIEST else None
    day_alone = parse_day(words)  # “Wednesday, October 4, 2023”, without an hour
    return day_alone if day_alone and day_alone >= EARLIEST else None
