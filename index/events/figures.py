"""Finds the figures in what is cited that answer “how long”, “how many” and “what percentage”: lengths, counts, shares, sums.

Each comes with how well it belongs to what was asked, as dates do in `events.mentions`. Whether sources give different ones
is left to `differences`; no figure is worked out that no source tells.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.number_words import number
from corpus.patterns import lazy
from index.dates import Unit, find_durations
from index.dates.words import ABOUT, NUMBER
from index.events.acts import acts_of, plain_terms
from index.events.belonging import Belonging
from index.events.clauses import clauses_of
from index.events.fit import act_fit, fit
from index.events.mentions import answering_of, sentences_in
from index.events.questions import EventFacet, EventQuestion
from index.named_years import years_in
from index.records import Citation, Span


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a citation: `amount` in `unit` (“day”, “%”, “$”, “£”, or the noun that was counted), `span` in the article.

    `fit`, `act` and `apart` are as in `events.mentions.DateMention`; `approximate` where the source says “about”. `years` are
    those that its sentence names, else the article's own. `running` is a length up to the day of writing: “marked 100 days”. Of a
    share `of` tells whether it is of pay or of votes, and `sought` whether it was only asked for or offered.
    """

    citation: int
    article: int
    span: Span
    words: str
    amount: float
    unit: str
    approximate: bool
    fit: float
    act: float
    apart: int
    years: frozenset[int] = frozenset()
    running: bool = False
    of: frozenset[str] = frozenset()
    sought: bool = False


_PERCENT = lazy(
    rf"(?P<about>{ABOUT}\s)?(?:(?P<n>\d{{1,3}}(?:\.\d+)?)|\b(?P<words>{NUMBER}))\s?(?:%|percent\b|per\scent\b)",
    re.IGNORECASE,
)
_MONEY = lazy(
    rf"(?P<about>{ABOUT}\s)?(?:(?P<currency>(?<![^\W_])[A-Z]{{0,2}}\$|£|€)\s?)?(?<![\w.,])(?P<n>\d[\d,]*(?:\.\d+)?)"
    r"(?:\s?(?P<scale>thousand|million|billion|trillion|bn|tn|[mk])\b)?(?(currency)|\s(?P<named>dollar|pound|euro)s?\b)",
    re.IGNORECASE,
)
_COUNT = lazy(
    rf"(?P<about>{ABOUT}\s)?(?<![\w$€£.,-])(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|{NUMBER})(?![\w%])"
    r"(?:\s(?P<scale>thousand|million|billion))?(?:\s|-)(?P<noun>(?:[\w’'-]+\s?){1,4})",
    re.IGNORECASE,
)
# What stands before and after a length that goes on: “has now lasted 100 days”, “100 days in, nobody talks”.
_RUNNING = lazy(
    r"\b(?:mark|reach|hit|enter|pass|cross|near|top)(?:s|es|ed|ting|ing)?\s+(?:[\w’']+\s+){0,2}$"
    r"|\b(?:now|already)\s+(?:(?!over\b|ended\b|after\b)[\w’']+\s+){0,3}$|(?:\b(?:has|have)|['’]ve)\s(?:[\w’']+\s+){1,6}$",
    re.IGNORECASE,
)
_SO_FAR = lazy(r"\s+(?:in(?:to\b|(?=[,.;:—–]|$))|so\s+far\b|and\s+counting\b|old\b)", re.IGNORECASE)
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12}
_CURRENCIES = {"dollar": "$", "US$": "$", "pound": "£", "euro": "€"}
# “A six-day strike” lasted six days; “three days a week” tells no length.
_ARTICLE = lazy(r"\ban?(?=\s[\w-]+-(?:day|week|month|year|hour)\b)", re.IGNORECASE)
_EACH = lazy(r"\s+(?:a|per|each|every)\s+(?:day|week|month|year)\b", re.IGNORECASE)
_PAY = lazy(r"\b(?:raises?|pay|paid|wages?|salar(?:y|ies)|increases?|rises?|hikes?)\b", re.IGNORECASE)
_POLL = lazy(r"\b(?:vot\w+|favou?r|ballot\w*|backed|turnout|ratif\w+|approv\w+)\b", re.IGNORECASE)
_SOUGHT = lazy(
    r"\b(?:want\w*|demand\w*|seek\w*|sought|ask(?:s|ed|ing)?|push(?:es|ed|ing)?|propos\w+|offer\w*|call(?:s|ed|ing)? for)\b",
    re.IGNORECASE,
)
_SHARE = lazy(r"\bper\s?cent(?:age)?\b|\bwhat\s+share\b|%", re.IGNORECASE)
_SUM = lazy(r"\bhow\s+much\b|\bcost\b|\b(?:dollar|pound|euro)s?\b|\bmoney\b|[$£€]", re.IGNORECASE)
_COUNTED = lazy(r"\b(?:how\s+many|number\s+of)\s+(?P<noun>[\w’'-]+(?:\s[\w’'-]+)?)", re.IGNORECASE)


