"""Vocabulary of rights: verbs, rows, and the usual shapes of a row of the table of rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from app.policy.terms import Role


class Rows(Enum):
    """Rows of a resource that exist for somebody; `core.scope` turns it into a query."""

    NONE = "none"
    ALL = "all"
    AREA = "area"  # records of the actor's county or park
    ENGAGED = "engaged"  # units that have engaged the actor's institution, and their records
    OWN_REPORTS = "own_reports"  # evaluation reports of the actor's institution
    SELF = "self"  # the actor's own unit, institution or account
    ASSIGNED = "assigned"  # cases assigned to the expert
    HANDED = "handed"  # handed by the city to the actor's county
    PUBLISHED = "published"  # rows written for everybody by publication
    MINE = "mine"  # made by the actor: views, batches, messages


@dataclass(frozen=True)
class Grant:
    """Verbs that one role may use on one resource, and the rows they reach."""

    verbs: frozenset[str]
    rows: Rows


Grants = Mapping[Role, Grant]

NOTHING = Grant(frozenset(), Rows.NONE)

VERBS = {
    "R": "read",
    "C": "create",
    "E": "edit",
    "X": "export",
    "A": "approve",  # or sign
    "N": "note",
    "V": "verify",
    "D": "declare",
}

BUSINESS = (Role.COUNTY, Role.CITY, Role.CITY_LEAD, Role.EVALUATOR, Role.UNIT, Role.EXPERT)


def grant(letters: str, rows: Rows = Rows.ALL) -> Grant:
    """Return the grant that these letters of `VERBS` spell."""
    return Grant(frozenset(VERBS[letter] for letter in letters), rows)


def everyone(letters: str, *roles: Role, rows: Rows = Rows.ALL) -> Grants:
    """Grant the same to each of these roles."""
    return {role: grant(letters, rows) for role in roles}


def bureau(city: str, lead: str) -> Grants:
    """Grant all rows to the city and its lead, nothing to others."""
    return {Role.CITY: grant(city), Role.CITY_LEAD: grant(lead)}


def business(county: str, city: str, lead: str, unit: str = "", evaluator: str = "") -> Grants:
    """Grant the usual rows: county its area, city and lead all, unit itself, evaluator where engaged."""
    table = {Role.COUNTY: grant(county, Rows.AREA), **bureau(city, lead)}
    if unit:
        table[Role.UNIT] = grant(unit, Rows.SELF)
    if evaluator:
        table[Role.EVALUATOR] = grant(evaluator, Rows.ENGAGED)
    return table


def published(city: str, lead: str) -> Grants:
    """Grant the bureau its work, and everybody concerned reading: the evaluator only published rows."""
    return {**business("R", city, lead, unit="R"), Role.EVALUATOR: grant("R", Rows.PUBLISHED)}


def proposed() -> Grants:
    """Grant the city to propose, its lead to approve, everybody else of business and administration to read."""
    readers = (Role.COUNTY, Role.EVALUATOR, Role.UNIT, Role.EXPERT, Role.ADMIN)
    return {**everyone("R", *readers), **bureau("RCE", "RA")}
