"""Turns values into what SQLite can hold, and says which can't be held."""

from datetime import UTC, datetime

LARGEST = 2**63 - 1  # of SQLite's integers; Discord's ids are below it until the year 2084


def is_id(value: int) -> bool:
    """Whether SQLite can hold it at all: a forged button can name any number."""
    return 0 < value <= LARGEST


def stamp(time: datetime) -> str:
    """UTC to the microsecond, in a form that sorts as time does. ValueError for a time without a zone."""
    if time.tzinfo is None:
        raise ValueError(f"{time} has no time zone")
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def when(stamped: str) -> datetime:
    return datetime.fromisoformat(stamped)


def whole(text: str) -> str:
    """The text with lone surrogates, which JSON may carry and UTF-8 can't, as question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
