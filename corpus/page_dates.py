"""Finds the day on which a page says that it was published: in its head, its JSON-LD, or a mark beside its headline.

Stamps of a change, of other stories and of the page's frame are no such marks. What the words of the article tell is
left to `dating`.
"""

import contextlib
import html
import json
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from itertools import islice
from typing import Any

from lxml import etree

from corpus.bylines import find_address_date, find_bylines
from corpus.date_evidence import EARLIEST, LATEST
from corpus.day_words import ANY_CASE_DATE, day_of, fits, parse_day
from corpus.patterns import lazy

MAX_MARK, MAX_MARKS = 200, 20  # code points of a mark: it is a line; marks that are read: a live page has thousands
NEAR = 500  # code points from a headline to its by-line: a line below the headline, a caption
_STORY = (  # some give the whole page an itemtype
    "self::article or @itemprop='articleBody'"
    " or (contains(@itemtype, 'Article') or contains(@itemtype, 'Posting')) and not(self::html or self::body)"
)
_MARK_WORD = lazy(
    r"(?:pub|publish|published|post|article|entry|story)?date(?:line|time|stamp|published|posted|created)?"
    r"|publish(?:ed)?(?:on|time)?|publication|posted(?:on)?|byline|timestamp"
)
_CHANGE_WORD = lazy(r"\w*(?:updat|modif|revis|expir)\w*|edited|events?|current|todays?|deadline|weather|clock")
_FIRST_WORD = lazy(r"published|pubdate|datepublished")
_OTHERS_WORD = lazy(
    r"related|sidebar|recommend\w*|trending|popular|latest|comments?|newsletter|teasers?|promos?|widgets?|events?"
)
_INLINE = {"span", "b", "strong", "em", "i", "small", "label", "abbr"}
_OTHERS = {"nav", "aside", "footer", "blockquote", "figure", "script", "style"}
_UPDATED = lazy(
    r"\b(?:last )?(?:updated|modified|edited|revised)\b.*?(?=\b(?:(?:first|originally) )?(?:published|posted)\b|$)",
    re.IGNORECASE | re.DOTALL,
)
_META = lazy(r"publi[cs]|pub_?date|date|created|issued|ptime", re.IGNORECASE)
_NO_META = lazy(r"modif|updat|revis|last|expir|event|start|end|valid|birth|copyright|generat", re.IGNORECASE)
_ARTICLE_TYPE = lazy(r"(?:Article|Posting|Report)$")
# What scripts have around and in their JSON that it may not have: a CDATA section, a comma before an end.
_NOT_JSON = lazy(r"^\s*(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>\s*$|,(?=\s*[}\]])")
_UTC = lazy(r"\d\d?:\d\d.*(?:Z|[+-]00:?00|\b(?:UTC|GMT))\s*$")


def find_page_day(tree: Any, *, title: str, text: str, url: str | None, today: date | None) -> date | None:
    """The day of publication by the page's own marks, none after `today`.

    A stamp in UTC may be a day off; then the day counts that the by-line, the mark or the address shows beside it.
    """
    latest = today or LATEST
    marks = list(islice(_marks(tree, title, text), MAX_MARKS))
    shown = [_shown_day(mark, latest) for mark in marks]
    published, created = _head_stamps(tree)
    for stamp in published:
        if day := _read(stamp, latest):
            return _local(day, stamp, shown, text, url, latest)
    for mark, day in zip(marks, shown, strict=True):
        if day:
            return day
        for stamp in _stamps(mark):
            if day := _read(stamp, latest):
                return _local(day, stamp, shown, text, url, latest)
    days = (_local(day, stamp, shown, text, url, latest) for stamp in created if (day := _read(stamp, latest)))
    return next(days, None)


def _local(day: date, stamp: str, shown: list[date | None], text: str, url: str | None, latest: date) -> date:
    """The day where the page was written: an evening in America is the next day in UTC."""
    if not _UTC().search(stamp):
        return day
    bylines = [finding.evidence.day for finding in find_bylines(text) if finding.first != date.min]
    address = [finding.evidence.day for finding in find_address_date(url)]
    near = (one for one in (*bylines, *shown, *address) if one and abs((one - day).days) <= 1 and one <= latest)
    return next(near, day)


# --- the head ---


def _head_stamps(tree: Any) -> tuple[list[str], list[str]]:
    """When meta elements and JSON-LD say that it was published, most trusted first; and created, perhaps days before."""
    metas: list[tuple[str, str]] = []
    for meta in tree.xpath("//head/meta[@content]"):
        name = next((meta.get(key) for key in ("property", "name", "itemprop", "http-equiv") if meta.get(key)), "")
        if _META().search(name) and not _NO_META().search(name):
            metas.append((name.lower(), meta.get("content")))
    published = [stamp for name, stamp in metas if "pub" in name]
    created: list[str] = []
    for script in tree.xpath("//script[starts-with(normalize-space(@type), 'application/ld+json')]"):
        source = _NOT_JSON().sub("", script.text or "")
        with contextlib.suppress(ValueError, RecursionError):  # a mark that can't be read is no evidence
            found = json.loads(source if '"' in source else html.unescape(source), strict=False)
            published += _json_stamps(found, "datePublished")
            created += _json_stamps(found, "dateCreated")
    return published + [stamp for name, stamp in metas if "pub" not in name], created


def _json_stamps(found: Any, key: str) -> Iterator[str]:
    """The stamps under `key` of the articles at the top, not those of videos, pages or updates inside."""
    if isinstance(found, list):
        for item in found:
            yield from _json_stamps(item, key)
    elif isinstance(found, dict):
        kinds = found.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        stamp = found.get(key)
        if isinstance(stamp, str) and any(_ARTICLE_TYPE().search(kind) for kind in kinds if isinstance(kind, str)):
            yield stamp
        yield from _json_stamps(found.get("@graph"), key)
        yield from _json_stamps(found.get("mainEntity"), key)


