"""Findings of an application (资格核查): its table, and the form with one row for each requirement."""

from collections.abc import Mapping
from typing import Any

from flask import request
from markupsafe import Markup

from app.policy.filing import assessment, eligibility
from app.policy.terms import Ground, Met
from app.services import filing
from app.services.core import rules, scope
from models.filing.applications import Application
from models.registry.units import Unit
from views import by
from views.panel import detail
from views.panel.step_inputs import posted_day

FIELDS = ("result", "source", "checked_on", "fact_on", "ended_on", "note")


def tables(view: Any, record: Application) -> list[Any]:
    """Return the table of findings: article, requirement, result, source, day, officials."""
    rows = [_table_row(row, record) for row in eligibility.requirements(record.kind)]
    return [
        (
            "资格核查（第七至十条）",
            ("条款", "核查内容", "结果", "依据或来源", "核查日期", "填写 / 确认"),
            rows,
        )
    ]


def _table_row(row: eligibility.Requirement, record: Application) -> tuple[Any, ...]:
    finding = record.finding(row.code)
    if finding is None:
        return (row.cited, row.label, _badge(Ground.OPEN if row.excludes else Met.OPEN), "", "", "")
    who = finding.by_name or ""
    if finding.confirmed_by:
        who += f" / {finding.confirmed_name}"
    source = "；".join(part for part in (finding.source, finding.note) if part)
    return (row.cited, row.label, _badge(row.results(finding.result)), source, finding.checked_on, who)


def _badge(result: Met | Ground) -> Markup:
    return Markup('<span class="badge badge-{}">{}</span>').format(result.badge, result.label)


def page(view: Any, record: Application, posted_values: Mapping[str, str] | None = None) -> str:
    """Return the form with one row for each requirement, beside it the result proposed from the data."""
    unit = scope.find(by(), Unit, record.unit_id)
    proposals = {
        proposal.code: proposal
        for proposal in assessment.propose(record.kind, _facts(unit, record.kind), rules.pack().city)
    }
    rows = [
        _form_row(row, record, proposals.get(row.code), posted_values)
        for row in eligibility.requirements(record.kind)
    ]
    return view.render(
        "ui/findings.html",
        title=f"资格核查：{record}",
        rows=rows,
        record=record,
        version=record.version,
        back_url=view.get_url(".details_view", id=record.pk),
        post_url=view.get_url(".findings_view", id=record.pk),
        help_articles=detail.articles((7, 8, 9, 10)),
    )


def _facts(unit: Unit, kind: str) -> assessment.UnitFacts:
    """Return the facts of the unit's entry that bear on the conditions."""
    part = unit.park if kind == "park" else unit.supply_chain
    plan = getattr(part, "plan", None) if kind != "factory" else None
    return assessment.UnitFacts(
        registered_area=(unit.registered.area if unit.registered else "") or "",
        production_area=(unit.production.area if unit.production else "") or "",
        industries=tuple(unit.industries),
        plan_on=plan.published_on if plan else None,
    )


def _form_row(
    row: eligibility.Requirement,
    record: Application,
    proposal: assessment.Verdict | None,
    posted_values: Mapping[str, str] | None,
) -> dict[str, Any]:
    finding = record.finding(row.code)
    if posted_values is not None:
        values: dict[str, Any] = {name: posted_values.get(f"{row.code}-{name}", "") for name in FIELDS}
    else:
        values = {name: getattr(finding, name, None) for name in FIELDS}
        if finding is None and proposal is not None and proposal.result is not Met.OPEN:
            values |= {"result": proposal.result.value, "source": proposal.why}
    return {
        "code": row.code,
        "cited": row.cited,
        "label": row.label,
        "help": row.help,
        "excludes": row.excludes,
        "lasting": row.lasting,
        "choices": row.results.choices(),
        "proposal": proposal.why if proposal else "",
        "values": values,
        "confirmed": finding.confirmed_name if finding is not None and finding.confirmed_by else "",
    }


def posted(record: Application) -> dict[str, filing.CheckResult]:
    """Return the posted results, one for each requirement that has one. Raises NotAllowed for a bad day."""
    entries = {}
    for row in eligibility.requirements(record.kind):
        result = request.form.get(f"{row.code}-result", "")
        if result:
            entries[row.code] = filing.CheckResult(
                result=result,
                source=request.form.get(f"{row.code}-source", "").strip(),
                checked_on=posted_day(f"{row.code}-checked_on", f"{row.cited}核查日期"),
                fact_on=posted_day(f"{row.code}-fact_on", f"{row.cited}事实日期"),
                ended_on=posted_day(f"{row.code}-ended_on", f"{row.cited}结束日期"),
                note=request.form.get(f"{row.code}-note", "").strip(),
            )
    return entries
