"""Rights of roles on resources and their rows; whatever `resources` does not grant is refused (第五条; 管理与审计分离)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.policy.grants import NOTHING, VERBS, Grant, Rows
from app.policy.resources import RESOURCES
from app.policy.terms import Role

__all__ = ["Actor", "Grant", "Rows", "grant", "hidden", "may", "rows", "states"]


@dataclass(frozen=True)
class Actor:
    """Somebody who acts, with their scope; built from an account, a job or the command line."""

    username: str
    name: str
    role: Role
    area: str = ""
    evaluator_id: Any = None
    unit_id: Any = None
    handles_tips: bool = False
    address: str = ""
    source: str = "form"  # form, import, batch, job, cli

    @classmethod
    def system(cls, name: str) -> Actor:
        """Return the actor of a job: nobody's account, audited under the job's name."""
        return cls(username=f"system:{name}", name="系统任务", role=Role.SYSTEM, source="job")


def grant(role: Role, resource: str) -> Grant:
    """Return the rights of a role; an unknown resource is a programming error and raises KeyError."""
    return RESOURCES[resource].grants.get(role, NOTHING)


def may(actor: Actor, verb: str, resource: str) -> bool:
    """Return whether the table lists this verb; an unknown verb raises instead of passing silently."""
    if verb not in VERBS.values():
        raise ValueError(f"unknown verb {verb!r}")
    return verb in grant(actor.role, resource).verbs


def rows(actor: Actor, resource: str) -> Rows:
    """Return which rows exist for the actor; NONE for those who may not read."""
    granted = grant(actor.role, resource)
    return granted.rows if "read" in granted.verbs else Rows.NONE


def states(actor: Actor, resource: str) -> tuple[str, ...]:
    """Return the values of `state` whose rows exist for the actor; () is no limit."""
    return tuple(state.value for state in RESOURCES[resource].only.get(actor.role, ()))


def hidden(actor: Actor, resource: str) -> tuple[str, ...]:
    """Return the fields of a resource that are left out of lists, pages, exports and history for the actor."""
    return RESOURCES[resource].hidden.get(actor.role, ())
