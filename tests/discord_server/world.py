"""People, servers, channels and messages, and how Discord writes them in JSON; leaves who may see what to the callers."""

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

Payload = dict[str, Any]

_EPOCH = 1_420_070_400_000  # Discord's: 1 January 2015, in milliseconds
_counter = itertools.count()

# Permission bits: View Channel, Send Messages, Manage Messages, Embed Links, Attach Files, Read Message History, Use
# Application Commands, Send Messages in Threads.
MEMBER = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 31 | 1 << 38
MANAGE_SERVER = 1 << 5
ADMINISTRATOR = 1 << 3


def snowflake() -> int:
    """A new id that, as Discord's do, tells when it was made; discord.py reads an interaction's age from it."""
    return (int(time.time() * 1000) - _EPOCH) << 22 | next(_counter) & 0x3FFFFF


def timestamp() -> str:
    return datetime.now(UTC).isoformat()


class ChannelType(IntEnum):
    TEXT = 0
    DIRECT = 1
    PUBLIC_THREAD = 11


@dataclass(slots=True, eq=False)
class User:
    """A person, or a bot."""

    name: str
    bot: bool = False
    id: int = field(default_factory=snowflake)

    def payload(self) -> Payload:
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None if self.bot else self.name.title(),
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(slots=True, eq=False)
class Channel:
    """A text channel or thread of a server (`guild`), or a direct channel with `recipient`."""

    guild: "Guild | None"
    name: str = "general"
    type: ChannelType = ChannelType.TEXT
    recipient: User | None = None
    parent: "Channel | None" = None
    id: int = field(default_factory=snowflake)

    def payload(self) -> Payload:
        told: Payload = {"id": str(self.id), "type": int(self.type), "last_message_id": None, "flags": 0}
        if self.recipient is not None:
            return told | {"recipients": [self.recipient.payload()]}
        assert self.guild is not None
        told |= {"guild_id": str(self.guild.id), "name": self.name, "parent_id": None, "permissions": str(MEMBER)}
        if self.parent is not None:
            return told | {
                "parent_id": str(self.parent.id),
                "owner_id": str(self.guild.owner.id),
                "member_count": 2,
                "message_count": 0,
                "rate_limit_per_user": 0,
                "thread_metadata": {
                    "archived": False,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": timestamp(),
                    "locked": False,
                },
            }
        return told | {
            "position": 0,
            "permission_overwrites": [],
            "nsfw": False,
            "topic": None,
            "rate_limit_per_user": 0,
        }


@dataclass(slots=True, eq=False)
class Guild:
    """A server. `members` maps people to their permissions there; `installed` tells whether the bot is a member."""

    name: str
    owner: User
    installed: bool = True
    id: int = field(default_factory=snowflake)
    channels: list[Channel] = field(default_factory=list)
    members: dict[User, int] = field(default_factory=dict)

    def channel(self, name: str) -> Channel:
        made = Channel(self, name)
        self.channels.append(made)
        return made

    def thread(self, parent: Channel, name: str = "thread") -> Channel:
        made = Channel(self, name, ChannelType.PUBLIC_THREAD, parent=parent)
        self.channels.append(made)
        return made

    def join(self, user: User, permissions: int = MEMBER) -> User:
        self.members[user] = permissions
        return user

    def member(self, user: User) -> Payload:
        return {
            "roles": [],
            "nick": None,
            "avatar": None,
            "joined_at": "2031-01-01T00:00:00+00:00",
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
            "communication_disabled_until": None,
        }

    def payload(self, bot: User) -> Payload:
        """As GUILD_CREATE has it for a bot without the intent for members: of these only itself."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "banner": None,
            "description": None,
            "owner_id": str(self.owner.id),
            "afk_channel_id": None,
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "preferred_locale": "en-US",
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "vanity_url_code": None,
            "application_id": None,
            "emojis": [],
            "stickers": [],
            "features": [],
            "roles": [
                {
                    "id": str(self.id),
                    "name": "@everyone",
                    "color": 0,
                    "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
                    "hoist": False,
                    "position": 0,
                    "permissions": str(MEMBER),
                    "managed": False,
                    "mentionable": False,
                    "flags": 0,
                }
            ],
            "channels": [one.payload() for one in self.channels if one.type is ChannelType.TEXT],
            "threads": [one.payload() for one in self.channels if one.type is ChannelType.PUBLIC_THREAD],
            "members": [self.member(bot) | {"user": bot.payload()}],
            "member_count": len(self.members) + 1,
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "joined_at": "2031-01-01T00:00:00+00:00",
            "large": False,
            "unavailable": False,
        }


class World:
    """Everything that is there, by id."""

    def __init__(self) -> None:
        self.bot = User("picket", bot=True)
        self.guilds: dict[int, Guild] = {}
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.direct: dict[int, Channel] = {}
        self.messages: dict[int, Payload] = {}
        self.files: dict[str, bytes] = {}

    def user(self, name: str) -> User:
        made = User(name)
        self.users[made.id] = made
        return made

    def guild(self, name: str = "Aldmouth", *, installed: bool = True) -> Guild:
        owner = self.user(f"owner of {name}")
        made = Guild(name, owner, installed)
        made.join(owner, ADMINISTRATOR)
        self.guilds[made.id] = made
        return made

    def direct_channel(self, user: User) -> Channel:
        """The one direct channel between the bot and this person."""
        if user.id not in self.direct:
            self.direct[user.id] = Channel(None, type=ChannelType.DIRECT, recipient=user)
        return self.direct[user.id]

    def channel(self, number: int) -> Channel | None:
        guilds = (one for guild in self.guilds.values() for one in guild.channels)
        return next((one for one in (*guilds, *self.direct.values()) if one.id == number), None)

    def message(self, channel: Channel, author: User, body: Payload) -> Payload:
        """A new message, kept under its id."""
        content = body.get("content") or ""
        made: Payload = {
            "id": str(snowflake()),
            "channel_id": str(channel.id),
            "author": author.payload(),
            "content": content,
            "timestamp": timestamp(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [
                one.payload() for one in self.users.values() if f"<@{one.id}>" in content or f"<@!{one.id}>" in content
            ],
            "mention_roles": [],
            "attachments": [],
            "embeds": body.get("embeds") or [],
            "components": body.get("components") or [],
            "pinned": False,
            "type": 0,
            "flags": body.get("flags") or 0,
        }
        if channel.guild is not None:
            made |= {"guild_id": str(channel.guild.id), "member": channel.guild.member(author)}
        if reference := body.get("message_reference"):
            to = self.messages.get(int(reference["message_id"]))
            made |= {"type": 19, "message_reference": reference, "referenced_message": to}
        self.messages[int(made["id"])] = made
        return made

    def attachment(self, name: str, content: bytes, base: str, kind: str) -> Payload:
        """A file that can be downloaded from `base`, as a message or an option names it."""
        number = snowflake()
        place = f"/attachments/{self.bot.id}/{number}/{name}"
        self.files[place] = content
        return {
            "id": str(number),
            "filename": name,
            "size": len(content),
            "url": base + place,
            "proxy_url": base + place,
            "content_type": kind,
            "ephemeral": True,
        }
