"""Four eyes: the city prepares a decision, its lead approves; then it is carried out, even after a crash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.filing import cultivation
from app.policy.flow import Conflict, NotAllowed, Offer, PolicyError, Step
from app.policy.terms import DecisionState, Role, Stage
from app.services.core import issuing, messages, records, rules, workflow
from app.services.core.by import By
from app.services.core.issuing import Verdict
from app.services.papers import building
from models.accounts.people import User
from models.database import transact
from models.decisions import Decision, DecisionLine
from models.filing.applications import Application
from models.papers import Paper

ATTEMPTS = 5  # rounds of judging again before the sweep is left to finish


def preflight(action: str, applications: Iterable[Application], *, by: By) -> list[Verdict]:
    """Which rows would fail and why, by which article; changes nothing."""
    moment = rules.moment(by.now)

    def judge(application: Application) -> Verdict:
        try:
            step = cultivation.TABLE.find(action, Stage(application.stage), by.actor.role)
        except NotAllowed as refusal:
            return Verdict(application, str(refusal))
        return Verdict(application, "".join(workflow.obstacles(application, step, moment)))

    return [judge(application) for application in applications]


def prepare(
    action: str,
    applications: Sequence[Application],
    *,
    reason: str = "",
    details: dict[str, Any] | None = None,
    by: By,
) -> Decision:
    """Prepare a decision on the rows that pass; the failing ones stay on it as refused, with why.

    Raises NotAllowed when no row passes or the step's questions are not answered.
    """
    step = cultivation.TABLE.step(action)
    if not step.taken_by(by.actor.role) or not access.may(by.actor, "create", "decision"):
        raise NotAllowed(
            f"“{step.label}”由市局经办拟办（细则第{step.article}条），{by.actor.role.label}不能拟办。"
        )
    workflow.demand_inputs(step, workflow.StepInput(reason=reason))
    details = issuing.period(details, by.now) if action == "announce" else dict(details or {})
    keys = [application.pk for application in applications]

    def work() -> Decision:
        fresh = list(Application.objects(pk__in=keys))
        judged = preflight(action, sorted(fresh, key=lambda row: keys.index(row.pk)), by=by)
        if all(one.why for one in judged):
            raise NotAllowed(
                "所选记录都不能办理：" + "；".join(f"{one.application}：{one.why}" for one in judged[:5])
            )
        decision = _new(step, judged, reason, details, by=by)
        for one in judged:
            if not one.why:
                _bind(one.application, decision)
        if step.papers:
            passing = [one.application for one in judged if not one.why]
            inputs = issuing.inputs(step.papers[0], decision, passing, now=by.now)
            paper = building.draft(step.papers[0], inputs, decision, by=by)
            building.demand_complete(paper, inputs)
            Decision.objects(pk=decision.pk).update(set__paper_id=paper.pk)
            decision.paper_id = paper.pk
        messages.decision_prepared(decision, now=by.now)
        return decision

    return transact(work)


def _new(step: Step, judged: list[Verdict], reason: str, details: dict[str, Any], *, by: By) -> Decision:
    passing = [one.application for one in judged if not one.why]
    decision = Decision(
        number=_number(by.now),
        action=step.action,
        label=step.label,
        year=by.now.year,
        lines=[
            DecisionLine(
                record_id=one.application.pk,
                unit_id=one.application.unit_id,
                label=str(one.application),
                area=one.application.area,
                result="refused" if one.why else "",
                why=one.why,
            )
            for one in judged
        ],
        areas=sorted({application.area for application in passing}),
        unit_ids=[application.unit_id for application in passing],
        reason=reason,
        details=details,
        prepared_by=by.actor.username,
        prepared_name=by.actor.name,
        prepared_at=by.now,
    )
    return records.insert(decision, by=by, verb=Verb.DECISION_PREPARED)


def _number(now: datetime) -> str:
    """“审批2026-0007”; two at once collide on the unique index and the slower one is asked to try again."""
    prefix = f"审批{now.year}-"
    last = Decision.objects(number__gte=prefix, number__lt=prefix + "~").order_by("-number").first()
    return f"{prefix}{int(last.number.removeprefix(prefix)) + 1 if last else 1:04d}"


def _bind(application: Application, decision: Decision) -> None:
    """The application waits for this decision; a second one at the same moment loses the race."""
    bound = Application.objects(pk=application.pk, version=application.version, decision_id=None).modify(
        set__decision_id=decision.pk, inc__version=1
    )
    if bound is None:
        raise records.stale(application)


def approve(decision: Decision, *, answer: str = "", by: By, seen: int | None = None) -> Decision:
    """The second pair of eyes says yes; then every row's guards are asked again and it is carried out."""
    _settle(decision, DecisionState.APPROVED, answer, by=by, seen=seen)
    return carry_out(decision, by=by)


def approve_many(decisions: Iterable[Decision], *, answer: str = "", by: By) -> list[tuple[Decision, str]]:
    """Approve all first, then carry out one by one: what a crash leaves, the sweep ends. Result: decision, why not."""
    results = []
    for decision in decisions:
        try:
            _settle(decision, DecisionState.APPROVED, answer, by=by, seen=None)
            results.append((decision, ""))
        except PolicyError as refusal:
            results.append((decision, str(refusal)))
    return [(carry_out(one, by=by) if not why else one, why) for one, why in results]


