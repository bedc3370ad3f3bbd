"""第十条 “不得申请、推荐和列入”: a ground found late is recorded, and the case is not stuck with it."""

from datetime import date, timedelta

import pytest

from app.policy.flow import NotAllowed
from app.policy.terms import Ground, Role, Stage
from app.services.core import decisions, rules, workflow
from app.services.core.by import By
from app.services.filing import findings
from models.filing.applications import Application
from tests.builders import cases

FOUND = {
    "N6": findings.CheckResult(
        Ground.PRESENT.value, "中国执行信息公开网", cases.JUNE.date(), date(2026, 5, 30)
    )
}


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def found(application: Application, by=cases.CITY, results=None) -> Application:
    """Record that the unit is on the list of defaulters."""
    return findings.record_findings(
        application, results or FOUND, version=application.version, by=By(by, cases.JUNE)
    )


@pytest.mark.parametrize(
    "stage", [Stage.CITY_CHECK, Stage.CULTIVATED, Stage.REVIEW, Stage.SHORTLISTED, Stage.PUBLIC_NOTICE]
)
def test_article_10_the_city_records_a_ground_in_every_stage_up_to_the_notice(stage):
    application = found(cases.AT[stage]())
    assert application.finding("N6").result == Ground.PRESENT.value and application.finding("N6").confirmed_by
    with pytest.raises(NotAllowed, match="不能填写资格核查"):
        found(application, by=cases.COUNTY)


def test_article_10_a_waiting_decision_is_named_as_the_reason_why_nothing_can_be_recorded():
    application = cases.shortlisted()
    cases.recheck([application], cases.JUNE)
    decisions.prepare(
        "announce", [application], details={"first_day": cases.JUNE.date()}, by=By(cases.CITY, cases.JUNE)
    )
    with pytest.raises(NotAllowed, match="待审签的审批单.*退回"):
        found(Application.objects.get(pk=application.pk))


@pytest.mark.parametrize("stage", [Stage.SHORTLISTED, Stage.PUBLIC_NOTICE])
@pytest.mark.parametrize(
    "action, target", [("take_off", Stage.CULTIVATED), ("take_off_refuse", Stage.REFUSED)]
)
def test_article_10_a_ground_found_before_the_listing_takes_the_unit_off_under_four_eyes(
    stage, action, target
):
    application = cases.AT[stage]()
    with pytest.raises(NotAllowed, match="没有记录第十条所列情形"):
        decisions.prepare(action, [application], reason="失信", by=By(cases.CITY, cases.JUNE))
    application = found(application)
    with pytest.raises(NotAllowed, match="须先拟办"):
        workflow.advance(application, action, given=workflow.StepInput("失信"), by=By(cases.CITY, cases.JUNE))
    cases.decide(action, [application], cases.JUNE, reason="列为失信被执行人")
    fresh = Application.objects.get(pk=application.pk)
    assert (fresh.stage, fresh.notice_id, fresh.notice_last_day) == (target, None, None)
    assert fresh.cultivation_ends == application.cultivation_ends


def test_article_10_a_cultivation_object_with_a_ground_is_ended_by_the_bureau():
    application = cases.cultivated()
    with pytest.raises(NotAllowed, match="没有记录第十条所列情形"):
        decisions.prepare("cancel", [application], reason="失信", by=By(cases.CITY, cases.JUNE))
    cases.decide("cancel", [found(application)], cases.JUNE, reason="列为失信被执行人")
    fresh = Application.objects.get(pk=application.pk)
    assert fresh.stage == Stage.CANCELLED and fresh.trail[-1].reason == "列为失信被执行人"
    assert not Application.objects.cultivating(application.unit_id, application.kind)


def test_article_10_a_fact_that_no_longer_counts_is_renewed_by_the_recheck_and_blocks_nothing():
    old = findings.CheckResult(Ground.PRESENT.value, "处罚决定", cases.JUNE.date(), date(2022, 5, 1))
    application = found(cases.shortlisted(), results={"N2": old})
    later = cases.JUNE + timedelta(days=1)
    cases.recheck([application], later)
    fresh = Application.objects.get(pk=application.pk)
    row = fresh.finding("N2")
    assert (row.result, row.fact_on, row.checked_on) == (Ground.PRESENT.value, date(2022, 5, 1), later.date())
    assert "处罚决定" in row.source
    done = cases.decide("announce", [fresh], later, details={"first_day": later.date()})
    assert done.lines[0].result == "done"


def test_article_10_the_recheck_renews_no_ground_that_still_counts():
    application = found(cases.shortlisted())
    later = cases.JUNE + timedelta(days=1)
    cases.recheck([application], later)
    assert Application.objects.get(pk=application.pk).finding("N6").checked_on == cases.JUNE.date()


def test_article_10_no_stage_is_without_somebody_who_can_end_a_case_with_a_ground():
    """From the check by the city on, a case with a ground moves: some role has a step that is not greyed."""
    for stage in (Stage.CITY_CHECK, Stage.CULTIVATED, Stage.REVIEW, Stage.SHORTLISTED, Stage.PUBLIC_NOTICE):
        application = found(cases.AT[stage]())
        open_steps = [
            offer.action
            for role in (Role.CITY,)
            for offer in workflow.offers(application, by=By(cases.actor(role), cases.JUNE))
            if not offer.why and offer.action not in ("score", "objection")
        ]
        assert open_steps, stage
