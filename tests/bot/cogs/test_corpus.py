"""`/corpus` on a simulated Discord: the whole life of a server's articles, and who may not touch it."""

import asyncio
import io
import json
import shutil
import sys
import threading
import time
import zipfile
from typing import Any

import discord
import pytest
from simcord import MemberActor
from simcord.backend.models import Interaction
from simcord.enums import InteractionType
from simcord.results import InteractionResult

from bot import words, words_asking, words_corpus
from bot.journal_records import Gap, GuildSettings
from bot.library import article_mark
from corpus.proposals import Proposal
from tests.bot.calls import begin, below, call, command_data, forged, own_app, press_data
from tests.bot.conftest import HOME, OTHER, World, card, pressable, said
from tests.bot.mischief import full_disk, locked_journal, no_folder
from tests.engines import write

MILLERS = "The millers of Tidewick walked out on Monday over the price of flour. The mill of Tidewick stands still."
ASKED = "why did the millers of Tidewick walk out over flour?"
OURS = "why did the lamplighters of Quillhaven walk out over night pay?"
PAGE = (
    "<html><head><title>Millers walk out</title><meta property='article:published_time' content='2025-05-02'>"
    f"</head><body><article><h1>Millers walk out</h1><p>{MILLERS}</p></article></body></html>"
)
TEXT = f"Millers walk out\n\nBy A Reporter | May 2, 2025\n\n{MILLERS}"
LINE = json.dumps({"id": "m1", "title": "Millers walk out", "text": MILLERS, "date": "2025-05-02", "publisher": "Mill"})
MARKDOWN = f"---\ntitle: Millers walk out\npublished: 2025-05-02\n---\n\n{MILLERS}\n"


def archive(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, text in files.items():
            target.writestr(name.replace("_", "."), text)
    return made.getvalue()


def plain(message: InteractionResult | discord.Message | None) -> str:
    return said(message).replace("\\", "")


def refused(result: InteractionResult) -> str:
    """What somebody was told instead, wherever it stands."""
    told = [said(one.message) for one in result.followups] or [said(result)]
    assert len(told) == 1
    return told[0]


async def preview(world: World, name: str = "millers.txt", body: bytes = TEXT.encode()) -> InteractionResult:
    return await world.moderator.slash(world.channel, "corpus add", file=(name, body))


async def added(world: World, name: str = "millers.txt", body: bytes = TEXT.encode()) -> InteractionResult:
    """Previewed, confirmed and reindexed."""
    shown = await preview(world, name, body)
    done = next(label for label in pressable(shown) if label in (words_corpus.CONFIRM, words_corpus.CONFIRM_ALL))
    await world.moderator.click(card(shown), label=done)
    assert words_corpus.ADDED in said(shown)
    result = await world.moderator.slash(world.channel, "corpus reindex")
    assert words_corpus.REINDEX_DONE in said(result)
    return shown


def files(world: World, guild: int = HOME) -> dict[str, bytes]:
    folder = world.config.parent / "articles" / f"guild-{guild}"
    return {place.name: place.read_bytes() for place in sorted(folder.glob("*.md"))}


def files_there(world: World) -> set[str]:
    return {place.name for place in (world.config.parent / "articles" / f"guild-{HOME}").iterdir()}


def stranger_there(world: World) -> MemberActor:
    role = world.other.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    return world.other.add_member(world.env.create_user("boss"), roles=[role])


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("millers.txt", TEXT.encode()),
        ("millers.html", PAGE.encode()),
        ("millers.md", MARKDOWN.encode()),
        ("millers.jsonl", LINE.encode()),
        ("millers.zip", archive(millers_txt=TEXT)),
    ],
)
async def test_an_uploaded_article_is_previewed_confirmed_and_found_in_that_server_alone(
    picket: World, name: str, body: bytes
) -> None:
    before = files(picket)
    shown = await preview(picket, name, body)
    assert shown.ephemeral
    assert words_corpus.PREVIEW in said(shown)
    assert "2 May 2025" in said(shown)
    assert "Millers walk out" in said(shown)
    assert "Tidewick" in said(shown)
    assert files(picket) == before
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)
    assert words_corpus.ADDED in said(shown)
    assert len(files(picket)) == len(before) + 1
    assert "Tidewick" not in said(await picket.ann.slash(picket.channel, "ask", question=ASKED))
    await picket.moderator.slash(picket.channel, "corpus reindex")
    assert "Tidewick" in said(await picket.ann.slash(picket.channel, "ask", question=ASKED))
    assert "Tidewick" not in said(await picket.cleo.slash(picket.far, "ask", question=ASKED))
    assert "Tidewick" not in said(await picket.dora.slash("ask", question=ASKED))


async def test_the_preview_tells_where_the_date_is_from(picket: World) -> None:
    assert "May 2, 2025" in said(await preview(picket))
    bare = await preview(picket, "bare.txt", MILLERS.encode())
    assert words.UNDATED in said(bare)
    assert words_corpus.UNDATED_ADVICE in plain(bare)


async def test_of_several_in_a_zip_each_is_told_and_the_broken_one_stops_none(picket: World) -> None:
    body = archive(one_txt=TEXT, two_txt=TEXT.replace("Tidewick", "Marlpit"), three_txt="", four_md="\xff")
    shown = await preview(picket, "all.zip", body)
    assert said(shown).count("new") == 3
    assert words_corpus.STATUS["failed"] in plain(shown)
    assert words_corpus.CORRECT not in pressable(shown)
    before = len(files(picket))
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM_ALL)
    assert len(files(picket)) == before + 3


@pytest.mark.parametrize("name", ["x.exe", "x", "broken.zip", "empty.txt", "x.jsonl"])
async def test_what_holds_no_article_is_told_and_there_is_nothing_to_confirm(picket: World, name: str) -> None:
    body = {"broken.zip": b"PK not really", "empty.txt": b" ", "x.jsonl": b"{"}.get(name, b"MZ")
    shown = await preview(picket, name, body)
    assert words_corpus.NOTHING_TO_ADD in said(shown)
    assert pressable(shown) == {}


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("harbourpost.example", "is no web address"),
        ("http://127.0.0.1:9/x", "127.0.0.1"),
        ("file:///etc/passwd", "file"),
    ],
)
async def test_addresses_that_are_not_public_are_refused(picket: World, url: str, told: str) -> None:
    shown = await picket.moderator.slash(picket.channel, "corpus add", url=url)
    assert told in plain(shown)
    assert pressable(shown) == {}
    assert "root:" not in said(shown)


