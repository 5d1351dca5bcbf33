"""The forms of `/corpus add`: an article pasted, and one corrected."""

from datetime import date
from typing import Literal

from bot import words_corpus
from bot.button_ids import custom_id
from bot.corpus_cards import preview_reply
from bot.errors import WordsError
from bot.form_fields import LONGEST, FieldsForm, Submitted
from bot.permissions import require_moderator
from bot.voices import Call
from corpus.keep import Corrections
from corpus.proposals import Proposal

_TITLE, _OUTLET, _DATE, _URL, _TEXT = "title", "outlet", "date", "url", "text"


class Paste(FieldsForm):
    """An article's text, and what is known of it."""

    def __init__(self) -> None:
        super().__init__(custom_id("pasted", 0), title=words_corpus.PASTE_TITLE)
        self.field(_TITLE, words_corpus.FIELD_TITLE, most=LONGEST)
        self.field(_TEXT, words_corpus.FIELD_TEXT, most=LONGEST, required=True, tall=True)


class Correct(FieldsForm):
    """What was found of an article, to be corrected."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(custom_id("corrected", 0, proposal.token), title=words_corpus.CORRECT_TITLE)
        article = next(one.article for one in proposal.items if one.article)
        self.field(_TITLE, words_corpus.FIELD_TITLE, article.title, most=LONGEST)
        self.field(_OUTLET, words_corpus.FIELD_OUTLET, article.outlet, most=LONGEST)
        self.field(_DATE, words_corpus.FIELD_DATE, article.published.isoformat() if article.published else "", most=10)
        self.field(_URL, words_corpus.FIELD_URL, article.url or "", most=LONGEST)


async def _pasted(call: Call, _: dict[str, str], fields: dict[str, str]) -> None:
    await call.acknowledge(private=True)
    guild = require_moderator(call.interaction)
    bot = call.bot
    made = await bot.desk.work(
        bot.library.propose_text, fields.get(_TITLE, ""), fields.get(_TEXT, ""), guild=guild, now=bot.now()
    )
    await show_preview(call, made)


async def _corrected(call: Call, groups: dict[str, str], fields: dict[str, str]) -> None:
    await call.acknowledge_press()
    guild = require_moderator(call.interaction)
    bot = call.bot
    corrections = Corrections(
        title=fields.get(_TITLE, ""),
        outlet=fields.get(_OUTLET, ""),
        published=_day(fields.get(_DATE, "").strip()),
        url=fields.get(_URL, "").strip(),
    )
    made = await bot.desk.work(bot.library.correct, groups["token"], corrections, guild=guild, now=bot.now())
    await call.change(*await bot.desk.run(preview_reply, made, bot.preferences.guild(guild).locale))


async def show_preview(call: Call, proposal: Proposal) -> None:
    """In answer to the call."""
    locale = call.bot.preferences.guild(call.where.guild).locale
    await call.say(*await call.bot.desk.run(preview_reply, proposal, locale))


def _day(text: str) -> date | Literal[""]:
    try:
        return date.fromisoformat(text) if text else ""
    except ValueError as error:
        raise WordsError(words_corpus.bad_date(text[:40])) from error


FORMS: dict[str, Submitted] = {"pasted": _pasted, "corrected": _corrected}
