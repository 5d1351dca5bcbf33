"""Reads which years a text names: in four digits, in two (“the 88 strike”, “in ’07”), as a range or as a decade.

Which of them an answer must be of is told by `demands`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from corpus.day_words import MONTH_START, YEAR

# “the 88 strike”, “in 07”, “’26”, “the 07-08 strike”: two digits that stand for a year, never with a unit or “day” beside;
# none of the 1930s or 2030s.
_SHORT_YEARS = re.compile(
    r"(?:\b(?:in|since|of|from|until|till|before|after|during|the|back in|early|late|mid|fall|summer|spring|winter)\s+|’|'|^)"
    r"([0-24-9]\d)(?:\s?[-/–]\s?([0-24-9]\d))?(?=\s*$|\s*[?!.,]|\s+(?!of\b|%|percent\b|per\b|cents?\b|days?\b|weeks?\b|months?\b|"
    r"years?\b|yrs?\b|hours?\b|hrs?\b|minutes?\b|people\b|ppl\b|members?\b|workers?\b|million\b|billion\b|or\b|out\b)[a-z])",
    re.IGNORECASE,
)
# “the 1980s”, “the early ’80s”, “the eighties”; but not “in his 50s”.
_DECADE = re.compile(
    r"\b(?:(1[89]\d|20\d)0s|the (?:early |mid |mid-|late )?(?:[’']?([2-9])0s|(twen|thir|for|fif|six|seven|eigh|nine)ties))\b",
    re.IGNORECASE,
)
_DECADE_WORDS = ("twen", "thir", "for", "fif", "six", "seven", "eigh", "nine")
# “Before 2023”: a bound, of which an answer needn't be; but “before the 2023 strike” names one.
_BOUND = re.compile(
    r"\b(?:before|prior to|until|till|up to|after)\s+(?:(?:early|late|mid)[\s-]+)?(?:18|19|20)\d\d\b"
    r"(?![-–/]\d|\s+(?!(?:when|what|which|who|how|did|was|were|is|are|had|and|or|the)\b)[a-z])",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(?<!\d)((?:19|20)(\d\d))\s?[-/–]\s?(\d\d)(?!\d)")
# What of these is surely one: “the 88 strike”, but not “the 14 demands”, and with “in” or an apostrophe before.
_SURELY_YEAR = re.compile(
    r"(?:(?:back in|in|since)\s+|’|')\d\d|the\s+\d\d(?:\s?[-/–]\s?\d\d)?(?=\s+(?:[a-z&’'-]+\s+){0,2}"
    r"(?:strikes?|walkouts?|stoppage|deal|contract|agreement|talks|negotiations)\b)",
    re.IGNORECASE,
)

_COUNTED = re.compile(r"the\s+\d\d\s+[a-z’'-]+s\b", re.IGNORECASE)
# “Early august 23”: no day is early.
_PART_OF_MONTH = re.compile(
    rf"\b((?:early|mid|late)[- ]{MONTH_START}[a-z]*\.? (?:of )?)[’']?(\d\d)\b(?![:.,]?\d)",
    re.IGNORECASE,
)


class NamedYears(NamedTuple):
    """What a question names: `years`, `decades` by their first year, and `rest`, its text without them."""

    years: frozenset[int]
    decades: frozenset[int]
    rest: str


def named_years(question: str) -> NamedYears:
    """The years that a question names; “before 2023” is a bound, and names none."""
    rest = _BOUND.sub(" ", _DECADE.sub(" ", question))
    years = years_in(rest)
    rest = YEAR().sub(" ", _RANGE.sub(" ", rest))
    for match in reversed([*_short_years(rest)]):  # from the end, so that places before stay
        years |= {_whole_year(two) for two in match.groups() if two}
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    decades = frozenset(_first_year(match) for match in _DECADE.finditer(question))
    return NamedYears(frozenset(years), decades, rest)


def _short_years(text: str) -> Iterator[re.Match[str]]:
    """Years in two digits. “The 12 unions” are counted, but not “the 07 writers strike”."""
    for match in _SHORT_YEARS.finditer(text):
        if not _COUNTED.match(text, match.start()) or _SURELY_YEAR.match(text, match.start()):
            yield match


def years_in(text: str) -> set[int]:
    """The years that any text names in four digits, and both of “2007-08”."""
    found = {int(year) for year in YEAR().findall(text)}
    for first, two, last in _RANGE.findall(text):
        found |= {int(first), int(first[:2] + last) + (100 if last < two else 0)}
    return found


def with_whole_years(question: str) -> str:
    """The question with “the 88 strike” as “the 1988 strike”, “in ’07” as “in 2007” and “early may 23” as “early may 2023”,
    where these are surely years."""
    question = _PART_OF_MONTH.sub(lambda match: f"{match[1]}{_whole_year(match[2])}", question)
    made, place = [], 0
    for match in _short_years(question):
        if _SURELY_YEAR.match(question, match.start()):
            made += [question[place : match.start(1)].rstrip("’'"), str(_whole_year(match[1]))]
            place = match.end(1)
    return "".join((*made, question[place:]))


def _whole_year(two: str) -> int:
    """“88” is 1988, “07” is 2007: strikes of before 1940 are not asked after so."""
    return int(two) + (1900 if int(two) >= 40 else 2000)


def _first_year(match: re.Match[str]) -> int:
    """Of a decade as `_DECADE` finds it: “the 50s” are the 1950s, “the 20s” those of this century."""
    if match[1]:
        return int(match[1]) * 10
    tens = int(match[2]) if match[2] else 2 + _DECADE_WORDS.index(match[3].lower())
    return tens * 10 + (1900 if tens > 2 else 2000)
