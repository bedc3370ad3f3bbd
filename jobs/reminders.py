"""Reminders of the day (第十二至十四、十八条), then one mail a person."""

from datetime import date, datetime

from app.config import Config
from app.services import reminders
from jobs.registry import job


@job(hour=8, minute=30, label="期限提醒和催报（第十二至十四、十八条）")
def send_reminders(today: date, now: datetime, config: Config) -> str:
    """Send the day's reminders; those of a day made up later are worded as of the moment of sending."""
    channels = reminders.Channels(mail=bool(config.smtp_url), webhook=bool(config.webhook_url))
    return reminders.send_reminders(today, now=now, channels=channels)


@job(hour=8, minute=45, label="每日汇总邮件")
def send_digests(today: date, now: datetime, config: Config) -> str:
    """Send today's digests; a day made up later sends none, for today's mail includes it."""
    if not config.smtp_url or today != now.date():
        return ""
    mails = reminders.send_digests(today, now=now, address=config.public_url)
    return f"{mails}封" if mails else ""
