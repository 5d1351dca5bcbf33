"""`/settings` on a simulated Discord: a person's own, a server's, and who may change which."""

import discord
import pytest
from simcord import MemberActor
from simcord.results import InteractionResult

from bot import words_corpus, words_settings
from bot.journal_records import GuildSettings, PersonSettings
from tests.bot.calls import begin, call, command_data, forged, own_app, own_app_elsewhere, press_data
from tests.bot.conftest import HOME, OTHER, World, card, pressable, said
from tests.bot.mischief import locked_journal
from tests.bot.test_upkeep import without

QUESTION = "why did the dockers of Aldmouth walk out?"
OURS = "why did the lamplighters of Quillhaven walk out over night pay?"


def menu(verb: str) -> dict[str, str]:
    return {"custom_id": f"picket:{verb}:0"}


async def server_screen(world: World, who: MemberActor | None = None) -> InteractionResult:
    who = who or world.moderator
    shown = await who.slash(world.channel, "settings")
    await who.click(card(shown), label=words_settings.SERVER_BUTTON)
    return shown


def settings(world: World) -> GuildSettings:
    """As the bot acts by them, which is what its file says."""
    known = world.bot.preferences.guild(HOME)
    assert known == world.bot.journal.guild_settings(HOME)
    return known


async def test_a_person_sees_their_own_settings_alone_and_no_way_to_the_servers(picket: World) -> None:
    shown = await picket.ann.slash(picket.channel, "settings")
    assert shown.ephemeral
    assert words_settings.TITLE in said(shown)
    assert set(pressable(shown)) == {words_settings.ZONE_BUTTON, words_settings.LEND}


@pytest.mark.parametrize("restarted", [False, True])
async def test_private_answers_are_chosen_in_a_menu_and_hold_for_the_next_question(
    picket: World, restarted: bool
) -> None:
    shown = await picket.ann.slash(picket.channel, "settings")
    if restarted:
        await picket.restart()
    await picket.ann.select(card(shown), ["private"], **menu("answers"))
    assert (await picket.ann.slash(picket.channel, "ask", question=QUESTION)).ephemeral
    await picket.ann.select(card(shown), ["open"], **menu("answers"))
    assert not (await picket.ann.slash(picket.channel, "ask", question=QUESTION)).ephemeral
    await picket.ann.select(card(shown), ["server"], **menu("answers"))
    assert picket.bot.preferences.person(picket.ann.id) == PersonSettings()
    assert picket.bot.preferences.person(picket.ben.id) == PersonSettings()


async def test_a_time_zone_is_written_as_people_write_it_and_a_wrong_one_gets_a_suggestion(picket: World) -> None:
    shown = await picket.ann.slash(picket.channel, "settings")
    for written, told in (("london", "Europe/London"), ("America/new york", "America/New_York")):
        form = await picket.ann.click(card(shown), label=words_settings.ZONE_BUTTON)
        await picket.ann.submit_modal(form, {"zone": written})
        assert told in said(shown).replace("\\", "")
    form = await picket.ann.click(card(shown), label=words_settings.ZONE_BUTTON)
    refused = await picket.ann.submit_modal(form, {"zone": "Europe/Lundon"})
    assert "did you mean Europe/London" in said(refused.followups[0].message)
    assert picket.bot.preferences.person(picket.ann.id).timezone == "America/New_York"
    form = await picket.ann.click(card(shown), label=words_settings.ZONE_BUTTON)
    await picket.ann.submit_modal(form, {"zone": ""})
    assert picket.bot.preferences.person(picket.ann.id) == PersonSettings()


async def test_a_servers_articles_are_chosen_there_and_given_up_in_the_direct_message(picket: World) -> None:
    person = picket.ann.user
    assert "Quillhaven" not in said(await person.slash("ask", question=OURS))
    shown = await picket.ann.slash(picket.channel, "settings")
    await picket.ann.click(card(shown), label=words_settings.LEND)
    assert words_settings.LEND not in pressable(shown)
    assert "Home" in said(shown)
    assert "Quillhaven" in said(await person.slash("ask", question=OURS))
    there = await person.slash("settings")
    assert "Home" in said(there)
    await person.click(there.response, label=words_settings.UNLEND)
    assert picket.bot.preferences.person(picket.ann.id).guild is None
    assert "Quillhaven" not in said(await person.slash("ask", question=OURS))


