"""Articles whose own words contradict their date, and the many that only look like it."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.doubts.own_words import HEAD, doubt_of

FILLER = "The harbour was quiet, and nobody spoke of anything else but the weather and the price of herring. " * 60


@pytest.mark.parametrize(
    ("text", "published", "told"),
    [
        (
            "The ferry line was closed for weeks. It reopened on Sept. 25, and the strike is history.",
            date(2031, 9, 21),
            "It tells “Sept. 25” as past, but is dated 21 September 2031.",
        ),
        (
            "The contract was ratified by the members on Apr. 28.",
            date(2031, 4, 20),
            "It tells “Apr. 28” as past, but is dated 20 April 2031.",
        ),
        (
            "The contract was ratified by the members on June 28.",
            date(2031, 6, 20),
            "It tells “June 28” as past, but is dated 20 June 2031.",
        ),
        (
            "The contract was ratified by the members on June 28, 2031.",
            date(2029, 1, 9),
            "It tells “June 28, 2031” as past, but is dated 9 January 2029.",
        ),
        (
            "The porters met the airline on Monday, July 20, in Aldmouth.",
            date(2031, 7, 26),
            "It speaks of “Monday, July 20”, which in 2031 was a Sunday.",
        ),
        (
            "Thursday was the 136th day of the writers' strike, and pickets marched.",
            date(2023, 8, 2),
            "It counts “136th day of the writers' strike”, which was 14 September 2023, but is dated 2 August 2023.",
        ),
        (
            "A deal was announced to end the five-month-old writers' strike.",
            date(2023, 7, 14),
            "It speaks of a “five-month-old writers' strike”, which on 14 July 2023 was 74 days old.",
        ),
        (
            "The writers went on strike at midnight, and studios fell silent.",
            date(2023, 4, 13),
            "It says “went on strike”, but is dated 13 April 2023, and that strike began on 2 May 2023.",
        ),
    ],
)
def test_words_that_contradict_the_date_are_told(text: str, published: date, told: str) -> None:
    assert doubt_of(text, published) == told


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("The fair will be held on September 25.", date(2031, 9, 21)),
        ("The contract was ratified by the members on June 28.", date(2031, 1, 9)),  # of the year before, most likely
        ("One paper printed May 5, 2033 as the day on which the third raise would apply.", date(2031, 9, 27)),
        ("The fair was set for September 25.", date(2031, 9, 21)),
        ("The fair was postponed to September 25.", date(2031, 9, 21)),
        ("Bridges are now closed through September 25.", date(2031, 9, 21)),
        ("Voters prepared for the September 25 primary.", date(2031, 9, 21)),
        ("She faces her rival Sept. 25, as polls predicted.", date(2031, 9, 21)),
        ("The mill burned on September 25, 1911.", date(2031, 9, 21)),
        ("In 1911 the mill burned on September 25.", date(2031, 9, 21)),
        ("The strike began on September 20.", date(2031, 9, 21)),
        ("The strike began on September 22, some said.", date(2031, 9, 21)),  # a time zone away
        ("The writers could have gone on strike.", date(2023, 4, 13)),
        ("In 2007 the writers went on strike.", date(2023, 4, 13)),
        ("The dockers went on strike.", date(2023, 4, 13)),
        ("The actors laid plans for a six-month walkout.", date(2023, 9, 1)),
        ("The five-month-old strike of the bakers goes on.", date(2023, 7, 14)),
        ("It was the 136th day of the writers' strike.", date(2023, 9, 14)),
        ("The writers' strike lasted 148 days.", date(2024, 9, 14)),
        ("The porters met the airline on Sunday, July 20, in Aldmouth.", date(2031, 7, 26)),
        ("", date(2031, 9, 21)),
    ],
)
def test_what_only_looks_like_a_contradiction_is_none(text: str, published: date) -> None:
    assert doubt_of(text, published) == ""


def test_an_undated_article_has_nothing_to_be_doubted() -> None:
    assert doubt_of("It reopened on Sept. 25.", None) == ""


def test_an_article_dated_after_it_was_added_is_doubted() -> None:
    told = doubt_of("The dyers met.", date(2031, 5, 10), date(2031, 5, 1))
    assert told == "It is dated 10 May 2031, but was in the corpus on 1 May 2031 already."
    assert doubt_of("The dyers met.", date(2031, 5, 2), date(2031, 5, 1)) == ""


def test_the_middle_of_a_long_article_is_not_read() -> None:
    late = "The ferry line reopened on Sept. 25."
    assert doubt_of(f"{late}\n{FILLER}", date(2031, 9, 21)) != ""
    assert doubt_of(f"{FILLER}\n{late}", date(2031, 9, 21)) != ""
    assert len(FILLER) * 2 > HEAD * 1.5
    assert doubt_of(f"{FILLER}{FILLER}\n{late}\n{FILLER}{FILLER}", date(2031, 9, 21)) == ""


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from((" strike", " May 31", " 0th day", "Monday, ", " began", " 9999", "\n"))).map("".join),
    ),
    st.dates(),
    st.none() | st.dates(),
)
def test_any_text_is_read_and_told_in_one_line(text: str, published: date, added: date | None) -> None:
    assert "\n" not in doubt_of(text, published, added)


def test_a_text_made_to_be_slow_is_read_in_time() -> None:
    text = "strike on May 1 " * 4_000 + "1st day of the " * 4_000
    begun = time.process_time()
    doubt_of(text, date(2023, 5, 1))
    assert time.process_time() - begun < 1
