"""Step tables: a step is a row, and a table finds the row that an action, stage and role ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.policy.pack import RulePack
from app.policy.terms import Role, Term, as_set


class PolicyError(Exception):
    """A refusal in words that a clerk can read; `str()` is the Chinese sentence."""


class NotAllowed(PolicyError):
    """Refusal of an act by the rules, the role or the record's state."""


class Conflict(PolicyError):
    """The record was changed meanwhile; the sentence names who and when."""


@dataclass(frozen=True)
class Moment:
    """Facts that a guard may use beside the record: today, the rules in force, values, facts of other records."""

    today: date
    pack: RulePack
    values: Mapping[str, Any]
    facts: Any = None  # of records beside the judged one, each read at most once a judgement


Guard = Callable[[Any, Moment], str]  # "" or the sentence that says why not


@dataclass(frozen=True)
class Step:
    """Row of a step table: who may take a record from where to where, by which article."""

    action: str
    source: Term | frozenset[Term]
    target: Term
    by: Term | frozenset[Term]  # of Role
    article: int
    label: str
    when: tuple[Guard, ...] = ()
    papers: tuple[str, ...] = ()  # kinds of documents that this step issues
    approved_by: Role | None = None  # then a Decision is prepared first
    asks: tuple[str, ...] = ()  # inputs that the actor must give: "reason", "corrections", …
    through: str = ""  # taken only with the record of this resource that carries its rows, never alone

    def leaves(self, stage: Term) -> bool:
        """Return whether the step starts from this stage."""
        return stage in as_set(self.source)

    def taken_by(self, role: Term) -> bool:
        """Return whether this role takes the step."""
        return role in as_set(self.by)

    def obstacles(self, record: Any, moment: Moment) -> list[str]:
        """Return every reason why this step is not possible now, in words; [] when it is."""
        return [why for guard in self.when if (why := guard(record, moment))]

    def demand_taken_alone(self, within: str) -> None:
        """Raise NotAllowed for a step that needs a decision, or the record of another resource than `within`."""
        if self.approved_by is not None:
            raise NotAllowed(
                f"“{self.label}”须先拟办，由{self.approved_by.label}审签（细则第{self.article}条）。"
            )
        if self.through != within:
            raise NotAllowed(
                f"“{self.label}”不能单独办理，须在推荐名单中一并报送（细则第{self.article}条）。"
            )


@dataclass(frozen=True)
class Act:
    """Action on a record that changes no stage."""

    action: str
    at: Term | frozenset[Term]
    by: Term | frozenset[Term]
    article: int
    label: str
    asks: tuple[str, ...] = ()

    def open_to(self, stage: Term, role: Term) -> bool:
        """Return whether this role may act on a record of this stage."""
        return stage in as_set(self.at) and role in as_set(self.by)

    def demand(self, stage: Term, role: Term) -> None:
        """Raise NotAllowed in words unless the table lists this stage and role."""
        if not self.open_to(stage, role):
            raise NotAllowed(f"当前环节为“{stage.label}”，{role.label}不能“{self.label}”。")


@dataclass(frozen=True)
class Offer:
    """Step or act as a record's page shows it: enabled when `why` is empty, else greyed with the reason."""

    action: str
    label: str
    why: str = ""
    asks: tuple[str, ...] = ()
    note: str = ""
    grave: bool = False
    through: str = ""  # the resource on whose page it is done


@dataclass(frozen=True)
class Waiting:
    """An entry of a to-do list: records of this stage wait for the role."""

    stage: Term
    text: str
    legal_date: str = ""  # key of the date of the rule pack by which it must be done


@dataclass(frozen=True)
class StepTable:
    """Steps and acts of one kind of record, and who may edit it at which stage."""

    stages: type[Term]
    steps: tuple[Step, ...]
    acts: tuple[Act, ...] = ()
    editable: Mapping[Role, Term | frozenset[Term]] = field(default_factory=dict)
    waiting: Mapping[Role, tuple[Waiting, ...]] = field(default_factory=dict)
    batch: tuple[str, ...] = ()  # actions taken for many at once, with pre-flight
    grave: tuple[str, ...] = ()  # actions offered last and asked about twice

    def step(self, action: str) -> Step:
        """Return the first row of an action: label, inputs and approver are the same in all its rows."""
        for step in self.steps:
            if step.action == action:
                return step
        raise NotAllowed("没有这项操作，请刷新页面后重试。")

    def demand_act(self, action: str, stage: Term, role: Term) -> None:
        """Raise NotAllowed in words unless a row of this act lists the stage and role; KeyError for no act."""
        rows = [act for act in self.acts if act.action == action]
        if not rows:
            raise KeyError(action)
        if not any(act.open_to(stage, role) for act in rows):
            rows[0].demand(stage, role)

    def editable_by(self, role: Role, stage: Term) -> bool:
        """Return whether `role` may edit a record of this stage."""
        return stage in as_set(self.editable.get(role, frozenset()))

    def offered(self, stage: Term, role: Role) -> list[Step]:
        """Return the steps that a role sees on a record of this stage, in table order."""
        return [step for step in self.steps if step.leaves(stage) and step.taken_by(role)]

    def batch_steps(self, role: Role) -> list[Step]:
        """Return the steps that a role takes for many records at once."""
        return [step for step in map(self.step, self.batch) if step.taken_by(role)]

    def find(self, action: str, stage: Term, role: Role) -> Step:
        """Return the step of this action. Raises NotAllowed naming the wrong action, stage or role."""
        first = self.step(action)
        leaving = [step for step in self.steps if step.action == action and step.leaves(stage)]
        if not leaving:
            raise NotAllowed(f"当前环节为“{stage.label}”，不能“{first.label}”。")
        for step in leaving:
            if step.taken_by(role):
                return step
        who = "、".join(sorted(taker.label for step in leaving for taker in as_set(step.by)))
        raise NotAllowed(
            f"“{leaving[0].label}”由{who}办理（细则第{leaving[0].article}条），{role.label}不能办理。"
        )
