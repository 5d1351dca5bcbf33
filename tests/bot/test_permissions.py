"""Who may moderate, tried by those who may not, who no longer may, and where nobody may."""

from dataclasses import dataclass, field
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bot.faults import telling
from bot.journal_records import GuildSettings
from bot.permissions import moderators_only, require_moderator
from bot.render import note_reply
from bot.voices import Call
from tests.bot.calls import call, own_app
from tests.bot.conftest import HOME, OTHER, World, said
from tests.bot.test_upkeep import without


@dataclass
class Done:
    guilds: list[int] = field(default_factory=list)


@moderators_only()
class Harbour(commands.GroupCog, group_name="harbour", group_description="Looks after the harbour."):
    """A group such as the moderators' own."""

    def __init__(self, done: Done) -> None:
        self._done = done

    @app_commands.command(name="open", description="Opens the harbour.")
    async def open(self, interaction: discord.Interaction[Any]) -> None:
        voice = Call(interaction)
        async with telling(voice):
            await voice.acknowledge(private=True)
            self._done.guilds.append(require_moderator(interaction))
            await voice.say(note_reply("The harbour is open."))


@pytest.fixture
async def done(picket: World) -> Done:
    made = Done()
    with picket.env._bot_scope():
        await picket.bot.add_cog(Harbour(made))
        await picket.bot.tree.sync()
    return made


async def try_to(world: World, person: Any, **changes: Any) -> str:
    """The command as Discord would send it to whom its own check lets through."""
    root = world.env.backend.find_command("harbour", None, type=1)
    assert root is not None
    data = {"id": root["id"], "name": "harbour", "type": 1, "options": [{"name": "open", "type": 1, "options": []}]}
    result = await call(world.env, person, changes.pop("channel", world.channel), data, **changes)
    return said(result)


async def test_who_may_manage_the_server_may_and_others_are_refused_in_code(picket: World, done: Done) -> None:
    assert await try_to(picket, picket.moderator) == "The harbour is open."
    assert "may manage this server" in await try_to(picket, picket.ann)
    assert done.guilds == [HOME]


async def test_roles_that_the_server_chose_may_by_their_id_and_not_by_their_name(picket: World, done: Done) -> None:
    bot = picket.bot
    stewards, namesake = picket.home.create_role("Stewards"), picket.home.create_role("Stewards")
    steward = picket.home.add_member(picket.env.create_user("s"), roles=[stewards])
    impostor = picket.home.add_member(picket.env.create_user("i"), roles=[namesake])
    settings = GuildSettings(moderator_roles=(stewards.id,))
    await bot.preferences.change_guild(HOME, settings, whom=None, now=bot.now())
    assert await try_to(picket, steward) == "The harbour is open."
    assert "may manage" in await try_to(picket, impostor)
    await bot.preferences.change_guild(HOME, GuildSettings(), whom=None, now=bot.now())
    assert "may manage" in await try_to(picket, steward)
    assert done.guilds == [HOME]


async def test_a_chosen_role_may_where_a_server_installed_the_commands_alone(picket: World, done: Done) -> None:
    """The bot is no member there and knows none of its roles."""
    role = picket.other.create_role("Stewards")
    steward = picket.other.add_member(picket.env.create_user("s"), roles=[role])
    await without(picket, OTHER)
    theirs = {"authorizing_integration_owners": {"0": str(OTHER)}}
    assert "may manage" in await try_to(picket, steward, channel=picket.far, changes=theirs)
    bot = picket.bot
    settings = GuildSettings(moderator_roles=(role.id,))
    await bot.preferences.change_guild(OTHER, settings, whom=None, now=bot.now())
    assert await try_to(picket, steward, channel=picket.far, changes=theirs) == "The harbour is open."
    assert "may manage" in await try_to(picket, picket.cleo, channel=picket.far, changes=theirs)
    assert done.guilds == [OTHER]


async def test_in_a_direct_message_and_in_a_server_without_picket_nobody_may(picket: World, done: Done) -> None:
    direct = await try_to(picket, picket.moderator.user, channel=picket.moderator.user.dm_channel)
    assert "only be done in a server" in direct
    foreign = await try_to(picket, picket.moderator, changes=own_app(picket.moderator, 123_456_789_012_345_678))
    assert "only be done in a server" in foreign
    assert done.guilds == []


async def test_the_group_is_hidden_from_others_and_offered_in_servers_alone(picket: World, done: Done) -> None:
    group = picket.bot.tree.get_command("harbour")
    assert group is not None
    told = group.to_dict(picket.bot.tree)
    assert told["default_member_permissions"] == 1 << 5
    assert (told["contexts"], told["integration_types"]) == ([0], [0])


async def test_the_right_is_looked_at_as_it_is_in_each_call(picket: World, done: Done) -> None:
    """As when somebody loses it between a preview and its confirmation."""
    role = picket.home.create_role("For now", permissions=discord.Permissions(manage_guild=True))
    person = picket.home.add_member(picket.env.create_user("p"), roles=[role])
    assert await try_to(picket, person) == "The harbour is open."
    picket.env.backend.get_guild(HOME).members[person.id].role_ids.remove(role.id)
    assert "may manage" in await try_to(picket, person)
    assert done.guilds == [HOME]
