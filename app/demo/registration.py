"""Spring: the ledger is imported, institutions are verified and units completed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl

from app.demo import cast, fates
from app.demo.acts import People, StoryBroken
from app.demo.season import Season
from app.policy.terms import Kind, RowOutcome, Verified
from app.services import ledger, oversight, registry
from app.services.core import rules
from app.services.core.by import By
from models.filing.applications import Application
from models.registry.evaluators import Evaluator, Qualification
from models.registry.units import Address, CultivationPlan, Honour, ParkPart, SupplyChainPart, Unit

LEDGER = Path(__file__).parent / "ledger.xlsx"
WRITTEN_FOR = 2026

ApplicationsOf = Callable[..., list[Application]]  # serial numbers of the ledger → applications


def import_ledger(season: Season, crew: People) -> ApplicationsOf:
    """Import the ledger as the city: sixty drafts with units, noted reports and engagements."""
    now = season.on(4, 29, "09:00")
    plan = ledger.preview_ledger(
        _ledger_of_year(season.year), "推荐汇总表.xlsx", year=season.year, by=By(crew.city, now)
    )
    if plan.counts[RowOutcome.REFUSED]:
        raise StoryBroken(f"汇总表：{list(plan.refused)}")
    ledger.commit_import(plan.batch, by=By(crew.city, now))
    serial = {row.county_order: row.pk for row in Application.objects(year=season.year).only("county_order")}

    def rows(*numbers: int) -> list[Application]:
        by_key = {row.pk: row for row in Application.objects(pk__in=[serial[number] for number in numbers])}
        return [by_key[serial[number]] for number in numbers]

    return rows


def _ledger_of_year(year: int) -> bytes:
    """Return the bundled file with dates and receipts moved to the season's year."""
    if year == WRITTEN_FOR:
        return LEDGER.read_bytes()
    book = openpyxl.load_workbook(LEDGER)
    head, *body = book.active.iter_rows()
    for cell in (*head, *body[0], *(cell for row in body[2:] for cell in row[-2:])):
        if isinstance(cell.value, str):
            cell.value = cell.value.replace(str(WRITTEN_FOR), str(year), 1)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def institutions() -> list[Evaluator]:
    by_name = {evaluator.name: evaluator for evaluator in Evaluator.objects}
    return [by_name[name] for name in cast.INSTITUTIONS]


def verify_institutions(season: Season, crew: People) -> None:
    for evaluator in institutions():
        code, address, legal_person = cast.INSTITUTIONS[evaluator.name]
        proof = Qualification(title="绿色制造第三方评价能力证明材料（虚构）", number=f"演示-{code[-4:]}")
        values = {
            "credit_code": code,
            "address": address,
            "legal_person": legal_person,
            "verified": Verified.CONFIRMED.value,
            "staff_intermediate": 12,
            "staff_senior": 5,
            "qualifications": [proof],
            "services": ["promotion", "advice"],
        }
        oversight.change_evaluator(
            evaluator, values, version=evaluator.version, by=By(crew.city, season.on(4, 29, "11:00"))
        )


def complete_units(season: Season, crew: People, rows: ApplicationsOf) -> None:
    """Fill in data missing from ledgers: address, legal person, parts of parks and leaders, relations."""
    park, leader = rows(fates.PARK)[0], rows(fates.LEADER)[0]
    suppliers = {row.pk for row in rows(*fates.SUPPLIERS)}
    for place, row in enumerate(rows(*range(1, 61))):
        unit = Unit.objects.get(pk=row.unit_id)
        values = {
            "registered": Address(area=unit.production.area, text=unit.production.text),
            "legal_person": cast.SURNAMES[place % 10] + "某某",
            "ownership": "private",
        }
        plan = CultivationPlan(title=f"{unit.name}绿色工厂培育计划", published_on=season.on(1, 15).date())
        if row.kind == Kind.PARK:
            values["park"] = ParkPart(
                grade="provincial",
                approval="虚构批复〔2019〕1号",
                authority="园区管理机构（虚构）",
                plan=plan,
            )
        if row.kind == Kind.SUPPLY_CHAIN:
            values["supply_chain"] = SupplyChainPart(position="区域产业链主导企业", suppliers=36, plan=plan)
        if row.area == park.area and row.kind == Kind.FACTORY:
            values["park_id"] = park.unit_id
        if row.pk in suppliers:
            values["leader_ids"] = [leader.unit_id]
        if not place % 4:
            values["honours"] = [_honour(place, season)]
        registry.update_unit(
            unit, values, version=unit.version, by=By(crew.county(row), season.on(4, 29, "15:00"))
        )


def _honour(place: int, season: Season) -> Honour:
    """Return an honour of 第十一条, each in turn, for three years; the first unit's has expired."""
    honours = rules.pack().honours_of(11)
    awarded = season.on(6, 5, year=season.year - (4 if not place else 2)).date()
    return Honour(
        code=honours[place // 4 % len(honours)].key,
        awarded_on=awarded,
        expires_on=awarded.replace(year=awarded.year + 3),
        document="虚构文号〔示例〕1号",
    )
