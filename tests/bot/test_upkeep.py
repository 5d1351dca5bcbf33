"""What is forgotten in time: words after their days, and servers after their grace."""

from datetime import datetime, timedelta

import discord

from bot.journal_records import GuildSettings
from bot.upkeep import Upkeep
from tests.bot.conftest import HOME, OTHER, World
from tests.bot.mischief import locked_journal

QUESTION = "why did the dockers of Aldmouth walk out?"
LEFT = 700_000_000_000_000_009


def later(world: World, days: int) -> datetime:
    return world.bot.now() + timedelta(days=days)


async def test_the_words_of_a_question_go_after_their_days_and_its_buttons_stay(picket: World) -> None:
    await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    upkeep = Upkeep(picket.bot)
    await upkeep.forget(later(picket, 29))
    assert question_of(picket, 1) == QUESTION
    await upkeep.forget(later(picket, 31))
    assert question_of(picket, 1) is None


def question_of(world: World, number: int) -> str | None:
    shown = world.bot.journal.shown(number)
    assert shown is not None
    return shown.question


async def test_a_server_that_was_left_is_forgotten_after_its_grace_with_its_articles(picket: World) -> None:
    bot = picket.bot
    await bot.preferences.change_guild(OTHER, GuildSettings(timezone="Europe/London"), whom=None, now=bot.now())
    collection = bot.engine.folder.directory / f"guild-{OTHER}"
    assert list(collection.glob("*.md"))
    upkeep = Upkeep(bot)
    bot.journal.guild_left(LEFT, bot.now())
    bot.journal.guild_left(OTHER, bot.now())
    there = await without(picket, OTHER)
    assert OTHER not in there
    assert await upkeep.forget(later(picket, 29)) == []
    assert list(collection.glob("*.md"))
    assert await upkeep.forget(later(picket, 31)) == [OTHER, LEFT]
    assert not list(collection.glob("*.md"))
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
    await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    bot.now = lambda: discord.utils.utcnow() + timedelta(days=31)  # type: ignore[method-assign]
    await bot.add_cog(Upkeep(bot))
    while question_of(picket, 1) is not None:
        await bot.desk.run(int)
    await bot.remove_cog("Upkeep")


async def test_a_journal_that_is_locked_is_logged_and_the_next_round_comes(picket: World) -> None:
    picket.expect_fault("JournalError")
    upkeep = Upkeep(picket.bot, pause=0.01)
    with locked_journal(picket.bot):
        await picket.bot.add_cog(upkeep)
        while not picket.faults:
            await picket.bot.desk.run(int)
    await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    picket.bot.now = lambda: discord.utils.utcnow() + timedelta(days=31)  # type: ignore[method-assign]
    while question_of(picket, 1) is not None:
        await picket.bot.desk.run(int)
    await picket.bot.remove_cog("Upkeep")
