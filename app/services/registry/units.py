"""Units: registering and changing them; their records follow in the same transaction (第二十条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.policy import spelling
from app.policy.flow import NotAllowed
from app.policy.terms import Role
from app.services.core import records
from app.services.core.by import By
from app.services.registry.unit_labels import move_records, rename_records
from models.database import transactional
from models.registry.units import FormerName, Unit

OWN_FIELDS = ("contacts", "introduction", "products")
UNIT_FIELDS = (
    "credit_code",
    "name",
    "area",
    "kinds",
    "former_names",
    "registered",
    "production",
    "ownership",
    "legal_person",
    "founded_on",
    "industries",
    "products",
    "introduction",
    "contacts",
    "honours",
    "focus",
    "factory",
    "park",
    "supply_chain",
    "park_id",
    "leader_ids",
    "predecessor_id",
)


def unit_fields(role: Role) -> Sequence[str]:
    """Return the fields that a role may write: a unit maintains only its contacts and its own description."""
    return OWN_FIELDS if role is Role.UNIT else UNIT_FIELDS


def register_unit(values: Mapping[str, Any], *, by: By) -> Unit:
    """Enter a unit in the registry. Raises Invalid (credit code, industries), NotAllowed (another area)."""
    return records.create(Unit(**values), by=by)


@transactional
def update_unit(unit: Unit, values: Mapping[str, Any], *, version: int, by: By) -> Unit:
    """Update a unit; after a change of name the old one becomes a former name and every record shows the new one.

    Raises NotAllowed for a new credit code: that is a new unit, not a change (第二十条).
    """
    if foreign := set(values) - set(unit_fields(by.actor.role)):
        raise NotAllowed(f"不能修改：{'、'.join(records.label_of(unit, name) for name in sorted(foreign))}。")
    if values.get("credit_code", unit.credit_code) != unit.credit_code:
        raise NotAllowed("统一社会信用代码改变即为新的单位，请另行登记并注明承继关系（第二十条）。")
    fresh = records.update(unit, _with_former_name(unit, values, by=by), version=version, by=by)
    if fresh.area != unit.area:
        move_records(fresh)
    if fresh.name != unit.name or fresh.former_names != unit.former_names:
        rename_records(fresh)
    return fresh


def _with_former_name(unit: Unit, values: Mapping[str, Any], *, by: By) -> dict[str, Any]:
    if spelling.same(values.get("name", unit.name), unit.name):
        return dict(values)  # another spelling is no change of name
    former = values.get("former_names", unit.former_names)
    return {**values, "former_names": [*former, FormerName(name=unit.name, until=by.today)]}
