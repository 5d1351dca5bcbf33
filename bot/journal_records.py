"""The records that pass in and out of the journal: frozen, slotted, and nothing but data.

Times are aware and in UTC. `guild` and `channel` are Discord's ids; a person is an id where it is theirs to give and a
salted hash, `asker`, where it is kept.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What a server's moderators chose. No `channels` means every channel; no `moderator_roles` the permission alone."""

    channels: tuple[int, ...] = ()
    private: bool = False
    moderator_roles: tuple[int, ...] = ()
    log_channel: int | None = None
    timezone: str = "UTC"
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class PersonSettings:
    """What a person chose; None leaves it to the server. `guild` is whose articles direct messages search too."""

    private: bool | None = None
    timezone: str | None = None
    guild: int | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A quotation without its words: half-open spans in code points of the article's text.

    `digest` is the SHA-256 of the quoted text in hexadecimal: it resolves only while the article has that text there.
    """

    collection: str
    article_id: str
    start: int
    end: int
    highlight_start: int
    highlight_end: int
    digest: str


# Stands where a reference into a forgotten server's articles was, so that the others keep their places. No text has
# the digest “”, so it never resolves.
GONE = Reference("", "", 0, 0, 0, 0, "")


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as it was shown, for its buttons: the `first` references are its citations, the others what “More” shows.

    `asker` is a salted hash, “” once the person was forgotten. `question` is None for direct messages and when its time
    is over, `channel` for direct messages. `id` is 0 until it is noted.
    """

    guild: int | None
    channel: int | None
    asker: str
    asked_at: datetime
    question: str | None
    outcome: str
    confidence: float
    private: bool
    generation: int
    references: tuple[Reference, ...] = ()
    first: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that nothing answered (`nothing`), or that got a 👎 from `disliked` people, with their reasons."""

    id: int
    question: str
    asker: str
    asked_at: datetime
    nothing: bool
    disliked: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that ask alike and were not answered well.

    `question` is the wording asked most often, `others` the other wordings, newest first. `times` counts the questions,
    `people` who asked them, `nothing` those that nothing answered, `disliked` the 👎. `reasons` are what people said was
    wrong, newest first, each once.
    """

    question: str
    others: tuple[str, ...]
    times: int
    people: int
    nothing: int
    disliked: int
    reasons: tuple[str, ...]
    last: datetime


@dataclass(frozen=True, slots=True)
class Audited:
    """A change that somebody made. `whom` is the moderator's Discord id, None for Picket itself or the operator."""

    id: int
    guild: int | None
    at: datetime
    whom: int | None
    action: str
    detail: str


@dataclass(frozen=True, slots=True)
class Built:
    """A reindex or rollback as it ended. `guild` and `whom` started it, None for the operator and where it isn't said.

    `outcome` is the word of who notes it; `id` is 0 until then.
    """

    guild: int | None
    whom: int | None
    began_at: datetime
    ended_at: datetime
    outcome: str
    generation: int | None
    added: int = 0
    removed: int = 0
    changed: int = 0
    failures: tuple[str, ...] = ()
    id: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """Everything that is kept of one person. `settings` is None where nothing was chosen.

    `with_text` of the `questions` are still kept word for word, `recent` are the newest of these. `audited` counts their
    entries as a moderator, which stay until their time is over.
    """

    settings: PersonSettings | None
    questions: int
    with_text: int
    recent: tuple[str, ...]
    feedback: int
    audited: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows of each kind were removed, or lost what they held of the one who is forgotten."""

    settings: int
    questions: int
    feedback: int
    audited: int = 0
