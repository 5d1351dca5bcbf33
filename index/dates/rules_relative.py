"""Rules for dates told from another: from the day of writing, the date named before, or one named beside them."""

import re
from datetime import date, timedelta

from corpus.number_words import number
from corpus.patterns import lazy, one_of
from index.dates.lookalikes import is_bare_unit, previous_word
from index.dates.reading import DateReading
from index.dates.rules import DIGITS, STEPS, Table, coarser, nearest_named
from index.dates.spans import (
    SPAN_OF,
    DateKind,
    DateSpan,
    FoundDate,
    Grain,
    Unit,
    day_span,
    grain_of,
    month_span,
    neighbour,
    part_of,
    quarter_span,
    season_span,
    shift,
    week_of,
    weekend_of,
)
from index.dates.tense import Tense
from index.dates.words import (
    END,
    GAP,
    MONTH,
    MONTHS,
    NUMBER,
    NUMBER_STARTS,
    PARTS,
    SEASON,
    SEASON_NAMES,
    UNIT,
    UNITS,
    WEEKDAY,
    measure,
)

TABLE = Table()


@TABLE.rule(
    ("today", "yesterday", "tomorrow", "tonight", "tonite"),
    rf"(today|yesterday|tomorrow|tonite|tonight){END}",
    DateKind.RELATIVE,
)
def _today(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    step = {"yesterday": -1, "tomorrow": 1}.get(match[1].lower(), 0)
    when = day_span(reading.today + timedelta(step)) if reading.today else None
    return FoundDate(match.end(), when, DateKind.RELATIVE)


@TABLE.rule(
    ("this", "last"), rf"(this{GAP}(?:morning|afternoon|evening)|last{GAP}(?:night|evening)){END}", DateKind.RELATIVE
)
def _this_morning(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    step = -(match[1][0] in "lL")
    return FoundDate(
        match.end(), day_span(reading.today + timedelta(step)) if reading.today else None, DateKind.RELATIVE
    )


@TABLE.rule(("last", "this", "next"), rf"(last|this|next){GAP}year['’]s{GAP}", DateKind.RELATIVE)
def _of_year(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    """“last year's third quarter”: what follows, in that year."""
    other = reading.read_on(match.end())
    if not other or not other.when or not reading.written or other.kind is not DateKind.PARTIAL:
        return None
    year = reading.written.first.year + STEPS[match[1].lower()]
    return FoundDate(other.end, SPAN_OF[other.when.grain](other.when.first.replace(year=year)), DateKind.RELATIVE)


@TABLE.rule(("year", "month"), rf"(year|month)(?:['’]s{GAP}|-|{GAP})end{END}", DateKind.RELATIVE)
def _year_end(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    grain = Grain(match[1].lower())
    if not reading.written or coarser(reading.written.grain, grain):
        return FoundDate(match.end(), None, DateKind.RELATIVE)
    return FoundDate(match.end(), part_of(SPAN_OF[grain](reading.written.first), 2, 3), DateKind.RELATIVE)


_DAYS = ("day", "night", "morning", "afternoon", "evening")
_UNITS = rf"(?:weekend|week|month|quarter|year|decade|{'|'.join(_DAYS)}|period)" + END


@TABLE.rule(
    (*STEPS, "year"),
    rf"(?P<which>{one_of(STEPS)}|year-ago|year-earlier|that{GAP}same){GAP}(?:same{GAP})?(?P<unit>{_UNITS}|{SEASON}|{MONTH})",
    DateKind.RELATIVE,
)
def _which_unit(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    which, words = match["which"].lower().split()[0], match["unit"].lower().rstrip(".")
    the = previous_word(reading, match.start()) == "the"
    end = match.end() - (match["unit"].endswith(".") and reading.text[match.end() : match.end() + 2].strip() == "")
    backward = which in ("same", "that", "previous", "prior", "preceding", "following") or (which == "next" and the)
    anchor = reading.anchor if backward else None
    if words == "period" or which.startswith("year-"):
        return _year_ago(end, reading) if words in ("period", "quarter") else FoundDate(end, None, DateKind.RELATIVE)
    if words in MONTHS:
        if (
            which in ("same", "that", "past", "current", "latest")
            or words == "mar"
            or (which == "following" and not the)
        ):
            return None
        return nearest_named(end, reading, STEPS[which], lambda year: month_span(year, MONTHS[words]), anchor=anchor)
    if words in SEASON_NAMES and (STEPS[which] or not anchor):
        return nearest_named(
            end, reading, STEPS[which], lambda year: season_span(year, SEASON_NAMES[words]), anchor=anchor
        )
    if which in ("this", "current", "coming", "latest", "past", "last") and words in _DAYS:
        return None
    if the and which in ("last", "past") and words in ("week", "month", "year", "decade"):
        return _rolling(end, reading, -1, UNITS[words])
    if backward:
        return _beside_anchor(end, reading, STEPS[which], words)
    if not reading.written:
        return FoundDate(end, None, DateKind.RELATIVE)
    if which == "past":
        return _rolling(end, reading, -1, UNITS[words]) if words in UNITS else None
    if words == "weekend":
        return FoundDate(end, reading.weekend(STEPS[which], match.start(), end), DateKind.RELATIVE)
    if words not in ("week", "month", "quarter", "year", "decade"):
        return None
    grain = Grain(words)
    if coarser(reading.written.grain, grain):
        return FoundDate(end, None, DateKind.RELATIVE)
    step = -1 if which == "latest" else STEPS[which]  # the latest quarter is the last that has ended
    return FoundDate(end, neighbour(SPAN_OF[grain](reading.written.first), step), DateKind.RELATIVE)


def _beside_anchor(end: int, reading: DateReading, step: int, words: str) -> FoundDate:
    """“the next day”, “that year”: seen from the date named before. A coarser one stays as coarse as it is."""
    anchor = reading.anchor
    if words in _DAYS:
        if reading.day_anchor:
            return FoundDate(end, day_span(reading.day_anchor + timedelta(step)), DateKind.RELATIVE)
        return FoundDate(end, anchor if step == 0 else None, DateKind.RELATIVE)
    if words == "weekend":
        day = reading.day_anchor
        return FoundDate(end, weekend_of(day + timedelta(7 * step)) if day else None, DateKind.RELATIVE)
    base = anchor or reading.written
    if words in SEASON_NAMES:
        return FoundDate(end, season_span(base.first.year, SEASON_NAMES[words]) if base else None, DateKind.RELATIVE)
    grain = Grain(words)
    if base is None or coarser(base.grain, grain):
        return FoundDate(end, base if step == 0 else None, DateKind.RELATIVE)
    return FoundDate(end, neighbour(SPAN_OF[grain](base.first), step), DateKind.RELATIVE)


def _year_ago(end: int, reading: DateReading) -> FoundDate:
    """“the year-ago quarter”, “the same period”: the quarter named before, or the one of writing, a year back."""
    base = reading.anchor if reading.anchor and reading.anchor.grain is Grain.QUARTER else reading.written
    return FoundDate(
        end, quarter_span(base.first.year - 1, (base.first.month + 2) // 3) if base else None, DateKind.RELATIVE
    )


def _rolling(end: int, reading: DateReading, count: int, unit: Unit) -> FoundDate:
    """“the past three months” ends today, “the next two weeks” begins today."""
    if reading.today is None or unit in (Unit.MINUTE, Unit.HOUR):
        return FoundDate(end, None, DateKind.PERIOD)
    there = shift(reading.today, count, unit)
    grain = Grain.DECADE if unit is Unit.DECADE else grain_of(unit)
    return FoundDate(end, DateSpan(min(there, reading.today), max(there, reading.today), grain), DateKind.PERIOD)


def _whole_or_following(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    """The week, month or year of the writing where `whole` names one, else the expression that follows."""
    if not match["whole"]:
        return reading.read_on(match.end())
    grain = Grain(match["whole"].lower())
    if not reading.written or coarser(reading.written.grain, grain):
        return None
    return FoundDate(match.end(), SPAN_OF[grain](reading.written.first), DateKind.RELATIVE)


@TABLE.rule(
    ("first", "second", "latter", "last"),
    rf"(?:(first|second|latter|last){GAP}half|(?P<which>first|last){GAP}(?P<n>{NUMBER}){GAP}months){GAP}of{GAP}"
    rf"(?:the{GAP}(?P<whole>month|year|decade){END})?",
    DateKind.RELATIVE,
)
def _half(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    """“the first half of the year”, “the first three months of 2023”."""
    other = _whole_or_following(match, reading)
    whole = other.when if other else None
    if other is None or whole is None or whole.grain not in (Grain.MONTH, Grain.YEAR, Grain.DECADE):
        return None
    if not match["n"]:
        return FoundDate(other.end, part_of(whole, match[1].lower() != "first", 2), other.kind)
    count = number(match["n"])
    if whole.grain is not Grain.YEAR or not count or count != int(count) or count > 12:
        return None
    leading = match["which"].lower() == "first"
    first = whole.first if leading else shift(whole.last + timedelta(1), -int(count), Unit.MONTH)
    last = shift(whole.first, int(count), Unit.MONTH) - timedelta(1) if leading else whole.last
    return FoundDate(other.end, DateSpan(first, last, Grain.MONTH), DateKind.PERIOD)


@TABLE.rule(
    ("last", "past", "previous", "next", "coming", "following"),
    rf"(last|past|previous|next|coming|following){GAP}(?P<n>{NUMBER}|several|few){GAP}(?:more{GAP})?(?P<unit>{UNIT})",
    DateKind.PERIOD,
)
def _past_units(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    count, unit = measure(match["n"], match["unit"])
    if count is None or count != int(count):
        return FoundDate(match.end(), None, DateKind.PERIOD)
    sign = -1 if match[1].lower() in ("last", "past", "previous") else 1
    return _rolling(match.end(), reading, sign * int(count), unit)


_BESIDE = (
    rf"(?P<how>ago|from{GAP}(?:now|today)|hence|later|earlier|before|after(?:wards?)?|prior|previously|from|since|following)"
    + END
)


_OF_THE_DAY = lazy(rf"{GAP}(?P<day>today{END}|{WEEKDAY})(?!['’])", re.IGNORECASE)  # “a year ago | Tuesday”


@TABLE.rule(
    (DIGITS, *NUMBER_STARTS),
    rf"(?P<n>{NUMBER}|several|(?:a{GAP})?few|many|some)(?P<dash>-|{GAP})"
    rf"(?:(?:more|full|whole|straight|consecutive|short|entire){GAP})?(?P<unit>{UNIT})"
    rf"(?P<old>(?:-|{GAP})olds?\b|{GAP}of age\b)?(?:-long)?(?:{GAP}{_BESIDE})?",
    DateKind.DURATION,
)
def _units(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    """“two days later”, “11 days ago”, “a week before Labor Day”, “103 days”."""
    if match["old"]:
        return None
    (count, unit), how = measure(match["n"], match["unit"]), (match["how"] or "").lower().split(" ")[0]
    bare = FoundDate(match.end("unit"), None, DateKind.DURATION)
    if match["dash"] == "-":
        how = ""
    if how in ("ago", "hence") or (how == "from" and len(match["how"]) > 4):
        if count is None or count != int(count) or reading.today is None:
            return FoundDate(match.end(), None, DateKind.RELATIVE)
        sign = -1 if how == "ago" else 1
        if how == "ago" and unit is not Unit.DAY and (day := _OF_THE_DAY().match(reading.text, match.end())):
            seen = reading.read_on(day.start("day"))
            if seen and seen.when and seen.end == day.end():
                return FoundDate(day.end(), day_span(shift(seen.when.first, -int(count), unit)), DateKind.RELATIVE)
        return FoundDate(match.end(), _offset(reading.today, sign * int(count), unit), DateKind.RELATIVE)
    if how in ("before", "after", "from", "since", "following", "prior") or how.startswith("afterw"):
        place = match.end() + 1
        place += 3 if reading.text.startswith("to ", place) and how == "prior" else 0
        other = reading.read_on(place)
        sign = -1 if how in ("before", "prior") else 1
        if other and other.when and count is not None and count == int(count) and other.when.grain is Grain.DAY:
            return FoundDate(
                other.end, _offset(other.when.first, sign * int(count), unit, exact=True), DateKind.RELATIVE
            )
        follows = reading.text[match.end() : match.end() + 2].strip(" ")
        if how in ("before", "after") and not other and (not follows or follows[0] in ".,;)\n"):
            how = "later" if how == "after" else "earlier"
        elif not how.startswith("afterw"):
            return _in_units(match, reading, bare)
    if how in ("later", "earlier", "previously") or how.startswith("afterw"):
        if count is None:
            return FoundDate(match.end(), None, DateKind.RELATIVE)
        sign = -1 if how in ("earlier", "previously") else 1
        when = _from_anchor(reading, sign * count, unit)
        if when is None and match.start() in reading.sure and reading.today and count == int(count):
            when = _offset(reading.today, sign * int(count), unit, exact=True)
        return FoundDate(match.end(), when, DateKind.RELATIVE)
    return _in_units(match, reading, bare)


def _in_units(match: re.Match[str], reading: DateReading, bare: FoundDate) -> FoundDate | None:
    (count, unit), today = measure(match["n"], match["unit"]), reading.today
    led = previous_word(reading, match.start()) == "in" and match["dash"] != "-"  # “will be held in | two weeks”
    if led and today and count and count == int(count) and reading.tense(match.start(), bare.end) is Tense.FUTURE:
        return FoundDate(bare.end, _offset(today, int(count), unit), DateKind.RELATIVE)
    return bare if is_bare_unit(reading, match) else None


def _offset(day: date, count: int, unit: Unit, *, exact: bool = False) -> DateSpan:
    there = shift(day, count, unit)
    return day_span(there) if exact and unit in (Unit.DAY, Unit.WEEK) else SPAN_OF[grain_of(unit)](there)


def _from_anchor(reading: DateReading, count: float, unit: Unit) -> DateSpan | None:
    anchor = reading.anchor
    if count != int(count) or anchor is None:
        return None
    if unit is Unit.YEAR and anchor.grain in (Grain.QUARTER, Grain.SEASON, Grain.MONTH):
        return SPAN_OF[anchor.grain](shift(anchor.first, int(count), unit))
    if anchor.grain is Grain.DAY and anchor.first == anchor.last:
        return _offset(anchor.first, int(count), unit, exact=True)
    if coarser(anchor.grain, grain_of(unit)):
        return None
    return _offset(anchor.first, int(count), unit)


@TABLE.rule(
    ("day", "week", "month", "year", "night", "morning", "evening", "eve"),
    rf"(?P<unit>day|week|month|year|night|morning|evening){GAP}(?P<how>before|after|earlier){END}|eve{GAP}of{END}",
    DateKind.RELATIVE,
)
def _day_before(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    """“the day before”, “the day after Thanksgiving”, “the eve of May 2”."""
    if previous_word(reading, match.start()) not in ("the", "late", "early", "on"):
        return None
    sign = 1 if match["how"] and match["how"].lower() == "after" else -1
    word = (match["unit"] or "day").lower()
    unit = UNITS.get(word, Unit.DAY)
    other = reading.read_on(match.end() + 1)
    if other:
        if other.when and other.when.grain is Grain.DAY:
            return FoundDate(other.end, _offset(other.when.first, sign, unit, exact=True), DateKind.RELATIVE)
        return None
    follows = reading.text[match.end() : match.end() + 2].strip(" ")
    if match["unit"] and (not follows or follows[0] in ".,;)\n"):
        return FoundDate(match.end(), _from_anchor(reading, sign, unit), DateKind.RELATIVE)
    return None


@TABLE.rule(("week", "weekend", "month"), rf"(week|weekend|month){GAP}of{END}", DateKind.RELATIVE)
def _week_of(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    other = reading.read_on(match.end() + 1)
    if other is None or other.when is None:
        return None
    if match[1].lower() == "month":
        return other
    if other.when.grain is not Grain.DAY:
        return None
    when = week_of(other.when.first) if match[1].lower() == "week" else weekend_of(other.when.first)
    return FoundDate(other.end, when, DateKind.RELATIVE)


@TABLE.rule(("weekend",), rf"weekend{END}(?!{GAP}(?:of|box)\b)", DateKind.RELATIVE)
def _weekend(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    if previous_word(reading, match.start()) != "the":
        return None
    return FoundDate(match.end(), reading.weekend(0, match.start(), match.end()), DateKind.RELATIVE)


@TABLE.rule(
    PARTS,
    rf"({one_of(PARTS)})(?:[- ]|{GAP})(?:(?P<of>of|in|on|through|into|to){GAP})?(?:the{GAP})?"
    rf"(?P<whole>(?:week|month|quarter|year|decade){END})?",
    DateKind.RELATIVE,
)
def _part(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    """“early May”, “late on Tuesday”, “mid-1990s”, “the end of the year”."""
    word = match[1].lower()
    of = (match["of"] or "").lower()
    if (word in ("beginning", "start", "middle", "end")) != (of == "of"):
        return None
    if match["whole"]:
        if of not in ("of", "in") or not reading.written:
            return None
        grain = Grain(match["whole"].lower())
        if coarser(reading.written.grain, grain):
            return None
        return FoundDate(match.end(), part_of(SPAN_OF[grain](reading.written.first), PARTS[word], 3), DateKind.RELATIVE)
    other = reading.read_on(match.end())
    if other is None or other.when is None or (other.kind is DateKind.PERIOD and word != "end"):
        return other
    return FoundDate(other.end, part_of(other.when, PARTS[word], 3), other.kind)


@TABLE.rule(
    ("earlier", "later"),
    rf"(earlier|later){GAP}(?:on{GAP})?(?:in{GAP}the{GAP}(?P<whole>week|month|year){END})?",
    DateKind.RELATIVE,
)
def _earlier(match: re.Match[str], reading: DateReading) -> FoundDate | None:
    """“earlier this month” ends today, “later this year” begins today; “earlier Friday” is Friday."""
    other = _whole_or_following(match, reading)
    if other is None or (not match["whole"] and other.kind in (DateKind.PERIOD, DateKind.STRIKE_DAY)):
        return None
    if other.when and reading.today and reading.today in other.when and other.when.grain is not Grain.DAY:
        earlier = match[1].lower() == "earlier"
        first = other.when.first if earlier else reading.today
        last = reading.today if earlier else other.when.last
        return FoundDate(other.end, DateSpan(first, last, other.when.grain), other.kind)
    return other
