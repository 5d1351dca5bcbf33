"""Finds the dates in what is cited, each with how well the event that it belongs to is the one asked about.

Gives every date of a citation as a `DateMention`. Dates in words are read by `dates`, what they belong to is told by
`events.belonging` and compared by `events.fit`; which of them answers is left to `events.scores`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from corpus.number_words import number
from corpus.patterns import lazy
from corpus.strike_sides import side_of
from index.dates import find_dates
from index.dates.spans import CALENDAR_ERRORS, DateExpression, DateKind, DateSpan, Grain, Unit, day_span, shift
from index.dates.words import NUMBER
from index.events.acts import Act, acts_of, plain_terms
from index.events.belonging import Belonging, Role
from index.events.clauses import clauses_of
from index.events.fit import act_fit, are_others, fit, subject_fit
from index.events.questions import EventFacet, EventQuestion
from index.events.strikes import first_day, time_of
from index.records import Citation, Span
from index.sentences import sentence_spans, trim
from index.unions import is_of_staff, keys_in

# Code points of the article that are read before a citation, some paragraphs: what “the next day” and “late Sunday” there
# mean is told no farther off.
BEFORE = 1_500
# What the act is worth of a clause without a date that a saying tells: “said Wednesday that the guild had asked …”.
TOLD = 0.7
# What the act is worth where a span's first or last day is meant: “on strike from May 2 to Sept. 27” tells the end as well.
SPANNED = 0.6
# Days. What had been planned for a day that far ahead lay behind: “were scheduled for Sept. 18”, written in January.
FAR_AHEAD = 180


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a citation: `span` in offsets of the article, `words` its text, `when` the days it means there.

    `fit` (0..1) tells how much of the question's event stands by it, `act` (−1..1) whether its clause tells the act that
    was asked for or its opposite, `acts` what it does tell, `subject` (0..1) whether those do it who were asked about.
    `strange` where its sentence names unions, and none that was asked about. `apart` counts sentences from the highlighted
    one. `planned` is a plan's day, `original` one that had only been planned, `habit` one of many, `ordinal` −1 a first and
    1 a last time, `former` of the time before, `ahead` one after the article's own. `sure` is False where it is seen from a
    day of writing that isn't known or that the article's own words contradict. `score` is set where dates are weighed, `moved`
    where another article put it right.
    """

    citation: int
    article: int
    span: Span
    words: str
    when: DateSpan
    kind: DateKind
    role: Role = Role.AT
    fit: float = 0.0
    act: float = 0.0
    acts: frozenset[Act] = frozenset()
    subject: float = 0.5
    strange: bool = False
    apart: int = 0
    planned: bool = False
    original: bool = False
    habit: bool = False
    supposed: bool = False
    ordinal: int = 0
    former: bool = False
    ahead: bool = False
    sure: bool = True
    score: float = 0.0
    moved: bool = False


_YEAR = 4  # digits
_A_YEAR = 366  # days
_SEEN_FROM_WRITING = (DateKind.WEEKDAY, DateKind.RELATIVE, DateKind.HOLIDAY)


