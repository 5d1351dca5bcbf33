"""Cleaning: the golden cases run forward, and the laws that hold for any text."""

import doctest
import json
import re
import time
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import corpus.repair
from corpus.clean import clean, clean_line, explain
from corpus.extract import draft_from_html, draft_from_text
from corpus.furniture import furniture
from corpus.furniture_rules import HEAD_RULES, LINE_RULES, TAIL_RULES
from corpus.repair import mend_thai
from tests.golden_cases import golden_cases

SHARED = Path(__file__).parents[3] / "shared"
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
ENDLESS = "One endless word and another. " * 5


@pytest.mark.parametrize("case", golden_cases("clean/furniture"))
def test_furniture_is_dropped_and_the_article_kept(case: dict[str, Any]) -> None:
    cleaned = clean(case["input"])
    assert cleaned == case["expect"].strip("\n")
    assert [sentence for sentence in case["keep"] if sentence not in cleaned] == []
    assert set(case["drop"]) <= {rule for _, rule in explain(case["input"])}


@pytest.mark.parametrize("case", golden_cases("clean/lookalikes"))
def test_a_lookalike_stays_whole(case: dict[str, Any]) -> None:
    assert clean(case["input"]) == case["input"].strip("\n")
    assert explain(case["input"]) == []


@pytest.mark.parametrize("case", golden_cases("clean/repairs"))
def test_damage_is_repaired_and_style_is_not(case: dict[str, Any]) -> None:
    assert clean(case["input"]) == case["expect"]


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(corpus.repair) == (0, 1)


def test_there_are_enough_golden_cases() -> None:
    counts = {name: len(golden_cases(f"clean/{name}")) for name in ("furniture", "lookalikes", "repairs")}
    assert sum(counts.values()) >= 45
    assert counts["lookalikes"] >= 15


def test_lines_are_numbered_from_one_and_carry_the_name_of_their_rule() -> None:
    lines = ["The crews voted on Sunday night.", "", "Leave a Reply", "ADVERTISEMENT"]
    assert furniture(lines) == [(3, "comment form"), (4, "advertisement")]


def test_every_rule_says_why() -> None:
    rules = [*LINE_RULES, *HEAD_RULES, *TAIL_RULES]
    assert all(rule.why and rule.name and rule.most > 0 for rule in rules)


def test_every_rule_for_lines_takes_something_in_the_golden_cases_or_is_named_here() -> None:
    used = {rule for case in golden_cases("clean/furniture") for _, rule in explain(case.values[0]["input"])}
    assert {rule.name for rule in LINE_RULES} - used == {"story continues", "arrow link", "video clip"}
    assert [rule for _, rule in explain("Story continues below. On a phone, tap here.")] == ["story continues"]
    assert [rule for _, rule in explain("Check the night buses here>>>")] == ["arrow link"]
    assert [rule for _, rule in explain("Video Ad Feedback 02:11 - Source: Gazette Why the buses stood")] == [
        "video clip"
    ]


def test_by_lines_are_kept_where_no_sentence_would_be_left() -> None:
    assert clean("Ines Falk\nUSA TODAY") == "Ines Falk\nUSA TODAY"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("By Ann Lee | Sept. 14, 2023", date(2023, 9, 14)),
        ("BY ANN LEE AND TOM HARROW — SEPT. 14, 2023, 5:00 P.M. ET", date(2023, 9, 14)),
        ("Published Sept. 14, 2023 at 5:00 p.m.", date(2023, 9, 14)),
        ("Updated 7:43 PM EDT, Mon October 9, 2023", date(2023, 10, 9)),
        ("Fri 23 Jun 2023 09.01 BST", date(2023, 6, 23)),
        ("September 14, 2023", date(2023, 9, 14)),
    ],
)
def test_a_line_that_dates_the_article_is_read_and_then_neither_title_nor_text(line: str, day: date) -> None:
    draft = draft_from_text(f"{line}\n\nThe guild asked for a meeting on pay.".encode(), name="pasted.txt")
    assert (draft.title, draft.text) == ("The guild asked for a meeting on pay.",) * 2
    assert draft.published == day


