"""The one value that says who acts and when; every verb takes it and passes it on whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.policy.access import Actor

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class By:
    """An actor and the moment of the act; made once a request and once a job."""

    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        """Return the day of the act in Shanghai."""
        return self.now.date()

    @classmethod
    def on(cls, actor: Actor, day: date) -> By:
        """Return who acts at midnight of `day`, for readers that need no time."""
        return cls(actor, datetime.combine(day, time(), SHANGHAI))
