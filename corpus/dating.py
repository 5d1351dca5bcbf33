"""Turns an article's words and address into the day it was published, with the evidence for it.

Evidence is meta data (given by the caller), a by-line, a dateline, a date in the address, a count of strike
days and a weekday-and-date pair. A stated day is the day, and the rest only checks it. Without one, evidence that
agrees gives the day, evidence that disagrees gives a conflict and no day, and no evidence gives none. Precision
comes first: an article without a date is better than one with a wrong date. Only English is read. Finding each kind
is left to `bylines`, `weekday_dates` and `strike_days`, the reading of pages and of their meta data to `pages`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.bylines import find_address_date, find_bylines, find_dateline
from corpus.date_evidence import KINDS, LATEST, Evidence, Finding, make_finding, split_sentences
from corpus.day_words import say
from corpus.strike_days import find_strike_day
from corpus.weekday_dates import find_weekday_date

HEAD, TAIL = 20_000, 4_000  # code points read: the moment of writing is told at the top or at the end


@dataclass(frozen=True, slots=True)
class Dating:
    """The day, or None; what was found, most trusted first; one sentence where findings exclude each other."""

    published: date | None
    evidence: tuple[Evidence, ...]
    conflict: str | None


def date_article(text: str, *, stated: date | None = None, url: str | None = None, today: date | None = None) -> Dating:
    """The day on which the article came out, as far as its words, its address and `stated` tell.

    `stated` is what front matter or a page's meta data say. No day after `today` is given; without it, any year
    up to 2099 counts as possible. Reads the first 20,000 and last 4,000 code points, so the cost has a ceiling.
    """
    latest = min(today, LATEST) if today else LATEST
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    found = [*find_bylines(text), *find_address_date(url)]
    refused = None
    if stated and stated > latest:
        refused = f"The stated date, {say(stated)}, lies after {say(latest)}; correct it or leave it out."
    elif stated:
        found.append(make_finding("meta data", stated, stated.isoformat()))
    found = _sorted(finding for finding in found if finding.evidence.day <= latest)
    anchor = found[0].evidence.day if found else None
    sentences = split_sentences(text)
    found += find_strike_day(sentences, text, anchor, latest)
    anchor = anchor or (found[0].evidence.day if found else None)
    found = _sorted([*found, *find_dateline(text, anchor, latest), *find_weekday_date(sentences, text, anchor, latest)])
    conflict = refused or _conflict(found)
    published = None if refused else stated
    if published is None and conflict is None:
        published = next((finding.evidence.day for finding in found if finding.alone), None)
    return Dating(published, tuple(finding.evidence for finding in found), conflict)


def _sorted(found: Iterable[Finding]) -> list[Finding]:
    """Most trusted first; “Updated …” lines last (they have no first day): they tell the text's day only."""
    return sorted(found, key=lambda finding: (finding.first == date.min, KINDS.index(finding.evidence.kind)))


def _conflict(found: Sequence[Finding]) -> str | None:
    for i, one in enumerate(found):
        for other in found[i + 1 :]:
            if one.last < other.first or other.last < one.first:
                a, b = one.evidence, other.evidence
                return (
                    f"The {a.kind} “{a.words}” gives {say(a.day)}, "
                    f"but the {b.kind} “{b.words}” gives {say(b.day)}; check the date."
                )
    return None
