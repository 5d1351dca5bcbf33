"""`/articles`, `/timeline` and `/help` on a simulated Discord."""

import pytest

from bot import words, words_asking
from bot.article_lists import outlet_mark
from bot.button_ids import custom_id
from tests.bot.calls import call, command_data, forged, own_app
from tests.bot.conftest import HOME, World, card, pressable, said
from tests.engines import ADDED, PLACES, write


@pytest.mark.parametrize("restarted", [False, True])
async def test_articles_are_paged_for_oneself_and_nothing_is_lost_between_pages(picket: World, restarted: bool) -> None:
    result = await picket.ann.slash(picket.channel, "articles")
    assert result.ephemeral
    seen = [said(result)]
    if restarted:
        await picket.restart()
    await picket.ann.click(card(result), label=words.NEXT)
    seen.append(said(result))
    assert "Page 2 of 2" in seen[1]
    whole = "\n".join(seen)
    for place in PLACES:
        assert whole.count(f"{place} dockers walk out") == 1
    assert whole.count("Quillhaven goes dark") == 1
    assert "Morrowby" not in whole
    await picket.ann.click(card(result), label=words.PREVIOUS)
    assert said(result) == seen[0]


async def test_articles_are_narrowed_down_by_outlet_and_day(picket: World) -> None:
    everything = await picket.ann.slash(
        picket.channel, "articles", outlet="harbour  POST", since="2031", until="May 2031"
    )
    assert f"{words.ARTICLES}, Harbour Post, from 1 January 2031, to 31 May 2031" in said(everything)
    assert "Page 1 of 2" in said(everything)
    await picket.ann.click(card(everything), label=words.NEXT)
    assert f"{words.ARTICLES}, Harbour Post, from 1 January 2031, to 31 May 2031" in said(everything)
    nothing = await picket.ann.slash(picket.channel, "articles", until="2030")
    assert words.NO_ARTICLES in said(nothing)
    assert words.NO_ARTICLES in said(await picket.ann.slash(picket.channel, "articles", outlet="Nowhere News"))


async def test_a_list_by_a_union_and_outlets_that_are_offered(picket: World) -> None:
    result = await picket.ann.slash(picket.channel, "articles", union="the writers' guild")
    assert "Writers to meet the studios" in said(result)
    assert "dockers" not in said(result)
    offered = await picket.ann.autocomplete(picket.channel, "articles", "outlet", "harb")
    assert [one["value"] for one in offered] == ["Harbour Post"]
    assert await picket.ann.autocomplete(picket.channel, "articles", "outlet", "zzz") == []


async def test_an_outlet_with_a_name_too_long_for_discord_can_be_chosen(picket: World) -> None:
    names = [f"The {'Very ' * 25}Long {end} Gazette" for end in ("Morning", "Evening")]
    for name in names:
        place = name.split()[-2].lower()
        write(picket.config.parent / "articles", place, f"The {place} news of the weavers.", title=place, outlet=name)
    picket.bot.engine.reindex(now=ADDED)
    offered = await picket.ann.autocomplete(picket.channel, "articles", "outlet", "evening")
    (chosen,) = [one["value"] for one in offered]
    listed = said(await picket.ann.slash(picket.channel, "articles", outlet=chosen))
    assert "Long Evening Gazette" in listed
    assert "Morning" not in listed


async def test_what_can_t_be_read_is_told(picket: World) -> None:
    assert "“soonish”" in said(await picket.ann.slash(picket.channel, "articles", since="soonish"))
    assert "nobody's union" in said(await picket.ann.slash(picket.channel, "timeline", union="nobody's union"))


@pytest.mark.parametrize("restarted", [False, True])
async def test_the_timeline_runs_from_the_oldest_on(picket: World, restarted: bool) -> None:
    result = await picket.ann.slash(picket.channel, "timeline")
    assert words.TIMELINE in said(result)
    assert "May 2031" in said(result)
    first = said(result)
    if restarted:
        await picket.restart()
    await picket.ann.click(card(result), label=words.NEXT)
    assert "Page 2 of 2" in said(result)
    assert all((f"{place} dockers" in first) != (f"{place} dockers" in said(result)) for place in PLACES)


async def test_direct_messages_and_foreign_servers_list_the_public_articles_alone(picket: World) -> None:
    direct = await picket.ann.user.slash("articles")
    assert not direct.ephemeral
    assert "Page 1 of 2" in said(direct)
    for name in ("articles", "timeline"):
        data = command_data(picket.env, name)
        foreign = await call(picket.env, picket.ann, picket.channel, data, changes=own_app(picket.ann, HOME))
        texts = said(foreign)
        while words.NEXT in pressable(foreign) and "Page 2 of 2" not in said(foreign):
            await picket.ann.click(card(foreign), label=words.NEXT)
            break
        assert "Quillhaven" not in texts


async def test_an_id_that_somebody_made_up_lists_only_what_they_may_see(picket: World) -> None:
    result = await picket.cleo.slash(picket.far, "articles")
    for arguments in (
        ("-", "-", "-", "-", 1),
        ("-", "-", "-", "-", 999_999),
        ("2031-99-99", "x", "no.such.union", outlet_mark("Harbour Post"), 0),
    ):
        identity = custom_id("articles", 0, *arguments)
        turned = await forged(picket.env, picket.cleo, picket.far, identity, result)
        assert "Quillhaven" not in said(turned)


async def test_a_withdrawn_article_is_not_listed(picket: World) -> None:
    picket.bot.engine.folder.remove("writers.md")
    assert "Writers to meet" not in said(await picket.ann.slash(picket.channel, "articles", union="wga"))


async def test_help_says_what_there_is(picket: World) -> None:
    result = await picket.ann.slash(picket.channel, "help")
    assert result.ephemeral
    for line in (*words_asking.HELP_MEMBERS, *words_asking.HELP_MODERATORS):
        assert line.split(":")[0].split(",")[0] in said(result)
    assert words_asking.HELP_INTRODUCTION in said(await picket.dora.slash("help"))
