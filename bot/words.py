"""The sentences of cards and lists, by topic; those of other surfaces are in the `words_…` modules beside this one.

What comes from elsewhere (a title, a question) is a piece of its own in a line, never part of a string: see `blocks.Line`.
"""

from collections.abc import Sequence

from bot.blocks import Line, Part
from index.records import Aside

# Answers

NOTHING = "Nothing in the corpus answers that."
NEAREST = "The nearest articles, which don't:"
WEAK = "Perhaps one of these; none answers it for certain."
DIFFER = "Sources differ"
BEFORE = "It had happened before:"
ASIDES = {
    Aside.CHITCHAT: "Hello! Ask me about a strike, and I'll look for what the articles say.",
    Aside.OPINION: "I have no opinion on that; I only quote what articles say. Ask me what happened, when or for how long.",
    Aside.INSTRUCTION: "I can't do that; I only answer questions about strikes with what articles say.",
    Aside.OFF_TOPIC: "That's not about strikes, and strikes are all I know. Ask me when one began, or what ended it.",
}


def asked(question: str) -> Line:
    """The question above its answer."""
    return ("Asked: “", question, "”")


def showing_answers_for(question: str) -> Line:
    """Where a typo was mended."""
    return ("Showing answers for “", Part(question, bold=True), "”.")


def read_period(words: str, period: str) -> Line:
    """How the question's words for a time were read."""
    return ("I read “", words, "” as ", period, ".")


def from_on(day: str) -> str:
    """A period without an end."""
    return f"{day} or later"


def up_to(day: str) -> str:
    """A period without a beginning."""
    return f"{day} or earlier"


def perhaps(date: str) -> str:
    """A date that a weak answer gives."""
    return f"Perhaps {date}"


def date_from(words: str, article_day: str | None, number: int, *, doubted: bool = False) -> Line:
    """The words that a date was read from, or “”; `article_day` is the day of their article, with its weekday."""
    article = f"an article of {article_day}" if article_day else "an undated article"
    doubt = f" ({DATE_UNCERTAIN})" if doubted else ""
    said: tuple[str, ...] = ("“", words, "” in ") if words else ("From ",)
    return (*said, f"{article}{doubt} [{number}]")


def difference(value: str, words: str, origin: tuple[str | Part, ...], number: int) -> Line:
    """What one source says where sources differ, and its words for it, or “”."""
    said: tuple[str, ...] = (": “", words, "”") if words else ("",)
    return (Part(value, bold=True), *said, *(((", " if words else ": "), *origin) if origin else ()), f" [{number}]")


def old(day: str) -> str:
    """Where the newest cited article is long past; `day` is its day."""
    return f"This is old: the newest article here is of {day}, over a year ago."


# Sources

UNDATED = "undated"
DATE_UNCERTAIN = "date uncertain"
NO_OUTLET = "no outlet"
READ = "Read it"
QUOTE_TOO_LONG = "The sentence is too long to be shown here; read it in the article."


def read_button(number: int) -> str:
    """The link to the article of citation `number`."""
    return f"Read [{number}]"


def also_in(origins: Sequence[tuple[str | Part, ...]], more: int) -> Line:
    """Articles that say the same in the same words; `more` are not named."""
    pieces: list[str | Part] = ["Also in "]
    for place, origin in enumerate(origins):
        pieces += ["; "] if place else []
        pieces += origin
    if more:
        pieces.append(f"; and {more} more")
    return tuple(pieces)


def link_text(url: str) -> Line:
    """An address that no button can hold."""
    return ("Link: ", url)


# Further passages, context, lists of articles

FURTHER = "Further passages"
NO_FURTHER = "There are no further passages."
IN_CONTEXT = "In its article"
ARTICLES = "Articles"
NO_ARTICLES = "There are no articles to show here."
TIMELINE = "Timeline"


def page_of(page: int, pages: int) -> str:
    return f"Page {page} of {pages}"


# Buttons

MORE = "More"
FOLLOW_UP = "Ask a follow-up"
SHARE = "Share"
DELETE = "Delete"
PREVIOUS = "Back"
NEXT = "Next"
OPEN = "Open"


def context_of(number: int, of: int) -> str:
    """The button that shows citation `number` of `of` within its article."""
    return "Context" if of <= 1 else f"Context [{number}]"


# Limits

NOT_ALL_SHOWN = "There is more than fits into one message."
NOTHING_TO_SHOW = "There is nothing to show."


def done_of(done: int, total: int) -> str:
    """Beside a progress bar."""
    return f"{done:,} of {total:,} ({100 * done // total} %)" if total else f"{done:,}"


# The terminal chat

GREETING = "Ask about strikes, for example: when did SAG-AFTRA resume talks? An empty line or Ctrl-D ends."
