"""Every action × stage × role of reports and definitions against a second, hand-written table."""

import itertools

import pytest

from app.policy.flow import NotAllowed, PolicyError
from app.policy.reports import steps as listing
from app.policy.terms import ReportStage, Role, StandardState
from app.services.core import rules, workflow
from app.services.core.by import By
from app.services.reports import filling
from models.filing.applications import Correction
from models.reports import AnnualReport
from tests.builders import cases, reports

# action: {stage: roles}
REPORTS = {
    "submit": {"draft": "county unit", "returned": "county unit"},
    "return": {"submitted": "county", "county_checked": "city"},
    "check": {"submitted": "county"},
    "accept": {"county_checked": "city"},
    "decline": {"draft": "county", "returned": "county"},
    "resume": {"declined": "county unit"},
}
STANDARDS = {
    "propose": {"draft": "city", "sent_back": "city"},
    "approve": {"proposed": "city_lead"},
    "send_back": {"proposed": "city_lead"},
}
EDITORS = {"draft": "county unit", "returned": "county unit", "submitted": "county"}


def every(table, stages):
    return list(itertools.product(table, stages, Role))


@pytest.mark.parametrize("action, stage, role", every(REPORTS, ReportStage))
def test_reports(action, stage, role):
    judge(listing.REPORT_TABLE, REPORTS, action, stage, role)


@pytest.mark.parametrize("action, stage, role", every(STANDARDS, StandardState))
def test_definitions(action, stage, role):
    judge(listing.STANDARD_TABLE, STANDARDS, action, stage, role)


def judge(steps, table, action, stage, role):
    if role.value in table[action].get(stage.value, "").split():
        assert steps.find(action, stage, role)
        return
    with pytest.raises(NotAllowed) as refusal:
        steps.find(action, stage, role)
    assert any("一" <= character <= "鿿" for character in str(refusal.value))


def test_both_tables_name_the_same_actions():
    assert {step.action for step in listing.REPORT_STEPS} == REPORTS.keys()
    assert {step.action for step in listing.STANDARD_STEPS} == STANDARDS.keys()


@pytest.mark.parametrize("stage, role", itertools.product(ReportStage, Role))
def test_who_may_write_the_form(stage, role):
    assert listing.REPORT_TABLE.editable_by(role, stage) is (
        role.value in EDITORS.get(stage.value, "").split()
    )


@pytest.fixture(scope="module")
def report(mongod):
    rules.use("yunfu")
    return reports.filled()


@pytest.mark.parametrize("action, stage", itertools.product(REPORTS, ReportStage))
def test_the_service_refuses_what_nobody_may_do(report, action, stage):
    AnnualReport.objects(pk=report.pk).update(set__stage=stage.value)
    fresh = AnnualReport.objects.get(pk=report.pk)
    given = workflow.StepInput(
        reason="理由", corrections=[Correction(field="x", defect="wrong", due=reports.TODAY)]
    )
    for role in Role:
        if role.value in REPORTS[action].get(stage.value, "").split():
            continue
        who = cases.actor(role, area=report.area, unit_id=report.unit_id)
        with pytest.raises(PolicyError):
            workflow.advance(fresh, action, by=By(who, reports.MARCH), given=given)
        if not listing.REPORT_TABLE.editable_by(role, stage):
            with pytest.raises(PolicyError):
                filling.save_report(
                    fresh,
                    filling.Filing(cells={"water": "1"}),
                    version=fresh.version,
                    by=By(who, reports.MARCH),
                )
    assert AnnualReport.objects.get(pk=report.pk).version == fresh.version
