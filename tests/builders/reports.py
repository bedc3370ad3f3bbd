"""Listed units with their annual reports, filled in as far as a test wants."""

import itertools
from datetime import date, datetime
from typing import Any

from app.clock import SHANGHAI
from app.exchange import uploads
from app.policy.access import Actor
from app.policy.reports import self_check
from app.policy.terms import Kind, Level, Role
from app.services.core import workflow
from app.services.core.by import By
from app.services.reports import acts, drafts, filling
from models.lists import Listing
from models.registry.units import Unit
from models.reports import AnnualReport
from tests.builders import cases

MARCH = datetime(2026, 3, 20, 9, 0, tzinfo=SHANGHAI)
LATE_APRIL = datetime(2026, 4, 16, 9, 0, tzinfo=SHANGHAI)
TODAY = MARCH.date()
_receipts = itertools.count(1)
# What a sound factory fills in; everything else is not involved.
FACTORY = {
    "output": "21536.80",
    "value_added": "5400.35",
    "energy": "1873.42",
    "electricity": "951.66",
    "renewable": "143.11",
    "carbon": "5822.90",
    "water": "30412",
    "advanced": "6",
    "retrofits": "3",
    "retrofit_cost": "412.5",
    "retrofit_share": "1.9",
    "footprint_share": "20",
    "platform_items": "7",
    "land": "41200",
    "building_share": "45",
    "floor_ratio": "1.1",
}


def entry(
    of: Unit, level: Level = Level.MUNICIPAL, entered_on: date = date(2025, 8, 1), **values: Any
) -> Listing:
    given = {
        "unit_id": of.pk,
        "unit_name": of.name,
        "credit_code": of.credit_code,
        "area": of.area,
        "kind": Kind.FACTORY.value,
        "level": level.value,
        "year": entered_on.year,
        "entered_on": entered_on,
        "version": 1,
    } | values
    return Listing(**given).save()


def listed(area: str = cases.AREA, entered_on: date = date(2025, 8, 1), **values: Any) -> Unit:
    """A unit with a municipal entry of the year before."""
    of = cases.unit(area, now=MARCH, **values)
    entry(of, entered_on=entered_on)
    return of


def by(report: Any) -> Actor:
    return cases.actor(Role.COUNTY, report.area)


def draft(of: Unit | None = None, year: int = 2026, now: datetime = MARCH) -> AnnualReport:
    of = of or listed()
    return drafts.start_report(of.pk, Kind.FACTORY.value, year, by=By(cases.actor(Role.COUNTY, of.area), now))


def answers(**given: str) -> dict[str, dict[str, str]]:
    """Nothing against the unit, unless told: N2="受罚一次"."""
    found = {one.code: {"answer": one.choices[0][0], "note": ""} for one in self_check.QUESTIONS}
    return found | {code: {"answer": "yes", "note": note} for code, note in given.items()}


def filing(report: AnnualReport, cells: dict[str, str] | None = None, **parts: Any) -> filling.Filing:
    """A complete form of the unit's own registered name and address."""
    unit = Unit.objects.get(pk=report.unit_id)
    definition = filling.form_definition(report)[1]
    typed = FACTORY | (cells or {})
    head = {
        "stated_name": unit.name,
        "stated_address": unit.production.text,
        "platform_receipt": f"ND2026{next(_receipts):06d}",
        "submitted_on": MARCH.date(),
    } | parts.pop("head", {})
    skipped = [one.key for one in definition.inputs if one.skippable and one.key not in typed]
    return filling.Filing(**{"cells": typed, "skipped": skipped, "head": head, "answers": answers()} | parts)


def filled(
    of: Unit | None = None,
    cells: dict[str, str] | None = None,
    year: int = 2026,
    now: datetime = MARCH,
    **parts: Any,
) -> AnnualReport:
    report = draft(of, year, now)
    return filling.save_report(
        report, filing(report, cells, **parts), version=report.version, by=By(by(report), now)
    )


def step(report: AnnualReport, action: str, who: Actor, now: datetime = MARCH, **given: Any) -> AnnualReport:
    return workflow.advance(
        report, action, by=By(who, now), given=workflow.StepInput(**given), seen=report.version
    )


def filed(
    of: Unit | None = None,
    cells: dict[str, str] | None = None,
    year: int = 2026,
    now: datetime = MARCH,
    **parts: Any,
) -> AnnualReport:
    """Handed in; every doubt explained."""
    report = filled(of, cells, year, now, **parts)
    if report.findings:
        texts = {one.identity: "经核实无误。" for one in report.findings}
        report = acts.explain_doubts(report, texts, version=report.version, by=By(by(report), now))
    return step(report, "submit", by(report), now)


def letter() -> tuple[uploads.Examined, bytes]:
    """A refusal in writing."""
    content = cases.docx("本单位放弃填报年度动态管理表。")
    return uploads.examine(content, "书面说明.docx", max_size=1 << 20), content


BASE = "/admin/annualreport"
