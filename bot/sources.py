"""Turns citations and articles into `Source` blocks: what is quoted, in ways of falling length, and where it comes from.

A quote is only ever a slice of the article at whole sentences; which way is shown is for `fitting` to decide.
"""

from bot import days, words
from bot.blocks import Line, Link, Part, Quote, Source
from bot.escape import cut, visible
from index.records import Citation, IndexedArticle, Span
from index.sentences import sentence_spans, trim

# How much of a name is shown. Judged: news headlines have up to some 120 characters, and three sources with the longest
# names leave room for their quotes in Discord's 4,000 characters.
_TITLE, _OUTLET, _OTHER = 200, 80, 60
_ALSO = 3  # near-copies that are named; of the others the number
# Sentences on either side of a quotation in its article, most first. Judged: eight fill some 2,000 characters.
_AROUND = (8, 6, 4, 3, 2, 1, 0)
_WINDOW = 6_000  # code points on either side within which these are looked for


def cited(citation: Citation, *, locale: str = "en") -> Source:
    """A citation with its quote, the answering sentence in bold, and the articles that say the same."""
    article = citation.article
    highlight = citation.highlights[0] if citation.highlights else Span(citation.span.start, citation.span.start)
    also = [origin(other, locale=locale, most=_OTHER) for other in citation.also[:_ALSO]]
    return Source(
        citation.number,
        reference(article, locale=locale),
        quotes=_ways(citation.text, citation.span, highlight),
        notes=(words.also_in(also, len(citation.also) - len(also)),) if also else (),
        link=Link(article.url, words.read_button(citation.number)) if article.url else None,
    )


def named(article: IndexedArticle, *, locale: str = "en") -> Source:
    """An article without a word of it."""
    link = Link(article.url, words.READ) if article.url else None
    return Source(None, reference(article, locale=locale), link=link)


def in_context(article: IndexedArticle, text: str, span: Span, highlight: Span, *, locale: str = "en") -> Source:
    """A quotation within its article, with as many sentences on either side as there is room for."""
    quotes = []
    for around in [_around(text, span, sentences) for sentences in _AROUND]:
        made = quoted(around.of(text), around, highlight)
        if made not in quotes:
            quotes.append(made)
    quotes += [way for way in _ways(span.of(text), span, highlight) if way not in quotes]
    link = Link(article.url, words.READ) if article.url else None
    return Source(None, reference(article, locale=locale), quotes=tuple(quotes), link=link)


def reference(article: IndexedArticle, *, locale: str = "en") -> Line:
    """Outlet, day and headline."""
    pieces = origin(article, locale=locale)
    return (*pieces, " · ", headline(article))


def headline(article: IndexedArticle) -> str:
    """The title; the id where there is nothing to see of a title."""
    return cut(article.title, _TITLE) or cut(article.id, _TITLE)


def origin(article: IndexedArticle, *, locale: str = "en", most: int = _OUTLET) -> tuple[str | Part, ...]:
    """Outlet and day; where the article's own words contradict its day, that is said."""
    day = days.day(article.published, locale) if article.published else words.UNDATED
    doubt = f" ({words.DATE_UNCERTAIN})" if article.doubt else ""
    return (cut(article.outlet, most) or words.NO_OUTLET, f", {day}{doubt}")


def quoted(text: str, span: Span, highlight: Span) -> Quote:
    """A slice of an article that stands at `span`, its paragraphs apart, and in bold what the highlight covers of it."""
    paragraphs = []
    start = span.start
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        first, last = (min(max(place, start), end) - start for place in (highlight.start, highlight.end))
        parts = (Part(line[:first]), Part(line[first:last], bold=True), Part(line[last:]))
        if visible(line).strip():
            paragraphs.append(tuple(part for part in parts if part.text))
        start = end
    return Quote(tuple(paragraphs))


def _ways(text: str, span: Span, highlight: Span) -> tuple[Quote, ...]:
    """The whole; without what follows or comes before the highlighted sentence; that sentence alone. Longest first."""
    start = max(span.start, highlight.start)
    end = min(span.end, highlight.end)
    whole = [span]
    if start < end:
        whole += [Span(span.start, end), Span(start, span.end), Span(start, end)]
    ways = [quoted(text[one.start - span.start : one.end - span.start], one, highlight) for one in whole]
    # By what is shown: paragraphs without a sign in them are left out of a quote.
    ways.sort(key=_length, reverse=True)
    return tuple(way for place, way in enumerate(ways) if way.paragraphs and way not in ways[:place])


def _length(quote: Quote) -> int:
    return sum(1 + sum(len(part.text) for part in paragraph) for paragraph in quote.paragraphs)  # each ends its line


def _around(text: str, span: Span, sentences: int) -> Span:
    """The span with that many sentences on either side, of those that lie wholly within the window."""
    if not sentences:
        return span
    start, end = max(0, span.start - _WINDOW), min(len(text), span.end + _WINDOW)
    spans = [Span(start + one.start, start + one.end) for one in sentence_spans(text[start:end])]
    before = [one for one in spans if one.end <= span.start and (one.start > start or start == 0)]
    after = [one for one in spans if one.start >= span.end and (one.end < end or end == len(text))]
    first = before[-sentences:][0].start if before else span.start
    last = after[:sentences][-1].end if after else span.end
    return trim(text, Span(first, last))
