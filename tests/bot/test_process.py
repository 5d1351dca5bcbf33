"""The real process over a real socket: `python -m bot` with the real model, against a local server in Discord's place.

Times are the server's: from the moment an interaction is sent to the moment its acknowledgement comes in.
"""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot import words_asking, words_corpus, words_settings
from index.config import load_settings
from index.engine import Engine
from index.generations import Generations
from tests.discord_server.interactions import Interaction
from tests.discord_server.limits import EPHEMERAL, buttons, texts
from tests.discord_server.process import BotProcess
from tests.discord_server.server import DiscordServer
from tests.discord_server.world import MANAGE_SERVER, MEMBER, Channel, Guild, User
from tests.engines import write
from tests.real_model import exported_storage

__all__ = ["exported_storage"]  # a fixture

pytestmark = [pytest.mark.model, pytest.mark.asyncio(loop_scope="module")]

WEAVERS = "The weavers of Aldmouth walked out on Monday over a fifth day of rest."
BAKERS = "The bakers of Corvale signed a contract on June 4 after nine weeks."
DOCKERS = "The dockers of Brackwater ended their strike on Friday and went back to the quays."
COOKS = "The cooks of Dunmere stopped work on Sunday over the heat of their kitchens."
WHEN = "When did the weavers of Aldmouth walk out?"
SIGNED = "When did the bakers of Corvale sign a contract?"
STOPPED = "When did the cooks of Dunmere stop work?"
QUICK = "person_per_minute = 1000\nserver_per_minute = 10000\n"
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15  # the intents for members, presences and messages' contents
THINKING = {"type": 5}
RESTARTING = "Picket is being restarted; try again in a minute."
ERROR_ID = re.compile(r"\(Error ([0-9a-f]{8}), for the operator\.\)")
# Discord's limit is 3 s; this is what Picket promises for 40 questions at once on two cores.
PROMISED = 1.0


class Place:
    """A Picket's files, copied from those that were indexed once."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "bot.toml"
        self.articles = folder / "articles"
        self.generations = Generations(folder / "var" / "index")

    def settings(self, bot: str = QUICK) -> Path:
        self.config.write_text(
            f'[corpus]\ndirectory = "articles"\n[storage]\ndirectory = "var"\n[bot]\n{bot}', encoding="utf-8"
        )
        return self.config


@pytest.fixture(scope="module")
def indexed(exported_storage: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles and a generation of them, made with the real model."""
    folder = tmp_path_factory.mktemp("process")
    place = Place(folder)
    for name, text in (("weavers", WEAVERS), ("bakers", BAKERS), ("dockers", DOCKERS)):
        write(place.articles, name, f"{text} Nobody else in the town took part in it.", title=f"The {name}")
    shutil.copytree(exported_storage / "models", folder / "var" / "models", copy_function=os.link)
    config = place.settings()
    engine = Engine(load_settings(config), config)
    try:
        engine.reindex(now=datetime.now(UTC))
    finally:
        engine.close()
    return folder


@pytest.fixture
def place(indexed: Path, tmp_path: Path) -> Place:
    return copied(indexed, tmp_path / "picket")


def copied(indexed: Path, folder: Path) -> Place:
    shutil.copytree(indexed, folder)
    made = Place(folder)
    made.settings()
    return made


class Town:
    """A server with a channel, somebody who asks and somebody who may manage it."""

    def __init__(self, discord: DiscordServer) -> None:
        self.guild: Guild = discord.world.guild()
        self.channel: Channel = self.guild.channel("general")
        self.ada: User = self.guild.join(discord.world.user("ada"))
        self.moderator: User = self.guild.join(discord.world.user("mo"), MEMBER | MANAGE_SERVER)


@pytest_asyncio.fixture(loop_scope="module")
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


class Shared:
    """One process for all the tests that leave it as it was."""

    def __init__(self, discord: DiscordServer, bot: BotProcess, town: Town) -> None:
        self.discord, self.bot, self.town = discord, bot, town

    async def ask(self, question: str = WHEN, **options: Any) -> Interaction:
        return await self.discord.slash(self.town.ada, self.town.channel, "ask", question=question, **options)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shared]:
    made = copied(indexed, tmp_path_factory.mktemp("shared") / "picket")
    async with DiscordServer() as server:
        town = Town(server)
        async with BotProcess(server, made.settings(QUICK + 'http = "127.0.0.1:0"\n')) as bot:
            await bot.online()
            yield Shared(server, bot, town)
            bot.stop()
            assert await bot.ended(20) == 0
            assert bot.said == []


