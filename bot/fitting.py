"""Makes blocks fit into one message: quotes give way sentence by whole sentence, then what stands last is left out.

Knows Discord's limits and what each block costs of them; makes no components (`reply`).
"""

from collections.abc import Sequence
from dataclasses import replace

from bot import words
from bot.blocks import (
    Action,
    Block,
    Controls,
    Fields,
    Heading,
    Line,
    Link,
    Listing,
    Menu,
    Note,
    Paragraph,
    Part,
    Quote,
    Rule,
    Source,
    parts_of,
)
from bot.escape import cut, escaped, openable, units, visible
from bot.markdown import block_markdown, length

MAX_TEXT = 4_000  # Discord's limit for the text of one message, over all its text displays
MAX_COMPONENTS = 40  # and for its components, those within others counted too
ROW = 5  # buttons in a row
# What showing a piece of a line can add to it: two signs on either side where it is bold, a mark of direction on either
# side, a backslash at the line's beginning, and a gap.
_MARKS = 8


def fit(blocks: Sequence[Block], *, components: int = MAX_COMPONENTS - 1, text: int = MAX_TEXT) -> tuple[Block, ...]:
    """The blocks, shortened where they need more text or components than that; never empty, never a cut quote.

    Controls always stay; ValueError where they alone are too many.
    """
    shown = _tidy(_quoted(blocks, text))
    if not shown:
        return (Note(words.NOTHING_TO_SHOW),)
    if cost(shown) <= components and _text(shown) <= text:
        return tuple(shown)
    return _begun(shown, components, text)


def cost(blocks: Sequence[Block]) -> int:
    """How many components the blocks become. Texts next to each other share one."""
    total = 0
    in_text = False
    for block in blocks:
        if isinstance(block, Controls):
            total += sum(1 + len(row) for row in rows_of(block))
        elif isinstance(block, Rule):
            total += 1
        elif isinstance(block, Source):
            total += 3 if block.link and openable(block.link.url) else 1
        elif isinstance(block, Link) and openable(block.url):
            total += 2
        else:
            total += 0 if in_text else 1
            in_text = True
            continue
        in_text = False
    return total


def rows_of(controls: Controls) -> list[list[Action | Menu]]:
    """The rows that the items stand in: a menu alone, and up to five buttons of the same `row`."""
    rows: list[list[Action | Menu]] = []
    before: Action | Menu | None = None
    for item in controls.items:
        beside = isinstance(item, Action) and isinstance(before, Action) and item.row == before.row
        if beside and len(rows[-1]) < ROW:
            rows[-1].append(item)
        else:
            rows.append([item])
        before = item
    return rows


def weight_of(controls: Controls) -> int:
    """The units of all that buttons and menus say and send."""
    total = 0
    for item in controls.items:
        total += units(item.custom_id)
        if isinstance(item, Menu):
            total += units(item.placeholder)
            total += sum(units(one.value) + units(one.label) + units(one.description) for one in item.options)
        else:
            total += units(item.label)
    return total


def is_shown(block: Block) -> bool:
    """Whether there is anything of the block to see."""
    if isinstance(block, Controls):
        return bool(block.items)
    return isinstance(block, Rule) or bool(block_markdown(block))


def _tidy(blocks: Sequence[Block]) -> list[Block]:
    """Without what can't be seen, and without rules at the ends and next to each other."""
    made: list[Block] = []
    for block in blocks:
        if isinstance(block, Rule):
            needed = made and not isinstance(made[-1], Rule)
        else:
            needed = is_shown(block)
        if needed:
            made.append(block)
    return made[:-1] if made and isinstance(made[-1], Rule) else made


def _text(blocks: Sequence[Block]) -> int:
    """What the blocks take up at most, with a line end each."""
    return sum(length(block) + 1 for block in blocks)


def _quoted(blocks: Sequence[Block], text: int) -> list[Block]:
    """The blocks with as much quoted as there is room for: the longest quote gives way first."""
    made = list(blocks)
    lengths = [length(block) + 1 for block in made]
    while sum(lengths) > text:
        quoted = [place for place, block in enumerate(made) if isinstance(block, Quote) or _has_quotes(block)]
        if not quoted:
            break
        place = max(quoted, key=lambda place: lengths[place])
        made[place] = _less(made[place])
        lengths[place] = length(made[place]) + 1
    return made


def _has_quotes(block: Block) -> bool:
    return isinstance(block, Source) and bool(block.quotes)


def _less(block: Block) -> Block:
    """The block with its next shorter quote; where there is none, the words that say so."""
    if not isinstance(block, Source):
        return Note(words.QUOTE_TOO_LONG)
    if len(block.quotes) > 1:
        return replace(block, quotes=block.quotes[1:])
    return replace(block, quotes=(), notes=(words.QUOTE_TOO_LONG, *block.notes))


def _begun(blocks: Sequence[Block], components: int, text: int) -> tuple[Block, ...]:
    """As many blocks from the first on as there is room for, all controls, and where it breaks off a note that it does."""
    note = Note(words.NOT_ALL_SHOWN)
    waiting = cost([block for block in blocks if isinstance(block, Controls)])
    if waiting + 1 > components:
        raise ValueError(
            f"{waiting} components of controls leave no room in {components}; use fewer buttons and menus."
        )
    kept: list[Block] = []
    ended = False
    for block in blocks:
        if isinstance(block, Controls):
            waiting -= cost([block])
            kept.append(block)
            continue
        if ended:
            continue
        left = text - _text([*kept, note])
        piece = block if length(block) < left else _start_of(block, left - 1)
        if piece and cost([*kept, piece, note]) + waiting <= components:
            kept.append(piece)
        if piece is not block or kept[-1:] != [block]:
            while kept and isinstance(kept[-1], Rule):
                kept.pop()
            kept.append(note)
            ended = True
    return tuple(kept)


def _start_of(block: Block, room: int) -> Block | None:
    """The beginning of a block in that many units; None for what is shown whole or not at all."""
    made: Block | None = None
    if isinstance(block, Heading | Paragraph | Note):
        made = replace(block, text=_start_of_line(block.text, room - 2 * _MARKS))
    elif isinstance(block, Listing):
        made = Listing(block.items[: _fitting([Listing((item,)) for item in block.items], room)])
    elif isinstance(block, Fields):
        made = Fields(block.rows[: _fitting([Fields((row,)) for row in block.rows], room)])
    return made if made and is_shown(made) and length(made) <= room else None


def _fitting(blocks: Sequence[Block], room: int) -> int:
    """How many of the blocks fit, from the first on."""
    used = 0
    for place, block in enumerate(blocks):
        used += length(block) + 1
        if used > room:
            return place
    return len(blocks)


def _start_of_line(line: Line, room: int) -> Line:
    pieces: list[Part] = []
    for part in parts_of(line):
        taken = units(escaped(visible(part.text))) + _MARKS
        if taken > room:
            pieces.append(replace(part, text=cut(part.text, room - _MARKS)))
            break
        pieces.append(part)
        room -= taken
    return tuple(pieces)
