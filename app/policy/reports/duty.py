"""Who owes an annual report, and when it is late (第十八条)."""

from __future__ import annotations

from datetime import date

from app.policy import deadlines


def owes_report(entered_on: date, removed_on: date | None, in_force: bool, due: date) -> bool:
    """Return whether a list entry makes its unit owe a report: published before the due day and in force on it (第十八条)."""
    held = in_force if removed_on is None else removed_on > due
    return entered_on < due and held


def is_late(submitted_on: date | None, due: date) -> bool:
    """Return whether a report is late by the platform's day; the due day itself is in time."""
    return submitted_on is not None and deadlines.is_late(submitted_on, due)
