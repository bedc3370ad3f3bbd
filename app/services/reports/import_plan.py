"""Preview of a filled-in workbook: the outcome, differences and doubts of each row; nothing is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.exchange import normalise, quantities, report_template
from app.exchange import reports as workbook
from app.exchange.report_parts import YEARS
from app.policy.access import Actor
from app.policy.flow import NotAllowed
from app.policy.reports import cell_values
from app.policy.reports.indicators import Definition
from app.policy.terms import Kind, ReportStage, RowOutcome
from app.services.core import records, scope
from app.services.core.by import By
from app.services.reports import definitions, drafts, due, filling, statements
from app.services.reports.due import DueReport
from app.services.reports.filling import Filing
from models.registry.units import Unit
from models.reports import AnnualReport

MAX_LENGTHS = {"platform_receipt": 40, "stated_name": 100, "stated_address": 200, "stated_boundary": 500}


@dataclass(frozen=True)
class PlannedRow:
    """The effect of one row of the file."""

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
class ImportPlan:
    """A previewed file; its digest ties a commit to the preview."""

    kind: str
    year: int
    rows: tuple[PlannedRow, ...]
    digest: str

    def count(self, outcome: RowOutcome) -> int:
        return sum(row.outcome is outcome for row in self.rows)


def plan_import(data: bytes, kind: str, year: int, *, by: By) -> ImportPlan:
    """Read a filled-in template and return the effect of each row; change nothing. Raises ExchangeError."""
    if kind not in {each.value for each in Kind}:
        raise NotAllowed("请选择类别。")
    drafts.demand_year(year)
    _, definition = definitions.definition_in_force(kind, year)
    given = workbook.read(data, definition)
    if not given:
        raise NotAllowed("表中没有单位的数据行。")
    rows = tuple(_planned(given, kind, year, by))
    shown = "\n".join(
        f"{r.row}|{r.outcome}|{r.report.version if r.report else 0}|{r.differences}|{r.problems}"
        for r in rows
    )
    return ImportPlan(kind, year, rows, hashlib.sha256(shown.encode()).hexdigest())


def _planned(given: list[workbook.UnitRow], kind: str, year: int, by: By) -> Iterator[PlannedRow]:
    owed = {
        due_report.unit_id: due_report
        for due_report in due.expected_reports(year, by.today, by.actor)
        if due_report.kind == kind
    }
    units = {
        unit.credit_code: unit
        for unit in scope.rows(by, Unit).filter(credit_code__in=[row.code for row in given])
    }
    seen: dict[str, int] = {}
    for row in given:
        unit = units.get(row.code)
        label = unit.name if unit else row.name or row.code
        if row.code in seen:
            why = f"与第 {seen[row.code]} 行是同一单位，请只留一行。"
        elif unit is None:
            why = (
                f"统一社会信用代码“{row.code}”不是您可办理的单位。" if row.code else "缺少统一社会信用代码。"
            )
        elif unit.pk not in owed:
            why = f"{year} 年度没有应填报的{Kind(kind).label}条目（第十八条）。"
        else:
            why = ""
        seen.setdefault(row.code, row.row)
        yield (
            PlannedRow(row.row, label, None, RowOutcome.REFUSED, problems=(why,))
            if why
            else _judged(row, owed[unit.pk], label, by.actor)  # type: ignore[union-attr]  # why is "" only with a unit
        )


def _judged(given: workbook.UnitRow, owed: DueReport, label: str, actor: Actor) -> PlannedRow:
    report = owed.report or AnnualReport(
        unit_id=owed.unit_id, unit_name=owed.unit_name, area=owed.area, kind=owed.kind, year=owed.due.year
    )
    filing, problems = _filing(given, report)
    filed_on = (filing.head or {}).get("submitted_on")
    if isinstance(filed_on, date) and filed_on > owed.today:
        problems.append(f"管理平台提交日期{filed_on}晚于今天，请核对。")
    if owed.report and not report.editable_by(actor.role):
        problems.insert(0, f"当前环节为“{ReportStage(report.stage).label}”，不能修改。")
    definition = filling.form_definition(report)[1]
    values, errors = filling.read_cells(definition, filing.cells or {})
    problems += [f"{given.places.get(key, '')} {text}".strip() for key, text in errors.items()]
    problems += statements.statement_problems(given.stated, owed.today)
    if problems:
        return PlannedRow(given.row, label, owed.unit_id, RowOutcome.REFUSED, problems=tuple(problems))
    differences = (
        *statements.stated_differences(given.stated, report),
        *_differences(report, definition, values, filing),
    )
    outcome = (
        RowOutcome.NEW if owed.report is None else RowOutcome.CHANGED if differences else RowOutcome.SAME
    )
    doubts = (*given.remarks, *(doubt.text for doubt in filling.preview_report(report, filing).doubts))
    return PlannedRow(given.row, label, owed.unit_id, outcome, filing, owed.report, differences, (), doubts)


def _filing(given: workbook.UnitRow, report: AnnualReport) -> tuple[Filing, list[str]]:
    """Return the row as parts to save; an empty head cell keeps the stored value."""
    problems = list(given.problems)
    head: dict[str, Any] = {name: text for name, text in given.head.items() if text}
    if "submitted_on" in head:
        try:
            head["submitted_on"], _ = quantities.day(head["submitted_on"], YEARS)
        except normalise.Problem as problem:
            problems.append(f"{given.places['submitted_on']} 管理平台提交日期：{problem}。")
    for name, most in MAX_LENGTHS.items():
        if len(str(head.get(name, ""))) > most:
            problems.append(f"{given.places[name]} {report_template.HEAD[name]}超过 {most} 字，请精简。")
    cells = {**given.cells, **dict.fromkeys(given.skipped, "")}
    still_skipped = [key for key in report.skipped if key not in given.cells or not given.cells[key]]
    filing = Filing(
        cells=cells,
        skipped=sorted({*still_skipped, *given.skipped}) if given.places else None,
        head=head or None,
        answers=statements.merged_answers(given.stated, report),
        statements=statements.merged_statements(given.stated, report),
    )
    return filing, problems


def _differences(
    report: AnnualReport, definition: Definition, values: dict[str, Any], filing: Filing
) -> tuple[tuple[str, str, str], ...]:
    before, names = report.cells, definition.names
    figures = [
        (
            cell.name,
            cell_values.cell_text(cell, before.get(cell.key)),
            cell_values.cell_text(cell, values[cell.key]),
        )
        for cell in definition.inputs
        if cell.key in values and values[cell.key] != before.get(cell.key)
    ]
    newly_skipped = [key for key in filing.skipped or () if key not in report.skipped]
    skipped = [(names.get(key, key), "", report_template.SKIPPED) for key in newly_skipped]
    return (*figures, *skipped, *_head_differences(report, filing.head or {}))


def _head_differences(report: AnnualReport, head: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, value in head.items():
        stored = getattr(report, name) or ""
        if stored != value:
            yield records.label_of(report, name), str(stored), str(value)
