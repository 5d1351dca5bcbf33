"""Tells the date of the event that a question asks about, from what is cited, and where sources differ: one call for `Engine`.

Takes words, days and citations, and gives records; reads no file and no clock. What a question asks is read by
`events.questions`, dates are found by `events.mentions` and weighed by `events.scores`, figures by `events.figures`, outcomes by
`events.outcomes`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.patterns import lazy
from index.dates import find_dates
from index.dates.spans import DateKind, DateSpan, Grain, day_span
from index.events.acts import Act, acts_of, plain_terms
from index.events.again import earlier_times, happened_again, weeks_before
from index.events.belonging import Belonging, Role
from index.events.clauses import clauses_of
from index.events.differences import (
    DAYS_OF,
    differing_dates,
    differing_figures,
    differing_outcomes,
    is_name,
    say_span,
)
from index.events.figures import Figure, figures_of
from index.events.fit import act_fit, fit
from index.events.mentions import DateMention, mentions_of
from index.events.outcome_questions import matters_asked
from index.events.outcomes import outcomes_told
from index.events.questions import EventFacet, EventQuestion, Wanted
from index.events.scores import DateCandidate, candidates_of, core, is_of_another_time
from index.events.strikes import counted_day, find_count, unreal_day
from index.records import Citation, Difference, Span, When

# A date whose event has less to do with the question is not told. Of the dates told from 900 sets of citations for the
# development and golden when-questions, 5 of 803 right ones are below .5, and 4 of 20 told where there is no answer.
LEAST = 0.5
# How much of what the first citation names of the question, by weight, another must name for its dates to count: else it is
# of another union or place. Of the golden questions' right dates that stood in a later citation, all had .73 and more.
SAME_MATTER = 0.55
# Code points from an article's start in which a sentence without a date tells the news of the article's own day.
LEAD = 500
# How much of the question the sentence must hold for that, and what it is worth beside a date in words. Judged.
NEWS_FIT, NEWS_WORTH = 0.6, 0.8
_AHEAD = lazy(
    r"\b(?:will|would|could|may|might|should|plans?|planned|expect\w*|set to|must|(?:ha(?:s|ve)|needs?) to|"
    r"scheduled|hopes?|if|unless|yet|not|never|no)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
# A period of fewer days than this share of every count that is told is of something else.
SHORT = 0.5
_MEETINGS, _EDGES = frozenset({Act.VOTE, Act.MEET}), frozenset({Act.BEGIN, Act.END})
_MEETING = lazy(r"\b(?:talk|meet|met|negotiat|bargain|vot|ballot|session)\w*", re.IGNORECASE)
_BOTH_ENDS = lazy(r"\b(?:to|until|till|through|thru|and)\b|[-–—]")  # not “the last 76 days”
_PAST = lazy(r"\b(?:\w+ed|have|has|began|broke|went|met|fell|came|struck|won|sent|held|quit)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """What is cited tells of the event: `when`, and where sources differ.

    `earlier` are the times before the one that `when` tells, latest first, where such a thing happened again and again.
    `explanation` has a line a step.
    """

    when: When | None = None
    differences: tuple[Difference, ...] = ()
    earlier: tuple[Difference, ...] = ()
    explanation: tuple[str, ...] = ()


def read_event(
    read: EventQuestion, asked_at: date, citations: Sequence[Citation], texts: Mapping[int, str]
) -> EventAnswer:
    """The date, or the differing figures or outcomes, that the citations give to a question that asks for one; never raises.

    `read` is the completed and mended question, `texts` hold the articles' texts by row. `When.words` are a slice of the
    citation, and “” where the article's own day is the evidence. About 8 ms for three citations, 1 to 2 ms where no date is
    asked for.
    """
    numbered = {one.number: one for one in citations}
    if read.asked is EventFacet.OTHER or not citations:
        differences, lines = _outcomes(read, asked_at, numbered, texts)
        return EventAnswer(
            differences=differences, explanation=(f"time: the question asks for no date ({read.asked})", *lines)
        )
    if read.asked is EventFacet.WHEN:
        return _dated(read, asked_at, numbered, texts)
    figures = [one for citation in citations for one in figures_of(read, citation)]
    differences = differing_figures(read, figures, numbered)
    told = [f"time: asks {read.asked}; {len(figures)} figures in what is cited"]
    told += [f"sources differ: {one.value} in [{one.citation}]" for one in differences]
    when = None
    if read.asked is EventFacet.LENGTH:
        mentions = _mentions(read, asked_at, citations, texts)
        when, checked = _span(read, mentions, figures)
        told += checked
    return EventAnswer(when, differences, explanation=tuple(told))


def led_by_date(
    read: EventQuestion, asked_at: date, citations: Sequence[Citation], texts: Mapping[int, str]
) -> tuple[tuple[Citation, ...], EventAnswer]:
    """The citations, numbered anew with the one first that tells the date, and what `read_event` gives for them so.

    Who reads no further than the first sees what the date is taken from. Where another order would tell another date, or
    none, the citations stay as they are.
    """
    event = read_event(read, asked_at, citations, texts)
    if event.when is None or event.when.citation == citations[0].number:
        return tuple(citations), event
    was = event.when.citation
    leading = sorted(citations, key=lambda one: one.number != was)
    ordered = tuple(replace(one, number=number) for number, one in enumerate(leading, start=1))
    again = read_event(read, asked_at, ordered, texts)
    if again.when != replace(event.when, citation=1):
        return tuple(citations), event
    return ordered, replace(again, explanation=(*again.explanation, f"[1] tells the date and was [{was}]"))


def _outcomes(
    read: EventQuestion, asked_at: date, citations: Mapping[int, Citation], texts: Mapping[int, str]
) -> tuple[tuple[Difference, ...], list[str]]:
    """The opposite outcomes that sources tell of what is asked, and how they were found; both empty where none is asked for."""
    matters = matters_asked(read)
    if not matters:
        return (), []
    told = outcomes_told(read, matters, list(citations.values()), texts, asked_at)
    differences = differing_outcomes(read, told, citations)
    lines = [f"outcome: asks {', '.join(sorted(matters))}; {len(told)} outcomes can be compared"]
    lines += [
        f"outcome: {one.name} on {one.day or one.news} by “{_line(one.words)}” in [{one.citation}]" for one in told[:6]
    ]
    return differences, [*lines, *(f"sources differ: {one.value} in [{one.citation}]" for one in differences)]


def _line(words: str) -> str:
    return " ".join(words.split())


def _mentions(
    read: EventQuestion, asked_at: date, citations: Sequence[Citation], texts: Mapping[int, str]
) -> list[DateMention]:
    return [
        mention
        for citation in citations
        for mention in mentions_of(read, citation, texts[citation.article.row], asked_at)
    ]


def _dated(
    read: EventQuestion, asked_at: date, citations: Mapping[int, Citation], texts: Mapping[int, str]
) -> EventAnswer:
    if unreal := unreal_day(read.text, asked_at):
        return EventAnswer(explanation=(f"when: there is no “{unreal}”, so no date is told",))
    counted = _counted(read, asked_at, citations)
    if counted:
        return counted
    mentions = _mentions(read, asked_at, list(citations.values()), texts)
    mentions += [one for citation in citations.values() if (one := _news_day(read, citation, asked_at))]
    strays = _strays(read, list(citations.values()), texts)
    mentions = [one for one in mentions if one.citation not in strays]
    # Where a clause tells only the opposite act, its date is another: “a boycott, which began on April 20”, for its end.
    candidates = [one for one in candidates_of(read, mentions) if one.score >= LEAST and not _only_opposite(read, one)]
    if not candidates:
        return EventAnswer(explanation=(f"when: none of {len(mentions)} dates belongs to the event",))
    times = happened_again(read, candidates)
    candidates = [*times, *(one for one in candidates if one not in times)]
    best = candidates[0].told
    if not best.sure:
        unsure = _explained(candidates[0], "not")
        return EventAnswer(explanation=(f"when: its article's date is in doubt, so it can't be told; {unsure}",))
    differences = differing_dates(read, candidates, citations)
    earlier = earlier_times([*times[1:], *weeks_before(read, candidates)])
    outcomes, lines = ((), []) if differences else _outcomes(read, asked_at, citations, texts)
    told = [
        f"when: asks {_asked(read)}; {len(mentions)} dates in what is cited",
        *(_explained(one, "when" if one is candidates[0] else "not") for one in candidates[:4]),
        *(f"sources differ: {one.value} in [{one.citation}]" for one in differences),
        *(f"happened before: {one.value} in [{one.citation}]" for one in earlier),
        *lines,
    ]
    when = When(best.when.first, best.when.last, best.when.grain.value, best.words, best.citation)
    return EventAnswer(when, differences or outcomes, earlier, tuple(told))


def _only_opposite(question: EventQuestion, candidate: DateCandidate) -> bool:
    """Whether it tells just the opposite act: “struck until September 27” does not, for who asks when that ended."""
    best = candidate.mentions[0]
    return best.act <= -1 and not (best.role is Role.UNTIL and question.acts & {Act.END, Act.EXPIRE})


def _strays(read: EventQuestion, citations: Sequence[Citation], texts: Mapping[int, str]) -> frozenset[int]:
    """The numbers of citations that speak of another matter than the first: they name too little of what it names, or not the
    city or company that the question and the first name: of Portland's teachers, asked for Chicago's.
    """
    named = {
        citation.number: [one.weight * one.named_in(terms) for one in read.wanted]
        for citation in citations
        for terms in [frozenset(plain_terms(f"{citation.article.title} {citation.text}"))]
    }
    first = named[min(named)]
    shared = {number: sum(map(min, weights, first)) for number, weights in named.items()}
    leading = min(citations, key=lambda one: one.number)
    lead = f"{leading.article.title}\n{leading.text}"
    names = [one for one in read.wanted if is_name(one, lead) or is_name(one, f"{read.text}\n{lead}")]
    elsewhere = {
        one.number
        for one in citations
        if names and one.number != leading.number and not _names_all(names, one, texts[one.article.row])
    }
    return frozenset(elsewhere) | frozenset(
        number for number, weight in shared.items() if weight < SAME_MATTER * sum(first)
    )


def _names_all(names: Sequence[Wanted], citation: Citation, text: str) -> bool:
    """Whether a citation or else its article names each of them."""
    terms = frozenset(plain_terms(f"{citation.article.title} {citation.text}"))
    missing = [one for one in names if not one.named_in(terms)]
    return not missing or all(one.named_in(frozenset(plain_terms(text))) for one in missing)


def _asked(read: EventQuestion) -> str:
    acts = "/".join(sorted(act.value for act in read.acts)) or "no known act"
    return f"{acts} of {', '.join(' '.join(sorted(one.own)) for one in read.wanted) or 'nothing named'}"


def _explained(one: DateCandidate, lead: str) -> str:
    told = one.told
    words = f"“{' '.join(told.words.split())}”" if told.words else "the article's own day"
    notes = [f"fit {told.fit:.2f}", f"act {told.act:+.1f}", str(told.role)]
    notes += ["date uncertain"] if not told.sure else []
    notes += ["put right by another article"] if any(mention.moved for mention in one.mentions) else []
    notes += [f"{one.articles} articles"] if one.articles > 1 else []
    return f"{lead}: {say_span(told.when)} from {words} in [{told.citation}], {one.score:.2f} ({', '.join(notes)})"


def _counted(read: EventQuestion, asked_at: date, citations: Mapping[int, Citation]) -> EventAnswer | None:
    """The day that is counted, where a citation counts it too; None where the question counts none, or may mean another."""
    counted = counted_day(read.text, asked_at)
    if counted is None:
        return None
    for citation in citations.values() if counted.when else ():
        found = find_count(counted, citation)
        if found and (when := counted.when):
            told = f"when: day {counted.count} is {say_span(when)}, counted as “{found[1]}” in [{citation.number}]"
            published = citation.article.published
            if published and abs((published - when.first).days) > 1:
                told += f", an article of {published.isoformat()}"
            told_when = When(when.first, when.last, when.grain.value, found[1], citation.number)
            return EventAnswer(told_when, explanation=(told,))
    return EventAnswer(explanation=(f"when: nothing cited counts day {counted.count} of it",)) if counted.only else None


def _news_day(read: EventQuestion, citation: Citation, asked_at: date) -> DateMention | None:
    """The article's own day, where its beginning tells the event as news without a date: “The guild and the studios
    have resumed talks.” None where the sentence has a date, looks ahead, or the article's date is in doubt.
    """
    article = citation.article
    span = citation.highlights[0] if citation.highlights else citation.span
    if (
        not article.published
        or article.doubt
        or article.published > asked_at
        or span.start > LEAD
        or read.ahead
        or read.planned
        or read.original
        or read.order
    ):
        return None
    sentence = Span(span.start - citation.span.start, span.end - citation.span.start).of(citation.text)
    places = [one.span for one in find_dates(sentence, written=article.published)]
    clauses = clauses_of(sentence, places) if places else []
    if not all(Belonging(sentence, clauses, places, place).aside(read.acts) for place in places):
        return None  # it names a day, be it one that doesn't exist
    terms = plain_terms(sentence)
    act = act_fit(read.acts, acts_of(terms), frozenset())
    belongs = fit(read.wanted, (terms, terms, terms, terms, plain_terms(f"{article.title} {citation.text}")))
    if act < 1 or belongs < NEWS_FIT or _AHEAD().search(sentence) or not _PAST().search(sentence):
        return None
    return DateMention(
        citation=citation.number,
        article=article.row,
        span=span,
        words="",
        when=day_span(article.published),
        kind=DateKind.VAGUE,
        fit=belongs * NEWS_WORTH,
        act=act,
        acts=acts_of(terms),
    )


def _span(
    read: EventQuestion, mentions: Sequence[DateMention], figures: Sequence[Figure]
) -> tuple[When | None, list[str]]:
    """The first and last day of what lasted, where a citation tells both in one, and how counts and days agree."""
    told = []
    mentions = [
        one
        for one in mentions
        if one.sure and not one.strange and one.when.grain is Grain.DAY and not is_of_another_time(read, one)
    ]
    lasting = [
        one
        for one in mentions
        if one.kind is DateKind.PERIOD and _BOTH_ENDS().search(one.words) and not _of_a_meeting(read, one)
    ]
    spans = [(one.when, one.words) for one in lasting]
    starts = [one for one in mentions if Act.BEGIN in one.acts]
    ends = [one for one in mentions if one.acts & {Act.END, Act.AGREE}]
    spans += [
        (DateSpan(one.when.first, other.when.last, Grain.DAY), f"{one.words} … {other.words}")
        for one in starts
        for other in ends
        if one.when.first < other.when.last
    ]
    for figure in figures:
        if figure.unit != "day" or figure.apart:
            continue
        fitting = next((pair for pair in spans if abs(_days(pair[0]) - figure.amount) <= 1), None)
        if fitting:
            told.append(f"checked: “{figure.words}” in [{figure.citation}] fits {say_span(fitting[0])} ({fitting[1]})")
        elif spans:
            told.append(f"checked: “{figure.words}” in [{figure.citation}] fits none of the days that are cited")
    best = max(lasting, key=lambda one: (core(read, one), -one.apart, -one.citation), default=None)
    if best is None or best.fit < NEWS_FIT or _too_short(best.when, figures):
        return None, told
    when = When(best.when.first, best.when.last, best.when.grain.value, best.words, best.citation)
    return when, [*told, f"when: {say_span(best.when)} from “{best.words}” in [{best.citation}]"]


def _of_a_meeting(read: EventQuestion, one: DateMention) -> bool:
    """Whether a vote or a meeting took so long, and the question doesn't ask for it: “will vote Monday through Wednesday”."""
    return bool(one.acts & _MEETINGS) and not one.acts & _EDGES and not _MEETING().search(read.text)


def _too_short(when: DateSpan, figures: Sequence[Figure]) -> bool:
    """Whether all that is told of the length of that time is more than the days have: “a 41-day strike”, and three days."""
    counts = [one.amount * DAYS_OF[one.unit] for one in figures if one.unit in DAYS_OF and not one.apart]
    return bool(counts) and _days(when) < SHORT * min(counts)


def _days(when: DateSpan) -> int:
    """How many days, both ends included."""
    return (when.last - when.first).days + 1
