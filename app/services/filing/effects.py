"""Fields of an application that a step writes beside its stage (第十二至十五条)."""

from __future__ import annotations

from app.policy import deadlines
from app.policy.flow import Moment
from app.services.core.by import By
from app.services.core.process import StepInput
from models.filing.applications import Application


def submit(application: Application, given: StepInput, moment: Moment, by: By) -> None:
    """Clear the corrections that were asked for."""
    application.corrections = []


def send_back(application: Application, given: StepInput, moment: Moment, by: By) -> None:
    """Note the corrections that are asked for. Raises NotAllowed for a day that has passed."""
    given.demand_due_ahead(moment.today)
    application.corrections = list(given.corrections)


def recommend(application: Application, given: StepInput, moment: Moment, by: By) -> None:
    """Note the first day of recommendation."""
    application.recommended_on = application.recommended_on or moment.today


def confirm(application: Application, given: StepInput, moment: Moment, by: By) -> None:
    """Begin the years of cultivation."""
    application.cultivated_on = moment.today
    application.cultivation_ends = deadlines.cultivation_end(moment.today, moment.pack.cultivation_years)


def begin_review(application: Application, given: StepInput, moment: Moment, by: By) -> None:
    """Note the year of review and clear the scores of an earlier one."""
    application.review_year = moment.today.year
    application.scores = []


def announce(application: Application, given: StepInput, moment: Moment, by: By) -> None:
    """Note the public notice and its last day."""
    application.notice_id = given.details["notice_id"]
    application.notice_last_day = given.details["last_day"]


def leave_notice(application: Application, given: StepInput, moment: Moment, by: By) -> None:
    """Clear the public notice."""
    application.notice_id = application.notice_last_day = None


def enter_list(application: Application, given: StepInput, moment: Moment, by: By) -> None:
    """Note the day of listing."""
    application.listed_on = moment.today


def leave_list(application: Application, given: StepInput, moment: Moment, by: By) -> None:
    """Clear the day of listing."""
    application.listed_on = None


def undo_confirm(application: Application, given: StepInput, moment: Moment, by: By) -> None:
    """Clear the years of cultivation."""
    application.cultivated_on = application.cultivation_ends = None


def resume(application: Application, given: StepInput, moment: Moment, by: By) -> None:
    """Clear whatever came after the filing; receipt, first platform day and results stay, unconfirmed."""
    undo_confirm(application, given, moment, by)
    leave_notice(application, given, moment, by)
    application.recommended_on = application.review_year = None
    application.corrections, application.scores = [], []
    for finding in application.findings:
        finding.confirmed_by = finding.confirmed_name = finding.confirmed_at = None


APPLICATION_EFFECTS = {
    "submit": submit,
    "return": send_back,
    "recommend": recommend,
    "confirm": confirm,
    "to_review": begin_review,
    "announce": announce,
    "uphold": leave_notice,
    "uphold_refuse": leave_notice,
    "take_off": leave_notice,
    "take_off_refuse": leave_notice,
    "list": enter_list,
    "undo_confirm": undo_confirm,
    "undo_announce": leave_notice,
    "undo_list": leave_list,
    "resume": resume,
}
