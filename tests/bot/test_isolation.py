"""A server's articles are seen by that server alone: every way to ask tries to cross over, and finds nothing."""

import pytest

from bot import words, words_asking
from bot.button_ids import custom_id
from bot.cogs.direct import MENU
from bot.journal_records import PersonSettings
from tests.bot.calls import call, command_data, forged, own_app, own_app_elsewhere
from tests.bot.conftest import HOME, OTHER, World, pressable, said

OURS = "why did the lamplighters of Quillhaven walk out over night pay?"
THEIRS = "why did the weavers of Morrowby walk out over their looms?"


async def test_each_server_finds_its_own_articles_and_never_the_others(picket: World) -> None:
    assert "Quillhaven" in said(await picket.ann.slash(picket.channel, "ask", question=OURS))
    assert "Morrowby" in said(await picket.cleo.slash(picket.far, "ask", question=THEIRS))
    assert "Morrowby" not in said(await picket.ann.slash(picket.channel, "ask", question=THEIRS))
    assert "Quillhaven" not in said(await picket.cleo.slash(picket.far, "ask", question=OURS))


async def test_the_menu_and_a_mention_cross_over_no_more_than_the_command(picket: World) -> None:
    assert picket.bot.user is not None
    claim = await picket.ann.send(picket.channel, THEIRS)
    assert "Morrowby" not in said(await picket.ann.context_menu(picket.channel, MENU, claim))
    await picket.ann.send(picket.channel, f"{picket.bot.user.mention} {THEIRS}")
    assert "Morrowby" not in said(picket.channel.last_message)
    there = await picket.cleo.send(picket.far, THEIRS)
    assert "Morrowby" in said(await picket.cleo.context_menu(picket.far, MENU, there))


async def test_direct_messages_find_no_servers_articles_unless_one_was_chosen(picket: World) -> None:
    for question, word in ((OURS, "Quillhaven"), (THEIRS, "Morrowby")):
        assert word not in said(await picket.ann.user.slash("ask", question=question))
        await picket.ann.user.send_dm(question)
        assert word not in said(picket.ann.user.dm_channel.last_message)
    await picket.bot.preferences.change_person(picket.ann.id, PersonSettings(guild=HOME))
    assert "Quillhaven" in said(await picket.ann.user.slash("ask", question=OURS))
    assert "Morrowby" not in said(await picket.ann.user.slash("ask", question=THEIRS))
    listed = await picket.ann.user.slash("articles")
    first = said(listed)
    await picket.ann.user.click(listed.response, label=words.NEXT)
    assert "Quillhaven" in first + said(listed)
    assert "Morrowby" not in first + said(listed)


@pytest.mark.parametrize("guild", [HOME, OTHER, 123_456_789_012_345_678])
async def test_a_persons_own_app_finds_no_servers_articles_in_whichever_server_it_is_called(
    picket: World, guild: int
) -> None:
    """Not even where Picket is a member: the server didn't lend the person its commands."""
    for question, word in ((OURS, "Quillhaven"), (THEIRS, "Morrowby")):
        data = command_data(picket.env, "ask", question=question)
        result = await call(picket.env, picket.ann, picket.channel, data, changes=own_app(picket.ann, guild))
        assert word not in said(result)
        assert result.ephemeral


async def test_a_persons_own_app_elsewhere_searches_the_public_articles_though_they_chose_a_server(
    picket: World,
) -> None:
    """Others read along in a group, so what they chose for direct messages with Picket doesn't count there."""
    await picket.bot.preferences.change_person(picket.ann.id, PersonSettings(guild=HOME))
    person = picket.ann.user
    data = command_data(picket.env, "ask", question=OURS)
    result = await call(picket.env, person, person.dm_channel, data, changes=own_app_elsewhere(person))
    assert "Quillhaven" not in said(result)
    assert result.ephemeral


async def test_an_invited_server_is_its_own_also_where_discord_names_the_person_too(picket: World) -> None:
    data = command_data(picket.env, "ask", question=OURS)
    owners = {"authorizing_integration_owners": {"0": str(HOME), "1": str(picket.ann.id)}}
    result = await call(picket.env, picket.ann, picket.channel, data, changes=owners)
    assert "Quillhaven" in said(result)


async def test_a_server_that_names_another_as_its_owner_gets_neither(picket: World) -> None:
    data = command_data(picket.env, "ask", question=THEIRS)
    owners = {"authorizing_integration_owners": {"0": str(OTHER), "1": str(picket.ann.id)}}
    result = await call(picket.env, picket.ann, picket.channel, data, changes=owners)
    assert "Morrowby" not in said(result)


async def test_what_was_answered_from_a_servers_articles_is_not_shared_elsewhere(picket: World) -> None:
    await picket.bot.preferences.change_person(picket.ann.id, PersonSettings(guild=HOME))
    direct = await picket.ann.user.slash("ask", question=OURS)
    assert "Quillhaven" in said(direct)
    shown = int(pressable(direct)["👍"].rpartition(":")[2])
    data = command_data(picket.env, "ask", question="why did the dockers of Aldmouth walk out?")
    foreign = own_app(picket.ann, 123_456_789_012_345_678)
    there = await call(picket.env, picket.ann, picket.channel, data, changes=foreign)
    identity = custom_id("share", shown)
    taken = await forged(picket.env, picket.ann, picket.channel, identity, there, changes=foreign)
    assert [said(one.message) for one in taken.followups] == [words_asking.NOT_ALL_SHARED]
    identity = pressable(await call(picket.env, picket.ann, picket.channel, data, changes=foreign))[words.SHARE]
    shared = await forged(picket.env, picket.ann, picket.channel, identity, there, changes=foreign)
    assert "dockers of Aldmouth" in said(shared.followups[0].message)


async def test_what_is_offered_while_typing_comes_from_what_may_be_seen(picket: World) -> None:
    here = await picket.bot.offers.outlets(("public", f"guild:{HOME}"), "", picket.bot.now())
    nothing = await picket.bot.offers.outlets((f"guild:{HOME + 5}",), "", picket.bot.now())
    assert here == ["Harbour Post"]
    assert nothing == []
