"""Finds the words of a question that only an earlier one explains: “she”, “it”, “they”, “that”, “the strike” of nobody.

A question that tells by itself what it is about has none, whatever its pronouns; so the rules here look for what may
explain a word before it. What an earlier question offers is `antecedents`' business.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from index.lexical import all_terms, question_terms
from index.questions.antecedents import (
    EVENT_NOUN,
    employer_spans,
    group_spans,
    party_spans,
    person_of,
    union_spans,
    year_spans,
)


class ReferentKind(StrEnum):
    """What a word stands for: a person, several, a thing, what was told, a place."""

    PERSON = "person"
    MANY = "many"
    THING = "thing"
    THAT = "that"
    THERE = "there"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where such a word stands, and what it stands for."""

    start: int
    end: int
    kind: ReferentKind


_I = re.IGNORECASE
_VERBS = (
    "happen|mean|cost|last|end|start|begin|come|work|take|affect|extend|reach|announce|ratif|sign|say|do|go|change|"
    "include|cover|compare"
)
_WORDS = {
    ReferentKind.PERSON: re.compile(r"\b(?:he|she|him|her|his|hers)\b", _I),
    ReferentKind.MANY: re.compile(r"\b(?:they|them|their|theirs)\b", _I),
    ReferentKind.THING: re.compile(r"\b(?:it|its)\b", _I),
    # Not “the deal that ended the strike”: before it stands what such a word can follow.
    ReferentKind.THAT: re.compile(
        r"(?:^|\b(?:is|was|are|were|did|does|do|has|had|will|would|can|could|about|after|before|of|for|to|on|with|since|than|"
        r"why|how|like|by)\s+)(?P<word>that|this)\b"
        rf"(?=$|,|\s+(?:(?:{_VERBS})\w*\b|(?:true|called|for|so|when|because|before|after|in|on|by)\b|"
        r"the\s+(?:\d|first|last|longest|only)))",
        _I,
    ),
    ReferentKind.THERE: re.compile(r"(?<=\s)there$", _I),
}
# “It” that stands for nothing said before: “was it hard to”, “how long did it take the writers to”, “is it true that”.
_EMPTY_IT = re.compile(
    r"\bit(?:['’]s| is| was| be| been|s)?\s+(?:[\w-]+\s+){1,4}?(?:to|that|for)\b|"
    r"\bit (?:true|legal|illegal|possible|likely|rain\w*|snow\w*)\b|"
    r"\b(?:say|said|tell|told|claim\w*|insist\w*|think|thought|means?)\s+(?:\w+\s+){0,2}it\s+(?:was|is|would|will|had|has|could)\b",
    _I,
)
_CLAUSE_END = re.compile(r"[.?!;:,]\s+|\s[-–—]\s|[()]")
_THE_EVENT = re.compile(
    rf"\b(?:the|that|this|those|these|their|its)\s+(?P<noun>{EVENT_NOUN}s?)\b(?!\s+(?:of|in|between|with|from)\s)", _I
)
_THE_UNION = re.compile(
    r"\b(?:the|that|this|their|its)\s+(?P<noun>union|guild|members|membership|leadership|negotiators?|board|committee)\b"
    r"(?!\s+of\b)",
    _I,
)
_THE_ONE = re.compile(
    r"\bthe(?P<year> (?:18|19|20)\d\d) one\b|"
    r"\b(?:that|this|the) one\b(?=$|[,?!.]|\s+(?:of|in|from|end\w*|was|is|did|when|last\w*|start\w*|over)\b)",
    _I,
)
# Not “true that the studios”, “say that writers”.
_POINTING = re.compile(
    r"\b(?:(?:that|this)\s+(?P<one>(?!the\b)[a-z-]{3,}(?<!s))|(?:those|these)\s+(?P<many>[a-z-]{3,}s))\b", _I
)
_A_NAME = re.compile(r"\s[A-Z]|\d")
# Who did something, whether a table knows them or not: “did the bakers sign”, “when are the dockers to vote”.
_SOMEBODY = re.compile(
    r"\b(?:did|do|have|had|will|would|can|could|should|are|were) the "
    rf"(?!{EVENT_NOUN}|members|terms|sides|two|parties|votes|results|numbers|days|weeks|months)[a-z-]{{3,}}s\b",
    _I,
)
_ANYONE = re.compile(r"\b(?:you|u|i|we|anyone|everyone|somebody|people)\b", _I)
# Telling words that a question may have before such a word, and in all beside “the strike”: “what show was she in”, “what
# does the deal say about residuals”. One that begins with “and” leans anyway, and may have more. Judged on questions that
# stand alone: of 533, asked after another one, two are completed.
_BEFORE, _BESIDE = 1, 1
_BEFORE_MANY = 2  # “what kind of shows do they make”
# “Who were the big names on it”, “who told the press about that”: at the end, after a preposition, it points back sooner.
_BEFORE_LAST = 3
_HANGING = re.compile(r"\b(?:about|on|for|of|from|with|behind|against|to|in|at)\s+$", _I)
_BEFORE_JOINED, _BESIDE_JOINED = 3, 4
_LONGEST = 14  # words of a question that leans
# Words of any question: one that has hardly any other tells nothing by itself.
_GENERAL = (
    "how many much long often days weeks months years day date time end ended over done finish start begin last lasted first "
    "happen result turnout margin vote voted percent reason why cause agree sign it that this number people say said next "
    "after before strike deal talks contract offer terms old come get got go went make made take took exactly yes no like "
    "want ask union guild must may might"
)


