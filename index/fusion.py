"""Fuses runs into one, and folds near-copies of one story: what several rankings agree on comes first."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property

from corpus.number_words import CARDINALS, ORDINALS
from index.dates.words import MONTHS, WEEKDAYS
from index.records import Hit, Run

_WORDS = re.compile(r"\w+")
# Shingles of three words; two passages that share 60 % of the shorter one's are taken for the same wire story. Between any
# two of the starter corpus's briefs, which are all distinct, paragraphs share at most 40 %.
_SHINGLE = 3
NEAR_COPY = 0.6
# Near-copies share more of the words that spaces part: three fifths of the shingles hold about as much of them, and marks
# that were typed otherwise part some. Below so many words nothing is told by it, as in a script without spaces.
_SHARED_WORDS, _FEW_WORDS = 0.4, 20
# How much of the best copy an earlier one must hold to be quoted in its place: four fifths, so that the answer is there. Judged.
_NEARLY_ALL = 0.8
_NUMBERS = (frozenset(CARDINALS) | frozenset(ORDINALS)) - {"one", "first"}  # “one of the owners” counts nothing
_DAYS = {form: f"month {place}" for form, place in MONTHS.items()}
_DAYS |= {form: f"weekday {place}" for form, place in WEEKDAYS.items()}


def fuse(lexical: Run, dense: Run, lexical_weight: float, favour: Mapping[int, float] | None = None) -> Run:
    """The weighted sum of both runs' scores, each scaled to 0..1 between its worst and best hit.

    A passage that a run doesn't have scores 0 there; `favour` is added to the scores of those it names. The result doesn't
    depend on the order of the hits given; ties go to the lower number. Source: convex combination, Bruch et al., An Analysis of
    Fusion Functions (2022).
    """
    weights = ((lexical, lexical_weight), (dense, 1 - lexical_weight))
    totals: dict[int, float] = {}
    evidence: dict[int, list[tuple[str, int, float]]] = {}
    for run, weight in weights:
        if not run.hits:
            continue
        scores = [hit.score for hit in run.hits]
        low, span = min(scores), max(scores) - min(scores)
        for number, rank, score, _ in run.hits:
            scaled = (score - low) / span if span else 1.0
            totals[number] = totals.get(number, 0.0) + weight * scaled
            evidence.setdefault(number, []).append((run.name, rank, score))
    for number, more in (favour or {}).items():
        totals[number] += more
    ordered = sorted(totals, key=lambda number: (-totals[number], number))
    hits = tuple(Hit(number, rank, totals[number], tuple(evidence[number])) for rank, number in enumerate(ordered, 1))
    return Run("fused", hits, lexical.seconds + dense.seconds)


def rerank(fused: Run, readings: Mapping[int, float], seconds: float) -> Run:
    """The run with the passages that were read first, by their readings; the others follow as they were.

    A read passage's score is its reading. The others' lie below the lowest reading, so that scores go on falling.
    """
    read = sorted(
        (hit for hit in fused.hits if hit.number in readings), key=lambda hit: (-readings[hit.number], hit.rank)
    )
    rest = [hit for hit in fused.hits if hit.number not in readings]
    floor = min(readings.values(), default=0.0)
    made = []
    for rank, hit in enumerate([*read, *rest], start=1):
        evidence = (*hit.evidence, (fused.name, hit.rank, hit.score))
        score = readings[hit.number] if hit.number in readings else floor - 1 + hit.score - fused.hits[0].score
        made.append(Hit(hit.number, rank, score, evidence))
    return Run("reranked", tuple(made), seconds)


def shingles(text: str) -> frozenset[int]:
    """What a text says, as hashes of its runs of three words; a text of fewer words is one shingle."""
    words = _WORDS.findall(text.lower())
    if len(words) <= _SHINGLE:
        return frozenset([hash(tuple(words))])
    return frozenset(map(hash, zip(words, words[1:], words[2:], strict=False)))


def near_copy(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether the shorter text is for the most part in the longer one, word for word, by their shingles."""
    return len(one & other) >= NEAR_COPY * min(len(one), len(other))


def fold(texts: Sequence[tuple[int, str, date | None]]) -> list[tuple[int, list[int]]]:
    """Groups texts (key, text, day), best first: each with the keys of its near-copies.

    A text that tells another figure, day or name is no copy. Of copies the earliest leads its group, be it told as well
    or not: the others are reposts, and “on Tuesday” is seen from the first one's day. Those without a day come last; of one
    day the lowest key leads, so that two passages of a story, each folded by itself, are told of the same article.
    """
    groups: list[list[_Text]] = []
    for key, text, day in texts:
        mine = _Text(key, text, day or date.max)
        for copies in groups:
            if mine.repeats(copies[0]):
                copies.append(mine)
                break
        else:
            groups.append([mine])
    made = []
    for copies in groups:
        first = min((one for one in copies if one.tells_all_of(copies[0])), key=lambda one: (one.day, one.key))
        made.append((first.key, [one.key for one in copies if one is not first]))
    return made


class _Text:
    """A text with its words, and what else it is compared by once that is needed: few pairs come so far."""

    def __init__(self, key: int, text: str, day: date) -> None:
        self.key = key
        self.day = day
        self._text = text
        self._words = frozenset(text.lower().split())

    def repeats(self, other: "_Text") -> bool:
        """Whether the shorter of the two is for the most part in the longer, and tells nothing else than that."""
        if not self._may_repeat(other) or not near_copy(self.shingles, other.shingles):
            return False
        if self.shingles == other.shingles:
            return True
        shorter, longer = sorted((self, other), key=lambda one: len(one.shingles))
        return shorter.figures <= longer.figures and not shorter._names_others(longer)

    def tells_all_of(self, copy: "_Text") -> bool:
        """Whether it holds nearly all of a copy, and each of its figures."""
        if self is copy:
            return True
        return len(self.shingles & copy.shingles) >= _NEARLY_ALL * len(copy.shingles) and copy.figures <= self.figures

    def _may_repeat(self, other: "_Text") -> bool:
        """Whether they share enough words; texts of few words always may."""
        fewer = min(len(self._words), len(other._words))
        return fewer < _FEW_WORDS or len(self._words & other._words) >= _SHARED_WORDS * fewer

    def _names_others(self, other: "_Text") -> bool:
        """Whether a few words stand in the place of a few others, with a name that the other text doesn't have for one
        that this one doesn't: “the Potters” for “the Miners”."""
        mine, theirs = self._in_order, other._in_order
        changes = SequenceMatcher(None, [one.lower() for one in mine], [one.lower() for one in theirs], autojunk=False)
        return any(
            change == "replace"
            and max(end - start, last - first) <= _SHINGLE
            and bool(_names(mine[start:end]) - other._all_words)
            and bool(_names(theirs[first:last]) - self._all_words)
            for change, start, end, first, last in changes.get_opcodes()
        )

    @cached_property
    def shingles(self) -> frozenset[int]:
        return shingles(self._text)

    @cached_property
    def figures(self) -> frozenset[str]:
        """Its numbers, months and weekdays."""
        numbers = (one for one in self._all_words if one[0].isdigit() or one in _NUMBERS)
        days = (_DAYS[one.lower()] for one in self._in_order if one[0].isupper() and one.lower() in _DAYS)
        return frozenset((*numbers, *days))

    @cached_property
    def _in_order(self) -> list[str]:
        return _WORDS.findall(self._text)

    @cached_property
    def _all_words(self) -> frozenset[str]:
        return frozenset(one.lower() for one in self._in_order)


def _names(words: Sequence[str]) -> frozenset[str]:
    return frozenset(one.lower() for one in words if one[0].isupper())
