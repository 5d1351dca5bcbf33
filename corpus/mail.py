"""Takes the article out of what mail programs and browsers pack: a mail in coded parts, a page saved as a web archive.

Plain mails, whose words can be read as they lie, are left to `extract`, which reads their head as well.
"""

import contextlib
import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

from corpus.article import check_url
from corpus.decoding import declared_charset, decode
from corpus.errors import ArticleError
from corpus.pages import read_page

# Header lines, one of them saying that what follows can't be read as it lies.
_CODED = re.compile(
    rb"\s*+(?=[A-Za-z][A-Za-z-]{1,60}:)(?:[^\r\n]{1,2000}\r?\n){0,99}?"
    rb"Content-(?:Transfer-Encoding:\s*(?:quoted-printable|base64)|Type:\s*multipart/)",
    re.IGNORECASE,
)
_HEAD_READ = 30_000  # bytes
# Of each line is asked which of the parts in parts it ends; mails with pictures and attachments have three. A million
# parts take 15 s; a web archive has one for each picture.
_NESTED, _MOST_NESTED = re.compile(rb"^Content-Type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE), 20
_MOST_PARTS = 2_000
# A header of a million parameters takes a minute and more to read.
_ENDLESS = re.compile(
    rb"^Content-[A-Za-z-]{1,40}:(?=[^\r\n]{2000}|(?:[^\r\n]*+\r?\n[ \t]){20})", re.IGNORECASE | re.MULTILINE
)
# What the standard library raises for broken mails, beside its own errors.
_UNREADABLE = (MessageError, ValueError, LookupError, RecursionError)


@dataclass(frozen=True, slots=True)
class Archive:
    """A page as a browser packed it: its HTML, its charset and its address, where the archive says them."""

    body: bytes
    charset: str | None
    url: str | None


def is_coded(body: bytes) -> bool:
    """Whether it begins as a mail or a web archive in coded parts does, be it readable or not."""
    return _CODED.match(body[:_HEAD_READ]) is not None


def mail_text(body: bytes) -> str:
    """A coded mail as one that can be read: its subject and day, a blank line, its words; “” for anything else."""
    with contextlib.suppress(*_UNREADABLE):
        return _mail_text(body)
    return ""


def _mail_text(body: bytes) -> str:
    message = _message(body)
    if message is None or _is_archive(message):
        return ""
    for kind in ("text/plain", "text/html"):
        for part, raw in _parts(message, kind):
            words = decode(raw, charset=part.get_content_charset())
            if kind == "text/html":
                words = read_page(words, url=None, place="The mail", today=None).text
            if words.strip():
                head = ((name, _header(message, name)) for name in ("Subject", "Date"))
                return "".join(f"{name}: {value}\n" for name, value in head if value) + f"\n{words}"
    return ""


def archived_page(body: bytes) -> Archive | None:
    """The page in a web archive (.mht, .mhtml), whatever the file is called; None for anything else."""
    with contextlib.suppress(*_UNREADABLE):
        return _archived_page(body)
    return None


def _archived_page(body: bytes) -> Archive | None:
    message = _message(body)
    if message is None or not _is_archive(message):
        return None
    for part, raw in _parts(message, "text/html"):
        url = _header(message, "Snapshot-Content-Location") or _header(part, "Content-Location")
        try:
            address: str | None = check_url(url, place="The address") if url else None
        except ArticleError:
            address = None
        return Archive(raw, part.get_content_charset() or declared_charset(raw), address)
    return None


def _message(body: bytes) -> Message | None:
    if not is_coded(body):
        return None
    if len(_NESTED.findall(body)) > _MOST_NESTED or body.count(b"\n--") > _MOST_PARTS or _ENDLESS.search(body):
        return None
    return email.message_from_bytes(body.lstrip())


def _is_archive(message: Message) -> bool:
    return "Snapshot-Content-Location" in message or _header(message, "From").startswith("<Saved by")


def _parts(message: Message, kind: str) -> Iterator[tuple[Message, bytes]]:
    for part in message.walk():
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            raw = part.get_payload(decode=True)
            if isinstance(raw, bytes) and raw.strip():
                yield part, raw


def _header(message: Message, name: str) -> str:
    """The header's words on one line; as they are coded where nothing can read the code."""
    value = str(message.get(name, ""))[:2000]
    with contextlib.suppress(MessageError, ValueError, LookupError):
        value = str(make_header(decode_header(value)))
    return " ".join(value.split())
