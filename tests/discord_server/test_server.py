"""The stand-in refuses what Discord refuses: else the tests that it serves would prove nothing."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.discord_server.interactions import Interaction
from tests.discord_server.limits import COMPONENTS_V2, message_faults, modal_faults
from tests.discord_server.server import DiscordServer
from tests.discord_server.world import Payload

TEXT: Payload = {"type": 10, "content": "words"}
BUTTON: Payload = {"type": 2, "style": 2, "label": "More", "custom_id": "more:1"}


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def client(discord: DiscordServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(
        f"{discord.url}/api/v10/", headers={"Authorization": f"Bot {discord.token}"}
    ) as session:
        yield session


@pytest.fixture
async def asked(discord: DiscordServer, client: aiohttp.ClientSession) -> Interaction:
    """A command that somebody has just called."""
    await client.put("applications/1/commands", json=[{"name": "ask", "type": 1, "options": []}])
    guild = discord.world.guild()
    return await discord.slash(guild.join(discord.world.user("ada")), guild.channel("general"), "ask")


async def acknowledge(client: aiohttp.ClientSession, one: Interaction, **callback: Any) -> tuple[int, int]:
    """Status, and Discord's code for the error."""
    async with client.post(f"interactions/{one.id}/{one.token}/callback", json=callback) as response:
        return response.status, (await response.json()).get("code", 0)


@pytest.mark.parametrize(
    "message",
    [
        {"content": ""},
        {"content": "x" * 2_001},
        {"flags": COMPONENTS_V2, "components": []},
        {"flags": COMPONENTS_V2, "components": [TEXT], "content": "beside"},
        {"flags": COMPONENTS_V2, "components": [TEXT] * 41},
        {"flags": COMPONENTS_V2, "components": [{"type": 17, "components": [TEXT] * 40}]},
        {"flags": COMPONENTS_V2, "components": [{"type": 10, "content": "x" * 2_001}] * 2},
        {"flags": COMPONENTS_V2, "components": [{"type": 10, "content": " "}]},
        {"flags": COMPONENTS_V2, "components": [{"type": 1, "components": [BUTTON, BUTTON]}]},
        {"flags": COMPONENTS_V2, "components": [{"type": 1, "components": [BUTTON | {"label": "x" * 81}]}]},
        {"flags": COMPONENTS_V2, "components": [{"type": 1, "components": [BUTTON | {"custom_id": "x" * 101}]}]},
        {"flags": COMPONENTS_V2, "components": [{"type": 1, "components": []}]},
        {
            "flags": COMPONENTS_V2,
            "components": [{"type": 1, "components": [{"type": 2, "style": 5, "url": "x" * 513}]}],
        },
        {"components": [TEXT]},
    ],
)
def test_a_message_past_a_limit_is_refused(message: Payload) -> None:
    assert message_faults(message)


def test_what_is_within_the_limits_is_taken() -> None:
    row = {"type": 1, "components": [BUTTON, {"type": 2, "style": 5, "url": "https://news.example"}]}
    section = {"type": 9, "components": [TEXT], "accessory": BUTTON | {"custom_id": "other"}}
    assert message_faults({"flags": COMPONENTS_V2, "components": [TEXT] * 34 + [row, section]}) == []
    assert message_faults({"content": "x" * 2_000}) == []
    field = {"type": 18, "label": "Question", "component": {"type": 4, "custom_id": "text", "style": 2}}
    assert modal_faults({"title": "Ask", "custom_id": "asked:1", "components": [field]}) == []
    assert modal_faults({"title": "x" * 46, "custom_id": "asked:1", "components": [field]})


async def test_an_interaction_is_acknowledged_once(asked: Interaction, client: aiohttp.ClientSession) -> None:
    assert await acknowledge(client, asked, type=5) == (200, 0)
    assert await acknowledge(client, asked, type=5) == (400, 40060)
    assert 0 <= asked.acknowledged_after < 3


async def test_it_can_be_acknowledged_for_three_seconds(asked: Interaction, client: aiohttp.ClientSession) -> None:
    asked.sent_at -= 3.01
    assert await acknowledge(client, asked, type=5) == (404, 10062)


async def test_nothing_is_shown_before_it_is_acknowledged_nor_after_a_quarter_of_an_hour(
    asked: Interaction, client: aiohttp.ClientSession
) -> None:
    place = f"webhooks/1/{asked.token}"
    statuses = []
    for _ in range(3):
        async with client.post(place, json={"content": "words"}) as response:
            statuses.append(response.status)
        if asked.acknowledged_at is None:
            await acknowledge(client, asked, type=5)
        else:
            asked.sent_at -= 15 * 60
    assert statuses == [404, 200, 404]
    assert asked.text == "words"


async def test_thinking_is_nothing_shown_and_the_first_follow_up_takes_its_place(
    asked: Interaction, client: aiohttp.ClientSession
) -> None:
    await acknowledge(client, asked, type=5, data={"flags": 64})
    assert asked.shown == []
    for text in ("first", "second"):
        await client.post(f"webhooks/1/{asked.token}", json={"content": text, "flags": 0})
    assert [one["content"] for one in asked.shown] == ["first", "second"]
    assert asked.shown[0]["flags"] == 64
    assert asked.shown[0] is asked.original


async def test_without_the_token_nothing_is_told(discord: DiscordServer) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{discord.url}/api/v10/users/@me") as response:
        assert response.status == 401


async def test_a_resumed_session_gets_what_it_missed_in_the_compressed_form_that_it_asked_for(
    discord: DiscordServer,
) -> None:
    guild = discord.world.guild()
    channel, ada = guild.channel("general"), guild.join(discord.world.user("ada"))
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{discord.url}/gateway?compress=zlib-stream") as socket:
            inflate = zlib.decompressobj()
            assert json.loads(inflate.decompress(await socket.receive_bytes()))["op"] == 10
            await socket.send_json({"op": 2, "d": {"token": discord.token, "intents": 512}})
            ready = json.loads(inflate.decompress(await socket.receive_bytes()))
            created = json.loads(inflate.decompress(await socket.receive_bytes()))
            assert [one["t"] for one in (ready, created)] == ["READY", "GUILD_CREATE"]
            await discord.gateway.cut()
        await discord.write(ada, channel, "for nobody's ears")
        await discord.write(ada, channel, f"<@{discord.world.bot.id}> for yours")
        async with session.ws_connect(f"{discord.url}/gateway") as socket:
            await socket.receive_json()
            told = {"token": discord.token, "session_id": ready["d"]["session_id"], "seq": created["s"]}
            await socket.send_json({"op": 6, "d": told})
            missed = [await asyncio.wait_for(socket.receive_json(), 5) for _ in range(3)]
    assert [one["t"] for one in missed] == ["MESSAGE_CREATE", "MESSAGE_CREATE", "RESUMED"]
    assert [one["d"]["content"] for one in missed[:2]] == ["", f"<@{discord.world.bot.id}> for yours"]
    assert [one["s"] for one in missed] == [3, 4, 5]
