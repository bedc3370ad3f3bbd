"""Single acts of the story: each calls the services as its actor would, and insists that they succeed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bson import ObjectId

from app.demo import cast, reports
from app.policy.access import Actor
from app.policy.filing import eligibility
from app.policy.terms import DecisionState, Defect, Kind, Met, Mode, ObjectionState, Role
from app.services import filing, lists, papers, settings
from app.services.core import decisions, rules, workflow
from app.services.core.by import By
from app.services.filing import CheckResult
from models.decisions import Decision
from models.filing.applications import Application, Correction
from models.filing.evaluations import Declaration
from models.lists import Objection, Objector, PublicNotice

Rows = Sequence[Application]
AT_ONCE = 4  # reports are examined in child processes of their own


class StoryBroken(Exception):
    """A service refused what the story takes for granted."""


@dataclass
class People:
    """Who acts, as far as their accounts are open."""

    city: Actor
    city2: Actor
    lead: Actor
    counties: Mapping[str, Actor]
    evaluators: dict[ObjectId, Actor] = field(default_factory=dict)
    unit: Actor | None = None

    def filer(self, application: Application) -> Actor:
        """The unit where it has an account, else the county for it."""
        own = self.unit and self.unit.unit_id == application.unit_id
        return self.unit if own else self.counties[application.area]

    def county(self, application: Application) -> Actor:
        return self.counties[application.area]


def fresh(rows: Iterable[Application]) -> list[Application]:
    """The same applications as they are now."""
    keys = [row.pk for row in rows]
    found = {row.pk: row for row in Application.objects(pk__in=keys)}
    return [found[key] for key in keys]


def take(rows: Rows, action: str, who: Any, now: datetime, given: workflow.StepInput | None = None) -> None:
    """The same step for many, each by the one whom `who` names."""
    for row in rows:
        workflow.advance(row, action, by=By(who(row), now), given=given)


def hand_in(rows: Rows, people: People, now: datetime) -> None:
    """Upload each report as its institution, unit or county."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda row: _hand_in(row, people, now), rows))


def _hand_in(row: Application, people: People, now: datetime) -> None:
    noted = filing.find_report(row)
    third = noted is not None and noted.mode == Mode.THIRD_PARTY
    actor = people.evaluators[noted.evaluator_id] if third else people.filer(row)
    author = noted.evaluator_name if third else "自我评价"
    kind, standard = Kind(row.kind).label, noted.standard if noted else "GB/T 36132-2025"
    text = reports.lines(row.unit_name, kind, row.year, standard, row.score, author)
    signed = Declaration(signatory=actor.name, signed_on=now.date())
    values = {
        "unit_id": row.unit_id,
        "kind": row.kind,
        "year": row.year,
        "standard": standard,
        "score": Decimal(str(row.score)),
        "basic": Met.MET.value,
        "highlights": "能源低碳化水平较好，余热回收和清洁能源利用持续推进。",
        "unit_declaration": Declaration(signatory=f"{row.unit_name[3:4]}厂长", signed_on=now.date()),
    }
    if third:
        values |= {
            "institution_declaration": signed,
            "conflict_statement": "与申报单位无隶属、投资和其他利害关系。",
        }
    content, suffix = (reports.pdf(text), "pdf") if third else (reports.docx(text), "docx")
    filing.submit_evaluation(values, (f"{row.unit_name}评价报告.{suffix}", content), by=By(actor, now))


def examine(rows: Rows, people: People, now: datetime, **other: CheckResult) -> None:
    """The county's findings of 第七至十条; `other` replaces single results."""
    for row in rows:
        filing.record_findings(
            row, passing(row, now) | other, version=row.version, by=By(people.county(row), now)
        )


def passing(row: Application, now: datetime) -> dict[str, CheckResult]:
    wanted = eligibility.requirements(row.kind)
    return {one.code: CheckResult(one.passed.value, cast.SOURCES[one.code], now.date()) for one in wanted}


def set_value(key: str, value: Any, reason: str, people: People, now: datetime) -> None:
    """A discretionary value, proposed by the city and approved by its lead."""
    made = settings.propose_value(key, value, reason, by=By(people.city, now))
    settings.approve_change(made, seen=made.version, by=By(people.lead, now))


def opine(rows: Rows, people: People, now: datetime, opinion: str) -> None:
    for row in rows:
        filing.edit_application(
            row, {"county_opinion": opinion}, version=row.version, by=By(people.county(row), now)
        )


def recommend(rows: Rows, people: People, now: datetime) -> None:
    """Each area sends its whole list with its own letter."""
    for area, actor in people.counties.items():
        own = [row for row in rows if row.area == area]
        if not own:
            continue
        receipt = f"TJ{now:%Y%m%d}{rules.pack().order(area)}"
        details = filing.FilingDetails(receipt, now.date(), actor.name, "0766-0000000")
        sent = filing.recommend(own, details, by=By(actor, now))
        if len(sent.application_ids) != len(own):
            raise StoryBroken(f"推荐：{sent.outcome}")


