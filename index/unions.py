"""Knows unions by the names people give them: which ones an article speaks of, and which one a person means.

The table is `unions.toml`. What these names do to a search is left to `concepts`, the filter to `searcher`.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from corpus.patterns import lazy
from index.errors import QuestionError
from index.named_years import years_in

# An article speaks of a union that its headline or its beginning names, or that it names twice; the numbers are judged.
_LEAD = 600  # code points
_OFTEN = 2
# Discord shows at most 25 choices.
_MOST_CHOICES = 25

# Every byte that is no small letter and no digit as a space.
_SPACED = bytes(byte if chr(byte) in "abcdefghijklmnopqrstuvwxyz0123456789" else 32 for byte in range(256))
# A word as it is said, without the owner's ending: “writers' guild” and “writers guild” are the same.
_SPOKEN_WORD = re.compile(r"(?<![a-z0-9]')[a-z0-9]+|(?<=[a-z0-9]')(?!s(?![a-z0-9]))[a-z0-9]+")
# A union's own employees, who strike against it.
_STAFF = lazy(
    r"\b(?:employees|staff|staffers) (?:members )?(?:of|at|working for) (?:the )?(?:[\w'’]+ ){0,2}(?:guild|union|wga)\b"
    r"|\bwork(?:s|ed)? for the (?:[\w'’]+ ){0,2}(?:guild|union|wga)\b|\bstaff (?:union|members)\b"
    r"|\b(?:guild|union|wga\w*|west|east)['’]?s? (?:own )?(?:staff|staffers|employees)\b",
    re.IGNORECASE,
)
_NO_LETTERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Union:
    """A union as `unions.toml` tells of it; `since` and `until` are years, `part_of` the key of a larger one."""

    key: str
    name: str
    of: str
    names: tuple[str, ...]
    said: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    part_of: str = ""

    @property
    def merged(self) -> bool:
        """Whether its members are the larger one's, by another name or in another place, and no craft of its own."""
        return bool(self.part_of) and (self.until is not None or self.part_of == "wga")

    @property
    def shown(self) -> str:
        """“IATSE (film and stage crews)”: what a person chooses from."""
        years = f", until {self.until}" if self.until else ""
        return f"{self.name} ({self.of}{years})"


@dataclass(frozen=True, slots=True)
class UnionMention:
    """Where a text names a union, as half-open code points."""

    start: int
    end: int
    key: str


@cache
def unions() -> dict[str, Union]:
    """Every union by its key, in the order of the table."""
    with (Path(__file__).parent / "unions.toml").open("rb") as stream:
        table = tomllib.load(stream)
    found: dict[str, Union] = {}
    for one in table["union"]:
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in one.items()
        }
        found[one["key"]] = Union(**fields)
    return found


def unions_of(title: str, tags: Sequence[str], text: str) -> tuple[str, ...]:
    """The keys of the unions that an article speaks of, in the table's order, larger ones that they belong to included.

    Tags decide where they name any. Costs about 50 µs a 1,000 code points.
    """
    known = unions()
    found = {tag for tag in tags if tag in known}
    if not found:
        found = set(_named(title, often=1)) | set(_named(text, often=_OFTEN))
        found = {key for key in found if known[key].until is None or _speaks_of_before(known[key], f"{title}\n{text}")}
    found |= {known[key].part_of for key in found if known[key].part_of}
    return tuple(key for key in known if key in found)


def unions_in(text: str) -> tuple[UnionMention, ...]:
    """Where a question names unions, by whichever name; of names within each other the longest, “the actors” for SAG-AFTRA.

    A year before a merger gives the union of that time: “the 1980 actors strike” is the Screen Actors Guild's.
    """
    words = [(match.start(), match.end(), match[0]) for match in _SPOKEN_WORD.finditer(_lowered(text))]
    years = years_in(text)
    found = []
    place = 0
    while place < len(words):
        for name, key in _by_first_word().get(words[place][2], ()):
            last = place + len(name)
            if tuple(word for _, _, word in words[place:last]) == name:
                found.append(UnionMention(words[place][0], words[last - 1][1], _in_year(key, years)))
                place = last
                break
        else:
            place += 1
    return tuple(found)


def keys_in(text: str) -> frozenset[str]:
    """The keys of the unions that a text names, as `unions_in` finds them."""
    return frozenset(mention.key for mention in unions_in(text))


def is_of_staff(text: str) -> bool:
    """Whether the text speaks of those whom a union employs: “the writers' guild's staff” are no members of it."""
    return bool(_STAFF().search(text))


