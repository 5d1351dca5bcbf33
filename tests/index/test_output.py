"""What programs read: JSON that any reader takes, and runs that any reader of runs sorts as they are written."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from index.output import answer_fields, json_line, search_fields, trec_lines, trec_name
from index.records import Answer, Citation, Difference, Found, Hit, IndexedArticle, Outcome, Passage, Query, Span, When

anything = st.text(st.characters(exclude_categories=[]), max_size=60)


def article(name: str, row: int = 0, published: date | None = None) -> IndexedArticle:
    return IndexedArticle(row, name, "public", f"{name}.md", f"About {name}", "Harbour Post", None, published)


def found(name: str, score: float, number: int = 0) -> Found:
    passage = Passage(number, 0, 0, Span(10, 24), "heading", "They sat down.", (Span(10, 24),))
    return Found(Hit(number, 1, score), passage, article(name))


@given(st.recursive(st.none() | st.booleans() | st.integers() | anything, lambda inner: st.lists(inner, max_size=3)))
def test_any_value_is_one_line_of_utf_8_and_reads_back_the_same(value: Any) -> None:
    line = json_line({"id": value})
    assert b"\n" not in line
    assert json.loads(line.decode("utf-8")) == {"id": value}


def test_letters_are_written_as_they_are() -> None:
    assert json_line("grève 🪧") == '"grève 🪧"'.encode()


def test_an_answer_gives_offsets_of_the_article_and_rounds_what_is_not_exact() -> None:
    citation = Citation(
        number=1,
        article=article("a", published=date(2031, 5, 10)),
        span=Span(10, 24),
        text="They sat down.",
        highlights=(Span(10, 24),),
        also=(article("b"),),
        score=0.123456789,
    )
    query = Query("who sat down", (), (), ("public",), 50)
    fields = answer_fields(7, "Who sat down?", Answer(query, Outcome.WEAK, 0.43219, (citation,), 3, 0.0123456789))
    assert fields == {
        "id": 7,
        "question": "Who sat down?",
        "outcome": "weak",
        "confidence": 0.4322,
        "when": None,
        "differences": [],
        "earlier": [],
        "citations": [
            {
                "number": 1,
                "article": {
                    "id": "a",
                    "title": "About a",
                    "outlet": "Harbour Post",
                    "url": None,
                    "published": "2031-05-10",
                },
                "start": 10,
                "end": 24,
                "text": "They sat down.",
                "highlights": [[10, 24]],
                "also": [
                    {"id": "b", "title": "About b", "outlet": "Harbour Post", "url": None, "published": None},
                ],
                "score": 0.123457,
            }
        ],
        "generation": 3,
        "seconds": 0.012346,
    }


def test_the_date_and_the_differing_values_are_written_with_their_words_and_citations() -> None:
    query = Query("when", (), (), ("public",), 50)
    when = When(date(2031, 5, 1), date(2031, 5, 31), "month", "last May", 2)
    differences = (Difference("June 2031", "June", 1), Difference("May 2031", "last May", 2))
    earlier = (Difference("July 2028", "July 2028", 3),)
    answer = Answer(query, Outcome.ANSWERED, 0.9, (), 1, 0.1, when=when, differences=differences, earlier=earlier)
    fields = answer_fields(1, "when?", answer)
    assert fields["when"] == {
        "first": "2031-05-01", "last": "2031-05-31", "precision": "month", "words": "last May", "citation": 2,
    }  # fmt: skip
    assert fields["differences"] == [
        {"value": "June 2031", "words": "June", "citation": 1},
        {"value": "May 2031", "words": "last May", "citation": 2},
    ]
    assert fields["earlier"] == [{"value": "July 2028", "words": "July 2028", "citation": 3}]


def test_hits_are_ranked_in_the_order_they_are_given() -> None:
    told = search_fields(None, [found("b", 0.9), found("a", 0.9)])
    assert [(hit["rank"], hit["article_id"], hit["start"], hit["end"]) for hit in told["hits"]] == [
        (1, "b", 10, 24),
        (2, "a", 10, 24),
    ]


def test_a_run_ranks_an_article_by_its_best_passage() -> None:
    lines = trec_lines("q", [found("b", 0.9), found("a", 0.5), found("b", 0.4), found("c", 0.25)], 10)
    assert lines == ["q Q0 b 1 0.900000 picket", "q Q0 a 2 0.500000 picket", "q Q0 c 3 0.250000 picket"]


def test_near_copies_stand_right_behind_the_article_they_repeat() -> None:
    folded = replace(found("a", 0.9), also=(article("copy"),))
    lines = trec_lines("q", [folded, found("b", 0.5)], 10)
    assert [line.split()[2] for line in lines] == ["a", "copy", "b"]


def test_equal_scores_are_set_apart_in_a_run() -> None:
    lines = trec_lines("q", [found("c", 0.5), found("a", 0.5), found("b", 0.4999999)], 10)
    assert lines == ["q Q0 c 1 0.500000 picket", "q Q0 a 2 0.499999 picket", "q Q0 b 3 0.499998 picket"]


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(0, 1)), max_size=30), anything, st.integers(1, 10))
def test_a_run_keeps_its_form_whatever_is_found(hits: list[tuple[str, float]], identity: str, most: int) -> None:
    ordered = sorted(hits, key=lambda hit: -hit[1])
    lines = trec_lines(identity, [found(name, score) for name, score in ordered], most)
    assert len(lines) == min(most, len({name for name, _ in hits}))
    last = float("inf")
    for rank, line in enumerate(lines, start=1):
        line.encode("utf-8")
        topic, q0, _, told, score, tag = line.rsplit(" ", 5)
        assert (topic, q0, told, tag) == (trec_name(identity), "Q0", str(rank), "picket")
        assert float(score) < last
        last = float(score)


def test_ids_are_one_word_in_a_run() -> None:
    assert trec_name("two\u2003words\n") == "two_words"
    (line,) = trec_lines("my question", [found("an article", 1.0)], 1)
    assert line == "my_question Q0 an_article 1 1.000000 picket"
