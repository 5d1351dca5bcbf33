"""The one path of every question, whichever way it comes: checked, placed, counted, answered, noted, shown.

A cog makes an `Asked` of a command, a mention, a message or a form, and a voice to answer with; what is said stands in
`render`, what is found is the engine's.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot import log, words, words_asking
from bot.app import Picket
from bot.blocks import Block, Note, Reply
from bot.button_ids import answer_actions
from bot.errors import BotError, GoneError, JournalError, RateError
from bot.escape import cut
from bot.faults import note
from bot.journal_records import Reference, Shown
from bot.render import answer_reply
from bot.scope import Place, Where, collection_of, is_member
from bot.voices import UNREACHED, Voice
from corpus.article import text_digest
from index.errors import EngineError
from index.questions.reading import clean_question
from index.records import Answer, Citation, Outcome, Question

# Units of a question that stand above its answer: enough to know it by, and room for the quotes. A judgement.
_QUESTION = 200
# Citations kept for “More” behind those shown: five pages of it. A judgement.
_FURTHER = 15


class Way(StrEnum):
    """How a question came; the name in logs and figures."""

    SLASH = "slash"
    MENTION = "mention"
    DIRECT = "direct"
    MENU = "menu"
    FOLLOW_UP = "follow-up"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was chosen beside it. `context` are earlier questions that it may lean on, oldest first.

    `private`: only the person sees the answer, as the voice was acknowledged. `asked_at` is from before that, as it was
    counted: what the person had deleted meanwhile is not kept.
    """

    text: str
    way: Way
    private: bool
    asked_at: datetime
    context: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    union: str = ""


async def ask(bot: Picket, voice: Voice, asked: Asked) -> None:
    """Answers by the voice. Raises what `faults.tell` tells: QuestionError, BusyError, SlowError, …

    The question is counted by who calls. Where the answer can't be noted it is shown all the same,
    without buttons, and that is said.
    """
    begun = time.perf_counter()
    where = voice.where
    now = asked.asked_at
    text = clean_question(asked.text)
    collections, remark = await searched(bot, where)
    settings, person = bot.preferences.guild(where.guild), bot.preferences.person(where.person)
    timezone = person.timezone or settings.timezone
    answer = await bot.desk.ask(
        Question(
            text,
            now,
            timezone=timezone,
            context=asked.context,
            collections=collections,
            since=asked.since,
            until=asked.until,
            union=asked.union,
        )
    )
    reply = await bot.desk.run(answer_reply, answer, asked_at=now, timezone=timezone, locale=settings.locale)
    if remark:
        reply = with_notes(reply, remark)
    if answer.aside is not None:  # said without a citation, so there is nothing to keep and nothing to press
        await voice.say(reply)
    else:
        if asked.way is not Way.MENU:
            bot.conversations.add(where.person, where.channel, text, now, private=asked.private)
        if asked.way in (Way.SLASH, Way.FOLLOW_UP):
            reply = with_question(reply, text)
        await show(bot, voice, answer, reply, asked)
    seconds = time.perf_counter() - begun
    outcome = str(answer.aside or answer.outcome)
    bot.metrics.asked(asked.way, outcome, seconds)
    log.event("question", way=str(asked.way), outcome=outcome, seconds=round(seconds, 4), place=str(where.place))


async def show(bot: Picket, voice: Voice, answer: Answer, reply: Reply, asked: Asked) -> None:
    """Notes the answer and says it with its buttons; without them where it can't be noted, or isn't to be."""
    try:
        # A message that somebody looked up sources for is another person's words: they are not kept.
        own = asked.text if asked.way is not Way.MENU else None
        if answer.outcome is Outcome.NOTHING and (asked.since or asked.until or asked.union):
            own = None  # no gap: the question alone, as moderators would read it, may well be answered
        shown = await keep(bot, voice.where, answer, question=own, private=asked.private, now=asked.asked_at)
    except GoneError:
        await voice.say(reply)
        return
    except JournalError as error:
        await voice.say(with_notes(reply, words_asking.unnoted(note(voice, error))))
        return
    if asked.private:
        bot.recent.keep(shown, answer, voice.where.person)
    actions = answer_actions(shown, more=bool(answer.further), contexts=len(answer.citations), private=asked.private)
    await voice.say(reply, actions)


