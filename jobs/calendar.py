"""Daily calendar checks: ended public notices (第十五条), unpublished holidays, last year's numbers."""

from datetime import date

from app import clock
from app.policy.access import Actor
from app.services import reminders
from app.services.core.by import By
from jobs.registry import job


@job(hour=0, minute=30, label="公示期满提示（第十五条）")
def announce_notice_ends(today: date) -> str:
    """Tell the city that public notices have ended and can become listings."""
    ended = reminders.announce_ended_notices(today, now=clock.now())
    return f"{ended}个公示期满" if ended else ""


@job(hour=8, minute=10, label="下一年度节假日缺失提示")
def check_holidays(today: date) -> str:
    """Warn that next year's holidays have not been entered."""
    return reminders.warn_of_missing_holidays(today, now=clock.now())


@job(hour=3, minute=20, label="文号清理（作废上年度未使用的文号）")
def sweep_numbers(today: date) -> str:
    """Void the numbers that were reserved last year and never used."""
    return reminders.void_old_numbers(today, by=By(Actor.system("sweep-numbers"), clock.now()))
