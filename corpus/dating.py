"""Turns an article's words and address into the day it was published, with the evidence for it.

Evidence is meta data (given by the caller), a by-line, a dateline, a date in the address, a count of strike
days and a weekday-and-date pair. A stated day is the day, and the rest only checks it. Without one, evidence that
agrees gives the day, evidence that disagrees gives a conflict and no day, and no evidence gives none. Precision
comes first: an article without a date is better than one with a wrong date. Only English is read. The reading of
pages and of their meta data is left to `extract`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from urllib.parse import urlsplit

HEAD, TAIL = 20_000, 4_000  # code points read: the moment of writing is told at the top or at the end
LEAD = 700  # code points: about the first three sentences of a news text
# Articles on the web are not older; the years that are read end there.
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
MAX_SENTENCE = 1_000  # code points; what goes on longer is no sentence, and slow to search
MAX_MENTIONS = 50  # pairs and counts that are weighed; an article with more is a list or an attack
MAX_WORDS = 120  # of evidence, in code points: one line of a preview

# Kinds in order of trust, with the days before and after its own day on which an article that holds such
# evidence can have come out: addresses are stamped in other time zones, datelines are written before printing,
# strike days are counted from 0 by some, and a weekday beside a date tells the news of the last six days.
TOLERANCE = {
    "meta data": (0, 0),
    "by-line": (1, 1),
    "dateline": (0, 2),
    "url": (1, 1),
    "strike day": (1, 1),
    "weekday and date": (0, 6),
}
_KINDS = tuple(TOLERANCE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a day: its kind (a key of TOLERANCE), the day, and the words that say so."""

    kind: str
    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Dating:
    """The day, or None; what was found, most trusted first; one sentence where findings exclude each other."""

    published: date | None
    evidence: tuple[Evidence, ...]
    conflict: str | None


@dataclass(frozen=True, slots=True)
class Strike:
    """A strike that news counted by days; both days are strike days, the first is day 1."""

    side: str
    first: date
    last: date


# Starts and ends are facts of record (the unions' own announcements). The game strike of 2016 is here since a
# count that fits it and that of 2024 must not be taken for either.
STRIKES = (
    Strike("writers", date(2007, 11, 5), date(2008, 2, 12)),
    Strike("games", date(2016, 10, 21), date(2017, 9, 23)),
    Strike("writers", date(2023, 5, 2), date(2023, 9, 26)),
    Strike("actors", date(2023, 7, 14), date(2023, 11, 8)),
    Strike("games", date(2024, 7, 26), date(2025, 6, 11)),
)


@dataclass(frozen=True, slots=True)
class _Finding:
    """Evidence with the first and last day on which an article that holds it can have come out."""

    evidence: Evidence
    first: date
    last: date
    alone: bool = True  # whether it may date an article, or only check other evidence


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    words: str


_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day\b|\b\.?)"
_DATE_FORM = (
    rf"(?:\b(?P<weekday>{_WEEKDAY}),?\s{{1,3}})?(?:\bthe\s)?"
    rf"(?:\b(?P<month>{_MONTH})\s{{0,2}}(?P<day>\d\d?)(?:st|nd|rd|th)?"
    rf"|\b(?P<day2>\d\d?)(?:st|nd|rd|th)?\s(?:of\s)?(?P<month2>{_MONTH}))"
    r"(?![\w:]|,\d{3})(?:,?\s{1,3}(?P<year>(?:19|20)\d\d)\b)?"
    r"|(?<![\d-])(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?![\d-])"
)
_DATE = re.compile(_DATE_FORM)
_ANY_CASE_DATE = re.compile(_DATE_FORM, re.IGNORECASE)  # for by-lines, which are often set in capitals
_BARE_DAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})\b(?!,?\s(?:the\s)?(?:{_MONTH}\b|\d))")
_YEAR = re.compile(r"(?<![\d$£€,.])(?:19|20)\d\d(?!,\d|\d)")
_MONTH_AND_YEAR = re.compile(rf"\b{_MONTH}\s(?:\d\d?(?:st|nd|rd|th)?,?\s)?((?:19|20)\d\d)\b")
# No end after one letter (“a.m.”, “J.”) or a title: a sentence cut there loses its “will”.
_SENTENCE = re.compile(
    r"[^\n]+?(?:(?<!\b[A-Za-z])(?<!\b[MDS][rst])(?<!\bMrs)(?<!\bSen)(?<!\bGov)(?<!\bRep)"
    r"[.!?][”\"’')\]]*(?=\s+[A-Z“\"‘(])|(?=\n)|\Z)"
)


