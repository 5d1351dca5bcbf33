"""What a stranger may make Picket fetch, tried against a real server on loopback.

Three tables of hostile cases: addresses refused by their text, addresses refused by where they lead (both before any
connection is made, which the server's own count proves), and what a server does once it is connected to.
"""

import gzip
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.addresses import is_public
from corpus.errors import FetchError, FetchTimeoutError, TooLargeError, UnsafeAddressError
from corpus.fetch import Fetcher, FetchLimits, Page, PageKind, system_resolver
from tests.fakes import Answer, Line, WebServer, response, tls_contexts

PAGE = b"<!doctype html><title>Talks resume</title><p>The union and the studios met on Monday.</p>"
RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Strikes</title></channel></rss>'
LIMITS = FetchLimits(max_bytes=20_000, seconds=5, redirects=4, ports=frozenset(range(1, 65_536)))
SLOW = FetchLimits(max_bytes=20_000, seconds=0.3, redirects=4, ports=LIMITS.ports)
TRUSTING_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # one for all: loading the system's takes a moment

Resolver = Callable[[str, int], Sequence[str]]


def here(host: str, port: int) -> Sequence[str]:
    """Every name is the local server, except those named after where they lead."""
    return {"inside.example": ["10.0.0.5"], "mixed.example": ["93.184.215.14", "10.0.0.5"]}.get(host, ["127.0.0.1"])


def local_too(address: IPv4Address | IPv6Address) -> bool:
    return address == IPv4Address("127.0.0.1") or is_public(address)


def fetcher(limits: FetchLimits = LIMITS, resolve: Resolver = here, tls: ssl.SSLContext | None = None) -> Fetcher:
    return Fetcher(limits, resolve=resolve, allowed=local_too, tls=tls or TRUSTING_NOBODY)


@pytest.fixture(scope="module")
def server() -> Iterator[WebServer]:
    with WebServer() as running:
        running.routes.update(ROUTES)
        yield running


# --- refused by the text of the address -------------------------------------------------------------------------------

BY_TEXT = [
    # (address, what the message must name); PORT is the local server's port, which is allowed here
    ("", "no web address"),
    ("news.example/a", "news.example/a"),
    ("//news.example/a", "//news.example/a"),
    ("http:news.example", "http:news.example"),
    ("http:/news.example", "http:/news.example"),
    ("http:\\\\127.0.0.1:PORT\\", "http:\\\\127.0.0.1"),
    ("http://", "http:// names no host"),
    ("http:///a", "names no host"),
    ("http://:PORT/", "names no host"),
    ("http://?a", "names no host"),
    ("file:///etc/passwd", "file:"),
    ("FILE:///etc/passwd", "FILE:"),
    ("ftp://127.0.0.1:PORT/", "ftp:"),
    ("gopher://127.0.0.1:PORT/_GET", "gopher:"),
    ("dict://127.0.0.1:PORT/", "dict:"),
    ("ws://127.0.0.1:PORT/", "ws:"),
    ("data:text/html,<p>hello", "data:"),
    ("javascript:alert(1)", "javascript:"),
    ("jar:http://127.0.0.1:PORT!/", "jar:"),
    ("view-source:http://127.0.0.1:PORT/", "view-source:"),
    ("http://writer@127.0.0.1:PORT/", "user name"),
    ("http://writer:secret@127.0.0.1:PORT/", "user name"),
    ("http://news.example@127.0.0.1:PORT/", "user name"),
    ("http://127.0.0.1:PORT\\@news.example/", "user name"),
    ("http://news.example\\.127.0.0.1:PORT/", "backslash"),
    ("http://@127.0.0.1:PORT/", "user name"),
    ("http://127.0.0.1:PORT /", "blank"),
    (" http://127.0.0.1:PORT/", "blank"),
    ("http://127.0.0.1:PORT/\t", "unprintable"),
    ("http://127.0.0.1:PORT/\r\nHost: evil", "unprintable"),
    ("http://127.0.0.1:PORT/\0", "unprintable"),
    ("http://127.0.0.1:PORT/\x7f", "unprintable"),
    ("http://127.0.0.1:PORT/\ud800", "unprintable"),
    ("http://127.0.0.1:PORT/\u202egpj.exe", "unprintable"),
    ("http://127.0.0.1:22/", "port 22"),
    ("http://127.0.0.1:25/", "port 25"),
    ("http://127.0.0.1:6379/", "port 6379"),
    ("http://127.0.0.1:0/", "port 0"),
    ("http://127.0.0.1:65536/", "port 65536"),
    ("http://127.0.0.1:-80/", "-80"),
    ("http://127.0.0.1:999999/", "999999"),
    ("http://127.0.0.1:8o/", "8o"),
    ("http://127.0.0.1:８０/", "８０"),
    ("http://127.0.0.1:80:80/", "80:80"),
    ("http://2130706433:PORT/", "2130706433"),
    ("http://017700000001:PORT/", "017700000001"),
    ("http://0x7f000001:PORT/", "0x7f000001"),
    ("http://0X7F.1:PORT/", "0X7F.1"),
    ("http://0177.0.0.1:PORT/", "0177.0.0.1"),
    ("http://127.1:PORT/", "127.1"),
    ("http://127.0.1:PORT/", "127.0.1"),
    ("http://127.0.0.01:PORT/", "127.0.0.01"),
    ("http://127.0.0.0x1:PORT/", "127.0.0.0x1"),
    ("http://127.0.0.1.:0/", "port 0"),
    ("http://256.0.0.1:PORT/", "256.0.0.1"),
    ("http://1.2.3.4.5:PORT/", "1.2.3.4.5"),
    ("http://0:PORT/", "http://0"),
    ("http://１２７.１:PORT/", "１２７.１"),
    ("http://%31%32%37.0.0.1:PORT/", "%31%32%37"),
    ("http://127.0.0.1%00.news.example:PORT/", "percent"),
    ("http://[::1:PORT/", "[::1"),
    ("http://::1:PORT/", "::1"),
    ("http://[::1]x:PORT/", "[::1]x"),
    ("http://[fe80::1%25eth0]:PORT/", "zone"),
    ("http://[v1.fe80]:PORT/", "[v1.fe80]"),
    ("http://[127.0.0.1]:PORT/", "[127.0.0.1]"),
    ("http://[]:PORT/", "[]"),
    ("http://localhost:PORT/", "localhost"),
    ("http://LOCALHOST.:PORT/", "LOCALHOST."),
    ("http://ｌｏｃａｌｈｏｓｔ:PORT/", "local host"),
    ("http://news.localhost:PORT/", "news.localhost"),
    ("http://intranet:PORT/", "intranet"),
    ("http://printer.local:PORT/", "printer.local"),
    ("http://metadata.google.internal:PORT/", "metadata.google.internal"),
    ("http://router.home.arpa:PORT/", "router.home.arpa"),
    ("http://hidden.onion:PORT/", "hidden.onion"),
    ("http://news..example:PORT/", "news..example"),
    ("http://.news.example:PORT/", ".news.example"),
    ("http://-news.example:PORT/", "-news.example"),
    ("http://news.example..:PORT/", "news.example.."),
    ("http://ne<ws.example:PORT/", "ne<ws.example"),
    ("http://xn--\u00e4.example:PORT/", "international"),
    ("http://" + "a" * 64 + ".example:PORT/", "aaaa"),
    ("http://" + "a." * 130 + "example:PORT/", "a.a.a"),
    ("http://" + "ä." * 500 + "example:PORT/", "ä.ä."),
    ("http://127.0.0.1:PORT/" + "a" * 2_048, "characters"),
]


