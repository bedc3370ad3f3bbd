"""The ledger 催报台账 as people use it: notes, who has not filed by area, the letter to all, the annex of a removal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app import documents
from app.documents.kinds.yearly import AnnualReminderInputs, ReminderLedgerInputs, ReminderLine, ReportingLine
from app.policy import access, deadlines
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer
from app.policy.pack import Area
from app.policy.reminders import DeliveryState, NoteKind
from app.policy.terms import Kind, Level, Role
from app.services import papers
from app.services.core import audit, records, rules, scope
from app.services.core.by import By
from app.services.reports import due as reports_due
from models.database import transact
from models.papers import Paper
from models.registry.units import Unit
from models.reminders.entries import ReminderEntry, ReminderNote

ANNUAL_REPORT = "annual_report"
NOTE_INPUTS = ("told_on", "said")


# --- notes --------------------------------------------------------------------------------------------------


NOTED = {
    NoteKind.PHONE: Verb.CALL_NOTED,
    NoteKind.PAPER: Verb.DELIVERY_NOTED,
    NoteKind.ANSWER: Verb.ANSWER_NOTED,
    NoteKind.BOUNCE: Verb.BOUNCE_NOTED,
}


def note_offers(entry: ReminderEntry, *, actor: Actor) -> list[Offer]:
    """What may be taken down beside a reminder; a mail that came back only where one was sent."""
    if not access.may(actor, "note", "reminderentry"):
        return []
    came_back = "" if entry.mail == DeliveryState.SENT.value else "没有已发送的邮件。"
    return [
        Offer(way.value, way.label, came_back if way is NoteKind.BOUNCE else "", NOTE_INPUTS)
        for way in NoteKind
    ]


def add_note(entry: ReminderEntry, way: NoteKind, text: str, on: date | None, *, by: By) -> ReminderEntry:
    """Add a call, a letter, an answer or a returned mail. Raises NotAllowed (right, scope, nothing said, future)."""
    if not access.may(by.actor, "note", "reminderentry"):
        raise NotAllowed(f"{by.actor.role.label}不能登记催报情况。")
    if not text.strip():
        raise NotAllowed("请写明告知了谁、说了什么，或对方如何答复。")
    if on is None or on > by.today:
        raise NotAllowed("请填写不晚于今天的日期。")

    def work() -> ReminderEntry:
        fresh = scope.find(by, ReminderEntry, entry.pk)
        if fresh is None:
            raise NotAllowed(records.OUT_OF_SCOPE)
        added = ReminderNote(
            way=way.value, on=on, text=text.strip(), by=by.actor.username, name=by.actor.name, at=by.now
        )
        values: dict[str, Any] = {"notes": [*fresh.notes, added]}
        if way is NoteKind.BOUNCE:
            values |= _returned_values(fresh, text.strip())
        return records.write(
            fresh,
            values,
            version=fresh.version,
            by=by,
            verb=NOTED[way],
            reason=text.strip(),
        )

    return transact(work)


def _returned_values(entry: ReminderEntry, text: str) -> dict[str, Any]:
    if entry.mail != DeliveryState.SENT.value:
        raise NotAllowed("这条催报没有已发送的邮件。")
    returned = {"mail": DeliveryState.RETURNED.value, "problem": f"退信：{text}"}
    return returned | ({} if entry.message else {"state": DeliveryState.RETURNED.value})


# --- who has not filed --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AreaStanding:
    """One area's annual reports of a year."""

    area: Area
    due: int
    filed: int
    late: int
    overdue: int

    @property
    def open(self) -> int:
        return self.due - self.filed


@dataclass(frozen=True)
class UnfiledReport:
    """One report that has not been filed, with what the ledger says of it."""

    owed: reports_due.Owed
    reminded: int
    last_at: datetime | None
    reached: bool
    notes: int


def area_standings(expected: Iterable[reports_due.Owed], actor: Actor) -> list[AreaStanding]:
    """Side by side in the official order: the areas of the actor, or all."""
    by_area: dict[str, list[reports_due.Owed]] = defaultdict(list)
    for one in expected:
        by_area[one.area].append(one)
    return [
        AreaStanding(
            area,
            len(rows := by_area.get(area.code, [])),
            sum(one.filed for one in rows),
            sum(one.late for one in rows),
            sum(one.overdue for one in rows),
        )
        for area in rules.pack().areas
        if actor.area in ("", area.code)
    ]


def unfiled_reports(expected: Iterable[reports_due.Owed], year: int) -> list[UnfiledReport]:
    """Every report still owed, with how often its unit was reminded, when last, and whether anything arrived."""
    owed = [one for one in expected if not one.filed]
    told: dict[tuple[Any, str], list[ReminderEntry]] = defaultdict(list)
    rows = ReminderEntry.objects(
        rule=ANNUAL_REPORT,
        year=year,
        recipient_role=Role.UNIT.value,
        unit_id__in=[one.unit_id for one in owed],
    )
    for entry in rows.only("unit_id", "kind", "at", "state", "notes"):
        told[entry.unit_id, entry.kind].append(entry)
    return [_unfiled_report(one, told[one.unit_id, one.kind]) for one in owed]


