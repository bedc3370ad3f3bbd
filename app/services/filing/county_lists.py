"""County lists: the letter with its number and table, and every row's step, in one act (第十三条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.documents.kinds.applications import CountyRecommendationInputs
from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, PolicyError
from app.policy.terms import Role, Stage
from app.services import papers
from app.services.core import records, rules, scope, workflow
from app.services.core.by import By
from app.services.core.records import Invalid
from app.services.filing.county_letter import letter_inputs
from models.accounts.people import User
from models.database import transactional
from models.files import Attachment
from models.filing.applications import Application
from models.filing.county_lists import CountyList
from models.papers import Number, Paper

PAPER_KIND, RESOURCE = "county_recommendation", "countylist"
UNORDERED = 9999  # applications without a place stand last


@dataclass(frozen=True)
class FilingDetails:
    """Receipt and day of the filing on the platform, and the contact named in the letter."""

    platform_receipt: str
    filed_on: date | None
    contact: str
    phone: str

    def demand_complete(self, today: date) -> None:
        """Raise Invalid naming every missing field."""
        missing = {}
        if not self.platform_receipt.strip():
            missing["platform_receipt"] = "请填写管理平台报送回执号（第六条、第十三条）。"
        if self.filed_on is None or self.filed_on > today:
            missing["filed_on"] = "请填写不晚于今天的管理平台报送日期。"
        if not self.contact.strip() or not self.phone.strip():
            missing["contact"] = "请填写联系人和联系电话：推荐函须注明。"
        if missing:
            raise Invalid(missing)


def may_recommend(actor: Actor) -> bool:
    """Return whether the actor is a county official, whose department signs its own letter."""
    return actor.role is Role.COUNTY and access.may(actor, "create", RESOURCE)


def awaiting_recommendation(
    year: int, *, by: By, chosen: Sequence[Application] = ()
) -> list[tuple[Application, str]]:
    """Return the area's applications in the county's order, each with the obstacle to its recommendation.

    `chosen` are rows ticked elsewhere: they are listed even at another stage, with the reason.
    """
    rows = scope.rows(by, Application).filter(year=year, stage=Stage.COUNTY_REVIEW.value)
    distinct = {row.pk: row for row in (*rows, *chosen)}.values()
    ordered = sorted(distinct, key=lambda row: (row.county_order or UNORDERED, row.unit_name))
    return [(row, _obstacle(row, by.now)) for row in ordered]


def _obstacle(row: Application, now: datetime) -> str:
    """Return why the row cannot be recommended now, "" if it can."""
    return workflow.judge(row, "recommend", Role.COUNTY, rules.moment(now)).why


def recommend(rows: Sequence[Application], filing: FilingDetails, *, by: By) -> CountyList:
    """Issue the letter and take every row's step; rows that fail stay where they are. Raises NotAllowed, Invalid."""
    if not may_recommend(by.actor):
        raise NotAllowed(f"推荐名单由{Role.COUNTY.label}报送（细则第十三条）。")
    filing.demand_complete(by.today)
    passing = _demand_passing(rows, now=by.now)
    county_list = CountyList(
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
    return finish_county_list(_begin(county_list, passing, by=by), by=by)


def _demand_passing(rows: Sequence[Application], *, now: datetime) -> list[Application]:
    """Return the rows that can be recommended. Raises NotAllowed for none, or for rows of several years."""
    reasons = [(row, _obstacle(row, now)) for row in rows]
    passing = [row for row, why in reasons if not why]
    if not passing:
        raise NotAllowed("所选申报都不能推荐：" + "；".join(f"{row}：{why}" for row, why in reasons[:5]))
    if len({row.year for row in passing}) != 1:
        raise NotAllowed("一份推荐名单只能是同一年度的申报。")
    return passing


@transactional
def _begin(county_list: CountyList, passing: Sequence[Application], *, by: By) -> CountyList:
    """Draft and sign the letter, and insert the list that waits for it."""
    inputs = letter_inputs(county_list, passing, today=by.today)
    paper = papers.create_draft(
        PAPER_KIND,
        inputs,
        by=by,
        series=rules.pack().area(by.actor.area).series_key,
        areas=[by.actor.area],  # its table tells of every unit's contact and score: no unit reads it
    )
    papers.demand_complete(paper, inputs)
    papers.record_signature(paper, by=by)
    county_list.paper_id = paper.pk
    return records.insert(county_list, by=by, verb=Verb.COUNTY_LIST_FILED)


def finish_county_list(county_list: CountyList, *, by: By) -> CountyList:
    """Issue the letter and recommend its rows; safe to call again, the reserved number is used again."""
    county_list = CountyList.objects.get(pk=county_list.pk)
    if county_list.settled_at is not None:
        return county_list
    passing = [row for row in _ordered_rows(county_list) if not _obstacle(row, by.now)]
    paper = Paper.objects.get(pk=county_list.paper_id)
    if not passing:
        return _give_up(county_list, paper, by=by)
    inputs = letter_inputs(county_list, passing, today=by.today)
    prepared = papers.prepare_issue(paper, inputs, by=by)  # files: outside the transaction
    return _issue(county_list, paper, inputs, prepared, passing, by=by)


@transactional
def _issue(
    county_list: CountyList,
    paper: Paper,
    inputs: CountyRecommendationInputs,
    prepared: tuple[Number | None, Attachment],
    passing: Sequence[Application],
    *,
    by: By,
) -> CountyList:
    """Issue the letter and take every row's step, unless another process has done so."""
    fresh = CountyList.objects.get(pk=county_list.pk)
    if fresh.settled_at is not None:
        return fresh
    issued = papers.record_issue(Paper.objects.get(pk=paper.pk), *prepared, inputs, by=by)
    step_input = workflow.StepInput(details={"paper_id": issued.pk})
    for row in passing:
        workflow.advance(row, "recommend", by=by, given=step_input, within=RESOURCE)
    values = {
        "application_ids": [row.pk for row in passing],
        "unit_ids": [row.unit_id for row in passing],
        "settled_at": by.now,
        "outcome": f"推荐 {len(passing)} 家，{issued.number_text}",
    }
    return records.write(fresh, values, version=fresh.version, by=by, verb=Verb.COUNTY_LIST_COMPLETED)


@transactional
def _give_up(county_list: CountyList, paper: Paper, *, by: By) -> CountyList:
    """Withdraw the letter of a list none of whose rows can be recommended any more."""
    papers.discard(paper, "推荐名单中已没有可以推荐的申报", by=by)
    fresh = CountyList.objects.get(pk=county_list.pk)
    values = {"settled_at": by.now, "outcome": "没有可以推荐的申报，推荐函已撤稿"}
    return records.write(fresh, values, version=county_list.version, by=by, verb=Verb.COUNTY_LIST_FAILED)


def sweep_county_lists(*, now: datetime) -> int:
    """Finish the lists that a crash cut off before their letter was issued, and return how many."""
    finished = 0
    for county_list in CountyList.objects(settled_at=None):
        preparer = User.objects(username=county_list.prepared_by).first()
        if preparer is None:
            continue
        try:
            finish_county_list(county_list, by=By(preparer.actor(source="job"), now))
            finished += 1
        except PolicyError:
            continue  # judged again at the next sweep
    return finished


def _ordered_rows(county_list: CountyList) -> list[Application]:
    rows = {row.pk: row for row in Application.objects(pk__in=county_list.application_ids)}
    return [rows[key] for key in county_list.application_ids if key in rows]
