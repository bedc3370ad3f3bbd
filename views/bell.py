"""The bell of every page: how much waits for somebody, counted anew after every act and now and then."""

import time
from datetime import datetime

from flask import Response, current_app, request

from app.policy.access import Actor
from app.services import workbench

FRESH = 15  # seconds: so long an act in another process may go unnoticed
MOST = 1_000


def waiting(actor: Actor, now: datetime) -> tuple[int, int]:
    """How many acts wait for the actor, and how many of them are late."""
    counted, key = current_app.extensions.setdefault("bell", {}), (actor, now.date())
    until, *counts = counted.get(key, (0.0, 0, 0))
    if until < time.monotonic() or _acts():
        lines = workbench.todo(actor, now)
        counts = [sum(line.count for line in lines), sum(line.count for line in lines if line.late)]
        if len(counted) >= MOST:
            counted.clear()
        counted[key] = (time.monotonic() + FRESH, *counts)
    return counts[0], counts[1]


def forget(response: Response) -> Response:
    """Whoever has changed something: what waits for others has changed too."""
    if _acts():
        current_app.extensions.get("bell", {}).clear()
    return response


def _acts() -> bool:
    return request.method not in ("GET", "HEAD")
