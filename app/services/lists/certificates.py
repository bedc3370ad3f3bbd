"""Statements of how a public notice ended, 公示结果说明 (第十五条)."""

from __future__ import annotations

from datetime import datetime

from app.documents.kinds.lists import NoObjectionInputs
from app.policy.flow import NotAllowed, Offer
from app.policy.terms import ObjectionState
from app.services import papers
from app.services.core.by import By
from app.services.lists.notice_lines import lines_by_unit
from app.services.lists.outcomes import outcome_of
from app.services.papers import CERTIFICATE_KIND
from models.lists import Objection, PublicNotice
from models.papers import Paper


def certificate_offers(notice: PublicNotice, *, by: By) -> list[Offer]:
    """Offer the statement to the city's clerks, with the reason until it can be issued."""
    if not papers.may_draft(by.actor):
        return []
    note = "拟出说明后送签、印发；单位和期限取自公示，异议件数取自登记。"
    return [Offer("certificate", "出具公示结果说明", certificate_obstacle(notice, by.now), note=note)]


def certificate_obstacle(notice: PublicNotice, now: datetime) -> str:
    """Return why the statement cannot be drafted now, or ""."""
    if notice.revoked_on:
        return f"公示已由{notice.revoked_by}撤销，不能出具。"
    if now.date() <= notice.last_day:
        return f"公示至{notice.last_day.month}月{notice.last_day.day}日，期满次日起可以出具（第十五条）。"
    if count := Objection.objects(notice_id=notice.pk, state=ObjectionState.OPEN.value).count():
        return f"还有 {count} 件异议未办结。"
    existing = papers.certificate_of(notice)
    return f"已有公示结果说明（{existing.get_state_display()}）。" if existing else ""


def draft_certificate(notice: PublicNotice, *, by: By) -> Paper:
    """Draft the statement; its units are those without an upheld objection. Raises NotAllowed."""
    if not papers.may_draft(by.actor):
        raise NotAllowed("公示结果说明由市局经办拟制。")
    if obstacle := certificate_obstacle(notice, by.now):
        raise NotAllowed(obstacle)
    outcome = outcome_of([notice])
    upheld_units = outcome.upheld_units
    head = papers.default_inputs(CERTIFICATE_KIND, by.now)
    inputs = NoObjectionInputs(
        **head | {"year": notice.year},
        units=tuple(line for unit_id, line in lines_by_unit(notice) if unit_id not in upheld_units),
        first_day=notice.first_day,
        last_day=notice.last_day,
        days=notice.days,
        day_type=notice.day_type,
        published_at=f"{head['issuer']}网站",
        received=outcome.count(),
        upheld=outcome.count(ObjectionState.UPHELD),
    )
    return papers.create_draft(CERTIFICATE_KIND, inputs, by=by, areas=notice.areas, unit_ids=notice.unit_ids)
