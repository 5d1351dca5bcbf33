"""The real bot on a simulated Discord: two servers that invited it, their members, and a small corpus of each."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import discord
import pytest
from simcord import MemberActor
from simcord.backend.models import Interaction, Message
from simcord.builders import ChannelHandle, GuildHandle, UserHandle
from simcord.env import Env
from simcord.results import InteractionResult, ResponseMessage

from bot import words
from bot.app import Picket
from bot.blocks import parts_of
from bot.config import load_settings
from bot.journal import Journal
from index.memory import set_aside
from index.records import Answer, Question
from tests.bot.calls import buttons, texts
from tests.bot.watchdog import Watchdog
from tests.engines import ADDED, ASKED, SmallEngine, configure, write, write_corpus

_ASKED = f"-# {parts_of(words.asked(''))[0].text}"
HOME, OTHER = 700_000_000_000_000_001, 700_000_000_000_000_002

WRITERS = (
    "The Writers Guild of America said on Tuesday that it would meet the studios again in Aldmouth. The writers had waited "
    "for eleven weeks.\n\nNobody expected a quick deal. The talks were to begin on Monday."
)
LAMPLIGHTERS = (
    "The lamplighters of Quillhaven walked out on Monday over night pay. The mayor of Quillhaven said that the lamps stay "
    "dark.\n\nThe lamplighters meet again in spring."
)
WEAVERS = (
    "The weavers of Morrowby walked out on Friday over their looms. The mill of Morrowby closed its gates.\n\nThe weavers "
    "asked for a new rate."
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "picket(extra): more settings for the bot, as TOML")


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with settings, articles and a generation of them; copied for each test."""
    place = tmp_path_factory.mktemp("indexed")
    config = configure(place)
    told = config.read_text("utf-8")
    if "[reranking]" not in told:  # a real model, half a second a question, has no part in what is tested here
        config.write_text(told + '[reranking]\nmodel = "none"\n', "utf-8")
    articles = place / "articles"
    write_corpus(articles)
    write(articles, "writers", WRITERS, title="Writers to meet the studios")
    write(articles, "lamplighters", LAMPLIGHTERS, title="Quillhaven goes dark", collection=f"guild:{HOME}")
    write(articles, "weavers", WEAVERS, title="Morrowby stands still", collection=f"guild:{OTHER}")
    engine = SmallEngine(load_settings(config), config)
    try:
        engine.reindex(now=ADDED)
    finally:
        engine.close()
    return place


