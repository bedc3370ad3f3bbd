"""Reminders of the day (第十二至十四、十八条), then one mail a person."""

from datetime import date

from app import clock
from app.config import Config
from app.services import reminders
from jobs.registry import job


@job(hour=8, minute=30, label="期限提醒和催报（第十二至十四、十八条）")
def send_reminders(today: date) -> str:
    """A day made up later is told as of the moment at which it is really sent."""
    config = Config.from_environment()
    channels = reminders.Channels(mail=bool(config.smtp_url), webhook=bool(config.webhook_url))
    return reminders.send_reminders(today, now=clock.now(), channels=channels)


@job(hour=8, minute=45, label="每日汇总邮件")
def send_digests(today: date) -> str:
    """A day made up later sends nothing of its own: today's mail has it all."""
    config = Config.from_environment()
    if not config.smtp_url or today != clock.today():
        return ""
    mails = reminders.send_digests(today, now=clock.now(), address=config.public_url)
    return f"{mails}封" if mails else ""
