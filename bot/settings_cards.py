"""Turns what a person or a server chose, and what is kept of a person, into replies with their menus and buttons. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import words_settings
from bot.blocks import (
    Action,
    Block,
    Choosing,
    Controls,
    Fields,
    Heading,
    Line,
    Listing,
    Menu,
    Note,
    Option,
    Paragraph,
    Reply,
    Style,
    Tone,
)
from bot.button_ids import custom_id
from bot.escape import cut
from bot.journal_records import About, Forgotten, GuildSettings, PersonSettings
from bot.words_corpus import moment
from bot.zones_and_languages import language_name

Card = tuple[Reply, Sequence[Action | Menu]]

# What comes back from the menus.
AS_SERVER, PRIVATE, OPEN = "server", "private", "open"
_CHANNELS, _ROLES = 25, 25  # as many as Discord lets a menu have
_NAME, _QUESTION = 100, 200


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands where they look at their settings.

    `lent` is the name of the server they chose for direct messages, `here` whether it is this one; `member` whether the
    bot is in this server, so that it can be chosen; `moderates` whether they may look after it.
    """

    member: bool
    moderates: bool
    lent: str | None
    here: bool


def person_reply(settings: PersonSettings, standing: Standing) -> Card:
    """A person's own settings, for them alone."""
    now = AS_SERVER if settings.private is None else PRIVATE if settings.private else OPEN
    options = (
        (AS_SERVER, words_settings.ANSWERS_AS_SERVER),
        (PRIVATE, words_settings.ANSWERS_PRIVATE),
        (OPEN, words_settings.ANSWERS_OPEN),
    )
    direct: Line = words_settings.DIRECT_PUBLIC
    if standing.lent is not None:
        direct = words_settings.direct_and(cut(standing.lent, _NAME))
    blocks = (
        Heading(words_settings.TITLE),
        Fields(
            (
                (words_settings.ZONE, settings.timezone or words_settings.ZONE_AS_SERVER),
                (words_settings.DIRECT, direct),
            )
        ),
        Paragraph(words_settings.ANSWERS),
        Controls((_menu("answers", options, now),)),
        Note(words_settings.ANSWERS_NOTE),
    )
    actions = [Action(custom_id("zone", 0), words_settings.ZONE_BUTTON)]
    if standing.member and not standing.here:
        actions.append(Action(custom_id("lend", 0), words_settings.LEND))
    if standing.lent is not None:
        actions.append(Action(custom_id("unlend", 0), words_settings.UNLEND))
    if standing.moderates:
        actions.append(Action(custom_id("server", 0), words_settings.SERVER_BUTTON, style=Style.MAIN))
    return Reply(blocks), actions


def server_reply(settings: GuildSettings, *, manages: bool, remark: str = "") -> Card:
    """A server's settings; `manages` lets the roles be changed, `remark` tells what went wrong with what was chosen."""
    visibility = ((OPEN, words_settings.VISIBLE), (PRIVATE, words_settings.HIDDEN))
    log = () if settings.log_channel is None else (settings.log_channel,)
    blocks: list[Block] = [
        Heading(words_settings.SERVER_TITLE),
        Paragraph(words_settings.CHANNELS),
        _choice("channels", Choosing.CHANNELS, settings.channels, words_settings.CHANNELS_PLACEHOLDER, _CHANNELS),
        Paragraph(words_settings.VISIBILITY),
        Controls((_menu("visibility", visibility, PRIVATE if settings.private else OPEN),)),
        Paragraph(words_settings.ROLES),
        _choice(
            "roles",
            Choosing.ROLES,
            settings.moderator_roles,
            words_settings.ROLES_PLACEHOLDER,
            _ROLES,
            disabled=not manages,
        ),
        Paragraph(words_settings.LOG),
        _choice("telling", Choosing.WRITTEN, log, words_settings.LOG_PLACEHOLDER, 1),
        *((Paragraph(remark),) if remark else ()),
        Fields(
            (
                (words_settings.ZONE, settings.timezone),
                (words_settings.LANGUAGE, language_name(settings.locale)),
            )
        ),
    ]
    actions = [
        Action(custom_id("dates", 0), words_settings.DATES_BUTTON),
        Action(custom_id("mine", 0), words_settings.MINE_BUTTON),
    ]
    return Reply(tuple(blocks), Tone.UNSURE if remark else Tone.PLAIN), actions


def kept_reply(about: About, *, keep_days: int, departed_days: int) -> Card:
    """What is kept of a person, and of anybody, with the button that deletes it."""
    chosen = about.settings
    rows: list[tuple[str, Line]] = []
    if chosen is not None:
        told = words_settings.chosen(chosen.private, chosen.timezone, chosen.guild is not None)
        rows.append((words_settings.KEPT_SETTINGS, told))
    if about.questions:
        rows.append((words_settings.KEPT_QUESTIONS, words_settings.questions(about.questions, about.with_text)))
    if about.feedback:
        rows.append((words_settings.KEPT_FEEDBACK, f"{about.feedback:,}"))
    if about.audited:
        rows.append((words_settings.KEPT_AUDITED, f"{about.audited:,}"))
    if about.oldest is not None:
        rows.append((words_settings.KEPT_SINCE, moment(about.oldest)))
    blocks: list[Block] = [
        Heading(words_settings.PRIVACY_TITLE),
        Fields(tuple(rows)) if rows else Paragraph(words_settings.KEPT_NOTHING),
    ]
    if about.recent:
        blocks += [
            Paragraph(words_settings.KEPT_RECENT),
            Listing(tuple(cut(one, _QUESTION) for one in about.recent)),
        ]
    blocks += [Heading(words_settings.RULES_TITLE), Listing(words_settings.rules(keep_days, departed_days))]
    removable = chosen is not None or about.questions or about.feedback
    delete = Action(custom_id("forget", 0), words_settings.FORGET_BUTTON, style=Style.DANGER)
    return Reply(tuple(blocks)), [delete] if removable else []


def forget_reply(about: About) -> Card:
    """Asks once more."""
    more = (Note(words_settings.FORGET_MODERATOR),) if about.audited else ()
    blocks = (Heading(words_settings.FORGET_TITLE), Paragraph(words_settings.FORGET_EFFECT), *more)
    return Reply(blocks, Tone.UNSURE), [
        Action(custom_id("forgetting", 0), words_settings.FORGET, style=Style.DANGER),
        Action(custom_id("kept", 0), words_settings.KEEP),
    ]


def forgotten_reply(gone: Forgotten) -> Reply:
    return Reply((Paragraph(words_settings.forgotten(gone.settings, gone.questions, gone.feedback)),), Tone.GOOD)


def _menu(verb: str, options: Sequence[tuple[str, str]], now: str) -> Menu:
    return Menu(
        custom_id(verb, 0), options=tuple(Option(value, label, chosen=value == now) for value, label in options)
    )


def _choice(
    verb: str, choosing: Choosing, chosen: tuple[int, ...], placeholder: str, most: int, *, disabled: bool = False
) -> Controls:
    """A menu of what Discord lists; nothing may be chosen too."""
    menu = Menu(custom_id(verb, 0), placeholder, choosing, chosen=chosen, least=0, most=most, disabled=disabled)
    return Controls((menu,))
