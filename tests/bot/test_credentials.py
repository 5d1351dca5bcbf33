"""Where the token comes from."""

from pathlib import Path

import pytest

from bot.config import BotSettings
from bot.credentials import read_token
from bot.errors import SetupError

CONFIG = Path("bot.toml")


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from the file\n")
    settings = BotSettings(token_file="token")
    config = tmp_path / "bot.toml"
    token = read_token(settings, config, {"DISCORD_TOKEN": " from outside \n"})
    assert (token.text, token.origin) == ("from outside", "DISCORD_TOKEN")
    token = read_token(settings, config, {})
    assert (token.text, token.origin) == ("from the file", str(tmp_path / "token"))


@pytest.mark.parametrize("shape", ["x", "MTIz.a-b_c.d", "a token with spaces", "9" * 3_000])
def test_no_shape_is_asked_of_a_token(shape: str) -> None:
    assert read_token(BotSettings(), CONFIG, {"DISCORD_TOKEN": shape}).text == shape


def test_a_token_is_never_shown_by_chance() -> None:
    assert "secret" not in repr(read_token(BotSettings(), CONFIG, {"DISCORD_TOKEN": "secret"}))


@pytest.mark.parametrize("environment", [{}, {"DISCORD_TOKEN": ""}, {"DISCORD_TOKEN": " \n"}])
def test_without_a_token_it_is_said_where_to_put_one(environment: dict[str, str]) -> None:
    with pytest.raises(
        SetupError, match=r"There is no token; set DISCORD_TOKEN, or .* in bot.toml .*chat.* needs none"
    ):
        read_token(BotSettings(), CONFIG, environment)


@pytest.mark.parametrize(
    ("content", "told"),
    [(b" \n", "is empty"), (b"one\ntwo\n", "holds is no token"), (b"\xff\xfe", "is no token"), (None, "can't be read")],
)
def test_a_file_that_holds_no_token_is_named(content: bytes | None, told: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    with pytest.raises(SetupError, match=told) as caught:
        read_token(BotSettings(token_file="token"), tmp_path / "bot.toml", {})
    assert "token" in str(caught.value)
    assert "one" not in str(caught.value).split()
