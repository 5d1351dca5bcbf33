"""Turns strangers' text into text that Discord shows as it is: every sign that could be markup escaped, nothing hidden.

What the eye reads stays the same; markdown, mentions, time stamps, shortcodes and links are shown as the characters that
they are. Knows nothing of blocks (`markdown`) or of a message's limits (`fitting`).
"""

import math
import re
import unicodedata
from urllib.parse import quote, urlsplit

import idna

# Bytes that a unit of text may have. Beside its 4,000 characters a message is refused, with a 500, from some 10,170 bytes
# of components on (issue 8554 of Discord's API papers); 6,400 for text leave the rest to addresses, ids and labels.
_WEIGHT = 1.6
_ELLIPSIS = 2  # units of “…”, by its three bytes
MAX_LINK = 512  # Discord's limit for a button's address
# The most marks that are kept on one letter. Judged: Vietnamese needs two, pointed Hebrew four; a flood of them covers
# the lines around it.
MARKS = 8

# Without a glyph of their own, so that the eye misses nothing: soft hyphen, grapheme joiner, zero-width space, word
# joiner, invisible operators, and the marks, overrides and isolates that turn a line round. An override lets a text be
# read otherwise than it is written, so without it the eye reads what a citation's offsets mean.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
_FLAG = re.compile("(\U0001f3f4[\U000e0030-\U000e007a]+\U000e007f)")  # England's, Scotland's, Wales's: tags that show
_JOINER = re.compile("(?<=[^\\s\u200c\u200d])([\u200c\u200d])[\u200c\u200d]*(?=[^\\s\u200c\u200d])|[\u200c\u200d]+")
# Line ends, controls, spaces of all widths, and letters that are drawn as nothing: braille's blank, Hangul's fillers.
_GAP = re.compile("[\\s\x00-\x20\x7f-\xa0\u115f\u1160\u2800\u3164\uffa0]+")
_SPACES = re.compile("  +")
_SURROGATE = re.compile("[\ud800-\udfff]")

# A colon is markup only before something: a shortcode or an address. The others are always escaped: it costs a character
# and needs no rule for where they do harm.
_SIGNS = re.compile(r"[\\*_~|`<>#@\[]|:(?!\s)")
_MARKUP = frozenset("\\*_~|`<>#@[:")
_STARTS = re.compile(r"^(\**)(?:([-+])|(\d+)([.)]))")  # what begins a list or small print, even within bold
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))+\.?", re.IGNORECASE)
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def visible(text: str) -> str:
    """The text as the eye reads it, on one line: gaps are single spaces, at the ends too; invisible characters are gone.

    Lone surrogates, which no message can carry, are U+FFFD, and of marks on one letter `MARKS` are left.
    """
    if not text.isascii():
        pieces = _FLAG.split(_SURROGATE.sub("\ufffd", text))
        text = "".join(piece if place % 2 else _INVISIBLE.sub("", piece) for place, piece in enumerate(pieces))
    text = _GAP.sub(" ", text)
    if text.isascii():
        return text
    return _few_marks(_SPACES.sub(" ", _JOINER.sub(r"\1", text)))


def escaped(text: str) -> str:
    """Visible text with a backslash before every sign that could be markup within a line."""
    return _SIGNS.sub(r"\\\g<0>", text)


def line_start(markdown: str) -> str:
    """An escaped line whose first characters can't begin a list or small print."""
    return _STARTS.sub(lambda at: f"{at[1]}\\{at[2]}" if at[2] else f"{at[1]}{at[3]}\\{at[4]}", markdown)


def units(text: str) -> int:
    """What a text takes up of a message's 4,000: its length in UTF-16 units, the strictest count of characters.

    More where it is heavy: see `_WEIGHT`.
    """
    if text.isascii():
        return len(text)
    heavy = math.ceil(len(text.encode("utf-8", "replace")) / _WEIGHT)
    return max(len(text.encode("utf-16-le", "replace")) // 2, heavy)


def cut(text: str, most: int, *, markup: bool = True) -> str:
    """The text as it is seen, at most `most` units long; where something is missing it ends in “…”.

    For titles, names and labels, never for quotes. Counts what escaping adds where it will be `markup`. Breaks between
    words where there is a gap in the last third.
    """
    plain = visible(text).strip()
    if units(escaped(plain) if markup else plain) <= most:
        return plain
    end = used = 0
    while end < len(plain):
        used += units(plain[end]) + (markup and plain[end] in _MARKUP)
        if used > most - _ELLIPSIS:
            break
        end += 1
    while end and (unicodedata.combining(plain[end]) or "\u200d" in plain[end - 1 : end + 1]):
        end -= 1  # a letter keeps its marks, an emoji its parts
    word = plain.rfind(" ", end * 2 // 3, end + 1)
    return f"{plain[: word if word > 0 else end].rstrip()}…" if most >= _ELLIPSIS else ""


def turns(text: str) -> bool:
    """Whether the text has letters written from right to left, which would draw what stands beside it with them."""
    return not text.isascii() and any(unicodedata.bidirectional(one) in ("R", "AL", "AN") for one in text)


def isolated(text: str) -> str:
    """The text so marked that its direction stays its own."""
    return f"\u2068{text}\u2069" if turns(text) else text


def openable(url: str) -> str | None:
    """The address as a button can hold it; None where Discord would refuse it, and with it the whole message.

    Only http and https, with a host that has a dot, without a name or password before it, within 512 characters.
    """
    if any(one.isspace() or unicodedata.category(one) in ("Cc", "Cf", "Cs") for one in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port
        if not host.isascii():
            host = idna.encode(host, uts46=True).decode("ascii")
    except (ValueError, UnicodeError):  # idna.IDNAError is a UnicodeError
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or "\\" in url:
        return None
    if not _HOST.fullmatch(host) or len(host) > 253:
        return None
    rest = url[url.index(parts.netloc) + len(parts.netloc) :]
    safe = _PERCENT.sub("%25", quote(rest, safe="/?#@!$&'()*+,;=%-._~:"))
    if safe and safe[0] not in "/?#":
        return None
    made = f"{parts.scheme}://{host}{f':{port}' if port is not None else ''}{safe}"
    return made if len(made) <= MAX_LINK else None


def _few_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for one in text:
        marks = marks + 1 if unicodedata.category(one) in ("Mn", "Me") else 0
        if marks <= MARKS:
            kept.append(one)
    return "".join(kept)
