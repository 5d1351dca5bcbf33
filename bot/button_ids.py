"""The buttons under a reply, and the ids by which a press finds its way back.

An id holds all that a press needs, so buttons work after any restart. The `…_presses` modules and the cogs give them
their deeds, and `reply` makes Discord's components of them. An id is a stranger's word: whoever handles a press checks
rights again.
"""

import re
from collections.abc import Sequence

from bot import words
from bot.blocks import Action, Style

MAX_CUSTOM_ID = 100  # Discord's limit for custom_id
_PREFIX = "picket"
# A row id of the journal: SQLite's are at most 2**63 - 1, which has 19 digits.
_ID = "[0-9]{1,19}"
_NUMBER = "[0-9]{1,6}"
_WORD = "[A-Za-z0-9_.-]{1,40}"
_PROPOSAL = "[A-Za-z0-9_-]{16}"
_MARK = "[0-9a-f]{16}"

# The verbs, each with its arguments after the journal's id of what was shown (0 where nothing was). Others add theirs.
VERBS: dict[str, tuple[tuple[str, str], ...]] = {
    "more": (("page", _NUMBER),),
    "context": (("number", _NUMBER),),
    "follow": (),
    "up": (),
    "down": (),
    "share": (),
    "delete": (),
    # Pages of further passages, in their own message; and the forms that “follow” and “down” open.
    "further": (("page", _NUMBER),),
    "asked": (("private", "[01]"),),
    "wrong": (),
    # Pages of lists: days or “-”, the key of a union or “-”, the digest of an outlet's name or “-”.
    "articles": (("since", _WORD), ("until", _WORD), ("union", _WORD), ("outlet", _WORD), ("page", _NUMBER)),
    "timeline": (("since", _WORD), ("until", _WORD), ("union", _WORD), ("page", _NUMBER)),
    # Moderators': a preview by its token, an article by its mark, a reindex by its number, a generation by its own.
    "confirm": (("token", _PROPOSAL),),
    "correct": (("token", _PROPOSAL),),
    "corrected": (("token", _PROPOSAL),),
    "discard": (("token", _PROPOSAL),),
    "pasted": (),
    "listed": (("page", _NUMBER),),
    "remove": (("mark", _MARK),),
    "removing": (("mark", _MARK),),
    "reindex": (),
    "cancel": (("build", _ID),),
    "revise": (("mark", _MARK),),
    "history": (("before", _ID),),
    "goback": (("generation", _NUMBER),),
    "gaps": (("page", _NUMBER),),
    "keep": (),
    # Settings of a person, then of a server; the forms that “zone” and “dates” open.
    "mine": (),
    "answers": (),
    "zone": (),
    "zoned": (),
    "lend": (),
    "unlend": (),
    "server": (),
    "channels": (),
    "visibility": (),
    "roles": (),
    "telling": (),
    "dates": (),
    "dated": (),
    # What is kept of a person: shown, asked about once more, deleted.
    "kept": (),
    "forget": (),
    "forgetting": (),
}


def pattern(verb: str) -> re.Pattern[str]:
    """What an id of the verb looks like; its groups are `shown` and the verb's arguments. For a DynamicItem's template."""
    arguments = "".join(f":(?P<{name}>{form})" for name, form in VERBS[verb])
    return re.compile(f"{_PREFIX}:{verb}:(?P<shown>{_ID}){arguments}")


PATTERNS: dict[str, re.Pattern[str]] = {verb: pattern(verb) for verb in VERBS}


def custom_id(verb: str, shown: int, *arguments: int | str) -> str:
    """The id of a button or menu. KeyError for an unknown verb, ValueError where the arguments are not the verb's."""
    made = ":".join([_PREFIX, verb, str(shown), *map(str, arguments)])
    if not PATTERNS[verb].fullmatch(made) or len(made) > MAX_CUSTOM_ID:
        raise ValueError(f"“{made}” is no id for the verb “{verb}”; give the arguments that VERBS names.")
    return made


def answer_actions(shown_id: int, *, more: bool, contexts: int, private: bool) -> Sequence[Action]:
    """The buttons under an answer: at most ten, in two rows.

    `contexts` is how many citations it has. A private answer can be shared and not deleted: the person dismisses it.
    """
    reading = [Action(custom_id("more", shown_id, 1), words.MORE)] if more else []
    reading += [
        Action(custom_id("context", shown_id, number), words.context_of(number, contexts))
        for number in range(1, min(contexts, 3) + 1)
    ]
    reading.append(Action(custom_id("follow", shown_id), words.FOLLOW_UP, style=Style.MAIN))
    judging = [
        Action(custom_id("up", shown_id), emoji="👍", row=1),
        Action(custom_id("down", shown_id), emoji="👎", row=1),
    ]
    if private:
        judging.append(Action(custom_id("share", shown_id), words.SHARE, row=1))
    else:
        judging.append(Action(custom_id("delete", shown_id), words.DELETE, row=1))
    return [*reading, *judging]


def page_actions(verb: str, shown: int, *arguments: int | str, page: int, pages: int) -> Sequence[Action]:
    """Back and on, for a verb whose last argument is a page, counted from 1; nothing where there is one page."""
    if pages <= 1:
        return []
    return [
        Action(custom_id(verb, shown, *arguments, max(page - 1, 0)), words.PREVIOUS, disabled=page <= 1),
        Action(custom_id(verb, shown, *arguments, page + 1), words.NEXT, disabled=page >= pages),
    ]
