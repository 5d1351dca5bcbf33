"""Turns the bytes of a page, a text file or a record into a draft: what an article can be made of, already clean.

The main text of a page is trafilatura's work, its date htmldate's, everything else that dates it `dating`'s. What a
draft lacks (an id, a day, an outlet) is left empty; completing and storing it is left to `keep`.
"""

import codecs
import logging
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

import charset_normalizer
import htmldate
import trafilatura
from lxml import etree
from lxml import html as lxml_html

from corpus.addresses import ANY_PORT, check_url
from corpus.clean import clean, clean_line
from corpus.dating import EARLIEST, LATEST, Evidence, date_article, parse_day
from corpus.errors import ArticleError, UnsafeAddressError

MAX_BYTES = 10_000_000  # of a body; the longest news pages have about 3 MB, nearly all of it scripts
TITLE_LENGTH = 90  # code points of a title that is cut from the text; headlines are shorter
# A page of news has 1,000 to 5,000 elements, 15 to 40 deep. trafilatura takes 3 s for 15,000 paragraphs and 9 s for
# 35,000; beyond these limits its words are read in one pass, without knowing which belong to the article.
MAX_ELEMENTS, MAX_DEPTH = 20_000, 150
for _library in ("trafilatura", "htmldate", "charset_normalizer"):
    logging.getLogger(_library).addHandler(logging.NullHandler())  # else complaints go to standard error

_SAMPLE = 100_000  # bytes from which an undeclared encoding is guessed: guessing takes seconds per MB


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
    tree = _parse(decode(body, charset=charset or _declared(body)), place)
    small = _is_small(tree)
    page = _extract(tree, url, place) if small else None
    raw = _with_lines(page.text, tree) if page and page.text else _paragraphs(tree)
    meta = _meta_day(tree, today) if small else None
    address = _canonical(tree, url)
    site = (page.sitename if page else None) or _meta(tree, "og:site_name")
    heading = (page.title if page else None) or _meta(tree, "og:title") or (tree.findtext(".//title") or "")
    return _draft(
        place,
        raw,
        title=heading,
        url=address,
        authors=_people((page.author if page else None) or ""),
        outlet=site if site and not _is_address(site) else _host(address),
        language=_language(tree.get("lang") or ""),
        stated=meta,
        today=today,
    )


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


def decode(body: bytes, *, charset: str | None = None) -> str:
    """The text of the bytes: by byte order mark, by `charset`, as UTF-8, else as charset-normalizer guesses.

    Bytes that are UTF-8 are read so even where an eight-bit charset is declared, for which any bytes are valid.
    Raises ArticleError where there are more than MAX_BYTES.
    """
    if len(body) > MAX_BYTES:
        raise ArticleError(f"The body has {len(body):,} bytes, over the limit of {MAX_BYTES:,}; add a shorter article.")
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, errors="replace")
    declared = _codec(charset)
    order = ["utf-8", declared] if declared in _EIGHT_BIT else [declared, "utf-8"]
    for encoding in filter(None, order):
        try:
            return body.decode(encoding)
        except UnicodeError:
            continue
    for encoding in filter(None, order):  # one lost byte in a long page is no reason to guess
        damaged = body.decode(encoding, errors="replace")
        lost = damaged.count("\ufffd")
        if sum(character > "\x7f" for character in damaged) > 2 * lost:
            return damaged
    guess = charset_normalizer.from_bytes(body[:_SAMPLE]).best()
    # Where nothing is guessed: what browsers read undeclared Western pages as.
    return body.decode((_codec(guess.encoding) if guess else None) or "cp1252", errors="replace")


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
            f"“{key}” of {name} is {words!r:.80}, which is no day; write it as 2023-09-14 or leave it out."
        )
    return day


def _address(url: str, name: str) -> str:
    if re.fullmatch(r"https?://[^\s<>\"\x00-\x1f]{1,2040}", url):  # as front matter has them
        return url
    raise ArticleError(f"“url” of {name} is {url!r:.80}, which is no web address; give one with https://.")


