"""Makes plain boxes and paragraphs of what a page lays its words out with: tables, lists, the entries of a live page.

What is then the story is left to `pages`.
"""

import re
from typing import Any

from lxml import etree

LONGEST_CELL = 400  # code points of a cell of data; what has more lays the page out
_BLOCKS = (
    *("p", "div", "section", "article", "header", "footer", "aside", "nav", "figure", "figcaption", "blockquote"),
    *("pre", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "form", "address", "details", "hr"),
)
_CONTAINERS = {"body", "main", "div", "section", "article", "center", "font"}
_INLINES = {
    *("a", "abbr", "b", "br", "cite", "code", "del", "em", "font", "i", "img", "ins", "mark", "q", "s", "small"),
    *("span", "strong", "sub", "sup", "time", "u", "wbr"),
}
_TABLE_PARTS = "self::caption or self::tbody or self::thead or self::tfoot or self::tr or self::td or self::th"


def open_layout(tree: Any) -> None:
    """Makes boxes of the tables and lists that lay a page out: trafilatura gives each row and each point as one line."""
    tables = [table for table in tree.xpath("//body//table") if any(map(_is_layout, table.xpath("./tr/*|./*/tr/*")))]
    for part in _entries(tree):
        part.tag = "div"
    for table in tables:
        for part in (table, *table.xpath(f"./*[{_TABLE_PARTS}] | ./*/tr | ./tr/* | ./*/tr/*")):
            part.tag = "div"


def _entries(tree: Any) -> list[Any]:
    """The entries of a live page: points of a list with parts of their own, articles of which none is the story."""
    points = tree.xpath("//body//li[.//article[.//p] or (.//h2 or .//h3 or .//h4) and count(.//p) > 1]")
    told = {one: length(one) for one in tree.xpath("//body//article[.//p and not(.//h1 or .//article)]")}
    articles = list(told) if 3 * max(told.values(), default=0) < 2 * sum(told.values()) else []
    return [*points, *(box for point in points if (box := point.getparent()).tag in ("ul", "ol")), *articles]


def _is_layout(cell: Any) -> bool:
    return (
        cell.find(".//h1") is not None or cell.find(".//table") is not None or len(cell.text_content()) > LONGEST_CELL
    )


def wrap_loose(tree: Any) -> None:
    """Makes a paragraph of the words that stand behind a block: where trafilatura drops the block, it drops them too."""
    for block in [block for body in tree.iterchildren("body") for block in body.iterdescendants(*_BLOCKS)]:
        if block.getparent().tag not in _CONTAINERS:
            continue
        inlines = []
        for beside in block.itersiblings():
            if beside.tag not in _INLINES or next(beside.iter(*_BLOCKS), None) is not None:
                break
            inlines.append(beside)
        words = (block.tail, *(one.tail for one in inlines), *(one.text_content() for one in inlines if one.tag != "a"))
        if re.search(r"\w", " ".join(filter(None, words))):
            line = etree.Element("p")
            line.text, block.tail = block.tail, None
            block.addnext(line)
            line.extend(inlines)


def length(element: Any) -> int:
    return sum(len(words.strip()) for words in element.xpath(".//text()[not(parent::script or parent::style)]"))
