"""Turns the bytes of a page, a text file or a record into a draft: what an article can be made of, already clean.

The reading of pages is left to `pages`, of their bytes to `decoding`, the weighing of what dates them to `dating`. What
a draft lacks (an id, a day, an outlet) is left empty; completing and storing it is left to `keep`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from corpus.article import Source, split_heading
from corpus.clean import clean, clean_line
from corpus.date_evidence import Evidence
from corpus.dating import Dating, date_article
from corpus.day_words import MONTH_NAMES, parse_day
from corpus.decoding import declared_charset, decode
from corpus.errors import ArticleError
from corpus.feeds import FeedEntry
from corpus.front_matter import FrontMatter, Value
from corpus.furniture_shapes import ENDS_SENTENCE
from corpus.mail import mail_text
from corpus.pages import host, read_page

__all__ = [
    "TITLE_LENGTH",
    "Draft",
    "decode",
    "draft_from_front_matter",
    "draft_from_html",
    "draft_from_record",
    "draft_from_text",
    "first_words",
]

TITLE_LENGTH = 90  # code points of a title that is cut from the text; headlines are shorter


@dataclass(frozen=True, slots=True)
class Draft:
    """What was found in a page or file. `text` is clean: `clean(draft.text) == draft.text`, and never empty.

    `made_up` names the fields that nobody wrote: a title of the first words, a host for an outlet.
    """

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
    sources: tuple[Source, ...] = ()
    made_up: tuple[str, ...] = ()


def draft_from_html(
    body: bytes,
    *,
    url: str | None,
    charset: str | None,
    today: date | None = None,
    entry: FeedEntry | None = None,
) -> Draft:
    """The article of a page. `url` is where the page was fetched, `charset` what the server's header says.

    A title or day that the page lacks is the one of `entry`, of the feed that named the page. Raises ArticleError where
    the body is too large, is no HTML or holds no text.
    """
    place = url or "The page"
    page = read_page(decode(body, charset=charset or declared_charset(body)), url=url, place=place, today=today)
    return _draft(
        place,
        _without_headline(page.text, page.title),
        title=page.title or (entry.title if entry else ""),
        url=page.url,
        authors=_people(page.authors),
        outlet=page.outlet,
        site=host(page.url),
        language=_language(page.language),
        stated=page.published,
        today=today,
        entry=entry,
    )


def _without_headline(text: str, title: str) -> str:
    """The text without its first line where that only repeats the title, which is kept and shown by itself."""
    first, _, rest = text.lstrip().partition("\n")
    return rest if rest.strip() and clean_line(first) == clean_line(title) else text


def draft_from_text(body: bytes, *, name: str, today: date | None = None, entry: FeedEntry | None = None) -> Draft:
    """The article of a text file, with or without a head of `key: value` lines; `name` is for messages.

    The head begins with a known key (`_KEYS`), or a header of a saved e-mail, ends at the first blank line, and has a
    key and a value on every line up to there; keys that are not known are passed over where their values are short and
    no sentences. Coded mails are `mail`'s. Raises ArticleError where a value can't be read or no text is left.
    """
    text = mail_text(body) or decode(body)
    head, rest = _head(text)
    return _draft(
        name,
        rest if head else text,
        title=head.get("title") or (entry.title if entry else ""),
        url=_address(head["url"], name) if head.get("url") else None,
        authors=_people(head.get("authors", "")),
        outlet=head.get("outlet", ""),
        language=_language(head.get("language", "")),
        stated=_stated(head["published"], "date", name) if head.get("published") else None,
        tags=_lines(re.split(r"[,;]", head.get("tags", ""))),
        id=head.get("id") or None,
        today=today,
        entry=entry,
    )


def draft_from_front_matter(head: FrontMatter, body: str, *, today: date | None = None) -> Draft:
    """The article of a Markdown file whose front matter a person wrote, with the keys of `_KEYS` in any case.

    Other keys than these and `sources` are ignored. Raises ArticleError where a value can't be read or no text is left.
    """
    written = {key.lower(): value for key, value in head.values.items()}
    keys = {field: field for field in _KEYS.values()} | _keys(written)  # as the file has them, for messages
    values: dict[str, Value] = {key: written.get(key) or None for key in (*keys.values(), "sources")}
    known = FrontMatter(head.name, values)
    title, url, day = (known.text(keys[field]) for field in ("title", "url", "published"))
    heading, rest = ("", body) if title else split_heading(body)
    authors, tags = values[keys["authors"]], values[keys["tags"]]
    return _draft(
        head.name,
        rest,
        title=title or heading,
        url=_address(url, head.name) if url else None,
        authors=_people(authors) if isinstance(authors, str) else _lines(known.texts(keys["authors"])),
        outlet=known.text(keys["outlet"]),
        language=_language(known.text("language")),
        stated=_stated(day, keys["published"], head.name) if day else None,
        tags=_lines(re.split(r"[,;]", tags) if isinstance(tags, str) else known.texts("tags")),
        id=known.text("id") or None,
        sources=tuple(Source(*map(table.text, Source.__slots__)) for table in known.tables("sources")),
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
    site: str = "",
    language: str = "en",
    stated: date | None,
    tags: tuple[str, ...] = (),
    id: str | None = None,  # noqa: A002 - the record's own word
    sources: tuple[Source, ...] = (),
    today: date | None,
    entry: FeedEntry | None = None,
) -> Draft:
    text = clean(raw)
    if not text:
        raise ArticleError(f"{name} has no text left after cleaning; add the article's text itself.")
    # By-lines are page furniture: the text as it came still has them.
    dating = date_article(raw, stated=stated, url=url, today=today)
    if entry and entry.published and dating.published is None and dating.conflict is None:
        dating = _said_by(entry, date_article(raw, stated=entry.published, url=url, today=today))
    title, outlet = clean_line(title), clean_line(outlet)
    return Draft(
        title=title or first_words(text),
        text=text,
        url=url,
        authors=authors,
        outlet=outlet or clean_line(site),
        language=language,
        published=dating.published,
        evidence=dating.evidence,
        conflict=dating.conflict,
        tags=tags,
        id=id,
        sources=sources,
        made_up=(*(() if title else ("title",)), *(("outlet",) if site and not outlet else ())),
    )


def _said_by(entry: FeedEntry, dating: Dating) -> Dating:
    """The same, where the stated day is the one of the feed's entry."""
    told = (
        replace(one, kind="feed", words=entry.dated_by) if one.kind == "meta data" else one for one in dating.evidence
    )
    return replace(dating, evidence=tuple(told))


