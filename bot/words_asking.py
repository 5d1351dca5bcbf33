"""The sentences around asking: refusals, faults, buttons and help. Those of the reply itself are `words`'.

What comes from elsewhere (a date as somebody wrote it, an outlet) is a piece of its own in a line, as in `words`.
"""

import math

# Refusals that are no faults


def too_often(seconds: float, *, server: bool) -> str:
    """`server`: it is the server's limit that was reached, not the person's."""
    wait = max(1, math.ceil(seconds))
    whose = "This server has" if server else "You have"
    return f"{whose} asked as often as may be within a minute; ask again in {wait} second{'s' if wait != 1 else ''}."


STILL_ADDING = "Another file or address is still being read for this server; add this one once its preview is there."
PRIVATE_HERE = (
    "All would see my answer to a mention, and this one is for you alone; ask with /ask, and only you will see it."
)
NOTHING_ASKED = (
    "Ask me about a strike in the same message, for example: when did SAG-AFTRA resume talks? "
    "/help says what else I can do."
)
NO_WORDS_IN_MESSAGE = "That message has no text of its own that I could look for; choose one with words in it."
MEMBERSHIP_UNKNOWN = (
    "Discord didn't say whether you are still in the server you chose; only public articles were searched."
)
NO_LONGER_MEMBER = "You or I are no longer in the server you chose in /settings; only public articles were searched."

# Faults, each with the id under which the operator finds it


def _with_id(sentence: str, identity: str) -> str:
    return f"{sentence} (Error {identity}, for the operator.)"


def unforeseen(identity: str) -> str:
    return _with_id("Something went wrong that shouldn't have; try again, and tell the operator if it stays.", identity)


def journal_fault(identity: str) -> str:
    return _with_id(
        "I can't keep or read what that needs just now, and nothing was changed; try again in a minute.", identity
    )


def index_fault(identity: str) -> str:
    return _with_id("I can't search or read the articles just now; try again in a minute.", identity)


def forbidden(identity: str) -> str:
    return _with_id(
        "Discord doesn't let me do that here; a moderator can give me View Channel, Send Messages (in threads: Send Messages "
        "in Threads) and Read Message History.",
        identity,
    )


def vanished(identity: str) -> str:
    return _with_id(
        "The message or channel that this belongs to isn't there any more; ask again where you are.", identity
    )


def expired(identity: str) -> str:
    return _with_id("Discord gave up waiting before I could answer; ask again.", identity)


def overdue(identity: str) -> str:
    """Past the 15 minutes after an acknowledgement, when nothing is left but saying what came of it."""
    return _with_id(
        "Discord no longer shows what came of that; look how things stand before you do it again.",
        identity,
    )


def discord_fault(identity: str) -> str:
    return _with_id("Discord had a fault of its own while I was answering; try again in a minute.", identity)


def unnoted(identity: str) -> str:
    """Under an answer that could not be kept."""
    return _with_id("This answer has no buttons, since I can't keep anything just now.", identity)


NOTHING_INDEXED = (
    "Nothing is indexed yet, which a start begins by itself; ask again in a few minutes. If that doesn't help, a moderator "
    "can begin it with /corpus reindex, the operator with “python -m index reindex”."
)
INDEXED_ANEW = (
    "Picket or its model was updated, and the articles must be indexed anew, which a start begins by itself; ask again in a "
    "minute. If that doesn't help, a moderator can begin it with /corpus reindex."
)
OUTDATED_COMMAND = "This command has changed; reload Discord (Ctrl+R, or close and open the app) and try again."
NOT_HERE = "This command can't be used here."

# Buttons

ANSWER_GONE = "That answer is not kept any more, or isn't yours to see here; ask again."
ONLY_ASKER = "Only who asked can do that."
ONLY_ASKER_OR_MODERATOR = "Only who asked, or a moderator of this server, can delete an answer."
ARTICLE_GONE = "That article is not in the corpus any more."
ARTICLE_CHANGED = "That article has changed since and no longer says this in the same place; ask again."
THANKS_UP = "Thank you; noted that this helped."
THANKS_DOWN = "Thank you; noted for the moderators."
THANKS_DOWN_DIRECT = "Thank you; noted, without a word of what you asked."
NOT_SHARED_HERE = (
    "This answer can't be shared here: it was given elsewhere, or this server doesn't let me answer in this channel."
)
NOT_ALL_SHARED = "This answer cites articles that aren't everybody's here, so it can't be shared here."
SHARED_ALREADY = "This answer is shared already."
NOTHING_LEFT = "Every article this answer cites is gone or has changed since; ask again."


def left_out(count: int) -> str:
    subject = "One passage is" if count == 1 else f"{count} passages are"
    return f"{subject} left out, since the article is gone or has changed since."


FOLLOW_TITLE = "Ask a follow-up"
FOLLOW_LABEL = "What else do you want to know?"
DOWN_TITLE = "What was wrong?"
DOWN_LABEL = "What was wrong with this answer? (optional)"

# Options


def unread_day(option: str, value: str) -> str:
    return f"I can't read {option} “{value}” as a date; write it such as 24 October 2023, October 2023 or 2023-10-24."


def two_days(option: str, value: str, one: str, other: str) -> str:
    return f"{option} “{value}” can be {one} or {other}; write the month as a word."


def wrong_order(since: str, until: str) -> str:
    return f"since “{since}” is after until “{until}”; swap them."


# Lists


def chosen(*, union: str, outlet: str, since: str, until: str) -> tuple[str, ...]:
    """What a list was narrowed down to, as pieces that follow its title; none where to nothing."""
    named = [(", ", union), (", ", outlet), (", from ", since), (", to ", until)]
    return tuple(piece for before, name in named if name for piece in (before, name))


# Help

HELP_TITLE = "What I can do"
HELP_INTRODUCTION = (
    "I look for what news articles say about strikes and quote it word for word, with outlet, date and link. "
    "Where they say nothing, I say so."
)
HELP_MEMBERS = (
    "/ask: ask a question; narrow it down by union, since and until, or have the answer for yourself with private.",
    "Mention me with a question, or write to me directly.",
    "On any message: Apps → Find sources shows what articles say about it.",
    "/articles: what I have read, by date, outlet and union. /timeline: the same in the order of time.",
    "/settings: private answers, your time zone, and which server's articles count in direct messages.",
    "/privacy: what I keep about you, and how to have it deleted.",
)
HELP_MODERATORS_TITLE = "For moderators"
HELP_MODERATORS = (
    "/corpus: add, remove and list this server's articles, reindex them, and see what nobody could answer.",
    "/settings: where I may answer, who moderates, and how dates are written.",
)
HELP_FOOT = (
    "Follow up within 15 minutes in a direct message or by mentioning me again, or with the button under an answer."
)
