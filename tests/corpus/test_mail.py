"""Mails in coded parts and pages saved as web archives, as people save or paste them: their words are read, not their code."""

import base64
import quopri
from datetime import date

import pytest

from corpus.extract import Draft, draft_from_text
from corpus.mail import archived_page, mail_text
from corpus.obtain import obtain_upload

TODAY = date(2026, 11, 24)
WORDS = (
    "The ferry crews of Port Sorrel voted on Tuesday to stop work.\n\n"
    "“We have waited two years,” said Zoë Marsh, who steers the late boat to the island at the café end of the quay.\n"
)
PAGE = (
    "<html><body><h1>Crews vote</h1>"
    + "".join(f"<p>{line}</p>" for line in WORDS.split("\n") if line)
    + "</body></html>"
)
HEAD = "From: Zoë Marsh <zoe@quay.example>\nSubject: =?UTF-8?Q?Crews=E2=80=99_vote?=\nDate: Tue, 14 May 2024 18:00:00 +0100\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "


def quoted(words: str) -> str:
    return quopri.encodestring(words.encode()).decode()


def coded(words: str) -> str:
    return base64.encodebytes(words.encode()).decode()


def parts(*inside: str) -> str:
    return (
        "Content-Type: multipart/alternative; boundary=b1\n\n"
        + "".join(f"--b1\n{part}\n" for part in inside)
        + "--b1--\n"
    )


HTML_PART = f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n{quoted(PAGE)}"


@pytest.mark.parametrize(
    "rest",
    [
        f"{PLAIN}quoted-printable\n\n{quoted(WORDS)}",
        f"{PLAIN}base64\n\n{coded(WORDS)}",
        parts(f"{PLAIN}quoted-printable\n\n{quoted(WORDS)}", HTML_PART),
        parts(HTML_PART),
        HTML_PART,
    ],
    ids=["quoted-printable", "base64", "two parts", "only a page", "a page alone"],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_words_of_a_coded_mail_are_read_with_its_subject_and_day(rest: str, ending: str) -> None:
    draft = draft_from_text((HEAD + rest).replace("\n", ending).encode(), name="mail", today=TODAY)
    assert [line for line in draft.text.split("\n") if line][-2:] == [line for line in WORDS.split("\n") if line]
    assert (draft.title, draft.published) == ("Crews’ vote", date(2024, 5, 14))


def test_a_mail_in_another_charset_is_read_in_it() -> None:
    raw = quopri.encodestring(WORDS.encode("cp1252"))
    head = b"Subject: Crews\nContent-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: quoted-printable\n\n"
    assert "“We have waited two years,” said Zoë" in draft_from_text(head + raw, name="mail").text


@pytest.mark.parametrize("name", ["saved.html", "saved.txt", "saved.md", "saved.mht", "saved.MHTML"])
def test_a_web_archive_gives_its_page_with_its_address_and_not_the_day_it_was_saved(name: str) -> None:
    archive = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://quay.example/crews\nSubject: Crews vote\n"
        'Date: Tue, 14 May 2024 18:00:00 -0000\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\tboundary="b1"\n\n\n'
        f"--b1\n{HTML_PART}\n--b1--\n"
    )
    (item,) = obtain_upload(name, archive.encode(), today=TODAY)
    assert item.found
    assert [line for line in item.found.text.split("\n") if line] == [line for line in WORDS.split("\n") if line]
    assert (item.found.title, item.found.url, item.found.published) == (
        "Crews vote",
        "https://quay.example/crews",
        None,
    )


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("crews.eml", f"\n{WORDS}"),
        *((name, f"{PLAIN}base64\n\n{coded(WORDS)}") for name in ("crews.eml", "crews.txt", "crews.html")),
    ],
)
def test_a_mail_is_read_whatever_its_file_is_called(name: str, rest: str) -> None:
    (item,) = obtain_upload(name, (HEAD + rest).encode(), today=TODAY)
    assert isinstance(item.found, Draft)
    assert (item.found.text.splitlines()[-1], item.found.published) == (WORDS.splitlines()[-1], date(2024, 5, 14))


def test_a_web_archive_without_a_page_is_refused_with_what_to_do() -> None:
    (item,) = obtain_upload("saved.mht", b"<html>no archive</html>", today=TODAY)
    assert item.found is None
    assert item.failure == (
        "saved.mht: it is no web archive that can be read; save the page as .html or its words as .txt."
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        WORDS.encode(),
        f"{HEAD}\n{WORDS}".encode(),  # can be read as it lies
        f"Note: what follows was sent by post.\n\nContent-Transfer-Encoding: base64\n\n{WORDS}".encode(),
        b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 1_000_000,
        b"Subject: x\n" + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 100_000,
        b"From: a\nContent-Transfer-Encoding: base64\n" + b"Content-Type: message/rfc822\n\n" * 1_500,
        b"Content-Transfer-Encoding: base64\nContent-Type: text/plain" + b";a" * 1_000_000,
        b"Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset*" + b"9" * 5_000 + b"=x\n\nSGk=\n",
    ],
    ids=["empty", "text", "plain mail", "later", "parts", "nested", "mails in mails", "parameters", "endless number"],
)
def test_what_is_no_coded_mail_is_left_as_it_is(body: bytes) -> None:
    assert mail_text(body) == ""
    assert archived_page(body) is None
