"""Orders found passages by what a cross-encoder reads in them and in their best sentences, less what they lack.

Hands scored passages to `quotes` and `answers`; finding them is the searcher's, running the model `models.rerankers`' business.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from corpus.strike_sides import side_of
from corpus.strikes import STRIKES
from index.concepts import Concept, coverage
from index.demands import Demands, Missing, demands_of, holds, missing
from index.events.questions import EventQuestion, asks_for_first, read_question
from index.events.sentence_worth import dated, tells_act
from index.fusion import rerank
from index.lexical import all_terms
from index.models.rerankers import Reranker
from index.passages import embedded_text
from index.questions.asked_period import age_fit, news_of, period_fit
from index.quotes import Quotation, Scored, best_first, scored_by_reading, sentences_of
from index.records import Found, Hit, IndexedArticle, Passage, ReadPeriod, Run, Span
from index.unions import is_of_staff, keys_in, unions_of

# What a passage loses, in the cross-encoder's own numbers, that lacks all the years, unions or numbers which the question
# names. Its numbers reach from −11 to 11, and it hardly knows 2007 from 2023. Fitted to the development questions and to
# those on the starter corpus apart (5.2 and 7.4, 2.8 and 1.2, 2.1 and 4.1); three fifths or one and a half times as much
# changed at most two of 208 questions (docs/experiments.md).
YEARS, UNIONS, NUMBERS = 5.0, 2.0, 2.5
# What a passage loses whose article is not of the period that the question asks about, and what one gains that was news in
# the week before a question that names no time. Judged: 4 and 3 changed nothing in the nDCG@10 of weekly news questions.
PERIOD, NEWS = 3.0, 2.0
# What a passage of long ago loses beside the newest where the question names no time, and where it asks for what unions do
# again and again. Tried on the golden and the development questions: 1 and 3 put as many right ones first as 0 and 0, or one
# more; with 2 and 4 one of 177 was lost (docs/experiments.md).
AGED, AGED_ACT = 1.0, 3.0
# What a passage loses that was written before a strike was over whose whole length is asked for, as read and as fused. Judged.
RUNNING, RUNNING_FUSED = 4.0, 0.4
# Of so many fused passages the best sentence is looked at by its words, and what it adds to their fused scores, 0 to 1: its share
# of the question's concepts, and this much for the kind of thing asked for. On questions that nothing was fitted to, a gold
# sentence stands in the first 16 of .94 instead of .91, in the first 8 of .90 instead of .86 (docs/experiments.md).
WORDED, WORDED_WEIGHT, WORDED_KIND = 40, 0.5, 0.3
# What a passage gains where a sentence tells the act that is asked for, “collapsed” for “fell apart”: beside the fused
# scores, and in the cross-encoder's numbers. Of 1,060 questions with an answer 13 more and one fewer had it first, and nine more
# dates were right; half or one and a half times as much gave less (docs/experiments.md).
WORDED_ACT, ACT_TOLD = 0.2, 1.0
# After so many passages the reading ends where the best is below the first number, since nothing better followed in 226 answered
# questions, and from the second on, a clear answer. Then one more of its article is read: the title makes all of them read
# well. That saved half of the reading and cost two of these questions their first quotation (docs/experiments.md).
ROUNDS = ((6, -5.0, 5.0), (10, 2.0, 4.0))
MORE_OF_CLEAR = 1
# Passages whose sentences are read, more only where more are cited; and of each how many at most, the most promising by
# words, kind and date and those not much below. All sentences of eight passages quoted not one question better.
CLOSELY, SENTENCES, NOT_MUCH = 5, 2, 0.3


@dataclass(frozen=True, slots=True)
class Read:
    """What the cross-encoder says of a passage, and what the passage lacks of the question."""

    score: float
    missing: Missing


@dataclass(frozen=True)
class RankedQuestion:
    """A question as passages are weighed against it. `weights` has the rarity of every term of the concepts.

    `unheard` are its names that stand in no article.
    """

    text: str
    concepts: tuple[Concept, ...]
    weights: Mapping[str, float]
    when: ReadPeriod | None
    day: date
    unheard: tuple[str, ...] = ()

    @cached_property
    def demands(self) -> Demands:
        """What an answer must hold."""
        return demands_of(self.text)

    @cached_property
    def event(self) -> EventQuestion:
        """The question as far as it is about time; read when it is first needed, since a plain search doesn't need it."""
        return read_question(self.text, self.day, self.weights)

    @property
    def latest(self) -> bool:
        """Whether, of what happened several times, the last is meant: no time is named, nor the first."""
        return not self.when and not self.demands.all_years and not asks_for_first(self.text)

    @property
    def news(self) -> ReadPeriod | None:
        """The days of what was news when a question was asked that names no time."""
        return None if self.when or self.demands.all_years else news_of(self.day)


