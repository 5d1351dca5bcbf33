"""The golden questions are well formed: true to the briefs, whole sentences, valid dates, and enough of every kind."""

import itertools
import json
import re
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, parse_markdown
from corpus.files import ArticleFolder
from index.records import Answer, Citation, IndexedArticle, Outcome, Query, Span, When
from index.sentences import sentence_spans, trim
from tests.corpus.test_starter_corpus import DISPUTES
from tests.quality import APART as APART_REAL
from tests.quality import SHARED, digest_of, keep_all
from tests.quality_golden import APART, ASKED, CORPUS, GoldenQuestion, days_of, figures, guarded, judge, load_questions

QUESTIONS = load_questions()
ANSWERABLE = [one for one in QUESTIONS if one.answerable]
KINDS = {"when", "who", "what", "where", "why", "how", "how-long", "how-many", "outcome", "statement"}
TALK = {"chat", "opinion", "instruction"}
# Why a question has no answer.
REFUSED = {
    "near-miss": "of something that the corpus knows, it asks for what no brief has",
    "off-topic": "it isn't about strikes of people who make films, series and games",
    "chit-chat": "it asks for nothing",
    "opinion": "it asks what Picket thinks",
    "instruction": "it tells Picket what to do",
}
TAGS = REFUSED | {
    "wrong-year": "near miss: the union is right, the year isn't",
    "wrong-union": "near miss: a union of which no brief tells",
    "wrong-vote": "near miss: a vote that was not held, or a result that is not told",
    "wrong-number": "near miss: a sum or a share that is not told",
    "future": "near miss: later than the last brief",
    "alias": "a name as people say it, not as the briefs do",
    "typo": "a word is misspelt by mistake, not as slang",
    "follow-up": "what it asks is only clear from the questions before it",
    "period": "its words name a time that narrows down what is looked for",
    "disagree": "sources differ, or the event happened twice",
}
COMMON = 5  # words in a row that a question may not share with the sentence that answers it
MONTHS = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]


@cache
def brief(name: str) -> Article:
    return parse_markdown((CORPUS / f"{name}.md").read_text("utf-8"), name=name)


@cache
def sentences(name: str) -> frozenset[str]:
    text = brief(name).text
    return frozenset(trim(text, span).of(text) for span in sentence_spans(text))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def labels(questions: list[GoldenQuestion]) -> list[str]:
    return [one.id for one in questions]


def test_there_are_enough_questions_of_every_sort() -> None:
    assert len(QUESTIONS) >= 160
    assert len(ANSWERABLE) >= 100
    assert sum(one.kind == "when" for one in ANSWERABLE) >= 45
    assert len(QUESTIONS) - len(ANSWERABLE) >= 55
    tags = Counter(tag for one in QUESTIONS for tag in one.tags)
    assert tags["near-miss"] >= 35
    assert min(tags[tag] for tag in ("alias", "typo", "follow-up", "period", "disagree")) >= 12
    assert {one.kind for one in ANSWERABLE} >= KINDS - {"how"}
    assert tags.keys() == TAGS.keys()


def test_every_dispute_of_the_corpus_is_asked_about() -> None:
    asked = {tag for one in ANSWERABLE for article, _ in one.gold for tag in brief(article).tags}
    assert set(DISPUTES) <= asked


def test_no_question_stands_there_twice() -> None:
    assert [name for name, count in Counter(labels(QUESTIONS)).items() if count > 1] == []
    asked = Counter((one.history, " ".join(words(one.text))) for one in QUESTIONS)
    assert [text for text, count in asked.items() if count > 1] == []


def test_each_gold_sentence_is_a_whole_sentence_of_its_brief() -> None:
    missing = {article for one in QUESTIONS for article, _ in one.gold if not (CORPUS / f"{article}.md").is_file()}
    assert missing == set()
    wrong = [
        (one.id, sentence) for one in QUESTIONS for article, sentence in one.gold if sentence not in sentences(article)
    ]
    assert wrong == []
    assert [one.id for one in QUESTIONS if len(set(one.gold)) != len(one.gold)] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=labels(QUESTIONS))
