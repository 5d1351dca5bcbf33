"""bot.terminal: the card as it is printed, piped and in a terminal."""

import io
import re

import pytest
from hypothesis import given
from rich.console import Console

from bot import words
from bot.blocks import (
    Action,
    Controls,
    Fields,
    Heading,
    Link,
    Listing,
    Note,
    Paragraph,
    Part,
    Progress,
    Quote,
    Reply,
    Source,
)
from bot.render import answer_reply
from bot.terminal import console, show_reply
from index.records import Answer, Outcome, ReadPeriod, When
from tests.bot.discord_markdown import plain
from tests.bot.hostile import ASKED, answer, answers, article, citation, law

WALK_OUT = "The dockers walked out on Monday."
TEXT = f"The talks had failed. {WALK_OUT}"


def bare(text: str) -> str:
    """What is read, without the gaps, and without the stars that stand for bold."""
    return "".join(plain(text).replace("*", "").split())


WHEN = When(ASKED.date().replace(day=5), ASKED.date().replace(day=5), "day", "Monday", 1)


def printed(reply: Reply) -> str:
    """What is written into a pipe."""
    out = io.StringIO()
    show_reply(console(out), reply)
    return out.getvalue()


def on_screen(reply: Reply, width: int = 60) -> str:
    """What a terminal with colours is sent."""
    out = io.StringIO()
    made = Console(file=out, force_terminal=True, color_system="truecolor", width=width, markup=False, emoji=False)
    show_reply(made, reply)
    return out.getvalue()


def seen(text: str) -> str:
    """A terminal's lines without colours and addresses behind them."""
    return re.sub(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", text)


def test_a_card_is_printed_with_date_quotes_sources_and_addresses() -> None:
    one = citation(TEXT, WALK_OUT, also=(article(outlet="Evening Star"),))
    two = citation(WALK_OUT, WALK_OUT, 2, url=None, published=None)
    reply = answer_reply(answer(one, two, when=WHEN, outcome=Outcome.WEAK), asked_at=ASKED)
    assert printed(reply) == (
        "Perhaps 5 May 2031\n"
        "“Monday” in an article of Saturday 10 May 2031 [1]\n"
        f"{words.WEAK}\n"
        "\n"
        f"[1] The talks had failed. **{WALK_OUT}**\n"
        "    Harbour Post, 10 May 2031 · Dockers walk out\n"
        "    Also in Evening Star, 10 May 2031\n"
        "    https://post.example/dockers\n"
        "\n"
        f"[2] **{WALK_OUT}**\n"
        "    Harbour Post, undated · Dockers walk out\n"
        "\n"
    )


def test_nothing_is_printed_with_the_nearest_articles() -> None:
    reply = answer_reply(answer(outcome=Outcome.NOTHING, nearest=(article(),)), asked_at=ASKED)
    assert printed(reply) == (
        f"{words.NOTHING}\n{words.NEAREST}\n  Harbour Post, 10 May 2031 · Dockers walk out\n"
        "  https://post.example/dockers\n\n"
    )


def test_every_kind_of_block_is_printed() -> None:
    reply = Reply(
        (
            Heading("Status"),
            Paragraph(("Generation ", Part("7", bold=True))),
            Listing(("one", "two")),
            Fields((("Articles", "12"),)),
            Progress("Embedding", 5, 10, "soon"),
            Quote(((Part("Said. "), Part("Done.", bold=True)), (Part("More."),))),
            Link("https://post.example/", "Open"),
            Controls((Action("a", "Press"),)),
            Note("The end."),
            Source(None, "Harbour Post", (Quote(((Part("One."),), (Part("Two."),))),)),
        )
    )
    assert printed(reply) == (
        "Status\nGeneration 7\n• one\n• two\nArticles: 12\nEmbedding\n"
        "▰▰▰▰▰▰▰▰▰▰▱▱▱▱▱▱▱▱▱▱ 5 of 10 (50 %)\nsoon\n"
        "    Said. **Done.**\n    More.\nhttps://post.example/\nThe end.\nOne.\nTwo.\n    Harbour Post\n\n"
    )


def test_in_a_terminal_the_answering_sentence_is_bold_and_has_no_stars() -> None:
    told = on_screen(answer_reply(answer(citation(TEXT, WALK_OUT)), asked_at=ASKED), 200)
    assert f"\x1b[1m{WALK_OUT}" in told
    assert "*" not in told


def test_in_a_terminal_lines_are_broken_between_words_but_addresses_stay_whole() -> None:
    url = "https://post.example/" + "dockers-" * 12
    reply = answer_reply(answer(citation("The dockers walked. " * 12 + WALK_OUT, WALK_OUT, url=url)), asked_at=ASKED)
    rows = seen(on_screen(reply, 60)).split("\n")
    assert f"    {url}" in rows
    assert all(len(row) <= 60 for row in rows if "://" not in row)
    assert not [row for row in rows if row.endswith(("docke", "walk", "Mon"))]
    assert url in on_screen(reply, 60)


def test_only_an_address_that_may_be_opened_is_one() -> None:
    told = on_screen(Reply((Link("javascript:alert(1)"), Link("https://post.example/x"))))
    assert "\x1b]8;" in told
    assert not re.search(r"\x1b\]8;[^\x1b]*javascript", told)
    assert "javascript:alert(1)" in seen(told)


@pytest.mark.parametrize("width", [1, 5, 20])
def test_a_narrow_window_loses_nothing(width: int) -> None:
    reply = answer_reply(answer(citation(TEXT, WALK_OUT)), asked_at=ASKED)
    assert "".join(seen(on_screen(reply, width)).split()) == "".join(printed(reply).replace("*", "").split())


@law
@given(answers())
def test_no_control_sequence_of_a_stranger_reaches_the_terminal(given_answer: Answer) -> None:
    reply = answer_reply(given_answer, asked_at=ASKED)
    told = printed(reply)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]", told)
    assert told.encode()
    if not given_answer.aside and given_answer.outcome is not Outcome.NOTHING:
        for one in given_answer.citations:
            assert bare(one.text) in bare(told)


def test_how_a_time_was_read_is_printed_too() -> None:
    period = ReadPeriod("last summer", ASKED.date(), None)
    assert "I read “last summer” as 20 May 2031 or later.\n" in printed(
        answer_reply(answer(citation(TEXT, WALK_OUT), period=period), asked_at=ASKED)
    )
