"""Registry of jobs: `@job` puts a function and its schedule in one place."""

import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import jobs
from app.config import Config
from app.services.core.by import By

Work = TypeVar("Work", bound=Callable[..., Any])


@dataclass(frozen=True)
class Job:
    """A function and its schedule: daily at hour:minute, or every `every` minutes."""

    name: str
    label: str
    work: Callable[..., Any]
    hour: int | None = None
    minute: int = 0
    every: int | None = None  # minutes

    @property
    def daily(self) -> bool:
        """Tell whether the job runs once a day."""
        return self.every is None

    def due(self, now: datetime) -> bool:
        """Tell whether today's run of a daily job should have begun."""
        return self.daily and (now.hour, now.minute) >= (self.hour, self.minute)

    def when(self) -> str:
        """Return the schedule in words."""
        return f"每天 {self.hour:02}:{self.minute:02}" if self.daily else f"每 {self.every} 分钟"


REGISTRY: dict[str, Job] = {}


def job(
    *, label: str, hour: int | None = None, minute: int = 0, every: int | None = None
) -> Callable[[Work], Work]:
    """Register a daily job, or with `every` (minutes) a repeated one.

    The function's parameters choose its arguments: `today` (the day of the run), `now`, `by` (the job as actor, now), `config`.

    The returned value is stored as the result in words. It must do nothing twice when it is run again
    for the same day, and must itself go on when one row fails.
    """
    if (hour is None) == (every is None):
        raise ValueError(f"{label}: either a time of day or an interval")

    def register(work: Work) -> Work:
        name = work.__name__.replace("_", "-")
        if name in REGISTRY and REGISTRY[name].work.__module__ != work.__module__:
            raise ValueError(f"two jobs are called {name}")
        REGISTRY[name] = Job(name, label, work, hour, minute, every)
        return work

    return register


def load() -> dict[str, Job]:
    """Import all modules with jobs and return the registered jobs by name."""
    for module in jobs.MODULES:
        importlib.import_module(module)
    return REGISTRY


def find(name: str) -> Job:
    """Return the job of this name. Raises KeyError naming all jobs."""
    known = load()
    if name not in known:
        raise KeyError(f"没有任务 {name}；可用：{'、'.join(sorted(known)) or '（无）'}")
    return known[name]


def arguments(job: Job, day: date, by: By, config: Config | None = None) -> dict[str, Any]:
    """Return the arguments that the job's function names; settings are read only for a job that names them."""
    names = inspect.signature(job.work).parameters
    values: dict[str, Any] = {"today": day, "now": by.now, "by": by}
    if "config" in names:
        values["config"] = config or Config.from_environment()
    return {name: values[name] for name in names}
