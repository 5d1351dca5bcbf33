"""Feeds of every age, honest and hostile."""

import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.addresses import check_url
from corpus.errors import FetchError
from corpus.feeds import MAX_TITLE, FeedEntry, entries, looks_like_feed
from tests.fakes import WebServer, response

BASE = "https://news.example/feeds/strikes.xml"
DAY = date(2023, 10, 24)


def rss(inner: str, head: str = "") -> bytes:
    text = f'<?xml version="1.0" encoding="utf-8"?>{head}<rss version="2.0"><channel>{inner}</channel></rss>'
    return text.encode()


def item(inner: str) -> bytes:
    return rss(f"<item>{inner}</item>")


RSS_20 = rss(
    "<title>Strikes</title><link>https://news.example/</link>"
    "<item><title>Talks resume</title><link>https://news.example/a</link>"
    "<pubDate>Tue, 24 Oct 2023 13:30:00 -0400</pubDate><guid>17</guid></item>"
    "<item><title>Writers vote</title><link>https://news.example/b</link></item>"
)
RSS_091 = b"""<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://news.example/rss-0.91.dtd">
<rss version="0.91"><channel><title>Strikes</title>
<item><title>Talks resume</title><link>https://news.example/a</link></item>
<item><title>Writers vote</title><link>https://news.example/b</link></item></channel></rss>"""
RSS_10 = b"""<?xml version="1.0" encoding="iso-8859-1"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Strikes</title></channel>
<item rdf:about="a"><title>Talks resume</title><link>https://news.example/a</link>
<dc:date>2023-10-24T19:30:00+02:00</dc:date></item>
<item rdf:about="b"><title>Writers vote</title><link>https://news.example/b</link></item></rdf:RDF>"""
ATOM = b"""<?xml version="1.0" encoding="utf-8"?><!-- by hand -->
<feed xmlns="http://www.w3.org/2005/Atom"><title>Strikes</title><link href="https://news.example/"/>
<entry><title type="html">Talks &lt;b&gt;resume&lt;/b&gt;</title><updated>2023-10-25T00:00:00Z</updated>
<link rel="self" href="https://news.example/a.atom"/><link rel="alternate" href="https://news.example/a"/>
<published>2023-10-24T17:30:00Z</published></entry>
<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Writers <i>vote</i></div></title>
<link href="https://news.example/b"/></entry></feed>"""


@pytest.mark.parametrize("body", [RSS_20, RSS_10, ATOM], ids=["RSS 2.0", "RSS 1.0", "Atom"])
def test_every_family_of_feeds_gives_the_same_entries(body: bytes) -> None:
    first, second = entries(body, BASE)
    assert (first.url, first.title, first.published) == ("https://news.example/a", "Talks resume", DAY)
    assert second == FeedEntry("https://news.example/b", "Writers vote", None)


def test_the_oldest_feeds_are_read_without_fetching_their_grammar() -> None:
    assert [entry.url for entry in entries(RSS_091, BASE)] == ["https://news.example/a", "https://news.example/b"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "windows-1251"])
def test_the_declared_encoding_is_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?><rss version="2.0"><channel>'
    text += "<item><title>Забастовка</title><link>https://news.example/a</link></item></channel></rss>"
    assert [entry.title for entry in entries(text.encode(encoding), BASE)] == ["Забастовка"]


