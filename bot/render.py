"""Turns answers and articles into replies: what is said, in which order, and nothing of how Discord or a terminal shows it.

Pure: no Discord, no clock, no file but Babel's, of which each language is read once; so call it off the event loop.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TypeVar

from bot import days, words
from bot.blocks import Block, Heading, Line, Listing, Note, Paragraph, Part, Reply, Rule, Tone
from bot.escape import cut, visible
from bot.sources import cited, headline, in_context, named, origin
from index.questions.asked_period import local_day
from index.records import (
    Answer,
    Citation,
    Difference,
    IndexedArticle,
    Outcome,
    ReadPeriod,
    Span,
    When,
    old_since,
    settled_date,
)

# Of each kind of list, how many are on a page. Articles have a link button, so three components each, of Discord's 40.
FURTHER_A_PAGE = 3
ARTICLES_A_PAGE = 8
TIMELINE_A_PAGE = 12

# Words that a date came from are shown whole or not at all, since they are quoted. “Tuesday 24 October 2023” has 23.
_WORDS = 150
_QUESTION = 300
_DIFFERENCES = 5
_VALUE = 100

_TONES = {Outcome.ANSWERED: Tone.GOOD, Outcome.WEAK: Tone.UNSURE, Outcome.NOTHING: Tone.PLAIN}

T = TypeVar("T")


def answer_reply(answer: Answer, *, asked_at: datetime, timezone: str = "UTC", locale: str = "en") -> Reply:
    """The card: the date that was asked for or the sources' differing ones, how the question was read, the citations."""
    if answer.aside:
        return note_reply(words.ASIDES[answer.aside])
    blocks = _found_out(answer, locale)
    if answer.read_as:
        blocks.append(Note(words.showing_answers_for(cut(answer.read_as, _QUESTION))))
    if answer.query.when:
        blocks += _read(answer.query.when, locale)
    if answer.outcome is Outcome.NOTHING:
        blocks.append(Paragraph(words.NOTHING))
        if answer.nearest:
            blocks += [Note(words.NEAREST), *(named(article, locale=locale) for article in answer.nearest)]
        return Reply(tuple(blocks), Tone.PLAIN)
    if answer.outcome is Outcome.WEAK:
        blocks.append(Paragraph(words.WEAK))
    newest = old_since(answer, local_day(asked_at, timezone))
    if newest:
        blocks.append(Note(words.old(days.day(newest, locale))))
    blocks += _sources(answer.citations, locale)
    return Reply(tuple(blocks), _TONES[answer.outcome])


def further_reply(citations: Sequence[Citation], *, page: int, pages: int, locale: str = "en") -> Reply:
    """A page of passages beyond those of the answer."""
    if not citations:
        return note_reply(words.NO_FURTHER)
    return Reply((*_page_head(words.FURTHER, page, pages), *_sources(citations, locale)))


def context_reply(article: IndexedArticle, text: str, span: Span, highlight: Span, *, locale: str = "en") -> Reply:
    """A quotation, `text[span]`, among the sentences around it; `text` is the article's."""
    return Reply((Heading(words.IN_CONTEXT), in_context(article, text, span, highlight, locale=locale)))


def articles_reply(
    articles: Sequence[IndexedArticle], *, page: int, pages: int, title: Line = words.ARTICLES, locale: str = "en"
) -> Reply:
    """One page of articles, each with its link; at most `ARTICLES_A_PAGE` of them fit."""
    if not articles:
        return Reply((Heading(title), Paragraph(words.NO_ARTICLES)))
    return Reply((*_page_head(title, page, pages), *(named(article, locale=locale) for article in articles)))


def timeline_reply(
    articles: Sequence[IndexedArticle], *, page: int, pages: int, title: Line = words.TIMELINE, locale: str = "en"
) -> Reply:
    """One page of headlines under their months, in the order given; what is undated stands under that word."""
    if not articles:
        return Reply((Heading(title), Paragraph(words.NO_ARTICLES)))
    blocks = list(_page_head(title, page, pages))
    for month, group in groupby(articles, lambda article: article.published and article.published.replace(day=1)):
        blocks.append(Paragraph(Part(days.month(month, locale) if month else words.UNDATED, bold=True)))
        blocks.append(Listing(tuple(_moment(article, locale) for article in group)))
    return Reply(tuple(blocks))


