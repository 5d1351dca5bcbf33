"""The buttons under an answer: pressed by the right and the wrong people, before and after a restart."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest
from simcord.enums import InteractionType
from simcord.http.client import FakeWebhookAdapter
from simcord.results import InteractionResult

from bot import words, words_asking
from bot.button_ids import custom_id
from bot.journal_records import GuildSettings, PersonSettings, Reference, Shown
from corpus.article import text_digest
from index.records import Outcome
from tests.bot.calls import begin, forged, press_data
from tests.bot.conftest import HOME, World, card, pressable, question_above, said
from tests.engines import ADDED, PLACES, report, write

QUESTION = "why did the dockers of Aldmouth walk out?"
QUOTED = "The dockers of Aldmouth walked out over their pay."


async def asked(world: World, *, private: bool = False) -> InteractionResult:
    return await world.ann.slash(world.channel, "ask", question=QUESTION, private=private)


def shown_of(world: World, answer: InteractionResult | discord.Message) -> Shown:
    """What the journal kept of a card."""
    number = int(pressable(answer)["👍"].rpartition(":")[2])
    shown = world.bot.journal.shown(number)
    assert shown is not None
    return shown


def press(answer: InteractionResult, label: str) -> dict[str, str]:
    """For simcord's `click`: emoji are no labels."""
    return {"custom_id": pressable(answer)[label]}


def stance(world: World, shown: int) -> list[tuple[bool, str]]:
    """What people said about an answer."""
    with world.bot.journal._file.reading() as rows:
        return [
            (bool(good), reason)
            for good, reason in rows.execute("select good, reason from feedback where shown = ?", (shown,))
        ]


def noted(world: World, *, count: int, first: int = 1, private: bool = False) -> int:
    """An answer with more citations than an engine gives in so small a corpus."""
    references = []
    for place in PLACES[1 : count + 1]:
        text, quoted = report(place, 0), f"The dockers of {place} walked out over their pay."
        start = text.index(quoted)
        end = start + len(quoted)
        references.append(Reference("public", place.lower(), start, end, start, end, text_digest(quoted)))
    return world.bot.journal.note(
        Shown(
            guild=HOME,
            channel=world.channel.id,
            asker=world.bot.journal.hashed(world.ann.id),
            asked_at=world.bot.now(),
            question=QUESTION,
            outcome="answered",
            confidence=1.0,
            private=private,
            generation=1,
            references=tuple(references),
            first=first,
        )
    )


@pytest.mark.parametrize("restarted", [False, True])
async def test_context_shows_the_quotation_within_its_article_to_who_asks_for_it(
    picket: World, restarted: bool
) -> None:
    answer = await asked(picket)
    if restarted:
        await picket.restart()
    result = await picket.ben.click(card(answer), label="Context [1]")
    assert result.ephemeral
    assert words.IN_CONTEXT in said(result)
    assert f"**{QUOTED}**" in said(result)
    assert "The port authority of Aldmouth" in said(result)


@pytest.mark.parametrize("restarted", [False, True])
async def test_more_pages_through_the_further_passages_for_oneself(picket: World, restarted: bool) -> None:
    answer = await asked(picket)
    shown = noted(picket, count=9, first=1)
    if restarted:
        await picket.restart()
    more = await forged(picket.env, picket.ben, picket.channel, custom_id("more", shown, 1), answer)
    assert more.ephemeral
    assert [f"[{number}]" in said(more) for number in range(1, 10)] == [False, *[True] * 3, *[False] * 5]
    assert "Page 1 of 3" in said(more)
    turned = await picket.ben.click(card(more), label=words.NEXT)
    assert card(turned).id == card(more).id  # no new message: the page is turned where it is
    assert "Page 2 of 3" in said(more)
    await picket.ben.click(card(more), label=words.NEXT)
    assert "[9]" in said(more)
    await picket.ben.click(card(more), label=words.PREVIOUS)
    assert "Page 2 of 3" in said(more)


async def test_a_page_beyond_the_last_is_the_last(picket: World) -> None:
    answer = await asked(picket)
    shown = noted(picket, count=5)
    more = await forged(picket.env, picket.ann, picket.channel, custom_id("more", shown, 999), answer)
    assert "Page 2 of 2" in said(more)


