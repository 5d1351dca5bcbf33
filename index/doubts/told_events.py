"""Finds the acts of a dispute that the beginning of an article tells as done: “SAG-AFTRA reached a tentative agreement”.

Read are its first sentences with words for such an act, and of those only what tells surely whose it is. The words are
`told_words`', what a sentence says of an act is `told_clauses`'; comparing articles is left to `later_events`.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import date
from functools import cache

from corpus.abbreviations import ABBREVIATIONS
from corpus.day_words import YEAR
from corpus.patterns import lazy
from index.doubts.told_clauses import ClauseReader
from index.doubts.told_records import Dated, Deed, ToldEvent
from index.doubts.told_sides import Sides
from index.doubts.told_words import FORMS, LONG_AGO

# Code points that are read: an article's own news stands there, the background after it. Judged.
HEAD = 1_500
# Bounds what a text made to be slow can cost; the sentences of real heads that tell events are fewer.
_SENTENCES, _LONGEST = 12, 600
# Any of these stands in a head that tells an event, in small letters.
_SPEAKS = (
    "strike",
    "walkout",
    "walked o",
    "stoppage",
    "tentative",
    "ratif",
    "deal",
    "agreement",
    "contract",
    "talks",
    "bargain",
)
_SENTENCE_END = lazy(r"[.!?”\"\n](?:(?<=\n)|\s+(?=[A-Z“\"‘]))")  # one class leads: a third of the time
_ABBREVIATED = lazy(rf"(?:[.\s][A-Za-z]|\b(?:{'|'.join(ABBREVIATIONS)}))\.$")


def told_events(text: str, published: date | None, unions: Collection[str]) -> tuple[ToldEvent, ...]:
    """The acts that the article's first `HEAD` code points tell as done, in their order, each once.

    `unions` are the keys of the unions that it speaks of (`unions.unions_of`); where there are none, nothing is read.
    Never raises.
    """
    if not unions:
        return ()
    head = text[:HEAD]
    small = head.lower()
    if not any(word in small for word in _SPEAKS):
        return ()
    sides = Sides(head, unions)
    found: dict[tuple[str, Deed, Dated, date | None], ToldEvent] = {}
    for start, sentence, forms in _sentences(head, small)[:_SENTENCES]:
        told = _told(sentence, forms) if len(sentence) <= _LONGEST and not sentence.rstrip().endswith("?") else []
        for one in ClauseReader(sentence, sides).events(told, published) if told else ():
            if one.dated is not Dated.NONE or not _is_of_past(small, start, published):
                found.setdefault((one.side, one.deed, one.dated, one.day), one)
    return tuple(found.values())


def _is_of_past(small: str, start: int, published: date | None) -> bool:
    """Whether the head speaks of long ago before `start`: “The writers last struck in 2007. They walked out in November.”"""
    years = YEAR().finditer(small, 0, start)
    return any(published and abs(int(one[0]) - published.year) > 1 for one in years) or bool(
        LONG_AGO().search(small, 0, start)
    )


_Form = tuple[Deed, re.Pattern[str]]


def _sentences(head: str, small: str) -> list[tuple[int, str, list[_Form]]]:
    """The sentences of the head with words for an act: where each begins, and the forms that may match."""
    places: list[tuple[int, tuple[int, ...]]] = []
    for word, numbers in _by_word().items():
        place = small.find(word)
        while place >= 0:
            places.append((place, numbers))
            place = small.find(word, place + len(word))
    if not places or len(small) != len(head):
        return []
    starts = [0]
    starts += [
        one.end()
        for one in _SENTENCE_END().finditer(head)
        if one[0] == "\n" or not _ABBREVIATED().search(head, max(0, one.start() - 6), one.start() + 1)
    ]
    found: dict[int, set[int]] = {}
    for place, numbers in places:
        found.setdefault(bisect_right(starts, place) - 1, set()).update(numbers)
    starts.append(len(head))
    return [
        (
            starts[one],
            head[starts[one] : starts[one + 1]],
            [(FORMS[of][0], FORMS[of][2]()) for of in sorted(found[one])],
        )
        for one in sorted(found)
    ]


@cache
def _by_word() -> dict[str, tuple[int, ...]]:
    """The numbers of the forms by each word of which one stands in what they match."""
    words = dict.fromkeys(word for _, words, _ in FORMS for word in words)
    return {word: tuple(number for number, (_, of, _) in enumerate(FORMS) if word in of) for word in words}


def _told(sentence: str, forms: Sequence[_Form]) -> list[tuple[Deed, re.Match[str]]]:
    """Where the sentence words an act as done, in its order; of two that overlap that of the earlier form."""
    found: list[tuple[Deed, re.Match[str]]] = []
    for deed, form in forms:
        for match in form.finditer(sentence):
            if not any(match.start() < other.end() and other.start() < match.end() for _, other in found):
                found.append((deed, match))
    return sorted(found, key=lambda one: one[1].start())
