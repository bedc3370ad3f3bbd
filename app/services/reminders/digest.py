"""One mail a person and day with the reminders and messages since the last one; legal reminders always included."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from mongoengine import ValidationError

from app.policy.audit import Verb
from app.policy.flow import NotAllowed, PolicyError
from app.policy.reminders import PROGRESS, PROGRESS_LABEL, RULES, DeliveryState
from app.services.core import audit, rules
from app.services.core.by import By
from app.services.core.records import Invalid
from app.services.reminders import outbox
from models.accounts.people import User
from models.database import transact, transactional
from models.reminders.deliveries import Channel
from models.reminders.entries import ReminderEntry
from models.reminders.notices import Notice

log = logging.getLogger(__name__)
MAX_AGE = timedelta(days=7)  # what lay longer without an address is not mailed afterwards
MAX_LINES = 100
WITHOUT_ACCOUNT = "请按期限在管理平台办理；如有疑问，请与所在县（市、区）工业和信息化主管部门联系。"

# What can be switched off, with its wording; the others are dates that the rules fix.
OPTIONAL = {PROGRESS: PROGRESS_LABEL} | {row.code: row.label for row in RULES.values() if not row.legal}


class Unfinished(PolicyError):
    """Failure of some rows while the others were done; the run is tried again."""


def send_digests(today: date, *, now: datetime, address: str) -> int:
    """Queue the mails of a day and return how many; a second run of the day queues none."""
    waiting = Notice.objects(digest_on=None, at__gte=now - MAX_AGE).distinct("username")
    users = User.objects(username__in=waiting, active=True, email__nin=(None, "")).order_by("username")
    makers = [(user.username, partial(_account, user, today, now=now, address=address)) for user in users]
    makers += [(recipient, partial(_outsider, recipient, today, now=now)) for recipient in _outsiders()]
    mails, failed = 0, 0
    for name, make in makers:
        try:
            mails += transact(make)
        except Exception:  # one bad account must not keep the mail from the others
            log.exception("no digest for %s", name.partition(":")[0])
            failed += 1
    if failed:
        raise Unfinished(f"已生成{mails}封邮件，另有{failed}封未能生成，详见运行日志。")
    return mails


def preferences(user: User) -> list[tuple[str, str, bool, bool]]:
    """Return each kind of message: code, label, whether it is mailed, whether the account may choose."""
    legal = [(row.code, f"{row.label}（{row.cited}）", True, False) for row in RULES.values() if row.legal]
    return legal + [(code, label, code not in user.muted, True) for code, label in OPTIONAL.items()]


@transactional
def save_preferences(user: User, *, email: str, mailed: Iterable[str], by: By) -> User:
    """Save the account's address and mailed messages. Raises NotAllowed for another account, Invalid."""
    if user.username != by.actor.username:
        raise NotAllowed("只能设置自己的消息。")
    wanted = set(mailed)
    email, muted = email.strip(), [code for code in OPTIONAL if code not in wanted]
    try:
        if email:
            User.email.validate(email)
    except ValidationError as error:
        raise Invalid({"email": "电子邮箱格式不对，例如 name@example.cn。"}) from error
    labels = {"email": "电子邮箱", "muted": "不发邮件的消息"}
    values = {"email": email or None, "muted": muted}

    fresh = User.objects.get(pk=user.pk)
    changes = audit.differences(fresh, values, labels)
    fresh = User.objects(pk=user.pk).modify(
        new=True, inc__version=1, **{f"set__{field}": value for field, value in values.items()}
    )
    audit.record(Verb.MESSAGES_SET, by=by, subject=fresh, changes=changes)
    return fresh


def _account(user: User, today: date, *, now: datetime, address: str) -> int:
    waiting = Notice.objects(
        username=user.username, digest_on=None, at__gte=now - MAX_AGE, category__nin=list(user.muted)
    )
    # What was read on the screen need not be mailed; a reminder is mailed in any case, for it is evidence.
    rows = [
        row
        for row in waiting.order_by("id").limit(MAX_LINES)
        if row.read_at is None or row.category != PROGRESS
    ]
    if not rows:
        return 0
    mail = outbox.queue(
        Channel.MAIL,
        f"digest:{user.username}:{today}",
        _title(today, len(rows)),
        _text(user.name, rows, address),
        to=user.email,
        username=user.username,
        now=now,
    )
    if mail is None:  # today's mail has gone: these wait for tomorrow's
        return 0
    Notice.objects(pk__in=[row.pk for row in rows]).update(set__digest_on=today)
    entries = ReminderEntry.objects(
        recipient=user.username, mail=DeliveryState.QUEUED.value, delivery_id=None
    )
    entries.update(set__delivery_id=mail.pk, set__mail_to=user.email)
    return 1


def _outsiders() -> Sequence[str]:
    """Return the contacts without an account who have reminders waiting."""
    waiting = ReminderEntry.objects(
        mail=DeliveryState.QUEUED.value, recipient__gte="mail:", recipient__lt="mail;"
    )
    return sorted(waiting.filter(delivery_id=None).distinct("recipient"))


def _outsider(recipient: str, today: date, *, now: datetime) -> int:
    waiting = ReminderEntry.objects(mail=DeliveryState.QUEUED.value, recipient=recipient, delivery_id=None)
    rows = list(waiting.order_by("id").limit(MAX_LINES))
    if not rows:
        return 0
    to, lines = recipient.removeprefix("mail:"), [row.text for row in rows]
    text = _letter(rows[0].recipient_name or "联系人", [("期限提醒", lines)], WITHOUT_ACCOUNT)
    mail = outbox.queue(
        Channel.MAIL, f"digest:{recipient}:{today}", _title(today, len(rows)), text, to=to, now=now
    )
    if mail is None:
        return 0
    ReminderEntry.objects(pk__in=[row.pk for row in rows]).update(set__delivery_id=mail.pk, set__mail_to=to)
    return 1


def _title(today: date, count: int) -> str:
    return f"{rules.pack().city.bureau}绿色制造名单工作提醒（{today.month}月{today.day}日，{count}项）"


def _text(name: str, rows: Sequence[Notice], address: str) -> str:
    parts = [
        ("期限提醒", [row.text for row in rows if row.category in RULES]),
        ("办理进度", [row.text for row in rows if row.category not in RULES]),
    ]
    ending = f"登录办理：{address}\n法定期限的提醒不能关闭；其他邮件可在系统的“消息设置”中关闭。"
    return _letter(name, parts, ending)


def _letter(name: str, parts: Sequence[tuple[str, Sequence[str]]], ending: str) -> str:
    shown = [(heading, lines) for heading, lines in parts if lines]
    body = "\n\n".join(
        "\n".join([f"【{heading}】", *(f"{number}. {line}" for number, line in enumerate(lines, 1))])
        for heading, lines in shown
    )
    return f"{name}，您好：\n\n{body}\n\n{ending}\n"
