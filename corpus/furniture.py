"""Turn the lines of a page's text into the numbers of those that are furniture, each with the rule that
knows it.

Furniture is what a page leaves around an article: forms, buttons, links to other articles, captions,
credits, by-lines. The rules themselves are `corpus.furniture_rules`'; mending letters and joining lines are
left to `corpus.repair` and `corpus.clean`.

Rules come in four scopes. *line*: the line alone tells. *block*: the line tells beside a line that is
furniture by itself. *head* and *tail*: only before the first or after the last line of the article. Since
whatever a block leans on is dropped with it, and head and tail are peeled until nothing more comes off,
looking at the rest again finds nothing.
"""

import re
from collections.abc import Sequence

from corpus.furniture_rules import (
    ENDS_SENTENCE,
    HEAD_RULES,
    LINE_RULES,
    LONGEST,
    NAMES,
    OUTLET,
    PAPER,
    SITES,
    TAIL_RULES,
    Rule,
    is_all,
    is_sentence,
    shaped,
)

# Most lines are paragraphs, too long for most rules: so the rules that could apply are looked up by the
# number of spaces.
_MOST_SPACES = max(rule.most for rule in LINE_RULES)
_LINE_RULES_BY_SPACES = tuple(
    tuple(rule for rule in LINE_RULES if spaces < rule.most) for spaces in range(_MOST_SPACES + 1)
)

_NAME_LINE = Rule("by-line", shaped(NAMES), 14, "a name alone, above the outlet")
_UNDER_NAME = Rule("outlet", shaped(rf"{OUTLET}|{PAPER}"), 7, "an outlet alone, under a name")
_FORM_FIELD = Rule("comment form", is_all(r"comment|name|e-?mail|website|submit|reply"), 2, "fields of the form")
_SOCIAL = Rule("share", is_all(rf"{SITES}|tweet|e-?mail|print|copy link|more|pinterest|sms"), 2, "more such buttons")
_TAGS_HEADING = re.compile(
    r"(?:read more about|filed under|tags|topics|related topics|more (?:about|on)):?", re.IGNORECASE
)
# Pages tag an article with a handful of names; a longer list is more likely the article's.
_MOST_TAGS = 12
_ARC_HEADING = re.compile(r"more from (?:this )?story arc:?", re.IGNORECASE)
_ARC_END = re.compile(r"view all(?: story arcs?)?", re.IGNORECASE)


def furniture(lines: Sequence[str]) -> list[tuple[int, str]]:
    """The lines that belong to the page, as (number counted from 1, name of the rule), in order.

    Linear in the text; lines over 900 characters are never furniture.
    """
    found: dict[int, str] = {}
    filled = [position for position, line in enumerate(lines) if line]
    known = {"": ""}
    for position in filled:
        line = lines[position]
        if line not in known:
            known[line] = _line_rule(line)
        if known[line]:
            found[position] = known[line]
    _blocks(lines, filled, found)
    rest = [position for position in filled if position not in found]
    _peel_head(lines, rest, found)
    _peel_tail(lines, [position for position in rest if position not in found], found)
    return [(position + 1, found[position]) for position in sorted(found)]


def _line_rule(line: str) -> str:
    if len(line) > LONGEST:
        return ""
    rules = _LINE_RULES_BY_SPACES[min(line.count(" "), _MOST_SPACES)]
    return next((rule.name for rule in rules if rule.test(line)), "")


def _blocks(lines: Sequence[str], filled: list[int], found: dict[int, str]) -> None:
    """Lines that are furniture because of the line beside them."""
    extra: dict[int, str] = {}
    for before, position, after in zip(filled, filled[1:], filled[2:], strict=False):
        if (
            _ARC_HEADING.fullmatch(lines[before])
            and _ARC_END.fullmatch(lines[after])
            and not is_sentence(lines[position])
        ):
            extra[position] = "story arc"
    for order, position in enumerate(filled):
        if found.get(position) == "caption" and order and _is_label(lines, filled[order - 1], position):
            extra.setdefault(filled[order - 1], "caption label")
    for runs in (filled, filled[::-1]):
        kind = ""
        for position in runs:
            kind = found.get(position, "") or _goes_on(kind, lines[position])
            if kind and position not in found:
                extra.setdefault(position, kind)
    _tags(lines, filled, found, extra)
    for position, name in extra.items():
        found.setdefault(position, name)


def _goes_on(kind: str, line: str) -> str:
    if kind in ("comment form", "comment form text") and _FORM_FIELD.knows(line):
        return "comment form"
    return "share" if kind == "share" and _SOCIAL.knows(line) else ""


def _is_label(lines: Sequence[str], label: int, caption: int) -> bool:
    """A few words right above a caption, the two set apart from the paragraphs: the picture's alternative
    text.
    """
    apart = (label == 0 or not lines[label - 1]) and (caption + 1 == len(lines) or not lines[caption + 1])
    short = lines[label].count(" ") < 8 and not ENDS_SENTENCE.search(lines[label])
    return label == caption - 1 and apart and short and lines[label][0] not in "“\"‘'"


def _tags(lines: Sequence[str], filled: list[int], found: dict[int, str], extra: dict[int, str]) -> None:
    """The names under a last "Read more about:", where nothing but furniture follows them."""
    tags: list[int] = []
    for position in reversed(filled):
        if _TAGS_HEADING.fullmatch(lines[position]) and position in found:
            extra.update(dict.fromkeys(tags, "tags"))
            return
        if position in found or position in extra:
            continue
        if len(tags) == _MOST_TAGS or lines[position].count(" ") > 4 or ENDS_SENTENCE.search(lines[position]):
            return
        tags.append(position)


def _peel_head(lines: Sequence[str], rest: list[int], found: dict[int, str]) -> None:
    """By-lines above the article, as long as a sentence of it is left below."""
    last_sentence = next((position for position in reversed(rest) if is_sentence(lines[position])), -1)
    order = 0
    while order + 1 < len(rest) and rest[order] < last_sentence:
        line, below = lines[rest[order]], lines[rest[order + 1]]
        if _NAME_LINE.knows(line) and _UNDER_NAME.knows(below) and rest[order + 1] < last_sentence:
            found[rest[order]], found[rest[order + 1]] = "by-line", "outlet"
            order += 2
        elif rule := next((rule for rule in HEAD_RULES if rule.knows(line)), None):
            found[rest[order]] = rule.name
            order += 1
        else:
            return


def _peel_tail(lines: Sequence[str], rest: list[int], found: dict[int, str]) -> None:
    """Sign-offs under the article, as long as a sentence of it is left above."""
    first_sentence = next((position for position in rest if is_sentence(lines[position])), len(lines))
    order = len(rest) - 1
    while order > 0 and rest[order] > first_sentence:
        line, above = lines[rest[order]], lines[rest[order - 1]]
        if _UNDER_NAME.knows(line) and _NAME_LINE.knows(above) and rest[order - 1] > first_sentence:
            found[rest[order]], found[rest[order - 1]] = "outlet", "by-line"
            order -= 2
        elif rule := next((rule for rule in TAIL_RULES if rule.knows(line)), None):
            found[rest[order]] = rule.name
            order -= 1
        else:
            return