@pytest.fixture
def config(indexed: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The settings file of a copy of its own."""
    place = tmp_path / "picket"
    shutil.copytree(indexed, place)
    file = place / "bot.toml"
    marker = request.node.get_closest_marker("picket")
    if marker:
        file.write_text(file.read_text("utf-8") + marker.kwargs["extra"], "utf-8")
    return file


async def synced(bot: Picket) -> None:
    await bot.tree.sync()


def make_bot(config: Path) -> Picket:
    """The bot as it is, but for an engine that embeds by hashing."""
    settings = load_settings(config)
    engine = SmallEngine(settings, config)
    return Picket(settings, engine, Journal.open(engine.storage / "bot.db", now=ASKED), steps=(synced,))


@dataclass
class World:
    """Who and what is there. `bot` is the one that runs, also after a restart."""

    env: Env
    config: Path
    faults: list[logging.LogRecord]
    watchdog: Watchdog
    home: GuildHandle
    other: GuildHandle
    channel: ChannelHandle
    far: ChannelHandle
    ann: MemberActor
    ben: MemberActor
    cleo: MemberActor
    moderator: MemberActor
    dora: UserHandle
    expected: list[str] = field(default_factory=list)

    @property
    def bot(self) -> Picket:
        assert isinstance(self.env.bot, Picket)
        return self.env.bot

    async def restart(self) -> Picket:
        """Ends the bot and starts another one on the same files."""
        await self.env.settle()
        await self.bot.close(1.0)
        made = make_bot(self.config)
        await self.env.restart_bot(made)
        return made

    async def begin_end(self) -> asyncio.Task[None]:
        """The bot's end, begun: it waits for what runs."""
        with self.env._bot_scope():
            closing = asyncio.get_running_loop().create_task(self.bot.close(30))
        await asyncio.sleep(0)
        return closing

    def listen(self) -> list[Question]:
        """What the engine is asked from now on, until a restart."""
        asked: list[Question] = []
        ask = self.bot.engine.ask

        def listening(question: Question) -> Answer:
            asked.append(question)
            return ask(question)

        self.bot.engine.ask = listening  # type: ignore[method-assign]
        return asked

    def message_of(self, record: Interaction) -> Message:
        """What a call that wasn't waited for was answered with."""
        assert record.message_id is not None, "nothing was said"
        return self.env.backend.get_message(record.channel_id, record.message_id)

    def expect_fault(self, name: str) -> None:
        """A fault that the test brings about; any other in the log fails it."""
        self.expected.append(name)

    def faults_logged(self) -> list[dict[str, object]]:
        return [getattr(record, "fields", {}) for record in self.faults]


@pytest.fixture(autouse=True, scope="module")
def _set_aside() -> None:
    """As a start does: a full look through all that the tests have loaded would hold the loop longer than one of the bot."""
    set_aside()


@pytest.fixture
def watchdog() -> Iterator[Watchdog]:
    """Fails the test where the bot held up the event loop."""
    dog = Watchdog()
    with dog.watching():
        yield dog
    dog.check()


@pytest.fixture
async def simcord_bot(config: Path, watchdog: Watchdog) -> AsyncIterator[Picket]:
    bot = make_bot(config)
    yield bot
    await bot.close(1.0)


@pytest.fixture
async def picket(simcord_env: Env, config: Path, watchdog: Watchdog) -> AsyncIterator[World]:
    """The world. After the test nothing unexpected may stand in the log, and no message may have been able to ping."""
    watchdog.slow.clear()  # starting imports modules, and nobody waits for it
    heard = _Heard()
    logger = logging.getLogger("picket")
    logger.addHandler(heard)
    home = simcord_env.create_guild("Home", id=HOME)
    other = simcord_env.create_guild("Other", id=OTHER)
    channel = home.create_text_channel("general")
    far = other.create_text_channel("general")
    moderators = home.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    world = World(
        simcord_env,
        config,
        heard.records,
        watchdog,
        home,
        other,
        channel,
        far,
        home.add_member(simcord_env.create_user("ann")),
        home.add_member(simcord_env.create_user("ben")),
        other.add_member(simcord_env.create_user("cleo")),
        home.add_member(simcord_env.create_user("mod"), roles=[moderators]),
        simcord_env.create_user("dora"),
    )
    try:
        yield world
        await simcord_env.settle()
        if simcord_env.bot is not None and not simcord_env.bot.is_closed():
            await world.bot.close(1.0)
    finally:
        logger.removeHandler(heard)
    unexpected = [one for one in world.faults_logged() if one.get("error") not in world.expected]
    assert not unexpected, unexpected
    for request in simcord_env.http_requests:
        body = request.json if isinstance(request.json, dict) else {}
        message = body.get("data", body)
        if "components" in message and "title" not in message:  # a form has a title, and pings nobody
            mentions = message.get("allowed_mentions")
            assert mentions is not None, f"{request.method} {request.path} could ping"
            assert mentions["parse"] == []
            assert not mentions.get("replied_user")


class _Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def card(result: InteractionResult) -> ResponseMessage:
    """The message that a call was answered with."""
    assert result.response is not None, "nothing was said"
    return result.response


def said(message: ResponseMessage | InteractionResult | discord.Message | None) -> str:
    """All the words of a card, but for the question above an answer: of what is asked for, that has every word itself."""
    return "\n".join(line for line in texts(_components(message)).splitlines() if not line.startswith(_ASKED))


def question_above(message: ResponseMessage | InteractionResult | discord.Message | None) -> str:
    """The line above an answer that tells what was asked; “” where there is none."""
    first = texts(_components(message)).partition("\n")[0]
    return first if first.startswith(_ASKED) else ""


def pressable(message: ResponseMessage | InteractionResult | discord.Message | None) -> dict[str, str]:
    """The ids of a card's buttons, by what stands on them."""
    return {one.get("label") or one["emoji"]["name"]: one["custom_id"] for one in buttons(_components(message))}


def _components(message: ResponseMessage | InteractionResult | discord.Message | None) -> list[dict[str, object]]:
    if isinstance(message, InteractionResult):
        message = message.response
    assert message is not None, "nothing was said"
    if isinstance(message, discord.Message):
        return [one.to_dict() for one in message.components]  # type: ignore[misc]
    return message.components