async def test_a_file_and_an_address_at_once_are_refused(picket: World) -> None:
    both = await picket.moderator.slash(
        picket.channel, "corpus add", file=("a.txt", b"x"), url="https://harbourpost.example/a"
    )
    assert said(both) == words_corpus.TWO_GIVEN


async def test_pasted_text_is_previewed_corrected_and_added_as_corrected(picket: World) -> None:
    form = await picket.moderator.slash(picket.channel, "corpus add")
    shown = await picket.moderator.submit_modal(form, {"title": "", "text": MILLERS})
    assert words_corpus.PREVIEW in said(shown)
    await picket.restart()  # a preview outlives it
    correcting = await picket.moderator.click(card(shown), label=words_corpus.CORRECT)
    bad = await picket.moderator.submit_modal(
        correcting, {"title": "Flour", "outlet": "Mill Gazette", "date": "2 May", "url": ""}
    )
    assert "“2 May” is no day" in refused(bad)
    correcting = await picket.moderator.click(card(shown), label=words_corpus.CORRECT)
    fields = {"title": "Flour", "outlet": "Mill Gazette", "date": "2025-05-02", "url": "https://mill.example/flour"}
    await picket.moderator.submit_modal(correcting, fields)
    for told in ("Flour", "Mill Gazette", "2 May 2025", "given when it was added"):
        assert told in said(shown)
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)
    await picket.moderator.slash(picket.channel, "corpus reindex")
    answer = said(await picket.ann.slash(picket.channel, "ask", question=ASKED))
    assert "Mill Gazette, 2 May 2025" in answer
    assert "Flour" in answer


async def test_a_discarded_preview_adds_nothing_and_can_t_be_confirmed_any_more(picket: World) -> None:
    before = files(picket)
    shown = await preview(picket)
    identity = pressable(shown)[words_corpus.CONFIRM]
    await picket.moderator.click(card(shown), label=words_corpus.DISCARD)
    assert said(shown) == words_corpus.DISCARDED
    late = await forged(picket.env, picket.moderator, picket.channel, identity, shown)
    assert words_corpus.PREVIEW_GONE in refused(late)
    assert files(picket) == before


async def test_a_preview_is_confirmed_once(picket: World) -> None:
    shown = await preview(picket)
    identity = pressable(shown)[words_corpus.CONFIRM]
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)
    again = await forged(picket.env, picket.moderator, picket.channel, identity, shown)
    assert refused(again) == words_corpus.PREVIEW_GONE
    assert "was added or discarded already" in refused(again)
    assert [one.action for one in picket.bot.journal.audit(HOME, 5)] == ["add"]


async def test_adding_the_same_again_adds_nothing(picket: World) -> None:
    await added(picket)
    before = files(picket)
    shown = await preview(picket)
    assert words_corpus.STATUS["unchanged"] in said(shown)
    assert words_corpus.CONFIRM not in pressable(shown)
    assert files(picket) == before


async def test_an_article_that_is_there_can_be_corrected(picket: World) -> None:
    await added(picket)
    shown = await picket.moderator.slash(picket.channel, "corpus show", article="millers")
    form = await picket.moderator.click(card(shown), label=words_corpus.CORRECT)
    fields = {"title": "Flour", "outlet": "", "date": "", "url": ""}
    await picket.moderator.submit_modal(form, fields)
    assert words_corpus.PREVIEW in said(shown)
    before = set(files(picket))
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)
    assert set(files(picket)) == before
    stored = picket.bot.library.find(HOME, "millers").article
    assert (stored.title, stored.published) == ("Flour", None)
    assert MILLERS in stored.text


async def test_a_removed_article_is_not_quoted_from_the_very_next_question_on(picket: World) -> None:
    assert "Quillhaven" in said(await picket.ann.slash(picket.channel, "ask", question=OURS))
    shown = await picket.moderator.slash(picket.channel, "corpus remove", article="lamplighters")
    assert "Quillhaven goes dark" in said(shown)
    assert "Quillhaven" in said(await picket.ann.slash(picket.channel, "ask", question=OURS))
    await picket.restart()
    await picket.moderator.click(card(shown), label=words_corpus.REMOVE)
    assert "Quillhaven goes dark" in said(shown)
    assert "Quillhaven" not in said(await picket.ann.slash(picket.channel, "ask", question=OURS))


async def test_the_buttons_of_an_article_that_was_removed_say_so_without_its_mark(picket: World) -> None:
    cards = [await picket.moderator.slash(picket.channel, "corpus show", article="lamplighters") for _ in range(2)]
    await picket.moderator.click(card(cards[0]), label=words_corpus.REMOVE)
    removing = pressable(cards[0])[words_corpus.REMOVE]
    await picket.moderator.click(card(cards[0]), label=words_corpus.REMOVE)
    twice = await forged(picket.env, picket.moderator, picket.channel, removing, cards[0])
    assert refused(twice) == words_corpus.ARTICLE_GONE
    for label in (words_corpus.CORRECT, words_corpus.REMOVE):
        late = await picket.moderator.click(card(cards[1]), label=label)
        assert refused(late) == words_corpus.ARTICLE_GONE
    assert [one.action for one in picket.bot.journal.audit(HOME, 5)] == ["remove"]


async def test_who_thinks_better_of_it_removes_nothing(picket: World) -> None:
    shown = await picket.moderator.slash(picket.channel, "corpus remove", article="lamplighters")
    await picket.moderator.click(card(shown), label=words_corpus.KEEP)
    assert said(shown) == words_corpus.KEPT
    assert list(files(picket)) == ["lamplighters.md"]


