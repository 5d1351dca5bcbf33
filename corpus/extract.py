"""Turns the bytes of a page, a text file or a record into a draft: what an article can be made of, already clean.

The reading of pages is left to `pages`, of their bytes to `decoding`, the weighing of what dates them to `dating`. What
a draft lacks (an id, a day, an outlet) is left empty; completing and storing it is left to `keep`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from corpus.clean import clean, clean_line
from corpus.date_evidence import Evidence
from corpus.dating import date_article
from corpus.day_words import MONTH_NAMES, parse_day
from corpus.decoding import declared_charset, decode
from corpus.errors import ArticleError
from corpus.pages import read_page

__all__ = ["TITLE_LENGTH", "Draft", "decode", "draft_from_html", "draft_from_record", "draft_from_text"]

TITLE_LENGTH = 90  # code points of a title that is cut from the text; headlines are shorter


@dataclass(frozen=True, slots=True)
class Draft:
    """What was found in a page or file. `text` is clean: `clean(draft.text) == draft.text`, and never empty."""

    title: str
    text: str
    url: str | None
    authors: tuple[str, ...]
    outlet: str
    language: str
    published: date | None
    evidence: tuple[Evidence, ...]
    conflict: str | None
    tags: tuple[str, ...] = ()
    id: str | None = None


def draft_from_html(body: bytes, *, url: str | None, charset: str | None, today: date | None = None) -> Draft:
    """The article of a page. `url` is where the page was fetched, `charset` what the server's header says.

    Raises ArticleError where the body is too large, is no HTML or holds no text.
    """
    place = url or "The page"
    page = read_page(decode(body, charset=charset or declared_charset(body)), url=url, place=place, today=today)
    return _draft(
        place,
        _without_headline(page.text, page.title),
        title=page.title,
        url=page.url,
        authors=_people(page.authors),
        outlet=page.outlet,
        language=_language(page.language),
        stated=page.published,
        today=today,
    )


def _without_headline(text: str, title: str) -> str:
    """The text without its first line where that only repeats the title, which is kept and shown by itself."""
    first, _, rest = text.lstrip().partition("\n")
    return rest if rest.strip() and clean_line(first) == clean_line(title) else text


def draft_from_text(body: bytes, *, name: str, today: date | None = None) -> Draft:
    """The article of a text file, with or without a head of `key: value` lines; `name` is for messages.

    The head ends at the first blank line and counts only if every line up to there is a known key with a value
    (`_KEYS`). Raises ArticleError where a value of the head can't be read or no text is left.
    """
    text = decode(body)
    head, rest = _head(text)
    return _draft(
        name,
        rest if head else text,
        title=head.get("title", ""),
        url=_address(head["url"], name) if head.get("url") else None,
        authors=_people(head.get("authors", "")),
        outlet=head.get("outlet", ""),
        language=_language(head.get("language", "")),
        stated=_stated(head["published"], "date", name) if head.get("published") else None,
        tags=tuple(tag for tag in map(clean_line, re.split(r"[,;]", head.get("tags", ""))) if tag),
        id=head.get("id") or None,
        today=today,
    )


def draft_from_record(record: Mapping[str, object], *, today: date | None = None) -> Draft:
    """The article of one JSON object: `{"id", "title", "text", "date", "url", "publisher"}`, only `text` required.

    Other keys are ignored, null is the same as absent. Raises ArticleError that names the key and its value.
    """
    fields = {key: _string(record, key) for key in ("id", "title", "text", "date", "url", "publisher")}
    name = fields["id"][:80] or "The record"
    if not fields["text"]:
        raise ArticleError(f"{name} has no “text”; give the article's text under that key.")
    return _draft(
        name,
        fields["text"],
        title=fields["title"],
        url=_address(fields["url"], name) if fields["url"] else None,
        outlet=fields["publisher"],
        stated=_stated(fields["date"], "date", name) if fields["date"] else None,
        id=fields["id"] or None,
        today=today,
    )


def _draft(
    name: str,
    raw: str,
    *,
    title: str,
    url: str | None,
    authors: tuple[str, ...] = (),
    outlet: str = "",
    language: str = "en",
    stated: date | None,
    tags: tuple[str, ...] = (),
    id: str | None = None,  # noqa: A002 - the record's own word
    today: date | None,
) -> Draft:
    text = clean(raw)
    if not text:
        raise ArticleError(f"{name} has no text left after cleaning; add the article's text itself.")
    # By-lines are page furniture: the text as it came still has them.
    dating = date_article(raw, stated=stated, url=url, today=today)
    return Draft(
        title=clean_line(title) or _first_words(text),
        text=text,
        url=url,
        authors=authors,
        outlet=clean_line(outlet),
        language=language,
        published=dating.published,
        evidence=dating.evidence,
        conflict=dating.conflict,
        tags=tags,
        id=id,
    )


def _first_words(text: str) -> str:
    """A title from the start of the text, which keeps it: the first sentence, cut between words."""
    line = text.lstrip()[: 4 * TITLE_LENGTH].partition("\n")[0]
    sentence = re.match(r".*?(?:[.!?][”\"’')\]]*(?=\s)|$)", line)
    words = sentence[0].strip() if sentence else line
    if len(words) > TITLE_LENGTH:
        border = words.rfind(" ", 0, TITLE_LENGTH)  # leaves room for the ellipsis
        words = words[: border if border > 0 else TITLE_LENGTH - 1].rstrip(" ,;:–—-") + "…"
    return clean_line(words)


# --- text files and records ---

_KEYS = {  # what people write → the draft's field
    "title": "title",
    "url": "url",
    "date": "published",
    "published": "published",
    "author": "authors",
    "authors": "authors",
    "outlet": "outlet",
    "publisher": "outlet",
    "source": "outlet",
    "language": "language",
    "tags": "tags",
    "id": "id",
}
_HEAD_LINE = re.compile(r"([A-Za-z]{2,9})[ \t]*:[ \t]*(.{0,2100}?)[ \t]*")
_HEAD_READ = 30_000  # code points: every key once, with the longest value


def _head(text: str) -> tuple[dict[str, str], str]:
    """The fields of the head and the text after it; no fields where there is no head."""
    head: dict[str, str] = {}
    length = len(text) - len(text.lstrip("\r\n"))
    for line in text[length : length + _HEAD_READ].splitlines(keepends=True)[: len(_KEYS) + 1]:
        length += len(line)
        if not line.strip():
            return head, text[length:]
        match = _HEAD_LINE.fullmatch(line.rstrip("\r\n"))
        field = _KEYS.get(match[1].lower()) if match else None
        if match is None or field is None or field in head:
            return {}, text
        head[field] = match[2]
    return {}, text


def _string(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ArticleError(f"“{key}” is {value!r:.80}, which is not a text; write it in quotation marks.")
    return value if key == "text" else value.strip()


def _stated(words: str, key: str, name: str) -> date:
    day = parse_day(words)
    if day is None:
        raise ArticleError(
            f"{name} has the “{key}” {words!r:.80}, which is no day; write it as 2023-09-14 or leave it out."
        )
    return day


def _address(url: str, name: str) -> str:
    if re.fullmatch(r"https?://[^\s<>\"\x00-\x1f]{1,2040}", url):  # as front matter has them
        return url
    raise ArticleError(f"{name} has the “url” {url!r:.80}, which is no web address; give one with https://.")


# trafilatura takes the day in “By Jane Roe | September 14” for a second author.
_NO_PERSON = re.compile(rf"\d|://|@|^(?:{'|'.join(MONTH_NAMES)}|Published|Updated)$")


def _people(names: str) -> tuple[str, ...]:
    """“Jane Roe, John Doe and Ann Poe” or “Jane Roe; John Doe” → the names, each once."""
    names = re.sub(r"^\s*by\s+", "", names[:1000], flags=re.IGNORECASE)
    people = (clean_line(name) for name in re.split(r"\s*;\s*|\s*,\s*(?:and\s+)?|\s+and\s+|\s+&\s+", names))
    return tuple(dict.fromkeys(person for person in people if person and not _NO_PERSON.search(person)))


def _language(tag: str) -> str:
    """The primary language of a BCP 47 tag (“en-GB” → “en”); English where there is none."""
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)", tag)
    return match[1].lower() if match else "en"
