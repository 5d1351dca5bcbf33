"""Turn one damaged line into the line its author wrote: letters lost between encodings, odd spaces,
invisible characters.

Style is never changed: curly quotes, ligatures, full-width letters and HTML entities stay as they are.
Which lines belong to the article is left to `corpus.furniture`; joining lines into a text is left to
`corpus.clean`.
"""

import re
import unicodedata
from functools import lru_cache

import ftfy

# Everything the design switches off; the rest of ftfy (encoding, surrogates, terminal escapes, C1 controls)
# is wanted.
_FTFY = ftfy.TextFixerConfig(
    unescape_html=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    normalization="NFC",
    explain=False,
)

# ftfy's cost grows faster than the line; 2,000 characters cover all but a handful of paragraphs in a
# thousand news articles.
_SEGMENT = 2_000

# Each round takes at least one layer of damage away; more than three layers have not been seen in the wild.
_ROUNDS = 25

_NEL = re.compile(r"(?<![\x80-\xff\u0e01-\u0e5b])\x85")
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"[ \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# What most lines of news are made of; none of it can be damage, and ftfy needs a hundred times as long to
# say so.
_SOUND = re.compile("[ -~“”‘’–—…]*")
# The closing quotation mark read as Windows-1252, which has no letter for its last byte; with a no-break space it is a dagger.
_CLOSING_QUOTE = re.compile(r"â€(?=[ \t\n.,;:!?)\]—–]|$)")
_SEGMENT_BORDER = re.compile(r"(?<=[A-Za-z0-9,.]) (?=[A-Za-z0-9])")


def split_lines(text: str) -> list[str]:
    """Lines of `text`, whatever ended them: LF, CR, CRLF, VT, FF, NEL, U+2028 or U+2029.

    NEL after a Latin-1 or Thai letter is left in place: there it is a byte of a damaged letter, which
    `repair_line` mends.
    """
    for ending in ("\r\n", "\r", "\v", "\f", "\u2028", "\u2029"):
        text = text.replace(ending, "\n")
    return (_NEL.sub("\n", text) if "\x85" in text else text).split("\n")


def repair_line(line: str) -> list[str]:
    """The mended line; more than one where a mended letter turns out to be a line break.

    The result is a fixed point: repairing it again changes nothing. Linear in the length of the line.
    """
    if _SOUND.fullmatch(line):
        return [(_SPACES.sub(" ", line) if "  " in line else line).strip(" ")]
    done: list[str] = []
    for piece in split_lines(line):
        for _ in range(_ROUNDS):
            mended = _once(piece)
            if mended == piece:
                break
            piece = mended
        lines = split_lines(piece)
        done.extend(lines if len(lines) == 1 else [part for each in lines for part in repair_line(each)])
    return done


def _once(line: str) -> str:
    line = mend_thai(line)
    if not line.isascii() or _CONTROL.search(line):
        line = _CLOSING_QUOTE.sub("â€\x9d", line)
        line = "".join(
            segment if _SOUND.fullmatch(segment) else ftfy.fix_text(segment, _FTFY) for segment in _segments(line)
        )
        line = _CONTROL.sub("", _INVISIBLE.sub("", line))
        line = unicodedata.normalize("NFC", line)
    return _SPACES.sub(" ", line).strip(" ")