async def test_a_rollback_brings_back_what_was_removed_byte_for_byte_and_leaves_other_servers_alone(
    picket: World,
) -> None:
    before, theirs = files(picket), files(picket, OTHER)
    shown = await picket.moderator.slash(picket.channel, "corpus remove", article="lamplighters")
    await picket.moderator.click(card(shown), label=words_corpus.REMOVE)
    await added(picket)
    between = files(picket)
    offered = await picket.moderator.autocomplete(picket.channel, "corpus rollback", "generation", "")
    assert [one["value"] for one in offered] == [2, 1]
    plan = await picket.moderator.slash(picket.channel, "corpus rollback", generation=1)
    assert words_corpus.rollback_plan(1, 1, 0) in said(plan)
    assert files(picket) == between
    await picket.moderator.click(card(plan), label=words_corpus.ROLLBACK)
    assert files(picket) == before
    assert "Tidewick" not in said(await picket.ann.slash(picket.channel, "ask", question=ASKED))
    await picket.moderator.click(card(plan), label=words_corpus.REINDEX_NOW)
    assert "Quillhaven" in said(await picket.ann.slash(picket.channel, "ask", question=OURS))
    forth = await picket.moderator.slash(picket.channel, "corpus rollback", generation=2)
    await picket.moderator.click(card(forth), label=words_corpus.ROLLBACK)
    assert files(picket) == between
    assert files(picket, OTHER) == theirs
    same = await picket.moderator.slash(picket.channel, "corpus rollback", generation=2)
    assert said(same) == words_corpus.ROLLBACK_NOTHING
    gone = await picket.moderator.slash(picket.channel, "corpus rollback", generation=99)
    assert said(gone) == words_corpus.no_generation(99)


async def test_a_rollback_shows_itself_anew_where_something_was_added_since_it_was_shown(picket: World) -> None:
    shown = await picket.moderator.slash(picket.channel, "corpus remove", article="lamplighters")
    await picket.moderator.click(card(shown), label=words_corpus.REMOVE)
    plan = await picket.moderator.slash(picket.channel, "corpus rollback", generation=1)
    assert words_corpus.rollback_plan(1, 0, 0) in said(plan)
    new = await preview(picket)
    await picket.moderator.click(card(new), label=words_corpus.CONFIRM)
    between = files(picket)
    await picket.moderator.click(card(plan), label=words_corpus.ROLLBACK)
    assert files(picket) == between
    assert words_corpus.ROLLBACK_CHANGED in said(plan)
    assert words_corpus.rollback_plan(1, 1, 0) in said(plan)
    assert [one.action for one in picket.bot.journal.audit(HOME, 5)] == ["add", "remove"]
    await picket.moderator.click(card(plan), label=words_corpus.ROLLBACK)
    assert set(files(picket)) == {"lamplighters.md"}
    assert words_corpus.rolled_back(1, 0) in said(plan)


@pytest.mark.parametrize("lost", [False, True])
async def test_going_back_thrice_at_once_leaves_what_the_first_press_says(picket: World, lost: bool) -> None:
    await added(picket)
    if lost:  # replaced behind Picket's back, so the version of generation 2 is kept nowhere
        write(picket.config.parent / "articles", "lamplighters", MILLERS, collection=f"guild:{HOME}")
    shown = await picket.moderator.slash(picket.channel, "corpus remove", article="millers")
    await picket.moderator.click(card(shown), label=words_corpus.REMOVE)
    plan = await picket.moderator.slash(picket.channel, "corpus rollback", generation=2)
    press = press_data(pressable(plan)[words_corpus.ROLLBACK])
    kind, message = InteractionType.MESSAGE_COMPONENT, card(plan)
    pressed = [begin(picket.env, picket.moderator, picket.channel, press, kind=kind, message=message) for _ in range(3)]
    await picket.env.settle()
    assert words_corpus.rolled_back(2, 1 if lost else 0) in said(plan)
    assert ("can't be brought back" in said(plan)) is lost
    assert list(pressable(plan)) == [words_corpus.REINDEX_NOW]
    told = [said(one.message) for record in pressed for one in InteractionResult(picket.env, record).followups]
    assert told == [words_corpus.rolled_back_already(1 if lost else 0)] * 2
    assert [one.action for one in picket.bot.journal.audit(HOME, 5)] == ["rollback", "remove", "reindex", "add"]


async def test_of_two_corrections_at_once_the_second_is_told_that_the_article_changed(picket: World) -> None:
    cards = []
    for title in ("First", "Second"):
        shown = await picket.moderator.slash(picket.channel, "corpus show", article="lamplighters")
        form = await picket.moderator.click(card(shown), label=words_corpus.CORRECT)
        await picket.moderator.submit_modal(form, {"title": title, "outlet": "", "date": "", "url": ""})
        cards.append(shown)
    await picket.moderator.click(card(cards[0]), label=words_corpus.CONFIRM)
    told = await picket.moderator.click(card(cards[1]), label=words_corpus.CONFIRM)
    assert refused(told) == words_corpus.overtaken("Second")
    assert picket.bot.library.find(HOME, "lamplighters").article.title == "First"


async def test_a_preview_undoes_no_correction_that_was_made_meanwhile(picket: World) -> None:
    await added(picket, "all.jsonl", LINE.encode())
    waiting = await preview(picket, "all.jsonl", LINE.replace("stands still", "is silent").encode())
    assert words_corpus.STATUS["updated"] in said(waiting)
    shown = await picket.moderator.slash(picket.channel, "corpus show", article="m1")
    form = await picket.moderator.click(card(shown), label=words_corpus.CORRECT)
    await picket.moderator.submit_modal(form, {"title": "Put right", "outlet": "", "date": "2025-05-01", "url": ""})
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)
    between = files(picket)
    told = await picket.moderator.click(card(waiting), label=words_corpus.CONFIRM)
    assert refused(told) == words_corpus.overtaken("Millers walk out")
    assert files(picket) == between
    assert picket.bot.library.find(HOME, "m1").article.title == "Put right"


