"""`/ask` on a simulated Discord, from the call to the card."""

import time
from dataclasses import replace
from datetime import date

import discord
import pytest
from simcord.enums import InteractionType

from bot import words, words_asking
from bot.builds import Ended
from bot.errors import JournalError, SlowError
from bot.journal_records import GuildSettings, PersonSettings
from bot.starting import refresh
from bot.voices import Call
from index.records import Answer, Aside, Question
from tests.bot.calls import begin, call, command_data, own_app
from tests.bot.conftest import HOME, World, pressable, question_above, said
from tests.engines import as_another_version_made_it

QUESTION = "why did the dockers of Aldmouth walk out?"
QUOTED = "The dockers of Aldmouth walked out over their pay."


async def test_a_member_gets_a_cited_answer_for_all_to_see(picket: World) -> None:
    result = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    assert result.acknowledged
    assert not result.ephemeral
    assert QUOTED in said(result)
    assert "Harbour Post" in said(result)
    assert {"Context [1]", "Ask a follow-up", "👍", "👎", "Delete"} <= set(pressable(result))


async def test_the_question_stands_above_its_answer_cut_where_it_is_long_and_pings_nobody(picket: World) -> None:
    result = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    assert question_above(result) == f"-# Asked: “{QUESTION}”"
    long = f"@everyone **{QUESTION}** {'and why, and for how long? ' * 20}"
    first = question_above(await picket.ann.slash(picket.channel, "ask", question=long))
    assert first.startswith(f"-# Asked: “\\@everyone \\*\\*{QUESTION}\\*\\* and why")
    assert first.endswith("…”")
    assert len(first) < 250


async def test_the_call_is_acknowledged_before_anything_else_is_done(picket: World) -> None:
    before = len(picket.env.http_requests)
    await picket.ann.slash(picket.channel, "ask", question=QUESTION, since="rubbish")
    made = picket.env.http_requests[before:]
    assert made[0].path.endswith("/callback")
    assert made[0].json == {"type": 5}


async def test_a_private_answer_is_seen_by_the_asker_alone_and_offers_to_be_shared(picket: World) -> None:
    result = await picket.ann.slash(picket.channel, "ask", question=QUESTION, private=True)
    assert result.ephemeral
    assert "Share" in pressable(result)
    assert "Delete" not in pressable(result)


async def test_what_the_person_and_the_server_chose_decides_where_the_call_does_not(picket: World) -> None:
    bot = picket.bot
    await bot.preferences.change_guild(HOME, GuildSettings(private=True), whom=None, now=bot.now())
    assert (await picket.ann.slash(picket.channel, "ask", question=QUESTION)).ephemeral
    await bot.preferences.change_person(picket.ann.id, PersonSettings(private=False))
    assert not (await picket.ann.slash(picket.channel, "ask", question=QUESTION)).ephemeral
    assert (await picket.ben.slash(picket.channel, "ask", question=QUESTION)).ephemeral
    assert not (await picket.ben.slash(picket.channel, "ask", question=QUESTION, private=False)).ephemeral


async def test_settings_hold_from_the_first_question_after_a_restart(picket: World) -> None:
    await picket.bot.preferences.change_person(picket.ann.id, PersonSettings(private=True))
    await picket.restart()
    assert (await picket.ann.slash(picket.channel, "ask", question=QUESTION)).ephemeral


async def test_in_a_channel_that_was_not_chosen_the_answer_is_private(picket: World) -> None:
    bot = picket.bot
    quiet = picket.home.create_text_channel("quiet")
    settings = GuildSettings(channels=(picket.channel.id,))
    await bot.preferences.change_guild(HOME, settings, whom=None, now=bot.now())
    assert (await picket.ann.slash(quiet, "ask", question=QUESTION, private=False)).ephemeral
    assert not (await picket.ann.slash(picket.channel, "ask", question=QUESTION)).ephemeral


async def test_it_answers_in_direct_messages(picket: World) -> None:
    result = await picket.dora.slash("ask", question=QUESTION)
    assert QUOTED in said(result)
    assert "Share" not in pressable(result)


async def test_a_question_may_be_narrowed_down(picket: World) -> None:
    asked = picket.listen()
    await picket.ann.slash(
        picket.channel, "ask", question=QUESTION, since="May 2031", until="10 May 2031", union="the writers' guild"
    )
    assert (asked[0].since, asked[0].until) == (date(2031, 5, 1), date(2031, 5, 10))
    assert asked[0].union == "the writers' guild"
    assert asked[0].collections == ("public", f"guild:{HOME}")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"since": "rubbish"}, "“rubbish”"),
        ({"until": "31 september"}, "“31 september”"),
        ({"since": "2024", "until": "2023"}, "is after until"),
        ({"union": "the guild of nobody"}, "the guild of nobody"),
        ({"question": "?!"}, "no words"),
    ],
)
async def test_what_can_t_be_read_is_told_in_one_sentence_and_looked_for_nowhere(
    picket: World, options: dict[str, str], told: str
) -> None:
    asked = picket.listen()
    result = await picket.ann.slash(picket.channel, "ask", **({"question": QUESTION} | options))
    assert told in said(result)
    assert len(said(result).splitlines()) == 1
    assert not asked


