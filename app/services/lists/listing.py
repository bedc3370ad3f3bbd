"""The announcement that lists units: inputs of its paper, and the entries that it makes (第十五条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.documents.kinds.lists import ListingInputs
from app.policy.terms import Kind, ObjectionState
from app.services import papers
from app.services.core import rules
from app.services.core.by import By
from app.services.lists.entries import enter_in_list
from app.services.lists.outcomes import outcome_of
from models.decisions import Decision
from models.filing.applications import Application
from models.lists import PublicNotice
from models.papers import Paper


def listing_inputs(decision: Decision, rows: Sequence[Application], now: datetime) -> ListingInputs:
    """Return the inputs of 公布名单的通知: the units by kind, the period and the outcome of their notices."""
    by_kind = {kind: papers.unit_lines([row for row in rows if row.kind == kind.value]) for kind in Kind}
    notices = list(PublicNotice.objects(pk__in={row.notice_id for row in rows}))
    outcome = outcome_of(notices)
    return ListingInputs(
        **papers.bureau_letterhead(now),
        year=rows[0].review_year or now.year,
        factories=by_kind[Kind.FACTORY],
        parks=by_kind[Kind.PARK],
        supply_chains=by_kind[Kind.SUPPLY_CHAIN],
        addressees=rules.pack().city.addressees,
        notice_first_day=min(notice.first_day for notice in notices),
        notice_last_day=max(notice.last_day for notice in notices),
        received=outcome.count(),
        rejected=outcome.count(ObjectionState.REJECTED),
        upheld=outcome.count(ObjectionState.UPHELD),
    )


def enter_announced_units(
    paper: Paper, inputs: ListingInputs, rows: Sequence[Application], by: By
) -> dict[str, Any]:
    """Enter the units of an issued announcement in the list; their applications note nothing of it."""
    for row in rows:
        enter_in_list(row, paper, by.today, by=by)
    return {}
