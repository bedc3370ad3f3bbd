"""Editions of the annual indicators: a new one copied, sent for approval, approved by a second person."""

from __future__ import annotations

from dataclasses import asdict, replace

from app.policy.access import Actor
from app.policy.flow import NotAllowed, Offer
from app.policy.reports import built_in
from app.policy.reports.indicators import Indicator
from app.policy.terms import Kind
from app.services.core import records, workflow
from app.services.core.by import By
from app.services.core.workflow import StepInput
from app.services.reports.definitions import standard_in_force
from models.reports import IndicatorRow, RelationRow, Standard

BUILT_IN_SOURCE = "系统内置指标"


def create_standard(kind: str, year: int, reason: str, *, by: By) -> Standard:
    """Create an edition for a kind and year, copied from last year's or the program's own."""
    if kind not in {each.value for each in Kind}:
        raise NotAllowed("请选择类别。")
    before = standard_in_force(kind, year)
    source = before.definition if before else built_in.built_in_definitions()[kind]
    latest = Standard.objects(kind=kind, year=year).order_by("-edition").first()
    standard = Standard(
        kind=kind,
        year=year,
        edition=latest.edition + 1 if latest else 1,
        title=f"{year} 年度{Kind(kind).label}动态管理表",
        reason=reason,
        copied_from=str(before) if before else BUILT_IN_SOURCE,
        indicators=[_row(indicator) for indicator in source.indicators],
        relations=[RelationRow(**asdict(relation)) for relation in source.relations],
        prepared_by=by.actor.username,
        prepared_name=by.actor.name,
    )
    return records.create(standard, by=by, reason=reason)


def _row(indicator: Indicator) -> IndicatorRow:
    return IndicatorRow(**asdict(indicator))


def author_obstacle(standard: Standard, actor: Actor) -> str:
    """Return why the second person may not be this one, or ""."""
    authors = {standard.prepared_by, *standard.editors}
    return "编制人不能批准或退回自己编制、修改的指标。" if actor.username in authors else ""


def standard_offers(standard: Standard, *, by: By) -> list[Offer]:
    """Return the table's steps; whoever drew up an edition cannot decide on it."""
    shown = workflow.offers(standard, by=by)
    own = author_obstacle(standard, by.actor)
    return [
        replace(offer, why=own) if own and offer.action in ("approve", "send_back") else offer
        for offer in shown
    ]


def advance_standard(
    standard: Standard, action: str, *, reason: str = "", by: By, seen: int | None = None
) -> Standard:
    """Send for approval, approve, send back. Raises NotAllowed, Conflict."""
    given = StepInput(reason=reason)
    return workflow.advance(standard, action, by=by, given=given, seen=seen)
