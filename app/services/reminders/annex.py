"""The annex of a removal: one unit's reminders and notes of a year (第二十一条)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app import documents
from app.documents.kinds.yearly import ReminderLedgerInputs, ReminderLine
from app.policy import deadlines
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.reminders import DeliveryState, NoteKind
from app.policy.terms import Kind, Role
from app.services import papers, reports
from app.services.core import audit, rules
from app.services.core.by import By
from models.database import transact
from models.registry.units import Unit
from models.reminders.entries import ReminderEntry, ReminderNote

ANNUAL_REPORT = "annual_report"


def annex_docx(unit: Unit, kind: str, year: int, *, by: By) -> bytes:
    """Return the 催报记录 of one unit, kind and year as .docx and audit it. Raises NotAllowed without entries."""
    content = documents.build(
        "reminder_ledger", annex_inputs(unit, kind, year, now=by.now), verification=None
    )
    reason = f"{year}年度{Kind(kind).label}"
    transact(lambda: audit.record(Verb.REMINDERS_PRINTED, by=by, subject=unit, reason=reason))
    return content


def annex_inputs(unit: Unit, kind: str, year: int, *, now: datetime) -> ReminderLedgerInputs:
    """Return each reminder and each note in order of time. Raises NotAllowed without entries."""
    entries = list(entries_of_unit(unit.pk, kind, year))
    if not entries:
        raise NotAllowed("催报台账中没有该单位、类别和年度的记录。")
    owed = [
        report
        for report in reports.expected_reports(year, now.date())
        if report.unit_id == unit.pk and report.kind == kind
    ]
    lines = [line for entry in entries for line in (_line(entry), *map(_note_line, entry.notes))]
    given = papers.default_inputs("reminder_ledger", now) | {
        "year": year,
        "unit_name": unit.name,
        "kind_label": Kind(kind).label,
        "as_of": now.date(),
        "area_name": rules.pack().area(unit.area).name,
        "due": deadlines.legal_date(rules.pack(), ANNUAL_REPORT, year),
        "state": owed[0].state if owed else "不需填报",
        "entries": tuple(sorted(lines, key=lambda line: line.sent_at)),
    }
    return ReminderLedgerInputs(**given)


def entries_of_unit(unit_id: Any, kind: str, year: int) -> Iterable[ReminderEntry]:
    """Return the ledger of one unit, kind and year in order of time."""
    return ReminderEntry.objects(rule=ANNUAL_REPORT, unit_id=unit_id, kind=kind, year=year).order_by(
        "at", "id"
    )


def lost_mail(entry: ReminderEntry) -> DeliveryState | None:
    """Return the state of a mail that did not arrive although the message on the screen did, or None."""
    lost = entry.message and entry.mail in (DeliveryState.FAILED.value, DeliveryState.RETURNED.value)
    return DeliveryState(entry.mail) if lost else None


def channels_used(entry: ReminderEntry) -> str:
    """Return the channels of an entry in words."""
    used = [label for label, state in (("站内消息", entry.message), ("邮件", entry.mail)) if state]
    return "、".join(used) or "无"


def _line(entry: ReminderEntry) -> ReminderLine:
    role = Role(entry.recipient_role).label
    result = DeliveryState(entry.state).label
    if lost := lost_mail(entry):
        result += f"（邮件{lost.label}）"
    recipient = f"{entry.recipient_name}（{role}）" if entry.recipient_name else f"无（{role}）"
    return ReminderLine(_step(entry), entry.at, recipient, channels_used(entry), result, entry.problem or "")


def _note_line(note: ReminderNote) -> ReminderLine:
    way = NoteKind(note.way)
    return ReminderLine(
        way.label, note.at, "—", way.label, "已登记", f"{note.on}：{note.text}（{note.name}）"
    )


def _step(entry: ReminderEntry) -> str:
    return f"{entry.at.month}月{entry.at.day}日（{entry.step_label}）"
