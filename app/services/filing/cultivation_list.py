"""Inputs of the paper that confirms cultivation objects (第十四条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.documents.kinds.review import CultivationInputs
from app.policy import deadlines
from app.services import papers
from app.services.core import rules
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
