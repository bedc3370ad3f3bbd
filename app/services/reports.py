"""Annual reports (第十八条): who owes one, filling it in, explaining doubts, refusing it in writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bson import Decimal128, ObjectId

from app.exchange.uploads import Examined
from app.policy import access, deadlines, flow, listing, reporting
from app.policy.access import Actor
from app.policy.doubts import Doubt
from app.policy.flow import Moment, NotAllowed, Offer
from app.policy.indicators import Definition
from app.policy.terms import Kind, Level, ReportStage, Role
from app.services import audit, files, indicators, records, reports_check, rules, scope, workflow
from app.services.workflow import Given
from models.database import transact
from models.files import Attachment
from models.listing import Listing
from models.reports import AnnualReport, ChangeStatement
from models.units import Unit

HEAD = ("stated_name", "stated_address", "stated_boundary")
PLATFORM = ("platform_receipt", "submitted_on")
ENTRY = ("unit_id", "unit_name", "area", "kind", "level", "entered_on", "removed_on", "in_force")


# --- who owes one -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Owed:
    """One report that is due: of a unit and kind, whatever the levels of its entries."""

    unit_id: ObjectId
    unit_name: str
    area: str
    kind: str
    levels: tuple[str, ...]
    due: date
    today: date
    report: AnnualReport | None

    @property
    def filed(self) -> bool:
        return self.report is not None and ReportStage(self.report.stage) in listing.FILED

    @property
    def late(self) -> bool:
        """Filed, but on the platform only after the due day."""
        return (
            self.report is not None and self.filed and reporting.is_late(self.report.submitted_on, self.due)
        )

    @property
    def overdue(self) -> bool:
        """Not filed although the due day is over; computed, never stored."""
        return not self.filed and self.today > self.due

    @property
    def declined(self) -> bool:
        return self.report is not None and self.report.stage == ReportStage.DECLINED

    @property
    def state(self) -> str:
        if self.report is None:
            return "未填报"
        return ReportStage(self.report.stage).label


def expected(year: int, today: date, actor: Actor | None = None) -> list[Owed]:
    """Every unit + kind that owes a report of this year, filed or not; within the actor's rows where one is given.

    第十八条: an entry of any level that was published before 04-15 and is in force on that day.
    """
    due = deadlines.legal_date(rules.pack(), "annual_report", year)
    entries: dict[tuple[ObjectId, str], list[dict[str, Any]]] = {}
    rows = Listing.objects if actor is None else scope.rows(actor, Listing, today)
    rows = rows.filter(entered_on__lt=due).order_by("area", "unit_name").only(*ENTRY)
    # As stored: a hundred thousand entries through the mapper take as long as reminding of them all.
    for entry in rows.as_pymongo():
        removed_on = entry["removed_on"].date() if entry.get("removed_on") else None
        if reporting.owes(entry["entered_on"].date(), removed_on, entry["in_force"], due):
            entries.setdefault((entry["unit_id"], entry["kind"]), []).append(entry)
    reports = {
        (one.unit_id, one.kind): one
        for one in AnnualReport.objects(year=year, unit_id__in=[k[0] for k in entries])
    }
    return [
        Owed(
            unit_id=key[0],
            unit_name=held[0]["unit_name"],
            area=held[0]["area"],
            kind=key[1],
            levels=tuple(level.value for level in Level if level.value in {one["level"] for one in held}),
            due=due,
            today=today,
            report=reports.get(key),
        )
        for key, held in entries.items()
    ]


def owing(year: int, today: date, actor: Actor | None = None) -> list[Owed]:
    """Those of `expected` that have not been filed: never begun, still a draft, returned, or refused in writing."""
    return [one for one in expected(year, today, actor) if not one.filed]


def tally(year: int, today: date, actor: Actor) -> tuple[int, int, int]:
    """Filed, due, and overdue reports in the actor's rows."""
    every = expected(year, today, actor)
    return sum(one.filed for one in every), len(every), sum(one.overdue for one in every)


# --- filling it in ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filing:
    """What somebody filled in; a part that is None stays as it is."""

    cells: Mapping[str, Any] | None = None  # key → what was typed
    skipped: Iterable[str] | None = None
    head: Mapping[str, Any] | None = None  # of HEAD and PLATFORM
    answers: Mapping[str, Mapping[str, str]] | None = None
    statements: Sequence[ChangeStatement] | None = None


def demand_year(year: int) -> None:
    """Raise NotAllowed for what is no year: no calendar and no index knows it."""
    if not 2000 <= year <= 2999:
        raise NotAllowed("年度应为四位年份，如 2026。")


