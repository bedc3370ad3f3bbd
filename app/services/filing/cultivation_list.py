"""Inputs of the paper that confirms cultivation objects (第十四条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.documents.kinds.review import CultivationInputs
from app.policy import deadlines
from app.services import papers
from app.services.core import rules
from app.services.core.by import By
from models.decisions import Decision
from models.filing.applications import Application


def cultivation_inputs(decision: Decision, rows: Sequence[Application], now: datetime) -> CultivationInputs:
    """Return the inputs of 培育对象名单通知: the units, and the years from today."""
    pack = rules.pack()
    return CultivationInputs(
        **papers.bureau_letterhead(now),
        year=rows[0].year,
        addressees=pack.city.addressees,
        units=papers.unit_lines(rows),
        valid_from=now.date(),
        valid_to=deadlines.cultivation_end(now.date(), pack.cultivation_years),
        valid_years=pack.cultivation_years,
        cc=(pack.city.province_department,),
    )


def cultivation_period(details: Mapping[str, Any], by: By) -> dict[str, Any]:
    """Return first and last day of a cultivation that is confirmed today."""
    last = deadlines.cultivation_end(by.today, rules.pack().cultivation_years)
    return {**details, "valid_from": by.today.isoformat(), "valid_to": last.isoformat()}


def stated_years(details: Mapping[str, Any], by: By) -> list[tuple[str, Any]]:
    """Return first and last day of the cultivation, for the page of its decision."""
    days = (("培育有效期起（印发之日）", "valid_from"), ("培育有效期止", "valid_to"))
    return [(label, date.fromisoformat(details[key])) for label, key in days if key in details]
