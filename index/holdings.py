"""What a generation has by day and by union: which articles a choice leaves out, and which a period favours.

Read from the table of articles when a question first needs it.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.questions.asked_period import UNDATED, Counted, age_fit, favoured_days
from index.records import Hit, ReadPeriod, Run
from index.tables import TableReader

# What an article of the period gets on top of a fused score, which is 0 to 1. Measured on the golden and the development
# questions (177 and 49 with an answer, without a cross-encoder): a passage with the gold sentence comes first for .605 and
# .531 without a period, for .633 and .571 with .1, .638 and .571 with .2, .644 and .571 with .3.
FAVOUR = 0.2
# What one of long ago loses there beside the newest, where no time is named. Measured with the cross-encoder on the golden and
# the development questions: .1 changes nothing, .2 and .3 give one question of 177 more, and of those on what happened several
# times one of 25 (docs/experiments.md).
AGEING = 0.2
_UNDATED_DAY = 0  # the calendar's days begin with 1
_KEPT = 64  # choices that are remembered; each costs some kB


@dataclass(frozen=True, slots=True)
class _Columns:
    """By an article's row: its collection, its day as an ordinal (0 for none); and by union, the rows that speak of it.

    `reach` is the first and the last day of any; the other way round where there is none.
    """

    collections: NDArray[np.str_]
    days: NDArray[np.int32]
    unions: dict[str, frozenset[int]]
    reach: tuple[date, date]


class Holdings:
    """One generation's articles by day and union. Any number of threads may ask."""

    def __init__(self, tables: TableReader) -> None:
        self._tables = tables
        self._lock = threading.Lock()
        self._known: _Columns | None = None
        self._has: dict[tuple[date, date, frozenset[str], frozenset[int]], bool] = {}
        self._outside: dict[tuple[str, date | None, date | None], frozenset[int]] = {}

    def outside(self, union: str, since: date | None, until: date | None) -> frozenset[int]:
        """The rows of the articles that a choice leaves out; undated ones where days are chosen. Both days are included."""
        if not union and since is None and until is None:
            return frozenset()
        key = (union, since, until)
        found = self._outside.get(key)
        if found is None:
            columns = self._columns()
            kept = np.ones(len(columns.days), np.bool_)
            if since or until:
                first, last = (since or date.min).toordinal(), (until or date.max).toordinal()
                kept &= (columns.days >= first) & (columns.days <= last)  # undated: before the first day of all
            if union:
                speak = np.zeros(len(columns.days), np.bool_)
                speak[list(columns.unions.get(union, ()))] = True
                kept &= speak
            found = frozenset(np.flatnonzero(~kept).tolist())
            if len(self._outside) >= _KEPT:
                self._outside.clear()
            self._outside[key] = found
        return found

    def counted(self, collections: Sequence[str], withdrawn: frozenset[int]) -> Counted:
        """How many articles that may be seen are of given days, as `questions.asked_period` asks it."""

        seen: list[NDArray[np.int32]] = []  # the days of the articles that may be seen, once they are asked for

        def count(first: date, last: date) -> int:
            if not seen:
                columns = self._columns()
                there = np.isin(columns.collections, list(collections))
                there[list(withdrawn)] = False
                seen.append(columns.days[there])
            return int(((seen[0] >= first.toordinal()) & (seen[0] <= last.toordinal())).sum())

        return count

    def has(self, when: ReadPeriod, collections: frozenset[str], withdrawn: frozenset[int]) -> bool:
        """Whether any dated article that may be seen is of the period: else there is nothing to favour."""
        key = (*favoured_days(when), collections, withdrawn)
        found = self._has.get(key)
        if found is None:
            rows = np.flatnonzero(self._fits(when) == 1).tolist()
            found = any(self._tables.collections[row] in collections and row not in withdrawn for row in rows)
            if len(self._has) >= _KEPT:
                self._has.clear()
            self._has[key] = found
        return found

    def within(self, when: ReadPeriod) -> NDArray[np.bool_]:
        """By row, whether an article may be of the period: undated ones too."""
        return self._fits(when) > 0

    def days(self, when: ReadPeriod) -> tuple[date, date]:
        """The days on which articles that are there tell of the period, both included."""
        first, last = favoured_days(when)
        oldest, newest = self._columns().reach
        return max(first, oldest), min(last, newest)

    def favour(
        self, runs: Sequence[Run], when: ReadPeriod, article_of: NDArray[np.int32], *, undated: float = UNDATED
    ) -> dict[int, float]:
        """What the fused scores of passages in these runs are raised by: FAVOUR in the period, a part of it where undated."""
        numbers = list({hit.number for run in runs for hit in run.hits})
        fits = self._fits(when, undated)[article_of[numbers]].tolist()
        return {number: FAVOUR * fit for number, fit in zip(numbers, fits, strict=True)}

    def ageing(self, runs: Sequence[Run], article_of: NDArray[np.int32]) -> dict[int, float]:
        """What the fused scores of passages in these runs are lowered by that are years older than the newest of them."""
        oldest, newest = self._columns().reach
        if age_fit(oldest, newest) == 0.0:
            return {}
        numbers = list({hit.number for run in runs for hit in run.hits})
        days = self._columns().days[article_of[numbers]].tolist()
        dated = {
            number: date.fromordinal(day) for number, day in zip(numbers, days, strict=True) if day != _UNDATED_DAY
        }
        last = max(dated.values(), default=newest)
        return {number: AGEING * age_fit(day, last) for number, day in dated.items()}

    def _fits(self, when: ReadPeriod, undated: float = UNDATED) -> NDArray[np.float32]:
        """`questions.asked_period.period_fit` of every article, by row."""
        days = self._columns().days
        first, last = (day.toordinal() for day in favoured_days(when))
        fits = ((days >= first) & (days <= last)).astype(np.float32)
        fits[days == _UNDATED_DAY] = undated
        return fits

    def _columns(self) -> _Columns:
        with self._lock:
            if self._known is None:
                articles = self._tables.indexed()
                unions: dict[str, set[int]] = {}
                for one in articles:
                    for key in one.unions:
                        unions.setdefault(key, set()).add(one.row)
                dated = [one.published for one in articles if one.published]
                self._known = _Columns(
                    np.array([one.collection for one in articles], np.str_),
                    np.array(
                        [one.published.toordinal() if one.published else _UNDATED_DAY for one in articles], np.int32
                    ),
                    {key: frozenset(rows) for key, rows in unions.items()},
                    (min(dated, default=date.max), max(dated, default=date.min)),
                )
            return self._known


def together(run: Run, other: Run) -> Run:
    """Every hit of both, whose scores compare: of the same run over all passages, and over some of them."""
    best = {hit.number: hit for hit in (*run.hits, *other.hits)}
    ordered = sorted(best.values(), key=lambda hit: (-hit.score, hit.number))
    hits = (Hit(hit.number, rank, hit.score, hit.evidence) for rank, hit in enumerate(ordered, start=1))
    return Run(run.name, tuple(hits), run.seconds + other.seconds)
