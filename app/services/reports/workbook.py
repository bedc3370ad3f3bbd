"""Annual figures by workbook: a template for one unit or a whole area, and the filled-in one with a preview."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.exchange import normalise, report_template
from app.exchange import reports as workbook
from app.exchange.report_parts import YEARS
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, PolicyError
from app.policy.reports import reporting
from app.policy.reports.indicators import Definition
from app.policy.terms import Kind, ReportStage, RowOutcome
from app.services.core import audit, records, scope
from app.services.core.by import By
from app.services.reports import due, filling, indicators, statements
from app.services.reports.due import Owed
from app.services.reports.filling import Filing
from models.database import transact
from models.registry.units import Unit
from models.reports import AnnualReport

MOST = {"platform_receipt": 40, "stated_name": 100, "stated_address": 200, "stated_boundary": 500}


def template(kind: str, year: int, *, by: By, unit_id: Any = None) -> bytes:
    """Everybody in the actor's rows who owes a report of this kind, or one unit; what is filled in already stands in it."""
    if kind not in {one.value for one in Kind}:
        raise NotAllowed("请选择类别。")
    filling.demand_year(year)
    _, definition = indicators.definition_for(kind, year)
    owed = [one for one in due.expected(year, by.today, by.actor) if one.kind == kind]
    if unit_id is not None:
        owed = [one for one in owed if one.unit_id == unit_id]
    if not owed:
        raise NotAllowed(f"{year} 年度没有应填报的{Kind(kind).label}。")
    codes = {
        one.pk: one.credit_code
        for one in Unit.objects(pk__in=[one.unit_id for one in owed]).only("credit_code")
    }
    transact(lambda: audit.record(Verb.EXPORT, by=by, reason=f"{year} 年度动态管理表模板（{len(owed)} 家）"))
    rows = [_line(one, codes.get(one.unit_id, "")) for one in owed]
    return report_template.template(definition, year, rows, created=by.now)


def _line(owed: Owed, code: str) -> report_template.Line:
    report = owed.report
    if report is None:
        return report_template.Line(code, owed.unit_name)
    head = {name: getattr(report, name) for name in report_template.HEAD}
    return report_template.Line(
        code,
        owed.unit_name,
        head,
        report.cells,
        report.skipped,
        report.answers,
        [one.to_mongo().to_dict() | {"changed_on": one.changed_on} for one in report.statements],
    )


