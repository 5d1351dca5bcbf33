"""What a person names, and what comes of it: files of every kind, folders, archives, addresses, feeds, and all that is
wrong with them. One broken item never stops the others."""

import gzip
import io
import json
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import obtain as module
from corpus.article import Source, format_markdown, make_article
from corpus.date_evidence import Evidence
from corpus.extract import Draft
from corpus.fetch import Fetcher
from corpus.obtain import ENDINGS, Obtained, obtain, obtain_upload
from tests.corpus.test_fetch import fetcher as local_fetcher
from tests.fakes import Line, WebServer, response

TODAY = date(2026, 11, 21)
PROSE = "The stagehands' union and the theatres met on Tuesday, September 12, 2023. They did not agree on wages."
PAGE = f"""<!doctype html><html lang="en"><head><title>Theatres and stagehands meet</title>
<meta property="article:published_time" content="2023-09-12T10:00:00Z"></head>
<body><article><h1>Theatres and stagehands meet</h1><p>{PROSE}</p><p>{PROSE.replace("Tuesday", "the same Tuesday")}</p>
</article></body></html>"""
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>One</title><link>http://news.example:PORT/one</link></item>
<item><title>Gone</title><link>/gone</link></item>
<item><title>Inside</title><link>http://inside.example:PORT/secret</link></item>
<item><title>A feed</title><link>/feed2</link></item>
<item><title>Two</title><link>/two?utm_source=rss</link></item></channel></rss>"""


def no_fetcher() -> Fetcher:
    raise AssertionError("nothing is fetched here")


def found_in(argument: str | Path) -> list[Obtained]:
    return list(obtain(str(argument), fetcher=no_fetcher, today=TODAY))


def only(argument: str | Path) -> Obtained:
    (item,) = found_in(argument)
    return item


def texts(items: list[Obtained]) -> list[str]:
    return [item.found.text if item.found else f"! {item.failure}" for item in items]


def put(place: Path, body: str | bytes) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(body.encode() if isinstance(body, str) else body)
    return place


def zipped(place: Path, items: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(place, "w", compression) as archive:
        for name, body in items.items():
            archive.writestr(name, body)
    return place


def test_an_empty_argument_is_not_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(put(tmp_path / "a.txt", PROSE).parent)
    assert texts(found_in("")) == ["! “” is no file or folder; check the name."]
    assert len(found_in(".")) == 1


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_stored_article_comes_back_with_its_id(tmp_path: Path) -> None:
    made = make_article(id="Own №1", text=PROSE, title="T", added=datetime(2026, 1, 1, tzinfo=UTC), tags=("iatse",))
    item = only(put(tmp_path / "other.md", format_markdown(made)))
    assert item.found == made
    assert (item.identified, item.name) == (True, "other")


def test_front_matter_without_an_id_does_not_identify(tmp_path: Path) -> None:
    item = only(put(tmp_path / f"{'long ' * 40}.md", f"---\ntitle: Talks\npublished: 2023-09-12\n---\n{PROSE}"))
    assert isinstance(item.found, Draft)
    assert (item.found.title, item.found.published, item.identified) == ("Talks", date(2023, 9, 12), False)


@pytest.mark.parametrize(
    "head",
    [
        "title: Bus drivers accept\ndate: 2023-09-14\npublisher: The Ledger\nauthor: Ann Lee\nurl: https://a.example/b",
        "Title: Bus drivers accept\nPublished: Sept. 14, 2023\nOutlet: The Ledger\nAuthor: [Ann Lee]\nURL: https://a.example/b",
        "layout: post\ntitle: Bus drivers accept\ndate: 2023-09-14 10:00:00 -0400\nsource: The Ledger\nauthors:\n- Ann Lee\n"
        "link: x\nurl: https://a.example/b\ntags: bus, pay",
    ],
)
def test_front_matter_that_a_person_wrote_is_read_in_their_words(tmp_path: Path, head: str) -> None:
    item = only(put(tmp_path / "drivers.md", f"---\n{head}\n---\n\nThe drivers accepted the offer.\n"))
    assert isinstance(item.found, Draft)
    assert (item.found.title, item.found.text) == ("Bus drivers accept", "The drivers accepted the offer.")
    assert (item.found.published, item.found.url) == (date(2023, 9, 14), "https://a.example/b")
    assert (item.found.outlet, item.found.authors) == ("The Ledger", ("Ann Lee",))
    assert item.found.tags == (("bus", "pay") if "tags" in head else ())


def test_of_two_keys_for_one_field_the_plainer_one_counts(tmp_path: Path) -> None:
    head = "source: The wire\noutlet: The Ledger\ndate: 2023-09-15\npublished: 2023-09-14\nauthor:\nauthors: Ann Lee"
    item = only(put(tmp_path / "a.md", f"---\n{head}\n---\nThe drivers accepted the offer.\n"))
    assert isinstance(item.found, Draft)
    assert (item.found.outlet, item.found.published, item.found.authors) == (
        "The Ledger",
        date(2023, 9, 14),
        ("Ann Lee",),
    )


def test_front_matter_without_a_title_takes_the_heading_or_the_first_words(tmp_path: Path) -> None:
    for body, title in (("# Theatres meet\n\nThey met.", "Theatres meet"), ("They met. They talked.", "They met.")):
        found = only(put(tmp_path / "a.md", f"---\noutlet: The Ledger\n---\n{body}")).found
        assert found
        assert found.title == title
        assert found.text.startswith("They met.")


STRIKE_DAY = "The two sides were silent.\n\nThursday marked the 136th day of the writers' strike."


@pytest.mark.parametrize(
    ("head", "day", "conflict"),
    [
        ("outlet: The Ledger", date(2023, 9, 14), ""),
        ("published: 2023-09-14", date(2023, 9, 14), ""),
        ("published: 2022-09-14", date(2022, 9, 14), "136th day"),
        ("published: 2031-09-14", None, "14 September 2031, lies after 21 November 2026"),
    ],
)
def test_front_matter_that_a_person_wrote_is_dated_and_checked_as_any_text(
    tmp_path: Path, head: str, day: date | None, conflict: str
) -> None:
    found = only(put(tmp_path / "a.md", f"---\n{head}\n---\n{STRIKE_DAY}")).found
    assert isinstance(found, Draft)
    assert found.published == day
    assert conflict in str(found.conflict)
    assert bool(found.conflict) == bool(conflict)


def test_a_stored_article_is_taken_as_it_is_whatever_its_text_says(tmp_path: Path) -> None:
    made = make_article(
        id="a", text=STRIKE_DAY, title="", published=date(2022, 9, 14), added=datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert only(put(tmp_path / "b.md", format_markdown(made))).found == made


def test_a_written_brief_keeps_its_id_and_its_sources(tmp_path: Path) -> None:
    head = "id: talks-1\nsources:\n- outlet: The Ledger\n  url: https://a.example/b"
    item = only(put(tmp_path / "a.md", f"---\n{head}\n---\n{PROSE}"))
    assert isinstance(item.found, Draft)
    assert (item.found.id, item.identified) == ("talks-1", True)
    assert item.found.sources == (Source("The Ledger", "", "https://a.example/b", ""),)


def test_front_matter_after_blank_lines_is_no_text(tmp_path: Path) -> None:
    found = only(put(tmp_path / "a.md", f"\n  \r\n---\ntitle: Theatres meet\n---\n{PROSE}")).found
    assert found
    assert (found.title, found.text) == ("Theatres meet", PROSE)
    rule = only(put(tmp_path / "b.md", f"\n---\n{PROSE}")).found
    assert rule
    assert rule.text.endswith(PROSE)
    for between in (
        "Dyers walked out on Monday.",
        "\nStrike: the dyers walked out.\n",
        "Dyers left.\n\nThey came back.",
    ):
        framed = only(put(tmp_path / "c.md", f"\n\n---\n{between}\n---\n\n{PROSE}")).found
        assert framed
        assert between.strip() in framed.text


@pytest.mark.parametrize(
    "ruled",
    [
        "Crews left on Monday.",
        "Crews left on Monday.\nThey came back on Tuesday: a vote was due.",
        "\nStrike: crews left on Monday.\n",
        "Strike: crews left on Monday.\n\nThey came back on Tuesday.",
        "[Crews left on Monday.",
        "Strike:\n\nThey came back on Tuesday.",
    ],
)
@pytest.mark.parametrize("blank", ["\n", "\n\n", " \n"])
def test_what_stands_between_two_rules_under_blank_lines_is_text(tmp_path: Path, ruled: str, blank: str) -> None:
    found = only(put(tmp_path / "a.md", f"{blank}---\n{ruled}\n---\n\n{PROSE}")).found
    assert found
    assert [line for line in ruled.split("\n") if line not in found.text] == []
    assert found.text.endswith(PROSE)


@pytest.mark.parametrize("head", ["source: https://a.example/b", "Source: https://a.example/b\npublisher: The Ledger"])
def test_a_source_that_is_a_web_address_is_the_address(tmp_path: Path, head: str) -> None:
    for name, text in (("a.md", f"---\n{head}\n---\n{PROSE}"), ("a.txt", f"{head}\n\n{PROSE}")):
        found = only(put(tmp_path / name, text)).found
        assert found
        assert (found.url, found.outlet) == ("https://a.example/b", "The Ledger" if "Ledger" in head else "")


def test_a_source_beside_the_address_of_the_article_is_no_outlet(tmp_path: Path) -> None:
    head = "url: https://a.example/b\nsource: https://c.example/d"
    found = only(put(tmp_path / "a.md", f"---\n{head}\n---\n{PROSE}")).found
    assert found
    assert (found.url, found.outlet) == ("https://a.example/b", "")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("date: {a: b}", "date is a table"),
        ("publisher: [x]", "publisher is a list"),
        ("author: {a: b}", "author is a table"),
        ("published: soon", "the “published” 'soon'"),
        ("date: soon", "the “date” 'soon'"),
    ],
)
def test_a_wrong_value_is_told_under_the_key_that_the_file_has(tmp_path: Path, line: str, told: str) -> None:
    assert told in only(put(tmp_path / "a.md", f"---\n{line}\n---\n{PROSE}")).failure


@pytest.mark.parametrize("line", ["url: ftp://news.example/a", "date: soon", "published: [2023]", "id: {a: b}"])
def test_a_value_of_front_matter_that_cannot_be_read_is_told_with_the_files_name(tmp_path: Path, line: str) -> None:
    failure = only(put(tmp_path / "drivers.md", f"---\n{line}\n---\n{PROSE}")).failure
    assert "drivers" in failure.removeprefix(f"{tmp_path}/drivers.md: ")
    assert "unnamed" not in failure


def test_markdown_without_front_matter_is_read_and_dated_as_a_text(tmp_path: Path) -> None:
    item = only(put(tmp_path / "talks.md", f"# Theatres meet\n\nBy Ann Poe | September 13, 2023\n\n{PROSE}"))
    assert isinstance(item.found, Draft)
    assert (item.found.title, item.found.published) == ("Theatres meet", date(2023, 9, 13))
    assert item.found.text.endswith(PROSE)
    assert "# Theatres meet" not in item.found.text
    assert not item.identified


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ending", [".txt", ".md", ".TXT"])
def test_texts_are_read_in_the_encodings_people_save(tmp_path: Path, encoding: str, ending: str) -> None:
    text = (
        "“We won’t go back,” said the café’s waiters – all 40 of them. Their café stays closed until the owner calls."
    )
    item = only(put(tmp_path / f"a{ending}", text.encode(encoding)))
    assert texts([item]) == [text]


def test_a_text_with_a_head_says_what_it_is(tmp_path: Path) -> None:
    head = "id: s-1\ntitle: Theatres meet\ndate: 2023-09-12\nurl: https://news.example/a\noutlet: The Stage Paper\n\n"
    item = only(put(tmp_path / "x.txt", head + PROSE))
    assert isinstance(item.found, Draft)
    assert (item.found.id, item.found.outlet, item.identified) == ("s-1", "The Stage Paper", True)
    assert only(put(tmp_path / "y.txt", PROSE)).identified is False


@pytest.mark.parametrize("ending", [".html", ".htm", ".HTML"])
def test_a_saved_page_is_extracted(tmp_path: Path, ending: str) -> None:
    found = only(put(tmp_path / f"page{ending}", PAGE)).found
    assert found
    assert PROSE in found.text
    assert (found.title, found.published) == ("Theatres and stagehands meet", date(2023, 9, 12))


def test_a_record_a_line_and_five_bad_lines_among_good_ones(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "a/1", "text": PROSE, "title": "T", "date": "2023-09-12", "publisher": "P", "url": None}),
        "{not json",
        json.dumps({"text": "Only a text."}),
        json.dumps(["a list"]),
        "",
        json.dumps({"id": "b", "title": "no text"}),
        json.dumps({"id": "c", "text": 5}),
        "\ufeff" + json.dumps({"id": "d", "text": "With a mark. \ud83d\udea7"}),
        json.dumps({"id": "e", "text": "x", "date": "soon"}),
        "[" * 100_000,
        json.dumps({"id": "f", "text": "The last line has no end."}),
    ]
    items = found_in(put(tmp_path / "a.jsonl", "\n".join(lines)))
    assert [item.found.id for item in items if item.found] == ["a/1", None, "d", "f"]
    assert [item.identified for item in items if item.found] == [True, False, True, True]
    assert [item.origin.rpartition(":")[2] for item in items] == ["1", "2", "3", "4", "6", "7", "8", "9", "10", "11"]
    failures = [item.failure for item in items if item.failure]
    assert len(failures) == 6
    for failure, words in zip(
        failures,
        ("not JSON", "not a JSON object", "no “text”", "5, which is not a text", "'soon'", "not JSON"),
        strict=True,
    ):
        assert words in failure
        assert failure.startswith(str(tmp_path / "a.jsonl:"))
        assert failure.isprintable()


def test_a_line_too_long_is_passed_over_without_being_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ITEM_BYTES", 1_000)
    lines = ['{"text": "First."}', '{"text": "' + "x" * 10_000_000 + '"}', '{"text": "Last."}', "y" * 5_000]
    place = put(tmp_path / "a.jsonl", "\n".join(lines))
    tracemalloc.start()
    items = found_in(place)
    assert tracemalloc.get_traced_memory()[1] < 3_000_000
    tracemalloc.stop()
    assert [bool(item.found) for item in items] == [True, False, True, False]
    assert "a.jsonl:2 is larger than" in items[1].failure


def test_a_file_too_large_is_refused(tmp_path: Path) -> None:
    for ending in (".txt", ".md", ".html"):
        with (tmp_path / f"a{ending}").open("wb") as stream:
            stream.truncate(module.MAX_ITEM_BYTES + 1)
        assert "is larger than 10 MB; split it into several articles." in only(tmp_path / f"a{ending}").failure


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.pdf", b"%PDF", "is none of .md, .txt"),
        ("noending", b"x", "is none of"),
        ("a.txt", b"", "no text left"),
        ("a.md", b"", "no text left"),
        ("a.md", b"---\ntitle: x", "never ends"),
        ("a.md", b"---\nid: [x]\n---\nText.", "id is a list"),
        ("a.html", b"", "HTML"),
        ("a.html", b"<html><body></body></html>", "no text left"),
        ("a.jsonl", b"", "holds no article"),
        ("a.jsonl", b"\n \n", "holds no article"),
        ("a.zip", b"", "not a readable zip archive"),
        ("a.zip", b"PK\x03\x04 cut off", "not a readable zip archive"),
        ("a\x1b[31m.pdf", b"x", r"a\x1b[31m.pdf"),
        ("a\udce9.pdf", b"x", r"a\udce9.pdf"),
    ],
)
def test_a_bad_file_is_one_failure_with_one_sentence(tmp_path: Path, name: str, body: bytes, words: str) -> None:
    item = only(put(tmp_path / name, body))
    assert item.found is None
    assert words in item.failure
    assert str(tmp_path) in item.failure
    assert item.failure.isprintable()
    assert item.origin.isprintable()
    assert item.failure.endswith(".")


@pytest.mark.parametrize(
    "head",
    [
        "## Talks at the hall\n\n*By Ann Roe, Sept. 14, 2023*\n",
        "# Talks at the hall #\n\n**Published Sept. 14, 2023**\n",
        "Talks at the hall\n=================\n\nBy Ann Roe\n\nSept. 14, 2023\n",
        "+++\ntitle = 'Talks at the hall'\ndate = 2023-09-14\ndraft = false\n\n[menu]\nmain = 1\n+++\n",
    ],
)
def test_headings_and_heads_of_markdown_are_title_and_day_and_no_text(head: str) -> None:
    text = "The guild and the studios met at noon.\n\nThey will meet again."
    (item,) = obtain_upload("talks.md", f"{head}\n{text}".encode(), today=TODAY)
    assert item.found is not None, item.failure
    assert (item.found.title, item.found.text) == ("Talks at the hall", text)
    assert item.found.published == date(2023, 9, 14)


def test_a_mark_that_heads_nothing_stays_and_a_head_that_is_no_toml_is_named() -> None:
    (item,) = obtain_upload("talks.md", b"#talks is the word of the day.\n\nThe guild met.", today=TODAY)
    assert item.found is not None
    assert item.found.text.startswith("#talks is")
    (item,) = obtain_upload("talks.md", b"+++\ntitle = Talks\n+++\nThe guild met.", today=TODAY)
    assert "The front matter of “talks” is not TOML" in item.failure


@pytest.mark.parametrize("ending", [".txt", ".html", ".md"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "a PNG image"),
        (b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\nstream\nBT (The theatres met.) Tj ET", "a PDF"),
        (gzip.compress(PAGE.encode()), "a gzip archive"),
        (rb"{\rtf1\ansi The stagehands and the theatres met for nine hours.\par}", "an RTF document"),
        (b"PK\x03\x04" + b"word/document.xml" * 9, "a ZIP archive or Office document"),
        (b"The theatres met.\0\0\0\1" * 9, "binary data"),
    ],
)
def test_a_file_that_is_no_text_is_refused_whatever_its_name(
    tmp_path: Path, ending: str, body: bytes, kind: str
) -> None:
    item = only(put(tmp_path / f"a{ending}", body))
    told = f"a{ending} is {kind}, whatever its name says; save the article as .txt or .html."
    assert (item.found, item.failure) == (None, f"{tmp_path}/{told}")
    assert [one.failure for one in obtain_upload(f"a{ending}", body, today=TODAY)] == [told]


@pytest.mark.parametrize(
    "body",
    [
        f"ID\n\n{PROSE}".encode(),
        f"BMW and the theatres. {PROSE}".encode(),
        f"A giant WAVE. {PROSE}".encode(),
        f"{PROSE}\x0bIt has a line break of Word's and a hy\x02phen of a PDF's.".encode(),
        PROSE.encode("utf-16"),
        PROSE.encode("utf-32"),
        PROSE.encode("utf-16-le"),
        PROSE.encode("utf-16-be"),
        f"“Pay” – {PROSE}".encode("utf-16-le"),
        f"A stray zero\0. {PROSE}".encode(),
    ],
)
def test_a_text_that_begins_or_is_written_as_few_are_is_taken(tmp_path: Path, body: bytes) -> None:
    assert PROSE in texts([only(put(tmp_path / "a.txt", body))])[0]


@pytest.mark.parametrize("head", ["", "title: Theatres meet\nsource: The Ledger\n"])
def test_what_a_clipper_saved_is_read_without_its_marks(tmp_path: Path, head: str) -> None:
    clipped = (
        '![The theatres](https://cdn.example/a_(1).jpg "Seen from the river")\n\n'
        "The [stagehands’ union](https://a.example/union_(1)) met [both](<https://a.example/b>) theatres\\. They met 5\\-4.\n\n"
        "[![Read on](/b.png)](https://a.example/b) They said: \\*not yet\\*."
    )
    item = only(put(tmp_path / "a.md", f"---\n{head}---\n{clipped}" if head else clipped))
    assert texts([item]) == ["The stagehands’ union met both theatres. They met 5-4.\n\nThey said: *not yet*."]


@pytest.mark.parametrize(
    "text",
    ["He [the director](of both) agreed.", "It [sic] (so they wrote) stays.", r"The disk C:\temp holds f[0](x)."],
)
def test_brackets_that_are_no_links_stay(tmp_path: Path, text: str) -> None:
    assert texts([only(put(tmp_path / "a.md", text))]) == [text]
    assert texts([only(put(tmp_path / "a.txt", "The [union](https://a.example) met."))]) == [
        "The [union](https://a.example) met."
    ]


def test_a_stored_article_keeps_its_brackets_and_backslashes(tmp_path: Path) -> None:
    made = make_article(
        id="a", text=r"The [union](https://a.example) met\. So.", added=datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert only(put(tmp_path / "b.md", format_markdown(made))).found == made


@pytest.mark.parametrize("name", ["nowhere", "x" * 5_000, "a\0b", "mailto:a@b", ""])
def test_a_name_that_leads_nowhere_is_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(put(tmp_path / "empty" / ".keep", "").parent)
    assert "check the name" in only(name).failure or "holds no article" in only(name).failure


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    assert "There is no file or folder" in only(tmp_path / "a.md").failure


@given(
    st.sampled_from(ENDINGS),
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: ("---\n" + text).encode()),
)
@settings(max_examples=150, deadline=None)
def test_whatever_the_bytes_they_are_articles_or_failures(ending: str, body: bytes) -> None:
    stream = io.BytesIO(body)
    if ending == ".zip":
        items = list(module._from_zip(stream, "a.zip", TODAY))
    elif ending == ".jsonl":
        items = list(module._from_records(stream, "a.jsonl", TODAY))
    else:
        items = list(module._from_bytes(f"a{ending}", body, TODAY))
    assert all((item.found is None) != (item.failure == "") for item in items)


# --- folders ----------------------------------------------------------------------------------------------------------


def test_a_folder_gives_all_its_visible_articles_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.md", "a/b/d.html", ".hidden/x.txt", "a/.y.txt", "image.png", "z.jsonl"):
        put(tmp_path / name, {"z.jsonl": '{"text": "Z."}\n{"text": "Y."}'}.get(name, PAGE))
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "folder.txt").mkdir()
    items = found_in(tmp_path)
    assert [item.origin.removeprefix(f"{tmp_path}/") for item in items] == [
        "a/b/d.html",
        "a/c.md",
        "b.txt",
        "z.jsonl:1",
        "z.jsonl:2",
    ]


def test_what_a_browser_saved_with_a_page_is_passed_by(tmp_path: Path) -> None:
    names = ["in/Talks.html", "in/Talks_files/ad.html", "in/Talks_files/more/frame.htm", "in/old_files/talks.html"]
    for name in names:
        put(tmp_path / name, PAGE)
    kept = ["in/Talks.html", "in/old_files/talks.html"]
    assert [item.origin.removeprefix(f"{tmp_path}/") for item in found_in(tmp_path)] == kept
    place = zipped(tmp_path / "a.zip", dict.fromkeys(names, PAGE.encode()))
    assert [item.origin.removeprefix(f"{place}/") for item in found_in(place)] == kept


def test_one_broken_file_does_not_stop_the_others_of_its_folder(tmp_path: Path) -> None:
    for name, body in (("1.md", "---\nx"), ("2.txt", PROSE), ("3.zip", "PK"), ("4.jsonl", "{"), ("5.txt", PROSE)):
        put(tmp_path / name, body)
    assert [bool(item.found) for item in found_in(tmp_path)] == [False, True, False, False, True]


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    put(tmp_path / "image.png", "x")
    assert only(tmp_path).failure == f"{tmp_path} holds no article ({', '.join(ENDINGS)}); name another place."


# --- archives ---------------------------------------------------------------------------------------------------------


def test_an_archive_gives_its_articles_and_passes_over_the_rest(tmp_path: Path) -> None:
    place = zipped(
        tmp_path / "a.zip",
        {
            "b/two.txt": PROSE.encode(),
            "a.jsonl": b'{"text": "First."}\n{\n{"text": "Second."}',
            "image.png": b"x",
            "story_files/frame": b"x",
            ".DS_Store": b"x",
            ".git/a.md": b"x",
            "__MACOSX/b/._two.txt": b"x",
            "empty/": b"",
            "folder.txt/": b"",
        },
    )
    items = found_in(place)
    assert [item.origin.removeprefix(str(place)) for item in items] == [
        "/a.jsonl:1",
        "/a.jsonl:2",
        "/a.jsonl:3",
        "/b/two.txt",
    ]
    assert texts(items)[::2] == ["First.", "Second."]


def test_what_an_archive_holds_of_other_kinds_is_told_and_stops_nothing(tmp_path: Path) -> None:
    names = ["b.pdf", "c/d.docx", "README", "e.zip", "photo.JPG", "style.css"]
    items = found_in(zipped(tmp_path / "a.zip", {"a.txt": PROSE.encode()} | dict.fromkeys(names, b"x")))
    assert [item.origin.removeprefix(f"{tmp_path}/a.zip/") for item in items] == [
        *("README", "a.txt", "b.pdf", "c/d.docx", "e.zip")
    ]
    assert texts(items)[1] == PROSE
    told = f"{tmp_path}/a.zip/b.pdf is none of {', '.join(ENDINGS)}; save it as one of them."
    assert items[2].failure == told


def test_an_archive_of_pictures_holds_no_article(tmp_path: Path) -> None:
    place = zipped(tmp_path / "a.zip", {"image.png": b"x", "..": b"x"})
    assert "holds no article" in only(place).failure


def test_names_that_climb_out_of_an_archive_are_only_names(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    names = ["../../out.txt", "/etc/out.txt", "C:\\out.txt", "a\x1b[2J.txt", "x/../../../out.md"]
    items = found_in(zipped(tmp_path / "in" / "a.zip", dict.fromkeys(names, PROSE.encode())))
    assert texts(items) == [PROSE] * 5
    assert all("/" not in item.name for item in items)
    assert all(item.origin.isprintable() for item in items)
    assert sorted(str(item.relative_to(tmp_path)) for item in tmp_path.rglob("*")) == ["in", "in/a.zip"]


def test_an_archive_in_an_archive_is_told_and_not_opened(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.txt": PROSE.encode()}).read_bytes()
    items = found_in(zipped(tmp_path / "a.zip", {"inner.zip": inner, "z.txt": PROSE.encode()}))
    assert texts(items) == [
        f"! {tmp_path}/a.zip/inner.zip is an archive in an archive; unpack it and add it by itself.",
        PROSE,
    ]


def test_too_many_files_in_an_archive_are_refused_at_once(tmp_path: Path) -> None:
    place = zipped(tmp_path / "a.zip", {f"{number}.txt": b"" for number in range(10_001)}, zipfile.ZIP_STORED)
    assert only(place).failure == f"{place} holds 10001 files, over the limit of 10000; split it."


def bomb(place: Path, size: int, claimed: int) -> Path:
    """An archive of one text of zeros whose headers claim another size."""
    zipped(place, {"a.txt": b"0" * size})
    body = place.read_bytes()
    place.write_bytes(body.replace(struct.pack("<I", size), struct.pack("<I", claimed)))
    return place


@pytest.mark.parametrize("claimed", [100_000_000, 100, 0])
def test_a_bomb_is_stopped_whatever_its_header_says(tmp_path: Path, claimed: int) -> None:
    place = bomb(tmp_path / "a.zip", 100_000_000, claimed)
    tracemalloc.start()
    (item,) = found_in(place)
    assert tracemalloc.get_traced_memory()[1] < 40_000_000
    tracemalloc.stop()
    assert "larger than 10 MB" in item.failure or "can't be unpacked" in item.failure or "no text" in item.failure


def test_the_whole_of_what_an_archive_unpacks_to_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ZIP_BYTES", 1_000_000)
    items = found_in(zipped(tmp_path / "a.zip", {f"{number}.txt": b"Wages rose. " * 30_000 for number in range(9)}))
    assert [bool(item.found) for item in items] == [True, True, False]
    assert "unpacks to over" in items[-1].failure


def damage(place: Path, change: Callable[[bytearray], None]) -> Path:
    body = bytearray(place.read_bytes())
    change(body)
    place.write_bytes(body)
    return place


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_item_does_not_stop_the_others(tmp_path: Path, compression: int) -> None:
    place = zipped(tmp_path / "a.zip", {"1.txt": PROSE.encode() * 9, "2.txt": PROSE.encode()}, compression)

    def spoil(body: bytearray) -> None:
        body[50:70] = b"\xff" * 20

    first, second = found_in(damage(place, spoil))
    assert "1.txt can't be unpacked (" in first.failure
    assert texts([second]) == [PROSE]


def test_an_item_without_a_name_is_passed_over(tmp_path: Path) -> None:
    """zipfile itself stumbles over it."""
    place = zipped(tmp_path / "a.zip", {"1.txt": PROSE.encode(), "2.txt": PROSE.encode()})
    place.write_bytes(place.read_bytes().replace(b"1.txt", b"\0.txt"))  # a name ends at NUL
    assert [item.name for item in found_in(place)] == ["2"]


def test_an_encrypted_item_and_an_unknown_compression_are_told(tmp_path: Path) -> None:
    for name, offset, value, words in (("e.zip", 6, 1, "encrypted"), ("c.zip", 8, 77, "compression")):
        place = zipped(tmp_path / name, {"a.txt": PROSE.encode()})

        def mark(body: bytearray, offset: int = offset, value: int = value) -> None:
            body[offset] = value
            body[body.index(b"PK\x01\x02") + offset + 2] = value

        failure = only(damage(place, mark)).failure
        assert "a.txt can't be unpacked" in failure
        assert words in failure


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_an_archive_damaged_anywhere_ends_in_articles_or_failures(data: st.DataObject) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", data.draw(st.sampled_from([0, 8, 12, 14]))) as archive:
        archive.writestr("a.txt", PROSE)
        archive.writestr("b.jsonl", '{"text": "Short."}')
    body = bytearray(stream.getvalue())
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=6)):
        body[place] = data.draw(st.integers(0, 255))
    items = list(module._from_zip(io.BytesIO(body), "a.zip", TODAY))
    assert all((item.found is None) != (item.failure == "") for item in items)


# --- addresses and feeds, through the real fetcher and a local server --------------------------------------------------


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as running:
        running.routes.update(
            {
                "/one": response(PAGE.encode()),
                "/two?utm_source=rss": response(PAGE.replace("Theatres", "Playhouses").encode()),
                "/text": response(PROSE.encode(), kind="text/plain"),
                "/lines": response(b'{"text": "A."}\n{"text": "B."}\n', kind="application/x-ndjson"),
                "/feed": response(RSS.replace("PORT", str(running.port)).encode(), kind="application/rss+xml"),
                "/feed2": response(RSS.replace("PORT", "80").encode(), kind="application/rss+xml"),
                "/nofeed": response(b"<rss><channel></channel></rss>", kind="application/rss+xml"),
                "/brokenfeed": response(b"<rss \xff\xfe\x00", kind="application/rss+xml"),
                "/image": response(b"\x89PNG\r\n\x1a\n0000"),
                "/hollow": response(b"<!doctype html><html><body></body></html>"),
            }
        )
        yield running


def fetched(server: WebServer, path: str, host: str = "news.example", feed_entries: int = 50) -> list[Obtained]:
    with local_fetcher() as opened:
        url = f"http://{host}:{server.port}{path}"
        return list(obtain(url, fetcher=lambda: opened, today=TODAY, feed_entries=feed_entries))


def test_a_page_is_fetched_and_extracted(server: WebServer) -> None:
    (item,) = fetched(server, "/one")
    assert item.found
    assert (item.found.url, item.found.title) == (
        f"http://news.example:{server.port}/one",
        "Theatres and stagehands meet",
    )
    assert not item.identified


def test_a_fetched_text_knows_its_address(server: WebServer) -> None:
    (item,) = fetched(server, "/text")
    assert item.found
    assert (item.found.url, item.found.text) == (f"http://news.example:{server.port}/text", PROSE)


def test_fetched_lines_are_records(server: WebServer) -> None:
    assert texts(fetched(server, "/lines")) == ["A.", "B."]


def test_a_feed_gives_its_entries_and_broken_ones_do_not_stop_it(server: WebServer) -> None:
    items = fetched(server, "/feed")
    assert [bool(item.found) for item in items] == [True, False, False, False, True]
    assert [item.found.title for item in items if item.found] == [
        "Theatres and stagehands meet",
        "Playhouses and stagehands meet",
    ]
    for item, words in zip(items[1:4], ("404", "inside.example", "a feed inside a feed"), strict=True):
        assert words in item.failure
    assert len(fetched(server, "/feed", feed_entries=2)) == 2


BARE = "<!doctype html><html lang='en'><body><article><p>{}</p><p>They will meet again.</p></article></body></html>"
TALKS = "The stagehands' union and the theatres met. They did not agree on wages."


def fed(server: WebServer, page: str, inner: str, kind: str = "text/html") -> Obtained:
    """What comes of a feed's one entry that names the page."""
    feed = f"<rss version='2.0'><channel><item><link>/page</link>{inner}</item></channel></rss>"
    server.routes["/page"] = response(page.encode(), kind=kind)
    server.routes["/fed"] = response(feed.encode(), kind="application/rss+xml")
    (item,) = fetched(server, "/fed")
    return item


