"""Turns what moderators look at into replies: previews, progress, how a reindex ended, lists, history and gaps. Pure."""

import re
from collections.abc import Sequence
from datetime import date

from bot import days, words, words_corpus
from bot.blocks import (
    Action,
    Block,
    Fields,
    Heading,
    Line,
    Listing,
    Note,
    Paragraph,
    Part,
    Progress,
    Reply,
    Style,
    Tone,
)
from bot.builds import Build, BuildOutcome, Ended
from bot.button_ids import custom_id, page_actions
from bot.escape import cut
from bot.journal_records import Audited, Gap
from bot.library import Stored, article_mark
from bot.render import on_page, page_count
from corpus.attic import Undoing
from corpus.keep import Kept
from corpus.proposals import Proposal, Proposed
from index.terminal import STAGES

# Of each kind, how many are named on one card. Judged by what fits into 4,000 characters with the longest names.
_ITEMS, _FAILURES, _CHANGED = 8, 8, 12
LIST_A_PAGE, HISTORY_A_PAGE, GAPS_A_PAGE = 10, 10, 6
_TITLE, _WHY, _START, _QUESTION, _DETAIL = 120, 300, 300, 200, 200
_LOOKED = 2_000  # characters of an article from which its start is cut: enough also where many of them can't be seen
_WORD = re.compile(r"\S+")  # found one by one: splitting megabytes at once would hold every thread up

_TONES = {
    Ended.DONE: Tone.GOOD,
    Ended.UNCHANGED: Tone.GOOD,
    Ended.FAILURES: Tone.UNSURE,
    Ended.CANCELLED: Tone.PLAIN,
    Ended.UNKNOWN: Tone.UNSURE,
    Ended.FAILED: Tone.BAD,
}


def preview_reply(proposal: Proposal, locale: str) -> tuple[Reply, Sequence[Action]]:
    """What would be added, and the buttons to add, correct or discard it; nothing of it is added yet."""
    addable = proposal.addable
    blocks: list[Block] = [Heading(words_corpus.PREVIEW if addable else words_corpus.NOTHING_TO_ADD)]
    if len(proposal.items) == 1 and addable:
        blocks += _whole(addable[0], locale)
    else:
        blocks.append(Listing(tuple(_item(one.kept, words_corpus.STATUS, locale) for one in proposal.items[:_ITEMS])))
        if len(proposal.items) > _ITEMS:
            blocks.append(Note(words_corpus.more_items(len(proposal.items) - _ITEMS)))
    if not addable:
        return Reply(tuple(blocks), Tone.UNSURE), ()
    confirm = words_corpus.CONFIRM if len(addable) == 1 else words_corpus.CONFIRM_ALL
    actions = [Action(custom_id("confirm", 0, proposal.token), confirm, style=Style.GOOD)]
    if len(addable) == 1:
        actions.append(Action(custom_id("correct", 0, proposal.token), words_corpus.CORRECT))
    actions.append(Action(custom_id("discard", 0, proposal.token), words_corpus.DISCARD))
    return Reply(tuple(blocks)), actions


def added_reply(kept: Sequence[Kept], locale: str) -> tuple[Reply, Sequence[Action]]:
    """What became of each, and the button that makes it findable."""
    blocks: list[Block] = [Paragraph(words_corpus.ADDED)]
    blocks.append(Listing(tuple(_item(one, words_corpus.STATUS_DONE, locale) for one in kept[:_ITEMS])))
    if len(kept) > _ITEMS:
        blocks.append(Note(words_corpus.more_items(len(kept) - _ITEMS)))
    failed = any(one.status == "failed" for one in kept)
    return Reply(tuple(blocks), Tone.UNSURE if failed else Tone.GOOD), reindex_actions()


def reindex_actions() -> Sequence[Action]:
    return [Action(custom_id("reindex", 0), words_corpus.REINDEX_NOW, style=Style.MAIN)]


