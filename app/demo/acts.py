"""Single acts of the story: each calls the services as its actor would, and insists on success."""

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
PARALLEL_UPLOADS = 4  # reports are examined in child processes of their own


class StoryBroken(Exception):
    """Refusal by a service of an act of the story."""


@dataclass
class People:
    """Actors of the story, as far as their accounts are open."""

    city: Actor
    city2: Actor
    lead: Actor
    counties: Mapping[str, Actor]
    evaluators: dict[ObjectId, Actor] = field(default_factory=dict)
    unit: Actor | None = None

    def filer(self, application: Application) -> Actor:
        """Return the unit if it has an account, else its county."""
        own = self.unit and self.unit.unit_id == application.unit_id
        return self.unit if own else self.counties[application.area]

    def county(self, application: Application) -> Actor:
        return self.counties[application.area]


def reload(rows: Iterable[Application]) -> list[Application]:
    """Return the same applications as they are now, in the same order."""
    keys = [row.pk for row in rows]
    by_key = {row.pk: row for row in Application.objects(pk__in=keys)}
    return [by_key[key] for key in keys]


def take_step(
    rows: Rows, action: str, who: Any, now: datetime, given: workflow.StepInput | None = None
) -> None:
    """Take a step for many applications, each by the actor that `who(row)` returns."""
    for row in rows:
        workflow.advance(row, action, by=By(who(row), now), given=given)


def submit_reports(rows: Rows, people: People, now: datetime) -> None:
    """Upload each report as its institution, unit or county."""
    with ThreadPoolExecutor(PARALLEL_UPLOADS) as pool:
        list(pool.map(lambda row: _submit_report(row, people, now), rows))


def _submit_report(row: Application, people: People, now: datetime) -> None:
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


def record_findings(rows: Rows, people: People, now: datetime, **other: CheckResult) -> None:
    """Record the county's findings of 第七至十条; `other` replaces single results."""
    for row in rows:
        filing.record_findings(
            row, _passing_results(row, now) | other, version=row.version, by=By(people.county(row), now)
        )


def _passing_results(row: Application, now: datetime) -> dict[str, CheckResult]:
    requirements = eligibility.requirements(row.kind)
    return {
        requirement.code: CheckResult(requirement.passed.value, cast.SOURCES[requirement.code], now.date())
        for requirement in requirements
    }


def set_value(key: str, value: Any, reason: str, people: People, now: datetime) -> None:
    """Set a discretionary value: the city proposes, its lead approves."""
    change = settings.propose_value(key, value, reason, by=By(people.city, now))
    settings.approve_change(change, seen=change.version, by=By(people.lead, now))


def write_county_opinion(rows: Rows, people: People, now: datetime, opinion: str) -> None:
    for row in rows:
        filing.edit_application(
            row, {"county_opinion": opinion}, version=row.version, by=By(people.county(row), now)
        )


def recommend(rows: Rows, people: People, now: datetime) -> None:
    """Send each area's whole list with a letter of its own."""
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
    """Confirm every finding as the city's own."""
    for row in rows:
        findings = {
            finding.code: CheckResult(finding.result, finding.source, finding.checked_on, note=finding.note)
            for finding in row.findings
        }
        seen = filing.record_findings(row, findings, version=row.version, by=By(people.city, now))
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
    """Prepare a decision, approve it and demand that it was carried out for every row."""
    decision = decisions.prepare(action, rows, by=By(people.city, prepared), **given)
    decision = decisions.approve(decision, answer="同意。", by=By(people.lead, approved))
    left = [(line.label, line.why) for line in decision.lines if line.result != "done"]
    if left or decision.state != DecisionState.DONE:
        raise StoryBroken(f"{decision}：{left}")
    return decision


def score(rows: Rows, people: People, now: datetime, *, both: bool = True) -> None:
    """Enter independent totals of two scorers, or with `both` false of one."""
    shift = {people.city: Decimal("1.5"), people.city2: Decimal("-2.0")}
    for actor in (people.city, people.city2)[: 2 if both else 1]:
        for row in reload(rows):
            total = min(Decimal(str(row.score)) + shift[actor], Decimal(100))
            remark = "指标数据可核实，管理体系运行有效，评价结论可信。"
            filing.score_application(row, total, remark, version=row.version, by=By(actor, now))


def announce(
    rows: Rows, people: People, prepared: datetime, approved: datetime, first_day: datetime
) -> Application:
    """Check grounds again and approve the notice; return a row, which tells the last day."""
    recheck_grounds(rows, people, prepared)
    decide("announce", reload(rows), people, prepared, approved, details={"first_day": first_day.date()})
    return reload(rows[:1])[0]


def publish_list(rows: Rows, people: People, prepared: datetime, approved: datetime) -> None:
    """Certify the end of the notice, check grounds again and publish the list."""
    notice = PublicNotice.objects.get(pk=rows[0].notice_id)
    paper = lists.draft_certificate(notice, by=By(people.city, prepared))
    paper = papers.submit(paper, version=paper.version, by=By(people.city, prepared))
    paper = papers.sign(paper, by=By(people.lead, prepared))
    papers.issue(paper, by=By(people.city, prepared))
    recheck_grounds(rows, people, prepared)
    decide("list", reload(rows), people, prepared, approved)


def raise_objection(
    row: Application,
    matter: str,
    people: People,
    now: datetime,
    *,
    question: str = "",
    due: datetime | None = None,
) -> Objection:
    """Register an objection; with a question hand it to the county an hour later."""
    by = Objector(name=cast.OBJECTOR[0], phone=cast.OBJECTOR[1])
    objection = lists.register_objection(row, matter, now.date(), by, by=By(people.city, now))
    if not question or due is None:
        return objection
    return lists.hand_over_objection(
        objection,
        question,
        due.date(),
        version=objection.version,
        by=By(people.city, now + timedelta(hours=1)),
    )


def answer_inquiry(objection: Objection, text: str, people: People, now: datetime) -> Objection:
    county = people.counties[objection.area]
    return lists.answer_inquiry(objection, text, version=objection.version, by=By(county, now))


def settle_objection(
    objection: Objection, state: ObjectionState, text: str, people: People, now: datetime
) -> None:
    version = objection.version
    proposed = lists.propose_conclusion(objection, state, text, version=version, by=By(people.city2, now))
    lists.settle_objection(proposed, version=proposed.version, by=By(people.lead, now))


def recheck_grounds(rows: Rows, people: People, now: datetime) -> None:
    filing.recheck_grounds(rows, source=cast.RECHECKED, by=By(people.city, now))


def return_input(
    note: str, defect: Defect, now: datetime, field_name: str = "证明材料"
) -> workflow.StepInput:
    due = rules.due_after(now, "correction_days")
    return workflow.StepInput(
        corrections=[Correction(field=field_name, label=field_name, defect=defect.value, note=note, due=due)]
    )


def city_for(people: People) -> Any:
    return lambda row: people.city


def is_park(row: Application) -> bool:
    return row.area == "4453YQ"


def message_recipients(people: People) -> list[Actor]:
    """Return everybody who may have messages."""
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
