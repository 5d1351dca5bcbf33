"""Decides whether what was found answers the question: answered, weak, or an honest nothing.

The gate is one number between 0 and 1: how near in meaning the nearest sentence of the cited passages is, and how much
of what the question speaks of stands in one of them. docs/quality.md has the curve that the two thresholds were set on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.config import AnswerSettings
from index.quotes import Quotation
from index.records import Outcome

# Set on the development questions when the gate saw the best sentences alone, where .6 to .7 for the cosine parted them
# best (AUROC .90); not set anew since it sees all sentences of the cited passages (.90 as well, docs/quality.md).
COSINE, COVERAGE = 0.65, 0.35


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, the number it follows from, and what that number was made of."""

    outcome: Outcome
    confidence: float
    explanation: tuple[str, ...]


def judge(quotations: Sequence[Quotation], settings: AnswerSettings) -> Verdict:
    """The verdict on a question's quotations, best first; nothing found is nothing, whatever the thresholds."""
    if not quotations:
        return Verdict(Outcome.NOTHING, 0.0, ("no passage was found",))
    cited = [sentence for one in quotations[: settings.citations] for sentence in one.sentences]
    cosine, covered = max(one.cosine for one in cited), max(one.coverage for one in cited)
    confidence = min(1.0, max(0.0, COSINE * cosine + COVERAGE * covered))
    if confidence < settings.nothing_below:
        outcome = Outcome.NOTHING
    else:
        outcome = Outcome.ANSWERED if confidence >= settings.answered_from else Outcome.WEAK
    told = (
        f"{outcome}: confidence {confidence:.3f} from cosine {cosine:.3f} and coverage {covered:.3f}; "
        f"nothing below {settings.nothing_below}, answered from {settings.answered_from}"
    )
    return Verdict(outcome, confidence, (told,))
