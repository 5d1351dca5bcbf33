"""What is quoted: contiguous whole sentences around the one that answers, verbatim, and never too many."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.concepts import concepts_of
from index.demands import demands_of
from index.errors import BuildError
from index.quotes import (
    MAX_CHARACTERS,
    WORTH_MORE,
    Quotation,
    Scored,
    at_most,
    best_of,
    quote,
    scored_by_reading,
    scored_by_vectors,
    sentences_of,
    without_repeats,
    worth_more,
)
from index.records import Found, Hit, IndexedArticle, Passage, Span

START = 1_000  # where the passage begins in its article
ARTICLE = IndexedArticle(0, "weavers", "public", "weavers.md", "Weavers walk out", "Harbour Post", None, None)


def found(sentences: list[str], number: int = 0, rank: int = 1) -> Found:
    """A passage of these sentences, each with the spaces after it."""
    text = "".join(sentences)
    spans = []
    place = START
    for sentence in sentences:
        spans.append(Span(place, place + len(sentence)))
        place += len(sentence)
    passage = Passage(number, 0, 0, Span(START, place), "heading", text, tuple(spans))
    return Found(Hit(number, rank, 0.5), passage, ARTICLE, also=(replace(ARTICLE, id="wire"),))


def scored(item: Found, scores: list[float]) -> list[Scored]:
    return [
        Scored(span, text, score, None, 0.0, 0.0)
        for (span, text), score in zip(sentences_of(item), scores, strict=False)
    ]


sentences = st.lists(
    st.tuples(
        st.text("abc Xyz.,’é罢\n", min_size=1, max_size=60).filter(lambda text: bool(text.strip()))
        | st.integers(1, 900).map(lambda length: "w" * length),
        st.sampled_from(["", " ", "\n\n"]),
    ).map("".join),
    min_size=1,
    max_size=9,
)


@given(sentences, st.lists(st.floats(-1, 1), min_size=9, max_size=9), st.integers(1, 3))
def test_a_quotation_is_a_contiguous_slice_around_its_best_sentence(
    texts: list[str], scores: list[float], most: int
) -> None:
    item = found(texts)
    cut = scored(item, scores)
    made = quote(2, item, cut, most)
    best = cut[best_of(cut)]
    inside = [one for one in cut if made.span.start <= one.span.start and one.span.end <= made.span.end]
    assert 1 <= len(inside) <= most
    assert best in inside
    assert made.highlights == (best.span,)
    assert (made.span.start, made.span.end) == (inside[0].span.start, inside[-1].span.end)
    assert [cut.index(one) for one in inside] == list(range(cut.index(inside[0]), cut.index(inside[0]) + len(inside)))
    assert made.text == item.passage.text[made.span.start - START : made.span.end - START]
    assert made.text == made.text.strip()
    assert len(made.text) <= MAX_CHARACTERS or len(inside) == 1
    assert (made.number, made.article, made.also, made.score) == (2, item.article, item.also, item.hit.score)


@given(sentences)
def test_sentences_have_no_spaces_around_them_and_none_is_lost(texts: list[str]) -> None:
    item = found(texts)
    cut = sentences_of(item)
    assert [text for _, text in cut] == [text.strip() for text in texts]
    for span, text in cut:
        assert item.passage.text[span.start - START : span.end - START] == text


def test_a_quotation_grows_towards_the_better_neighbour() -> None:
    item = found(["One. ", "Two. ", "Three. ", "Four. ", "Five."])

    def quoted(scores: list[float], most: int) -> str:
        return quote(1, item, scored(item, scores), most).text

    assert quoted([0, 0.3, 0.9, 0.2, 0.1], 2) == "Two. Three."
    assert quoted([0, 0.2, 0.9, 0.3, 0.1], 2) == "Three. Four."
    assert quoted([0, 0.2, 0.9, 0.3, 0.25], 3) == "Three. Four. Five."
    assert quoted([0, 0.2, 0.9, 0.2, 0.1], 2) == "Two. Three."
    assert quoted([0.9, 0, 0, 0, 0.8], 3) == "One. Two. Three."
    assert quoted([0, 0.3, 0.9, 0.2, 0.1], 1) == "Three."


def test_a_sentence_that_is_too_long_is_quoted_alone_and_whole() -> None:
    long = "word " * 200
    item = found(["Short. ", f"{long}end. ", "Short again."])
    assert quote(1, item, scored(item, [0.1, 0.9, 0.2]), 3).text == f"{long}end."
    assert quote(1, item, scored(item, [0.9, 0.5, 0.2]), 3).text == "Short."


def test_the_first_of_equal_sentences_is_the_best() -> None:
    item = found(["One. ", "Two. ", "Three."])
    assert best_of(scored(item, [0.5, 0.5, 0.5])) == 0
    assert best_of(scored(item, [0.1, 0.5, 0.5])) == 1


@pytest.mark.parametrize("rest", ["2022. ", "Harbour life ", "What now? ", "(3). "])
def test_what_is_no_statement_is_the_best_only_where_nothing_else_is(rest: str) -> None:
    assert best_of(scored(found([rest, "They met."]), [0.9, 0.1])) == 1
    assert best_of(scored(found([rest, rest]), [0.1, 0.9])) == 1


@pytest.mark.parametrize("statement", ["No. ", "They met.” ", "他们罢工了。"])
def test_a_statement_may_be_short(statement: str) -> None:
    assert best_of(scored(found([statement, "They met."]), [0.9, 0.1])) == 0


def test_a_text_that_is_no_slice_is_never_quoted() -> None:
    item = found(["One. ", "Two."])
    moved = [replace(one, span=Span(one.span.start + 1, one.span.end + 1)) for one in scored(item, [0.9, 0.1])]
    with pytest.raises(BuildError, match="is no slice of it; run “python -m index reindex --full”"):
        quote(1, item, moved, 3)


# --- scoring ----------------------------------------------------------------------------------------------------------


def unit(*rows: list[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    vectors = np.array(rows, np.float32)
    made: np.ndarray[tuple[int, ...], np.dtype[np.float32]] = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return made


def weights_of(question: str) -> dict[str, float]:
    return {term: 1.0 for one in concepts_of(question) for term in one.terms}


def test_a_sentence_counts_with_the_one_before_that_says_who_is_meant() -> None:
    question = "weavers contract"
    item = found(["The weavers met. ", "They signed a contract. ", "Then it rained."])
    made = scored_by_vectors(
        demands_of(question),
        sentences_of(item),
        unit([1, 0], [1, 0], [1, 0]),
        unit([0, 1])[0],
        concepts_of(question),
        weights_of(question),
    )
    assert [one.coverage for one in made] == pytest.approx([0.5, 0.75, 0.25])
    assert made[best_of(made)].text == "They signed a contract."


def test_what_was_read_in_a_sentence_its_kind_and_its_words_decide() -> None:
    question = "when did the weavers walk out"
    item = found(
        ["The weavers walked out. ", "It was on Monday. ", "Then it rained. ", "The weavers walked out on May 3."]
    )

    def best(read: list[float | None], dates: tuple[float, ...] = (0.0,) * 4) -> str:
        made = scored_by_reading(
            demands_of(question), sentences_of(item), read, dates, concepts_of(question), weights_of(question)
        )
        assert [one.meaning for one in made] == read
        return made[best_of(made)].text

    assert best([0.0, 0.0, 0.0, 0.0]) == "The weavers walked out on May 3."
    assert best([None, None, None, None]) == "The weavers walked out on May 3."
    assert best([0.0, 20.0, 0.0, 0.0]) == "It was on Monday."
    assert best([5.0, 4.0, -10.0, -10.0]) == "It was on Monday."
    assert best([25.0, 0.0, 0.0, 0.0]) == "The weavers walked out."
    assert best([0.0, 0.0, 0.0, 0.0], (0.0, 1.0, 0.0, 0.0)) == "It was on Monday."
    assert best([None, 5.0, None, None]) == "It was on Monday."


def test_a_sentence_of_other_years_alone_is_worth_less_than_one_that_names_none_or_the_one_asked_about() -> None:
    question = "how long did the 2023 weavers strike last"
    item = found(["In 2007 it lasted 100 days. ", "In 2023 it lasted 100 days. ", "It lasted 100 days."])
    other, own, none = scored_by_reading(
        demands_of(question), sentences_of(item), [0.0] * 3, [0.0] * 3, concepts_of(question), weights_of(question)
    )
    assert own.score > none.score > other.score


@pytest.mark.parametrize("end", [";", "; and"])
def test_a_line_of_a_list_is_a_statement_and_a_heading_is_none(end: str) -> None:
    item = found(["Rest and holidays\n\n", f"ten hours of rest between shifts{end}\n", "a holiday in May.\n"])
    assert best_of(scored(item, [9.0, 5.0, 1.0])) == 1


# --- what is cited beside the best -------------------------------------------------------------------------------------


def quotation(texts: list[str], number: int, reading: float | None, best: int = 0) -> Quotation:
    item = found(texts, number)
    return Quotation(item, tuple(scored(item, [float(place == best) for place in range(len(texts))])), reading)


def test_a_sentence_that_two_passages_share_is_cited_once() -> None:
    one, two, three = (
        quotation(["A strike. ", "It rained."], number, None, best) for number, best in enumerate([0, 0, 1])
    )
    assert without_repeats([one, two, three]) == [one, three]
    assert without_repeats([two, one]) == [two]


def test_of_passages_that_share_their_best_sentence_the_one_with_better_company_is_cited() -> None:
    def shared(number: int, before: float, after: float) -> Quotation:
        item = found(["It rained. ", "The dockers won. ", "They got more rest."], number)
        cut = scored(item, [before, 9.0, after])
        return Quotation(item, tuple(replace(one, meaning=one.score) for one in cut), 5.0)

    poor, rich, unread = (
        shared(0, 0.1, 0.2),
        shared(1, 0.1, 0.7),
        quotation(["It rained. ", "The dockers won."], 2, None, 1),
    )
    other = quotation(["A strike."], 3, None)
    assert without_repeats([poor, other, rich]) == [rich, other]
    assert without_repeats([rich, poor]) == [rich]
    assert without_repeats([unread, unread]) == [unread]


def test_no_more_of_an_article_is_cited_than_the_setting_says() -> None:
    mine = [quotation([f"A strike {number}."], number, None) for number in range(4)]
    other = replace(mine[3], found=replace(mine[3].found, article=replace(ARTICLE, row=1)))
    assert at_most([*mine[:3], other], 2) == [*mine[:2], other]
    assert at_most([], 2) == []


def test_only_what_reads_nearly_as_well_as_the_best_is_kept_for_more() -> None:
    best, near, far, unread = (
        quotation(["A strike."], 0, reading) for reading in (6.0, 6.0 - WORTH_MORE, 5.9 - WORTH_MORE, None)
    )
    assert worth_more([near, far, unread], [best, near, far, unread]) == [near]
    assert worth_more([unread], [unread, unread]) == [unread]
    assert worth_more([], []) == []
