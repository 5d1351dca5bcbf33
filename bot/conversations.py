"""Remembers for a quarter of an hour what a person asked in a place, so that “and the writers?” is understood. In memory only."""

from collections import OrderedDict
from datetime import datetime, timedelta

# As long as people were promised, and as the terminal's chat keeps: three questions are as many as one leans on.
LASTING = timedelta(minutes=15)
_CONTEXT = 3
# Conversations at once, each of three questions of up to 4,000 characters: at the very most 50 MB, usually 1. A judgement.
# As many people who had their data deleted lately.
_MOST = 4_000

_Key = tuple[int, int, bool]


class Conversations:
    """Questions by person and channel (a thread is one), those with private answers apart from those that all could see.

    Never written anywhere; on the event loop only.
    """

    def __init__(self, lasting: timedelta = LASTING, most: int = _MOST) -> None:
        self._lasting = lasting
        self._most = most
        self._asked: OrderedDict[_Key, list[tuple[datetime, str]]] = OrderedDict()
        self._forgotten: OrderedDict[int, datetime] = OrderedDict()

    def before(self, person: int, channel: int, now: datetime, *, private: bool) -> tuple[str, ...]:
        """What the person asked there in the last quarter of an hour, oldest first."""
        return tuple(text for _, text in self._recent((person, channel, private), now))

    def add(self, person: int, channel: int, text: str, now: datetime, *, private: bool) -> None:
        """Remembers what was asked at `now`, unless that is forgotten."""
        if self.is_forgotten(person, now):
            return
        key = (person, channel, private)
        self._asked[key] = [*self._recent(key, now), (now, text)][-_CONTEXT:]
        self._asked.move_to_end(key)
        self._drop(now)

    def forget(self, person: int) -> None:
        """Drops everything the person asked, wherever."""
        for key in [key for key in self._asked if key[0] == person]:
            del self._asked[key]

    def forget_until(self, person: int, now: datetime) -> None:
        """Nothing that the person asked up to now is to be kept, here or elsewhere, also what is still being answered.

        That is remembered for as long as a conversation: an answer is given up long before.
        """
        self._forgotten[person] = now
        self._forgotten.move_to_end(person)
        while len(self._forgotten) > self._most or now - next(iter(self._forgotten.values())) >= self._lasting:
            self._forgotten.popitem(last=False)

    def is_forgotten(self, person: int, asked_at: datetime) -> bool:
        """Whether what the person asked then is not to be kept. What was asked long before is answered by now; it only seems
        so where the clock was set back.
        """
        until = self._forgotten.get(person)
        return until is not None and timedelta() <= until - asked_at < self._lasting

    def _recent(self, key: _Key, now: datetime) -> list[tuple[datetime, str]]:
        return [one for one in self._asked.get(key, ()) if now - one[0] < self._lasting]

    def _drop(self, now: datetime) -> None:
        """What is too old goes, from the oldest on: each is dropped once, so adding costs nothing extra on average."""
        while self._asked:
            key, asked = next(iter(self._asked.items()))
            if len(self._asked) <= self._most and now - asked[-1][0] < self._lasting:
                return
            del self._asked[key]
