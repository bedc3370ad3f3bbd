"""Fields of annual reports and their definitions that a step writes beside the stage (第十八条)."""

from __future__ import annotations

from app.policy.flow import Moment, NotAllowed
from app.policy.terms import ExtensionState, StandardState
from app.services.core import records
from app.services.core.by import By
from app.services.core.process import StepInput
from app.services.reports import standards
from models.reports import AnnualReport, Standard


def submit(report: AnnualReport, given: StepInput, moment: Moment, by: By) -> None:
    """Clear the corrections that were asked for, and a request to put them off."""
    report.corrections = []
    _lapse_request(report)


def send_back(report: AnnualReport, given: StepInput, moment: Moment, by: By) -> None:
    """Note the corrections that are asked for. Raises NotAllowed for a day that has passed."""
    given.demand_due_ahead(moment.today)
    report.corrections = list(given.corrections)


def decline(report: AnnualReport, given: StepInput, moment: Moment, by: By) -> None:
    """Note the letter in which the unit refuses to report."""
    report.refusal_id = given.details["attachment_id"]
    _lapse_request(report)


def _lapse_request(report: AnnualReport) -> None:
    """Close an open request: one that asks to put off this correction says nothing of a later one."""
    for request in report.extensions:
        if request.state == ExtensionState.OPEN.value:
            request.state = ExtensionState.LAPSED.value


REPORT_EFFECTS = {"submit": submit, "return": send_back, "decline": decline}


def approve(standard: Standard, given: StepInput, moment: Moment, by: By) -> None:
    """Put a definition in force; the edition before steps back. Raises NotAllowed for its author."""
    demand_second_person(standard, given, moment, by)
    former_editions = Standard.objects(
        kind=standard.kind, year=standard.year, stage=StandardState.IN_FORCE.value
    )
    for former in former_editions:
        replaced = {"stage": StandardState.REPLACED.value}
        records.write(former, replaced, version=former.version, by=by, reason=f"由{standard}替代")
    standard.approved_name, standard.approved_on = by.actor.name, moment.today


def demand_second_person(standard: Standard, given: StepInput, moment: Moment, by: By) -> None:
    """Raise NotAllowed for whoever drew up or changed the definition."""
    if why := standards.author_obstacle(standard, by.actor):
        raise NotAllowed(why)


STANDARD_EFFECTS = {"approve": approve, "send_back": demand_second_person}