def send_back(decision: Decision, answer: str, *, by: By, seen: int | None = None) -> Decision:
    """The lead says no with a reason: no stage has changed, the rows are free again, the draft is dropped."""
    if not answer.strip():
        raise NotAllowed("退回须填写意见。")
    return _settle(decision, DecisionState.SENT_BACK, answer, by=by, seen=seen)


def _settle(decision: Decision, state: DecisionState, answer: str, *, by: By, seen: int | None) -> Decision:
    def work() -> Decision:
        fresh = Decision.objects.get(pk=decision.pk)
        if why := _not_lead(fresh, by.actor):
            raise NotAllowed(why)
        if fresh.state != DecisionState.PREPARED.value or (seen is not None and fresh.version != seen):
            raise records.stale(fresh)
        values = {
            "state": state.value,
            "answer": answer,
            "decided_by": by.actor.username,
            "decided_name": by.actor.name,
            "decided_at": by.now,
        }
        approved = state is DecisionState.APPROVED
        verb = Verb.DECISION_APPROVED if approved else Verb.SENT_BACK
        fresh = records.write(fresh, values, version=fresh.version, by=by, verb=verb, reason=answer)
        paper = Paper.objects(pk=fresh.paper_id).first() if fresh.paper_id else None
        if state is DecisionState.SENT_BACK:
            Application.objects(decision_id=fresh.pk).update(unset__decision_id=1, inc__version=1)
            if paper is not None:
                building.drop(paper, f"审批单{fresh.number}退回：{answer}", by=by)
            messages.decision_settled(fresh, "退回", now=by.now)
        elif paper is not None:
            if by.actor.username in paper.editors:  # the clerk who worded it may be the lead of today
                raise NotAllowed("拟稿人不能审签自己拟制或修改的公文。")
            building.sign(paper, by=by)
        return fresh

    return transact(work)


def offers(decision: Decision, *, actor: Actor) -> list[Offer]:
    """What the actor may do with a decision: nothing, or approve and send back, greyed for his own."""
    if decision.state != DecisionState.PREPARED.value or not access.may(actor, "approve", "decision"):
        return []
    why = _not_lead(decision, actor)
    return [
        Offer("approve", "批准", why, ("answer",), "批准后逐条再核条件并立即办理；有公文的同时编号、印发。"),
        Offer("send_back", "退回", why, ("reason",), grave=True),
    ]


def lines_for(decision: Decision, actor: Actor) -> list[DecisionLine]:
    """The lines that the actor may see: a county its own area's, the bureau all."""
    if access.rows(actor, "decision") is access.Rows.AREA:
        return [line for line in decision.lines if line.area == actor.area]
    return list(decision.lines)


def title_for(decision: Decision, actor: Actor) -> str:
    """Its name with how many lines the actor may see: the whole number would tell of other areas."""
    return f"{decision.label}（{decision.number}，{len(lines_for(decision, actor))} 家）"


def _not_lead(decision: Decision, actor: Actor) -> str:
    """Why the actor may not settle this decision, "" when he may."""
    step = cultivation.TABLE.step(decision.action)
    lead = step.approved_by
    if lead is None or actor.role is not lead or not access.may(actor, "approve", "decision"):
        return f"“{step.label}”由{lead.label if lead else '他人'}审签，{actor.role.label}不能审签。"
    return "拟办人不能审签自己拟办的事项。" if actor.username == decision.prepared_by else ""


def carry_out(decision: Decision, *, by: By) -> Decision:
    """Do what was approved. Safe to call again: what is done stays done, a reserved number is used again."""
    for _ in range(ATTEMPTS):
        decision = Decision.objects.get(pk=decision.pk)
        if decision.state != DecisionState.APPROVED.value:
            return decision  # the sweep, or the web process, was faster
        judged = _rejudge(decision, by.now)
        try:
            return issuing.carry_out(decision, judged, by=by)
        except (issuing.RowsChanged, Conflict):
            continue
    raise Conflict("办理中数据多次被他人改动，未能一次办完；系统将在一分钟内自动续办，请稍后查看。")


def _rejudge(decision: Decision, now: datetime) -> list[Verdict]:
    waiting = [line.record_id for line in decision.lines if not line.result]
    rows = Application.objects(pk__in=waiting, decision_id=decision.pk)
    moment = rules.moment(now)
    judged = []
    for application in sorted(rows, key=lambda row: waiting.index(row.pk)):
        try:
            step = cultivation.TABLE.find(decision.action, Stage(application.stage), Role.CITY)
            judged.append(Verdict(application, "".join(step.obstacles(application, moment))))
        except NotAllowed as refusal:
            judged.append(Verdict(application, str(refusal)))
    return judged


def sweep(*, now: datetime) -> int:
    """End what a crash left between approval and issue; run at start and every ten minutes.

    One that cannot be ended keeps no other waiting. Raises PolicyError naming those, after the rest is done.
    """
    ended, stuck = 0, []
    for decision in Decision.objects(state=DecisionState.APPROVED.value):
        lead = User.objects(username=decision.decided_by).first()
        if lead is None:
            continue
        try:
            carry_out(decision, by=By(lead.actor(source="job"), now))
            ended += 1
        except PolicyError as refusal:
            stuck.append(f"{decision.number}：{refusal}")
    if stuck:
        raise PolicyError("；".join(stuck))
    return ended
