"""The gate between an answer, a weak one and an honest nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answers import COSINE, COVERAGE, judge
from index.config import AnswerSettings
from index.quotes import Quotation, Scored
from index.records import Found, Hit, IndexedArticle, Outcome, Passage, Span

SETTINGS = AnswerSettings(nothing_below=0.3, answered_from=0.5, citations=2)
ARTICLE = IndexedArticle(0, "a", "public", "a.md", "", "", None, None)


def quotation(*sentences: tuple[float, float]) -> Quotation:
    """Its sentences' cosine and coverage."""
    item = Found(Hit(0, 1, 1.0), Passage(0, 0, 0, Span(0, 1), "", "x", (Span(0, 1),)), ARTICLE)
    return Quotation(item, tuple(Scored(Span(0, 1), "x", *one, kind=False) for one in sentences))


def test_nothing_found_is_nothing_whatever_the_thresholds() -> None:
    verdict = judge([], AnswerSettings(nothing_below=0, answered_from=0))
    assert (verdict.outcome, verdict.confidence) == (Outcome.NOTHING, 0.0)
    assert verdict.explanation == ("no passage was found",)


def test_the_weights_make_a_share() -> None:
    assert pytest.approx(1) == COSINE + COVERAGE
    assert judge([quotation((1.0, 1.0))], SETTINGS).confidence == pytest.approx(1)


@pytest.mark.parametrize(
    ("confidence", "outcome"),
    [
        (0.0, Outcome.NOTHING),
        (0.29, Outcome.NOTHING),
        (0.31, Outcome.WEAK),
        (0.49, Outcome.WEAK),
        (0.51, Outcome.ANSWERED),
        (1.0, Outcome.ANSWERED),
    ],
)
def test_the_thresholds_part_answered_weak_and_nothing(confidence: float, outcome: Outcome) -> None:
    verdict = judge([quotation((confidence, confidence))], SETTINGS)
    assert verdict.confidence == pytest.approx(confidence)
    assert verdict.outcome is outcome
    assert verdict.explanation[0].startswith(f"{outcome}: confidence {verdict.confidence:.3f} from cosine ")


def test_a_threshold_itself_is_enough() -> None:
    confidence = judge([quotation((0.4, 0.8))], SETTINGS).confidence
    at = AnswerSettings(nothing_below=confidence, answered_from=confidence)
    assert judge([quotation((0.4, 0.8))], at).outcome is Outcome.ANSWERED
    over = AnswerSettings(nothing_below=confidence, answered_from=confidence + 1e-6)
    assert judge([quotation((0.4, 0.8))], over).outcome is Outcome.WEAK


def test_only_what_would_be_cited_counts() -> None:
    low, high = quotation((0.1, 0.1)), quotation((0.9, 0.9))
    assert judge([low, low, high], SETTINGS).outcome is Outcome.NOTHING
    assert judge([low, high, low], SETTINGS).outcome is Outcome.ANSWERED


@given(st.lists(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1)), min_size=1, max_size=4), min_size=1, max_size=4))
def test_confidence_is_a_share_and_decides_the_outcome(found: list[list[tuple[float, float]]]) -> None:
    verdict = judge([quotation(*sentences) for sentences in found], SETTINGS)
    assert 0 <= verdict.confidence <= 1
    assert (verdict.outcome is Outcome.NOTHING) == (verdict.confidence < SETTINGS.nothing_below)
    assert (verdict.outcome is Outcome.ANSWERED) == (verdict.confidence >= SETTINGS.answered_from)
