"""Process: the path of one kind of record as data; the engine reads it and knows no record by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from app.policy.flow import Moment, NotAllowed, Step, StepTable
from app.policy.succession import Reversal
from app.policy.terms import Role, Term
from app.services.core import scope
from app.services.core.by import By
from models.decisions import Decision
from models.record import Record


@dataclass(frozen=True)
class StepInput:
    """Reason, corrections and details entered with a step; `Step.asks` says which of them it needs."""

    reason: str = ""
    corrections: Sequence[Any] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def demand(self, step: Step) -> None:
        """Raise NotAllowed when an input that the step asks for is missing."""
        if "reason" in step.asks and not self.reason.strip():
            raise NotAllowed(f"“{step.label}”须填写理由（细则第{step.article}条）。")
        if "file" in step.asks and not self.details.get("attachment_id"):
            raise NotAllowed(f"“{step.label}”须附书面材料（细则第{step.article}条）。")
        if "corrections" in step.asks and not self.corrections:
            raise NotAllowed(f"“{step.label}”须至少列明一项补正事项和期限。")

    def demand_due_ahead(self, today: date) -> None:
        """Raise NotAllowed for corrections that were due before the day on which they are asked for."""
        if any(correction.due < today for correction in self.corrections):
            raise NotAllowed("补正期限不能早于今天，请改填。")


@dataclass(frozen=True)
class Verdict:
    """A record and the reason it cannot proceed, if any."""

    record: Any
    why: str


Records = Sequence[Any]  # of the process's model
Effect = Callable[[Any, StepInput, Moment, By], None]  # writes fields of the record beside its stage
# Checks the inputs of a decision on the day of the act, or NotAllowed; asked when it is prepared, approved, carried out
Details = Callable[[Mapping[str, Any], By], dict[str, Any]]
Stated = Callable[[Mapping[str, Any], By], Sequence[tuple[str, Any]]]  # terms that a decision will state
PaperInputs = Callable[[Decision, Records, datetime], Any]  # inputs of the paper that a step issues
Carried = Callable[
    [Any, Any, Records, By], dict[str, Any]
]  # paper, its inputs, rows → details for the effects
Followed = Callable[[Any, Any, By], None]  # an issued paper and the later one that replaces or revokes it


@dataclass(frozen=True)
class Process:
    """Step table of a model, and everything that a step does beside writing the stage."""

    model: type[Record]
    table: StepTable
    facts: Callable[[Any], Any] | None = None  # of a record, for its guards: `Moment.facts`
    effects: Mapping[str, Effect] = field(default_factory=dict)
    turns: Mapping[Term, Role] = field(default_factory=dict)  # stage → role of the bureau that acts next
    details: Mapping[str, Details] = field(default_factory=dict)  # by action, as the next four
    stated: Mapping[str, Stated] = field(default_factory=dict)
    papers: Mapping[str, PaperInputs] = field(default_factory=dict)
    carried: Mapping[str, Carried] = field(default_factory=dict)  # runs before the stages change
    reversals: Mapping[str, Reversal] = field(default_factory=dict)  # by kind of paper that is revoked
    replaced: Followed | None = None  # rewrites records that name a replaced paper
    revoked: Followed | None = None  # withdraws records that a revoked paper put in force

    @property
    def resource(self) -> str:
        """Return the resource name of the model."""
        return scope.resource_of(self.model)

    def checked(self, action: str, given: Mapping[str, Any], *, by: By) -> dict[str, Any]:
        """Return the inputs that a decision on an action keeps. Raises NotAllowed when they cannot be carried out.

        An action that declares no details keeps none.
        """
        check = self.details.get(action)
        return check(given, by) if check else {}


class Press(Protocol):
    """Paper verbs that decisions need; the room of papers has them."""

    def draft(self, kind: str, inputs: Any, decision: Decision, *, by: By) -> Any:
        """Draft the paper of a decision and return its key. Raises NotAllowed when it is incomplete."""

    def paper_of(self, decision: Decision) -> Any:
        """Return the paper of a decision, or None."""

    def sign(self, paper: Any, *, by: By) -> None:
        """Sign a paper. Raises NotAllowed for whoever drafted or edited it."""

    def prepare(self, paper: Any, inputs: Any, *, by: By) -> Any:
        """Reserve the number and store the bytes, outside any transaction; return both for `issue`."""

    def issue(self, paper: Any, prepared: Any, inputs: Any, *, by: By) -> Any:
        """Issue a prepared paper inside the transaction of its stages and return it."""

    def drop(self, paper: Any, reason: str, *, by: By) -> None:
        """Withdraw a paper that will not be issued, and void its number."""


def all_processes() -> Sequence[Process]:
    """Return all processes."""
    return _table().PROCESSES


def press_in_use() -> Press:
    """Return the press that drafts and issues the papers of decisions."""
    return _table().PRESS


def process_of(record: Record) -> Process:
    """Return the process of a record; KeyError for one that takes no steps."""
    return {process.model: process for process in all_processes()}[type(record)]


def process_named(resource: str) -> Process:
    """Return the process whose records have this resource name; KeyError for one that takes no steps."""
    return {process.resource: process for process in all_processes()}[resource]


def reversal_of(kind: str) -> tuple[Process, Reversal] | None:
    """Return the process whose step issues this kind of paper, and how a revocation takes that step back."""
    processes = [process for process in all_processes() if kind in process.reversals]
    return (processes[0], processes[0].reversals[kind]) if processes else None


def _table() -> Any:
    # The table names every room and the rooms import core: read when asked for, it leaves core below them.
    from app.services import processes

    return processes
