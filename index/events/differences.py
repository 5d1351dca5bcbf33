"""Tells where sources differ on the day, the figure or the outcome that a question asks for.

A difference is told only where two articles tell the same act of the same event as well as each other, on different days,
with different figures, or the contrary of each other. “October 2023” and “24 October 2023” don't differ, nor do “about 11,000”
and “11,500”, nor “100 days” in August and “148 days” in the end, nor a rejection and a ratification weeks later.
What happened several times is told by `events.again`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import takewhile

from corpus.day_words import MONTH_NAMES, MONTH_START, say
from corpus.patterns import lazy
from index.dates import find_dates
from index.dates.spans import DateSpan, Grain
from index.english import is_english
from index.events.acts import Act, acts_of, plain_terms
from index.events.belonging import Belonging
from index.events.clauses import clauses_of
from index.events.figures import Figure, shares_of
from index.events.fit import are_others
from index.events.mentions import DateMention, sentences_in
from index.events.outcome_clauses import content
from index.events.outcome_pairs import is_same_event
from index.events.outcome_questions import GENERIC
from index.events.outcomes import ToldOutcome
from index.events.questions import EventFacet, EventQuestion, Wanted
from index.events.scores import DateCandidate, core
from index.records import Citation, Difference, Span
from index.unions import keys_in, unions

# How much worse than the best a candidate's event may fit, and still be of the same event, in another article and in the
# same one; judged on what the development questions and the golden ones show as differing.
AS_GOOD, AS_GOOD_THERE, AS_WELL = 0.85, 0.95, 0.15
# How much of the question both must hold, and days between them: farther apart they are events of different years.
LEAST_FIT, NEAR = 0.6, 31
_YEAR_LONG = 366  # days
# Days from which one article's own two dates are two events (“met on Oct. 2 … resumed on Oct. 24”), and no slip of the pen.
TWICE = 7
# What “about” allows: a twentieth, or half a point of a percentage.
ROUNDED, POINTS = 0.05, 0.5
# Acts that make another event of it, where one of the two tells them: the vote to strike isn't the strike's first day.
_KINDS = frozenset({Act.VOTE, Act.ASK, Act.EXPIRE, Act.DELAY, Act.REJECT})
# The deal that ends a strike, and its ratification, are of another day; who asks for a vote may hear of either.
_OF_A_DEAL = frozenset({Act.AGREE, Act.RATIFY})
_VOTES = frozenset({Act.VOTE, Act.AUTHORIZE, Act.RATIFY, Act.REJECT})
# Words and the marks between them; and where those are who were asked about: “nurses | at two hospitals in New York”.
_WORDS = lazy(r"[^\W_][\w’'&-]*|[^\w\s]")
_IN = lazy(r"(?:at|of|from|in|across)\s+(?:[a-z]+\s+){0,4}(?P<names>[A-Z]\S*(?:\s(?:of|and|,|[A-Z]\S*))*)")
# Between the days of a list.
_LIST = lazy(
    rf"(?:[\s,;&\d.]|\b(?:and|or|on|the)\b|(?<=\d)(?:st|nd|rd|th)\b|\b{MONTH_START}[a-z]*)+",
    re.IGNORECASE,
)
DAYS_OF = {"day": 1, "week": 7}
# What tells a length as the whole; without it, one that fits the days since the beginning went on after the day of writing.
_WHOLE = lazy(r"\b(?:last(?:ed|s|ing)|end(?:ed|s|ing)?|over|in all|altogether|total)\b", re.IGNORECASE)
MOST = 5  # more candidates than that are a list of events, and no disagreement


def differing_dates(
    question: EventQuestion, candidates: Sequence[DateCandidate], citations: Mapping[int, Citation]
) -> tuple[Difference, ...]:
    """The days that articles tell of the event, newest article first; empty where they agree.

    `candidates` are best first, as `events.scores` gives them; `citations` by number.
    """
    if not candidates:
        return ()
    best = telling(candidates[0])
    if best is None or not question.wanted or question.order:
        return ()
    found = [best]
    for candidate in candidates[1:]:
        other = telling(candidate)
        if (
            other
            and _same_event(question, best, other)
            and not _of_a_deal(question, best, other, citations)
            and not _of_others(question, citations[best.citation], citations[other.citation])
            and not _with_another(question, citations[best.citation], citations[other.citation])
            and not any(_listed(one, other, citations) for one in found)
        ):
            found.append(other)
    if not 2 <= len(found) <= MOST:
        return ()
    return _newest_first([Difference(say_span(one.when), one.words, one.citation) for one in found], citations)


def telling(candidate: DateCandidate) -> DateMention | None:
    """The mention of a candidate that a difference can rest on: a day, told rather than worked out from a doubted date."""
    best = candidate.told
    return best if best.when.grain is Grain.DAY and best.when.first == best.when.last and best.sure else None


def tells_time(one: DateMention) -> bool:
    """Whether it tells when it was, no coarser than a year, and isn't worked out from a doubted date."""
    return one.sure and not one.ahead and (one.when.last - one.when.first).days < _YEAR_LONG