def start(unit_id: Any, kind: str, year: int, *, actor: Actor, now: datetime) -> AnnualReport:
    """A draft for a unit that owes this report. Raises NotAllowed (scope, nothing owed), Invalid (twice)."""
    demand_year(year)
    unit = scope.one(actor, Unit, unit_id, now.date())
    if unit is None:
        raise NotAllowed(records.NOT_YOURS)
    if not any(one.unit_id == unit.pk and one.kind == kind for one in expected(year, now.date(), actor)):
        wanted = Kind(kind).label if kind in {one.value for one in Kind} else "该类别"
        raise NotAllowed(
            f"{unit.name}在 {year} 年截止日前没有已公布且在册的{wanted}条目，不需要填报（第十八条）。"
        )
    standard_id, _ = indicators.definition_for(kind, year)
    report = AnnualReport(
        unit_id=unit.pk,
        kind=kind,
        year=year,
        standard_id=standard_id,
        unit_name=unit.name,
        former_names=[one.name for one in unit.former_names],
        credit_code=unit.credit_code,
        area=unit.area,
        industry=unit.industries[0] if unit.industries else None,
    )
    return records.create(report, actor=actor, now=now)


def definition_for(report: AnnualReport) -> tuple[ObjectId | None, Definition]:
    """What the form asks now: a draft follows the definition in force, a filed one keeps its own."""
    if report.stage == ReportStage.DRAFT:
        return indicators.definition_for(report.kind, report.year)
    return report.standard_id, report.definition


