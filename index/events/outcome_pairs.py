"""Tells whether two opposite outcomes are of one event at one time, so that their sources differ, or of two events in turn.

A rejection in September and a ratification in October are two votes; so are those of two unions, of the board and the
members, of an offer and a deal. The outcomes are found by `events.outcomes`, shown by `differences`.
"""

from index.dates.spans import day_span
from index.events.outcome_questions import asked_about
from index.events.outcome_words import Matter
from index.events.outcomes import ToldOutcome
from index.events.questions import EventQuestion
from index.events.scores import period_fit

# Days between two clauses that tell opposite outcomes of one event: where both name their day, and where the articles' own
# days stand for it. What can follow within hours is of one day, or told the wrong way round (“no deal” after the deal). Judged.
_APART = {
    Matter.VOTE: (2, 3), Matter.STRIKE_VOTE: (2, 3), Matter.RULING: (2, 3), Matter.DEAL: (2, 3), Matter.STRIKE: (2, 3),
    Matter.WALKOUT: (1, 1), Matter.TALKS: (0, 0),
}  # fmt: skip
_OFFERS = (0, 1)  # an offer that was rejected on Monday can have been made better, and accepted, on Tuesday
# “No deal” and “going on” come before a deal and an end, never after.
_FOLLOWS = frozenset({Matter.DEAL, Matter.STRIKE})


def is_same_event(question: EventQuestion, good: ToldOutcome, bad: ToldOutcome) -> bool:
    """Whether two sources tell one decision, meeting or strike, at one time: then it can't have come out both ways."""
    return (
        good.matter is bad.matter
        and good.source != bad.source
        and good.article != bad.article
        and good.offer == bad.offer
        and good.body == bad.body
        and (not good.doers or not bad.doers or bool(good.doers & bad.doers))
        and _of_the_same(question, good, bad)
        and _at_one_time(good, bad)
        and all(_is_in_time(question, one) for one in (good, bad))
    )


def _of_the_same(question: EventQuestion, one: ToldOutcome, other: ToldOutcome) -> bool:
    """Whether nobody stands by either whom the other doesn't know: “the dockers of Brackwater”, “the coal terminal's deal”.

    Where the question names nobody, both must name somebody themselves.
    """
    strangers = [left.others - right.others - right.around for left, right in ((one, other), (other, one))]
    if one.others and other.others:
        return bool(one.others & other.others) and not all(strangers)
    return not any(strangers) and bool(asked_about(question))


def _at_one_time(good: ToldOutcome, bad: ToldOutcome) -> bool:
    first, last = good.day or good.news, bad.day or bad.news
    if first is None or last is None:
        return False
    told, published = _OFFERS if good.offer else _APART[good.matter]
    later = (last - first).days
    if good.matter in _FOLLOWS and later < bad.lasting:
        return False
    if (good.day is None) == (bad.day is None):
        return abs(later) <= (told if good.day else published)
    return 0 <= (later if good.day else -later) <= published  # the news comes on the day that the other names, or after


def _is_in_time(question: EventQuestion, one: ToldOutcome) -> bool:
    day = one.day or one.news
    if day is None or (question.years and not question.labelled and day.year not in question.years):
        return False
    return all(
        period.when.first == period.when.last == day or period_fit(period, day_span(day)) >= 0
        for period in question.periods
    )
