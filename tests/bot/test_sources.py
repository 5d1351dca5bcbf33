"""bot.sources: what is quoted of an article, in ways of falling length, and where it is said to come from."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given

from bot.blocks import Link, Part, Quote, parts_of
from bot.markdown import block_markdown
from bot.sources import cited, headline, in_context, named, origin, quoted
from index.records import Citation, IndexedArticle, Span
from tests.bot.discord_markdown import plain, read, styles_of, text_of
from tests.bot.hostile import article, articles, citation, citations, cited_texts, law

BEFORE, BEST, AFTER = "The talks had failed.", "The dockers walked out on Monday.", "They want more pay."
TEXT = f"{BEFORE} {BEST} {AFTER}"


def said(quote: Quote) -> str:
    return "\n".join("".join(part.text for part in paragraph) for paragraph in quote.paragraphs)


def bold(quote: Quote) -> str:
    return "".join(part.text for paragraph in quote.paragraphs for part in paragraph if part.bold)


def told(line: object) -> str:
    return "".join(part.text for part in parts_of(line))  # type: ignore[arg-type]


@law
@given(cited_texts())
def test_what_the_eye_reads_of_a_quote_is_the_articles_slice_and_bold_just_the_highlight(
    given_text: tuple[str, Span, Span],
) -> None:
    text, span, highlight = given_text
    signs = read(block_markdown(quoted(span.of(text), span, highlight)))
    assert plain(text_of(signs, "quote")) == plain(text_of(signs)) == plain(span.of(text))
    assert styles_of(signs) <= {"quote", "bold"}
    assert "".join(plain(text_of(signs, "bold")).split()) == "".join(plain(highlight.of(text)).split())


@law
@given(citations(1))
def test_every_way_to_quote_is_a_slice_with_the_highlight_and_shorter_than_the_one_before(made: Citation) -> None:
    ways = cited(made).quotes
    best = Span(*(place - made.span.start for place in (made.highlights[0].start, made.highlights[0].end))).of(
        made.text
    )
    for way in ways:
        assert plain(said(way)) in plain(made.text)
        assert "".join(plain(bold(way)).split()) == "".join(plain(best).split())
    lengths = [len(said(way)) for way in ways]
    assert all(longer >= shorter for longer, shorter in pairwise(lengths))


def test_a_quote_gives_way_sentence_by_sentence_down_to_the_one_that_answers() -> None:
    ways = cited(citation(TEXT, BEST)).quotes
    assert [said(way) for way in ways] == [TEXT, f"{BEFORE} {BEST}", f"{BEST} {AFTER}", BEST]
    assert {bold(way) for way in ways} == {BEST}


@pytest.mark.parametrize(
    ("text", "ways"),
    [(BEST, [BEST]), (f"{BEFORE} {BEST}", [f"{BEFORE} {BEST}", BEST]), (f"{BEST} {AFTER}", [f"{BEST} {AFTER}", BEST])],
)
def test_no_way_is_there_twice(text: str, ways: list[str]) -> None:
    assert [said(way) for way in cited(citation(text, BEST)).quotes] == ways


def test_paragraphs_of_a_quote_stay_apart() -> None:
    text = f"{BEFORE}\n\n{BEST}\r\n{AFTER}"
    (whole, *_) = cited(citation(text, BEST)).quotes
    assert [part.text.strip() for paragraph in whole.paragraphs for part in paragraph] == [BEFORE, BEST, "", AFTER]
    assert block_markdown(whole) == f"> {BEFORE}\n> **{BEST}**\n> {AFTER}"


@pytest.mark.parametrize("highlights", [(), (Span(0, 0),), (Span(500, 600),)])
def test_without_a_highlight_in_it_the_whole_is_quoted_and_nothing_is_bold(highlights: tuple[Span, ...]) -> None:
    made = Citation(1, article(), Span(0, len(TEXT)), TEXT, highlights, (), 0.5)
    ways = cited(made).quotes
    assert [said(way) for way in ways] == [TEXT]
    assert bold(ways[0]) == ""


def test_of_several_highlights_the_answering_one_is_bold() -> None:
    spans = tuple(Span(TEXT.index(one), TEXT.index(one) + len(one)) for one in (BEST, AFTER))
    assert bold(cited(Citation(1, article(), Span(0, len(TEXT)), TEXT, spans, (), 0.5)).quotes[0]) == BEST


@pytest.mark.parametrize(
    ("given_fields", "reference"),
    [
        ({}, "Harbour Post, 10 May 2031 · Dockers walk out"),
        ({"published": None}, "Harbour Post, undated · Dockers walk out"),
        ({"doubt": "It speaks of June."}, "Harbour Post, 10 May 2031 (date uncertain) · Dockers walk out"),
        ({"outlet": " \u200b"}, "no outlet, 10 May 2031 · Dockers walk out"),
        ({"title": "\u3164"}, "Harbour Post, 10 May 2031 · dockers"),
    ],
)
def test_a_source_is_outlet_day_and_headline(given_fields: dict[str, object], reference: str) -> None:
    assert told(named(article(**given_fields)).reference) == reference


def test_the_day_is_told_in_the_readers_language() -> None:
    assert told(origin(article(), locale="de")) == "Harbour Post, 10. Mai 2031"


def test_the_link_says_which_citation_it_opens() -> None:
    assert cited(citation(TEXT, BEST, 3)).link == Link("https://post.example/dockers", "Read [3]")
    assert cited(citation(TEXT, BEST, url=None)).link is None
    assert named(article(url=None)).link is None


def test_three_near_copies_are_named_and_the_others_counted() -> None:
    copies = tuple(article(outlet=f"Outlet {number}", published=date(2031, 5, number)) for number in range(1, 6))
    (note,) = cited(citation(TEXT, BEST, also=copies)).notes
    assert told(note) == "Also in Outlet 1, 1 May 2031; Outlet 2, 2 May 2031; Outlet 3, 3 May 2031; and 2 more"
    (note,) = cited(citation(TEXT, BEST, also=copies[:1])).notes
    assert told(note) == "Also in Outlet 1, 1 May 2031"
    assert cited(citation(TEXT, BEST)).notes == ()


@law
@given(articles())
def test_a_headline_is_never_blank_and_never_too_long(made: IndexedArticle) -> None:
    assert plain(headline(made))
    assert len(headline(made)) <= 200


SENTENCES = [f"Sentence {number} of the report tells of the dockers." for number in range(60)]
REPORT = "\n\n".join(" ".join(SENTENCES[start : start + 3]) for start in range(0, 60, 3))


def span_of(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def test_a_quote_is_shown_among_the_sentences_around_it() -> None:
    span = Span(span_of(REPORT, SENTENCES[30]).start, span_of(REPORT, SENTENCES[31]).end)
    source = in_context(article(), REPORT, span, span_of(REPORT, SENTENCES[31]))
    sizes = [said(way).count("Sentence") for way in source.quotes]
    assert sizes == [18, 14, 10, 8, 6, 4, 2, 1]
    whole = source.quotes[0]
    assert said(whole).split() == " ".join(SENTENCES[22:40]).split()
    assert bold(whole).strip() == SENTENCES[31]
    assert len(whole.paragraphs) == 7


def test_at_an_articles_ends_there_are_fewer_sentences_around() -> None:
    first, last = span_of(REPORT, SENTENCES[0]), span_of(REPORT, SENTENCES[59])
    assert said(in_context(article(), REPORT, first, first).quotes[0]).count("Sentence") == 9
    assert said(in_context(article(), REPORT, last, last).quotes[0]).count("Sentence") == 9
    alone = span_of(BEST, BEST)
    assert [said(way) for way in in_context(article(), BEST, alone, alone).quotes] == [BEST]


def test_a_sentence_that_is_only_partly_near_is_left_out() -> None:
    endless = "x" * 20_000
    text = f"{endless} {BEST} {endless}"
    span = span_of(text, BEST)
    assert [said(way) for way in in_context(article(), text, span, span).quotes] == [BEST]


@law
@given(cited_texts())
def test_whatever_is_shown_around_a_quote_is_a_slice_that_holds_it(given_text: tuple[str, Span, Span]) -> None:
    text, span, highlight = given_text
    for way in in_context(article(), text, span, highlight).quotes:
        signs = plain(text_of(read(block_markdown(way)), "quote"))
        assert signs in plain(text)
        assert "".join(plain(bold(way)).split()) == "".join(plain(highlight.of(text)).split())


def test_parts_of_a_quote_are_never_empty() -> None:
    assert quoted("ab", Span(0, 2), Span(0, 1)) == Quote(((Part("a", bold=True), Part("b")),))
