"""Recipients of reminders: accounts of a unit, an area or the bureau; without one, the unit's mail contact."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.policy.reminders import Obligation
from app.policy.terms import Role
from models.accounts.people import User
from models.registry.units import Unit

ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[A-Za-z0-9-]+")
CHUNK_SIZE = 1000  # keys of one look-up


@dataclass(frozen=True)
class Recipient:
    """An account or address with its key in the ledger; without either, `problem` names the remedy."""

    key: str
    name: str
    role: str
    email: str = ""
    account: bool = False
    muted: frozenset[str] = frozenset()
    problem: str = ""


class Directory:
    """Recipients of these obligations, read in a few queries however many there are."""

    def __init__(self, owed: Iterable[Obligation]) -> None:
        self._by_unit: dict[Any, list[Recipient]] = defaultdict(list)
        self._by_area: dict[str, list[Recipient]] = defaultdict(list)
        self._by_role: dict[Role, list[Recipient]] = defaultdict(list)
        self._read_officials()
        unit_ids = (obligation.unit_id for obligation in owed)
        self._read_units(list(dict.fromkeys(unit_id for unit_id in unit_ids if unit_id is not None)))

    def _read_officials(self) -> None:
        for row in _accounts({"role": {"$in": [role.value for role in Role if role is not Role.UNIT]}}):
            role = Role(row["role"])
            target = self._by_area[row.get("area", "")] if role is Role.COUNTY else self._by_role[role]
            target.append(_account(row))

    def _read_units(self, unit_ids: Sequence[Any]) -> None:
        """Read the accounts of these units, and the mail contacts of those without one."""
        for part in _chunks(unit_ids):
            for row in _accounts({"role": Role.UNIT.value, "unit_id": {"$in": list(part)}}):
                self._by_unit[row["unit_id"]].append(_account(row))
        for part in _chunks([unit_id for unit_id in unit_ids if unit_id not in self._by_unit]):
            for row in _contacts(part):
                self._by_unit[row["_id"]].append(_contact(row))

    def of(self, owed: Obligation, role: Role) -> Sequence[Recipient]:
        """Return the recipients in this role; when there are none, a placeholder that says so in the ledger."""
        match role:
            case Role.UNIT:
                recipients = self._by_unit.get(owed.unit_id, [])
                return recipients or [_nobody(role, "单位没有启用的账号，也没有登记邮箱")]
            case Role.COUNTY:
                return self._by_area.get(owed.area, []) or [_nobody(role, "该县（市、区）没有启用的账号")]
        return self._by_role.get(role, []) or [_nobody(role, f"没有启用的{role.label}账号")]


def _accounts(query: dict[str, Any]) -> Iterable[dict[str, Any]]:
    fields = {"username": 1, "name": 1, "role": 1, "area": 1, "unit_id": 1, "email": 1, "muted": 1}
    return User._get_collection().find(query | {"active": True}, fields).sort("username", 1)


def _account(row: dict[str, Any]) -> Recipient:
    return Recipient(
        row["username"],
        row["name"],
        row["role"],
        row.get("email") or "",
        True,
        frozenset(row.get("muted") or ()),
    )


def _contacts(units: Sequence[Any]) -> Iterable[dict[str, Any]]:
    return Unit._get_collection().find(
        {"_id": {"$in": list(units)}, "contacts.email": {"$gt": ""}}, {"contacts": 1}
    )


def _contact(row: dict[str, Any]) -> Recipient:
    for contact in row["contacts"]:
        address = (contact.get("email") or "").strip()
        if ADDRESS.fullmatch(address):
            return Recipient(f"mail:{address}", contact.get("name") or "联系人", Role.UNIT.value, address)
    return _nobody(Role.UNIT, "单位登记的邮箱格式不对")


def _nobody(role: Role, why: str) -> Recipient:
    return Recipient(f"none:{role.value}", "", role.value, problem=f"{why}，请电话或书面告知并登记。")


def _chunks(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (keys[start : start + CHUNK_SIZE] for start in range(0, len(keys), CHUNK_SIZE))
