"""Reads a question as concepts: its words, each with the names and turns of phrase that mean the same.

The groups are data: `unions.toml` for unions, `aliases.toml` for the rest. Concepts widen the lexical query and tell how
much of a question a sentence holds.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from index.lexical import all_terms, question_terms
from index.named_years import years_in
from index.unions import unions

# What another word for the same thing is worth beside the question's own: a judgement. .7 gave two development questions
# more and one less than .5.
OTHER_WORDS = 0.5

# Terms that hold a phrase together and tell nothing in it.
_GLUE = frozenset(("of", "the", "a", "s", "for", "and"))

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """What a question speaks of: its own terms, and the phrases that would say it otherwise."""

    terms: Phrase
    others: tuple[Phrase, ...] = ()


def concepts_of(question: str) -> tuple[Concept, ...]:
    """The question's concepts in its order; a longer phrase of a group goes before a shorter one within it.

    A name that nobody had in the years that the question names means nothing there: before 2012 “the actors” are SAG.
    """
    years = years_in(question)
    words = all_terms(question)
    telling = set(question_terms(question))
    found: list[Concept] = []
    place = 0
    while place < len(words):
        for phrase, others in _groups().get(words[place], ()):
            if words[place : place + len(phrase)] == phrase:
                found.append(Concept(phrase, tuple(name.phrase for name in others if name.was_said(years))))
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
    """The share of the concepts that a text's terms speak of, each by its rarest term; 0 where there are none.

    “SAG-AFTRA president” holds “president of SAG-AFTRA”: the words between aren't needed.
    """
    there = set(words)
    total = held = 0.0
    for concept in concepts:
        weight = max((weights.get(term, 0.0) for term in concept.terms), default=0.0)
        total += weight
        if there.issuperset(concept.terms) or (len(concept.terms) > 2 and there.issuperset({*concept.terms} - _GLUE)):
            held += weight
        elif any(_holds(words, there, phrase) for phrase in concept.others):
            held += weight * OTHER_WORDS
    return held / total if total else 0.0


def _holds(words: Phrase, there: set[str], phrase: Phrase) -> bool:
    if not there.issuperset(phrase):
        return False
    return len(phrase) == 1 or any(words[place : place + len(phrase)] == phrase for place in range(len(words)))


def people_in(text: str) -> tuple[str, ...]:
    """The people of the tables whom a text names, by name or by role, as it does and in its order."""
    return tuple(match[0] for match in _people().finditer(text))


@cache
def named_words() -> frozenset[str]:
    """Every word of the tables in small letters: they are known, whether or not an article has them."""
    table = _table()
    names = [word for one in table["same"] for word in one["words"]]
    names += [word for one in table["person"] for word in (*one["names"], *one["roles"])]
    names += [word for one in unions().values() for word in (one.name, *one.names, *one.said)]
    return frozenset(part for name in names for part in re.findall(r"[\w']+", name.lower()))


@dataclass(frozen=True, slots=True)
class _Name:
    """One phrase of a group, and the years in which it was a name, where it wasn't always."""

    phrase: Phrase
    since: int | None = None
    until: int | None = None

    def was_said(self, years: Collection[int]) -> bool:
        """Whether the name fits a question of these years; a question without years is of all times."""
        if not years:
            return True
        return (self.since is None or max(years) >= self.since) and (self.until is None or min(years) <= self.until)


@cache
def _table() -> dict[str, Any]:
    with (Path(__file__).parent / "aliases.toml").open("rb") as stream:
        return tomllib.load(stream)


@cache
def _groups() -> dict[str, list[tuple[Phrase, tuple[_Name, ...]]]]:
    """Each phrase of the tables with the others that mean the same, by its first term, longest first."""
    table = _table()
    same: dict[Phrase, dict[Phrase, _Name]] = {}
    for group in (*_union_groups(), *([_Name(all_terms(word)) for word in one["words"]] for one in table["same"])):
        for name in group:
            same.setdefault(name.phrase, {}).update({other.phrase: other for other in group})
    for person in table["person"]:
        _add_person(same, person)
    groups: dict[str, list[tuple[Phrase, tuple[_Name, ...]]]] = {}
    for phrase, others in sorted(same.items(), key=lambda item: -len(item[0])):
        told = tuple(name for other, name in others.items() if other != phrase)
        groups.setdefault(phrase[0], []).append((phrase, told))
    return groups


def _union_groups() -> Iterable[list[_Name]]:
    """What each union is called, with the unions that became part of it; a name of two has the years of both."""
    for one in unions().values():
        if one.merged:
            continue
        family = [one, *(part for part in unions().values() if part.part_of == one.key and part.merged)]
        found: dict[Phrase, _Name] = {}
        for union in family:
            always = {all_terms(word) for word in union.said} | found.keys()
            for phrase in {all_terms(word): None for word in (union.name, *union.names, *union.said)}:
                years = (None, None) if phrase in always else (union.since, union.until)
                found[phrase] = _Name(phrase, *years)
        yield list(found.values())


def _add_person(same: dict[Phrase, dict[Phrase, _Name]], person: Mapping[str, Any]) -> None:
    """A person's names mean each other and the roles; a role means the names of all who had it."""
    names = [_Name(all_terms(word)) for word in person["names"]]
    roles = [_Name(all_terms(word)) for word in person["roles"]]
    for one in names:
        same.setdefault(one.phrase, {}).update({other.phrase: other for other in (*names, *roles)})
    for one in roles:
        same.setdefault(one.phrase, {}).update({other.phrase: other for other in names})


@cache
def _people() -> re.Pattern[str]:
    words = {word for person in _table()["person"] for word in (*person["names"], *person["roles"])}
    forms = (r"\s+".join(re.escape(part).replace("'", "['’]?") for part in word.split()) for word in words)
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile(rf"(?<!\w)(?:the\s+)?(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)


@cache
def _stop_terms() -> frozenset[str]:
    """Terms in the groups that tell nothing by themselves (“for the”)."""
    # Asked alone, a stop-word would come back; beside “talks” it doesn't.
    return frozenset(
        term for part in named_words() if len(question_terms(f"talks {part}")) == 1 for term in all_terms(part)
    ) - {"talk"}
