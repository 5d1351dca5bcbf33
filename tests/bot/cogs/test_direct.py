"""Questions by mention, by direct message and by the menu on a message."""

from typing import Any

import aiohttp
import discord
import pytest
from simcord.backend import serializers
from simcord.http.client import FakeHTTPClient

from bot import words_asking
from bot.cogs.direct import MENU, without_marks
from bot.journal_records import GuildSettings, PersonSettings
from tests.bot.conftest import HOME, OTHER, World, pressable, question_above, said

QUESTION = "why did the dockers of Aldmouth walk out?"
QUOTED = "The dockers of Aldmouth walked out over their pay."
OWN = "why did the lamplighters of Quillhaven walk out?"


def last(world: World) -> discord.Message:
    message = world.channel.last_message
    assert message is not None
    return message


def bot_name(world: World) -> str:
    assert world.bot.user is not None
    return world.bot.user.mention


async def test_a_mention_with_a_question_is_answered_in_reply(picket: World) -> None:
    asked = await picket.ann.send(picket.channel, f"{bot_name(picket)} {QUESTION}")
    answer = last(picket)
    assert QUOTED in said(answer)
    assert not question_above(answer)  # it stands in the message that is replied to
    assert answer.reference is not None
    assert answer.reference.message_id == asked.id
    assert "Delete" in pressable(answer)


async def test_a_message_that_does_not_name_picket_is_not_answered(picket: World) -> None:
    await picket.ann.send(picket.channel, QUESTION)
    assert last(picket).content == QUESTION


async def test_a_reply_that_only_pings_is_no_question(picket: World) -> None:
    await picket.ann.send(picket.channel, f"{bot_name(picket)} {QUESTION}")
    answer = last(picket)
    sent = await picket.ben.send(picket.channel, "really? because of their pay?", reply_to=answer)
    assert picket.bot.user in sent.mentions
    assert last(picket).id == sent.id
    await picket.ben.send(picket.channel, f"{bot_name(picket)} {OWN}", reply_to=answer)
    assert "lamplighters" in said(last(picket))


async def test_a_message_of_a_server_that_is_not_known_is_no_direct_message(picket: World) -> None:
    sent = await picket.dora.send_dm(QUESTION)
    stored = picket.env.backend.get_message(picket.dora.dm_channel.id, sent.id)
    before = len(picket.env.http_requests)
    for guild in ("123456789012345678", None):
        payload = dict(serializers.message_payload(picket.env.backend, stored)) | {"id": str(sent.id + 1)}
        picket.env.backend.emit("MESSAGE_CREATE", payload | ({"guild_id": guild} if guild else {}))
        await picket.env.settle()
        answered = [one for one in picket.env.http_requests[before:] if one.path.endswith("/messages")]
        assert len(answered) == (0 if guild else 1)


async def test_a_bare_mention_gets_a_hint(picket: World) -> None:
    await picket.ann.send(picket.channel, f"  {bot_name(picket)} ")
    assert said(last(picket)) == words_asking.NOTHING_ASKED


async def test_bots_and_webhooks_and_system_messages_are_ignored_and_so_are_picket_s_own(picket: World) -> None:
    robot = picket.home.add_member(picket.env.create_user("robot", bot=True))
    sent = await robot.send(picket.channel, f"{bot_name(picket)} {QUESTION}")
    assert last(picket).id == sent.id
    hook = picket.home.create_webhook(picket.channel)
    await hook.send(f"{bot_name(picket)} {QUESTION}")
    assert QUOTED not in said(last(picket))
    own = picket.bot.get_channel(picket.channel.id)
    assert isinstance(own, discord.TextChannel)
    with picket.env._bot_scope():
        sent = await own.send(f"{bot_name(picket)} {QUESTION}")
    await picket.env.settle()
    assert last(picket).id == sent.id


