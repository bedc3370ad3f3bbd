"""Scheduled work; `python -m jobs` runs it. Every module with jobs stands in this list."""

MODULES: tuple[str, ...] = (
    "jobs.applications",
    "jobs.audit",
    "jobs.calendar",
    "jobs.outbox",
    "jobs.papers",
    "jobs.reminders",
    "jobs.rules",
)
