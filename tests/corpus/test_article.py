"""The stored form of an article: it comes back as it was, whatever it says, and no bad file does harm."""

import resource
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus.article import (
    MAX_TEXT_BYTES,
    Article,
    Source,
    article_fields,
    changed,
    check_collection,
    check_id,
    format_markdown,
    make_article,
    parse_article,
    parse_markdown,
)
from corpus.clean import clean
from corpus.errors import ArticleError
from corpus.front_matter import MAX_CHARACTERS, MAX_ENTRIES, split_front_matter

ADDED = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
TEXT = "The carpenters' union met the studios on Monday.\n\nIt asked for a raise of 5 percent."
WEB = "https://news.example/strike"


def article(**fields: object) -> Article:
    given_fields: dict[str, object] = {"id": "talks", "text": TEXT, "title": "Talks resume", "added": ADDED}
    return make_article(**(given_fields | fields))  # type: ignore[arg-type]


def stored(head: str, body: str = TEXT) -> str:
    return f"---\n{head}\n---\n\n{body}\n"


# --- round trip -------------------------------------------------------------------------------------------------------

WORDS = st.text(max_size=40)
IDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=60)
URLS = st.none() | st.text(st.characters(exclude_categories=("C", "Z")), max_size=40).map(WEB.__add__)
SOURCES = st.builds(Source, outlet=WORDS, title=WORDS, url=URLS.map(lambda url: url or ""), date=WORDS)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    try:
        return make_article(
            id=draw(IDS),
            text=draw(st.text(max_size=400) | st.lists(WORDS).map("\n".join) | st.just("---\ntitle: x\n---\n" + TEXT)),
            title=draw(WORDS),
            url=draw(URLS),
            authors=tuple(draw(st.lists(WORDS, max_size=3))),
            outlet=draw(WORDS),
            language=draw(WORDS),
            published=draw(st.none() | st.dates()),
            added=draw(st.datetimes(timezones=st.just(UTC))).replace(microsecond=0),
            collection=draw(st.sampled_from(["public", "guild:42"])),
            evidence=draw(WORDS),
            tags=tuple(draw(st.lists(WORDS, max_size=3))),
            sources=tuple(draw(st.lists(SOURCES, max_size=3))),
            given=tuple(draw(st.lists(st.sampled_from(["title", "outlet", "url", "published", "?"])))),
        )
    except ArticleError as error:
        assume("no text left" not in str(error))
        raise


@given(articles())
@settings(max_examples=150, deadline=None)
def test_the_stored_form_gives_the_same_article_back(made: Article) -> None:
    assert parse_markdown(format_markdown(made), name="another", collection=made.collection) == made


@given(articles())
@settings(max_examples=100, deadline=None)
def test_the_stored_form_survives_being_saved_with_other_line_ends_and_a_byte_order_mark(made: Article) -> None:
    raw = "\ufeff" + format_markdown(made).replace("\n", "\r\n")
    assert parse_markdown(raw, name="another", collection=made.collection) == made


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_text_and_titles_are_clean_once_and_for_all(text: str) -> None:
    try:
        made = article(text=text, title=text, outlet=text, authors=(text,), tags=(text,), evidence=text)
    except ArticleError:
        assert not clean(text)
        return
    assert clean(made.text) == made.text
    assert changed(made) == made
    assert made.text.encode("utf-8").decode("utf-8") == made.text


@pytest.mark.parametrize(
    "title",
    [
        "null",
        "Null",
        "~",
        "No",
        "yes",
        "1917",
        "0x10",
        "1:30",
        "2023-09-14",
        "- dash",
        "a: b",
        "# no comment",
        "'",
        '"',
    ],
)
def test_a_title_that_yaml_would_read_as_something_else_stays_a_title(title: str) -> None:
    made = article(title=title)
    assert parse_markdown(format_markdown(made), name="x").title == title
    if title not in ("null", "Null", "~", "a: b", "- dash", "# no comment", "'", '"'):  # as people write it by hand
        assert parse_markdown(stored(f"title: {title}"), name="x").title == title


def test_a_hand_edit_after_storing_is_cleaned_and_digested_again() -> None:
    made = article()
    raw = format_markdown(made)
    edited = raw.replace("of 5 percent.", "of 7 percent.\r\n\r\n\r\n\r\nLeave a Reply")
    found = parse_markdown(edited, name="talks")
    assert found.text == TEXT.replace("5", "7")
    assert found.digest not in (made.digest, "")
    assert found == changed(made, text=found.text)


