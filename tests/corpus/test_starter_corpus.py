"""The starter corpus in corpus/articles/: every brief is well formed, its weekdays and strike days are right.

A check takes one brief and gives its mistakes, a sentence each; wrong examples show that every check bites.
Whether a brief is true is for its sources to say, not for this module.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

ARTICLES = Path(__file__).resolve().parents[2] / "corpus" / "articles"

# fmt: off
DISPUTES = [
    "wga-2023", "sag-aftra-2023", "dga-2023", "iatse-2021", "iatse-2024", "teamsters-2022", "teamsters-2024",
    "afm-2024", "animation-guild-2024", "sag-aftra-videogame-2016", "sag-aftra-videogame-2024", "wga-1960",
    "sag-1960", "sag-aftra-1980", "wga-1988", "sag-aftra-2000", "wga-2007", "wga-2017", "other-strikes",
    "sag-aftra-2026", "wga-2026", "wgsu-2026", "dga-2026",
]
# fmt: on
LEAST_BRIEFS = 80
WORDS = range(120, 451)
TITLE_CHARACTERS = range(1, 90)
PARAGRAPH_CHARACTERS = 1_200  # a longer one has lost its breaks
MOST_SOURCES = 6
KEYS = ["id", "title", "outlet", "published", "url", "language", "added", "tags", "sources"]
SOURCE_KEYS = ["outlet", "title", "url", "date"]
SOURCE_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")
ID = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z0-9]+)+")
ADDRESS = re.compile(r"https?://[^\s/]+\S*")
MARKUP = re.compile(r"^(#|>|[-*+] |\d+\. |\||```|~~~)|\*\*|__|`|\]\(|<[a-z/]", re.MULTILINE)

MONTHS = {date(2000, n, 1).strftime("%B"): n for n in range(1, 13)}
WEEKDAYS = [(date(2000, 1, 3) + timedelta(days=n)).strftime("%A") for n in range(7)]
_WEEKDAY, _MONTH = "|".join(WEEKDAYS), "|".join(MONTHS)
WEEKDAY = re.compile(rf"\b(?:{_WEEKDAY})\b")
DATE = re.compile(
    rf"(?:\b(?P<weekday>{_WEEKDAY}),? (?:the )?)?"
    rf"(?:\b(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? (?P<year>\d{{4}})\b)?"
    rf"|\b(?P<day2>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month2>{_MONTH})\b(?:,? (?P<year2>\d{{4}})\b)?)"
    rf"(?:, a (?P<weekday2>{_WEEKDAY}))?"
)

# The first and the last strike day. Writers and actors could work again just after midnight of the next day.
STRIKES = {
    "wga-2023": (date(2023, 5, 2), date(2023, 9, 26)),
    "sag-aftra-2023": (date(2023, 7, 14), date(2023, 11, 8)),
    "sag-aftra-videogame-2024": (date(2024, 7, 26), date(2025, 6, 11)),
}
NAMED = {  # in this order: who plays in games is an actor as well
    "sag-aftra-videogame-2024": re.compile(r"\bgame"),
    "wga-2023": re.compile(r"\bwriters?\b|\bWGA\b|\bWriters Guild\b", re.IGNORECASE),
    "sag-aftra-2023": re.compile(r"\bactors?\b|\bSAG-AFTRA\b", re.IGNORECASE),
}
OF_OTHER = r"(?! of (?:\w+ )?(?:talks|negotiations?|bargaining|voting|[A-Z]|19\d\d|200\d|201\d))"
COUNT = re.compile(
    rf"\b[Dd]ay (\d+)\b{OF_OTHER}|\b(\d+)(?:st|nd|rd|th) (?:strike )?day\b{OF_OTHER}"
    r"|\b(?P<length>\d+)-day(?:-old|-long)? (?:\w+['’]? )?(?:strike|walkout|stoppage)"
)
OPENING = re.compile(r"\b(?:first|opening) day\b")
OLDER = re.compile(r"\b(?:19\d\d|200\d|201\d)\b")  # beside these years "100-day strike" may be an older one

# Words without which a sentence with a later date tells of it as of something that has happened.
FORWARD = re.compile(
    r"\b(?:expir\w+|schedul\w+|until|deadlines?|through|would|will|could|may|due|effective|expected|planned"
    r"|fixed|requested|takes? effect|in force|agreed to|set for|to strike|(?:is|are|was|were|has|have|had) to"
    r"|is over|are voting|starts|closes|falls on|goe?s? up)\b"
)
SENTENCE_END = re.compile(r"(?<![ap]\.m\.)(?<=[.!?])[\"”’]?\s+(?=[\"“‘]?[A-Z0-9])|\n\n")


@dataclass(frozen=True, slots=True)
class Brief:
    """A file split at its front matter, which safe_load has read; `body` has no outer blank lines."""

    stem: str
    raw: str
    front: dict[str, object]
    body: str

    @property
    def published(self) -> date:
        """The brief's day; where there is none, which front_matter reports, the calendar's first day."""
        value = self.front.get("published")
        return value if isinstance(value, date) and not isinstance(value, datetime) else date.min

    @property
    def tags(self) -> list[str]:
        value = self.front.get("tags")
        return [str(tag) for tag in value] if isinstance(value, list) else []

    @property
    def sentences(self) -> list[str]:
        text = f"{self.front.get('title', '')}\n\n{self.body}"
        return [s.strip() for s in SENTENCE_END.split(text) if s.strip()]


def read(stem: str, raw: str) -> Brief:
    """Raises ValueError for a text without front matter between two lines of three hyphens."""
    if not raw.startswith("---\n") or "\n---\n" not in raw[4:]:
        raise ValueError("no front matter between two lines '---'")
    head, body = raw[4:].split("\n---\n", 1)
    front = yaml.safe_load(head)
    if not isinstance(front, dict):
        raise ValueError("the front matter is not a mapping")
    return Brief(stem, raw, front, body.strip("\n"))


# ---- The checks


def front_matter(brief: Brief) -> Iterator[str]:
    front = brief.front
    if list(front) != KEYS:
        yield f"keys are {list(front)}"
    if front.get("id") != brief.stem or not ID.fullmatch(brief.stem):
        yield f"id {front.get('id')!r} is not the file's name or no lower-case slug"
    if not brief.stem.startswith(f"{brief.published.isoformat()}-"):
        yield f"id does not start with the published day, {front.get('published')!r}"
    title = front.get("title")
    if not isinstance(title, str) or len(title) not in TITLE_CHARACTERS:
        yield f"title {title!r}"
    if front.get("outlet") != "Picket briefs" or front.get("language") != "en":
        yield f"outlet {front.get('outlet')!r}, language {front.get('language')!r}"
    if not ADDRESS.fullmatch(str(front.get("url"))):
        yield f"url {front.get('url')!r}"
    if not isinstance(front.get("added"), datetime):
        yield f"added {front.get('added')!r} is no time"
    if not brief.tags or brief.tags[0] not in DISPUTES or len(set(brief.tags)) != len(brief.tags):
        yield f"tags {front.get('tags')!r} repeat themselves or don't start with a dispute"


def sources(brief: Brief) -> Iterator[str]:
    listed = brief.front.get("sources")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_SOURCES:
        yield f"there must be one to {MOST_SOURCES} sources, not {listed!r}"
        return
    addresses = []
    for source in listed:
        if not isinstance(source, dict) or not all(isinstance(value, str) and value for value in source.values()):
            yield f"source {source!r} is not a mapping of words"
            continue
        addresses.append(source.get("url"))
        if not {"outlet", "url"} <= set(source) or [key for key in SOURCE_KEYS if key in source] != list(source):
            yield f"source keys are {list(source)}"
        if not ADDRESS.fullmatch(source.get("url", "")) or not SOURCE_DATE.fullmatch(source.get("date", "2000")):
            yield f"source url or date of {source!r}"
    if len(set(addresses)) != len(addresses):
        yield "a source is listed twice"


def form(brief: Brief) -> Iterator[str]:
    if (count := len(brief.body.split())) not in WORDS:
        yield f"{count} words"
    if longest := [p for p in brief.body.split("\n\n") if len(p) > PARAGRAPH_CHARACTERS]:
        yield f"a paragraph of {len(longest[0])} characters"
    if strange := sorted({c for c in brief.raw if not c.isprintable() and c != "\n"}):
        yield f"characters {strange}"
    if unicodedata.normalize("NFC", brief.raw) != brief.raw:
        yield "not in NFC"
    if not brief.raw.endswith("\n") or brief.raw.endswith("\n\n"):
        yield "does not end with one line break"
    if re.search(r"[^\n]\n[^\n]|\n{3}| {2}|[ ]$", brief.body, re.MULTILINE):
        yield "paragraphs are not single lines with one blank line between"
    if found := MARKUP.search(brief.body):
        yield f"mark-up {found[0]!r}"


def dates_of(sentence: str, published: date) -> Iterator[tuple[re.Match[str], date | None]]:
    """Every written-out date; one without a year takes that of `published`, an impossible one is None."""
    for found in DATE.finditer(sentence):
        month, day = found["month"] or found["month2"], found["day"] or found["day2"]
        year = found["year"] or found["year2"] or published.year
        try:
            yield found, date(int(year), MONTHS[month], int(day))
        except ValueError:
            yield found, None


def weekdays(brief: Brief) -> Iterator[str]:
    for sentence in brief.sentences:
        for found, day in dates_of(sentence, brief.published):
            if day is None:
                yield f"no such day: {found[0]!r}"
            elif (said := found["weekday"] or found["weekday2"]) and said != WEEKDAYS[day.weekday()]:
                yield f"{found[0]!r}: {day} was a {WEEKDAYS[day.weekday()]}"


def later_events(brief: Brief) -> Iterator[str]:
    for sentence in brief.sentences:
        for found, day in dates_of(sentence, brief.published):
            explicit = found["year"] or found["year2"]
            if explicit and day and day > brief.published and not FORWARD.search(sentence):
                yield f"{found[0]!r} comes after {brief.published}: {sentence!r}"


def strike_days(brief: Brief) -> Iterator[str]:
    """A count must fit a date or weekday (the latest one) in its sentence, or else `published`.

    It belongs to a strike whose people the sentence names, or else to one of the brief's tags. The first day is no
    such date ("on day 33 of the strike, which began on May 2"), unless it is called day 1. Once a strike is over,
    its last day may be meant. Spans ("after 146 days") are no counts: sources differ on them.
    """
    tagged = [key for key in STRIKES if key in brief.tags]
    for sentence in brief.sentences:
        named = [day for _, day in dates_of(sentence, brief.published) if day]
        for name in WEEKDAY.findall(DATE.sub("", sentence)):
            back = (brief.published.weekday() - WEEKDAYS.index(name)) % 7
            named.append(brief.published - timedelta(days=back))
        keys = [key for key, pattern in NAMED.items() if pattern.search(sentence)] or tagged
        keys = keys[:1] if keys[:1] == ["sag-aftra-videogame-2024"] else keys
        keys = [key for key in keys if key in tagged or during(key, [*named, brief.published])]
        opening = OPENING.search(sentence) is not None
        for found in COUNT.finditer(sentence):
            if not keys or (found["length"] and OLDER.search(sentence)):
                continue
            said = int(next(group for group in found.groups() if group))
            right = {number for key in keys for number in numbers(key, named, brief.published, opening)}
            if said not in right:
                yield f"{found[0]!r} should be one of {sorted(right)}: {sentence!r}"


def during(key: str, days: list[date]) -> bool:
    """Whether one of the days is in the strike or the three months after it, when it is still "the strike"."""
    first, last = STRIKES[key]
    return any(first <= day <= last + timedelta(days=90) for day in days)


def numbers(key: str, named: list[date], published: date, opening: bool) -> set[int]:
    """The strike days that a sentence with these dates may mean."""
    first, last = STRIKES[key]
    days = {day for day in named if first < day <= min(last, published)} or {min(published, last)}
    days |= {last} if published >= last else set()
    days |= {first} if opening or first in named else set()
    return {(day - first).days + 1 for day in days if day >= first}


def repeated(briefs: list[Brief]) -> Iterator[str]:
    for key in ("id", "title", "body"):
        seen: dict[str, str] = {}
        for brief in briefs:
            value = (brief.body if key == "body" else str(brief.front.get(key))).casefold()
            if value in seen:
                yield f"{brief.stem} has the {key} of {seen[value]}"
            seen[value] = brief.stem


# ---- The corpus


@cache
def starter_corpus() -> tuple[Brief, ...]:
    return tuple(read(path.stem, path.read_bytes().decode()) for path in sorted(ARTICLES.glob("*.md")))


def mistakes(check: Callable[[Brief], Iterator[str]]) -> list[str]:
    return [f"{brief.stem}: {mistake}" for brief in starter_corpus() for mistake in check(brief)]


def test_every_brief_has_complete_front_matter() -> None:
    assert mistakes(front_matter) == []


def test_every_brief_names_its_sources() -> None:
    assert mistakes(sources) == []


def test_every_brief_is_plain_text_of_the_right_length() -> None:
    assert mistakes(form) == []


def test_every_weekday_belongs_to_its_date() -> None:
    assert mistakes(weekdays) == []


def test_no_brief_knows_what_happened_later() -> None:
    assert mistakes(later_events) == []


def test_every_strike_day_is_counted_right() -> None:
    assert mistakes(strike_days) == []


def test_no_two_briefs_share_id_title_or_body() -> None:
    assert list(repeated(list(starter_corpus()))) == []


def test_the_corpus_is_large_enough_and_covers_every_dispute() -> None:
    assert len(starter_corpus()) >= LEAST_BRIEFS
    leading = {tag for brief in starter_corpus() for tag in brief.tags if tag in DISPUTES}
    assert sorted(set(DISPUTES) - leading) == []


def test_the_dates_and_counts_of_the_corpus_are_found_at_all() -> None:
    """A pattern that matches nothing would make its check pass for ever."""
    sentences = [(brief, s) for brief in starter_corpus() for s in brief.sentences]
    pairs = [f for b, s in sentences for f, _ in dates_of(s, b.published) if f["weekday"] or f["weekday2"]]
    assert len(pairs) >= LEAST_BRIEFS
    assert sum(1 for _, s in sentences for _ in COUNT.finditer(s)) >= len(DISPUTES)


# ---- Wrong examples


def brief(*, body: str = "", raw: str = "", changed: dict[str, object] | None = None, **more: object) -> Brief:
    """A made-up brief without mistakes, but for what is changed; None removes a key."""
    front: dict[str, object] = {
        "id": "2023-10-24-ferry-crews-talk",
        "title": "Ferry crews talk to the harbor",
        "outlet": "Picket briefs",
        "published": date(2023, 10, 24),
        "url": "https://example.org/ferries",
        "language": "en",
        "added": datetime(2026, 11, 21, tzinfo=UTC),
        "tags": ["sag-aftra-2023", "talks"],
        "sources": [{"outlet": "Harbor Post", "url": "https://example.org/ferries", "date": "2023-10"}],
    }
    front = {key: value for key, value in (front | (changed or {}) | more).items() if value is not None}
    body = body or "Ferry crews met the harbor on Tuesday.\n\n" + "They talked about pay. " * 40 + "They left."
    return Brief("2023-10-24-ferry-crews-talk", raw or f"---\n---\n\n{body}\n", front, body)


ALL: list[Callable[[Brief], Iterator[str]]] = [
    front_matter,
    sources,
    form,
    weekdays,
    later_events,
    strike_days,
]


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.__name__)
def test_a_right_brief_passes_every_check(check: Callable[[Brief], Iterator[str]]) -> None:
    assert list(check(brief())) == []


@pytest.mark.parametrize("raw", ["No front matter.\n", "---\nid: a\n", "---\n- a\n---\n\nBody.\n", "----\n---\n"])
def test_a_text_without_front_matter_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="front matter"):
        read("a", raw)


def test_a_text_is_split_into_front_matter_and_body() -> None:
    found = read("a", "---\nid: a\npublished: 2023-10-24\n---\n\nOne.\n\n---\n\nTwo.\n")
    assert (found.front["id"], found.published, found.body) == (
        "a",
        date(2023, 10, 24),
        "One.\n\n---\n\nTwo.",
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"language": None},
        {"mood": "gloomy"},
        {"id": "2023-10-24-other"},
        {"published": "2023-10-24"},
        {"published": date(2023, 10, 25)},
        {"published": datetime(2023, 10, 24, tzinfo=UTC)},
        {"title": ""},
        {"title": "Ferries " * 12},
        {"outlet": "Harbor Post"},
        {"url": "ftp://example.org/ferries"},
        {"url": "https://"},
        {"added": "2026-11-21"},
        {"tags": []},
        {"tags": ["talks", "sag-aftra-2023"]},
        {"tags": ["sag-aftra-2023", "talks", "talks"]},
    ],
    ids=str,
)
def test_wrong_front_matter_is_caught(changed: dict[str, object]) -> None:
    assert list(front_matter(brief(changed=changed))) != []


def test_keys_in_another_order_are_caught() -> None:
    right = brief()
    turned = Brief(right.stem, right.raw, dict(reversed(right.front.items())), right.body)
    assert any("keys are" in mistake for mistake in front_matter(turned))


@pytest.mark.parametrize(
    "listed",
    [
        [],
        ["Harbor Post"],
        [{"outlet": "Harbor Post"}],
        [{"url": "https://example.org", "outlet": "Harbor Post"}],
        [{"outlet": "Harbor Post", "url": "example.org"}],
        [{"outlet": "Harbor Post", "url": "https://example.org", "date": "24 October"}],
        [{"outlet": "Harbor Post", "url": "https://example.org", "date": date(2023, 10, 24)}],
        [{"outlet": "Harbor Post", "url": "https://example.org"}] * 2,
        [{"outlet": "Harbor Post", "url": f"https://example.org/{n}"} for n in range(7)],
    ],
    ids=str,
)
def test_wrong_sources_are_caught(listed: list[object]) -> None:
    assert list(sources(brief(sources=listed))) != []


@pytest.mark.parametrize(
    "body",
    [
        "Too short. " * 10 + "End.",
        "Much too long, " * 150 + "end.",
        "One paragraph without any break at all, " * 40 + "end.",
        "A quarter of the crews\x00 left. " * 30 + "End.",
        "Two words\u200btogether here. " * 40 + "End.",
        "A cafe\u0301 by the harbor. " * 40 + "End.",
        "Crews left the ferry.\n" * 40 + "End.",
        "# Ferries\n\n" + "Crews left the ferry. " * 40 + "End.",
        "The **crews** left. " * 50 + "End.",
        "See [the harbor](https://example.org) page. " * 40 + "End.",
    ],
)
def test_wrong_form_is_caught(body: str) -> None:
    assert list(form(brief(body=body))) != []


@pytest.mark.parametrize("ending", ["", "\n\n", "\r\n"])
def test_a_wrong_end_of_file_is_caught(ending: str) -> None:
    right = brief()
    assert list(form(brief(raw=right.raw.rstrip("\n") + ending))) != []


@pytest.mark.parametrize(
    "body",
    [
        "Crews met on Monday, October 24, 2023.",
        "Crews met on Monday, October 24.",
        "Crews met on Monday 24 October 2023.",
        "Crews met on Monday, 24 October.",
        "Crews met on Monday, the 24th of October 2023.",
        "Crews met on October 24, 2023, a Monday.",
        "Crews met on Friday, September 13, 2023.",
        "Crews met on June 31, 2023.",
        "Talks ran from Tuesday, October 24, to Wednesday, October 26, 2023.",
    ],
)
def test_a_wrong_weekday_is_caught(body: str) -> None:
    assert len(list(weekdays(brief(body=body)))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "Crews met on Tuesday, October 24, 2023, and on Tuesday 24 October.",
        "Crews met on Monday. October 2023 was mild, and May 5 was a Friday.",
        "Crews met on Tuesdays in October 2021 and on Wednesday, September 13, 2023.",
    ],
)
def test_a_right_weekday_passes(body: str) -> None:
    assert list(weekdays(brief(body=body))) == []


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(WEEKDAYS))
def test_a_weekday_passes_only_with_its_own_date(day: date, weekday: str) -> None:
    written = brief(body=f"Crews met on {weekday}, {day:%B} {day.day}, {day.year}.")
    assert (list(weekdays(written)) == []) == (weekday == f"{day:%A}")


@pytest.mark.parametrize(
    "body",
    [
        "Crews struck on October 25, 2023.",
        "Crews struck on 25 October 2023. They would rather not have done so.",
        "On January 1, 2024, crews won.",
    ],
)
def test_an_event_after_the_published_day_is_caught(body: str) -> None:
    assert len(list(later_events(brief(body=body)))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "The contract expires on June 30, 2026, at midnight.",
        "Talks are due to go on at 9 a.m. on October 25, 2023.",
        "Crews struck on October 24, 2023, and on June 1, 2021.",
    ],
)
def test_what_is_still_to_come_may_be_announced(body: str) -> None:
    assert list(later_events(brief(body=body))) == []


@pytest.mark.parametrize(
    "body",
    [
        "It was day 102 of the actors' strike.",
        "It was the 104th day.",
        "It was the strike’s 102nd day.",
        "On Monday, October 23, 2023, day 103 of the strike, they rested.",
        "On Monday, day 103, they rested.",
        "The 104-day walkout goes on.",
        "Sunday, September 24, 2023, was day 145 of the writers' strike.",
        "September 24, 2024, was the 60th day of the video game strike.",
        "It is day 103 of the writers’ strike.",
        "Day 104 of the strike saw them rest.",
        "The 100-day strike of the actors goes on.",
        "Longer ago than 1988, it seemed: day 102.",
    ],
)
def test_a_wrong_strike_day_is_caught(body: str) -> None:
    assert len(list(strike_days(brief(body=body)))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "It was day 103 of the actors' strike, which began on July 14, 2023.",
        "On Monday, day 102, they rested, and Tuesday was the 103rd day.",
        "The 103-day-old strike goes on.",
        "The writers stopped on day 148, the day before September 27, 2023.",
        "The first day was day 1, and July 14 was called day 1 by the actors.",
        "It was day 4 of the talks, and the 100-day strike of 2007-08 was shorter.",
        "A 15-hour day is long, and so is an eight-day week.",
    ],
)
def test_a_right_strike_day_passes(body: str) -> None:
    assert list(strike_days(brief(body=body))) == []


def test_a_count_of_a_strike_without_known_days_is_left_alone() -> None:
    later = brief(body="It was day 12 of the WGA staff's strike.", tags=["wgsu-2026"], published=date(2026, 2, 28))
    assert list(strike_days(later)) == []
    earlier = brief(body="It was day 33 of the writers' strike.", tags=["wga-2007"], published=date(2007, 12, 7))
    assert list(strike_days(earlier)) == []


@settings(deadline=None)
@given(st.sampled_from(sorted(STRIKES)), st.integers(0, 147), st.integers(-2, 2))
def test_a_strike_day_passes_only_with_the_published_day_of_that_number(key: str, after: int, off: int) -> None:
    first, last = STRIKES[key]
    published = min(first + timedelta(days=after), last - timedelta(days=1))
    count = (published - first).days + 1 + off
    written = brief(body=f"It was day {max(count, 0)} of the strike.", published=published, tags=[key])
    assert (list(strike_days(written)) == []) == (off == 0)


def test_briefs_with_one_title_or_body_are_caught() -> None:
    first = brief()
    assert len(list(repeated([first, brief(id="b", body="Other words.")]))) == 1
    assert len(list(repeated([first, brief(id="b", title="Ferries rest")]))) == 1
    assert list(repeated([first, brief(id="b", title="Ferries rest", body="Other words.")])) == []
