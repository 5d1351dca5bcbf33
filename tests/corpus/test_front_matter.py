"""Front matter as people and programs write it: TOML is read within its bounds, and what only looks like some stays text."""

from datetime import date

import pytest

from corpus.article import parse_markdown, split_heading
from corpus.errors import ArticleError
from corpus.front_matter import MAX_TOML, split_front_matter

TEXT = "They met."


def test_toml_between_plus_signs_is_read() -> None:
    made = parse_markdown(f'+++\ntitle = "Talks"\npublished = 2023-09-14\ntags = ["a", "b"]\n+++\n{TEXT}', name="a")
    assert (made.title, made.published, made.tags, made.text) == ("Talks", date(2023, 9, 14), ("a", "b"), TEXT)


def test_long_toml_is_refused_before_it_is_read() -> None:
    with pytest.raises(ArticleError, match=f"over the limit of {MAX_TOML:,}; shorten it"):
        split_front_matter("+++\n" + "a." * MAX_TOML + f"b = 1\n+++\n{TEXT}", name="a")


def test_broken_toml_is_one_sentence() -> None:
    with pytest.raises(ArticleError, match=r"The front matter of “a” is not TOML .*; correct it\."):
        split_front_matter(f"+++\ntitle = Talks\n+++\n{TEXT}", name="a")


@pytest.mark.parametrize("raw", [f"+++\n{TEXT}\n+++\nText.", f"+++\na = 1\n{TEXT}", f"+++ a = 1 +++\n{TEXT}"])
def test_rules_of_plus_signs_about_a_text_stay_text(raw: str) -> None:
    head, rest = split_front_matter(raw, name="a")
    assert (dict(head.values), rest) == ({}, raw)


@pytest.mark.parametrize(
    ("body", "title", "rest"),
    [
        (f"# Talks resume\n\n{TEXT}", "Talks resume", f"\n{TEXT}"),
        (f"### Talks resume ###\n{TEXT}", "Talks resume", TEXT),
        (f"\n# Fans of C#\n{TEXT}", "Fans of C#", TEXT),
        (f"Talks resume\n============\n{TEXT}", "Talks resume", TEXT),
        (f"# \n\n{TEXT}", "", f"# \n\n{TEXT}"),
        (f"#strike\n{TEXT}", "", f"#strike\n{TEXT}"),
        (TEXT, "", TEXT),
    ],
)
def test_the_heading_a_text_begins_with_is_its_title(body: str, title: str, rest: str) -> None:
    assert split_heading(body) == (title, rest)


def test_a_heading_of_endless_signs_and_spaces_takes_no_time_to_speak_of() -> None:
    assert split_heading("# " + "# " * 200_000 + "x\n") == ("# " * 200_000 + "x", "")
    assert split_heading("\n" * 200_000 + " " * 200_000)[0] == ""
