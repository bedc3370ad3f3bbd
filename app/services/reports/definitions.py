"""Definitions of the annual forms: the edition in force for a kind and year (第十八条)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bson import ObjectId

from app.policy.reports import built_in
from app.policy.reports.indicators import Definition
from app.policy.terms import StandardState
from models.reports import Standard


def standard_in_force(kind: str, year: int) -> Standard | None:
    """Return the definition of a year or the latest before it; None stands for the program's own."""
    candidates = Standard.objects(kind=kind, year__lte=year, stage=StandardState.IN_FORCE.value)
    return candidates.order_by("-year", "-id").first()


def definition_in_force(kind: str, year: int) -> tuple[ObjectId | None, Definition]:
    """Return the definition in force for a kind and year, with the key under which a report stores it."""
    standard = standard_in_force(kind, year)
    return (standard.pk, standard.definition) if standard else (None, built_in.built_in_definitions()[kind])


def definitions_of(reports: Iterable[Any]) -> Callable[[Any], Definition]:
    """Return the definitions of many reports in one read: report → its definition."""
    keys = {report.standard_id for report in reports if report.standard_id}
    definition_of = {standard.pk: standard.definition for standard in Standard.objects(pk__in=list(keys))}
    return lambda report: (
        definition_of.get(report.standard_id) or built_in.built_in_definitions()[report.kind]
    )