# Starting


async def test_commands_are_told_once_and_not_again_by_a_later_start(discord: DiscordServer, place: Place) -> None:
    Town(discord)
    refused = discord.faults.fail("PUT", "/commands$", 403, code=50001)
    for start in (1, 2, 3):
        async with BotProcess(discord, place.config) as bot:
            await bot.online()
            assert len(discord.gateway.identifies) == start
            bot.stop()
            assert await bot.ended(20) == 0
    assert refused.met == 1
    path = f"/applications/{discord.world.bot.id}/commands"
    assert [(one.path, one.status) for one in discord.requests if one.method == "PUT"] == [(path, 403), (path, 200)]
    assert {"ask", "Find sources"} <= {one["name"] for one in discord.rest.commands}
    assert [one["intents"] & PRIVILEGED for one in discord.gateway.identifies] == [0, 0, 0]
    assert all(one["token"] == discord.token for one in discord.gateway.identifies)


@pytest.mark.parametrize(
    ("token", "told"),
    [("another", "Discord doesn't know the token from DISCORD_TOKEN"), (" ", "There is no token; set DISCORD_TOKEN")],
)
async def test_without_a_good_token_it_ends_with_one_sentence(
    token: str, told: str, discord: DiscordServer, place: Place
) -> None:
    async with BotProcess(discord, place.config, token=token) as bot:
        assert await bot.ended(60) == 1
        assert len(bot.said) == 1
        assert bot.said[0].startswith(told)
        assert not [one for one in bot.events if "trace" in one]


async def test_a_gateway_that_does_not_know_the_token_ends_it_with_one_sentence(
    discord: DiscordServer, place: Place
) -> None:
    discord.gateway.token = "another"
    async with BotProcess(discord, place.config) as bot:
        assert await bot.ended(60) == 1
        assert [line[:36] for line in bot.said] == ["Discord doesn't know the token from "]
        assert len(discord.gateway.identifies) == 1


async def test_an_unreachable_discord_is_waited_for(discord: DiscordServer, place: Place) -> None:
    fault = discord.faults.fail("GET", "/users/@me$", 503, times=2)
    async with BotProcess(discord, place.config) as bot:
        await bot.online()
        assert fault.met == 2
        assert [one["seconds"] for one in bot.events if one["event"] == "unreachable"] == [1.0, 2.0]
        bot.interrupt()
        assert await bot.ended(20) == 0


# Answering


async def test_a_question_is_acknowledged_before_anything_else_and_answered_in_its_place(shared: Shared) -> None:
    before = len(shared.discord.requests)
    one = await shared.discord.answer(await shared.ask())
    first, second = shared.discord.requests[before:][:2]
    assert (first.method, first.path) == ("POST", f"/interactions/{one.id}/{one.token}/callback")
    assert one.callback == THINKING
    assert (second.method, second.path.rpartition("/")[2]) == ("PATCH", "@original")
    assert f"**{WEAVERS}**" in one.text
    assert len(one.shown) == 1


async def test_forty_questions_at_once_are_acknowledged_within_a_second_and_all_answered(shared: Shared) -> None:
    asked = [await shared.ask(WHEN if number % 2 else SIGNED) for number in range(40)]
    await asyncio.gather(*(shared.discord.answer(one, 60) for one in asked))
    assert max(one.acknowledged_after for one in asked) <= PROMISED
    expected = [WEAVERS if number % 2 else BAKERS for number in range(40)]
    assert all(f"**{words}**" in one.text for one, words in zip(asked, expected, strict=True))


