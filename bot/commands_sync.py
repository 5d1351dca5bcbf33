"""Tells Discord which commands there are, when they changed since it was last told; leaves their making to the cogs.

Discord counts syncs and holds them for everybody, so a restart alone must not cause one, nor a reconnection.
"""

import hashlib
import json
from typing import TYPE_CHECKING

from bot import log

if TYPE_CHECKING:
    from bot.app import Picket


async def sync_when_changed(bot: "Picket") -> None:
    """A step of starting. Where Discord doesn't take them, the commands it has stay, and the next start tries again."""
    try:
        await sync(bot)
    except Exception as error:  # noqa: BLE001 - whatever is the matter with it, questions can be answered without
        log.failure("sync-failed", error)


async def sync(bot: "Picket", *, force: bool = False) -> bool:
    """Sends the commands unless their hash is that of the last sync; whether it did. Raises what discord.py raises."""
    key, digest = f"commands:{bot.application_id}", commands_digest(bot)
    if not force and await bot.desk.run(bot.journal.value, key) == digest:
        return False
    sent = await bot.tree.sync()
    await bot.desk.run(bot.journal.set_value, key, digest)
    log.event("sync", commands=len(sent))
    return True


def commands_digest(bot: "Picket") -> str:
    """SHA-256 over all that Discord is told of the commands, whichever way they were added."""
    told = [json.dumps(command.to_dict(bot.tree), sort_keys=True) for command in bot.tree.get_commands()]
    return hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest()
