"""The outbox: mails and calls queued by acts, sent by a job, retried with growing pauses."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from app.policy.reminders import DeliveryState
from models.database import transactional
from models.reminders.deliveries import Channel, Delivery
from models.reminders.entries import ReminderEntry

RETRY_MINUTES = (1, 5, 15, 60, 240, 720, 1440)  # minutes after each attempt; after the last one it has failed
CLAIM_FOR = timedelta(minutes=5)  # an attempt that takes longer was killed: another one may begin
MAX_PER_RUN = 500  # in one run; the next one comes within a minute

Sender = Callable[[Delivery], None]


class Refused(Exception):
    """Permanent failure; the message is for people."""


class Returned(Refused):
    """Rejection by the recipient's server: a bounce 退回."""


class NotNow(Exception):
    """Temporary failure; the delivery is retried."""


class Unreachable(NotNow):
    """No answer from the server: other deliveries of this channel need not be tried now."""


def queue(
    channel: Channel, key: str, title: str, text: str, *, now: datetime, to: str = "", username: str = ""
) -> Delivery | None:
    """Queue one delivery inside the transaction of its act; return None when the key was queued before."""
    if Delivery.objects(key=key).first():
        return None
    return Delivery(
        key=key,
        token=secrets.token_hex(8),
        channel=channel.value,
        title=title,
        text=text,
        to=to,
        username=username,
        next_at=now,
        created_at=now,
        updated_at=now,
        version=1,
    ).save(force_insert=True)


def deliver(senders: Mapping[Channel, Sender], *, clock: Callable[[], datetime]) -> tuple[int, int]:
    """Send due deliveries through the given channels; return how many arrived and how many did not."""
    open_channels, sent, failed = dict(senders), 0, 0
    for _ in range(MAX_PER_RUN):
        delivery = _claim([channel.value for channel in open_channels], clock())
        if delivery is None:
            break
        channel = Channel(delivery.channel)
        try:
            open_channels[channel](delivery)
        except Refused as why:
            failed += 1
            state = DeliveryState.RETURNED if isinstance(why, Returned) else DeliveryState.FAILED
            _settle(delivery, state, str(why), now=clock())
        except NotNow as why:
            failed += 1
            _retry_later(delivery, str(why), now=clock())
            if isinstance(why, Unreachable):
                del open_channels[channel]
        else:
            sent += 1
            _settle(delivery, DeliveryState.SENT, "", now=clock())
    return sent, failed


def last_problem(username: str) -> str:
    """Return why the last mail to an account did not arrive, or ""."""
    last = Delivery.objects(username=username, channel=Channel.MAIL.value).order_by("-id").first()
    return last.problem if last and last.state != DeliveryState.SENT.value else ""


def _claim(channels: list[str], now: datetime) -> Delivery | None:
    due = Delivery.objects(state=DeliveryState.QUEUED.value, channel__in=channels, next_at__lte=now)
    return due.order_by("next_at").modify(new=True, inc__attempts=1, set__next_at=now + CLAIM_FOR)


def _retry_later(delivery: Delivery, why: str, *, now: datetime) -> None:
    if delivery.attempts > len(RETRY_MINUTES):
        _settle(delivery, DeliveryState.FAILED, f"试发{delivery.attempts}次未成功：{why}", now=now)
        return
    pause = timedelta(minutes=RETRY_MINUTES[delivery.attempts - 1])
    waiting = Delivery.objects(pk=delivery.pk, state=DeliveryState.QUEUED.value)
    waiting.modify(set__next_at=now + pause, set__problem=why, set__updated_at=now)


@transactional
def _settle(delivery: Delivery, state: DeliveryState, why: str, *, now: datetime) -> None:
    """Settle a delivery and its ledger entries alike, unless a bounce was registered first."""

    settled = Delivery.objects(pk=delivery.pk, state=DeliveryState.QUEUED.value).modify(
        set__state=state.value,
        set__problem=why,
        set__updated_at=now,
        inc__version=1,
        **({"set__sent_at": now} if state is DeliveryState.SENT else {}),
    )
    if settled is None:
        return
    entries = ReminderEntry.objects(delivery_id=delivery.pk)
    entries.update(set__mail=state.value, set__mail_at=now, set__problem=why, inc__version=1)
    # Whoever has no account has nothing but the mail: it decides.
    entries.filter(message=None).update(set__state=state.value)