def date_article(text: str, *, stated: date | None = None, url: str | None = None, today: date | None = None) -> Dating:
    """The day on which the article came out, as far as its words, its address and `stated` tell.

    `stated` is what front matter or a page's meta data say. No day after `today` is given; without it, any year
    up to 2099 counts as possible. Reads the first 20,000 and last 4,000 code points, so the cost has a ceiling.
    """
    latest = min(today, LATEST) if today else LATEST
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    found = [*_bylines(text), *_address(url)]
    refused = None
    if stated and stated > latest:
        refused = f"The stated date, {say(stated)}, lies after {say(latest)}; correct it or leave it out."
    elif stated:
        found.append(_finding("meta data", stated, stated.isoformat()))
    found = _sorted(finding for finding in found if finding.evidence.day <= latest)
    anchor = found[0].evidence.day if found else None
    sentences = tuple(
        _Sentence(match.start(), match[0]) for match in _SENTENCE.finditer(text) if len(match[0]) <= MAX_SENTENCE
    )
    found += _strike_days(sentences, text, anchor, latest)
    anchor = anchor or (found[0].evidence.day if found else None)
    found = _sorted([*found, *_datelines(text, anchor, latest), *_weekdays(sentences, text, anchor, latest)])
    conflict = refused or _conflict(found)
    published = None if refused else stated
    if published is None and conflict is None:
        published = next((finding.evidence.day for finding in found if finding.alone), None)
    return Dating(published, tuple(finding.evidence for finding in found), conflict)


def parse_day(words: str) -> date | None:
    """The day that is all of `words`, or None where there is none or its weekday is another.

    Reads “2023-10-24T10:00:00Z”, “Oct 24, 2023” and “Tue, 24 Oct 2023 10:00 GMT”. A moment's day is the one of its
    own time zone. Numbers with slashes count only with the year in front.
    """
    words = " ".join(words.split())
    if len(words) > 60:  # the longest form, with weekday, month, time and zone, has about 45
        return None
    words = re.sub(r"^(\d{4})/(\d\d?)/(\d\d?)\b", lambda m: f"{m[1]}-{m[2]:0>2}-{m[3]:0>2}", words)
    try:
        return datetime.fromisoformat(words).date()
    except ValueError:
        match = _ANY_CASE_DATE.match(words)
    if match is None or _FILLER.sub("", words[match.end() :]):
        return None
    day = _day(match)
    return day if _fits(match, day) else None


def say(day: date) -> str:
    """The day as “14 September 2023”, in English whatever the locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _finding(
    kind: str,
    day: date,
    words: str,
    *,
    first: date | None = None,
    after: int | None = None,
    alone: bool = True,
) -> _Finding:
    early, late = TOLERANCE[kind]
    words = " ".join(words.split())
    if len(words) > MAX_WORDS:
        words = words[:MAX_WORDS].rsplit(" ", 1)[0] + " …"
    first = first or _shift(day, -early)
    return _Finding(Evidence(kind, day, words), first, _shift(day, late if after is None else after), alone)


def _shift(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _sorted(found: Iterable[_Finding]) -> list[_Finding]:
    """Most trusted first; “Updated …” lines last (they have no first day): they tell the text's day only."""
    return sorted(found, key=lambda finding: (finding.first == date.min, _KINDS.index(finding.evidence.kind)))