@dataclass(frozen=True)
class Planned:
    """What one row of the file would do."""

    row: int
    name: str
    unit_id: Any
    outcome: RowOutcome
    filing: Filing | None = None
    report: AnnualReport | None = None
    differences: tuple[tuple[str, str, str], ...] = ()
    problems: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A previewed file; the digest says that a commit does what was shown."""

    kind: str
    year: int
    rows: tuple[Planned, ...]
    digest: str

    def count(self, outcome: RowOutcome) -> int:
        return sum(row.outcome is outcome for row in self.rows)


def plan(data: bytes, kind: str, year: int, *, by: By) -> Plan:
    """Read a filled-in template and say row by row what it would do; changes nothing. Raises ExchangeError."""
    if kind not in {one.value for one in Kind}:
        raise NotAllowed("请选择类别。")
    filling.demand_year(year)
    _, definition = indicators.definition_for(kind, year)
    given = workbook.read(data, definition)
    if not given:
        raise NotAllowed("表中没有单位的数据行。")
    rows = tuple(_planned(given, kind, year, by))
    shown = "\n".join(
        f"{r.row}|{r.outcome}|{r.report.version if r.report else 0}|{r.differences}|{r.problems}"
        for r in rows
    )
    return Plan(kind, year, rows, hashlib.sha256(shown.encode()).hexdigest())


def _planned(given: list[workbook.UnitRow], kind: str, year: int, by: By) -> Iterator[Planned]:
    owed = {one.unit_id: one for one in due.expected(year, by.today, by.actor) if one.kind == kind}
    units = {
        one.credit_code: one
        for one in scope.rows(by, Unit).filter(credit_code__in=[one.code for one in given])
    }
    seen: dict[str, int] = {}
    for one in given:
        unit = units.get(one.code)
        label = unit.name if unit else one.name or one.code
        if one.code in seen:
            why = f"与第 {seen[one.code]} 行是同一单位，请只留一行。"
        elif unit is None:
            why = (
                f"统一社会信用代码“{one.code}”不是您可办理的单位。" if one.code else "缺少统一社会信用代码。"
            )
        elif unit.pk not in owed:
            why = f"{year} 年度没有应填报的{Kind(kind).label}条目（第十八条）。"
        else:
            why = ""
        seen.setdefault(one.code, one.row)
        yield (
            Planned(one.row, label, None, RowOutcome.REFUSED, problems=(why,))
            if why
            else _judged(one, owed[unit.pk], label, by.actor)  # type: ignore[union-attr]  # why is "" only with a unit
        )


def _judged(given: workbook.UnitRow, owed: Owed, label: str, actor: Actor) -> Planned:
    report = owed.report or AnnualReport(
        unit_id=owed.unit_id, unit_name=owed.unit_name, area=owed.area, kind=owed.kind, year=owed.due.year
    )
    filing, problems = _filing(given, report)
    filed_on = (filing.head or {}).get("submitted_on")
    if isinstance(filed_on, date) and filed_on > owed.today:
        problems.append(f"管理平台提交日期{filed_on}晚于今天，请核对。")
    if owed.report and not report.editable_by(actor.role):
        problems.insert(0, f"当前环节为“{ReportStage(report.stage).label}”，不能修改。")
    definition = filling.definition_for(report)[1]
    values, errors = filling.read(definition, filing.cells or {})
    problems += [f"{given.places.get(key, '')} {text}".strip() for key, text in errors.items()]
    problems += statements.problems(given.stated, owed.today)
    if problems:
        return Planned(given.row, label, owed.unit_id, RowOutcome.REFUSED, problems=tuple(problems))
    differences = (
        *statements.differences(given.stated, report),
        *_differences(report, definition, values, filing),
    )
    outcome = (
        RowOutcome.NEW if owed.report is None else RowOutcome.CHANGED if differences else RowOutcome.SAME
    )
    doubts = tuple(one.text for one in filling.preview(report, filing).doubts)
    return Planned(given.row, label, owed.unit_id, outcome, filing, owed.report, differences, (), doubts)


def _filing(given: workbook.UnitRow, report: AnnualReport) -> tuple[Filing, list[str]]:
    """The row as something to save; an empty head cell leaves what is there."""
    problems = list(given.problems)
    head: dict[str, Any] = {name: text for name, text in given.head.items() if text}
    if "submitted_on" in head:
        try:
            head["submitted_on"], _ = normalise.day(head["submitted_on"], YEARS)
        except normalise.Problem as problem:
            problems.append(f"{given.places['submitted_on']} 管理平台提交日期：{problem}。")
    for name, most in MOST.items():
        if len(str(head.get(name, ""))) > most:
            problems.append(f"{given.places[name]} {report_template.HEAD[name]}超过 {most} 字，请精简。")
    cells = {**given.cells, **dict.fromkeys(given.skipped, "")}
    kept = [key for key in report.skipped if key not in given.cells or not given.cells[key]]
    filing = Filing(
        cells=cells,
        skipped=sorted({*kept, *given.skipped}) if given.places else None,
        head=head or None,
        answers=statements.answers(given.stated, report),
        statements=statements.statements(given.stated, report),
    )
    return filing, problems


def _differences(
    report: AnnualReport, definition: Definition, values: dict[str, Any], filing: Filing
) -> tuple[tuple[str, str, str], ...]:
    before = report.cells
    found = [
        (one.name, reporting.said(one, before.get(one.key)), reporting.said(one, values[one.key]))
        for one in definition.inputs
        if one.key in values and values[one.key] != before.get(one.key)
    ]
    names = definition.names
    found += [
        (names.get(key, key), "", report_template.SKIPPED)
        for key in filing.skipped or ()
        if key not in report.skipped
    ]
    for name, value in (filing.head or {}).items():
        if (getattr(report, name) or "") != value:
            found.append((records.label_of(report, name), str(getattr(report, name) or ""), str(value)))
    return tuple(found)


def commit(plan: Plan, *, by: By) -> list[tuple[str, str, AnnualReport | None]]:
    """Write every row that passed; each by itself, its result beside it: unit, why not, report."""
    results: list[tuple[str, str, AnnualReport | None]] = []
    for row in plan.rows:
        if row.outcome not in (RowOutcome.NEW, RowOutcome.CHANGED) or row.filing is None:
            results.append((row.name, "；".join(row.problems) or "与现有内容相同，没有改动。", row.report))
            continue
        try:
            results.append((row.name, "", _write(row, plan, by)))
        except PolicyError as refusal:
            results.append((row.name, str(refusal), row.report))
    return results


def _write(row: Planned, plan: Plan, by: By) -> AnnualReport:
    def work() -> AnnualReport:
        report = row.report or filling.start(row.unit_id, plan.kind, plan.year, by=by)
        return filling.save(report, row.filing or Filing(), version=report.version, by=by)

    return transact(work)