LINKS = [
    ("<link>https://news.example/a?x=1&amp;copy=2</link>", "https://news.example/a?x=1&copy=2"),
    ("<link>\n  https://news.example/a\n</link>", "https://news.example/a"),
    ("<link><![CDATA[https://news.example/a]]></link>", "https://news.example/a"),
    ("<link>/a</link>", "https://news.example/a"),
    ("<link>a</link>", "https://news.example/feeds/a"),
    ("<link>//other.example/a</link>", "https://other.example/a"),
    ('<guid isPermaLink="true">https://news.example/a</guid>', "https://news.example/a"),
    ("<guid>https://news.example/a</guid>", "https://news.example/a"),
    ("<guid>https://news.example/id</guid><link>https://news.example/a</link>", "https://news.example/a"),
    ("<link></link><guid>https://news.example/a</guid>", "https://news.example/a"),
    ('<link href="https://news.example/a"/>', "https://news.example/a"),
    ('<link href="https://news.example/x"/><link>https://news.example/a</link>', "https://news.example/a"),
    ("<link>mailto:desk@news.example</link><guid>https://news.example/a</guid>", "https://news.example/a"),
    ("<link>https://news.example:8000/a</link>", "https://news.example:8000/a"),  # ports are judged when fetching
]
NO_LINKS = [
    "",
    "<link/>",
    "<link> </link>",
    '<guid isPermaLink="false">https://news.example/a</guid>',
    '<link rel="enclosure" href="https://news.example/a.mp3"/>',
    "<link>javascript:alert(1)</link>",
    "<link>file:///etc/passwd</link>",
    "<link>data:text/html,hello</link>",
    "<link>https://writer:secret@news.example/</link>",
    "<link>http://2130706433/</link>",
    "<link>http://localhost/</link>",
    "<link>http://[::1/</link>",
    "<link>https://news.example/a b</link>",
    "<link>https://news.example/" + "a" * 2_048 + "</link>",
]


@pytest.mark.parametrize(("inner", "url"), LINKS)
def test_the_link_of_an_entry_is_completed_and_chosen(inner: str, url: str) -> None:
    assert [entry.url for entry in entries(item(inner), BASE)] == [url]


@pytest.mark.parametrize("inner", NO_LINKS, ids=[inner[:40] for inner in NO_LINKS])
def test_an_entry_without_a_web_address_is_left_out(inner: str) -> None:
    assert entries(item(f"<title>Strike</title>{inner}"), BASE) == []


def test_a_base_inside_the_feed_is_used_and_can_not_smuggle_another_scheme() -> None:
    feed = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{}"><entry><link href="a"/></entry></feed>'
    assert [entry.url for entry in entries(feed.format("/2023/").encode(), BASE)] == ["https://news.example/2023/a"]
    assert entries(feed.format("file:///etc/").encode(), BASE) == []


DATES = [
    ("Tue, 24 Oct 2023 17:30:00 GMT", DAY),
    ("Tue, 24 Oct 2023 13:30:00 EDT", DAY),
    ("24 Oct 2023 17:30 +0000", DAY),
    ("2023-10-24T17:30:00Z", DAY),
    ("2023-10-24T10:30:00-07:00", DAY),
    ("2023-10-24 17:30:00", DAY),
    ("2023-10-24", DAY),
    ("Tue, 24 Oct 2023 22:30:00 -0700", DAY),  # a day later in UTC
    ("2023-10-24T01:00:00+13:00", DAY),  # a day before
    ("24 Oct 23 10:00 EST", DAY),
    ("Tue, 24 Oct 2023", DAY),
    ("Tuesday, October 24, 2023", DAY),
    ("24 October 2023", DAY),
    ("Wed, 24 Oct 2023", None),  # it was a Tuesday
    ("Wed, 24 Oct 1984", None),
    ("October 2023", None),
    ("Thu, 01 Jan 1970 00:00:00 GMT", None),  # what programs write for a day that they don't know
    ("Tuesday", None),
    ("31 Feb 2023 10:00:00 GMT", None),
    ("Tue, 24 Oct 99999 17:30:00 GMT", None),
    ("0001-01-01T00:00:00+14:00", None),
    ("9" * 5_000, None),
    ("", None),
]


@pytest.mark.parametrize(("text", "day"), DATES, ids=[text[:30] for text, _ in DATES])
def test_a_date_is_read_in_its_own_zone_or_left_out(text: str, day: date | None) -> None:
    found = entries(item(f"<link>https://news.example/a</link><pubDate>\n{text}</pubDate>"), BASE)
    assert [(entry.published, entry.dated_by) for entry in found] == [(day, text if day else "")]


def test_the_first_publication_is_preferred_to_an_update() -> None:
    feed = ATOM.replace(b"<published>", b"<modified>2023-11-01T00:00:00Z</modified><published>")
    assert entries(feed, BASE)[0].published == DAY


TITLES = [
    ("AT&amp;T and the union", "AT&T and the union"),
    ("Pay &amp;amp; pensions", "Pay & pensions"),
    ("Caf&eacute; workers", "Café workers"),
    ("<![CDATA[The <i>writers</i>]]>", "The writers"),
    ("Pay  \n rises", "Pay rises"),
    ("3 &lt; 5", "3 < 5"),
    ("“Fair” deal", "“Fair” deal"),
]