def test_a_changed_title_outlet_author_day_or_address_changes_the_digest() -> None:
    digests = {
        made.digest
        for made in (
            article(),
            article(title="Other"),
            article(outlet="Other"),
            article(authors=("Other",)),
            article(published=date(2023, 9, 14)),
            article(url=WEB),
            article(text="Other."),
        )
    }
    assert len(digests) == 7


def test_a_digest_saves_cleaning_but_a_strangers_digest_is_not_believed() -> None:
    dirty = article()
    text = TEXT + "\n\nLeave a Reply"
    forged = replace(dirty, text=text, digest="")
    # Whoever can write the digest of dirty text can store it; so only files of the folder are believed.
    from corpus.article import _digest

    raw = format_markdown(replace(forged, digest=_digest(dirty.title, "", "", "", "", text)))
    assert parse_markdown(raw, name="x").text == text
    assert parse_article(*split_front_matter(raw, name="x")).text == TEXT


def test_a_time_is_kept_in_utc_to_the_second() -> None:
    elsewhere = datetime(2026, 11, 21, 12, 30, 15, 999, tzinfo=timezone(timedelta(hours=2)))
    found = parse_markdown(format_markdown(article(added=elsewhere)), name="x")
    assert found.added == datetime(2026, 11, 21, 10, 30, 15, tzinfo=UTC)
    early = article(added=datetime(7, 1, 1, tzinfo=UTC), published=date(7, 1, 1))
    assert parse_markdown(format_markdown(early), name="x") == early


def test_the_json_form_has_every_field_and_offsets_count_code_points() -> None:
    made = article(text="Crews 🎬 walked out. “No” was the answer.", published=date(2023, 9, 14), tags=("iatse",))
    fields = article_fields(made)
    assert set(fields) == set(Article.__slots__)
    assert fields["published"] == "2023-09-14"
    assert fields["text"][6:7] == "🎬"
    assert fields["text"][8:19] == "walked out."


# --- front matter -----------------------------------------------------------------------------------------------------


def test_front_matter_may_be_missing_altogether() -> None:
    found = parse_markdown("# A walkout\n\nCrews left.", name="walkout-1")
    assert (found.id, found.title, found.text, found.published) == ("walkout-1", "A walkout", "Crews left.", None)
    assert found.added == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("raw", ["----\nCrews left.", "---- Crews left.", "--- Crews left.", "\n---\nCrews left."])
def test_a_line_that_only_resembles_front_matter_is_text(raw: str) -> None:
    assert "Crews left." in parse_markdown(raw, name="x").text


def test_a_mistake_in_front_matter_after_blank_lines_is_told_with_its_line() -> None:
    with pytest.raises(ArticleError, match="line 5"):
        parse_markdown("\n\n" + stored("title: [x"), name="x")


@pytest.mark.parametrize(
    "raw",
    [
        "---\rtitle: A walkout\r---\rCrews left.",
        "---\r\ntitle: A walkout\r\n---\r\nCrews left.",
        "\ufeff---\ntitle: A walkout\n---\nCrews left.",
        "--- \t\ntitle: A walkout\n---  \nCrews left.",
        "\n \n---\ntitle: A walkout\n---\nCrews left.",
    ],
)
def test_line_ends_and_marks_of_all_systems_are_read(raw: str) -> None:
    found = parse_markdown(raw, name="x")
    assert (found.title, found.text) == ("A walkout", "Crews left.")


def test_empty_front_matter_says_nothing() -> None:
    assert parse_markdown("---\n---\nCrews left.", name="x").text == "Crews left."
    assert parse_markdown("---\n# only a comment\n\n---\nCrews left.", name="x").title == ""


def test_null_and_nothing_are_the_same_as_absent() -> None:
    found = parse_markdown(
        stored("url: null\npublished:\noutlet: ~\nauthors:\ntags: []\nsources:\nadded: ''"), name="x"
    )
    assert (found.url, found.published, found.outlet, found.authors, found.sources) == (None, None, "", (), ())


def test_a_single_author_needs_no_list() -> None:
    assert parse_markdown(stored("authors: Ann Poe\ntags: [wga, 2023]"), name="x").authors == ("Ann Poe",)


def test_keys_that_are_not_known_are_passed_over() -> None:
    assert parse_markdown(stored("title: Talks\nlayout: post\nextra: {a: [1, 2]}"), name="x").title == "Talks"