def _segments(line: str) -> list[str]:
    """Cut a long line between plain words where there are any, so that no damaged letter is cut in two."""
    if len(line) <= _SEGMENT:
        return [line]
    segments: list[str] = []
    start = 0
    while len(line) - start > _SEGMENT:
        end = start + _SEGMENT
        # The last plain border in the second half; a line without one (other scripts, one endless word) is
        # cut hard.
        borders = [match.end() for match in _SEGMENT_BORDER.finditer(line, start + _SEGMENT // 2, end)]
        end = borders[-1] if borders else end
        segments.append(line[start:end])
        start = end
    segments.append(line[start:])
    return segments


# --- UTF-8 once read as Thai ------------------------------------------------------------------------------
#
# In TIS-620 and Windows-874 the byte 0xA1 is U+0E01, 0xA2 is U+0E02 and so on, so a UTF-8 letter becomes a
# Thai letter for its first byte and, for each byte that follows, a Thai letter (0xA1-0xBF), a no-break
# space (0xA0) or what Windows-874 keeps between 0x80 and 0x9F: a few quotes and dashes, the euro sign, and
# control characters that most programs then throw away. So an em dash (E2 80 94) arrives as U+0E42 alone,
# and a no-break space (C2 A0) as U+0E22 and a space.

_THAI = "\u0e01-\u0e3a\u0e3f-\u0e5b"


def _bytes_of_thai() -> dict[str, int]:
    table = {chr(0x0E00 + byte - 0xA0): byte for byte in (*range(0xA1, 0xDB), *range(0xDF, 0xFC))}
    for byte in range(0x80, 0xA1):
        table[chr(byte)] = byte
        # Windows-1252 fills the places that Windows-874 leaves empty; browsers and mail programs mix the two.
        for codec in ("cp1252", "cp874"):
            character = bytes([byte]).decode(codec, "ignore")
            if character:
                table[character] = byte
    return table


_BYTES = _bytes_of_thai()
_FOLLOWS = "[" + "".join(re.escape(each) for each, byte in _BYTES.items() if 0x80 <= byte <= 0xBF) + "]"
# Letters whose bytes are all there. Forty in a row bound the work where nothing else does.
_WHOLE = re.compile(
    f"(?<![{_THAI}])"
    f"(?:[\u0e22-\u0e3a\u0e3f]{_FOLLOWS}|[\u0e40-\u0e4f]{_FOLLOWS}{{2}}|"
    f"[\u0e50-\u0e54]{_FOLLOWS}{{3}}){{1,40}}"
    # A lone mark after it, which is no letter of Thai, is the rest of a lost apostrophe or dash.
    f"(?!(?!\u0e42\u20ac?(?![{_THAI}]))[{_THAI}])"
)
# What is left where the bytes 0x80-0x9F were thrown away. With the euro sign kept, only a quote can have
# lost the rest.
_REMAINS = re.compile(
    f"(?<![{_THAI}])(?:"
    "(?P<ellipsis>\u0e42\u0e06)|(?P<mark>\u0e42\u0e02)|(?P<euro>\u0e42\u0e0c)(?=\\d)|"
    "(?P<quote>\u0e42\u20ac)|(?P<dash>\u0e42)|(?P<grave>\u0e23)(?= |$)|(?P<space>\u0e22)"
    f")(?![{_THAI}])"
)
_TWO_LETTER_REMAINS = ("\u0e42\u0e06", "\u0e42\u0e02", "\u0e42\u0e0c")
_RUN = re.compile(f"[{_THAI}]{{2,}}")
_LETTER = re.compile(f"[{_THAI}]")
_CLOSING = re.compile(f"(?<=[^\\s{_THAI}])\u0e42\u20ac?(?![\\w\u20ac])")
_MENTION = re.compile(r"(?:letter|character|consonant|vowel|symbol)s? $", re.IGNORECASE)
_ENDING = re.compile(r"(?:s|t|re|ve|ll|d|m)\b", re.IGNORECASE)
_INITIAL = re.compile(r"\b[OD]$")
_OPENERS = "“‘\"'(["
_CLOSERS = "”’\"')]"


def mend_thai(line: str) -> str:
    """Give back the dashes, quotes, spaces and accents of Latin text that was read as Thai.

    >>> mend_thai("Keep the badge \u0e42 it opens the hall, she told\u0e22the Gazette.")
    'Keep the badge — it opens the hall, she told the Gazette.'

    Text in Thai is left alone, and so is a lone letter in a line that holds some, or that the line speaks
    about.
    """
    if not _LETTER.search(line):
        return line
    line = _WHOLE.sub(_whole, line)
    if any(run not in _TWO_LETTER_REMAINS for run in _RUN.findall(line)):
        return line
    last_closing = max((match.start() for match in _CLOSING.finditer(line)), default=-1)
    pieces: list[str] = []
    position = open_quotes = 0
    for match in _REMAINS.finditer(line):
        pieces.append(line[position : match.start()])
        open_quotes += pieces[-1].count("“") - pieces[-1].count("”")
        pieces.append(_lost(match, open_quotes > 0, match.start() < last_closing))
        open_quotes += (pieces[-1] == "“") - (pieces[-1] == "”")
        position = match.end()
    return "".join(pieces) + line[position:]


def _whole(match: re.Match[str]) -> str:
    """The letters that the bytes spell, where Latin text uses them; what was there, where it may be Thai."""
    found = match.group()
    before = match.string[max(0, match.start() - 1) : match.start()]
    after = match.string[match.end() : match.end() + 1]
    letters = _spelled(found)
    quoted = bool(before) and before in _OPENERS and (found[-1] in _CLOSERS or (after != "" and after in _CLOSERS))
    beside_latin = _is_latin(before) or _is_latin(after)
    if quoted or not letters:
        return found
    return letters if beside_latin or not any(_is_latin(letter) for letter in letters) else found


@lru_cache(maxsize=1_000)
def _spelled(found: str) -> str:
    """The letters whose UTF-8 bytes `found` shows; empty where it shows none, or some that Latin text
    doesn't use.
    """
    try:
        letters = bytes(_BYTES[character] for character in found).decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return letters if all(_used_in_latin_text(letter) for letter in letters) else ""


def _is_latin(character: str) -> bool:
    return (character.isascii() and character.isalpha()) or "\xc0" <= character <= "\u024f"


def _used_in_latin_text(letter: str) -> bool:
    """Latin letters and signs, punctuation, currencies, arrows, marks and emoji; not other scripts, not
    controls.
    """
    return (
        "\xa0" <= letter <= "\u024f"
        or "\u2010" <= letter <= "\u2044"
        or "\u2000" <= letter <= "\u200f"
        or "\u20a0" <= letter <= "\u22ff"
        or "\u25a0" <= letter <= "\u27bf"
        or letter in "\u2028\u2029\u202f\ufeff\ufe0f"
        or "\U0001f300" <= letter <= "\U0001faff"
    )


def _lost(match: re.Match[str], in_quotes: bool, closes_later: bool) -> str:
    """The sign that stood where only its first byte is left, told by its neighbours."""
    line, kind = match.string, match.lastgroup
    head = line[max(0, match.start() - 12) : match.start()]
    tail = line[match.end() : match.end() + 4]
    before, after = head[-1:], tail[:1]
    if _MENTION.search(head) or (before and after and before in _OPENERS and after in _CLOSERS):
        return match.group()
    if kind == "space":
        return " "
    if kind == "grave":
        return "à" if _is_latin(before) or before in ("", " ") else match.group()
    if kind == "ellipsis":
        return "…"
    if kind == "euro":
        return "€"
    if kind == "mark":
        return "™" if _is_latin(before) else "•"
    return _quote_or_dash(head, tail, kind == "quote", in_quotes, closes_later)


def _quote_or_dash(head: str, tail: str, is_quote: bool, in_quotes: bool, closes_later: bool) -> str:
    before, after = head[-1:], tail[:1]
    dash = "’" if is_quote else "—"
    if before.isalnum() and after.isalnum():
        if before.isdigit() and after.isdigit():
            return "’" if is_quote else "–"
        return "’" if _ENDING.match(tail) or _INITIAL.search(head) else dash
    if (before in ("", " ") or before in "([—") and after.isalnum():
        return "“" if closes_later else dash
    if before.isspace() or not before:
        return dash
    if before in ",.?!…" or in_quotes:
        return "”"
    return "’" if before == "s" else dash