def references(text: str, *, joined: bool = False) -> list[Reference]:
    """The pronouns that the question itself doesn't explain, in their order; `joined` where it began with “and”."""
    if len(text.split()) > _LONGEST:
        return []
    found = []
    for kind, form in _WORDS.items():
        for match in form.finditer(text):
            span = match.span("word" if kind is ReferentKind.THAT else 0)
            if not _explained(text, match, kind, joined):
                found.append(Reference(*span, kind))
            elif kind in (ReferentKind.THING, ReferentKind.THAT) and _hangs(text, span):
                found.append(Reference(*span, ReferentKind.THAT))
    return sorted(found, key=lambda one: one.start)


def the_event(text: str, *, joined: bool = False) -> re.Match[str] | None:
    """“The strike”, “that deal” of nobody (group `noun`), where the question tells little else."""
    match = _THE_EVENT.search(text)
    return match if match and not union_spans(text) and not year_spans(text) and _thin(text, joined) else None


def the_union(text: str, *, joined: bool = False) -> re.Match[str] | None:
    """“The union”, “the members” of nobody (group `noun`), where the question tells little else."""
    match = _THE_UNION.search(text)
    return match if match and not union_spans(text) and _thin(text, joined) else None


def the_one(text: str) -> re.Match[str] | None:
    """“That one”, “the 2007 one” (group `year`)."""
    return _THE_ONE.search(text)


def repeats(text: str, last: str) -> bool:
    """Whether it speaks of “that local”, “those shows”, which the question before names, or ends with such words."""
    named = all_terms(last)
    for match in _POINTING.finditer(text):
        if match.end() == len(text.rstrip(" ?!.")) or set(all_terms(match["one"] or match["many"])) & set(named):
            return True
    return False


def tells_nothing(text: str) -> bool:
    """Whether a question hardly has a word that tells what it is about: “how many voted yes”."""
    if party_spans(text) or any(form.search(text) for form in (_THE_EVENT, _A_NAME, _ANYONE, _SOMEBODY)):
        return False
    return _telling(text) <= 1


def _explained(text: str, match: re.Match[str], kind: ReferentKind, joined: bool) -> bool:
    """Whether the question has before the word, or as its owner, what it stands for."""
    word, before, after = match[0].lower(), text[: match.start()], text[match.end() :]
    clauses = [clause for clause in _CLAUSE_END.split(before) if clause.strip()]
    if any(_telling(clause) for clause in clauses[:-1]):
        return True
    most = _BEFORE_JOINED if joined else _BEFORE_MANY if kind is ReferentKind.MANY else _BEFORE
    if _telling(clauses[-1] if clauses else "") > most:
        return True
    named = union_spans(before) or employer_spans(before) or group_spans(before)
    if kind is ReferentKind.PERSON:
        return bool(person_of(before))
    if kind is ReferentKind.MANY or word == "its":
        return bool(named or _THE_UNION.search(before) or union_spans(after))
    if kind is ReferentKind.THING:
        if _EMPTY_IT.search(text) or re.search(rf"\b(?:an?|the|their) (?:\w+ ){{0,2}}{EVENT_NOUN}\b", before, _I):
            return True
        return bool(union_spans(after))
    return False


def _hangs(text: str, span: tuple[int, int]) -> bool:
    """Whether a word ends the question after a preposition, and little before it could be what it stands for."""
    before = text[: span[0]]
    if text[span[1] :].strip(" ?!.…") or not _HANGING.search(before) or _CLAUSE_END.search(before):
        return False
    named = union_spans(before) or re.search(rf"\b{EVENT_NOUN}s?\b", before, _I)
    return not named and _telling(before) <= _BEFORE_LAST


def _thin(text: str, joined: bool) -> bool:
    return _telling(text) <= (_BESIDE_JOINED if joined else _BESIDE) and not _A_NAME.search(text)


def _telling(text: str) -> int:
    """How many words tell what a text is about. “Talks” is general, and keeps stop-words from being all that is asked."""
    return sum(term not in _general_terms() for term in question_terms(f"talks {text}"))


@cache
def _general_terms() -> frozenset[str]:
    return frozenset(all_terms(_GENERAL))
