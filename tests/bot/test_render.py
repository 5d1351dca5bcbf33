"""bot.render: what is said to an answer, and in which order."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.blocks import Heading, Listing, Note, Paragraph, Quote, Reply, Rule, Source, Tone, parts_of
from bot.escape import units
from bot.fitting import fit
from bot.markdown import block_markdown
from bot.render import (
    ARTICLES_A_PAGE,
    TIMELINE_A_PAGE,
    answer_reply,
    articles_reply,
    context_reply,
    further_reply,
    note_reply,
    on_page,
    page_count,
    timeline_reply,
)
from index.records import Answer, Aside, Difference, IndexedArticle, Outcome, ReadPeriod, Span, When
from tests.bot.discord_markdown import plain, read, styles_of, text_of
from tests.bot.hostile import ASKED, answer, answers, article, articles, citation, law

WALK_OUT = "The dockers walked out on Monday."
ONE = citation(f"The talks had failed. {WALK_OUT}", WALK_OUT)
TWO = citation("They left the port on 6 May.", "They left the port on 6 May.", 2, outlet="Evening Star", published=None)
WHEN = When(date(2031, 5, 5), date(2031, 5, 5), "day", "Monday", 1)


def told(reply: Reply) -> list[str]:
    """Each block as the eye reads it."""
    return [text_of(read(block_markdown(block))) for block in reply.blocks]


def rendered(given_answer: Answer, locale: str = "en") -> list[str]:
    return told(answer_reply(given_answer, asked_at=ASKED, locale=locale))


def test_the_date_stands_first_with_the_words_it_came_from() -> None:
    assert rendered(answer(ONE, TWO, when=WHEN)) == [
        "5 May 2031",
        "“Monday” in an article of Saturday 10 May 2031 [1]",
        "",
        f"The talks had failed. {WALK_OUT}\n[1] Harbour Post, 10 May 2031 · Dockers walk out",
        "",
        "They left the port on 6 May.\n[2] Evening Star, undated · Dockers walk out",
    ]


@pytest.mark.parametrize(
    ("when", "given_fields", "heading", "origin"),
    [
        (WHEN, {"published": None}, "5 May 2031", "“Monday” in an undated article [1]"),
        (
            WHEN,
            {"doubt": "It speaks of June."},
            "5 May 2031",
            "“Monday” in an article of Saturday 10 May 2031 (date uncertain) [1]",
        ),
        (
            When(date(2031, 5, 1), date(2031, 5, 31), "month", "May", 1),
            {},
            "May 2031",
            "“May” in an article of Saturday 10 May 2031 [1]",
        ),
        (
            When(date(2031, 5, 5), date(2031, 5, 9), "day", "five days", 1),
            {},
            "5–9 May 2031",
            "“five days” in an article of Saturday 10 May 2031 [1]",
        ),
        (
            When(date(2031, 5, 5), date(2031, 5, 5), "day", "Monday " * 50, 1),
            {},
            "5 May 2031",
            "From an article of Saturday 10 May 2031 [1]",
        ),
    ],
)
def test_a_date_is_told_as_it_is_known(when: When, given_fields: dict[str, object], heading: str, origin: str) -> None:
    cited = citation(WALK_OUT, WALK_OUT, 1, also=(), **given_fields)
    assert rendered(answer(cited, when=when))[:2] == [heading, origin]


def test_a_date_of_a_citation_that_is_not_there_is_told_without_its_words() -> None:
    when = When(date(2031, 5, 5), date(2031, 5, 5), "day", "Monday", 7)
    assert rendered(answer(ONE, when=when))[:2] == ["5 May 2031", ""]


def test_dates_are_told_in_the_readers_language() -> None:
    lines = rendered(answer(ONE, when=WHEN), "de")
    assert lines[:2] == ["5. Mai 2031", "“Monday” in an article of Samstag, 10. Mai 2031 [1]"]
    assert lines[3].endswith("[1] Harbour Post, 10. Mai 2031 · Dockers walk out")


DIFFERENCES = (Difference("6 May 2031", "on 6 May", 2), Difference("5 May 2031", "Monday", 1))


def test_sources_that_differ_are_told_in_their_order_and_none_of_them_as_the_date() -> None:
    lines = rendered(answer(ONE, TWO, when=WHEN, differences=DIFFERENCES))
    assert lines[:2] == [
        "Sources differ",
        "6 May 2031: “on 6 May”, Evening Star, undated [2]\n5 May 2031: “Monday”, Harbour Post, 10 May 2031 [1]",
    ]
    assert all("in an article of" not in line for line in lines)


def test_a_date_beside_other_things_that_differ_is_still_told() -> None:
    differences = (Difference("3,000 dockers", "", 2), Difference("4,000 dockers", "some 4,000", 3))
    lines = rendered(answer(ONE, TWO, when=WHEN, differences=differences))
    assert lines[0] == "5 May 2031"
    assert lines[2:4] == [
        "Sources differ",
        "3,000 dockers: Evening Star, undated [2]\n4,000 dockers: “some 4,000” [3]",
    ]


def test_the_times_before_are_told_below_the_date() -> None:
    lines = rendered(answer(ONE, TWO, when=WHEN, earlier=(Difference("6 May 2028", "on 6 May", 2),)))
    assert lines[0] == "5 May 2031"
    assert lines[2:4] == ["It had happened before:", "6 May 2028: “on 6 May”, Evening Star, undated [2]"]


def test_a_difference_of_a_passage_not_shown_first_names_its_source() -> None:
    lines = rendered(answer(ONE, further=(TWO,), differences=DIFFERENCES))
    assert "6 May 2031: “on 6 May”, Evening Star, undated [2]" in lines[1]


def test_a_weak_answer_says_that_it_is_weak_and_its_date_too() -> None:
    reply = answer_reply(answer(ONE, when=WHEN, outcome=Outcome.WEAK), asked_at=ASKED)
    assert told(reply)[0] == "Perhaps 5 May 2031"
    assert words.WEAK in told(reply)
    assert reply.tone is Tone.UNSURE
    sure = answer_reply(answer(ONE, when=WHEN), asked_at=ASKED)
    assert words.WEAK not in told(sure)
    assert sure.tone is Tone.GOOD


def test_nothing_is_told_as_nothing_with_the_nearest_articles_by_name_and_no_word_of_them() -> None:
    nearest = (article(), article(title="Bakers sign", published=None))
    reply = answer_reply(answer(outcome=Outcome.NOTHING, nearest=nearest, when=WHEN), asked_at=ASKED)
    assert told(reply) == [
        words.NOTHING,
        words.NEAREST,
        "Harbour Post, 10 May 2031 · Dockers walk out",
        "Harbour Post, undated · Bakers sign",
    ]
    assert not [block for block in reply.blocks if isinstance(block, Source) and block.quotes]
    assert rendered(answer(outcome=Outcome.NOTHING)) == [words.NOTHING]


@pytest.mark.parametrize("aside", Aside)
def test_an_aside_gets_a_sentence_of_its_kind_and_no_citation(aside: Aside) -> None:
    reply = answer_reply(answer(ONE, aside=aside, when=WHEN), asked_at=ASKED)
    assert reply.blocks == (Paragraph(words.ASIDES[aside]),)
    assert len(set(words.ASIDES.values())) == len(Aside)


def test_a_question_that_was_read_otherwise_is_told() -> None:
    assert "Showing answers for “when did the dockers strike”." in rendered(
        answer(ONE, read_as="when did the dockers strike")
    )


@pytest.mark.parametrize(
    ("first", "last", "read_as"),
    [
        (date(2030, 6, 1), date(2030, 8, 31), "June – August 2030"),
        (date(2030, 9, 1), date(2030, 9, 30), "September 2030"),
        (date(2030, 1, 1), date(2030, 12, 31), "2030"),
        (date(2030, 9, 3), date(2030, 9, 9), "3–9 Sept 2030"),
        (date(2030, 9, 3), date(2030, 9, 3), "3 September 2030"),
        (date(2030, 9, 3), None, "3 September 2030 or later"),
        (None, date(2030, 9, 3), "3 September 2030 or earlier"),
        (date(9999, 12, 1), date(9999, 12, 31), "December 9999"),
    ],
)
def test_how_a_time_was_read_is_told(first: date | None, last: date | None, read_as: str) -> None:
    lines = rendered(answer(ONE, period=ReadPeriod("last summer", first, last)))
    assert f"I read “last summer” as {read_as}." in lines


def test_a_time_that_was_not_read_as_one_is_not_told() -> None:
    assert not [line for line in rendered(answer(ONE, period=ReadPeriod("then", None, None))) if "I read" in line]


@pytest.mark.parametrize(
    ("published", "asked_at", "timezone", "old"),
    [
        (date(2030, 5, 20), ASKED, "UTC", False),
        (date(2030, 5, 19), ASKED, "UTC", True),
        (date(2030, 5, 20), datetime(2031, 5, 20, 23, tzinfo=UTC), "Pacific/Auckland", True),
        (date(2030, 5, 19), datetime(2031, 5, 20, 1, tzinfo=UTC), "America/New_York", False),
        (date(2030, 5, 20), datetime(2031, 5, 20, 23), "Pacific/Auckland", False),
        (date(2030, 5, 19), ASKED, "Atlantis/Aldmouth", True),
        (date(2031, 5, 20), ASKED, "UTC", False),
        (None, ASKED, "UTC", False),
    ],
)
def test_evidence_over_a_year_old_is_marked_as_old(
    published: date | None, asked_at: datetime, timezone: str, old: bool
) -> None:
    older = citation(WALK_OUT, WALK_OUT, 2, published=date(2001, 1, 1) if published else None)
    given_answer = answer(citation(WALK_OUT, WALK_OUT, published=published), older)
    lines = told(answer_reply(given_answer, asked_at=asked_at, timezone=timezone))
    assert [line for line in lines if line.startswith("This is old")] == (
        [f"This is old: the newest article here is of {published.day} May 2030, over a year ago."]
        if old and published
        else []
    )


@pytest.mark.parametrize(
    "given_answer",
    [
        answer(citation(WALK_OUT, WALK_OUT, published=date(2001, 1, 1)), text="the dockers in 2001"),
        answer(
            citation(WALK_OUT, WALK_OUT, published=date(2001, 1, 1)),
            period=ReadPeriod("back then", date(2001, 1, 1), None),
        ),
    ],
)
def test_evidence_of_a_time_that_the_question_names_is_not_called_old(given_answer: Answer) -> None:
    assert not [line for line in rendered(given_answer) if "old" in line]


def test_further_passages_are_quoted_with_their_numbers_and_their_page() -> None:
    lines = told(further_reply([TWO], page=2, pages=3))
    assert lines == [
        "Further passages",
        "Page 2 of 3",
        "",
        "They left the port on 6 May.\n[2] Evening Star, undated · Dockers walk out",
    ]
    assert told(further_reply([TWO], page=1, pages=1))[1] == ""
    assert told(further_reply([], page=1, pages=1)) == [words.NO_FURTHER]


def test_a_quote_is_shown_in_its_article_with_the_answering_sentence_in_bold() -> None:
    text = f"Before. {WALK_OUT} After."
    span = Span(8, 8 + len(WALK_OUT))
    reply = context_reply(article(), text, span, span)
    assert told(reply) == ["In its article", f"{text}\nHarbour Post, 10 May 2031 · Dockers walk out"]
    assert text_of(read(block_markdown(reply.blocks[1])), "bold") == WALK_OUT


def test_a_full_page_of_articles_fits_with_its_links() -> None:
    found = [article(title="Dockers " * 30, id=f"a{number}") for number in range(ARTICLES_A_PAGE)]
    reply = articles_reply(found, page=1, pages=2, title=("Articles of ", "Harbour Post"))
    assert told(reply)[:2] == ["Articles of Harbour Post", "Page 1 of 2"]
    assert fit(reply.blocks, components=36) == reply.blocks
    assert told(articles_reply([], page=1, pages=1)) == ["Articles", words.NO_ARTICLES]


def test_a_timeline_has_headlines_under_their_months() -> None:
    found = [
        article(title="Walk-out", published=date(2031, 5, 3)),
        article(title="Talks", published=date(2031, 5, 9), outlet=""),
        article(title="End", published=date(2031, 6, 1)),
        article(title="Why", published=None),
    ]
    assert told(timeline_reply(found, page=1, pages=1)) == [
        "Timeline",
        "May 2031",
        "3 May: Walk-out · Harbour Post\n9 May: Talks · no outlet",
        "June 2031",
        "1 June: End · Harbour Post",
        "undated",
        "Why · Harbour Post",
    ]
    assert told(timeline_reply([], page=1, pages=1)) == ["Timeline", words.NO_ARTICLES]


@law
@given(st.lists(articles(), min_size=TIMELINE_A_PAGE, max_size=TIMELINE_A_PAGE))
def test_a_full_page_of_a_timeline_fits_whatever_the_headlines(found: list[IndexedArticle]) -> None:
    reply = timeline_reply(found, page=1, pages=1)
    assert sum(units(block_markdown(block)) + 1 for block in reply.blocks) <= 4_000


def test_a_note_is_its_sentence() -> None:
    assert note_reply("Done.", tone=Tone.GOOD) == Reply((Paragraph("Done."),), Tone.GOOD)


@law
@given(st.lists(st.integers(), max_size=60), st.integers(1, 9))
def test_paging_loses_nothing_and_repeats_nothing(items: list[int], size: int) -> None:
    pages = page_count(len(items), size)
    shown = [on_page(items, page, size) for page in range(1, pages + 1)]
    assert [one for page in shown for one in page] == items
    assert all(len(page) <= size for page in shown)
    assert all(shown) or not items


def test_a_page_beyond_the_ends_is_the_nearest() -> None:
    assert on_page("abcde", 0, 2) == "ab"
    assert on_page("abcde", 99, 2) == "e"
    assert on_page("", 3, 2) == ""


@law
@given(answers(), st.sampled_from(["UTC", "Europe/London", "../etc", "\x00"]), st.sampled_from(["en", "de", "ar", "?"]))
def test_every_answer_can_be_told_and_nothing_in_it_does_anything(
    given_answer: Answer, timezone: str, locale: str
) -> None:
    reply = answer_reply(given_answer, asked_at=ASKED, timezone=timezone, locale=locale)
    for block in reply.blocks:
        signs = read(block_markdown(block))
        assert styles_of(signs) <= {"bold", "quote", "small", "heading", "list"}
        if isinstance(block, Source):
            assert block.quotes == () or given_answer.outcome is not Outcome.NOTHING
    cited = [block for block in reply.blocks if isinstance(block, Source) and block.number is not None]
    assert len(cited) == (
        0 if given_answer.aside or given_answer.outcome is Outcome.NOTHING else len(given_answer.citations)
    )
    for source, one in zip(cited, given_answer.citations, strict=False):
        for quote in source.quotes[:1]:
            assert plain(text_of(read(block_markdown(quote)), "quote")) == plain(one.text)


def test_the_parts_of_a_card_are_the_known_blocks() -> None:
    reply = answer_reply(
        answer(ONE, when=WHEN, read_as="x", period=ReadPeriod("then", date(2031, 5, 1), None)), asked_at=ASKED
    )
    assert [type(block) for block in reply.blocks] == [Heading, Paragraph, Note, Note, Rule, Source]
    differing = answer_reply(answer(ONE, TWO, differences=DIFFERENCES), asked_at=ASKED)
    assert [type(block) for block in differing.blocks][:2] == [Heading, Listing]
    assert all(
        isinstance(quote, Quote) for block in reply.blocks if isinstance(block, Source) for quote in block.quotes
    )
    assert all(part.text for block in reply.blocks if isinstance(block, Source) for part in parts_of(block.reference))
