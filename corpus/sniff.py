"""Tells from the first bytes what a server sent or a file holds, and refuses what can't hold an article.

The bytes decide, not the header: servers label images as pages and pages as downloads. The header is asked
only about plain text, which has no mark of its own. The order follows the WHATWG MIME sniffing standard: tags
before the search for binary bytes. Reading the text, its encoding included, is left to the extraction.
"""

import codecs
import json
import re
from enum import StrEnum

from corpus.addresses import shown
from corpus.errors import FetchError
from corpus.feeds import looks_like_feed


class PageKind(StrEnum):
    """What a page can be for the corpus."""

    HTML = "html"
    FEED = "feed"
    TEXT = "text"
    JSON_LINES = "jsonl"


_HEAD = 1_445  # bytes; the length of the "resource header" in the WHATWG standard
_TAG_HEAD = 65_536  # bytes in which "<html" may come after comments and stray text

# (offset, magic bytes, what a message calls it). Marks of letters count only beside a binary byte: a text may
# begin "BMW" or "A giant WAVE".
_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF8", "a GIF image"),
    (8, b"WEBP", "a WebP image"),
    (0, b"II*\x00", "a TIFF image"),
    (0, b"MM\x00*", "a TIFF image"),
    (0, b"\x00\x00\x01\x00", "an icon"),
    (0, b"%PDF-", "a PDF"),
    (0, b"%!PS", "a PostScript file"),
    (0, b"{\\rtf", "an RTF document"),
    (0, b"\xd0\xcf\x11\xe0", "an Office document"),
    (0, b"PK\x03\x04", "a ZIP archive or Office document"),
    (0, b"PK\x05\x06", "an empty ZIP archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ\x00", "an xz archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"\x7fELF", "a program (ELF)"),
    (0, b"\xca\xfe\xba\xbe", "a program (Java or macOS)"),
    (0, b"\xcf\xfa\xed\xfe", "a program (macOS)"),
    (0, b"\x00asm", "a program (WebAssembly)"),
    (0, b"#!/", "a script"),
    (0, b"SQLite format 3\x00", "a database"),
    (0, b"OggS", "an Ogg recording"),
    (0, b"ID3", "an MP3 recording"),
    (0, b"fLaC", "a FLAC recording"),
    (8, b"WAVE", "a WAV recording"),
    (4, b"ftyp", "a video or HEIF image"),
    (0, b"\x1aE\xdf\xa3", "a video (Matroska)"),
    (0, b"wOFF", "a font"),
    (0, b"wOF2", "a font"),
    (0, b"MZ", "a program (Windows)"),
    (0, b"BM", "a BMP image"),
)
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")  # "binary data byte" in the WHATWG standard
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")  # without the zero, and Word's line break
_HTML = re.compile(
    rb"\s*+(?>(?:<\?xml[^>]*>|<!--.*?-->)\s*+)*+"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|script|style|link|article|section|main|header|div|table|"
    rb"iframe|h[1-6]|p|a|b|br|span|font|ul|ol)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_SVG = re.compile(rb"\s*+(?>(?:<\?xml[^>]*>|<!--.*?-->|<!doctype[^>]*>)\s*+)*+<svg[\s>]", re.IGNORECASE | re.DOTALL)
_LATE_HTML = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
# Types under which servers send plain text. Style sheets, scripts and the like are text too, but no articles.
_TEXT_TYPES = frozenset(
    {
        "",
        "text/plain",
        "text/html",
        "text/markdown",
        "text/x-markdown",
        "application/octet-stream",
        "application/x-ndjson",
        "application/jsonl",
        "application/json-lines",
    }
)


def sniff(body: bytes, content_type: str, url: str) -> PageKind:
    """What the bytes are, or `FetchError` that names what they are instead.

    `content_type` is the header's type without parameters, in lower case, "" where there is none.
    """
    if not body.strip():
        raise FetchError(f"{shown(url)} sends an empty page; open it in a browser and give the text as a file.")
    text = _as_utf8(body[:_TAG_HEAD])
    if looks_like_feed(body):
        return PageKind.FEED
    if _HTML.match(text):
        return PageKind.HTML
    kind = _binary_kind(body)
    if kind is None and _SVG.match(text):
        kind = "an SVG image"
    if kind is None and _BINARY.search(text[:_HEAD]):
        kind = "binary data"
    if kind is not None:
        raise FetchError(f"{shown(url)} sends {kind}; give the address of a web page, a feed or a text.")
    if _LATE_HTML.search(text):
        return PageKind.HTML
    if _is_jsonl(text, whole=len(body) <= _TAG_HEAD):
        return PageKind.JSON_LINES
    if text.lstrip().startswith(b"<?xml"):
        raise FetchError(f"{shown(url)} sends XML that is neither a page nor a feed; give a page or a feed.")
    if content_type not in _TEXT_TYPES:
        raise FetchError(f"{shown(url)} sends {shown(content_type)}; give the address of a web page, a feed or a text.")
    return PageKind.HTML if content_type == "text/html" else PageKind.TEXT


def _as_utf8(head: bytes) -> bytes:
    """The head without its byte order mark, UTF-16 turned into UTF-8, so that tags can be looked for."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "replace").encode("utf-8", "replace")
    return head.removeprefix(codecs.BOM_UTF8)


def file_kind(body: bytes) -> str | None:
    """What a file is that holds no text, whatever its name says; None for a text.

    Files that people saved may hold stray control characters, as copies from a PDF do, or a stray zero; both are in no text.
    """
    if (kind := _binary_kind(body)) is not None:
        return kind
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)  # UTF-32-LE begins as UTF-16-LE does
    is_wide = body.startswith(marks)
    has_both = b"\0" in body[:_HEAD] and _CONTROL.search(body[:_HEAD]) is not None
    return "binary data" if has_both and not is_wide and not _HTML.match(body) else None


def is_html(body: bytes) -> bool:
    """Whether a file begins with a tag: a page's source, whatever its name says."""
    return _HTML.match(_as_utf8(body[:_TAG_HEAD])) is not None


def with_mark(body: bytes) -> bytes:
    """UTF-16 that was saved without its byte order mark, with it; any other body as it is."""
    head = body[: _HEAD // 2 * 2]
    for mark, encoding, high in (
        (codecs.BOM_UTF16_LE, "utf-16-le", head[1::2]),
        (codecs.BOM_UTF16_BE, "utf-16-be", head[::2]),
    ):
        if 2 * high.count(0) > len(high) and not _BINARY.search(head.decode(encoding, "replace").encode()):
            return mark + body
    return body


def _binary_kind(body: bytes) -> str | None:
    for offset, magic, name in _MARKS:
        if body.startswith(magic, offset) and (not magic.isalnum() or _BINARY.search(body[:_HEAD])):
            return name
    return None


def _is_jsonl(text: bytes, whole: bool) -> bool:
    """Whether the first line is a JSON object. Of a line longer than the head only the opening is seen."""
    line, newline, _ = text.lstrip().partition(b"\n")
    if not line.startswith(b"{"):
        return False
    if not newline and not whole:
        return re.match(rb'\{\s*"[^"]{1,64}"\s*:', line) is not None
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
