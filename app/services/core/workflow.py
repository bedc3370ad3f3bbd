"""The one place where a record's stage changes: step, guards, stage, trail, audit and messages together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from app.policy.articles import article_label
from app.policy.flow import Act, Conflict, Moment, NotAllowed, Offer, PolicyError, Step
from app.policy.terms import Role
from app.services.core import audit, messages, records, rules, scope
from app.services.core.by import By
from app.services.core.process import StepInput as StepInput
from app.services.core.process import Verdict as Verdict
from app.services.core.process import process_of as process_of
from models.database import transactional
from models.decisions import Decision
from models.record import Record, TrailEntry

R = TypeVar("R", bound=Record)


def obstacles(record: Record, step: Step, moment: Moment) -> list[str]:
    """Return every reason why this step is not possible now, a pending decision included."""
    why = step.obstacles(record, with_facts(moment, record))
    if getattr(record, "decision_id", None) is not None:
        why.insert(0, "已有待审签的审批单，办结后才能再办理。")
    return why


def with_facts(moment: Moment, record: Record) -> Moment:
    """Return a moment with the facts that the guards of this record may ask for."""
    read_facts = process_of(record).facts
    if read_facts is None or moment.facts is not None:
        return moment
    return replace(moment, facts=read_facts(record))


def judge(record: Record, action: str, role: Role, moment: Moment, *, approved: bool = False) -> Verdict:
    """Return whether a role can take this step on a record now; changes nothing.

    Once `approved`, the decision that the record waits for is no obstacle.
    """
    table = process_of(record).table
    try:
        step = table.find(action, table.stages(record.stage), role)
    except NotAllowed as refusal:
        return Verdict(record, str(refusal))
    moment = with_facts(moment, record)
    why = step.obstacles(record, moment) if approved else obstacles(record, step, moment)
    return Verdict(record, "".join(why))


def preflight(action: str, rows: Iterable[Record], *, by: By) -> list[Verdict]:
    """Return which rows would fail and why, by which article; changes nothing."""
    moment = rules.moment(by.now)
    return [judge(record, action, by.actor.role, moment) for record in rows]


def offers(record: Record, *, by: By) -> list[Offer]:
    """Return the steps and acts that the table shows this role at this stage, grave ones last."""
    table, moment = process_of(record).table, with_facts(rules.moment(by.now), record)
    stage, role = table.stages(record.stage), by.actor.role
    steps = [_offered_step(record, step, moment) for step in table.offered(stage, role)]
    acts = [_offered_act(record, act) for act in table.acts if act.open_to(stage, role)]
    return sorted([*steps, *acts], key=lambda offer: offer.action in table.grave)


def _offered_step(record: Record, step: Step, moment: Moment) -> Offer:
    note = f"{article_label(step.article)}：{step.label}。"
    if step.approved_by:
        note += f"拟办后由{step.approved_by.label}审签。"
    return Offer(
        step.action,
        f"拟办：{step.label}" if step.approved_by else step.label,
        "".join(obstacles(record, step, moment)),
        step.asks,
        note,
        grave=step.action in process_of(record).table.grave,
        through=step.through,
    )


def _offered_act(record: Record, act: Act) -> Offer:
    return Offer(act.action, act.label, asks=act.asks, grave=act.action in process_of(record).table.grave)


@transactional
def advance(
    record: R,
    action: str,
    *,
    by: By,
    given: StepInput | None = None,
    seen: int | None = None,
    within: str = "",
) -> R:
    """Take a step that needs no second pair of eyes. Raises NotAllowed in words, Conflict for the slower one.

    `seen` is the version that the actor looked at; None where nobody looked (jobs, batches judged before).
    `within` is the resource of the record that carries it, for steps that are not taken alone.
    """
    given = given or StepInput()
    fresh = type(record).objects.get(pk=record.pk)
    if seen is not None and fresh.version != seen:
        raise _overtaken(fresh)
    if by.actor.role is not Role.SYSTEM and scope.find(by, type(record), fresh.pk) is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    table = process_of(record).table
    step = table.find(action, table.stages(fresh.stage), by.actor.role)
    step.demand_taken_alone(within)
    given.demand(step)
    moment = rules.moment(by.now)
    if why := obstacles(fresh, step, moment):
        raise NotAllowed("".join(why))
    return _move(fresh, step, given, moment, by=by)


def advance_many(rows: Sequence[R], action: str, *, by: By) -> list[tuple[R, str]]:
    """Take the same step for many, each row by itself; return each with "" or the reason it failed."""
    results = []
    for row in rows:
        try:
            results.append((advance(row, action, by=by, seen=row.version), ""))
        except PolicyError as refusal:
            results.append((row, str(refusal)))
    return results


def take_approved(record: R, decision: Decision, details: dict[str, Any], moment: Moment, *, by: By) -> R:
    """Take the step of a decision inside its transaction; every guard is asked again. Raises NotAllowed."""
    fresh = type(record).objects.get(pk=record.pk)
    table = process_of(fresh).table
    step = table.find(decision.action, table.stages(fresh.stage), Role.CITY)
    if fresh.decision_id != decision.pk:
        raise NotAllowed("该记录不在本审批单内。")
    if why := step.obstacles(fresh, with_facts(moment, fresh)):
        raise NotAllowed("".join(why))
    fresh.decision_id = None
    given = StepInput(reason=decision.reason, details=details)
    return _move(fresh, step, given, moment, by=by, decision=decision)


def take_back(record: R, action: str, *, reason: str, paper_id: Any, by: By) -> R:
    """Take the step that a revoking paper brings, inside the transaction that issues it. Raises NotAllowed."""
    table = process_of(record).table
    fresh = type(record).objects.get(pk=record.pk)
    step = table.find(action, table.stages(fresh.stage), Role.SYSTEM)
    moment = rules.moment(by.now)
    if why := obstacles(fresh, step, moment):
        raise NotAllowed(f"{fresh}：{''.join(why)}")
    given = StepInput(reason=reason, details={"paper_id": paper_id})
    return _move(fresh, step, given, moment, by=by)


def _move(
    fresh: R,
    step: Step,
    given: StepInput,
    moment: Moment,
    *,
    by: By,
    decision: Decision | None = None,
) -> R:
    process = process_of(fresh)
    source, target = process.table.stages(fresh.stage), process.table.stages(step.target)
    before = fresh.version
    if effect := process.effects.get(step.action):
        effect(fresh, given, moment, by)
    fresh.stage = target.value
    fresh.trail.append(
        TrailEntry(
            at=by.now,
            username=by.actor.username,
            name=by.actor.name,
            role=by.actor.role.value,
            action=step.action,
            label=step.label,
            source=source.value,
            target=target.value,
            reason=given.reason,
            decision_id=decision.pk if decision else None,
            paper_id=given.details.get("paper_id"),
        )
    )
    fresh.version = before + 1
    fresh.updated_at, fresh.updated_by = by.now, by.actor.username
    records.save(fresh, save_condition={"version": before, "stage": source.value})
    changes = [("stage", "环节", source, target)]
    audit.record(step, by=by, subject=fresh, changes=changes, reason=given.reason)
    messages.step_taken(fresh, step, target, given.reason, turn=process.turns.get(target), by=by)
    return fresh


def _overtaken(fresh: Record) -> Conflict:
    if fresh.trail:
        last = fresh.trail[-1]
        return Conflict(f"{last.name}已于{last.at:%m月%d日 %H:%M}办理“{last.label}”，请刷新后查看。")
    return records.stale(fresh)