async def test_withdrawn_and_changed_articles_are_said_to_be_so(picket: World) -> None:
    answer = await asked(picket)
    shown = noted(picket, count=4, first=1)
    folder = picket.bot.engine.folder
    folder.remove("corvale.md")
    changed = report("Dunmere", 0).replace("over their pay", "for good")
    write(folder.directory, "dunmere", changed, title="Dunmere dockers walk out")
    picket.bot.engine.reindex(now=ADDED)
    more = await forged(picket.env, picket.ann, picket.channel, custom_id("more", shown, 1), answer)
    assert "[4]" in said(more)
    assert words_asking.left_out(2) in said(more)
    folder.remove("brackwater.md")
    context = await forged(picket.env, picket.ann, picket.channel, custom_id("context", shown, 1), answer)
    assert said(context) == words_asking.ARTICLE_GONE


async def test_the_context_of_an_article_that_changed_is_refused(picket: World) -> None:
    answer = await asked(picket)
    changed = report("Aldmouth", 0).replace("over their pay", "for good")
    write(picket.bot.engine.folder.directory, "aldmouth", changed, title="Aldmouth dockers walk out")
    picket.bot.engine.reindex(now=ADDED)
    result = await picket.ann.click(card(answer), label="Context [1]")
    assert said(result) == words_asking.ARTICLE_CHANGED


@pytest.mark.parametrize("restarted", [False, True])
async def test_thumbs_are_noted_and_the_last_one_counts(picket: World, restarted: bool) -> None:
    answer = await asked(picket)
    shown = shown_of(picket, answer)
    if restarted:
        await picket.restart()
    liked = await picket.ben.click(card(answer), **press(answer, "👍"))
    assert said(liked) == words_asking.THANKS_UP
    assert liked.ephemeral
    assert stance(picket, shown.id) == [(True, "")]
    form = await picket.ben.click(card(answer), **press(answer, "👎"))
    assert form.modal is not None
    assert stance(picket, shown.id) == [(False, "")]  # at once: many close the form
    if restarted:
        await picket.restart()
    thanked = await picket.ben.submit_modal(form, {"text": "  wrong harbour "})
    assert said(thanked) == words_asking.THANKS_DOWN
    assert stance(picket, shown.id) == [(False, "wrong harbour")]


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_follow_up_leans_on_the_question_it_follows(picket: World, restarted: bool) -> None:
    answer = await asked(picket)
    form = await picket.ben.click(card(answer), label=words.FOLLOW_UP)
    if restarted:
        await picket.restart()  # while the form is open
    heard = picket.listen()
    result = await picket.ben.submit_modal(form, {"text": "and in Corvale?"})
    assert [one.context for one in heard] == [(QUESTION,)]
    assert not result.ephemeral
    assert "“and in Corvale?”" in question_above(result)  # what a form was filled with stands nowhere else
    again = await picket.ben.click(card(result), label=words.FOLLOW_UP)
    await picket.ben.submit_modal(again, {"text": "and in Dunmere?"})
    assert heard[1].context == ("and in Corvale?",)


async def test_a_chain_of_ones_own_follow_ups_leans_on_all_of_it(picket: World) -> None:
    heard = picket.listen()
    answer = await asked(picket)
    for text in ("and in Corvale?", "and in Dunmere?"):
        form = await picket.ann.click(card(answer), label=words.FOLLOW_UP)
        answer = await picket.ann.submit_modal(form, {"text": text})
    assert [one.context for one in heard] == [(), (QUESTION,), (QUESTION, "and in Corvale?")]


async def test_a_follow_up_to_a_private_answer_is_private(picket: World) -> None:
    answer = await asked(picket, private=True)
    form = await picket.ann.click(card(answer), label=words.FOLLOW_UP)
    assert (await picket.ann.submit_modal(form, {"text": "and in Corvale?"})).ephemeral


async def test_a_follow_up_in_a_direct_message_leans_on_what_is_remembered(picket: World) -> None:
    heard = picket.listen()
    answer = await picket.dora.slash("ask", question=QUESTION)
    form = await picket.dora.click(card(answer), label=words.FOLLOW_UP)
    await picket.dora.submit_modal(form, {"text": "and in Corvale?"})
    assert [one.context for one in heard] == [(), (QUESTION,)]


