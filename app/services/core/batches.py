"""Results of batches: one line a row, kept for the one who started it and for nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.policy.access import Actor
from app.services.core.by import By
from models.batches import BatchLine, BatchResult

Line = tuple[str, str, bool, str]  # what, its page, whether it was done, the number that it took or why not


def save_results(title: str, resource: str, lines: Iterable[Line], *, back: str, by: By) -> BatchResult:
    """Keep what became of each row; the acts themselves are in the audit log already."""
    kept = [BatchLine(label=label, url=url, ok=ok, message=message) for label, url, ok, message in lines]
    made = BatchResult(
        username=by.actor.username,
        name=by.actor.name,
        area=by.actor.area,
        resource=resource,
        title=title,
        back=back,
        at=by.now,
        lines=kept,
    )
    return made.save(force_insert=True)


def own(actor: Actor, resource: str, key: Any) -> BatchResult | None:
    """The actor's own result of this screen."""
    his = {"username": actor.username, "area": actor.area, "resource": resource}
    return BatchResult.objects(pk=key, **his).first() if key else None