# --- marks in the body ---


def drop_bare_changes(tree: Any) -> None:
    """Takes marks of a change or an event out of the page whose words don't say so: they read as the article's day."""
    for element in tree.xpath("//body//*[@class or @id or @itemprop]"):
        if _is_mark(element) and _tells_change(element) and not _UPDATED().search(" ".join(element.itertext())):
            element.drop_tree()


def _marks(tree: Any, title: str, text: str) -> Iterator[Any]:
    """The by-lines, time elements and other date marks of the story itself, copies without what tells a change."""
    for element, around in _candidates(tree, _headline(tree, title), text):
        if not _is_mark(element) or _tells_change(element) or _is_after_change(element):
            continue
        if not _is_elsewhere(element, around):
            mark = deepcopy(element)
            mark.tail = None
            for part in [part for part in mark.iterdescendants(etree.Element) if _tells_change(part)]:
                part.drop_tree()
            yield mark


def _is_after_change(element: Any) -> bool:
    """Whether the last label before it in its line is that of a change."""
    before = _before(element)[-MAX_MARK:].rstrip()
    return any(match.end() == len(before) for match in _UPDATED().finditer(before))


def _before(element: Any) -> str:
    """The words right before it in its line: “Last updated”."""
    before = element.getprevious()
    if before is None:
        return element.getparent().text or ""
    return f"{before.text_content() if before.tag in _INLINE else ''} {before.tail or ''}"


def _candidates(tree: Any, headline: Any, text: str) -> Iterator[tuple[Any, set[Any]]]:
    """The elements of the headline's article; without one, what stands beside the headline, then the longest article.

    Each with the elements in which its own story begins.
    """
    inside = headline.xpath(f"ancestor::*[{_STORY}][1]") if headline is not None else []
    if not inside and headline is not None:
        beside = headline.xpath("preceding-sibling::*[1][not(parent::body)]")
        read = 0
        for item in headline.xpath("following::node()[not(parent::script or parent::style)]"):
            if isinstance(item, str):
                read += len(item.strip())
                if read > NEAR:
                    break
            else:
                beside.append(item)
        around = {*headline.iterancestors()}
        yield from ((item, around) for item in beside)
    if not inside:
        stories = [item for item in tree.xpath(f"//body//*[{_STORY}]") if not _is_elsewhere(item, {tree})]
        stories = stories or ([] if headline is not None else tree.xpath("//main"))
        longest = max(stories, key=lambda item: len(item.text_content()), default=None)
        inside = [longest] if longest is not None and 2 * len(longest.text_content()) >= len(text) else []
    for story in inside:
        yield from ((item, {story}) for item in story.iterdescendants(etree.Element))


def _headline(tree: Any, title: str) -> Any:
    """The heading that is the title, else the only h1 if it has more words than a site's name has."""
    for heading in tree.xpath("//body//h1 | //body//h2 | //body//h3"):
        if _words(heading) and _words(heading) == title.casefold().split():
            return heading
    found = tree.xpath("//body//h1")
    return found[0] if len(found) == 1 and len(_words(found[0])) > 3 else None


def _words(element: Any) -> list[str]:
    return str(element.text_content()).casefold().split()


def _is_elsewhere(element: Any, around: set[Any]) -> bool:
    """Whether it belongs to another story or to the page's frame; `around` holds the elements of its own story."""
    for outer in (element, *element.iterancestors()):
        if outer in around:
            return False
        if outer.tag in _OTHERS or _has_word(outer, _OTHERS_WORD()):
            return True
        if outer.tag == "article" and outer is not element:
            return True
    return False


def _is_mark(element: Any) -> bool:
    named = element.tag == "time" or _has_word(element, _MARK_WORD())
    return named and len(element.text_content()) <= MAX_MARK


def _tells_change(element: Any) -> bool:
    # WordPress gives “entry-date published updated” to what was never changed.
    return _has_word(element, _CHANGE_WORD()) and not _has_word(element, _FIRST_WORD())


def _has_word(element: Any, word: re.Pattern[str]) -> bool:
    """Whether a word of its classes, id or property is such a one: “pubDate” has two, “candidate” one."""
    named = " ".join(element.get(key, "") for key in ("class", "id", "itemprop"))
    return any(word.fullmatch(one.lower()) for one in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", named))


def _shown_day(mark: Any, latest: date) -> date | None:
    """The first day that the mark's words name, after what they say of a change."""
    words = " ".join(_UPDATED().sub(" ", " ".join(mark.itertext())).split())
    days = ((match, day_of(match)) for match in ANY_CASE_DATE().finditer(words))
    return next((day for match, day in days if day and EARLIEST <= day <= latest and fits(match, day)), None)


def _stamps(mark: Any) -> Iterator[str]:
    """The stamps beside the mark's words, which don't show its day; none where they tell of a change."""
    if not _UPDATED().search(" ".join(mark.itertext())):
        yield from map(str, mark.xpath("descendant-or-self::*/@datetime"))
        own = "contains(@itemprop, 'datePublished') or contains(@itemprop, 'dateCreated')"  # not an event's start
        yield from map(str, mark.xpath(f"descendant-or-self::*[self::meta or {own}]/@content"))
        yield from map(str, mark.xpath("descendant-or-self::abbr/@title"))


def _read(stamp: str, latest: date) -> date | None:
    """The day of a stamp; zones are written in more ways than `parse_day` knows."""
    stamped = re.match(r"\s*(\d{4}-\d\d-\d\d)[T ]", stamp)
    day = parse_day(stamped[1] if stamped else stamp)
    return day if day and EARLIEST <= day <= latest else None