# trafilatura takes the day in “By Jane Roe | September 14” for a second author.
_NO_PERSON = re.compile(
    r"\d|://|@|^(?:January|February|March|April|May|June|July|August|September|October|November|December|Published|"
    r"Updated)$"
)


def _people(names: str) -> tuple[str, ...]:
    """“Jane Roe, John Doe and Ann Poe” or “Jane Roe; John Doe” → the names, each once."""
    names = re.sub(r"^\s*by\s+", "", names[:1000], flags=re.IGNORECASE)
    people = (clean_line(name) for name in re.split(r"\s*;\s*|\s*,\s*(?:and\s+)?|\s+and\s+|\s+&\s+", names))
    return tuple(dict.fromkeys(person for person in people if person and not _NO_PERSON.search(person)))


def _language(tag: str) -> str:
    """The primary language of a BCP 47 tag (“en-GB” → “en”); English where there is none."""
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)", tag)
    return match[1].lower() if match else "en"


# --- encodings ---

# Charsets in which nearly any bytes are valid, so that only the bytes can tell whether the label is right.
_EIGHT_BIT = {"cp1250", "cp1251", "cp1252", "cp1254", "iso8859-2", "iso8859-9", "iso8859-15", "koi8-r", "mac-roman"}
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9._:-]{2,40})", re.IGNORECASE
)


def _declared(body: bytes) -> str | None:
    match = _META_CHARSET.search(body[:4096])  # the standard asks for the first 1,024 bytes; some pages are late
    return match[1].decode("ascii") if match else None


