"""The year in which the story plays, and its working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.policy import workdays
from app.policy.workdays import Holidays

OVER = (11, 1)  # from here on a year has been played to its end: list published, second round under way
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Season:
    """The last year that ends before `now`; all its moments lie before `now`."""

    now: datetime
    holidays: Holidays

    @property
    def year(self) -> int:
        return self.now.year if (self.now.month, self.now.day) >= OVER else self.now.year - 1

    def on(self, month: int, day: int, clock: str = "10:00", *, year: int | None = None) -> datetime:
        """Return a day of the season or of another year, or the next working day."""
        return self.at(date(year or self.year, month, day), clock)

    def exactly(self, month: int, day: int, clock: str) -> datetime:
        """Return a day of the season, working day or not: jobs run on every day."""
        return datetime.combine(date(self.year, month, day), time.fromisoformat(clock), self.now.tzinfo)

    def after(self, day: date, count: int, clock: str = "10:00") -> datetime:
        """Return the moment `count` working days after a day, such as the last one of a public notice."""
        return self.at(workdays.workdays_after(day, count, self.holidays), clock)

    def ago(self, count: int, clock: str = "10:00") -> datetime:
        """Return the moment `count` working days before today."""
        day = self.now.date()
        while count:
            day -= DAY
            count -= workdays.is_workday(day, self.holidays)
        return self.at(day, clock)

    def at(self, day: date, clock: str) -> datetime:
        worked = workdays.add_workdays(day, 1, self.holidays)
        return datetime.combine(worked, time.fromisoformat(clock), self.now.tzinfo)
