"""bot.escape: what is hidden is gone, what is seen stays, and which addresses a button may hold."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escape import MARKS, MAX_LINK, cut, escaped, isolated, line_start, openable, turns, units, visible
from tests.bot.discord_markdown import plain
from tests.bot.hostile import law, lines, texts, urls

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@law
@given(texts)
def test_visible_text_is_what_the_eye_reads(text: str) -> None:
    assert plain(visible(text)) == plain(text)


@law
@given(texts)
def test_visible_text_seen_again_is_the_same(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@law
@given(texts)
def test_nothing_invisible_and_no_control_is_left(text: str) -> None:
    seen = visible(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]", seen)
    assert "  " not in seen
    assert seen.encode("utf-8").decode("utf-8") == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\u202etxt.exe", "atxt.exe"),
        ("co\u00adop", "coop"),
        ("a\x00b", "a b"),
        ("\ud83d", "\ufffd"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("👩\u200d\u200d\u200c🚒", "👩\u200d🚒"),
        ("\u200da \u200d b\u200d", "a b"),
        (ENGLAND, ENGLAND),
        (f"{ENGLAND}\U000e0061", ENGLAND),
        ("\U0001f3f4\U000e0061", "\U0001f3f4"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("a" + "\u0301" * 50, "a" + "\u0301" * MARKS),
        ("क्षि\u0300", "क्षि\u0300"),
        ("\u3164\u3164", " "),
        ("", ""),
    ],
)
def test_what_shapes_letters_stays_and_what_hides_or_floods_goes(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_signs_of_markup_get_a_backslash_and_ordinary_text_none() -> None:
    assert escaped("a*b_c~d|e`f<g>h#i@j[k]l\\m") == r"a\*b\_c\~d\|e\`f\<g\>h\#i\@j\[k]l\\m"
    assert escaped("At 10:30 he said: go (now), 50 % – it’s 3.5!") == r"At 10\:30 he said: go (now), 50 % – it’s 3.5!"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("- a", r"\- a"),
        ("+ a", r"\+ a"),
        ("12. May", r"12\. May"),
        ("3) a", r"3\) a"),
        ("-1", r"\-1"),
        ("2031", "2031"),
        ("**- a**", r"**\- a**"),
        ("a - 1. b", "a - 1. b"),
    ],
)
def test_the_beginning_of_a_line_begins_no_list(line: str, told: str) -> None:
    assert line_start(line) == told


@law
@given(texts, st.integers(0, 300), st.booleans())
def test_a_cut_text_fits_and_is_the_beginning_of_the_whole(text: str, most: int, markup: bool) -> None:
    short = cut(text, most, markup=markup)
    assert units(escaped(short) if markup else short) <= most
    whole = visible(text).strip()
    if short != whole:
        assert most < 2 or short.endswith("…")
        assert whole.startswith(short[:-1])


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("The dockers of Aldmouth", 40, "The dockers of Aldmouth"),
        ("The dockers of Aldmouth", 20, "The dockers of…"),
        ("The dockersofaldmouth", 13, "The dockers…"),
        ("dockers", 2, "…"),
        ("dockers", 1, ""),
        ("e\u0301e\u0301e\u0301", 5, "e\u0301…"),
        ("ab👩\u200d🚒", 6, "ab…"),
    ],
)
def test_a_text_is_cut_between_words_and_never_within_a_letter(text: str, most: int, short: str) -> None:
    assert cut(text, most) == short


def test_room_for_signs_is_counted_where_the_text_will_be_markup() -> None:
    assert cut("****", 8) == "****"
    assert cut("****", 7) == "**…"
    assert cut("****", 4, markup=False) == "****"


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("abc", 3), ("é" * 8, 10), ("罢工" * 8, 30), ("😀" * 8, 20), ("\ud800", 1)]
)
def test_units_are_utf_16_or_what_the_bytes_weigh(text: str, count: int) -> None:
    assert units(text) == count


@law
@given(lines)
def test_a_text_is_isolated_only_where_it_turns(text: str) -> None:
    assert isolated(text) == (f"\u2068{text}\u2069" if turns(text) else text)
    assert turns(f"{text}ש")
    assert not turns("Zürich, 24 October 2031")


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("https://news.example/strike?a=1&b=2#top", "https://news.example/strike?a=1&b=2#top"),
        ("HTTP://News.Example/A", "http://news.example/A"),
        ("https://news.example", "https://news.example"),
        ("https://news.example?a", "https://news.example?a"),
        ("https://news.example:8443/a", "https://news.example:8443/a"),
        ("https://news.example/ä/[b]|c", "https://news.example/%C3%A4/%5Bb%5D%7Cc"),
        ("https://news.example/a%20b%zz", "https://news.example/a%20b%25zz"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://192.0.2.1/a", "https://192.0.2.1/a"),
        ("https://news.example/" + "a" * 491, "https://news.example/" + "a" * 491),
        ("https://news.example/" + "a" * 492, None),
        ("https://news.example/" + "ä" * 100, None),
        ("ftp://news.example/", None),
        ("javascript:alert(1)", None),
        ("discord://news.example/", None),
        ("//news.example/", None),
        ("news.example", None),
        ("https://", None),
        ("https:///a", None),
        ("https://localhost/", None),
        ("https://[::1]/", None),
        ("https://[::1/", None),
        ("https://news..example/", None),
        ("https://-news.example/", None),
        ("https://post.example@evil.example/", None),
        ("https://one:two@evil.example/", None),
        ("https://post.example\\@evil.example/", None),
        ("https://news.example:99999/", None),
        ("https://news.example:a/", None),
        ("https://news.example/a b", None),
        ("https://news.example/a\nb", None),
        ("https://news.example/\u202egpj", None),
        ("https://news.example/\ud800", None),
        ("https://" + "a" * 64 + ".example/", None),
        ("", None),
    ],
)
def test_a_button_holds_web_addresses_that_discord_takes_and_no_others(url: str, opened: str | None) -> None:
    assert openable(url) == opened


@law
@given(urls)
def test_whatever_an_address_is_a_button_gets_a_sound_one_or_none(url: str | None) -> None:
    opened = openable(url or "")
    if opened is not None:
        parts = urlsplit(opened)
        assert parts.scheme in ("http", "https")
        assert parts.hostname
        assert "." in parts.hostname
        assert "@" not in parts.netloc
        assert len(opened) <= MAX_LINK
        assert re.fullmatch(r"[!-~]+", opened)
        assert openable(opened) == opened