def _codec(label: str | None) -> str | None:
    """Python's name of a charset that browsers know; None for others, and for codecs that are no charsets."""
    try:
        found = codecs.lookup((label or "").strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    if not getattr(found, "_is_text_encoding", True) or found.name in ("idna", "punycode", "utf-7", "unicode_escape"):
        return None
    # The WHATWG encoding standard reads these labels as windows-1252, of which they are subsets.
    return "cp1252" if found.name in ("iso8859-1", "ascii") else found.name


# --- pages ---


def _parse(source: str, place: str) -> Any:
    # huge_tree stays off: libxml2 then bounds depth and lengths itself. Control characters are not XML.
    source = re.sub(r"[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", source)
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(source.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ArticleError(f"{place} is not HTML that can be read; save its text as .txt and add that.") from error
    return tree


def _is_small(tree: Any) -> bool:
    """Whether trafilatura can be given the tree; reads no more of it than the limits."""
    depth = count = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            return False
    return True


def _extract(tree: Any, url: str | None, place: str) -> Any:
    try:
        return trafilatura.bare_extraction(
            deepcopy(tree),
            url=url,
            favor_recall=True,  # furniture that slips in is dropped by `clean`; a lost sentence can't be had back
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "max_date": LATEST.isoformat()},
        )
    # trafilatura promises no family of errors: these are what lxml, its regular expressions and its own code raise.
    except (etree.LxmlError, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise ArticleError(f"{place} can't be read as an article; save its text as .txt and add that.") from error


_BLOCKS = ("p", "blockquote", "pre", "li", "h2", "h3")
_ASIDE = {"script", "style", "nav", "footer", "aside", "form", "noscript", "template", "svg", "button", "select"}


def _paragraphs(tree: Any) -> str:
    """The words of a page in document order, a line for each block: for pages that trafilatura can't be given."""
    lines: list[list[str]] = [[]]
    skipped = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        aside = element.tag in _ASIDE or element.tag == "head"
        if event == "start":
            skipped += aside
            if element.tag in _BLOCKS or element.tag in ("div", "br", "td", "h1"):
                lines.append([])
            if not skipped and element.text:
                lines[-1].append(element.text)
        else:
            skipped -= aside
            if element.tag in _BLOCKS or element.tag == "div":
                lines.append([])
            if not skipped and element.tail:
                lines[-1].append(element.tail)
    return "\n\n".join(line for parts in lines if (line := " ".join("".join(parts).split())))


def _with_lines(text: str, tree: Any) -> str:
    """A blank line between blocks. Of a short page trafilatura gives all blocks in one line: they are parted again."""
    if "\n" in text:
        return text.replace("\n", "\n\n")
    flat = " ".join(text.split())
    blocks = [block for block in _paragraphs(tree).split("\n\n") if block in flat]
    return "\n\n".join(blocks) if " ".join(blocks) == flat else text


def _meta(tree: Any, name: str) -> str:
    found = tree.xpath("string(//meta[@property=$name or @name=$name][1]/@content)", name=name)
    return str(found)[:2000].strip()


def _meta_day(tree: Any, today: date | None) -> date | None:
    """What the page's own marks say about its day of publication: meta elements, JSON-LD, else the first date mark.

    htmldate is shown only these. In a whole page it takes a date out of the running text, an address or a list of
    other stories where the marks say nothing.
    """
    for marks in _date_marks(tree):
        try:
            found = htmldate.find_date(
                marks,
                extensive_search=False,
                original_date=True,
                min_date=EARLIEST.isoformat(),
                max_date=(today or LATEST).isoformat(),
            )
        except (etree.LxmlError, ValueError, TypeError, AttributeError, LookupError, OverflowError):
            continue  # a mark that can't be read is no evidence
        if found:
            return date.fromisoformat(found)
    return None


_DATE_WORDS = ("publish", "Publish", "date", "byline", "posted", "timestamp")  # in the classes of date marks
_OUTSIDE = (  # the page's own header may show today's date
    "ancestor-or-self::nav or ancestor-or-self::aside or ancestor-or-self::footer"
    " or ancestor::header[not(ancestor::article or ancestor::main)]"
)


def _date_marks(tree: Any) -> Iterator[Any]:
    """Small pages with the head's marks, then with the first mark of each kind in the body."""
    page, target = _empty_page()
    page.head.extend(deepcopy(tree.xpath("//head/meta | //script[@type='application/ld+json']")))
    yield page
    named = "contains(concat(@class, ' ', @id, ' ', @itemprop), $word) and not(self::script or self::style)"
    for word in ("", *_DATE_WORDS):
        path = f"//body//*[{named}]" if word else "//body//time"
        for element in tree.xpath(f"({path}[not({_OUTSIDE})])[1]", word=word):
            if len(element.text_content()) <= 200:  # a by-line, not a block of text
                mark = deepcopy(element)
                mark.tail = None
                page, target = _empty_page()
                target.append(mark)
                yield page


def _empty_page() -> tuple[Any, Any]:
    page = lxml_html.document_fromstring("<html><head></head><body><p></p><p></p></body></html>")
    return page, page.body


def _canonical(tree: Any, url: str | None) -> str | None:
    """The address the page gives itself, where it is a web address of the same site; else the one it came from."""
    named = str(tree.xpath("string(//link[@rel='canonical'][1]/@href)")).strip()
    for candidate in (named, _meta(tree, "og:url")):
        try:
            address = urljoin(url or "", candidate).partition("#")[0] if candidate else ""
        except ValueError:
            continue
        if _is_web_address(address) and (url is None or _site(address) == _site(url)):
            return address
    return url


def _is_web_address(url: str) -> bool:
    try:
        check_url(url, ports=ANY_PORT)
    except UnsafeAddressError:
        return False
    return True


def _host(url: str | None) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else ""


def _site(url: str) -> str:
    """The host without the names under which sites keep copies for telephones."""
    return re.sub(r"^(?:www|m|mobile|amp|edition)\.", "", _host(url))


def _is_address(name: str) -> bool:
    """Whether a site's “name” is only its address, which `_host` says better."""
    return re.fullmatch(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}/?", name.strip(), re.IGNORECASE) is not None
