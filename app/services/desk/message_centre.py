"""The message centre: unread messages of an account."""

from __future__ import annotations

from app.policy.access import Actor
from app.services.core.by import By
from models.reminders.notices import Notice


def unread_messages(actor: Actor, most: int = 20) -> list[Notice]:
    """Return the actor's unread messages, latest first."""
    return list(Notice.objects(username=actor.username, read_at=None).order_by("-id").limit(most))


def mark_messages_read(by: By) -> None:
    """Mark every unread message of the actor as read."""
    Notice.objects(username=by.actor.username, read_at=None).update(set__read_at=by.now)