def _conflict(found: Sequence[_Finding]) -> str | None:
    for i, one in enumerate(found):
        for other in found[i + 1 :]:
            if one.last < other.first or other.last < one.first:
                a, b = one.evidence, other.evidence
                return (
                    f"The {a.kind} “{a.words}” gives {say(a.day)}, "
                    f"but the {b.kind} “{b.words}” gives {say(b.day)}; check the date."
                )
    return None


def _day(match: re.Match[str], year: int | None = None) -> date | None:
    """The day of a match of _DATE_FORM, in `year` where it names none; None where there is no such day."""
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        year = int(match["year"]) if match["year"] else year
        month = _month(match["month"] or match["month2"])
        return date(year, month, int(match["day"] or match["day2"])) if year else None
    except ValueError:
        return None


def _month(name: str) -> int:
    return [month[:3].lower() for month in _MONTHS].index(name[:3].lower()) + 1


def _fits(match: re.Match[str], day: date | None) -> bool:
    return day is not None and (
        not match["weekday"] or _WEEKDAYS[day.weekday()][:3].lower() == match["weekday"][:3].lower()
    )


# --- by-lines, datelines, addresses ---

_LABEL = re.compile(
    r"\b(?:(?:first|originally|last)\s)?(?P<label>published|posted|filed|updated?|modified|date)\b",
    re.IGNORECASE,
)
_FILLER = re.compile(
    rf"\b{_WEEKDAY}|\b\d\d?(?:[:.]\d\d){{1,2}}\s?(?:[ap]\.?\s?m\b\.?)?|\b\d\d?\s?[ap]\.?\s?m\b\.?"
    r"|\(?\b\d{4}\s(?:GMT|HKT|UTC)\b\)?|[+-]\d\d:?\d\d\b"
    r"|\b(?:[ECMP][SD]?T|GMT|UTC|BST|IST|AE[SD]T|on|at|local|time)\b|[\s|·•—–,;:()/.-]",
    re.IGNORECASE,
)
_APPEARED = re.compile(
    r"(?:Editor['’]s note: )?(?:This|The) (?:story|article|post|piece|report) (?:was |has been )?"
    r"(?:originally |first )?(?:published|posted|appeared)(?: online)?(?: on| at)? "
)
_DATELINE = re.compile(
    rf"(?P<place>[A-Z][\w.'’ -]{{1,30}}(?:, [A-Z][\w.'’ ]{{1,30}})?),? (?:{_DATE_FORM})"
    r"(?: ?\([^()\n]{2,40}\))?,? ?(?:[—–]|--?)\s"
)
_NAME_WORD = re.compile(r"[A-Z][\w.'’-]*|and|of|the|for|de|van|von|by|By|BY|staff")