async def test_a_direct_message_needs_no_command_and_no_mention(picket: World) -> None:
    await picket.dora.send_dm(QUESTION)
    answer = picket.dora.dm_channel.last_message
    assert QUOTED in said(answer)
    await picket.dora.send_dm(f"{bot_name(picket)} {QUESTION}")
    assert QUOTED in said(picket.dora.dm_channel.last_message)


async def test_a_direct_message_without_words_gets_a_hint(picket: World) -> None:
    channel = picket.dora.dm_channel
    files = picket.env.backend.store_attachments(channel.id, [("banner.png", b"x")])
    await picket.dora.send_dm("", attachments=files)
    assert said(channel.last_message) == words_asking.NOTHING_ASKED


async def test_where_the_server_did_not_choose_the_channel_a_mention_stays_unanswered(picket: World) -> None:
    bot = picket.bot
    quiet = picket.home.create_text_channel("quiet")
    settings = GuildSettings(channels=(picket.channel.id,))
    await bot.preferences.change_guild(HOME, settings, whom=None, now=bot.now())
    await picket.ann.send(quiet, f"{bot_name(picket)} {QUESTION}")
    assert quiet.last_message is not None
    assert quiet.last_message.author.id == picket.ann.id
    await picket.ann.send(picket.channel, f"{bot_name(picket)} {QUESTION}")
    assert QUOTED in said(last(picket))


async def test_where_answers_are_private_a_mention_is_told_the_way_to_a_private_one(picket: World) -> None:
    bot = picket.bot
    await bot.preferences.change_person(picket.ann.id, PersonSettings(private=True))
    await picket.ann.send(picket.channel, f"{bot_name(picket)} {QUESTION}")
    assert said(last(picket)) == words_asking.PRIVATE_HERE
    await bot.preferences.change_guild(HOME, GuildSettings(private=True), whom=None, now=bot.now())
    await picket.ben.send(picket.channel, f"{bot_name(picket)} {QUESTION}")
    assert said(last(picket)) == words_asking.PRIVATE_HERE


@pytest.mark.picket(extra="[bot]\nperson_per_minute = 10\n")
async def test_mentions_count_with_all_other_ways_to_ask(picket: World) -> None:
    for _ in range(5):
        await picket.ann.send(picket.channel, f"{bot_name(picket)} {QUESTION}")
        await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    await picket.ann.send(picket.channel, f"{bot_name(picket)} {QUESTION}")
    assert said(last(picket)).startswith("You have asked as often as may be")
    await picket.ann.user.send_dm(QUESTION)
    assert said(picket.ann.user.dm_channel.last_message).startswith("You have asked as often as may be")


@pytest.mark.picket(extra="[bot]\nperson_per_minute = 2\n")
@pytest.mark.parametrize("text", [QUESTION, "", "?!"])
async def test_of_refused_mentions_the_first_alone_is_answered_until_the_wait_is_over(picket: World, text: str) -> None:
    def answers() -> int:
        return sum(one.author.id != picket.ann.id for one in picket.channel.history())

    for _ in range(6):
        await picket.ann.send(picket.channel, f"{bot_name(picket)} {text}")
    assert answers() == 3
    assert b'picket_refused_total{reason="rate"} 4.0' in picket.bot.metrics.text()
    await picket.env.advance_time(31)
    for _ in range(3):
        await picket.ann.send(picket.channel, f"{bot_name(picket)} {text}")
    assert answers() == 5
    for _ in range(3):
        await picket.ann.user.send_dm(QUESTION)
    said_there = [one for one in picket.ann.user.dm_channel.history() if one.author.id != picket.ann.id]
    assert [said(one)[:8] for one in said_there] == ["You have"]


@pytest.mark.picket(extra="[bot]\nperson_per_minute = 1\n")
async def test_the_menu_is_refused_for_the_asker_alone(picket: World) -> None:
    claim = await picket.ben.send(picket.channel, QUESTION)
    assert not (await picket.ann.context_menu(picket.channel, MENU, claim)).ephemeral
    refused = await picket.ann.context_menu(picket.channel, MENU, claim)
    assert "You have asked as often as may be" in said(refused)
    assert refused.ephemeral