def confirm_findings(rows: Rows, people: People, now: datetime) -> None:
    """The city looks at every finding and makes it its own."""
    for row in rows:
        found = {
            one.code: CheckResult(one.result, one.source, one.checked_on, note=one.note)
            for one in row.findings
        }
        seen = filing.record_findings(row, found, version=row.version, by=By(people.city, now))
        opinion = {"city_opinion": cast.CONFORMS}
        filing.edit_application(seen, opinion, version=seen.version, by=By(people.city, now))


def explain_late(rows: Rows, people: People, now: datetime, reason: str) -> None:
    for row in rows:
        filing.edit_application(
            row, {"city_late_reason": reason}, version=row.version, by=By(people.city, now)
        )


def decide(
    action: str, rows: Rows, people: People, prepared: datetime, approved: datetime, **given: Any
) -> Decision:
    """Prepared by the city, approved by its lead, carried out for every row."""
    decision = decisions.prepare(action, rows, by=By(people.city, prepared), **given)
    decision = decisions.approve(decision, answer="同意。", by=By(people.lead, approved))
    left = [(line.label, line.why) for line in decision.lines if line.result != "done"]
    if left or decision.state != DecisionState.DONE:
        raise StoryBroken(f"{decision}：{left}")
    return decision


def review(rows: Rows, people: People, now: datetime, *, both: bool = True) -> None:
    """Independent totals; the third and later ones of a pair never happen here."""
    shift = {people.city: Decimal("1.5"), people.city2: Decimal("-2.0")}
    for actor in (people.city, people.city2)[: 2 if both else 1]:
        for row in fresh(rows):
            total = min(Decimal(str(row.score)) + shift[actor], Decimal(100))
            remark = "指标数据可核实，管理体系运行有效，评价结论可信。"
            filing.score_application(row, total, remark, version=row.version, by=By(actor, now))


def announce(
    rows: Rows, people: People, prepared: datetime, approved: datetime, first_day: datetime
) -> Application:
    """Grounds checked that day, notice approved; any one row tells the last day."""
    recheck(rows, people, prepared)
    decide("announce", fresh(rows), people, prepared, approved, details={"first_day": first_day.date()})
    return fresh(rows[:1])[0]


def enter(rows: Rows, people: People, prepared: datetime, approved: datetime) -> None:
    """The notice certified as over, grounds checked again that day, then the list is published."""
    notice = PublicNotice.objects.get(pk=rows[0].notice_id)
    paper = lists.draft_certificate(notice, by=By(people.city, prepared))
    paper = papers.submit(paper, version=paper.version, by=By(people.city, prepared))
    paper = papers.sign(paper, by=By(people.lead, prepared))
    papers.issue(paper, by=By(people.city, prepared))
    recheck(rows, people, prepared)
    decide("list", fresh(rows), people, prepared, approved)


def raise_objection(
    row: Application,
    matter: str,
    people: People,
    now: datetime,
    *,
    question: str = "",
    due: datetime | None = None,
) -> Objection:
    """Taken down by the city; where there is a question, handed to the county an hour later."""
    by = Objector(name=cast.OBJECTOR[0], phone=cast.OBJECTOR[1])
    made = lists.register_objection(row, matter, now.date(), by, by=By(people.city, now))
    if not question or due is None:
        return made
    return lists.hand_over_objection(
        made, question, due.date(), version=made.version, by=By(people.city, now + timedelta(hours=1))
    )


def report_on(objection: Objection, text: str, people: People, now: datetime) -> Objection:
    county = people.counties[objection.area]
    return lists.answer_inquiry(objection, text, version=objection.version, by=By(county, now))


def close(objection: Objection, state: ObjectionState, text: str, people: People, now: datetime) -> None:
    lists.settle_objection(objection, state, text, version=objection.version, by=By(people.city2, now))


def recheck(rows: Rows, people: People, now: datetime) -> None:
    filing.recheck_grounds(rows, source=cast.RECHECKED, by=By(people.city, now))


def corrections(note: str, defect: Defect, now: datetime, what: str = "证明材料") -> workflow.StepInput:
    due = rules.due_after(now, "correction_days")
    return workflow.StepInput(
        corrections=[Correction(field=what, label=what, defect=defect.value, note=note, due=due)]
    )


def by_city(people: People) -> Any:
    return lambda row: people.city


def is_park(row: Application) -> bool:
    return row.area == "4453YQ"


def roles(people: People) -> list[Actor]:
    """Everybody who may have messages."""
    units = [people.unit] if people.unit else []
    everyone = [
        people.city,
        people.city2,
        people.lead,
        *people.counties.values(),
        *people.evaluators.values(),
        *units,
    ]
    return [actor for actor in everyone if actor.role is not Role.SYSTEM]
