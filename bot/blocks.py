"""What a reply is made of: plain records that a cog composes, `reply` turns into Discord's components and `terminal` prints.

Every string in a block is plain text. Nothing in it is read as markup: what is bold, small or a list is said by the
records alone, and whoever shows them escapes. So articles, questions and names can be put in as they are.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line. With a Discord id in `person`, Discord shows that person's name, and others show `text`."""

    text: str
    bold: bool = False
    person: int = 0


# One line of text. Pieces that come from elsewhere (a title, a question) are pieces of their own in the tuple, so that
# one written from right to left can't turn the words around it round.
Line: TypeAlias = str | Part | tuple[str | Part, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A line in large type; `level` 1 is the largest, 3 the smallest."""

    text: Line
    level: int = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Ordinary text; its line ends are spaces, so give several paragraphs as several blocks."""

    text: Line


@dataclass(frozen=True, slots=True)
class Note:
    """Small, dim text."""

    text: Line


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines with a bullet each."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """Names in bold, each with its value, a line each."""

    rows: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """A bar of `done` of `total` (0 where that isn't known yet), with the stage before it and a note after it."""

    stage: Line
    done: int
    total: int
    note: Line = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article, verbatim: its paragraphs, each in parts. Shown whole or not at all, never shortened."""

    paragraphs: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An address to open; shown as a button where it may be one, else as text."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An article, with what is quoted of it.

    `quotes` are ways to quote the same, longest first, each of whole sentences: the first that fits is shown; where
    none does, that is said. `number` is the citation's, or None where nothing is cited.
    """

    number: int | None
    reference: Line
    quotes: tuple[Quote, ...] = ()
    notes: tuple[Line, ...] = ()
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


class Style(StrEnum):
    """How a button looks; what it does is in its id."""

    PLAIN = "plain"
    MAIN = "main"
    GOOD = "good"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Action:
    """A button. It has a label, an emoji or both; buttons next to each other with the same `row` share a row of up to 5."""

    custom_id: str
    label: str = ""
    emoji: str = ""
    style: Style = Style.PLAIN
    disabled: bool = False
    row: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a menu; `value` is what comes back."""

    value: str
    label: str
    description: str = ""
    chosen: bool = False


class Choosing(StrEnum):
    """What a menu lets choose: its own options, or what Discord lists."""

    OPTIONS = "options"
    CHANNELS = "channels"  # also such as hold threads alone
    WRITTEN = "written"  # channels that a message can be sent to
    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu in a row of its own: `least` to `most` of at most 25 choices. `chosen` are the ids of channels or roles."""

    custom_id: str
    placeholder: str = ""
    choosing: Choosing = Choosing.OPTIONS
    options: tuple[Option, ...] = ()
    chosen: tuple[int, ...] = ()
    least: int = 1
    most: int = 1
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Controls:
    """Buttons and menus in the middle of a reply, as on a settings screen."""

    items: tuple[Action | Menu, ...]


Block: TypeAlias = Heading | Paragraph | Note | Listing | Fields | Progress | Quote | Link | Source | Rule | Controls


class Tone(StrEnum):
    """What kind of news a reply is; its colour."""

    PLAIN = "plain"
    GOOD = "good"
    UNSURE = "unsure"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to a person."""

    blocks: tuple[Block, ...]
    tone: Tone = Tone.PLAIN


def parts_of(line: Line) -> tuple[Part, ...]:
    """The line as parts."""
    pieces = line if isinstance(line, tuple) else (line,)
    return tuple(piece if isinstance(piece, Part) else Part(piece) for piece in pieces)


def is_blank(line: Line) -> bool:
    return not any(part.text.strip() for part in parts_of(line))