def _bylines(text: str) -> Iterator[_Finding]:
    """The days of a “Published …” or “By … | …” line and of an “Updated …” line near the top, else near the end.

    Lines of one place that name several days of publication (lists of other stories) give nothing.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    bare = [line for line in lines if len(line) <= 40 and _day_of_line(line)]  # a timeline has many of them
    for zone, top in ((lines[:12], True), (lines[12:][-8:], False)):
        published: dict[date, str] = {}
        updated: dict[date, str] = {}
        for number, line in enumerate(zone):
            alone = top and number < 6 and bare == [line]
            for day, label in _byline(line, alone=alone):
                (updated if label.startswith(("update", "modif")) else published)[day] = line
        if len(published) == 1:
            yield from (_finding("by-line", day, line) for day, line in published.items())
        if updated and len(published) <= 1:
            day = max(updated)
            yield _finding("by-line", day, updated[day], first=date.min)
        if published or updated:
            return


def _day_of_line(line: str) -> date | None:
    match = _ANY_CASE_DATE.search(line)
    return _day(match) if match and not _FILLER.sub("", line[: match.start()] + line[match.end() :]) else None


def _byline(line: str, *, alone: bool) -> Iterator[tuple[date, str]]:
    """Day and label (“published”, “updated”, …) of each date in a by-line; nothing where the line is no by-line."""
    if len(line) > 200:  # a by-line is shorter; sentences are not read
        return
    if appeared := _APPEARED.match(line):
        match = _DATE.match(line, appeared.end())
        if match and (day := _day(match)):
            yield day, "published"
        return
    found = ((match, _day(match)) for match in _ANY_CASE_DATE.finditer(line))
    dates = [(match, day) for match, day in found if day and _fits(match, day)]
    rest, labels, position = "", [], 0
    for match, _ in dates:
        before = line[position : match.start()]
        label = next(reversed(list(_LABEL.finditer(before))), None)
        if label and _FILLER.sub("", before[label.end() :]):
            return  # “Updated boosters arrive on …”: the label is not the date's
        labels.append(label["label"].lower() if label else "")
        rest += " " + _LABEL.sub(" ", before)
        position = match.end()
    words = [word for word in (_FILLER.sub(" ", rest + " " + line[position:])).split() if word]
    by_someone = len(words) >= 3 and words[0].lower() == "by"  # “By” and two names; “By Friday, …” is a deadline
    if not all(_NAME_WORD.fullmatch(word) for word in words) or len(words) > 12:
        return
    if any(labels) or by_someone or (alone and not words):
        yield from ((day, label) for (_, day), label in zip(dates, labels, strict=True))


def _datelines(text: str, anchor: date | None, latest: date) -> Iterator[_Finding]:
    """“LOS ANGELES, Sept. 14, 2023 (AP) —”; without its year it only checks the day that other evidence gives."""
    for line in text.lstrip()[:1500].splitlines()[:6]:
        match = _DATELINE.match(line.strip())
        if match is None:
            continue
        day = _day(match) or _nearest(match, anchor)
        if day and day <= latest and _fits(match, day):
            yield _finding("dateline", day, match[0], alone=_day(match) is not None)
            return


_PATH_DATE = re.compile(
    r"/((?:19|20)\d\d)[/-](\d\d?|[a-z]{3})[/-](\d\d?)(?=[/._-]|$)"
    r"|(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)|/((?:19|20)\d\d)(\d\d)(\d\d)(?=[/_-])"
)


def _address(url: str | None) -> Iterator[_Finding]:
    """The one day in the path of an address, as “/2023/09/14/”, “/2023/sep/14/” or “2023-09-14”."""
    try:
        path = urlsplit((url or "")[:2048]).path.lower()
    except ValueError:
        return
    days: dict[date, str] = {}
    for match in _PATH_DATE.finditer(path):
        year, month, day = (part for part in match.groups() if part)
        try:
            number = _month(month) if month.isalpha() else int(month)
            days[date(int(year), number, int(day))] = match[0].strip("/")
        except ValueError:
            continue
    if len(days) == 1:
        yield from (_finding("url", day, words) for day, words in days.items() if day >= EARLIEST)


# --- weekday and date ---

_TOLD = (  # what news reports as done, beside a day
    r"(?:said|told|announced|confirmed|revealed|reported|reached|asked|met|voted|agreed|issued|released|sent|wrote|"
    r"tweeted|shared|filed|signed|approved|rejected|unveiled|declared|called|walked|gathered|picketed|ratified|"
    r"suspended|resumed|accused|ruled|arrested|testified|resigned|fired|charged|returned|delivered|made|offered|"
    r"published|presented|joined|rallied|marched|recaps)"
)
_TOLD_WORD = re.compile(rf"\b{_TOLD}\b")
_LEADS_IN = re.compile(
    rf"(?:^\W{{0,2}}(?:On )?|\b{_TOLD}\b.{{0,80}} on |\b{_TOLD}(?: out)?(?: early| late)? |\bnews of )$"
)
_NOT_YET = re.compile(
    r"\b(?:will|would|shall|could|should|may|might|must|if|scheduled|rescheduled|slated|set|expect(?:s|ed)?|"
    r"plan(?:s|ned)?|due|until|upcoming|next|going to|hopes?|deadline|tickets?|airs|starts|begins|"
    r"opens|takes place|kicks? off|tomorrow|through)\b|['’]ll\b"
)
_CAPTION = re.compile(
    r"Getty|Reuters\b|AFP|\bAP(?: Photo)?\b|/AP|Hide Caption|[Pp]hoto|Courtesy|\b(?:is|are) seen\b|\bpictured\b|"
    r"\bpose"
)
_ONGOING_SINCE = re.compile(rf"\b(?:strike|striking|picket lines?) since {_DATE_FORM}")


@dataclass(frozen=True, slots=True)
class _Pair:
    match: re.Match[str]
    sentence: _Sentence

    @property
    def position(self) -> int:
        return self.sentence.start + self.match.start()


def _weekdays(sentences: Sequence[_Sentence], text: str, anchor: date | None, latest: date) -> Iterator[_Finding]:
    """The latest day that the text names with weekday and date and tells as past, as “On Wednesday, September 13, …”.

    Its year is the fitting one nearest to the other evidence, else the one that `_year` finds. Alone it dates an
    article only in the lead, or where the lead's “said Thursday” is that day or one of the two after it, and only
    where nothing is told of a later date.
    """
    pairs = list(islice(_told_pairs(sentences), MAX_MENTIONS))
    year = None if anchor else _year(pairs, text, latest)
    dated = []
    for pair in pairs:
        own = bool(pair.match["year"])
        day = _day(pair.match) if own else _nearest(pair.match, anchor) if anchor else _day(pair.match, year)
        if day and EARLIEST <= day <= latest and _fits(pair.match, day):
            dated.append((day, pair))
    if not dated:
        return
    day, pair = max(dated, key=lambda item: (item[0], -item[1].position))
    news = _news_day(sentences, day)
    background = _names_later_day(sentences, day)
    if news and news <= latest and not background:
        yield _finding("weekday and date", news, pair.match[0], first=day)
    elif pair.position < LEAD and not background:
        yield _finding("weekday and date", day, pair.match[0])
    else:  # a day without year is at most a year old
        after = 36_500 if pair.match["year"] else 330
        yield _finding("weekday and date", day, pair.match[0], after=after, alone=False)


def _names_later_day(sentences: Sequence[_Sentence], day: date) -> bool:
    """Whether a later date, up to half a year on, is told as past: then `day` is background, not the news."""
    for sentence in sentences:
        if not _NOT_YET.search(sentence.words):
            for match in _DATE.finditer(sentence.words):
                other = _day(match, day.year)
                if other and 0 < (other - day).days < 183:
                    return True
    return False


def _told_pairs(sentences: Sequence[_Sentence]) -> Iterator[_Pair]:
    for i, sentence in enumerate(sentences):
        credit = "".join(follower.words for follower in sentences[i + 1 : i + 2] if len(follower.words) < 80)
        if not _TOLD_WORD.search(sentence.words) or _NOT_YET.search(sentence.words):
            continue
        if _CAPTION.search(sentence.words) or _CAPTION.search(credit):
            continue
        for match in _DATE.finditer(sentence.words):
            if match["weekday"] and _LEADS_IN.search(sentence.words[: match.start()]):
                yield _Pair(match, sentence)


def _nearest(match: re.Match[str], anchor: date | None) -> date | None:
    """The day of a date without year, in the fitting year that is nearest to `anchor`; of two, the earlier."""
    if anchor is None:
        return None
    # A date returns to its weekday after at most 12 years (over 1900 or 2100, which are no leap years).
    days = [_day(match, year) for year in range(max(anchor.year - 12, 1), min(anchor.year + 12, 9999) + 1)]
    fitting = [day for day in days if day and _fits(match, day)]
    return min(fitting, key=lambda day: (abs((day - anchor).days), day), default=None)


def _year(pairs: Sequence[_Pair], text: str, latest: date) -> int | None:
    """The one year in which all pairs fit and which the text itself supports.

    A pair fits every fifth, sixth or eleventh year. It is the latest year the text names, if it names it beside a
    month, or the year of the one strike that began on the day since which the text says people are on strike.
    """
    if not pairs:
        return None
    yearless = [pair.match for pair in pairs if not pair.match["year"]]
    fitting = {
        year
        for year in range(EARLIEST.year, latest.year + 1)
        if all((day := _day(match, year)) and _fits(match, day) and day <= latest for match in yearless)
    }
    for since in _ONGOING_SINCE.finditer(text):
        running = {strike for strike in STRIKES if _day(since, strike.first.year) == strike.first}
        years = {strike.first.year for strike in running} & fitting
        if len(years) == 1:
            return years.pop()
    named = {int(match[0]) for match in _YEAR.finditer(text)}
    beside_month = {int(match[1]) for match in _MONTH_AND_YEAR.finditer(text)}
    if named and (year := max(named)) in fitting & beside_month:
        return year
    return None


def _news_day(sentences: Sequence[_Sentence], day: date) -> date | None:
    """The day of the lead's first “… said Thursday” where that is `day` or one of the two days after it.

    Three to six days on it is as likely a day before `day`.
    """
    for sentence in sentences:
        if sentence.start > LEAD:
            return None
        if _NOT_YET.search(sentence.words) or not _TOLD_WORD.search(sentence.words):
            continue
        for bare in _BARE_DAY.finditer(sentence.words):
            ahead = (_WEEKDAYS.index(bare[1]) - day.weekday()) % 7
            return day + timedelta(days=ahead) if ahead <= 2 else None
    return None


# --- counts of strike days ---

_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "first": 1,
    "second": 2,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
}
_NUMBERS |= {  # fourth, …, nineteenth; twentieth, …
    (f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th"): value
    for word, value in _NUMBERS.items()
    if value in (4, 6, 7, 10, 11) or value > 12
}
_NUMBER_WORD = "(?:" + "|".join(sorted((*_NUMBERS, "hundredth", "hundred"), key=len, reverse=True)) + ")"
_NUMBER = rf"(?P<number>\d{{1,3}}(?:st|nd|rd|th)?|(?:an? )?{_NUMBER_WORD}(?:[ -](?:and[ -])?{_NUMBER_WORD}){{0,4}})"
_STOPPAGE = r"(?:strikes?|walkout|work stoppage|stoppage)"
_MODIFIERS = r"(?:[\w&.'’/-]+ ){0,5}?"  # “of the writers’ strike”, “the guild's ongoing strike”
_COUNTS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_STOPPAGE} (?:has|have) (?:now |already |so far )?"
        r"(?:lasted|gone on|run|dragged on|stretched|continued|been (?:going on|under ?way))"
        rf"(?: on)?(?: for)? {_NUMBER} days\b",
        r"\b(?:has|have|['’]ve) (?:now |already )?been (?:out )?"
        rf"(?:on strike|striking|on the picket lines?|picketing) (?:for )?{_NUMBER} days\b",
        rf"(?<![\w-]){_NUMBER}[- ]day(?:[- ](?:old|long))? {_MODIFIERS}{_STOPPAGE}\b",
        rf"(?<![\w-]){_NUMBER} day of {_MODIFIERS}{_STOPPAGE}\b",
        rf"(?<![\w-]){_NUMBER} (?:straight )?day on (?:strike|the picket lines?)\b",
        rf"\b{_STOPPAGE}(?: (?:is|was))? (?:now )?(?:in|on|at|enters|entered|reaches|reached|hits|hit) "
        rf"(?:its |the )?{_NUMBER} day\b",
        rf"\bday {_NUMBER} (?:of|in) {_MODIFIERS}{_STOPPAGE}\b",
        rf"\b{_STOPPAGE}[:,]?(?: (?:is|now|on|in|at|enters|entered|reaches|reached|hits|hit)){{0,3}}"
        rf" day {_NUMBER}\b",
        rf"(?<![\w-]){_NUMBER} days into {_MODIFIERS}{_STOPPAGE}\b",
    )
)
_ABOUT_STRIKES = re.compile(r"strik|walkout|stoppage|picket", re.IGNORECASE)  # the patterns above are slow
_LENGTH_FORM, _DAY_FORMS = 2, (3, 4, 5, 6, 7)  # “the 136-day strike”; “the 136th day of the strike”
# A length that is nearly the whole strike's is told after its end, for years, and outlets differ by a day or two.
NEAR_THE_END = 3  # days
_HISTORY_BEFORE = re.compile(
    r"\b(?:than|nearly|about|almost|around|over|some|roughly|approximately|first|last|previous|past|prior|earlier|every|"
    r"record|surpass\w*|exceed\w*|match\w*|eclips\w*|end(?:ed|s|ing)?(?: of| to)?|after|following|since|settled|resolved|"
    r"concluded|survived|least|another|original|infamous|crippling|bitter)(?: an?| the| their| its)?"
    r"(?: [\w'’-]+){0,2}\s*[\w'’-]*$",
    re.IGNORECASE,
)
_HISTORY_AFTER = re.compile(
    r"^[^.]{0,60}?\b(?:ago|earlier|ended|that ended|was settled|in the (?:late|early|19)|before|under contract|then)\b",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"\b(?:had (?:lasted|gone|been|dragged|stretched)|anniversary|back in|back then|at the time|decades?|"
    r"history of|in history|recall(?:s|ed)|remember(?:s|ed)?|looking back|once)\b|\b(?:would|will|could|might|if)\b|\bmay\b"
)
_NOW = re.compile(
    r"\b(?:today|now|mark(?:s|ed|ing)|enters|entered|entering|is|are|as of|so far)\b|^\W*day\b", re.IGNORECASE
)
_SIDES = tuple(
    (side, re.compile(rf"\b(?:{words})\b"))
    for side, words in (
        (
            "games",
            r"[Vv]ideo[- ]?[Gg]ames?|[Gg]am(?:e|ing) (?:companies|performers|actors|strike|workers|makers)",
        ),
        ("writers", r"WGA|Writers['’]? Guild|(?:[Ss]creen)?[Ww]riters?|[Ss]cribes"),
        ("actors", r"SAG|Screen Actors Guild|[Aa]ctors?|[Pp]erformers?|[Ss]ag-[Aa]ftra"),
        # Others whose strikes news counts by days; the list can't be whole, but a count needs a name of the three.
        (
            "others",
            r"UAW|[Aa]uto ?workers?|[Tt]eamsters?|[Nn]urses?|[Tt]eachers?|[Rr]ail\w*|[Pp]ilots?|[Dd]ock ?workers?|"
            r"longshore\w*|[Hh]otel workers?|Unite Here|staff(?:ers)?|NewsGuild|IATSE|[Hh]ealth ?care workers|"
            r"[Jj]unior doctors|[Mm]achinists|[Mm]iners|[Jj]ournalists|[Mm]usicians?|[Cc]ommercials?|[Bb]aristas?|"
            r"[Gg]raduate",
        ),
    )
)


def _strike_days(sentences: Sequence[_Sentence], text: str, anchor: date | None, latest: date) -> Iterator[_Finding]:
    """The latest day that a count of strike days gives, of the counts that tell how long a strike lasts *now*.

    A count that fits two strikes gives nothing, unless other evidence is on one of the two days.
    """
    counted: dict[date, str] = {}
    for i, form, match, number in islice(_counts(sentences), MAX_MENTIONS):
        sides = _sides(sentences[max(i - 1, 0) : i + 1], match, text)
        days = {
            day
            for strike in STRIKES
            if strike.side in sides
            and (day := _shift(strike.first, number - 1)) <= min(latest, strike.last)
            and not (form == _LENGTH_FORM and day > _shift(strike.last, -NEAR_THE_END))
            and _weekday_agrees(sentences[i], match, day)
        }
        if len(days) > 1:
            days = {day for day in days if _supported(day, days, text, anchor)}
        if len(days) == 1:
            counted[days.pop()] = match[0]
    if counted:
        day = max(counted)
        yield _finding("strike day", day, counted[day])


def _counts(sentences: Sequence[_Sentence]) -> Iterator[tuple[int, int, re.Match[str], int]]:
    """Each count that tells the moment of writing: number of its sentence, of its form, the match, the days."""
    for i, sentence in enumerate(sentences):
        if _ABOUT_STRIKES.search(sentence.words):
            for form, pattern in enumerate(_COUNTS):
                for match in pattern.finditer(sentence.words):
                    number = _number(match["number"])
                    if number is not None and _is_now(sentence, match, form):
                        yield i, form, match, number


def _is_now(sentence: _Sentence, match: re.Match[str], form: int) -> bool:
    """Whether the count tells the moment of writing: not history, not a guess ahead, not rounded, not a told date."""
    words = sentence.words
    before, after = words[: match.start()], words[match.end() :]
    if _YEAR.search(words) or re.search(r"['’]\d\d\b", words) or _HISTORY.search(words):
        return False
    for told in _DATE.finditer(words):
        if not any(_day(told, strike.first.year) == strike.first for strike in STRIKES):
            return False  # “On Aug. 9, day 100 of the strike, …” tells that day; “since May 2” only the start
    if _HISTORY_BEFORE.search(before[-60:]) or _HISTORY_AFTER.search(after):
        return False
    if form in _DAY_FORMS and sentence.start > LEAD:
        return bool(_NOW.search(words) or _BARE_DAY.search(words))
    return True


def _sides(around: Sequence[_Sentence], match: re.Match[str], text: str) -> set[str]:
    """Whose strike it is: named in the count or as its owner, else in its sentence, the one before, the text.

    The first of these places that names anyone decides, and gives nothing where it names several.
    """
    words = around[-1].words
    # “SAG-AFTRA's 103-day strike”
    owner = re.search(r"[\w-]+(?: [\w-]+)?(?:['’]s|s['’]) $", words[: match.start()][-60:])
    for place in (match[0], owner[0] if owner else "", words, around[0].words, text):
        named = {side for side, pattern in _SIDES if pattern.search(place)}
        if "games" in named:
            named.discard("actors")  # the game performers' union is the actors'
        if named == {"actors"} and _SIDES[0][1].search(text):
            return {"actors", "games"}
        if named:
            return named if len(named) == 1 else set()
    return set()


def _weekday_agrees(sentence: _Sentence, match: re.Match[str], day: date) -> bool:
    """False where “Thursday marked the 136th day” says another weekday than `day`'s (or the next: some count from 0)."""
    before = sentence.words[: match.start()]
    named = re.search(r"(\w+day) (?:marked|marks|is|was) (?:the |day |their |its )?$", before)
    if named is None or named[1] not in _WEEKDAYS:
        return True
    return (_WEEKDAYS.index(named[1]) - day.weekday()) % 7 in (0, 1)