async def test_a_question_leans_on_those_before_it_for_a_quarter_of_an_hour(
    picket: World,
) -> None:
    asked = picket.listen()
    await picket.dora.send_dm(QUESTION)
    await picket.dora.send_dm("and in Corvale?")
    await picket.env.advance_time(14 * 60)
    await picket.dora.send_dm("and in Dunmere?")
    await picket.env.advance_time(2 * 60)
    await picket.dora.send_dm("and in Hexley?")
    assert [one.context for one in asked] == [
        (),
        (QUESTION,),
        (QUESTION, "and in Corvale?"),
        ("and in Dunmere?",),
    ]


async def test_a_mention_leans_on_the_same_persons_mentions_in_the_same_channel_alone(
    picket: World,
) -> None:
    asked = picket.listen()
    elsewhere = picket.home.create_text_channel("elsewhere")
    await picket.ann.send(picket.channel, f"{bot_name(picket)} {QUESTION}")
    await picket.ben.send(picket.channel, f"{bot_name(picket)} and in Corvale?")
    await picket.ann.send(elsewhere, f"{bot_name(picket)} and in Dunmere?")
    await picket.ann.slash(picket.channel, "ask", question=OWN, private=True)
    await picket.ann.send(picket.channel, f"{bot_name(picket)} and in Hexley?")
    assert [one.context for one in asked] == [(), (), (), (), (QUESTION,)]


async def test_the_menu_finds_what_articles_say_about_a_message(picket: World) -> None:
    claim = await picket.ben.send(picket.channel, "**The dockers of Aldmouth** <@123> never walked out <:no:456>")
    result = await picket.ann.context_menu(picket.channel, MENU, claim)
    assert QUOTED in said(result)
    assert "Context [1]" in pressable(result)


async def test_the_words_of_somebody_elses_message_are_not_kept(picket: World) -> None:
    claim = await picket.ben.send(picket.channel, QUESTION)
    result = await picket.ann.context_menu(picket.channel, MENU, claim)
    shown = picket.bot.journal.shown(int(pressable(result)["👍"].rpartition(":")[2]))
    assert shown is not None
    assert shown.guild == HOME
    assert shown.question is None
    now = picket.bot.now()
    assert picket.bot.conversations.before(picket.ann.id, picket.channel.id, now, private=False) == ()


async def test_a_message_without_words_has_no_sources(picket: World) -> None:
    empty = await picket.ben.send(picket.channel, "", attachments=[("banner.png", b"x")])
    result = await picket.ann.context_menu(picket.channel, MENU, empty)
    assert said(result) == words_asking.NO_WORDS_IN_MESSAGE


async def test_the_menu_finds_sources_for_a_forwarded_message(picket: World) -> None:
    claim = await picket.ben.send(picket.channel, "The dockers of Aldmouth never walked out")
    channel = picket.bot.get_channel(picket.channel.id)
    assert isinstance(channel, discord.TextChannel)
    with picket.env._bot_scope():
        forwarded = await (await channel.fetch_message(claim.id)).forward(channel)
    await picket.env.settle()
    assert forwarded.content == ""
    assert QUOTED in said(await picket.ann.context_menu(picket.channel, MENU, forwarded))


async def test_direct_messages_search_the_chosen_servers_articles_while_the_person_is_in_it(picket: World) -> None:
    bot = picket.bot
    await picket.ann.user.send_dm(OWN)
    channel = picket.ann.user.dm_channel
    assert "Quillhaven" not in said(channel.last_message)
    await bot.preferences.change_person(picket.ann.id, PersonSettings(guild=HOME))
    await picket.ann.user.send_dm(OWN)
    assert "The lamplighters of Quillhaven walked out" in said(channel.last_message)
    picket.home.remove_member(picket.ann)
    await picket.ann.user.send_dm(OWN)
    assert "Quillhaven" not in said(channel.last_message)
    assert words_asking.NO_LONGER_MEMBER in said(channel.last_message)


