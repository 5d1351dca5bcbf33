"""Articles that tell as done what others date later, and the many that only seem to."""

import time
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.doubts.later_events import Teller, later_doubts
from index.doubts.told_events import told_events
from index.doubts.told_records import Dated, Deed, ToldEvent

_GOLDEN = Path(__file__).parents[2] / "golden" / "later" / "doubts.toml"
CASES: list[dict[str, Any]] = tomllib.loads(_GOLDEN.read_text("utf-8"))["case"]
DAYS = st.dates(date(2030, 11, 1), date(2031, 12, 31)) | st.sampled_from((date.min, date.max))
TOLD = st.builds(
    ToldEvent,
    st.sampled_from(("wga/studios", "sag-aftra/video games", "gone/studios")),
    st.sampled_from(Deed),
    st.sampled_from(Dated),
    st.none() | DAYS | st.sampled_from((date(2031, 5, 2), date(2031, 9, 24))),
    st.just("went on strike"),
)
COLLECTIONS = ("public", "guild:1", "guild:2")


@st.composite
def tellers(draw: st.DrawFn) -> list[Teller]:
    return [
        Teller(
            row,
            draw(st.sampled_from(COLLECTIONS)),
            draw(st.none() | DAYS),
            draw(st.sampled_from("abcdefgh")),
            draw(st.sampled_from(("", "", "It is odd."))),
            tuple(draw(st.lists(TOLD, max_size=3))),
        )
        for row in range(draw(st.integers(0, 12)))
    ]


def read(articles: list[dict[str, Any]]) -> list[Teller]:
    return [
        Teller(
            row,
            one.get("collection", "public"),
            one.get("published"),
            one["text"],
            one.get("doubt", ""),
            told_events(one["text"], one.get("published"), ("sag-aftra", "wga")),
        )
        for row, one in enumerate(articles)
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_an_article_is_doubted_where_its_case_says(case: dict[str, Any]) -> None:
    articles = read(case["articles"])
    assert articles[0].told
    found = later_doubts(articles)
    assert {str(row): said.rpartition(" date that ")[2].rstrip(".") for row, said in found.items()} == case["doubts"]


def test_there_are_enough_cases_of_both_kinds() -> None:
    assert len({case["label"] for case in CASES}) == len(CASES)
    assert sum(bool(case["doubts"]) for case in CASES) >= 8
    assert sum(not case["doubts"] for case in CASES) >= 18


def test_the_sentence_names_the_act_the_words_and_both_days() -> None:
    texts = (
        "Hollywood writers have gone on strike.",
        "The Hollywood writers went on strike on May 2, 2031.",
        "The strike of Hollywood writers began on May 2, 2031.",
    )
    articles = [{"text": text, "published": date(2031, 4 + 3 * bool(row), 5)} for row, text in enumerate(texts)]
    assert later_doubts(read(articles)) == {
        0: "It tells that the strike of the Writers Guild of America has begun (“gone on strike”), but is dated 5 April 2031; "
        "other articles date that 2 May 2031."
    }
    games = [ToldEvent("sag-aftra/video games", Deed.RATIFIED, Dated.FULL, date(2031, 7, 9), "ratified")]
    told = [Teller(row, "public", date(2031, 1, 1 + row), str(row), "", tuple(games)) for row in range(3)]
    assert later_doubts(told)[0] == (
        "It tells that the contract of SAG-AFTRA (video games) was ratified (“ratified”), but is dated 1 January 2031; "
        "other articles date that 9 July 2031."
    )


@given(tellers(), st.randoms(use_true_random=False))
def test_the_order_of_articles_changes_nothing(articles: list[Teller], chance: Any) -> None:
    mixed = list(articles)
    chance.shuffle(mixed)
    assert later_doubts(mixed) == later_doubts(articles)


@given(tellers())
def test_articles_that_readers_may_not_see_change_nothing(articles: list[Teller]) -> None:
    found = later_doubts(articles)
    for own in COLLECTIONS:
        seen = later_doubts([one for one in articles if one.collection in ("public", own)])
        rows = {one.row for one in articles if one.collection == own}
        assert {row: said for row, said in found.items() if row in rows} == {
            row: said for row, said in seen.items() if row in rows
        }


@given(tellers())
def test_a_doubt_names_a_later_day_and_only_dated_articles_have_one(articles: list[Teller]) -> None:
    found = later_doubts(articles)
    assert all(articles[row].published and articles[row].told and "\n" not in said for row, said in found.items())


@given(DAYS, st.integers(0, 400))
def test_an_article_dated_after_what_it_tells_is_never_doubted(day: date, later: int) -> None:
    if day.toordinal() + later > date.max.toordinal():
        return
    for dated in (Dated.NONE, Dated.FULL):
        event = ToldEvent("wga/studios", Deed.ENDED, dated, day if dated is Dated.FULL else None, "ended")
        known = ToldEvent("wga/studios", Deed.ENDED, Dated.FULL, day, "ended")
        articles = [Teller(row, "public", day, str(row), "", (known,)) for row in range(3)]
        assert later_doubts([*articles, Teller(3, "public", day + timedelta(later), "own", "", (event,))]) == {}


def test_many_articles_on_one_strike_are_compared_in_time() -> None:
    """Some 0.1 s on two cores; comparing each with each would take minutes."""
    day = date(2031, 5, 2)
    dated = ToldEvent("wga/studios", Deed.BEGUN, Dated.FULL, day, "began")
    silent = ToldEvent("wga/studios", Deed.BEGUN, Dated.NONE, None, "began")
    articles = [
        Teller(row, "public", day + timedelta(row % 300 - 150), str(row), "", (silent if row % 2 else dated,))
        for row in range(20_000)
    ]
    begun = time.process_time()
    later_doubts(articles)
    assert time.process_time() - begun < 5
