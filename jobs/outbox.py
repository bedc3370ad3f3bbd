"""Sending of queued mails and messages to the group, retried with growing pauses."""

import contextlib

from app import clock
from app.config import Config
from app.services import reminders
from app.services.reminders import Mailer, WebhookSender
from jobs.registry import job
from models.reminders.deliveries import Channel


@job(every=1, label="发送邮件和群消息")
def send_outbox(config: Config) -> str | None:
    """Send the queued mails and messages through the configured channels."""
    with contextlib.ExitStack() as stack:
        senders: dict[Channel, reminders.Sender] = {}
        if config.smtp_url:
            senders[Channel.MAIL] = stack.enter_context(Mailer(config.smtp_url, config.mail_from)).send
        if config.webhook_url:
            senders[Channel.WEBHOOK] = WebhookSender(config.webhook_url).send
        sent, failed = reminders.deliver(senders, clock=clock.now) if senders else (0, 0)
    return f"送达{sent}封，未送达{failed}封" if sent or failed else None
