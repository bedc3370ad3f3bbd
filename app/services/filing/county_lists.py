"""A county recommends its whole list: letter with its own number, table, and every row's step in one act (第十三条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.documents.kinds.applications import CountyRecommendationInputs, RecommendedLine
from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.filing import cultivation, industries
from app.policy.flow import NotAllowed, PolicyError
from app.policy.terms import Kind, Mode, Role, Stage
from app.services.core import records, rules, scope, workflow
from app.services.core.by import By
from app.services.core.records import Invalid
from app.services.papers import building
from models.accounts.people import User
from models.database import transact
from models.filing.applications import Application
from models.filing.county_lists import CountyList
from models.papers import Paper
from models.registry.units import Unit

KIND, WITHIN = "county_recommendation", "countylist"
Judged = list[tuple[Application, str]]


@dataclass(frozen=True)
class FilingDetails:
    """What the county gives beside the rows: the platform's receipt and whom to call."""

    platform_receipt: str
    filed_on: date | None
    contact: str
    phone: str

    def demand(self, today: date) -> None:
        """Raise Invalid naming every field that is missing."""
        wrong = {}
        if not self.platform_receipt.strip():
            wrong["platform_receipt"] = "请填写管理平台报送回执号（第六条、第十三条）。"
        if self.filed_on is None or self.filed_on > today:
            wrong["filed_on"] = "请填写不晚于今天的管理平台报送日期。"
        if not self.contact.strip() or not self.phone.strip():
            wrong["contact"] = "请填写联系人和联系电话：推荐函须注明。"
        if wrong:
            raise Invalid(wrong)


def may_recommend(actor: Actor) -> bool:
    """The county's own act; its department signs its own letter."""
    return actor.role is Role.COUNTY and access.may(actor, "create", "countylist")


def awaiting_recommendation(year: int, *, by: By, chosen: Sequence[Application] = ()) -> Judged:
    """The area's applications that could be recommended, in the county's order, with what stands in the way.

    `chosen` are rows that somebody ticked elsewhere: those that do not wait are told why.
    """
    rows = scope.rows(by, Application).filter(year=year, stage=Stage.COUNTY_REVIEW.value)
    every = {row.pk: row for row in (*rows, *chosen)}.values()
    ordered = sorted(every, key=lambda row: (row.county_order or 9999, row.unit_name))
    return [(row, _why_not(row, by.now)) for row in ordered]


def _why_not(row: Application, now: datetime) -> str:
    try:
        step = cultivation.TABLE.find("recommend", Stage(row.stage), Role.COUNTY)
    except NotAllowed as refusal:
        return str(refusal)
    return "".join(workflow.obstacles(row, step, rules.moment(now)))


def recommend(rows: Sequence[Application], filing: FilingDetails, *, by: By) -> CountyList:
    """Issue the letter and take every row's step; rows that fail stay where they are. Raises NotAllowed, Invalid."""
    if not may_recommend(by.actor):
        raise NotAllowed(f"推荐名单由{Role.COUNTY.label}报送（细则第十三条）。")
    filing.demand(by.today)
    judged = [(row, _why_not(row, by.now)) for row in rows]
    passing = [row for row, why in judged if not why]
    if not passing:
        raise NotAllowed("所选申报都不能推荐：" + "；".join(f"{row}：{why}" for row, why in judged[:5]))
    if len({row.year for row in passing}) != 1:
        raise NotAllowed("一份推荐名单只能是同一年度的申报。")
    made = CountyList(
        area=by.actor.area,
        year=passing[0].year,
        application_ids=[row.pk for row in passing],
        filed_on=filing.filed_on,
        unit_ids=[row.unit_id for row in passing],
        platform_receipt=filing.platform_receipt.strip(),
        contact=filing.contact.strip(),
        phone=filing.phone.strip(),
        prepared_by=by.actor.username,
        prepared_name=by.actor.name,
        prepared_at=by.now,
    )

    def begin() -> CountyList:
        inputs = _inputs(made, passing, by.now)
        area = rules.pack().area(by.actor.area)
        paper = building.keep(
            KIND,
            inputs,
            by=by,
            series=area.series_key,
            areas=[by.actor.area],  # its table tells of every unit's contact and score: no unit reads it
        )
        building.demand_complete(paper, inputs)
        building.sign(paper, by=by)
        made.paper_id = paper.pk
        return records.insert(made, by=by, verb=Verb.COUNTY_LIST_FILED)

    return finish_county_list(transact(begin), by=by)