@pytest.mark.parametrize(("inner", "title"), TITLES)
def test_a_title_is_plain_text(inner: str, title: str) -> None:
    found = entries(item(f"<title>{inner}</title><link>https://news.example/a</link>"), BASE)
    assert [entry.title for entry in found] == [title]


def test_a_title_is_bounded_and_may_be_missing() -> None:
    long = entries(item(f"<title>{'a' * 9_000}</title><link>https://news.example/a</link>"), BASE)
    assert len(long[0].title) == MAX_TITLE
    assert entries(item("<link>https://news.example/a</link>"), BASE)[0].title == ""


def test_the_same_article_twice_is_one_entry_and_the_limit_holds() -> None:
    items = "".join(f"<item><link>https://news.example/{n // 2}?utm_source={n}</link></item>" for n in range(400))
    found = entries(rss(items), BASE, limit=30)
    assert [entry.url for entry in found] == [f"https://news.example/{n}?utm_source={2 * n}" for n in range(30)]


def test_a_feed_that_is_cut_short_gives_what_is_there() -> None:
    cut = RSS_20[: RSS_20.index(b"</title><link>https://news.example/b")]
    assert [entry.url for entry in entries(cut, BASE)] == ["https://news.example/a"]


UNESCAPED = [
    (
        "<link>https://news.example/a?x=1&y=2&amp;z=3</link>",
        "https://news.example/a?x=1&y=2&z=3",
        "Bread & roses & more",
    ),
    ("<link><![CDATA[https://news.example/a?x=1&y=2]]></link>", "https://news.example/a?x=1&y=2", "Bread & roses"),
    ('<link href="https://news.example/a?x=1&y=2"/>', "https://news.example/a?x=1&y=2", "Bread & roses"),
]


@pytest.mark.parametrize(("inner", "url", "title"), UNESCAPED)
def test_an_ampersand_that_nobody_escaped_is_an_ampersand(inner: str, url: str, title: str) -> None:
    (found,) = entries(item(f"<title>{title}</title>{inner}<!-- & --><description><![CDATA[&"), BASE)
    assert (found.url, found.title) == (url, title)


def test_a_feed_that_can_be_read_as_it_is_is_not_mended() -> None:
    text = "<?xml version='1.0' encoding='iso-2022-jp'?><rss version='2.0'><channel><item><title>Ψ Υ 団体 ストライキ</title>"
    text += "<link>https://news.example/a</link></item></channel></rss>"
    body = text.encode("iso-2022-jp")
    assert b"&7" in body  # a letter
    assert [entry.title for entry in entries(body, BASE)] == ["Ψ Υ 団体 ストライキ"]


NO_FEEDS = [
    b"",
    b"<!doctype html><html><p>rss</p></html>",
    b"<html><feed></feed></html>",
    b"The <rss> element",
    b"<rssfeed/>",
    b'<?xml version="1.0"?><urlset><url/></urlset>',
    b'{"version": "https://jsonfeed.org/version/1"}',
    b"<!-- <rss version='2.0'> -->",
    b"<!DOCTYPE rss>",
]


@pytest.mark.parametrize("body", NO_FEEDS)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    assert not looks_like_feed(body)
    with pytest.raises(FetchError, match=r"strikes\.xml is no RSS or Atom feed"):
        entries(body, BASE)


def test_a_feed_is_recognised_behind_what_may_stand_before_it() -> None:
    for body in (RSS_20, RSS_091, RSS_10, ATOM, RSS_20.decode().encode("utf-16"), b"\xef\xbb\xbf" + RSS_20):
        assert looks_like_feed(body)
    assert looks_like_feed(b"<?xml-stylesheet href='a'?><!-- a --><!-- <b> -->\n<atom:feed xmlns:atom='x'/>")


