"""Who may do what with which rows. What this table does not list is refused (第五条; 管理与审计分离)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from app.policy.terms import DecisionState, PaperState, ProposalState, Role, Term


@dataclass(frozen=True)
class Actor:
    """Who acts, with his scope; built from an account, a job or the command line."""

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
        """The actor of a job: nobody's account, everything it does is audited under the job's name."""
        return cls(username=f"system:{name}", name="系统任务", role=Role.SYSTEM, source="job")


class Rows(Enum):
    """Which rows of a resource exist for somebody; `app.services.scope` turns it into a query."""

    NONE = "none"
    ALL = "all"
    AREA = "area"  # records of the actor's county or park
    ENGAGED = "engaged"  # units that have engaged the actor's institution, and their records
    OWN_REPORTS = "own_reports"  # evaluation reports of the actor's institution
    SELF = "self"  # the actor's own unit, institution or account
    ASSIGNED = "assigned"  # cases assigned to the expert
    HANDED = "handed"  # what the city handed to the actor's county
    PUBLISHED = "published"  # what publication wrote for everybody
    MINE = "mine"  # what the actor made himself: views, batches, messages


@dataclass(frozen=True)
class Grant:
    """What one role may do with one resource, and on which rows."""

    verbs: frozenset[str]
    rows: Rows


NOTHING = Grant(frozenset(), Rows.NONE)

VERBS = {
    "R": "read",
    "C": "create",
    "E": "edit",
    "X": "export",
    "A": "approve",
    "N": "note",
    "V": "verify",
    "D": "declare",
}


def _grant(letters: str, rows: Rows) -> Grant:
    return Grant(frozenset(VERBS[letter] for letter in letters), rows)


def _every(letters: str, rows: Rows, *roles: Role) -> dict[Role, Grant]:
    return {role: _grant(letters, rows) for role in roles}


_COUNTY, _CITY, _LEAD = Role.COUNTY, Role.CITY, Role.CITY_LEAD
_EVALUATOR, _UNIT, _EXPERT = Role.EVALUATOR, Role.UNIT, Role.EXPERT
_ADMIN, _AUDITOR = Role.ADMIN, Role.AUDITOR
_BUSINESS = (_COUNTY, _CITY, _LEAD, _EVALUATOR, _UNIT, _EXPERT)


def _business(county: str, city: str, lead: str, unit: str = "", evaluator: str = "") -> dict[Role, Grant]:
    """The usual shape: county own area, city and lead everything, unit itself, evaluator where engaged."""
    table = {_COUNTY: _grant(county, Rows.AREA), _CITY: _grant(city, Rows.ALL), _LEAD: _grant(lead, Rows.ALL)}
    if unit:
        table[_UNIT] = _grant(unit, Rows.SELF)
    if evaluator:
        table[_EVALUATOR] = _grant(evaluator, Rows.ENGAGED)
    return table


# Letters: R read, C create, E edit, X export, A approve or sign, N note, V verify, D declare.
GRANTS: dict[str, dict[Role, Grant]] = {
    "unit": _business("RCEX", "RCEX", "RX", unit="RE", evaluator="R"),
    "engagement": _business("RCEX", "RCEX", "RX", unit="R", evaluator="R"),
    # 由县级、单位申报；市局只能通过导入建立（domain: C by import only）
    "application": _business("RCEX", "REX", "RX", unit="RCE", evaluator="R"),
    "countylist": _business("RCEX", "RCEX", "RX", unit="R"),
    "guidance": _business("RCEX", "RCEX", "RX", unit="R"),
    "evaluation": _business("RXCE", "RX", "RX", unit="RCE")
    | {_EVALUATOR: _grant("RCE", Rows.OWN_REPORTS), _EXPERT: _grant("R", Rows.ASSIGNED)},
    "decision": _business("R", "RCE", "RA"),
    "review": {
        _CITY: _grant("RCEX", Rows.ALL),
        _LEAD: _grant("RX", Rows.ALL),
        _EXPERT: _grant("RE", Rows.ASSIGNED),
    },
    "publicnotice": _business("R", "RCEX", "RXA", unit="R") | {_EVALUATOR: _grant("R", Rows.PUBLISHED)},
    "listing": _business("R", "RCEX", "RXA", unit="R") | {_EVALUATOR: _grant("R", Rows.PUBLISHED)},
    "year": _business("R", "RCEX", "RXA", unit="R") | {_EVALUATOR: _grant("R", Rows.PUBLISHED)},
    # 县级只见市局交办的异议，答复核查情况
    "objection": _business("", "RCEX", "RXA") | {_COUNTY: _grant("RN", Rows.HANDED)},
    "consultation": _business("R", "RCEX", "RXA"),
    "nomination": _business("R", "RCEX", "RXA"),
    "annualreport": _business("RCEX", "REX", "RXA", unit="RCE"),
    "change": _business("RCEX", "REX", "RXA", unit="RCE"),
    "reminderentry": _business("RN", "RXN", "RX", unit="R"),
    "spotcheck": _business("RCEX", "RCEX", "RX", unit="R"),
    "rectification": _business("RCEX", "RCEX", "RX", unit="RE"),
    "incident": _business("RCEX", "RCEX", "RX", unit="RC"),
    "removal": _business("RC", "RCEX", "RXA", unit="RD"),
    # 举报：经办只见不含身份的部分，身份另行密封，仅举报专办与审签可拆封
    "tip": {_CITY: _grant("R", Rows.ALL), _LEAD: _grant("RA", Rows.ALL)},
    "paper": _business("RC", "RCEX", "RXA", unit="R"),
    "paperbatch": {_CITY: _grant("RCEX", Rows.ALL), _LEAD: _grant("RXA", Rows.ALL)},
    "number": _business("RC", "RCEX", "RXA", unit="R"),
    "evaluator": {
        _COUNTY: _grant("R", Rows.ALL),
        _CITY: _grant("RCEX", Rows.ALL),
        _LEAD: _grant("RX", Rows.ALL),
        _EVALUATOR: _grant("RE", Rows.SELF),
        _UNIT: _grant("R", Rows.ALL),
    },
    "supportmeasure": _business("RCEX", "RCEX", "RX", unit="R"),
    **{
        shared: _every("R", Rows.ALL, _COUNTY, _EVALUATOR, _UNIT, _EXPERT, _ADMIN)
        | {_CITY: _grant("RCE", Rows.ALL), _LEAD: _grant("RA", Rows.ALL)}
        for shared in ("standard", "wording", "customfield", "reason", "holiday", "setting", "proposal")
    },
    "rule": _every("R", Rows.ALL, *_BUSINESS, _ADMIN),
    "importbatch": {
        _COUNTY: _grant("RCE", Rows.MINE),
        _CITY: _grant("RCE", Rows.ALL),
        _LEAD: _grant("R", Rows.ALL),
    },
    "savedview": _every("RCE", Rows.MINE, *_BUSINESS),
    "notice": _every("RE", Rows.MINE, *_BUSINESS),
    "user": {_ADMIN: _grant("RCE", Rows.ALL)},
    "jobrun": {_ADMIN: _grant("RCE", Rows.ALL)},
    "backup": {_ADMIN: _grant("RCE", Rows.ALL)},
    "auditentry": {_AUDITOR: _grant("RV", Rows.ALL)},
}


# Rows of these resources exist for these roles only in these states (domain: Rights).
ONLY: dict[tuple[str, Role], tuple[str, tuple[Term, ...]]] = {
    ("decision", _COUNTY): ("state", (DecisionState.DONE,)),
    ("paper", _COUNTY): ("state", (PaperState.ISSUED, PaperState.REPLACED, PaperState.REVOKED)),
    ("paper", _UNIT): ("state", (PaperState.ISSUED, PaperState.REPLACED, PaperState.REVOKED)),
    # 拟改的取值和用语在批准之前是市局内部的事
    **{
        (resource, role): ("state", (ProposalState.APPROVED,))
        for resource in ("proposal", "wording")
        for role in (_COUNTY, _EVALUATOR, _UNIT, _EXPERT, _ADMIN)
    },
}


# Fields that a role does not see of rows that exist for it, in lists, pages, exports and history.
HIDDEN: dict[tuple[str, Role], tuple[str, ...]] = {
    ("listing", _EVALUATOR): ("credit_code",),
    # 县级按市局写明的事项核查；异议人是谁、原文怎么写，不随交办下转
    ("objection", _COUNTY): ("objector", "matter"),
    # 单位只查对发给它的公文的文号，登记簿如何预留是市局的事
    ("number", _UNIT): ("purpose", "reason", "reserved_by", "reserved_at", "settled_at"),
}


def grant(role: Role, resource: str) -> Grant:
    """What `role` may do with `resource`; an unknown resource is a programming error and raises KeyError."""
    return GRANTS[resource].get(role, NOTHING)


def may(actor: Actor, verb: str, resource: str) -> bool:
    """Whether the table lists this verb; an unknown verb raises instead of passing silently."""
    if verb not in VERBS.values():
        raise ValueError(f"unknown verb {verb!r}")
    return verb in grant(actor.role, resource).verbs


def rows(actor: Actor, resource: str) -> Rows:
    """Which rows exist for the actor; NONE where he may not read."""
    found = grant(actor.role, resource)
    return found.rows if "read" in found.verbs else Rows.NONE


def hidden(actor: Actor, resource: str) -> tuple[str, ...]:
    """The fields of a resource that are left out of the actor's pages."""
    return HIDDEN.get((resource, actor.role), ())
