"""The order of passages: what is read in them, less what they lack of the question."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from index.concepts import concepts_of
from index.demands import NOTHING_MISSING
from index.fusion import rerank
from index.ranking import UNIONS, YEARS, Asked, Read, asked, read_closely, reread
from index.records import Found, Hit, IndexedArticle, Passage, ReadPeriod, Run, Span
from tests.hashing import WordReranker

ARTICLE = IndexedArticle(0, "a", "public", "a.md", "Dockers walk out", "Harbour Post", None, date(2031, 5, 10))


LATER = date(2032, 1, 1)


def question(text: str, when: ReadPeriod | None = None, day: date = LATER) -> Asked:
    concepts = concepts_of(text)
    return asked(text, concepts, {term: 1.0 for one in concepts for term in one.terms}, when, day)


def passage(number: int, text: str, heading: str = "") -> Passage:
    return Passage(number, 0, number, Span(0, len(text)), heading, text, (Span(0, len(text)),))


def run(*numbers: int) -> Run:
    hits = (Hit(number, rank, 1 / rank, (("lexical", rank, 3.0),)) for rank, number in enumerate(numbers, 1))
    return Run("fused", tuple(hits))


def order(text: str | Asked, *passages: tuple[Passage, IndexedArticle]) -> list[int]:
    by_number = {one.number: (one, article) for one, article in passages}
    made, _ = reread(question(text) if isinstance(text, str) else text, run(*by_number), by_number, WordReranker())
    return [hit.number for hit in made.hits]


def test_what_reads_better_comes_first_and_equals_keep_their_order() -> None:
    texts = ["It rained.", "The dockers met.", "The dockers won.", "The dockers won their pay."]
    pairs = [(passage(number, text), ARTICLE) for number, text in enumerate(texts)]
    assert order("dockers won pay", *pairs) == [3, 2, 1, 0]


def test_the_heading_is_read_with_the_passage() -> None:
    reranker = WordReranker()
    one = passage(4, "They won.", "Dockers walk out — Harbour Post")
    reread(question("did the dockers win"), run(4), {4: (one, ARTICLE)}, reranker)
    assert reranker.read == ["Dockers walk out — Harbour Post\nThey won."]


def test_another_year_or_another_union_loses_to_the_one_asked_for() -> None:
    then = replace(ARTICLE, published=date(2007, 11, 5))
    same = "The writers went on strike."
    assert order("when did the writers strike in 2007", (passage(0, same), ARTICLE), (passage(1, same), then)) == [1, 0]
    writers, directors = replace(ARTICLE, unions=("wga",)), replace(ARTICLE, unions=("dga",))
    plain = "The members went on strike."
    assert order("when did the wga strike", (passage(0, plain), directors), (passage(1, plain), writers)) == [1, 0]
    assert YEARS > UNIONS > 0


def test_a_passage_that_names_a_union_is_about_that_one_and_not_its_articles() -> None:
    writers = replace(ARTICLE, unions=("wga",))
    directors = passage(0, "The Directors Guild of America went on strike.")
    assert order(
        "when did the wga strike", (directors, writers), (passage(1, "They went on the strike."), writers)
    ) == [
        1,
        0,
    ]


def test_articles_of_the_period_asked_about_come_first_then_undated_ones() -> None:
    then, never = replace(ARTICLE, published=date(2031, 9, 13)), replace(ARTICLE, published=None)
    september = ReadPeriod("in september", date(2031, 9, 1), date(2031, 9, 30))
    pairs = [(passage(number, "They met."), article) for number, article in enumerate((ARTICLE, never, then))]
    assert order(question("who met in september", september), *pairs) == [2, 1, 0]


def test_what_was_news_on_the_day_of_asking_comes_first_unless_a_time_is_named() -> None:
    old, undated, fresh = (replace(ARTICLE, published=day) for day in (date(2031, 5, 1), None, date(2031, 5, 10)))
    pairs = [(passage(number, "Dockers met."), article) for number, article in enumerate((old, undated, fresh))]
    asked_then = date(2031, 5, 12)
    assert order(question("did dockers meet", day=asked_then), *pairs) == [2, 0, 1]
    assert order(question("did dockers meet", day=date(2031, 5, 30)), *pairs) == [0, 1, 2]
    assert order(question("did dockers meet in 2031", day=asked_then), *pairs)[0] == 0
    may = ReadPeriod("in may", date(2031, 4, 28), date(2031, 5, 3))
    assert order(question("did dockers meet", may, asked_then), *pairs) == [0, 1, 2]


def test_of_the_first_passages_every_sentence_is_read_below_its_articles_title() -> None:
    reranker = WordReranker()
    texts = ["The dockers met.", "The dockers won.", "It rained."]
    found = [Found(Hit(number, number + 1, 1.0), passage(number, text), ARTICLE) for number, text in enumerate(texts)]
    lack = replace(NOTHING_MISSING, years=0.5)
    read = {0: Read(3.0, lack), 1: Read(2.0, NOTHING_MISSING)}
    made = read_closely(question("did the dockers win"), found, read, reranker, 2)
    assert reranker.read == ["Dockers walk out\nThe dockers met.", "Dockers walk out\nThe dockers won."]
    assert [one.reading for one in made] == [3.0, 2.0, None]
    assert [one.missing for one in made] == [lack, NOTHING_MISSING, NOTHING_MISSING]
    assert [one.best.meaning is None for one in made] == [False, False, True]
    assert [one.found for one in made] == found
    assert read_closely(question("dockers"), [], {}, reranker, 2) == []


@given(st.permutations(range(8)), st.dictionaries(st.integers(0, 7), st.floats(-11, 11), max_size=8))
def test_a_reranked_run_loses_nothing_and_its_scores_fall(numbers: list[int], readings: dict[int, float]) -> None:
    fused = run(*numbers)
    made = rerank(fused, readings, 0.5)
    assert sorted(hit.number for hit in made.hits) == list(range(8))
    assert [hit.rank for hit in made.hits] == list(range(1, 9))
    assert all(one.score >= other.score for one, other in zip(made.hits, made.hits[1:], strict=False))
    read = [hit.number for hit in made.hits[: len(readings)]]
    assert set(read) == set(readings)
    assert [hit.number for hit in made.hits[len(readings) :]] == [
        number for number in numbers if number not in readings
    ]
    assert all(hit.evidence[-1][0] == "fused" and hit.evidence[0][0] == "lexical" for hit in made.hits)
    assert (made.name, made.seconds) == ("reranked", 0.5)