def _same_event(question: EventQuestion, best: DateMention, other: DateMention) -> bool:
    """Whether both tell one kind of event equally well: on different days, either sources differ or it happened twice."""
    apart = abs((best.when.first - other.when.first).days)
    same = best.article == other.article
    if same and (apart < TWICE or best.act < 1):
        return False
    return apart <= NEAR and same_kind(question, best, other)


def _of_a_deal(
    question: EventQuestion, one: DateMention, other: DateMention, citations: Mapping[int, Citation]
) -> bool:
    """Whether one of the two alone tells of a deal or its ratification that wasn't asked for: “ended, when members ratified”."""
    kinds = frozenset() if question.acts & _VOTES else _OF_A_DEAL - question.acts
    return bool((_acts_then(one, citations) ^ _acts_then(other, citations)) & kinds)


def _of_others(question: EventQuestion, one: Citation, other: Citation) -> bool:
    """Whether two citations speak of other people's events: of other unions, or of nurses in England and of New York's."""
    keys, others = (
        keys_in(f"{cited.article.title}\n{cited.text}") or frozenset(cited.article.unions) for cited in (one, other)
    )
    if are_others(keys, others):
        return True
    if any(not unions()[key].name.endswith("unions") for key in keys & others):
        return False
    named, elsewhere = _names_beside(question, one), _names_beside(question, other)
    return bool(named and elsewhere) and named.isdisjoint(elsewhere)


def _with_another(question: EventQuestion, one: Citation, other: Citation) -> bool:
    """Whether one of them alone speaks of somebody whom the question names: of the deal with GM, and of that with Ford."""
    texts = [f"{cited.article.title}\n{cited.text}" for cited in (one, other)]
    terms = [frozenset(plain_terms(text)) for text in texts]
    for concept in question.wanted:
        named = [concept.named_in(there) for there in terms]
        if named[0] != named[1] and is_name(concept, texts[named.index(True)]):
            return True
    return False


def is_name(concept: Wanted, text: str) -> bool:
    """Whether a text writes it with capitals wherever it has it, and not only where a sentence begins."""
    terms = concept.own.union(*concept.others) - GENERIC
    found = [match for match in _WORDS().finditer(text) if terms & frozenset(plain_terms(match[0]))]
    inside = [one for one in found if text[: one.start()].rstrip(" “\"'")[-1:] not in ("", ".", "!", "?", "\n")]
    return bool(inside) and all(one[0][0].isupper() for one in found)


def _listed(one: DateMention, other: DateMention, citations: Mapping[int, Citation]) -> bool:
    """Whether both stand in one list: “met on Oct. 2, 4, 6, 9 and 11”."""
    first, last = sorted((one.span, other.span))
    citation = citations[one.citation]
    start = citation.span.start
    between = citation.text[first.end - start : last.start - start]
    return one.citation == other.citation and _LIST().fullmatch(between) is not None


