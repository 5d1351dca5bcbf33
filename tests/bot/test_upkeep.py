"""What is forgotten in time: words after their days, and servers after their grace."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.results import InteractionResult

from bot.journal_records import GuildSettings
from bot.upkeep import Upkeep
from tests.bot.calls import call, command_data, own_app
from tests.bot.conftest import HOME, OTHER, World, pressable, said
from tests.bot.mischief import locked_journal

TITLE = "Coopers walk out"
QUESTION = "why did the dockers of Aldmouth walk out?"
LEFT = 700_000_000_000_000_009


def later(world: World, days: int) -> datetime:
    return world.bot.now() + timedelta(days=days)


async def test_the_words_of_a_question_go_after_their_days_and_its_buttons_stay(picket: World) -> None:
    answer = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    upkeep = Upkeep(picket.bot)
    await upkeep.forget(later(picket, 29))
    assert question_of(picket, answer) == QUESTION
    await upkeep.forget(later(picket, 31))
    assert question_of(picket, answer) is None


def question_of(world: World, answer: InteractionResult) -> str | None:
    shown = world.bot.journal.shown(int(pressable(answer)["👍"].rpartition(":")[2]))
    assert shown is not None
    return shown.question


async def test_a_server_that_was_left_is_forgotten_after_its_grace_with_its_articles(picket: World) -> None:
    bot = picket.bot
    await bot.preferences.change_guild(OTHER, GuildSettings(timezone="Europe/London"), whom=None, now=bot.now())
    collection = bot.engine.folder.directory / f"guild-{OTHER}"
    assert list(collection.glob("*.md"))
    upkeep = Upkeep(bot)
    await picket.cleo.autocomplete(picket.far, "articles", "outlet", "")
    bot.journal.guild_left(LEFT, bot.now())
    bot.journal.guild_left(OTHER, bot.now())
    there = await without(picket, OTHER)
    assert OTHER not in there
    assert await upkeep.forget(later(picket, 29)) == []
    assert list(collection.glob("*.md"))
    assert bot.offers._known
    assert await upkeep.forget(later(picket, 31)) == [OTHER, LEFT]
    assert not bot.offers._known
    assert not collection.exists()
    assert OTHER not in bot.journal.guilds()
    assert bot.preferences.guild(OTHER) == GuildSettings()
    assert list((bot.engine.folder.directory / f"guild-{HOME}").glob("*.md"))


async def without(world: World, guild: int) -> set[int]:
    """The servers that the bot knows, after it was removed from one."""
    found = world.bot.get_guild(guild)
    assert found is not None
    world.bot._connection._remove_guild(found)
    return {one.id for one in world.bot.guilds}


async def test_a_server_that_was_left_while_picket_was_down_has_its_grace_from_then_on(picket: World) -> None:
    bot = picket.bot
    await bot.preferences.change_guild(LEFT, GuildSettings(timezone="Asia/Tokyo"), whom=None, now=bot.now())
    upkeep = Upkeep(bot)
    assert await upkeep.forget(bot.now()) == []
    assert bot.journal.departed(later(picket, 1)) == [LEFT]
    assert await upkeep.forget(later(picket, 31)) == [LEFT]
    assert LEFT not in bot.journal.guilds()


async def test_a_server_that_came_back_is_not_forgotten(picket: World) -> None:
    bot = picket.bot
    bot.journal.guild_left(HOME, bot.now() - timedelta(days=100))
    assert await Upkeep(bot).forget(bot.now()) == []
    assert bot.journal.departed(later(picket, 1)) == []
    assert list((bot.engine.folder.directory / f"guild-{HOME}").glob("*.md"))


async def test_leaving_and_coming_back_are_noted_when_they_happen(picket: World) -> None:
    bot = picket.bot
    upkeep = Upkeep(bot)
    home = bot.get_guild(HOME)
    assert home is not None
    await upkeep.on_guild_remove(home)
    assert bot.journal.departed(later(picket, 1)) == [HOME]
    await upkeep.on_guild_join(home)
    assert bot.journal.departed(later(picket, 1)) == []


async def test_the_first_round_is_at_the_start_and_ends_with_the_bot(picket: World) -> None:
    bot = picket.bot
    answer = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    bot.now = lambda: discord.utils.utcnow() + timedelta(days=31)  # type: ignore[method-assign]
    await bot.add_cog(Upkeep(bot))
    while question_of(picket, answer) is not None:
        await bot.desk.run(int)
    await bot.remove_cog("Upkeep")


async def test_a_journal_that_is_locked_is_logged_and_the_next_round_comes(picket: World) -> None:
    picket.expect_fault("JournalError")
    upkeep = Upkeep(picket.bot, pause=0.01)
    with locked_journal(picket.bot):
        await picket.bot.add_cog(upkeep)
        while not picket.faults:
            await picket.bot.desk.run(int)
    answer = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    picket.bot.now = lambda: discord.utils.utcnow() + timedelta(days=31)  # type: ignore[method-assign]
    while question_of(picket, answer) is not None:
        await picket.bot.desk.run(int)
    await picket.bot.remove_cog("Upkeep")


async def test_a_server_that_installed_the_commands_alone_is_kept_while_it_calls(
    picket: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The bot is no member there, and hears of it by nothing else."""
    upkeep = await left(picket, OTHER, caplog)
    await installed(picket)
    assert await upkeep.forget(later(picket, 31)) == []
    assert articles(picket, OTHER)
    assert await upkeep.forget(later(picket, 60)) == []
    assert await upkeep.forget(later(picket, 62)) == [OTHER]
    assert not articles(picket, OTHER)