async def test_who_chose_a_server_they_were_never_in_finds_nothing_of_it(picket: World) -> None:
    await picket.bot.preferences.change_person(picket.ann.id, PersonSettings(guild=OTHER))
    await picket.ann.user.send_dm("why did the weavers of Morrowby walk out?")
    assert "Morrowby" not in said(picket.ann.user.dm_channel.last_message)


async def test_where_discord_does_not_say_who_is_a_member_only_public_articles_are_searched(picket: World) -> None:
    await picket.bot.preferences.change_person(picket.ann.id, PersonSettings(guild=HOME))
    picket.env.inject_error("GET", f"/guilds/{HOME}/members/*", status=403, code=50001, times=1)
    await picket.ann.user.send_dm(OWN)
    answer = said(picket.ann.user.dm_channel.last_message)
    assert "Quillhaven" not in answer
    assert words_asking.MEMBERSHIP_UNKNOWN in answer


@pytest.mark.parametrize("error", [aiohttp.ServerDisconnectedError(), BrokenPipeError()], ids=repr)
async def test_a_connection_that_drops_before_the_answer_costs_only_what_it_was_for(
    picket: World, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = FakeHTTPClient.request
    dropped: list[str] = []

    async def dropping(client: FakeHTTPClient, route: Any, **kwargs: Any) -> Any:
        if route.path.endswith(("/typing", "/members/{member_id}")):
            dropped.append(route.path.rpartition("/")[2])
            raise error
        return await request(client, route, **kwargs)

    await picket.bot.preferences.change_person(picket.ann.id, PersonSettings(guild=HOME))
    monkeypatch.setattr(FakeHTTPClient, "request", dropping)
    await picket.ann.user.send_dm(QUESTION)
    assert sorted(dropped) == ["typing", "{member_id}"]
    answer = said(picket.ann.user.dm_channel.last_message)
    assert QUOTED in answer
    assert words_asking.MEMBERSHIP_UNKNOWN in answer


async def test_a_mention_where_picket_may_not_write_is_told_in_a_direct_message(picket: World) -> None:
    picket.expect_fault("Forbidden")
    picket.env.inject_error("POST", f"/channels/{picket.channel.id}/*", status=403, code=50013, times=None)
    await picket.ann.send(picket.channel, f"{bot_name(picket)} {QUESTION}")
    told = said(picket.ann.user.dm_channel.last_message)
    assert told == words_asking.forbidden(str(picket.faults_logged()[0]["id"]))


async def test_a_mention_in_a_channel_that_is_gone_is_told_in_a_direct_message(picket: World) -> None:
    picket.expect_fault("NotFound")
    picket.env.inject_error("POST", f"/channels/{picket.channel.id}/*", status=404, code=10003, times=None)
    await picket.ann.send(picket.channel, f"{bot_name(picket)} {QUESTION}")
    told = said(picket.ann.user.dm_channel.last_message)
    assert told == words_asking.vanished(str(picket.faults_logged()[0]["id"]))


async def test_where_direct_messages_are_shut_too_the_log_alone_knows(
    picket: World, caplog: pytest.LogCaptureFixture
) -> None:
    picket.expect_fault("Forbidden")
    picket.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=None)
    await picket.ann.send(picket.channel, f"{bot_name(picket)} {QUESTION}")
    assert [record.msg for record in caplog.records if record.levelname == "WARNING"].count("untold") == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@1> when?", "when?"),
        ("<@!1><@&2> <#3> when <:wave:4> <a:x:5>", "when"),
        ("</ask:6> since <t:1700000000:R>", "since"),
        ("a < b > c <https://example.com>", "a < b > c <https://example.com>"),
        ("<@1>", ""),
    ],
)
def test_what_only_discord_understands_is_no_word_of_a_question(text: str, words: str) -> None:
    assert without_marks(text) == words
