"""The records of what an article tells as done in a dispute, and the line of text as which they are stored.

An unchanged article is not read again: its line is taken over. Reading is `told_events`', comparing is `later_events`'.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.errors import DamagedError


class Deed(StrEnum):
    """An act of a dispute that has its day; each strike, deal and vote is done once with one employer."""

    BEGUN = "begun"
    ENDED = "ended"
    AGREED = "agreed"
    RATIFIED = "ratified"
    REJECTED = "rejected"
    RESUMED = "resumed"
    BROKEN_OFF = "broken off"
    EXPIRED = "expired"


class Dated(StrEnum):
    """How an article dates what it tells."""

    FULL = "full"  # “on November 9, 2023”: right whatever the article's own date
    YEARLESS = "yearless"  # “on Nov. 9”: the year is the one that is nearest to the article's date
    MONTH = "month"  # “in May”: as yearless; `day` is the first of the month
    FLOATING = "floating"  # “Wednesday”, “yesterday”: moves with the article's date
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An act that an article tells as done.

    `side` is a union's key, a slash, and with whom: “sag-aftra/studios”, “uaw/Ford”. `day` is None where the act is not
    dated, or dated by a week. `words` are the article's, with single blanks, at most 80 code points.
    """

    side: str
    deed: Deed
    dated: Dated
    day: date | None
    words: str


def dump_events(events: Sequence[ToldEvent]) -> str:
    """The events as one line of text to store, “” for none."""
    if not events:
        return ""
    return json.dumps(
        [(one.side, one.deed, one.dated, one.day.isoformat() if one.day else "", one.words) for one in events]
    )


def load_events(stored: str) -> tuple[ToldEvent, ...]:
    """The events that `dump_events` stored; DamagedError where it did not."""
    if not stored:
        return ()
    try:
        return tuple(
            ToldEvent(str(side), Deed(deed), Dated(dated), date.fromisoformat(day) if day else None, str(words))
            for side, deed, dated, day, words in json.loads(stored)
        )
    except (ValueError, TypeError) as error:
        raise DamagedError(
            f"“{stored[:40]}” is no list of told events; run “python -m index reindex --full”."
        ) from error
