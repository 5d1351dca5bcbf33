"""Puts another one of its kind in the place of what the last question is about: “the actors one”, “the one before that”,
“the 1980 one”, “the members” for the board.

Gives the question anew, or “” where the fragment names no such thing; other fragments are `follow_ups`' business.
"""

import re

from corpus.day_words import YEAR
from index.questions.antecedents import event_phrase, party_of, party_spans, period_spans, year_spans

_I = re.IGNORECASE
# “The video game one”; of what stands in its place nothing else is told.
_ONE = re.compile(r"(?:the\s+)?(?P<which>(?!one\b)[\w&'’-]+(?:\s+[\w&'’-]+){0,2})\s+one", _I)
_BEFORE = re.compile(
    r"(?:the\s+)?(?:(?:one|time|strike|deal|contract|vote)\s+before(?:\s+(?:that|it|this)(?:\s+one)?)?"
    r"|(?:previous|prior|earlier)\s+(?:one|time|strike|deal|contract|vote))",
    _I,
)
# What tells which of several, and not whose: “the first one”.
_WHICH = frozenset(
    "first second third last latest previous next new newest old older other big main same current".split()
)
_OF_A_YEAR = re.compile(rf"(?:the\s+)?(?:one\s+(?:of|from|in)\s+)?(?P<year>{YEAR().pattern})(?:\s+one)?", _I)
# Those who act for a union, or are in it.
_BODY = re.compile(
    r"(?:the\s+|its\s+|their\s+)?(?P<body>(?:national\s+|negotiating\s+)?"
    r"(?:board|council|committee|leaders(?:hip)?|members(?:hip)?))",
    _I,
)


def is_other_one(text: str) -> bool:
    """Whether words without a question are such a thing by themselves: “the 1980 one”."""
    return any(form.fullmatch(text) for form in (_ONE, _BEFORE, _OF_A_YEAR))


def other_one(fragment: str, last: str) -> str:
    """The last question about another one, “” where the fragment tells of none."""
    if _BEFORE.fullmatch(fragment):
        return _before(last)
    if (year := _OF_A_YEAR.fullmatch(fragment)) and not year_spans(last):
        return f"{last} in {year['year']}"
    if body := _BODY.fullmatch(fragment):
        return _of_another_body(body["body"], last)
    one = _ONE.fullmatch(fragment)
    there = event_phrase(last)
    if one is None or there is None or period_spans(one["which"]):
        return ""
    which, noun = one["which"], there["noun"]
    if which.lower() in _WHICH:
        which = f"{which} {party_of(there[0].removesuffix(noun).strip(), employers=False).removeprefix('the ')}".strip()
    else:
        year = YEAR().search(there[0])
        which = f"{year[0]} {which}" if year else which
    return f"{last[: there.start()]}the {which} {noun}{last[there.end() :]}"


def _before(last: str) -> str:
    """The last such thing before the year that was asked about; “” where none was."""
    years = year_spans(last)
    if not years:
        return ""
    start, end = years[0]
    year = last[start:end]
    there = event_phrase(last)
    if there and there.start() <= start < there.end():
        thing = re.sub(rf"^the\s+|\b{year}\s*", "", there[0], flags=_I)
        return f"{last[: there.start()]}the last {thing}{last[there.end() :]} before {year}"
    return re.sub(r"\s+(?:in|of|from)\s*$", "", last[:start]) + f" the last time before {year}{last[end:]}"


def _of_another_body(body: str, last: str) -> str:
    """“When did the dyers' members vote” for “when did the dyers' board vote”, or for “when did the dyers vote”."""
    there = _BODY.search(last)
    if there:
        return f"{last[: there.start('body')]}{body}{last[there.end('body') :]}"
    parties = party_spans(last)
    if not parties or not party_of(last, employers=False):
        return ""
    end = parties[0][1]
    owned = re.match(r"['’]s?\b|['’]", last[end:])
    return f"{last[:end]} {body}{last[end + (owned.end() if owned else 0) :]}"
