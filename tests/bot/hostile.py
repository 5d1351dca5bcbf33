"""Text as a stranger would write it to be read otherwise than it is, for Hypothesis; and citations and answers full of it."""

from datetime import UTC, date, datetime

from hypothesis import settings
from hypothesis import strategies as st

from index.records import (
    Answer,
    Aside,
    Citation,
    Difference,
    IndexedArticle,
    Outcome,
    Query,
    ReadPeriod,
    Span,
    When,
)

law = settings(deadline=None, max_examples=60)  # words of 10,000 characters take their time, and the machine is shared
ASKED = datetime(2031, 5, 20, 12, tzinfo=UTC)

# Each does something in some client of Discord's, or to what stands beside it.
TRICKS = (
    "# big",
    "### ",
    "-# small",
    "- item",
    "* item",
    "+ item",
    "1. one",
    "23) two",
    "> quote",
    ">>> all of it",
    "**",
    "***",
    "*",
    "_",
    "__",
    "~~",
    "||",
    "`",
    "```py\n",
    "\\",
    "\\\\",
    "\\*",
    r"¯\_(ツ)_/¯",
    "[read](https://evil.example/a_b_c)",
    "](",
    "https://evil.example/_x_?a=*b*",
    "http://evil.example",
    "steam://run/1",
    "<https://evil.example>",
    "<mailto:one@evil.example>",
    "<+15550100>",
    "discord.gg/evil",
    "<@1>",
    "<@!1>",
    "<@&2>",
    "<#3>",
    "</ask:4>",
    "<id:customize>",
    "<t:0:R>",
    "<:wave:5>",
    "<a:wave:5>",
    ":wave:",
    "::",
    "@everyone",
    "@here",
    "\u202e",
    "\u202d",
    "\u2067",
    "\u2066",
    "\u2069",
    "\u200f",
    "\u061c",
    "\u200b",
    "\u200d",
    "\u200c",
    "\ufeff",
    "\u00ad",
    "\u2800",
    "\u3164",
    "\u0301",
    "e" + "\u0301\u0336\u0489" * 20,
    "👩\u200d🚒",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\U000e0041",
    "\ud800",
    "\udc00",
    "\x00",
    "\x1b[31m",
    "\n",
    "\n\n",
    "\r\n",
    "\u2028",
    "\t",
    " ",
    "  ",
    "\u00a0",
    "שלום",
    "مرحبا ١٢",
    "罢工委员会" * 40,
    "word " * 200,
    "w" * 1_000,
    "w" * 10_000,
    "The dockers walked out on Monday.",
    "“We are ready,” she said.",
)

tricks = st.sampled_from(TRICKS)
texts = st.lists(st.one_of(tricks, st.text(max_size=8)), max_size=12).map("".join)
short_texts = st.lists(
    st.one_of(st.sampled_from([one for one in TRICKS if len(one) < 60]), st.text(max_size=8)), max_size=8
)
lines = short_texts.map("".join)
days = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31))
urls = (
    st.none()
    | st.sampled_from(
        (
            "https://news.example/strike",
            "https://news.example/" + "a" * 600,
            "http://[::1]/x",
            "http://localhost/x",
            "javascript:alert(1)",
            "https://user:word@news.example/",
            "https://news.example/(a)_b_*c*?d=[e]",
            "//news.example",
            "https://näws.example/ü",
            "https://news.example:99999/",
        )
    )
    | lines
)


@st.composite
def articles(draw: st.DrawFn) -> IndexedArticle:
    return IndexedArticle(
        row=draw(st.integers(0, 9)),
        id=draw(st.text("abc-", min_size=1, max_size=9)),
        collection="public",
        path="a.md",
        title=draw(texts),
        outlet=draw(lines),
        url=draw(urls),
        published=draw(days),
        doubt=draw(st.sampled_from(["", "It speaks of a later day."])),
    )


@st.composite
def cited_texts(draw: st.DrawFn) -> tuple[str, Span, Span]:
    """An article's text, a span of it and a span in that: as citations are, though not at whole sentences."""
    before, first, best, last, after = (draw(texts) for _ in range(5))
    best = best or "x"
    start = len(before)
    highlight = Span(start + len(first), start + len(first) + len(best))
    return before + first + best + last + after, Span(start, highlight.end + len(last)), highlight


@st.composite
def citations(draw: st.DrawFn, number: int) -> Citation:
    text, span, highlight = draw(cited_texts())
    also = draw(st.lists(articles(), max_size=5))
    return Citation(number, draw(articles()), span, span.of(text), (highlight,), tuple(also), 0.5)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    cited = [draw(citations(number)) for number in range(1, draw(st.integers(0, 3)) + 1)]
    number = st.integers(1, 5)
    first, last = draw(days), draw(days)
    day = draw(st.dates(date(1, 1, 1), date(9999, 12, 31)))
    return Answer(
        query=Query(
            draw(lines), (), (), ("public",), 10, draw(st.none() | st.just(ReadPeriod(draw(lines), first, last)))
        ),
        outcome=draw(st.sampled_from(Outcome)),
        confidence=0.5,
        citations=tuple(cited),
        generation=1,
        seconds=0.1,
        nearest=tuple(draw(st.lists(articles(), max_size=3))),
        when=draw(st.none() | st.builds(When, st.just(day), st.just(day), st.just("day"), lines, number)),
        differences=tuple(draw(st.lists(st.builds(Difference, lines, texts, number), max_size=7))),
        earlier=tuple(draw(st.lists(st.builds(Difference, lines, texts, number), max_size=7))),
        read_as=draw(lines),
        aside=draw(st.sampled_from([None, None, None, *Aside])),
    )


def article(**given: object) -> IndexedArticle:
    """An ordinary article, with these of its fields changed."""
    fields: dict[str, object] = {
        "row": 0,
        "id": "dockers",
        "collection": "public",
        "path": "dockers.md",
        "title": "Dockers walk out",
        "outlet": "Harbour Post",
        "url": "https://post.example/dockers",
        "published": date(2031, 5, 10),
    }
    return IndexedArticle(**(fields | given))  # type: ignore[arg-type]


def citation(
    text: str, best: str, number: int = 1, *, also: tuple[IndexedArticle, ...] = (), **given: object
) -> Citation:
    """A citation of the whole of a text in which `best` answers; `given` are fields of its article."""
    start = text.index(best)
    return Citation(number, article(**given), Span(0, len(text)), text, (Span(start, start + len(best)),), also, 0.5)


def answer(*cited: Citation, text: str = "when did the dockers walk out", **given: object) -> Answer:
    """An answer with these citations, and these of its fields changed."""
    fields: dict[str, object] = {
        "query": Query(text, (), (), ("public",), 10, given.pop("period", None)),  # type: ignore[arg-type]
        "outcome": Outcome.ANSWERED,
        "confidence": 0.9,
        "citations": cited,
        "generation": 1,
        "seconds": 0.1,
    }
    return Answer(**(fields | given))  # type: ignore[arg-type]
