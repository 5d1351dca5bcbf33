"""Finds the day that a by-line, a dateline or an address states: “Published Sept. 14, 2023”, “/2023/09/14/”."""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from corpus.date_evidence import EARLIEST, Finding, make_finding
from corpus.day_words import (
    ANY_CASE_DATE,
    DATE,
    DATE_FORM,
    FILLER,
    MONTH,
    WEEKDAY,
    day_of,
    fits,
    month_number,
    nearest_day,
)
from corpus.patterns import lazy

MAX_LINE = 200  # code points; a by-line is shorter, and sentences are not read
_LABEL = lazy(
    r"\b(?:(?:first|originally|last)\s)?(?P<label>published|posted|filed|updated?|modified|date)\b",
    re.IGNORECASE,
)
_APPEARED = lazy(
    r"(?:Editor['’]s note: )?(?:This|The) (?:story|article|post|piece|report) (?:was |has been )?"
    r"(?:originally |first )?(?:published|posted|appeared)(?: online)?(?: on| at)? "
)
_DATELINE = lazy(
    rf"(?P<place>[A-Z][\w.'’ -]{{1,30}}(?:, [A-Z][\w.'’ ]{{1,30}})?),? (?:{DATE_FORM})"
    r"(?: ?\([^()\n]{2,40}\))?,? ?(?:[—–_]|--?)\s"
)
_NAME_WORD = lazy(r"[A-Z][\w.'’-]*|and|of|the|for|de|van|von|by|By|BY|staff")
# A line that names an event tells when that is.
_EVENT = (
    r"\b(?:strikes?|rall(?:y|ies)|votes?|ballots?|pickets?|talks|begins?|ends?|starts?|opens?|resumes?|expires?|deadlines?|"
    r"contracts?|meetings?|hearings?|walkouts?)\b"
)
# What large sites set beside the day of a by-line, and what else stands for its parts.
_BESIDE = lazy(
    r"[·|,–—-]?\s*\b\d{1,3}[ -]min(?:ute)?s?\.? read\b"
    r"|\bupdated:? (?:at )?\d\d?(?::\d\d)?\s?[ap]\.?m\.?(?: [ECMP][SD]?T)?$"
    rf"|\s/\s(?!.*{_EVENT})[A-Z][\w.&’']*(?: [A-Z][\w.&’']*){{0,3}}$|\sby admin\b",
    re.IGNORECASE,
)
_NAMED = lazy(rf"^(?![^|]*(?i:{_EVENT}))[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){{1,3}} \| (?=\S{{2,20}} \S)")
# “Posted by Ann Roe on Facebook on …” tells of a message.
_BY = lazy(rf"^(?:Posted|Written) [Bb]y(?= [A-Z])(?!.*\b(?:at|in|on) (?!{MONTH}\b|{WEEKDAY})[A-Z])")
_GLUED_HOUR = lazy(r"(?<=\d, (?:19|20)\d\d)(?=\d\d?:\d\d\s?[AaPp])")
_EMPHASIS = lazy(r"^([*_]{1,3})(\S.*)\1$")  # Markdown's
_SLASHED = lazy(r"(?<![\d/])(\d\d)/(\d\d)/((?:19|20)\d\d)(?![\d/])")


def find_bylines(text: str) -> Iterator[Finding]:
    """The days of a “Published …” or “By … | …” line and of an “Updated …” line near the top, else near the end.

    Lines of one place that name several days of publication (lists of other stories) give nothing.
    """
    lines = [_EMPHASIS().sub(r"\2", line.strip()) for line in text.splitlines() if line.strip()]
    bare = [line for line in lines if len(line) <= 60 and _is_day(_plain(line))]  # a timeline has many of them
    for zone, top in ((lines[:12], True), (lines[12:][-8:], False)):
        published: dict[date, str] = {}
        updated: dict[date, str] = {}
        for number, line in enumerate(zone):
            alone = top and number < 6 and bare == [line]
            for day, label in _byline(_plain(line), alone=alone):
                (updated if label.startswith(("update", "modif")) else published)[day] = line
        if len(published) == 1:
            yield from (make_finding("by-line", day, line) for day, line in published.items())
        if updated and len(published) <= 1:
            day = max(updated)
            yield make_finding("by-line", day, updated[day], first=date.min)
        if published or updated:
            return


