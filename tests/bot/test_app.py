"""Picket as a whole: what it owns, what it forgets, and how it ends."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.backend.models import Interaction
from simcord.enums import InteractionType
from simcord.http.client import FakeWebhookAdapter

from bot import words_asking
from bot.app import COGS, create_bot
from bot.errors import ClosingError, JournalError
from bot.journal_records import GuildSettings, PersonSettings, Shown
from corpus.proposals import Proposal
from index.records import Answer, Question
from tests.bot.calls import begin, below, buttons, command_data
from tests.bot.conftest import HOME, World, make_bot, pressable, said
from tests.engines import ASKED

QUESTION = "why did the dockers of Aldmouth walk out?"
QUOTED = "The dockers of Aldmouth walked out over their pay."


def held_back(world: World, go: threading.Event) -> threading.Event:
    """The engine answers when it is let; set when it was asked."""
    began = threading.Event()
    ask = world.bot.engine.ask

    def later(question: Question) -> Answer:
        began.set()
        assert go.wait(10)
        return ask(question)

    world.bot.engine.ask = later  # type: ignore[method-assign]
    return began


async def test_closing_lets_a_running_question_finish_and_refuses_later_ones(picket: World) -> None:
    go = threading.Event()
    began = held_back(picket, go)
    data = command_data(picket.env, "ask", question=QUESTION)
    first = begin(picket.env, picket.ann, picket.channel, data)
    assert await asyncio.to_thread(began.wait, 10)
    closing = await picket.begin_end()
    late = begin(picket.env, picket.ben, picket.channel, data, kind=InteractionType.APPLICATION_COMMAND)
    for _ in range(200):
        if late.responded:
            break
        await asyncio.sleep(0.01)
    assert not closing.done()
    go.set()
    await closing
    answers = [picket.message_of(one) for one in (first, late)]
    assert QUOTED in str(answers[0].components)
    assert "is being restarted" in str(answers[1].components)
    assert picket.bot.is_closed()


async def both_ask(world: World, go: threading.Event) -> list[Interaction]:
    """Ann's question is with the engine, which is held back; Ben's waits for the one thread."""
    began = held_back(world, go)
    data = command_data(world.env, "ask", question=QUESTION)
    asked = [begin(world.env, one, world.channel, data) for one in (world.ann, world.ben)]
    assert await asyncio.to_thread(began.wait, 10)
    while world.bot.desk.taken < 2:
        await asyncio.sleep(0)
    return asked


@pytest.mark.picket(extra="[bot]\nthreads = 1\n")
async def test_who_waits_when_picket_ends_is_answered_where_there_is_time(picket: World) -> None:
    go = threading.Event()
    asked = await both_ask(picket, go)
    closing = await picket.begin_end()
    go.set()
    await closing
    for one in asked:
        assert QUOTED in str(picket.message_of(one).components)


@pytest.mark.picket(extra="[bot]\nthreads = 1\n")
async def test_who_still_waits_when_the_time_is_over_is_told_to_ask_again(picket: World) -> None:
    go = threading.Event()
    asked = await both_ask(picket, go)
    closing = await picket.begin_end()
    picket.bot.desk.drain()  # as `close` does when its time is over
    picket.bot.desk.abandon()
    for one in asked:
        while "is being restarted" not in str(picket.message_of(one).components):
            await asyncio.sleep(0.01)
    go.set()
    await closing


async def test_who_waits_for_an_address_to_be_fetched_when_picket_ends_is_told_to_try_again(
    picket: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go = threading.Event(), threading.Event()
    propose = picket.bot.library.propose_address

    def later(*args: Any, **kwargs: Any) -> Proposal:
        began.set()
        assert go.wait(10)
        return propose(*args, **kwargs)

    monkeypatch.setattr(picket.bot.library, "propose_address", later)
    data = below(picket.env, "corpus", "add", url="http://127.0.0.1:9/slow")
    asked = begin(picket.env, picket.moderator, picket.channel, data)
    assert await asyncio.to_thread(began.wait, 10)
    closing = await picket.begin_end()
    picket.bot.desk.drain()  # as `close` does when its time is over
    picket.bot.desk.abandon()
    try:
        async with asyncio.timeout(5):
            while "is being restarted" not in str(picket.message_of(asked).components):
                await asyncio.sleep(0.01)
    finally:
        go.set()
        await closing


async def test_closing_twice_is_closing_once_and_what_it_owned_is_free_again(picket: World) -> None:
    await picket.bot.close(1.0)
    await picket.bot.close(1.0)
    with pytest.raises(ClosingError):
        await picket.bot.desk.run(int)
    with pytest.raises(JournalError):
        picket.bot.journal.value("x")
    again = make_bot(picket.config)  # the journal is held by one at a time
    await again.close(1.0)


async def test_a_bot_that_never_connected_lets_go_of_its_files(config: Path) -> None:
    for _ in range(2):
        bot = create_bot(config)
        await bot.close(1.0)


async def test_all_cogs_are_loaded_and_can_be_loaded_once(picket: World) -> None:
    assert set(COGS) <= set(picket.bot.extensions)
    assert len(COGS) == len(set(COGS))
    assert COGS[0] == "bot.cogs.errors"


async def test_a_person_is_forgotten_in_the_journal_and_in_memory(picket: World) -> None:
    bot = picket.bot
    await bot.preferences.change_person(picket.ann.id, PersonSettings(private=True))
    await picket.ann.user.slash("ask", question=QUESTION)
    channel = picket.ann.user.dm_channel.id
    assert bot.conversations.before(picket.ann.id, channel, bot.now(), private=False) == (QUESTION,)
    await bot.forget_person(picket.ann.id)
    assert bot.conversations.before(picket.ann.id, channel, bot.now(), private=False) == ()
    assert bot.preferences.person(picket.ann.id) == PersonSettings()
    assert bot.journal.about(picket.ann.id).settings is None
    assert not (await picket.ann.slash(picket.channel, "ask", question=QUESTION)).ephemeral


@pytest.mark.picket(extra="[bot]\nperson_per_minute = 1\n")
async def test_who_is_forgotten_may_ask_no_more_often_than_before(picket: World) -> None:
    await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    await picket.bot.forget_person(picket.ann.id)
    refused = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    assert "You have asked as often as may be" in said(refused)


@pytest.mark.parametrize("private", [False, True])
async def test_a_question_that_is_still_being_answered_when_its_asker_is_forgotten_is_shown_and_not_kept(
    picket: World, private: bool
) -> None:
    bot, go = picket.bot, threading.Event()
    began = held_back(picket, go)
    asked = begin(
        picket.env, picket.ann, picket.channel, command_data(picket.env, "ask", question=QUESTION, private=private)
    )
    assert await asyncio.to_thread(began.wait, 10)
    await bot.forget_person(picket.ann.id)
    go.set()
    await picket.env.settle()
    answer = picket.message_of(asked)
    assert QUOTED in str(answer.components)
    assert buttons(answer.components) == []
    assert bot.journal.about(picket.ann.id).questions == 0
    first = int(ASKED.timestamp()) + 1  # as a new file counts
    assert bot.journal.shown(first) is None
    assert bot.recent.get(first) is None
    assert bot.conversations.before(picket.ann.id, picket.channel.id, bot.now(), private=private) == ()
    await picket.env.advance_time(1)
    again = await picket.ann.slash(picket.channel, "ask", question=QUESTION, private=private)
    assert "👍" in pressable(again)
    assert bot.journal.about(picket.ann.id).questions == 1


async def test_a_question_whose_acknowledgement_is_under_way_when_its_asker_is_forgotten_is_not_kept(
    picket: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, go = picket.bot, asyncio.Event()
    request = FakeWebhookAdapter.request
    began = asyncio.Event()

    async def slow(adapter: FakeWebhookAdapter, route: Any, session: Any, **kwargs: Any) -> Any:
        if not began.is_set():
            began.set()
            await picket.env.external_wait(go.wait(), reason="a slow acknowledgement")
        return await request(adapter, route, session, **kwargs)

    monkeypatch.setattr(FakeWebhookAdapter, "request", slow)
    asked = begin(picket.env, picket.ann, picket.channel, command_data(picket.env, "ask", question=QUESTION))
    await began.wait()
    await picket.env.advance_time(1)
    await bot.forget_person(picket.ann.id)
    await picket.env.advance_time(1)
    go.set()
    async with asyncio.timeout(10):
        while not asked.message_id or QUOTED not in str(picket.message_of(asked).components):
            await asyncio.sleep(0.01)
    await picket.env.settle()
    assert bot.journal.about(picket.ann.id).questions == 0
    assert bot.conversations.before(picket.ann.id, picket.channel.id, bot.now(), private=False) == ()


async def test_an_answer_that_is_noted_just_after_its_asker_was_forgotten_is_not_kept(
    picket: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = picket.bot
    began, go = threading.Event(), threading.Event()
    note = bot.journal.note

    def later(shown: Shown) -> int:
        began.set()
        assert go.wait(10)
        return note(shown)

    monkeypatch.setattr(bot.journal, "note", later)
    begin(picket.env, picket.ann, picket.channel, command_data(picket.env, "ask", question=QUESTION, private=True))
    assert await asyncio.to_thread(began.wait, 10)
    await bot.forget_person(picket.ann.id)
    go.set()
    await picket.env.settle()
    assert bot.journal.about(picket.ann.id).questions == 0
    assert bot.recent.get(int(ASKED.timestamp()) + 1) is None  # as a new file counts
    assert bot.conversations.before(picket.ann.id, picket.channel.id, bot.now(), private=True) == ()


async def test_a_fault_of_discords_own_is_told_by_the_next_way_that_is_open(picket: World) -> None:
    """Its library has asked again five times by then; simcord's hands the error on at once."""
    picket.expect_fault("HTTPException")
    picket.env.inject_error("PATCH", "/webhooks/*", status=500)
    result = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    assert said(result) == words_asking.discord_fault(str(picket.faults_logged()[0]["id"]))


async def test_a_thread_belongs_to_the_channel_that_it_is_in(picket: World) -> None:
    bot = picket.bot
    settings = GuildSettings(channels=(picket.channel.id,))
    await bot.preferences.change_guild(HOME, settings, whom=None, now=bot.now())
    channel = bot.get_channel(picket.channel.id)
    assert isinstance(channel, discord.TextChannel)
    with picket.env._bot_scope():
        await channel.create_thread(name="strike", type=discord.ChannelType.public_thread)
    await picket.env.settle()
    thread = picket.channel.threads[0]
    result = await picket.ann.slash(thread, "ask", question=QUESTION)
    assert not result.ephemeral
    assert QUOTED in said(result)
    assert bot.user is not None
    await picket.ann.send(thread, f"{bot.user.mention} {QUESTION}")
    assert QUOTED in said(thread.last_message)
