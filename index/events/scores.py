"""Weighs the dates of citations against a question, groups those that mean the same day, and finds the group that answers.

Independent articles that tell one date strengthen it. Finding the dates is `events.mentions`' part; what is said of the
answer, and where sources differ, is left to `answering` and `differences`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from corpus.patterns import lazy
from index.dates.periods import Period, Relation
from index.dates.spans import CALENDAR_ERRORS, DateKind, DateSpan, Grain, Unit, as_coarse, shift
from index.events.acts import Act
from index.events.belonging import Role, names_former
from index.events.mentions import TOLD, DateMention
from index.events.questions import EventQuestion

# Weights, beside a fit of 0 to 1. Set by judgement, then moved one at a time between 0 and 3 times their value on the
# development questions, made-up ones on the same articles, and the golden questions (240 in all); round values where the
# number of right dates is flat. HIGHLIGHTED, LATER_CITATION, ACT and OUTSIDE matter most; HABIT, LONG and COARSE hardly do.
ACT, SUBJECT = 0.4, 0.075
HIGHLIGHTED, APART, LATER_CITATION = 0.4, 0.05, 0.2
ROLE, SINCE, FROM, UNTIL, NOT_SINCE = 0.1, 0.3, 0.3, 0.1, 0.6
PLANNED, RENEWED, HABIT, LONG, COARSE, VAGUE = 0.15, 0.8, 0.4, 0.2, 0.05, 0.15
AHEAD, NOT_AHEAD = 0.4, 0.1
UNSURE = 0.5
WITHIN, OUTSIDE = 0.25, 0.5
ORDINAL, OTHER_YEAR, STRANGE, YEARLY, ASKED_UNTIL = 0.2, 0.15, 0.2, 0.3, 0.4
TOO_COARSE = 0.4  # a year, where the day is asked for: a judgement
ACTING_FIT = 0.6  # how much of the question stands by a date that goes before one without the act: a judgement
FORMER = 0.8  # “the previous contract was ratified in 2022”: a judgement
SUPPOSED = 0.4  # “would walk out on May 2 unless …”: a judgement
# For each further article that tells the same date, at most three of them.
AGREEING, MOST_AGREEING = 0.25, 3
# A date that is seen from a wrong day of writing is off by whole weeks, at most so many days (the oldest address date of
# the development articles is 72 days before its text).
DRIFT, DRIFT_UNDOUBTED = 92, 28

_FROM_ANOTHER = lazy(r"\b(?:later|earlier|before|after)\b")  # “a day later”: seen from a date, not from the writing
_YEAR_TOLD = lazy(r"\d{4}|['’]\d\d|\b\d\d-\d\d\b|\b(?:last|this|past|next)\b|\bago\b")


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One date that citations tell, best mention first; `articles` counts the articles that do."""

    mentions: tuple[DateMention, ...]
    score: float
    articles: int

    @property
    def told(self) -> DateMention:
        """The mention to show: the finest of those that are nearly as good as the best."""
        best = self.mentions[0]
        near = [one for one in self.mentions if one.score >= best.score - HIGHLIGHTED - LATER_CITATION]
        near = [one for one in near if not one.moved and one.kind is not DateKind.VAGUE] or near
        return min(near, key=lambda one: (_length(one.when), -one.score, one.citation, one.span))


def weigh(question: EventQuestion, one: DateMention) -> float:
    """How well a date answers: its event's fit, and what speaks for it and against it."""
    return (
        core(question, one)
        + (HIGHLIGHTED if not one.apart else -APART * (one.apart - 1))
        - LATER_CITATION * (one.citation - 1)
    )


def core(question: EventQuestion, one: DateMention) -> float:
    """The same without where it stands: what two citations can be compared by."""
    total = one.fit + ACT * one.act + SUBJECT * (one.subject - 0.5) + _role(question, one)
    if (question.planned and not one.planned) or (one.original and not question.original and not question.planned):
        total -= PLANNED
    if question.original and not one.original:
        total -= PLANNED
    if question.renewed and one.original:
        total -= RENEWED
    if one.strange:
        total -= STRANGE
    if one.supposed and not question.planned and not question.original:
        total -= SUPPOSED
    if one.former and not (question.order or question.years or question.periods or names_former(question.text)):
        total -= FORMER
    if one.habit:
        total -= HABIT
    if one.kind is DateKind.PERIOD and _length(one.when) > 3:
        total -= LONG
    if question.ahead:
        total += AHEAD if one.ahead else -AHEAD
    elif one.ahead and not question.planned and not question.original:
        total -= NOT_AHEAD
    if not one.sure:
        total -= UNSURE
    if question.order and one.ordinal == question.order:
        total += ORDINAL
    if question.grain is Grain.YEAR:
        total += YEARLY * (one.when.grain is Grain.YEAR)
    elif one.when.grain not in (Grain.DAY, Grain.WEEK, Grain.MONTH):
        total -= TOO_COARSE if question.grain is Grain.DAY else COARSE
    if one.kind is DateKind.RELATIVE and one.when.grain is not Grain.DAY:
        total -= VAGUE
    if one.when.grain is Grain.YEAR and question.grain is not Grain.YEAR and one.when.first.year in question.years:
        total -= OUTSIDE  # “the 2007 strike ended”: said already
    if question.years and not any(one.when.first.year <= year <= one.when.last.year for year in question.years):
        total -= OTHER_YEAR
    return total + sum(_in_period(question, period, one.when) for period in question.periods)


