"""The whole workflow engine: a step is a row of a table, this file finds and judges rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.policy.pack import RulePack
from app.policy.terms import Role, Term, as_set


class PolicyError(Exception):
    """A refusal in words that a clerk can read; `str()` is the Chinese sentence."""


class NotAllowed(PolicyError):
    """The rules, the role or the record's state do not allow what was asked."""


class Conflict(PolicyError):
    """Somebody else was faster; the sentence names who and when."""


@dataclass(frozen=True)
class Moment:
    """What a guard may know beside the record: today, the rules in force, the discretionary values."""

    today: date
    pack: RulePack
    values: Mapping[str, Any]


Guard = Callable[[Any, Moment], str]  # "" or the sentence that says why not


@dataclass(frozen=True)
class Step:
    """One row of a step table: who may take a record from where to where, by which article."""

    action: str
    source: Term | frozenset[Term]
    target: Term
    by: Term | frozenset[Term]  # of Role
    article: int
    label: str
    when: tuple[Guard, ...] = ()
    papers: tuple[str, ...] = ()  # kinds of documents that this step issues
    approved_by: Role | None = None  # then a Decision is prepared first
    asks: tuple[str, ...] = ()  # what the one who acts must give: "reason", "corrections", …
    through: str = ""  # taken only with the record of this resource that carries its rows, never alone

    def leaves(self, stage: Term) -> bool:
        return stage in as_set(self.source)

    def taken_by(self, role: Term) -> bool:
        return role in as_set(self.by)

    def obstacles(self, record: Any, moment: Moment) -> list[str]:
        """Every reason why this step is not possible now, in words; [] when it is."""
        return [why for guard in self.when if (why := guard(record, moment))]


@dataclass(frozen=True)
class Act:
    """Something that may be done to a record beside its steps; it changes no stage."""

    action: str
    at: Term | frozenset[Term]
    by: Term | frozenset[Term]
    article: int
    label: str
    asks: tuple[str, ...] = ()

    def open_to(self, stage: Term, role: Term) -> bool:
        return stage in as_set(self.at) and role in as_set(self.by)

    def demand(self, stage: Term, role: Term) -> None:
        """Raise NotAllowed in words unless the table lists this stage and role."""
        if not self.open_to(stage, role):
            raise NotAllowed(f"当前环节为“{stage.label}”，{role.label}不能“{self.label}”。")


@dataclass(frozen=True)
class Offer:
    """A step or act as a record's page shows it: offered when `why` is empty, else greyed with the reason."""

    action: str
    label: str
    why: str = ""
    asks: tuple[str, ...] = ()
    note: str = ""
    grave: bool = False
    through: str = ""  # the resource on whose page it is done


def offered(steps: Sequence[Step], stage: Term, role: Role) -> list[Step]:
    """The rows that somebody of this role sees on a record of this stage, in table order."""
    return [step for step in steps if step.leaves(stage) and step.taken_by(role)]


def find(steps: Sequence[Step], action: str, stage: Term, role: Role) -> Step:
    """The row for this action, or NotAllowed naming what is wrong: action, stage or role."""
    rows = [step for step in steps if step.action == action]
    if not rows:
        raise NotAllowed("没有这项操作，请刷新页面后重试。")
    leaving = [step for step in rows if step.leaves(stage)]
    if not leaving:
        raise NotAllowed(f"当前环节为“{stage.label}”，不能“{rows[0].label}”。")
    for step in leaving:
        if step.taken_by(role):
            return step
    who = "、".join(sorted(one.label for step in leaving for one in as_set(step.by)))
    raise NotAllowed(
        f"“{leaving[0].label}”由{who}办理（细则第{leaving[0].article}条），{role.label}不能办理。"
    )