async def test_a_server_can_t_be_chosen_from_outside_it(picket: World) -> None:
    shown = await picket.ann.slash(picket.channel, "settings")
    identity = pressable(shown)[words_settings.LEND]
    for changes in (own_app(picket.ann, OTHER), own_app(picket.ann, HOME), own_app_elsewhere(picket.ann)):
        refused = await forged(picket.env, picket.ann, picket.channel, identity, shown, changes=changes)
        assert said(refused.followups[0].message) == words_settings.ONLY_IN_SERVERS
    direct = await picket.dora.slash("settings")
    assert words_settings.LEND not in pressable(direct)
    refused = await forged(picket.env, picket.dora, picket.dora.dm_channel, identity, direct)
    assert said(refused.followups[0].message if refused.followups else refused) == words_settings.ONLY_IN_SERVERS
    assert picket.bot.journal.all_person_settings() == {}


async def test_a_server_that_installed_the_commands_alone_can_t_be_chosen(picket: World) -> None:
    """Who is in it Discord tells nobody but its members, so direct messages could never search it."""
    shown = await picket.cleo.slash(picket.far, "settings")
    identity = pressable(shown)[words_settings.LEND]
    await without(picket, OTHER)
    theirs = {"authorizing_integration_owners": {"0": str(OTHER)}}
    alone = await call(picket.env, picket.cleo, picket.far, command_data(picket.env, "settings"), changes=theirs)
    assert set(pressable(alone)) == {words_settings.ZONE_BUTTON}
    refused = await forged(picket.env, picket.cleo, picket.far, identity, shown, changes=theirs)
    assert said(refused.followups[0].message) == words_settings.ONLY_IN_SERVERS
    assert picket.bot.journal.all_person_settings() == {}


async def test_a_chosen_server_that_picket_left_is_told(picket: World) -> None:
    await picket.bot.preferences.change_person(picket.ann.id, PersonSettings(guild=123_456_789_012_345_678))
    assert words_settings.ALREADY_GONE in said(await picket.ann.user.slash("settings"))


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_moderator_changes_everything_about_the_server_in_menus(picket: World, restarted: bool) -> None:
    quiet = picket.home.create_text_channel("quiet")
    role = picket.home.create_role("Archivists")
    shown = await server_screen(picket)
    if restarted:
        await picket.restart()
    await picket.moderator.select(card(shown), [picket.channel], **menu("channels"))
    await picket.moderator.select(card(shown), ["private"], **menu("visibility"))
    await picket.moderator.select(card(shown), [role], **menu("roles"))
    form = await picket.moderator.click(card(shown), label=words_settings.DATES_BUTTON)
    await picket.moderator.submit_modal(form, {"zone": "paris", "language": "German"})
    assert settings(picket) == GuildSettings(
        channels=(picket.channel.id,),
        private=True,
        moderator_roles=(role.id,),
        timezone="Europe/Paris",
        locale="de",
    )
    assert (await picket.ann.slash(quiet, "ask", question=QUESTION)).ephemeral
    assert (await picket.ann.slash(picket.channel, "ask", question=QUESTION)).ephemeral
    await picket.moderator.select(card(shown), [], **menu("channels"))
    await picket.moderator.select(card(shown), ["open"], **menu("visibility"))
    await picket.moderator.select(card(shown), [], **menu("roles"))
    form = await picket.moderator.click(card(shown), label=words_settings.DATES_BUTTON)
    await picket.moderator.submit_modal(form, {"zone": "", "language": ""})
    assert settings(picket) == GuildSettings()
    assert not (await picket.ann.slash(quiet, "ask", question=QUESTION)).ephemeral


async def test_dates_are_written_in_the_language_that_the_server_chose(picket: World) -> None:
    shown = await server_screen(picket)
    form = await picket.moderator.click(card(shown), label=words_settings.DATES_BUTTON)
    await picket.moderator.submit_modal(form, {"zone": "", "language": "german"})
    assert "Mai 2031" in said(await picket.ann.slash(picket.channel, "ask", question=QUESTION))
    form = await picket.moderator.click(card(shown), label=words_settings.DATES_BUTTON)
    refused = await picket.moderator.submit_modal(form, {"zone": "", "language": "Germann"})
    assert "did you mean" in said(refused.followups[0].message)
    assert settings(picket).locale == "de"


