"""Scheduled work; `python -m jobs` runs it. MODULES lists every module with jobs."""

MODULES: tuple[str, ...] = (
    "jobs.applications",
    "jobs.audit",
    "jobs.calendar",
    "jobs.outbox",
    "jobs.papers",
    "jobs.reminders",
    "jobs.rules",
)