async def test_unions_are_offered_while_somebody_types_and_only_those_in_what_they_may_see(picket: World) -> None:
    offered = await picket.ann.autocomplete(picket.channel, "ask", "union", "wri", question="x")
    assert [one["value"] for one in offered] == ["wga"]
    assert await picket.ann.autocomplete(picket.channel, "ask", "union", "teamst", question="x") == []


@pytest.mark.picket(extra="[bot]\nperson_per_minute = 10\n")
async def test_who_asks_too_often_is_told_how_long_to_wait(picket: World) -> None:
    for _ in range(10):
        assert QUOTED in said(await picket.ann.slash(picket.channel, "ask", question=QUESTION))
    refused = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    assert said(refused) == "You have asked as often as may be within a minute; ask again in 6 seconds."
    assert refused.ephemeral
    assert QUOTED in said(await picket.ben.slash(picket.channel, "ask", question=QUESTION))
    await picket.env.advance_time(7)
    assert QUOTED in said(await picket.ann.slash(picket.channel, "ask", question=QUESTION))


@pytest.mark.picket(extra="[bot]\nperson_per_minute = 2\n")
@pytest.mark.parametrize("question", [QUESTION, "?!"])
async def test_of_many_calls_at_once_those_past_the_limit_are_refused_for_the_asker_alone(
    picket: World, question: str
) -> None:
    data = command_data(picket.env, "ask", question=question)
    records = [begin(picket.env, picket.ann, picket.channel, data) for _ in range(6)]
    await picket.env.settle()
    told = [picket.message_of(one) for one in records]
    refused = [one for one in told if "asked as often as may be" in str(one.components)]
    assert len(refused) == 4
    assert all(one.flags & discord.MessageFlags.ephemeral.flag for one in refused)
    assert sum(not one.flags & discord.MessageFlags.ephemeral.flag for one in told) == 2


@pytest.mark.picket(extra="[bot]\nserver_per_minute = 2\n")
async def test_a_server_has_a_limit_too_which_direct_messages_do_not_share(picket: World) -> None:
    for person in (picket.ann, picket.ben):
        assert QUOTED in said(await person.slash(picket.channel, "ask", question=QUESTION))
    assert "This server has asked" in said(await picket.ann.slash(picket.channel, "ask", question=QUESTION))
    assert QUOTED in said(await picket.ann.user.slash("ask", question=QUESTION))


async def test_a_call_in_a_server_without_picket_searches_the_public_articles_alone_and_is_private(
    picket: World,
) -> None:
    data = command_data(picket.env, "ask", question="why did the lamplighters of Quillhaven walk out?")
    at_home = await picket.ann.slash(picket.channel, "ask", question="why did the lamplighters of Quillhaven walk out?")
    assert "lamplighters of Quillhaven walked out" in said(at_home)
    foreign = await call(picket.env, picket.ann, picket.channel, data, changes=own_app(picket.ann, HOME))
    assert "Quillhaven" not in said(foreign)
    assert foreign.ephemeral


