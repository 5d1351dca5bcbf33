"""Turns a `Reply` into Discord's components, within Discord's limits, so that nothing in it can ping anyone.

What stands in it and in which order is `render`'s and the cogs'; what the text looks like in markdown is `markdown`'s.
"""

from collections.abc import Sequence
from typing import Any

import discord

from bot.blocks import Action, Block, Choosing, Controls, Link, Menu, Reply, Rule, Source, Style, Tone
from bot.escape import cut, openable
from bot.fitting import MAX_COMPONENTS, MAX_TEXT, cost, fit, rows_of, weight_of
from bot.markdown import block_markdown
from bot.words import OPEN

# Discord's limits.
_LABEL = 80
_PLACEHOLDER = 150
_OPTION = 100
_OPTIONS = 25

# Units of labels, values and ids that go beside a full text; what is over is taken from the text (`escape.units`). Judged.
_LIGHT = 1_500
_LEAST = 500  # units of text that are shown beside however heavy controls: a heading and some lines. Judged.

SILENT = discord.AllowedMentions.none()  # to be sent with every message, beside the client's own setting

_COLOURS = {
    Tone.PLAIN: None,
    Tone.GOOD: discord.Colour.green(),
    Tone.UNSURE: discord.Colour.gold(),
    Tone.BAD: discord.Colour.red(),
}
_STYLES = {
    Style.PLAIN: discord.ButtonStyle.secondary,
    Style.MAIN: discord.ButtonStyle.primary,
    Style.GOOD: discord.ButtonStyle.success,
    Style.DANGER: discord.ButtonStyle.danger,
}
_WRITTEN = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
]
_CHANNELS = {
    Choosing.CHANNELS: [*_WRITTEN, discord.ChannelType.forum, discord.ChannelType.media],
    Choosing.WRITTEN: _WRITTEN,
}

Container = discord.ui.Container[discord.ui.LayoutView]


class Card(discord.ui.LayoutView):
    """A reply as Discord's components. It listens to nothing: presses come back by their ids, to dynamic items.

    discord.py keeps every view that was sent and isn't finished, for ever where it has no time-out; a card is always
    finished, so none is kept, and it may be made in any thread.
    """

    def __init__(self) -> None:
        super().__init__(timeout=None)

    def is_finished(self) -> bool:
        return True


def layout(reply: Reply, actions: Sequence[Action | Menu] = ()) -> Card:
    """The message: one container, and the actions under it. Send it with `allowed_mentions=SILENT`.

    What doesn't fit is left out and that is said. ValueError where buttons and menus alone are too many, or where two
    have one id: mistakes of the caller, not of what is shown.
    """
    controls = Controls(tuple(actions))
    _refuse_repeats([*reply.blocks, controls])
    view = Card()
    container: Container = discord.ui.Container(accent_colour=_COLOURS[reply.tone])
    for item in _items(_fitted(reply, controls)):
        container.add_item(item)
    view.add_item(container)
    for row in _rows(controls):
        view.add_item(row)
    return view


def _fitted(reply: Reply, controls: Controls) -> tuple[Block, ...]:
    every = [*reply.blocks, controls]
    weight = sum(weight_of(block) for block in every if isinstance(block, Controls))
    return fit(
        reply.blocks,
        components=MAX_COMPONENTS - 1 - cost([controls]),
        text=max(MAX_TEXT - max(0, weight - _LIGHT), _LEAST),
    )


def _items(blocks: Sequence[Block]) -> list[discord.ui.Item[Any]]:
    """Blocks as components; texts next to each other share a text display."""
    made: list[discord.ui.Item[Any]] = []
    texts: list[str] = []

    def put(*items: discord.ui.Item[Any]) -> None:
        if texts:
            made.append(discord.ui.TextDisplay("\n".join(texts)))
            texts.clear()
        made.extend(items)

    for block in blocks:
        match block:
            case Controls():
                put(*_rows(block))
            case Rule():
                put(discord.ui.Separator())
            case Source():
                text: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay(block_markdown(block))
                button = _link(block.link)
                put(discord.ui.Section(text, accessory=button) if button else text)
            case Link() if button := _link(block):
                put(discord.ui.ActionRow(button))
            case _:
                texts.append(block_markdown(block))
    put()
    return made


def _link(link: Link | None) -> discord.ui.Button[Any] | None:
    url = openable(link.url) if link else None
    return discord.ui.Button(label=_label(link.label) or OPEN, url=url) if link and url else None


def _rows(controls: Controls) -> list[discord.ui.ActionRow[Any]]:
    return [discord.ui.ActionRow(*map(_item, row)) for row in rows_of(controls)]


def _item(item: Action | Menu) -> discord.ui.Item[Any]:
    if isinstance(item, Menu):
        return _menu(item)
    label = _label(item.label)
    return discord.ui.Button(
        style=_STYLES[item.style],
        label=label or (None if item.emoji else OPEN),
        emoji=item.emoji or None,
        custom_id=item.custom_id,
        disabled=item.disabled,
    )


def _menu(menu: Menu) -> discord.ui.Item[Any]:
    chosen = menu.chosen[:_OPTIONS]
    options = {option.value: option for option in menu.options[:_OPTIONS]}
    most = max(min(menu.most, _OPTIONS), len(chosen), 1)
    if menu.choosing is Choosing.OPTIONS:
        if not options or any(not 0 < len(value) <= _OPTION for value in options):
            raise ValueError(
                f"The menu “{menu.custom_id}” needs options, each with a value of 1 to {_OPTION} characters."
            )
        most = min(most, len(options))
    common: dict[str, Any] = {
        "custom_id": menu.custom_id,
        "placeholder": cut(menu.placeholder, _PLACEHOLDER, markup=False) or None,
        "min_values": min(menu.least, most),
        "max_values": most,
        "disabled": menu.disabled,
    }
    if kinds := _CHANNELS.get(menu.choosing):
        channels = [discord.SelectDefaultValue(id=one, type=discord.SelectDefaultValueType.channel) for one in chosen]
        return discord.ui.ChannelSelect(channel_types=kinds, default_values=channels, **common)
    if menu.choosing is Choosing.ROLES:
        roles = [discord.SelectDefaultValue(id=one, type=discord.SelectDefaultValueType.role) for one in chosen]
        return discord.ui.RoleSelect(default_values=roles, **common)
    return discord.ui.Select(
        options=[
            discord.SelectOption(
                label=cut(option.label, _OPTION, markup=False) or value,
                value=value,
                description=cut(option.description, _OPTION, markup=False) or None,
                default=option.chosen,
            )
            for value, option in options.items()
        ],
        **common,
    )


def _label(text: str) -> str:
    return cut(text, _LABEL, markup=False)


def _refuse_repeats(blocks: Sequence[Block]) -> None:
    ids = [item.custom_id for block in blocks if isinstance(block, Controls) for item in block.items]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ValueError(f"Two buttons or menus have the id “{twice[0]}”; Discord takes each once.")
