"""Notes of officials beside a reminder: calls, letters, answers, returned mail."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer
from app.policy.reminders import DeliveryState, NoteKind
from app.services.core import records, scope
from app.services.core.by import By
from models.database import transactional
from models.reminders.entries import ReminderEntry, ReminderNote

NOTED = {
    NoteKind.PHONE: Verb.CALL_NOTED,
    NoteKind.PAPER: Verb.DELIVERY_NOTED,
    NoteKind.ANSWER: Verb.ANSWER_NOTED,
    NoteKind.BOUNCE: Verb.BOUNCE_NOTED,
}
NOTE_INPUTS = ("told_on", "said")


def note_offers(entry: ReminderEntry, *, actor: Actor) -> list[Offer]:
    """Return the notes that the actor may add; a returned mail only where one was sent."""
    if not access.may(actor, "note", "reminderentry"):
        return []
    came_back = "" if entry.mail == DeliveryState.SENT.value else "没有已发送的邮件。"
    return [
        Offer(way.value, way.label, came_back if way is NoteKind.BOUNCE else "", NOTE_INPUTS)
        for way in NoteKind
    ]


@transactional
def add_note(entry: ReminderEntry, way: NoteKind, text: str, on: date | None, *, by: By) -> ReminderEntry:
    """Add a call, a letter, an answer or a returned mail. Raises NotAllowed."""
    if not access.may(by.actor, "note", "reminderentry"):
        raise NotAllowed(f"{by.actor.role.label}不能登记催报情况。")
    if not text.strip():
        raise NotAllowed("请写明告知了谁、说了什么，或对方如何答复。")
    if on is None or on > by.today:
        raise NotAllowed("请填写不晚于今天的日期。")

    fresh = scope.find(by, ReminderEntry, entry.pk)
    if fresh is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    added = ReminderNote(
        way=way.value, on=on, text=text.strip(), by=by.actor.username, name=by.actor.name, at=by.now
    )
    values: dict[str, Any] = {"notes": [*fresh.notes, added]}
    if way is NoteKind.BOUNCE:
        values |= _returned_values(fresh, text.strip())
    return records.write(
        fresh,
        values,
        version=fresh.version,
        by=by,
        verb=NOTED[way],
        reason=text.strip(),
    )


def _returned_values(entry: ReminderEntry, text: str) -> dict[str, Any]:
    if entry.mail != DeliveryState.SENT.value:
        raise NotAllowed("这条催报没有已发送的邮件。")
    returned = {"mail": DeliveryState.RETURNED.value, "problem": f"退信：{text}"}
    return returned | ({} if entry.message else {"state": DeliveryState.RETURNED.value})