async def test_a_call_of_a_persons_own_app_keeps_nothing_of_the_server_it_is_made_in(
    picket: World, caplog: pytest.LogCaptureFixture
) -> None:
    upkeep = await left(picket, OTHER, caplog)
    await installed(picket, own_app(picket.cleo, OTHER))
    assert await upkeep.forget(later(picket, 31)) == [OTHER]


async def left(world: World, guild: int, caplog: pytest.LogCaptureFixture) -> Upkeep:
    """Upkeep as it runs, after its first round; the bot is not in this server, of which it keeps settings."""
    bot = world.bot
    await bot.preferences.change_guild(guild, GuildSettings(timezone="Asia/Tokyo"), whom=None, now=bot.now())
    await without(world, guild)
    upkeep = Upkeep(bot)
    with caplog.at_level("INFO", "picket"):
        await bot.add_cog(upkeep)
        while not any(record.msg == "upkeep" for record in caplog.records):
            await bot.desk.run(int)
    return upkeep


async def installed(world: World, changes: dict[str, Any] | None = None) -> None:
    """A question by the commands that a server installed; `changes` make it another's."""
    asked = command_data(world.env, "ask", question=QUESTION)
    theirs = {"authorizing_integration_owners": {"0": str(OTHER)}}
    assert said(await call(world.env, world.cleo, world.far, asked, changes=changes or theirs))


def articles(world: World, guild: int) -> list[Path]:
    return list((world.bot.engine.folder.directory / f"guild-{guild}").glob("*.md"))


async def test_what_the_operator_added_for_a_server_that_picket_never_met_stays(picket: World) -> None:
    bot = picket.bot
    await without(picket, OTHER)
    assert OTHER not in bot.journal.guilds()
    upkeep = Upkeep(bot)
    assert await upkeep.forget(bot.now()) == []
    assert await upkeep.forget(later(picket, 400)) == []
    assert articles(picket, OTHER)


async def test_a_server_whose_files_can_t_be_removed_keeps_no_other_from_being_forgotten(picket: World) -> None:
    picket.expect_fault("StoreError")
    bot = picket.bot
    upkeep = Upkeep(bot)
    in_the_way = bot.engine.storage / "attic" / "guild-5" / f"{'0' * 64}.md"
    in_the_way.mkdir(parents=True)  # a folder, which can't be unlinked
    await bot.desk.run(propose, picket)
    proposals = bot.engine.storage / "proposals"
    grow_old(proposals)
    await without(picket, OTHER)
    for left in (5, OTHER):
        bot.journal.guild_left(left, bot.now())
    await upkeep.forget(bot.now())
    assert await upkeep.forget(later(picket, 60)) == [OTHER]
    assert not articles(picket, OTHER)
    assert not list(proposals.iterdir())
    assert {record.msg for record in picket.faults} == {"upkeep-failed"}
    assert bot.journal.departed(later(picket, 60)) == [5]  # tried again the next day
    in_the_way.rmdir()
    assert await upkeep.forget(later(picket, 61)) == [5]


def grow_old(folder: Path) -> None:
    """What lies in it, and that something does: a file's time is the machine's, not the test's."""
    found = list(folder.iterdir())
    assert found
    for one in found:
        os.utime(one, (0, 0))


def propose(world: World) -> str:
    text = "The coopers of Tidewick walked out on Monday. Their master offered them nothing."
    return world.bot.library.propose_text(TITLE, text, guild=HOME, now=world.bot.now()).token


async def test_versions_that_were_put_aside_go_in_time(picket: World) -> None:
    bot = picket.bot
    kept = bot.engine.storage / "attic" / f"guild-{HOME}"
    await bot.desk.run(bot.library.confirm, await bot.desk.run(propose, picket), guild=HOME, now=bot.now())
    (added,) = (one for one in bot.library.listed(HOME) if one.article.title == TITLE)
    bot.library.remove(HOME, added.article.id)
    upkeep = Upkeep(bot)
    await upkeep.forget(bot.now())
    grow_old(kept)
    await upkeep.forget(bot.now())
    assert not list(kept.glob("*.md"))