async def keep(bot: Picket, where: Where, answer: Answer, *, question: str | None, private: bool, now: datetime) -> int:
    """Notes an answer that is about to be shown; JournalError.

    GoneError where the person had everything deleted since `now`, when they asked: then nothing is kept.
    """
    if bot.conversations.is_forgotten(where.person, now):
        raise GoneError(words_asking.ANSWER_GONE)
    cited = [*answer.citations, *answer.further[:_FURTHER]]
    noted = Shown(
        guild=where.guild,
        channel=where.channel,
        asker=bot.journal.hashed(where.person),
        asked_at=now,
        question=question,
        outcome=str(answer.outcome),
        confidence=answer.confidence,
        private=private,
        generation=answer.generation,
        references=tuple(reference_to(one) for one in cited),
        first=len(answer.citations),
    )
    shown = await bot.desk.run(bot.journal.note, noted)
    if bot.conversations.is_forgotten(where.person, now):  # noted after all else was deleted, perhaps
        await bot.desk.run(bot.journal.forget_shown, shown)
        raise GoneError(words_asking.ANSWER_GONE)
    return shown


async def as_given(bot: Picket, shown: Shown, where: Where, timezone: str) -> Answer | None:
    """The answer whole, as it was given before a restart, where asking again finds the same citations; else None.

    The journal keeps citations, and not what was made of them: the date, the sources that say the same.
    """
    if shown.question is None:
        return None
    question = Question(shown.question, shown.asked_at, timezone=timezone, collections=where.collections)
    try:
        answer = await bot.desk.ask(question)
    except (BotError, EngineError):
        return None
    same = [reference_to(one) for one in answer.citations] == list(shown.references[: shown.first])
    return answer if same and answer.outcome == shown.outcome else None


def count(bot: Picket, where: Where, now: datetime, *, aloud: bool = False) -> bool:
    """Counts one question of the person's and of the server's; RateError, which says how long, where it is one too many.

    Comes before the acknowledgement, so that the refusal is the person's alone. Where it can't be, `aloud`, the first
    within the wait is told, and each further one is False and passed over in silence. ClosingError where Picket is about to end.
    """
    bot.refuse_late()
    wait = bot.limiter.take(where.person, where.guild, now)
    if not wait.seconds:
        return True
    if not aloud or bot.limiter.is_first(wait, where.person, where.guild, now):
        raise RateError(words_asking.too_often(wait.seconds, server=wait.whose == "server"), wait.seconds)
    bot.metrics.refused("rate")
    return False


async def searched(bot: Picket, where: Where) -> tuple[tuple[str, ...], str]:
    """The collections that the person may search here, and a remark where they chose more than they may.

    In a direct message those of the server they chose count, if Discord says at this question that they are in it.
    """
    chosen = bot.preferences.person(where.person).guild
    if where.place is not Place.DIRECT or chosen is None:
        return where.collections, ""
    try:
        if await is_member(bot, chosen, where.person):
            return (*where.collections, collection_of(chosen)), ""
    except UNREACHED:
        return where.collections, words_asking.MEMBERSHIP_UNKNOWN
    return where.collections, words_asking.NO_LONGER_MEMBER


def reference_to(citation: Citation) -> Reference:
    """The citation without its words, as the journal keeps it."""
    best = citation.highlights[0] if citation.highlights else citation.span
    return Reference(
        citation.article.collection,
        citation.article.id,
        citation.span.start,
        citation.span.end,
        best.start,
        best.end,
        text_digest(citation.text),
    )


def with_question(reply: Reply, question: str) -> Reply:
    """The reply under the question, where no message stands above it in which others could read that."""
    return replace(reply, blocks=(Note(words.asked(cut(question, _QUESTION))), *reply.blocks))


def with_notes(reply: Reply, *notes: str) -> Reply:
    """The reply with small print below it."""
    more: Sequence[Block] = [Note(one) for one in notes]
    return replace(reply, blocks=(*reply.blocks, *more))
