"""Prints a `Reply` in a terminal: the same card as on Discord, with colour where it is one and plain text where it is piped.

There are no limits here, so quotes are shown whole. Strangers' text reaches the terminal without control characters.
"""

from collections.abc import Iterator

from rich.console import Console
from rich.style import Style
from rich.text import Text

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
    Reply,
    Rule,
    Source,
    parts_of,
)
from bot.escape import openable, visible
from bot.markdown import bar, number_of
from index.terminal import console

__all__ = ["console", "show_reply"]

_INDENT = 4
_NARROWEST = 20  # columns; in a window narrower than that, lines are left to the terminal


def show_reply(out: Console, reply: Reply) -> None:
    """Prints the reply's blocks, and a blank line after them. Buttons and menus, which a terminal hasn't, are left out."""
    for block in reply.blocks:
        if isinstance(block, Rule):
            out.print()
        for line, indent in _lines(block, marks=out.color_system is None):
            _put(out, line, indent)
    out.print()


def _lines(block: Block, *, marks: bool) -> Iterator[tuple[Text, int]]:
    """The block's lines, each with its indent; `marks` are asterisks around what is bold in a quotation."""
    match block:
        case Heading(text):
            yield _text(text, "bold"), 0
        case Paragraph(text):
            yield _text(text), 0
        case Note(text):
            yield _text(text, "dim"), 0
        case Listing(items):
            for item in items:
                yield Text("• ") + _text(item), 0
        case Fields(rows):
            for name, value in rows:
                yield _text((Part(name, bold=True), ": ", *parts_of(value))), 0
        case Progress(stage, done, total, note):
            for part in (stage, f"{bar(done, total)} {words.done_of(done, total)}", note):
                yield _text(part), 0
        case Quote():
            for line in _quote(block, marks=marks):
                yield line, _INDENT
        case Link(url):
            yield _link(url), 0
        case Source():
            yield from _source(block, marks=marks)


def _source(source: Source, *, marks: bool) -> Iterator[tuple[Text, int]]:
    """`[1] …` with the answering sentence in bold; under it where it comes from, what else says it, and the address."""
    if source.quotes:
        first, *others = _quote(source.quotes[0], marks=marks)
        yield Text.assemble(("".join(number_of(source)), "bold cyan"), first), 0
        for line in others:
            yield line, 0
    indent = _INDENT if source.quotes else _INDENT // 2
    yield _text(source.reference, "green"), indent
    for note in source.notes:
        yield _text(note, "dim"), indent
    if source.link:
        yield _link(source.link.url), indent


def _quote(quote: Quote, *, marks: bool) -> list[Text]:
    made = []
    for paragraph in quote.paragraphs:
        line = Text()
        for part in paragraph:
            seen = visible(part.text)
            inner = seen.strip()
            if part.bold and inner:
                before, _, after = seen.partition(inner)
                line.append(before)
                line.append(f"**{inner}**" if marks else inner, "bold")
                line.append(after)
            else:
                line.append(seen)
        made.append(line)
    return made


def _link(url: str) -> Text:
    to = openable(url)
    return Text(visible(url).strip(), Style(dim=True, underline=True, link=to))


def _text(line: Line, style: str = "") -> Text:
    return Text.assemble(*((visible(part.text), "bold" if part.bold else "") for part in parts_of(line)), style=style)


def _put(out: Console, text: Text, indent: int) -> None:
    """A paragraph: wrapped in a terminal, but for addresses, which broken can't be followed; one line where it is piped."""
    margin = Text(" " * indent)
    whole = not out.is_terminal or ("://" in text.plain and " " not in text.plain.strip())
    for line in [text] if whole else text.wrap(out, max(out.width - indent, _NARROWEST)):
        line.rstrip()
        if line.plain.strip():
            out.print(margin + line, soft_wrap=True)
