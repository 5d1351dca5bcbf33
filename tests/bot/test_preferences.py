"""Settings in memory agree with those in the journal, at every moment at which a question may come."""

from collections.abc import AsyncIterator
from pathlib import Path

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


async def test_what_is_forgotten_is_the_default_again(parts: tuple[Preferences, Journal, Desk]) -> None:
    preferences, _, _ = parts
    await preferences.change_guild(1, QUIET, whom=None, now=ASKED)
    await preferences.change_person(2, PersonSettings(private=True))
    preferences.forget_guild(1)
    preferences.forget_person(2)
    assert preferences.guild(1) == GuildSettings()
    assert preferences.person(2) == PersonSettings()
