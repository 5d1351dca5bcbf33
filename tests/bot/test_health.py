"""/healthz and /metrics over a real socket, of a bot on a simulated Discord; `test_process` has them over the whole process."""

import shutil
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import SetupError
from bot.health import Health
from tests.bot.conftest import World

QUESTION = "why did the dockers of Aldmouth walk out?"


@pytest.fixture
async def session(picket: World) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the bot's own little server."""
    port = free_port()
    await picket.bot.add_cog(Health(picket.bot, f"127.0.0.1:{port}"))
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as made:
        yield made


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


async def test_without_a_generation_it_is_down_and_says_what_to_do(
    picket: World, session: aiohttp.ClientSession
) -> None:
    shutil.rmtree(picket.bot.engine.storage / "index")
    async with session.get("/healthz") as response:
        assert response.status == 503
        told = await response.json()
    assert told["status"] == "down"
    assert told["generation"] is None
    assert "python -m index reindex" in told["matter"]
    async with session.get("/metrics") as response:
        assert "\npicket_generation 0.0\n" in await response.text()


async def test_figures_tell_what_was_asked_and_what_is_so_just_now(
    picket: World, session: aiohttp.ClientSession
) -> None:
    await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    async with session.get("/metrics") as response:
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        samples = {
            sample.name: sample.value
            for family in text_string_to_metric_families(await response.text())
            for sample in family.samples
        }
    assert samples["picket_questions_total"] == 1
    assert samples["picket_acknowledge_seconds_count"] == 1
    assert samples["picket_generation"] == 1
    assert samples["picket_guilds"] == 2
    assert samples["picket_questions_waiting"] == 0


async def test_it_is_up_while_it_hears_discord_and_down_between(picket: World, session: aiohttp.ClientSession) -> None:
    for event, status in (("on_disconnect", 503), ("on_resumed", 200), ("on_disconnect", 503), ("on_connect", 200)):
        for listener in picket.bot.extra_events[event]:
            await listener()
        async with session.get("/healthz") as response:
            assert response.status == status
            assert (await response.json())["matter"] == ("" if status == 200 else "not connected to Discord")


async def test_nothing_else_is_served(session: aiohttp.ClientSession) -> None:
    for path in ("/", "/metrics/..", "/bot.toml"):
        async with session.get(path) as response:
            assert response.status == 404


async def test_it_listens_until_the_bot_closes(picket: World, session: aiohttp.ClientSession) -> None:
    await picket.env.settle()
    await picket.bot.close(1.0)
    with pytest.raises(aiohttp.ClientConnectorError):
        await session.get("/healthz")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
async def test_an_address_may_be_a_number_or_a_name(picket: World, host: str) -> None:
    port = free_port()
    await picket.bot.add_cog(Health(picket.bot, f"{host}:{port}"))
    async with aiohttp.ClientSession() as client, client.get(f"http://{host}:{port}/metrics") as response:
        assert response.status == 200


async def test_an_address_that_is_taken_or_impossible_is_named(picket: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = f"127.0.0.1:{listener.getsockname()[1]}"
        for address in (taken, "127.0.0.1:99999", "192.0.2.1:80"):
            with pytest.raises(SetupError, match=rf"\[bot\] http = “{address}” can't be listened on"):
                await picket.bot.add_cog(Health(picket.bot, address))
