"""The settings of `[bot]`."""

from pathlib import Path

import pytest

from bot.config import BotFile, BotSettings, SettingsError, load_settings


def test_without_a_section_the_defaults_hold(tmp_path: Path) -> None:
    file = tmp_path / "bot.toml"
    file.write_text("", "utf-8")
    assert load_settings(file) == BotFile()
    assert load_settings(file).bot == BotSettings()


def test_settings_are_read_beside_the_indexs_own(tmp_path: Path) -> None:
    file = tmp_path / "bot.toml"
    file.write_text('[storage]\ndirectory = "elsewhere"\n[bot]\nqueue = 5\nseconds = 3\nhttp = "[::1]:0"\n', "utf-8")
    settings = load_settings(file)
    assert (settings.storage.directory, settings.bot.queue, settings.bot.seconds, settings.bot.http) == (
        "elsewhere",
        5,
        3.0,
        "[::1]:0",
    )


def test_all_mistakes_of_all_sections_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "bot.toml"
    file.write_text('[search]\ndepth = 1\n[bot]\nqueues = 5\nthreads = 0\nhttp = "8080"\nlog_level = "loud"\n', "utf-8")
    with pytest.raises(SettingsError) as raised:
        load_settings(file)
    told = str(raised.value)
    assert "bot.queues is no setting (did you mean queue?)" in told
    for place in ("search.depth", "bot.threads", "bot.http", "bot.log_level"):
        assert place in told


def test_the_token_itself_is_no_setting(tmp_path: Path) -> None:
    file = tmp_path / "bot.toml"
    file.write_text('[bot]\ntoken = "secret"\n', "utf-8")
    with pytest.raises(SettingsError, match=r"bot\.token is no setting"):
        load_settings(file)
