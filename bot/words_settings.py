"""The sentences of `/settings` and `/privacy`. What comes from elsewhere (a server's name) is a piece of its own in a line."""

from collections.abc import Sequence

from bot.blocks import Line, Part
from corpus.shell import counted

# A person's settings

TITLE = "Your settings"
ANSWERS = "Answers to you"
ANSWERS_AS_SERVER = "As each server chose"
ANSWERS_PRIVATE = "Only I see them"
ANSWERS_OPEN = "Everybody sees them"
ANSWERS_NOTE = "Where a server doesn't let me answer for all to see, only you see the answer in any case."
ZONE = "Time zone"
ZONE_AS_SERVER = "as each server chose, else UTC"
ZONE_BUTTON = "Time zone…"
ZONE_TITLE = "Your time zone"
ZONE_LABEL = "Time zone, as Europe/London; empty: none"
DIRECT = "In direct messages I search"
DIRECT_PUBLIC = "the articles for everybody"
LEND = "Use this server's articles in direct messages"
UNLEND = "Only articles for everybody in direct messages"
ONLY_IN_SERVERS = "That can only be chosen in a server where Picket is a member, not its commands alone."
SERVER_BUTTON = "This server's settings"
ALREADY_GONE = "a server that I am no longer in"


def direct_and(server: str) -> Line:
    return (f"{DIRECT_PUBLIC}, and those of ", Part(server, bold=True), ", as long as you are in it")


def no_zone(text: str, near: Sequence[str]) -> str:
    return f"I know no time zone “{text}”; {_offered(near) or 'write it as Europe/London or America/New_York.'}"


def no_language(text: str, near: Sequence[str]) -> str:
    return f"I know no language “{text}”; {_offered(near) or 'write it as English, German or pt-BR.'}"


def _offered(near: Sequence[str]) -> str:
    return f"did you mean {' or '.join(near)}?" if near else ""


# A server's

SERVER_TITLE = "This server's settings"
CHANNELS = (
    "Where I answer for all to see; elsewhere only the asker sees an answer, and a mention gets none. "
    "Nothing chosen: everywhere."
)
CHANNELS_PLACEHOLDER = "Every channel"
VISIBILITY = "Answers, unless somebody asks or chose otherwise"
VISIBLE = "Everybody sees them"
HIDDEN = "Only the asker sees them"
ROLES = "Who keeps the articles, beside who may manage this server. Only these may change the roles."
ROLES_PLACEHOLDER = "No role"
LOG = "Where I tell what was changed"
LOG_PLACEHOLDER = "Nowhere"
LANGUAGE = "Language of dates"
DATES_BUTTON = "Time zone and language…"
DATES_TITLE = "Time zone and language of dates"
SERVER_ZONE_LABEL = "Time zone, as Europe/London; empty: UTC"
LANGUAGE_LABEL = "Language of dates, as German; empty: English"
MINE_BUTTON = "Your settings"
ONLY_MANAGERS = "Only who may manage this server can choose who else keeps its articles."
NOT_THIS_SERVERS = "That isn't one of this server's; open /settings again and choose anew."
LOG_SHUT = "I can't write there; give me View Channel and Send Messages in that channel."

# What is kept of a person

PRIVACY_TITLE = "What I keep of you"
KEPT_NOTHING = "Nothing."
KEPT_SETTINGS = "Settings"
KEPT_QUESTIONS = "Answers to you"
KEPT_FEEDBACK = "Your 👍 and 👎"
KEPT_AUDITED = "Changes you made as a moderator"
KEPT_SINCE = "Since"
KEPT_RECENT = "Your newest questions that are kept word for word:"
RULES_TITLE = "What I keep in general"
FORGET_BUTTON = "Delete it"
FORGET_TITLE = "Delete what I keep of you?"
FORGET_EFFECT = (
    "Your settings, your 👍 and 👎 and the words of your questions go, and so do answers that only you could see. "
    "Answers that others saw stay where they stand, but I no longer know who asked."
)
FORGET_MODERATOR = "What you changed as a moderator stays in that server's history for a year from when you did it."
FORGET = "Delete it for good"
KEEP = "Keep it"


def chosen(private: bool | None, zone: str | None, lent: bool) -> str:
    """A person's settings in a few words."""
    told = [] if private is None else ["private answers" if private else "answers for all"]
    told += [f"time zone {zone}"] if zone else []
    told += ["a server for direct messages"] if lent else []
    return ", ".join(told)


def questions(count: int, with_text: int) -> str:
    return f"{count:,}, {with_text:,} of them with the words of your question"


def rules(keep_days: int, departed_days: int) -> tuple[str, ...]:
    """What is kept of anybody, in sentences that hold for everybody."""
    return (
        "You stand in my records as a salted hash, not by name or id.",
        f"Questions asked in a server, and what you say was wrong with an answer: {counted(keep_days, 'day')} word for word, for "
        "its moderators to see what is missing. Of direct messages never a word.",
        "Which articles an answer quoted stays, so that its buttons work.",
        "What moderators change is kept with their id for a year, for that server's moderators.",
        "The last questions of a conversation are remembered for 15 minutes, in memory only.",
        f"When I am removed from a server, everything of it goes after {counted(departed_days, 'day')}.",
    )


def forgotten(settings: int, answers: int, feedback: int) -> str:
    kinds = ("settings" if settings else "no settings", counted(answers, "answer"), f"{feedback:,} 👍 or 👎")
    return f"Done: {', '.join(kinds)} deleted or no longer known to be yours."
