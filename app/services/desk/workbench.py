"""The to-do list of the workbench: every task that waits for an actor, counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mongoengine import QuerySet

from app.services.core.by import By
from app.services.desk import case_tasks, report_tasks
from app.services.desk.tasks import Task

SOURCES = (
    case_tasks.application_tasks,
    case_tasks.decision_tasks,
    case_tasks.paper_tasks,
    case_tasks.proposal_tasks,
    case_tasks.objection_tasks,
    case_tasks.expired_notice_tasks,
    case_tasks.evaluation_tasks,
    report_tasks.annual_report_tasks,
    report_tasks.extension_tasks,
    report_tasks.definition_tasks,
)


def waiting_tasks(by: By) -> list[Task]:
    """Return everything that waits for the actor, late tasks first, then by due date."""
    candidates = [candidate for source in SOURCES for candidate in source(by)]
    counts = _count([rows for _, rows in candidates])
    waiting = [
        replace(task, count=count) for (task, _), count in zip(candidates, counts, strict=True) if count
    ]
    return sorted(waiting, key=lambda task: (not task.late, task.due or date.max))


def _count(candidates: list[QuerySet | int]) -> list[int]:
    """Count all queries by one command: every page shows the sum."""
    counts = [0 if isinstance(rows, QuerySet) else rows for rows in candidates]
    pipelines = [
        (rows, [{"$match": rows._query}, {"$group": {"_id": {"$literal": number}, "n": {"$sum": 1}}}])
        for number, rows in enumerate(candidates)
        if isinstance(rows, QuerySet)
    ]
    if pipelines:
        (first, pipeline), *others = pipelines
        united = [
            {"$unionWith": {"coll": rows._collection.name, "pipeline": other}} for rows, other in others
        ]
        for result in first._collection.aggregate([*pipeline, *united]):
            counts[result["_id"]] = result["n"]
    return counts
