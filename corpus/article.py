"""Turns a stored article (Markdown with YAML front matter) into an `Article` and back.

How raw pages become articles is `extract`'s business; where articles are kept is `files`', what YAML may say
`front_matter`'s.
"""

import hashlib
import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

import yaml

from corpus.clean import clean, clean_line
from corpus.errors import ArticleError
from corpus.front_matter import MAX_ENTRIES, MAX_URL, FrontMatter, split_front_matter

PUBLIC = "public"
GIVEN = "given when it was added"  # the evidence of a date that a person corrected
_CORRECTABLE = ("title", "outlet", "url", "published")
_GUILD = re.compile(r"guild:[0-9]{1,20}")  # Discord ids are 64-bit numbers
# Ids come from strangers' files and end up in file names and terminals: bounded and printable.
MAX_ID = 200
MAX_TEXT_BYTES = 10_000_000  # in UTF-8; a novel has 1 MB
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # when an article was added that was put into the folder by hand
_ADDRESS = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_QUOTED = str.maketrans({'"': "%22", "<": "%3C", ">": "%3E"})  # they end a link where it is shown
_TARGET = r"""(?:<[^<>\n]{0,2048}>|(?:[^()\s]|\([^()\s]{0,200}\)){0,2048})(?:[ \t]+"[^"\n]{0,300}")?"""
_IMAGE = re.compile(rf"!\[[^\[\]\n]{{0,1000}}\]\({_TARGET}\)")
_LINK = re.compile(rf"(?<![\w\\])\[([^\[\]\n]{{0,1000}})\]\((?=https?:|mailto:|[#./<?]){_TARGET}\)")
_ESCAPE = re.compile(r"\\([!#()*+.>\[\]_`{|}~-])")
_YAML_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a brief has its facts from; the date is as the source gives it (day, month or year)."""

    outlet: str = ""
    title: str = ""
    url: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is kept and quoted.

    `text` is NFC with LF line ends, and cleaning it again changes nothing; offsets of citations count its code
    points. `published` is None where no evidence dates the article; `evidence` says in words where the date comes
    from. `digest` is the SHA-256 of all that is searched or shown, in hexadecimal. `given` names the fields that a person
    corrected: title, outlet, url, published.
    """

    id: str
    collection: str
    title: str
    text: str
    url: str | None
    authors: tuple[str, ...]
    outlet: str
    language: str
    published: date | None
    added: datetime
    digest: str
    evidence: str = ""
    tags: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    given: tuple[str, ...] = ()


def check_collection(name: str) -> str:
    """The name itself, or ArticleError where it is neither `public` nor `guild:<id>`."""
    if name == PUBLIC or _GUILD.fullmatch(name):
        return name
    raise ArticleError(f"“{name}” is not a collection; use “public” or “guild:” and a server's number.")


def check_id(value: str) -> str:
    """The id itself, or ArticleError where it is empty, too long or not printable."""
    if value and len(value) <= MAX_ID and value.isprintable() and value == value.strip():
        return value
    raise ArticleError(
        f"{value[:60]!a} can't be an article's id; give 1 to {MAX_ID} printable characters without spaces around."
    )