def note_reply(sentence: Line, *, tone: Tone = Tone.PLAIN) -> Reply:
    """A sentence alone: a refusal, a confirmation, an error."""
    return Reply((Paragraph(sentence),), tone)


def page_count(items: int, size: int) -> int:
    """How many pages that many items fill; at least one."""
    return max(1, -(-items // size))


def on_page(items: Sequence[T], page: int, size: int) -> Sequence[T]:
    """The items of a page, counted from 1; a page beyond either end is the one nearest to it."""
    page = min(max(page, 1), page_count(len(items), size))
    return items[(page - 1) * size : page * size]


def _found_out(answer: Answer, locale: str) -> list[Block]:
    """What was asked for, in large type: a date with the words it came from, how sources differ, and the times before."""
    if answer.outcome is Outcome.NOTHING:
        return []
    by_number = {one.number: one for one in (*answer.further, *answer.citations)}
    blocks: list[Block] = []
    if when := settled_date(answer):
        blocks += _date(when, by_number, unsure=answer.outcome is Outcome.WEAK, locale=locale)
    if answer.differences:
        told = [_difference(one, by_number, locale) for one in answer.differences[:_DIFFERENCES]]
        blocks += [Heading(words.DIFFER), Listing(tuple(told))]
    if answer.earlier:
        told = [_difference(one, by_number, locale) for one in answer.earlier[:_DIFFERENCES]]
        blocks += [Paragraph(words.BEFORE), Listing(tuple(told))]
    return blocks


def _date(when: When, by_number: dict[int, Citation], *, unsure: bool, locale: str) -> list[Block]:
    told = days.period(when.first, when.last, when.precision, locale)
    blocks: list[Block] = [Heading(words.perhaps(told) if unsure else told)]
    citation = by_number.get(when.citation)
    if citation:
        published = citation.article.published
        blocks.append(
            Paragraph(
                words.date_from(
                    _whole(when.words),
                    days.weekday(published, locale) if published else None,
                    when.citation,
                    doubted=bool(citation.article.doubt),
                )
            )
        )
    return blocks


def _difference(one: Difference, by_number: dict[int, Citation], locale: str) -> Line:
    citation = by_number.get(one.citation)
    source = origin(citation.article, locale=locale) if citation else ()
    return words.difference(cut(one.value, _VALUE), _whole(one.words), source, one.citation)


def _whole(text: str) -> str:
    """Words to quote, or “” where they are too many."""
    seen = visible(text).strip()
    return seen if len(seen) <= _WORDS else ""


def _read(period: ReadPeriod, locale: str) -> list[Block]:
    first, last = period.first, period.last
    if first and last:
        told = days.period(first, last, _grain(first, last), locale)
    elif first:
        told = words.from_on(days.day(first, locale))
    elif last:
        told = words.up_to(days.day(last, locale))
    else:
        return []
    return [Note(words.read_period(cut(period.words, _WORDS), told))]


def _grain(first: date, last: date) -> str:
    """Whole months and years are told as such."""
    if first.day != 1 or (last < date.max and (last + timedelta(days=1)).day != 1):
        return "day"
    return "year" if (first.month, last.month) == (1, 12) else "month"


def _sources(citations: Sequence[Citation], locale: str) -> list[Block]:
    blocks: list[Block] = []
    for citation in citations:
        blocks += [Rule(), cited(citation, locale=locale)]
    return blocks


def _page_head(title: Line, page: int, pages: int) -> list[Block]:
    return [Heading(title), *([Note(words.page_of(page, pages))] if pages > 1 else [])]


def _moment(article: IndexedArticle, locale: str) -> Line:
    day = (f"{days.day_of_month(article.published, locale)}: ",) if article.published else ()
    outlet = cut(article.outlet, _VALUE) or words.NO_OUTLET
    return (*day, headline(article), " · ", outlet)
