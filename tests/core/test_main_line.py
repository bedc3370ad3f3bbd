"""One application carried from draft to list by the services, and what must not happen on the way."""

from datetime import date, timedelta

import pytest

from app import documents
from app.policy.flow import Conflict, NotAllowed
from app.policy.terms import DecisionState, NumberState, PaperState, Role, Stage
from app.services.core import decisions, files, rules, scope, workflow
from app.services.core.by import By
from app.services.papers import press
from app.services.registry import units
from models.audit import AuditEntry
from models.decisions import Decision
from models.files import Attachment
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.lists import Listing, PublicNotice
from models.papers import Number, Paper
from models.registry.units import Unit
from tests.builders import cases


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def test_a_year_from_draft_to_list():
    application = cases.listed()
    assert application.stage == Stage.LISTED
    assert [entry.action for entry in application.trail] == [
        "submit",
        "recommend",
        "confirm",
        "to_review",
        "shortlist",
        "announce",
        "list",
    ]
    entry = Listing.objects.get(application_id=application.pk)
    paper = Paper.objects.get(pk=entry.paper_id)
    number = Number.objects.get(paper_id=paper.pk)
    assert (paper.state, number.state) == (PaperState.ISSUED.value, NumberState.USED.value)
    assert paper.number_text == number.text == "云工信〔2026〕2号" == entry.source_paper
    content = files.content(Attachment.objects.get(pk=paper.attachment_id))
    text = documents.text_of(content)
    assert application.unit_name in text and number.text in text


def test_each_stage_change_has_one_trail_line_and_one_audit_row():
    application = cases.listed()
    moved = AuditEntry.objects(subject_id=str(application.pk), changes__field="stage", verb__ne="create")
    assert moved.count() == len(application.trail)


def test_a_step_that_needs_approval_cannot_be_taken_alone():
    with pytest.raises(NotAllowed, match="须先拟办"):
        workflow.advance(cases.at_city(), "confirm", by=By(cases.CITY, cases.MAY))


def test_who_prepared_may_not_approve():
    lead_twice = cases.actor(cases.Role.CITY_LEAD, name="city")
    decision = decisions.prepare("confirm", [cases.at_city()], by=By(cases.CITY, cases.MAY))
    with pytest.raises(NotAllowed, match="拟办人不能审签"):
        decisions.approve(decision, by=By(lead_twice, cases.MAY))
    with pytest.raises(NotAllowed, match="市局审签"):
        decisions.approve(decision, by=By(cases.CITY2, cases.MAY))


def test_an_application_waits_for_one_decision_at_a_time():
    application = cases.at_city()
    decisions.prepare("confirm", [application], by=By(cases.CITY, cases.MAY))
    with pytest.raises(NotAllowed, match="待审签"):
        decisions.prepare("confirm", [application], by=By(cases.CITY2, cases.MAY))


def test_sent_back_changes_no_stage_and_frees_the_rows():
    application = cases.at_city()
    decision = decisions.prepare("confirm", [application], by=By(cases.CITY, cases.MAY))
    decisions.send_back(decision, "再核一次", by=By(cases.LEAD, cases.MAY))
    fresh = Application.objects.get(pk=application.pk)
    assert fresh.stage == Stage.CITY_CHECK and fresh.decision_id is None
    assert cases.decide("confirm", [fresh], cases.MAY).state == DecisionState.DONE.value


def test_guards_are_asked_again_at_approval():
    good, bad = cases.shortlisted(), cases.shortlisted()
    cases.recheck([good, bad], cases.JUNE)
    decision = decisions.prepare(
        "announce", [good, bad], details={"first_day": cases.JUNE.date()}, by=By(cases.CITY, cases.JUNE)
    )
    Application.objects(pk=bad.pk).update(set__findings=[])
    done = decisions.approve(decision, by=By(cases.LEAD, cases.JUNE))
    results = {line.record_id: line.result for line in done.lines}
    assert results == {good.pk: "done", bad.pk: "refused"}
    assert Application.objects.get(pk=bad.pk).stage == Stage.SHORTLISTED
    assert Application.objects.get(pk=bad.pk).decision_id is None
    assert len(PublicNotice.objects.get(pk=Application.objects.get(pk=good.pk).notice_id).lines) == 1


def test_approval_when_nothing_passes_drops_the_paper_and_takes_no_number():
    application = cases.on_notice()
    now = cases.after_notice(application)
    cases.recheck([application], now)
    decision = decisions.prepare("list", [application], by=By(cases.CITY, now))
    later = now + timedelta(days=1)  # 第十条 was checked the day before: not today
    done = decisions.approve(decision, by=By(cases.LEAD, later))
    assert done.lines[0].result == "refused" and "当日" in done.lines[0].why
    assert Paper.objects.get(pk=done.paper_id).state == PaperState.DROPPED.value
    assert Number.objects(paper_id=done.paper_id).count() == 0


