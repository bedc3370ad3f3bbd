"""Filling in annual reports (第十八条)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bson import Decimal128, ObjectId

from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.reports import calculation, cell_values, self_check
from app.policy.reports.doubts import Doubt
from app.policy.reports.indicators import Definition
from app.policy.terms import ReportStage
from app.services.core import audit, records, scope
from app.services.core.by import By
from app.services.reports import checks, definitions
from app.services.reports.drafts import was_filed
from app.services.reports.writing import current_report, write_report
from models.database import transactional
from models.reports import AnnualReport, ChangeStatement

HEAD_FIELDS = ("stated_name", "stated_address", "stated_boundary")
PLATFORM_FIELDS = ("platform_receipt", "submitted_on")


# --- filling it in ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filing:
    """Typed parts of a form; a part that is None stays as it is."""

    cells: Mapping[str, Any] | None = None  # key → what was typed
    skipped: Iterable[str] | None = None
    head: Mapping[str, Any] | None = None  # of HEAD and PLATFORM
    answers: Mapping[str, Mapping[str, str]] | None = None
    statements: Sequence[ChangeStatement] | None = None


def form_definition(report: AnnualReport) -> tuple[ObjectId | None, Definition]:
    """Return the form's definition: a draft follows the one in force, a filed report keeps its own."""
    if report.stage == ReportStage.DRAFT:
        return definitions.definition_in_force(report.kind, report.year)
    return report.standard_id, report.definition