async def test_a_headline_of_which_nothing_can_be_seen_is_told_by_its_id(picket: World) -> None:
    blank = "\u2800\u3164"
    body = json.dumps({"id": "blank-1", "title": blank, "text": MILLERS}) + f"\n{LINE}"
    shown = await preview(picket, "all.jsonl", body.encode())
    assert "blank-1" in said(shown)
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM_ALL)
    assert "blank-1" in said(shown)
    offered = await picket.moderator.autocomplete(picket.channel, "corpus show", "article", "blank")
    assert [one["name"] for one in offered] == ["blank-1"]
    gone = await picket.moderator.slash(picket.channel, "corpus remove", article="blank-1")
    await picket.moderator.click(card(gone), label=words_corpus.REMOVE)
    assert "blank-1" in plain(gone)


async def test_history_tells_who_did_what_also_where_nothing_is_indexed(picket: World) -> None:
    shown = await preview(picket)
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)
    shutil.rmtree(picket.config.parent / "var" / "index")
    told = plain(await picket.moderator.slash(picket.channel, "corpus history"))
    assert "**add** millers" in told
    assert "Generation" not in told
    assert await picket.moderator.autocomplete(picket.channel, "corpus rollback", "generation", "") == []


async def test_list_show_and_status_tell_this_servers_articles_and_what_waits(picket: World) -> None:
    shown = await preview(picket)
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)
    listed = said(await picket.moderator.slash(picket.channel, "corpus list"))
    assert "Millers walk out" in listed
    assert "Quillhaven goes dark" in listed
    assert listed.count(words_corpus.NOT_INDEXED) == 1
    assert "Morrowby" not in listed
    one = said(await picket.moderator.slash(picket.channel, "corpus show", article="millers"))
    assert "Millers walk out" in one
    status = said(await picket.moderator.slash(picket.channel, "corpus status"))
    assert f"**{words_corpus.WAITING}**: 1" in status
    assert "Generation 1" in status
    unknown = await picket.moderator.slash(picket.channel, "corpus show", article="nobody")
    assert said(unknown) == words_corpus.no_article("nobody")


async def test_a_long_list_is_turned_page_by_page_and_loses_nothing(picket: World) -> None:
    texts = {f"a{number:02d}_txt": f"Report {number:02d}\n\n{MILLERS} Number {number}." for number in range(23)}
    shown = await preview(picket, "all.zip", archive(**texts))
    assert "And 15 more" in said(shown)
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM_ALL)
    listed = await picket.moderator.slash(picket.channel, "corpus list")
    told = said(listed)
    for _ in range(2):
        await picket.moderator.click(card(listed), label=words.NEXT)
        told += said(listed)
    assert all(f"Report {number:02d}" in told for number in range(23))
    assert "Page 3 of 3" in told


async def test_history_tells_who_did_what_and_turns_to_older_entries(picket: World) -> None:
    bot = picket.bot
    for number in range(12):
        bot.journal.record(HOME, "add", whom=picket.moderator.id, detail=f"article-{number:02d}", now=bot.now())
    bot.journal.record(OTHER, "add", whom=5, detail="their-article", now=bot.now())
    shown = await picket.moderator.slash(picket.channel, "corpus history")
    first = plain(shown)
    assert "article-11" in first
    assert "article-01" not in first
    assert str(picket.moderator.id) in first
    assert "Generation 1" in first
    await picket.moderator.click(card(shown), label=words_corpus.OLDER)
    second = plain(shown)
    assert "article-01" in second
    assert "article-02" not in second
    assert "their-article" not in first + second
    await picket.moderator.click(card(shown), label=words_corpus.NEWEST)
    assert plain(shown) == first


async def test_gaps_tell_what_got_a_thumb_down_here_and_nothing_of_others(picket: World) -> None:
    answer = await picket.ann.slash(picket.channel, "ask", question=OURS)
    form = await picket.ann.click(card(answer), custom_id=pressable(answer)["👎"])
    await picket.ann.submit_modal(form, {"text": "the pay is missing"})
    told = said(await picket.moderator.slash(picket.channel, "corpus gaps"))
    assert OURS in told
    assert "the pay is missing" in told
    assert "1 👎" in told
    assert str(picket.ann.id) not in told
    assert words_corpus.GAPS_EMPTY in said(await stranger_there(picket).slash(picket.far, "corpus gaps"))


@pytest.mark.parametrize("narrowed", [{"until": "1990"}, {"since": "2090"}])
async def test_a_narrowed_question_that_found_nothing_is_no_gap(picket: World, narrowed: dict[str, str]) -> None:
    assert words.NOTHING in said(await picket.ann.slash(picket.channel, "ask", question=OURS, **narrowed))
    assert words_corpus.GAPS_EMPTY in said(await picket.moderator.slash(picket.channel, "corpus gaps"))


async def test_every_change_is_told_in_the_log_channel_and_pings_nobody(picket: World) -> None:
    log = picket.home.create_text_channel("log")
    bot = picket.bot
    await bot.preferences.change_guild(HOME, GuildSettings(log_channel=log.id), whom=None, now=bot.now())
    await added(picket)
    shown = await picket.moderator.slash(picket.channel, "corpus remove", article="millers")
    await picket.moderator.click(card(shown), label=words_corpus.REMOVE)
    plan = await picket.moderator.slash(picket.channel, "corpus rollback", generation=2)
    await picket.moderator.click(card(plan), label=words_corpus.ROLLBACK)
    told = [plain(one) for one in log.history()]
    assert len(told) == 4
    assert all(f"<@{picket.moderator.id}>" in one for one in told)
    for action in ("add", "reindex", "remove", "rollback"):
        assert sum(f"**{action}**" in one for one in told) == 1
    assert [one.action for one in bot.journal.audit(HOME, 9)] == ["rollback", "remove", "reindex", "add", "settings"]


async def test_a_log_channel_that_is_gone_stops_nothing(picket: World) -> None:
    bot = picket.bot
    await bot.preferences.change_guild(HOME, GuildSettings(log_channel=123), whom=None, now=bot.now())
    await added(picket)
    assert [one.action for one in bot.journal.audit(HOME, 9)] == ["reindex", "add", "settings"]


# Beside others. Anything that holds the event loop up fails each test here by the watchdog.