async def test_every_change_is_told_in_the_log_channel_and_kept_in_the_audit(picket: World) -> None:
    log, second = picket.home.create_text_channel("log"), picket.home.create_text_channel("log-2")
    shown = await server_screen(picket)
    await picket.moderator.select(card(shown), [log], **menu("telling"))
    assert "log channel" in said(log.last_message)
    await picket.moderator.select(card(shown), ["private"], **menu("visibility"))
    assert "private: no → yes" in said(log.last_message)
    assert str(picket.moderator.id) in said(log.last_message)
    await picket.moderator.select(card(shown), [second], **menu("telling"))
    assert f"{log.id} → {second.id}" in said(log.last_message)  # nobody switches a log off unseen
    assert f"{log.id} → {second.id}" in said(second.last_message)
    before = len(log.history())
    await picket.moderator.select(card(shown), ["open"], **menu("visibility"))
    assert len(log.history()) == before
    entries = picket.bot.journal.audit(HOME, 10)
    assert [(one.action, one.whom) for one in entries] == [("settings", picket.moderator.id)] * 4
    assert picket.bot.journal.audit(OTHER, 10) == []


async def test_choosing_what_is_chosen_already_tells_nobody(picket: World) -> None:
    log = picket.home.create_text_channel("log")
    shown = await server_screen(picket)
    await picket.moderator.select(card(shown), [log], **menu("telling"))
    told = len(log.history())
    await picket.moderator.select(card(shown), ["open"], **menu("visibility"))
    assert len(log.history()) == told
    assert len(picket.bot.journal.audit(HOME, 10)) == 1


async def test_a_log_channel_that_can_t_be_written_to_is_told_at_once(picket: World) -> None:
    log = picket.home.create_text_channel("log")
    shown = await server_screen(picket)
    picket.env.inject_error("POST", f"/channels/{log.id}/messages", status=403, code=50013, message="no")
    await picket.moderator.select(card(shown), [log], **menu("telling"))
    assert words_settings.LOG_SHUT in said(shown)
    assert settings(picket).log_channel == log.id


async def test_two_who_change_different_things_at_once_both_succeed(picket: World) -> None:
    second = picket.home.add_member(
        picket.env.create_user("mod2"),
        roles=[picket.home.create_role("Second", permissions=discord.Permissions(manage_guild=True))],
    )
    one, two = await server_screen(picket), await server_screen(picket, second)
    data = {"custom_id": "picket:visibility:0", "component_type": 3, "values": ["private"]}
    channel = {"id": str(picket.channel.id), "type": 0, "name": "general", "permissions": "0"}
    other = {
        "custom_id": "picket:channels:0",
        "component_type": 8,
        "values": [str(picket.channel.id)],
        "resolved": {"channels": {str(picket.channel.id): channel}},
    }
    begin(picket.env, picket.moderator, picket.channel, data, kind=3, message=one.response)
    begin(picket.env, second, picket.channel, other, kind=3, message=two.response)
    await picket.env.settle()
    assert settings(picket) == GuildSettings(channels=(picket.channel.id,), private=True)


SERVERS = ("server", "channels", "visibility", "roles", "telling", "dates")


@pytest.mark.parametrize("verb", SERVERS)
async def test_who_may_not_moderate_changes_nothing_by_a_forged_press(picket: World, verb: str) -> None:
    shown = await picket.ann.slash(picket.channel, "settings")
    refused = await forged(picket.env, picket.ann, picket.channel, f"picket:{verb}:0", shown)
    told = [said(one.message) for one in refused.followups] or [said(refused)]
    assert len(told) == 1
    assert "Only who may manage this server" in told[0]
    assert refused.modal is None
    assert settings(picket) == GuildSettings()


@pytest.mark.parametrize("verb", SERVERS)
async def test_who_lost_the_right_while_the_screen_was_open_changes_nothing(picket: World, verb: str) -> None:
    shown = await server_screen(picket)
    without = {"member": {**_member(picket), "permissions": "0", "roles": []}}
    refused = await forged(picket.env, picket.moderator, picket.channel, f"picket:{verb}:0", shown, changes=without)
    told = [said(one.message) for one in refused.followups] or [said(refused)]
    assert "Only who may manage this server" in told[0]
    assert settings(picket) == GuildSettings()


