"""The shape of all commands, as Discord will be told of them: nothing is forgotten in one of them."""

import re
from pathlib import Path
from typing import Any

import pytest
from discord import AppCommandType, app_commands

from bot.app import COGS
from tests.bot.conftest import World

# Where each may be called and how it may be installed; a command that is not here is not there either.
EVERYWHERE = {"contexts": [0, 1, 2], "integration_types": [0, 1]}
IN_SERVERS = {"contexts": [0], "integration_types": [0]}
PLACES = {
    "ask": EVERYWHERE,
    "articles": EVERYWHERE,
    "timeline": EVERYWHERE,
    "help": EVERYWHERE,
    "settings": EVERYWHERE,
    "privacy": EVERYWHERE,
    "Find sources": EVERYWHERE,
    "corpus": IN_SERVERS,
}
FOR_MODERATORS = {"corpus"}
MANAGE_SERVER = str(1 << 5)

_NAME = re.compile(r"[a-z][a-z-]{1,31}")


def leaves(command: dict[str, Any], path: str = "") -> list[tuple[str, dict[str, Any]]]:
    """A command and all below it."""
    name = f"{path} {command['name']}".strip()
    below = [one for one in command.get("options") or [] if one["type"] in (1, 2)]
    return [(name, command), *(leaf for one in below for leaf in leaves(one, name))]


async def test_every_command_has_a_description_and_its_places(picket: World) -> None:
    tree = picket.bot.tree
    told = [command.to_dict(tree) for command in tree.get_commands()]
    assert {one["name"] for one in told} <= set(PLACES)
    assert {"ask", "articles", "timeline", "help", "Find sources"} <= {one["name"] for one in told}
    for root in told:
        assert {key: sorted(root[key]) for key in ("contexts", "integration_types")} == PLACES[root["name"]]
        needed = root["default_member_permissions"]
        expected = MANAGE_SERVER if root["name"] in FOR_MODERATORS else None
        assert (str(needed) if needed is not None else None) == expected
        assert not root.get("nsfw")
        if root["type"] != AppCommandType.chat_input.value:
            continue
        for name, command in leaves(root):
            assert _NAME.fullmatch(command["name"]), name
            assert 10 <= len(command["description"]) <= 100, name
            assert command["description"] != "…"
            options = command.get("options") or []
            assert len(options) <= 25
            for option in options:
                assert _NAME.fullmatch(option["name"]), (name, option["name"])
                assert 5 <= len(option["description"]) <= 100, (name, option["name"])
                assert option["description"] != "…", (name, option["name"])
                if option["type"] == 3 and not option.get("choices"):
                    assert option.get("max_length"), (name, option["name"])  # what people type is bounded


async def test_what_discord_takes_of_all_commands_together_is_not_exceeded(picket: World) -> None:
    commands = picket.bot.tree.get_commands(type=AppCommandType.chat_input)
    assert len(commands) <= 100
    for command in commands:
        told = str(command.to_dict(picket.bot.tree))
        assert len(told) <= 8_000, command.name
    assert len(picket.bot.tree.get_commands(type=AppCommandType.message)) <= 5


async def test_the_contract_s_ask_has_its_options_in_order(picket: World) -> None:
    ask = picket.bot.tree.get_command("ask")
    assert isinstance(ask, app_commands.Command)
    assert [one.name for one in ask.parameters] == ["question", "union", "since", "until", "private"]
    assert [one.required for one in ask.parameters] == [True, False, False, False, False]
    assert [one.autocomplete for one in ask.parameters] == [False, True, False, False, False]


async def test_no_privileged_intent_is_asked_for(picket: World) -> None:
    intents = picket.bot.intents
    assert not any((intents.members, intents.presences, intents.message_content))
    assert intents.guilds
    assert intents.guild_messages
    assert intents.dm_messages


async def test_nobody_can_be_pinged_by_default(picket: World) -> None:
    mentions = picket.bot.allowed_mentions
    assert mentions is not None
    assert mentions.to_dict()["parse"] == []
    assert not mentions.replied_user


@pytest.mark.parametrize("name", COGS)
def test_every_cog_that_is_loaded_is_there_and_tested(name: str) -> None:
    root = Path(__file__).parents[2]
    assert (root / f"{name.replace('.', '/')}.py").is_file()
    assert (root / "tests" / "bot" / "cogs" / f"test_{name.rpartition('.')[2]}.py").is_file()
