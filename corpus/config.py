"""Reads `bot.toml`: every section is declared once, as data, and all mistakes are reported together."""

import difflib
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import click
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import ConfigError

DEFAULT_CONFIG = Path("bot.toml")


class Section(BaseModel):
    """A section of `bot.toml`: frozen, unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


# A path in the configuration; see `resolve`.
Place = Annotated[str, Field(min_length=1, pattern=r"^[^\x00]+$")]


class FetchSettings(Section):
    """`[corpus.fetch]`: ceilings on what an address may cost."""

    max_bytes: Annotated[int, Field(ge=1_000, le=100_000_000)] = 5_000_000
    seconds: Annotated[float, Field(gt=0, le=300, strict=False)] = 20.0
    redirects: Annotated[int, Field(ge=0, le=20)] = 5
    feed_entries: Annotated[int, Field(ge=1, le=1_000)] = 50


class CorpusSettings(Section):
    """`[corpus]`: where the articles are and how they are fetched."""

    directory: Place = "corpus/articles"
    fetch: FetchSettings = FetchSettings()


class CorpusFile(BaseModel):
    """What this floor reads of `bot.toml`; the sections of the floors above are theirs to check."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    corpus: CorpusSettings = CorpusSettings()


FileModel = TypeVar("FileModel", bound=BaseModel)
Command = TypeVar("Command", bound=Callable[..., object])


def load_config(path: Path, model: type[FileModel]) -> FileModel:
    """The settings in `path`; without the default file, the defaults.

    Raises ConfigError that names all mistakes, each with its TOML path and what to write instead.
    """
    try:
        with path.open("rb") as stream:
            table = tomllib.load(stream)
    except FileNotFoundError as error:
        if path == DEFAULT_CONFIG:
            return model()
        raise ConfigError(f"There is no configuration file {path}; create it or name another with --config.") from error
    except OSError as error:
        raise ConfigError(f"{path} can't be read ({error.strerror}); check its permissions.") from error
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, UnicodeDecodeError, numbers of 5,000 digits
        raise ConfigError(f"{path} is not TOML ({error}); correct it there.") from error
    try:
        return model.model_validate(table)
    except ValidationError as error:
        mistakes = [_mistake(dict(item), model) for item in error.errors(include_url=False)]
        raise ConfigError(f"{path} has {_count(len(mistakes))}: {'; '.join(mistakes)}.") from error


def resolve(config: Path, value: str) -> Path:
    """A path of the configuration: relative ones start where the configuration file lies."""
    try:
        return config.parent / Path(value).expanduser()
    except RuntimeError as error:
        raise ConfigError(f"The home folder in {value} is not known; write the whole path.") from error


def config_option(command: Command) -> Command:
    """`--config FILE`, which every command takes."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        default=DEFAULT_CONFIG,
        show_default=True,
        help="The configuration file.",
    )(command)


def _count(mistakes: int) -> str:
    return "a mistake" if mistakes == 1 else f"{mistakes} mistakes"


def _mistake(item: dict[str, Any], model: type[BaseModel]) -> str:
    location = [str(part) for part in item["loc"]]
    name = ".".join(location)
    if item["type"] == "extra_forbidden":
        near = difflib.get_close_matches(location[-1], _keys(model, location[:-1]), n=1)
        return f"{name} is no setting" + (f" (did you mean {near[0]}?)" if near else "; remove it")
    if item["type"] == "model_type":
        return f"{name} is no section; write [{name}] and its settings below"
    message = str(item["msg"]).removeprefix("Value error, ")
    shown = "" if isinstance(item["input"], dict) else f" = {item['input']!r:.60}"
    return f"{name}{shown}: {message[:1].lower()}{message[1:]}"


def _keys(model: type[BaseModel], location: list[str]) -> list[str]:
    for part in location:
        field = model.model_fields.get(part)
        if field is None or not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            return []
        model = field.annotation
    return list(model.model_fields)
