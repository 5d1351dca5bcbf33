"""What is quoted: contiguous whole sentences around the one that answers, verbatim, and never too many."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.concepts import concepts_of
from index.errors import BuildError
from index.quotes import MAX_CHARACTERS, Scored, best_of, quote, ranked, sentences_of, wanted_kind
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
        Scored(span, text, score, 0.0, kind=False)
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


def test_a_text_that_is_no_slice_is_never_quoted() -> None:
    item = found(["One. ", "Two."])
    moved = [replace(one, span=Span(one.span.start + 1, one.span.end + 1)) for one in scored(item, [0.9, 0.1])]
    with pytest.raises(BuildError, match="is no slice of it; run “python -m index reindex --full”"):
        quote(1, item, moved, 3)


# --- what kind of thing is asked for ----------------------------------------------------------------------------------

WHEN = "The talks resumed on Monday."
LONG = "The strike is in its 43rd day."
MANY = "About 400 weavers marched."
WHO = "The letter was signed by Ada Webb."
PLAIN = "the mill stood still, they said."
KNOWN = pytest.mark.xfail(strict=True, reason="words alone don't tell these apart")


@pytest.mark.parametrize(
    ("question", "answers", "others"),
    [
        ("When did the talks resume?", [WHEN, "It began in May 2031.", "They met on Oct. 3.", "today they rest"], [MANY, PLAIN]),
        ("wehn did talks resume", [WHEN], [PLAIN]),
        ("what day did it begin", [WHEN], [PLAIN]),
        ("What is the deadline?", [WHEN, "By June 30, they said."], [PLAIN]),
        ("How long have they been out?", [LONG, "It took three weeks.", "a 12-week strike", "two long months"], [MANY]),
        ("How many days has it lasted?", [LONG], [WHEN, MANY]),
        ("How many weavers marched?", [MANY, "They were twelve.", "It cost $5.", "30% of them"], [WHEN, PLAIN]),
        ("What percentage voted yes?", ["98% did.", "It was 98 percent."], [PLAIN]),
        ("Who signed the letter?", [WHO, "It was the SAG that signed."], ["Nobody did.", PLAIN]),
        ("Whose letter was it?", [WHO], [PLAIN]),
    ],
)  # fmt: skip
def test_a_question_of_a_kind_wants_a_sentence_that_holds_it(
    question: str, answers: list[str], others: list[str]
) -> None:
    kind = wanted_kind(question)
    assert kind is not None
    assert [text for text in answers if not kind.search(text)] == []
    assert [text for text in others if kind.search(text)] == []


@pytest.mark.parametrize(
    ("question", "lookalike"),
    [
        ("When did it begin?", "They may march, or they may not."),
        ("When did it begin?", "The march was called in room 1204."),
        ("When did it begin?", "The sun shone on a second Augusta."),
        ("How long did it last?", "The day was long, and a week is longer."),
        ("How long did it last?", "They earned 20 dollars."),
        ("How many came?", "Someone gave nothing, none at all, and nobody counted."),
        ("Who came?", "Nobody came."),
        pytest.param("How many came?", "No one came.", marks=KNOWN),
        pytest.param("When did it begin?", "May they rest.", marks=KNOWN),
        pytest.param("Who came?", "It rained on Monday.", marks=KNOWN),
    ],
)
def test_words_that_only_look_like_the_kind_are_not_it(question: str, lookalike: str) -> None:
    kind = wanted_kind(question)
    assert kind is not None
    assert not kind.search(lookalike)


@pytest.mark.parametrize(
    "question",
    [
        "What do the weavers want?",
        "Tell me about the whole dispute.",
        "Is the whenever clause in it?",
        "Where is it?",
        "",
    ],
)
def test_a_question_of_no_kind_wants_none(question: str) -> None:
    assert wanted_kind(question) is None


# --- ranking ----------------------------------------------------------------------------------------------------------


def unit(*rows: list[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    vectors = np.array(rows, np.float32)
    made: np.ndarray[tuple[int, ...], np.dtype[np.float32]] = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return made


def test_the_passage_with_the_best_sentence_comes_first() -> None:
    question = "When did the weavers walk out?"
    concepts = concepts_of(question)
    weights = {term: 1.0 for one in concepts for term in one.terms}
    near, far = found(["It rained. ", "The weavers walked out on Monday."], 1, 2), found(["They sat down."], 2, 1)
    vector = unit([1, 0])[0]
    made = ranked(
        question,
        [(far, sentences_of(far), unit([0.1, 1])), (near, sentences_of(near), unit([0, 1], [1, 0.1]))],
        vector,
        concepts,
        weights,
    )
    assert [one.found.passage.number for one in made] == [1, 2]
    assert made[0].best.text == "The weavers walked out on Monday."
    assert made[0].best.kind
    assert not made[1].best.kind


def test_equally_good_passages_keep_the_order_they_were_found_in() -> None:
    one, two = found(["They sat down."], 5, 1), found(["They sat down."], 3, 2)
    items = [(item, sentences_of(item), unit([1, 0])) for item in (two, one)]
    made = ranked("what now", items, unit([1, 0])[0], (), {})
    assert [each.found.hit.rank for each in made] == [1, 2]


def test_a_sentence_counts_with_the_one_before_that_says_who_is_meant() -> None:
    question = "weavers contract"
    concepts = concepts_of(question)
    weights = {term: 1.0 for one in concepts for term in one.terms}
    item = found(["The weavers met. ", "They signed a contract. ", "Then it rained."])
    (made,) = ranked(
        question, [(item, sentences_of(item), unit([1, 0], [1, 0], [1, 0]))], unit([0, 1])[0], concepts, weights
    )
    assert [one.coverage for one in made.sentences] == pytest.approx([0.5, 0.75, 0.25])
    assert made.best.text == "They signed a contract."
