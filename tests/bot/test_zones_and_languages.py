"""Time zones and languages are read as people name them; what can't be read is told with the nearest names."""

from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import days
from bot.errors import WordsError
from bot.zones_and_languages import language, language_name, time_zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/London", "Europe/London"),
        (" europe/london ", "Europe/London"),
        ("London", "Europe/London"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
    ],
)
def test_a_time_zone_is_read_by_its_name_or_its_city(text: str, zone: str) -> None:
    assert time_zone(text) == zone


@pytest.mark.parametrize(
    ("text", "told"), [("Lundon", "Europe/London"), ("Europe/Pariss", "Europe/Paris"), ("!", "Europe/London")]
)
def test_a_wrong_time_zone_is_told_with_the_nearest(text: str, told: str) -> None:
    with pytest.raises(WordsError, match=told) as raised:
        time_zone(text)
    assert text in str(raised.value)


@pytest.mark.parametrize("text", ["../../etc/passwd", "/etc/localtime", "posix/Europe/London", "a\0b", "x" * 10_000])
def test_a_path_is_no_time_zone(text: str) -> None:
    with pytest.raises(WordsError) as raised:
        time_zone(text)
    assert len(str(raised.value)) < 300


def test_every_zone_is_read_by_its_own_name() -> None:
    for name in available_timezones():
        assert time_zone(name) == name
        assert ZoneInfo(name).key == name


@pytest.mark.parametrize(
    ("text", "short"),
    [("German", "de"), ("de", "de"), ("DE", "de"), ("en-GB", "en_GB"), ("Brazilian Portuguese", "pt_BR"), ("fr", "fr")],
)
def test_a_language_is_read_by_its_name_or_its_short_name(text: str, short: str) -> None:
    assert language(text) == short
    assert days.is_known(short)


@pytest.mark.parametrize(("text", "told"), [("Germann", r"German \(de\)"), ("qqqq", "English"), ("", "English")])
def test_a_wrong_language_is_told_with_the_nearest(text: str, told: str) -> None:
    with pytest.raises(WordsError, match=told):
        language(text)


def test_a_language_is_named_in_english_with_its_short_name() -> None:
    assert language_name("de") == "German (de)"


@given(st.text(max_size=80))
def test_whatever_is_typed_is_either_read_or_told_in_one_sentence(text: str) -> None:
    for read in (time_zone, language):
        told = ""
        try:
            assert read(text)
        except WordsError as error:
            told = str(error)
        assert "\n" not in told