def _names_beside(question: EventQuestion, citation: Citation) -> frozenset[str]:
    """The names that stand with those who were asked about: “Oakland teachers”, “nurses at two hospitals in New York”."""
    asked = frozenset(term for one in question.wanted for term in one.own) - GENERIC
    named: list[str] = []
    for text in (citation.article.title, *(place.of(citation.text) for place in sentences_in(citation))):
        words = _WORDS().findall(text)
        for place, word in enumerate(words):
            if not asked & frozenset(plain_terms(word)):
                continue
            before = takewhile(lambda one: one[0].isupper() or one == "of", reversed(words[:place]))
            # “Striking teachers” begins a sentence; “Oakland teachers” does so with a name.
            named += [one for one in before if one is not words[0] or not is_english(one.lower())]
            found = _IN().match(" ".join(words[place + 1 :]))
            named += found["names"].split() if found else []
    return content(" ".join(named)) - asked


def _acts_then(one: DateMention, citations: Mapping[int, Citation]) -> frozenset[Act]:
    """What is told of a mention's moment: in its clause, and in those that share its time."""
    citation = citations[one.citation]
    place = next((place for place in sentences_in(citation, citation.span.start) if place.end > one.span.start), None)
    if place is None or one.span.end > place.end:  # the article's own day, which no words tell
        return one.acts
    sentence = Span(place.start - citation.span.start, place.end - citation.span.start).of(citation.text)
    where = Span(one.span.start - place.start, one.span.end - place.start)
    dates = [found.span for found in find_dates(sentence, written=citation.article.published)]
    return one.acts | acts_of(Belonging(sentence, clauses_of(sentence, dates), dates, where).act_terms()[1])


def same_kind(question: EventQuestion, best: DateMention, other: DateMention) -> bool:
    """Whether both tell one kind of event equally well, be it at one time or at several."""
    same = best.article == other.article
    return (
        other.act == best.act
        and (best.act == 1 or not question.acts)
        and min(best.fit, other.fit) >= LEAST_FIT
        and other.fit >= (AS_GOOD_THERE if same else AS_GOOD) * best.fit
        and core(question, other) >= core(question, best) - AS_WELL
        and other.role is best.role
        and other.original == best.original
        and min(best.subject, other.subject) > 0
        and not (best.acts ^ other.acts) & (_KINDS - {Act.VOTE} if Act.END in best.acts & other.acts else _KINDS)
        and max(best.apart, other.apart) <= (1 if best.act == 1 else 0)
        and not other.moved
    )


def differing_figures(
    question: EventQuestion, figures: Sequence[Figure], citations: Mapping[int, Citation]
) -> tuple[Difference, ...]:
    """The figures that articles give for what was asked, newest article first; empty where they agree."""
    telling = [one for one in figures if not one.apart and one.act >= 0 and not one.running]
    telling = [one for one in telling if _is_asked_for(question, one) and not _ran_on(one, telling, citations)]
    best = max(telling, key=lambda one: (one.fit, one.act, -one.citation, -one.span.start), default=None)
    if best is None or best.fit < LEAST_FIT or not question.wanted:
        return ()
    found = [best]
    for one in sorted(telling, key=lambda one: (one.citation, one.span)):
        if (
            one.unit == best.unit
            and one.fit >= AS_GOOD * best.fit
            and one.act >= best.act
            and _of_one_time(one, best)
            and one.sought == best.sought
            and _alike(one.of, best.of)
            and not _of_others(question, citations[best.citation], citations[one.citation])
            and not _with_another(question, citations[best.citation], citations[one.citation])
            and all(one.article != other.article and not _agree(one, other) for other in found)
        ):
            found.append(one)
    if not 2 <= len(found) <= MOST or min(citations) not in (one.citation for one in found):
        return ()
    return _newest_first([Difference(say_figure(one), one.words, one.citation) for one in found], citations)


