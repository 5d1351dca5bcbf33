"""Settings in memory agree with those in the journal, at every moment at which a question may come."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.errors import JournalError
from bot.journal import Journal
from bot.journal_records import GuildSettings, PersonSettings
from bot.preferences import Preferences
from tests.engines import ASKED, SmallEngine, configure, open_engine

QUIET = GuildSettings(private=True, channels=(7,))


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[tuple[Preferences, Journal, Desk]]:
    engine: SmallEngine = open_engine(configure(tmp_path))
    journal = Journal.open(tmp_path / "bot.db", now=ASKED)
    desk = Desk(engine, threads=1, queue=0, seconds=1)
    yield Preferences(journal, desk), journal, desk
    await desk.close(5)
    journal.close()
    engine.close()


async def test_what_was_chosen_is_known_at_once_and_after_a_restart(
    parts: tuple[Preferences, Journal, Desk],
) -> None:
    preferences, journal, desk = parts
    assert preferences.guild(1) == GuildSettings()
    assert preferences.guild(None) == GuildSettings()
    assert preferences.person(2) == PersonSettings()
    changed = await preferences.change_guild(1, QUIET, whom=5, now=ASKED)
    assert "private" in changed
    await preferences.change_person(2, PersonSettings(private=True, guild=1))
    assert preferences.guild(1) == QUIET
    assert preferences.person(2) == PersonSettings(private=True, guild=1)
    again = Preferences(journal, desk)
    await again.load()
    assert again.guild(1) == QUIET
    assert again.person(2) == PersonSettings(private=True, guild=1)
    assert journal.audit(1, 5)[0].whom == 5


async def test_a_change_that_can_t_be_kept_is_not_made(parts: tuple[Preferences, Journal, Desk]) -> None:
    preferences, journal, _ = parts
    journal.close()
    with pytest.raises(JournalError):
        await preferences.change_guild(1, QUIET, whom=None, now=ASKED)
    with pytest.raises(JournalError):
        await preferences.change_person(2, PersonSettings(private=True))
    assert preferences.guild(1) == GuildSettings()
    assert preferences.person(2) == PersonSettings()


def held_back(monkeypatch: pytest.MonkeyPatch, journal: Journal, name: str) -> tuple[threading.Event, threading.Event]:
    """What a method of the journal gives is given on once it is let; the other event says that it has been done."""
    done, go = threading.Event(), threading.Event()
    call: Callable[..., Any] = getattr(journal, name)

    def later(*args: Any, **kwargs: Any) -> Any:
        given = call(*args, **kwargs)
        done.set()
        assert go.wait(10)
        return given

    monkeypatch.setattr(journal, name, later)
    return done, go


async def test_what_is_chosen_while_all_is_read_anew_holds(
    parts: tuple[Preferences, Journal, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    preferences, journal, _ = parts
    done, go = held_back(monkeypatch, journal, "all_person_settings")
    loading = asyncio.create_task(preferences.load())
    assert await asyncio.to_thread(done.wait, 10)
    changes = [
        asyncio.create_task(preferences.alter_guild(1, lambda _: QUIET, whom=5, now=ASKED)),
        asyncio.create_task(preferences.alter_person(2, lambda _: PersonSettings(private=True))),
    ]
    await asyncio.wait(changes, timeout=0.2)
    go.set()
    await asyncio.gather(loading, *changes)
    assert preferences.guild(1) == QUIET
    assert preferences.person(2) == PersonSettings(private=True)


async def test_who_is_forgotten_while_all_is_read_anew_or_while_they_choose_stays_forgotten(
    parts: tuple[Preferences, Journal, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    preferences, journal, _ = parts
    await preferences.change_person(2, PersonSettings(private=True))
    done, go = held_back(monkeypatch, journal, "all_person_settings")
    loading = asyncio.create_task(preferences.load())
    assert await asyncio.to_thread(done.wait, 10)
    forgetting = asyncio.create_task(preferences.forget_person(2))
    await asyncio.wait({forgetting}, timeout=0.2)
    go.set()
    await asyncio.gather(loading, forgetting)
    assert preferences.person(2) == PersonSettings()
    done, go = held_back(monkeypatch, journal, "change_person")
    choosing = asyncio.create_task(preferences.alter_person(2, lambda _: PersonSettings(private=True)))
    assert await asyncio.to_thread(done.wait, 10)
    forgetting = asyncio.create_task(preferences.forget_person(2))
    await asyncio.wait({forgetting}, timeout=0.2)
    go.set()
    await asyncio.gather(choosing, forgetting)
    assert preferences.person(2) == PersonSettings()


async def test_what_is_forgotten_is_the_default_again(parts: tuple[Preferences, Journal, Desk]) -> None:
    preferences, _, _ = parts
    await preferences.change_person(2, PersonSettings(private=True))
    await preferences.forget_person(2)
    assert preferences.person(2) == PersonSettings()
