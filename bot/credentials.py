"""Where the token comes from: the environment, else a file that `[bot] token_file` names; never `bot.toml` itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.config import BotSettings
from bot.errors import SetupError
from corpus.config import resolve

VARIABLE = "DISCORD_TOKEN"
# Longer than any token there is; a file beyond it is another one.
_MOST = 4_096


@dataclass(frozen=True, slots=True)
class Token:
    """The token, which no message and no log shows, and where it is from."""

    text: str = field(repr=False)
    origin: str


def read_token(settings: BotSettings, config: Path, environment: Mapping[str, str]) -> Token:
    """The token. Its shape is not checked, since only Discord knows it; SetupError says what to do where there is none."""
    if text := environment.get(VARIABLE, "").strip():
        return _sendable(text, VARIABLE)
    if not settings.token_file:
        raise SetupError(
            f"There is no token; set {VARIABLE}, or name a file that holds it as [bot] token_file in {config} "
            "(“python -m bot chat” needs none)."
        )
    place = resolve(config, settings.token_file)
    try:
        with place.open("rb") as stream:
            text = stream.read(_MOST).decode("ascii").strip()
    except OSError as error:
        raise SetupError(
            f"The token file {place} can't be read ({error.strerror}); correct [bot] token_file in {config}."
        ) from error
    except UnicodeDecodeError as error:
        raise SetupError(f"The file {place} is no token; put the token in it, and nothing else.") from error
    if not text:
        raise SetupError(f"The token file {place} is empty; put the token in it, and nothing else.")
    return _sendable(text, str(place))


def _sendable(text: str, origin: str) -> Token:
    """A line end within it would end the header that carries it."""
    if not text.isascii() or not text.isprintable():
        raise SetupError(f"What {origin} holds is no token; put the token in it, and nothing else.")
    return Token(text, origin)