@pytest.mark.parametrize("verb", SERVERS)
async def test_the_servers_settings_are_not_reached_from_where_picket_was_not_invited(picket: World, verb: str) -> None:
    data = command_data(picket.env, "settings")
    foreign = own_app(picket.moderator, HOME)
    shown = await call(picket.env, picket.moderator, picket.channel, data, changes=foreign)
    assert words_settings.SERVER_BUTTON not in pressable(shown)
    identity = f"picket:{verb}:0"
    refused = await forged(picket.env, picket.moderator, picket.channel, identity, shown, changes=foreign)
    told = [said(one.message) for one in refused.followups] or [said(refused)]
    assert "has invited Picket" in told[0]
    direct = await picket.moderator.user.slash("settings")
    assert words_settings.SERVER_BUTTON not in pressable(direct)
    person = picket.moderator.user
    refused = await forged(picket.env, person, person.dm_channel, identity, direct)
    told = [said(one.message) for one in refused.followups] or [said(refused)]
    assert "has invited Picket" in told[0]
    assert picket.bot.journal.all_guild_settings() == {}


async def test_a_role_that_moderates_gives_the_right_to_all_but_the_roles(picket: World) -> None:
    role = picket.home.create_role("Archivists")
    archivist = picket.home.add_member(picket.env.create_user("arch"), roles=[role])
    assert words_settings.SERVER_BUTTON not in pressable(await archivist.slash(picket.channel, "settings"))
    shown = await server_screen(picket)
    await picket.moderator.select(card(shown), [role], **menu("roles"))
    theirs = await server_screen(picket, archivist)
    await archivist.select(card(theirs), ["private"], **menu("visibility"))
    assert settings(picket).private
    other = picket.home.create_role("Friends")
    data = {
        "custom_id": "picket:roles:0",
        "component_type": 6,
        "values": [str(other.id)],
        "resolved": {"roles": {str(other.id): {"id": str(other.id)}}},
    }
    # The menu is shown to them switched off; Discord's word for it is not relied on.
    refused = await call(picket.env, archivist, picket.channel, data, kind=3, message=theirs.response)
    assert said(refused.followups[0].message) == words_settings.ONLY_MANAGERS
    assert settings(picket).moderator_roles == (role.id,)


async def test_a_channel_of_another_server_is_not_taken(picket: World) -> None:
    shown = await server_screen(picket)
    data = {"custom_id": "picket:telling:0", "component_type": 8, "values": [str(picket.far.id)], "resolved": {}}
    refused = await call(picket.env, picket.moderator, picket.channel, data, kind=3, message=shown.response)
    assert said(refused.followups[0].message) == words_settings.NOT_THIS_SERVERS
    assert settings(picket).log_channel is None
    assert picket.far.last_message is None


async def test_a_locked_journal_changes_nothing_and_leaves_the_screen(picket: World) -> None:
    shown = await server_screen(picket)
    picket.expect_fault("JournalError")
    with locked_journal(picket.bot):
        refused = await picket.moderator.select(card(shown), ["private"], **menu("visibility"))
    identity = str(picket.faults_logged()[0]["id"])
    assert f"Error {identity}" in said(refused.followups[0].message)
    assert settings(picket) == GuildSettings()
    await picket.moderator.select(card(shown), ["private"], **menu("visibility"))
    assert settings(picket).private


async def test_the_screen_leads_back_and_forth(picket: World) -> None:
    shown = await server_screen(picket)
    assert words_settings.SERVER_TITLE in said(shown)
    await picket.moderator.click(card(shown), label=words_settings.MINE_BUTTON)
    assert words_settings.TITLE in said(shown)
    assert words_corpus.REINDEX_NOW not in pressable(shown)


async def test_a_forged_choice_of_who_sees_answers_changes_nothing(picket: World) -> None:
    shown = await picket.ann.slash(picket.channel, "settings")
    data = press_data("picket:answers:0") | {"component_type": 3, "values": ["everything"]}
    refused = await call(picket.env, picket.ann, picket.channel, data, kind=3, message=shown.response)
    assert said(refused.followups[0].message) == words_settings.NOT_THIS_SERVERS
    assert picket.bot.preferences.person(picket.ann.id) == PersonSettings()


def _member(world: World) -> dict[str, object]:
    return {
        "user": {"id": str(world.moderator.id), "username": "mod", "discriminator": "0", "avatar": None},
        "joined_at": "2020-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }
