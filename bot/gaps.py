"""Groups questions that were not answered well by likeness, so that moderators see what the corpus lacks.

Pure: the same questions give the same groups in whatever order they come. Which questions count is the journal's
business, how a gap is shown the cogs'.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.journal_records import Gap, Missed
from index.lexical import question_terms

# Two questions are alike when they share this part of their terms (Dice's coefficient over stemmed words without
# stop-words; words a typo apart are one). Measured on 56 made-up pairs (tests/bot/test_gaps.py): .80 joins 21 of the 25
# that ask the same and 2 of the 31 that don't, .75 joins 23 and 7. rapidfuzz's token_set_ratio on the same terms joins 22
# and 4 at best: to it a question of one word is like every question that has the word.
ALIKE = 0.8
# Questions looked at, the newest.
MOST = 1_000
# Words of them that are compared for typos, the most frequent: a thousand ordinary questions have some 3,000 different
# ones. Comparing grows with the square of their number; this many take a second.
MOST_WORDS = 4_000
# Words compared with all others at once: a matrix of 1 MB.
_BLOCK = 256
# Words of this length that differ by one letter more, less, other or swapped are one; shorter ones and numbers are
# often both right (“pay” and “day”, 1960 and 1980). Judged.
_TYPO_LETTERS = 5
# No index term is longer; a question of one endless word, which has none, stands for itself.
_LONGEST_WORD = 60


def group(missed: Iterable[Missed]) -> list[Gap]:
    """The gaps, those asked most often first, then the latest. A thousand, however long, take a second and 30 MB."""
    questions = sorted(missed, key=lambda one: (one.asked_at, one.id), reverse=True)
    terms = _without_typos([frozenset(question_terms(one.question)) or {one.question} for one in questions])
    groups: dict[int, list[Missed]] = {}
    for one, root in zip(questions, _joined(terms), strict=True):
        groups.setdefault(root, []).append(one)
    return sorted(map(_gap, groups.values()), key=lambda gap: (-gap.times, -gap.last.timestamp(), gap.question))


def _gap(alike: Sequence[Missed]) -> Gap:
    """One gap of questions that are newest first."""
    wordings = Counter(one.question for one in alike)  # keeps the order; `most_common` takes the newest of equals
    question = wordings.most_common(1)[0][0]
    return Gap(
        question=question,
        others=tuple(other for other in wordings if other != question),
        times=len(alike),
        people=len({one.asker for one in alike}),
        nothing=sum(one.nothing for one in alike),
        disliked=sum(one.disliked for one in alike),
        reasons=tuple(dict.fromkeys(reason for one in alike for reason in one.reasons)),
        last=alike[0].asked_at,
    )


def _joined(terms: Sequence[frozenset[str]]) -> list[int]:
    """For each question the first one that it is joined with, directly or through others."""
    distinct = list(dict.fromkeys(terms))
    sizes = np.array([len(own) for own in distinct])
    holding: dict[str, list[int]] = {}
    for row, own in enumerate(distinct):
        for term in own:
            holding.setdefault(term, []).append(row)
    holders = {term: np.array(rows) for term, rows in holding.items()}
    parents = list(range(len(distinct)))

    def root(one: int) -> int:
        while parents[one] != one:
            parents[one] = one = parents[parents[one]]
        return one

    for first, own in enumerate(distinct):
        shared = np.bincount(np.concatenate([holders[term] for term in own]), minlength=len(distinct))
        alike = 2 * shared >= ALIKE * (sizes[first] + sizes) - 1e-9
        for second in np.flatnonzero(alike).tolist():
            low, high = sorted((root(first), root(second)))
            parents[high] = low
    places = {own: place for place, own in enumerate(distinct)}
    return [root(places[own]) for own in terms]


def _without_typos(terms: Sequence[frozenset[str] | set[str]]) -> list[frozenset[str]]:
    """The same with each word put in place of the rarer ones that are a typo away from it."""
    counts = Counter(term for own in terms for term in own)
    usual = _usual(counts)
    return [frozenset(usual.get(term, term) for term in own) for own in terms]


def _usual(counts: Mapping[str, int]) -> dict[str, str]:
    """For a word that looks like a typo of a more frequent one, that one; of equals the first in the alphabet."""
    words = sorted(
        (word for word in counts if _TYPO_LETTERS <= len(word) <= _LONGEST_WORD and word.isalpha()),
        key=lambda word: (-counts[word], word),
    )[:MOST_WORDS]
    found: dict[str, str] = {}
    for start in range(0, len(words), _BLOCK):
        rarer = words[start:]
        near = process.cdist(rarer[:_BLOCK], rarer, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8) <= 1
        for first, alike in enumerate(near):
            if rarer[first] not in found:  # what is itself replaced replaces nothing
                for second in np.flatnonzero(alike[first + 1 :]).tolist():
                    found.setdefault(rarer[first + 1 + second], rarer[first])
    return found