def text_digest(text: str) -> str:
    """SHA-256 of the text alone, in hexadecimal: the same text added twice is seen by it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def check_url(url: str, *, place: str) -> str:
    """The address as it is kept, or ArticleError where it is not http(s); whether it leads anywhere is not asked.

    `place` says in the message where the address stands.
    """
    url = url.strip().translate(_QUOTED)
    if _ADDRESS.fullmatch(url) and url.isprintable() and len(url) <= MAX_URL:
        return url
    raise ArticleError(f"{place} is {url[:60]!a}, which is not an http or https address; correct or remove it.")


def make_article(
    *,
    id: str,  # noqa: A002 - the record's own word
    text: str,
    title: str = "",
    url: str | None = None,
    authors: tuple[str, ...] = (),
    outlet: str = "",
    language: str = "en",
    published: date | None = None,
    added: datetime,
    collection: str = PUBLIC,
    evidence: str = "",
    tags: tuple[str, ...] = (),
    sources: tuple[Source, ...] = (),
    given: tuple[str, ...] = (),
    stored_digest: str = "",
    is_clean: bool = False,
) -> Article:
    """An article whose text is clean and whose digest is right; ArticleError where it can't be kept.

    Cleaning takes most of the time. `is_clean` says that the text comes from it. Where `stored_digest` is that of what is
    given, all was clean when it was stored; only a file of the article folder may be believed so.
    """
    check_id(id)
    url = check_url(url, place=f"In “{id}”, url") if url else None
    authors, tags = _lines(authors), _lines(tags)
    sources = tuple(_clean_source(source, name=id) for source in sources)
    rest = (url or "", published.isoformat() if published else "", "\n".join(authors))
    headline, paper, body = title, outlet, text.strip("\n")
    digest = _digest(headline, paper, *rest, body)
    if digest != stored_digest:
        headline, paper, body = clean_line(title), clean_line(outlet), body if is_clean else clean(text)
        digest = _digest(headline, paper, *rest, body)
    if not body:
        raise ArticleError(f"“{id}” has no text left after cleaning; add the article's text and try again.")
    if (size := len(body.encode("utf-8"))) > MAX_TEXT_BYTES:
        raise ArticleError(f"“{id}” has {size:,} bytes of text, over the limit of {MAX_TEXT_BYTES:,}; split it.")
    for word, entries in (("authors", authors), ("tags", tags), ("sources", sources)):
        if len(entries) > MAX_ENTRIES:
            raise ArticleError(f"“{id}” has {len(entries)} {word}, over the limit of {MAX_ENTRIES}; remove some.")
    return Article(
        id=id,
        collection=check_collection(collection),
        title=headline,
        text=body,
        url=url,
        authors=authors,
        outlet=paper,
        language=clean_line(language) or "en",
        published=published,
        added=added,
        digest=digest,
        evidence=clean_line(evidence),
        tags=tags,
        sources=sources,
        given=tuple(name for name in _CORRECTABLE if name in given),
    )


def changed(article: Article, **changes: Any) -> Article:
    """The article with other fields, clean and with the right digest; ArticleError as `make_article`."""
    fields = {name: getattr(article, name) for name in Article.__slots__ if name != "digest"}
    return make_article(**(fields | changes), stored_digest=article.digest)


def parse_markdown(raw: str, *, name: str, collection: str = PUBLIC) -> Article:
    """The article in a file of the article folder; `name` is its stem, which is its id where it names none.

    The front matter may be missing altogether: then the first heading is the title and the article is undated.
    """
    head, body = split_front_matter(raw, name=name)
    return parse_article(head, body, collection=collection, stored_digest=head.text("digest"))


def parse_article(head: FrontMatter, body: str, *, collection: str = PUBLIC, stored_digest: str = "") -> Article:
    """The article of a front matter and a text. Of a file that a stranger sends, the digest is not to be believed."""
    title = head.text("title")
    if "title" not in head.values:
        title, body = split_heading(body)
    return make_article(
        id=head.text("id") or unicodedata.normalize("NFC", head.name),
        collection=collection,
        title=title,
        text=body,
        url=head.text("url") or None,
        authors=head.texts("authors"),
        outlet=head.text("outlet"),
        language=head.text("language"),
        published=head.day("published"),
        added=head.moment("added") or _NO_TIME,
        evidence=head.text("evidence"),
        tags=head.texts("tags"),
        sources=tuple(Source(*map(table.text, Source.__slots__)) for table in head.tables("sources")),
        given=head.texts("given"),
        stored_digest=stored_digest,
    )


# After number signs, or over a line of equals signs.
_HEADING = re.compile(r"\s*+(?:#{1,6}[ \t]+(?P<marked>\S.*)|(?P<lined>\S.*)\n={3,}[ \t]*)(?:\n|$)")


def split_heading(body: str) -> tuple[str, str]:
    """The Markdown heading that a text begins with, and the rest; nothing and everything where there is none."""
    heading = _HEADING.match(body)
    if heading is None:
        return "", body
    words = (heading["marked"] or heading["lined"]).rstrip()
    if heading["marked"] and (bare := words.rstrip("#")).endswith((" ", "\t")):
        words = bare.rstrip()
    return words, body[heading.end() :]


def without_marks(body: str) -> str:
    """The words of a page that a clipper saved as Markdown: no pictures, of links their words, no backslashes.

    For what a person brings; a stored article is no Markdown but plain text, and stays as it is.
    """
    return _ESCAPE.sub(r"\1", _LINK.sub(r"\1", _IMAGE.sub("", body)))


def was_put_by_hand(article: Article) -> bool:
    """Whether the file doesn't say when the article was added."""
    return article.added == _NO_TIME


def format_markdown(article: Article) -> str:
    """The stored form: `parse_markdown` gives the same article back, `added` to the second."""
    added = article.added.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    fields: dict[str, Any] = {
        "id": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published,
        "evidence": article.evidence,
        "url": article.url,
        "authors": list(article.authors),
        "language": article.language,
        "added": f"{added.isoformat()}Z",
        "tags": list(article.tags),
        "sources": [{key: value for key, value in asdict(source).items() if value} for source in article.sources],
        "given": list(article.given),
        "digest": article.digest,
    }
    always = ("id", "title", "outlet")
    kept = {key: value for key, value in fields.items() if value or key in always}
    head = yaml.dump(kept, Dumper=_YAML_DUMPER, sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{head}---\n\n{article.text}\n"


def article_fields(article: Article) -> dict[str, Any]:
    """The article as JSON types, for `show --json`: offsets of citations count the code points of its `text`."""
    return {
        "id": article.id,
        "collection": article.collection,
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "evidence": article.evidence,
        "url": article.url,
        "authors": list(article.authors),
        "language": article.language,
        "added": article.added.isoformat(),
        "tags": list(article.tags),
        "sources": [asdict(source) for source in article.sources],
        "given": list(article.given),
        "digest": article.digest,
        "text": article.text,
    }


def _digest(*parts: str) -> str:
    return text_digest("\0".join(parts))


def _lines(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for value in values if (line := clean_line(value)))


def _clean_source(source: Source, *, name: str) -> Source:
    return Source(
        outlet=clean_line(source.outlet),
        title=clean_line(source.title),
        url=check_url(source.url, place=f"In “{name}”, url") if source.url else "",
        date=clean_line(source.date),
    )
