"""Runs reindexes for people, one at a time: who began it and when, how far it is, how to cancel it, and how it ended.

The engine does the work in a thread; what is said of it, and where, is left to the cogs.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bot import log, words_corpus
from bot.errors import BusyError, ClosingError, JournalError
from bot.journal_records import Built
from bot.scope import collection_of
from corpus.article import PUBLIC
from index.engine import Changes, Engine
from index.errors import BusyError as LockedError
from index.errors import EngineError

if TYPE_CHECKING:
    from bot.app import Picket
    from index.builder import BuildReport


class Ended(StrEnum):
    """How a reindex ended. After `FAILED` and `CANCELLED` the generation in use is the one from before.

    After `UNKNOWN` it may be either: Picket ended first, while the engine's thread went on. `BUSY`: another program
    reindexes, so nothing was begun.
    """

    DONE = "done"
    FAILURES = "failures"  # done, but some articles could not be indexed
    UNCHANGED = "unchanged"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class BuildOutcome:
    """The end of a reindex, as one server may see it: its own articles' changes and failures, and those for everybody."""

    ended: Ended
    generation: int | None
    changes: Changes | None
    failures: tuple[str, ...]
    others: int  # changed or failed articles of other servers, by their number alone
    error: str
    seconds: float


class _CancelledError(Exception):
    """Raised in the engine's thread, at a moment where it can be left."""


class Build:
    """One reindex. Its progress may be read on any thread."""

    def __init__(self, number: int, guild: int | None, whom: int | None, began_at: datetime) -> None:
        self.number = number
        self.guild = guild
        self.whom = whom
        self.began_at = began_at
        self.stage, self.done, self.total = "", 0, 0
        self._begun = self._stage_begun = time.monotonic()
        self._cancelled = False
        self.outcome: asyncio.Future[BuildOutcome] = asyncio.get_running_loop().create_future()

    def cancel(self) -> None:
        """Ends it at the next moment where it can be left; once the generation is published, nothing is cancelled."""
        self._cancelled = True

    @property
    def cancelling(self) -> bool:
        return self._cancelled

    def seconds(self) -> float:
        return time.monotonic() - self._begun

    def left(self) -> float | None:
        """Seconds that the stage will take, from its pace so far; None where that can't be told yet."""
        spent = time.monotonic() - self._stage_begun
        if self.done <= 0 or self.total <= self.done or spent < 1:
            return None
        return spent * (self.total - self.done) / self.done

    def progress(self, stage: str, done: int, total: int) -> None:
        """The engine's progress; called in its thread."""
        if self._cancelled:
            raise _CancelledError
        if stage != self.stage:
            self._stage_begun = time.monotonic()
        self.stage, self.done, self.total = stage, done, total


