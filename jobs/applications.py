"""Lapse of cultivation objects on the day after their three years (第十四条)."""

from datetime import date, datetime, time

from app import clock
from app.policy.access import Actor
from app.policy.flow import PolicyError
from app.services.core import workflow
from app.services.core.by import By
from jobs.registry import job
from models.filing.applications import Application


@job(hour=0, minute=20, label="培育期满转出（第十四条）")
def lapse_cultivation(today: date) -> str:
    """Lapse every object whose cultivation is over; a refused row is reported and stops no other."""
    by = By(Actor.system("lapse-cultivation"), datetime.combine(today, time(0, 20), clock.SHANGHAI))
    lapsed, refused = 0, []
    for application in Application.objects.lapsing(today):
        try:
            workflow.advance(application, "lapse", by=by)
            lapsed += 1
        except PolicyError as why:
            refused.append(f"{application}：{why}")
    summary = [f"{lapsed} 家期满转出"] if lapsed else []
    return "；".join(summary + refused)
