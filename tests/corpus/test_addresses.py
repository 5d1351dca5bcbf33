"""What may be dialled, what may not, and when two addresses are one article."""

from ipaddress import ip_address

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.addresses import ANY_PORT, MAX_LENGTH, canonical_url, check_url, is_public, shown
from corpus.errors import UnsafeAddressError

TAKEN = [
    ("HTTPS://News.Example/Strike?Day=2#top", "https://news.example/Strike?Day=2"),
    ("https://news.example", "https://news.example/"),
    ("https://news.example?day=2", "https://news.example/?day=2"),
    ("https://news.example#top", "https://news.example/"),
    ("https://news.example:443/a", "https://news.example/a"),
    ("http://news.example:8080/a", "http://news.example:8080/a"),
    ("http://news.example:/a", "http://news.example/a"),
    ("https://news.example./a", "https://news.example/a"),
    ("https://zürich.example/straße", "https://xn--zrich-kva.example/stra%C3%9Fe"),
    ("https://news.example/a%20b?q=%41", "https://news.example/a%20b?q=%41"),
    ("https://news.example/@writer/piece:2", "https://news.example/@writer/piece:2"),
    ("https://news.example/?next=http://user@elsewhere.example/", None),
    ("https://news_desk.example/", None),
    ("https://r3---cdn.example/", None),
    ("https://10news.example/", None),
    ("https://news.example/127.0.0.1", None),
    ("https://0x7f.example/", None),
    ("https://localhost.news.example/", None),
    ("https://8.8.8.8/a", None),
    ("http://１２７.０.０.１/", "http://127.0.0.1/"),
    ("http://127。0。0。1/", "http://127.0.0.1/"),
    ("http://127.0.0.1./", "http://127.0.0.1/"),
    ("http://[0:0:0:0:0:0:0:1]:8080/", "http://[::1]:8080/"),
]


@pytest.mark.parametrize(("given_url", "taken"), TAKEN, ids=[url for url, _ in TAKEN])
def test_an_ordinary_address_is_taken_as_a_browser_would(given_url: str, taken: str | None) -> None:
    assert check_url(given_url).url == (taken or given_url)


def test_the_parts_of_an_address_are_what_is_dialled() -> None:
    address = check_url("https://News.Example:8443/a?b#c")
    assert (address.scheme, address.host, address.port, address.target) == (
        "https",
        "news.example",
        8443,
        "/a?b",
    )
    assert address.authority == "news.example:8443"
    assert address.literal is None
    assert check_url("http://[::1]/").literal == ip_address("::1")
    assert check_url("http://127.0.0.1/").literal == ip_address("127.0.0.1")


def test_a_port_is_taken_only_where_it_is_allowed() -> None:
    assert check_url("http://news.example:9000/", ports={9000}).port == 9000
    with pytest.raises(UnsafeAddressError, match="port 9000"):
        check_url("http://news.example:9000/")
    with pytest.raises(UnsafeAddressError, match="port 0"):
        check_url("http://news.example:0/", ports=ANY_PORT)


def test_the_longest_address_is_taken_and_one_more_character_is_not() -> None:
    start = "https://news.example/"
    assert check_url(start + "a" * (MAX_LENGTH - len(start))).host == "news.example"
    with pytest.raises(UnsafeAddressError, match="2,049 characters"):
        check_url(start + "a" * (MAX_LENGTH - len(start) + 1))


@settings(deadline=None)  # a shared machine pauses
@given(st.text(max_size=300) | st.from_regex(r"https?://[^/]{0,20}(/\S{0,20})?", fullmatch=True))
def test_any_text_is_taken_apart_or_refused_and_what_was_taken_stays_the_same(text: str) -> None:
    try:
        address = check_url(text, ports=ANY_PORT)
    except UnsafeAddressError as error:
        refusal = str(error)
    else:
        refusal = ""
        assert address.url.isascii()
        assert address.url.isprintable()
        assert address.host == address.host.lower().strip("./@%\\")
        assert len(address.url) > MAX_LENGTH or check_url(address.url, ports=ANY_PORT) == address
    assert "\n" not in refusal
    assert len(refusal) < 500


CLOSED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::808:808",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "64:ff9b:1::808:808",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2002:808:808::",
    "3fff::1",
    "3fff:fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fdff::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "2606:4700::1111%eth0",
]
OPEN = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2003::1",
    "2606:4700::1111",
    "2a00:1450::1",
    "3ffe::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
]


@pytest.mark.parametrize("text", CLOSED)
def test_an_address_inside_some_network_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", OPEN)
def test_an_address_just_outside_a_closed_network_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@settings(deadline=None)  # a shared machine pauses
@given(st.ip_addresses())
def test_what_python_calls_local_is_never_public(address: object) -> None:
    number = ip_address(str(address))
    inner = number.is_loopback or number.is_link_local or number.is_multicast or number.is_unspecified
    assert not (inner and is_public(number))


SAME = [
    ("https://news.example/a", "http://news.example/a"),
    ("https://news.example/a", "https://NEWS.example:443/a/"),
    ("https://news.example/a", "http://news.example:80/a#top"),
    ("https://news.example/a", "https://news.example/a?utm_source=x&UTM_Medium=y&fbclid=z&gclid="),
    ("https://news.example/a?id=2", "https://news.example/a?utm_source=x&id=2&mc_cid=1"),
    ("https://news.example", "https://news.example/"),
    ("https://news.example/a", " https://news.example/a?\n"),
    ("https://news.example/a", "https://news.example/a#!"),
    ("https://news.example/", "https://news.example/#/"),
    ("https://news.example/#/story/1", "http://News.example/#/story/1/"),
    ("https://news.example/?a=1#!story", "https://news.example/?a=1&utm_source=x#!story"),
    ("https://news.example/#/ä", "https://news.example/#/%C3%A4"),
    ("https://news.example/a", "https://news.example/a?CMP=share_btn_tw"),
    ("https://news.example/a", "https://news.example/a?at_medium=RSS&at_campaign=KARANGA"),
    ("https://news.example/a", "https://news.example/a?ns_mchannel=social&mbid=social_twitter&xtor=AL-72"),
    ("https://news.example/a", "https://news.example/a?_hsenc=p2A&_hsmi=1&__hstc=2&__hssc=3&__hsfp=4"),
    ("https://news.example/a", "https://news.example/a?reflink=share&gaa_at=eafs&gaa_sig=x&WT.mc_id=y&wprov=sfti1"),
    ("https://news.example/a", "https://news.example/a?srsltid=A&gad_source=1&pk_campaign=x&mtm_source=y"),
    ("https://news.example/a", "https://news.example/a?unlocked_article_code=1.x&smid=url-share"),
    (
        "https://news.example/a",
        "https://news.example/a?campaign_id=9&emc=edit&nl=x&regi_id=1&segment_id=2&te=1&user_id=z",
    ),
    ("https://news.example/a?id=2", "https://news.example/a?id=2&outputType=amp"),
]
DIFFERENT = [
    ("https://news.example/a", "https://www.news.example/a"),
    ("https://news.example/a", "https://news.example/A"),
    ("https://news.example/a?id=1", "https://news.example/a?id=2"),
    ("https://news.example/a?a=1&b=2", "https://news.example/a?b=2&a=1"),
    ("https://news.example/a", "https://news.example/a.html"),
    ("https://news.example/a", "https://news.example:8443/a"),
    ("https://news.example/a?reference=utm_source", "https://news.example/a"),
    ("https://news.example/utm_source=x", "https://news.example/"),
    ("https://news.example/#/story/1", "https://news.example/#/story/2"),
    ("https://news.example/#!story-1", "https://news.example/#!story-2"),
    ("https://news.example/#!story-1", "https://news.example/"),
    ("https://news.example/a?segment_id=1", "https://news.example/a?segment_id=2"),  # a part of a broadcast
    ("https://news.example/a?campaign_id=1&nl=x", "https://news.example/a?campaign_id=2&nl=x"),
    ("https://news.example/a?outputType=chart", "https://news.example/a"),
    ("https://news.example/a?s=20", "https://news.example/a?s=21"),
    ("https://news.example/a?cid=20", "https://news.example/a?cid=21"),
    ("https://news.example/a?cmpr=1", "https://news.example/a"),
]


@pytest.mark.parametrize(("one", "other"), SAME, ids=[other for _, other in SAME])
def test_two_ways_to_write_one_article_are_equal(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=[f"{one} {other}" for one, other in DIFFERENT])
def test_addresses_that_may_be_two_articles_stay_two(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


URLS = st.builds(
    "{}://{}{}{}?{}#{}".format,
    st.sampled_from(["http", "https", "HTTP", "ftp"]),
    st.sampled_from(["news.example", "News.Example.", "zürich.example", "[::1]", "127.1", "１.1.1.1", "a..b"]),
    st.sampled_from(["", ":", ":80", ":443", ":0080", ":8080", ":99999"]),
    st.text(st.sampled_from("/aÄ%.;= \t"), max_size=8).map(lambda path: "/" + path),
    st.text(st.sampled_from("&?=aÄ%utm_fbclid"), max_size=20),
    st.sampled_from(["", "/", "!"]).flatmap(lambda start: st.text(max_size=3).map(lambda rest: start + rest)),
)


@settings(deadline=None)  # a shared machine pauses
@given(URLS | st.text(max_size=60))
@example("http://news.example:443/")
@example("http://news.example/a//?")
@example("http://news.example/" + "ä" * 1_000)
def test_the_canonical_form_of_a_canonical_form_is_itself(text: str) -> None:
    assert canonical_url(canonical_url(text)) == canonical_url(text)


def test_what_is_no_web_address_is_its_own_canonical_form() -> None:
    assert canonical_url(" notes/strike.txt ") == "notes/strike.txt"
    assert canonical_url("") == ""


def test_a_message_shows_a_hostile_address_on_one_short_line() -> None:
    assert shown("http://a\n\x1b[31m\u202e") == "http://a\\n\\x1b[31m\\u202e"
    assert len(shown("https://news.example/" + "a" * 10_000)) == 121