@pytest.mark.parametrize(("url", "named"), BY_TEXT, ids=[ascii(url)[1:41] for url, _ in BY_TEXT])
def test_an_address_that_reads_badly_is_refused_unlooked_at(server: WebServer, url: str, named: str) -> None:
    asked: list[str] = []
    before = server.connections

    def note(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    guarded = Fetcher(FetchLimits(ports=frozenset({server.port})), resolve=note, allowed=local_too, tls=TRUSTING_NOBODY)
    with pytest.raises(UnsafeAddressError, match=re.escape(named)) as caught:
        guarded.fetch(url.replace("PORT", str(server.port)))
    assert "\n" not in str(caught.value)
    assert (asked, server.connections) == ([], before)


# --- refused by where the address leads -------------------------------------------------------------------------------

BY_NUMBER = [
    # (host in the address, what the resolver says, what the message must name); with the guard that is used in earnest
    ("127.0.0.1", [], "127.0.0.1"),
    ("127.0.0.1.", [], "127.0.0.1"),
    ("１２７.０.０.１", [], "127.0.0.1"),
    ("127。0。0。1", [], "127.0.0.1"),
    ("127.8.8.8", [], "127.8.8.8"),
    ("0.0.0.0", [], "0.0.0.0"),
    ("[::1]", [], "::1"),
    ("[::]", [], "::"),
    ("[::ffff:127.0.0.1]", [], "::ffff:7f00:1"),
    ("[0:0:0:0:0:ffff:7f00:1]", [], "::ffff:7f00:1"),
    ("[::127.0.0.1]", [], "::7f00:1"),
    ("[64:ff9b::127.0.0.1]", [], "64:ff9b::7f00:1"),
    ("[2002:7f00:1::]", [], "2002:7f00:1::"),
    ("169.254.169.254", [], "169.254.169.254"),
    ("[fd00:ec2::254]", [], "fd00:ec2::254"),
    ("news.example", ["127.0.0.1"], "127.0.0.1"),
    ("news.example", ["::1"], "::1"),
    ("news.example", ["10.1.2.3"], "10.1.2.3"),
    ("news.example", ["172.16.0.1"], "172.16.0.1"),
    ("news.example", ["192.168.1.1"], "192.168.1.1"),
    ("news.example", ["100.64.0.1"], "100.64.0.1"),
    ("news.example", ["168.63.129.16"], "168.63.129.16"),
    ("news.example", ["198.18.0.1"], "198.18.0.1"),
    ("news.example", ["192.0.2.1"], "192.0.2.1"),
    ("news.example", ["224.0.0.1"], "224.0.0.1"),
    ("news.example", ["255.255.255.255"], "255.255.255.255"),
    ("news.example", ["fe80::1%lo"], "fe80::1%lo"),
    ("news.example", ["fec0::1"], "fec0::1"),
    ("news.example", ["ff02::1"], "ff02::1"),
    ("news.example", ["2001:0:4136:e378:8000:63bf:3fff:fdd2"], "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    ("news.example", ["93.184.215.14", "127.0.0.1"], "127.0.0.1"),
    ("news.example", ["127.0.0.1", "93.184.215.14"], "127.0.0.1"),
    ("news.example", ["2606:4700::1111", "::ffff:192.168.0.1"], "::ffff:c0a8:1"),
]


@pytest.mark.parametrize(
    ("host", "found", "named"), BY_NUMBER, ids=[f"{host} {' '.join(found)}" for host, found, _ in BY_NUMBER]
)
def test_an_address_that_leads_inside_is_refused_before_any_connection(
    server: WebServer, host: str, found: list[str], named: str
) -> None:
    before = server.connections
    limits = FetchLimits(ports=frozenset({server.port}))
    guarded = Fetcher(limits, resolve=lambda host, port: found, tls=TRUSTING_NOBODY)
    with pytest.raises(UnsafeAddressError, match=re.escape(f"leads to {named}, ")):
        guarded.fetch(f"http://{host}:{server.port}/page")
    assert server.connections == before


# --- what a server does -----------------------------------------------------------------------------------------------


def redirect(location: str | bytes, status: str = "302 Found") -> bytes:
    place = location if isinstance(location, bytes) else location.encode()
    return b"HTTP/1.1 " + status.encode() + b"\r\nContent-Length: 0\r\nLocation: " + place + b"\r\n\r\n"


def drip(opening: bytes, drop: bytes) -> Callable[[Line], None]:
    """An answer that never ends and never pauses for long; a limit per read would not stop it."""

    def answer(line: Line) -> None:
        line.say(opening)
        while line.wait(0.02):
            line.say(drop)

    return answer


def endless(opening: bytes, flood: bytes) -> Callable[[Line], None]:
    def answer(line: Line) -> None:
        line.say(opening)
        while line.wait(0):
            line.say(flood)

    return answer


def silent(line: Line) -> None:
    line.wait(30)


def bomb(coding: str, packed: bytes) -> bytes:
    return response(packed, f"Content-Encoding: {coding}")


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


MILLIONS = b"<p>" + b"a" * 3_000_000
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

# path → (what the server answers, error, what the message must name)
HOSTILE: dict[str, tuple[Answer, type[FetchError], str]] = {
    # redirects
    "/to-loopback": (redirect("http://127.0.0.2:PORT/page"), UnsafeAddressError, "127.0.0.2"),
    "/to-ipv6-loopback": (redirect("http://[::1]:PORT/page"), UnsafeAddressError, "::1"),
    "/to-mapped": (redirect("http://[::ffff:10.0.0.5]:PORT/page"), UnsafeAddressError, "::ffff:a00:5"),
    "/to-decimal": (redirect("http://2130706433:PORT/page"), UnsafeAddressError, "2130706433"),
    "/to-metadata": (redirect("http://169.254.169.254/latest"), UnsafeAddressError, "169.254.169.254"),
    "/to-inside-name": (redirect("http://inside.example:PORT/page"), UnsafeAddressError, "10.0.0.5"),
    "/to-mixed-name": (redirect("http://mixed.example:PORT/page"), UnsafeAddressError, "10.0.0.5"),
    "/to-scheme-relative": (redirect("//inside.example:PORT/page"), UnsafeAddressError, "10.0.0.5"),
    "/to-localhost": (redirect("http://localhost:PORT/page"), UnsafeAddressError, "localhost"),
    "/to-user": (redirect("http://a:b@news.example:PORT/page"), UnsafeAddressError, "user name"),
    "/to-file": (redirect("file:///etc/passwd"), UnsafeAddressError, "file:"),
    "/to-gopher": (redirect("gopher://127.0.0.1:PORT/_x"), UnsafeAddressError, "gopher:"),
    "/to-data": (redirect("data:text/html,hello"), UnsafeAddressError, "data:"),
    "/to-javascript": (redirect("javascript:alert(1)"), UnsafeAddressError, "javascript:"),
    "/to-nothing": (redirect("http://"), UnsafeAddressError, "no host"),
    "/to-control": (redirect(b"http://news.example:PORT/\x1b[0m"), UnsafeAddressError, "\\x1b"),
    "/to-direction": (redirect("http://news.example:PORT/\u202ea"), UnsafeAddressError, "unprintable"),
    "/to-latin-1": (redirect(b"/caf\xe9"), FetchError, "caf\\xe9"),
    "/to-broken-brackets": (redirect("//[::1/page"), FetchError, "//[::1/page"),
    "/to-endless-address": (redirect("/" + "a" * 5_000), UnsafeAddressError, "over the limit of 2,048"),
    "/circle-of-one": (redirect("/circle-of-one"), FetchError, "in a circle"),
    "/circle-of-two": (redirect("/circle-back", "301 Moved"), FetchError, "in a circle"),
    "/circle-by-fragment": (redirect("/circle-by-fragment#again"), FetchError, "in a circle"),
    "/step-0": (redirect("/step-1", "307 Temporary Redirect"), FetchError, "more than 4 times"),
    "/inside-at-the-end": (redirect("/inside-at-the-end-2", "308 Permanent"), UnsafeAddressError, "10.0.0.5"),
    "/no-location": (response(b"", status="302 Found"), FetchError, "status 302"),
    # statuses
    "/300": (response(PAGE, status="300 Multiple Choices"), FetchError, "status 300"),
    "/304": (b"HTTP/1.1 304 Not Modified\r\n\r\n", FetchError, "status 304"),
    "/204": (b"HTTP/1.1 204 No Content\r\n\r\n", FetchError, "status 204"),
    "/206": (response(PAGE, status="206 Partial Content"), FetchError, "status 206"),
    "/401": (response(PAGE, 'WWW-Authenticate: Basic realm="x"', status="401 No"), FetchError, "status 401"),
    "/403": (response(PAGE, status="403 Forbidden"), FetchError, "status 403"),
    "/404": (response(PAGE, status="404 Not Found"), FetchError, "status 404"),
    "/407": (response(PAGE, status="407 Proxy"), FetchError, "status 407"),
    "/429": (response(PAGE, "Retry-After: 9", status="429 Too Many Requests"), FetchError, "status 429"),
    "/500": (response(PAGE, status="500 Oops"), FetchError, "status 500"),
    "/999": (response(PAGE, status="999 No"), FetchError, "status 999"),
    "/upgrade": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", FetchError, "/upgrade"),
    # sizes
    "/announced": (OK + b"Content-Length: 20001\r\n\r\n", TooLargeError, "20001 bytes"),
    "/announced-hugely": (OK + b"Content-Length: " + b"9" * 19 + b"\r\n\r\n", TooLargeError, "20,000"),
    "/endless-body": (endless(OK + b"\r\n", b"a" * 5_000), TooLargeError, "20,000"),
    "/endless-chunks": (
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"a" * 1024 + b"\r\n"),
        TooLargeError,
        "20,000",
    ),
    "/tiny-chunks": (
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 200 + b"\r\na\r\n"),
        TooLargeError,
        "20,000",
    ),
    "/endless-trailers": (
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 100),
        TooLargeError,
        "20,000",
    ),
    "/endless-headers": (endless(OK, b"X-Filler: y\r\n" * 100), TooLargeError, "65,536 bytes of headers"),
    "/endless-header": (endless(OK + b"X: ", b"y" * 5_000), TooLargeError, "65,536 bytes of headers"),
    "/endless-status": (endless(b"HTTP/1.1 200 ", b"y" * 5_000), TooLargeError, "65,536 bytes of headers"),
    "/endless-continue": (
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50),
        TooLargeError,
        "65,536 bytes of headers",
    ),
    "/gzip-bomb": (bomb("gzip", gzip.compress(MILLIONS)), TooLargeError, "20,000"),
    "/x-gzip-bomb": (bomb("x-gzip", gzip.compress(MILLIONS)), TooLargeError, "20,000"),
    "/deflate-bomb": (bomb("deflate", zlib.compress(MILLIONS, 9)), TooLargeError, "20,000"),
    "/raw-deflate-bomb": (bomb("deflate", raw_deflate(MILLIONS)), TooLargeError, "20,000"),
    "/many-members": (bomb("gzip", gzip.compress(b"a" * 1_000) * 30), TooLargeError, "20,000"),
    "/gzip-twice": (bomb("gzip, gzip", gzip.compress(gzip.compress(MILLIONS))), FetchError, "gzip, gzip"),
    "/gzip-ten-times": (bomb(", ".join(["gzip"] * 10), b"x"), FetchError, "gzip, gzip"),
    "/brotli": (bomb("br", b"\x0b\x02\x80abc\x03"), FetchError, "coded as br"),
    "/zstd": (bomb("zstd", b"\x28\xb5\x2f\xfd\x04\x00\x19\x00\x00abc"), FetchError, "coded as zstd"),
    "/unknown-coding": (bomb("x-own", PAGE), FetchError, "x-own"),
    "/not-gzip": (bomb("gzip", PAGE), FetchError, "damaged gzip"),
    "/half-gzip": (bomb("gzip", gzip.compress(PAGE)[:-9]), FetchError, "ends early"),
    "/no-gzip-at-all": (bomb("gzip", b""), FetchError, "ends early"),
    "/not-deflate": (bomb("deflate", b"\xff\xff\xff"), FetchError, "damaged deflate"),
    # broken HTTP
    "/nothing": (b"", FetchError, "/nothing"),
    "/not-http": (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", FetchError, "readable HTTP"),
    "/half-headers": (b"HTTP/1.1 200 OK\r\nContent-Ty", FetchError, "readable HTTP"),
    "/short": (OK + b"Content-Length: 900\r\n\r\n" + PAGE, FetchError, "readable HTTP"),
    "/two-lengths": (OK + b"Content-Length: 9\r\nContent-Length: 10\r\n\r\n" + PAGE, FetchError, "readable HTTP"),
    "/minus-length": (OK + b"Content-Length: -1\r\n\r\n" + PAGE, FetchError, "readable HTTP"),
    "/bad-chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + PAGE, FetchError, "readable HTTP"),
    "/half-chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n" + PAGE[:9], FetchError, "readable HTTP"),
    "/odd-transfer": (OK + b"Transfer-Encoding: gzip\r\n\r\n" + PAGE, FetchError, "readable HTTP"),
    "/nul-header": (OK + b"X: a\0b\r\n\r\n" + PAGE, FetchError, "readable HTTP"),
    "/reset": (Line.cut, FetchError, "can't be reached"),
    # no article, whatever the header says
    "/empty": (response(b""), FetchError, "empty page"),
    "/blank": (response(b" \n\t "), FetchError, "empty page"),
    "/png": (response(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), FetchError, "a PNG image"),
    "/jpeg": (response(b"\xff\xd8\xff\xe0\0\x10JFIF", kind="text/plain"), FetchError, "a JPEG image"),
    "/gif": (response(b"GIF89a\1\0\1\0"), FetchError, "a GIF image"),
    "/webp": (response(b"RIFF\x24\0\0\0WEBPVP8 "), FetchError, "a WebP image"),
    "/bmp": (response(b"BM\x36\0\0\0\0\0"), FetchError, "a BMP image"),
    "/svg": (response(b'<?xml version="1.0"?><!-- x --><svg xmlns="x">'), FetchError, "an SVG image"),
    "/pdf": (response(b"%PDF-1.7\n%abc", kind="text/html"), FetchError, "a PDF"),
    "/zip": (response(b"PK\x03\x04\x14\0", kind="text/plain"), FetchError, "a ZIP archive"),
    "/gzip-file": (response(gzip.compress(PAGE), kind="application/gzip"), FetchError, "a gzip archive"),
    "/tar": (response(b"a.html".ljust(257, b"\0") + b"ustar\0" + bytes(250)), FetchError, "a tar archive"),
    "/elf": (response(b"\x7fELF\2\1\1\0"), FetchError, "a program (ELF)"),
    "/exe": (response(b"MZ\x90\0\3\0\0\0", kind="text/html"), FetchError, "a program (Windows)"),
    "/script": (response(b"#!/bin/sh\nrm -r .\n", kind="text/plain"), FetchError, "a script"),
    "/mp4": (response(b"\0\0\0\x20ftypisom\0\0"), FetchError, "a video"),
    "/mp3": (response(b"ID3\4\0\0\0\0"), FetchError, "an MP3 recording"),
    "/office": (response(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), FetchError, "an Office document"),
    "/binary": (response(bytes(range(256)), kind="text/plain"), FetchError, "binary data"),
    "/css": (response(b"p { color: red }", kind="text/css"), FetchError, "text/css"),
    "/javascript": (response(b"let a = 1;", kind="application/javascript"), FetchError, "application/javascript"),
    "/json": (response(b'{\n"a": 1\n}', kind="application/json"), FetchError, "application/json"),
    "/image-in-words": (response(b"not really", kind="image/png"), FetchError, "image/png"),
    "/sitemap": (response(b'<?xml version="1.0"?><urlset><url/></urlset>', kind="text/xml"), FetchError, "XML"),
    "/deep-json": (response(b"[" * 9_000, kind="application/x-deep"), FetchError, "application/x-deep"),
    "/deep-json-line": (response(b'{"a":' * 3_000, kind="application/x-deep"), FetchError, "x-deep"),
    "/long-type": (response(b"hello", kind="text/" + "x" * 9_000), FetchError, "text/xxx"),
}
LATE: dict[str, Answer] = {
    "/silent": silent,
    "/slow-status": drip(b"", b"H"),
    "/slow-headers": drip(OK, b"X: y\r\n"),
    "/slow-header": drip(OK + b"X: ", b"y"),
    "/slow-continue": drip(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "/slow-body": drip(OK + b"Content-Length: 9999\r\n\r\n", b"a"),
    "/slow-chunks": drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "/slow-gzip": drip(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"", mtime=0)[:10], b"\0\0\0\xff\xff"),
    "/stalled-body": drip(OK + b"Content-Length: 999\r\n\r\n" + PAGE, b""),
    "/slow-redirect": drip(b"HTTP/1.1 302 Found\r\nLocation: /", b"a"),
}
ROUTES: dict[str, Answer] = {
    **{path: answer for path, (answer, _, _) in HOSTILE.items()},
    **LATE,
    "/circle-back": redirect("/circle-of-two"),
    **{f"/step-{n}": redirect(f"/step-{n + 1}") for n in range(8)},
    "/inside-at-the-end-2": redirect("http://inside.example:PORT/page"),
    "/page": response(PAGE, "Set-Cookie: who=you; Path=/", kind="Text/HTML; charset=ISO-8859-1"),
    "/moved": redirect("page#part", "301 Moved Permanently"),
    "/moved-far": redirect("http://other.example:PORT/moved"),
    "/moved-oddly": redirect("/a b/ä?q=ü"),
    "/a%20b/%C3%A4?q=%C3%BC": response(PAGE),
    "/cookie-then-redirect": redirect("/page").replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n"),
    "/gzip": bomb("gzip", gzip.compress(PAGE)),
    "/gzip-members": bomb("GZIP", gzip.compress(PAGE[:40]) + gzip.compress(PAGE[40:])),
    "/gzip-padded": bomb("gzip", gzip.compress(PAGE) + b"\0" * 100),
    "/deflate": bomb("deflate", zlib.compress(PAGE)),
    "/raw-deflate": bomb("deflate", raw_deflate(PAGE)),
    "/identity": bomb("identity", PAGE),
    "/chunked": OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE),
    "/until-closed": OK + b"\r\n" + PAGE,
    "/http-1.0": b"HTTP/1.0 200 OK\r\n\r\n" + PAGE,
    "/full": response(b"<p>" + b"a" * 19_997),
    "/one-more": response(b"<p>" + b"a" * 19_998),
    "/longer-than-said": OK + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE + b"and more",
    "/early-hints": b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + response(PAGE),
}