def progress_reply(build: Build) -> tuple[Reply, Sequence[Action]]:
    """How far a reindex is, with the time left where that can be told."""
    left = build.left()
    note = words_corpus.time_left(left) if left is not None else ""
    stage = STAGES.get(build.stage, words_corpus.REINDEX_WAITS)
    blocks = (
        Heading(words_corpus.REINDEX_TITLE),
        Progress(stage, build.done, build.total, words_corpus.REINDEX_CANCELLING if build.cancelling else note),
    )
    cancel = Action(
        custom_id("cancel", 0, build.number), words_corpus.CANCEL, style=Style.DANGER, disabled=build.cancelling
    )
    return Reply(blocks), [cancel]


def outcome_reply(outcome: BuildOutcome) -> Reply:
    """How it ended: “done”, “done, without these” and “failed, nothing changed” differ at first sight."""
    said = {
        Ended.DONE: words_corpus.REINDEX_DONE,
        Ended.UNCHANGED: words_corpus.REINDEX_UNCHANGED,
        Ended.CANCELLED: words_corpus.REINDEX_CANCELLED,
        Ended.UNKNOWN: words_corpus.REINDEX_UNKNOWN,
        Ended.FAILED: words_corpus.REINDEX_FAILED,
        Ended.FAILURES: words_corpus.with_failures(len(outcome.failures)),
    }[outcome.ended]
    blocks: list[Block] = [Paragraph(Part(said, bold=True))]
    if outcome.error:
        blocks.append(Paragraph(cut(outcome.error, _WHY)))
    if outcome.failures:
        blocks.append(Listing(tuple(cut(one, _WHY) for one in outcome.failures[:_FAILURES])))
        if len(outcome.failures) > _FAILURES:
            blocks.append(Note(words_corpus.more_items(len(outcome.failures) - _FAILURES)))
    changes = outcome.changes
    if changes is not None and outcome.ended in (Ended.DONE, Ended.FAILURES):
        blocks.append(Paragraph(words_corpus.changes(len(changes.added), len(changes.removed), len(changes.changed))))
        named = [
            *(("+ ", key[1]) for key in changes.added),
            *(("− ", key[1]) for key in changes.removed),
            *(("~ ", key[1]) for key in changes.changed),
        ]
        if named:
            blocks.append(Listing(tuple((sign, cut(name, _TITLE)) for sign, name in named[:_CHANGED])))
        if len(named) > _CHANGED:
            blocks.append(Note(words_corpus.more_items(len(named) - _CHANGED)))
    if outcome.others:
        blocks.append(Note(words_corpus.others(outcome.others)))
    if outcome.generation is not None:
        blocks.append(Note(words_corpus.generation(outcome.generation)))
    return Reply(tuple(blocks), _TONES[outcome.ended])


def list_reply(stored: Sequence[Stored], page: int, locale: str) -> tuple[Reply, Sequence[Action]]:
    """One page of a server's own articles."""
    if not stored:
        return Reply((Heading(words_corpus.LIST_TITLE), Paragraph(words_corpus.LIST_EMPTY))), ()
    pages = page_count(len(stored), LIST_A_PAGE)
    page = min(max(page, 1), pages)
    lines = [_stored_line(one, locale) for one in on_page(stored, page, LIST_A_PAGE)]
    blocks = (
        Heading(words_corpus.LIST_TITLE),
        *((Note(words.page_of(page, pages)),) if pages > 1 else ()),
        Listing(tuple(lines)),
    )
    return Reply(blocks), page_actions("listed", 0, page=page, pages=pages)


def article_reply(stored: Stored, locale: str) -> tuple[Reply, Sequence[Action]]:
    """One article as it is kept, with the buttons to correct and to remove it."""
    article = stored.article
    proposed = Proposed(Kept(article.id, "unchanged", article.id, article.title, article.published), article)
    note: tuple[Note, ...] = () if stored.indexed else (Note(words_corpus.NOT_INDEXED),)
    if stored.doubt:
        note = (Note(words_corpus.date_doubted(stored.doubt)),)
    blocks = (Heading(headline(article.title, article.id)), *_whole(proposed, locale, title=False), *note)
    mark = article_mark(article.id)
    return Reply(blocks), [
        Action(custom_id("revise", 0, mark), words_corpus.CORRECT),
        Action(custom_id("remove", 0, mark), words_corpus.REMOVE, style=Style.DANGER),
    ]