def finish_county_list(begun: CountyList, *, by: By) -> CountyList:
    """Number, bytes, stages and list; safe to call again, the reserved number is used again."""
    begun = CountyList.objects.get(pk=begun.pk)
    if begun.settled_at is not None:
        return begun
    rows = _ordered(begun)
    passing = [row for row in rows if not _why_not(row, by.now)]
    paper = Paper.objects.get(pk=begun.paper_id)
    if not passing:
        return transact(lambda: _give_up(begun, paper, by=by))
    inputs = _inputs(begun, passing, by.now)
    number, attachment = building.prepare(paper, inputs, by=by)

    def work() -> CountyList:
        fresh = CountyList.objects.get(pk=begun.pk)
        if fresh.settled_at is not None:
            return fresh
        issued = building.issue(Paper.objects.get(pk=paper.pk), number, attachment, inputs, by=by)
        given = workflow.StepInput(details={"paper_id": issued.pk})
        for row in passing:
            workflow.advance(row, "recommend", by=by, given=given, within=WITHIN)
        values = {
            "application_ids": [row.pk for row in passing],
            "unit_ids": [row.unit_id for row in passing],
            "settled_at": by.now,
            "outcome": f"推荐 {len(passing)} 家，{issued.number_text}",
        }
        return records.write(fresh, values, version=fresh.version, by=by, verb=Verb.COUNTY_LIST_COMPLETED)

    return transact(work)


def _give_up(begun: CountyList, paper: Paper, *, by: By) -> CountyList:
    building.drop(paper, "推荐名单中已没有可以推荐的申报", by=by)
    values = {"settled_at": by.now, "outcome": "没有可以推荐的申报，推荐函已撤稿"}
    return records.write(begun, values, version=begun.version, by=by, verb=Verb.COUNTY_LIST_FAILED)


def sweep_county_lists(*, now: datetime) -> int:
    """End lists that a crash cut off between their beginning and their letter."""
    ended = 0
    for begun in CountyList.objects(settled_at=None):
        county = User.objects(username=begun.prepared_by).first()
        if county is None:
            continue
        try:
            finish_county_list(begun, by=By(county.actor(source="job"), now))
            ended += 1
        except PolicyError:
            continue  # judged again at the next sweep
    return ended


def _ordered(begun: CountyList) -> list[Application]:
    found = {row.pk: row for row in Application.objects(pk__in=begun.application_ids)}
    return [found[key] for key in begun.application_ids if key in found]


def _inputs(made: CountyList, rows: Sequence[Application], now: datetime) -> CountyRecommendationInputs:
    pack = rules.pack()
    area = pack.area(made.area)
    return CountyRecommendationInputs(
        issuer=area.department,
        signed_on=now.date(),
        contact=made.contact,
        phone=made.phone,
        rules_title=pack.rules.title,
        rules_number=pack.rules.number,
        year=made.year,
        bureau=pack.city.bureau,
        area_name=area.name,
        platform=pack.city.platform,
        filed_on=made.filed_on,
        rows=tuple(_line(row) for row in rows),
    )


def _line(row: Application) -> RecommendedLine:
    """A row of 推荐汇总表: what the report and the register say; figures that nobody gave stay empty."""
    unit = Unit.objects.get(pk=row.unit_id)
    report = row.report
    code = unit.industries[0] if unit.industries else ""
    called = unit.contacts[0] if unit.contacts else None
    return RecommendedLine(
        kind_label=Kind(row.kind).label,
        name=row.unit_name,
        credit_code=row.credit_code or "",
        industry=f"{industries.name(code)}（{code}）" if code else "",
        mode_label=Mode(report.mode).label if report else "",
        evaluator=(report.evaluator_name or "") if report else "",
        standard=(report.standard or "") if report else "",
        score=str(report.score) if report else "",
        output="",
        energy="",
        exclusions="无",
        opinion="同意推荐",
        contact=(called.name or "") if called else "",
        phone=(called.phone or "") if called else "",
    )
