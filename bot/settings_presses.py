"""The buttons, menus and forms of `/settings`. A server's ask for the right again at every press, and tell what was changed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot import server_log, words_settings
from bot.button_ids import PATTERNS, custom_id
from bot.errors import NotAllowedError, WordsError
from bot.form_fields import FieldsForm, Submitted
from bot.journal_records import GuildSettings, PersonSettings
from bot.permissions import may_moderate, require_moderator
from bot.presses import Press
from bot.settings_cards import AS_SERVER, OPEN, PRIVATE, Card, Standing, person_reply, server_reply
from bot.voices import Call
from bot.zones_and_languages import language, time_zone

_ZONE, _LANGUAGE = "zone", "language"
_MOST = 60  # characters of a zone or a language; the longest zone has 32


def person_card(call: Call) -> Card:
    """The settings of who calls, as they stand there."""
    bot, where = call.bot, call.where
    settings = bot.preferences.person(where.person)
    lent = None
    if settings.guild is not None:
        found = bot.get_guild(settings.guild)
        lent = found.name if found else words_settings.ALREADY_GONE
    member = where.guild is not None and bot.get_guild(where.guild) is not None
    moderates = may_moderate(call.interaction, bot.preferences.guild(where.guild))
    return person_reply(settings, Standing(member, moderates, lent, member and settings.guild == where.guild))


def choices(call: Call) -> list[str]:
    """What was chosen in a menu, as Discord sends it."""
    data: Any = call.interaction.data
    return [str(one) for one in data.get("values", ())]


def chosen_ids(call: Call, kind: str) -> tuple[int, ...]:
    """The channels or roles that were chosen; WordsError where Discord doesn't say that they are this server's."""
    data: Any = call.interaction.data
    there = (data.get("resolved") or {}).get(kind) or {}
    chosen = choices(call)
    if not all(one.isdecimal() and one in there for one in chosen):
        raise WordsError(words_settings.NOT_THIS_SERVERS)
    return tuple(sorted({int(one) for one in chosen}))


async def change_person(call: Call, alter: Callable[[PersonSettings], PersonSettings]) -> None:
    """Changes the settings of who presses, and shows them."""
    await call.bot.preferences.alter_person(call.where.person, alter)
    await call.change(*person_card(call))


async def change_server(call: Call, guild: int, alter: Callable[[GuildSettings], GuildSettings]) -> None:
    """Changes the settings of a server, tells the log channel, also one that is left so, and shows them."""
    bot, whom = call.bot, call.where.person
    before = bot.preferences.guild(guild).log_channel
    changed = await bot.preferences.alter_guild(guild, alter, whom=whom, now=bot.now())
    reached = True
    if changed:
        reached = await server_log.announce(bot, guild, "settings", whom=whom, detail=changed)
        if before not in (None, bot.preferences.guild(guild).log_channel):
            await server_log.announce(bot, guild, "settings", whom=whom, detail=changed, channel=before)
    await _show_server(call, guild, "" if reached else words_settings.LOG_SHUT)


class Mine(Press, template=PATTERNS["mine"]):
    """Goes back to the person's own settings."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        await call.change(*person_card(call))


class Answers(Press, template=PATTERNS["answers"]):
    """A menu: who sees the answers to this person."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        meant = {AS_SERVER: None, PRIVATE: True, OPEN: False}
        chosen = choices(call)
        if len(chosen) != 1 or chosen[0] not in meant:
            raise WordsError(words_settings.NOT_THIS_SERVERS)
        await change_person(call, lambda now: replace(now, private=meant[chosen[0]]))


class Zone(Press, template=PATTERNS["zone"]):
    """Opens the form for the person's time zone. A form must be the first answer, so nothing is deferred."""

    async def pressed(self, call: Call) -> None:
        form = FieldsForm(custom_id("zoned", 0), title=words_settings.ZONE_TITLE)
        now = call.bot.preferences.person(call.where.person).timezone or ""
        form.field(_ZONE, words_settings.ZONE_LABEL, now, most=_MOST)
        await call.show_form(form)