def _in_period(question: EventQuestion, period: Period, when: DateSpan) -> float:
    """What the period makes of a date; the year in a name speaks against none: “the 2023 awards” were held in 2024.

    The year of a deal is the one in which it was reached.
    """
    worth = period_fit(period, when)
    named = question.labelled and period.relation is Relation.OF and Act.AGREE not in question.acts
    return max(worth, 0.0) if named else worth


def _role(question: EventQuestion, one: DateMention) -> float:
    begins = bool(question.acts & {Act.BEGIN, Act.RESUME})
    match one.role:
        case Role.SINCE:
            return ROLE if begins else 0.0 if question.state or question.order > 0 else -SINCE
        case Role.NOT_SINCE:
            return 0.0 if question.order > 0 else -NOT_SINCE if begins else -SINCE
        case Role.FROM:
            of_a_year = one.when.grain is Grain.YEAR  # “the deal from 2009”
            return ROLE if begins else 0.0 if of_a_year else -FROM
        case Role.UNTIL:
            return ASKED_UNTIL if question.until else ROLE if question.acts & {Act.EXPIRE, Act.END} else -UNTIL
        case _:
            return 0.0


def period_fit(period: Period, when: DateSpan) -> float:
    """What a date gains by lying in the period that the question sets, or loses by lying outside.

    A period without a year (“in late October”) is compared in the date's own year. A date that only repeats the
    period, or is coarser, tells nothing new.
    """
    first, last = period.when.first, period.when.last
    if not _YEAR_TOLD().search(period.words.lower()):
        try:
            years = when.first.year - first.year
            first, last = shift(first, years, Unit.YEAR), shift(last, years, Unit.YEAR)
        except CALENDAR_ERRORS:
            return 0.0
    if period.relation is Relation.BEFORE:
        inside = when.last < first
    elif period.relation is Relation.UNTIL:
        inside = when.first <= last
    elif period.relation in (Relation.AFTER, Relation.SINCE):
        inside = when.last >= first
    else:
        if when.first <= first and last <= when.last:
            return -OUTSIDE
        inside = first <= when.first and when.last <= last
    return WITHIN if inside else -OUTSIDE


def candidates_of(question: EventQuestion, mentions: Sequence[DateMention]) -> list[DateCandidate]:
    """The dates that are told, the one that answers best first.

    Of two mentions the coarser joins the finer that lies in it; all are as coarse as the question asks. Where it asks for
    the first or last of several, the earliest or latest of those nearly as good comes first.
    """
    scored = [replace(one, score=weigh(question, one)) for one in mentions if not is_of_another_time(question, one)]
    scored = _moved(scored)
    scored.sort(key=lambda one: (-one.score, one.citation, one.span))
    groups: list[list[DateMention]] = []
    for one in sorted(scored, key=lambda one: _length(one.when)):
        inside = [group for group in groups if _holds(one.when, group[0].when)]
        home = [group for group in inside if any(_tells_as_much(other, one) for other in group)]
        if not home:
            groups.append([one])
        elif len(inside) == 1 or _length(one.when) <= 3:  # a year that holds several of the days told speaks for none
            home[0].append(one)
    candidates = [_candidate(sorted(group, key=lambda one: (-one.score, one.citation, one.span))) for group in groups]
    candidates.sort(key=lambda one: (-one.score, one.told.citation, one.told.span))
    candidates = _acting_first(candidates)
    if question.grain in (Grain.MONTH, Grain.YEAR):
        candidates = _as_asked(question.grain, candidates)
    if question.order and candidates:
        near = [one for one in candidates if one.score >= candidates[0].score - HIGHLIGHTED / 2]
        near = [one for one in near if one.mentions[0].ordinal == question.order] or near
        first = (min if question.order < 0 else max)(near, key=lambda one: one.told.when.first)
        candidates.remove(first)
        candidates.insert(0, first)
    return candidates