async def answered(world: World, record: Interaction, seconds: float = 3.0) -> bool:
    """Whether Discord shows more than “thinking…” by then, whatever else is still being done."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if record.message_id is not None and world.message_of(record).components:
            return True
        await asyncio.sleep(0.02)
    return False


async def asked_meanwhile(world: World) -> bool:
    data = command_data(world.env, "ask", question="why did the dockers of Aldmouth walk out?")
    return await answered(world, begin(world.env, world.ann, world.channel, data))


def large(world: World, paragraphs: int) -> None:
    """An article of 340 words a paragraph."""
    paragraph = "Die Müller von Tidewick legten am Montag die Arbeit nieder. " + "a b c d e f g h i j " * 33
    text = "\n\n".join([paragraph] * paragraphs)
    write(world.config.parent / "articles", "huge", text, title="Huge", collection=f"guild:{HOME}")


async def test_a_large_article_is_shown(picket: World) -> None:
    large(picket, 4_000)
    shown = await picket.moderator.slash(picket.channel, "corpus show", article="huge")
    assert words_corpus.word_count(1_360_000) in said(shown)
    assert "Die Müller von Tidewick" in said(shown)


async def test_a_large_article_is_corrected(picket: World) -> None:
    large(picket, 1_000)
    shown = await picket.moderator.slash(picket.channel, "corpus show", article="huge")
    form = await picket.moderator.click(card(shown), label=words_corpus.CORRECT)
    await picket.moderator.submit_modal(form, {"title": "Larger", "outlet": "", "date": "", "url": ""})
    assert "Larger" in said(shown)


async def test_questions_are_answered_while_removals_wait_for_a_large_addition(picket: World) -> None:
    boss, library = stranger_there(picket), picket.bot.library
    for name in ("one", "two"):
        write(picket.config.parent / "articles", name, MILLERS, title=name, collection=f"guild:{OTHER}")
    cards = [await boss.slash(picket.far, "corpus remove", article=name) for name in ("one", "two")]
    with library._changing:  # as held all the while that something is added
        for shown in cards:
            press = press_data(pressable(shown)[words_corpus.REMOVE])
            begin(picket.env, boss, picket.far, press, kind=InteractionType.MESSAGE_COMPONENT, message=card(shown))
        await asyncio.sleep(0.1)
        assert await asked_meanwhile(picket)
    await picket.env.settle()
    assert set(files(picket, OTHER)) == {"weavers.md"}


@pytest.mark.parametrize("pressed", [False, True])
async def test_questions_are_answered_while_gaps_are_grouped(
    picket: World, monkeypatch: pytest.MonkeyPatch, pressed: bool
) -> None:
    journal, go_on = picket.bot.journal, threading.Event()
    gaps = journal.gaps

    def held(*args: Any, **kwargs: Any) -> list[Gap]:
        assert go_on.wait(30)
        return gaps(*args, **kwargs)

    shown = await picket.moderator.slash(picket.channel, "corpus status")
    button = press_data("picket:gaps:0:1") | {"type": 2, "style": 2, "label": "x"}
    stored = picket.env.backend.get_message(card(shown).channel_id, card(shown).id)
    stored.components = [{"type": 1, "components": [button]}]
    monkeypatch.setattr(journal, "gaps", held)
    try:
        for _ in range(2):
            if pressed:
                kind, message = InteractionType.MESSAGE_COMPONENT, card(shown)
                begin(picket.env, picket.moderator, picket.channel, button, kind=kind, message=message)
            else:
                begin(picket.env, picket.moderator, picket.channel, below(picket.env, "corpus", "gaps"))
        await asyncio.sleep(0.1)
        assert await asked_meanwhile(picket)
    finally:
        go_on.set()
    await picket.env.settle()


@pytest.mark.parametrize("what", ["a preview", "an article"])
async def test_the_form_to_correct_opens_while_four_addresses_are_fetched(picket: World, what: str) -> None:
    go_on, desk = threading.Event(), picket.bot.desk
    if what == "a preview":
        shown = await preview(picket)
    else:
        shown = await picket.moderator.slash(picket.channel, "corpus show", article="lamplighters")
    fetching = [asyncio.ensure_future(desk.work(go_on.wait, 30)) for _ in range(4)]
    try:
        press = press_data(pressable(shown)[words_corpus.CORRECT])
        message = card(shown)
        kind = InteractionType.MESSAGE_COMPONENT
        record = begin(picket.env, picket.moderator, picket.channel, press, kind=kind, message=message)
        until = time.monotonic() + 3
        while record.modal is None and time.monotonic() < until:
            await asyncio.sleep(0.02)
        assert record.modal is not None
    finally:
        go_on.set()
        await asyncio.gather(*fetching)


async def test_a_server_fetches_one_address_at_a_time_and_others_add_and_change_meanwhile(
    picket: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss, library, go_on = stranger_there(picket), picket.bot.library, threading.Event()
    propose = library.propose_address

    def held(*args: Any, **kwargs: Any) -> Proposal:
        assert go_on.wait(30)
        return propose(*args, **kwargs)

    theirs = await boss.slash(picket.far, "corpus add", file=("millers.txt", TEXT.encode()))
    monkeypatch.setattr(library, "propose_address", held)
    address = below(picket.env, "corpus", "add", url="http://127.0.0.1:9/slow")
    try:
        slow = [begin(picket.env, picket.moderator, picket.channel, address) for _ in range(5)]
        for record in slow[1:]:
            assert await answered(picket, record)
            assert words_asking.STILL_ADDING in str(picket.message_of(record).components)
        press = press_data(pressable(theirs)[words_corpus.CONFIRM])
        begin(picket.env, boss, picket.far, press, kind=InteractionType.MESSAGE_COMPONENT, message=card(theirs))
        until = time.monotonic() + 3
        while len(files(picket, OTHER)) < 2 and time.monotonic() < until:
            await asyncio.sleep(0.02)
        assert len(files(picket, OTHER)) == 2
        assert not await answered(picket, slow[0], 0.1)
    finally:
        go_on.set()
    await picket.env.settle()
    assert "127.0.0.1" in str(picket.message_of(slow[0]).components)
    assert words_corpus.PREVIEW in said(await preview(picket))


async def test_what_was_added_too_late_for_discord_to_show_it_is_told_otherwise(picket: World) -> None:
    shown = await preview(picket)
    before = len(files(picket))
    picket.expect_fault("HTTPException")
    picket.env.inject_error("PATCH", "/webhooks/*", status=401, code=50027, times=None)
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)
    assert len(files(picket)) == before + 1
    told = said(picket.moderator.user.dm_channel.last_message)
    assert told == words_asking.overdue(str(picket.faults_logged()[0]["id"]))


@pytest.mark.parametrize(
    ("deed", "command", "options", "label", "action"),
    [
        ("confirm", "add", {"file": ("millers.txt", TEXT.encode())}, words_corpus.CONFIRM, "add"),
        ("remove", "remove", {"article": "lamplighters"}, words_corpus.REMOVE, "remove"),
        ("go_back", "rollback", {"generation": 1}, words_corpus.ROLLBACK, "rollback"),
    ],
)
async def test_a_change_that_is_done_after_nobody_waits_for_it_any_more_stands_in_the_audit(
    picket: World,
    deed: str,
    command: str,
    options: dict[str, Any],
    label: str,
    action: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if command == "rollback":
        write(picket.config.parent / "articles", "later", MILLERS, collection=f"guild:{HOME}")
    shown = await picket.moderator.slash(picket.channel, f"corpus {command}", **options)
    before = files(picket)
    done, go = threading.Event(), threading.Event()
    change = getattr(picket.bot.library, deed)

    def late(*args: Any, **kwargs: Any) -> Any:
        made = change(*args, **kwargs)
        done.set()
        assert go.wait(10)
        return made

    monkeypatch.setattr(picket.bot.library, deed, late)
    pressed = begin(
        picket.env,
        picket.moderator,
        picket.channel,
        press_data(pressable(shown)[label]),
        kind=InteractionType.MESSAGE_COMPONENT,
        message=card(shown),
    )
    assert await asyncio.to_thread(done.wait, 10)
    closing = await picket.begin_end()
    picket.bot.desk.abandon()  # as `close` does when its time is over
    try:
        async with asyncio.timeout(5):
            while not InteractionResult(picket.env, pressed).followups:
                await asyncio.sleep(0.01)
    finally:
        go.set()
        await closing
    assert files(picket) != before
    made = await picket.restart()
    (entry,) = made.journal.audit(HOME, 5)
    assert (entry.action, entry.whom) == (action, picket.moderator.id)


# Who may not

COMMANDS = ("add", "remove", "list", "show", "status", "history", "reindex", "rollback", "gaps")
OPTIONS: dict[str, dict[str, object]] = {
    "add": {"url": "https://harbourpost.example/a"},
    "remove": {"article": "lamplighters"},
    "show": {"article": "lamplighters"},
    "rollback": {"generation": 1},
}
TOKEN = "A" * 16
MARK = article_mark("lamplighters")
PRESSES = {
    "confirm": (TOKEN,),
    "correct": (TOKEN,),
    "discard": (TOKEN,),
    "listed": (1,),
    "remove": (MARK,),
    "removing": (MARK,),
    "revise": (MARK,),
    "keep": (),
    "reindex": (),
    "cancel": (1,),
    "goback": (1,),
    "history": (0,),
    "gaps": (1,),
}


def identity_of(verb: str) -> str:
    return ":".join(["picket", verb, "0", *map(str, PRESSES[verb])])


def powerless(person: MemberActor, *, roles: tuple[int, ...] = ()) -> dict[str, object]:
    """What Discord says of somebody in a call after their right was taken away."""
    user = {"id": str(person.id), "username": person.name, "discriminator": "0", "avatar": None}
    member = {"user": user, "joined_at": "2020-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
    return {"member": member | {"permissions": "0", "roles": [str(one) for one in roles]}}


@pytest.mark.parametrize("name", COMMANDS)
async def test_no_command_is_done_for_who_has_no_right(picket: World, name: str) -> None:
    """Although a server's own settings of the command may show it to everybody."""
    before = files(picket)
    data = below(picket.env, "corpus", name, **OPTIONS.get(name, {}))
    for person in (picket.ann, picket.moderator):
        result = await call(picket.env, person, picket.channel, data, changes=powerless(person))
        assert "Only who may manage this server" in refused(result)
        assert "Quillhaven" not in said(result)
    assert files(picket) == before
    assert picket.bot.journal.audit(HOME, 5) == []


