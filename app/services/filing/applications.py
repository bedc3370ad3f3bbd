"""Applications: filing, editing, findings and scores (第七至十五条). Stages change in `workflow` only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bson import ObjectId

from app.policy import deadlines
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.filing import cultivation, eligibility
from app.policy.flow import NotAllowed, Offer
from app.policy.terms import Role, Stage, as_set
from app.services.core import audit, records, rules, scope, workflow
from app.services.core.by import By
from models.database import transact
from models.filing.applications import Application, Finding, Score
from models.filing.evaluations import Evaluation
from models.registry.units import Unit


@dataclass(frozen=True)
class CheckResult:
    """What an official found about one requirement."""

    result: str
    source: str = ""
    checked_on: date | None = None
    fact_on: date | None = None
    ended_on: date | None = None
    note: str = ""


def open_draft(values: Mapping[str, Any], *, by: By) -> Application:
    """Start a draft for a unit, kind and year. Raises NotAllowed (scope, live cultivation), Invalid (twice)."""
    unit = scope.find(by, Unit, values.get("unit_id"))
    if unit is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    live = Application.objects.cultivating(unit.pk, values["kind"]).first()
    if live is not None:
        raise NotAllowed(
            f"该单位已是培育对象（有效期至{live.cultivation_ends}，第十四条），有效期内不重复申报。"
        )
    application = Application(**{**values, "stage": Stage.DRAFT.value})
    report = application.report
    application.score = report.score if report else None
    return records.create(application, by=by)


def edit_application(
    application: Application, values: Mapping[str, Any], *, version: int, by: By
) -> Application:
    """Write the fields that the table leaves to this role at this stage. Raises NotAllowed, Invalid, Conflict."""
    if not application.editable_by(by.actor.role):
        raise NotAllowed(f"当前环节为“{Stage(application.stage).label}”，{by.actor.role.label}不能修改。")
    if foreign := set(values) - set(application_fields(by.actor.role)):
        raise NotAllowed(
            f"不能修改：{'、'.join(records.label_of(application, name) for name in sorted(foreign))}。"
        )
    return records.update(application, values, version=version, by=by)


def application_fields(role: Role) -> Sequence[str]:
    """The fields of an existing application that a role may write at all."""
    return cultivation.FIELDS.get(role, ())


def discard_draft(application: Application, *, version: int, by: By) -> None:
    """Delete a draft; what has left draft is withdrawn, never deleted."""
    cultivation.TABLE.demand_act("discard", Stage(application.stage), by.actor.role)
    records.delete(application, version=version, by=by)


def application_deadline(application: Application, today: date) -> tuple[str, date, bool] | None:
    """What the application must be done by, that day, and whether it is past; None where nothing runs."""
    stage = Stage(application.stage)
    if stage is Stage.RETURNED and application.corrections:
        return _limit("补正期限", min(one.due for one in application.corrections), today)
    if key := cultivation.LEGAL_LIMITS.get(stage):
        pack = rules.pack()
        return _limit(pack.dates[key].label, deadlines.legal_date(pack, key, application.year), today)
    field, label = cultivation.OWN_LIMITS.get(stage, ("", ""))
    day = getattr(application, field) if field else None
    return _limit(label, day, today) if day else None


def _limit(label: str, day: date, today: date) -> tuple[str, date, bool]:
    return label, day, day < today


def application_offers(application: Application, *, by: By) -> list[Offer]:
    """Every step and act that the tables show this role at this stage; greyed ones say why."""
    return workflow.offers(application, acts=cultivation.ACTS, by=by)


def application_batch_actions(actor: Actor) -> list[tuple[str, str]]:
    """What the actor may do for many applications at once: action and wording."""
    offered = [(step.action, step.label) for step in cultivation.TABLE.batch_steps(actor.role)]
    recheck = cultivation.RECHECK
    return offered + ([(recheck.action, recheck.label)] if actor.role in as_set(recheck.by) else [])


def may_record_findings(application: Application, *, actor: Actor) -> bool:
    """Whether the actor may write results of 第七至十条: who may edit, but not the unit about itself."""
    return application.editable_by(actor.role) and actor.role is not Role.UNIT


def record_findings(
    application: Application, checked: Mapping[str, CheckResult], *, version: int, by: By
) -> Application:
    """Write results of 第七至十条 by the county, or confirm and correct them by the city."""
    if not may_record_findings(application, actor=by.actor):
        raise NotAllowed(f"当前环节为“{Stage(application.stage).label}”，不能填写资格核查。")

    def work() -> Application:
        fresh = scope.find(by, Application, application.pk)
        if fresh is None:
            raise NotAllowed(records.OUT_OF_SCOPE)
        return _write_findings(fresh, checked, version, by=by, verb=Verb.FINDINGS_RECORDED)

    return transact(work)


def recheck_grounds(applications: Sequence[Application], *, source: str, by: By) -> list[Application]:
    """The city states that it looked at all six grounds of 第十条 again today and found nothing new.

    Grounds that are not 无 stay as they are: they need a result of their own, not a batch.
    """
    for application in applications:
        cultivation.RECHECK.demand(Stage(application.stage), by.actor.role)
    if not source.strip():
        raise NotAllowed("请写明复核所查询的来源（如“信用中国”）。")
    keys = [application.pk for application in applications]

    def work() -> list[Application]:
        rows = scope.rows(by, Application).filter(pk__in=keys)
        return [_recheck(fresh, source, by=by) for fresh in rows]

    return transact(work)


def _recheck(fresh: Application, source: str, *, by: By) -> Application:
    absent = [
        row for row in eligibility.GROUNDS if (f := fresh.finding(row.code)) and f.result == row.passed.value
    ]
    checked = {row.code: CheckResult(row.passed.value, source, by.today) for row in absent}
    return _write_findings(fresh, checked, fresh.version, by=by, verb=Verb.GROUNDS_RECHECKED)


def _write_findings(
    fresh: Application,
    checked: Mapping[str, CheckResult],
    version: int,
    *,
    by: By,
    verb: Verb,
) -> Application:
    kind_rows = {row.code: row for row in eligibility.requirements(fresh.kind)}
    findings = {finding.code: finding for finding in fresh.findings}
    changes: list[audit.Change] = []
    for code, one in checked.items():
        if code not in kind_rows:
            raise NotAllowed(f"没有“{code}”这项核查。")
        old = findings.get(code)
        new = _finding(kind_rows[code], one, old, by=by)
        findings[code] = new
        if _words(kind_rows[code], old) != _words(kind_rows[code], new):
            changes.append(
                (code, kind_rows[code].name, _words(kind_rows[code], old), _words(kind_rows[code], new))
            )
    fresh_version = fresh.version
    if fresh_version != version:
        raise records.stale(fresh)
    fresh.findings = [findings[code] for code in kind_rows if code in findings]
    fresh.version, fresh.updated_at, fresh.updated_by = version + 1, by.now, by.actor.username
    records.save(fresh, save_condition={"version": version})
    audit.record(verb, by=by, subject=fresh, changes=changes)
    return fresh


def _finding(row: eligibility.Requirement, one: CheckResult, old: Finding | None, *, by: By) -> Finding:
    if one.result not in {member.value for member in row.results}:
        raise NotAllowed(f"{row.name}的结果不在可选范围内。")
    if one.checked_on and one.checked_on > by.today:
        raise NotAllowed(f"{row.name}的核查日期晚于今天。")
    finding = Finding(
        code=row.code,
        result=one.result,
        source=one.source,
        checked_on=one.checked_on,
        fact_on=one.fact_on,
        ended_on=one.ended_on,
        note=one.note,
        by=by.actor.username,
        by_name=by.actor.name,
    )
    if by.actor.role is Role.CITY:
        finding.confirmed_by, finding.confirmed_name, finding.confirmed_at = (
            by.actor.username,
            by.actor.name,
            by.now,
        )
        if old is not None:
            finding.by, finding.by_name = old.by, old.by_name
    return finding


def _words(row: eligibility.Requirement, finding: Finding | None) -> str:
    if finding is None:
        return ""
    parts = [row.results(finding.result).label, finding.source, finding.checked_on, finding.note]
    confirmed = f"（{finding.confirmed_name}确认）" if finding.confirmed_by else ""
    return " ".join(str(part) for part in parts if part) + confirmed


def score_application(
    application: Application, total: Decimal, remark: str, *, version: int, by: By
) -> Application:
    """Record the actor's own total (0–100) and remark; a second time replaces his first while in review."""
    cultivation.TABLE.demand_act("score", Stage(application.stage), by.actor.role)
    if not Decimal(0) <= total <= Decimal(100):
        raise NotAllowed("评审得分应在 0 至 100 之间。")
    if not remark.strip():
        raise NotAllowed("请填写评审意见。")

    def work() -> Application:
        fresh = Application.objects.get(pk=application.pk)
        if fresh.version != version:
            raise records.stale(fresh)
        others = [one for one in fresh.scores if one.reviewer != by.actor.username]
        own = Score(reviewer=by.actor.username, name=by.actor.name, total=total, remark=remark, at=by.now)
        return records.write(fresh, {"scores": [*others, own]}, version=version, by=by, verb=Verb.SCORED)

    return transact(work)


def refresh_score(report: Evaluation, *, now: datetime) -> None:
    """Copy a report's score into the label of its application; inside the report's transaction."""
    Application.objects(unit_id=report.unit_id, kind=report.kind, year=report.year).update(
        set__score=report.score
    )


def find(by: By, keys: Iterable[ObjectId]) -> list[Application]:
    """The applications with these keys, all within the actor's scope, or NotAllowed for the whole selection."""
    wanted = list(dict.fromkeys(keys))
    rows = {row.pk: row for row in scope.rows(by, Application).filter(pk__in=wanted)}
    if len(rows) != len(wanted):
        raise NotAllowed("所选记录中有不存在或不属于您的记录，整批未办理。")
    return [rows[key] for key in wanted]
