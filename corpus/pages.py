"""Reads a page of HTML: its main text, what its meta elements say, its own address.

The main text is trafilatura's work, the day that of `page_dates`. Making an article of them is left to `extract`.
"""

import logging
import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from corpus.addresses import ANY_PORT, check_url
from corpus.date_evidence import LATEST
from corpus.errors import ArticleError, UnsafeAddressError
from corpus.page_dates import drop_bare_changes, find_page_day
from corpus.page_layout import length, open_layout, wrap_loose

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
    address = _canonical(tree, url)
    main = _extract(tree, url, address, place) if small else None
    title = (main.title if main else None) or _meta(tree, "og:title") or (tree.findtext(".//title") or "")
    outlet = _outlet((main.sitename if main else None) or "", title, tree)
    title = _title(title, outlet or host(address), tree)
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


def _extract(tree: Any, url: str | None, address: str | None, place: str) -> Any:
    try:
        return trafilatura.bare_extraction(
            _prepared(tree, address),
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
LONGEST_CARD = 400  # code points of a card that names another story: a headline, two sentences, a name and a day
LONGEST_UNSEEN = 200  # code points of what is hidden for good: a notice; longer parts of a story wait for a click
_BEHIND_BUTTON = "preceding-sibling::*[1]/descendant-or-self::*[self::button or @role='button' or @aria-expanded]"
_OTHERS = re.compile(
    r"related|recommend|recirc|trending|more-?(?:stories|from)|rich-?link|read-?(?:next|also)", re.IGNORECASE
)
_OTHERS_LABEL = re.compile(
    r"(?:related|recommended|more (?:from|stories)|most (?:read|popular|viewed|shared)|trending|read (?:next|also)|up next|"
    r"you (?:may|might)|see also|also read|don['’]t miss|editors?['’]s? (?:picks?|choice))\b.{0,40}",
    re.IGNORECASE,
)


def _prepared(tree: Any, address: str | None) -> Any:
    """A copy for trafilatura, without what it would take for the story and with what it would lose put into elements.

    Out go marks of a change, what no reader sees, cards of other stories, and mail addresses in by-lines, of which it
    makes names. Text that stands loose behind a block is made a paragraph, and a table that only lays the page out none.
    """
    tree = deepcopy(tree)
    drop_bare_changes(tree)
    _drop_unseen(tree)
    _drop_cards(tree, address)
    open_layout(tree)
    wrap_loose(tree)
    for name in ("author", "Author", "byline", "Byline"):
        for element in tree.xpath(_BYLINES, name=name):
            if element.tag == "meta":
                element.set("content", _MAIL.sub("", element.get("content", "")[:2000]))
            elif len(element.text_content()) <= 200:
                for part in element.iter(etree.Element):
                    part.text = _MAIL.sub("", part.text or "")
                    part.tail = part.tail if part is element else _MAIL.sub("", part.tail or "")
    return tree


def _drop_unseen(tree: Any) -> None:
    """Takes out what a reader doesn't see: what is hidden until a script or a fault shows it, dialogues, and players' words.

    What holds the headline or most of the words is the story, waiting for its script; what is long, or opened by a button
    or a tab, is a part of it.
    """
    story = sum(map(length, tree.iterchildren("body")))
    opened = {name for words in tree.xpath("//body//@aria-controls") for name in words.split()}
    opened.update(link[1:] for link in tree.xpath("//body//a/@href[starts-with(., '#')]"))
    unseen = "self::video or self::audio or @fallback or @placeholder or @hidden and @hidden != 'until-found'"
    for element in tree.xpath(
        f"//body//*[{unseen} or (@role='dialog' or @role='alertdialog') and not(ancestor::article) or @aria-modal='true']"
    ):
        held = length(element)
        is_opened = element.get("id") in opened or element.get("role") in ("tabpanel", "region")
        is_part = held > LONGEST_UNSEEN or is_opened or element.xpath(_BEHIND_BUTTON)
        if element.find(".//h1") is None and not ("hidden" in element.attrib and is_part) and 2 * held <= story:
            element.drop_tree()


def _drop_cards(tree: Any, address: str | None) -> None:
    """Takes out the cards of other stories, unless they are all that the page has: a round-up of the week.

    A story may have such parts itself, as an answer under each of its questions: in it only a label tells them apart.
    """
    titles = (_meta(tree, "og:title"), tree.findtext(".//title") or "")
    own = [" ".join(title.split()).casefold() for title in titles]
    cards = []
    said: dict[Any, str] = {}  # by link: many headings may stand in one
    for heading in tree.xpath("//body//*[self::h2 or self::h3 or self::h4]"):
        words = _line(heading)
        links = heading.xpath("ancestor::a[1] | .//a | ../a[@aria-label]")
        said.update((link, _line(link) or link.get("aria-label", "").casefold()) for link in links if link not in said)
        links = [link for link in links if said[link].startswith(words)]
        if words and links and _leads_on(links[0], address) and not any(title.startswith(words) for title in own):
            around = heading.xpath("ancestor::*[self::article or self::div or self::li or self::section]")[:-4:-1]
            boxes = [box for box in around if box is around[0] or box.tag in ("article", "li")]
            cards += [box for box in reversed(boxes) if _is_card(box)][:1]
    cards = _of_others(tree.find("body"), cards, own) if cards else []
    if cards and _told(tree.find("body")) - sum(map(_told, cards)) > LONGEST_CARD:
        for card in cards:
            card.drop_tree()


def _of_others(body: Any, cards: list[Any], own: list[str]) -> list[Any]:
    """The cards before the headline, outside of the story's element, or marked as other stories'."""
    headings = list(body.iter("h1"))
    named = [heading for heading in headings if any(title.startswith(_line(heading)) for title in own)]
    headline = max(named or headings, key=lambda heading: len(_line(heading)), default=None)
    story = body if headline is None else _around(headline)
    others: list[Any] = []
    boxes, inside, label, is_below = set(cards), None, "", headline is None
    for event, element in etree.iterwalk(body, events=("start", "end")):
        is_below = is_below or element is headline
        if inside is None and event == "start" and element in boxes:
            inside = element
            within = [element, *element.iterancestors()]
            part = within[: within.index(story)] if story in within else []
            marks = " ".join(f"{one.get('class', '')} {one.get('id', '')} {one.get('name', '')}" for one in part)
            if not is_below or not part or _OTHERS.search(marks) or _OTHERS_LABEL.fullmatch(label):
                others.append(element)
        elif inside is None or (inside is element and event == "end"):
            inside = None
            label = ((element.text if event == "start" else element.tail) or "").strip() or label
    return others


def _around(headline: Any) -> Any:
    """The element that holds the story: the first around its headline that has paragraphs."""
    around = (*headline.iterancestors("article", "main"), *headline.iterancestors())
    return next((box for box in around if sum(map(length, box.iter("p"))) > LONGEST_CARD), around[-1])


def _line(element: Any) -> str:
    return " ".join(element.text_content().split()).casefold()


def _told(element: Any) -> int:
    """The code points of its words, without those of links, scripts and the page's frame."""
    apart = "a or ancestor::script or ancestor::style or ancestor::nav or ancestor::header or ancestor::footer"
    return sum(len(words.strip()) for words in element.xpath(f".//text()[not(ancestor::{apart})]"))


def _is_card(box: Any) -> bool:
    """Whether it begins with its only heading, has one paragraph at most and is short."""
    parts = [part.tag for part in islice(box.iter("p", "h1", "h2", "h3", "h4"), 3)]
    return parts[0] != "p" and parts[1:] in ([], ["p"]) and len(_line(box)) <= LONGEST_CARD


def _leads_on(link: Any, address: str | None) -> bool:
    """Whether a link leads to another page of the same site: not into this page, as the entries of a live page do.

    Of a page without an address nothing tells which links lead into it.
    """
    if not address:
        return False
    try:
        there, here = urlsplit(urljoin(address, link.get("href", "").strip())), urlsplit(address)
    except ValueError:
        return False
    is_within = f"{there.path.rstrip('/')}/".startswith(f"{here.path.rstrip('/')}/")
    return there.scheme in ("http", "https") and not is_within and _site(there.geturl()) == _site(address)


_LINES = ("p", "blockquote", "pre", "li", "h2", "h3")
_ASIDE = {"script", "style", "nav", "footer", "aside", "form", "noscript", "template", "svg", "button", "select"}


def _paragraphs(tree: Any) -> str:
    """The words of a page in document order, a line for each block: for pages that trafilatura can't be given."""
    lines: list[list[str]] = [[]]
    skipped = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        aside = element.tag in _ASIDE or element.tag == "head"
        if event == "start":
            skipped += aside
            if element.tag in _LINES or element.tag in ("div", "br", "td", "h1"):
                lines.append([])
            if not skipped and element.text:
                lines[-1].append(element.text)
        else:
            skipped -= aside
            if element.tag in _LINES or element.tag == "div":
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
    """The words of the page's one h1 that has more than a site's name has; “” where there is none, or several."""
    found = [words for heading in tree.xpath("//body//h1") if len(words := heading.text_content().split()) > 3]
    return " ".join(found[0]) if len(found) == 1 else ""


def _outlet(site: str, title: str, tree: Any) -> str:
    """The site's name, where it says one. Where a page doesn't name its site, trafilatura takes the page's own name."""
    own = "|".join(re.escape(" ".join(name.split())) for name in (title, _only_headline(tree)) if name.strip())
    for name in (site, _meta(tree, "og:site_name")):
        if name and not _is_address(name) and not re.match(rf"(?:{own})(?:\s+[-|–—·•]|$)", name, re.IGNORECASE):
            return name
    return ""


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


def host(url: str | None) -> str:
    """What stands for the name of an outlet that doesn't say it."""
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else ""


def _site(url: str) -> str:
    """The host without the names under which sites keep copies for telephones."""
    return re.sub(r"^(?:www|m|mobile|amp|edition)\.", "", host(url))


def _is_address(name: str) -> bool:
    """Whether a site's “name” is only its address, which `host` says better."""
    return re.fullmatch(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}/?", name.strip(), re.IGNORECASE) is not None
