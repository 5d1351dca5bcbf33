"""Answers as a person sees them: plain where piped, in colour in a terminal, and nothing of a stranger's in control."""

import io
import re
import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from index.records import Answer, Citation, Difference, IndexedArticle, Outcome, Query, Span, When
from index.terminal import console, one_line, progress_bar, show_answer

LONG_URL = "https://news.example/2031/05/10/" + "a-very-long-address-" * 12
TEXT = "The weavers walked out on Monday. They want a fifth day of rest.\n\nThe owners met."
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;]*m|\]8;[^\x1b]*\x1b\\)")
anything = st.text(st.characters(exclude_categories=[]), max_size=80)


def article(**changes: Any) -> IndexedArticle:
    return IndexedArticle(
        **{
            "row": 0,
            "id": "weavers",
            "collection": "public",
            "path": "weavers.md",
            "title": "Weavers walk out",
            "outlet": "Harbour Post",
            "url": "https://news.example/weavers",
            "published": date(2031, 5, 10),
            **changes,
        }
    )


def citation(text: str = TEXT, best: Span = Span(0, 33), **changes: Any) -> Citation:  # noqa: B008 - frozen
    start = 100
    return Citation(
        **{
            "number": 1,
            "article": article(),
            "span": Span(start, start + len(text)),
            "text": text,
            "highlights": (Span(start + best.start, start + best.end),),
            "also": (),
            "score": 1.0,
            **changes,
        }
    )


def answer(*citations: Citation, outcome: Outcome = Outcome.ANSWERED, **changes: Any) -> Answer:
    return Answer(Query("q", (), (), ("public",), 50), outcome, 0.9, citations, 1, 0.01, **changes)


def piped(shown: Answer, *, explain: bool = False) -> str:
    stream = io.StringIO()
    show_answer(console(stream), shown, explain=explain)
    return stream.getvalue()


def coloured(shown: Answer, width: int = 80) -> str:
    """What a terminal is sent, colours and links included."""
    stream = io.StringIO()
    out = Console(
        file=stream, force_terminal=True, width=width, markup=False, highlight=False, emoji=False,
        color_system="standard", _environ={},
    )  # fmt: skip
    show_answer(out, shown)
    return stream.getvalue()


def test_a_piped_answer_is_plain_and_marks_the_answering_sentence() -> None:
    assert piped(answer(citation())) == (
        "\n"
        "[1] **The weavers walked out on Monday.** They want a fifth day of rest. The owners met.\n"
        "    Harbour Post, 10 May 2031 · Weavers walk out\n"
        "    https://news.example/weavers\n"
        "\n"
    )


def test_the_answering_sentence_is_marked_wherever_it_stands() -> None:
    last = TEXT.index("The owners")
    told = piped(answer(citation(best=Span(last, len(TEXT)))))
    assert "They want a fifth day of rest. **The owners met.**\n" in told
    middle = Span(34, 64)
    assert "Monday. **They want a fifth day of rest.** The owners" in piped(answer(citation(best=middle)))


def test_a_piped_answer_has_no_line_broken_and_none_padded() -> None:
    long = "The weavers " + "marched and " * 60 + "rested."
    told = piped(answer(citation(long, Span(0, len(long)), article=article(url=LONG_URL))))
    assert f"[1] **{long}**\n" in told
    assert f"    {LONG_URL}\n" in told
    assert [line for line in told.splitlines() if line != line.rstrip()] == []


def test_articles_that_say_the_same_are_named() -> None:
    told = piped(answer(citation(also=(article(outlet="The Wire", published=None, title=""),))))
    assert "\n    also in The Wire, undated · weavers\n" in told


def test_an_article_without_outlet_date_title_or_link_says_so() -> None:
    told = piped(answer(citation(article=article(outlet="", published=None, title="", url=None))))
    assert told.endswith("\n    no outlet, undated · weavers\n\n")


def test_nothing_names_the_nearest_articles() -> None:
    told = piped(answer(outcome=Outcome.NOTHING, nearest=(article(),)))
    assert told == (
        "Nothing in the corpus answers that.\n"
        "The nearest articles, which don't:\n"
        "  Weavers walk out — Harbour Post, 10 May 2031\n"
        "\n"
    )
    assert piped(answer(outcome=Outcome.NOTHING)) == "Nothing in the corpus answers that.\n\n"


def test_a_weak_answer_says_that_it_is_weak() -> None:
    told = piped(answer(citation(), outcome=Outcome.WEAK))
    assert told.startswith("Perhaps one of these; none answers it for certain.\n\n[1] **The weavers")


def test_a_question_that_was_read_otherwise_is_told_on_one_line_before_the_citations() -> None:
    told = piped(answer(citation(), read_as="when did the weavers\x1b[2J\nwalk out"))
    assert told.startswith("Showing answers for “when did the weavers [2J walk out”.\n\n[1] ")
    assert "Showing answers" not in piped(answer(citation()))


