"""What is offered while somebody types: the unions and outlets of the articles that they may see."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk import Desk
from bot.errors import BotError
from bot.escape import visible
from bot.scope import collection_of
from index.engine import Engine
from index.errors import EngineError
from index.unions import union_choices

# A list is read once a minute, not at each letter: reading it takes some 10 ms at 2,600 articles. A judgement.
_FRESH = timedelta(minutes=1)
_MOST = 200
_CHOICES = 25  # Discord's limit


@dataclass(frozen=True, slots=True)
class Present:
    """What the articles of some collections speak of, and who published them, the most frequent first."""

    unions: frozenset[str]
    outlets: tuple[str, ...]


class Offers:
    """Remembers for a minute what was there; on the event loop only. An answer takes no longer than reading it once."""

    def __init__(self, engine: Engine, desk: Desk) -> None:
        self._engine = engine
        self._desk = desk
        self._known: OrderedDict[tuple[str, ...], tuple[datetime, Present]] = OrderedDict()

    async def unions(self, collections: tuple[str, ...], typed: str, now: datetime) -> list[tuple[str, str]]:
        """What is shown and what it stands for, best first; nothing where the index can't be read, which asking then tells."""
        try:
            present = await self._present(collections, now)
            return await self._desk.run(union_choices, typed, present.unions)
        except (EngineError, BotError):
            return []

    async def outlets(self, collections: tuple[str, ...], typed: str, now: datetime) -> list[str]:
        """Those that begin with what is typed first, then those that hold it; as for unions where nothing can be read."""
        try:
            outlets = (await self._present(collections, now)).outlets
        except (EngineError, BotError):
            return []
        wanted = typed.strip().casefold()
        begin = [name for name in outlets if name.casefold().startswith(wanted)]
        hold = [name for name in outlets if wanted in name.casefold() and name not in begin]
        return [*begin, *hold][:_CHOICES]

    def forget(self, guild: int) -> None:
        """Drops what was remembered of a server's articles."""
        theirs = collection_of(guild)
        self._known = OrderedDict((key, known) for key, known in self._known.items() if theirs not in key)

    async def _present(self, collections: tuple[str, ...], now: datetime) -> Present:
        known = self._known.get(collections)
        if known is None or not timedelta(0) <= now - known[0] < _FRESH:
            known = self._known[collections] = (now, await self._desk.run(_read, self._engine, collections))
            self._known.move_to_end(collections)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return known[1]


def _read(engine: Engine, collections: tuple[str, ...]) -> Present:
    counts: dict[str, int] = {}
    keys: set[str] = set()
    for article in engine.articles(collections):
        keys.update(article.unions)
        if visible(article.outlet).strip():
            counts[article.outlet] = counts.get(article.outlet, 0) + 1
    return Present(frozenset(keys), tuple(sorted(counts, key=lambda name: (-counts[name], name))))
