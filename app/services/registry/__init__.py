"""Units, third-party institutions and the engagements between them (articles 3, 7 to 12 and 20)."""

from app.services.registry.evaluators import (
    EVALUATOR_FIELDS,
    SELF_FIELDS,
    engage_evaluator,
    register_evaluator,
    update_evaluator,
)
from app.services.registry.relations import count_green_factories
from app.services.registry.units import UNIT_FIELDS, register_unit, unit_fields, update_unit

__all__ = [
    "EVALUATOR_FIELDS",
    "SELF_FIELDS",
    "UNIT_FIELDS",
    "count_green_factories",
    "engage_evaluator",
    "register_evaluator",
    "register_unit",
    "unit_fields",
    "update_evaluator",
    "update_unit",
]
