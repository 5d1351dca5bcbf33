"""Commands are told to Discord when they changed, and else not; against a simulated Discord."""

from bot.commands_sync import commands_digest, sync, sync_when_changed
from tests.bot.conftest import World


def syncs(world: World) -> int:
    """How often the simulated Discord was told the commands."""
    return sum(one.method == "PUT" and one.path.endswith("/commands") for one in world.env.http_requests)


async def test_only_what_changed_is_told_and_force_tells_it_anyway(picket: World) -> None:
    before = syncs(picket)
    assert await sync(picket.bot)
    assert not await sync(picket.bot)
    assert syncs(picket) == before + 1
    assert await sync(picket.bot, force=True)
    assert syncs(picket) == before + 2


async def test_a_restart_alone_tells_nothing(picket: World) -> None:
    await sync(picket.bot)
    bot = await picket.restart()
    before = syncs(picket)
    assert not await sync(bot)
    assert syncs(picket) == before


async def test_another_application_is_told_although_the_commands_are_the_same(picket: World) -> None:
    await sync(picket.bot)
    key = f"commands:{picket.bot.application_id}"
    assert picket.bot.journal.value(key) == commands_digest(picket.bot)
    assert picket.bot.journal.value("commands:1") is None


async def test_a_changed_description_or_menu_changes_the_digest_and_the_order_does_not(picket: World) -> None:
    bot = picket.bot
    before = commands_digest(bot)
    first = bot.tree.get_commands()[0]
    bot.tree.remove_command(first.name)
    assert commands_digest(bot) != before
    bot.tree.add_command(first)
    assert commands_digest(bot) == before
    command = bot.tree.get_command("ask")
    assert command is not None
    command.description += "!"
    assert commands_digest(bot) != before


async def test_where_discord_does_not_take_them_the_next_start_tries_again(picket: World) -> None:
    picket.expect_fault("Forbidden")
    picket.env.inject_error("PUT", "/applications/*/commands", status=403, code=50001)
    await sync_when_changed(picket.bot)
    assert [one["event"] for one in told(picket)] == ["sync-failed"]
    assert picket.bot.journal.value(f"commands:{picket.bot.application_id}") is None
    assert await sync(picket.bot)


def told(world: World) -> list[dict[str, object]]:
    """The errors in the log, each with the name of its event."""
    return [{"event": record.msg, **getattr(record, "fields", {})} for record in world.faults]


async def test_two_bots_have_the_same_digest(picket: World) -> None:
    before = commands_digest(picket.bot)
    assert commands_digest(await picket.restart()) == before
