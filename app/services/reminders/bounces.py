"""Bounced mail 退回: a server's report marks the mail and the ledger entries it carried (第二十一条)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bson import ObjectId

from app.exchange import bounces
from app.exchange.bounces import NotAReport, Recipient, Report
from app.policy import privacy
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.reminders import DeliveryState
from app.services.core import audit
from app.services.core.by import By
from models.database import transact
from models.reminders.deliveries import Channel, Delivery
from models.reminders.entries import ReminderEntry

FAILED, DELAYED = "failed", "delayed"
_MESSAGE_ID = re.compile(r"<([0-9a-f]{24})\.([0-9a-f]{16})@")
_ACTOR = replace(Actor.system("bounces"), source="cli")


def register_bounce(content: bytes, *, now: datetime) -> str:
    """Register a server's report about one of our mails; return the change in words. Raises NotAReport.

    A report is believed when it names the mail by the reference that only its recipient and the servers on
    the way have seen. A second report about the same mail changes nothing.
    """
    report = bounces.read(content)
    delivery = _delivery(report)
    if delivery is None:
        raise NotAReport("报告所退的不是本系统发出的邮件")
    recipient = _decisive_recipient(report, delivery)
    why = _reason(report, recipient, now)
    match _outcome(recipient):
        case "failed":
            changed = transact(lambda: _mark_returned(delivery, f"退信（{why}）", now=now))
            return f"已登记退回：{delivery}" if changed else f"此前已登记退回：{delivery}"
        case "delayed":
            note = f"延迟投递，对方服务器仍在尝试（{why}）"
            changed = transact(lambda: _mark_delayed(delivery, note, now=now))
            return f"已登记延迟：{delivery}" if changed else f"延迟报告晚于结果，没有改动：{delivery}"
    return f"没有退回，不需要登记：{delivery}"


def _decisive_recipient(report: Report, delivery: Delivery) -> Recipient:
    """Return the first recipient that the mail failed to reach, else the first one. Raises NotAReport."""
    recipients = _relevant_recipients(report.recipients, delivery.to)
    if not recipients:
        raise NotAReport("报告中没有这封邮件的收件人")
    failed = (recipient for recipient in recipients if _outcome(recipient) == FAILED)
    return next(failed, recipients[0])


def _reason(report: Report, recipient: Recipient, now: datetime) -> str:
    """Return day, server and diagnosis of a report in words, without addresses."""
    diagnosis = privacy.without_addresses(recipient.diagnostic or recipient.status or "未说明原因")
    return f"{now.date()}，{report.server or '对方服务器'}：{diagnosis}"


def _delivery(report: Report) -> Delivery | None:
    for message_id in report.mails:
        if match := _MESSAGE_ID.match(message_id):
            key, token = match.groups()
            mail = Delivery.objects(pk=ObjectId(key), token=token, channel=Channel.MAIL.value).first()
            if mail is not None:
                return mail
    return None


def _relevant_recipients(recipients: Sequence[Recipient], to: str) -> Sequence[Recipient]:
    """Return the recipients that the mail went to; a lone one may name a forwarding address."""
    named = [recipient for recipient in recipients if to.lower() in recipient.addresses]
    return named or (recipients if len(recipients) == 1 else ())


def _outcome(recipient: Recipient) -> str:
    """Return the action of a report; where it is not standard, the one that its status class implies."""
    if recipient.action in (FAILED, DELAYED, "delivered", "relayed", "expanded"):
        return recipient.action
    return {"5": FAILED, "4": DELAYED}.get(recipient.status[:1], "")


def _mark_returned(delivery: Delivery, why: str, *, now: datetime) -> bool:
    """Mark a mail and its entries as returned; return False when that was done before."""
    entries = list(ReminderEntry.objects(delivery_id=delivery.pk))
    not_yet_returned = Delivery.objects(pk=delivery.pk, state__ne=DeliveryState.RETURNED.value)
    if not not_yet_returned.modify(
        set__state=DeliveryState.RETURNED.value, set__problem=why, set__updated_at=now, inc__version=1
    ):
        return False
    rows = ReminderEntry.objects(delivery_id=delivery.pk)
    rows.update(set__mail=DeliveryState.RETURNED.value, set__problem=why, inc__version=1)
    # Whoever has no account has nothing but the mail: it decides.
    rows.filter(message=None).update(set__state=DeliveryState.RETURNED.value)
    for subject in entries or [delivery]:
        before = DeliveryState(subject.mail if isinstance(subject, ReminderEntry) else subject.state).label
        changes = [("mail", "邮件", before, DeliveryState.RETURNED.label)]
        audit.record(Verb.MAIL_BOUNCED, by=By(_ACTOR, now), subject=subject, changes=changes, reason=why)
    return True


def _mark_delayed(delivery: Delivery, why: str, *, now: datetime) -> bool:
    """Note on a mail and its entries that the server still tries; return False when settled."""
    under_way = Delivery.objects(pk=delivery.pk, state=DeliveryState.SENT.value)
    if not under_way.modify(set__problem=why, set__updated_at=now, inc__version=1):
        return False
    ReminderEntry.objects(delivery_id=delivery.pk).update(set__problem=why, inc__version=1)
    for subject in list(ReminderEntry.objects(delivery_id=delivery.pk)) or [delivery]:
        audit.record(Verb.MAIL_DELAYED, by=By(_ACTOR, now), subject=subject, reason=why)
    return True
