"""Connects to addresses that were checked before, and ends every read at a deadline and a byte ceiling.

This is the network backend that httpcore2 is given: it ignores the host name, so that no second look-up can
happen, while TLS still verifies the certificate of the name. Which addresses may be dialled is left to
`corpus.fetch`.
"""

import ssl
import time
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import httpcore2

from corpus.addresses import shown
from corpus.errors import FetchTimeoutError, TooLargeError

Address = IPv4Address | IPv6Address

HEADER_BYTES = 65_536  # status line and headers together; common servers send at most 8 to 32 KiB
# Chunked transfer adds framing. An eighth covers chunks of 64 bytes and more; smaller ones are no honest
# server's.
FRAMING = 8


class Meter:
    """The time and the bytes that one fetch has left; the fetch, its connections and its streams share it."""

    def __init__(self, url: str, max_bytes: int, seconds: float) -> None:
        self.url = url
        self.max_bytes = max_bytes
        self.seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._left = HEADER_BYTES
        self._inside_body = False

    def expect_headers(self) -> None:
        """A hop begins: what comes next is headers."""
        self._left = HEADER_BYTES
        self._inside_body = False

    def expect_body(self) -> None:
        """The headers are read: what comes next is a page."""
        self._left += self.max_bytes + self.max_bytes // FRAMING
        self._inside_body = True

    def remaining(self) -> float:
        """Seconds left, more than none; raises where there are none."""
        seconds = self._deadline - time.monotonic()
        if seconds <= 0:
            raise self.late()
        return seconds

    def late(self) -> FetchTimeoutError:
        return FetchTimeoutError(
            f"{shown(self.url)} takes longer than {self.seconds:g} s; try again later or give the text as a file."
        )

    def large(self, what: str) -> TooLargeError:
        return TooLargeError(
            f"{shown(self.url)} {what}, over the limit of {self.max_bytes:,} bytes; give a shorter article."
        )

    def allowance(self, wanted: int) -> int:
        """How many of the wanted bytes may be read; raises where none may."""
        if self._left <= 0:
            if self._inside_body:
                raise self.large("sends more")
            raise TooLargeError(
                f"{shown(self.url)} sends more than {HEADER_BYTES:,} bytes of headers; "
                "open it in a browser and give the text as a file."
            )
        return min(wanted, self._left)

    def count(self, received: int) -> None:
        self._left -= received


class Dial(httpcore2.NetworkBackend):
    """Connects to the checked addresses, whatever host it is asked for, and meters what comes back."""

    def __init__(self, addresses: Sequence[Address], meter: Meter) -> None:
        self._addresses = addresses
        self._meter = meter

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the meter says
        local_address: str | None = None,  # noqa: ARG002 - the system chooses
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Tries the addresses in turn; each gets a share of the time left, so a dead one can't take all."""
        failure: Exception | None = None
        for tried, address in enumerate(self._addresses):
            share = self._meter.remaining() / (len(self._addresses) - tried)
            try:
                stream = httpcore2.SyncBackend().connect_tcp(str(address), port, share, None, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return Metered(stream, self._meter)
        raise failure or httpcore2.ConnectError(f"no address of {host}")


class Metered(httpcore2.NetworkStream):
    """A stream whose every operation ends by the deadline, and which stops at the byte ceiling."""

    def __init__(self, stream: httpcore2.NetworkStream, meter: Meter) -> None:
        self._stream = stream
        self._meter = meter

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        data = self._stream.read(self._meter.allowance(max_bytes), self._meter.remaining())
        self._meter.count(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._meter.remaining())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._meter.remaining())
        return Metered(stream, self._meter)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