def first_words(text: str) -> str:
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
    "subject": "title",
    "url": "url",
    "published": "published",
    "date": "published",
    "authors": "authors",
    "author": "authors",
    "outlet": "outlet",
    "publisher": "outlet",
    "publication": "outlet",
    "source": "outlet",
    "language": "language",
    "tags": "tags",
    "id": "id",
}
# What a saved e-mail may begin with, and its other lines that may be long. “From” says who sent it on, not who wrote it.
_MAIL = re.compile(
    r"From|To|Cc|Sent|Reply-To|Return-Path|Received|Delivered-To|Message-ID|In-Reply-To|References|MIME-Version|"
    r"DKIM-Signature|Authentication-Results|(?:ARC|Content|List|Thread|X)-.*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"\s{0,9}(?:-{2,20} ?(?:Forwarded message|Original Message) ?-{2,20}|Begin forwarded message:)\s{1,9}",
    re.IGNORECASE,
)
_HEAD_LINE = re.compile(r"([A-Za-z][A-Za-z-]{1,40})[ \t]*:[ \t]*(.{0,2100}?)[ \t]*")
_HEAD_READ, _HEAD_LINES = 30_000, 100  # code points and lines: every key once, with the longest value, and an e-mail's
_HEAD_WORDS = 12  # a longer value of an unknown word, or one that ends like a sentence, is text and is not passed over


def _keys(written: Mapping[str, object]) -> dict[str, str]:
    """For each field the key that counts: of several, the first in `_KEYS`. A `source` with a web address is the url."""
    source = written.get("source")
    is_address = isinstance(source, str) and _ADDRESS.fullmatch(source)
    fields = _KEYS | {"source": "url"} if is_address else _KEYS
    return {field: key for key, field in reversed(fields.items()) if written.get(key)}


