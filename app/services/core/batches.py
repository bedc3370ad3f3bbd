"""Results of batches: one line a row, read only by the account that started the batch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.policy.access import Actor
from app.services.core.by import By
from models.batches import BatchLine, BatchResult

Line = tuple[str, str, bool, str]  # label, page, whether it succeeded, its number or the reason it failed


def save_results(title: str, resource: str, lines: Iterable[Line], *, back: str, by: By) -> BatchResult:
    """Save the outcome of each row; the acts themselves are in the audit log already."""
    result = BatchResult(
        username=by.actor.username,
        name=by.actor.name,
        area=by.actor.area,
        resource=resource,
        title=title,
        back=back,
        at=by.now,
        lines=[BatchLine(label=label, url=url, ok=ok, message=message) for label, url, ok, message in lines],
    )
    return result.save(force_insert=True)


def own_result(actor: Actor, resource: str, key: Any) -> BatchResult | None:
    """Return the actor's own result of a screen, or None."""
    own = {"username": actor.username, "area": actor.area, "resource": resource}
    return BatchResult.objects(pk=key, **own).first() if key else None
