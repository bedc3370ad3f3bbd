"""Units: registering, changing, renaming; labels on other records follow in the same transaction (第二十条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.policy.flow import NotAllowed
from app.policy.terms import Kind, Role
from app.services.core import records
from app.services.core.by import By
from models.database import transact
from models.lists import Listing
from models.registry.units import FormerName, Unit
from models.unit_record import UnitRecord, unit_records

OWN_FIELDS = ("contacts", "introduction", "products")
ALL_FIELDS = (
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


def fields_for(role: Role) -> Sequence[str]:
    """The fields that a role may write; a unit keeps what only it knows."""
    return OWN_FIELDS if role is Role.UNIT else ALL_FIELDS


def register(values: Mapping[str, Any], *, by: By) -> Unit:
    """Enter a unit. Raises Invalid (credit code, industries), NotAllowed (another area)."""
    return records.create(Unit(**values), by=by)


def change(unit: Unit, values: Mapping[str, Any], *, version: int, by: By) -> Unit:
    """Change a unit; a new name keeps the old one as a former name, and every record shows the new one.

    Raises NotAllowed for a new credit code: that is a new unit, not a change (第二十条).
    """
    if foreign := set(values) - set(fields_for(by.actor.role)):
        raise NotAllowed(f"不能修改：{'、'.join(records.label_of(unit, name) for name in sorted(foreign))}。")
    if values.get("credit_code", unit.credit_code) != unit.credit_code:
        raise NotAllowed("统一社会信用代码改变即为新的单位，请另行登记并注明承继关系（第二十条）。")

    def work() -> Unit:
        wanted = dict(values)
        if wanted.get("name", unit.name) != unit.name:
            former = list(wanted.get("former_names", unit.former_names))
            wanted["former_names"] = [*former, FormerName(name=unit.name, until=by.today)]
        fresh = records.update(unit, wanted, version=version, by=by)
        if fresh.area != unit.area:
            move(fresh)
        if fresh.name != unit.name or fresh.former_names != unit.former_names:
            relabel(fresh)
        return fresh

    return transact(work)


def move(unit: Unit) -> None:
    """The unit belongs to another area now: its records follow it, for their area decides who may see them."""
    for model in unit_records():
        model.objects(unit_id=unit.pk).update(set__area=unit.area)


def relabel(unit: Unit) -> None:
    """Show the unit's present name on its records and find them by its former ones, too."""
    for model in unit_records():
        if not model.FOLLOWS_NAME:
            continue
        own = model.objects(unit_id=unit.pk)
        own.update(set__unit_name=unit.name, set__former_names=[former.name for former in unit.former_names])
        if model.SEARCHED:
            for record in own:
                model.objects(pk=record.pk).update(**_search_fields(record))


def _search_fields(record: UnitRecord) -> dict[str, Any]:
    record.refresh_search()
    names = [name for name in ("terms", "search_text") if name in record._fields]
    return {f"set__{name}": record[name] for name in names}


def green_factories(unit: Unit) -> list[tuple[str, int, int]]:
    """How many tenants of a park, or suppliers of a leader, are green factories in force (第三条)."""
    counted = []
    for label, found in (
        ("入园企业", Unit.objects.tenants_of(unit)),
        ("供应商", Unit.objects.suppliers_of(unit)),
    ):
        keys = list(found.scalar("id"))
        if keys:
            green = Listing.objects(unit_id__in=keys, kind=Kind.FACTORY.value, in_force=True).distinct(
                "unit_id"
            )
            counted.append((label, len(green), len(keys)))
    return counted
