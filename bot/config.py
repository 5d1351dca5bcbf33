"""The settings of the floor that knows people: `[bot]`; everything else of `bot.toml` is as the index reads it."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from corpus.config import Section, load_config
from corpus.errors import ConfigError
from index.config import IndexFile, SettingsError

LogLevel = Literal["debug", "info", "warning", "error"]


class BotSettings(Section):
    """`[bot]`: who may ask how much, how long what is kept, and how the process is watched."""

    token_file: str = ""
    threads: Annotated[int, Field(ge=1, le=64)] = 2
    queue: Annotated[int, Field(ge=0, le=10_000)] = 64
    seconds: Annotated[float, Field(gt=0, le=600, strict=False)] = 60.0
    person_per_minute: Annotated[int, Field(ge=1, le=10_000)] = 20
    server_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 120
    keep_days: Annotated[int, Field(ge=0, le=3_650)] = 30
    departed_days: Annotated[int, Field(ge=0, le=3_650)] = 30
    log_level: LogLevel = "info"
    http: Annotated[str, Field(pattern=r"^(\S+:[0-9]{1,5})?$")] = ""


class BotFile(IndexFile):
    """The whole of `bot.toml`."""

    bot: BotSettings = BotSettings()  # type: ignore[assignment]


def load_settings(path: Path) -> BotFile:
    """The settings in `path`; SettingsError names all mistakes of all sections at once."""
    try:
        return load_config(path, BotFile)
    except ConfigError as error:
        raise SettingsError(str(error)) from error


__all__ = ["BotFile", "BotSettings", "SettingsError", "load_settings"]
