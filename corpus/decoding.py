"""Turns the bytes of a page or a text file into text: the encoding is the one they show, declare or look like."""

import codecs
import logging
import re

import charset_normalizer

from corpus.errors import ArticleError

MAX_BYTES = 10_000_000  # of a body; the longest news pages have about 3 MB, nearly all of it scripts
_SAMPLE = 100_000  # bytes from which an undeclared encoding is guessed: guessing takes seconds per MB
# Charsets in which nearly any bytes are valid, so that only the bytes can tell whether the label is right.
_EIGHT_BIT = {"cp1250", "cp1251", "cp1252", "cp1254", "iso8859-2", "iso8859-9", "iso8859-15", "koi8-r", "mac-roman"}
# Python's text codecs that no browser knows: some fail on bytes even where errors are to be replaced.
_NO_CHARSETS = {"idna", "punycode", "undefined", "utf-7", "unicode-escape", "raw-unicode-escape"}
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9._:-]{2,40})", re.IGNORECASE
)
# What cp1252 texts hold beside ASCII, and the letters of Central Europe, the Baltic states, Romania and Turkey, which are
# other readings of the same bytes. Left out is what is seldom in the West and common there: ì, ù, û and õ, for ě, ů, ű and ő;
# and Ł, the other reading of £.
_WESTERN = frozenset("£€‘’“”–—…½ÀÁÄÅÆÇÈÉÊÍÑÓÖØÚÜßàáâãäåæçèéêëíîïñóôöøúüœ")
_OTHER = frozenset("ąćęłńśźżčďěňřšťůžľđőűăşţğıāēģīķļņūėįų")
_STRAY = "picket.stray"  # the name under which Python knows how to read a stray byte
logging.getLogger("charset_normalizer").addHandler(logging.NullHandler())  # else complaints go to standard error


def decode(body: bytes, *, charset: str | None = None) -> str:
    """The text of the bytes: by byte order mark, by `charset`, as UTF-8, else as charset-normalizer guesses.

    Where the guess reads no better it is cp1252, as for browsers. Bytes that are UTF-8 are read so even where an
    eight-bit charset is declared, for which any bytes are valid. Raises ArticleError where there are more than MAX_BYTES.
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
            return body.decode(encoding, errors=_STRAY) if encoding == "utf-8" else damaged
    guess = charset_normalizer.from_bytes(body[:_SAMPLE]).best()
    # Where nothing is guessed: what browsers read undeclared Western pages as.
    encoding = (_codec(guess.encoding) if guess else None) or "cp1252"
    return body.decode("cp1252" if _is_western(body[:_SAMPLE], encoding) else encoding, errors="replace")


def _stray(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8, pasted out of a cp1252 text, as the letter it is there; other bytes are lost."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    lost = error.object[error.start : error.end]
    return (lost.decode("cp1252", errors="replace") if len(lost) == 1 else "\ufffd"), error.end


codecs.register_error(_STRAY, _stray)


def _is_western(sample: bytes, guess: str) -> bool:
    """Whether bytes that are taken for `guess` are rather cp1252, which the guesser takes for any other Latin set.

    In a Latin script most letters are ASCII and the others stand alone; in other scripts they stand in rows.
    """
    rows = [len(row) for row in _NOT_ASCII.findall(sample)]
    try:
        western = sample.decode("cp1252")
    except UnicodeError:
        return False
    other = sample.decode(guess, errors="replace")
    ours = sum(western.count(character) for character in _WESTERN.difference(other))
    theirs = sum(other.count(character) for character in _OTHER | _WESTERN.difference(western))
    return 3 * rows.count(1) >= sum(rows) and ours >= theirs


def declared_charset(body: bytes) -> str | None:
    """The charset that a page's meta element names, if one does."""
    match = _META_CHARSET.search(body[:4096])  # the standard asks for the first 1,024 bytes; some pages are late
    return match[1].decode("ascii") if match else None


def _codec(label: str | None) -> str | None:
    """Python's name of a charset that browsers know; None for others, and for codecs that are no charsets."""
    try:
        found = codecs.lookup((label or "").strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    if not getattr(found, "_is_text_encoding", True) or found.name in _NO_CHARSETS:
        return None
    # The WHATWG encoding standard reads these labels as windows-1252, of which they are subsets.
    return "cp1252" if found.name in ("iso8859-1", "ascii") else found.name