def _supported(day: date, days: set[date], text: str, anchor: date | None) -> bool:
    """Whether `day`, of several, is the only one that the rest of the text leaves possible."""
    if anchor:
        return abs((day - anchor).days) <= 2
    named = [int(match[0]) for match in _YEAR.finditer(text)]
    # SAG-AFTRA exists since 30 March 2012, and no text names a year that is more than two ahead of it.
    floor = max([2012 if "SAG-AFTRA" in text else 0, *(year - 2 for year in named if year <= max(days).year + 2)])
    started = {
        strike.first
        for strike in STRIKES
        for match in _DATE.finditer(text)
        if _day(match, strike.first.year) == strike.first
    }
    starts = {strike.first for strike in STRIKES if strike.first <= day <= strike.last}
    return day.year >= floor and (bool(started & starts) if started else day.year >= floor > min(days).year)


def _number(words: str) -> int | None:
    """“136”, “136th”, “one hundred and third” → the number, or None below 3: “the first day” is told for years."""
    if words[0].isdigit():
        number = int(re.sub(r"\D", "", words))
    else:
        number = 0
        for word in re.split(r"[ -]+", words.lower()):
            if word.startswith("hundred"):
                number = max(number, 1) * 100
            else:
                number += _NUMBERS.get(word, 0)
    return number if 3 <= number <= 999 else None