@pytest.mark.parametrize(("page", "kind"), [(BARE.format(TALKS), "text/html"), (TALKS, "text/plain")])
def test_what_a_page_lacks_its_feed_tells(server: WebServer, page: str, kind: str) -> None:
    moment = "Tue, 12 Sep 2023 22:30:00 -0700"  # a day later in UTC
    found = fed(server, page, f"<title>Theatres meet</title><pubDate>{moment}</pubDate>", kind).found
    assert isinstance(found, Draft)
    assert (found.title, found.published, found.conflict) == ("Theatres meet", date(2023, 9, 12), None)
    assert found.evidence == (Evidence("feed", date(2023, 9, 12), moment),)


def test_what_a_page_says_goes_before_its_feed(server: WebServer) -> None:
    inner = "<title>Another</title><pubDate>Wed, 13 Sep 2023 10:00:00 GMT</pubDate>"
    found = fed(server, PAGE, inner).found
    assert isinstance(found, Draft)
    assert (found.title, found.published) == ("Theatres and stagehands meet", date(2023, 9, 12))
    assert "feed" not in [one.kind for one in found.evidence]


@pytest.mark.parametrize(
    ("day", "published", "told"),
    [
        ("2031-01-01", None, "lies after 21 November 2026"),
        ("1970-01-01T00:00:00Z", None, ""),
        ("soon", None, ""),
        ("2022-03-04", date(2022, 3, 4), "12 September 2023"),
    ],
)
def test_a_feeds_day_is_checked_as_a_pages_own(server: WebServer, day: str, published: date | None, told: str) -> None:
    found = fed(server, f"{TALKS}\n" * 12 + PROSE, f"<pubDate>{day}</pubDate>", "text/plain").found
    assert isinstance(found, Draft)
    assert found.published == published
    assert told in str(found.conflict)
    assert bool(found.conflict) == bool(told)


