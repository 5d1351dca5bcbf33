"""Reads a question as concepts: its words, each with the names and turns of phrase that mean the same.

The groups are data (`aliases.toml`). Concepts widen the lexical query and tell how much of a question a sentence holds.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.lexical import all_terms, question_terms

# What another word for the same thing is worth beside the question's own: a judgement. .7 gave two development questions
# more and one less than .5.
OTHER_WORDS = 0.5

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """What a question speaks of: its own terms, and the phrases that would say it otherwise."""

    terms: Phrase
    others: tuple[Phrase, ...] = ()


def concepts_of(question: str) -> tuple[Concept, ...]:
    """The question's concepts in its order; a longer phrase of a group goes before a shorter one within it."""
    words = all_terms(question)
    telling = set(question_terms(question))
    found: list[Concept] = []
    place = 0
    while place < len(words):
        for phrase, others in _groups().get(words[place], ()):
            if words[place : place + len(phrase)] == phrase:
                found.append(Concept(phrase, others))
                place += len(phrase)
                break
        else:
            if words[place] in telling:
                found.append(Concept((words[place],)))
            place += 1
    return tuple(dict.fromkeys(found))


def other_terms(concepts: Sequence[Concept]) -> tuple[str, ...]:
    """The terms that say a concept otherwise, for the lexical query; none that the question has itself."""
    own = {term for concept in concepts for term in concept.terms}
    stop = _stop_terms()
    others = (term for concept in concepts for phrase in concept.others for term in phrase)
    return tuple(term for term in dict.fromkeys(others) if term not in own and term not in stop)


def coverage(concepts: Sequence[Concept], weights: Mapping[str, float], words: Phrase) -> float:
    """The share of the concepts that a text's terms speak of, each by its rarest term; 0 where there are none."""
    there = set(words)
    total = held = 0.0
    for concept in concepts:
        weight = max((weights.get(term, 0.0) for term in concept.terms), default=0.0)
        total += weight
        if there.issuperset(concept.terms):
            held += weight
        elif any(_holds(words, there, phrase) for phrase in concept.others):
            held += weight * OTHER_WORDS
    return held / total if total else 0.0


def _holds(words: Phrase, there: set[str], phrase: Phrase) -> bool:
    if not there.issuperset(phrase):
        return False
    return len(phrase) == 1 or any(words[place : place + len(phrase)] == phrase for place in range(len(words)))


@cache
def _groups() -> dict[str, list[tuple[Phrase, tuple[Phrase, ...]]]]:
    """Each phrase of `aliases.toml` with the others of its group, by its first term, longest first."""
    with (Path(__file__).parent / "aliases.toml").open("rb") as stream:
        table = tomllib.load(stream)
    pairs: list[tuple[Phrase, tuple[Phrase, ...]]] = []
    for group in table["same"]:
        phrases = list(dict.fromkeys(all_terms(word) for word in group["words"]))
        pairs += [(phrase, tuple(other for other in phrases if other != phrase)) for phrase in phrases]
    groups: dict[str, list[tuple[Phrase, tuple[Phrase, ...]]]] = {}
    for pair in sorted(pairs, key=lambda pair: -len(pair[0])):
        groups.setdefault(pair[0][0], []).append(pair)
    return groups


@cache
def _stop_terms() -> frozenset[str]:
    """Terms in the groups that tell nothing by themselves (“for the”)."""
    phrases = [phrase for group in _groups().values() for phrase, _ in group]
    terms = {term for phrase in phrases for term in phrase}
    telling = {term for phrase in phrases for term in question_terms(" ".join(phrase))}
    return frozenset(terms - telling)
