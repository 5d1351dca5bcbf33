"""The sentences of `/corpus`: previews, removals, reindexes and gaps. What comes from elsewhere is a piece of its own."""

from datetime import datetime

from bot.blocks import Line, Part
from corpus.shell import counted

# Reindexing

REINDEX_TITLE = "Reindexing"
REINDEX_FAULT = "The reindex ended in a way that it shouldn't have; nothing changed. The operator finds it in the log."
REINDEX_DONE = "The index is up to date."
REINDEX_UNCHANGED = "Nothing had changed since the last reindex."
REINDEX_CANCELLED = "The reindex was cancelled; nothing changed."
REINDEX_UNKNOWN = (
    "Picket is being restarted, and the reindex may have ended meanwhile; look in a minute at /corpus status, "
    "which says what is indexed."
)
REINDEX_FAILED = "The reindex failed; nothing changed."
REINDEX_WAITS = "Beginning…"
REINDEX_CANCELLING = "Cancelling at the next safe moment…"
REINDEX_OVER = "That reindex is over; /corpus status says what is indexed."
REINDEX_RUNS = "A reindex runs already; wait until it has ended, then try again."
REINDEX_NOW = "Reindex now"
CANCEL = "Cancel"


def moment(when: datetime) -> str:
    """As Discord is told a time in plain text."""
    return f"{when:%d %B %Y, %H:%M} UTC".lstrip("0")


def reindex_runs(whom: int | None, since: datetime, *, mine: bool) -> Line:
    """`whom` is None for Picket itself, and where another server began it."""
    began = f" began a reindex on {moment(since)}; wait until it has ended, then try again."
    if not mine:
        return f"Picket or another server{began}"
    return (moderator(whom), began) if whom else f"Picket{began}"


def reindex_runs_elsewhere(since: datetime) -> str:
    return f"The operator began a reindex on {moment(since)}; wait until it has ended, then try again."


def reindex_failed(identity: str) -> str:
    return f"The index can't be made just now; the operator finds the reason in the log. (Error {identity})"


def time_left(seconds: float) -> str:
    if seconds < 90:
        return f"about {max(1, round(seconds))} s left in this stage"
    return f"about {round(seconds / 60)} min left in this stage"


def changes(added: int, removed: int, changed: int) -> str:
    """What changed since the generation before, in articles."""
    return f"+ {added:,} / − {removed:,} / ~ {changed:,} articles"


def others(count: int) -> str:
    return f"Of other servers, {counted(count, 'article')} changed or failed."


def with_failures(count: int) -> str:
    return f"The index is up to date, without {counted(count, 'article')}:"


def generation(number: int) -> str:
    return f"Generation {number}"


# Adding

TWO_GIVEN = "Give a file or a web address, not both; add the other one by itself."
NO_FILE = "That file can't be fetched from Discord any more; attach it again."
PREVIEW = "Preview: nothing is added yet"
NOTHING_TO_ADD = "There is nothing to add."
CONFIRM = "Add"
CONFIRM_ALL = "Add all"
CORRECT = "Correct"
DISCARD = "Discard"
DISCARDED = "Nothing was added."
ADDED = "Done. New words are found after the next reindex."
PASTE_TITLE = "Add an article"
OLDER = "Older"
NEWEST = "Newest"
CORRECT_TITLE = "Correct the article"
FIELD_TITLE = "Headline"
FIELD_OUTLET = "Outlet"
FIELD_DATE = "Published, as 2023-10-24; empty if unknown"
FIELD_URL = "Link"
FIELD_TEXT = "Text"
STATUS = {"added": "new", "updated": "replaces an article", "unchanged": "already there", "failed": "can't be added"}
STATUS_DONE = {"added": "added", "updated": "updated", "unchanged": "already there", "failed": "not added"}
NO_EVIDENCE = "no evidence"
DATE = "Published"
EVIDENCE = "Evidence for the date"
WORDS = "Length"
LINK = "Link"
UNDATED_ADVICE = "No date was found. Give it with “Correct”, or it will be shown as undated."


def too_large(name: str, size: int, most: int) -> str:
    return f"“{name}” has {size / 1_000_000:.1f} MB, over the limit of {most // 1_000_000} MB; split it."


PASTED = "pasted text"
PREVIEW_GONE = (
    "This preview was added or discarded already, or is too old; what /corpus list doesn't show can be added again."
)


def no_address(text: str) -> str:
    return f"“{text[:60]}” is no web address; write it whole, as https://…"


def bad_date(text: str) -> str:
    return f"“{text}” is no day; write it as 2023-10-24, or leave it empty."


