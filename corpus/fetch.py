"""Fetches the page that a stranger names, within limits, and only from the public internet.

Every hop goes the same way: the text of the address is checked, its host is looked up once, all addresses
that come back are checked, and one of those checked addresses is dialled. A name that answers differently a
moment later changes nothing, since nobody asks again. Redirects are followed here, one hop at a time, and a
redirect from https to http is refused: a page named with a certificate must not arrive without one. Proxies
from the environment are not used, since a proxy would look the name up itself; cookies are not kept.
httpcore2 speaks HTTP and TLS; it is used rather than httpx2 because that offers no way to give it a network
backend.

What a page says is left to `corpus.extract` and `corpus.feeds`; what its bytes are is told by `corpus.sniff`.
"""

import codecs
import queue
import re
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpcore2

from corpus.addresses import PORTS, WebAddress, check_url, is_public, shown
from corpus.dial import Address, Dial, Meter
from corpus.errors import FetchError, UnsafeAddressError
from corpus.sniff import PageKind, sniff

__all__ = ["FetchLimits", "Fetcher", "Page", "PageKind", "system_resolver"]

USER_AGENT = "Picket/0.1 (+article fetch at a moderator's request)"
STEP = 65_536  # bytes that are decompressed at a time, so that a bomb is stopped within one step of the ceiling
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PAGES = frozenset({200, 203})

