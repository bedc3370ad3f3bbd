"""Outcome of public notices: the objections that they brought, by how they were settled (第十五条)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.policy.terms import ObjectionState
from models.lists import Objection, PublicNotice


@dataclass(frozen=True)
class Outcome:
    """Objections to one or more notices, counted one by one."""

    objections: tuple[Objection, ...]

    def count(self, state: ObjectionState | None = None) -> int:
        """Return how many objections are in a state, without one: how many were received."""
        return sum(state is None or objection.state == state.value for objection in self.objections)

    @property
    def upheld_units(self) -> set[object]:
        """Return the keys of the units with an upheld objection."""
        upheld = ObjectionState.UPHELD.value
        return {objection.unit_id for objection in self.objections if objection.state == upheld}


def outcome_of(notices: Iterable[PublicNotice]) -> Outcome:
    """Return the outcome of these notices as it is now."""
    keys = [notice.pk for notice in notices]
    return Outcome(tuple(Objection.objects(notice_id__in=keys)))
