"""Findings: results of the conditions and grounds of 第七至十条, recorded by the county, confirmed by the city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.filing import cultivation, eligibility
from app.policy.filing.guards import look_back_of
from app.policy.flow import NotAllowed
from app.policy.terms import Ground, Role, Stage, as_set
from app.services.core import audit, records, rules, scope
from app.services.core.by import By
from models.database import transactional
from models.filing.applications import Application, Finding


@dataclass(frozen=True)
class CheckResult:
    """An official's result for one requirement."""

    result: str
    source: str = ""
    checked_on: date | None = None
    fact_on: date | None = None
    ended_on: date | None = None
    note: str = ""


def may_record_findings(application: Application, *, actor: Actor) -> bool:
    """Return whether the actor may write findings now: county, then city, but not the unit about itself."""
    stages = as_set(cultivation.FINDINGS.get(actor.role, frozenset()))
    return application.decision_id is None and Stage(application.stage) in stages


@transactional
def record_findings(
    application: Application, results: Mapping[str, CheckResult], *, version: int, by: By
) -> Application:
    """Write results of 第七至十条 by the county, or confirm and correct them by the city."""
    if application.decision_id is not None:
        raise NotAllowed("已有待审签的审批单；新发现的情形请先由审签人退回审批单，再填写资格核查。")
    if not may_record_findings(application, actor=by.actor):
        raise NotAllowed(f"当前环节为“{Stage(application.stage).label}”，不能填写资格核查。")
    fresh = scope.find(by, Application, application.pk)
    if fresh is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    return _write_findings(fresh, results, version, by=by, verb=Verb.FINDINGS_RECORDED)


@transactional
def recheck_grounds(applications: Sequence[Application], *, source: str, by: By) -> list[Application]:
    """State that the city looked at all six grounds of 第十条 again today and found nothing new.

    Grounds that still count, or are open, stay as they are: they need a result of their own, not a batch.
    """
    for application in applications:
        cultivation.RECHECK.demand(Stage(application.stage), by.actor.role)
    if not source.strip():
        raise NotAllowed("请写明复核所查询的来源（如“信用中国”）。")
    rows = scope.rows(by, Application).filter(pk__in=[application.pk for application in applications])
    return [_recheck(fresh, source, by=by) for fresh in rows]


def _recheck(fresh: Application, source: str, *, by: By) -> Application:
    look_back = look_back_of(rules.moment(by.now))
    results = {
        ground.code: _renewed(ground, finding, source, by.today)
        for ground in eligibility.GROUNDS
        if (finding := fresh.finding(ground.code))
        and not _needs_own_result(ground, finding, look_back, by.today)
    }
    return _write_findings(fresh, results, fresh.version, by=by, verb=Verb.GROUNDS_RECHECKED)


def _needs_own_result(
    ground: eligibility.Requirement, finding: Finding, look_back: eligibility.LookBack, today: date
) -> bool:
    """Return whether a ground is open, or 有 and still counting."""
    if finding.result == ground.passed.value:
        return False
    expired = finding.result == Ground.PRESENT.value
    return not expired or bool(eligibility.excluding_grounds([finding], today, look_back))


def _renewed(ground: eligibility.Requirement, finding: Finding, source: str, today: date) -> CheckResult:
    """Return a result as it was, looked up again today; an expired fact keeps its days and its own source."""
    if finding.result == ground.passed.value:
        return CheckResult(ground.passed.value, source, today)
    return CheckResult(
        finding.result, finding.source or source, today, finding.fact_on, finding.ended_on, finding.note or ""
    )


def _write_findings(
    fresh: Application, results: Mapping[str, CheckResult], version: int, *, by: By, verb: Verb
) -> Application:
    requirements = {row.code: row for row in eligibility.requirements(fresh.kind)}
    findings = {finding.code: finding for finding in fresh.findings}
    changes: list[audit.Change] = []
    for code, result in results.items():
        if code not in requirements:
            raise NotAllowed(f"没有“{code}”这项核查。")
        requirement, old = requirements[code], findings.get(code)
        findings[code] = _finding(requirement, result, old, by=by)
        before, after = _wording(requirement, old), _wording(requirement, findings[code])
        if before != after:
            changes.append((code, requirement.name, before, after))
    if fresh.version != version:
        raise records.stale(fresh)
    fresh.findings = [findings[code] for code in requirements if code in findings]
    fresh.version, fresh.updated_at, fresh.updated_by = version + 1, by.now, by.actor.username
    records.save(fresh, save_condition={"version": version})
    audit.record(verb, by=by, subject=fresh, changes=changes)
    return fresh


def _finding(
    requirement: eligibility.Requirement, result: CheckResult, old: Finding | None, *, by: By
) -> Finding:
    if result.result not in {member.value for member in requirement.results}:
        raise NotAllowed(f"{requirement.name}的结果不在可选范围内。")
    if result.checked_on and result.checked_on > by.today:
        raise NotAllowed(f"{requirement.name}的核查日期晚于今天。")
    finding = Finding(
        code=requirement.code,
        result=result.result,
        source=result.source,
        checked_on=result.checked_on,
        fact_on=result.fact_on,
        ended_on=result.ended_on,
        note=result.note,
        by=by.actor.username,
        by_name=by.actor.name,
    )
    if by.actor.role is Role.CITY:
        _confirm(finding, old, by=by)
    return finding


def _confirm(finding: Finding, old: Finding | None, *, by: By) -> None:
    """Sign a finding for the city; whoever recorded it first stays named."""
    finding.confirmed_by, finding.confirmed_name = by.actor.username, by.actor.name
    finding.confirmed_at = by.now
    if old is not None:
        finding.by, finding.by_name = old.by, old.by_name


def _wording(requirement: eligibility.Requirement, finding: Finding | None) -> str:
    """Return a finding as its history line says it, "" for none."""
    if finding is None:
        return ""
    parts = [requirement.results(finding.result).label, finding.source, finding.checked_on, finding.note]
    confirmed = f"（{finding.confirmed_name}确认）" if finding.confirmed_by else ""
    return " ".join(str(part) for part in parts if part) + confirmed