def _acting_first(candidates: list[DateCandidate]) -> list[DateCandidate]:
    """Where the best date tells nothing of the act that was asked for, the best one first that does, of its citation if any.

    “Entered a third week Thursday. The walkout began Oct. 4.”
    """
    if not candidates or candidates[0].told.act > 0:
        return candidates
    best = candidates[0].told
    telling = [
        one
        for one in candidates
        if one.told.act >= TOLD and one.told.sure and (one.told.fit >= ACTING_FIT or _beside(best, one.told))
    ]
    first = min(telling, key=lambda one: one.told.citation != best.citation, default=None)
    return [first, *(one for one in candidates if one is not first)] if first else candidates


def _beside(best: DateMention, other: DateMention) -> bool:
    """Whether both stand in the sentence that is highlighted, and the other is of no other union.

    “After saying on May 2 that he would …, he reversed it Friday”, but not “the writers agreed May 2, the actors on June 5”.
    """
    return best.citation == other.citation and best.apart == other.apart == 0 and not other.strange


def _as_asked(grain: Grain, candidates: Sequence[DateCandidate]) -> list[DateCandidate]:
    """“What year” asks for 2021, be it told as “last summer”; of the candidates that lie in one year the best alone."""
    found: dict[DateSpan, DateCandidate] = {}
    for candidate in candidates:
        mentions = tuple(replace(one, when=as_coarse(one.when, grain)) for one in candidate.mentions)
        found.setdefault(as_coarse(candidate.told.when, grain), replace(candidate, mentions=mentions))
    return list(found.values())


def is_of_another_time(question: EventQuestion, one: DateMention) -> bool:
    """Whether the question names years or an end of its time, and the date is of none of them: “the 1988 strike” is not
    answered by 2023, nor “the last strike before 2023”.

    The year of a contract or of talks is a name, and what is asked of them can have happened in another; a strike ends in the
    year in which it began, or the next.
    """
    before = [period.when.first for period in question.periods if period.relation is Relation.BEFORE]
    if question.order and before and one.when.first >= min(before):
        return True
    ended = 1 if Act.END in question.acts else 0
    return bool(
        question.years
        and not question.labelled
        and not any(one.when.first.year - ended <= year <= one.when.last.year for year in question.years)
    )


def _tells_as_much(one: DateMention, best: DateMention) -> bool:
    """Whether a mention is of the event as a better one is; else it is another matter of that day, month or year."""
    return one.score >= best.score - 2 * HIGHLIGHTED and one.fit >= best.fit / 2 and (one.act > 0 or best.act <= 0)


def _candidate(group: list[DateMention]) -> DateCandidate:
    best = group[0]
    telling = [one for one in group if _tells_as_much(one, best)]
    articles = len({one.article for one in telling})
    score = best.score + AGREEING * min(articles - 1, MOST_AGREEING)
    return DateCandidate(tuple(group), score, articles)


def _moved(mentions: Sequence[DateMention]) -> list[DateMention]:
    """Weekdays put right by another article: “Thursday” of an old address date, where that tells July 13, a Thursday."""
    dated = [
        one
        for one in mentions
        if one.when.grain is Grain.DAY
        and (
            one.kind in (DateKind.ABSOLUTE, DateKind.PARTIAL)
            or (one.kind is DateKind.RELATIVE and _FROM_ANOTHER().search(one.words))
        )
    ]
    moved = []
    for one in mentions:
        if one.kind is DateKind.WEEKDAY and not any(_same(one.when, other.when) for other in dated):
            better = [other for other in dated if _is_drift(one, other)]
            if better:
                best = max(better, key=lambda other: other.score)
                one = replace(one, when=best.when, sure=True, moved=True, score=one.score + (0 if one.sure else UNSURE))
        moved.append(one)
    return moved


def _is_drift(one: DateMention, other: DateMention) -> bool:
    later = other.when.first - one.when.first
    return (
        other.article != one.article
        and timedelta(0) < later <= timedelta(DRIFT if not one.sure else DRIFT_UNDOUBTED)
        and later.days % 7 == 0
        and other.act >= one.act > 0
        and other.fit >= one.fit * (0.5 if not one.sure else 0.8)
    )


def _length(when: DateSpan) -> int:
    return (when.last - when.first).days


def _same(one: DateSpan, other: DateSpan) -> bool:
    return one.first == other.first and one.last == other.last


def _holds(one: DateSpan, other: DateSpan) -> bool:
    return one.first <= other.first and other.last <= one.last