def test_listing_waits_for_the_end_of_the_notice_and_for_objections():
    application = cases.on_notice()
    last = cases.JUNE.replace(day=application.notice_last_day.day)
    cases.recheck([application], last)
    with pytest.raises(NotAllowed, match="公示至"):
        decisions.prepare("list", [application], by=By(cases.CITY, last))
    objection = cases.objection(application, last, "产能数据不实")
    after = cases.after_notice(application)
    cases.recheck([application], after)
    with pytest.raises(NotAllowed, match="异议未办结"):
        decisions.prepare("list", [application], by=By(cases.CITY, after))
    rejected = cases.objections_state("rejected")
    cases.settled(objection, rejected, after, "经核查不属实")
    assert cases.decide("list", [application], after).lines[0].result == "done"


def test_an_upheld_objection_takes_the_unit_off_the_notice():
    application = cases.on_notice()
    objection = cases.objection(application, cases.JUNE, "数据造假")
    cases.settled(objection, cases.objections_state("upheld"), text="属实")
    cases.decide("uphold", [application], cases.JUNE, reason="异议成立")
    fresh = Application.objects.get(pk=application.pk)
    assert fresh.stage == Stage.CULTIVATED and fresh.cultivation_ends == application.cultivation_ends


def test_nobody_recommends_without_the_list():
    application = cases.in_review_by_county()
    with pytest.raises(NotAllowed, match="推荐名单中一并报送"):
        workflow.advance(application, "recommend", by=By(cases.COUNTY, cases.MAY))
    assert Application.objects.get(pk=application.pk).stage == Stage.COUNTY_REVIEW


def test_the_slower_of_two_is_told_who_was_faster():
    application = cases.draft()
    workflow.advance(application, "submit", by=By(cases.COUNTY, cases.MAY), seen=application.version)
    with pytest.raises(Conflict, match="县级经办.*办理“提交申报”"):
        workflow.advance(application, "submit", by=By(cases.COUNTY, cases.MAY), seen=application.version)


def test_a_crash_after_approval_is_ended_by_the_sweep(monkeypatch):
    application = cases.on_notice()
    now = cases.after_notice(application)
    cases.recheck([application], now)
    cases.account("lead", cases.Role.CITY_LEAD)
    lead = cases.actor(cases.Role.CITY_LEAD, name="lead")
    decision = decisions.prepare("list", [application], by=By(cases.CITY, now))

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(press, "issue", killed)
        with pytest.raises(KeyboardInterrupt):
            decisions.approve(decision, by=By(lead, now))
    assert Number.objects(state=NumberState.RESERVED.value).count() == 1
    assert decisions.sweep(now=now) == 1
    assert Decision.objects.get(pk=decision.pk).state == DecisionState.DONE.value
    assert {number.state for number in Number.objects} == {NumberState.USED.value}
    assert Application.objects.get(pk=application.pk).stage == Stage.LISTED


def test_a_units_records_follow_it_to_another_area():
    application = cases.listed()
    unit = Unit.objects.get(pk=application.unit_id)
    units.update_unit(unit, {"area": cases.ELSEWHERE}, version=unit.version, by=By(cases.CITY, cases.JULY))
    there = cases.actor(cases.Role.COUNTY, area=cases.ELSEWHERE)
    for model in (Application, Evaluation, Listing):
        assert scope.rows(By(there, cases.JULY), model).count() == 1
        assert scope.rows(By(cases.COUNTY, cases.JULY), model).count() == 0


def test_nobody_takes_a_step_on_a_record_that_is_not_his():
    application = cases.in_review_by_county()
    foreign = cases.actor(cases.Role.COUNTY, area=cases.ELSEWHERE)
    with pytest.raises(NotAllowed, match="不存在"):
        workflow.advance(application, "recommend", by=By(foreign, cases.MAY), within="countylist")


def test_a_notice_is_published_from_its_first_day():
    application = cases.shortlisted()
    cases.recheck([application], cases.JUNE)
    cases.decide("announce", [application], cases.JUNE, details={"first_day": date(2026, 6, 8)})
    institution = cases.actor(Role.EVALUATOR, evaluator_id=application.pk)
    assert not scope.rows(By.on(institution, date(2026, 6, 7)), PublicNotice)
    assert scope.rows(By.on(institution, date(2026, 6, 8)), PublicNotice).count() == 1
    assert scope.rows(By.on(cases.CITY, date(2026, 6, 7)), PublicNotice).count() == 1
