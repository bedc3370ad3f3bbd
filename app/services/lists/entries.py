"""Entries of the municipal list (第十五条): written by the paper that publishes them."""

from __future__ import annotations

from datetime import date

from bson import ObjectId

from app.policy.audit import Verb
from app.policy.terms import Level
from app.services.core import records, scope
from app.services.core.by import By
from models.filing.applications import Application
from models.lists import Listing
from models.papers import Paper
from models.registry.units import Unit


def levels_in_force(unit_id: ObjectId, kind: str, *, by: By) -> list[Level]:
    """Return the levels on whose list a unit is for a kind, highest first."""
    in_force = scope.rows(by, Listing).filter(unit_id=unit_id, kind=kind, in_force=True)
    codes = in_force.distinct("level")
    return [level for level in Level if level.value in codes]


def enter(case: Application, paper: Paper, on: date, *, by: By) -> None:
    """The entry of a case; a unit that is in force for its kind already keeps the entry that it has."""
    same = {"unit_id": case.unit_id, "kind": case.kind, "level": Level.MUNICIPAL.value}
    if Listing.objects(in_force=True, **same).first():
        return
    entry = Listing(
        year=case.review_year or on.year,
        entered_on=on,
        application_id=case.pk,
        paper_id=paper.pk,
        source_paper=paper.number_text,
        **same,
    )
    entry.copy_unit(Unit.objects.get(pk=case.unit_id))
    records.insert(entry, by=by, verb=Verb.LISTED)