def _unfiled_report(owed: reports_due.Owed, entries: Sequence[ReminderEntry]) -> UnfiledReport:
    return UnfiledReport(
        owed,
        len(entries),
        max((entry.at for entry in entries), default=None),
        any(entry.state == DeliveryState.SENT.value for entry in entries),
        sum(len(entry.notes) for entry in entries),
    )


def draft_letter(year: int, *, by: By) -> Paper:
    """催报通知 to the areas with everybody who has not filed, as a draft paper. Raises NotAllowed."""
    owed = reports_due.owing(year, by.today, by.actor)
    if not owed:
        raise NotAllowed(f"{year}年度动态管理表已全部填报，不需要催报。")
    areas = [area.code for area in rules.pack().areas if area.code in {one.area for one in owed}]
    inputs = letter_inputs(year, owed, now=by.now)
    return papers.compose("annual_reminder", inputs, areas=areas, by=by)


def letter_inputs(year: int, owed: Iterable[reports_due.Owed], *, now: datetime) -> AnnualReminderInputs:
    """What the letter says: one line a unit and kind, with every level that it is listed at."""
    given = papers.default_inputs("annual_reminder", now) | {
        "year": year,
        "due": deadlines.legal_date(rules.pack(), ANNUAL_REPORT, year),
        "units": reporting_lines(owed),
    }
    return AnnualReminderInputs(**given)


def annual_call_inputs(today: date) -> dict[str, Any]:
    """Return the units that have to file this year, for the call 年度动态管理表填报通知."""
    return {"units": reporting_lines(reports_due.expected(today.year, today))}


def reporting_lines(owed: Iterable[reports_due.Owed]) -> tuple[ReportingLine, ...]:
    """One line a unit and kind, area by area, with every level that it is listed at."""
    pack = rules.pack()
    return tuple(
        ReportingLine(
            one.unit_name,
            "、".join(Level(level).label for level in one.levels),
            Kind(one.kind).label,
            pack.area(one.area).name,
        )
        for one in sorted(owed, key=lambda one: (pack.order(one.area), one.unit_name, one.kind))
    )


# --- the annex of a removal -----------------------------------------------------------------------------------


def annex_docx(unit: Unit, kind: str, year: int, *, by: By) -> bytes:
    """催报记录 of one unit, kind and year as .docx (第二十一条（二）). Raises NotAllowed when nobody was reminded."""
    content = documents.build(
        "reminder_ledger", annex_inputs(unit, kind, year, now=by.now), verification=None
    )
    reason = f"{year}年度{Kind(kind).label}"
    transact(lambda: audit.record(Verb.REMINDERS_PRINTED, by=by, subject=unit, reason=reason))
    return content


def annex_inputs(unit: Unit, kind: str, year: int, *, now: datetime) -> ReminderLedgerInputs:
    """Each reminder and each note in the order of time. Raises NotAllowed when the ledger has nothing."""
    entries = list(entries_of_unit(unit.pk, kind, year))
    if not entries:
        raise NotAllowed("催报台账中没有该单位、类别和年度的记录。")
    owed = [
        one for one in reports_due.expected(year, now.date()) if one.unit_id == unit.pk and one.kind == kind
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
    """The ledger of one unit, kind and year in the order of time."""
    return ReminderEntry.objects(rule=ANNUAL_REPORT, unit_id=unit_id, kind=kind, year=year).order_by(
        "at", "id"
    )


def proven(unit_id: Any, kind: str, year: int) -> bool:
    """Whether the unit was reminded before and after the due day and something arrived: 第二十一条（二）asks for it."""
    reached = [
        one
        for one in entries_of_unit(unit_id, kind, year)
        if one.recipient_role == Role.UNIT.value and arrived(one)
    ]
    return any(one.at.date() <= one.due for one in reached) and any(
        one.at.date() > one.due for one in reached
    )


def arrived(entry: ReminderEntry) -> bool:
    """Sent, or said by telephone or on paper instead."""
    by_hand = {NoteKind.PHONE.value, NoteKind.PAPER.value}
    return entry.state == DeliveryState.SENT.value or any(one.way in by_hand for one in entry.notes)


def lost_mail(entry: ReminderEntry) -> DeliveryState | None:
    """What became of a mail that did not arrive, where the message on the screen did."""
    lost = entry.message and entry.mail in (DeliveryState.FAILED.value, DeliveryState.RETURNED.value)
    return DeliveryState(entry.mail) if lost else None


def channels_used(entry: ReminderEntry) -> str:
    """The channels of an entry in words."""
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
