"""Obligations and reminders, their ledger, mail and bounces (articles 12–14, 18, 21)."""

from app.services.reminders.alerts import (
    announce_ended_notices,
    void_old_numbers,
    warn_of_expiry,
    warn_of_missing_holidays,
)
from app.services.reminders.annex import ANNUAL_REPORT, annex_docx, lost_mail
from app.services.reminders.bounces import register_bounce
from app.services.reminders.digest import preferences, save_preferences, send_digests
from app.services.reminders.mail import Mailer, WebhookSender
from app.services.reminders.notes import add_note, note_offers
from app.services.reminders.obligations import annual_reports, display_name
from app.services.reminders.outbox import Sender, deliver, last_problem
from app.services.reminders.sending import Channels, send_reminders
from app.services.reminders.unfiled import (
    UnfiledReport,
    annual_call_inputs,
    area_standings,
    draft_letter,
    unfiled_reports,
)

__all__ = [
    "ANNUAL_REPORT",
    "Channels",
    "Mailer",
    "Sender",
    "UnfiledReport",
    "WebhookSender",
    "add_note",
    "annex_docx",
    "announce_ended_notices",
    "annual_call_inputs",
    "annual_reports",
    "area_standings",
    "deliver",
    "display_name",
    "draft_letter",
    "last_problem",
    "lost_mail",
    "note_offers",
    "preferences",
    "register_bounce",
    "save_preferences",
    "send_digests",
    "send_reminders",
    "unfiled_reports",
    "void_old_numbers",
    "warn_of_expiry",
    "warn_of_missing_holidays",
]