def removal_reply(stored: Stored, locale: str) -> tuple[Reply, Sequence[Action]]:
    """Asks once more before an article goes."""
    blocks = (
        Heading(words_corpus.REMOVE_TITLE),
        Listing((_stored_line(stored, locale),)),
        Note(words_corpus.REMOVE_EFFECT),
        Note(words_corpus.REMOVE_INDEXED if stored.indexed else words_corpus.REMOVE_UNINDEXED),
    )
    mark = article_mark(stored.article.id)
    return Reply(blocks, Tone.UNSURE), [
        Action(custom_id("removing", 0, mark), words_corpus.REMOVE, style=Style.DANGER),
        Action(custom_id("keep", 0), words_corpus.KEEP),
    ]


def rollback_reply(generation: int, undoing: Undoing, *, again: bool = False) -> tuple[Reply, Sequence[Action]]:
    """What going back would change, before it is done; `again` where it was shown otherwise before."""
    if not (undoing.back or undoing.away or undoing.missing):
        return Reply((Paragraph(words_corpus.ROLLBACK_NOTHING),)), ()
    named = [
        *(("+ ", path) for path, _ in undoing.back),
        *(("− ", path) for path in undoing.away),
        *(("? ", path) for path in undoing.missing),
    ]
    blocks: tuple[Block, ...] = (
        Heading(words_corpus.ROLLBACK_TITLE),
        *((Paragraph(Part(words_corpus.ROLLBACK_CHANGED, bold=True)),) if again else ()),
        Note(words_corpus.generation(generation)),
        Paragraph(words_corpus.rollback_plan(len(undoing.back), len(undoing.away), len(undoing.missing))),
        Listing(tuple((sign, cut(path.rpartition("/")[2], _TITLE)) for sign, path in named[:_CHANGED])),
        *((Note(words_corpus.more_items(len(named) - _CHANGED)),) if len(named) > _CHANGED else ()),
        Note(words_corpus.ROLLBACK_EFFECT),
    )
    back = Action(custom_id("goback", undoing.mark, generation), words_corpus.ROLLBACK, style=Style.DANGER)
    return Reply(blocks, Tone.UNSURE), [back, Action(custom_id("keep", 0), words_corpus.KEEP)]


def history_reply(
    entries: Sequence[Audited], generations: Sequence[tuple[int, str, bool]], *, before: int = 0
) -> tuple[Reply, Sequence[Action]]:
    """The generations to go back to, and who changed what in this server, newest first.

    One entry more than a page holds says that there are older ones; `before` is the entry that these come before.
    """
    blocks: list[Block] = [Heading(words_corpus.HISTORY_TITLE)]
    if generations:
        lines: list[Line] = [
            (words_corpus.generation(number), f", {made}", Part(f" ({words_corpus.IN_USE})" if used else "", bold=True))
            for number, made, used in generations
        ]
        blocks.append(Listing(tuple(lines)))
    if not entries:
        blocks.append(Paragraph(words_corpus.HISTORY_EMPTY))
    else:
        blocks.append(Listing(tuple(_audited(one) for one in entries[:HISTORY_A_PAGE])))
    turning = [Action(custom_id("history", 0, 0), words_corpus.NEWEST)] if before else []
    if len(entries) > HISTORY_A_PAGE:
        turning.append(Action(custom_id("history", 0, entries[HISTORY_A_PAGE - 1].id), words_corpus.OLDER))
    return Reply(tuple(blocks)), turning