def figures_of(read: EventQuestion, citation: Citation) -> list[Figure]:
    """The citation's figures of the kind that the question asks for, in order; never raises."""
    sentences = sentences_in(citation)
    start = citation.span.start
    answering = answering_of(citation, sentences, start)
    rest = plain_terms(f"{citation.article.title} {citation.text}")
    published = citation.article.published
    made = []
    for place, span in enumerate(sentences):
        sentence = span.of(citation.text)
        found = list(_lengths(sentence) if read.asked is EventFacet.LENGTH else _amounts(read.text, sentence))
        places = [one.span for one in found]
        clauses = clauses_of(sentence, places) if found else []
        years = frozenset(years_in(sentence)) or (frozenset([published.year]) if published else frozenset())
        for one in found:
            belonging = Belonging(sentence, clauses, places, one.span)
            near, clause = (acts_of(terms) for terms in belonging.act_terms())
            share = one.unit == "%"
            whole = Span(span.start + start + one.span.start, span.start + start + one.span.end)
            made.append(
                Figure(
                    citation.number,
                    citation.article.row,
                    whole,
                    one.span.of(sentence),
                    one.amount,
                    one.unit,
                    one.approximate,
                    fit(read.wanted, belonging.layers(rest)),
                    act_fit(read.acts, near, clause),
                    abs(place - answering),
                    years,
                    one.running,
                    shares_of(belonging.near()) if share else frozenset(),
                    share and _SOUGHT().search(belonging.near()) is not None,
                )
            )
    return made


def shares_of(text: str) -> frozenset[str]:
    """What the shares in a text, or those that it asks for, are of: “pay”, “votes”."""
    return frozenset(name for name, words in (("pay", _PAY), ("votes", _POLL)) if words().search(text))


@dataclass(frozen=True, slots=True)
class _Found:
    span: Span
    amount: float
    unit: str
    approximate: bool
    running: bool = False


def _lengths(sentence: str) -> Iterator[_Found]:
    for one in find_durations(_ARTICLE().sub(lambda article: " " * len(article[0]), sentence)):
        if one.count is not None and one.unit is not Unit.DECADE and not _EACH().match(sentence, one.span.end):
            running = _RUNNING().search(sentence[: one.span.start]) or _SO_FAR().match(sentence, one.span.end)
            yield _Found(one.span, one.count, one.unit.value, one.approximate, bool(running))


def _amounts(question: str, sentence: str) -> Iterator[_Found]:
    if _SHARE().search(question):
        for match in _PERCENT().finditer(sentence):
            amount = float(match["n"]) if match["n"] else number(match["words"])
            if amount is not None:
                yield _Found(Span(match.start(), match.end()), amount, "%", bool(match["about"]))
    elif (counted := _COUNTED().search(question)) is not None:
        noun = frozenset(plain_terms(counted["noun"])[:1])
        for match in _COUNT().finditer(sentence):
            amount = _amount(match)
            if amount is not None and noun & frozenset(plain_terms(match["noun"])):
                end = match.end("scale") if match["scale"] else match.end("n")
                yield _Found(Span(match.start(), end), amount, " ".join(noun), bool(match["about"]))
    elif _SUM().search(question):
        for match in _MONEY().finditer(sentence):
            amount = _amount(match)
            if amount is not None:
                currency = match["currency"].upper() if match["currency"] else match["named"].lower()
                currency = _CURRENCIES.get(currency, currency)
                yield _Found(Span(match.start(), match.end()), amount, currency, bool(match["about"]))


def _amount(match: re.Match[str]) -> float | None:
    words = match["n"].replace(",", "")
    try:
        amount = float(words) if words[0].isdigit() else number(words)
    except ValueError:
        return None
    return None if amount is None else amount * _SCALES.get((match["scale"] or "").lower(), 1)
