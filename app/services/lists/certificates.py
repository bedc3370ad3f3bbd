"""Certificates that a public notice ended without open objections, 公示无异议证明 (第十五条)."""

from __future__ import annotations

import json
from datetime import datetime

from app.documents.kinds.columns import UnitLine
from app.documents.kinds.lists import NoObjectionInputs
from app.policy.flow import NotAllowed, Offer
from app.policy.terms import ObjectionState
from app.services import papers
from app.services.core.by import By
from app.services.papers import CERTIFICATE_KIND
from models.lists import Objection, PublicNotice
from models.papers import Paper


def certificate_offers(notice: PublicNotice, *, by: By) -> list[Offer]:
    """Offer the certificate to the city's clerks, with the reason until it can be issued."""
    if not papers.may_draft(by.actor):
        return []
    note = "拟出证明后送签、印发；单位和期限取自公示。"
    return [Offer("certificate", "出具无异议证明", certificate_obstacle(notice, by.now), note=note)]


def certificate_obstacle(notice: PublicNotice, now: datetime) -> str:
    """Return why the certificate cannot be drafted now, or ""."""
    if notice.revoked_on:
        return f"公示已由{notice.revoked_by}撤销，不能出具。"
    if now.date() <= notice.last_day:
        return f"公示至{notice.last_day.month}月{notice.last_day.day}日，期满次日起可以出具（第十五条）。"
    if count := Objection.objects(notice_id=notice.pk, state=ObjectionState.OPEN.value).count():
        return f"还有 {count} 件异议未办结。"
    existing = papers.certificate_of(notice)
    return f"已有无异议证明（{existing.get_state_display()}）。" if existing else ""


def draft_certificate(notice: PublicNotice, *, by: By) -> Paper:
    """Draft the certificate with the units without an upheld objection. Raises NotAllowed."""
    if not papers.may_draft(by.actor):
        raise NotAllowed("无异议证明由市局经办拟制。")
    if obstacle := certificate_obstacle(notice, by.now):
        raise NotAllowed(obstacle)
    objections = list(Objection.objects(notice_id=notice.pk))
    upheld = {
        objection.unit_name for objection in objections if objection.state == ObjectionState.UPHELD.value
    }
    lines = [UnitLine(**json.loads(line)) for line in notice.lines]
    head = papers.default_inputs(CERTIFICATE_KIND, by.now)
    inputs = NoObjectionInputs(
        **head | {"year": notice.year},
        units=tuple(line for line in lines if line.name not in upheld),
        first_day=notice.first_day,
        last_day=notice.last_day,
        days=notice.days,
        day_type=notice.day_type,
        published_at=f"{head['issuer']}网站",
        received=len(objections),
        upheld=len(upheld),
    )
    return papers.create_draft(CERTIFICATE_KIND, inputs, by=by, areas=notice.areas, unit_ids=notice.unit_ids)
