"""Finds articles that tell as done what other articles date later than them, and says so in a sentence: “date uncertain”.

What each article tells is `told_events`', its own words against its date are `own_words`'. Precision comes first: an act that
may have happened twice is no contradiction, and no article is compared with one that its readers may not see.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from corpus.article import PUBLIC
from corpus.day_words import say
from index.doubts.told_records import Dated, Deed, ToldEvent
from index.doubts.told_sides import PORTS, STUDIOS
from index.unions import unions

# Articles of different texts that must date an act to the same day: one alone can be wrong.
WITNESSES = 2
# All that follows is in days, and judged, not measured; of a time zone, and the hours between writing and its date:
NEAR = 1
# As above, and for what is told without a day, since a deal is told on the weekend and dated by its announcement.
SOON = 2
# A strike is called over when the deal is struck, and dated by the end of picketing or the board's vote.
WINDING_UP = 14
# Sources that differ by so much speak of one act: the writers' strike of 2023 “ended” on 24, 26 and 27 September.
SAME = 3
# Farther apart it is rather another round of bargaining.
FAR = 300
# An act told without a day may be that of the round before: contracts run for three or four years.
ROUND = 1_500
# “Wednesday” is not of the round before.
_JUST = 14
_MONTH = 31
# An article dated right before the day tells of the same act, with a wrong date, rather than of another one.
WEEK = 7

# Talks are broken off and resumed several times in one dispute, and contracts are extended: those need a date to be told.
_ONCE = frozenset((Deed.BEGUN, Deed.ENDED, Deed.AGREED, Deed.RATIFIED))
_TOLD = {
    Deed.BEGUN: "the strike of {} has begun",
    Deed.ENDED: "the strike of {} has ended",
    Deed.AGREED: "{} reached a deal",
    Deed.RATIFIED: "the contract of {} was ratified",
    Deed.REJECTED: "a deal of {} was rejected",
    Deed.RESUMED: "the talks of {} resumed",
    Deed.BROKEN_OFF: "the talks of {} were broken off",
    Deed.EXPIRED: "the contract of {} has expired",
}


@dataclass(frozen=True, slots=True)
class Teller:
    """What is known of an article: `digest` is its text's, `doubt` what its own words say against its date, or “”."""

    row: int
    collection: str
    published: date | None
    digest: str
    doubt: str
    told: tuple[ToldEvent, ...]


def later_doubts(articles: Iterable[Teller]) -> dict[int, str]:
    """By row, a sentence on what each article tells as done before it was, by the others' account; most have none.

    Articles of a collection are compared with each other and the public ones, public ones with public ones alone. The
    order of articles changes nothing. Takes time in proportion to the events told; articles without cost next to nothing.
    """
    telling = [one for one in articles if one.told]
    dated = _doubts(telling, [one for one in telling if not one.doubt], _by_its_date)
    # What has a wrong date must not speak for a first time, on the day of that date.
    left = [one for one in telling if one.row not in dated]
    return dated | _doubts(left, [one for one in left if not one.doubt], _by_its_silence)


@dataclass(slots=True)
class _Account:
    """What articles whose dates are not doubted tell of one act of one side."""

    by_day: dict[date, set[str]] = field(default_factory=dict)  # the digests of those that date it to the day
    without: set[tuple[date, str]] = field(default_factory=set)  # when it is told without a day, and in which text
    days: list[date] = field(default_factory=list)  # both sorted
    told: list[tuple[date, str]] = field(default_factory=list)

    def add(self, event: ToldEvent, teller: Teller) -> None:
        if event.dated is Dated.MONTH:
            return
        if event.day and (teller.published or event.dated is Dated.FULL):
            self.by_day.setdefault(event.day, set()).add(teller.digest)
        elif teller.published:
            self.without.add((teller.published, teller.digest))

    def leave_out(self, public: "_Account") -> None:
        """Forgets what is told in public too: a text that a server keeps as well is one witness."""
        for day in self.by_day.keys() & public.by_day.keys():
            self.by_day[day] -= public.by_day[day]

    def sort(self) -> None:
        self.days, self.told = sorted(self.by_day), sorted(self.without)


_Accounts = dict[tuple[str, str, Deed], _Account]