def test_each_question_is_tagged_as_what_it_is(question: GoldenQuestion) -> None:
    tags = set(question.tags)
    assert tags <= TAGS.keys()
    assert len(tags) == len(question.tags)
    assert question.text
    assert question.text == question.text.strip()
    assert ("follow-up" in tags) == bool(question.history)
    assert question.asked_at.tzinfo is not None
    assert bool(question.gold) == question.answerable
    assert len(tags & REFUSED.keys()) == (0 if question.answerable else 1)
    assert question.kind in (KINDS if question.answerable else KINDS | TALK)
    assert bool(question.answer_date) == (question.answerable and question.kind == "when")


def test_the_dates_are_valid_and_each_stands_there_once() -> None:
    for one in QUESTIONS:
        dates = [*([one.answer_date] if one.answer_date else []), *one.accept_dates]
        assert len(set(dates)) == len(dates), one.id
        assert one.answer_date or not dates, one.id
        for value in dates:
            first, last = days_of(value)
            assert date(1930, 1, 1) <= first <= last <= date(2026, 12, 31), one.id


def test_a_gold_sentence_spells_the_date_out() -> None:
    dated = [one for one in ANSWERABLE if one.answer_date]
    assert [one.id for one in dated if not any(spells(sentence, one.answer_date) for _, sentence in one.gold)] == []


def spells(sentence: str, value: str) -> bool:
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 1:
        return value in sentence
    month = MONTHS[parts[1] - 1]
    return bool(re.search(rf"\b{month} {parts[2]}\b" if len(parts) == 3 else rf"\b{month}\b", sentence))