async def test_past_the_queue_people_are_told_at_once_and_none_is_lost(discord: DiscordServer, place: Place) -> None:
    town = Town(discord)
    async with BotProcess(discord, place.settings(f"{QUICK}threads = 1\nqueue = 2\n")) as bot:
        await bot.online()
        asked = [await discord.slash(town.ada, town.channel, "ask", question=WHEN) for _ in range(40)]
        await asyncio.gather(*(discord.answer(one, 60) for one in asked))
        answered = sum(f"**{WEAVERS}**" in one.text for one in asked)
        busy = sum("Too many questions" in one.text for one in asked)
        assert answered >= 3
        assert busy > 0
        assert answered + busy == 40
        assert max(one.acknowledged_after for one in asked) <= PROMISED


async def test_a_mention_and_a_direct_message_are_answered_and_a_reply_ping_is_not(shared: Shared) -> None:
    discord, town = shared.discord, shared.town
    channel, direct = town.guild.channel("mentions"), discord.world.direct_channel(town.ada)
    await discord.gateway.dispatch("CHANNEL_CREATE", channel.payload())
    await discord.write(town.ada, channel, f"<@{discord.world.bot.id}> {WHEN}")
    await discord.until(lambda: discord.said(channel))
    await discord.write(town.ada, channel, "thanks", reply_to=discord.said(channel)[0])
    await discord.write(town.ada, direct, SIGNED)
    await discord.until(lambda: discord.said(direct))
    assert f"**{WEAVERS}**" in texts(discord.said(channel)[0])
    assert f"**{BAKERS}**" in texts(discord.said(direct)[0])
    assert len(discord.said(channel)) == 1
    assert discord.said(channel)[0]["message_reference"]


async def test_unions_are_completed_and_find_sources_answers(shared: Shared) -> None:
    discord, town = shared.discord, shared.town
    completion = await discord.complete(town.ada, town.channel, "ask", "union", question="x", union="wri")
    await discord.acknowledged(completion)
    assert completion.callback["type"] == 8
    message = await discord.write(town.ada, town.channel, "I read that the dockers of Brackwater ended their strike.")
    found = await discord.answer(await discord.menu(town.ada, town.channel, "Find sources", message))
    assert DOCKERS in found.text


async def test_an_uploaded_file_is_downloaded_from_where_discord_says(shared: Shared) -> None:
    discord, town = shared.discord, shared.town
    body = b"# The cooks stop\n\nThe cooks of Dunmere stopped work on Sunday over the heat of their kitchens.\n"
    added = await discord.slash(town.moderator, town.channel, "corpus add", files={"file": (body, "cooks.md")})
    await discord.answer(added)
    assert [one.path for one in discord.requests if one.path.startswith("/attachments/")]
    assert "cooks" in added.text
    assert added.private


@pytest.mark.parametrize("status", [403, 404])
async def test_an_uploaded_file_that_discord_no_longer_gives_is_asked_for_again(status: int, shared: Shared) -> None:
    discord, town = shared.discord, shared.town
    refused = discord.faults.fail("GET", "/attachments/", status)
    file = (b"# The cooks stop\n\nThe cooks of Dunmere stopped work on Sunday.\n", "cooks.md")
    added = await discord.answer(await discord.slash(town.moderator, town.channel, "corpus add", files={"file": file}))
    assert refused.met == 1
    assert added.text == words_corpus.NO_FILE


# Faults of Discord


async def test_an_answer_waits_for_no_hint_that_picket_types(shared: Shared) -> None:
    discord, town = shared.discord, shared.town
    channel = town.guild.channel("slow")
    await discord.gateway.dispatch("CHANNEL_CREATE", channel.payload())
    held = discord.faults.hold("POST", f"/channels/{channel.id}/typing$")
    await discord.write(town.ada, channel, f"<@{discord.world.bot.id}> {WHEN}")
    await discord.until(lambda: discord.said(channel))
    assert f"**{WEAVERS}**" in texts(discord.said(channel)[0])
    assert not held.released.is_set()
    held.release()


