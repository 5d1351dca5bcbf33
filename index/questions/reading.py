"""Reads a person's question into what is searched: mended, completed, with its period, its union, or that it is no question.

Everything here is told: `read_as` where the question was changed, and a line of explanation for every step. What is found
is left to `searcher`, whether it answers to the gate.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.concepts import Concept, concepts_of, other_terms
from index.errors import QuestionError
from index.lexical import question_terms
from index.named_years import with_whole_years
from index.questions.asides import aside_of, off_topic, without_politeness
from index.questions.asked_period import Counted, favoured_days, local_day, period_of, told
from index.questions.spelling import Mended, mend, unheard_names
from index.records import Aside, Query, Question, ReadPeriod
from index.unions import checked_union, unions, unions_in
from index.vocabulary import Vocabulary

# Longer than anything a person types, and than Discord lets them (4,000 characters in a modal).
MAX_QUESTION = 4_000
# How much of an earlier question is read: it is only leant on, and may be as long as a message.
_LONGEST_CONTEXT = 300
# Earlier questions that are read: a talk of a quarter of an hour, or the few before the last.
_MOST_CONTEXT = 6


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question as it is searched.

    `read_as` is the question as it was read where that differs from what was typed, else “”. `aside` is set where it is no
    question to the articles, and then nothing needs to be searched. `union` is a key, and it, `since` and `until` hide
    articles; `when` only favours some. `day` is that of asking, where the person is. `unheard` are names that stand in none
    of the articles that may be seen.
    """

    text: str
    read_as: str
    concepts: tuple[Concept, ...]
    when: ReadPeriod | None
    day: date
    aside: Aside | None
    union: str
    since: date | None
    until: date | None
    collections: tuple[str, ...]
    explanation: tuple[str, ...]
    unheard: tuple[str, ...] = ()

    def query(self, depth: int) -> Query:
        """What the runs get, each `depth` passages deep."""
        others = other_terms(self.concepts)
        return Query(self.text, question_terms(self.text), others, self.collections, depth, self.when)


def clean_question(text: str) -> str:
    """The question in NFC on one line, without control characters; QuestionError where nothing is left or too much."""
    if len(text) > MAX_QUESTION:
        raise QuestionError(
            f"The question has {len(text):,} characters, over the limit of {MAX_QUESTION:,}; ask it in fewer words."
        )
    plain = text
    if not (text.isascii() and text.isprintable()):
        whole = text.encode("utf-8", "replace").decode("utf-8")
        plain = "".join(
            " " if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Zs") else one
            for one in unicodedata.normalize("NFC", whole)
            if unicodedata.category(one) not in ("Cf", "Co", "Cn")
        )
    words = " ".join(plain.split())
    if not any(one.isalnum() for one in words):
        raise QuestionError("The question has no words; ask something such as “when did SAG-AFTRA resume talks?”.")
    return words


def read(question: Question, vocabulary: Vocabulary, counted: Counted) -> ReadQuestion:
    """The reading of a question whose text is clean: on one line, with a word in it.

    `vocabulary` and `counted` tell of the articles that the person may see. QuestionError where the union is unknown or
    `since` is after `until`. Costs about a millisecond, and some 3 ms more for each word that nobody knows.
    """
    union, limits = _limits(question)
    aside = aside_of(question.text)
    if aside:
        return _reading(question, question.text, "", None, aside, union, [f"{aside}: nothing is searched", *limits])
    asked = without_politeness(question.text)
    mended = mend(asked, vocabulary)
    text, leant_on = _completed(with_whole_years(mended.text), question.context, vocabulary)
    when = period_of(text, asked=local_day(question.asked_at, question.timezone), counted=counted)
    lines = [*_mendings(mended), *limits]
    if leant_on:
        lines.append(f"leans on “{leant_on}”: read as “{text}”")
    lines += _names(text)
    if when:
        first, last = favoured_days(when)
        lines.append(f"{told(when)}; articles of {first} to {last} are favoured, {counted(first, last)} may be seen")
    unheard = unheard_names(text, vocabulary)
    if unheard:
        lines.append(f"no article has {', '.join(f'“{one}”' for one in unheard)}")
    return _reading(question, text, text if text != asked else "", when, None, union, lines, unheard)


def is_off_topic(reading: ReadQuestion, vocabulary: Vocabulary, *, answered: bool) -> bool:
    """Whether a question that was searched is about something else than strikes; `answered` is what the gate says."""
    return off_topic(reading.text, vocabulary, answered=answered)


def _reading(
    question: Question,
    text: str,
    read_as: str,
    when: ReadPeriod | None,
    aside: Aside | None,
    union: str,
    lines: Sequence[str],
    unheard: tuple[str, ...] = (),
) -> ReadQuestion:
    return ReadQuestion(
        text=text,
        read_as=read_as,
        concepts=concepts_of(text),
        when=when,
        day=local_day(question.asked_at, question.timezone),
        aside=aside,
        union=union,
        since=question.since,
        until=question.until,
        collections=question.collections,
        explanation=tuple(lines),
        unheard=unheard,
    )


def _limits(question: Question) -> tuple[str, list[str]]:
    """The key of the union that was chosen, and what is told of it and of the days; QuestionError where they can't be."""
    if question.since and question.until and question.since > question.until:
        raise QuestionError(f"Since {question.since} is after until {question.until}; swap them, or leave one out.")
    union = checked_union(question.union)
    lines = [f"only articles that speak of {unions()[union].name}"] if union else []
    if question.since or question.until:
        days = " ".join(f"{word} {day}" for word, day in (("since", question.since), ("until", question.until)) if day)
        lines.append(f"only articles published {days}; undated ones are left out")
    return union, lines


def _completed(text: str, context: Sequence[str], vocabulary: Vocabulary) -> tuple[str, str]:
    """The question as it stands by itself, and the earlier one that it leans on, “” where it leans on none.

    Earlier questions are mended too; greetings and the like are none.
    """
    if not context:
        return text, ""
    from index.questions.follow_ups import complete  # most questions have none before them, and it takes 5 ms to load

    plain = (" ".join(one.split())[:_LONGEST_CONTEXT] for one in context[-_MOST_CONTEXT:])
    before = [
        with_whole_years(mend(without_politeness(one), vocabulary).text)
        for one in plain
        if one and aside_of(one) is None
    ]
    completed = complete(text, before)
    return completed.text, completed.leant_on


def _mendings(mended: Mended) -> list[str]:
    if not mended.changes:
        return []
    changes = ", ".join(f"“{one.typed}” as “{one.mended}”" for one in mended.changes)
    return [f"spelling: read {changes}"]


def _names(text: str) -> list[str]:
    """Which names of unions were known by which words."""
    names = [f"“{text[one.start : one.end]}” is {unions()[one.key].name}" for one in unions_in(text)]
    return [f"names: {', '.join(names)}"] if names else []