async def test_a_follow_up_to_what_a_narrowed_question_did_not_find_leans_on_it_for_the_asker_alone(
    picket: World,
) -> None:
    """The journal keeps no such question, since it is no gap."""
    heard = picket.listen()
    answer = await picket.ann.slash(picket.channel, "ask", question=QUESTION, until="1990")
    assert shown_of(picket, answer).question is None
    await picket.ben.slash(picket.channel, "ask", question="when did the dockers of Corvale walk out?")
    for person in (picket.ann, picket.ben):
        form = await person.click(card(answer), label=words.FOLLOW_UP)
        await person.submit_modal(form, {"text": "and in Dunmere?"})
    assert [one.context for one in heard[2:]] == [(QUESTION,), ()]


@pytest.mark.picket(extra="[bot]\nperson_per_minute = 10\n")
async def test_a_follow_up_counts_as_a_question(picket: World) -> None:
    answer = await asked(picket)
    for _ in range(9):
        await asked(picket)
    form = await picket.ann.click(card(answer), label=words.FOLLOW_UP)
    assert said(await picket.ann.submit_modal(form, {"text": "and in Corvale?"})).startswith("You have asked")


async def test_buttons_work_after_the_text_of_the_question_is_gone(picket: World) -> None:
    answer = await asked(picket)
    shown = shown_of(picket, answer)
    picket.bot.journal.expire(picket.bot.now(), 0)
    await picket.env.advance_time(3600)
    picket.bot.journal.expire(picket.bot.now(), 0)
    assert picket.bot.journal.shown(shown.id).question is None  # type: ignore[union-attr]
    assert QUOTED in said(await picket.ben.click(card(answer), label="Context [1]"))
    form = await picket.ben.click(card(answer), label=words.FOLLOW_UP)
    assert "[1]" in said(await picket.ben.submit_modal(form, {"text": "the dockers of Corvale"}))


@pytest.mark.parametrize("restarted", [False, True])
async def test_the_asker_shares_a_private_answer_once(picket: World, restarted: bool) -> None:
    answer = await asked(picket, private=True)
    if restarted:
        await picket.restart()
    shared = await picket.ann.click(card(answer), label=words.SHARE)
    assert [one.ephemeral for one in shared.followups] == [False]
    public = shared.followups[0].message
    assert QUOTED in said(public)
    assert said(public) == said(answer)
    assert question_above(public) == question_above(answer)
    assert words.DELETE in pressable(public)
    again = await picket.ann.click(card(answer), label=words.SHARE)
    assert [said(one.message) for one in again.followups] == [words_asking.SHARED_ALREADY]
    assert again.followups[0].ephemeral
    assert QUOTED in said(await picket.ben.click(public, label="Context [1]"))


async def test_an_answer_that_was_shared_before_a_restart_is_not_shared_again(picket: World) -> None:
    answer = await asked(picket, private=True)
    await picket.ann.click(card(answer), label=words.SHARE)
    await picket.restart()
    again = await picket.ann.click(card(answer), label=words.SHARE)
    assert [said(one.message) for one in again.followups] == [words_asking.SHARED_ALREADY]
    assert len(picket.channel.history()) == 1


async def test_an_answer_that_could_not_be_said_in_public_can_be_shared_again(picket: World) -> None:
    answer = await asked(picket, private=True)
    picket.expect_fault("Forbidden")
    picket.env.inject_error("POST", "/webhooks/*", status=403, code=50013)
    await picket.ann.click(card(answer), label=words.SHARE)
    assert picket.channel.history() == []
    assert picket.bot.journal.about(picket.ann.id).questions == 1
    await picket.ann.click(card(answer), label=words.SHARE)
    assert len(picket.channel.history()) == 1