class Lend(Press, template=PATTERNS["lend"]):
    """Lets direct messages search this server's articles; that the person is in it is looked at again at each question."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = call.where.guild
        # Only of servers that it is in does Discord tell the bot who is a member.
        if guild is None or call.bot.get_guild(guild) is None:
            raise NotAllowedError(words_settings.ONLY_IN_SERVERS)
        await change_person(call, lambda now: replace(now, guild=guild))


class Unlend(Press, template=PATTERNS["unlend"]):
    """Lets direct messages search nothing but the articles for everybody."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        await change_person(call, lambda now: replace(now, guild=None))


class Server(Press, template=PATTERNS["server"]):
    """Opens the server's settings."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        await _show_server(call, require_moderator(call.interaction))


class Channels(Press, template=PATTERNS["channels"]):
    """A menu: the channels where Picket answers for all to see."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = require_moderator(call.interaction)
        chosen = chosen_ids(call, "channels")
        await change_server(call, guild, lambda now: replace(now, channels=chosen))


class Visibility(Press, template=PATTERNS["visibility"]):
    """A menu: who sees answers where neither the call nor the person says so."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = require_moderator(call.interaction)
        private = choices(call) == [PRIVATE]
        await change_server(call, guild, lambda now: replace(now, private=private))


class Roles(Press, template=PATTERNS["roles"]):
    """A menu: the roles whose members keep the articles. Who only has such a role can't give it to others."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = require_moderator(call.interaction)
        if not _manages(call):
            raise NotAllowedError(words_settings.ONLY_MANAGERS)
        chosen = chosen_ids(call, "roles")
        await change_server(call, guild, lambda now: replace(now, moderator_roles=chosen))


class Telling(Press, template=PATTERNS["telling"]):
    """A menu: the channel that is told of every change."""

    async def pressed(self, call: Call) -> None:
        await call.acknowledge_press()
        guild = require_moderator(call.interaction)
        chosen = chosen_ids(call, "channels")
        await change_server(call, guild, lambda now: replace(now, log_channel=chosen[0] if chosen else None))


class Dates(Press, template=PATTERNS["dates"]):
    """Opens the form for the server's time zone and language of dates."""

    async def pressed(self, call: Call) -> None:
        now = call.bot.preferences.guild(require_moderator(call.interaction))
        form = FieldsForm(custom_id("dated", 0), title=words_settings.DATES_TITLE)
        form.field(_ZONE, words_settings.SERVER_ZONE_LABEL, now.timezone, most=_MOST)
        form.field(_LANGUAGE, words_settings.LANGUAGE_LABEL, now.locale, most=_MOST)
        await call.show_form(form)


async def _zoned(call: Call, _: dict[str, str], fields: dict[str, str]) -> None:
    await call.acknowledge_press()
    written = fields.get(_ZONE, "").strip()
    zone = await call.bot.desk.run(time_zone, written) if written else None
    await change_person(call, lambda now: replace(now, timezone=zone))


async def _dated(call: Call, _: dict[str, str], fields: dict[str, str]) -> None:
    await call.acknowledge_press()
    guild, default = require_moderator(call.interaction), GuildSettings()
    written, spoken = fields.get(_ZONE, "").strip(), fields.get(_LANGUAGE, "").strip()
    zone = await call.bot.desk.run(time_zone, written) if written else default.timezone
    locale = await call.bot.desk.run(language, spoken) if spoken else default.locale
    await change_server(call, guild, lambda now: replace(now, timezone=zone, locale=locale))


async def _show_server(call: Call, guild: int, remark: str = "") -> None:
    settings = call.bot.preferences.guild(guild)
    made = await call.bot.desk.run(server_reply, settings, manages=_manages(call), remark=remark)
    await call.change(*made)


def _manages(call: Call) -> bool:
    """By the permission itself, as Discord says in this very interaction."""
    return may_moderate(call.interaction, GuildSettings())


BUTTONS = (Mine, Answers, Zone, Lend, Unlend, Server, Channels, Visibility, Roles, Telling, Dates)
FORMS: dict[str, Submitted] = {"zoned": _zoned, "dated": _dated}
