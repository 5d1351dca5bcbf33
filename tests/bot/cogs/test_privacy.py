"""`/privacy` on a simulated Discord: what is kept is told to the person alone, and goes at their word."""

import pytest

from bot import words_settings
from bot.journal_records import PersonSettings
from tests.bot.calls import call, command_data, forged, own_app, own_app_elsewhere
from tests.bot.conftest import HOME, World, card, pressable, said
from tests.bot.mischief import locked_journal

QUESTION = "why did the dockers of Aldmouth walk out?"


async def test_where_nothing_is_kept_that_is_said_and_there_is_nothing_to_delete(picket: World) -> None:
    shown = await picket.ann.slash(picket.channel, "privacy")
    assert shown.ephemeral
    assert words_settings.KEPT_NOTHING in said(shown)
    assert pressable(shown) == {}
    for rule in words_settings.rules(30, 30):
        assert rule in said(shown)


@pytest.mark.picket(extra="[bot]\nkeep_days = 7\n")
async def test_the_days_that_are_told_are_those_that_are_set(picket: World) -> None:
    assert "7 days word for word" in said(await picket.ann.slash(picket.channel, "privacy"))


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_is_kept_is_shown_and_goes_after_asking_once_more(picket: World, restarted: bool) -> None:
    answer = await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    await picket.ann.click(card(answer), custom_id=pressable(answer)["👍"])
    await picket.bot.preferences.change_person(picket.ann.id, PersonSettings(private=True, timezone="Europe/London"))
    shown = await picket.ann.slash(picket.channel, "privacy")
    assert QUESTION in said(shown)
    assert "private answers, time zone Europe/London" in said(shown)
    assert "1, 1 of them" in said(shown)
    if restarted:
        await picket.restart()
    await picket.ann.click(card(shown), label=words_settings.FORGET_BUTTON)
    assert picket.bot.journal.about(picket.ann.id).questions == 1
    await picket.ann.click(card(shown), label=words_settings.FORGET)
    about = picket.bot.journal.about(picket.ann.id)
    assert (about.settings, about.questions, about.feedback) == (None, 0, 0)
    assert picket.bot.preferences.person(picket.ann.id) == PersonSettings()
    assert words_settings.KEPT_NOTHING in said(await picket.ann.slash(picket.channel, "privacy"))


async def test_who_thinks_better_of_it_keeps_everything(picket: World) -> None:
    await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    shown = await picket.ann.slash(picket.channel, "privacy")
    await picket.ann.click(card(shown), label=words_settings.FORGET_BUTTON)
    await picket.ann.click(card(shown), label=words_settings.KEEP)
    assert QUESTION in said(shown)
    assert picket.bot.journal.about(picket.ann.id).questions == 1


async def test_what_is_remembered_of_a_conversation_goes_too(picket: World) -> None:
    await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    bot = picket.bot
    assert bot.conversations.before(picket.ann.id, picket.channel.id, bot.now(), private=False) == (QUESTION,)
    shown = await picket.ann.slash(picket.channel, "privacy")
    await picket.ann.click(card(shown), label=words_settings.FORGET_BUTTON)
    await picket.ann.click(card(shown), label=words_settings.FORGET)
    assert bot.conversations.before(picket.ann.id, picket.channel.id, bot.now(), private=False) == ()


async def test_private_answers_that_are_remembered_for_sharing_go_too_and_those_of_others_stay(picket: World) -> None:
    recent = picket.bot.recent
    answers = [
        await person.slash(picket.channel, "ask", question=QUESTION, private=True)
        for person in (picket.ann, picket.ben)
    ]
    numbers = [int(pressable(answer)["👍"].rpartition(":")[2]) for answer in answers]
    assert [recent.get(number) is None for number in numbers] == [False, False]
    shown = await picket.ann.slash(picket.channel, "privacy")
    await picket.ann.click(card(shown), label=words_settings.FORGET_BUTTON)
    await picket.ann.click(card(shown), label=words_settings.FORGET)
    assert [recent.get(number) is None for number in numbers] == [True, False]


async def test_a_press_deletes_what_is_kept_of_whoever_presses_and_of_nobody_else(picket: World) -> None:
    for person in (picket.ann, picket.ben):
        await person.slash(picket.channel, "ask", question=QUESTION)
    theirs = await picket.ben.slash(picket.channel, "ask", question=QUESTION)
    await forged(picket.env, picket.ben, picket.channel, "picket:forgetting:0", theirs)
    assert picket.bot.journal.about(picket.ben.id).questions == 0
    assert picket.bot.journal.about(picket.ann.id).questions == 1


async def test_a_moderator_is_told_that_the_history_stays(picket: World) -> None:
    picket.bot.journal.record(HOME, "add", whom=picket.moderator.id, detail="x", now=picket.bot.now())
    await picket.bot.preferences.change_person(picket.moderator.id, PersonSettings(private=True))
    shown = await picket.moderator.slash(picket.channel, "privacy")
    assert words_settings.KEPT_AUDITED in said(shown)
    await picket.moderator.click(card(shown), label=words_settings.FORGET_BUTTON)
    assert words_settings.FORGET_MODERATOR in said(shown)
    await picket.moderator.click(card(shown), label=words_settings.FORGET)
    assert picket.bot.journal.about(picket.moderator.id).audited == 1


async def test_it_is_told_in_direct_messages_and_by_a_persons_own_app_too(picket: World) -> None:
    await picket.dora.slash("ask", question=QUESTION)
    shown = await picket.dora.slash("privacy")
    assert "1, 0 of them" in said(shown)
    assert QUESTION not in said(shown)
    data = command_data(picket.env, "privacy")
    for changes in (own_app(picket.ann, HOME), own_app_elsewhere(picket.ann)):
        result = await call(picket.env, picket.ann, picket.channel, data, changes=changes)
        assert result.ephemeral
        assert words_settings.PRIVACY_TITLE in said(result)


async def test_a_locked_journal_deletes_nothing_by_halves(picket: World) -> None:
    await picket.ann.slash(picket.channel, "ask", question=QUESTION)
    shown = await picket.ann.slash(picket.channel, "privacy")
    await picket.ann.click(card(shown), label=words_settings.FORGET_BUTTON)
    picket.expect_fault("JournalError")
    with locked_journal(picket.bot):
        refused = await picket.ann.click(card(shown), label=words_settings.FORGET)
    assert f"Error {picket.faults_logged()[0]['id']}" in said(refused.followups[0].message)
    bot = picket.bot
    assert bot.journal.about(picket.ann.id).questions == 1
    assert bot.conversations.before(picket.ann.id, picket.channel.id, bot.now(), private=False) == (QUESTION,)
    await picket.ann.click(card(shown), label=words_settings.FORGET)
    assert bot.journal.about(picket.ann.id).questions == 0
