"""Write the ledger from the records: an import can read every cell again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from bson import ObjectId

from app.exchange.columns import FIELDS
from app.policy import access
from app.policy.filing import industries
from app.policy.flow import NotAllowed
from app.policy.terms import Kind, Mode
from app.services.core import rules, scope
from app.services.core.by import By
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.record import Record
from models.registry.units import Unit

LEDGER_HEADERS = tuple(field.label for field in FIELDS)
TEXT_COLUMNS = ("统一社会信用代码", "联系电话", "管理平台受理号")
CHUNK_SIZE = 500


def ledger_rows(by: By, year: int) -> Iterator[list[Any]]:
    """Yield a year's ledger in its columns (`LEDGER_HEADERS`), as far as the actor sees it. Raises NotAllowed."""
    if not all(access.may(by.actor, "export", resource) for resource in ("application", "unit")):
        raise NotAllowed(f"{by.actor.role.label}不能导出汇总表。")
    applications = scope.rows(by, Application).filter(year=year).exclude("trail", "findings", "terms")
    return _rows(iter(applications.order_by("county_order", "id")))


def _rows(applications: Iterator[Application]) -> Iterator[list[Any]]:
    areas = {area.code: area.name for area in rules.pack().areas}
    while portion := list(islice(applications, CHUNK_SIZE)):
        units = _records_by(Unit, "id", {"pk__in": [application.unit_id for application in portion]})
        reports = _reports(portion)
        for application in portion:
            report = reports.get((application.unit_id, application.kind)) or Evaluation()
            yield _row(application, units.get(application.unit_id) or Unit(), report, areas)


def _records_by(model: type[Record], key: str, query: dict[str, Any]) -> dict[ObjectId, Any]:
    return {getattr(record, key): record for record in model.objects(**query).exclude("terms")}


def _reports(portion: list[Application]) -> dict[tuple[ObjectId, str], Evaluation]:
    units = [application.unit_id for application in portion]
    evaluations = Evaluation.objects(unit_id__in=units, year=portion[0].year).exclude("search_text")
    return {(report.unit_id, report.kind): report for report in evaluations}


def _row(application: Application, unit: Unit, report: Evaluation, areas: dict[str, str]) -> list[Any]:
    contact = unit.contacts[0] if unit.contacts else None
    cells = {
        "serial": application.county_order,
        "area": areas.get(application.area, ""),
        "kind": Kind(application.kind).label,
        "name": application.unit_name,
        "credit_code": application.credit_code,
        "industries": _industries(unit),
        "mode": Mode(report.mode).label if report.mode else None,
        "institution": report.evaluator_name,
        "standard": report.standard,
        "score": report.score,
        "output_value": unit.output_value,
        "energy": unit.energy,
        "exclusions_stated": application.stated_exclusions,
        "opinion_stated": application.stated_opinion,
        "contact": contact and contact.name,
        "phone": contact and contact.phone,
        "production_address": unit.production and unit.production.text,
        "products": unit.products,
        "submitted_on": application.submitted_on and application.submitted_on.isoformat(),
        "receipt": application.platform_receipt,
    }
    return [cells[field.name] for field in FIELDS]


def _industries(unit: Unit) -> str | None:
    """Return the industries as stated while the codes are unchanged, else by the code table."""
    stated = unit.industries_stated or ""
    if stated and list(industries.codes_in(stated)) == list(unit.industries):
        return stated
    return "、".join(f"{industries.name(code)}（{code}）" for code in unit.industries) or stated or None
