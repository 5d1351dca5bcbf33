"""Reads a page of HTML: its main text, what its meta elements say, its own address.

The main text is trafilatura's work, the day that of `page_dates`. Making an article of them is left to `extract`.
"""

import logging
import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from corpus.addresses import ANY_PORT, check_url
from corpus.date_evidence import LATEST
from corpus.errors import ArticleError, UnsafeAddressError
from corpus.page_dates import drop_bare_changes, find_page_day

# A page of news has 1,000 to 5,000 elements, 15 to 40 deep. trafilatura takes 3 s for 15,000 paragraphs and 9 s for
# 35,000; beyond these limits its words are read in one pass, without knowing which belong to the article.
MAX_ELEMENTS, MAX_DEPTH = 20_000, 150
for _library in ("trafilatura", "htmldate"):
    logging.getLogger(_library).addHandler(logging.NullHandler())  # else complaints go to standard error


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says, not yet cleaned, and “” for what it doesn't; `url` is the address it gives itself, if any."""

    title: str
    text: str
    url: str | None
    authors: str
    outlet: str
    language: str
    published: date | None


def read_page(source: str, *, url: str | None, place: str, today: date | None) -> Page:
    """The page at `url`; `place` is its name in messages. Raises ArticleError where it is no HTML that can be read."""
    tree = _parse(source, place)
    small = _is_small(tree)
    main = _extract(tree, url, place) if small else None
    address = _canonical(tree, url)
    title = (main.title if main else None) or _meta(tree, "og:title") or (tree.findtext(".//title") or "")
    outlet = _outlet((main.sitename if main else None) or "", title, tree, address)
    title = _title(title, outlet, tree)
    text = _with_lines(main.text, tree) if main and main.text else _paragraphs(tree)
    return Page(
        title=title,
        text=text,
        url=address,
        authors=(main.author if main else None) or "",
        outlet=outlet,
        language=tree.get("lang") or "",
        published=find_page_day(tree, title=title, text=text, url=address, today=today) if small else None,
    )


