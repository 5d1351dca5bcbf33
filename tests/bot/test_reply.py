"""bot.reply: whatever is said becomes a message that Discord takes, that pings nobody and that nothing is kept of.

Every message is checked twice: by simcord, which refuses what Discord refuses, and by counting here.
"""

import threading
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.ext import commands
from hypothesis import given
from hypothesis import strategies as st
from simcord.components import COMPONENTS_V2_FLAG, validate_components
from simcord.env import Env

from bot import words
from bot.blocks import (
    Action,
    Block,
    Choosing,
    Controls,
    Fields,
    Heading,
    Link,
    Menu,
    Note,
    Option,
    Paragraph,
    Progress,
    Quote,
    Reply,
    Rule,
    Source,
    Style,
    Tone,
)
from bot.button_ids import answer_actions
from bot.render import answer_reply, articles_reply, context_reply, further_reply, timeline_reply
from bot.reply import SILENT, layout
from index.records import Answer, Citation, IndexedArticle, Outcome, Span
from tests.bot.discord_markdown import length_of, plain, read, styles_of, text_of
from tests.bot.hostile import (
    ASKED,
    answer,
    answers,
    article,
    articles,
    citation,
    citations,
    cited_texts,
    law,
    lines,
    texts,
)
from tests.bot.test_fitting import blocks

WALK_OUT = "The dockers walked out on Monday."
CARD = answer_reply(
    answer(
        citation(f"The talks had failed. {WALK_OUT}", WALK_OUT, 1, also=(article(outlet="Evening Star"),)),
        citation(WALK_OUT, WALK_OUT, 2, url="https://post.example/" + "a" * 600),
        citation(WALK_OUT, WALK_OUT, 3, title="@everyone <@1> [x](https://evil.example)"),
    ),
    asked_at=ASKED,
)
MOST = answer_actions(2**63 - 1, more=True, contexts=3, private=False)


