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
from itertools import pairwise

from corpus.furniture_fixed import FIXED_RULES
from corpus.furniture_rules import HEAD_RULES, LINE_RULES, TAIL_RULES, UNDER_HEADLINE_RULES
from corpus.furniture_shapes import (
    ENDS_SENTENCE,
    LIST_MARKS,
    LONGEST,
    NAMES,
    OUTLET,
    PAPER,
    SITES,
    Rule,
    has_zone,
    is_above_credit,
    is_all,
    is_day,
    is_sentence,
    is_stamp,
    shaped,
)

# Most lines are paragraphs, too long for most rules: so the rules that could apply are looked up by the
# number of spaces.
_MOST_SPACES = max(rule.most for rule in LINE_RULES)
_LINE_RULES_BY_SPACES = tuple(
    tuple(rule for rule in LINE_RULES if spaces < rule.most) for spaces in range(_MOST_SPACES + 1)
)

# What Markdown writes around a line: a link's address, a list's mark, a heading, a quotation, emphasis, a table's bars.
_LINK = re.compile(r"!?\[([^\[\]]{1,300})\]\([^()\s]{1,2000}\)")
_POINT = re.compile(r"[*+-] +(?=\S)")
_MARKED = re.compile(r"^(?:#{1,6} +|> ?|\| *)?(?P<mark>\*{1,3}|_{1,3}|)(?P<text>[^|]*?)(?P=mark)(?: *\||  *#+)?$")
_POINT_RULES = (*FIXED_RULES, *(rule for rule in LINE_RULES if rule.name in ("comment form", "video")))

_NAME_LINE = Rule("by-line", shaped(NAMES), 14, "a name alone, above the outlet")
_UNDER_NAME = Rule("outlet", shaped(rf"{OUTLET}|{PAPER}"), 7, "an outlet alone, under a name")
_FORM_FIELD = Rule("comment form", is_all(r"comment|name|e-?mail|website|submit|reply"), 2, "fields of the form")
_SOCIAL = Rule(
    "share", is_all(rf"{SITES}|tweet|e-?mail|print|copy link|more|pinterest|sms|like this:"), 2, "more such buttons"
)
_TAGS_HEADING = re.compile(
    r"(?:read more about|filed under|tags|topics|related topics|more (?:about|on)):?", re.IGNORECASE
)
# Pages tag an article with a handful of names, and link to as many; a longer list is more likely the article's.
_MOST_TAGS = 12
_TAG_SPACES, _HEADLINE_SPACES = 4, 20
_STAMP_LABEL = re.compile(r"(?:(?:first|originally|last) )?(published|posted|updated)\b", re.IGNORECASE)
_MOST_STANDFIRSTS = 2  # a standfirst and a picture's words, between the headline and the day
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
            known[line] = line_rule(line)
        if known[line]:
            found[position] = known[line]
    _blocks(lines, filled, found)
    rest = [position for position in filled if position not in found]
    _peel_head(lines, rest, found)
    _peel_stamps(lines, [position for position in rest if position not in found], found)
    _peel_tail(lines, [position for position in rest if position not in found], found)
    return [(position + 1, found[position]) for position in sorted(found)]


def line_rule(line: str) -> str:
    """The name of the first rule that knows the line, with or without its Markdown; empty where none does."""
    if len(line) > LONGEST:
        return ""
    rules = _LINE_RULES_BY_SPACES[min(line.count(" "), _MOST_SPACES)]
    if found := next((rule.name for rule in rules if rule.test(line)), ""):
        return found
    plain = _LINK.sub(r"\1", line) if "](" in line else line
    point = _POINT.match(plain)
    plain = _MARKED.sub(r"\g<text>", plain[point.end() :] if point else plain)
    if plain == line or not plain:
        return ""
    # A list's points are the article's, but for what pages print word for word.
    return next((rule.name for rule in (_POINT_RULES if point else LINE_RULES) if rule.knows(plain)), "")


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
    for above, position in pairwise(filled):
        if not _is_apart(lines, above, position):
            continue
        if found.get(position) == "caption" and _is_label(lines[above]):
            extra.setdefault(above, "caption label")
        if found.get(position) == "photo credit" and is_above_credit(lines[above]):
            extra.setdefault(above, "caption")
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


