"""The order of passages: what is read in them, less what they lack of the question."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from index.concepts import concepts_of
from index.demands import NOTHING_MISSING
from index.events.sentence_worth import tells_act
from index.fusion import rerank
from index.lexical import all_terms
from index.quotes import Quotation
from index.ranking import (
    CLOSELY,
    ROUNDS,
    UNIONS,
    YEARS,
    RankedQuestion,
    Read,
    by_sentences,
    lacking,
    read_closely,
    reread,
)
from index.records import Found, Hit, IndexedArticle, Passage, ReadPeriod, Run, Span
from tests.hashing import WordReranker

ARTICLE = IndexedArticle(0, "a", "public", "a.md", "Dockers walk out", "Harbour Post", None, date(2031, 5, 10))


LATER = date(2032, 1, 1)


def question(text: str, when: ReadPeriod | None = None, day: date = LATER) -> RankedQuestion:
    concepts = concepts_of(text)
    return RankedQuestion(text, concepts, {term: 1.0 for one in concepts for term in one.terms}, when, day)


def passage(number: int, text: str, heading: str = "") -> Passage:
    return Passage(number, 0, number, Span(0, len(text)), heading, text, (Span(0, len(text)),))


def run(*numbers: int) -> Run:
    hits = (Hit(number, rank, 1 / rank, (("lexical", rank, 3.0),)) for rank, number in enumerate(numbers, 1))
    return Run("fused", tuple(hits))


def even(*numbers: int) -> Run:
    return Run("fused", tuple(Hit(number, rank, 1.0) for rank, number in enumerate(numbers, 1)))


def order(text: str | RankedQuestion, *passages: tuple[Passage, IndexedArticle]) -> list[int]:
    by_number = {one.number: (one, article) for one, article in passages}
    made, _ = reread(question(text) if isinstance(text, str) else text, run(*by_number), by_number, WordReranker())
    return [hit.number for hit in made.hits]


def test_what_reads_better_comes_first_and_equals_keep_their_order() -> None:
    texts = ["It rained.", "The dockers met.", "The dockers won.", "The dockers won their pay."]
    pairs = [(passage(number, text), ARTICLE) for number, text in enumerate(texts)]
    assert order("dockers won pay", *pairs) == [3, 2, 1, 0]


def test_a_sentence_with_much_of_the_question_brings_its_passage_forward() -> None:
    scattered = in_sentences(0, "The dockers met. ", "Bakers won. ", "It was about pay.")
    together = in_sentences(1, "It rained. ", "The dockers won their pay.")
    made = by_sentences(question("dockers won pay"), even(0, 1, 2), {0: (scattered, ARTICLE), 1: (together, ARTICLE)})
    assert [hit.number for hit in made.hits] == [1, 0, 2]
    assert [hit.rank for hit in made.hits] == [1, 2, 3]
    assert {hit.evidence[-1][0] for hit in made.hits} == {"fused"}
    assert [hit.score for hit in made.hits] == sorted((hit.score for hit in made.hits), reverse=True)


def test_a_sentence_of_the_kind_asked_for_brings_its_passage_forward() -> None:
    plain, counted = passage(0, "Weavers marched."), passage(1, "400 weavers marched.")
    pairs = {one.number: (one, ARTICLE) for one in (plain, counted)}
    assert [hit.number for hit in by_sentences(question("how many weavers marched"), even(0, 1), pairs).hits] == [1, 0]
    assert [hit.number for hit in by_sentences(question("weavers marched"), even(0, 1), pairs).hits] == [0, 1]


def test_a_sentence_that_tells_the_act_asked_for_brings_its_passage_forward() -> None:
    asked_for = "when did the talks fall apart"
    texts = ("The talks were held in May.", "In May the talks collapsed.")
    pairs = [(passage(number, text), ARTICLE) for number, text in enumerate(texts)]
    by_number = {one.number: (one, article) for one, article in pairs}
    assert [hit.number for hit in by_sentences(question(asked_for), even(0, 1), by_number).hits] == [1, 0]
    assert order(asked_for, *pairs) == [1, 0]
    assert order("why did the talks fall apart", *pairs) == [0, 1]  # neither a day nor a length


def test_the_act_of_another_union_brings_no_passage_forward() -> None:
    event, actors = question("when did the strike begin").event, frozenset({"sag-aftra"})
    assert tells_act(
        event, frozenset(), "The Directors Guild walked out.", all_terms("The Directors Guild walked out.")
    )
    assert tells_act(event, actors, "They walked out.", all_terms("They walked out."))
    assert tells_act(
        event,
        actors,
        "SAG-AFTRA walked out beside the Writers Guild.",
        all_terms("SAG-AFTRA walked out beside the Writers Guild."),
    )
    assert not tells_act(event, actors, "The Directors Guild walked out.", all_terms("The Directors Guild walked out."))


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


def test_of_a_union_that_is_spoken_of_in_passing_half_is_lacking() -> None:
    directors = replace(ARTICLE, unions=("dga",))
    asks = question("when did the wga strike")
    texts = ("They walked out.", "They walked out as the writers had.")
    assert [lacking(asks, passage(0, text), directors).unions for text in texts] == [1.0, 0.5]


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


def test_of_what_happens_again_the_latest_comes_first_unless_a_time_is_named_or_the_first_is_asked_for() -> None:
    long_ago, never = replace(ARTICLE, published=date(2007, 11, 5)), replace(ARTICLE, published=None)
    same = "The writers went on strike."
    pairs = [(passage(number, same), article) for number, article in enumerate((long_ago, ARTICLE, never))]
    assert order("when did the writers go on strike", *pairs) == [1, 2, 0]
    assert order("when did the writers first go on strike", *pairs) == [0, 1, 2]
    assert order("when did the writers go on strike in 2007", *pairs)[0] == 0
    then = ReadPeriod("in november", date(2007, 11, 1), date(2007, 11, 30))
    assert order(question("when did the writers go on strike in november", then), *pairs)[0] == 0
    # Whoever asks in 2010 doesn't compare with what was written later, of which nothing is known then.
    assert order(question("when did the writers go on strike", day=date(2010, 1, 1)), *pairs)[0] == 0


def test_a_dispute_of_one_year_has_no_age() -> None:
    spring = replace(ARTICLE, published=date(2030, 5, 15))
    pairs = [(passage(number, "They went on strike."), article) for number, article in enumerate((spring, ARTICLE))]
    assert order("when did they go on strike", *pairs) == [0, 1]


def test_how_long_a_strike_was_is_told_by_what_was_written_when_it_was_over() -> None:
    during, after = (replace(ARTICLE, published=day) for day in (date(2023, 8, 9), date(2023, 9, 27)))
    pairs = [
        (passage(number, "The writers strike was long."), article) for number, article in enumerate((during, after))
    ]
    assert order("how long was the writers strike", *pairs) == [1, 0]
    # What was asked then, or how long it was by some day, has no other answer than the count of its days so far.
    assert order(question("how long was the writers strike", day=date(2023, 8, 20)), *pairs) == [0, 1]
    assert order("how long was the writers strike when talks resumed", *pairs) == [0, 1]
    assert order("how long was the dockers strike", *pairs) == [0, 1]
    assert order("how long was the 1988 writers strike", *pairs) == [0, 1]
    assert order("how long was the longest writers strike", *pairs) == [0, 1]


def test_passages_that_are_not_looked_at_stay_behind_those_that_are() -> None:
    during = replace(ARTICLE, published=date(2023, 8, 9))
    looked_at = {number: (passage(number, "Rain fell."), during) for number in (0, 1)}
    worded = by_sentences(question("how long was the writers strike"), even(0, 1, 2, 3), looked_at)
    assert [hit.number for hit in worded.hits] == [0, 1, 2, 3]
    assert worded.hits[0].score < 1.0  # they lost, since the strike went on
    assert [hit.score for hit in worded.hits] == sorted((hit.score for hit in worded.hits), reverse=True)


def test_those_whom_a_union_employs_are_not_its_members_unless_they_are_asked_about() -> None:
    writers = replace(ARTICLE, title="Writers walk out", unions=("wga",))
    staff = replace(ARTICLE, title="Staff of the writers' guild walk out", unions=("wga", "wgsu"))
    pairs = [(passage(number, "The writers guild went on strike."), one) for number, one in enumerate((staff, writers))]
    assert order("when did the wga go on strike", *pairs) == [1, 0]
    assert order("when did the wga staff go on strike", *pairs) == [0, 1]


def test_where_one_passage_answers_clearly_only_those_of_its_article_are_read_on() -> None:
    other = replace(ARTICLE, row=1)
    (first, _, clear), *_ = ROUNDS
    passages = {number: (passage(number, "It rained."), ARTICLE) for number in range(first + 3)}
    passages[2] = (passage(2, "The dockers won."), other)
    passages[first + 1] = (passage(first + 1, "They came back."), other)

    def read_in(text: str, *, thorough: bool) -> dict[int, Read]:
        return reread(question(text), run(*passages), passages, WordReranker(), thorough=thorough)[1]

    clearly = read_in("dockers won", thorough=False)
    assert clearly[2].score >= clear
    assert set(clearly) == {*range(first), first + 1}
    assert set(read_in("dockers won", thorough=True)) == set(passages)
    assert set(read_in("did the dockers win their pay", thorough=False)) == set(passages)
    assert set(read_in("who sang best", thorough=False)) == set(range(first))


def closely(
    text: str, found: list[Found], read: dict[int, Read], reranker: WordReranker, cited: int = 3
) -> list[Quotation]:
    return read_closely(question(text), found, read, reranker, lambda _: found[0].passage.text, cited)


def in_sentences(number: int, *texts: str) -> Passage:
    spans, start = [], 0
    for text in texts:
        spans.append(Span(start, start + len(text)))
        start += len(text)
    return replace(passage(number, "".join(texts)), sentences=tuple(spans))


def test_of_the_first_passages_the_most_promising_sentences_are_read_below_their_articles_title() -> None:
    reranker = WordReranker()
    texts = ["It rained. ", "The dockers met. ", "The dockers won. ", "They sang."]
    found = [
        Found(Hit(number, number + 1, -number), in_sentences(number, *texts), ARTICLE) for number in range(CLOSELY + 1)
    ]
    lack = replace(NOTHING_MISSING, years=0.5)
    read = {0: Read(3.0, lack), 1: Read(2.0, NOTHING_MISSING)}
    made = closely("did the dockers win", found, read, reranker)
    sentences = ["Dockers walk out\nThe dockers met.", "Dockers walk out\nThe dockers won."]
    assert reranker.read == sentences * CLOSELY
    assert [one.reading for one in made] == [3.0, 2.0, *[None] * (CLOSELY - 1)]
    assert [one.missing for one in made][:2] == [lack, NOTHING_MISSING]
    assert [one.best.meaning is None for one in made] == [False] * CLOSELY + [True]
    assert [one.found for one in made] == found
    assert closely("dockers", [], {}, reranker) == []
    all_cited = closely("did the dockers win", found, read, WordReranker(), CLOSELY + 1)
    assert all(one.best.meaning is not None for one in all_cited)


def test_a_sentence_that_is_far_less_promising_than_another_is_not_read() -> None:
    reranker = WordReranker()
    found = [Found(Hit(0, 1, 1.0), in_sentences(0, "The dockers won on May 3. ", "It rained."), ARTICLE)]
    closely("when did the dockers win", found, {}, reranker)
    assert reranker.read == ["Dockers walk out\nThe dockers won on May 3."]


def test_a_passage_with_the_better_sentence_comes_first_where_they_read_nearly_alike() -> None:
    poor, rich = passage(0, "It rained on the pier."), passage(1, "The dockers won their pay.")
    near = [Found(Hit(0, 1, 2.0), poor, ARTICLE), Found(Hit(1, 2, 1.5), rich, ARTICLE)]
    far = [Found(Hit(0, 1, 9.0), poor, ARTICLE), Found(Hit(1, 2, 1.5), rich, ARTICLE)]
    assert [one.found.hit.number for one in closely("did the dockers win pay", near, {}, WordReranker())] == [1, 0]
    assert [one.found.hit.number for one in closely("did the dockers win pay", far, {}, WordReranker())] == [0, 1]


def test_of_two_dated_sentences_the_one_of_the_event_asked_about_is_the_best() -> None:
    texts = ["The strike began on May 2, 2031. ", "The dockers resumed talks on May 9, 2031."]
    found = [Found(Hit(0, 1, 1.0), in_sentences(0, *texts), ARTICLE)]
    for text, best in (("when did the strike begin", texts[0]), ("when did the dockers resume talks", texts[1])):
        (made,) = closely(text, found, {}, WordReranker())
        assert made.best.text == best.strip()


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