BAD_HEADS = {
    "never ends": ("---\ntitle: x\n\nCrews left.", "never ends"),
    "ends with dots": ("---\ntitle: x\n...\n\nCrews left.", "never ends"),
    "not YAML": (stored("title: [x"), "line 3"),
    "tabs": (stored("title:\n\t- x"), "not YAML"),
    "a list": (stored("- title"), "no table"),
    "a text": (stored("just words"), "no table"),
    "two documents": (stored("title: x\n...\n%YAML 1.1\n--- \n a: b"), "not YAML"),
    "a key that is a list": (stored("? [a]\n: b"), "key that is no text"),
    "NUL": (stored("title: a\0b"), "not YAML"),
    "control characters": (stored("title: a\x1b[31mb"), "not YAML"),
    "lone surrogate": (stored('title: "\\ud800"'), "not YAML"),
    "lone surrogate as it is": (stored("title: \ud800"), "not YAML"),
    "title a list": (stored("title: [a, b]"), "title is a list"),
    "title a table": (stored("title: {a: b}"), "title is a table"),
    "id a list": (stored("id: [a]"), "id is a list"),
    "id with a line end": (stored('id: "a\\nb"'), "can't be an article's id"),
    "id of blanks": (stored('id: "  "'), "can't be an article's id"),
    "id too long": (stored("id: " + "x" * 201), "can't be an article's id"),
    "published a word": (stored("published: soon"), "published is 'soon'"),
    "published no such day": (stored("published: 2023-02-30"), "2023-02-30"),
    "published a list": (stored("published: [2023]"), "published is a list"),
    "added a word": (stored("added: soon"), "added is 'soon'"),
    "added out of range": (stored("added: 0001-01-01T00:00:00+05:00"), "added is '0001"),
    "added in an odd zone": (stored("added: 2023-01-01T00:00:00+99:00"), "added is '2023"),
    "url of another kind": (stored("url: javascript:alert(1)"), "url is 'javascript:alert(1)'"),
    "url with a blank": (stored("url: https://news.example/a b"), "url is"),
    "url with a line end": (stored('url: "https://news.example/\\nb"'), "url is"),
    "url too long": (stored("url: https://news.example/" + "a" * 2100), "url is"),
    "authors a table": (stored("authors: {a: b}"), "authors is a table"),
    "authors of lists": (stored("authors: [[a]]"), "authors is a list"),
    "sources a text": (stored("sources: Variety"), "sources is 'Variety'"),
    "sources a table": (stored("sources: {outlet: x}"), "sources is a table"),
    "sources of texts": (stored("sources: [Variety]"), "sources is a list"),
    "source with a bad url": (stored("sources: [{outlet: x, url: ftp://a}]"), "url is 'ftp://a'"),
    "too many tags": (stored(f"tags: [{'x, ' * (MAX_ENTRIES + 1)}]"), f"over the limit of {MAX_ENTRIES}"),
    "no text": (stored("title: x", ""), "no text left"),
    "only furniture": (stored("title: x", "Leave a Reply"), "no text left"),
    "an alias": (stored("authors: &a [x]\ntags: *a"), "alias"),
    "python": (stored("title: !!python/object/apply:os.system ['true']"), "title is a list"),
    "nested lists": (stored("extra: [[[[[1]]]]]"), "4 deep"),
    "too large": (stored("title: " + "x" * MAX_CHARACTERS), "over the limit"),
}


@pytest.mark.parametrize("label", BAD_HEADS)
def test_a_bad_file_is_told_in_one_sentence_that_names_it(label: str) -> None:
    raw, expected = BAD_HEADS[label]
    with pytest.raises(ArticleError) as caught:
        parse_markdown(raw, name="walkout")
    message = str(caught.value)
    assert expected in message
    assert "\n" not in message
    assert message.isprintable()
    assert len(message) < 400
    assert message.endswith(".")


def pyramid(line: str) -> str:
    """Eleven lines, each of which names the one before nine times: 9 to the power of 11 items."""
    return "a0: &a0 {k: v}\n" + "".join(
        line.format(n=n, nine=", ".join([f"*a{n - 1}"] * 9)) + "\n" for n in range(1, 12)
    )