async def test_where_discord_does_not_say_who_is_a_member_an_answer_comes_without_it(shared: Shared) -> None:
    discord, town = shared.discord, shared.town
    eve = town.guild.join(discord.world.user("eve"))
    settings = await discord.answer(await discord.slash(eve, town.channel, "settings"))
    await discord.click(eve, town.channel, settings.shown[0], words_settings.LEND)
    await discord.until(lambda: any(one.get("label") == words_settings.UNLEND for one in buttons(settings.shown[0])))
    direct = discord.world.direct_channel(eve)
    limited = discord.faults.limit("GET", f"/members/{eve.id}$", 0.2)
    await discord.write(eve, direct, WHEN)
    await discord.until(lambda: len(discord.said(direct)) == 1)
    assert limited.met == 1
    line = await shared.bot.logged(lambda event: "/members/" in event.get("told", ""))
    assert str(eve.id) not in str(line)
    assert words_asking.MEMBERSHIP_UNKNOWN not in texts(discord.said(direct)[0])
    held = discord.faults.hold("GET", f"/members/{eve.id}$")
    await discord.write(eve, direct, SIGNED)
    await discord.until(lambda: len(discord.said(direct)) == 2)
    held.release()
    assert f"**{BAKERS}**" in texts(discord.said(direct)[1])
    assert words_asking.MEMBERSHIP_UNKNOWN in texts(discord.said(direct)[1])


async def test_a_rate_limit_delays_an_answer_and_loses_none(shared: Shared) -> None:
    limited = shared.discord.faults.limit("PATCH", "/messages/@original$", 0.2, times=2)
    one = await shared.discord.answer(await shared.ask())
    assert limited.met == 2
    assert f"**{WEAVERS}**" in one.text


async def test_a_limit_for_the_whole_bot_delays_an_answer_and_loses_none(shared: Shared) -> None:
    discord, direct = shared.discord, shared.discord.world.direct_channel(shared.town.guild.join(User("dan")))
    assert direct.recipient is not None
    limited = discord.faults.limit("POST", f"/channels/{direct.id}/messages$", 0.2, everywhere=True)
    await discord.write(direct.recipient, direct, WHEN)
    await discord.until(lambda: discord.said(direct))
    assert limited.met == 1
    assert f"**{WEAVERS}**" in texts(discord.said(direct)[0])


async def test_a_refusal_by_discords_shield_is_told_with_an_id(shared: Shared) -> None:
    """429 without the header by which Discord's own limits are known: discord.py doesn't try again, and nor should we."""
    shared.discord.faults.limit("PATCH", "/messages/@original$", 0.2, via=False)
    one = await shared.discord.answer(await shared.ask())
    match = ERROR_ID.search(one.text)
    assert match
    await shared.bot.logged(lambda told: told.get("id") == match[1])


async def test_a_server_error_delays_an_answer_and_loses_none(shared: Shared) -> None:
    failed = shared.discord.faults.fail("PATCH", "/messages/@original$", 500)
    one = await shared.discord.answer(await shared.ask())
    assert failed.met == 1
    assert f"**{WEAVERS}**" in one.text


async def test_an_expired_interaction_is_told_directly_with_an_id_that_is_in_the_log(shared: Shared) -> None:
    discord, town = shared.discord, shared.town
    ben = town.guild.join(discord.world.user("ben"))
    one = await discord.slash(ben, town.channel, "ask", question=WHEN)
    one.expired = True
    direct = discord.world.direct_channel(ben)
    await discord.until(lambda: discord.said(direct))
    match = ERROR_ID.search(texts(discord.said(direct)[0]))
    assert match
    event = await shared.bot.logged(lambda told: told.get("id") == match[1])
    assert event["level"] == "error"
    again = await discord.answer(await discord.slash(ben, town.channel, "ask", question=WHEN))
    assert f"**{WEAVERS}**" in again.text


@pytest.mark.parametrize(
    ("status", "code"), [(403, 50013), (404, 10003)], ids=["without the permission", "in a channel that is gone"]
)
async def test_where_it_can_not_speak_the_person_is_told_directly(status: int, code: int, shared: Shared) -> None:
    discord, town = shared.discord, shared.town
    cleo = town.guild.join(discord.world.user("cleo"))
    refused = discord.faults.fail("POST", f"/channels/{town.channel.id}/messages$", status, code=code, times=2)
    await discord.write(cleo, town.channel, f"<@{discord.world.bot.id}> {WHEN}")
    direct = discord.world.direct_channel(cleo)
    await discord.until(lambda: discord.said(direct))
    assert refused.met == 2
    match = ERROR_ID.search(texts(discord.said(direct)[0]))
    assert match
    await shared.bot.logged(lambda told: told.get("id") == match[1])