def lacking(question: RankedQuestion, passage: Passage, article: IndexedArticle) -> Missing:
    """What a passage lacks of what the question names; one that names no union is about its article's."""
    named = unions_of(passage.heading, (), passage.text) or article.unions
    if is_of_staff(article.title) and question.event.acts and not is_of_staff(question.text):
        named = ()  # those strike against their union
    lack = missing(question.demands, _whole(passage), article.published, named)
    if lack.unions and question.demands.unions & keys_in(passage.text):
        return replace(lack, unions=lack.unions / 2)  # it speaks of them, be it in passing
    return lack


def by_sentences(question: RankedQuestion, fused: Run, passages: Mapping[int, tuple[Passage, IndexedArticle]]) -> Run:
    """The fused run, of which the hits in `passages`, which are its first, are ordered by their best sentence's words too.

    A sentence that has much of the question answers it sooner than a passage that has it here and there. Costs some 150 µs a
    passage.
    """
    begun, event = time.perf_counter(), question.event
    scores = {
        hit.number: hit.score
        + WORDED_WEIGHT * _best_worded(question, event, passages[hit.number][0])
        - RUNNING_FUSED * _still_ran(question, passages[hit.number][1].published)
        for hit in fused.hits
        if hit.number in passages
    }
    least = min(scores.values(), default=0.0)  # what isn't looked at stays behind what is
    hits = [
        Hit(
            hit.number,
            0,
            scores.get(hit.number, min(hit.score, least)),
            (*hit.evidence, (fused.name, hit.rank, hit.score)),
        )
        for hit in fused.hits
    ]
    ordered = sorted(hits, key=lambda hit: -hit.score)  # stable: equals stay as they were fused
    ranked = tuple(hit._replace(rank=rank) for rank, hit in enumerate(ordered, start=1))
    return Run("worded", ranked, time.perf_counter() - begun)


def _best_worded(question: RankedQuestion, event: EventQuestion, passage: Passage) -> float:
    return max(
        (
            coverage(question.concepts, question.weights, terms)
            + WORDED_KIND * holds(question.demands, one)
            + WORDED_ACT * tells_act(event, question.demands.unions, one, terms)
            for one, terms in _sentences(passage)
        ),
        default=0.0,
    )


def _sentences(passage: Passage) -> list[tuple[str, tuple[str, ...]]]:
    """Each with all its index terms."""
    start = passage.span.start
    texts = (passage.text[one.start - start : one.end - start] for one in passage.sentences)
    return [(one, all_terms(one)) for one in texts]


def reread(
    question: RankedQuestion,
    fused: Run,
    passages: Mapping[int, tuple[Passage, IndexedArticle]],
    reranker: Reranker,
    *,
    thorough: bool = True,
) -> tuple[Run, dict[int, Read]]:
    """The fused run in the order of what the cross-encoder says of the `passages`, and what was read in each, by number.

    Not `thorough`, the reading ends where there is a clear answer, and where none is to be hoped for.
    """
    begun, event = time.perf_counter(), question.event
    left = [hit.number for hit in fused.hits if hit.number in passages]
    rounds = iter(() if thorough else ROUNDS)
    read: dict[int, Read] = {}
    adjusted: dict[int, float] = {}
    lost_to_age = _lost_to_age(question, [article.published for _, article in passages.values()])
    while left:
        last, hopeless, clear = next(rounds, (len(passages), -math.inf, math.inf))
        batch, left = left[: last - len(read)], left[last - len(read) :]
        scores = reranker.scores(question.text, [_whole(passages[number][0]) for number in batch]).tolist()
        for number, score in zip(batch, scores, strict=True):
            read[number] = Read(score, lacking(question, *passages[number]))
            passage, published = passages[number][0], passages[number][1].published
            told = bool(event.acts) and any(
                tells_act(event, question.demands.unions, *one) for one in _sentences(passage)
            )
            lost = _loss(question, read[number].missing, published) + lost_to_age(published)
            adjusted[number] = score + ACT_TOLD * told - lost
        best = max(adjusted, key=lambda number: adjusted[number])
        if adjusted[best] < hopeless:
            break
        if adjusted[best] >= clear:
            left = [number for number in left if passages[number][1].row == passages[best][1].row][:MORE_OF_CLEAR]
            rounds = iter(())
    return rerank(fused, adjusted, time.perf_counter() - begun), read