# Python's names of the encodings that the WHATWG standard lets a page declare. A server may name any codec of
# Python's otherwise, and some take quadratic time (punycode) or are no encodings of text (zip).
CHARSETS = frozenset(
    {
        *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "cp866", "koi8-r", "koi8-u", "mac-roman"),
        *("mac-cyrillic", "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "euc_jp", "shift_jis", "euc_kr"),
        *("iso2022_jp", "tis-620", *(f"iso8859-{part}" for part in range(1, 17) if part != 12)),
        *("cp874", "cp932", "cp949", "cp950", *(f"cp{page}" for page in range(1250, 1259))),
    }
)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much a fetch may take. `max_bytes` bounds the page both as sent and as decompressed."""

    max_bytes: int = 5_000_000  # fifty times the HTML of a long news page
    seconds: float = 20.0  # for the whole fetch, redirects and name look-ups included
    redirects: int = 5  # http → https → www → the new section → the article, and one to spare
    ports: frozenset[int] = frozenset()  # besides `addresses.PORTS`


@dataclass(frozen=True, slots=True)
class Page:
    """What an address gave. `final_url` is where the redirects ended.

    `content_type` is the header's type, lower case, "" where absent, and may be wrong: `kind` is what the
    bytes are. `charset` is the header's, as Python names it, or None; it may be wrong too.
    """

    url: str
    final_url: str
    content_type: str
    charset: str | None
    body: bytes
    kind: PageKind


def system_resolver(host: str, port: int) -> Sequence[str]:
    """All numeric addresses the system knows for a host, in the order to try them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Fetcher:
    """Fetches pages; safe to share between threads, since each fetch has connections of its own.

    `resolve` and `allowed` stand for the name service and for what counts as public; `tls` for whose
    certificates are trusted (the system's, where it is None). Tests replace them; nothing else should.
    """

    def __init__(
        self,
        limits: FetchLimits | None = None,
        *,
        resolve: Callable[[str, int], Sequence[str]] = system_resolver,
        allowed: Callable[[Address], bool] = is_public,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._limits = limits or FetchLimits()
        self._resolve = resolve
        self._allowed = allowed
        self._tls = tls or httpcore2.default_ssl_context()
        self._ports = PORTS | self._limits.ports
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Start no further fetch. Nothing stays open between fetches, so there is nothing else to close."""
        self._closed = True

    def fetch(self, url: str) -> Page:
        """The page at `url`, or an error of the `FetchError` family; no other exception.

        Takes at most `limits.seconds`. Of the host it connects to, nothing was left unchecked.
        """
        if self._closed:
            raise FetchError(f"{shown(url)} was not fetched since the fetcher is closed; open another.")
        meter = Meter(url, self._limits.max_bytes, self._limits.seconds)
        address = check_url(url, ports=self._ports)
        visited = {address.url}
        for _ in range(self._limits.redirects + 1):
            reply = self._hop(address, meter)
            if reply.location is None:
                kind = sniff(reply.body, reply.content_type, address.url)
                return Page(url, address.url, reply.content_type, reply.charset, reply.body, kind)
            address = self._follow(address, reply.location)
            if address.url in visited:
                raise FetchError(
                    f"{shown(url)} redirects in a circle, back to {shown(address.url)}; give the article's own address."
                )
            visited.add(address.url)
        raise FetchError(
            f"{shown(url)} redirects more than {self._limits.redirects} times; give the address it ends at."
        )

    def _follow(self, address: WebAddress, location: bytes) -> WebAddress:
        """Where a redirect leads, checked like an address that a stranger typed."""
        try:
            text = location.decode("utf-8").strip(" \t").replace(" ", "%20")
            if text.isprintable() and not re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE):
                text = urljoin(address.url, text)
        except ValueError as error:  # UnicodeDecodeError is one, and so are broken brackets in an IPv6 host
            raise FetchError(
                f"{shown(address.url)} redirects to an unreadable address ({location[:60]!r}); "
                "give the address where the article is."
            ) from error
        try:
            target = check_url(text, ports=self._ports)
        except UnsafeAddressError as error:
            raise UnsafeAddressError(f"{shown(address.url)} redirects, but {error}") from error
        if address.scheme == "https" and target.scheme == "http":
            raise UnsafeAddressError(
                f"{shown(address.url)} redirects from https to {shown(target.url)}; "
                "give the http address itself if you trust it."
            )
        return target

    def _hop(self, address: WebAddress, meter: Meter) -> "_Reply":
        dial = Dial(self._look_up(address, meter), meter)
        meter.expect_headers()
        origin = httpcore2.Origin(address.scheme.encode(), address.host.encode(), address.port)
        request = httpcore2.URL(
            scheme=origin.scheme, host=origin.host, port=origin.port, target=address.target.encode()
        )
        headers: dict[bytes | str, bytes | str] = {
            "Host": address.authority,
            "User-Agent": USER_AGENT,
            "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, "
            "application/xml;q=0.9, text/plain;q=0.8, */*;q=0.1",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        }
        connection = httpcore2.HTTPConnection(origin, self._tls, network_backend=dial)
        try:
            with connection.stream("GET", request, headers=headers) as response:
                return self._read(response, address, meter)
        except httpcore2.TimeoutException as error:
            raise meter.late() from error
        except httpcore2.NetworkError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                reason = error.__cause__.verify_message or str(error.__cause__)
                raise FetchError(
                    f"{shown(address.url)} shows a certificate that can't be trusted ({shown(reason)}); "
                    "check the address in a browser."
                ) from error
            raise FetchError(
                f"{shown(address.url)} can't be reached ({shown(str(error))}); try again later."
            ) from error
        except (httpcore2.ProtocolError, OSError, ValueError) as error:
            raise FetchError(
                f"{shown(address.url)} doesn't answer in readable HTTP ({shown(str(error))}); open it in a browser "
                "and give the text as a file."
            ) from error
        finally:
            connection.close()

    def _look_up(self, address: WebAddress, meter: Meter) -> list[Address]:
        """The addresses of a host, all allowed. One that is not spoils all: it is a trap or a mistake."""
        literal = address.literal
        found = [str(literal)] if literal else self._ask(address, meter)
        try:
            numbers = [ip_address(text) for text in found]
        except ValueError as error:
            raise FetchError(
                f"{shown(address.host)} was looked up with an unreadable result ({shown(str(error))})."
            ) from error
        if not numbers:
            raise FetchError(f"{shown(address.host)} has no address; check the spelling of {shown(address.url)}.")
        for number in numbers:
            if not self._allowed(number):
                raise UnsafeAddressError(
                    f"{shown(address.url)} leads to {number}, which is not on the public internet; "
                    "only public sites are fetched."
                )
        return numbers

    def _ask(self, address: WebAddress, meter: Meter) -> Sequence[str]:
        """Look a name up within the time that is left.

        The system's resolver can't be interrupted, so it runs in a thread that is left to end by itself if it
        is late.
        """
        answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(address.host, address.port))
            except (OSError, ValueError) as error:
                answers.put(error)

        threading.Thread(target=ask, name="look-up", daemon=True).start()
        try:
            answer = answers.get(timeout=meter.remaining())
        except queue.Empty:
            raise meter.late() from None
        if isinstance(answer, Exception):
            raise FetchError(
                f"{shown(address.host)} can't be found ({shown(str(answer))}); check its spelling."
            ) from answer
        return answer

    def _read(self, response: httpcore2.Response, address: WebAddress, meter: Meter) -> "_Reply":
        headers = _Headers(response.headers)
        if response.status in REDIRECTS and (location := headers.first(b"location")) is not None:
            return _Reply(location, "", None, b"")
        if response.status not in PAGES:
            raise FetchError(
                f"{shown(address.url)} answers with status {response.status}, without a page; "
                "check the address in a browser."
            )
        length = headers.first(b"content-length") or b""
        # No int() of a number as long as the headers allow.
        if length.isdigit() and (len(length) > 15 or int(length) > self._limits.max_bytes):
            raise meter.large(f"announces {length[:15].decode()} bytes")
        meter.expect_body()
        body = bytearray()
        for piece in _decoded(response.iter_stream(), headers.codings(), address.url):
            meter.remaining()
            body += piece
            if len(body) > self._limits.max_bytes:
                raise meter.large("sends more")
        content_type, charset = headers.content_type()
        return _Reply(None, content_type, charset, bytes(body))


@dataclass(frozen=True, slots=True)
class _Reply:
    """What one hop gave: a redirect's location, or a page."""

    location: bytes | None
    content_type: str
    charset: str | None
    body: bytes


class _Headers:
    """The headers of one response, read with suspicion: repeated, huge and undecodable ones occur."""

    def __init__(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        self._items = [(name.lower(), value.strip()) for name, value in items]

    def first(self, name: bytes) -> bytes | None:
        return next((value for key, value in self._items if key == name), None)

    def codings(self) -> list[str]:
        """The content codings in the order they were applied, without "identity"."""
        values = [value.decode("latin-1") for key, value in self._items if key == b"content-encoding"]
        names = [name.strip().lower() for value in values for name in value.split(",")]
        return [name for name in names if name not in ("", "identity")]

    def content_type(self) -> tuple[str, str | None]:
        text = (self.first(b"content-type") or b"").decode("latin-1")
        kind, _, parameters = text.partition(";")
        named = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", parameters, re.IGNORECASE)
        try:
            charset = codecs.lookup(named[1]).name if named else None
        except (LookupError, ValueError):
            charset = None
        return kind.strip().lower(), charset if charset in CHARSETS else None


def _decoded(pieces: Iterator[bytes], codings: Sequence[str], url: str) -> Iterator[bytes]:
    """The pieces without their content coding, at most `STEP` bytes at a time.

    gzip and deflate only, and one of them: nothing else was asked for, and coding twice serves bombs alone. A
    stream that ends early is an error, since half an article must not pass for the whole.
    """
    if not codings:
        yield from pieces
        return
    if len(codings) > 1 or codings[0] not in ("gzip", "x-gzip", "deflate"):
        raise FetchError(
            f"{shown(url)} sends its page coded as {shown(', '.join(codings))}, "
            "and only gzip or deflate is read; open it in a browser and give the text as a file."
        )
    try:
        yield from _inflated(pieces, gzip=codings[0] != "deflate")
    except (zlib.error, EOFError) as error:
        raise FetchError(
            f"{shown(url)} sends damaged {codings[0]} data ({shown(str(error))}); "
            "try again later or give the text as a file."
        ) from error


def _inflated(pieces: Iterator[bytes], *, gzip: bool) -> Iterator[bytes]:
    """Raises zlib.error, and EOFError where the end is missing. Bytes after the end are ignored."""
    inflater = None
    for piece in pieces:
        while piece:
            if inflater is None:
                # RFC 9110 says that deflate has zlib's header, whose low nibble is 8; some servers leave it
                # out.
                bits = 31 if gzip else 15 if piece[0] & 0x0F == 8 else -15
                inflater = zlib.decompressobj(bits)
            elif inflater.eof:
                if not (gzip and piece.startswith(b"\x1f")):  # RFC 1952 lets one gzip member follow another
                    return
                inflater = zlib.decompressobj(31)
            yield inflater.decompress(piece, STEP)
            piece = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if inflater is None or not inflater.eof:
        raise EOFError("it ends early")
