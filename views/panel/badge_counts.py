"""Counts of waiting acts, for the bell and the menu of every page."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from cachetools import TTLCache
from flask import Response, current_app, request

from app.services import desk
from app.services.core.by import By

CACHE_SECONDS = 15  # so long an act in another process may go unnoticed
CACHE_SIZE = 1_000
_lock = Lock()


@dataclass(frozen=True)
class Waiting:
    """How many acts wait for an account, how many of them are late, and on which screens they are."""

    total: int
    late: int
    screens: Mapping[str, int]


def waiting(by: By) -> Waiting:
    """Return the acts that wait for the actor: the same object while nobody acts, counted anew after an act."""
    cache, key = _cache(), (by.actor, by.today)
    with _lock:
        counts = None if _changes_something() else cache.get(key)
    if counts is None:
        counts = _count(by)
        with _lock:
            cache[key] = counts
    return counts


def invalidate(response: Response) -> Response:
    """Drop all counts after a request that changes something: it may concern anybody."""
    if _changes_something():
        with _lock:
            _cache().clear()
    return response


def _cache() -> TTLCache:
    return current_app.extensions.setdefault("badge_counts", TTLCache(CACHE_SIZE, CACHE_SECONDS))


def _count(by: By) -> Waiting:
    lines, screens = desk.waiting_tasks(by), Counter[str]()
    for line in lines:
        screens[line.resource] += line.count
    return Waiting(sum(screens.values()), sum(line.count for line in lines if line.late), screens)


def _changes_something() -> bool:
    return request.method not in ("GET", "HEAD")
