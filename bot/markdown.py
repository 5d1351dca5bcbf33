"""Turns blocks of text into Discord's markdown, in which strangers' signs are escaped; `reply` puts it into components.

Each block is lines of its own, and a line's beginning can start nothing that the block didn't say.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from bot import words
from bot.blocks import (
    Block,
    Fields,
    Heading,
    Line,
    Link,
    Listing,
    Note,
    Paragraph,
    Part,
    Progress,
    Quote,
    Source,
    is_blank,
    parts_of,
)
from bot.escape import MAX_LINK, cut, escaped, isolated, line_start, openable, units, visible

_BAR = 20  # signs: fits a phone's width beside nothing
_FULL, _EMPTY = "▰", "▱"


def line_markdown(line: Line, *, apart: bool = True) -> str:
    """One line, escaped; “” where nothing of it can be seen.

    `apart` keeps each piece's direction to itself; the pieces of a quotation are one text, and are not held apart.
    """
    pieces = _seen(parts_of(line))
    if apart and len(pieces) > 1:
        pieces = [replace(piece, text=isolated(piece.text)) for piece in pieces]
    made = []
    for (bold, person), group in groupby(pieces, lambda piece: (piece.bold, piece.person)):
        if person:
            made.append(f"<@{person}>")  # nobody is pinged: every message is sent without allowed mentions
            continue
        text = escaped("".join(piece.text for piece in group))
        inner = text.strip(" ")
        # Spaces stay outside: bold that begins with one is not read as bold everywhere.
        made.append(text.replace(inner, f"**{inner}**", 1) if bold and inner else text)
    return line_start("".join(made))


def block_markdown(block: Block) -> str:
    """A block as lines; “” where there is nothing to see. A source is quoted in the first of its ways."""
    match block:
        case Heading(text, level):
            line = line_markdown(text)
            # Signs at a heading's end belong to its markup and would vanish.
            return (f"**{line}**" if line.endswith("#") else f"{'#' * level} {line}") if line else ""
        case Paragraph(text):
            return line_markdown(text)
        case Note(text):
            return _after("-# ", line_markdown(text))
        case Listing(items):
            return _lines(_after("- ", line_markdown(item)) for item in items)
        case Fields(rows):
            return _lines(
                line_markdown((Part(name, bold=True), ": ", *parts_of(value)))
                for name, value in rows
                if not is_blank(value)
            )
        case Progress():
            return _progress(block)
        case Quote(paragraphs):
            return _lines(_after("> ", line_markdown(paragraph, apart=False)) for paragraph in paragraphs)
        case Link(url):
            return line_markdown(words.link_text(cut(url, MAX_LINK)))
        case Source():
            return _source(block)
        case _:
            return ""


def length(block: Block) -> int:
    """The units of text that the block takes up in a message."""
    return units(block_markdown(block))


def bar(done: int, total: int) -> str:
    """A bar of 20 signs; empty where the total isn't known."""
    full = min(_BAR, _BAR * done // total) if total > 0 else 0
    return _FULL * max(full, 0) + _EMPTY * (_BAR - max(full, 0))


def _progress(block: Progress) -> str:
    count = f"{bar(block.done, block.total)} {words.done_of(block.done, block.total)}"
    return _lines([line_markdown(block.stage), line_markdown(count), _after("-# ", line_markdown(block.note))])


def number_of(source: Source) -> tuple[str, ...]:
    """The citation's number as it stands before its source; nothing where nothing is cited."""
    return () if source.number is None else (f"[{source.number}] ",)


def _source(source: Source) -> str:
    notes = list(source.notes)
    if source.link and not openable(source.link.url):
        notes.append(words.link_text(cut(source.link.url, MAX_LINK)))
    return _lines(
        [
            *map(block_markdown, source.quotes[:1]),
            line_markdown((*number_of(source), *parts_of(source.reference))),
            *(_after("-# ", line_markdown(note)) for note in notes),
        ]
    )


def _seen(pieces: tuple[Part, ...]) -> list[Part]:
    """The pieces as they are seen, without gaps at the line's ends and without two gaps in a row."""
    made: list[Part] = []
    for piece in pieces:
        text = visible(piece.text)
        if not made or made[-1].text.endswith(" "):
            text = text.lstrip(" ")
        if text:
            made.append(replace(piece, text=text))
    if made:
        made[-1] = Part(made[-1].text.rstrip(" "), made[-1].bold)
    return [piece for piece in made if piece.text]


def _after(mark: str, line: str) -> str:
    return f"{mark}{line}" if line else ""


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line)
