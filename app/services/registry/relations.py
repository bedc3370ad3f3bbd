"""Relations between units: park and tenants, supply-chain leader and suppliers (第三条)."""

from __future__ import annotations

from app.policy.terms import Kind
from models.lists import Listing
from models.registry.units import Unit, UnitQuerySet


def count_green_factories(unit: Unit) -> list[tuple[str, int, int]]:
    """Return for tenants and suppliers of a unit, where it has any: label, green factories in force, total."""
    relations = (
        ("入园企业", Unit.objects.tenants_of(unit)),
        ("供应商", Unit.objects.suppliers_of(unit)),
    )
    counts = [(label, *_count(related)) for label, related in relations]
    return [(label, green, total) for label, green, total in counts if total]


def _count(units: UnitQuerySet) -> tuple[int, int]:
    keys = list(units.scalar("id"))
    in_force = Listing.objects(unit_id__in=keys, kind=Kind.FACTORY.value, in_force=True)
    return len(in_force.distinct("unit_id")) if keys else 0, len(keys)