def mentions_of(question: EventQuestion, citation: Citation, text: str, asked_at: date) -> list[DateMention]:
    """The dates of one citation that mean days, in order; `text` is its article's. Never raises; about 3 ms."""
    published = citation.article.published
    low = max(0, citation.span.start - BEFORE)
    piece = text[low : citation.span.end]
    within = Span(citation.span.start - low, citation.span.end - low)
    found = find_dates(piece, written=published or time_of(text), within=within)
    spans = sentences_in(citation, within.start)
    answering = answering_of(citation, spans, low)
    trusted = bool(published and not citation.article.doubt and published <= asked_at)
    title = citation.article.title
    rest = _without_days(plain_terms(f"{title} {citation.text}"), f"{title} {_without(found, piece)}")
    employs = not is_of_staff(question.text)
    asked_about = keys_in(question.text)
    made: list[DateMention] = []
    for place, span in enumerate(spans):
        sentence = span.of(piece)
        inside = [one for one in found if span.start <= one.span.start and one.span.end <= span.end]
        inside = _read_anew([_moved(one, -span.start) for one in inside], sentence, published)
        if not any(one.when for one in inside):
            continue
        dates = [_place(one) for one in inside]
        lengths = [place for one, place in zip(inside, dates, strict=True) if _is_length(one)]
        clauses = clauses_of(sentence, dates)
        named, undated = keys_in(sentence), _without(inside, sentence)
        for one, where in zip(inside, dates, strict=True):
            if one.when is None or one.kind is DateKind.DURATION or (question.momentary and _is_length(one)):
                continue
            belonging = Belonging(sentence, clauses, dates, where, lengths)
            near, clause = (acts_of(terms) for terms in belonging.act_terms(done=question.past))
            if belonging.of_talks():  # their beginning is no strike's
                near, clause = (
                    acts - {Act.BEGIN} | {Act.MEET} if Act.BEGIN in acts else acts for acts in (near, clause)
                )
            if belonging.aside(question.acts):
                continue
            ending = plain_terms(belonging.ending()) if Act.END in question.acts else ()
            near |= {Act.END} if ending else frozenset()
            layers = (*(_without_days(layer, undated) for layer in belonging.layers(())[:-1]), rest)
            layers = (layers[0], (*layers[1], *ending), *layers[2:])
            act = act_fit(question.acts, near, clause)
            role = belonging.role()  # “did not end until Sept. 27” tells when it ended
            if (
                act > 0
                and role is not Role.UNTIL
                and belonging.denied()
                and not (question.planned or question.original)
            ):
                if role is not Role.NOT_SINCE:
                    continue  # “does not begin a strike”
                act = 0.0
            if Act.RATIFY in question.acts and belonging.of_a_board(question.text):
                act = min(act, 0.0)
            if (question.past and belonging.put_off()) or (
                Act.BEGIN in question.acts and belonging.of_a_vote(question.text)
            ):
                act = min(act, 0.0)
            told = plain_terms(belonging.told(done=question.past))
            told_act = act_fit(question.acts, acts_of(told), frozenset())
            if act <= 0 < told_act:
                layers = (*layers[:2], (*layers[2], *told), *layers[3:])
                act = TOLD * told_act
            when = _meant(question, one.when, one.kind, published, original=belonging.original())
            if (question.past and when.first > asked_at) or (question.coming and when.last < asked_at):
                continue  # “contracts that run through April 30, 2028” were not ratified then
            if Act.BEGIN in question.acts and belonging.under_way():
                continue
            if one.kind is DateKind.PERIOD and when != one.when:
                act = max(act, SPANNED)
                role = Role.UNTIL if Act.EXPIRE in question.acts else role
            if act <= 0 and question.formal and not _tells_edge(question, role):
                continue
            sure = trusted or one.kind not in _SEEN_FROM_WRITING
            begun = published and not sure and one.kind is DateKind.WEEKDAY and Act.BEGIN in (near or clause)
            known = first_day(sentence, published, when.first.weekday()) if begun and published else None
            if known:
                when, sure = day_span(known), True
            made.append(
                DateMention(
                    citation=citation.number,
                    article=citation.article.row,
                    span=_moved(one, span.start + low).span,
                    words=one.words,
                    when=when,
                    kind=one.kind,
                    role=role,
                    fit=fit(question.wanted, layers, others=bool(named - asked_about)),
                    act=act,
                    acts=near or clause,
                    subject=subject_fit(question.subject, belonging.subject()),
                    strange=are_others(
                        keys_in(belonging.before_verb())
                        or keys_in(belonging.clause.before)
                        or keys_in(belonging.near())
                        or named,
                        asked_about,
                    )
                    or (employs and is_of_staff(f"{citation.article.title}\n{sentence}")),
                    apart=abs(place - answering),
                    planned=belonging.planned(),
                    original=belonging.original(),
                    habit=belonging.habit(),
                    supposed=belonging.supposed(),
                    ordinal=belonging.ordinal(),
                    former=belonging.former(),
                    ahead=bool(published and _is_ahead(when, published) and not known),
                    sure=sure,
                )
            )
    return made


def _tells_edge(question: EventQuestion, role: Role) -> bool:
    """Whether the word before a date tells that something ended or began then: “lasted until May 2”, “out since May 2”."""
    if question.acts == {Act.END}:
        return role is Role.UNTIL
    return role in (Role.SINCE, Role.FROM) and question.acts == {Act.BEGIN}


def _is_length(one: DateExpression) -> bool:
    """Whether it tells how long, or a term of years: “a contract for 2024 to 2027”."""
    if one.when is None or one.kind is not DateKind.PERIOD:
        return one.kind is DateKind.DURATION
    return (one.when.last - one.when.first).days > _A_YEAR


def _without(dates: Sequence[DateExpression], text: str) -> str:
    """The text with spaces where it tells days: “lasted 14 weeks” stays."""
    for one in dates:
        if one.kind is not DateKind.DURATION:
            text = text[: one.span.start] + " " * (one.span.end - one.span.start) + text[one.span.end :]
    return text


def _without_days(terms: Sequence[str], undated: str) -> tuple[str, ...]:
    """Without the numbers that the text has only in dates: July 14 is not of a strike of 14 weeks."""
    there = plain_terms(undated)
    return tuple(term for term in terms if not (term.isdigit() and len(term) < _YEAR and term not in there))


def _is_ahead(when: DateSpan, published: date) -> bool:
    """Whether all of it lies after the day of writing, or begins with it: “later this year”."""
    return when.first > published or when.first == published < when.last


def sentences_in(citation: Citation, start: int = 0) -> list[Span]:
    """The citation's sentences without the spaces around them, the citation beginning at `start`."""
    spans = (trim(citation.text, one) for one in sentence_spans(citation.text))
    return [Span(one.start + start, one.end + start) for one in spans if one.end > one.start]


