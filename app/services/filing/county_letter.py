"""Inputs of a county's recommendation letter with its table (第十三条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.documents.kinds.applications import CountyRecommendationInputs, RecommendedLine
from app.policy.filing import industries
from app.policy.terms import Kind, Mode
from app.services.core import rules
from app.services.filing.facts import find_report
from models.filing.applications import Application
from models.filing.county_lists import CountyList
from models.filing.evaluations import Evaluation
from models.registry.units import Unit


def letter_inputs(
    county_list: CountyList, rows: Sequence[Application], *, today: date
) -> CountyRecommendationInputs:
    """Return the inputs of the recommendation letter and its table."""
    pack = rules.pack()
    area = pack.area(county_list.area)
    return CountyRecommendationInputs(
        issuer=area.department,
        signed_on=today,
        contact=county_list.contact,
        phone=county_list.phone,
        rules_title=pack.rules.title,
        rules_number=pack.rules.number,
        year=county_list.year,
        bureau=pack.city.bureau,
        area_name=area.name,
        platform=pack.city.platform,
        filed_on=county_list.filed_on,
        rows=tuple(_table_row(row) for row in rows),
    )


def _table_row(row: Application) -> RecommendedLine:
    """Return a row of 推荐汇总表 from the report and the registry; figures not on file stay empty."""
    unit = Unit.objects.get(pk=row.unit_id)
    return RecommendedLine(
        kind_label=Kind(row.kind).label,
        name=row.unit_name,
        credit_code=row.credit_code or "",
        industry=_main_industry(unit),
        output="",
        energy="",
        exclusions="无",
        opinion="同意推荐",
        **_report_cells(find_report(row)),
        **_contact_cells(unit),
    )


def _main_industry(unit: Unit) -> str:
    if not unit.industries:
        return ""
    code = unit.industries[0]
    return f"{industries.name(code)}（{code}）" if code else ""


def _report_cells(report: Evaluation | None) -> dict[str, str]:
    if report is None:
        return {"mode_label": "", "evaluator": "", "standard": "", "score": ""}
    return {
        "mode_label": Mode(report.mode).label,
        "evaluator": report.evaluator_name or "",
        "standard": report.standard or "",
        "score": str(report.score),
    }


def _contact_cells(unit: Unit) -> dict[str, str]:
    if not unit.contacts:
        return {"contact": "", "phone": ""}
    contact = unit.contacts[0]
    return {"contact": contact.name or "", "phone": contact.phone or ""}