def test_how_each_hit_came_to_be_is_told_when_asked_for() -> None:
    explanation = ("lexical: 3 hits in 0.1 ms", "passage 1 of weavers: fused 0.9 " + "and so on " * 30)
    shown = answer(citation(), explanation=explanation)
    assert explanation[0] not in piped(shown)
    assert piped(shown, explain=True).endswith(f"\n\n{explanation[0]}\n{explanation[1].strip()}\n\n")


def test_a_terminal_has_colour_bold_and_a_link_and_no_asterisks() -> None:
    sent = coloured(answer(citation()))
    assert "\x1b[1mThe weavers walked out on Monday." in sent
    assert "\x1b]8;id=" in sent
    assert ";https://news.example/weavers\x1b\\" in sent
    assert "*" not in sent
    assert _ESCAPES.sub("", sent) == piped(answer(citation())).replace("**", "").replace("owners met", "owners\nmet")


@pytest.mark.parametrize("width", [30, 80, 300])
def test_a_terminal_breaks_lines_between_words_and_never_within_a_link(width: int) -> None:
    long = "The weavers " + "marched and " * 60 + "rested."
    sent = _ESCAPES.sub("", coloured(answer(citation(long, Span(0, len(long)), article=article(url=LONG_URL))), width))
    shown = sent.splitlines()
    assert f"    {LONG_URL}" in shown
    others = [line for line in shown if LONG_URL not in line]
    assert max(map(len, others)) <= min(width, 300)
    assert len(others) > 5
    assert [line for line in shown if line != line.rstrip()] == []
    assert one_line(" ".join(others)).startswith(f"[1] {long}")


def test_where_a_terminal_knows_no_bold_the_sentence_is_marked() -> None:
    stream = io.StringIO()
    out = Console(file=stream, force_terminal=True, color_system=None, _environ={"TERM": "dumb"}, width=200)
    show_answer(out, answer(citation()))
    assert "**The weavers walked out on Monday.**" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


# --- strangers' text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\n\nparagraphs\tof  it ", "two paragraphs of it"),
        ("\x1b[31mred\x1b[0m \x1b]0;title\x07", "[31mred [0m ]0;title"),
        ("\x9b31mred", "31mred"),
        ("back\x08space\r\x00", "back space"),
        ("a\u00a0b\u2028c\u2003d", "a b c d"),
        ("turned \u202eround\u202c, \u2066isolated\u2069", "turned round, isolated"),
        ("soft\u00adhyphen and zero\u200bwidth\ufeff", "softhyphen and zerowidth"),
        ("half \ud83d a pair", "half \ufffd a pair"),
        ("👩\u200d🏭 ✊🏽 नहीं می\u200cخواهم", "👩\u200d🏭 ✊🏽 नहीं می\u200cخواهم"),
        ("[bold]not markup[/bold] :smile: **", "[bold]not markup[/bold] :smile: **"),
        ("“Curly” – dashes… stay", "“Curly” – dashes… stay"),
    ],
)
def test_strangers_text_is_shown_on_one_line_without_what_moves_a_cursor(text: str, shown: str) -> None:
    assert one_line(text) == shown


