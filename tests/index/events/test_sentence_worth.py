"""How well a date in each sentence of a passage answers a when-question."""

from datetime import date

import pytest

from index.events.questions import read_question
from index.events.sentence_worth import dated
from index.records import Found, Hit, IndexedArticle, Passage, Span

ASKED = date(2032, 1, 1)
ARTICLE = IndexedArticle(0, "a", "public", "a.md", "The dockers' strike", "Harbour Post", None, date(2031, 5, 20))


def worth(question: str, *sentences: str) -> tuple[float, ...]:
    text, spans = "", []
    for one in sentences:
        spans.append(Span(len(text), len(text) + len(one)))
        text += f"{one} "
    passage = Passage(0, 0, 0, Span(0, len(text)), "", text, tuple(spans))
    return dated(read_question(question, ASKED), Found(Hit(0, 1, 1.0), passage, ARTICLE), spans, text, ASKED)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("when did the dockers walk out", 0),
        ("when did the dockers resume talks", 1),
        ("when was the contract ratified", 2),
    ],
)
def test_the_sentence_whose_date_is_of_the_event_is_worth_most(question: str, best: int) -> None:
    found = worth(
        question,
        "The dockers walked out on May 2, 2031.",
        "They resumed talks on May 9, 2031.",
        "Members ratified the contract on May 19, 2031.",
        "It rained.",
    )
    assert max(found) == found[best] > 0
    assert found[3] == 0


def test_a_date_of_another_year_than_the_events_is_worth_nothing() -> None:
    then, other = worth(
        "when did the dockers walk out in 2031",
        "The dockers walked out on May 2, 2031.",
        "The dockers walked out on May 2, 2007.",
    )
    assert then > other == 0


def test_a_question_that_does_not_ask_when_weighs_no_date() -> None:
    assert worth("who led the dockers", "The dockers walked out on May 2, 2031.") == (0.0,)


def test_of_a_day_that_is_counted_the_sentence_that_counts_it_is_worth_something() -> None:
    found = worth(
        "what date was day 103 of the actors strike",
        "The actors' strike has lasted for 103 days.",
        "Thursday was the 103rd day of the strike.",
        "The actors walked out on July 14, 2023.",
    )
    assert found[0] == found[1] > found[2] == 0