def answering_of(citation: Citation, sentences: list[Span], low: int) -> int:
    """The place of the highlighted sentence; `low` is where in the article the sentences' offsets begin."""
    best = citation.highlights[0] if citation.highlights else citation.span
    middle = (best.start + best.end) // 2 - low
    return next((place for place, span in enumerate(sentences) if span.start <= middle < span.end), 0)


def _place(one: DateExpression) -> Span:
    """Where in its sentence a date stands: “a day after” tells when that was which follows."""
    return Span(one.span.end + 1, one.span.end + 2) if one.words.lower().endswith(" after") else one.span


def _moved(one: DateExpression, steps: int) -> DateExpression:
    return replace(one, span=Span(one.span.start + steps, one.span.end + steps))


# --- expressions that only their sentence tells ---

_NAMES = frozenset("Tonight Today TODAY Tomorrow Yesterday".split())
_FAR_YEAR = lazy(r",?\s?\d{5,}")
_COMES_ON = lazy(r"\b(?:comes?|came|is|was|happened|falls?)\s+on\s+$", re.IGNORECASE)
_DAYS_AFTER = lazy(
    rf"\b(?:comes?|came|follows|arrives?|arrived|is|was)\s+(?:just\s|only\s)?"
    rf"(?P<words>(?P<n>{NUMBER})\s+(?P<unit>day|week)s?\s+after)\s+(?=[\w“\"])",
    re.IGNORECASE,
)


def _read_anew(found: list[DateExpression], sentence: str, published: date | None) -> list[DateExpression]:
    """A sentence's expressions without names and unknown strikes' days, and with days told from the day of the news."""
    kept = [one for one in found if not _is_name(sentence, one) and not _is_unknown(sentence, one)]
    if published is None:
        return kept
    for place, one in enumerate(kept):
        # “The news comes on the same day that …”: the day of the news, not the one named before.
        if one.words.lower() == "the same day" and _COMES_ON().search(sentence[: one.span.start]):
            kept[place] = replace(one, when=day_span(published))
    after = _days_after(sentence, published)
    if after and not any(one.span.end > after.span.start for one in kept):  # what follows has no date of its own
        kept = sorted((*kept, after), key=lambda one: one.span)
    return kept


def _is_name(sentence: str, one: DateExpression) -> bool:
    """“Psychology Today”, “The Next Day”: relative words with a capital in the middle of a sentence."""
    if one.kind not in (DateKind.RELATIVE, DateKind.PERIOD) or not one.words:
        return False
    words = one.words.split()
    if words[-1] in _NAMES and one.span.start and sentence[one.span.start - 1] == " ":
        return sentence[: one.span.start].rstrip()[-1:] not in (".", "!", "?", ":", "“", '"', "—", "–", "")
    return len(words) > 1 and words[0] in ("Last", "This", "Next", "The") and words[1][:1].isupper()


def _is_unknown(sentence: str, one: DateExpression) -> bool:
    """Whether it is the day of a strike whose first day isn't known here, or in a year that no calendar has (“May 1, 12031”)."""
    if _FAR_YEAR().match(sentence, one.span.end):
        return True
    return one.kind is DateKind.STRIKE_DAY and not side_of(one.words) and not side_of(sentence)


def _days_after(sentence: str, published: date) -> DateExpression | None:
    """“It comes a day after the president spoke”: the day before that of the news is when she spoke."""
    match = _DAYS_AFTER().search(sentence)
    count = number(match["n"]) if match else None
    if match is None or count is None or count != int(count):
        return None
    try:
        day = published - timedelta(int(count) * (7 if match["unit"].lower() == "week" else 1))
    except OverflowError:
        return None
    span = Span(match.start("words"), match.end("words"))
    return DateExpression(span, match["words"], day_span(day), DateKind.RELATIVE)


# --- what the question and the plan make of a date ---

_STARTS = frozenset({Act.BEGIN})
# What comes when a strike or a ballot is over.
_ENDS = frozenset({Act.END, Act.EXPIRE, Act.AGREE, Act.RATIFY, Act.DELAY})


def _meant(
    question: EventQuestion, when: DateSpan, kind: DateKind, published: date | None, *, original: bool
) -> DateSpan:
    """The days as they answer the question.

    Of “from May 2 to Sept. 27” the first day for who asks when it began, the last for who asks when it was over, or what
    ended it. What had been planned for a date without a year can lie behind.
    """
    if question.asked is EventFacet.WHEN and kind is DateKind.PERIOD and when.grain is Grain.DAY:
        if question.acts & _STARTS and not question.acts & _ENDS:
            return day_span(when.first)
        if question.acts & _ENDS and not question.acts & _STARTS:
            return day_span(when.last)
    if original and published and kind is DateKind.PARTIAL and (when.first - published).days > FAR_AHEAD:
        try:
            return replace(when, first=shift(when.first, -1, Unit.YEAR), last=shift(when.last, -1, Unit.YEAR))
        except CALENDAR_ERRORS:
            return when
    return when
