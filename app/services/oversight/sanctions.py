"""Verification of third-party institutions and sanctions on them (第二十二、二十三条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.policy.flow import NotAllowed
from app.policy.terms import Role
from app.services.core import records
from app.services.core.by import By
from app.services.registry import EVALUATOR_FIELDS, SELF_FIELDS, update_evaluator
from models.registry.evaluators import Evaluator

# Decided by the bureau about an institution, never by the institution about itself.
OVERSIGHT_FIELDS = ("verified", "sanctions")


def evaluator_fields(role: Role) -> Sequence[str]:
    """Return the fields of a registry entry that a role may write."""
    return SELF_FIELDS if role is Role.EVALUATOR else (*EVALUATOR_FIELDS, *OVERSIGHT_FIELDS)


def change_evaluator(evaluator: Evaluator, values: Mapping[str, Any], *, version: int, by: By) -> Evaluator:
    """Change an entry, its verification and sanctions included, within the fields of the actor's role."""
    if foreign := set(values) - set(evaluator_fields(by.actor.role)):
        raise NotAllowed(
            f"不能修改：{'、'.join(records.label_of(evaluator, name) for name in sorted(foreign))}。"
        )
    return update_evaluator(evaluator, values, version=version, by=by)
