"""A scheduler as a process of its own that looks without pause; its parent kills it. Arguments: URI, clock file."""

import sys
import time
from pathlib import Path

import jobs
from app import clock
from app.config import Config
from jobs import __main__ as scheduling
from jobs import lease, registry
from models import database


def main(uri: str, clock_file: str) -> None:
    clock.configure(Path(clock_file))
    database.connect(uri)
    jobs.MODULES = ("jobs.reminders", "jobs.outbox")
    lease.LEASE_SECONDS, scheduling.RETRY_AFTER = 0.4, 0
    config = Config.from_environment()
    scheduler = scheduling.Scheduler(lease.Lease(), config)
    while True:
        if scheduler.lease.renew():
            scheduler.look()
            registry.find("send-outbox").work(config)
        time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