@pytest.mark.parametrize("name", COMMANDS)
async def test_no_command_is_done_where_picket_was_not_invited(picket: World, name: str) -> None:
    data = below(picket.env, "corpus", name, **OPTIONS.get(name, {}))
    foreign = own_app(picket.moderator, HOME)
    result = await call(picket.env, picket.moderator, picket.channel, data, changes=foreign)
    assert "has invited Picket" in refused(result)
    person = picket.moderator.user
    result = await call(picket.env, person, person.dm_channel, data)
    assert "has invited Picket" in refused(result)
    assert picket.bot.builds.current is None


@pytest.mark.parametrize("verb", PRESSES)
async def test_no_button_does_anything_for_who_has_no_right_or_lost_it(picket: World, verb: str) -> None:
    before = files(picket)
    answer = await picket.ann.slash(picket.channel, "ask", question=OURS)
    result = await forged(picket.env, picket.ann, picket.channel, identity_of(verb), answer)
    assert "Only who may manage this server" in refused(result)
    shown = await picket.moderator.slash(picket.channel, "corpus status")
    lost = powerless(picket.moderator)
    result = await forged(picket.env, picket.moderator, picket.channel, identity_of(verb), shown, changes=lost)
    assert "Only who may manage this server" in refused(result)
    assert result.modal is None
    assert files(picket) == before
    assert picket.bot.journal.audit(HOME, 5) == []