# Being watched


async def test_health_and_figures_are_served_and_no_question_is_logged(shared: Shared) -> None:
    await shared.discord.answer(await shared.ask("Who walked out in Aldmouth, confidentially?"))
    port = (await shared.bot.logged(lambda event: event["event"] == "watched"))["port"]
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        async with session.get("/healthz") as response:
            assert response.status == 200
            assert await response.json() == {"status": "ok", "matter": "", "generation": 1, "waiting": 0}
        async with session.get("/metrics") as response:
            figures = await response.text()
    assert re.search(r'^picket_questions_total\{outcome="(?:answered|weak)",way="slash"\} [1-9]', figures, re.MULTILINE)
    assert "\npicket_generation 1.0\n" in figures
    assert [event for event in shared.bot.events if event["event"] == "question"]
    assert "confidentially" not in str(shared.bot.events)


# The gateway


async def test_what_is_asked_while_the_gateway_is_gone_is_answered_after_the_resume(
    discord: DiscordServer, place: Place
) -> None:
    town = Town(discord)
    async with BotProcess(discord, place.config) as bot:
        await bot.online()
        ask = "ask"
        running = [await discord.slash(town.ada, town.channel, ask, question=WHEN) for _ in range(5)]
        await discord.gateway.cut()
        lost = await discord.slash(town.ada, town.channel, ask, question=SIGNED)
        for one in (*running, lost):
            await discord.answer(one)
        assert len(discord.gateway.resumes) == 1
        await discord.gateway.reconnect()
        await discord.until(lambda: len(discord.gateway.resumes) == 2 and discord.gateway.online)
        await discord.answer(await discord.slash(town.ada, town.channel, ask, question=WHEN))
        assert len(discord.gateway.identifies) == 1
        await discord.gateway.invalidate()
        await discord.until(lambda: len(discord.gateway.identifies) == 2 and discord.gateway.online)
        again = await discord.answer(await discord.slash(town.ada, town.channel, ask, question=WHEN))
        assert f"**{WEAVERS}**" in again.text
        assert len(discord.asked("PUT", "/commands")) == 1
        bot.stop()
        assert await bot.ended(20) == 0
        # A goodbye, not a line cut; which of the two codes, discord.py's reader and closer race for.
        assert discord.gateway.closed[-1] in (1000, 4000)


# Ending


@pytest.mark.parametrize("signal", [BotProcess.stop, BotProcess.interrupt], ids=["SIGTERM", "SIGINT"])
async def test_a_signal_lets_running_questions_finish(
    signal: Callable[[BotProcess], None], discord: DiscordServer, place: Place
) -> None:
    town = Town(discord)
    async with BotProcess(discord, place.config) as bot:
        await bot.online()
        asked = [await discord.slash(town.ada, town.channel, "ask", question=WHEN) for _ in range(8)]
        await discord.until(lambda: any(one.shown for one in asked))
        signal(bot)
        assert await bot.ended(10) == 0
        assert all(f"**{WEAVERS}**" in one.text for one in asked)
        assert bot.events[-1]["event"] == "ended"
        assert bot.said == []


async def test_a_signal_leaves_nobody_of_a_crowd_without_a_word(discord: DiscordServer, place: Place) -> None:
    town = Town(discord)
    async with BotProcess(discord, place.config) as bot:
        await bot.online()
        asked = [await discord.slash(town.ada, town.channel, "ask", question=WHEN) for _ in range(40)]
        await discord.until(lambda: all(one.acknowledged_at for one in asked) and any(one.shown for one in asked))
        bot.stop()
        assert await bot.ended(10) == 0
        others = [one.text for one in asked if f"**{WEAVERS}**" not in one.text]  # those that there was no time for
        assert set(others) <= {RESTARTING}
        assert len(others) < 40