def _plain(line: str) -> str:
    """A by-line without the time that reading takes, an outlet's name and other company, its day in words or ISO."""
    if len(line) > MAX_LINE:
        return line
    line = _SLASHED().sub(_iso, _GLUED_HOUR().sub(" ", line))
    if not ANY_CASE_DATE().search(line):
        return line
    return _NAMED().sub("", _BY().sub("By", _BESIDE().sub("", line)))


def _iso(match: re.Match[str]) -> str:
    """“14/09/2023” as “2023-09-14”; as it is where it may be two days."""
    day, month = (match[1], match[2]) if match[1] > "12" else (match[2], match[1])
    return f"{match[3]}-{month}-{day}" if day > "12" and month <= "12" else match[0]


def _is_day(line: str) -> bool:
    match = ANY_CASE_DATE().search(line)
    rest = line[: match.start()] + line[match.end() :] if match else ""
    return match is not None and len(line) <= 40 and day_of(match) is not None and not FILLER().sub("", rest)


def _byline(line: str, *, alone: bool) -> Iterator[tuple[date, str]]:
    """Day and label (“published”, “updated”, …) of each date in a by-line; nothing where the line is no by-line."""
    if len(line) > MAX_LINE:
        return
    if appeared := _APPEARED().match(line):
        match = DATE().match(line, appeared.end())
        if match and (day := day_of(match)):
            yield day, "published"
        return
    found = ((match, day_of(match)) for match in ANY_CASE_DATE().finditer(line))
    dates = [(match, day) for match, day in found if day and fits(match, day)]
    rest, labels, position = "", [], 0
    for match, _ in dates:
        before = line[position : match.start()]
        label = next(reversed(list(_LABEL().finditer(before))), None)
        if label and FILLER().sub("", before[label.end() :]):
            return  # “Updated boosters arrive on …”: the label is not the date's
        labels.append(label["label"].lower() if label else "")
        rest += " " + _LABEL().sub(" ", before)
        position = match.end()
    words = [word for word in (FILLER().sub(" ", rest + " " + line[position:])).split() if word]
    by_someone = len(words) >= 3 and words[0].lower() == "by"  # “By” and two names; “By Friday, …” is a deadline
    if not all(_NAME_WORD().fullmatch(word) for word in words) or len(words) > 12:
        return
    if any(labels) or by_someone or (alone and not words):
        yield from ((day, label) for (_, day), label in zip(dates, labels, strict=True))


def find_dateline(text: str, anchor: date | None, latest: date) -> Iterator[Finding]:
    """“LOS ANGELES, Sept. 14, 2023 (AP) —”; without its year it only checks the day that other evidence gives."""
    for line in text.lstrip()[:1500].splitlines()[:6]:
        match = _DATELINE().match(line.strip())
        if match is None:
            continue
        day = day_of(match) or nearest_day(match, anchor)
        if day and day <= latest and fits(match, day):
            yield make_finding("dateline", day, match[0], alone=day_of(match) is not None)
            return


_PATH_DATE = lazy(
    r"/((?:19|20)\d\d)[/-](\d\d?|[a-z]{3})[/-](\d\d?)(?=[/._-]|$)"
    r"|(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)|/((?:19|20)\d\d)(\d\d)(\d\d)(?=[/_-])"
)


def find_address_date(url: str | None) -> Iterator[Finding]:
    """The one day in the path of an address, as “/2023/09/14/”, “/2023/sep/14/” or “2023-09-14”."""
    try:
        path = urlsplit((url or "")[:2048]).path.lower()
    except ValueError:
        return
    days: dict[date, str] = {}
    for match in _PATH_DATE().finditer(path):
        year, month, day = (part for part in match.groups() if part)
        try:
            number = month_number(month) if month.isalpha() else int(month)
            days[date(int(year), number, int(day))] = match[0].strip("/")
        except ValueError:
            continue
    if len(days) == 1:
        yield from (make_finding("url", day, words) for day, words in days.items() if day >= EARLIEST)
