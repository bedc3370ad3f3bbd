"""The one place where a record's stage changes: step, guards, stage, trail, audit and messages together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.policy import deadlines, flow
from app.policy.articles import article_label
from app.policy.filing import cultivation
from app.policy.flow import Act, Moment, NotAllowed, Offer, Step, StepTable
from app.policy.terms import Role, Stage, Term
from app.services.core import audit, messages, records, rules, scope
from app.services.core.by import By
from models.database import transact
from models.decisions import Decision
from models.filing.applications import Application, Correction
from models.record import Record, TrailEntry

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class StepInput:
    """What the one who acts gives beside the click; `Step.asks` says which of it a step needs."""

    reason: str = ""
    corrections: Sequence[Correction] = ()
    details: dict[str, Any] = field(default_factory=dict)


Effect = Callable[[Any, StepInput, Moment], None]


@dataclass(frozen=True)
class Process:
    """What records of one class go through: step table, vocabulary, what a step writes beside the stage."""

    table: StepTable
    effects: Mapping[str, Effect] = field(default_factory=dict)
    turns: Mapping[Term, Role] = field(default_factory=dict)  # arriving here, it is the bureau's turn: whose


PROCESSES: dict[type[Record], Process] = {}


def process_of(record: Record) -> Process:
    """The process of a record's class; a class without one is a programming error and raises KeyError."""
    return PROCESSES[type(record)]


def obstacles(record: Record, step: Step, moment: Moment) -> list[str]:
    """Every reason why this step is not possible now, a waiting decision included."""
    why = step.obstacles(record, moment)
    if getattr(record, "decision_id", None) is not None:
        why.insert(0, "已有待审签的审批单，办结后才能再办理。")
    return why


def offers(record: Record, *, acts: Sequence[Act] = (), by: By) -> list[Offer]:
    """Every step and act that the tables show this role at this stage; greyed ones say why."""
    process, moment = process_of(record), rules.moment(by.now)
    stage = process.table.stages(record.stage)
    steps = [
        Offer(
            step.action,
            f"拟办：{step.label}" if step.approved_by else step.label,
            "".join(obstacles(record, step, moment)),
            step.asks,
            f"{article_label(step.article)}：{step.label}。"
            + (f"拟办后由{step.approved_by.label}审签。" if step.approved_by else ""),
            through=step.through,
        )
        for step in process.table.offered(stage, by.actor.role)
    ]
    open_acts = [act for act in acts if act.open_to(stage, by.actor.role)]
    return steps + [Offer(act.action, act.label, asks=act.asks, grave=not act.asks) for act in open_acts]


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
    process = process_of(record)

    def work() -> R:
        fresh = type(record).objects.get(pk=record.pk)
        if seen is not None and fresh.version != seen:
            raise _overtaken(fresh)
        if by.actor.role is not Role.SYSTEM and scope.find(by, type(record), fresh.pk) is None:
            raise NotAllowed(records.OUT_OF_SCOPE)
        step = process.table.find(action, process.table.stages(fresh.stage), by.actor.role)
        if step.approved_by is not None:
            raise NotAllowed(
                f"“{step.label}”须先拟办，由{step.approved_by.label}审签（细则第{step.article}条）。"
            )
        if step.through != within:
            raise NotAllowed(
                f"“{step.label}”不能单独办理，须在推荐名单中一并报送（细则第{step.article}条）。"
            )
        demand_inputs(step, given)
        moment = rules.moment(by.now)
        if why := obstacles(fresh, step, moment):
            raise NotAllowed("".join(why))
        return _move(fresh, step, given, moment, by=by)

    return transact(work)


def advance_many(rows: Sequence[R], action: str, *, by: By) -> list[tuple[R, str]]:
    """Take the same step for many; each row by itself, its result beside it: "" or why not."""
    results = []
    for row in rows:
        try:
            results.append((advance(row, action, by=by, seen=row.version), ""))
        except flow.PolicyError as refusal:
            results.append((row, str(refusal)))
    return results


