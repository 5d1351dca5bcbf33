"""A page of the articles that a person may see, narrowed down as they chose: for `/articles` and `/timeline`.

What was chosen stands in the ids of the buttons that turn the pages, so that these work after a restart.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from bot import days, words, words_asking
from bot.blocks import Action, Line, Reply
from bot.button_ids import page_actions
from bot.render import (
    ARTICLES_A_PAGE,
    TIMELINE_A_PAGE,
    articles_reply,
    on_page,
    page_count,
    timeline_reply,
)
from index.engine import Engine
from index.records import IndexedArticle
from index.unions import unions

Kind = Literal["articles", "timeline"]

_NONE = "-"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a list is narrowed down to. `union` is a key, `outlet` the mark of a name: names are too long for ids."""

    since: date | None = None
    until: date | None = None
    union: str = ""
    outlet: str = ""

    def arguments(self, kind: Kind) -> list[str]:
        """As the verb's arguments, in its order."""
        period = [one.isoformat() if one else _NONE for one in (self.since, self.until)]
        return [*period, self.union or _NONE, *([self.outlet or _NONE] if kind == "articles" else [])]

    @classmethod
    def read(cls, groups: Mapping[str, str]) -> Self:
        """Back from the groups of an id. Ids are strangers' words: what is no day narrows nothing down."""
        return cls(
            since=_day(groups["since"]),
            until=_day(groups["until"]),
            union="" if groups["union"] == _NONE else groups["union"],
            outlet="" if groups.get("outlet", _NONE) == _NONE else groups["outlet"],
        )


def outlet_mark(name: str) -> str:
    """Eight hexadecimal digits for an outlet's name, however it is capitalised; “” for none."""
    plain = " ".join(name.split()).casefold()
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest() if plain else ""


def page_of(
    engine: Engine, kind: Kind, collections: Sequence[str], chosen: Chosen, page: int, *, locale: str
) -> tuple[Reply, Sequence[Action]]:
    """The page and what turns it; newest first as articles, oldest first as a timeline. Reads the index: call it in a thread."""
    found = engine.articles(collections, since=chosen.since, until=chosen.until, union=chosen.union)
    if chosen.outlet:
        found = [one for one in found if outlet_mark(one.outlet) == chosen.outlet]
    if kind == "timeline":
        dated = [one for one in found if one.published]
        found = [*reversed(dated), *(one for one in found if not one.published)]
    size = ARTICLES_A_PAGE if kind == "articles" else TIMELINE_A_PAGE
    pages = page_count(len(found), size)
    page = min(max(page, 1), pages)
    make = articles_reply if kind == "articles" else timeline_reply
    title = _title(kind, chosen, found, locale)
    reply = make(on_page(found, page, size), page=page, pages=pages, title=title, locale=locale)
    return reply, page_actions(kind, 0, *chosen.arguments(kind), page=page, pages=pages)


def _title(kind: Kind, chosen: Chosen, found: Sequence[IndexedArticle], locale: str) -> Line:
    union = unions().get(chosen.union)
    told = words_asking.chosen(
        union=union.name if union else chosen.union,
        outlet=found[0].outlet if chosen.outlet and found else "",
        since=days.day(chosen.since, locale) if chosen.since else "",
        until=days.day(chosen.until, locale) if chosen.until else "",
    )
    title = words.ARTICLES if kind == "articles" else words.TIMELINE
    return (title, *told) if told else title


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