# --- hostile feeds ----------------------------------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE rss [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9)) + "]>"
WIDE = f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]>'
BOMBS = {
    "a billion laughs": rss("<item><title>&a9;</title><link>https://news.example/a</link></item>", LAUGHS),
    "laughs in an attribute": rss('<item><link href="&a9;"/></item>', LAUGHS),
    "one wide entity often": rss(f"<item><title>{'&a;' * 20_000}</title></item>", WIDE),
    "deep": b"<rss>" + b"<item>" * 300_000,
    "many elements": b"<rss>" + b"<item/>" * 300_000,
    "many attributes": b"<rss " + b"".join(b'a%d="b" ' % n for n in range(100_000)) + b">",
    "open brackets": b"<rss>" + b"<" * 1_000_000,
    "open comments": b"<!--" * 1_000 + b"<rss>",
    "many comments": b"<!---->" * 500 + b"x<rss>",
    "empty lines": b"<?xml version='1.0'?>" + b"\n" * 1_000_000 + b"<rss>",
    "empty lines inside": b"<rss>" + b"\n" * 1_000_000,
    "ampersands": b"<rss><channel><item><title>" + b"&" * 1_000_000,
    "character data": b"<rss><channel><item><title>" + b"<![CDATA[" * 100_000,
    "an encoding that takes long": b'<?xml version="1.0" encoding="punycode"?><rss>' + b"a-b1c2" * 100_000,
    "no such encoding": b'<?xml version="1.0" encoding="nonsense"?><rss><channel/></rss>',
    "nulls": b"<rss>\0<channel>\0<item>\0</item></channel></rss>",
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_takes_neither_time_nor_room(body: bytes) -> None:
    start = time.process_time()
    try:
        found = entries(body, BASE)
    except FetchError as error:
        found = []
        refusal = str(error)
    else:
        refusal = ""
    assert "\n" not in refusal
    assert sum(len(entry.title) + len(entry.url) for entry in found) < 1_000
    assert time.process_time() - start < 5


def test_an_external_entity_is_neither_read_nor_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the combination is 1234")
    with WebServer() as server:
        server.routes["/outside"] = response(b"outside")
        head = (
            f'<!DOCTYPE rss SYSTEM "http://127.0.0.1:{server.port}/outside" ['
            f'<!ENTITY a SYSTEM "{secret.as_uri()}"><!ENTITY b SYSTEM "http://127.0.0.1:{server.port}/outside">'
            f'<!ENTITY % c SYSTEM "http://127.0.0.1:{server.port}/outside"> %c;]>'
        )
        inner = "<item><title>&a;&b;</title><link>https://news.example/a</link><pubDate>&a;</pubDate></item>"
        found = entries(rss(inner, head), BASE)
        assert server.connections == 0
    assert not re.search("combination|outside", str(found))


def test_bytes_that_are_a_file_name_open_no_file(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(RSS_20)
    with pytest.raises(FetchError, match="no RSS or Atom feed"):
        entries(str(file).encode(), BASE)


PARTS = st.sampled_from(
    [
        *("<item>", "</item>", "<entry>", "</entry>", "<link>", "</link>", "<title>", "</title>", "<pubDate>"),
        *("</pubDate>", '<link href="', '"/>', "https://news.example/", "2023-10-24", "&amp;", "&x;", "<![CDATA["),
        *("]]>", "<!--", "-->", "<?x?>", "<a:b>", "\0", "é", "<guid>", "http://[", ' xml:base="', "//", "%"),
    ]
)


@settings(deadline=None)  # a shared machine pauses
@given(st.lists(PARTS | st.text(max_size=5), max_size=30), st.integers(0, 3))
def test_any_feed_gives_addresses_that_may_be_looked_at_or_one_error(parts: list[str], limit: int) -> None:
    try:
        found = entries(("<rss><channel>" + "".join(parts)).encode(), BASE, limit)
    except FetchError:
        found = []
    assert len(found) <= limit
    for entry in found:
        assert check_url(entry.url, ports=range(65_536)).url == entry.url
        assert (entry.published is None) == (entry.dated_by == "")


@pytest.mark.parametrize("name", ["updated", "modified"])
def test_the_day_of_a_change_is_no_day_of_publication(name: str) -> None:
    feed = f"<link>https://news.example/a</link><{name}>2023-11-01T00:00:00Z</{name}>"
    assert [(entry.published, entry.dated_by) for entry in entries(item(feed), BASE)] == [(None, "")]