def test_no_question_is_worded_like_a_sentence_that_answers_it() -> None:
    copied = [one.id for one in ANSWERABLE if any(runs(one.text) & runs(sentence) for _, sentence in one.gold)]
    assert copied == []


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of COMMON words."""
    said = words(text)
    return {tuple(said[place : place + COMMON]) for place in range(len(said) - COMMON + 1)}


def test_the_guarded_part_is_large_enough_and_has_all_that_is_to_be_refused() -> None:
    part = guarded(QUESTIONS)
    assert len(part) >= 150
    assert {one.id for one in part if not one.answerable} == {one.id for one in QUESTIONS if not one.answerable}
    assert {one.kind for one in part} >= KINDS - {"how"}


# ---- Questions written apart

APART_QUESTIONS = load_questions(APART)
REAL = [json.loads(line) for line in APART_REAL.read_text("utf-8").splitlines()]


def test_questions_written_apart_are_questions_of_their_own() -> None:
    assert len(APART_QUESTIONS) >= 99
    assert sum(not one.answerable for one in APART_QUESTIONS) >= 30
    both = [*QUESTIONS, *APART_QUESTIONS]
    assert len({one.id for one in both}) == len(both)
    assert len({(one.history, " ".join(words(one.text))) for one in both}) == len(both)
    for one in APART_QUESTIONS:
        assert bool(one.gold) == one.answerable, one.id
        assert set(one.tags) <= TAGS.keys(), one.id
        for value in (*([one.answer_date] if one.answer_date else []), *one.accept_dates):
            assert days_of(value), one.id


def test_the_gold_of_questions_written_apart_stands_in_the_briefs() -> None:
    wrong = [
        (one.id, sentence)
        for one in APART_QUESTIONS
        for article, sentence in one.gold
        if sentence not in " ".join(brief(article).text.split())
    ]
    assert wrong == []


def test_questions_on_others_articles_hold_where_an_answer_stands_and_none_of_its_words() -> None:
    assert len(REAL) >= 300
    assert len({one["id"] for one in REAL}) == len(REAL)
    for one in REAL:
        assert bool(one["gold"]) == one["answerable"], one["id"]
        assert one["text"].strip() == one["text"], one["id"]
        assert all(gold.keys() == {"doc", "start", "end", "digest"} for gold in one["gold"]), one["id"]
        assert one["gold_docs"] == sorted({gold["doc"] for gold in one["gold"]}), one["id"]
        for value in (*([one["answer_date"]] if one["answer_date"] else []), *one["accept_dates"]):
            assert days_of(value), one["id"]


def test_what_stands_there_is_what_stood_there_when_they_were_written(tmp_path: Path) -> None:
    raw = SHARED / "articles" / "raw"
    if not raw.is_dir():
        pytest.skip("the articles that they are about are not beside the repository")
    folder = ArticleFolder(tmp_path)
    keep_all(raw, folder)
    texts = {one.id: one.text for one in (folder.read(stamp.path) for stamp in folder.stamps())}
    moved = [
        (one["id"], gold["doc"])
        for one in REAL
        for gold in one["gold"]
        if digest_of(Span(gold["start"], gold["end"]).of(texts[gold["doc"]])) != gold["digest"]
    ]
    assert moved == []


# ---- The measures themselves

ASKED_WHEN = GoldenQuestion(
    id="dockers-out",
    text="when did the dockers of aldmouth walk out",
    kind="when",
    answerable=True,
    answer_date="2031-05",
    accept_dates=("2031-06-02",),
    gold=(("dockers", "The dockers of Aldmouth walked out in May."),),
)
ASKED_IN_VAIN = GoldenQuestion(
    id="bakers-out", text="when did the bakers walk out", kind="when", answerable=False, tags=("near-miss",)
)
TEXT = "The dockers of Aldmouth walked out in May. The harbour stood still."


def answer(*, outcome: Outcome = Outcome.ANSWERED, confidence: float = 0.9, marks: int = 0, days: str = "") -> Answer:
    """An answer that quotes both sentences of TEXT and marks one of them; nothing is quoted where nothing was found."""
    spans = [Span(0, 42), Span(43, len(TEXT))]
    article = IndexedArticle(0, "dockers", "public", "dockers.md", "Dockers out", "Harbour Post", None, None)
    cited = Citation(1, article, Span(0, len(TEXT)), TEXT, (spans[marks],), (), 1.0)
    when = When(*days_of(days), "day", "in May", 1) if days else None
    query = Query("", (), (), ("public",), 10)
    shown = () if outcome is Outcome.NOTHING else (cited,)
    return Answer(query, outcome, confidence, shown, 1, 0.0, when=when)


def test_a_question_answered_as_it_should_be_scores_in_every_measure() -> None:
    right = judge(ASKED_WHEN, answer(days="2031-05"))
    refused = judge(ASKED_IN_VAIN, answer(outcome=Outcome.NOTHING, confidence=0.1))
    assert set(figures([right, refused]).values()) == {1.0}


def test_a_refused_question_and_an_answered_near_miss_score_in_none() -> None:
    refused = judge(ASKED_WHEN, answer(outcome=Outcome.NOTHING, confidence=0.1))
    answered = judge(ASKED_IN_VAIN, answer(outcome=Outcome.WEAK, confidence=0.9))
    assert set(figures([refused, answered]).values()) == {0.0}


def test_a_date_counts_only_at_the_grain_that_was_asked_for() -> None:
    verdicts = {
        days: judge(ASKED_WHEN, answer(days=days)).dated for days in ("2031-05", "2031-06-02", "2031-05-12", "2031", "")
    }
    assert verdicts == {"2031-05": True, "2031-06-02": True, "2031-05-12": False, "2031": False, "": False}
    assert judge(ASKED_IN_VAIN, answer(days="2031-05")).dated is None


def test_only_the_marked_sentence_counts_as_highlighted() -> None:
    beside = judge(ASKED_WHEN, answer(marks=1)).marked
    assert (beside.first, beside.highlighted) == (True, False)


def test_a_question_without_a_time_of_its_own_is_asked_after_the_last_brief() -> None:
    last = max(brief(path.stem).published or date.min for path in Path(CORPUS).glob("*.md"))
    assert last < ASKED.date() < last + timedelta(days=31)
    assert any(one.asked_at != ASKED for one in QUESTIONS)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_a_day_lies_in_its_month_and_the_month_in_its_year(day: date) -> None:
    spans = [days_of(day.isoformat()[:length]) for length in (10, 7, 4)]
    assert spans[0] == (day, day)
    assert all(outer[0] <= inner[0] <= inner[1] <= outer[1] for inner, outer in itertools.pairwise(spans))
    assert spans[1][1].month != (spans[1][1] + timedelta(days=1)).month


@pytest.mark.parametrize("value", ["2023-02-30", "2023-13", "23-05-02", "2023-5-2", "2023-05-02-01", "May 2023", ""])
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(ValueError):
        days_of(value)