BOMBS = {
    "aliases of lists": pyramid("a{n}: &a{n} [{nine}]"),
    "merges": pyramid("a{n}: &a{n} {{<<: [{nine}]}}"),
    "aliases that a message would print": pyramid("authors: &a{n} [{nine}]"),
    "an alias of itself": "authors: &a [*a]",
    "brackets": "a: " + "[" * 300_000,
    "braces": "a: " + "{" * 300_000,
    "dashes": "- " * 300_000,
    "question marks": "? " * 300_000,
    "a row of commas": "a: [" + "x," * 400_000 + "]",
    "anchors": "a: [" + ",".join(f"&a{n} x" for n in range(80_000)) + "]",
    "a hexadecimal number": "title: 0x" + "f" * 900_000,
    "a decimal number": "published: " + "1" * 900_000,
    "sexagesimal": "published: " + "1:" * 400_000 + "1",
    "tags": "%TAG !e! x\n" * 80_000,
    "comments": "#\n" * 400_000,
    "quotes": "a: '" + "''" * 400_000,
}


def test_yaml_bombs_cost_neither_memory_nor_the_process() -> None:
    """In a process of its own, since what was tried crashed libyaml; with a ceiling on its memory."""
    program = (
        "import sys, resource; from corpus.article import parse_markdown; from corpus.errors import ArticleError\n"
        "from tests.corpus.test_article import BOMBS, stored\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + 400_000_000,) * 2)\n"
        "for label, head in BOMBS.items():\n"
        "    try: parse_markdown(stored(head), name=label)\n"
        "    except ArticleError as error: assert len(str(error)) < 400\n"
        "    print(label, flush=True)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.splitlines() == list(BOMBS)


def test_a_front_matter_of_the_longest_entries_can_be_read_again() -> None:
    widest = "\U0001f600" * 400  # stored as ten characters each
    made = article(
        title=widest,
        outlet=widest,
        url=WEB + "a" * (2048 - len(WEB)),
        authors=(widest,) * MAX_ENTRIES,
        tags=(widest,) * MAX_ENTRIES,
        sources=(Source(widest, widest, WEB, widest),) * MAX_ENTRIES,
    )
    assert parse_markdown(format_markdown(made), name="x") == made


# --- ids, collections, addresses, sizes -------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["a", "../../etc/passwd", "a b", "Ünïón №5 罢工 🎬", "x" * 200, "a/b\\c", "."])
def test_ids_are_kept_verbatim(value: str) -> None:
    assert check_id(value) == value
    assert parse_markdown(format_markdown(article(id=value)), name="x").id == value


def test_an_id_keeps_its_own_form_of_accents() -> None:
    assert parse_markdown(format_markdown(article(id="cafe\u0301")), name="x").id == "cafe\u0301"
    assert parse_markdown("Crews left.", name="cafe\u0301").id == "caf\u00e9"  # file names come decomposed from macOS


@pytest.mark.parametrize("value", ["", " a", "a ", "a\nb", "a\0", "\x1b[31m", "\ud800", "\u202e", "x" * 201])
def test_an_id_that_would_trouble_a_terminal_is_refused(value: str) -> None:
    with pytest.raises(ArticleError, match="can't be an article's id"):
        check_id(value)


@pytest.mark.parametrize("name", ["public", "guild:1", "guild:" + "9" * 20])
def test_a_collection_is_public_or_a_guild(name: str) -> None:
    assert check_collection(name) == name


@pytest.mark.parametrize(
    "name", ["", "Public", "guild:", "guild:x", "guild:1/..", "guild-1", "guild:" + "9" * 21, "guild:１"]
)
def test_any_other_collection_is_refused(name: str) -> None:
    with pytest.raises(ArticleError, match="is not a collection"):
        check_collection(name)


def test_an_address_can_not_end_the_link_it_is_shown_in() -> None:
    assert article(url='https://news.example/"a"<b>').url == "https://news.example/%22a%22%3Cb%3E"


@pytest.mark.parametrize(
    "url", ["ftp://a.example", "a.example", "https://", "https://a\u202eb", "https://a\0", "x" * 9]
)
def test_an_address_that_could_not_be_read_back_is_never_kept(url: str) -> None:
    with pytest.raises(ArticleError, match="url is"):
        article(url=url)


def test_a_text_over_the_limit_is_refused_and_says_how_long_it_is() -> None:
    with pytest.raises(ArticleError, match=r"10,000,\d{3} bytes of text, over the limit"):
        article(text=("wages " * 199 + "rose.\n") * (MAX_TEXT_BYTES // 1_200 + 1))


def test_five_megabytes_and_one_endless_sentence_are_articles() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    long = article(text=("The union met the studios again and asked for more, " * 20 + "and left.\n\n") * 5_000)
    endless = article(text="and the talks went on " * 240_000)
    assert len(long.text) > 5_000_000
    assert len(endless.text) > 5_000_000
    for made in (long, endless):
        assert parse_markdown(format_markdown(made), name="x") == made
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_000_000  # KB
