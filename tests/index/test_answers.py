"""The gate between an answer, a weak one and an honest nothing."""

import tomllib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answers import GATE, figures, gate, judge
from index.concepts import concepts_of
from index.config import AnswerSettings
from index.demands import NOTHING_MISSING
from index.quotes import Quotation, Scored
from index.ranking import RankedQuestion
from index.records import Found, Hit, IndexedArticle, Outcome, Passage, Span

SETTINGS = AnswerSettings(nothing_below=0.3, answered_from=0.6, citations=2)
ARTICLE = IndexedArticle(0, "a", "public", "a.md", "", "", None, date(2031, 5, 10))
BOTH = (("lexical", 1, 9.0), ("dense", 2, 0.7), ("fused", 1, 1.0))


def question(text: str) -> RankedQuestion:
    concepts = concepts_of(text)
    return RankedQuestion(text, concepts, {term: 1.0 for one in concepts for term in one.terms}, None, date(2032, 1, 1))


WHEN = question("when did the dockers of Aldmouth strike")


def quotation(
    reading: float | None, meaning: float, coverage: float = 1.0, *, kind: float = 1.0, evidence: object = BOTH
) -> Quotation:
    item = Found(Hit(0, 1, 1.0, evidence), Passage(0, 0, 0, Span(0, 1), "", "x", (Span(0, 1),)), ARTICLE)  # type: ignore[arg-type]
    return Quotation(item, (Scored(Span(0, 1), "x", 1.0, meaning, coverage, kind),), reading, coverage)


def confidence(*quotations: Quotation, asks: RankedQuestion = WHEN) -> float:
    return judge(quotations, asks, SETTINGS).confidence


def test_nothing_found_is_nothing_whatever_the_thresholds() -> None:
    verdict = judge([], WHEN, AnswerSettings(nothing_below=0, answered_from=0))
    assert (verdict.outcome, verdict.confidence) == (Outcome.NOTHING, 0.0)
    assert verdict.explanation == ("no passage was found",)


def test_the_file_has_a_weight_for_every_figure_with_a_cross_encoder_and_without() -> None:
    parts = tomllib.loads(GATE.read_text("utf-8"))
    assert parts == gate()
    for part, reading in (("reading", 5.0), ("vectors", None)):
        assert parts[part].keys() == {"intercept", *figures([quotation(reading, 0.5)], WHEN)}
        assert all(abs(weight) < 20 for weight in parts[part].values())


def test_what_reads_well_is_answered_and_what_reads_badly_is_nothing() -> None:
    good, bad = quotation(8.0, 7.0), quotation(-9.0, -10.0, 0.1, kind=0.0)
    assert judge([good, bad], WHEN, SETTINGS).outcome is Outcome.ANSWERED
    assert judge([bad, bad], WHEN, SETTINGS).outcome is Outcome.NOTHING
    near, far = quotation(None, 0.8), quotation(None, 0.1, 0.1, kind=0.0)
    assert judge([near, far], WHEN, SETTINGS).outcome is not Outcome.NOTHING
    assert judge([far, far], WHEN, SETTINGS).outcome is Outcome.NOTHING


@pytest.mark.parametrize("lack", ["years", "unions"])
@pytest.mark.parametrize("reading", [5.0, None])
def test_another_year_or_union_lowers_confidence(lack: str, reading: float | None) -> None:
    whole = quotation(reading, 0.5)
    lacking = replace(whole, missing=replace(NOTHING_MISSING, **{lack: 1.0}))
    assert confidence(lacking) < confidence(whole)


def test_what_stands_out_is_likelier_to_answer_than_what_is_one_of_many() -> None:
    one, close, far = quotation(4.0, 3.0), quotation(3.8, 3.0), quotation(-8.0, -9.0)
    assert confidence(one, close) < confidence(one, far) < confidence(one)


def test_a_when_question_without_a_date_that_fits_is_answered_less_surely() -> None:
    undated = quotation(5.0, 4.0)
    best = undated.sentences[0]
    dated, vague = (replace(undated, sentences=(replace(best, date=weight),)) for weight in (1.3, 0.4))
    assert confidence(undated) < confidence(vague) < confidence(dated)
    asks = question("did the dockers of Aldmouth strike")
    assert confidence(undated, asks=asks) == confidence(dated, asks=asks)


def test_a_sentence_without_what_is_asked_for_lowers_confidence() -> None:
    assert confidence(quotation(5.0, 4.0, kind=0.0)) < confidence(quotation(5.0, 4.0))
    counted = quotation(5.0, 4.0, kind=0.0)
    counted = replace(counted, sentences=(replace(counted.sentences[0], date=1.4),))
    assert figures([counted], WHEN)["lacks_kind"] == 0
    unasked = question("tell me about the dockers")
    assert confidence(quotation(5.0, 4.0, kind=0.0), asks=unasked) == confidence(quotation(5.0, 4.0), asks=unasked)


def test_the_thresholds_part_answered_weak_and_nothing_and_are_enough_themselves() -> None:
    made = [quotation(3.0, 2.0)]
    said = judge(made, WHEN, SETTINGS).confidence
    over = min(1.0, said + 1e-6)

    def outcome(nothing_below: float, answered_from: float) -> Outcome:
        return judge(made, WHEN, AnswerSettings(nothing_below=nothing_below, answered_from=answered_from)).outcome

    assert outcome(said, said) is Outcome.ANSWERED
    assert outcome(said, over) is Outcome.WEAK
    assert outcome(over, over) is Outcome.NOTHING


def test_the_explanation_adds_up_to_the_confidence() -> None:
    made = [quotation(4.0, 3.0, 0.5), quotation(1.0, 0.0)]
    verdict = judge(made, WHEN, SETTINGS)
    assert verdict.explanation[0].startswith(
        f"{verdict.outcome}: confidence {verdict.confidence:.3f}; nothing below 0.3"
    )
    for name, value in figures(made, WHEN).items():
        assert not value or f"{name} {value:.2f} × {gate()['reading'][name]:+.2f}" in verdict.explanation[1]


quotations = st.builds(
    quotation,
    st.floats(-12, 12),
    st.floats(-12, 12),
    st.floats(0, 1),
    kind=st.sampled_from([0.0, 0.5, 1.0]),
    evidence=st.sampled_from([BOTH, BOTH[:1], ()]),
)


@given(st.lists(quotations, min_size=1, max_size=5))
def test_confidence_is_a_probability_and_decides_the_outcome(found: list[Quotation]) -> None:
    verdict = judge(found, WHEN, SETTINGS)
    assert 0 <= verdict.confidence <= 1
    assert (verdict.outcome is Outcome.NOTHING) == (verdict.confidence < SETTINGS.nothing_below)
    assert (verdict.outcome is Outcome.ANSWERED) == (verdict.confidence >= SETTINGS.answered_from)
