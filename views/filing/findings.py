"""资格核查: the conditions of 第七至九条 and the grounds of 第十条, one row each, typed and confirmed."""

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


def tables(view: Any, record: Application) -> list[Any]:
    """The rule trace of an application: article → datum → source and day → result → who confirmed."""
    rows = [_traced(row, record) for row in eligibility.requirements(record.kind)]
    return [
        (
            "资格核查（第七至十条）",
            ("条款", "核查内容", "结果", "依据或来源", "核查日期", "填写 / 确认"),
            rows,
        )
    ]


def _traced(row: eligibility.Requirement, record: Application) -> tuple[Any, ...]:
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
    """The form with one row a requirement; what the data alone says stands beside it as a proposal."""
    unit = scope.find(by(), Unit, record.unit_id)
    proposals = {
        one.code: one
        for one in assessment.propose(record.kind, facts_of(unit, record.kind), rules.pack().city)
    }
    rows = [
        _row(row, record, proposals.get(row.code), posted_values)
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


def facts_of(unit: Unit, kind: str) -> assessment.UnitFacts:
    """What the unit's entry says about the conditions."""
    part = unit.park if kind == "park" else unit.supply_chain
    plan = getattr(part, "plan", None) if kind != "factory" else None
    return assessment.UnitFacts(
        registered_area=(unit.registered.area if unit.registered else "") or "",
        production_area=(unit.production.area if unit.production else "") or "",
        industries=tuple(unit.industries),
        plan_on=plan.published_on if plan else None,
    )


def _row(
    row: eligibility.Requirement, record: Application, proposal: assessment.Verdict | None, posted_values: Any
) -> dict[str, Any]:
    finding = record.finding(row.code)
    stored = {
        name: getattr(finding, name, None)
        for name in ("result", "source", "checked_on", "fact_on", "ended_on", "note")
    }
    if posted_values is not None:
        stored = {name: posted_values.get(f"{row.code}-{name}", "") for name in stored}
    elif finding is None and proposal is not None and proposal.result is not Met.OPEN:
        stored |= {"result": proposal.result.value, "source": proposal.why}
    return {
        "code": row.code,
        "cited": row.cited,
        "label": row.label,
        "help": row.help,
        "excludes": row.excludes,
        "lasting": row.lasting,
        "choices": row.results.choices(),
        "proposal": proposal.why if proposal else "",
        "values": stored,
        "confirmed": finding.confirmed_name if finding is not None and finding.confirmed_by else "",
    }


def posted(record: Application) -> dict[str, filing.CheckResult]:
    """What the form held, one entry for each requirement that has a result."""
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