@pytest.mark.parametrize("path", HOSTILE)
def test_a_hostile_server_gets_one_error_of_the_family(server: WebServer, path: str) -> None:
    _, error, named = HOSTILE[path]
    with pytest.raises(FetchError, match=re.escape(named)) as caught:
        fetcher().fetch(f"http://news.example:{server.port}{path}")
    assert type(caught.value) is error
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("path", LATE)
def test_a_slow_server_is_left_when_the_time_is_up(server: WebServer, path: str) -> None:
    start = time.monotonic()
    with pytest.raises(FetchTimeoutError, match=r"longer than 0\.3 s"):
        fetcher(SLOW).fetch(f"http://news.example:{server.port}{path}")
    assert 0.2 < time.monotonic() - start < 5


def test_one_byte_over_the_limit_is_too_large_and_the_limit_itself_is_not(server: WebServer) -> None:
    assert len(fetcher().fetch(f"http://news.example:{server.port}/full").body) == 20_000
    with pytest.raises(TooLargeError, match="20001 bytes"):
        fetcher().fetch(f"http://news.example:{server.port}/one-more")


# --- looking names up -------------------------------------------------------------------------------------------------


class Rebinding:
    """A name service that answers differently every time it is asked, as an attacker's does."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return [self.answers[min(self.asked, len(self.answers)) - 1]]


def test_a_name_is_looked_up_once_and_the_checked_address_is_dialled(server: WebServer) -> None:
    rebinding = Rebinding("127.0.0.1", "10.0.0.5")
    page = fetcher(resolve=rebinding).fetch(f"http://news.example:{server.port}/page")
    assert (page.body, rebinding.asked) == (PAGE, 1)


def test_a_name_that_turns_inside_at_a_redirect_is_refused(server: WebServer) -> None:
    before = server.connections
    with pytest.raises(UnsafeAddressError, match=r"leads to 10\.0\.0\.5"):
        fetcher(resolve=Rebinding("127.0.0.1", "10.0.0.5")).fetch(f"http://news.example:{server.port}/moved")
    assert server.connections == before + 1


def test_the_second_address_is_tried_where_the_first_refuses(server: WebServer) -> None:
    both = Fetcher(
        LIMITS,
        resolve=lambda host, port: ["127.0.0.3", "127.0.0.1"],  # the server listens on the second only
        allowed=lambda address: address.is_loopback,
        tls=TRUSTING_NOBODY,
    )
    assert both.fetch(f"http://news.example:{server.port}/page").body == PAGE


def failing(error: Exception) -> Resolver:
    def resolve(host: str, port: int) -> Sequence[str]:
        raise error

    return resolve


@pytest.mark.parametrize(
    ("resolve", "named"),
    [
        (failing(socket.gaierror(socket.EAI_NONAME, "Name or service not known")), "Name or service not known"),
        (failing(UnicodeError("label too long")), "label too long"),
        (failing(OSError("no network")), "no network"),
        (lambda host, port: [], "has no address"),
        (lambda host, port: ["nonsense"], "nonsense"),
        (lambda host, port: ["127.0.0.1", ""], "unreadable result"),
    ],
)
def test_a_name_that_can_not_be_looked_up_is_named(resolve: Resolver, named: str) -> None:
    with pytest.raises(FetchError, match=named) as caught:
        fetcher(resolve=resolve).fetch("http://gone.example/")
    assert "gone.example" in str(caught.value)


def test_a_resolver_that_hangs_does_not_hold_the_fetch() -> None:
    release = threading.Event()

    def hang(host: str, port: int) -> Sequence[str]:
        release.wait(30)
        return ["127.0.0.1"]

    with pytest.raises(FetchTimeoutError, match=r"longer than 0\.3 s"):
        fetcher(SLOW, hang).fetch("http://news.example/")
    release.set()


def test_the_system_resolver_gives_numbers_without_repeats() -> None:
    assert list(system_resolver("127.0.0.1", 80)) == ["127.0.0.1"]


def test_a_closed_port_is_an_error_that_names_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(FetchError, match=rf"news\.example:{port}/a can't be reached"):
        fetcher().fetch(f"http://news.example:{port}/a")


# --- TLS --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[WebServer, ssl.SSLContext]]:
    folder: Path = tmp_path_factory.mktemp("tls")
    ours, trusting = tls_contexts(folder)
    with WebServer(ours) as running:
        running.routes["/page"] = response(PAGE)
        running.routes["/down"] = redirect("http://news.example:PORT/page")
        running.routes["/along"] = redirect("/page")
        yield running, trusting


def test_a_certificate_is_verified_for_the_name_though_a_number_is_dialled(
    secure: tuple[WebServer, ssl.SSLContext],
) -> None:
    server, trusting = secure
    page = fetcher(tls=trusting).fetch(f"https://news.example:{server.port}/along")
    assert (page.body, page.final_url) == (PAGE, f"https://news.example:{server.port}/page")


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_a_certificate_for_another_name_is_refused(secure: tuple[WebServer, ssl.SSLContext], host: str) -> None:
    server, trusting = secure
    before = len(server.requests)
    with pytest.raises(FetchError, match=rf"{host}.* certificate that can't be trusted .*mismatch"):
        fetcher(tls=trusting).fetch(f"https://{host}:{server.port}/page")
    assert len(server.requests) == before


def test_a_self_signed_certificate_is_refused_by_default(secure: tuple[WebServer, ssl.SSLContext]) -> None:
    server, _ = secure
    with pytest.raises(FetchError, match=r"certificate that can't be trusted .*self-signed"):
        Fetcher(LIMITS, resolve=here, allowed=local_too).fetch(f"https://news.example:{server.port}/page")


def test_a_redirect_from_https_to_http_is_refused(secure: tuple[WebServer, ssl.SSLContext]) -> None:
    server, trusting = secure
    with pytest.raises(UnsafeAddressError, match=r"redirects from https to http://news\.example"):
        fetcher(tls=trusting).fetch(f"https://news.example:{server.port}/down")


def test_https_to_a_server_without_tls_is_an_error_of_the_family(server: WebServer) -> None:
    with pytest.raises(FetchError, match=f"news.example:{server.port}"):
        fetcher(SLOW).fetch(f"https://news.example:{server.port}/page")


def test_a_tls_greeting_that_never_comes_is_too_late() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(FetchTimeoutError):
        fetcher(SLOW).fetch(f"https://news.example:{mute.getsockname()[1]}/page")


# --- and what must go well --------------------------------------------------------------------------------------------


def test_a_page_comes_with_what_the_server_said_about_it(server: WebServer) -> None:
    url = f"http://News.Example:{server.port}/page#part"
    assert fetcher().fetch(url) == Page(
        url=url,
        final_url=f"http://news.example:{server.port}/page",
        content_type="text/html",
        charset="iso8859-1",
        body=PAGE,
        kind=PageKind.HTML,
    )


def test_the_request_is_polite_and_carries_the_name(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    fetcher().fetch(f"http://news.example:{server.port}/page")
    head = server.requests[-1]
    assert head.startswith("GET /page HTTP/1.1\r\n")
    assert f"\r\nHost: news.example:{server.port}\r\n" in head
    assert "\r\nUser-Agent: Picket/0.1 (+article fetch at a moderator's request)\r\n" in head
    assert "\r\nAccept-Encoding: gzip, deflate\r\n" in head


def test_a_redirect_is_followed_to_another_host(server: WebServer) -> None:
    page = fetcher().fetch(f"http://news.example:{server.port}/moved-far")
    assert (page.final_url, page.body) == (f"http://other.example:{server.port}/page", PAGE)


def test_a_redirect_with_blanks_and_letters_is_followed_as_browsers_do(server: WebServer) -> None:
    page = fetcher().fetch(f"http://news.example:{server.port}/moved-oddly")
    assert page.final_url == f"http://news.example:{server.port}/a%20b/%C3%A4?q=%C3%BC"


def test_cookies_are_not_kept(server: WebServer) -> None:
    same = fetcher()
    same.fetch(f"http://news.example:{server.port}/cookie-then-redirect")
    same.fetch(f"http://news.example:{server.port}/page")
    assert all("cookie:" not in head.lower() for head in server.requests)


@pytest.mark.parametrize(
    "path",
    [
        *("/gzip", "/gzip-members", "/gzip-padded", "/deflate", "/raw-deflate", "/identity", "/chunked"),
        *("/until-closed", "/http-1.0", "/longer-than-said", "/early-hints"),
    ],
)
def test_every_usual_way_to_send_a_page_is_read(server: WebServer, path: str) -> None:
    assert fetcher().fetch(f"http://news.example:{server.port}{path}").body == PAGE


KINDS = [
    (PAGE, "application/octet-stream", PageKind.HTML),
    (PAGE, "image/png", PageKind.HTML),
    (PAGE, None, PageKind.HTML),
    (b"\xef\xbb\xbf <!-- a --> <HTML><p>x", "text/html", PageKind.HTML),
    (b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="x"><p>x', "application/xhtml+xml", PageKind.HTML),
    (b"junk before <html><p>x", "text/html", PageKind.HTML),
    ("<html><p>Löhne".encode("utf-16"), "text/html", PageKind.HTML),
    (b"<p>A stray \0 in a page</p>", "text/html", PageKind.HTML),
    (b"no tags at all", "text/html", PageKind.HTML),
    (RSS, "text/html", PageKind.FEED),
    (RSS, "application/rss+xml", PageKind.FEED),
    (b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "text/plain", PageKind.FEED),
    (b'<?xml version="1.0"?>\n<!-- made by x -->\n<rdf:RDF xmlns:rdf="x"></rdf:RDF>', "text/xml", PageKind.FEED),
    (b"The writers walked out on Tuesday.", "text/plain", PageKind.TEXT),
    (b"The writers walked out on Tuesday.", None, PageKind.TEXT),
    (b"# Strike\n\nThe writers walked out.", "text/markdown", PageKind.TEXT),
    (b"BMI musicians join the picket line.", "text/plain", PageKind.TEXT),
    (b"MZ is how the story starts.", "text/plain", PageKind.TEXT),
    (b"[Updated] The writers walked out.", "text/plain", PageKind.TEXT),
    (b"{sic} The writers walked out.", "text/plain", PageKind.TEXT),
    (b"Feed the strikers, says the union.", "text/plain", PageKind.TEXT),
    ("Die Löhne steigen.".encode("utf-16"), "text/plain", PageKind.TEXT),
    ("Les salaires à Orléans.".encode("latin-1"), "text/plain", PageKind.TEXT),
    (b'{"text": "The writers walked out."}\n{"text": "They came back."}\n', "application/json", PageKind.JSON_LINES),
    (b'{"text": "The writers walked out."}', "text/plain", PageKind.JSON_LINES),
]


@pytest.mark.parametrize(("body", "header", "kind"), KINDS)
def test_what_a_page_is_follows_from_its_bytes(
    server: WebServer, body: bytes, header: str | None, kind: PageKind
) -> None:
    server.routes["/kind"] = response(body, kind=header)
    page = fetcher().fetch(f"http://news.example:{server.port}/kind")
    assert (page.kind, page.body) == (kind, body)


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/html; charset=utf-8", "utf-8"),
        ('text/html;x=y;Charset="Windows-1252"', "cp1252"),
        ("text/html; charset='shift_jis'", "shift_jis"),
        ("text/html; charset=GB2312", "gb2312"),
        ("text/html", None),
        ("text/html; charset=", None),
        ("text/html; charset=nonsense", None),
        ("text/html; charset=punycode", None),
        ("text/html; charset=idna", None),
        ("text/html; charset=zlib", None),
        ("text/html; charset=unicode_escape", None),
        ("text/html; charset=utf-7", None),
        ("text/html; charset=../../etc/passwd", None),
        ("text/html; charset=" + "a" * 5_000, None),
    ],
)
def test_only_an_encoding_that_pages_use_is_passed_on(server: WebServer, header: str, charset: str | None) -> None:
    server.routes["/charset"] = response(PAGE, kind=header)
    assert fetcher().fetch(f"http://news.example:{server.port}/charset").charset == charset


def test_a_closed_fetcher_fetches_nothing(server: WebServer) -> None:
    before = server.connections
    with fetcher() as closed:
        pass
    with pytest.raises(FetchError, match="the fetcher is closed"):
        closed.fetch(f"http://news.example:{server.port}/page")
    assert server.connections == before


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=300)
    | st.builds(
        lambda status, headers, body: b"HTTP/1.1 %d X\r\n%s\r\n\r\n%s" % (status, b"\r\n".join(headers), body),
        st.sampled_from([100, 101, 200, 203, 302, 404]),
        st.lists(
            st.builds(
                b"%s: %s".__mod__,
                st.tuples(
                    st.sampled_from([b"Content-Length", b"Content-Encoding", b"Location", b"Content-Type"]),
                    st.binary(max_size=12)
                    | st.sampled_from([b"3", b"gzip", b"deflate", b"/fuzz", b"text/html;charset="]),
                ),
            ),
            max_size=4,
        ),
        st.binary(max_size=60),
    )
)
def test_whatever_bytes_a_server_sends_nothing_but_the_family_is_raised(server: WebServer, said: bytes) -> None:
    server.routes["/fuzz"] = said
    try:
        outcome: Page | FetchError = fetcher().fetch(f"http://news.example:{server.port}/fuzz")
    except FetchError as error:
        outcome = error
    assert isinstance(outcome, Page) or "\n" not in str(outcome)


def test_there_are_at_least_eighty_hostile_cases() -> None:
    assert len(BY_TEXT) + len(BY_NUMBER) + len(HOSTILE) + len(LATE) >= 80
