"""Election of one leader among any number of schedulers by a lease on the server's clock."""

import contextlib
import os
import secrets
import socket
import time
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import PyMongoError

from models.settings.jobs import JobLease

LEASE_SECONDS = 30  # seconds; with RENEW_SECONDS it bounds a take-over to 40
RENEW_SECONDS = 10
_NAME = "jobs"


class Lease:
    """This process's claim to be the leader."""

    def __init__(self) -> None:
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._valid_until = 0.0

    def held(self) -> bool:
        """Tell whether this process certainly leads now, by its own clock since before the last renewal."""
        return time.monotonic() < self._valid_until

    def renew(self) -> bool:
        """Take the lease if it is this process's own, free or lapsed; return whether it is held."""
        asked = time.monotonic()
        ours = {"$or": [{"$eq": ["$holder", self.holder]}, {"$lt": ["$until", "$$NOW"]}]}
        then = {"holder": self.holder, "until": {"$add": ["$$NOW", LEASE_SECONDS * 1000]}}
        # A missing row has no `until`, which sorts before every date: it is free.
        claim = [{"$set": {key: {"$cond": [ours, value, f"${key}"]} for key, value in then.items()}}]
        with contextlib.suppress(PyMongoError):  # no answer: what we hold lapses by itself
            row = _leases().find_one_and_update({"_id": _NAME}, claim, upsert=True, return_document=True)
            self._valid_until = asked + LEASE_SECONDS if row["holder"] == self.holder else 0.0
        return self.held()

    def release(self) -> None:
        """Let another scheduler take over at once."""
        self._valid_until = 0.0
        _leases().delete_one({"_id": _NAME, "holder": self.holder})


def holder() -> str:
    """Return the present leader, or ""."""
    row = _leases().find_one({"_id": _NAME, "$expr": {"$gte": ["$until", "$$NOW"]}})
    return row["holder"] if row else ""


def _leases() -> Collection[dict[str, Any]]:
    return JobLease._get_collection()