def test_a_list_of_a_page_keeps_its_points() -> None:
    page = """<html><head><title>Deal</title></head><body><article><p>The porters and the hotels have a deal on pay and
    on rooms, both sides told their members in a letter on Friday night.</p><ul>
    <li><em>Pension:</em><span>Unchanged for all porters hired before 2010</span></li>
    <li><strong>Health care:</strong><span>Premiums frozen for two years for all</span></li>
    <li><b>Health care</b><span>Fully paid for all porters who join</span></li></ul>
    <p>The porters vote on Sunday at the hall, and the count begins when the last of them has come.</p></article>
    </body></html>"""
    text = draft_from_html(page.encode(), url=None, charset=None).text
    assert [line for line in text.split("\n") if line.startswith("- ")] == [
        "- Pension:Unchanged for all porters hired before 2010",
        "- Health care:Premiums frozen for two years for all",
        "- Health careFully paid for all porters who join",
    ]


def test_a_long_list_under_a_tags_heading_is_not_taken_for_tags() -> None:
    towns = [f"Town {number}" for number in range(13)]
    text = "\n".join(["The buses stood still in thirteen towns.", "Read More About:", *towns])
    assert clean(text) == "\n".join(["The buses stood still in thirteen towns.", *towns])


@pytest.mark.parametrize(
    ("letter", "codec"),
    [(letter, codec) for letter in "–—’“”…•£é½" for codec in ("tis_620", "cp874", "iso8859_11")],
)
def test_whole_letters_come_back_from_every_thai_reading(letter: str, codec: str) -> None:
    read = "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in f"word{letter}word".encode())
    assert any("\u0e01" <= character <= "\u0e5b" for character in read)
    assert mend_thai(read) == f"word{letter}word"


FRAGMENTS = [
    "Leave a Reply",
    "Your email address will not be published.",
    "Related Stories",
    "More from this Story Arc",
    "View All Story Arc",
    "Read More About:",
    "Ad Blocker Detected",
    "Videos by PortEllery.com",
    "optional screen reader",
    "More from this Story Arc Ushers View All",
    "Please disable your ad blocker.",
    "Copyright 2023 Quay Media. All rights reserved.",
    "(Rita Lowe/Invision/AP)",
    "Falk was cheered when she came.",
    "## Related Stories",
    "* Leave a Reply",
    "Share",
    "Facebook",
    "Email",
    "Name",
    "Comment",
    "Ines Falk",
    "USA TODAY",
    "By Ines Falk",
    "Opera Strikes",
    "A man walks past the gate (Rita Lowe/Invision/AP)",
    "Photo by Rita Lowe/Getty Images",
    "Contributing: Tom Harrow",
    "More:Night buses to stop",
    "Bus strike latestWhy the drivers walked out",
    "CNN —",
    "Contact Ines Falk at ifalk@gazette.example.",
    "ADVERTISEMENT",
    "By Ines Falk | Sept. 14, 2023",
    "Published Sept. 14, 2023 at 5:00 p.m.",
    "Fri 23 Jun 2023 09.01 BST",
    "September 14, 2023",
    "July 14, 2023",
    "3 min read",
    "MORE FROM THE LEDGER",
    "Rita Lowe/Getty Images",
    "Porters march outside the mill on Friday.",
    "This is a developing story.",
    "The crews voted to stay out on Sunday.",
    "What next?",
    "",
    " ",
    "\n",
    "\n\n",
    "\r",
    "\x85",
    "\u2028",
    "\u200b",
    "\ufeff",
    "\xa0",
    "\xad",
    "\0",
    "\x1b[31m",
    "\ud83d",
    "\ude00",
    "โ",
    "ย",
    "ร",
    "โ€",
    "โ€™",
    "โ€“",
    "ยฃ",
    "รฉ",
    "๏ปฟ",
    "ภาษา",
    "don",
    "t",
    "s ",
    "‘",
    "’",
    "“",
    "”",
    "—",
    "â€™",
    "Ã",
    "Â",
    "â",
    "€",
    "Ã©",
    "ÃÂ",
    "â€¨",
    "\x80",
    "\x93",
    "\x99",
    "e\u0301",
    "\u0301",
    "½",
    "ﬁ",
    "&amp;",
]
texts = st.one_of(
    st.text(alphabet=st.characters(codec=None), max_size=300),
    st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join),
    st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("\n".join),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=8)), max_size=25).map(" ".join),
)