@given(anything)
def test_whatever_is_shown_has_no_control_and_is_shown_the_same_again(text: str) -> None:
    shown = one_line(text)
    assert not {unicodedata.category(one) for one in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert "  " not in shown
    assert one_line(shown) == shown
    shown.encode("utf-8")


@given(anything, anything, anything, anything, anything)
def test_no_article_can_send_a_terminal_a_control_sequence(
    before: str, best: str, title: str, outlet: str, url: str
) -> None:
    hostile = article(title=title, outlet=outlet, url=url)
    text = f"{before}{best}{before}"
    shown = answer(
        citation(text, Span(len(before), len(before + best)), article=hostile, also=(hostile,)),
        nearest=(hostile,),
        explanation=(title,),
    )
    for sent in (piped(shown, explain=True), _ESCAPES.sub("", coloured(shown))):
        assert not [one for one in sent if unicodedata.category(one) in ("Cc", "Zl", "Zp") and one != "\n"]
        sent.encode("utf-8")


@pytest.mark.parametrize("url", ["https://e.example/a b\x1b\\\x1b[2J", "javascript:alert(1)", "file:///etc/passwd"])
def test_a_hostile_address_is_shown_and_no_more(url: str) -> None:
    sent = coloured(answer(citation(article=article(url=url))))
    assert "\x1b[2J" not in sent
    assert ("\x1b]8;" in sent) == url.startswith("https://")


def test_markup_in_an_article_is_shown_as_it_is_written() -> None:
    text = "[red]The :strike: [link=x]goes[/link] on."
    sent = coloured(answer(citation(text, Span(0, len(text)), article=article(title="[bold]T[/bold]"))))
    assert text in sent
    assert "[bold]T[/bold]" in sent


def test_progress_is_silent_where_it_is_piped_and_drawn_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn() -> str:
        stream = io.StringIO()
        with progress_bar(stream) as show:
            show("embedding", 0, 10)
            show("embedding", 10, 10)
            show("something new", 1, 2)
        return stream.getvalue()

    assert drawn() == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    told = drawn()
    assert "Embedding passages" in told
    assert "10/10" in told


def dated(**changes: Any) -> Answer:
    when = When(date(2031, 5, 5), date(2031, 5, 5), "day", "Monday", 1)
    return answer(citation(), **{"when": when, **changes})


def test_the_date_comes_first_with_the_words_it_came_from_and_their_article() -> None:
    shown = piped(dated())
    assert shown.startswith("5 May 2031, from “Monday” in an article of Saturday 10 May 2031 [1]\n")
    assert piped(dated(outcome=Outcome.WEAK)).startswith("Perhaps 5 May 2031, from ")


def test_a_date_that_the_article_itself_stands_for_has_no_words() -> None:
    when = When(date(2031, 5, 10), date(2031, 5, 10), "day", "", 1)
    assert piped(dated(when=when)).startswith("10 May 2031, from an article of Saturday 10 May 2031 [1]\n")


def test_a_span_and_a_month_are_told_as_such() -> None:
    span = When(date(2031, 5, 2), date(2031, 9, 26), "day", "May 2 to Sept. 26", 1)
    assert piped(dated(when=span)).startswith("2 May 2031 to 26 September 2031, from ")
    month = When(date(2031, 5, 1), date(2031, 5, 31), "month", "last month", 1)
    assert piped(dated(when=month)).startswith("May 2031, from ")


def test_an_undated_and_a_doubted_article_are_said_to_be_so() -> None:
    undated = answer(citation(article=article(published=None)), when=dated().when)
    assert piped(undated).startswith("5 May 2031, from “Monday” in an undated article [1]\n")
    doubted = answer(citation(article=article(doubt="It contradicts itself.")), when=dated().when)
    assert piped(doubted).startswith(
        "5 May 2031, from “Monday” in an article of Saturday 10 May 2031 (date uncertain) [1]\n"
    )
    assert "Harbour Post, 10 May 2031 (date uncertain) ·" in piped(doubted)


def test_differing_sources_are_told_instead_of_a_date_that_seems_settled() -> None:
    differences = (Difference("6 May 2031", "Tuesday", 2), Difference("5 May 2031", "Monday", 1))
    shown = piped(answer(citation(), citation(number=2), when=dated().when, differences=differences))
    assert shown.startswith(
        "Sources differ:\n"
        "  6 May 2031: “Tuesday”, Harbour Post, 10 May 2031 [2]\n"
        "  5 May 2031: “Monday”, Harbour Post, 10 May 2031 [1]\n"
    )


def test_the_times_before_are_told_below_the_date_with_their_sources() -> None:
    earlier = (Difference("6 May 2028", "May 6, 2028", 2), Difference("1960", "", 3))
    shown = piped(answer(citation(), citation(number=2), when=dated().when, earlier=earlier))
    assert shown.startswith(
        "5 May 2031, from “Monday” in an article of Saturday 10 May 2031 [1]\n"
        "It had happened before:\n"
        "  6 May 2028: “May 6, 2028”, Harbour Post, 10 May 2031 [2]\n"
        "  1960 [3]\n"
    )
    assert "before" not in piped(answer(outcome=Outcome.NOTHING, earlier=earlier))


def test_where_nothing_answers_no_date_is_told() -> None:
    shown = piped(answer(outcome=Outcome.NOTHING, when=dated().when))
    assert "5 May 2031" not in shown


def test_old_evidence_is_said_to_be_old_unless_the_question_names_a_year() -> None:
    def told(asked: date | None, text: str = "who walked out") -> str:
        stream = io.StringIO()
        shown = Answer(Query(text, (), (), ("public",), 50), Outcome.ANSWERED, 0.9, (citation(),), 1, 0.01)
        show_answer(console(stream), shown, asked=asked)
        return stream.getvalue()

    assert "This is old: the newest article here is of 10 May 2031." in told(date(2033, 1, 1))
    assert "This is old" not in told(date(2031, 12, 1))
    assert "This is old" not in told(None)
    assert "This is old" not in told(date(2033, 1, 1), "who walked out in 2031")
    assert "This is old" not in told(date(2033, 1, 1), "who walked out in the 30s")


@given(anything, anything)
def test_nothing_in_the_words_of_a_date_or_a_difference_moves_the_cursor(words: str, value: str) -> None:
    when = When(date(2031, 5, 5), date(2031, 5, 5), "day", words, 1)
    differences = (Difference(value, words, 1), Difference("x", words, 1))
    for shown in (
        piped(dated(when=when)),
        piped(answer(citation(), differences=differences)),
        piped(answer(citation(), earlier=differences)),
    ):
        assert all(one == "\n" or unicodedata.category(one) != "Cc" for one in shown)
