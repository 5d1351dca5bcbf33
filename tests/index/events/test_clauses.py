"""Clauses of sentences, and which of them a date is in."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import find_dates
from index.events.belonging import Belonging, Role
from index.events.clauses import clause_at, clauses_of
from index.records import Span
from tests.index.events.material import ASKED
from tests.index.events.test_answering import TEXTS


def places(sentence: str) -> list[Span]:
    return [one.span for one in find_dates(sentence, written=ASKED)]


def belonging(sentence: str, words: str) -> Belonging:
    dates = places(sentence)
    where = next(one for one in dates if words in one.of(sentence))
    return Belonging(sentence, clauses_of(sentence, dates), dates, where)


@pytest.mark.parametrize(
    ("sentence", "words", "expected"),
    [
        ("The strike that began July 14 ended Wednesday.", "July 14", "that began July 14"),
        ("The strike, which began July 14, ended Wednesday.", "Wednesday", "The strike , ended Wednesday."),
        ("They met on May 2, and the guild answered on May 5.", "May 5", "and the guild answered on May 5."),
        ("They met on May 2 and 5 in Aldmouth.", "May 2", "They met on May 2 and 5 in Aldmouth."),
        ("It said Thursday that it would meet them next week.", "next week", "that it would meet them next week."),
        (
            "She wrote on Dusk, formerly Dawn, Friday that they had won.",
            "Friday",
            "She wrote on Dusk, formerly Dawn, Friday",
        ),
        ("They resume on Monday, the guild announced Friday.", "Friday", "the guild announced Friday."),
        ("At a meeting Friday, the chair said that they won.", "Friday", "At a meeting Friday, the chair said"),
        (
            "A strike of May 2 took weeks, while a strike of May 9, the latest, lasted hours.",
            "May 9",
            "while a strike of May 9, the latest, lasted hours.",
        ),
        ("The pact (signed on May 2) was printed on May 5.", "May 5", "The pact was printed on May 5."),
        ("Trams – the first to stop on May 2 – are back June 4.", "June 4", "Trams – are back June 4."),
        (
            "Since May 2 they have met before the May 9 deadline.",
            "May 9",
            "Since May 2 they have met before the May 9 deadline.",
        ),
    ],
)
def test_a_date_is_in_its_clause(sentence: str, words: str, expected: str) -> None:
    clause = belonging(sentence, words).clause
    assert " ".join(clause.text(sentence).replace(",", " , ").split()).strip(" ,") == " ".join(
        expected.replace(",", " , ").split()
    ).strip(" ,")


@pytest.mark.parametrize(
    ("sentence", "words", "expected"),
    [
        ("They have been out since May 2.", "May 2", Role.SINCE),
        ("The walkout dates from May 2.", "May 2", Role.FROM),
        ("It runs until late in June.", "June", Role.UNTIL),
        ("It runs to late May.", "late May", Role.UNTIL),
        ("They struck on May 2.", "May 2", Role.AT),
        ("It was slated to return to the air Sunday.", "Sunday", Role.AT),
    ],
)
def test_the_word_before_a_date_gives_its_role(sentence: str, words: str, expected: Role) -> None:
    assert belonging(sentence, words).role() is expected


def test_a_relative_clause_knows_whom_it_is_about() -> None:
    told = belonging("The weavers joined thousands of tailors who went on strike in May.", "May")
    assert told.subject() == (("weaver", "join", "thousand", "of", "tailor"), ())


def test_who_does_it_is_not_guessed_from_a_pronoun() -> None:
    assert belonging("They went on strike on May 2.", "May 2").subject() is None


@given(TEXTS)
def test_the_parts_of_clauses_follow_each_other_and_overlap_nowhere(sentence: str) -> None:
    clauses = clauses_of(sentence, places(sentence))
    parts = sorted(part for clause in clauses for part in clause.parts)
    assert all(one.end <= other.start for one, other in pairwise(parts))
    assert all(0 <= part.start < part.end <= len(sentence) for part in parts)


@given(TEXTS, st.integers(0, 200))
def test_every_place_is_in_a_clause(sentence: str, place: int) -> None:
    clauses = clauses_of(sentence, places(sentence))
    assert 0 <= clause_at(clauses, min(place, len(sentence))) < len(clauses)


@given(TEXTS)
def test_no_date_is_cut_in_two(sentence: str) -> None:
    dates = places(sentence)
    clauses = clauses_of(sentence, dates)
    for date in dates:
        holding = [
            part for clause in clauses for part in clause.parts if part.start < date.end and date.start < part.end
        ]
        assert len(holding) == 1
