"""What discord.py catches itself ends in the same sentences and the same log."""

import discord
import pytest
from discord import app_commands

from bot import words_asking
from bot.errors import NotAllowedError, WordsError
from tests.bot.calls import call, command_data
from tests.bot.conftest import World, said


async def test_a_command_that_discord_still_knows_and_picket_doesn_t_is_told(picket: World) -> None:
    data = command_data(picket.env, "help") | {"name": "formerly"}
    result = await call(picket.env, picket.ann, picket.channel, data)
    assert said(result) == words_asking.OUTDATED_COMMAND
    assert result.ephemeral


async def test_a_refused_check_is_told_with_its_cause(picket: World) -> None:
    async def refuse(_: discord.Interaction) -> bool:
        try:
            raise NotAllowedError("Only the harbour master can do that.")
        except NotAllowedError as error:
            raise app_commands.CheckFailure from error

    command = picket.bot.tree.get_command("help")
    assert isinstance(command, app_commands.Command)
    command.add_check(refuse)
    result = await picket.ann.slash(picket.channel, "help")
    assert said(result) == "Only the harbour master can do that."
    command.remove_check(refuse)
    command.add_check(lambda _: False)
    assert said(await picket.ann.slash(picket.channel, "help")) == words_asking.NOT_HERE


@pytest.mark.parametrize("error", [WordsError("No such day."), ZeroDivisionError("made up")])
async def test_what_a_command_raises_unguarded_is_told_too(picket: World, error: Exception) -> None:
    @app_commands.command(name="careless", description="A command that guards nothing.")
    async def careless(_: discord.Interaction) -> None:
        raise error

    picket.bot.tree.add_command(careless)
    with picket.env._bot_scope():
        await picket.bot.tree.sync()
    if isinstance(error, ZeroDivisionError):
        picket.expect_fault("ZeroDivisionError")
    result = await picket.ann.slash(picket.channel, "careless")
    if isinstance(error, WordsError):
        assert said(result) == "No such day."
    else:
        assert said(result) == words_asking.unforeseen(str(picket.faults_logged()[0]["id"]))


async def test_a_fault_in_a_listener_is_logged_with_an_id(picket: World) -> None:
    async def broken(_: discord.Message) -> None:
        raise ZeroDivisionError("made up")

    picket.bot.add_listener(broken, "on_message")
    picket.expect_fault("ZeroDivisionError")
    await picket.ann.send(picket.channel, "hello")
    logged = picket.faults_logged()[0]
    assert logged["place"] == "on_message"
    assert len(str(logged["id"])) == 8
    assert picket.env.errors  # simcord heard of it too