def read_closely(
    question: RankedQuestion,
    found: Sequence[Found],
    passages: Mapping[int, Read],
    reranker: Reranker,
    text_of: Callable[[int], str],
    cited: int,
) -> list[Quotation]:
    """Quotations of the found passages, the best first, of which `cited` will be shown: of these at least, and of
    `CLOSELY`, the cross-encoder reads some sentences too.

    A passage is as good as what was read in it and its best sentence together. `text_of` gives an article's text by row.
    """
    items = [(item, cut) for item in found if (cut := sentences_of(item))]
    closely, event = max(CLOSELY, cited), question.event
    dates = [
        dated(event, item, [span for span, _ in cut], text_of(item.article.row), question.day)
        for item, cut in items[:closely]
    ]
    chosen = [
        _promising(_scored(question, cut, [None] * len(cut), worth))
        for (_, cut), worth in zip(items, dates, strict=False)
    ]
    # A sentence is read below its article's title, which says who “they” are.
    texts = [
        f"{item.article.title}\n{cut[place][1]}"
        for (item, cut), places in zip(items, chosen, strict=False)
        for place in places
    ]
    numbers = iter(reranker.scores(question.text, texts).tolist() if texts else ())
    made = []
    for place, (item, cut) in enumerate(items):
        read: list[float | None] = [None] * len(cut)
        for one in chosen[place] if place < len(chosen) else ():
            read[one] = next(numbers)
        worth = dates[place] if place < len(dates) else (0.0,) * len(cut)
        scored = _scored(question, cut, read, worth)
        made.append(quotation(question, item, scored, passages.get(item.hit.number)))
    made[:closely] = sorted(made[:closely], key=lambda one: -(one.found.hit.score + one.best.score))
    return made


def _scored(
    question: RankedQuestion, cut: Sequence[tuple[Span, str]], read: Sequence[float | None], dates: Sequence[float]
) -> tuple[Scored, ...]:
    return scored_by_reading(question.demands, cut, read, dates, question.concepts, question.weights)


def _promising(scored: Sequence[Scored]) -> list[int]:
    """The places of the sentences that are worth reading, in their order."""
    best, *others = best_first(scored)[:SENTENCES]
    return sorted((best, *(one for one in others if scored[one].score >= scored[best].score - NOT_MUCH)))


def quotation(question: RankedQuestion, found: Found, sentences: tuple[Scored, ...], read: Read | None) -> Quotation:
    """A found passage with its scored sentences, and what it holds and lacks of the question as a whole."""
    lack = read.missing if read else lacking(question, found.passage, found.article)
    words = all_terms(_whole(found.passage))
    return Quotation(
        found,
        sentences,
        read.score if read else None,
        coverage(question.concepts, question.weights, words),
        lack,
    )


def _whole(passage: Passage) -> str:
    """A passage with its heading: what it is about often stands nowhere else."""
    return embedded_text(passage.heading, passage.text)


def _loss(question: RankedQuestion, lack: Missing, published: date | None) -> float:
    """What is taken off a passage's reading for what it lacks, and for its article's day."""
    lost = YEARS * lack.years + UNIONS * lack.unions + NUMBERS * lack.numbers
    lost += RUNNING * _still_ran(question, published)
    if question.when:
        return lost + PERIOD * (1 - period_fit(question.when, published))
    return lost - NEWS if published and period_fit(question.news, published) else lost


def _still_ran(question: RankedQuestion, published: date | None) -> bool:
    """Whether the strike whose whole length is asked for, their last, wasn't over when an article was written."""
    if published is None or not question.latest or not question.event.whole:
        return False
    side = side_of(question.text)
    ended = max((one.last for one in STRIKES if one.side == side and one.last < question.day), default=published)
    return published < ended


def _lost_to_age(question: RankedQuestion, days: Sequence[date | None]) -> Callable[[date | None], float]:
    """What an article loses by its day beside the newest of these, up to the day of asking."""
    newest = max((day for day in days if day and day <= question.day), default=None)
    most = 0.0 if newest is None or not question.latest else AGED_ACT if question.event.acts else AGED
    return lambda published: most * age_fit(published, newest) if newest else 0.0
