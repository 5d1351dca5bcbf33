"""Cuts an article into passages: runs of whole sentences, sized in the model's own word pieces.

Where a sentence ends is `sentences`' business; what a passage is embedded as (`embedded_text`) is decided here.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from index.records import Span
from index.sentences import sentence_spans

# Raised whenever the same article would be cut differently, or more be kept of it, so that an old generation's rows are not
# taken over.
SCHEME = 4
# What a heading may take of the pieces the model reads; fixed, so that two copies of a story are cut alike.
HEADING_PIECES = 48
# Nothing to quote is longer: a wordpiece model reads a 100 KB word as one unknown piece.
MAX_PASSAGE_CHARACTERS = 2_000

_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
# Stretches between spaces whose pieces are remembered: of a large corpus there are many times as many as words.
_REMEMBERED = 200_000
CountPieces = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage before it has a number: its span in the article and the sentences that tile it."""

    span: Span
    sentences: tuple[Span, ...]


class PieceCounter:
    """Counts word pieces by adding up those of the words, each asked of the tokenizer once.

    Exact for tokenizers that split at spaces and punctuation first, as BERT's do; for others close, which is why
    the encoder refuses a passage that is longer than it reads. Not thread-safe.
    """

    def __init__(self, count: CountPieces) -> None:
        self._count = count
        self._words: dict[str, int] = {}
        # What stands between spaces, such as “strike,”: a text is cut there in a fifth of the time.
        self._known: dict[str, int] = {}

    def count(self, texts: Sequence[str]) -> list[int]:
        """Pieces of each text, without special tokens; what is new is asked for at once."""
        stretches = [text.split() for text in texts]
        known = self._known.__getitem__
        try:
            return [sum(map(known, found)) for found in stretches]
        except KeyError:
            self._ask(set().union(*stretches))
            return [sum(map(known, found)) for found in stretches]

    def _ask(self, stretches: set[str]) -> None:
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        new = {one: _WORD.findall(one) for one in stretches.difference(self._known)}
        unknown = list(set().union(*new.values()).difference(self._words))
        if unknown:
            self._words.update(zip(unknown, self._count(unknown), strict=True))
        for one, words in new.items():
            self._known[one] = sum([self._words[word] for word in words])


def heading(title: str, outlet: str, published: date | None) -> str:
    """The line that is embedded and indexed before each passage of an article: title, outlet, date."""
    day = f"{published:%B} {published.day}, {published.year}" if published else ""
    return " — ".join(part for part in (title, ", ".join(part for part in (outlet, day) if part)) if part)


def embedded_text(head: str, text: str) -> str:
    """Exactly what the model is given for a passage."""
    return f"{head}\n{text}" if head else text


def shorten_heading(head: str, counter: PieceCounter) -> str:
    """The heading, cut at a word where it has more than HEADING_PIECES."""
    if counter.count([head])[0] <= HEADING_PIECES:
        return head
    kept, pieces = 0, 0
    for match in _WORD.finditer(head):
        pieces += counter.count([match.group()])[0]
        if pieces > HEADING_PIECES:
            break
        kept = match.end()
    return head[:kept]


def cut(text: str, language: str, counter: PieceCounter, *, target: int, limit: int, overlap: int) -> list[Cut]:
    """The passages of a text, in order.

    Each holds whole sentences up to `target` pieces, `limit` at the very most; the last `overlap` sentences of one
    begin the next. Together they cover the text. A sentence over the limit is cut at words.
    """
    spans = sentence_spans(text, language)
    sizes = counter.count([span.of(text) for span in spans])
    sentences: list[tuple[Span, int]] = []
    for span, size in zip(spans, sizes, strict=True):
        if size <= limit and span.end - span.start <= MAX_PASSAGE_CHARACTERS:
            sentences.append((span, size))
        else:
            sentences.extend(_pieces(text, span, counter, limit))
    cuts: list[Cut] = []
    first, taken = 0, 0  # the passage being made is sentences[first:taken]
    pieces = characters = 0
    for span, size in sentences:
        length = span.end - span.start
        if taken > first and (pieces + size > target or characters + length > MAX_PASSAGE_CHARACTERS):
            cuts.append(_cut(sentences[first:taken]))
            keep = taken
            while keep > first + 1 and taken - keep < overlap:
                kept = sum(sentences[place][1] for place in range(keep - 1, taken))
                if kept + size > target or kept > target // 2:
                    break
                keep -= 1
            first = keep
            pieces = sum(size for _, size in sentences[first:taken])
            characters = sum(span.end - span.start for span, _ in sentences[first:taken])
        taken += 1
        pieces += size
        characters += length
    if taken > first:
        cuts.append(_cut(sentences[first:taken]))
    return cuts


def _cut(sentences: Sequence[tuple[Span, int]]) -> Cut:
    spans = tuple(span for span, _ in sentences)
    return Cut(Span(spans[0].start, spans[-1].end), spans)


def _pieces(text: str, span: Span, counter: PieceCounter, limit: int) -> list[tuple[Span, int]]:
    """An endless sentence as stretches of at most `limit` pieces and MAX_PASSAGE_CHARACTERS, cut before words."""
    found: list[tuple[Span, int]] = []
    start, pieces = span.start, 0
    words = [
        (place, min(place + MAX_PASSAGE_CHARACTERS, match.end()))
        for match in _WORD.finditer(text, span.start, span.end)
        for place in range(match.start(), match.end(), MAX_PASSAGE_CHARACTERS)
    ]
    sizes = counter.count([text[first:last] for first, last in words])
    for (first, last), size in zip(words, sizes, strict=True):
        if first > start and (pieces + size > limit or last - start > MAX_PASSAGE_CHARACTERS):
            found.append((Span(start, first), pieces))
            start, pieces = first, 0
        pieces += size
    found.append((Span(start, span.end), pieces))
    return found
