"""Calls that simcord's actors can't make: of an app that a person installed for themselves, many at once, with forged ids.

They are built as Discord builds them, and then changed in the one thing that a test is about.
"""

from collections.abc import Sequence
from typing import Any

from simcord import interactions
from simcord.backend import serializers
from simcord.backend.models import Interaction
from simcord.builders import ChannelHandle, UserHandle
from simcord.enums import AppCommandType, ComponentType, InteractionType
from simcord.env import Env
from simcord.results import InteractionResult, ResponseMessage

from simcord import MemberActor  # isort: skip


def command_data(env: Env, name: str, kind: int = AppCommandType.CHAT_INPUT, **options: Any) -> dict[str, Any]:
    """A command that is known to Discord, with options of text and truth."""
    root = env.backend.find_command(name, None, type=kind)
    assert root is not None, f"{name} was never synced"
    declared = {one["name"]: one for one in root.get("options") or []}
    given = [{"name": key, "type": declared[key]["type"], "value": value} for key, value in options.items()]
    return {"id": root["id"], "name": root["name"], "type": kind, "options": given}


def begin(
    env: Env,
    person: MemberActor | UserHandle,
    channel: ChannelHandle,
    data: dict[str, Any],
    *,
    kind: int = InteractionType.APPLICATION_COMMAND,
    changes: dict[str, Any] | None = None,
    message: ResponseMessage | None = None,
) -> Interaction:
    """Sends one call and doesn't wait for what the bot makes of it."""
    guild = getattr(person, "guild", None)
    record, payload = interactions.base_payload(
        env.backend,
        type=kind,
        channel_id=channel.id,
        guild_id=guild.id if guild is not None else None,
        user_id=person.id,
        data=data,
    )
    if message is not None:
        stored = env.backend.get_message(message.channel_id, message.id)
        payload["message"] = dict(serializers.message_payload(env.backend, stored))
        record.source_message_id = stored.id
    payload.update(changes or {})
    env.backend.emit("INTERACTION_CREATE", payload)
    return record


async def call(env: Env, *args: Any, **kwargs: Any) -> InteractionResult:
    """One call, and all that the bot does about it."""
    record = begin(env, *args, **kwargs)
    await env.settle()
    return InteractionResult(env, record)


def own_app(person: MemberActor | UserHandle, guild: int) -> dict[str, Any]:
    """What Discord says of a call in a server that never invited the bot, by a person who installed it for themselves."""
    return {
        "guild_id": str(guild),
        "guild": {"id": str(guild), "locale": "en-US", "features": []},
        "authorizing_integration_owners": {"1": str(person.id)},
        "context": 0,
    }


def own_app_elsewhere(person: MemberActor | UserHandle) -> dict[str, Any]:
    """The same in a group, or in a direct message with somebody else."""
    return {"authorizing_integration_owners": {"1": str(person.id)}, "context": 2}


def press_data(custom_id: str) -> dict[str, Any]:
    return {"custom_id": custom_id, "component_type": ComponentType.BUTTON}


async def forged(
    env: Env,
    person: MemberActor | UserHandle,
    channel: ChannelHandle,
    identity: str,
    answer: InteractionResult,
    *,
    changes: dict[str, Any] | None = None,
) -> InteractionResult:
    """A press of a button that was never sent: in place of the card's own there is one with an id that somebody made up."""
    assert answer.response is not None
    stored = env.backend.get_message(answer.response.channel_id, answer.response.id)
    button = {"type": ComponentType.BUTTON, "style": 2, "label": "x", "custom_id": identity}
    stored.components = [{"type": ComponentType.ACTION_ROW, "components": [button]}]
    return await call(
        env,
        person,
        channel,
        press_data(identity),
        kind=InteractionType.MESSAGE_COMPONENT,
        message=answer.response,
        changes=changes,
    )


def texts(components: Sequence[dict[str, Any]]) -> str:
    """All that a card says, in order, without its buttons."""
    found: list[str] = []
    for one in components:
        if "content" in one:
            found.append(one["content"])
        found.append(texts(one.get("components", ())))
    return "\n".join(filter(None, found))


def buttons(components: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Its buttons that can be pressed, links left out."""
    found: list[dict[str, Any]] = []
    for one in components:
        if one.get("type") == ComponentType.BUTTON and "custom_id" in one:
            found.append(one)
        found += buttons(one.get("components", ()))
    return found


def below(env: Env, root: str, name: str, **options: Any) -> dict[str, Any]:
    """As `command_data`, for a command below another one."""
    known = env.backend.find_command(root, None, type=AppCommandType.CHAT_INPUT)
    assert known is not None, f"{root} was never synced"
    leaf = next(one for one in known["options"] if one["name"] == name)
    declared = {one["name"]: one for one in leaf.get("options") or []}
    given = [{"name": key, "type": declared[key]["type"], "value": value} for key, value in options.items()]
    return {
        "id": known["id"],
        "name": root,
        "type": AppCommandType.CHAT_INPUT,
        "options": [{"name": name, "type": 1, "options": given}],
    }
