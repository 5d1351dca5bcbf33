"""Tells what happened several times: the times of it, years apart or weeks, of which the latest is meant.

What makes two dates of one kind of event is `events.differences`' part, which tells where sources differ.
"""

from collections.abc import Sequence
from dataclasses import replace

from index.events.differences import MOST, NEAR, same_kind, say_span, telling, tells_time
from index.events.mentions import TOLD, DateMention
from index.events.questions import EventQuestion
from index.events.scores import DateCandidate
from index.records import Difference

# Days from which two are of different times: strikes, votes and deals of one union lie years apart.
AGAIN = 300


def happened_again(question: EventQuestion, candidates: Sequence[DateCandidate]) -> list[DateCandidate]:
    """What is asked about happened several times, years apart: the best candidate of each time, the latest first; else none.

    `candidates` are best first; days less than `AGAIN` after another are of one time. A question that names a time, the first or
    the last, or what was planned, means one of them.
    """
    best = candidates[0].told if candidates else None
    if best is None or not _means_any(question, best):
        return []
    alike = [
        (other.when.first, other.when.last, place)
        for place, one in enumerate(candidates)
        if tells_time(other := one.told) and (other is best or same_kind(question, *_as_told(best, other)))
    ]
    times: list[int] = []  # the place of each one's best candidate
    before = None
    for first, last, place in sorted(alike, reverse=True):
        if before is None or (before - last).days >= AGAIN:
            times.append(place)
        else:  # of “in 2016 and 2017” the first year
            times[-1] = min(times[-1], place, key=lambda one: (-candidates[one].score, candidates[one].told.when.first))
        before = first
    return [candidates[place] for place in times] if len(times) > 1 else []


def _as_told(best: DateMention, other: DateMention) -> tuple[DateMention, DateMention]:
    """Both as if what was announced had been done then, the announcing being no other act: “have ratified it, the union
    announced on July 18” tells a later time as well as “ratified it on November 15” does one of years before.
    """
    if min(best.act, other.act) < TOLD or best.act == other.act:
        return best, other
    done = max(best, other, key=lambda one: one.act)
    return replace(best, act=done.act, acts=done.acts), replace(other, act=done.act, acts=done.acts)


def _means_any(question: EventQuestion, best: DateMention) -> bool:
    """Whether the question may mean any of several times."""
    one = question.periods or question.years or question.order
    return (
        tells_time(best)
        and bool(question.wanted)
        and not (one or question.planned or question.original or question.ahead)
    )


def weeks_before(question: EventQuestion, candidates: Sequence[DateCandidate]) -> list[DateCandidate]:
    """The times before the best candidate that are too far off to differ from it, and too near to be of another year: a first
    offer rejected in September, the next in October. The latest first, each told by another article than the best.
    """
    best = candidates[0].told
    if not _means_any(question, best) or best.act < 1:
        return []
    found: list[DateCandidate] = []
    for one in sorted(candidates[1:], key=lambda one: one.told.when.first, reverse=True):
        other = telling(one)
        last = (found[-1] if found else candidates[0]).told.when.first
        if (
            other
            and other.article != best.article
            and (last - other.when.last).days > NEAR
            and (best.when.first - other.when.last).days < AGAIN
            and same_kind(question, best, other)
        ):
            found.append(one)
    return found


def earlier_times(times: Sequence[DateCandidate]) -> tuple[Difference, ...]:
    """What is told of the times before, from the candidates of each, the latest first."""
    told = [one.told for one in sorted(times, key=lambda one: one.told.when.first, reverse=True)[:MOST]]
    return tuple(Difference(say_span(one.when), one.words, one.citation) for one in told)
