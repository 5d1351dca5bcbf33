"""Sets furniture that stands amid a line of the article's on lines of its own, where `corpus.furniture` drops it.

A page pasted as one line has its labels and forms between two sentences, a caption before the next one. Only what is
unmistakable is cut off: a fixed sentence, a known label between a sentence's end and a capital, a caption with its credit.
"""

import re

from corpus.furniture import line_rule
from corpus.furniture_fixed import FIXED_RULES
from corpus.furniture_shapes import AGENCY, COMPANY_NOTICE, SHORTENED, is_above_credit, sentence_borders

# As pages print them, capitals included; a sentence's words are in lower case.
_LABEL = re.compile(
    r"(?:(?:Leave a (?:Reply|Comment)|LEAVE A (?:REPLY|COMMENT))(?: Cancel [Rr]eply)?|"
    r"Ad ?-?[Bb]lock(?:er)? Detected|AD ?-?BLOCK(?:ER)? DETECTED|Videos by [A-Z][\w-]*\.com|VIDEOS BY [A-Z][A-Z-]*\.COM|"
    r"Related Stories|RELATED STORIES|[Oo]ptional [Ss]creen [Rr]eader\b\.?|"
    r"(?:Read More About|READ MORE ABOUT):(?: [^.!?…\"“”]{1,200}$)?|"
    r"More from (?:this )?Story Arc:? [^.!?…\"“”]{1,80}? View All(?: Story Arcs?)?|"
    rf"Need a break\? Play (?:{SHORTENED}|[^.!?\"“”]){{1,60}}+[.!]|"
    r"Story continues below advertisement|ADVERTISEMENT)"
    r"(?= [\"'“‘(\[©$£€]?[A-ZÀ-Þ\d]| [Oo]ptional screen reader\b|$)"
)
# Other places where a part begins: a label in lower case, and forms that pages put below a headline, too.
_START = re.compile(
    r"(?<=[.!?…”\")\]]) (?=optional screen reader\b)| (?=(?:Ad ?-?[Bb]lock(?:er)? Detected Our website is made possible by|"
    r"Leave a (?:Reply|Comment)(?: Cancel [Rr]eply)? Your email address will not be published)\b)"
)
_CREDIT = re.compile(
    rf"(?<![^ ])\((?!{AGENCY}/)(?:[^()]{{2,60}}(?:/| via ) ?{AGENCY}|AP Photo/[^()]{{2,60}})\)(?= [\"“‘(A-ZÀ-Þ])"
)


def set_apart(line: str) -> list[str]:
    """The line, or the lines that it becomes: those of the article, and between them those of the page.

    No word is lost here. Linear in the line.
    """
    parts = _parts(line)
    if len(parts) < 2 or line_rule(line):
        return [line]
    lines: list[list[str]] = []
    is_cut, in_quotes = True, False
    for part, is_label in parts:
        # Somebody who is quoted may read a page's words out.
        is_furniture = not in_quotes and (is_label or _is_fixed(part) or (is_cut and bool(lines and line_rule(part))))
        in_quotes = _ends_in_quotes(part, in_quotes)
        if is_cut or is_furniture:
            lines.append([part])
        else:
            lines[-1].append(part)
        is_cut = is_furniture
    return [" ".join(parts) for parts in lines]


def _is_fixed(part: str) -> bool:
    return any(rule.knows(part) for rule in FIXED_RULES)


def _ends_in_quotes(part: str, in_quotes: bool) -> bool:
    for mark in re.findall('[“”"]', part):
        in_quotes = mark == "“" or (mark == '"' and not in_quotes)
    return in_quotes


def _parts(line: str) -> list[tuple[str, bool]]:
    """Sentences, labels, and captions up to their credit; whether each is a label."""
    known_ends = [match.end() for known in (_CREDIT, COMPANY_NOTICE) for match in known.finditer(line)]
    ends = sorted(
        {*sentence_borders(line), *known_ends, *(match.start() for match in _START.finditer(line)), len(line)}
    )
    parts: list[tuple[str, bool]] = []
    start = 0
    for end in ends:
        while start < end and (label := _LABEL.match(line, start)):
            parts.append((label.group(), True))
            start = label.end() + 1
        if start >= end:
            continue
        part, start = line[start:end], end + 1
        if part.startswith("(") and _is_fixed(part) and parts and is_above_credit(parts[-1][0]):
            part = f"{parts.pop()[0]} {part}"
        parts.append((part, False))
    return parts
