"""Annual reports (第十八条) of last year's list: reminders, explained doubts, one never filed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.demo import acts
from app.demo.acts import People
from app.demo.season import Season
from app.policy.reports import self_check
from app.policy.terms import Defect, Kind
from app.services import reminders, reports
from app.services.core import workflow
from app.services.core.by import By
from models.lists import Listing
from models.registry.units import Unit
from models.reports import AnnualReport

REMINDED = ((3, 15), (4, 1), (4, 10), (4, 16))
# Invented figures of one factory; the others are larger or smaller.
FIGURES = {
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
CONSUMED = ("energy", "electricity", "carbon", "water")
SIZED = ("output", "value_added", *CONSUMED, "renewable", "retrofit_cost", "land")
FACTORIES = (("1.6", "0.91"), ("0.9", "1.14"), ("1.1", "0.83"), ("0.7", "1.05"))  # how large, how wasteful
ODD = {"0.9": {"carbon": "19220.00"}}  # ten times its energy: raises a doubt that the county explains


def tell(season: Season, people: People) -> None:
    """File reports: two accepted, one at the city, one returned; one unit never answers its reminders."""
    entries = list(Listing.objects(year=season.year - 1).order_by("id"))
    before, after = REMINDED[:3], REMINDED[3:]
    _remind(before[:1], season)
    filed = [
        _file(entry, *figures, season, people) for entry, figures in zip(entries, FACTORIES, strict=False)
    ]
    _remind(before[1:], season)
    for report in filed:
        workflow.advance(report, "check", by=By(people.counties[report.area], season.on(4, 8)))
    *accepted, _, returned = filed
    for report in accepted:
        workflow.advance(report, "accept", by=By(people.city, season.on(4, 13)))
    note = acts.return_input(
        "取水量与上年度水费单据不一致，请核对后重新报送。", Defect.WRONG, season.on(4, 13), "指标数据"
    )
    workflow.advance(returned, "return", by=By(people.city, season.on(4, 13)), given=note)
    _remind(after, season)


def _remind(days: Sequence[tuple[int, int]], season: Season) -> None:
    for month, day in days:
        now = season.exactly(month, day, "08:30")
        reminders.send_reminders(now.date(), now=now, channels=reminders.Channels())


def _file(entry: Listing, size: str, waste: str, season: Season, people: People) -> AnnualReport:
    county, now = people.counties[entry.area], season.on(3, 24)
    report = reports.start_report(entry.unit_id, Kind.FACTORY.value, season.year, by=By(county, now))
    report = reports.save_report(
        report, _filing(report, size, waste, season), version=report.version, by=By(county, now)
    )
    if report.findings:
        texts = {
            doubt.identity: "外购蒸汽按供热单位实测因子核算，已与检测报告核对，数据无误。"
            for doubt in report.findings
        }
        report = reports.explain_doubts(report, texts, version=report.version, by=By(county, now))
    return workflow.advance(report, "submit", by=By(county, season.on(3, 26)))


def _filing(report: AnnualReport, size: str, waste: str, season: Season) -> reports.Filing:
    definition = reports.form_definition(report)[1]
    grown = {key: Decimal(size) * (Decimal(waste) if key in CONSUMED else 1) for key in SIZED}
    cells = (
        FIGURES | {key: f"{Decimal(FIGURES[key]) * by:.2f}" for key, by in grown.items()} | ODD.get(size, {})
    )
    unit = Unit.objects.get(pk=report.unit_id)
    head = {
        "stated_name": unit.name,
        "stated_address": unit.production.text,
        "platform_receipt": f"ND{season.year}{unit.credit_code[-6:-1]}",
        "submitted_on": season.on(3, 24).date(),
    }
    answers = {
        question.code: {"answer": question.choices[0][0], "note": ""} for question in self_check.QUESTIONS
    }
    skipped = [cell.key for cell in definition.inputs if cell.skippable and cell.key not in cells]
    return reports.Filing(cells=cells, skipped=skipped, head=head, answers=answers)
