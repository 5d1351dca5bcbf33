"""Dates of events, from golden cases and laws: whose date a date is, what is told where sources differ, and what never is."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates.spans import Grain
from index.events.answering import led_by_date, read_event
from index.events.questions import read_question
from index.records import When
from tests.golden_cases import golden_cases
from tests.index.events.material import ASKED, answer_to, cited

PIECES = st.sampled_from(
    (
        *("The dyers", " went on strike", " resumed talks", " on Monday", ", which began", " May 2", " and", " after"),
        *(
            " September 31",
            " Sept. 20",
            " the 0th day of the strike",
            " 9999",
            " 2023",
            " from",
            " to",
            " until",
            " since",
        ),
        *(" a day after", " the same day", ". ", "\n\n", "“", "”", " (", ") ", " — ", ", the guild said", " 148 days"),
        *(
            " 98%",
            " $3 million",
            " the next day",
            " last week",
            " who",
            " that",
            "After ",
            "When ",
            " İ",
            " ſept",
            "\ud800",
        ),
    )
)
TEXTS = st.one_of(st.text(min_size=1), st.lists(PIECES, min_size=1, max_size=25).map("".join))
QUESTIONS = st.one_of(
    st.text(),
    st.sampled_from(
        (
            *("when did the dyers go on strike", "when did talks resume", "what day was day 136 of the writers strike"),
            *("how long did the strike last", "how many dyers struck", "what percentage voted yes", "since when?"),
            *("when did the strike of 99999 end", "when did they meet in february 30", "when"),
        )
    ),
)
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
CASES = golden_cases("events/*")
STRUCK = read_question("when did the dyers go on strike", ASKED)


def told(when: When | None) -> dict[str, Any]:
    """A date in the form of the golden cases, which leave out what is usual."""
    if when is None:
        return {}
    fields: dict[str, Any] = {"first": when.first, "words": when.words}
    if when.last != when.first:
        fields["last"] = when.last
    if when.precision != "day":
        fields["precision"] = when.precision
    if when.citation != 1:
        fields["citation"] = when.citation
    return fields


@pytest.mark.parametrize("case", CASES)
def test_a_golden_case_is_answered_as_it_says(case: dict[str, Any]) -> None:
    answer = answer_to(case["question"], *case["articles"], asked=case.get("asked", ASKED), rarity=case.get("rarity"))
    assert told(answer.when) == case["expect"], answer.explanation
    assert [one.value for one in answer.differences] == case.get("differs", [])
    assert [one.value for one in answer.earlier] == case.get("earlier", [])


def test_there_are_enough_golden_cases_and_look_alikes() -> None:
    found = [case.values[0] for case in CASES]
    assert len(found) >= 100
    assert sum(not case["expect"] and not case.get("differs") for case in found) >= 25


@given(QUESTIONS, st.lists(st.tuples(TEXTS, st.none() | DAYS), min_size=1, max_size=3), DAYS)
def test_any_question_and_any_text_give_a_date_in_order_whose_words_are_in_the_citation(
    question: str, articles: list[tuple[str, date | None]], asked: date
) -> None:
    given_ = [{"text": text, "published": published} for text, published in articles if text.strip()]
    if not given_:
        return
    citations, texts = cited(*given_)
    answer = read_event(read_question(question, asked), asked, citations, texts)
    numbered = {one.number: one for one in citations}
    if answer.when:
        assert answer.when.first <= answer.when.last
        assert answer.when.precision in list(Grain)
        assert answer.when.words in numbered[answer.when.citation].text
    for one in answer.differences:
        assert one.words in numbered[one.citation].text
        assert one.value
    assert len(answer.differences) != 1


@given(st.integers(0, 364))
def test_a_weekday_of_the_past_is_within_the_week_before_the_article(ahead: int) -> None:
    published = date(2031, 1, 1) + timedelta(ahead)
    article = {"text": "The dyers went on strike on Wednesday.", "published": published}
    when = answer_to("when did the dyers go on strike", article, asked=date(2032, 6, 1)).when
    assert when is not None
    assert when.first.weekday() == 2
    assert timedelta(0) <= published - when.first < timedelta(7)


def test_articles_that_tell_the_date_are_counted_in_the_explanation() -> None:
    text = "The dyers went on strike on May 2."
    articles = [
        {"text": text, "published": date(2031, 5, 4)},
        {"text": f"{text} The mill is shut.", "published": date(2031, 6, 4)},
        {"text": "The mill is shut.", "published": date(2031, 7, 4)},
    ]
    several = answer_to("when did the dyers go on strike", *articles).explanation
    alone = answer_to("when did the dyers go on strike", articles[0]).explanation
    assert "2 articles)" in several[1]
    assert not any("articles)" in line for line in alone)


def test_every_step_is_explained_in_a_line() -> None:
    lines = answer_to(
        "when did the dyers' strike begin",
        {"text": "The dyers' strike began on May 2.", "published": date(2031, 5, 4)},
        {"text": "The dyers' strike began on May 3.", "published": date(2031, 6, 4)},
    ).explanation
    assert lines[0].startswith("when: asks begin of ")
    assert "2 May 2031 from “May 2” in [1]" in lines[1]
    assert lines[-2:] == ("sources differ: 3 May 2031 in [2]", "sources differ: 2 May 2031 in [1]")
    assert all("\n" not in line for line in lines)


def test_a_count_is_checked_against_the_days_that_are_cited() -> None:
    question, text = (
        "how long did the dyers' strike last",
        "The dyers' strike lasted {}, from May 2 to September 26, 2031.",
    )
    lines = answer_to(question, {"text": text.format("148 days"), "published": date(2031, 11, 1)}).explanation
    assert any(line.startswith("checked: “148 days” in [1] fits 2 May 2031 to 26 September 2031") for line in lines)
    lines = answer_to(question, {"text": text.format("100 days"), "published": date(2031, 11, 1)}).explanation
    assert "checked: “100 days” in [1] fits none of the days that are cited" in lines


def test_the_citation_that_tells_the_date_comes_first() -> None:
    citations, texts = cited(
        {"text": "The dyers are on strike, and the mill is shut.", "published": date(2031, 6, 4)},
        {"text": "The mill was shut at noon.", "published": date(2031, 6, 4)},
        {"text": "The dyers went on strike on May 2.", "published": date(2031, 5, 4)},
    )
    ordered, event = led_by_date(STRUCK, ASKED, citations, texts)
    assert [one.article.row for one in ordered] == [citations[place].article.row for place in (2, 0, 1)]
    assert [one.number for one in ordered] == [1, 2, 3]
    assert event.when == When(date(2031, 5, 2), date(2031, 5, 2), "day", "May 2", 1)
    assert event.explanation[-1] == "[1] tells the date and was [3]"


@given(QUESTIONS, st.lists(st.tuples(TEXTS, st.none() | DAYS), min_size=2, max_size=3), DAYS)
def test_another_order_of_citations_tells_the_same_date(
    question: str, articles: list[tuple[str, date | None]], asked: date
) -> None:
    citations, texts = cited(*({"text": text, "published": published} for text, published in articles if text.strip()))
    read = read_question(question, asked)
    ordered, led = led_by_date(read, asked, citations, texts)
    before = read_event(read, asked, citations, texts)
    if ordered == tuple(citations):
        assert led == before
    else:
        assert before.when
        assert led.when == replace(before.when, citation=1)
        assert ordered[0].text == citations[before.when.citation - 1].text


@pytest.mark.parametrize("question", ["when did the dyers go on strike", "why is the mill shut"])
def test_citations_stay_in_order_where_the_first_tells_the_date_or_none_is_asked_for(question: str) -> None:
    citations, texts = cited(
        {"text": "The dyers went on strike on May 2.", "published": date(2031, 5, 4)},
        {"text": "The dyers are on strike, and the mill is shut.", "published": date(2031, 6, 4)},
    )
    read = read_question(question, ASKED)
    ordered, event = led_by_date(read, ASKED, citations, texts)
    assert (ordered, event) == (tuple(citations), read_event(read, ASKED, citations, texts))


def test_no_citation_gives_no_date() -> None:
    assert read_event(STRUCK, ASKED, [], {}).when is None
    assert led_by_date(STRUCK, ASKED, [], {})[0] == ()