def gaps_reply(gaps: Sequence[Gap], page: int) -> tuple[Reply, Sequence[Action]]:
    """The questions that want an article, most asked first, with what people said was wrong."""
    if not gaps:
        return Reply((Heading(words_corpus.GAPS_TITLE), Paragraph(words_corpus.GAPS_EMPTY)), Tone.GOOD), ()
    pages = page_count(len(gaps), GAPS_A_PAGE)
    page = min(max(page, 1), pages)
    blocks: list[Block] = [Heading(words_corpus.GAPS_TITLE)]
    if pages > 1:
        blocks.append(Note(words.page_of(page, pages)))
    for one in on_page(gaps, page, GAPS_A_PAGE):
        told = words_corpus.gap(one.times, one.nothing, one.disliked)
        blocks.append(Paragraph((Part(cut(one.question, _QUESTION), bold=True), told)))
        more = [*one.others[:2], *(f"“{reason}”" for reason in one.reasons[:2])]
        if more:
            blocks.append(Listing(tuple(cut(text, _QUESTION) for text in more)))
    return Reply(tuple(blocks)), page_actions("gaps", 0, page=page, pages=pages)


def headline(title: str, identity: str) -> str:
    """The title; the id where there is nothing to see of a title."""
    return cut(title, _TITLE) or cut(identity, _TITLE) or words_corpus.NO_TITLE


def _whole(one: Proposed, locale: str, *, title: bool = True) -> list[Block]:
    """Everything that a moderator checks of one article before it is added."""
    article = one.article
    if article is None:
        return [Paragraph(cut(one.kept.note, _WHY))]
    day = days.weekday(article.published, locale) if article.published else words.UNDATED
    rows: list[tuple[str, Line]] = [
        *([(words_corpus.FIELD_TITLE, cut(article.title, _TITLE) or words_corpus.NO_TITLE)] if title else []),
        (words_corpus.FIELD_OUTLET, cut(article.outlet, _TITLE) or words.NO_OUTLET),
        (words_corpus.DATE, day),
        (words_corpus.EVIDENCE, cut(article.evidence, _WHY) or words_corpus.NO_EVIDENCE),
        *([(words_corpus.LINK, cut(article.url, _WHY))] if article.url else []),
        (words_corpus.WORDS, words_corpus.word_count(sum(1 for _ in _WORD.finditer(article.text)))),
    ]
    blocks: list[Block] = [
        Fields(tuple(rows)),
        Paragraph(words_corpus.begins_with(cut(article.text[:_LOOKED], _START))),
    ]
    if one.kept.status in ("updated", "unchanged") and one.kept.note:
        blocks.append(Note((words_corpus.STATUS[one.kept.status], ": ", cut(one.kept.note, _WHY))))
    elif one.kept.note and one.kept.note != article.evidence:
        blocks.append(Note(cut(one.kept.note, _WHY) if article.published else words_corpus.UNDATED_ADVICE))
    return blocks


def _item(kept: Kept, said: dict[str, str], locale: str) -> Line:
    name = headline(kept.title, kept.id or kept.origin)
    if kept.status == "failed":
        return (Part(said["failed"], bold=True), ": ", cut(kept.note, _WHY))
    return (Part(said[kept.status], bold=True), ": ", name, f" ({_day(kept.published, locale)})")


def _stored_line(stored: Stored, locale: str) -> Line:
    article = stored.article
    told = "" if stored.indexed else f" ({words_corpus.NOT_INDEXED})"
    told = f" ({words.DATE_UNCERTAIN})" if stored.doubt else told
    outlet = cut(article.outlet, _TITLE) or words.NO_OUTLET
    return (
        f"{_day(article.published, locale)}: ",
        Part(headline(article.title, article.id), bold=True),
        " · ",
        outlet,
        told,
    )


def _day(day: date | None, locale: str) -> str:
    return days.day(day, locale) if day else words.UNDATED


def _audited(one: Audited) -> Line:
    who = (" ", words_corpus.moderator(one.whom)) if one.whom else ()
    return (words_corpus.moment(one.at), *who, ": ", Part(one.action, bold=True), " ", cut(one.detail, _DETAIL))
