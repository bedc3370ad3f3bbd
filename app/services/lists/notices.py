"""Public notices: their period, the inputs of their paper, and the record that everybody may read (第十五条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.documents.kinds.lists import PublicNoticeInputs
from app.policy import workdays
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.services import papers
from app.services.core import records, rules
from app.services.core.by import By
from app.services.lists.notice_lines import stored_lines
from models.decisions import Decision
from models.filing.applications import Application
from models.lists import PublicNotice
from models.papers import Paper


def notice_period(details: Mapping[str, Any], by: By) -> dict[str, Any]:
    """Return first and last day of a notice issued today, by its first day and the values in force. Raises NotAllowed."""
    first = _as_day(details.get("first_day"))
    if first is None:
        raise NotAllowed("请填写公示首日。")
    if first < by.today:
        raise NotAllowed(
            f"公示首日{first.month}月{first.day}日已过，公示不能从印发之前的日子算起（第十五条）："
            "首日改为今天或以后；已拟办的，请退回审批单，由市局经办改填首日后重新拟办。"
        )
    values, calendar = rules.values(), rules.Calendar()
    last = workdays.notice_end(first, values["notice_days"], values["notice_day_type"], calendar)
    return {
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "days": values["notice_days"],
        "day_type": values["notice_day_type"],
    }


def _as_day(value: Any) -> date | None:
    """Return a first day as entered, or as a decision keeps it."""
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def stated_period(details: Mapping[str, Any], by: By) -> list[tuple[str, Any]]:
    """Return first and last day of a notice, and how they are counted, for the page of its decision."""
    unit = dict(rules.pack().discretion["notice_day_type"].choices)[details["day_type"]]
    return [
        ("公示首日", date.fromisoformat(details["first_day"])),
        ("公示末日", date.fromisoformat(details["last_day"])),
        ("公示期", f"{details['days']}个{unit}（末日按印发当日的设置计算）"),
    ]


def notice_inputs(decision: Decision, rows: Sequence[Application], now: datetime) -> PublicNoticeInputs:
    """Return the inputs of 公示: the units, and the period that the decision fixed."""
    details = decision.details
    day_types = dict(rules.pack().discretion["notice_day_type"].choices)
    return PublicNoticeInputs(
        **papers.bureau_letterhead(now),
        year=rows[0].review_year or now.year,
        units=papers.unit_lines(rows),
        first_day=date.fromisoformat(details["first_day"]),
        last_day=date.fromisoformat(details["last_day"]),
        days=details["days"],
        day_type=day_types[details["day_type"]],
        address=rules.values()["contact_address"],
    )


def open_notice(
    paper: Paper, inputs: PublicNoticeInputs, rows: Sequence[Application], by: By
) -> dict[str, Any]:
    """Insert the notice of an issued paper and return the fields that its applications take over.

    It is written once, from the paper's own inputs: the public page shows exactly what was issued.
    """
    notice = PublicNotice(
        year=inputs.year,
        title=paper.title,
        paper_id=paper.pk,
        first_day=inputs.first_day,
        last_day=inputs.last_day,
        days=inputs.days,
        day_type=inputs.day_type,
        areas=sorted({row.area for row in rows}),
        unit_ids=[row.unit_id for row in rows],
        lines=stored_lines(inputs.units, [row.unit_id for row in papers.in_list_order(rows)]),
    )
    records.insert(notice, by=by, verb=Verb.NOTICE_PUBLISHED)
    return {"notice_id": notice.pk, "last_day": notice.last_day}