class Builds:
    """The reindex that runs, if one does. On the event loop only."""

    def __init__(self, bot: "Picket") -> None:
        self._bot = bot
        self._number = 0  # of the latest
        self.current: Build | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self, *, guild: int | None, whom: int | None, full: bool, now: datetime) -> Build:
        """Begins a reindex; `build.outcome` tells how it ended. BusyError where one runs."""
        build = self.claim(guild=guild, whom=whom, now=now)
        self.begin(build, full=full)
        return build

    def claim(self, *, guild: int | None, whom: int | None, now: datetime) -> Build:
        """Takes the place of the one reindex, for `begin` or `release`. BusyError where it is taken."""
        if self.current is not None:
            raise BusyError(words_corpus.REINDEX_RUNS)
        # A button of a reindex before the last start must not cancel this one.
        self._number = max(self._number + 1, int(now.timestamp()))
        self.current = Build(self._number, guild, whom, now)
        return self.current

    def begin(self, build: Build, *, full: bool) -> None:
        """Begins what was claimed."""
        self._task = asyncio.create_task(self._run(build, full=full), name="reindex")

    def release(self, build: Build) -> None:
        """Gives the place back where nothing was begun."""
        if self.current is build:
            self.current = None

    async def close(self) -> None:
        """Cancels what runs and waits until it has let go."""
        if self.current is not None:
            self.current.cancel()
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _run(self, build: Build, *, full: bool) -> None:
        bot = self._bot
        try:
            outcome = await self._outcome(build, full=full)
        except Exception as error:  # noqa: BLE001 - whoever waits for the end is told in any case
            log.failure("reindex-failed", error)
            outcome = _failed(build, words_corpus.REINDEX_FAULT)
        finally:
            self.current = None
        if outcome.ended is not Ended.BUSY:
            await self._note(build, outcome)
            bot.metrics.reindexed(str(outcome.ended), outcome.seconds)
        log.event("reindex", outcome=str(outcome.ended), seconds=round(outcome.seconds, 3), guild=build.guild)
        build.outcome.set_result(outcome)

    async def _outcome(self, build: Build, *, full: bool) -> BuildOutcome:
        bot, engine = self._bot, self._bot.engine
        # Who it was stands in the journal, where it is forgotten in time; a manifest lasts as long as its generation.
        whom = "a moderator" if build.whom else "Picket"
        try:
            before = await bot.desk.run(_current, engine)
            report = await bot.desk.work(
                engine.reindex, full=full, whom=whom, now=build.began_at, progress=build.progress
            )
            for remark in report.remarks:
                log.event("not-tidied", told=remark)
            return await bot.desk.run(_told, engine, build, report, before)
        except _CancelledError:
            return BuildOutcome(Ended.CANCELLED, None, None, (), 0, "", build.seconds())
        except ClosingError:
            return BuildOutcome(Ended.UNKNOWN, None, None, (), 0, "", build.seconds())
        except LockedError as error:
            return BuildOutcome(Ended.BUSY, None, None, (), 0, _runs_elsewhere(error.since), build.seconds())
        except EngineError as error:
            identity = log.failure("reindex-failed", error)
            told = str(error) if build.guild is None else words_corpus.reindex_failed(identity)
            return _failed(build, told)

    async def _note(self, build: Build, outcome: BuildOutcome) -> None:
        """Into the journal; where that can't be written, the reindex is done all the same."""
        if build.guild is None and outcome.ended is Ended.UNCHANGED:
            return  # every start looks for changes
        bot, changes = self._bot, outcome.changes
        try:
            await bot.desk.run(
                bot.journal.note_build,
                Built(
                    guild=build.guild,
                    whom=build.whom,
                    began_at=build.began_at,
                    ended_at=bot.now(),
                    outcome=str(outcome.ended),
                    generation=outcome.generation,
                    added=len(changes.added) if changes else 0,
                    removed=len(changes.removed) if changes else 0,
                    changed=len(changes.changed) if changes else 0,
                    failures=outcome.failures or ((outcome.error,) if outcome.error else ()),
                ),
            )
        except (JournalError, ClosingError) as error:
            log.failure("unnoted-reindex", error)


def _failed(build: Build, error: str) -> BuildOutcome:
    return BuildOutcome(Ended.FAILED, None, None, (), 0, error, build.seconds())


def _runs_elsewhere(since: datetime | None) -> str:
    """What people are told of another program's reindex: since when, not of its process."""
    return words_corpus.REINDEX_RUNS if since is None else words_corpus.reindex_runs_elsewhere(since.astimezone(UTC))


def _current(engine: Engine) -> int | None:
    try:
        return engine.generations.current()
    except EngineError:
        return None


def _told(engine: Engine, build: Build, report: "BuildReport", before: int | None) -> BuildOutcome:
    """The report as the server that asked for it may see it; the operator sees all."""
    theirs: Callable[[str], bool] = (
        (lambda _: True) if build.guild is None else {PUBLIC, collection_of(build.guild)}.__contains__
    )
    failures = tuple(one.why for one in report.failures if theirs(one.collection))
    others = sum(1 for one in report.failures if not theirs(one.collection))
    changes = Changes((), (), ())
    if report.published and before is not None:
        whole = _changes(engine, before, report.generation)
        if whole is not None:
            changes = Changes(*(tuple(key for key in part if theirs(key[0])) for part in _parts(whole)))
            others += sum(not theirs(key[0]) for part in _parts(whole) for key in part)
    elif report.published:
        changes = Changes(
            tuple((one.collection, one.id) for one in engine.articles(engine.collections()) if theirs(one.collection)),
            (),
            (),
        )
    if not report.published and not report.failures:
        ended = Ended.UNCHANGED
    else:
        ended = Ended.FAILURES if failures else Ended.DONE if report.published else Ended.UNCHANGED
    return BuildOutcome(ended, report.generation, changes, failures, others, "", build.seconds())


def _changes(engine: Engine, before: int, after: int) -> Changes | None:
    try:
        return engine.changes(before, after, None)
    except EngineError:  # pruned or damaged meanwhile: the reindex itself is done
        return None


def _parts(changes: Changes) -> Sequence[tuple[tuple[str, str], ...]]:
    return changes.added, changes.removed, changes.changed
