"""A reindex as people see it: its message changes until the end, whatever becomes of the message, the bot or the right."""

import asyncio
import os
import threading
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from simcord import MemberActor
from simcord.backend.models import Interaction
from simcord.results import InteractionResult

from bot import reindexing, words_corpus
from bot.builds import Ended
from bot.errors import BusyError
from bot.journal_records import GuildSettings
from bot.voices import Call
from index.builder import BuildReport
from index.terminal import STAGES
from tests.bot.calls import begin, below, call, command_data, forged
from tests.bot.conftest import HOME, OTHER, World, card, pressable, said
from tests.bot.mischief import locked_journal, no_folder
from tests.bot.slow_reindex import Gate
from tests.engines import write

QUESTION = "why did the dockers of Aldmouth walk out?"
MILLERS = "The millers of Tidewick walked out on Monday over the price of flour. The mill of Tidewick stands still."
ASKED = "why did the millers of Tidewick walk out over flour?"


@pytest.fixture
def gate(picket: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A new article of the server waits, and the reindex that reads it is held."""
    new_article(picket)
    made = Gate(picket, monkeypatch)
    yield made
    made.open()


def new_article(world: World, *, guild: int | None = HOME, name: str = "millers") -> None:
    collection = "public" if guild is None else f"guild:{guild}"
    write(world.config.parent / "articles", name, MILLERS, title="Millers walk out", collection=collection)


def started(world: World, *, full: bool = False) -> Interaction:
    return begin(world.env, world.moderator, world.channel, below(world.env, "corpus", "reindex", full=full))


def plain(message: InteractionResult | discord.Message | None) -> str:
    """What is said, without the escapes."""
    return said(message).replace("\\", "")


def progress(world: World, record: Interaction) -> str:
    message = world.message_of(record)
    return str(message.components)


async def test_it_ends_with_what_changed_and_the_words_are_found(picket: World) -> None:
    assert "Tidewick" not in said(await picket.ann.slash(picket.channel, "ask", question=ASKED))
    new_article(picket)
    result = await picket.moderator.slash(picket.channel, "corpus reindex")
    assert not result.ephemeral  # the other moderators see it too
    assert words_corpus.REINDEX_DONE in said(result)
    assert "1 / − 0 / " in said(result)
    assert "millers" in said(result)
    assert "Generation 2" in said(result)
    assert "Tidewick" in said(await picket.ann.slash(picket.channel, "ask", question=ASKED))
    assert "Tidewick" not in said(await picket.cleo.slash(picket.far, "ask", question=ASKED))
    audit = picket.bot.journal.audit(HOME, 5)
    assert [(one.action, one.detail, one.whom) for one in audit] == [("reindex", "done: +1 -0 ~0", picket.moderator.id)]
    (build,) = picket.bot.journal.builds(5)
    assert (build.guild, build.whom, build.outcome, build.added) == (HOME, picket.moderator.id, "done", 1)


async def test_where_nothing_had_changed_that_is_said(picket: World) -> None:
    result = await picket.moderator.slash(picket.channel, "corpus reindex")
    assert words_corpus.REINDEX_UNCHANGED in said(result)
    assert "Generation 1" in said(result)


async def test_a_full_one_publishes_though_nothing_had_changed(picket: World) -> None:
    result = await picket.moderator.slash(picket.channel, "corpus reindex", full=True)
    assert words_corpus.REINDEX_DONE in said(result)
    assert "Generation 2" in said(result)


async def test_what_can_t_be_read_is_named_and_all_the_rest_is_done(picket: World) -> None:
    new_article(picket)
    (picket.config.parent / "articles" / f"guild-{HOME}" / "broken.md").write_bytes(b"\xff\xfe broken")
    result = await picket.moderator.slash(picket.channel, "corpus reindex")
    assert words_corpus.with_failures(1) in plain(result)
    assert "broken" in said(result)
    assert "Tidewick" in said(await picket.ann.slash(picket.channel, "ask", question=ASKED))
    assert picket.bot.journal.builds(1)[0].outcome == str(Ended.FAILURES)


async def test_one_that_fails_changes_nothing_and_names_an_error_that_is_in_the_log(picket: World) -> None:
    new_article(picket)
    picket.expect_fault("StorageError")
    with no_folder(picket.config.parent / "articles"):
        result = await picket.moderator.slash(picket.channel, "corpus reindex")
    assert words_corpus.REINDEX_FAILED in said(result)
    assert str(picket.config.parent) not in said(result)  # where the operator keeps files is nobody's business
    (fault,) = picket.faults_logged()
    assert str(fault["id"]) in said(result)
    assert "The dockers of Aldmouth" in said(await picket.ann.slash(picket.channel, "ask", question=QUESTION))


async def test_progress_is_shown_and_questions_are_answered_meanwhile(picket: World, gate: Gate) -> None:
    record = started(picket)
    await gate.reached()
    await picket.env.advance_time(2.1)
    assert STAGES["embedding"] in progress(picket, record)
    assert words_corpus.CANCEL in progress(picket, record)
    answer = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    assert "The dockers of Aldmouth" in said(answer)
    assert STAGES["embedding"] in progress(picket, record)
    await gate.end()
    assert words_corpus.REINDEX_DONE in progress(picket, record)
    assert words_corpus.CANCEL not in progress(picket, record)


async def test_a_second_one_says_who_began_the_first_and_when(picket: World, gate: Gate) -> None:
    started(picket)
    await gate.reached()
    await picket.env.settle()
    messages = len(picket.channel.history())
    second = await picket.moderator.slash(picket.channel, "corpus reindex")
    answer = await picket.moderator.slash(picket.channel, "corpus status")
    third = await forged(picket.env, picket.moderator, picket.channel, "picket:reindex:0", answer)
    build = picket.bot.builds.current
    assert build is not None
    assert b'picket_refused_total{reason="busy"} 2.0' in picket.bot.metrics.text()
    for refused in (second, third):
        assert refused.ephemeral
        assert f"<@{picket.moderator.id}> began a reindex on" in said(refused)
        assert words_corpus.moment(build.began_at) in plain(refused)
    assert len(picket.channel.history()) == messages
    with pytest.raises(BusyError, match="runs already"):  # where one began between look and start
        picket.bot.builds.start(guild=HOME, whom=None, full=False, now=picket.bot.now())
    status = said(await picket.moderator.slash(picket.channel, "corpus status"))
    assert str(picket.moderator.id) in status


async def test_another_server_is_told_that_one_runs_and_not_whose(picket: World, gate: Gate) -> None:
    boss = _moderator_there(picket)
    started(picket)
    await gate.reached()
    await picket.env.settle()
    for name in ("corpus reindex", "corpus status"):
        told = said(await boss.slash(picket.far, name))
        assert "Picket or another server" in told
        assert str(picket.moderator.id) not in told
        assert str(HOME) not in told


async def test_cancelling_leaves_everything_as_it_was(picket: World, gate: Gate) -> None:
    record = started(picket)
    await gate.reached()
    await picket.env.advance_time(2.1)
    message = picket.channel.last_message
    assert message is not None
    await picket.moderator.click(message, label=words_corpus.CANCEL)
    await picket.env.advance_time(2.1)
    assert words_corpus.REINDEX_CANCELLING in progress(picket, record)
    await gate.end()
    assert words_corpus.REINDEX_CANCELLED in progress(picket, record)
    assert picket.bot.engine.generations.current() == 1
    assert "Tidewick" not in said(await picket.ann.slash(picket.channel, "ask", question=ASKED))
    record = started(picket)
    await gate.end()
    assert words_corpus.REINDEX_DONE in progress(picket, record)


async def test_only_this_servers_moderators_cancel_and_only_what_runs(picket: World, gate: Gate) -> None:
    started(picket)
    await gate.reached()
    await picket.env.advance_time(2.1)
    build = picket.bot.builds.current
    assert build is not None
    message = picket.channel.last_message
    assert message is not None
    refused = await picket.ann.click(message, label=words_corpus.CANCEL)
    assert "Only who may manage this server" in said(refused.followups[0].message)
    boss = _moderator_there(picket)
    theirs = await boss.slash(picket.far, "corpus status")
    for number in (build.number, build.number - 1, build.number + 1):
        told = await forged(picket.env, boss, picket.far, f"picket:cancel:0:{number}", theirs)
        assert said(told.followups[0].message) == words_corpus.REINDEX_OVER
    mine = await picket.moderator.slash(picket.channel, "corpus status")
    old = await forged(picket.env, picket.moderator, picket.channel, "picket:cancel:0:1", mine)
    assert said(old.followups[0].message) == words_corpus.REINDEX_OVER
    assert not build.cancelling


async def test_it_ends_in_its_message_though_the_interaction_is_long_over(
    picket: World, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "_EVERY", 300.0)  # else simcord's clock stops 480 times
    record = started(picket)
    await gate.reached()
    await picket.env.settle()
    await picket.env.advance_time(16 * 60)
    await gate.end()
    assert words_corpus.REINDEX_DONE in progress(picket, record)
    edits = [one.path for one in picket.env.http_requests if one.method == "PATCH"]
    assert edits[-1] == f"/channels/{picket.channel.id}/messages/{record.message_id}"


@pytest.mark.parametrize("late", [False, True])
async def test_where_the_message_was_deleted_the_end_is_told_in_a_direct_message(
    picket: World, gate: Gate, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "_EVERY", 300.0)
    started(picket)
    await gate.reached()
    await picket.env.settle()
    message = picket.channel.last_message
    assert message is not None
    picket.env.backend.delete_message(picket.channel.id, message.id)
    if late:
        await picket.env.advance_time(16 * 60)
    await gate.end()
    assert words_corpus.REINDEX_DONE in said(picket.moderator.user.dm_channel.last_message)
    assert "Tidewick" in said(await picket.ann.slash(picket.channel, "ask", question=ASKED))


async def test_where_its_first_message_fails_its_end_is_told_and_noted_all_the_same(picket: World) -> None:
    new_article(picket)
    picket.env.inject_error("PATCH", "/webhooks/*", status=400)
    result = await picket.moderator.slash(picket.channel, "corpus reindex")
    assert words_corpus.REINDEX_DONE in said(result)
    assert [one.action for one in picket.bot.journal.audit(HOME, 5)] == ["reindex"]


async def test_where_no_message_can_be_made_its_end_is_told_in_a_direct_message(picket: World) -> None:
    new_article(picket)
    picket.env.inject_error("PATCH", "/webhooks/*", status=404, code=10015, times=None)
    await picket.moderator.slash(picket.channel, "corpus reindex")
    assert words_corpus.REINDEX_DONE in said(picket.moderator.user.dm_channel.last_message)
    assert [one.action for one in picket.bot.journal.audit(HOME, 5)] == ["reindex"]


async def test_after_it_no_server_keeps_what_was_put_aside_long_ago_and_no_generation_names(picket: World) -> None:
    attic = picket.config.parent / "var" / "attic"
    for guild in (HOME, OTHER):
        new_article(picket, guild=guild)
        picket.bot.library.remove(guild, "millers")
    (ours,) = (attic / f"guild-{HOME}").iterdir()
    (theirs,) = (attic / f"guild-{OTHER}").iterdir()
    os.utime(theirs, (0, 0))
    new_article(picket, name="later")
    await picket.moderator.slash(picket.channel, "corpus reindex")
    assert ours.is_file()
    assert not theirs.exists()


async def test_when_the_bot_ends_it_stops_at_a_safe_point_and_says_so(picket: World, gate: Gate) -> None:
    record = started(picket)
    await gate.reached()
    await picket.env.settle()
    ending = asyncio.create_task(picket.bot.close(8.0))
    while not (picket.bot.builds.current and picket.bot.builds.current.cancelling):
        await asyncio.sleep(0.01)
    gate.open()
    await ending
    assert words_corpus.REINDEX_CANCELLED in progress(picket, record)
    made = await picket.restart()
    assert made.engine.generations.current() == 1
    (build,) = made.journal.builds(5)
    assert (build.guild, build.outcome) == (HOME, "cancelled")


async def test_one_that_ends_after_nobody_waits_for_it_any_more_is_not_told_as_cancelled(
    picket: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_article(picket)
    published, go = threading.Event(), threading.Event()
    reindex = picket.bot.engine.reindex

    def late(**kwargs: Any) -> BuildReport:
        report = reindex(**kwargs)
        published.set()
        assert go.wait(10)
        return report

    monkeypatch.setattr(picket.bot.engine, "reindex", late)
    record = started(picket)
    assert await asyncio.to_thread(published.wait, 10)
    closing = await picket.begin_end()
    picket.bot.desk.abandon()  # as `close` does when its time is over
    try:
        async with asyncio.timeout(5):
            while words_corpus.REINDEX_UNKNOWN not in progress(picket, record):
                await asyncio.sleep(0.01)
    finally:
        go.set()
        await closing
    made = await picket.restart()
    assert made.engine.generations.current() == 2
    assert [one.outcome for one in made.journal.builds(5)] == [str(Ended.UNKNOWN)]


async def test_of_other_servers_nothing_is_told_but_how_many(picket: World) -> None:
    new_article(picket)
    new_article(picket, guild=OTHER, name="their-secret")
    new_article(picket, guild=None, name="for-everybody")
    folder = picket.config.parent / "articles"
    (folder / f"guild-{OTHER}" / "their-failure.md").write_bytes(b"\xff\xfe broken")
    (folder / "everybodys-failure.md").write_bytes(b"\xff\xfe broken")
    result = await picket.moderator.slash(picket.channel, "corpus reindex")
    told = plain(result)
    assert "millers" in told
    assert "for-everybody" in told
    assert "everybodys-failure" in told
    assert words_corpus.with_failures(1) in told
    assert words_corpus.others(2) in told
    history = said(await picket.moderator.slash(picket.channel, "corpus history"))
    (build,) = picket.bot.journal.builds(5, guild=HOME)
    for text in (told, history, str(build), str(picket.bot.journal.audit(HOME, 5))):
        assert "their-" not in text
        assert str(OTHER) not in text
    boss = _moderator_there(picket)
    theirs = said(await boss.slash(picket.far, "corpus history"))
    assert "reindex" not in theirs
    assert str(picket.moderator.id) not in theirs
    (seen,) = picket.bot.journal.builds(5, guild=OTHER)
    assert (seen.whom, seen.guild, seen.failures) == (None, None, ())


async def test_failures_of_others_alone_are_no_failure_here(picket: World) -> None:
    new_article(picket)
    (picket.config.parent / "articles" / f"guild-{OTHER}" / "their-failure.md").write_bytes(b"\xff\xfe broken")
    result = await picket.moderator.slash(picket.channel, "corpus reindex")
    assert words_corpus.REINDEX_DONE in said(result)
    assert words_corpus.others(1) in said(result)


async def test_a_locked_journal_does_not_make_a_done_reindex_a_failed_one(picket: World) -> None:
    new_article(picket)
    picket.expect_fault("JournalError")
    with locked_journal(picket.bot):
        result = await picket.moderator.slash(picket.channel, "corpus reindex")
    assert words_corpus.REINDEX_DONE in said(result)
    identity = next(one["id"] for one in picket.faults_logged() if one.get("action") == "reindex")
    assert words_corpus.unaudited(str(identity)) in said(result)
    assert "Tidewick" in said(await picket.ann.slash(picket.channel, "ask", question=ASKED))


async def test_its_end_is_told_in_the_log_channel(picket: World) -> None:
    log = picket.home.create_text_channel("log")
    bot = picket.bot
    await bot.preferences.change_guild(HOME, GuildSettings(log_channel=log.id), whom=None, now=bot.now())
    new_article(picket)
    await picket.moderator.slash(picket.channel, "corpus reindex")
    assert "reindex" in said(log.last_message)
    assert "+1" in plain(log.last_message)


async def test_while_another_program_builds_who_asks_is_told_alone_since_when(picket: World) -> None:
    new_article(picket)
    bot = picket.bot
    with bot.engine.generations.lock("the shell", bot.now()):
        result = await picket.moderator.slash(picket.channel, "corpus reindex")
    told = plain(result.followups[0].message)
    since = bot.now()
    assert told.startswith("The operator began a reindex on ")
    assert f"{since:%B %Y}" in told
    assert "process" not in told
    assert result.followups[0].message.flags.ephemeral
    assert picket.channel.history() == []
    assert bot.journal.builds(5) == []
    assert bot.journal.audit(HOME, 5) == []
    assert b'picket_refused_total{reason="busy"} 1.0' in bot.metrics.text()
    assert words_corpus.REINDEX_DONE in said(await picket.moderator.slash(picket.channel, "corpus reindex"))


async def test_progress_that_can_t_be_taken_away_says_that_another_builds_and_has_no_button(picket: World) -> None:
    new_article(picket)
    bot = picket.bot
    picket.env.inject_error("DELETE", "/webhooks/*", status=500)
    with bot.engine.generations.lock("the shell", bot.now()):
        result = await picket.moderator.slash(picket.channel, "corpus reindex")
    assert plain(result).startswith("The operator began a reindex on ")
    assert pressable(result) == {}
    assert plain(result.followups[0].message) == plain(result)


async def test_of_two_at_the_same_moment_the_second_is_told_alone_who_began_the_first(
    picket: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_article(picket)
    role = picket.home.create_role("More", permissions=discord.Permissions(manage_guild=True))
    other = picket.home.add_member(picket.env.create_user("mod2"), roles=[role])
    waits, go = asyncio.Event(), asyncio.Event()
    acknowledge = Call.acknowledge

    async def slow(call: Call, *, private: bool) -> None:
        if call.where.person == picket.moderator.id:  # Discord takes its time
            waits.set()
            await picket.env.external_wait(go.wait(), reason="an acknowledgement that is on its way")
        await acknowledge(call, private=private)

    monkeypatch.setattr(Call, "acknowledge", slow)
    first = started(picket)
    await asyncio.wait_for(waits.wait(), 10)
    second = await call(picket.env, other, picket.channel, below(picket.env, "corpus", "reindex", full=False))
    assert second.ephemeral
    assert f"<@{picket.moderator.id}> began a reindex on" in said(second)
    go.set()
    await picket.env.settle()
    assert words_corpus.REINDEX_DONE in progress(picket, first)
    assert [one.whom for one in picket.bot.journal.builds(5)] == [picket.moderator.id]


async def test_where_it_can_t_be_acknowledged_the_next_one_can_begin(picket: World) -> None:
    new_article(picket)
    picket.expect_fault("HTTPException")
    picket.env.inject_error("POST", "/interactions/*", status=400)
    await picket.moderator.slash(picket.channel, "corpus reindex")
    assert picket.bot.builds.current is None
    assert picket.bot.journal.builds(5) == []
    assert words_corpus.REINDEX_DONE in said(await picket.moderator.slash(picket.channel, "corpus reindex"))


async def test_under_a_failed_one_that_can_t_be_noted_nothing_says_that_it_is_done(picket: World) -> None:
    new_article(picket)
    for name in ("StorageError", "JournalError"):
        picket.expect_fault(name)
    with locked_journal(picket.bot), no_folder(picket.config.parent / "articles"):
        told = said(await picket.moderator.slash(picket.channel, "corpus reindex"))
    assert words_corpus.REINDEX_FAILED in told
    assert "in the history just now" in told
    assert "done" not in told


async def test_a_moderators_reindex_is_one_change_of_theirs(picket: World) -> None:
    await picket.moderator.slash(picket.channel, "corpus reindex")
    assert picket.bot.journal.about(picket.moderator.id).audited == 1


async def test_who_asked_for_it_is_not_written_into_the_generation(picket: World) -> None:
    new_article(picket)
    await picket.moderator.slash(picket.channel, "corpus reindex")
    place = picket.config.parent / "var" / "index" / "generations" / "000002" / "manifest.json"
    assert str(picket.moderator.id) not in place.read_text("utf-8")


async def test_the_button_under_a_preview_begins_one_that_all_see(picket: World) -> None:
    shown = await picket.moderator.slash(picket.channel, "corpus add", file=("m.txt", MILLERS.encode()))
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)
    begun = await picket.moderator.click(card(shown), label=words_corpus.REINDEX_NOW)
    assert not begun.ephemeral
    assert words_corpus.REINDEX_DONE in said(begun)
    assert pressable(begun) == {}
    data = command_data(picket.env, "ask", question=ASKED)
    asked = begin(picket.env, picket.ann, picket.channel, data)
    await picket.env.settle()
    assert "Tidewick" in progress(picket, asked)


def _moderator_there(world: World) -> MemberActor:
    role = world.other.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    return world.other.add_member(world.env.create_user("boss"), roles=[role])