def read_cells(definition: Definition, cells: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return typed cells as values, and refusals of the others (key → sentence); foreign keys are ignored."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for indicator in definition.inputs:
        if indicator.key in cells:
            try:
                values[indicator.key] = cell_values.read_cell(indicator, cells[indicator.key])
            except cell_values.Refused as refusal:
                errors[indicator.key] = str(refusal)
    return values, errors


@dataclass(frozen=True)
class ReportPreview:
    """Derived figures, refusals and doubts of a form while it is being typed."""

    derived: dict[str, str]
    errors: dict[str, str]
    doubts: list[Doubt]


def preview_report(report: AnnualReport, filing: Filing) -> ReportPreview:
    """Compute derived figures, refusals and doubts of unsaved values by the code that saving uses."""
    _, definition = form_definition(report)
    values, errors = read_cells(definition, filing.cells or {})
    cells = {
        key: value
        for key, value in {**report.cells, **values}.items()
        if value is not None and key not in errors
    }
    numbers = calculation.figures(definition, cells)
    errors |= calculation.impossible_figures(definition, numbers)
    derived = {
        indicator.key: cell_values.cell_text(indicator, numbers.get(indicator.key))
        for indicator in definition.indicators
        if indicator.formula
    }
    stated = filing.head if filing.head is not None else {name: getattr(report, name) for name in HEAD_FIELDS}
    head = {name.removeprefix("stated_"): str(stated.get(name) or "") for name in HEAD_FIELDS}
    declared = {
        statement.kind
        for statement in (report.statements if filing.statements is None else filing.statements)
    }
    return ReportPreview(derived, errors, checks.doubts_of(report, definition, cells, head, declared))


@transactional
def save_report(report: AnnualReport, filing: Filing, *, version: int, by: By) -> AnnualReport:
    """Write the filled-in parts and check for doubts again. Raises NotAllowed, Invalid (cell → sentence), Conflict."""
    if not report.editable_by(by.actor.role):
        raise NotAllowed(f"当前环节为“{ReportStage(report.stage).label}”，{by.actor.role.label}不能修改。")

    fresh = current_report(report, version, by)
    fresh.standard_id, definition = form_definition(fresh)
    changes = _fill_in(fresh, definition, filing)
    fresh.findings = checks.current_findings(fresh, definition)
    return write_report(fresh, version, Verb.EDIT, changes, by=by)


def _fill_in(fresh: AnnualReport, definition: Definition, filing: Filing) -> list[audit.Change]:
    values, errors = read_cells(definition, filing.cells or {})
    skipped = set(fresh.skipped if filing.skipped is None else filing.skipped)
    for key, why in _skip_errors(definition, values, skipped).items():
        errors.setdefault(key, why)
    errors |= _platform_errors(fresh, filing)
    if errors:
        raise records.Invalid(errors)
    changes = _figure_changes(fresh, definition, values)
    _store_figures(fresh, values)
    parts = {"skipped": sorted(skipped & {cell.key for cell in definition.inputs}), **(filing.head or {})}
    if filing.answers is not None:
        parts["answers"] = {code: dict(answer) for code, answer in filing.answers.items()}
    if filing.statements is not None:
        parts["statements"] = list(filing.statements)
    changes += _worded_changes(fresh, definition, parts)
    labels = {name: records.label_of(fresh, name) for name in parts if name not in ("skipped", "answers")}
    changes += audit.differences(fresh, parts, labels)
    for name, value in parts.items():
        setattr(fresh, name, value)
    return changes


def _skip_errors(definition: Definition, values: Mapping[str, Any], skipped: set[str]) -> dict[str, str]:
    errors = {}
    for cell in definition.inputs:
        if cell.key in skipped and not cell.skippable:
            errors[cell.key] = f"“{cell.name}”不能填“不涉及”。"
        elif cell.key in skipped and values.get(cell.key) is not None:
            errors[cell.key] = f"“{cell.name}”既填了数值又勾了“不涉及”，请只留一项。"
    return errors


def _store_figures(fresh: AnnualReport, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if value is None:
            fresh.figures.pop(key, None)
        else:
            fresh.figures[key] = Decimal128(value) if isinstance(value, Decimal) else value


def _worded_changes(
    fresh: AnnualReport, definition: Definition, plain: Mapping[str, Any]
) -> list[audit.Change]:
    """Return stored codes in the words of the form."""

    def skipped(keys: Iterable[str]) -> str:
        return "、".join(indicator.name for indicator in definition.inputs if indicator.key in keys)

    def answers(given: Mapping[str, Any]) -> str:
        answered = [
            (question, given[question.code]) for question in self_check.QUESTIONS if question.code in given
        ]
        return "；".join(
            f"{question.label}：{dict(question.choices).get(answer['answer'], '')}{answer['note']}"
            for question, answer in answered
        )

    pairs = [
        (name, say(getattr(fresh, name)), say(plain[name]))
        for name, say in (("skipped", skipped), ("answers", answers))
        if name in plain
    ]
    return [(name, records.label_of(fresh, name), old, new) for name, old, new in pairs if old != new]


def _platform_errors(fresh: AnnualReport, filing: Filing) -> dict[str, str]:
    """Keep a returned filing's first receipt and date, which decide lateness (第六、十八条)."""
    head = filing.head or {}
    errors = {}
    if was_filed(fresh):
        for name in PLATFORM_FIELDS:
            if name in head and (head[name] or None) != (getattr(fresh, name) or None):
                errors[name] = f"{records.label_of(fresh, name)}以首次报送为准，退回补正后不能修改。"
    return errors


def _figure_changes(
    fresh: AnnualReport, definition: Definition, values: Mapping[str, Any]
) -> list[audit.Change]:
    before = fresh.cells
    return [
        (
            indicator.key,
            indicator.name,
            cell_values.cell_text(indicator, before.get(indicator.key)),
            cell_values.cell_text(indicator, values[indicator.key]),
        )
        for indicator in definition.inputs
        if indicator.key in values and values[indicator.key] != before.get(indicator.key)
    ]


# --- what others ask of it ----------------------------------------------------------------------------------


def correctable_fields(report: AnnualReport) -> list[tuple[str, str]]:
    """Return the parts that may be sent back for correction: head, figures, self-check, proofs."""
    head = [(name, records.label_of(report, name)) for name in (*PLATFORM_FIELDS, *HEAD_FIELDS)]
    cells = [(indicator.key, indicator.name) for indicator in report.definition.inputs]
    return [*head, *cells, ("answers", "合规自查"), ("statements", "重大事项变更"), ("files", "证明材料")]


def unopened_statements(by: By) -> list[tuple[AnnualReport, ChangeStatement]]:
    """Return stated changes from which no Change has been opened yet (第二十条), within the actor's rows."""
    rows = scope.rows(by, AnnualReport).filter(statements__0__exists=True)
    return [(report, stated) for report in rows for stated in report.statements if stated.change_id is None]
