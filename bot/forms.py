"""The forms behind buttons: a further question, and what was wrong. They work although Picket restarts while one is open.

discord.py forgets open forms when it ends, so nothing here waits for one: `submitted` knows a form by its id alone.
"""

import re
from collections.abc import Iterator
from typing import Any

import discord

from bot import words_asking
from bot.actions import PATTERNS, custom_id
from bot.asking import Asked, Way, ask, count
from bot.errors import GoneError
from bot.presses import seen
from bot.render import note_reply
from bot.scope import Place, is_private
from bot.voices import Call
from index.questions.reading import MAX_QUESTION

_TEXT = "text"
_MAX_REASON = 500


class Form(discord.ui.Modal):
    """One field of text. discord.py keeps no form that is finished, and this one always is."""

    def __init__(self, identity: str, *, title: str, label: str, most: int, required: bool) -> None:
        super().__init__(title=title, timeout=None, custom_id=identity)
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=_TEXT, style=discord.TextStyle.paragraph, max_length=most, required=required
        )
        self.add_item(discord.ui.Label(text=label, component=field))

    def is_finished(self) -> bool:
        return True


class FollowUp(Form):
    """Asks for a further question; `private` is whether the answer that it follows was."""

    def __init__(self, shown: int, *, private: bool) -> None:
        super().__init__(
            custom_id("asked", shown, int(private)),
            title=words_asking.FOLLOW_TITLE,
            label=words_asking.FOLLOW_LABEL,
            most=MAX_QUESTION,
            required=True,
        )


class Wrong(Form):
    """Asks what was wrong with an answer."""

    def __init__(self, shown: int) -> None:
        super().__init__(
            custom_id("wrong", shown),
            title=words_asking.DOWN_TITLE,
            label=words_asking.DOWN_LABEL,
            most=_MAX_REASON,
            required=False,
        )


async def submitted(call: Call) -> None:
    """Answers one of these forms; does nothing with another's."""
    data: Any = call.interaction.data
    identity = str(data.get("custom_id", ""))
    if match := PATTERNS["asked"].fullmatch(identity):
        await _asked(call, match, _text(data))
    elif match := PATTERNS["wrong"].fullmatch(identity):
        await _wrong(call, match, _text(data))


async def _asked(call: Call, match: re.Match[str], text: str) -> None:
    bot, where = call.bot, call.where
    was_private = match["private"] == "1"
    settings, person = bot.preferences.guild(where.guild), bot.preferences.person(where.person)
    private = (was_private and where.place is not Place.DIRECT) or is_private(where, settings, person, None)
    now = bot.now()
    count(bot, where, now)
    await call.acknowledge(private=private)
    before = bot.conversations.before(where.person, where.channel, now, private=was_private)
    context = await _context(call, int(match["shown"]), before)
    await ask(bot, call, Asked(text, Way.FOLLOW_UP, private, now, context))


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


async def _wrong(call: Call, match: re.Match[str], text: str) -> None:
    await call.acknowledge(private=True)
    shown = await seen(call, int(match["shown"]))
    bot = call.bot
    await bot.desk.run(
        bot.journal.feedback,
        shown.id,
        call.where.person,
        good=False,
        reason=text.strip()[:_MAX_REASON],
        now=bot.now(),
    )
    thanks = words_asking.THANKS_DOWN if call.where.guild is not None else words_asking.THANKS_DOWN_DIRECT
    await call.say(note_reply(thanks))


def _text(data: Any) -> str:
    """What was written into the field, however Discord wraps it; “” where nothing was."""
    return next((str(one.get("value") or "") for one in _components(data) if one.get("custom_id") == _TEXT), "")


def fields_of(data: Any) -> dict[str, str]:
    """What was written into a form's fields, by their ids, however Discord wraps them."""
    return {str(one["custom_id"]): str(one.get("value") or "") for one in _components(data) if "custom_id" in one}


def _components(data: Any) -> Iterator[dict[str, Any]]:
    for one in [*data.get("components", ()), *([data["component"]] if "component" in data else [])]:
        yield one
        yield from _components(one)
