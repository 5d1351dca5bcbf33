"""The forms behind the buttons under an answer: a further question, and what was wrong."""

from bot import words_asking
from bot.asking import Asked, Way, ask, count
from bot.button_ids import custom_id
from bot.errors import GoneError
from bot.form_fields import FieldsForm, Submitted
from bot.presses import seen
from bot.render import note_reply
from bot.scope import Place, is_private
from bot.voices import Call
from index.questions.reading import MAX_QUESTION

_TEXT = "text"
_MAX_REASON = 500


class FollowUp(FieldsForm):
    """Asks for a further question; `private` is whether the answer that it follows was."""

    def __init__(self, shown: int, *, private: bool) -> None:
        super().__init__(custom_id("asked", shown, int(private)), title=words_asking.FOLLOW_TITLE)
        self.field(_TEXT, words_asking.FOLLOW_LABEL, most=MAX_QUESTION, required=True, tall=True)


class Wrong(FieldsForm):
    """Asks what was wrong with an answer."""

    def __init__(self, shown: int) -> None:
        super().__init__(custom_id("wrong", shown), title=words_asking.DOWN_TITLE)
        self.field(_TEXT, words_asking.DOWN_LABEL, most=_MAX_REASON, tall=True)


async def _asked(call: Call, groups: dict[str, str], fields: dict[str, str]) -> None:
    bot, where = call.bot, call.where
    was_private = groups["private"] == "1"
    settings, person = bot.preferences.guild(where.guild), bot.preferences.person(where.person)
    private = (was_private and where.place is not Place.DIRECT) or is_private(where, settings, person, None)
    now = bot.now()
    count(bot, where, now)
    await call.acknowledge(private=private)
    before = bot.conversations.before(where.person, where.channel, now, private=was_private)
    context = await _context(call, int(groups["shown"]), before)
    await ask(bot, call, Asked(fields.get(_TEXT, ""), Way.FOLLOW_UP, private, now, context))


async def _context(call: Call, shown_id: int, before: tuple[str, ...]) -> tuple[str, ...]:
    """The question that is followed, with what it followed itself as far as that is remembered.

    Where no question is kept it is what the asker asked last; where nothing is known the new one stands alone.
    """
    try:
        shown = await seen(call, shown_id)
    except GoneError:
        return ()
    if shown.question is None:
        return before if shown.asker == call.bot.journal.hashed(call.where.person) else ()
    if shown.question in before:
        return before[: before.index(shown.question) + 1]
    return (shown.question,)


async def _wrong(call: Call, groups: dict[str, str], fields: dict[str, str]) -> None:
    await call.acknowledge(private=True)
    shown = await seen(call, int(groups["shown"]))
    bot = call.bot
    await bot.desk.run(
        bot.journal.feedback,
        shown.id,
        call.where.person,
        good=False,
        reason=fields.get(_TEXT, "").strip()[:_MAX_REASON],
        now=bot.now(),
    )
    thanks = words_asking.THANKS_DOWN if call.where.guild is not None else words_asking.THANKS_DOWN_DIRECT
    await call.say(note_reply(thanks))


FORMS: dict[str, Submitted] = {"asked": _asked, "wrong": _wrong}
