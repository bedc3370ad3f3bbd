"""The list and the notices behind a paper that a later one replaces or revokes (第十五条)."""

from __future__ import annotations

from typing import Any

from app.policy.audit import Verb
from app.policy.papers import REVOCATION
from app.policy.terms import Stage
from app.services import papers
from app.services.core import records
from app.services.core.by import By
from app.services.lists.entries import enter_in_list
from app.services.lists.notice_lines import corrected_lines
from models.filing.applications import Application
from models.lists import Listing, PublicNotice
from models.papers import Paper


def name_later_paper(old: Paper, later: Paper, by: By) -> None:
    """Make entries and notices of a replaced paper name the later one; a revoked entry names its revocation."""
    number = later.number_text or later.title
    rewritten: list[tuple[Any, dict[str, Any]]] = [
        (Listing.objects(paper_id=old.pk), {"paper_id": later.pk, "source_paper": number}),
    ]
    for notice in PublicNotice.objects(paper_id=old.pk):
        lines = corrected_lines(notice, later.inputs.get("units", []))
        rewritten.append(([notice], {"paper_id": later.pk, "title": later.title, "lines": lines}))
    if old.kind == REVOCATION:
        for model in (Listing, PublicNotice):
            rewritten.append((model.objects(revoked_by=old.number_text), {"revoked_by": number}))
    for rows, values in rewritten:
        for row in rows:
            records.write(
                row, values, version=row.version, by=by, verb=Verb.PAPER_CORRECTED, reason=str(later)
            )


def withdraw_revoked(old: Paper, later: Paper, by: By) -> None:
    """Take the entries of a revoked paper off the list, and mark its notices as revoked."""
    reason = f"{old}已由{later}撤销"
    revoked = {"revoked_on": by.today, "revoked_by": later.number_text or later.title}
    for entry in Listing.objects(paper_id=old.pk, in_force=True):
        values = revoked | {"in_force": False}
        records.write(entry, values, version=entry.version, by=by, verb=Verb.LISTING_REVOKED, reason=reason)
        _list_by_another(entry, old, by=by)
    for notice in PublicNotice.objects(paper_id=old.pk):
        records.write(notice, revoked, version=notice.version, by=by, verb=Verb.NOTICE_REVOKED, reason=reason)


def _list_by_another(entry: Listing, old: Paper, *, by: By) -> None:
    """Keep a unit on the list that another paper lists too, by a later application: by that paper."""
    same = {"unit_id": entry.unit_id, "kind": entry.kind, "stage": Stage.LISTED.value}
    for case in Application.objects(**same).order_by("-id"):
        key = next((step.paper_id for step in reversed(case.trail) if step.action == "list"), None)
        paper = papers.standing_paper(key)
        if paper is not None and paper.valid and paper.pk not in papers.lineage(old):
            enter_in_list(case, paper, case.listed_on, by=by)
