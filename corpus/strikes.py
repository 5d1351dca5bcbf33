"""The strikes that news counted by days, and which day each count means."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Strike:
    """A strike that news counted by days; both days are strike days, the first is day 1."""

    side: str
    first: date
    last: date

    def day(self, number: int) -> date | None:
        """The day of that number, or None where the strike had no such day."""
        lasted = (self.last - self.first).days + 1
        return self.first + timedelta(number - 1) if 1 <= number <= lasted else None


# Starts and ends are facts of record (the unions' own announcements). The game strike of 2016 is here since a
# count that fits it and that of 2024 must not be taken for either.
STRIKES = (
    Strike("writers", date(2007, 11, 5), date(2008, 2, 12)),
    Strike("games", date(2016, 10, 21), date(2017, 9, 23)),
    Strike("writers", date(2023, 5, 2), date(2023, 9, 26)),
    Strike("actors", date(2023, 7, 14), date(2023, 11, 8)),
    Strike("games", date(2024, 7, 26), date(2025, 6, 11)),
)