def _head(text: str) -> tuple[dict[str, str], str]:
    """The fields of the head and the text after it; no fields where there is no head."""
    found: dict[str, str] = {}
    key, has_mail = "", False
    forwarded = _FORWARDED.match(text)
    length = forwarded.end() if forwarded else len(text) - len(text.lstrip("\r\n"))
    for line in text[length : length + _HEAD_READ].splitlines(keepends=True)[:_HEAD_LINES]:
        length += len(line)
        if not line.strip():
            return {field: found[key] for field, key in _keys(found).items()}, text[length:]
        goes_on = _MAIL.fullmatch(key) or (has_mail and key == "subject")  # as long values do in e-mails
        if goes_on and line[0] in " \t":
            found[key] += f" {line.strip()}"
            continue
        match = _HEAD_LINE.fullmatch(line.rstrip("\r\n"))
        if match is None:
            return {}, text
        is_first, key = not key, match[1].lower()
        is_known, is_mail = key in _KEYS, _MAIL.fullmatch(key) is not None
        is_label = not is_first and match[2].count(" ") < _HEAD_WORDS and not ENDS_SENTENCE.search(match[2])
        if (is_known and key in found) or not (is_known or is_mail or is_label):
            return {}, text
        has_mail = has_mail or is_mail
        found[key] = match[2]
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


_ADDRESS = re.compile(r"https?://[^\s<>\"\x00-\x1f]{1,2040}")  # as front matter has them


def _address(url: str, name: str) -> str:
    if _ADDRESS.fullmatch(url):
        return url
    raise ArticleError(f"{name} has the “url” {url!r:.80}, which is no web address; give one with https://.")


# trafilatura takes the day in “By Jane Roe | September 14” for a second author.
_NO_PERSON = re.compile(rf"\d|://|@|^(?:{'|'.join(MONTH_NAMES)}|Published|Updated)$")


_ROLE = "(?:writer|reporter|correspondent|editor|contributor|columnist|journalist)"
# What stands where a name belongs: “Staff Writer”, “Transport correspondent”, the account that a site began with.
_NO_NAME = re.compile(
    rf"(?:(?:Staff|Senior|Chief|Contributing|Freelance|Special|Guest|Associate|Managing|News) ?)*{_ROLE.title()}s?"
    rf"|(?:(?:Staff|Senior|Chief) )?(?:\S+ )?{_ROLE}s?|\S+ (?:Correspondent|Editor|Reporter)s?"
    r"|[Aa]dmin(?:istrator)?|[Ss]taff(?: [Rr]eports?)?"
)
# “Ann Roe covers transport, health and labor”
_ABOUT = re.compile(r"(?<=\w)(?:,? who)? (?:covers|reports|writes|is an?|has (?:been|covered|written))\b[^;]*")


# A clipper's brackets around a name, and the label of the day that follows it.
_BESIDE_NAME = re.compile(r"^\[\[|(?:\]\])?(?: (?:Published|Updated))?$")


def _people(names: str) -> tuple[str, ...]:
    """“Jane Roe, John Doe and Ann Poe” or “Jane Roe; John Doe” → the names, each once."""
    names = _ABOUT.sub("", re.sub(r"^\s*by\s+", "", names[:1000], flags=re.IGNORECASE))
    people = (
        _BESIDE_NAME.sub("", clean_line(name))
        for name in re.split(r"\s*;\s*|\s*,\s*(?:and\s+)?|\s+and\s+|\s+&\s+", names)
    )
    people = (name for name in people if not _NO_NAME.fullmatch(name))
    return tuple(dict.fromkeys(person for person in people if person and not _NO_PERSON.search(person)))


def _lines(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for value in values if (line := clean_line(value)))


def _language(tag: str) -> str:
    """The primary language of a BCP 47 tag (“en-GB” → “en”); English where there is none."""
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)", tag)
    return match[1].lower() if match else "en"