def carry(
    fresh: R,
    action: str,
    decision: Decision,
    *,
    moment: Moment,
    by: By,
    **effects: Any,
) -> R:
    """Take an approved step inside the decision's transaction; every guard is asked again."""
    process = process_of(fresh)
    step = process.table.find(action, process.table.stages(fresh.stage), Role.CITY)
    if fresh.decision_id != decision.pk:
        raise NotAllowed("该记录不在本审批单内。")
    if why := step.obstacles(fresh, moment):
        raise NotAllowed("".join(why))
    fresh.decision_id = None
    given = StepInput(reason=decision.reason, details=effects)
    return _move(fresh, step, given, moment, by=by, decision=decision)


def take_back(record: R, action: str, *, reason: str, paper_id: Any, by: By) -> R:
    """The step that a revoking paper brings, inside the transaction that issues it. Raises NotAllowed."""
    process = process_of(record)
    fresh = type(record).objects.get(pk=record.pk)
    step = process.table.find(action, process.table.stages(fresh.stage), Role.SYSTEM)
    moment = rules.moment(by.now)
    if why := obstacles(fresh, step, moment):
        raise NotAllowed(f"{fresh}：{''.join(why)}")
    given = StepInput(reason=reason, details={"paper_id": paper_id})
    return _move(fresh, step, given, moment, by=by)


def demand_inputs(step: Step, given: StepInput) -> None:
    """Raise NotAllowed when something that the step asks for was not given."""
    if "reason" in step.asks and not given.reason.strip():
        raise NotAllowed(f"“{step.label}”须填写理由（细则第{step.article}条）。")
    if "file" in step.asks and not given.details.get("attachment_id"):
        raise NotAllowed(f"“{step.label}”须附书面材料（细则第{step.article}条）。")
    if "corrections" in step.asks and not given.corrections:
        raise NotAllowed(f"“{step.label}”须至少列明一项补正事项和期限。")


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
        effect(fresh, given, moment)
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
    audit.record(
        step,
        by=by,
        subject=fresh,
        changes=[("stage", "环节", source, target)],
        reason=given.reason,
    )
    messages.step_taken(fresh, step, target, given.reason, turn=process.turns.get(target), by=by)
    return fresh


def _overtaken(fresh: Record) -> flow.Conflict:
    if fresh.trail:
        last = fresh.trail[-1]
        return flow.Conflict(f"{last.name}已于{last.at:%m月%d日 %H:%M}办理“{last.label}”，请刷新后查看。")
    return records.stale(fresh)


# --- what a step on an application writes beside the stage ---------------------------------------------


def _submitted(record: Application, given: StepInput, moment: Moment) -> None:
    record.corrections = []


def _returned(record: Application, given: StepInput, moment: Moment) -> None:
    record.corrections = list(given.corrections)


def _recommended(record: Application, given: StepInput, moment: Moment) -> None:
    record.recommended_on = record.recommended_on or moment.today


def _confirmed(record: Application, given: StepInput, moment: Moment) -> None:
    record.cultivated_on = moment.today
    record.cultivation_ends = deadlines.cultivation_end(moment.today, moment.pack.cultivation_years)


def _under_review(record: Application, given: StepInput, moment: Moment) -> None:
    record.review_year = moment.today.year
    record.scores = []


def _announced(record: Application, given: StepInput, moment: Moment) -> None:
    record.notice_id = given.details["notice_id"]
    record.notice_last_day = given.details["last_day"]


def _off_notice(record: Application, given: StepInput, moment: Moment) -> None:
    record.notice_id = record.notice_last_day = None


def _listed(record: Application, given: StepInput, moment: Moment) -> None:
    record.listed_on = moment.today


def _off_list(record: Application, given: StepInput, moment: Moment) -> None:
    record.listed_on = None


def _not_cultivated(record: Application, given: StepInput, moment: Moment) -> None:
    record.cultivated_on = record.cultivation_ends = None


EFFECTS: dict[str, Effect] = {
    "submit": _submitted,
    "return": _returned,
    "recommend": _recommended,
    "confirm": _confirmed,
    "to_review": _under_review,
    "announce": _announced,
    "uphold": _off_notice,
    "uphold_refuse": _off_notice,
    "list": _listed,
    "undo_confirm": _not_cultivated,
    "undo_announce": _off_notice,
    "undo_list": _off_list,
}

PROCESSES[Application] = Process(cultivation.TABLE, EFFECTS, turns={Stage.CITY_CHECK: Role.CITY})