async def test_who_asks_while_it_ends_is_told_so(discord: DiscordServer, place: Place) -> None:
    town = Town(discord)
    async with BotProcess(discord, place.config) as bot:
        await bot.online()
        held = discord.faults.hold("PATCH", "/messages/@original$")
        first = await discord.slash(town.ada, town.channel, "ask", question=WHEN)
        await discord.until(lambda: held.waiting == 1)
        bot.stop()
        await bot.logged(lambda event: event["event"] == "ending")
        late = await discord.answer(await discord.slash(town.ada, town.channel, "ask", question=SIGNED))
        assert late.text == RESTARTING
        assert late.shown[0]["flags"] & EPHEMERAL
        held.release()
        assert await bot.ended(10) == 0
        assert f"**{WEAVERS}**" in first.text


async def test_an_answer_that_can_not_be_delivered_does_not_keep_it(discord: DiscordServer, place: Place) -> None:
    async with BotProcess(discord, place.config) as bot:
        await stuck_at_the_end(discord, bot)
        assert await bot.ended(10) == 0


async def test_a_second_signal_ends_it_at_once(discord: DiscordServer, place: Place) -> None:
    async with BotProcess(discord, place.config) as bot:
        await stuck_at_the_end(discord, bot)
        bot.stop()
        assert await bot.ended(5) == 128 + 15


async def stuck_at_the_end(discord: DiscordServer, bot: BotProcess) -> None:
    """Tells the bot to end while an answer hangs in Discord's hands."""
    town = Town(discord)
    await bot.online()
    held = discord.faults.hold("PATCH", "/messages/@original$")
    await discord.slash(town.ada, town.channel, "ask", question=WHEN)
    await discord.until(lambda: held.waiting == 1)
    bot.stop()
    await bot.logged(lambda event: event["event"] == "ending")


async def test_a_signal_stops_a_reindex_at_a_safe_point(discord: DiscordServer, place: Place) -> None:
    town = Town(discord)
    for number in range(1_500):  # as many as take longer than the ten seconds on two cores
        text = f"The {number}th branch of the coopers met at noon and counted {number} votes. " * 4
        write(place.articles, f"coopers-{number}", text, title=f"Branch {number}")
    async with BotProcess(discord, place.config) as bot:
        await bot.online()
        building = place.generations.folders / "000002.building"
        while not building.exists():
            answered = await discord.answer(await discord.slash(town.ada, town.channel, "ask", question=WHEN))
            assert f"**{WEAVERS}**" in answered.text
        bot.stop()
        assert await bot.ended(10) == 0
        assert [one["outcome"] for one in bot.events if one["event"] == "reindex"] == ["cancelled"]
    assert place.generations.current() == 1
    assert not building.exists()


async def test_after_a_kill_buttons_and_open_forms_work_and_what_came_meanwhile_is_found(
    discord: DiscordServer, place: Place
) -> None:
    town = Town(discord)
    async with BotProcess(discord, place.config) as bot:
        await bot.online()
        asked = await discord.answer(await discord.slash(town.ada, town.channel, "ask", question=WHEN))
        message = asked.shown[0]
        form = await discord.acknowledged(await discord.click(town.ada, town.channel, message, "Ask a follow-up"))
        bot.kill()
        assert await bot.ended(20) == -9
    await discord.until(lambda: not discord.gateway.online)
    write(place.articles, "cooks", f"{COOKS} It is too hot at the stoves.", title="The cooks")
    async with BotProcess(discord, place.config) as bot:
        await bot.online()
        context = await discord.answer(await discord.click(town.ada, town.channel, message, "Context [1]"))
        assert WEAVERS in context.text
        assert context.private
        followed = await discord.answer(await discord.submit(form, {"0": SIGNED}))
        assert f"**{BAKERS}**" in followed.text
        thanked = await discord.answer(await discord.click(town.ada, town.channel, message, "👍"))
        assert thanked.private
        await bot.logged(lambda event: event["event"] == "reindex" and event["outcome"] == "done")
        found = await discord.answer(await discord.slash(town.ada, town.channel, "ask", question=STOPPED))
        assert f"**{COOKS}**" in found.text


async def test_a_second_process_on_the_same_files_is_refused(discord: DiscordServer, place: Place) -> None:
    async with BotProcess(discord, place.config) as bot:
        await bot.online()
        async with BotProcess(discord, place.config) as other:
            assert await other.ended(60) == 1
            assert len(other.said) == 1
            assert "is in use by the bot" in other.said[0]
        assert discord.gateway.online