def _is_asked_for(question: EventQuestion, one: Figure) -> bool:
    """Whether a figure is of a year that the question names, and is no share of votes where one of pay is asked for."""
    if question.years and one.years and not question.labelled and question.years.isdisjoint(one.years):
        return False
    return _alike(one.of, shares_of(question.text))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two shares may be of one thing, both pay or both votes; where either isn't told, they may."""
    return not one or not other or not one.isdisjoint(other)


def _ran_on(one: Figure, figures: Sequence[Figure], citations: Mapping[int, Citation]) -> bool:
    """Whether a length is that up to its article's day, by a first day that is cited with it, and a later article tells more."""
    citation = citations[one.citation]
    published, days = citation.article.published, DAYS_OF.get(one.unit)
    if published is None or days is None:
        return False
    more = (other.citation for other in figures if other.unit == one.unit and other.amount > one.amount)
    if not any((citations[number].article.published or date.min) > published for number in more):
        return False
    start = citation.span.start
    sentence = next((place for place in sentences_in(citation, start) if place.end > one.span.start), citation.span)
    if _WHOLE().search(Span(sentence.start - start, sentence.end - start).of(citation.text)):
        return False
    told = [found.when for found in find_dates(citation.text, written=published) if found.when]
    return any(abs((published - when.first).days + 1 - days * one.amount) <= days for when in told)


def _of_one_time(one: Figure, other: Figure) -> bool:
    """Whether both may be of one event, and not of two strikes, years apart; where no year is known, they may."""
    if not one.years or not other.years:
        return True
    return any(abs(year - that) <= 1 for year in one.years for that in other.years)


def _agree(one: Figure, other: Figure) -> bool:
    apart = abs(one.amount - other.amount)
    if one.approximate or other.approximate:
        return apart <= (POINTS if one.unit == "%" else ROUNDED * max(one.amount, other.amount))
    return apart == 0


def differing_outcomes(
    question: EventQuestion, told: Sequence[ToldOutcome], citations: Mapping[int, Citation]
) -> tuple[Difference, ...]:
    """The two opposite outcomes that articles tell of one event, newest article first; empty where they don't.

    Where the question asks when, each with its day, and only those whose clause tells one.
    """
    dated = question.asked is EventFacet.WHEN
    pairs = [
        (one, other)
        for one in told
        for other in told
        if one.good
        and not other.good
        and is_same_event(question, one, other)
        and (not dated or (one.day and other.day))
    ]
    if not pairs:
        return ()
    best = max(pairs, key=lambda two: (min(one.fit for one in two), *(-one.citation for one in two)))
    return _newest_first(
        [Difference(_say_outcome(one, dated=dated), one.words, one.citation) for one in best], citations
    )


def _say_outcome(one: ToldOutcome, *, dated: bool) -> str:
    return f"{one.name} on {say(one.day)}" if dated and one.day else one.name


def _newest_first(found: list[Difference], citations: Mapping[int, Citation]) -> tuple[Difference, ...]:
    def published(one: Difference) -> date:
        return citations[one.citation].article.published or date.min

    return tuple(sorted(found, key=lambda one: (-published(one).toordinal(), one.citation)))


def say_figure(one: Figure) -> str:
    """“148 days”, “about 98 %”: the source's own words on one line, without the hyphen of “148-day”."""
    words = " ".join(one.words.split())
    return words.replace("-day", " days").replace("-week", " weeks").replace("-month", " months").removesuffix("-long")


def say_span(when: DateSpan) -> str:
    """The days as “24 October 2023”, “October 2023”, “1960” or “2 May 2023 to 26 September 2023”."""
    return say_days(when.first, when.last)


def say_days(first: date, last: date) -> str:
    """The same for two days, both included: whole months and years are told as such."""
    if first == last:
        return say(first)
    begins, ends = first.day == 1, last == date.max or (last + timedelta(1)).day == 1
    if begins and ends and (first.month, last.month) == (1, 12):
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    if begins and ends and (first.year, first.month) == (last.year, last.month):
        return f"{MONTH_NAMES[first.month - 1]} {first.year}"
    return f"{say(first)} to {say(last)}"