def walked(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, those within others too, as Discord counts them."""
    for component in components:
        yield component
        yield from walked(component.get("components", []))
        yield from walked([component["accessory"]] if "accessory" in component else [])


def sent(view: discord.ui.LayoutView) -> list[dict[str, Any]]:
    """The message's components, which Discord would take."""
    components = validate_components(view.to_components(), flags=COMPONENTS_V2_FLAG)  # type: ignore[no-untyped-call]
    every = list(walked(components))
    shown = [one["content"] for one in every if one["type"] == 10]
    assert len(every) <= 40
    assert sum(len(text.encode("utf-16-le")) // 2 for text in shown) <= 4_000
    assert sum(len(text.encode()) + 12 for text in shown) <= 6_900
    assert all(text.strip() for text in shown)
    for one in every:
        assert len((one.get("label") or "").encode("utf-16-le")) // 2 <= 80
        assert len(one.get("custom_id") or "") <= 100
        if "url" in one:
            assert one["url"].startswith(("http://", "https://"))
            assert len(one["url"]) <= 512
        if one["type"] == 2:
            assert one.get("label") or one.get("emoji")
    return components


def markdown_of(components: list[dict[str, Any]]) -> list[str]:
    return [one["content"] for one in walked(components) if one["type"] == 10]


def harmless(components: list[dict[str, Any]]) -> None:
    """Nothing is a mention, a link, an emoji or a spoiler; those are the styles that blocks have."""
    for text in markdown_of(components):
        assert styles_of(read(text)) <= {"bold", "quote", "small", "heading", "list"}


@law
@given(answers(), st.booleans())
def test_every_card_keeps_the_limits_and_does_nothing(given_answer: Answer, private: bool) -> None:
    reply = answer_reply(given_answer, asked_at=ASKED)
    actions = answer_actions(2**63 - 1, more=True, contexts=len(given_answer.citations), private=private)
    components = sent(layout(reply, actions))
    harmless(components)
    assert 0 < length_of(layout(reply, actions)) <= 4_000


@law
@given(answers())
def test_every_quote_on_a_card_reads_as_a_slice_of_its_article(given_answer: Answer) -> None:
    components = sent(layout(answer_reply(given_answer, asked_at=ASKED), MOST))
    cited = {f"[{one.number}] ": one for one in given_answer.citations}
    for text in markdown_of(components):
        signs = read(text)
        quoted = plain(text_of(signs, "quote"))
        if not quoted:
            continue
        (number,) = (one for one in cited if any(line.startswith(one) for line in text_of(signs).split("\n")))
        citation_ = cited[number]
        highlight = citation_.highlights[0]
        start = citation_.span.start
        assert quoted in plain(citation_.text)
        best = plain(citation_.text[highlight.start - start : highlight.end - start])
        assert "".join(plain(text_of([one for one in signs if "quote" in one.styles], "bold")).split()) == "".join(
            best.split()
        )


@law
@given(st.lists(blocks, max_size=30))
def test_whatever_blocks_are_put_together_the_message_is_sound(given_blocks: list[Block]) -> None:
    once: list[Block] = []
    for block in given_blocks:
        if not (isinstance(block, Controls) and block in once):
            once.append(block)
    reply = Reply(tuple(once))
    harmless(sent(layout(reply)))
    assert length_of(layout(reply)) <= 4_000


@law
@given(st.lists(articles(), max_size=12), st.lists(citations(4), max_size=3), cited_texts(), texts)
def test_every_list_and_every_context_keeps_the_limits(
    found: list[IndexedArticle], cited: list[Citation], given_text: tuple[str, Span, Span], title: str
) -> None:
    text, span, highlight = given_text
    actions = (Action("back", "Back"), Action("on", "On"))
    for reply in (
        articles_reply(found, page=1, pages=2, title=title),
        timeline_reply(found, page=1, pages=2, title=title),
        further_reply(cited, page=1, pages=2),
        context_reply(article(), text, span, highlight),
    ):
        harmless(sent(layout(reply, actions)))


@law
@given(
    st.lists(
        st.one_of(
            st.builds(Action, st.uuids().map(str), texts, st.sampled_from(["", "👍"]), st.sampled_from(Style)),
            st.builds(
                Menu,
                st.uuids().map(str),
                texts,
                options=st.lists(
                    st.builds(Option, st.integers(0, 99).map(str), lines, texts, st.booleans()), min_size=1, max_size=40
                ).map(tuple),
                least=st.integers(0, 30),
                most=st.integers(0, 30),
            ),
            st.builds(
                Menu,
                st.uuids().map(str),
                texts,
                st.sampled_from([Choosing.CHANNELS, Choosing.WRITTEN, Choosing.ROLES]),
                chosen=st.lists(st.integers(1, 2**63), unique=True, max_size=40).map(tuple),
                least=st.integers(0, 30),
                most=st.integers(0, 30),
            ),
        ),
        max_size=8,
    ),
    texts,
)
def test_whatever_buttons_and_menus_say_they_are_sound(items: list[Action | Menu], text: str) -> None:
    sent(layout(Reply((Paragraph(text), Controls(tuple(items[:4])))), items[4:]))


def test_a_card_is_a_container_with_texts_sources_and_rows_of_buttons() -> None:
    components = sent(layout(CARD, MOST))
    assert [one["type"] for one in components] == [17, 1, 1]
    assert [one["type"] for one in components[0]["components"]] == [9, 14, 10, 14, 9]
    assert components[0]["accent_color"] == discord.Colour.green().value
    first = components[0]["components"][0]
    assert first["accessory"]["url"] == "https://post.example/dockers"
    assert first["accessory"]["label"] == "Read [1]"
    assert [one.get("label") or one["emoji"]["name"] for row in components[1:] for one in row["components"]] == [
        "More",
        "Context [1]",
        "Context [2]",
        "Context [3]",
        "Ask a follow-up",
        "👍",
        "👎",
        "Delete",
    ]
    too_long = text_of(read(components[0]["components"][2]["content"]))
    assert "Link: https://post.example/aaa" in too_long


def test_a_sentence_that_is_too_long_is_told_with_its_headline_and_link() -> None:
    endless = "The dockers " + "x" * 9_000
    components = sent(layout(answer_reply(answer(citation(endless, endless)), asked_at=ASKED)))
    (section,) = components[0]["components"]
    assert text_of(read(section["components"][0]["content"])) == (
        f"[1] Harbour Post, 10 May 2031 · Dockers walk out\n{words.QUOTE_TOO_LONG}"
    )
    assert section["accessory"]["url"] == "https://post.example/dockers"


def test_a_quote_that_is_too_long_is_only_its_answering_sentence_without_an_ellipsis() -> None:
    text = f"{'Much was said before. ' * 300}{WALK_OUT}{' Much came after.' * 300}"
    (told,) = markdown_of(sent(layout(answer_reply(answer(citation(text, WALK_OUT)), asked_at=ASKED))))
    assert told.startswith(f"> **{WALK_OUT}**\n")
    assert "…" not in told


@pytest.mark.parametrize("tone", Tone)
def test_every_tone_has_its_colour(tone: Tone) -> None:
    (container,) = sent(layout(Reply((Paragraph("x"),), tone)))
    assert (container.get("accent_color") is None) == (tone is Tone.PLAIN)


def test_two_buttons_with_one_id_are_a_mistake_of_the_caller() -> None:
    reply = Reply((Paragraph("x"), Controls((Action("a", "A"),))))
    with pytest.raises(ValueError, match="Two buttons or menus have the id “a”"):
        layout(reply, (Action("a", "B"),))


@pytest.mark.parametrize("options", [(), (Option("", "x"),), (Option("x" * 101, "x"),)])
def test_a_menu_without_sound_options_is_a_mistake_of_the_caller(options: tuple[Option, ...]) -> None:
    with pytest.raises(ValueError, match="The menu “m” needs options"):
        layout(Reply((Paragraph("x"),)), (Menu("m", options=options),))


def test_a_menu_keeps_what_was_chosen() -> None:
    options = tuple(Option(f"v{number}", f"Option {number}", chosen=number < 2) for number in range(30))
    menus = (
        Menu("options", "Choose", options=options, least=0, most=3),
        Menu("channels", choosing=Choosing.CHANNELS, chosen=(5, 6), least=0, most=25),
        Menu("roles", choosing=Choosing.ROLES, chosen=(7,), disabled=True),
    )
    _, first, second, third = (row["components"][0] if row["type"] == 1 else row for row in sent(layout(CARD, menus)))
    assert [one["value"] for one in first["options"] if one["default"]] == ["v0", "v1"]
    assert len(first["options"]) == 25
    assert (first["placeholder"], first["min_values"], first["max_values"]) == ("Choose", 0, 3)
    assert second["default_values"] == [{"id": 5, "type": "channel"}, {"id": 6, "type": "channel"}]
    assert third["default_values"] == [{"id": 7, "type": "role"}]
    assert third["disabled"]


def test_channels_that_hold_threads_alone_are_not_offered_where_messages_are_to_be_sent() -> None:
    menus = (Menu("any", choosing=Choosing.CHANNELS), Menu("written", choosing=Choosing.WRITTEN))
    _, every, written = (row["components"][0] if row["type"] == 1 else row for row in sent(layout(CARD, menus)))
    assert set(every["channel_types"]) - set(written["channel_types"]) == {15, 16}  # forums, and those of media
    assert {0, 2, 5, 13} == set(written["channel_types"])


def test_heavy_menus_take_their_room_from_the_text() -> None:
    options = tuple(Option(f"{number:03}" * 30, "罢工" * 50, "罢工" * 50) for number in range(25))
    reply = Reply((Paragraph("word " * 790),))
    light = length_of(layout(reply, (Menu("m", options=options[:1]),)))
    assert light == 3_949
    assert length_of(layout(reply, (Menu("m", options=options),))) <= 600


def test_links_and_controls_stand_where_they_were_put() -> None:
    reply = Reply(
        (
            Heading("Settings"),
            Fields((("Time zone", "UTC"),)),
            Controls((Action("zone", "Change", style=Style.MAIN),)),
            Rule(),
            Progress("Reading", 1, 2),
            Link("https://post.example/", ""),
            Quote(()),
            Note("Done."),
            Source(None, "Harbour Post"),
        )
    )
    (container,) = sent(layout(reply))
    assert [one["type"] for one in container["components"]] == [10, 1, 14, 10, 1, 10, 10]
    assert container["components"][4]["components"][0]["label"] == words.OPEN


def test_a_card_can_be_made_in_any_thread() -> None:
    made: list[discord.ui.LayoutView] = []
    thread = threading.Thread(target=lambda: made.append(layout(CARD, MOST)))
    thread.start()
    thread.join()
    assert sent(made[0])
    assert made[0].is_finished()
    assert made[0].timeout is None


class Pressed(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"picket:context:(?P<shown>[0-9]+):(?P<number>[0-9]+)"
):
    """Tells which button was pressed."""

    def __init__(self, number: str) -> None:
        super().__init__(discord.ui.Button(label="Context", custom_id=f"picket:context:1:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: Any, /) -> "Pressed":
        return cls(match["number"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        told = layout(Reply((Paragraph(f"Pressed {self.number}"),)))
        await interaction.response.send_message(view=told, ephemeral=True, allowed_mentions=SILENT)


class Speaker(commands.Bot):
    """Says the card in each of the ways in which a bot can."""

    def __init__(self) -> None:
        super().__init__(commands.when_mentioned, intents=discord.Intents.default())

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Pressed)

        @self.tree.command(description="Says the card")
        @app_commands.describe(private="for you alone", late="after a while")
        async def card(interaction: discord.Interaction[Any], private: bool = False, late: bool = False) -> None:
            if late:
                await interaction.response.defer(ephemeral=private)
                await interaction.edit_original_response(view=layout(CARD, MOST), allowed_mentions=SILENT)
                await interaction.followup.send(view=layout(CARD, MOST), ephemeral=private, allowed_mentions=SILENT)
            else:
                await interaction.response.send_message(
                    view=layout(CARD, MOST), ephemeral=private, allowed_mentions=SILENT
                )

        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            await message.reply(view=layout(CARD, MOST), mention_author=False, allowed_mentions=SILENT)


@pytest.fixture
def simcord_bot() -> Speaker:
    return Speaker()


def kept(env: Env) -> int:
    """How many views the client holds on to."""
    assert env.bot is not None
    return len(env.bot._connection._view_store._synced_message_views) + len(env.bot.persistent_views)


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("late", [False, True])
async def test_a_card_can_be_said_to_a_command_and_its_buttons_work(
    simcord_env: Env, private: bool, late: bool
) -> None:
    guild = simcord_env.create_guild("Home")
    channel = guild.create_text_channel("general")
    ann = guild.add_member(simcord_env.create_user("ann"))
    result = await ann.slash(channel, "card", private=private, late=late)
    assert result.ephemeral == private
    messages = [result.response, *result.followups]
    assert len(messages) == 1 + late
    for message in messages:
        assert message is not None
        assert message.flags.components_v2
        assert text_of(read(markdown_of(message.components)[0]), "bold") == WALK_OUT
        pressed = await ann.click(message, label="Context [2]")
        assert pressed.response is not None
        assert markdown_of(pressed.response.components) == ["Pressed 2"]
    assert kept(simcord_env) == 0


async def test_a_card_can_be_said_in_a_channel_and_in_direct_messages(simcord_env: Env) -> None:
    guild = simcord_env.create_guild("Home")
    channel = guild.create_text_channel("general")
    ann = guild.add_member(simcord_env.create_user("ann"))
    for message in (await ann.send(channel, "when?"), await ann.send_dm("when?")):
        await simcord_env.settle()
        assert simcord_env.bot is not None
        said = [one async for one in message.channel.history() if one.author == simcord_env.bot.user]
        assert len(said) == 1
        assert said[0].flags.components_v2
        assert said[0].mentions == []
    assert kept(simcord_env) == 0


async def test_no_message_asks_discord_to_ping(simcord_env: Env) -> None:
    guild = simcord_env.create_guild("Home")
    ann = guild.add_member(simcord_env.create_user("ann"))
    await ann.slash(guild.create_text_channel("general"), "card", late=True)
    bodies = [entry.json for entry in simcord_env.http_requests if isinstance(entry.json, dict)]
    told = [body.get("data") or body for body in bodies if "components" in (body.get("data") or body)]
    assert len(told) == 2
    assert all(body["allowed_mentions"]["parse"] == [] for body in told)


def test_weak_and_empty_answers_make_sound_messages_too() -> None:
    for given_answer in (answer(outcome=Outcome.NOTHING), answer(outcome=Outcome.WEAK), answer()):
        sent(layout(answer_reply(given_answer, asked_at=ASKED)))
