"""What Discord refuses: says of a message or modal in JSON which of its documented limits it breaks, or nothing."""

from collections.abc import Iterator, Sequence

from tests.discord_server.world import Payload

COMPONENTS_V2 = 1 << 15
EPHEMERAL = 1 << 6
LOADING = 1 << 7

_TEXT, _BUTTON, _ROW, _CONTAINER, _LABEL = 10, 2, 1, 17, 18
_LINK = 5  # a button's style
_SELECTS = (3, 5, 6, 7, 8)


def walk(components: Sequence[Payload]) -> Iterator[Payload]:
    """Every component, with those inside others, in the order in which they are read."""
    for one in components:
        yield one
        yield from walk(one.get("components") or [])
        yield from walk([inner for key in ("accessory", "component") if (inner := one.get(key))])


def texts(message: Payload) -> str:
    """All words of a message, a line a text."""
    shown = [one["content"] for one in walk(message["components"]) if one["type"] == _TEXT]
    return "\n".join([*filter(None, [message.get("content")]), *shown])


def buttons(message: Payload) -> list[Payload]:
    return [one for one in walk(message["components"]) if one["type"] == _BUTTON]


def message_faults(message: Payload) -> list[str]:
    """What a message breaks, as sentences with the component's kind."""
    components = list(walk(message.get("components") or []))
    content = message.get("content") or ""
    found = [] if len(content) <= 2_000 else ["content is longer than 2000"]
    if (message.get("flags") or 0) & COMPONENTS_V2:
        if content or message.get("embeds"):
            found.append("content or embeds beside components of the second version")
        if not components:
            found.append("no components")
        if len(components) > 40:
            found.append(f"{len(components)} components")
        if sum(len(one["content"]) for one in components if one["type"] == _TEXT) > 4_000:
            found.append("more than 4000 characters of text")
    elif any(one["type"] in (_TEXT, _CONTAINER) for one in components):
        found.append("components of the second version without their flag")
    elif not (content or components or message.get("embeds") or message.get("attachments")):
        found.append("an empty message")
    return found + component_faults(components)


def modal_faults(modal: Payload) -> list[str]:
    components = list(walk(modal["components"]))
    found = [] if 1 <= len(modal["title"]) <= 45 else ["the title's length"]
    if not 1 <= len(modal["components"]) <= 5:
        found.append("the number of components")
    if not 1 <= len(modal["custom_id"]) <= 100:
        found.append("the custom_id's length")
    found += [f"a label of {len(one['label'])}" for one in components if len(one.get("label") or "") > 45]
    return found + component_faults([one for one in components if one["type"] not in (_LABEL,)])


def component_faults(components: Sequence[Payload]) -> list[str]:
    named = [one["custom_id"] for one in components if one.get("custom_id") is not None]
    found = [f"custom_id {one!r} twice" for one in set(named) if named.count(one) > 1]
    found += [f"custom_id of {len(one)} characters" for one in named if not 1 <= len(one) <= 100]
    for one in components:
        kind = one["type"]
        if kind == _TEXT and not one["content"].strip():
            found.append("an empty text")
        if kind == _BUTTON:
            if len(one.get("label") or "") > 80:
                found.append("a label longer than 80")
            if one["style"] == _LINK and not 1 <= len(one.get("url") or "") <= 512:
                found.append("a link's length")
            if (one["style"] == _LINK) == ("custom_id" in one):
                found.append("a button needs a link or a custom_id")
        if kind == _ROW and not 1 <= len(one["components"]) <= 5:
            found.append(f"a row of {len(one['components'])}")
        if kind == _CONTAINER and not one["components"]:
            found.append("an empty container")
        if kind in _SELECTS and len(one.get("options") or []) > 25:
            found.append("more than 25 options")
    return found
