"""Fuses runs into one, and folds near-copies of one story: what several rankings agree on comes first."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from index.records import Hit, Run

_WORDS = re.compile(r"\w+")
# Shingles of three words; two passages that share 60 % of the shorter one's are taken for the same wire story. Between any
# two of the starter corpus's briefs, which are all distinct, paragraphs share at most 40 %.
_SHINGLE = 3
NEAR_COPY = 0.6
# Near-copies share more of the words that spaces part: three fifths of the shingles hold about as much of them, and marks
# that were typed otherwise part some. Below so many words nothing is told by it, as in a script without spaces.
_SHARED_WORDS, _FEW_WORDS = 0.4, 20


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
    """Whether the shorter text is for the most part in the longer one, word for word."""
    return len(one & other) >= NEAR_COPY * min(len(one), len(other))


def fold(texts: Sequence[tuple[int, str]]) -> list[tuple[int, list[int]]]:
    """Groups texts (key, text), best first: each first of its kind, with the keys of its near-copies."""
    groups: list[tuple[_Text, int, list[int]]] = []
    for key, text in texts:
        mine = _Text(text)
        for first, _, copies in groups:
            if mine.may_repeat(first) and near_copy(mine.shingles, first.shingles):
                copies.append(key)
                break
        else:
            groups.append((mine, key, []))
    return [(key, copies) for _, key, copies in groups]


class _Text:
    """A text with its words, and its shingles once they are needed: few pairs come so far."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = frozenset(text.lower().split())

    def may_repeat(self, other: "_Text") -> bool:
        """Whether they share enough words; texts of few words always may."""
        fewer = min(len(self._words), len(other._words))
        return fewer < _FEW_WORDS or len(self._words & other._words) >= _SHARED_WORDS * fewer

    @cached_property
    def shingles(self) -> frozenset[int]:
        return shingles(self._text)
