"""Stands in for the web in tests: a server on loopback that says exactly the bytes it is told to."""

import base64
import contextlib
import socket
import ssl
import struct
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

# A key and a certificate of its own making for news.example, valid from 2026 to 2126, trusted by nobody. Made
# with openssl ecparam -name prime256v1 -genkey; openssl req -x509 -addext subjectAltName=DNS:news.example
# -days 36500.
KEY = (
    "MHcCAQEEIEeIKmcT0SQc07bmucp25EWo7wXUP792WS0oUdC78Bf5oAoGCCqGSM49AwEHoUQDQgAEXL7PuXVv/rTJpEmEi0BLZSsl"
    "pDV6dEETbSawdnV3ME+XCEvIwxPAvC6RkVNA7ydVz0gz/ylNPATaSqvBorfraw=="
)
CERTIFICATE = (
    "MIIBrjCCAVSgAwIBAgIUYZFhrZGdgWI59KiZ3/di22krYW8wCgYIKoZIzj0EAwIwFzEVMBMGA1UEAwwMbmV3cy5leGFtcGxlMCAX"
    "DTI2MTEyMTIzNTQyNloYDzIxMjYxMDI4MjM1NDI2WjAXMRUwEwYDVQQDDAxuZXdzLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjO"
    "PQMBBwNCAARcvs+5dW/+tMmkSYSLQEtlKyWkNXp0QRNtJrB2dXcwT5cIS8jDE8C8LpGRU0DvJ1XPSDP/KU08BNpKq8Git+tro3ww"
    "ejAdBgNVHQ4EFgQUAhDQyJFmSxYnNIRra72XK8U8cwMwHwYDVR0jBBgwFoAUAhDQyJFmSxYnNIRra72XK8U8cwMwFwYDVR0RBBAw"
    "DoIMbmV3cy5leGFtcGxlMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgKEMAoGCCqGSM49BAMCA0gAMEUCIGUm3+b/N7o9"
    "Jm7LQeJFscIBC6j7p3aZXBvZQIBwmK96AiEAqgBWGwLcfw9twJ6tANXS1LYNn+blCmGWMDzicXfedwE="
)


class Line:
    """The server's end of one connection."""

    def __init__(self, connection: socket.socket, stop: threading.Event) -> None:
        self._connection = connection
        self._stop = stop

    def say(self, data: bytes) -> None:
        self._connection.sendall(data)

    def wait(self, seconds: float) -> bool:
        """Stay silent so long; False once the server is being closed."""
        return not self._stop.wait(seconds)

    def cut(self) -> None:
        """Hang up with a reset instead of a goodbye."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.close()


Answer = bytes | Callable[[Line], None]


class WebServer:
    """Serves `routes` (path and query → the response, or what to do with the line) on an ephemeral port.

    `requests` holds the head of every request, `connections` counts what was accepted, even without a
    request. In a response the word PORT stands for the server's port.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.connections = 0
        self._tls = tls
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, name="web server")
        self._acceptor.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):  # wakes accept(); closing alone does not
            self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.settimeout(5)
            thread = threading.Thread(target=self._serve, args=(connection,), name="web server line")
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        # A client that hangs up in the middle, or refuses the certificate, is what most tests are about.
        with contextlib.suppress(OSError), contextlib.closing(connection):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with contextlib.closing(connection):
                head = b""
                while b"\r\n\r\n" not in head:
                    data = connection.recv(4096)
                    if not data:
                        return
                    head += data
                text = head.decode("latin-1")
                self.requests.append(text)
                answer = self.routes.get(text.split(" ")[1], response(b"none", status="404 Not Found"))
                if callable(answer):
                    answer(Line(connection, self._stop))
                else:
                    connection.sendall(answer.replace(b"PORT", str(self.port).encode()))


def response(body: bytes, *headers: str, status: str = "200 OK", kind: str | None = "text/html") -> bytes:
    """A whole HTTP response with the right length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def tls_contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with the certificate above, and a client's that trusts no other."""
    file = folder / "news.example.txt"
    certificate = ssl.DER_cert_to_PEM_cert(base64.b64decode(CERTIFICATE))
    mark = "-----{} EC PRIVATE " + "KEY-----\n"  # in two parts: searches for leaked keys stop at the whole
    key = mark.format("BEGIN") + textwrap.fill(KEY, 64) + "\n" + mark.format("END")
    file.write_text(certificate + key)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=certificate)