async def test_forty_questions_at_once_are_all_acknowledged_within_a_second_and_none_is_lost(
    picket: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [picket.home.add_member(picket.env.create_user(f"p{number}")) for number in range(40)]
    data = command_data(picket.env, "ask", question=QUESTION)
    acknowledged: dict[int, float] = {}
    acknowledge = Call.acknowledge

    async def timed(call: Call, *, private: bool) -> None:
        await acknowledge(call, private=private)
        acknowledged[call.interaction.id] = time.perf_counter()

    monkeypatch.setattr(Call, "acknowledge", timed)
    sent: dict[int, float] = {}
    records = []
    for person in people:
        begun = time.perf_counter()
        records.append(begin(picket.env, person, picket.channel, data))
        sent[records[-1].id] = begun
    await picket.env.settle(timeout=60)
    assert acknowledged.keys() == sent.keys()
    assert max(acknowledged[one] - begun for one, begun in sent.items()) < 1
    answers = [picket.message_of(record) for record in records]
    assert all(QUOTED in str(one.components) for one in answers)


@pytest.mark.picket(extra="[bot]\nthreads = 1\nqueue = 3\n")
async def test_past_the_queues_bound_people_are_told_at_once_to_try_again(picket: World) -> None:
    people = [picket.home.add_member(picket.env.create_user(f"p{number}")) for number in range(20)]
    data = command_data(picket.env, "ask", question=QUESTION)
    records = [begin(picket.env, person, picket.channel, data) for person in people]
    await picket.env.settle(timeout=60)
    told = [str(picket.message_of(one).components) for one in records]
    answered = [one for one in told if QUOTED in one]
    busy = [one for one in told if "try again in a few seconds" in one]
    assert len(answered) + len(busy) == 20
    assert 4 <= len(answered) < 20


async def test_an_answer_that_takes_too_long_is_given_up_in_one_sentence(
    picket: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(_: Question) -> Answer:  # simcord's clock stands still while a thread works; see test_desk
        raise SlowError("The answer takes longer than 10 seconds; try again.")

    monkeypatch.setattr(picket.bot.desk, "ask", slow)
    result = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    assert said(result) == "The answer takes longer than 10 seconds; try again."


async def test_what_was_asked_in_a_server_is_noted_for_its_moderators_and_nothing_of_a_direct_message(
    picket: World,
) -> None:
    result = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    number = int(pressable(result)["👍"].rpartition(":")[2])
    shown = picket.bot.journal.shown(number)
    assert shown is not None
    assert (shown.guild, shown.channel, shown.question) == (HOME, picket.channel.id, QUESTION)
    assert shown.asker == picket.bot.journal.hashed(picket.ann.id)
    assert str(picket.ann.id) not in shown.asker
    direct = await picket.dora.slash("ask", question=QUESTION)
    kept = picket.bot.journal.shown(int(pressable(direct)["👍"].rpartition(":")[2]))
    assert kept is not None
    assert (kept.guild, kept.channel, kept.question) == (None, None, None)
    assert kept.references[0] == shown.references[0]  # what was quoted, without a word of it


async def test_a_full_disk_costs_the_buttons_and_not_the_answer(picket: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> int:
        raise JournalError("bot.db can't grow, the disk is full; free some space.")

    monkeypatch.setattr(picket.bot.journal, "note", full)
    picket.expect_fault("JournalError")
    result = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    assert QUOTED in said(result)
    assert pressable(result) == {}
    identity = picket.faults_logged()[0]["id"]
    assert f"Error {identity}" in said(result)


async def test_one_question_is_one_event_without_its_words(picket: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "picket")
    await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    events = [record for record in caplog.records if record.msg == "question"]
    assert len(events) == 1
    fields = events[0].fields  # type: ignore[attr-defined]
    assert (fields["way"], fields["outcome"]) == ("slash", "answered")
    assert "Aldmouth" not in str([vars(record) for record in caplog.records])
    assert b'picket_questions_total{outcome="answered",way="slash"} 1.0' in picket.bot.metrics.text()


async def test_a_question_of_another_kind_gets_a_sentence_and_no_buttons(
    picket: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = picket.bot.engine.ask
    monkeypatch.setattr(picket.bot.engine, "ask", lambda question: replace(ask(question), aside=Aside.CHITCHAT))
    result = await picket.ann.slash(picket.channel, "ask", question="hello there")
    assert said(result) == words.ASIDES[Aside.CHITCHAT]
    assert pressable(result) == {}
    assert picket.bot.journal.about(picket.ann.id).questions == 0


async def test_nothing_indexed_yet_is_told(picket: World) -> None:
    place = picket.config.parent / "var" / "index"
    picket.bot.engine.close()
    for file in (place / "CURRENT",):
        file.unlink()
    result = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    assert said(result) == words_asking.NOTHING_INDEXED


async def test_an_index_of_another_version_is_told_until_the_start_has_made_it_anew(picket: World) -> None:
    engine = picket.bot.engine
    engine.close()
    as_another_version_made_it(engine.generations.folder(engine.generations.current()))
    result = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    assert said(result) == words_asking.INDEXED_ANEW
    await refresh(picket.bot)
    assert (await picket.bot.builds.current.outcome).ended is Ended.DONE  # type: ignore[union-attr]
    result = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    assert said(result) != words_asking.INDEXED_ANEW
    assert picket.bot.journal.about(picket.ann.id).questions


async def test_a_call_that_discord_gave_up_on_is_told_in_a_direct_message(picket: World) -> None:
    picket.expect_fault("NotFound")
    picket.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, message="Unknown interaction")
    data = command_data(picket.env, "ask", question=QUESTION)
    begin(picket.env, picket.ann, picket.channel, data, kind=InteractionType.APPLICATION_COMMAND)
    await picket.env.settle()
    told = said(picket.ann.user.dm_channel.last_message)
    assert told == words_asking.expired(str(picket.faults_logged()[0]["id"]))
    assert picket.channel.last_message is None
