"""Turns the YAML between the first two `---` lines of a Markdown file into texts, days and lists of them; TOML between `+++` too.

Files come from strangers, so YAML is read as the little of it that front matter needs: keys, texts and lists, where
everything but a plain `null` is text (a title may be “No” or “1917”). No aliases, which can stand for gigabytes, and
no deep nesting, on which libyaml's own loader crashes the process. What the keys mean is `article`'s business.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

import yaml

from corpus.errors import ArticleError

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

# One MB of the worst YAML that was tried takes 2 s; the longest front matter of the starter corpus has 2 KB.
MAX_CHARACTERS = 1_000_000
MAX_TOML = 10_000  # a key of many dots takes .2 s of 8 KB
MAX_DEPTH = 4  # the front matter itself, a list of sources, a source; and one to spare
# The stored form of the longest allowed entries still keeps within MAX_CHARACTERS.
MAX_ENTRIES = 50
MAX_URL = 2_048  # as much as is fetched

_FENCE = re.compile(r"\s*---[ \t]*(?:\n|$)")
_TOML = re.compile(r"\s*\+\+\+[ \t]*\n(?P<head>(?:.*\n){0,200}?)\+\+\+[ \t]*(?:\n|\Z)")
_ASSIGNED = re.compile(r"^[ \t]*+[\w\"'.-]++[ \t]*+=", re.MULTILINE)  # else two rules about a text
_END = re.compile(r"^---[ \t]*(?:\n|\Z)", re.MULTILINE)
# What may stand between two rules after blank lines: keys, and no paragraph.
_KEYED = re.compile(r"[A-Za-z_][\w-]*:(?:[ \t].*)?\n(?:[ \t]*\S.*\n)*")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))  # YAML 1.1
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is there: 10 times faster


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The keys and values of the file `name`. Every method raises ArticleError that names file, key and value."""

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """The text, empty where there is none."""
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return value or ""
        raise self._wrong(key, "a text")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text."""
        value = self.values.get(key)
        found: list[str] = []
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, list | dict):
                raise self._wrong(key, "a list of texts")
            found.append(item or "")
        return tuple(found)

    def tables(self, key: str) -> "list[FrontMatter]":
        """A list of tables, each with keys of its own."""
        value = self.values.get(key)
        tables = [FrontMatter(self.name, item) for item in value or () if isinstance(item, dict)]
        if value and (not isinstance(value, list) or len(tables) < len(value)):
            raise self._wrong(key, "a list of tables with an outlet, title, url and date each")
        return tables

    def day(self, key: str) -> date | None:
        """The day of an ISO date or time."""
        moment = self._iso(key, "a date such as 2023-09-14")
        return moment.date() if moment else None

    def moment(self, key: str) -> datetime | None:
        """The ISO time in UTC, to the second; a time without a zone is in UTC."""
        moment = self._iso(key, wanted := "a time such as 2023-09-14T10:00:00Z")
        try:
            return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(
                microsecond=0
            )
        except OverflowError as error:  # a zone that leads before the year 1 or beyond 9999
            raise self._wrong(key, wanted) from error

    def _iso(self, key: str, wanted: str) -> datetime | None:
        words = self.text(key).strip()
        try:
            return datetime.fromisoformat(words) if words else None
        except ValueError as error:
            raise self._wrong(key, wanted) from error

    def _wrong(self, key: str, wanted: str) -> ArticleError:
        value = self.values.get(key)
        shown = f"{value[:60]!a}" if isinstance(value, str) else "a list" if isinstance(value, list) else "a table"
        return ArticleError(f"In “{self.name}”, {key} is {shown}, which is not {wanted}; correct or remove it.")


def split_front_matter(raw: str, *, name: str) -> tuple[FrontMatter, str]:
    """What stands between the first two `---` or `+++` lines, and the rest; nothing and everything where there are none.

    Blank lines may come before them; a `---` after blank lines that has no second one is a rule above a text.
    """
    raw = raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    toml = _TOML.match(raw)
    if toml and _ASSIGNED.search(toml["head"]):
        if len(toml["head"]) > MAX_TOML:
            raise ArticleError(
                f"The front matter of “{name}” has {len(toml['head']):,} characters, over the limit of {MAX_TOML:,}; shorten it."
            )
        return FrontMatter(name, _read_toml(toml["head"], name)), raw[toml.end() :]
    start = _FENCE.match(raw)
    end = _END.search(raw, start.end()) if start else None
    if start is None or (
        not raw.startswith("---") and (end is None or not _KEYED.fullmatch(raw[start.end() : end.start()]))
    ):
        return FrontMatter(name), raw
    if end is None:
        raise ArticleError(f"“{name}” begins with --- but its front matter never ends; add a line --- after it.")
    head = raw[start.end() : end.start()]
    if len(head) > MAX_CHARACTERS:
        raise ArticleError(
            f"The front matter of “{name}” has {len(head):,} characters, over the limit of {MAX_CHARACTERS:,}; shorten it."
        )
    try:
        value = _read(head)
    except (yaml.YAMLError, ValueError) as error:
        problem = " ".join(str(getattr(error, "problem", None) or error).split())
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1 + start[0].count(chr(10))}" if mark else ""
        raise ArticleError(f"The front matter of “{name}” is not YAML{line} ({problem[:120]}); correct it.") from error
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise ArticleError(f"The front matter of “{name}” is no table of keys and values; write “title: …” lines.")
    return FrontMatter(name, value), raw[end.end() :]


def _read_toml(head: str, name: str) -> dict[str, Value]:
    try:
        return {key: _plain(value) for key, value in tomllib.loads(head).items()}
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"The front matter of “{name}” is not TOML ({str(error)[:120]}); correct it.") from error


def _plain(value: object) -> Value:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return str(value)


def _read(head: str) -> Value:
    events = yaml.parse(head, Loader=_LOADER)
    next(events)  # the stream starts
    first = next(events)
    if isinstance(first, yaml.StreamEndEvent):
        return None
    value = _value(next(events), events, 1)
    next(events)  # the document ends
    if not isinstance(last := next(events), yaml.StreamEndEvent):
        raise _unread("a second document", last)
    return value


def _value(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Value:
    if isinstance(event, yaml.ScalarEvent):
        is_plain = event.implicit[0]
        return None if is_plain and event.value in _NULLS else event.value
    if isinstance(event, yaml.AliasEvent):
        raise _unread("an alias (*), which is not read", event)
    if depth > MAX_DEPTH:
        raise _unread(f"lists more than {MAX_DEPTH} deep", event)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Value] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_value(event, events, depth + 1))
        return items
    table: dict[str, Value] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent):
            raise _unread("a key that is no text", event)
        table[event.value] = _value(next(events), events, depth + 1)
    return table


def _unread(problem: str, event: yaml.Event) -> yaml.MarkedYAMLError:
    mark: Any = event.start_mark
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