def _is_apart(lines: Sequence[str], above: int, position: int) -> bool:
    """Whether the two lines stand together, set apart from the paragraphs, as a picture's words do."""
    before, after = above == 0 or not lines[above - 1], position + 1 == len(lines) or not lines[position + 1]
    return above == position - 1 and before and after


def _is_label(line: str) -> bool:
    """A few words, no sentence: above a caption, the picture's alternative text."""
    return line.count(" ") < 8 and not ENDS_SENTENCE.search(line) and line[0] not in "“\"‘'"


def _tags(lines: Sequence[str], filled: list[int], found: dict[int, str], extra: dict[int, str]) -> None:
    """The names under a last "Read more about:", the headlines under a last "More from the …", where nothing but
    furniture follows them.
    """
    tags: list[int] = []
    for position in reversed(filled):
        line = lines[position]
        if position in found and _TAGS_HEADING.fullmatch(line):
            if all(_is_tag(lines[tag]) for tag in tags):
                extra.update(dict.fromkeys(tags, "tags"))
            return
        if found.get(position) == "more from the paper":
            if not any(_is_point(lines[tag]) for tag in tags):
                extra.update(dict.fromkeys(tags, "more from the paper"))
            return
        if position in found or position in extra:
            continue
        is_headline = line.count(" ") <= _HEADLINE_SPACES and (line.endswith("?") or not ENDS_SENTENCE.search(line))
        if len(tags) == _MOST_TAGS or not is_headline:
            return
        tags.append(position)


def _is_point(line: str) -> bool:
    """A point of the article's list or a figure of its fact box, where a page has headlines."""
    return line.startswith((*LIST_MARKS, "$", "£", "€")) or line[0].isdigit()


def _is_tag(name: str) -> bool:
    return name.count(" ") <= _TAG_SPACES and not ENDS_SENTENCE.search(name)


def _peel_head(lines: Sequence[str], rest: list[int], found: dict[int, str]) -> None:
    """By-lines above the article, and under its headline, as long as a sentence of it is left below."""
    last_sentence = next((position for position in reversed(rest) if is_sentence(lines[position])), -1)
    rules, order = HEAD_RULES, 0
    while order + 1 < len(rest) and rest[order] < last_sentence:
        line, below = _MARKED.sub(r"\g<text>", lines[rest[order]]), lines[rest[order + 1]]
        at_top = rules is HEAD_RULES
        is_pair = at_top and _NAME_LINE.knows(line) and _UNDER_NAME.knows(below)
        is_date = is_day(line) and (at_top or has_zone(line))
        if is_pair and rest[order + 1] < last_sentence:
            found[rest[order]], found[rest[order + 1]] = "by-line", "outlet"
            order += 2
        elif is_date and sum(is_day(lines[position]) for position in rest) == 1:
            found[rest[order]] = "date"
            order += 1
        elif rule := next((rule for rule in rules if rule.knows(line)), None):
            found[rest[order]] = rule.name
            order += 1
        elif at_top and not is_sentence(line):
            rules = UNDER_HEADLINE_RULES
            order += 1
        else:
            return


def _peel_stamps(lines: Sequence[str], rest: list[int], found: dict[int, str]) -> None:
    """The day under a standfirst, as long as a sentence is left below; in a live page each entry has such a label."""
    told = [position for position in rest if is_sentence(lines[position])]
    labels = {position: label[1].lower() for position in rest if (label := _STAMP_LABEL.match(lines[position]))}
    for position in rest:
        if not told or position >= told[: _MOST_STANDFIRSTS + 1][-1]:
            return
        is_only = position in labels and list(labels.values()).count(labels[position]) == 1
        if is_only and is_stamp(lines[position]):
            found[position] = "dated by-line"


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
