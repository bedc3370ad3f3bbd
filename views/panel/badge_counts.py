"""The bell of every page: how much waits for somebody, counted anew after every act and now and then."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, current_app, request

from app.services.core.by import By
from app.services.desk import workbench

FRESH = 15  # seconds: so long an act in another process may go unnoticed
MOST = 1_000


@dataclass(frozen=True)
class Waiting:
    """How many acts wait for somebody, how many of them are late, and on which screens they are."""

    total: int
    late: int
    screens: Mapping[str, int]


def waiting(by: By) -> Waiting:
    """What waits for the actor; the same object while it stays as it is."""
    counted, key = current_app.extensions.setdefault("bell", {}), (by.actor, by.today)
    until, found = counted.get(key, (0.0, None))
    if found is None or until < time.monotonic() or _acts():
        found = _count(by)
        if len(counted) >= MOST:
            counted.clear()
        counted[key] = (time.monotonic() + FRESH, found)
    return found


def _count(by: By) -> Waiting:
    lines, screens = workbench.todo(by), Counter[str]()
    for line in lines:
        screens[line.resource] += line.count
    return Waiting(sum(screens.values()), sum(line.count for line in lines if line.late), screens)


def forget(response: Response) -> Response:
    """Whoever has changed something: what waits for others has changed too."""
    if _acts():
        current_app.extensions.get("bell", {}).clear()
    return response


def _acts() -> bool:
    return request.method not in ("GET", "HEAD")
