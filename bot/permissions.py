"""Says who may look after a server's corpus: who may manage the server, and who has one of the roles chosen in `/settings`.

Discord's own check (`default_permissions`) only hides commands and can be overridden in a server's settings, so the
right is looked at again in code: when a command begins, and when a confirm button is pressed.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.errors import NotAllowedError
from bot.journal_records import GuildSettings
from bot.scope import Place, where_interaction

T = TypeVar("T", bound=type)

_NEEDED = "Only who may manage this server, or has one of the roles chosen in /settings, can do that."
_IN_SERVERS = "That can only be done in a server that has invited Picket."


def may_moderate(interaction: discord.Interaction[Any], settings: GuildSettings) -> bool:
    """Whether the person may, here and now: as Discord says in this very interaction, not as it was cached."""
    if where_interaction(interaction).place is not Place.SERVER:
        return False
    if interaction.permissions.manage_guild or interaction.permissions.administrator:
        return True
    user = interaction.user
    # By the ids that Discord sends: `get_role` looks among a server's own roles, which are unknown where the bot is no member.
    return isinstance(user, discord.Member) and any(map(user._roles.has, settings.moderator_roles))


def require_moderator(interaction: discord.Interaction[Any]) -> int:
    """The id of the server that the person may moderate here; NotAllowedError otherwise. To be called at every step."""
    where = where_interaction(interaction)
    if where.guild is None:
        raise NotAllowedError(_IN_SERVERS)
    if not may_moderate(interaction, interaction.client.preferences.guild(where.guild)):
        raise NotAllowedError(_NEEDED)
    return where.guild


def moderators_only() -> Callable[[T], T]:
    """For a class of commands (`app_commands.Group` or `commands.GroupCog`): only in servers, hidden from who may not manage
    them, and refused in code before any of its commands begins.

    On subcommands `default_permissions` does nothing, so it stands on the group.
    """

    def decorate(group: T) -> T:
        decorated = app_commands.default_permissions(manage_guild=True)(group)
        decorated = app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)(decorated)
        decorated = app_commands.allowed_installs(guilds=True, users=False)(decorated)
        declared: Any = decorated
        check = declared.interaction_check

        async def interaction_check(self: Any, interaction: discord.Interaction[Any]) -> bool:
            try:
                require_moderator(interaction)
            except NotAllowedError as error:
                # The tree hears of its own errors alone; `faults` tells the cause.
                raise app_commands.CheckFailure(str(error)) from error
            return bool(await discord.utils.maybe_coroutine(check, self, interaction))

        declared.interaction_check = interaction_check
        return decorated

    return decorate