@pytest.mark.parametrize("verb", PRESSES)
async def test_no_button_does_anything_in_a_direct_message_or_by_a_persons_own_app(picket: World, verb: str) -> None:
    person = picket.moderator.user
    direct = await person.slash("ask", question=OURS)
    result = await forged(picket.env, person, person.dm_channel, identity_of(verb), direct)
    assert "has invited Picket" in refused(result)
    shown = await picket.moderator.slash(picket.channel, "corpus status")
    foreign = own_app(picket.moderator, HOME)
    result = await forged(picket.env, picket.moderator, picket.channel, identity_of(verb), shown, changes=foreign)
    assert "has invited Picket" in refused(result)
    assert list(files(picket)) == ["lamplighters.md"]


async def test_who_loses_the_right_between_preview_and_confirm_adds_nothing(picket: World) -> None:
    before = files(picket)
    shown = await preview(picket)
    identity = pressable(shown)[words_corpus.CONFIRM]
    lost = powerless(picket.moderator)
    result = await forged(picket.env, picket.moderator, picket.channel, identity, shown, changes=lost)
    assert "Only who may manage this server" in refused(result)
    form = await picket.moderator.slash(picket.channel, "corpus add")
    assert form.modal is not None
    data = {"custom_id": "picket:pasted:0", "components": [{"custom_id": "text", "type": 4, "value": MILLERS}]}
    result = await call(picket.env, picket.moderator, picket.channel, data, kind=5, changes=lost)
    assert "Only who may manage this server" in refused(result)
    assert files(picket) == before


async def test_a_chosen_role_gives_the_right_and_taking_it_away_takes_it(picket: World) -> None:
    role = picket.home.create_role("Archivists")
    bot = picket.bot
    await bot.preferences.change_guild(HOME, GuildSettings(moderator_roles=(role.id,)), whom=None, now=bot.now())
    data = below(picket.env, "corpus", "list")
    allowed = await call(picket.env, picket.ann, picket.channel, data, changes=powerless(picket.ann, roles=(role.id,)))
    assert "Quillhaven" in said(allowed)
    denied = await call(picket.env, picket.ann, picket.channel, data, changes=powerless(picket.ann))
    assert "Only who may manage" in refused(denied)


async def test_another_servers_moderator_reaches_nothing_of_this_one(picket: World) -> None:
    """With ids that are this server's own: its preview, its article's mark, a generation both know."""
    boss = stranger_there(picket)
    ours, theirs = files(picket), files(picket, OTHER)
    shown = await preview(picket)
    token = pressable(shown)[words_corpus.CONFIRM].rpartition(":")[2]
    there = await boss.slash(picket.far, "corpus status")
    for verb in ("confirm", "correct", "discard"):
        result = await forged(picket.env, boss, picket.far, f"picket:{verb}:0:{token}", there)
        assert words_corpus.PREVIEW_GONE in refused(result)
        assert result.modal is None
    for verb in ("remove", "removing", "revise"):
        result = await forged(picket.env, boss, picket.far, f"picket:{verb}:0:{MARK}", there)
        assert refused(result) == words_corpus.ARTICLE_GONE
    for name in ("remove", "show"):
        assert said(await boss.slash(picket.far, f"corpus {name}", article="lamplighters")).startswith(
            "This server has no"
        )
        offered = await boss.autocomplete(picket.far, f"corpus {name}", "article", "")
        assert [one["value"] for one in offered] == ["weavers"]
    plan = await boss.slash(picket.far, "corpus rollback", generation=1)
    assert said(plan) == words_corpus.ROLLBACK_NOTHING
    assert "Quillhaven" not in said(await boss.slash(picket.far, "corpus list"))
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)  # ours is still there
    assert files(picket, OTHER) == theirs
    assert set(files(picket)) == {*ours, "millers.md"}


async def test_nothing_is_offered_while_typing_to_who_may_not(picket: World) -> None:
    bot = picket.bot
    cog = bot.get_cog("Corpus")
    assert cog is not None
    data = below(picket.env, "corpus", "show", article="")
    data["options"][0]["options"][0]["focused"] = True
    result = await call(picket.env, picket.ann, picket.channel, data, kind=4, changes=powerless(picket.ann))
    assert not result.autocomplete_choices


# Faults


async def test_a_full_disk_in_the_middle_of_adding_loses_nothing_and_can_be_tried_again(picket: World) -> None:
    before = files(picket)
    shown = await preview(picket)
    picket.expect_fault("StoreError")
    target = picket.config.parent / "articles" / f"guild-{HOME}" / "millers.md"
    with full_disk(target):
        failed = await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)
    (fault,) = picket.faults_logged()
    assert refused(failed).replace("\\", "") == words_corpus.store_fault(str(fault["id"]))
    assert files(picket) == before
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)
    assert words_corpus.ADDED in said(shown)
    assert "millers.md" in files(picket)


async def test_what_was_added_before_a_fault_stands_in_history_and_log_channel(picket: World) -> None:
    log = picket.home.create_text_channel("log")
    bot = picket.bot
    await bot.preferences.change_guild(HOME, GuildSettings(log_channel=log.id), whom=None, now=bot.now())
    before = set(files(picket))
    shown = await preview(picket, "all.zip", archive(**{f"a{one:02d}_txt": f"{TEXT} No. {one}." for one in range(20)}))
    blocked = picket.config.parent / "articles" / f"guild-{HOME}" / "a15.md"
    blocked.mkdir()  # nothing can be written there
    picket.expect_fault("StoreError")
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM_ALL)
    blocked.rmdir()
    there = set(files(picket)) - before
    assert len(there) >= 15
    entry = bot.journal.audit(HOME, 1)[0]
    assert (entry.action, entry.whom) == ("add (cut short)", picket.moderator.id)
    assert entry.detail == f"a00, a01, a02, a03, a04 (+{len(there) - 5})"
    assert "add (cut short)" in plain(log.last_message)
    await picket.moderator.click(card(shown), label=words_corpus.CONFIRM_ALL)
    assert len(set(files(picket)) - before) == 20
    assert [one.action for one in bot.journal.audit(HOME, 9)] == ["add", "add (cut short)", "settings"]


