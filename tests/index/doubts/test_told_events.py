"""What the head of an article tells as done in a dispute, and the many sentences that only look like it."""

import time
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.doubts.told_events import HEAD, told_events
from index.doubts.told_records import Dated, Deed, ToldEvent, dump_events, load_events
from index.errors import DamagedError
from index.unions import unions

_GOLDEN = Path(__file__).parents[2] / "golden" / "later" / "told.toml"
CASES: list[dict[str, Any]] = tomllib.loads(_GOLDEN.read_text("utf-8"))["case"]
PUBLISHED = date(2031, 11, 12)
KEYS = st.lists(st.sampled_from(sorted(unions())), max_size=4)
PIECES = st.lists(
    st.sampled_from(
        (
            "The Hollywood writers", " SAG-AFTRA", " UAW", " went on strike", " the strike", " ended", " on May 2", " in 2007",
            " reached a tentative agreement", " with Ford", ", which", " ratified the contract", " Wednesday", ". ", "\n", "”",
            " not", " İ", " 9999", " 0", " last week", " since", " talks", " resumed", " expired", " 31 September",
        )
    ),
    max_size=40,
).map("".join)  # fmt: skip
TEXTS = st.one_of(st.text(st.characters(exclude_categories=[])), PIECES)
EVENTS = st.lists(
    st.builds(
        ToldEvent,
        st.text(st.characters(exclude_categories=[])),
        st.sampled_from(Deed),
        st.sampled_from(Dated),
        st.none() | st.dates(),
        st.text(st.characters(exclude_categories=[])),
    ),
    max_size=5,
).map(tuple)


def told(event: ToldEvent) -> str:
    return f"{event.side} {event.deed} {event.dated} {event.day or ''}".rstrip()


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_a_head_tells_what_its_case_says(case: dict[str, Any]) -> None:
    found = told_events(case["text"], case.get("published", PUBLISHED), case["unions"])
    assert [told(one) for one in found] == case["expect"]
    assert [one.words for one in found if one.words not in case["text"]] == []


def test_there_are_enough_cases_of_both_kinds() -> None:
    assert len({case["label"] for case in CASES}) == len(CASES)
    assert sum(not case["expect"] for case in CASES) >= 25
    assert sum(bool(case["expect"]) for case in CASES) >= 12


def test_what_stands_after_the_head_is_not_read() -> None:
    late = "The Hollywood writers went on strike on November 5, 2031."
    assert told_events(late, PUBLISHED, ["wga"])
    assert told_events("The harbour was quiet. " * (HEAD // 23 + 1) + late, PUBLISHED, ["wga"]) == ()


def test_an_undated_article_tells_days_in_full_alone() -> None:
    full = "The Hollywood writers went on strike on May 2, 2031."
    assert [told(one) for one in told_events(full, None, ["wga"])] == ["wga/studios begun full 2031-05-02"]
    [weekday] = told_events("The Hollywood writers went on strike on Tuesday.", None, ["wga"])
    assert (weekday.dated, weekday.day) == (Dated.FLOATING, None)


def test_an_act_is_told_once() -> None:
    text = "The Hollywood writers went on strike. After the Hollywood writers walked out, shows went dark."
    assert len(told_events(text, PUBLISHED, ["wga"])) == 1


@given(TEXTS, st.none() | st.dates(), KEYS)
def test_any_text_is_read_and_what_it_tells_is_short(text: str, published: date | None, keys: list[str]) -> None:
    found = told_events(text, published, keys)
    for one in found:
        assert one.side.partition("/")[0] in unions()
        assert len(one.words) <= 80
        assert "\n" not in one.words
        assert one.words in " ".join(text.split())
    assert load_events(dump_events(found)) == found
    assert not found or keys


@given(EVENTS)
def test_what_is_stored_is_read_as_it_was(events: tuple[ToldEvent, ...]) -> None:
    stored = dump_events(events)
    assert load_events(stored) == events
    assert stored.isascii()  # so that a lone surrogate can be stored too
    assert bool(stored) == bool(events)


@pytest.mark.parametrize(
    "stored", ["{", "[1]", "5", '[["wga","slept","none","","x"]]', '[["wga","begun","none","31 May","x"]]']
)
def test_a_damaged_line_is_told_in_a_sentence(stored: str) -> None:
    with pytest.raises(DamagedError, match="reindex --full"):
        load_events(stored)


def test_a_text_made_to_be_slow_is_read_in_time() -> None:
    pieces = (
        "strike that ",
        "deal the ",
        "began the strike ",
        "the writers ended May 2 ",
        "went on strike on ",
        "talks a ",
    )
    for piece in pieces:
        begun = time.process_time()
        told_events(piece * 4_000, PUBLISHED, ["wga", "sag-aftra"])
        assert time.process_time() - begun < 1, piece
