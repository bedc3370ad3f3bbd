"""Scheduler process, `python -m jobs`: any number may run; the one that holds the lease does the work."""

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import date

from apscheduler.schedulers.background import BackgroundScheduler

from app import clock
from app.boot import boot
from app.config import Config, ConfigError
from app.policy.pack import PackError
from app.services import settings
from jobs import registry, runs
from jobs.lease import RENEW_SECONDS, Lease
from models import database, schema

LOOK_EVERY = 15  # seconds between two looks for daily jobs that are due
RETRY_AFTER = 600  # seconds before a failed run is tried again


class Scheduler:
    """A scheduler that renews the lease, and while it holds it runs the jobs that are due.

    Days and times come from app.clock, not from the scheduler's own triggers: the set clock of a demo
    moves jobs and pages alike, and a day on which no scheduler ran is made up by the same look.
    """

    def __init__(self, lease: Lease, config: Config | None = None) -> None:
        self.lease, self.config = lease, config
        self.tried: dict[tuple[str, str], float] = {}
        self.scheduler = BackgroundScheduler(
            timezone=clock.SHANGHAI,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        settings.register_jobs((job.name, job.label, job.when()) for job in registry.load().values())
        self.lease.renew()
        self._every(RENEW_SECONDS, self.lease.renew, "renew the lease")
        self._every(LOOK_EVERY, self.look, "look for daily jobs")
        for job in registry.load().values():
            if not job.daily:
                self._every(job.every * 60, self._in_turn(job), job.name)
        self.scheduler.start()

    def stop(self) -> None:
        self.scheduler.shutdown(wait=True)
        self.lease.release()

    def look(self) -> None:
        """Run requested jobs now, and every daily job for each day that it missed, in order of days."""
        for job in registry.load().values():
            if self.lease.held() and settings.take_run_request(job.name):
                self._run(job, clock.today(), again=True)
            if not job.daily or not self.lease.held() or settings.is_job_paused(job.name):
                continue
            for day in runs.missed(job):
                key = job.name, str(day)
                if self.lease.held() and time.monotonic() > self.tried.get(key, 0):
                    self.tried[key] = time.monotonic() + RETRY_AFTER
                    self._run(job, day)

    def _run(self, job: registry.Job, day: date, *, again: bool = False) -> None:
        runs.run(job.name, day, holder=self.lease.holder, again=again, config=self.config)

    def _in_turn(self, job: registry.Job) -> Callable[[], None]:
        def run() -> None:
            if self.lease.held() and not settings.is_job_paused(job.name):
                self._run(job, clock.today())

        return run

    def _every(self, seconds: int, work: Callable[[], object], name: str) -> None:
        self.scheduler.add_job(work, "interval", seconds=seconds, id=name, name=name)


def main() -> int:
    """Work until SIGTERM; return the exit status for the supervisor."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    try:
        config = Config.from_environment()
        boot(config)
        database.check_server(production=bool(config.mongodb_uri))
        schema.check()
    except (ConfigError, PackError, database.DatabaseRefused) as problem:
        print(f"没有启动。{problem}", file=sys.stderr)
        return 1
    scheduler = Scheduler(Lease(), config)
    scheduler.start()
    stopping.wait()
    scheduler.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