def read(definition: Definition, cells: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Typed cells as values, and what is wrong with the others (key → sentence); foreign keys are ignored."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for one in definition.inputs:
        if one.key in cells:
            try:
                values[one.key] = reporting.read(one, cells[one.key])
            except reporting.Refused as refusal:
                errors[one.key] = str(refusal)
    return values, errors


@dataclass(frozen=True)
class Preview:
    """What a form amounts to while it is being typed."""

    derived: dict[str, str]
    errors: dict[str, str]
    doubts: list[Doubt]


def preview(report: AnnualReport, filing: Filing) -> Preview:
    """Derived figures, impossible cells and doubts of values not yet saved: the same code that saving uses."""
    _, definition = definition_for(report)
    values, errors = read(definition, filing.cells or {})
    cells = {
        key: value
        for key, value in {**report.cells, **values}.items()
        if value is not None and key not in errors
    }
    numbers = reporting.figures(definition, cells)
    errors |= reporting.impossible(definition, numbers)
    derived = {
        one.key: reporting.said(one, numbers.get(one.key)) for one in definition.indicators if one.formula
    }
    stated = filing.head if filing.head is not None else {name: getattr(report, name) for name in HEAD}
    head = {name.removeprefix("stated_"): str(stated.get(name) or "") for name in HEAD}
    declared = {one.kind for one in (report.statements if filing.statements is None else filing.statements)}
    return Preview(derived, errors, reports_check.doubts_of(report, definition, cells, head, declared))


def save(report: AnnualReport, filing: Filing, *, version: int, actor: Actor, now: datetime) -> AnnualReport:
    """Write what was filled in and look for doubts again. Raises NotAllowed, Invalid (cell → sentence), Conflict."""
    if not report.editable_by(actor.role):
        raise NotAllowed(f"当前环节为“{ReportStage(report.stage).label}”，{actor.role.label}不能修改。")

    def work() -> AnnualReport:
        fresh = _fresh(report, version, actor, now)
        fresh.standard_id, definition = definition_for(fresh)
        changes = _fill_in(fresh, definition, filing)
        fresh.findings = reports_check.refreshed(fresh, definition)
        return _written(fresh, version, "edit", changes, actor=actor, now=now)

    return transact(work)


def _fresh(report: AnnualReport, version: int, actor: Actor, now: datetime) -> AnnualReport:
    fresh = scope.one(actor, AnnualReport, report.pk, now.date())
    if fresh is None:
        raise NotAllowed(records.NOT_YOURS)
    if fresh.version != version or fresh.stage != report.stage:
        raise records.stale(fresh)
    return fresh


def _written(
    fresh: AnnualReport,
    version: int,
    verb: str,
    changes: list[audit.Change],
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> AnnualReport:
    fresh.version, fresh.updated_at, fresh.updated_by = version + 1, now, actor.username
    records.save(fresh, save_condition={"version": version})
    audit.record(verb, actor=actor, now=now, subject=fresh, changes=changes, reason=reason)
    return fresh


def _fill_in(fresh: AnnualReport, definition: Definition, filing: Filing) -> list[audit.Change]:
    values, errors = read(definition, filing.cells or {})
    skipped = set(fresh.skipped if filing.skipped is None else filing.skipped)
    for one in definition.inputs:
        if one.key in skipped and not one.skippable:
            errors.setdefault(one.key, f"“{one.name}”不能填“不涉及”。")
        elif one.key in skipped and values.get(one.key) is not None:
            errors.setdefault(one.key, f"“{one.name}”既填了数值又勾了“不涉及”，请只留一项。")
    errors |= _platform_errors(fresh, filing)
    if errors:
        raise records.Invalid(errors)
    changes = _figure_changes(fresh, definition, values)
    for key, value in values.items():
        if value is None:
            fresh.figures.pop(key, None)
        else:
            fresh.figures[key] = Decimal128(value) if isinstance(value, Decimal) else value
    plain = {"skipped": sorted(skipped & {one.key for one in definition.inputs}), **(filing.head or {})}
    if filing.answers is not None:
        plain["answers"] = {code: dict(given) for code, given in filing.answers.items()}
    if filing.statements is not None:
        plain["statements"] = list(filing.statements)
    changes += _worded_changes(fresh, definition, plain)
    told = {name: records.label_of(fresh, name) for name in plain if name not in ("skipped", "answers")}
    changes += audit.differences(fresh, plain, told)
    for name, value in plain.items():
        setattr(fresh, name, value)
    return changes


def _worded_changes(
    fresh: AnnualReport, definition: Definition, plain: Mapping[str, Any]
) -> list[audit.Change]:
    """What is kept as codes, in the words of the form."""

    def skipped(keys: Iterable[str]) -> str:
        return "、".join(one.name for one in definition.inputs if one.key in keys)

    def answers(given: Mapping[str, Any]) -> str:
        said = [(one, given[one.code]) for one in reporting.QUESTIONS if one.code in given]
        return "；".join(
            f"{one.label}：{dict(one.choices).get(it['answer'], '')}{it['note']}" for one, it in said
        )

    pairs = [(name, say(getattr(fresh, name)), say(plain[name]))
             for name, say in (("skipped", skipped), ("answers", answers)) if name in plain]  # fmt: skip
    return [(name, records.label_of(fresh, name), old, new) for name, old, new in pairs if old != new]


def _platform_errors(fresh: AnnualReport, filing: Filing) -> dict[str, str]:
    """A returned filing keeps its first receipt and date; lateness is judged by them (第六、十八条)."""
    head = filing.head or {}
    errors = {}
    if was_filed(fresh):
        for name in PLATFORM:
            if name in head and (head[name] or None) != (getattr(fresh, name) or None):
                errors[name] = f"{records.label_of(fresh, name)}以首次报送为准，退回补正后不能修改。"
    return errors


def was_filed(report: AnnualReport) -> bool:
    return any(entry.action == "submit" for entry in report.trail)


def _figure_changes(
    fresh: AnnualReport, definition: Definition, values: Mapping[str, Any]
) -> list[audit.Change]:
    before = fresh.cells
    return [
        (one.key, one.name, reporting.said(one, before.get(one.key)), reporting.said(one, values[one.key]))
        for one in definition.inputs
        if one.key in values and values[one.key] != before.get(one.key)
    ]


# --- doubts -----------------------------------------------------------------------------------------------


def explain(
    report: AnnualReport, texts: Mapping[str, str], *, version: int, actor: Actor, now: datetime
) -> AnnualReport:
    """Explain doubts, by their place in the list; an explanation is for this unit's file, so it names who gave it."""
    if not report.editable_by(actor.role):
        raise NotAllowed(f"当前环节为“{ReportStage(report.stage).label}”，{actor.role.label}不能说明疑点。")
    if too_long := [text for text in texts.values() if len(text) > 500]:
        raise NotAllowed(f"说明不超过 500 字，现有一条 {len(too_long[0])} 字。")

    def work() -> AnnualReport:
        fresh = _fresh(report, version, actor, now)
        changes: list[audit.Change] = []
        for one in fresh.findings:
            text = texts.get(one.identity)
            if text is not None and text.strip() != (one.explanation or ""):
                changes.append(("findings", one.text, one.explanation or "", text.strip()))
                one.explanation, one.explained_name, one.explained_at = text.strip(), actor.name, now
        return _written(fresh, version, "说明疑点", changes, actor=actor, now=now)

    return transact(work)


def recheck(report: AnnualReport, *, version: int, actor: Actor, now: datetime) -> AnnualReport:
    """Compare again: other units' and earlier years' figures may have come in meanwhile."""
    if not report.editable_by(actor.role):
        raise NotAllowed(f"当前环节为“{ReportStage(report.stage).label}”，{actor.role.label}不能重新核对。")

    def work() -> AnnualReport:
        fresh = _fresh(report, version, actor, now)
        fresh.findings = reports_check.refreshed(fresh, fresh.definition)
        return _written(
            fresh,
            version,
            "重新核对",
            [("findings", "数据疑点", len(report.findings), len(fresh.findings))],
            actor=actor,
            now=now,
        )

    return transact(work)


# --- evidence ---------------------------------------------------------------------------------------------


def attach(
    report: AnnualReport, examined: Examined, content: bytes, *, actor: Actor, now: datetime
) -> Attachment:
    """Keep a proof with the report. Raises NotAllowed."""
    if not report.editable_by(actor.role):
        raise NotAllowed(f"当前环节为“{ReportStage(report.stage).label}”，{actor.role.label}不能上传附件。")
    stored = files.store(examined, content, actor=actor, now=now)
    return files.finalise(stored, report, actor=actor, now=now)


def decline(
    report: AnnualReport,
    examined: Examined,
    content: bytes,
    *,
    reason: str,
    version: int,
    actor: Actor,
    now: datetime,
) -> AnnualReport:
    """Take down that the unit refuses in writing (第二十一条（二）): the letter is the evidence."""
    stored = files.store(examined, content, actor=actor, now=now)

    def work() -> AnnualReport:
        fresh = _fresh(report, version, actor, now)
        files.finalise(stored, fresh, actor=actor, now=now)
        given = Given(reason=reason, details={"attachment_id": stored.pk})
        return workflow.advance(fresh, "decline", actor=actor, now=now, given=given, seen=version)

    return transact(work)


def discard(report: AnnualReport, *, version: int, actor: Actor, now: datetime) -> None:
    """Delete a draft that was never filed."""
    if report.stage != ReportStage.DRAFT or was_filed(report):
        raise NotAllowed("只有从未报送的草稿可以删除。")
    if not access.may(actor, "create", "annualreport"):
        raise NotAllowed(f"{actor.role.label}不能删除草稿。")
    records.delete(report, version=version, actor=actor, now=now)


def offers(report: AnnualReport, *, actor: Actor, now: datetime) -> list[Offer]:
    """What the actor may do with a report now; what ends it comes last."""
    found = workflow.offers(report, acts=listing.REPORT_ACTS, actor=actor, now=now)
    marked = [replace(one, grave=one.action in listing.REPORT_GRAVE) for one in found]
    return sorted(marked, key=lambda one: one.grave)


def batch_actions(actor: Actor) -> list[tuple[str, str]]:
    """What the actor may do for many reports at once: action and wording."""
    steps = [listing.report_step(action) for action in listing.REPORT_BATCH]
    return [(step.action, step.label) for step in steps if step.taken_by(actor.role)]


def preflight(
    action: str, rows: Sequence[AnnualReport], *, actor: Actor, now: datetime
) -> list[tuple[AnnualReport, str]]:
    """Which of them would fail and why; changes nothing."""
    moment = rules.moment(now)

    def why(report: AnnualReport) -> str:
        try:
            step = flow.find(listing.REPORT_STEPS, action, ReportStage(report.stage), actor.role)
        except NotAllowed as refusal:
            return str(refusal)
        return "".join(workflow.obstacles(report, step, moment))

    return [(report, why(report)) for report in rows]


def correctable(report: AnnualReport) -> list[tuple[str, str]]:
    """What may have to be put right: head, figures, self-check, proofs."""
    head = [(name, records.label_of(report, name)) for name in (*PLATFORM, *HEAD)]
    cells = [(one.key, one.name) for one in report.definition.inputs]
    return [*head, *cells, ("answers", "合规自查"), ("statements", "重大事项变更"), ("files", "证明材料")]


def open_statements(actor: Actor, today: date) -> list[tuple[AnnualReport, ChangeStatement]]:
    """Stated changes from which no Change has been opened yet (第二十条), within the actor's rows."""
    rows = scope.rows(actor, AnnualReport, today).filter(statements__0__exists=True)
    return [(one, stated) for one in rows for stated in one.statements if stated.change_id is None]


def _submitted(report: AnnualReport, given: Given, moment: Moment) -> None:
    report.corrections = []


def _returned(report: AnnualReport, given: Given, moment: Moment) -> None:
    report.corrections = list(given.corrections)


def _declined(report: AnnualReport, given: Given, moment: Moment) -> None:
    report.refusal_id = given.details["attachment_id"]


workflow.PROCESSES[AnnualReport] = workflow.Process(
    listing.REPORT_STEPS,
    ReportStage,
    {"submit": _submitted, "return": _returned, "decline": _declined},
    {ReportStage.COUNTY_CHECKED: Role.CITY},
)