@settings(max_examples=600, deadline=None)
@example("\ud800\0")
@example("\x85\xa0\x85")
@given(texts)
def test_cleaning_again_changes_nothing(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned


@settings(max_examples=400, deadline=None)
@given(texts)
def test_a_clean_text_holds_nothing_invisible(text: str) -> None:
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert "\n\n\n" not in cleaned
    assert not any(line != line.strip() or "  " in line for line in cleaned.split("\n"))
    assert not INVISIBLE.search(cleaned)
    assert not [each for each in cleaned if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") and each != "\n"]
    assert not [each for each in cleaned if unicodedata.category(each) == "Zs" and each != " "]


@settings(max_examples=400, deadline=None)
@given(texts)
def test_a_clean_line_is_one_bounded_line(text: str) -> None:
    line = clean_line(text)
    assert clean_line(line) == line
    assert "\n" not in line
    assert len(line) <= 300
    assert line == line.strip()


def test_a_long_title_is_cut_between_words() -> None:
    line = clean_line("strike " * 100)
    assert line == ("strike " * 43).strip()
    assert clean_line("x" * 5_000) == "x" * 300


def test_a_title_keeps_words_that_are_furniture_in_a_text() -> None:
    assert clean_line("  Getty\u00a0Images \n") == "Getty Images"


def test_plain_prose_is_left_exactly_as_it_is() -> None:
    text = "“We’ll wait,” said Ada Quill — twice.\n\nThe naïve plan cost £5; the other, €6…\nNothing else."
    assert clean(text) == text


@pytest.mark.parametrize(
    "piece",
    [
        "word and ",
        "The crews met. ",
        "“A.” (Rita/AP) A ",
        "Related Stories optional screen reader ",
        "café “word” and ",
        "itâ€™s a cafÃ© ",
        "é",
        "Ã",
        "\xa0",
        "a \u0e42 b told\u0e22 x ",
        "\u0e42\u20ac\u201c",
        "\0",
        "\ud800",
        "a\n",
        "Ines Falk\nUSA TODAY\n",
        "Share\nFacebook\n",
        "More from this Story Arc\nView All\n",
    ],
)
def test_cleaning_takes_time_in_proportion_to_the_text(piece: str) -> None:
    def seconds(characters: int) -> float:
        text = piece * (characters // len(piece))
        started = time.process_time()
        clean(text)
        return time.process_time() - started

    small = seconds(40_000)
    # A quadratic step would take 64 times as long for eight times the text; a small constant keeps tiny
    # figures from deciding.
    assert seconds(320_000) < 24 * small + 0.5


def raw_articles() -> list[Path]:
    return sorted((SHARED / "articles" / "raw").glob("*.txt"))


def raw_text(path: Path) -> str:
    """The text as it came; the four lines above a collected article are not the page's."""
    text = path.read_text(encoding="utf-8")
    return text.split("\n\n", 1)[1] if text.startswith("title: ") else text


LEFT_BY_PAGES = [
    "Ad Blocker",
    "ad blocker",
    "Leave a Reply",
    "Your email address",
    "Required fields",
    "Related Stories",
    "Videos by",
    "optional screen reader",
    "Read More About",
    "Story Arc",
    "Invision/AP",
    "Story continues below",
    "Daily Crossword",
    "CONTRIBUTING",
    "Contributing:",
    "SOURCE ",
    "More:",
    "\u0e42",
    "\u0e22",
]


@pytest.mark.skipif(not raw_articles(), reason="../shared/articles is not there")
def test_no_furniture_of_the_real_pages_survives() -> None:
    for path in raw_articles():
        cleaned = clean(raw_text(path)) + "\n"
        assert [phrase for phrase in LEFT_BY_PAGES if phrase in cleaned] == [], path.stem


@pytest.mark.skipif(not raw_articles(), reason="../shared/articles is not there")
def test_no_furniture_of_the_first_real_pages_survives_where_a_page_is_one_line() -> None:
    for path in raw_articles():
        if path.stem.startswith("seed-"):
            cleaned = clean(" ".join(raw_text(path).split())) + "\n"
            assert [phrase for phrase in LEFT_BY_PAGES if phrase in cleaned] == [], path.stem


@pytest.mark.skipif(not (SHARED / "questions" / "strike.jsonl").exists(), reason="../shared/questions is not there")
def test_no_sentence_that_answers_a_question_is_lost() -> None:
    cleaned = {path.stem: clean(raw_text(path)) for path in raw_articles()}
    questions = map(json.loads, (SHARED / "questions" / "strike.jsonl").read_text(encoding="utf-8").splitlines())
    sentences = [(gold["doc"], gold["sentence"]) for question in questions for gold in question["gold"]]
    assert len(sentences) > 49
    assert [pair for pair in sentences if clean(pair[1]) not in cleaned[pair[0]]] == []
    damaged = [pair for pair in sentences if pair[1] not in cleaned[pair[0]]]
    assert {article for article, _ in damaged} <= {"seed-004"}
