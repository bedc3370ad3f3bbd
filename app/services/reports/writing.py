"""Reread a report in a transaction and write it with its audit row."""

from __future__ import annotations

from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.services.core import audit, records, scope
from app.services.core.by import By
from models.reports import AnnualReport


def current_report(report: AnnualReport, version: int, by: By) -> AnnualReport:
    """Read the report anew inside a transaction. Raises NotAllowed (scope), Conflict (not the seen version)."""
    fresh = scope.find(by, AnnualReport, report.pk)
    if fresh is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    if fresh.version != version or fresh.stage != report.stage:
        raise records.stale(fresh)
    return fresh


def write_report(
    fresh: AnnualReport,
    version: int,
    verb: Verb,
    changes: list[audit.Change],
    *,
    by: By,
    reason: str = "",
) -> AnnualReport:
    """Save the caller's changes, with their audit row. Raises Invalid, Conflict."""
    fresh.version, fresh.updated_at, fresh.updated_by = version + 1, by.now, by.actor.username
    records.save(fresh, save_condition={"version": version})
    audit.record(verb, by=by, subject=fresh, changes=changes, reason=reason)
    return fresh
