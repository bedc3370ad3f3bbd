"""Expiry of the rules (第二十九条)."""

from datetime import date

from app import clock
from app.services import reminders
from jobs.registry import job


@job(hour=8, minute=15, label="细则有效期届满提示（第二十九条）")
def warn_of_expiry(today: date) -> str:
    """Warn months before the rules expire."""
    return reminders.warn_of_expiry(today, now=clock.now())