async def test_how_far_a_rollback_came_before_a_fault_stands_in_the_history(picket: World) -> None:
    await added(picket, "all.zip", archive(a_txt=TEXT, b_txt=f"{TEXT} More."))
    for name in ("a", "b"):
        shown = await picket.moderator.slash(picket.channel, "corpus remove", article=name)
        await picket.moderator.click(card(shown), label=words_corpus.REMOVE)
    plan = await picket.moderator.slash(picket.channel, "corpus rollback", generation=2)
    (picket.config.parent / "articles" / f"guild-{HOME}" / "b.md").mkdir()
    picket.expect_fault("StoreError")
    await picket.moderator.click(card(plan), label=words_corpus.ROLLBACK)
    assert "a.md" in files_there(picket)
    entry = picket.bot.journal.audit(HOME, 1)[0]
    assert (entry.action, entry.detail) == ("rollback (cut short)", "2: +1 -0")


async def test_a_full_disk_while_replacing_keeps_the_old_article(picket: World) -> None:
    await added(picket)
    before = files(picket)
    shown = await picket.moderator.slash(picket.channel, "corpus show", article="millers")
    form = await picket.moderator.click(card(shown), label=words_corpus.CORRECT)
    await picket.moderator.submit_modal(form, {"title": "Flour", "outlet": "", "date": "", "url": ""})
    picket.expect_fault("StoreError")
    with full_disk(picket.config.parent / "articles" / f"guild-{HOME}" / "millers.md"):
        await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)
    assert files(picket) == before


@pytest.mark.parametrize("name", ["add", "list", "show", "status", "remove"])
async def test_without_its_folder_of_articles_every_command_says_one_sentence_with_an_id(
    picket: World, name: str
) -> None:
    picket.expect_fault("StoreError")
    options = {"file": ("m.txt", TEXT.encode())} if name == "add" else OPTIONS.get(name, {})
    with no_folder(picket.config.parent / "articles"):
        result = await picket.moderator.slash(picket.channel, f"corpus {name}", **options)
    (fault,) = picket.faults_logged()
    assert plain(result) == words_corpus.store_fault(str(fault["id"]))
    assert str(picket.config.parent) not in plain(result)
    assert list(files(picket)) == ["lamplighters.md"]


async def test_where_nothing_can_be_read_nothing_is_offered_and_no_fault_logged(
    picket: World, caplog: pytest.LogCaptureFixture
) -> None:
    for folder, command, option in (
        ("articles", "show", "article"),
        ("articles", "remove", "article"),
        ("var/index/generations", "rollback", "generation"),
    ):
        with no_folder(picket.config.parent / folder):
            assert await picket.moderator.autocomplete(picket.channel, f"corpus {command}", option, "") == []
    assert not [one for one in caplog.records if one.name.startswith("discord")]


async def test_removing_where_the_attic_can_t_be_written_removes_nothing(picket: World) -> None:
    shown = await picket.moderator.slash(picket.channel, "corpus remove", article="lamplighters")
    attic = picket.config.parent / "var" / "attic"
    attic.touch()
    picket.expect_fault("StoreError")
    failed = await picket.moderator.click(card(shown), label=words_corpus.REMOVE)
    assert str(picket.faults_logged()[0]["id"]) in refused(failed)
    assert list(files(picket)) == ["lamplighters.md"]
    attic.unlink()
    await picket.moderator.click(card(shown), label=words_corpus.REMOVE)
    assert files(picket) == {}


async def test_with_a_locked_journal_a_change_is_done_and_it_is_said_that_the_history_lacks_it(picket: World) -> None:
    shown = await preview(picket)
    picket.expect_fault("JournalError")
    with locked_journal(picket.bot):
        await picket.moderator.click(card(shown), label=words_corpus.CONFIRM)
    (fault,) = picket.faults_logged()
    assert words_corpus.ADDED in said(shown)
    assert words_corpus.unaudited(str(fault["id"])) in plain(shown)
    assert "millers.md" in files(picket)


async def test_what_a_fault_cut_short_is_told_with_it_where_the_history_can_t_be_written(picket: World) -> None:
    collection = f"guild:{HOME}"
    articles = picket.config.parent / "articles"
    for name in ("a", "b"):
        write(articles, name, f"The {name} walked out.", collection=collection)
    await picket.moderator.slash(picket.channel, "corpus reindex")
    for name in ("a", "b"):
        shown = await picket.moderator.slash(picket.channel, "corpus remove", article=name)
        await picket.moderator.click(card(shown), label=words_corpus.REMOVE)
    plan = await picket.moderator.slash(picket.channel, "corpus rollback", generation=2)
    (articles / f"guild-{HOME}" / "b.md").mkdir()
    picket.expect_fault("StoreError")
    picket.expect_fault("JournalError")
    with locked_journal(picket.bot):
        failed = await picket.moderator.click(card(plan), label=words_corpus.ROLLBACK)
    unaudited, fault = picket.faults_logged()
    assert unaudited["action"] == "rollback (cut short)"
    told = refused(failed).replace("\\", "")
    assert words_corpus.store_fault(str(fault["id"])) in told
    assert words_corpus.unaudited(str(unaudited["id"])) in told


async def test_an_attachment_that_discord_lost_is_told(picket: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picket.env.backend.cdn, "get", lambda _: None)
    assert refused(await preview(picket)) == words_corpus.NO_FILE


async def test_a_file_over_the_limit_is_refused_before_it_is_fetched(
    picket: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["bot.cogs.corpus"], "MAX_UPLOAD", 1_000_000)
    fetched: list[str] = []
    get = picket.env.backend.cdn.get

    def getting(url: str) -> bytes | None:
        fetched.append(url)
        return get(url)

    monkeypatch.setattr(picket.env.backend.cdn, "get", getting)
    result = await preview(picket, "big.txt", b"x" * 1_000_001)
    assert "over the limit of 1 MB" in said(result)
    assert fetched == []


async def test_an_article_with_a_long_id_can_be_chosen(picket: World) -> None:
    identity = "x" * 150
    write(picket.config.parent / "articles", "long", "The glaziers struck.", collection=f"guild:{HOME}", id=identity)
    offered = await picket.moderator.autocomplete(picket.channel, "corpus show", "article", "xxx")
    (chosen,) = [one["value"] for one in offered]
    result = await picket.moderator.slash(picket.channel, "corpus show", article=chosen)
    assert "The glaziers struck." in said(result)