def union_named(text: str) -> str | None:
    """The key of the union that a person names (“the actors' union”, “sag aftra”, a key, what is shown), or None.

    None too where the words name no single one: “the guild”, “the alliance”. “SAG” is what it is part of today.
    """
    plain = _lowered(text.strip())
    folded = _folded(plain)
    if folded in _spoken():
        return _spoken()[folded]
    if plain in unions():
        return plain
    shown = {_folded(_lowered(one.shown)): one.key for one in unions().values()}
    if folded in shown:
        return shown[folded]
    named = keys_in(text)
    return next(iter(named)) if len(named) == 1 else None


def checked_union(text: str) -> str:
    """The key of the union that a person chose; QuestionError where there is none of that name, “” where none is given."""
    if not text.strip():
        return ""
    key = union_named(text)
    if key is None:
        raise QuestionError(
            f"No union is known as “{text.strip()[:60]}”; choose one that is offered, such as “SAG-AFTRA”, or leave it out."
        )
    return key


def union_choices(prefix: str, present: Collection[str]) -> list[tuple[str, str]]:
    """What to offer while a person types: unions of `present` keys as (shown, value), best first, at most 25.

    A union is offered when a word of its name, or of what people call it, begins with what is typed. `union_named` knows
    the value: the key, or what is shown where the key is what people call another union.
    """
    typed = _folded(_lowered(prefix))
    ranked = []
    for place, one in enumerate(unions().values()):
        if one.key in present:
            called = [_folded(_lowered(word)) for word in (one.name, *one.names, *one.said, one.of)]
            begins = any(word.startswith(typed) for word in called)
            if begins or any(f" {typed}" in f" {word}" for word in called):
                ranked.append((not begins, place, one))
    best = [one for _, _, one in sorted(ranked, key=lambda item: item[:2])][:_MOST_CHOICES]
    return [(one.shown, one.key if union_named(one.key) == one.key else one.shown) for one in best]


def _named(text: str, *, often: int) -> Iterator[str]:
    """Keys whose names or marks stand `often` in the text, or once in its beginning."""
    exact, lowered = text.replace("’", "'"), _lowered(text)
    there = _words(lowered)
    for key, word, capitals, words in _written():
        if not words <= there:
            continue
        place, count, where = -1, 0, exact if capitals else lowered
        while (place := where.find(word, place + 1)) >= 0:
            if _stands_alone(where, place, place + len(word)):
                count += 1
                if count >= often or place < _LEAD:
                    yield key
                    break


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum())


def _speaks_of_before(union: Union, text: str) -> bool:
    """Whether the text speaks of the time before the merger: it names such a year, and not the union of today."""
    merged = unions()[union.part_of].name
    return merged not in text and any(year < (union.until or 0) for year in years_in(text))


def _in_year(key: str, years: Collection[int]) -> str:
    """The union that had this one's place before its merger, where every year named lies before it."""
    since = unions()[key].since
    if since is None or not years or max(years) >= since:
        return key
    return next((one.key for one in unions().values() if one.part_of == key and one.until == since), key)


@cache
def _written() -> tuple[tuple[str, str, bool, frozenset[bytes]], ...]:
    """Key, words as an article has them, whether only in capitals, and single words that all stand where these do."""
    names = dict.fromkeys((one.key, name) for one in unions().values() for name in (*one.names, *one.marks))
    return tuple(
        (key, name if name.isupper() else _lowered(name), name.isupper(), _words(_lowered(name))) for key, name in names
    )


def _words(lowered: str) -> frozenset[bytes]:
    """The words of ASCII letters and digits; as bytes, since a regular expression takes three times as long."""
    return frozenset(lowered.encode("utf-8", "surrogatepass").translate(_SPACED).split())


@cache
def _spoken() -> dict[str, str]:
    """The key by each name that people say, folded; of several the first in the table."""
    found: dict[str, str] = {}
    for one in unions().values():
        for word in (one.name, *one.names, *one.said):
            found.setdefault(_folded(_lowered(word)), one.key)
    return found


@cache
def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Each name that people say as its words, with its key, by its first word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, key in sorted(_spoken().items(), key=lambda one: -len(one[0].split())):
        words = tuple(name.split())
        found.setdefault(words[0], []).append((words, key))
    return found


def _lowered(text: str) -> str:
    """As long as the text, letter for letter: a few capitals have small forms of two letters, and stay."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(small if len(small := one.lower()) == 1 else one for one in text)
    for one in "’‘`´":
        lowered = lowered.replace(one, "'")
    return lowered


def _folded(words: str) -> str:
    """Words alone, without possessive and the leading “the”: “the actors' union” and “actors union” are the same."""
    plain = _NO_LETTERS.sub(" ", words.replace("'s ", " ").replace("' ", " ")).strip()
    return plain.removeprefix("the ")