def _parse(source: str, place: str) -> Any:
    # huge_tree stays off: libxml2 then bounds depth and lengths itself. Control characters are not XML.
    source = re.sub(r"[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", source)
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(source.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ArticleError(f"{place} is not HTML that can be read; save its text as .txt and add that.") from error
    return tree


def _is_small(tree: Any) -> bool:
    """Whether trafilatura can be given the tree; reads no more of it than the limits."""
    depth = count = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            return False
    return True


def _extract(tree: Any, url: str | None, place: str) -> Any:
    try:
        return trafilatura.bare_extraction(
            _prepared(tree),
            url=url,
            favor_recall=True,  # furniture that slips in is dropped by `clean`; a lost sentence can't be had back
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "max_date": LATEST.isoformat()},
        )
    # trafilatura promises no family of errors: these are what lxml, its regular expressions and its own code raise.
    except (etree.LxmlError, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise ArticleError(f"{place} can't be read as an article; save its text as .txt and add that.") from error


_MAIL = re.compile(r"\S+@[\w-]+(?:\.[\w-]+)+\S*")  # only searched in 2,000 code points
_BYLINES = "//meta[contains(@name, 'author')] | //body//*[contains(concat(@class, @id, @rel, @itemprop), $name)]"


def _prepared(tree: Any) -> Any:
    """A copy without marks of a change, and without mail addresses in by-lines: trafilatura makes names of them."""
    tree = deepcopy(tree)
    drop_bare_changes(tree)
    for name in ("author", "Author", "byline", "Byline"):
        for element in tree.xpath(_BYLINES, name=name):
            if element.tag == "meta":
                element.set("content", _MAIL.sub("", element.get("content", "")[:2000]))
            elif len(element.text_content()) <= 200:
                for part in element.iter(etree.Element):
                    part.text = _MAIL.sub("", part.text or "")
                    part.tail = part.tail if part is element else _MAIL.sub("", part.tail or "")
    return tree


_BLOCKS = ("p", "blockquote", "pre", "li", "h2", "h3")
_ASIDE = {"script", "style", "nav", "footer", "aside", "form", "noscript", "template", "svg", "button", "select"}


def _paragraphs(tree: Any) -> str:
    """The words of a page in document order, a line for each block: for pages that trafilatura can't be given."""
    lines: list[list[str]] = [[]]
    skipped = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        aside = element.tag in _ASIDE or element.tag == "head"
        if event == "start":
            skipped += aside
            if element.tag in _BLOCKS or element.tag in ("div", "br", "td", "h1"):
                lines.append([])
            if not skipped and element.text:
                lines[-1].append(element.text)
        else:
            skipped -= aside
            if element.tag in _BLOCKS or element.tag == "div":
                lines.append([])
            if not skipped and element.tail:
                lines[-1].append(element.tail)
    return "\n\n".join(line for parts in lines if (line := " ".join("".join(parts).split())))


def _with_lines(text: str, tree: Any) -> str:
    """A blank line between blocks. Of a short page trafilatura gives all blocks in one line: they are parted again."""
    if "\n" in text:
        return text.replace("\n", "\n\n")
    flat = " ".join(text.split())
    blocks = [block for block in _paragraphs(tree).split("\n\n") if block in flat]
    return "\n\n".join(blocks) if " ".join(blocks) == flat else text


def _meta(tree: Any, name: str) -> str:
    found = tree.xpath("string(//meta[@property=$name or @name=$name][1]/@content)", name=name)
    return str(found)[:2000].strip()


def _title(title: str, outlet: str, tree: Any) -> str:
    """The headline without the outlet's name, which pages add for browsers and search engines."""
    named = [" ".join(name.split()) for name in (_meta(tree, "og:title"), tree.findtext(".//title") or "")]
    headline = _only_headline(tree)
    if headline and headline.casefold() != outlet.casefold():
        begun = re.compile(rf"{re.escape(headline)}(?:\s+[-|–—·•].*)?", re.IGNORECASE)
        if any(begun.fullmatch(name) for name in named):
            return headline
    bare = re.sub(rf"\s+[-|–—·•]\s+{re.escape(outlet)}\s*$", "", title, flags=re.IGNORECASE) if outlet else title
    return bare.strip() or title


def _only_headline(tree: Any) -> str:
    """The words of the page's one h1; “” where it has several, or no more words than a site's name has."""
    found = tree.xpath("//body//h1")
    words = found[0].text_content().split() if len(found) == 1 else []
    return " ".join(words) if len(words) > 3 else ""


def _outlet(site: str, title: str, tree: Any, address: str | None) -> str:
    """The site's name, else its host. Where a page doesn't name its site, trafilatura takes the page's own name."""
    own = "|".join(re.escape(" ".join(name.split())) for name in (title, _only_headline(tree)) if name.strip())
    for name in (site, _meta(tree, "og:site_name")):
        if name and not _is_address(name) and not re.match(rf"(?:{own})(?:\s+[-|–—·•]|$)", name, re.IGNORECASE):
            return name
    return _host(address)


def _canonical(tree: Any, url: str | None) -> str | None:
    """The address the page gives itself, where it is a web address of the same site; else the one it came from.

    An article that names the site's first page as its own address does so by mistake.
    """
    named = str(tree.xpath("string(//link[@rel='canonical'][1]/@href)")).strip()
    for candidate in (named, _meta(tree, "og:url")):
        try:
            address = urljoin(url or "", candidate).partition("#")[0] if candidate else ""
        except ValueError:
            continue
        if not _is_web_address(address) or (_is_first_page(address) and not (url and _is_first_page(url))):
            continue
        if url is None or _site(address) == _site(url):
            return address
    return url


def _is_web_address(url: str) -> bool:
    try:
        check_url(url, ports=ANY_PORT)
    except UnsafeAddressError:
        return False
    return True


def _is_first_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _host(url: str | None) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else ""


def _site(url: str) -> str:
    """The host without the names under which sites keep copies for telephones."""
    return re.sub(r"^(?:www|m|mobile|amp|edition)\.", "", _host(url))


def _is_address(name: str) -> bool:
    """Whether a site's “name” is only its address, which `_host` says better."""
    return re.fullmatch(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}/?", name.strip(), re.IGNORECASE) is not None