def test_a_feed_that_takes_long_ends_and_says_how_much_is_missing(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FEED_SECONDS", 1.0)

    def slow(line: Line) -> None:
        line.wait(1.2)
        line.say(response(PAGE.encode()))

    server.routes["/one"] = slow
    items = fetched(server, "/feed")
    assert [bool(item.found) for item in items] == [True, False]
    assert items[1].failure == (
        f"Of http://news.example:{server.port}/feed, 4 entries were not fetched, since the others took 1 seconds; "
        "add what is missing by its address."
    )


@pytest.mark.parametrize(
    ("path", "host", "words"),
    [
        ("/gone", "news.example", "404"),
        ("/image", "news.example", "a PNG image"),
        ("/hollow", "news.example", "no text left"),
        ("/nofeed", "news.example", "holds no article"),
        ("/brokenfeed", "news.example", "holds no article"),
        ("/one", "inside.example", "inside.example"),
    ],
)
def test_an_address_that_gives_no_article_is_one_failure(server: WebServer, path: str, host: str, words: str) -> None:
    (item,) = fetched(server, path, host)
    assert words in item.failure
    assert item.failure.isprintable()


def test_other_schemes_are_refused_by_the_fetcher() -> None:
    with local_fetcher() as opened:
        (item,) = obtain("ftp://news.example/a", fetcher=lambda: opened, today=TODAY)
    assert "only http: and https: are fetched" in item.failure


# --- uploads ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".txt", ".html", ".HTM", ".md", ".jsonl", ".zip"])
def test_an_upload_gives_what_the_same_file_on_the_disk_gives(tmp_path: Path, ending: str) -> None:
    bodies = {
        ".html": PAGE.encode(),
        ".HTM": PAGE.encode(),
        ".jsonl": json.dumps({"id": "a", "text": PROSE}).encode() + b"\nnot JSON\n",
    }
    body = bodies.get(ending, PROSE.encode())
    if ending == ".zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("in/one.txt", PROSE)
            archive.writestr("two.html", PAGE)
        body = packed.getvalue()
    place = put(tmp_path / f"sent{ending}", body)
    uploaded = list(obtain_upload(f"sent{ending}", body, today=TODAY))
    there = found_in(place)
    assert [(one.found, one.identified, one.name) for one in uploaded] == [
        (one.found, one.identified, one.name) for one in there
    ]
    assert [one.failure for one in uploaded] == [one.failure.replace(str(place), f"sent{ending}") for one in there]


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("x.exe", b"MZ", "none of .md"),
        ("", b"x", "none of .md"),
        ("x.zip", b"not a zip", "x.zip"),
        ("x.jsonl", b"", "holds no article"),
        ("../../etc/x.txt", b"", "no text"),
        ("a\nb.exe", b"", "none of .md"),
    ],
)
def test_an_upload_that_holds_no_article_is_one_printable_failure(name: str, body: bytes, told: str) -> None:
    (item,) = obtain_upload(name, body, today=TODAY)
    assert item.found is None
    assert told in item.failure
    assert item.failure.isprintable()


@settings(max_examples=60)
@given(st.sampled_from([*ENDINGS, ".exe", ""]), st.binary(max_size=300))
def test_whatever_is_sent_it_is_articles_or_failures(ending: str, body: bytes) -> None:
    items = list(obtain_upload(f"sent{ending}", body, today=TODAY))
    assert items
    assert all((item.found is None) == bool(item.failure) for item in items)


@pytest.mark.parametrize(
    "source", [PAGE, f"\ufeff{PAGE}", "<div><h1>Theatres and stagehands meet</h1>" + f"<p>{PROSE}</p></div>"]
)
def test_a_pages_source_saved_as_text_is_read_as_a_page(tmp_path: Path, source: str) -> None:
    found = only(put(tmp_path / "page.txt", source)).found
    assert found
    assert found.title == "Theatres and stagehands meet"
    assert "<" not in found.text
    assert PROSE in found.text


@pytest.mark.parametrize("name", ["feed.txt", "feed.html"])
def test_a_saved_feed_is_refused_since_it_only_names_articles(tmp_path: Path, name: str) -> None:
    place = put(tmp_path / name, RSS)
    assert only(place).failure == f"{place} is a feed, which only names articles; add it by its address."