class _Others:
    """What the readers of an article may see of the other articles' account of one act of one side."""

    def __init__(self, accounts: _Accounts, teller: Teller, side: str, deed: Deed) -> None:
        self._all, self._teller, self._side = accounts, teller, side
        self._digest = teller.digest
        seen = sorted({PUBLIC, teller.collection})  # never another server's
        self._layers = [accounts[key] for one in seen if (key := (one, side, deed)) in accounts]

    def of(self, deed: Deed) -> "_Others":
        """Their account of another act of the side."""
        return _Others(self._all, self._teller, self._side, deed)

    def witnesses(self, day: date) -> int:
        """How many texts date the act to the day."""
        telling = [one.by_day[day] for one in self._layers if day in one.by_day]
        return sum(map(len, telling)) - any(self._digest in one for one in telling)

    def days(self, first: date, last: date) -> list[date]:
        """The days, both included, to which the act is dated, in their order."""
        found = {
            day
            for one in self._layers
            for day in one.days[bisect_left(one.days, first) : bisect_right(one.days, last)]
            if self.witnesses(day)
        }
        return sorted(found)

    def is_told(self, first: date, last: date) -> bool:
        """Whether an article published within these days tells the act as done without a day."""
        for one in self._layers:
            for place in range(bisect_left(one.told, (first, "")), len(one.told)):
                published, digest = one.told[place]
                if published > last:
                    break
                if digest != self._digest:
                    return True
        return False


def _doubts(
    telling: Sequence[Teller],
    sure: Sequence[Teller],
    known: Callable[[ToldEvent, date, _Others], date | None],
) -> dict[int, str]:
    """The sentence for each article of which an event is known to be of a later day."""
    accounts: _Accounts = {}
    for teller in sure:
        for event in teller.told:
            accounts.setdefault((teller.collection, event.side, event.deed), _Account()).add(event, teller)
    for (collection, side, deed), account in accounts.items():
        public = accounts.get((PUBLIC, side, deed))
        if public and collection != PUBLIC:
            account.leave_out(public)
        account.sort()
    found: dict[int, str] = {}
    for teller in telling:
        published = teller.published
        if published is None:
            continue
        for event in teller.told:
            day = known(event, published, _Others(accounts, teller, event.side, event.deed))
            if day:
                found[teller.row] = _sentence(event, published, day)
                break
    return found


def _by_its_date(event: ToldEvent, published: date, others: _Others) -> date | None:
    """The day that the event itself names, after the article's, where others name it too."""
    if event.day is None:
        return None
    if event.dated is Dated.FULL:
        late = event.day > _moved(published, NEAR)
        return event.day if late and others.witnesses(event.day) >= WITNESSES else None
    if event.dated not in (Dated.YEARLESS, Dated.MONTH):
        return None
    whole = event.dated is Dated.MONTH
    meant = _moved(event.day, _MONTH if whole else SAME)
    if others.days(_moved(event.day, -SAME), min(meant, published)):
        return None
    # “Began May 2”, dated in March, means the May before; not so where others know it as that of the same year.
    for day in others.days(_moved(published, SOON + 1), _moved(published, FAR)):
        if day.month == event.day.month and (whole or day.day == event.day.day) and others.witnesses(day) >= WITNESSES:
            return day
    return None


def _by_its_silence(event: ToldEvent, published: date, others: _Others) -> date | None:
    """The day of an event that is told without one, where it is known to be later and to have been only then."""
    if event.deed not in _ONCE or event.dated not in (Dated.NONE, Dated.FLOATING):
        return None
    before = _JUST if event.dated is Dated.FLOATING else ROUND
    days = others.days(_moved(published, -before), _moved(published, FAR))
    best = next((day for day in days if others.witnesses(day) >= WITNESSES), None)
    if best is None or days[0] < _moved(best, -SAME) or days[0] <= _moved(published, SOON):
        return None
    if others.is_told(_moved(published, -FAR), _moved(best, -WEEK)) or _was_done_before(
        event.deed, published, best, others
    ):
        return None
    about = [day for day in days if day <= _moved(best, SAME)]
    return max(about, key=lambda day: (others.witnesses(day), -day.toordinal()))


def _was_done_before(deed: Deed, published: date, best: date, others: _Others) -> bool:
    """Whether other acts of the side make a first time likely, of which nobody else tells the day."""
    lately = _moved(published, -FAR)
    if deed is Deed.ENDED:
        agreed = others.of(Deed.AGREED)
        return best <= _moved(published, WINDING_UP) or bool(agreed.days(lately, _moved(published, SOON)))
    if deed is Deed.BEGUN:
        return bool(others.of(Deed.ENDED).days(lately, _moved(best, -1)))
    rejected = others.of(Deed.REJECTED)
    return bool(rejected.days(lately, best)) or rejected.is_told(lately, best)


def _sentence(event: ToldEvent, published: date, day: date) -> str:
    key, _, other = event.side.partition("/")
    name = unions()[key].name if key in unions() else key
    bare = name.startswith(("The ", "Starbucks")) or name.split()[0].isupper() or "Local" in name
    shown = (name if bare else f"the {name}") + ("" if other in (STUDIOS, PORTS) else f" ({other})")
    told = _TOLD[event.deed].format(shown)
    return (
        f"It tells that {told} (“{event.words}”), but is dated {say(published)}; other articles date that {say(day)}."
    )


def _moved(day: date, days: int) -> date:
    """The day so many days on, or the first or last that there is."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))