@pytest.mark.parametrize("error", [aiohttp.ServerDisconnectedError(), TimeoutError(), BrokenPipeError()], ids=repr)
async def test_an_answer_whose_sharing_a_dropped_connection_ended_can_be_shared_again(
    picket: World, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await asked(picket, private=True)
    picket.expect_fault(type(error).__name__)
    request = FakeWebhookAdapter.request
    dropped: list[str] = []

    async def dropping(adapter: FakeWebhookAdapter, route: Any, session: Any, **kwargs: Any) -> Any:
        if route.method == "POST" and "/webhooks/" in route.url and not dropped:
            dropped.append(route.url)
            raise error
        return await request(adapter, route, session, **kwargs)

    monkeypatch.setattr(FakeWebhookAdapter, "request", dropping)
    await picket.ann.click(card(answer), label=words.SHARE)
    assert dropped
    assert picket.channel.history() == []
    assert picket.bot.journal.about(picket.ann.id).questions == 1
    await picket.ann.click(card(answer), label=words.SHARE)
    assert len(picket.channel.history()) == 1


async def test_an_answer_that_was_shared_is_held_by_the_journal_alone(picket: World) -> None:
    answer = await asked(picket, private=True)
    shared = (await picket.ann.click(card(answer), label=words.SHARE)).followups[0].message
    again = await picket.ann.click(card(answer), label=words.SHARE)
    assert [said(one.message) for one in again.followups] == [words_asking.SHARED_ALREADY]
    await picket.ann.click(shared, label=words.DELETE)
    await picket.ann.click(card(answer), label=words.SHARE)
    assert len(picket.channel.history()) == 1


async def test_a_question_whose_answer_was_shared_is_one_question(picket: World) -> None:
    answer = await asked(picket, private=True)
    shared = (await picket.ann.click(card(answer), label=words.SHARE)).followups[0].message
    journal, since = picket.bot.journal, picket.bot.now() - timedelta(days=1)
    for person, shown in ((picket.ann, card(answer)), (picket.ann, shared), (picket.ben, shared)):
        form = await person.click(shown, custom_id=pressable(shared if shown is shared else answer)["👎"])
        await person.submit_modal(form, {"text": f"{person.name} wants more"})
    (gap,) = journal.gaps(HOME, since=since)
    assert (gap.question, gap.times, gap.people, gap.disliked) == (QUESTION, 1, 1, 2)
    assert set(gap.reasons) == {"ann wants more", "ben wants more"}
    assert journal.about(picket.ann.id).recent == (QUESTION,)


async def test_nobody_else_can_share_an_answer_by_its_id(picket: World) -> None:
    private = await asked(picket, private=True)
    public = await picket.ben.slash(picket.channel, "ask", question=QUESTION)
    taken = pressable(private)[words.SHARE]
    result = await forged(picket.env, picket.ben, picket.channel, taken, public)
    assert [said(one.message) for one in result.followups] == [words_asking.ANSWER_GONE]
    shown = shown_of(picket, await asked(picket)).id  # one that ben may see, and not share
    result = await forged(picket.env, picket.ben, picket.channel, custom_id("share", shown), public)
    assert [said(one.message) for one in result.followups] == [words_asking.ONLY_ASKER]


async def test_an_answer_is_not_shared_where_picket_may_not_answer(picket: World) -> None:
    answer = await asked(picket, private=True)
    bot = picket.bot
    await bot.preferences.change_guild(HOME, GuildSettings(channels=(1,)), whom=None, now=bot.now())
    result = await picket.ann.click(card(answer), label=words.SHARE)
    assert [said(one.message) for one in result.followups] == [words_asking.NOT_SHARED_HERE]


async def test_an_answer_whose_articles_are_gone_is_not_shared(picket: World) -> None:
    answer = await asked(picket, private=True)
    for one in shown_of(picket, answer).references:
        folder = "" if one.collection == "public" else f"{one.collection.replace(':', '-')}/"
        picket.bot.engine.folder.remove(f"{folder}{one.article_id}.md")
    result = await picket.ann.click(card(answer), label=words.SHARE)
    assert [said(one.message) for one in result.followups] == [words_asking.NOTHING_LEFT]
    assert picket.bot.recent.begin_sharing(shown_of(picket, answer).id)  # it may be tried again


async def test_an_article_that_was_removed_is_not_named_by_what_is_shared(picket: World) -> None:
    answer = await asked(picket, private=True)
    shown, bot = shown_of(picket, answer), picket.bot
    given, near = bot.recent.get(shown.id), bot.engine.article(f"guild:{HOME}", "lamplighters")
    assert given
    assert near
    changed = replace(given, outcome=Outcome.NOTHING, citations=(), when=None, nearest=(near[0],))
    bot.recent.keep(shown.id, changed, picket.ann.id)
    bot.engine.folder.remove(f"guild-{HOME}/lamplighters.md")
    result = await picket.ann.click(card(answer), label=words.SHARE)
    assert near[0].title not in said(result.followups[0].message)
    assert QUOTED in said(result.followups[0].message)


@pytest.mark.parametrize("restarted", [False, True])
async def test_the_asker_deletes_an_answer_from_discord_and_the_journal(picket: World, restarted: bool) -> None:
    answer = await asked(picket)
    shown = shown_of(picket, answer)
    if restarted:
        await picket.restart()
    await picket.ann.click(card(answer), label=words.DELETE)
    assert picket.channel.last_message is None
    assert picket.bot.journal.shown(shown.id) is None


@pytest.mark.parametrize("asker", [True, False])
async def test_deleting_an_answer_twice_at_once_is_deleting_it_once(picket: World, asker: bool) -> None:
    answer = await asked(picket)
    shown, person = shown_of(picket, answer), picket.ann if asker else picket.moderator
    press_it = press_data(pressable(answer)[words.DELETE])
    results = [
        InteractionResult(
            picket.env,
            begin(
                picket.env,
                person,
                picket.channel,
                press_it,
                kind=InteractionType.MESSAGE_COMPONENT,
                message=card(answer),
            ),
        )
        for _ in range(2)
    ]
    await picket.env.settle()
    assert picket.channel.last_message is None
    assert [one.followups for one in results] == [[], []]
    assert (picket.bot.journal.shown(shown.id) is None) == asker
    assert len(picket.bot.journal.audit(HOME, 5)) == (0 if asker else 1)


async def test_an_answer_whose_message_is_gone_already_is_deleted_from_the_journal(picket: World) -> None:
    answer = await asked(picket)
    shown = shown_of(picket, answer)
    picket.env.inject_error("DELETE", "/webhooks/*", status=404, code=10008)
    result = await picket.ann.click(card(answer), label=words.DELETE)
    assert result.followups == []
    assert picket.bot.journal.shown(shown.id) is None


async def test_a_press_that_comes_after_its_answer_was_deleted_is_told_so(picket: World) -> None:
    answer, other = await asked(picket), await asked(picket)
    identity = pressable(answer)[words.DELETE]
    await picket.ann.click(card(answer), label=words.DELETE)
    late = await forged(picket.env, picket.ann, picket.channel, identity, other)
    assert [said(one.message) for one in late.followups] == [words_asking.ANSWER_GONE]


async def test_where_discord_no_longer_takes_the_press_nothing_is_deleted(picket: World) -> None:
    answer = await asked(picket)
    shown = shown_of(picket, answer)
    picket.expect_fault("NotFound")
    picket.env.inject_error("DELETE", "/webhooks/*", status=404, code=10015)
    await picket.ann.click(card(answer), label=words.DELETE)
    assert picket.bot.journal.shown(shown.id) == shown


async def test_a_deleted_answer_is_not_remembered_for_sharing(picket: World) -> None:
    answer = await asked(picket, private=True)
    shown, recent = shown_of(picket, answer), picket.bot.recent
    assert recent.get(shown.id)
    await forged(picket.env, picket.ann, picket.channel, custom_id("delete", shown.id), await asked(picket))
    assert recent.get(shown.id) is None


async def test_a_moderator_deletes_an_answer_and_somebody_else_does_not(picket: World) -> None:
    answer = await asked(picket)
    refused = await picket.ben.click(card(answer), label=words.DELETE)
    assert [said(one.message) for one in refused.followups] == [words_asking.ONLY_ASKER_OR_MODERATOR]
    assert refused.followups[0].ephemeral
    assert len(picket.channel.history()) == 1
    await picket.moderator.click(card(answer), label=words.DELETE)
    assert picket.channel.history() == []


async def test_a_role_that_the_server_chose_may_delete_too(picket: World) -> None:
    role = picket.home.create_role("Stewards")
    steward = picket.home.add_member(picket.env.create_user("steward"), roles=[role])
    bot = picket.bot
    answer = await asked(picket)
    await steward.click(card(answer), label=words.DELETE)
    assert len(picket.channel.history()) == 1
    settings = GuildSettings(moderator_roles=(role.id,))
    await bot.preferences.change_guild(HOME, settings, whom=None, now=bot.now())
    await steward.click(card(answer), label=words.DELETE)
    assert picket.channel.history() == []
    assert bot.journal.about(picket.ann.id).questions == 1  # for the gaps
    assert [(one.whom, one.action) for one in bot.journal.audit(HOME, 1)] == [(steward.id, "delete")]


async def test_an_answer_in_a_direct_message_is_deleted_although_it_was_forgotten_who_asked(picket: World) -> None:
    answer = await picket.dora.slash("ask", question=QUESTION)
    picket.bot.journal.forget_person(picket.dora.id)
    await picket.dora.click(card(answer), label=words.DELETE)
    assert answer.response is None


async def test_an_id_of_another_server_another_channel_or_of_nothing_finds_nothing(picket: World) -> None:
    answer = await asked(picket)
    shown = shown_of(picket, answer).id
    there = await picket.cleo.slash(picket.far, "ask", question=QUESTION)
    side = picket.home.create_text_channel("side")
    beside = await picket.ben.slash(side, "ask", question=QUESTION)
    direct = await picket.ann.user.slash("ask", question=QUESTION)
    for verb, arguments in (("more", (1,)), ("further", (1,)), ("context", (1,)), ("up", ())):
        identity = custom_id(verb, shown, *arguments)
        for person, channel, shown_there in (
            (picket.cleo, picket.far, there),
            (picket.ben, side, beside),
            (picket.ann.user, picket.ann.user.dm_channel, direct),
        ):
            result = await forged(picket.env, person, channel, identity, shown_there)
            told = [said(one.message) for one in result.followups] or [said(result)]
            assert told == [words_asking.ANSWER_GONE], (verb, channel)
    assert stance(picket, shown) == []
    for number in (0, 999, 10**18, 10**19 - 1):
        result = await forged(picket.env, picket.ann, picket.channel, custom_id("context", number, 1), answer)
        assert said(result) == words_asking.ANSWER_GONE


async def test_a_thumb_down_with_a_forged_id_is_noted_nowhere(picket: World) -> None:
    shown = shown_of(picket, await asked(picket)).id
    there = await picket.cleo.slash(picket.far, "ask", question=QUESTION)
    form = await forged(picket.env, picket.cleo, picket.far, custom_id("down", shown), there)
    assert stance(picket, shown) == []
    assert [said(one.message) for one in form.followups] == [words_asking.ANSWER_GONE]
    sent = await picket.cleo.submit_modal(form, {"text": "nonsense"})
    assert said(sent) == words_asking.ANSWER_GONE
    assert stance(picket, shown) == []


async def test_a_forged_follow_up_takes_no_question_of_another_server_along(picket: World) -> None:
    shown = shown_of(picket, await asked(picket)).id
    there = await picket.cleo.slash(picket.far, "ask", question="what of the weavers of Morrowby?")
    form = await forged(picket.env, picket.cleo, picket.far, custom_id("follow", shown), there)
    heard = picket.listen()
    await picket.cleo.submit_modal(form, {"text": "and then?"})
    assert [one.context for one in heard] == [()]


async def test_a_number_that_no_citation_has_shows_nothing(picket: World) -> None:
    answer = await asked(picket)
    shown = noted(picket, count=5, first=2)
    for number in (0, 3, 99):
        result = await forged(picket.env, picket.ann, picket.channel, custom_id("context", shown, number), answer)
        assert said(result) == words_asking.ANSWER_GONE


async def test_in_a_direct_message_passages_of_a_server_are_shown_only_while_one_is_in_it(picket: World) -> None:
    bot = picket.bot
    await bot.preferences.change_person(picket.ann.id, PersonSettings(guild=HOME))
    answer = await picket.ann.user.slash("ask", question="why did the lamplighters of Quillhaven walk out?")
    assert "Quillhaven" in said(answer)
    assert "Quillhaven" in said(await picket.ann.user.click(card(answer), label="Context [1]"))
    picket.home.remove_member(picket.ann)
    left = await picket.ann.user.click(card(answer), label="Context [1]")
    assert said(left) == words_asking.ARTICLE_GONE


async def test_a_button_whose_deed_fails_tells_its_id_and_goes_on_working(
    picket: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await asked(picket)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("made up")

    with monkeypatch.context() as patch:
        patch.setattr(picket.bot.engine, "article", broken)
        picket.expect_fault("ZeroDivisionError")
        result = await picket.ann.click(card(answer), label="Context [1]")
    assert said(result) == words_asking.unforeseen(str(picket.faults_logged()[0]["id"]))
    assert QUOTED in said(await picket.ann.click(card(answer), label="Context [1]"))