def word_count(count: int) -> str:
    return counted(count, "word")


def begins_with(text: str) -> Line:
    return ("Begins: “", text, "”")


def more_items(count: int) -> str:
    return f"And {count:,} more."


# Removing, showing, listing

REMOVE_TITLE = "Remove this article?"
REMOVE_EFFECT = "It is not quoted any more from the moment you confirm."
REMOVE_INDEXED = "/corpus rollback can bring it back for a while."
REMOVE_UNINDEXED = (
    "It is not indexed as it is: /corpus rollback may not bring it back, but the operator can, for 30 days."
)
REMOVE = "Remove"
KEEP = "Keep it"
KEPT = "It stays."
LIST_TITLE = "This server's articles"
LIST_EMPTY = "This server has no articles of its own yet; /corpus add takes the first one."
NOT_INDEXED = "not indexed yet"


def date_doubted(why: str) -> str:
    """Why an article's date is shown as uncertain: a sentence, after what readers see of it."""
    return f"Date uncertain: {why}"


def overtaken(title: str) -> str:
    return (
        f"“{title[:60]}” was changed, added or removed meanwhile, so nothing was done; add it again, or correct it in "
        "/corpus show."
    )


def no_article(name: str) -> str:
    return f"This server has no article “{name[:60]}”; choose one of those that are offered while you type."


ARTICLE_GONE = "This server no longer has that article; /corpus list shows those that it has."


def removed(title: str) -> Line:
    return ("Removed: ", Part(title, bold=True))


# Status, history, rollback

STATUS_TITLE = "This server's corpus"
HISTORY_TITLE = "History"
HISTORY_EMPTY = "Nothing has been changed here yet."
IN_USE = "in use"
ROLLBACK_TITLE = "Go back to an earlier state?"
ROLLBACK_EFFECT = (
    "Only this server's articles change. What a kept generation holds can come back the same way; what none holds, as "
    "articles that are not indexed yet, only the operator can put back, for 30 days."
)
ROLLBACK_CHANGED = (
    "This server's articles changed since the preview, and nothing was done; look at it again and confirm."
)
ROLLBACK = "Go back"
ROLLBACK_NOTHING = "This server's articles are already as they were then."


def rollback_plan(back: int, away: int, missing: int) -> str:
    lost = f"; can't be brought back: {missing:,}" if missing else ""
    return f"Put back: {counted(back, 'article')}; taken away: {away:,}{lost}."


def rolled_back(generation: int, missing: int) -> str:
    lost = f", but for {missing:,} that can't be brought back" if missing else ""
    return f"This server's articles are as in generation {generation}{lost}; a reindex makes what came back findable."


def rolled_back_already(missing: int) -> str:
    return rollback_plan(0, 0, missing) if missing else ROLLBACK_NOTHING


def no_generation(number: int) -> str:
    return f"Generation {number} is not kept, or is damaged; choose one of those that are offered while you type."


# Gaps

GAPS_TITLE = "What nobody could answer"
GAPS_EMPTY = "Of the last 30 days, no question whose words are kept went unanswered or got a 👎."


def gap(count: int, nothing: int, down: int) -> str:
    kinds = [f"{nothing:,} unanswered"] if nothing else []
    kinds += [f"{down:,} 👎"] if down else []
    return f" — {count:,} × ({', '.join(kinds)})"


# Faults, each with the id under which the operator finds it


def store_fault(identity: str) -> str:
    return (
        "I can't write or read articles on the disk just now. What was done before that is kept, and so is the preview; "
        f"try again in a minute. (Error {identity}, for the operator.)"
    )


def unaudited(identity: str) -> str:
    """Under what was done, or ended otherwise, and could not be noted."""
    return f"I can't keep this in the history just now. (Error {identity}, for the operator.)"


def cut_short(action: str) -> str:
    """An action of the history that ended in its middle."""
    return f"{action} (cut short)"


# The log channel


def told(whom: int, action: str, detail: str) -> Line:
    """A change, for the log channel; nobody is pinged."""
    return (moderator(whom), ": ", Part(action, bold=True), " ", detail)


def moderator(whom: int) -> Part:
    return Part(f"moderator {whom}", person=whom)


NO_TITLE = "no headline"
OWN_ARTICLES = "This server's articles"
PUBLIC_ARTICLES = "Articles for everybody"
WAITING = "Waiting for a reindex"
INDEX = "Index"


def stored_moment(text: str) -> str:
    """A moment as a manifest holds it, as it is told."""
    return moment(datetime.fromisoformat(text))
