"""Putting off the day until which a returned report is to be corrected: asked with a reason, answered by the city.

The day that the rules fix (第十八条: 4月15日) cannot be put off; only the one that an official set at the return can.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer
from app.policy.reports import steps
from app.policy.terms import ExtensionState, ReportStage
from app.services.core import messages
from app.services.core.by import By
from app.services.reports import writing
from models.database import transactional
from models.reports import AnnualReport, Extension

ASK, GRANT, REFUSE = "ask_extension", "grant_extension", "refuse_extension"


def correction_due(report: AnnualReport) -> date | None:
    """Return the day to be put off: the last one of the corrections."""
    return max((correction.due for correction in report.corrections), default=None)


def open_request(report: AnnualReport) -> Extension | None:
    """Return the unanswered request, or None."""
    return next(
        (extension for extension in report.extensions if extension.state == ExtensionState.OPEN.value), None
    )


def extension_offers(offers: list[Offer], report: AnnualReport) -> list[Offer]:
    """Offer an answer to an open request, else a new request."""
    asked = open_request(report)
    why = f"申请延至{asked.until}，待市局答复。" if asked else ""
    return [
        replace(offer, why=why) if offer.action == ASK else offer
        for offer in offers
        if asked or offer.action not in (GRANT, REFUSE)
    ]


@transactional
def ask_extension(
    report: AnnualReport, until: date | None, reason: str, *, version: int, by: By
) -> AnnualReport:
    """Ask for a later day. Raises NotAllowed (right, stage, no later day, no reason, one is waiting), Conflict."""
    _demand(ASK, report, by.actor)

    fresh = writing.current_report(report, version, by)
    last = correction_due(fresh)
    if open_request(fresh):
        raise NotAllowed("已有延期申请待市局答复，不能重复申请。")
    if until is None or until <= by.today or (last and until <= last):
        raise NotAllowed(f"延期须晚于今天和现定期限{last or ''}，请填写新的日期。")
    if not reason.strip():
        raise NotAllowed("申请延期须写明理由。")
    fresh.extensions.append(
        Extension(
            until=until,
            reason=reason.strip(),
            state=ExtensionState.OPEN.value,
            asked_by=by.actor.username,
            asked_name=by.actor.name,
            asked_at=by.now,
        )
    )
    change = ("extensions", "补正期限", last, f"申请延至{until}")
    return writing.write_report(fresh, version, Verb.EXTENSION_ASKED, [change], by=by, reason=reason)


@transactional
def answer_extension(
    report: AnnualReport, granted: bool, reason: str, *, version: int, by: By
) -> AnnualReport:
    """Grant or refuse the request; reminders follow the new day. Raises NotAllowed, Conflict."""
    _demand(GRANT if granted else REFUSE, report, by.actor)

    fresh = writing.current_report(report, version, by)
    asked = open_request(fresh)
    if asked is None:
        raise NotAllowed("没有待答复的延期申请。")
    if asked.asked_by == by.actor.username:
        raise NotAllowed("申请人不能答复自己的延期申请。")
    if not granted and not reason.strip():
        raise NotAllowed("不同意延期须写明理由。")
    state = ExtensionState.GRANTED if granted else ExtensionState.REFUSED
    verb = Verb.EXTENSION_GRANTED if granted else Verb.EXTENSION_REFUSED
    asked.state, asked.answer = state.value, reason.strip()
    asked.answered_by, asked.answered_name, asked.answered_at = by.actor.username, by.actor.name, by.now
    before = correction_due(fresh)
    if granted:
        for correction in fresh.corrections:
            correction.due = max(correction.due, asked.until)
    change = ("extensions", "补正期限", before, f"{state.label}：{correction_due(fresh)}")
    fresh = writing.write_report(fresh, version, verb, [change], by=by, reason=reason)
    text = f"{fresh}：{by.actor.name}{state.label}延期，补正期限为{correction_due(fresh)}。{reason.strip()}"
    link = f"/admin/annualreport/details/?id={fresh.pk}"
    messages.send([asked.asked_by], f"extension:{fresh.pk}:{fresh.version}", text, link, now=by.now)
    return fresh


def _demand(action: str, report: AnnualReport, actor: Actor) -> None:
    steps.REPORT_TABLE.demand_act(action, ReportStage(report.stage), actor.role)
