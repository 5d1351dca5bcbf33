"""Outcomes that sources tell in two opposite ways, from golden cases, laws, and the whole way through an engine."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import format_markdown, make_article
from index.events.answering import read_event
from index.events.outcome_questions import matters_asked
from index.events.outcome_words import FORMS, Matter
from index.events.outcomes import outcomes_told
from index.events.questions import read_question
from index.output import answer_fields
from index.records import Question
from index.terminal import console, show_answer
from tests.engines import SmallEngine, configure, open_engine
from tests.golden_cases import golden_cases
from tests.index.events.material import ASKED, answer_to, cited

CASES = golden_cases("outcomes/*")
NOW = datetime(2031, 12, 1, 12, tzinfo=UTC)
RATIFIED = "The dockers of Aldmouth ratified the deal with the port on Thursday."
REJECTED = "Dockers in Aldmouth rejected the deal with the port on Thursday, it emerged."
QUESTION = "did the dockers of Aldmouth ratify the deal"


def two(first: str, second: str, days: tuple[int, int] = (10, 11), month: int = 10) -> list[dict[str, Any]]:
    """Two articles of two outlets, by the days of a month."""
    return [
        {"text": first, "published": date(2031, month, days[0]), "outlet": "Harbour Post"},
        {"text": second, "published": date(2031, month, days[1]), "outlet": "Dunmere Echo"},
    ]


@pytest.mark.parametrize("case", CASES)
def test_a_golden_case_differs_as_it_says(case: dict[str, Any]) -> None:
    answer = answer_to(case["question"], *case["articles"], asked=case.get("asked", ASKED))
    assert [one.value for one in answer.differences] == case.get("differs", []), answer.explanation


@pytest.mark.parametrize("case", CASES)
def test_the_order_in_which_articles_are_cited_decides_nothing(case: dict[str, Any]) -> None:
    asked = case.get("asked", ASKED)
    told = answer_to(case["question"], *case["articles"], asked=asked)
    turned = answer_to(case["question"], *reversed(case["articles"]), asked=asked)
    assert len(told.differences) == len(turned.differences)


def test_there_are_enough_golden_cases_of_both_kinds_and_of_every_matter() -> None:
    found = [case.values[0] for case in CASES]
    differing = [case for case in found if case.get("differs")]
    assert len(differing) >= 40
    assert len(found) - len(differing) >= 80
    told = {value.split(" on ")[0] for case in differing for value in case["differs"]}
    names = {one.name for one in FORMS} - {""} | {"ruled for the workers", "ruled for the employer"}
    assert told == names


def test_what_is_told_are_verb_words_of_the_citation_newest_first() -> None:
    answer = answer_to(QUESTION, *two(RATIFIED, REJECTED))
    assert [(one.value, one.words, one.citation) for one in answer.differences] == [
        ("rejected", "rejected the deal", 2),
        ("ratified", "ratified the deal", 1),
    ]


def test_words_too_long_to_show_are_the_verb_alone() -> None:
    long = (
        "The dockers voted on Thursday, by a very large margin and in the greatest number that anybody at the port "
        "remembers, to ratify the deal."
    )
    short = "The dockers voted by 55 percent in a ballot of several hours in four halls along the old quay to reject the deal."
    answer = answer_to("did the dockers ratify the deal", *two(long, short, (10, 10)))
    assert {one.words for one in answer.differences} <= {"voted", "rejected the deal"}
    assert all(len(one.words) <= 90 for one in answer.differences)


@pytest.mark.parametrize(("apart", "differ"), [(0, True), (1, True), (2, True), (3, False), (30, False)])
def test_votes_on_days_that_are_told_differ_within_two_days(apart: int, differ: bool) -> None:
    first = "The dockers ratified the deal on October 2."
    second = f"The dockers rejected the deal on {date.fromordinal(date(2031, 10, 2).toordinal() + apart):%B %-d}."
    answer = answer_to("did the dockers ratify the deal", *two(first, second, (3, 20), 11))
    assert bool(answer.differences) is differ


@pytest.mark.parametrize(("apart", "differ"), [(0, True), (3, True), (4, False)])
def test_votes_without_a_day_differ_within_three_days_of_the_articles(apart: int, differ: bool) -> None:
    articles = two("The dockers ratified the deal.", "The dockers rejected the deal.", (10, 10 + apart))
    assert bool(answer_to("did the dockers ratify the deal", *articles).differences) is differ


def test_an_undated_article_and_one_from_the_future_tell_nothing_by_their_own_day() -> None:
    articles = two("The dockers ratified the deal.", "The dockers rejected the deal.")
    assert not answer_to("did the dockers ratify the deal", articles[0], {**articles[1], "published": None}).differences
    assert not answer_to("did the dockers ratify the deal", *articles, asked=date(2031, 10, 10)).differences
    assert answer_to("did the dockers ratify the deal", *articles, asked=date(2031, 10, 11)).differences


def test_a_full_date_is_a_date_in_an_undated_article_too() -> None:
    articles = two(
        "The dockers ratified the deal on October 9, 2031.", "The dockers rejected the deal on October 9, 2031."
    )
    assert answer_to("did the dockers ratify the deal", articles[0], {**articles[1], "published": None}).differences


def test_a_when_question_keeps_its_date_and_gets_the_outcomes_with_their_days() -> None:
    articles = two(RATIFIED.replace("Thursday", "October 9"), REJECTED.replace("Thursday", "October 9"))
    answer = answer_to("when did the dockers of Aldmouth ratify the deal", *articles)
    assert answer.when is not None
    assert answer.when.first == date(2031, 10, 9)
    assert [one.value for one in answer.differences] == ["rejected on 9 October 2031", "ratified on 9 October 2031"]


def test_days_that_differ_are_told_before_outcomes_that_do() -> None:
    articles = [
        *two("The dockers ratified the deal on October 9.", "The dockers ratified the deal on October 10."),
        {
            "text": "The dockers rejected the deal on October 9.",
            "published": date(2031, 10, 11),
            "outlet": "Corvale Star",
        },
    ]
    answer = answer_to("when did the dockers ratify the deal", *articles)
    assert {one.value for one in answer.differences} == {"9 October 2031", "10 October 2031"}


def test_every_step_is_explained_in_a_line() -> None:
    lines = answer_to(QUESTION, *two(RATIFIED, REJECTED)).explanation
    assert lines == (
        "time: the question asks for no date (other)",
        "outcome: asks deal accepted or rejected; 2 outcomes can be compared",
        "outcome: ratified on 2031-10-09 by “ratified the deal” in [1]",
        "outcome: rejected on 2031-10-09 by “rejected the deal” in [2]",
        "sources differ: rejected in [2]",
        "sources differ: ratified in [1]",
    )
    assert answer_to("who leads the dockers", *two(RATIFIED, REJECTED)).explanation == lines[:1]


@pytest.mark.parametrize(
    ("question", "matters"),
    [
        ("did the dockers ratify the deal", {Matter.VOTE}),
        ("was the offer rejected", {Matter.VOTE}),
        ("is the strike over?", {Matter.STRIKE}),
        ("what happened with the vote", {Matter.VOTE, Matter.STRIKE_VOTE}),
        ("how did the vote go", {Matter.VOTE, Matter.STRIKE_VOTE}),
        ("who won the vote", {Matter.VOTE, Matter.STRIKE_VOTE}),
        ("did the dockers and the port reach an agreement", {Matter.DEAL}),
        ("did they authorise a strike", {Matter.STRIKE_VOTE}),
        ("did the strike talks break off", {Matter.TALKS, Matter.DEAL, Matter.STRIKE}),
        ("was the walkout averted", {Matter.WALKOUT}),
        ("did the judge rule for the union", {Matter.RULING}),
        ("when did they ratify the contract", {Matter.VOTE}),
        ("why did they reject the deal", set()),
        ("how many voted to ratify the deal", set()),
        ("how long did the strike last", set()),
        ("who rejected the deal", set()),
        ("what did the union say of the deal", set()),
        ("how did members react to the deal", set()),
        ("will they ratify the deal", set()),
        ("where do the dockers picket", set()),
        ("", set()),
    ],
)
def test_a_question_is_read_as_asking_for_outcomes_or_for_none(question: str, matters: set[Matter]) -> None:
    assert matters_asked(read_question(question, ASKED)) == matters


# --- laws ---

WORDS = st.sampled_from(
    (
        *("The dockers", " of Aldmouth", " and the port", " members", " ratified", " rejected", " voted", " to ratify"),
        *(
            " the deal",
            " the contract",
            " an offer",
            " on Thursday",
            " October 9",
            " if",
            " had",
            " not",
            " after",
            ", who",
        ),
        *(
            " talks",
            " resumed",
            " broke off",
            " reached a deal",
            " ended without a deal",
            " the strike",
            " ended",
            " continues",
        ),
        *(
            " walked out",
            " averted a strike",
            " ruled against the port",
            " 45% of",
            ". ",
            "? ",
            "“",
            "”",
            "\n\n",
            " (",
            ") — ",
        ),
        *(
            " corrected",
            " İ",
            "\ud800",
            " by a margin of 60% to 40%",
            " between",
            " was",
            " authorized a strike",
            " a strike vote",
        ),
    )
)
TEXTS = st.one_of(st.text(min_size=1), st.lists(WORDS, min_size=1, max_size=25).map("".join))
ASKING = st.one_of(
    st.text(),
    st.sampled_from(
        (
            *("did the dockers ratify the deal", "is the strike over", "did talks resume", "did they reach a deal"),
            *(
                "who won the vote",
                "when did the dockers ratify the deal",
                "did the dockers strike",
                "did the judge rule",
            ),
        )
    ),
)
DAYS = st.none() | st.dates(date(2031, 10, 8), date(2031, 10, 12)) | st.dates(date(1, 1, 1), date(9999, 12, 31))


@given(ASKING, st.lists(st.tuples(TEXTS, DAYS), min_size=1, max_size=4), st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_any_question_and_any_text_give_slices_of_two_citations_newest_first_or_nothing(
    question: str, articles: list[tuple[str, date | None]], asked: date
) -> None:
    given_ = [{"text": text, "published": published} for text, published in articles if text.strip()]
    if not given_:
        return
    citations, texts = cited(*given_)
    read = read_question(question, asked)
    for one in outcomes_told(read, frozenset(Matter), citations, texts, asked):
        assert one.span.of(texts[one.article]) == one.words
        assert one.day is not None or one.news is not None
        assert 0 <= one.fit <= 1
    numbered = {one.number: one for one in citations}
    answer = read_event(read, asked, citations, texts)
    for difference in answer.differences:
        assert difference.words in numbered[difference.citation].text
        assert difference.value
    assert len(answer.differences) != 1
    days = [numbered[one.citation].article.published or date.min for one in answer.differences]
    assert days == sorted(days, reverse=True)
    assert all("\n" not in line for line in answer.explanation)


VERBS = {"ratified": "ratify", "rejected": "reject", "approved": "approve", "turned down": "turn down"}


@given(
    st.sampled_from(sorted(VERBS)), st.sampled_from(("will {}", "could {}", "have not {}", "never {}", "would have {}"))
)
def test_what_has_not_happened_never_differs_from_what_has(verb: str, unreal: str) -> None:
    plain = unreal.format(verb if "have" in unreal or "never" in unreal else VERBS[verb])
    for told in ("ratified", "rejected"):
        articles = two(f"The dockers {told} the deal on Thursday.", f"The dockers {plain} the deal on Thursday.")
        assert not answer_to("did the dockers ratify the deal", *articles).differences


@given(st.sampled_from(sorted(VERBS)), st.integers(0, 3))
def test_the_same_told_by_two_sources_is_no_difference(verb: str, apart: int) -> None:
    text = f"The dockers {verb} the deal."
    assert not answer_to("did the dockers ratify the deal", *two(text, text, (10, 10 + apart))).differences


# --- the whole way ---


@contextmanager
def engine(place: Path, **articles: tuple[date, str, str]) -> Iterator[SmallEngine]:
    """An engine over articles of those names, each with its day, outlet and text."""
    config = configure(place)
    for name, (published, outlet, text) in articles.items():
        article = make_article(
            id=name, title=name, text=text, outlet=outlet, published=published, added=NOW, collection="public"
        )
        (place / "articles" / f"{name}.md").write_text(format_markdown(article), "utf-8")
    opened = open_engine(config)
    try:
        opened.reindex(now=NOW)
        yield opened
    finally:
        opened.close()


def test_two_outlets_that_tell_opposite_outcomes_are_both_shown_to_people_and_programs(tmp_path: Path) -> None:
    with engine(
        tmp_path,
        first=(date(2031, 10, 10), "Harbour Post", RATIFIED),
        second=(date(2031, 10, 11), "Dunmere Echo", REJECTED),
        older=(
            date(2031, 9, 12),
            "Dunmere Echo",
            "The dockers of Aldmouth rejected a deal with the port on September 11.",
        ),
        other=(date(2031, 10, 10), "Harbour Post", "The riggers of Brackwater rejected the deal on Thursday."),
    ) as opened:
        answer = opened.ask(Question(QUESTION, NOW))
    numbered = {one.number: one for one in answer.citations}
    assert [(one.value, numbered[one.citation].article.id) for one in answer.differences] == [
        ("rejected", "second"),
        ("ratified", "first"),
    ]
    assert all(one.words in numbered[one.citation].text for one in answer.differences)
    fields = json.loads(json.dumps(answer_fields(1, QUESTION, answer)))
    assert [(one["value"], one["words"]) for one in fields["differences"]] == [
        ("rejected", "rejected the deal"),
        ("ratified", "ratified the deal"),
    ]
    stream = io.StringIO()
    show_answer(console(stream), answer, explain=True)
    shown = stream.getvalue()
    assert "Sources differ:" in shown
    assert "rejected: “rejected the deal”, Dunmere Echo, 11 October 2031" in shown
    assert "outcome: asks deal accepted or rejected; " in shown


def test_outlets_that_tell_one_outcome_do_not_differ(tmp_path: Path) -> None:
    with engine(
        tmp_path,
        first=(date(2031, 10, 10), "Harbour Post", RATIFIED),
        second=(date(2031, 10, 11), "Dunmere Echo", "Dockers in Aldmouth approved the deal with the port on Thursday."),
        older=(
            date(2031, 9, 12),
            "Dunmere Echo",
            "The dockers of Aldmouth rejected a deal with the port on September 11.",
        ),
    ) as opened:
        answer = opened.ask(Question(QUESTION, NOW))
    assert len(answer.citations) >= 2
    assert answer.differences == ()
