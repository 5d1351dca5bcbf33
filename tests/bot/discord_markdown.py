"""A small reader of Discord's markdown, written for the tests alone: from a message's text to what the eye sees of it.

It knows nothing of how `bot.markdown` writes. It reads as eagerly as any of Discord's clients does, so that what it
takes for plain text is plain text everywhere: marks inside words, lists with “+”, shortcodes whether or not they exist.
"""

import re
import unicodedata
from dataclasses import dataclass

import discord

_SHRUG = r"¯\_(ツ)_/¯"  # the one text whose backslash is shown
_FENCE = re.compile(r"```.*?```", re.DOTALL)
_CODE = re.compile(r"(`+)(.*?[^`])\1(?!`)", re.DOTALL)
_MASKED = re.compile(r"\[((?:\\.|[^\]\\])*)\]\(([^)\n]+)\)")
# What is shown as something else than its characters, or leads somewhere.
_SPECIAL = {
    "mention": re.compile(r"<@[!&]?\d+>|<#\d+>|@(?:everyone|here)"),
    "command": re.compile(r"</[^>]+:\d+>"),
    "place": re.compile(r"<id:\w+>"),
    "time": re.compile(r"<t:-?\d+(?::\w)?>"),
    "emoji": re.compile(r"<a?:\w+:\d+>|:[^\s:]+:"),
    "link": re.compile(r"<(?:https?|mailto|tel|steam|discord):[^\s>]+>|<[^\s>@]+@[^\s>]+>|<\+\d+>|\w{1,12}://[^\s<]+"),
}
# Each pair's style, the longer signs first. As in Discord, a pair of stars doesn't end before a third.
_PAIRS = [
    ("bold", re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL)),
    ("underline", re.compile(r"__((?:\\.|[^\\])+?)__(?!_)", re.DOTALL)),
    ("italic", re.compile(r"\*(?=\S)((?:\*\*|\\.|[^\\*])+?)\*(?!\*)", re.DOTALL)),
    ("italic", re.compile(r"_((?:__|\\.|[^\\_])+?)_(?!_)", re.DOTALL)),
    ("struck", re.compile(r"~~(.+?)~~", re.DOTALL)),
    ("spoiler", re.compile(r"\|\|(.+?)\|\|", re.DOTALL)),
]
# What the beginning of a line makes of it.
_LINES = [
    ("quote", re.compile(r" *>>> (.+)", re.DOTALL)),
    ("quote", re.compile(r" *> ([^\n]*\n?)")),
    ("heading", re.compile(r" *#{1,3}\s+([^\n]+?)#*\s*(?:\n|$)")),
    ("small", re.compile(r"-# +([^\n]+\n?)")),
    ("list", re.compile(r" *(?:[-+*]|\d+[.)]) +([^\n]+\n?)")),
]


@dataclass(frozen=True)
class Sign:
    """A character as it is seen, and every style and meaning that lies on it."""

    character: str
    styles: frozenset[str]


def read(markdown: str) -> list[Sign]:
    """What the eye sees, sign by sign; nothing of markup, and for a mention, time or emoji its source in that style."""
    return _read(markdown, frozenset(), at_start=True)


def text_of(signs: list[Sign], *styles: str) -> str:
    """The signs that have all these styles, as text."""
    return "".join(sign.character for sign in signs if sign.styles.issuperset(styles))


def styles_of(signs: list[Sign]) -> set[str]:
    """Every style in use."""
    return {style for sign in signs for style in sign.styles}


def plain(text: str) -> str:
    """A source as the eye reads it: gaps as one space, what has no glyph left out, and a flood of marks cut down.

    Joiners are left out as well: they change the shape of letters and are none themselves.
    """
    kept: list[str] = []
    marks = 0
    flag, last = False, ""
    for one in text:
        kind = unicodedata.category(one)
        flag = one == "\U0001f3f4" or (flag and last != "\U000e007f" and "\U000e0020" <= one <= "\U000e007f")
        last = one
        if kind == "Cs":
            one = "\ufffd"
        elif one.isspace() or kind in ("Cc", "Zl", "Zp", "Zs") or one in "\u115f\u1160\u2800\u3164\uffa0":
            one = " "
        elif not flag and _glyphless(one, kind):
            continue
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks <= 8:
            kept.append(one)
    return re.sub(" +", " ", "".join(kept)).strip(" ")


# Invisible by Unicode's rules (Default_Ignorable_Code_Point), though no format characters or not yet given.
_IGNORED = [(0x034F, 0x034F), (0x17B4, 0x17B5), (0x2065, 0x2065), (0xE0000, 0xE00FF), (0xE01F0, 0xE0FFF)]
# Format characters that are seen: signs of number and year, and what joins hieroglyphs.
_SEEN = [(0x0600, 0x0605), (0x06DD, 0x06DD), (0x070F, 0x070F), (0x0890, 0x0891), (0x08E2, 0x08E2), (0x110BD, 0x110CD)]
_SEEN += [(0x13430, 0x1343F)]


def _glyphless(one: str, kind: str) -> bool:
    def among(ranges: list[tuple[int, int]]) -> bool:
        return any(first <= ord(one) <= last for first, last in ranges)

    return among(_IGNORED) or (kind == "Cf" and not among(_SEEN))


def _read(text: str, styles: frozenset[str], *, at_start: bool) -> list[Sign]:
    signs: list[Sign] = []
    place = 0
    while place < len(text):
        if text.startswith(_SHRUG, place):
            signs += [Sign(one, styles) for one in _SHRUG]
            place += len(_SHRUG)
            at_start = False
            continue
        if text[place] == "\\" and place + 1 < len(text) and not re.match(r"[0-9A-Za-z\s]", text[place + 1]):
            signs.append(Sign(text[place + 1], styles))
            place += 2
            at_start = False
            continue
        more, end = _construct(text, place, styles, at_start=at_start)
        if end > place:
            signs += more
            at_start = text[end - 1] == "\n"
            place = end
            continue
        signs.append(Sign(text[place], styles))
        at_start = text[place] == "\n" or (at_start and text[place].isspace())
        place += 1
    return signs


def _construct(text: str, place: int, styles: frozenset[str], *, at_start: bool) -> tuple[list[Sign], int]:
    """The construct that begins there, as signs, with its end; the place itself where none does."""
    if at_start:
        for style, pattern in _LINES:
            match = None if style in styles and style == "quote" else pattern.match(text, place)
            if match:
                return _read(match[1], styles | {style}, at_start=True), match.end()
    for pattern, inner in ((_FENCE, 0), (_CODE, 2)):
        match = pattern.match(text, place)
        if match:
            return [Sign(one, styles | {"code"}) for one in match[inner]], match.end()
    match = _MASKED.match(text, place)
    if match:
        return _read(match[1], styles | {"link"}, at_start=False), match.end()
    for style, pattern in _SPECIAL.items():
        match = pattern.match(text, place)
        if match:
            return [Sign(one, styles | {style}) for one in match[0]], match.end()
    for style, pattern in _PAIRS:
        match = pattern.match(text, place)
        if match:
            return _read(match[1], styles | {style}, at_start=at_start), match.end()
    return [], place


def length_of(view: discord.ui.LayoutView) -> int:
    """How many characters of text a message has, as Discord counts them: at most 4,000."""
    texts = [one.content for one in view.walk_children() if isinstance(one, discord.ui.TextDisplay)]
    return sum(len(text.encode("utf-16-le")) // 2 for text in texts)
