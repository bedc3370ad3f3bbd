"""Ledger entries and messages written for one batch of recipients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.policy import reminders
from app.policy.deadlines import Reminder
from app.policy.reminders import DeliveryState, Obligation, Rule
from app.services.reminders.directory import Recipient
from models.reminders.entries import ReminderEntry
from models.reminders.notices import Notice


@dataclass(frozen=True)
class Group:
    """Obligations that one recipient is reminded of at once."""

    recipient: Recipient
    owed: Sequence[Obligation]


def _insert_batch(rule: Rule, step: Reminder, batch: Sequence[Group], *, now: datetime, mail: bool) -> int:
    """Insert entries and messages of one batch, except those already in the ledger; return how many."""
    known = _existing_keys(rule, step, batch)
    entries, notices = [], []
    for group in batch:
        recipient = group.recipient
        fresh = [
            obligation
            for obligation in group.owed
            if (recipient.key, obligation.subject, obligation.kind, obligation.year) not in known
        ]
        entries += [_entry(rule, step, obligation, recipient, now, mail) for obligation in fresh]
        if fresh and recipient.account:
            notices.append(_notice(rule, step, fresh, recipient, now))
    if entries:
        ReminderEntry._get_collection().insert_many(entries)
    if notices:
        Notice._get_collection().insert_many(notices)
    return len(entries)


def _existing_keys(rule: Rule, step: Reminder, batch: Sequence[Group]) -> set[tuple[str, str, str, int]]:
    due = batch[0].owed[0].due
    rows = ReminderEntry._get_collection().find(
        {
            "rule": rule.code,
            "due": _as_stored(due),
            "step": step.code,
            "recipient": {"$in": [group.recipient.key for group in batch]},
            "subject": {"$in": list({obligation.subject for group in batch for obligation in group.owed})},
        },
        {"_id": 0, "recipient": 1, "subject": 1, "kind": 1, "year": 1},
    )
    return {(row["recipient"], row["subject"], row["kind"], row["year"]) for row in rows}


def _entry(
    rule: Rule, step: Reminder, owed: Obligation, to: Recipient, now: datetime, mail: bool
) -> dict[str, Any]:
    row = {
        "version": 1,
        "created_at": now,
        "updated_at": now,
        "rule": rule.code,
        "subject": owed.subject,
        "name": owed.name,
        "kind": owed.kind,
        "area": owed.area,
        "year": owed.year,
        "due": _as_stored(owed.due),
        "step": step.code,
        "step_label": step.label,
        "recipient": to.key,
        "recipient_name": to.name,
        "recipient_role": to.role,
        "text": reminders.text(rule, owed, step, now.date()),
        "at": now,
        "notes": [],
    }
    if owed.unit_id is not None:
        row["unit_id"] = owed.unit_id
    return row | _delivery_fields(rule, to, by_mail=mail and bool(to.email))


def _delivery_fields(rule: Rule, to: Recipient, *, by_mail: bool) -> dict[str, str]:
    """Return the state of an entry by the ways that reach the recipient, or the problem that none does."""
    if not (to.account or by_mail):
        problem = to.problem or "没有配置邮件服务，未能发送；请电话或书面告知并登记。"
        return {"state": DeliveryState.FAILED.value, "problem": problem}
    fields = {"state": (DeliveryState.SENT if to.account else DeliveryState.QUEUED).value}
    if to.account:
        fields["message"] = DeliveryState.SENT.value
    if by_mail and rule.code not in to.muted:
        fields["mail"] = DeliveryState.QUEUED.value
    return fields


def _notice(
    rule: Rule, step: Reminder, owed: Sequence[Obligation], to: Recipient, now: datetime
) -> dict[str, Any]:
    first = owed[0]
    is_single = len(owed) == 1
    text = (
        reminders.text(rule, first, step, now.date())
        if is_single
        else reminders.summary(rule, owed, step, now.date())
    )
    key = f"remind:{rule.code}:{first.due}:{step.code}:{to.key}:{first.subject}:{first.kind}:{first.year}"
    return {
        "version": 1,
        "key": key,
        "username": to.key,
        "text": text,
        "category": rule.code,
        "at": now,
        "link": first.link if is_single else f"/admin/reminderentry/?flt0_rule={rule.code}",
    }


def _as_stored(day: date) -> datetime:
    return ReminderEntry.due.to_mongo(day)
