"""Tells of sentences whether they are of the event that is asked about, and how well a date in each answers a when-question.

What a date belongs to is found by `events.mentions` and weighed by `events.scores`, as for the date that is told in the end.
"""

from collections.abc import Sequence
from datetime import date

from index.events.acts import acts_of, plain
from index.events.fit import are_others
from index.events.mentions import mentions_of
from index.events.questions import EventFacet, EventQuestion
from index.events.scores import core, is_of_another_time
from index.events.strikes import counted_day, counts_in
from index.records import Citation, Found, Span
from index.unions import keys_in

# What a sentence is worth that counts the day which the question counts: as much as one that dates the very event.
COUNTED = 1.4


def dated(
    question: EventQuestion, found: Found, sentences: Sequence[Span], text: str, asked_at: date
) -> tuple[float, ...]:
    """For each sentence, in offsets of the article, the weight of its best date; 0 where it has none of the event's years.

    Of a question that counts a day of a strike, the sentences that count it too have one, and no others.

    `text` is the article's. All are 0 where the question doesn't ask when. Costs some 5 ms a passage.
    """
    if question.asked is not EventFacet.WHEN:
        return (0.0,) * len(sentences)
    counted = counted_day(question.text, asked_at)
    if counted and counted.when:
        return tuple(COUNTED * bool(counts_in(counted, span.of(text))) for span in sentences)
    whole = Citation(1, found.article, found.passage.span, found.passage.text, (), (), 0.0)
    weighed = [
        (one.span, core(question, one))
        for one in mentions_of(question, whole, text, asked_at)
        if not is_of_another_time(question, one)
    ]
    return tuple(
        max((worth for place, worth in weighed if span.start <= place.start < span.end), default=0.0)
        for span in sentences
    )


def tells_act(question: EventQuestion, unions: frozenset[str], sentence: str, terms: Sequence[str]) -> bool:
    """Whether a sentence tells an act whose day or length is asked for, and not of other unions than those asked about.

    `unions` are the keys of these, `terms` all index terms of the sentence. Costs some 20 µs a sentence.
    """
    if question.asked not in (EventFacet.WHEN, EventFacet.LENGTH) or not question.acts & acts_of(plain(terms)):
        return False
    return not are_others(keys_in(sentence), unions)
