"""The tests' own reader of Discord's markdown sees markup where there is some, so that seeing none means something."""

import pytest

from tests.bot.discord_markdown import plain, read, styles_of, text_of


@pytest.mark.parametrize(
    ("markdown", "seen", "styles"),
    [
        ("**a** b", "a b", {"bold"}),
        ("*a*", "a", {"italic"}),
        ("_a_", "a", {"italic"}),
        ("__a__", "a", {"underline"}),
        ("***a***", "a", {"bold", "italic"}),
        ("~~a~~", "a", {"struck"}),
        ("||a||", "a", {"spoiler"}),
        ("`a*b*`", "a*b*", {"code"}),
        ("# a", "a", {"heading"}),
        ("### a #", "a ", {"heading"}),
        ("-# a", "a", {"small"}),
        ("- a", "a", {"list"}),
        ("+ a", "a", {"list"}),
        ("12. a", "a", {"list"}),
        ("**- a**", "a", {"bold", "list"}),
        ("> a", "a", {"quote"}),
        (">>> a\nb", "a\nb", {"quote"}),
        ("> - a", "a", {"quote", "list"}),
        ("[a](https://evil.example)", "a", {"link"}),
        ("see https://evil.example", "see https://evil.example", {"link"}),
        ("<https://evil.example>", "<https://evil.example>", {"link"}),
        ("<@1> @here", "<@1> @here", {"mention"}),
        ("<#1>", "<#1>", {"mention"}),
        ("</ask:1>", "</ask:1>", {"command"}),
        ("<t:0:R>", "<t:0:R>", {"time"}),
        (":a: <a:b:1>", ":a: <a:b:1>", {"emoji"}),
        (r"¯\_(ツ)_/¯", r"¯\_(ツ)_/¯", set()),
        (r"\*\*a\*\* \<@1> \:a\: https\://a.example", "**a** <@1> :a: https://a.example", set()),
        (r"\- a", "- a", set()),
        (r"1\. a", "1. a", set()),
        ("a - b # c > d 1. e", "a - b # c > d 1. e", set()),
        (r"**a\***b", "a*b", {"bold"}),
        (r"\a", r"\a", set()),
    ],
)
def test_markup_is_seen_as_what_it_does(markdown: str, seen: str, styles: set[str]) -> None:
    signs = read(markdown)
    assert text_of(signs) == seen
    assert styles_of(signs) == styles


def test_bold_ends_where_it_ends() -> None:
    assert text_of(read("a **b** c"), "bold") == "b"
    assert text_of(read(r"**a\*\*b** c"), "bold") == "a**b"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (" a \n\n b\u00a0c\t", "a b c"),
        ("a\u202eb\u2069c\u200bd\ufeff", "abcd"),
        ("a\u200db", "ab"),
        ("x\ud800y", "x\ufffdy"),
        ("e" + "\u0301" * 20, "e" + "\u0301" * 8),
        ("\u3164\u2800", ""),
        ("\u0600", "\u0600"),
        ("\U0001f3f4\U000e0067\U000e007f!\U000e0067", "\U0001f3f4\U000e0067\U000e007f!"),
    ],
)
def test_a_source_is_plain_as_the_eye_reads_it(text: str, seen: str) -> None:
    assert plain(text) == seen
