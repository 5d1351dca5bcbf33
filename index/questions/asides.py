"""Tells what is said to Picket that is no question about strikes: chit-chat, opinions, instructions, other subjects.

The forms are data, `asides.toml`. A question about strikes must never be taken for an aside, so each is narrow, and what
politeness stands around a question is taken off before. Whether the articles have an answer is left to the gate.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from index.concepts import concepts_of
from index.lexical import all_terms, only_stop_words, question_terms
from index.records import Aside
from index.unions import unions_in
from index.vocabulary import Vocabulary

# Longer than any greeting or order; the rest of a long text is not looked at for them.
_LOOKED_AT = 400
_QUESTION_WORD = re.compile(
    r"(?:(?:on|in|by|since|until|at|for|from) (?=wh))?(?:who|whos|what|whats|when|whens|where|wheres|why|which|whose|how|did|"
    r"does|do|is|are|was|were|has|have|had|will|can|could|would|should|tell|any)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(?:when|who|what|where|which|how)(?: (?:many|much|long)|'?s)?(?: [\w&/'’.,$%?-]+)+$", re.IGNORECASE
)
# The share of a question's words that no article has, from which it is off the subject. Judged: real questions have a rare
# word now and then, and what is at stake is only which sentence says that there is no answer.
_UNKNOWN = 0.5
_STRIKE = re.compile(r"strik|struck|picket", re.IGNORECASE)
_LETTERS = re.compile(r"[a-z]+")
_ABBREVIATED = re.compile(r"\b[A-Za-z]\.[A-Za-z]\b|\b[A-Z]{2,}\b")  # “A.I.” is made of stop-words


def without_politeness(text: str) -> str:
    """The question without what politeness stands around it: “hi, can you tell me when it ended, thanks” → “when it ended”.

    The whole text where nothing else is left, and where it is too long to be a mere question.
    """
    rest = text.strip()
    if len(rest) > _LOOKED_AT or _is_plain(rest):
        return rest
    for _ in range(2):  # “hi picket, thanks! when …”
        rest = _form("politeness", "before").sub("", rest, count=1).strip()
    asked = _form("politeness", "before_question").match(rest)
    if asked and _QUESTION_WORD.match(rest, asked.end()):
        rest = rest[asked.end() :]
    shorter = _form("politeness", "after").sub("", rest).strip()
    if len(shorter.split()) > 1:
        rest = shorter
    for _ in range(2):  # “out of curiosity, does anyone know when …”
        led = _form("politeness", "lead").sub("", rest, count=1).strip()
        if len(led.split()) > 1:
            rest = led
    return rest if any(one.isalnum() for one in rest) else text.strip()


def aside_of(text: str) -> Aside | None:
    """What a text is where it is no question to the articles, by its words alone; None where it may be one.

    Other subjects need to know what the articles hold: see `off_topic`. Costs some 0.1 ms.
    """
    whole = " ".join(text.replace("’", "'").split())[:_LOOKED_AT]
    if _is_plain(whole):
        return None
    rest = without_politeness(whole)
    if _form("instruction", "anywhere").search(whole):
        return Aside.INSTRUCTION
    if any(_form("instruction", "start").match(one) for one in (whole, rest)):
        return Aside.INSTRUCTION
    if any(_form("chitchat", "whole").fullmatch(one.rstrip(" .!?…")) for one in (whole, rest)):
        return Aside.CHITCHAT
    if any(_form("opinion", "anywhere").search(one) for one in (whole, rest)):
        return Aside.OPINION
    if _form("opinion", "whole").fullmatch(rest.rstrip(" .!?…")) and not _form("attributed", "anywhere").search(rest):
        return Aside.OPINION
    return None


def off_topic(text: str, vocabulary: Vocabulary, *, answered: bool) -> bool:
    """Whether a question is about something else than strikes. `answered` is the gate's word that the articles answer it.

    A question of bowling and the like always is, and so is one that names nothing. Of the others, one is that is not answered,
    has no word of strikes and no name of the tables, and half of whose words stand in no article. One that says its words
    again and again may be answered too: a cross-encoder makes much of a word said sixty times.
    """
    if only_stop_words(text) or _terms("empty").issuperset(question_terms(text)):
        return _ABBREVIATED.search(text) is None or text.isupper()
    if _STRIKE.search(text) and _form("other_strike", "anywhere").search(text) and not unions_in(text):
        return True
    terms, subject, everyday = question_terms(text), _terms("words"), _terms("everyday")
    if (answered and not _is_repeated(text)) or unions_in(text) or not subject.isdisjoint(terms):
        return False
    if any(concept.others and not everyday.issuperset(concept.terms) for concept in concepts_of(text)):
        return False
    telling = [term for term in terms if term.isalpha() and term not in everyday]
    unknown = sum(not vocabulary.frequency(term) for term in telling)
    return unknown > 0 and unknown >= _UNKNOWN * len(telling)


def _is_repeated(text: str) -> bool:
    """Whether most of its words have stood in the text before."""
    words = text.lower().split()
    return len(set(words)) * 2 <= len(words)


def _is_plain(text: str) -> bool:
    """Whether a text is a question at first sight, with no word that any form has: most are, and none is compiled for them."""
    return bool(_PLAIN.match(text)) and _maybe().isdisjoint(_LETTERS.findall(text.lower()))


@cache
def _maybe() -> frozenset[str]:
    return frozenset(_table()["maybe"]["words"].split())


@cache
def _table() -> dict[str, Any]:
    with (Path(__file__).parent / "asides.toml").open("rb") as stream:
        return tomllib.load(stream)


@cache
def _form(section: str, where: str) -> re.Pattern[str]:
    """The forms of a section as one pattern, compiled when it is first needed.

    Of politeness, they stand at the beginning, or with “after” at the end.
    """
    forms = "|".join(f"(?:{_filled(form)})" for form in _table()[section][where])
    if section == "politeness":
        forms = f"(?:{forms})$" if where == "after" else f"^(?:{forms})"
    return re.compile(forms, re.IGNORECASE)


def _filled(form: str) -> str:
    parts: dict[str, str] = _table()["parts"]
    while "{" in form:
        filled = re.sub(r"\{([a-z]+)\}", lambda match: parts[match[1]], form)
        if filled == form:
            return form
        form = filled
    return form


@cache
def _terms(name: str) -> frozenset[str]:
    return frozenset(all_terms(_table()["subject"][name]))
