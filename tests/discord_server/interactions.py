"""What a person does with the bot's commands, buttons and modals, as Discord tells it, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from secrets import token_hex
from typing import Any

from tests.discord_server.limits import EPHEMERAL, LOADING, texts
from tests.discord_server.world import ADMINISTRATOR, MEMBER, Channel, Payload, User, World, snowflake

Options = Mapping[str, Any]


class Kind(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    COMPLETION = 4
    MODAL = 5


@dataclass(slots=True, eq=False)
class Interaction:
    """One of them: `sent_at` and `acknowledged_at` on the server's monotonic clock, then what the bot showed for it."""

    payload: Payload
    user: User
    channel: Channel
    sent_at: float = 0.0
    acknowledged_at: float | None = None
    callback: Payload = field(default_factory=dict)
    original: Payload | None = None
    followups: list[Payload] = field(default_factory=list)
    expired: bool = False

    @property
    def id(self) -> int:
        return int(self.payload["id"])

    @property
    def token(self) -> str:
        return str(self.payload["token"])

    @property
    def acknowledged_after(self) -> float:
        """Seconds from the gateway's sending to the callback's coming in."""
        assert self.acknowledged_at is not None, "never acknowledged"
        return self.acknowledged_at - self.sent_at

    @property
    def shown(self) -> list[Payload]:
        """The messages that the person sees because of it, as they are now; one that says “thinking” is none."""
        first = [] if self.original is None or self.original["flags"] & LOADING else [self.original]
        return first + self.followups

    @property
    def text(self) -> str:
        return "\n".join(texts(one) for one in self.shown)

    @property
    def private(self) -> bool:
        return all(one["flags"] & EPHEMERAL for one in self.shown)

    @property
    def modal(self) -> Payload:
        assert self.callback.get("type") == 9, self.callback
        data: Payload = self.callback["data"]
        return data


def interaction(
    world: World, kind: Kind, data: Payload, user: User, channel: Channel, message: Payload | None = None
) -> Interaction:
    """As Discord sends it: in a server with the member and their permissions, in a direct channel with the person.

    In a server where the bot is not, it is a call by the person's own installation.
    """
    guild = channel.guild
    payload: Payload = {
        "id": str(snowflake()),
        "application_id": str(world.bot.id),
        "type": int(kind),
        "token": token_hex(16),
        "version": 1,
        "data": data,
        "channel_id": str(channel.id),
        "channel": channel.payload(),
        "locale": "en-GB",
        "app_permissions": str(MEMBER),
        "entitlements": [],
        "attachment_size_limit": 10 << 20,
        "authorizing_integration_owners": {"1": str(user.id)},
    }
    if guild is None:
        payload |= {"user": user.payload(), "context": 1, "authorizing_integration_owners": {"0": "0"}}
    else:
        permissions = guild.members[user]
        if permissions & ADMINISTRATOR:
            permissions = (1 << 50) - 1
        payload |= {
            "guild_id": str(guild.id),
            "guild_locale": "en-US",
            "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
            "member": guild.member(user) | {"user": user.payload(), "permissions": str(permissions)},
            "context": 0,
        }
        if guild.installed:
            payload["authorizing_integration_owners"] = {"0": str(guild.id)}
    if message is not None:
        payload["message"] = message
    return Interaction(payload, user, channel)


def command_data(commands: Sequence[Payload], name: str, options: Options, resolved: Payload, focus: str) -> Payload:
    """A command's data for “corpus add” and its options, as the commands that the bot has synced define them."""
    first, *rest = name.split(" ")
    command = next((one for one in commands if one["name"] == first and one.get("type", 1) == 1), None)
    if command is None:
        raise LookupError(f"the bot has no command {name!r} synced")
    definition, nested = command, []
    for part in rest:
        definition = next(one for one in definition["options"] if one["name"] == part)
        nested.append({"name": part, "type": definition["type"]})
    kinds = {one["name"]: one["type"] for one in definition.get("options", ())}
    given: list[Payload] = [{"name": key, "type": kinds[key], "value": value} for key, value in options.items()]
    for one in given:
        if one["name"] == focus:
            one["focused"] = True
    for step in reversed(nested):
        given = [step | {"options": given}]
    return {"id": command["id"], "name": first, "type": 1, "options": given, "resolved": resolved}


def modal_data(modal: Payload, values: Options) -> Payload:
    """A filled-in modal; fields are named by their custom_id, their label, or their place (0, 1, …)."""
    filled = []
    for place, outer in enumerate(modal["components"]):
        field_ = outer.get("component") or (outer.get("components") or [outer])[0]
        names = (field_.get("custom_id"), outer.get("label"), field_.get("label"), str(place))
        value = next((values[one] for one in names if one in values), field_.get("value", ""))
        told = {"type": field_["type"], "custom_id": field_.get("custom_id"), "id": place + 1}
        told |= {"values": value} if isinstance(value, list) else {"value": value}
        inner = {"component": told} if "component" in outer else {"components": [told]}
        filled.append({"type": outer["type"], "id": 100 + place} | inner)
    return {"custom_id": modal["custom_id"], "components": filled, "resolved": {}}
