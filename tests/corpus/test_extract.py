"""From bytes to a draft: golden pages and texts, encodings, records, hostile pages."""

import time
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean import clean, clean_line
from corpus.date_evidence import Evidence
from corpus.decoding import MAX_BYTES, decode
from corpus.errors import ArticleError
from corpus.extract import (
    TITLE_LENGTH,
    Draft,
    draft_from_html,
    draft_from_record,
    draft_from_text,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "extract"
SHARED = Path(__file__).parents[3] / "shared" / "articles" / "raw"
SENTENCE = "The guild asked for a meeting – “soon”, café workers said."


def golden(name: str) -> list[Any]:
    cases = tomllib.loads((GOLDEN / f"{name}.toml").read_text("utf-8"))["case"]
    return [pytest.param(case["input"], case["expect"], id=case["label"]) for case in cases]


def check(draft: Draft, expected: dict[str, Any]) -> None:
    assert clean(draft.text) == draft.text
    for name in ("title", "text", "url", "outlet", "language", "id"):
        assert getattr(draft, name) == expected.get(name, getattr(draft, name))
    for name in ("authors", "tags"):
        assert getattr(draft, name) == tuple(expected.get(name, getattr(draft, name)))
    assert draft.published == expected.get("published")
    assert [evidence.kind for evidence in draft.evidence] == expected.get(
        "kinds", [evidence.kind for evidence in draft.evidence]
    )
    assert bool(draft.conflict) == ("conflict" in expected)
    assert [words for words in expected.get("conflict", ()) if words not in str(draft.conflict)] == []
    assert [words for words in expected.get("present", ()) if words not in draft.text] == []
    assert [words for words in expected.get("absent", ()) if words in draft.text] == []


@pytest.mark.parametrize(("given_", "expected"), golden("pages"))
def test_a_golden_page_gives_its_draft(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    check(draft_from_html(given_["html"].encode(), url=given_.get("url"), charset=None), expected)


@pytest.mark.parametrize(("given_", "expected"), golden("texts"))
def test_a_golden_text_gives_its_draft(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    check(draft_from_text(given_["text"].encode(), name="talks"), expected)


def page_days() -> list[Any]:
    cases = tomllib.loads((GOLDEN / "page_dates.toml").read_text("utf-8"))["case"]
    return [
        pytest.param(element, case["input"], case.get("expect"), id=f"{case['label']}, {element}")
        for case in cases
        for element in ("article", "main", "div")
    ]


@pytest.mark.parametrize(("element", "given_", "day"), page_days())
def test_a_page_is_dated_by_its_own_marks(element: str, given_: dict[str, str], day: date | None) -> None:
    story = (
        "<p>The guild asked for a meeting on Wednesday, and the studios said that they would come to the table.</p>"
        "<p>The heads of four firms sat down with three people of the guild, and six hours later they got up.</p>"
    )
    part = {name: given_.get(name, "") for name in ("head", "outside", "above", "inside", "after")}
    page = (
        f"<html><head><title>Nurses end their long walkout</title>{part['head']}</head><body>{part['outside']}"
        f"<{element}><header>{part['above']}<h1>Nurses end their long walkout</h1></header>{part['inside']}{story}"
        f"</{element}>{part['after']}</body></html>"
    )
    draft = draft_from_html(page.encode(), url=given_.get("url"), charset=None, today=date(2026, 11, 23))
    assert draft.published == day
    assert draft.conflict is None


@pytest.mark.parametrize("mark", ['<link rel="canonical" href="{}">', '<meta property="og:url" content="{}">'])
@pytest.mark.parametrize(
    "first_page", ["https://ledger.example/", "https://ledger.example", "https://ledger.example/#top"]
)
def test_a_saved_page_does_not_take_the_sites_first_page_for_its_address(mark: str, first_page: str) -> None:
    page = f"<html><head><title>Talks</title>{mark.format(first_page)}</head><body><p>{SENTENCE}</p></body></html>"
    assert draft_from_html(page.encode(), url=None, charset=None).url is None


def test_of_a_stamp_two_days_from_the_address_the_difference_is_told() -> None:
    page = f"""<html><head><title>Talks</title><meta property="article:published_time" content="2023-09-16T01:15:00Z">
    </head><body><p>{SENTENCE}</p></body></html>"""
    draft = draft_from_html(page.encode(), url="https://post.example/2023/09/14/talks", charset=None)
    assert draft.published == date(2023, 9, 16)
    assert "14 September 2023" in str(draft.conflict)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_a_text_is_read_in_the_encoding_its_bytes_show(encoding: str) -> None:
    assert draft_from_text((SENTENCE + " " + SENTENCE).encode(encoding), name="talks").text == f"{SENTENCE} {SENTENCE}"


@pytest.mark.parametrize(
    ("declared", "header", "encoding"),
    [
        ("", None, "utf-8"),
        ("", "cp1252", "cp1252"),
        ("", "ISO-8859-1", "cp1252"),  # the label browsers read as windows-1252
        ("", "ISO-8859-1", "utf-8"),  # a server's default for a page that is UTF-8
        ("", "utf-8", "cp1252"),  # wrong, so that the bytes decide
        ("", "no-such-charset", "utf-8"),
        ("", "base64", "utf-8"),  # a codec of Python that is no charset
        ('<meta charset="windows-1252">', None, "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">', None, "cp1252"),
        ('<meta charset="utf-8">', "windows-1252", "cp1252"),  # the header goes before the page
    ],
)
def test_a_page_is_read_in_its_encoding(declared: str, header: str | None, encoding: str) -> None:
    page = f"<html><head>{declared}<title>Talks</title></head><body><p>{SENTENCE}</p><p>They came.</p></body></html>"
    draft = draft_from_html(page.encode(encoding), url=None, charset=header)
    assert draft.text == f"{SENTENCE}\n\nThey came."


def test_one_lost_byte_is_no_reason_to_guess_another_encoding() -> None:
    body = f"{SENTENCE} {SENTENCE}".encode() + b"\xe2\x80"
    assert decode(body, charset="utf-8").startswith(f"{SENTENCE} {SENTENCE}")
    assert decode(body).startswith(f"{SENTENCE} {SENTENCE}")


def test_a_stray_byte_of_another_encoding_is_read_as_the_letter_it_is_there() -> None:
    page = f"{SENTENCE} “Café” — naïve. ".encode() * 2
    assert decode(page + b"She said\x97no.").endswith("She said—no.")
    assert decode(page + b"A caf\xe9 and \x81.", charset="utf-8").endswith("A café and \ufffd.")
    assert decode(page + b"cut \xe2\x80").endswith("cut \ufffd")


WESTERN = [
    "The café owner’s offer was £5 an hour.",
    "Señor Muñoz said “no” to the offer – for good.",
    "Peña Nieto and Ibáñez agreed; Brontë’s naïve résumé cost €20…",
    "Škoda offered £5 an hour, and Škoda’s workers in Køge and Århus refused.",
    "Les salariés ont décidé de prolonger la grève jusqu’à mardi. La direction a refusé de négocier.",
    "Os trabalhadores não aceitaram as condições. A greve começou em São Paulo às três da manhã, disse João.",
    "Arbeiderne på fabrikken gikk til streik på mandag. Lønnen er for lav, sa Bjørn Kjær.",
]


@pytest.mark.parametrize("text", WESTERN)
def test_an_undeclared_western_text_is_read_as_browsers_read_it(text: str) -> None:
    for whole in (text, f"{text} The guild did not say more. {text}"):
        assert decode(whole.encode("cp1252")) == whole


@pytest.mark.parametrize("text", WESTERN)
def test_a_western_page_that_declares_another_encoding_is_read_as_browsers_read_it(text: str) -> None:
    page = f'<html><head><meta charset="utf-8"><title>Talks</title></head><body><div class="story"><p>{text}</p></div>'
    assert decode(page.encode("cp1252"), charset="utf-8") == page


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Strajk trwał sześć dni, mówił Łukasz.", "cp1250"),
        (
            "STRAJK W KOPALNI. Górnicy nie zjechali pod ziemię w poniedziałek rano; żądają podwyżek i dłuższych urlopów. "
            "Rozmowy z zarządem spółki trwają od tygodnia, a wczoraj dołączyły do nich związki zawodowe kolejarzy.",
            "cp1250",
        ),
        (
            "Zaměstnanci závodu vyhlásili stávku. Žádají vyšší mzdy a lepší podmínky. Odbory jednají s vedením.",
            "cp1250",
        ),
        ("Stávka řidičů skončila včera.", "cp1250"),
        ("A dolgozók sztrájkba léptek hétfőn. Magasabb béreket követelnek. Nő a feszültség a gyűlésen.", "cp1250"),
        ("Muncitorii au intrat în grevă luni. Ei cer condiţii mai bune, a spus preşedintele sindicatului.", "cp1250"),
        ("Delavci tovarne so začeli stavko. Zahtevajo višje plače in boljše pogoje.", "cp1250"),
        ("Рабочие завода объявили забастовку. Они требуют повышения зарплаты.", "cp1251"),
        ("Οι εργάτες του εργοστασίου κήρυξαν απεργία. Ζητούν υψηλότερους μισθούς.", "cp1253"),
        ("工場の労働者はストライキを始めました。賃金の引き上げを求めています。", "shift_jis"),
        ("The café owner’s offer was “final”, she said.", "mac-roman"),
    ],
)
def test_an_undeclared_text_of_another_part_of_the_world_is_not_taken_for_a_western_one(
    text: str, encoding: str
) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_declared_charset_of_several_bytes_goes_before_utf_8() -> None:
    words = "スト"  # in Shift JIS
    assert decode(words.encode("shift_jis"), charset="Shift_JIS") == words


@pytest.mark.parametrize("charset", ["undefined", "idna", "punycode", "utf-7", "unicode_escape", "raw_unicode_escape"])
def test_a_codec_of_python_that_no_browser_knows_is_not_used(charset: str) -> None:
    for body in (SENTENCE.encode(), rb"caf\u00e9 +AGE-", SENTENCE.encode("cp1252")):
        assert decode(body, charset=charset) == decode(body)


@given(st.binary(max_size=300), st.none() | st.text(max_size=20))
def test_any_bytes_decode_with_any_charset(body: bytes, charset: str | None) -> None:
    assert isinstance(decode(body, charset=charset), str)


def test_a_record_gives_its_draft() -> None:
    draft = draft_from_record(
        {"id": "a1", "title": " Talks ", "text": f"{SENTENCE}\r\n", "date": "2023-10-24T10:00:00Z", "views": 3,
         "url": "https://post.example/talks", "publisher": "Example Post"}
    )  # fmt: skip
    assert draft == Draft(
        title="Talks",
        text=SENTENCE,
        url="https://post.example/talks",
        authors=(),
        outlet="Example Post",
        language="en",
        published=date(2023, 10, 24),
        evidence=(Evidence("meta data", date(2023, 10, 24), "2023-10-24"),),
        conflict=None,
        id="a1",
    )


@pytest.mark.parametrize("words", ["2023-10-24", "Oct 24, 2023", "24 October 2023", "Tue, 24 Oct 2023 10:00:00 GMT"])
def test_a_record_may_write_its_day_in_common_forms(words: str) -> None:
    assert draft_from_record({"text": SENTENCE, "date": words}).published == date(2023, 10, 24)


def test_a_record_needs_only_its_text() -> None:
    draft = draft_from_record({"text": SENTENCE, "id": None, "date": None, "title": "", "url": ""})
    assert (draft.id, draft.url, draft.published, draft.outlet) == (None, None, None, "")
    assert draft.title == SENTENCE


@pytest.mark.parametrize(
    ("record", "named"),
    [
        ({}, "“text”"),
        ({"text": None}, "“text”"),
        ({"text": 7}, "“text” is 7"),
        ({"text": " \n"}, "no text left"),
        ({"text": "It was.", "title": ["a"]}, "“title” is ['a']"),
        ({"text": "It was.", "id": 5}, "“id” is 5"),
        ({"text": "It was.", "date": 20231024}, "“date” is 20231024"),
        ({"text": "It was.", "date": "soon"}, "The record has the “date” 'soon', which is no day"),
        ({"text": "It was.", "date": "2023-02-30", "id": "a1"}, "a1 has the “date” '2023-02-30'"),
        ({"text": "It was.", "url": "javascript:alert(1)"}, "The record has the “url” 'javascript:alert(1)'"),
        ({"text": "It was.", "publisher": {"name": "x" * 500}}, "“publisher” is {'name': 'xxx"),
    ],
)
def test_a_wrong_record_is_refused_with_its_key_and_value(record: dict[str, object], named: str) -> None:
    with pytest.raises(ArticleError) as caught:
        draft_from_record(record)
    assert named in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("line", ["date: soon", "url: ftp://post.example/talks"])
def test_a_head_with_a_value_that_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(ArticleError, match=line.partition(": ")[2]):
        draft_from_text(f"title: Talks\n{line}\n\n{SENTENCE}".encode(), name="talks")


def test_a_day_after_today_is_not_believed() -> None:
    draft = draft_from_record({"text": SENTENCE, "date": "2031-01-01"}, today=date(2023, 10, 1))
    assert draft.published is None
    assert draft.conflict
    assert "1 January 2031" in draft.conflict


@pytest.mark.parametrize(
    "body", [b"", b"\0\0", b"<html></html>", b"<!-- only a comment -->", b"<script>let a</script>", "\ufeff".encode()]
)
def test_what_holds_no_text_is_refused(body: bytes) -> None:
    with pytest.raises(ArticleError, match=r"https://post\.example/talks"):
        draft_from_html(body, url="https://post.example/talks", charset=None)


@pytest.mark.parametrize("body", [b"", b" \n\t\r\n", b"\0", "\ufeff".encode(), b"title: Talks\n\n"])
def test_a_text_file_without_text_is_refused(body: bytes) -> None:
    with pytest.raises(ArticleError, match="talks"):
        draft_from_text(body, name="talks")


def test_a_body_over_the_limit_is_refused_and_five_megabytes_are_not() -> None:
    with pytest.raises(ArticleError, match=r"10,000,001 bytes, over the limit of 10,000,000"):
        draft_from_text(b"a" * (MAX_BYTES + 1), name="talks")
    with pytest.raises(ArticleError, match="over the limit"):
        draft_from_html(b"a" * (MAX_BYTES + 1), url=None, charset=None)
    lines = "\n".join("The guild asked for a meeting, and the studios came. " * 20 for _ in range(5_000))
    assert draft_from_text(lines.encode(), name="talks").text.count("came.") == 100_000  # 5 MB


HOSTILE = {
    "nested blocks": "<div>" * 100_000,
    "nested marks": "<b>" * 100_000,
    "nested tables": "<table><tr><td>" * 30_000,
    "nested just below the parser's limit": "<div>" * 240,
    "attributes": "<p " + "a=1 " * 200_000 + ">",
    "an endless attribute": '<p title="' + "x" * 3_000_000 + '">',
    "many elements": "<i>a</i>" * 100_000,
    "many marks of a day": '<p class="date">soon</p>' * 15_000,
    "many marks of other stories": f"<article><h1>Talks</h1><p>{SENTENCE}</p>"
    + '<p class="related date">soon</p>' * 15_000,
    "many headings in one link": '<a href="/y">' + ("<h3>Talks go on</h3>" + "word " * 200) * 6_000 + "</a>",
    "entities": "&amp;" * 300_000,
    "angle brackets": "<" * 500_000,
    "control characters": "\x00\x01\x1f\ufffe" * 1_000,
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_page_gives_its_text_or_an_error_of_ours_in_bounded_time(hostile: str) -> None:
    page = f"<html><head><title>Talks</title></head><body><p>{SENTENCE}</p>{hostile}<p>They came.</p></body></html>"
    start = time.monotonic()
    try:
        draft = draft_from_html(page.encode(), url=None, charset=None)
    except ArticleError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either end is right
    else:
        assert SENTENCE in draft.text
    assert time.monotonic() - start < 60  # a hang, not slowness, would pass it: the slowest takes 3 s


def test_many_elements_lose_no_sentence() -> None:
    sentences = [f"The guild met on day {number} and nothing came of it." for number in range(25_000)]
    page = "<html><body><nav><p>Home</p></nav><article>" + "".join(f"<p>{one}</p>" for one in sentences)
    draft = draft_from_html(page.encode(), url=None, charset=None)
    assert draft.text == "\n\n".join(sentences)


@given(st.text(max_size=400))
def test_any_text_becomes_a_clean_draft_or_an_error_of_ours(text: str) -> None:
    body = text.encode("utf-8", "surrogatepass")
    try:
        draft = draft_from_text(body, name="talks")
    except ArticleError:
        return
    assert clean(draft.text) == draft.text
    assert draft.text
    assert clean_line(draft.title) == draft.title
    assert len(draft.title) <= TITLE_LENGTH or text.lower().lstrip("\r\n").find("title") >= 0


@given(st.text(alphabet="<>/=\"' pdivh1a\n&;!-t.", max_size=300))
def test_any_page_becomes_a_clean_draft_or_an_error_of_ours(page: str) -> None:
    try:
        draft = draft_from_html(page.encode(), url=None, charset=None)
    except ArticleError:
        return
    assert clean(draft.text) == draft.text
    assert draft.text


def test_the_shared_articles_give_the_title_the_outlet_and_the_day_of_their_head() -> None:
    paths = sorted(SHARED.glob("sa-*.txt"))
    if not paths:
        pytest.skip("the shared articles are not here")
    for path in paths:
        draft = draft_from_text(path.read_bytes(), name=path.stem)
        head, _, body = path.read_text("utf-8").partition("\n\n")
        fields = dict(line.split(": ", 1) for line in head.splitlines())
        assert (draft.title, draft.outlet, draft.url) == (fields["title"], fields["outlet"], fields["url"])
        assert draft.published == date.fromisoformat(fields["date"])
        assert draft.text == clean(body)


def test_a_headline_is_not_kept_as_the_first_line_of_the_text() -> None:
    story = "<p>The bakers of Millbrook stopped work on Monday, and their ovens are cold.</p>" * 3
    page = (
        f"<html><head><title>Bakers stop work</title></head><body><article><h1>Bakers stop work</h1>{story}</article>"
    )
    draft = draft_from_html(page.encode(), url=None, charset=None)
    assert draft.title == "Bakers stop work"
    assert draft.text.startswith("The bakers of Millbrook stopped work")


def test_a_first_line_that_is_not_the_headline_stays() -> None:
    story = "<p>Bakers stop work, again.</p><p>The bakers of Millbrook stopped work on Monday, and their ovens are cold.</p>"
    page = (
        f"<html><head><title>Bakers stop work</title></head><body><article><h1>Bakers stop work</h1>{story}</article>"
    )
    assert "Bakers stop work, again." in draft_from_html(page.encode(), url=None, charset=None).text


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("Ann Roe covers transport", ["Ann Roe"]),
        ("Ann Roe is a reporter for the Ledger", ["Ann Roe"]),
        ("By Ann Roe, Staff Writer", ["Ann Roe"]),
        ("Ann Roe and Bo Li, Transport correspondents", ["Ann Roe", "Bo Li"]),
        ("Ann Roe, Political Editor", ["Ann Roe"]),
        ("Ann Roe covers transport, health and labor", ["Ann Roe"]),
        ("Ann Roe, who covers transport, health and labor; Bo Li", ["Ann Roe", "Bo Li"]),
        ("Ann Roe has been a writer since 2001, and is the editor", ["Ann Roe"]),
        ("admin", []),
        ("Ann Writer", ["Ann Writer"]),
        ("Walter Covers", ["Walter Covers"]),
        ("bell hooks", ["bell hooks"]),
        ("The Editorial Board", ["The Editorial Board"]),
        ("Ann Roe Transport Correspondent", ["Ann Roe Transport Correspondent"]),
    ],
)
def test_an_author_is_a_name_without_what_somebody_does(written: str, people: list[str]) -> None:
    assert draft_from_text(f"author: {written}\n\nThe ovens are cold.".encode(), name="a").authors == tuple(people)


@pytest.mark.parametrize(
    "line", ["---------- Forwarded message ---------", "Begin forwarded message:\n", "-----Original Message-----"]
)
def test_a_forwarded_mail_is_read_from_its_own_head(line: str) -> None:
    mail = (
        f"{line}\nFrom: Ann Roe <ann@post.example>\nDate: Tue, May 14, 2024 at 6:00 PM\nSubject: Bakers stop\nTo: <m@x.example>"
        "\n\n\nThe ovens of Millbrook are cold."
    )
    draft = draft_from_text(mail.encode(), name="mail")
    assert (draft.title, draft.published, draft.text) == (
        "Bakers stop",
        date(2024, 5, 14),
        "The ovens of Millbrook are cold.",
    )
