"""Entries of the lists: which are in force, and the municipal ones that a paper publishes (第十五条)."""

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


def find_entry(application: Application) -> Listing | None:
    """Return the entry in force that an application brought, or None."""
    return Listing.objects(application_id=application.pk, in_force=True).first()


def enter_in_list(application: Application, paper: Paper, on: date, *, by: By) -> None:
    """Enter an application's unit in the municipal list; an entry in force for the same kind stays."""
    key = {"unit_id": application.unit_id, "kind": application.kind, "level": Level.MUNICIPAL.value}
    if Listing.objects(in_force=True, **key).first():
        return
    entry = Listing(
        year=application.review_year or on.year,
        entered_on=on,
        application_id=application.pk,
        paper_id=paper.pk,
        source_paper=paper.number_text,
        **key,
    )
    entry.copy_unit(Unit.objects.get(pk=application.unit_id))
    records.insert(entry, by=by, verb=Verb.LISTED)
