"""Every workflow, as one flat table: a row names the model, its steps, and everything that they do."""

from __future__ import annotations

from app.policy.filing import cultivation
from app.policy.reports import steps
from app.policy.succession import REVERSALS
from app.policy.terms import ReportStage, Role, Stage, StandardState
from app.services import filing, lists, reports
from app.services.core.process import Press, Process
from app.services.papers import press
from models.filing.applications import Application
from models.reports import AnnualReport, Standard

PRESS: Press = press

PROCESSES = (
    Process(
        Application,
        cultivation.TABLE,
        facts=filing.ApplicationFacts,
        effects=filing.APPLICATION_EFFECTS,
        turns={Stage.CITY_CHECK: Role.CITY},
        details={"announce": lists.notice_period, "confirm": filing.cultivation_period},
        stated={"announce": lists.stated_period, "confirm": filing.stated_years},
        papers={
            "confirm": filing.cultivation_inputs,
            "announce": lists.notice_inputs,
            "list": lists.listing_inputs,
        },
        carried={"announce": lists.open_notice, "list": lists.enter_announced_units},
        reversals=REVERSALS,
        replaced=lists.name_later_paper,
        revoked=lists.withdraw_revoked,
    ),
    Process(
        AnnualReport,
        steps.REPORT_TABLE,
        effects=reports.REPORT_EFFECTS,
        turns={ReportStage.COUNTY_CHECKED: Role.CITY},
    ),
    Process(
        Standard,
        steps.STANDARD_TABLE,
        effects=reports.STANDARD_EFFECTS,
        turns={
            StandardState.PROPOSED: Role.CITY_LEAD,
            StandardState.SENT_BACK: Role.CITY,
            StandardState.IN_FORCE: Role.CITY,
        },
    ),
)
