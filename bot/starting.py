"""What is done once when Picket starts, after its cogs: figures, warming up, commands told, upkeep, the index refreshed."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from bot import log
from bot.commands_sync import sync_when_changed
from bot.config import BotFile
from bot.errors import ClosingError
from bot.health import Health
from bot.upkeep import Upkeep
from index.config import model_place
from index.engine import Engine
from index.errors import EngineError
from index.memory import set_aside
from index.models.embedding import find_model
from index.records import Question

if TYPE_CHECKING:
    from bot.app import Picket, Step

# Seconds. Warming up takes one on two cores; on a machine where it takes longer, the first questions wait instead.
_WARMING = 10.0


def steps(settings: BotFile) -> "tuple[Step, ...]":
    """In their order: each is awaited before the gateway is dialled, so none takes long."""
    http = settings.bot.http
    watched: tuple[Step, ...] = (lambda bot: bot.add_cog(Health(bot, http)),) if http else ()
    return (*watched, warm, sync_when_changed, keep_up, refresh)


async def warm(bot: "Picket") -> None:
    """Loads what answering needs, so that no question waits for it, and no acknowledgement for imports."""
    try:
        async with asyncio.timeout(_WARMING):
            await bot.desk.work(_warm, bot.engine, bot.now())
    except (EngineError, ClosingError, TimeoutError) as error:  # whoever asks is told what to do about it
        log.event("not-warm", level="warning", error=type(error).__name__, told=str(error))
    except Exception as error:  # noqa: BLE001 - nothing that only saves time keeps Picket from starting
        log.failure("not-warm", error)


async def keep_up(bot: "Picket") -> None:
    await bot.add_cog(Upkeep(bot))


async def refresh(bot: "Picket") -> None:
    """Begins a reindex, which ends at once where the articles are as they were; questions are answered throughout."""
    bot.builds.start(guild=None, whom=None, full=False, now=bot.now())


def _warm(engine: Engine, now: datetime) -> None:
    try:
        setting = model_place(engine.config, engine.settings.embedding.model)
        if find_model(setting, engine.storage).is_exported(engine.storage):
            engine.ask(Question("When did the strike begin?", now))
            log.event("warm", generation=engine.generations.current())
    finally:
        set_aside()
