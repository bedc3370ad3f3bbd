"""One application carried from draft to list by the services, and what must not happen on the way."""

from datetime import date, timedelta

import pytest

from app import documents
from app.policy.flow import Conflict, NotAllowed
from app.policy.terms import DecisionState, NumberState, PaperState, Role, Stage
from app.services.core import decisions, files, rules, scope, workflow
from app.services.lists import objections
from app.services.registry import units
from models.audit import AuditEntry
from models.decisions import Decision
from models.files import Attachment
from models.filing.applications import Application
from models.lists import Listing, PublicNotice
from models.papers import Number, Paper
from models.registry.evaluators import Evaluation
from models.registry.units import Unit
from tests import build


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def test_a_year_from_draft_to_list():
    application = build.listed()
    assert application.stage == Stage.LISTED
    assert [entry.action for entry in application.trail] == [
        "submit", "recommend", "confirm", "to_review", "shortlist", "announce", "list",
    ]  # fmt: skip
    entry = Listing.objects.get(application_id=application.pk)
    paper = Paper.objects.get(pk=entry.paper_id)
    number = Number.objects.get(paper_id=paper.pk)
    assert (paper.state, number.state) == (PaperState.ISSUED.value, NumberState.USED.value)
    assert paper.number_text == number.text == "云工信〔2026〕2号" == entry.source_paper
    content = files.content(Attachment.objects.get(pk=paper.attachment_id))
    text = documents.text_of(content)
    assert application.unit_name in text and number.text in text


def test_each_stage_change_has_one_trail_line_and_one_audit_row():
    application = build.listed()
    moved = AuditEntry.objects(subject_id=str(application.pk), changes__field="stage", verb__ne="create")
    assert moved.count() == len(application.trail)


def test_a_step_that_needs_approval_cannot_be_taken_alone():
    with pytest.raises(NotAllowed, match="须先拟办"):
        workflow.advance(build.at_city(), "confirm", actor=build.CITY, now=build.MAY)


def test_who_prepared_may_not_approve():
    lead_twice = build.actor(build.Role.CITY_LEAD, name="city")
    decision = decisions.prepare("confirm", [build.at_city()], actor=build.CITY, now=build.MAY)
    with pytest.raises(NotAllowed, match="拟办人不能审签"):
        decisions.approve(decision, actor=lead_twice, now=build.MAY)
    with pytest.raises(NotAllowed, match="市局审签"):
        decisions.approve(decision, actor=build.CITY2, now=build.MAY)


def test_an_application_waits_for_one_decision_at_a_time():
    application = build.at_city()
    decisions.prepare("confirm", [application], actor=build.CITY, now=build.MAY)
    with pytest.raises(NotAllowed, match="待审签"):
        decisions.prepare("confirm", [application], actor=build.CITY2, now=build.MAY)


def test_sent_back_changes_no_stage_and_frees_the_rows():
    application = build.at_city()
    decision = decisions.prepare("confirm", [application], actor=build.CITY, now=build.MAY)
    decisions.send_back(decision, "再核一次", actor=build.LEAD, now=build.MAY)
    fresh = Application.objects.get(pk=application.pk)
    assert fresh.stage == Stage.CITY_CHECK and fresh.decision_id is None
    assert build.decide("confirm", [fresh], build.MAY).state == DecisionState.DONE.value


def test_guards_are_asked_again_at_approval():
    good, bad = build.shortlisted(), build.shortlisted()
    build.recheck([good, bad], build.JUNE)
    decision = decisions.prepare(
        "announce", [good, bad], details={"first_day": build.JUNE.date()}, actor=build.CITY, now=build.JUNE
    )
    Application.objects(pk=bad.pk).update(set__findings=[])
    done = decisions.approve(decision, actor=build.LEAD, now=build.JUNE)
    results = {line.record_id: line.result for line in done.lines}
    assert results == {good.pk: "done", bad.pk: "refused"}
    assert Application.objects.get(pk=bad.pk).stage == Stage.SHORTLISTED
    assert Application.objects.get(pk=bad.pk).decision_id is None
    assert len(PublicNotice.objects.get(pk=Application.objects.get(pk=good.pk).notice_id).lines) == 1


def test_approval_when_nothing_passes_drops_the_paper_and_takes_no_number():
    application = build.on_notice()
    now = build.after_notice(application)
    build.recheck([application], now)
    decision = decisions.prepare("list", [application], actor=build.CITY, now=now)
    later = now + timedelta(days=1)  # 第十条 was checked the day before: not today
    done = decisions.approve(decision, actor=build.LEAD, now=later)
    assert done.lines[0].result == "refused" and "当日" in done.lines[0].why
    assert Paper.objects.get(pk=done.paper_id).state == PaperState.DROPPED.value
    assert Number.objects(paper_id=done.paper_id).count() == 0


def test_listing_waits_for_the_end_of_the_notice_and_for_objections():
    application = build.on_notice()
    last = build.JUNE.replace(day=application.notice_last_day.day)
    build.recheck([application], last)
    with pytest.raises(NotAllowed, match="公示至"):
        decisions.prepare("list", [application], actor=build.CITY, now=last)
    objection = build.objection(application, last, "产能数据不实")
    after = build.after_notice(application)
    build.recheck([application], after)
    with pytest.raises(NotAllowed, match="异议未办结"):
        decisions.prepare("list", [application], actor=build.CITY, now=after)
    rejected = build.objections_state("rejected")
    objections.answer(objection, rejected, "经核查不属实", version=1, actor=build.CITY, now=after)
    assert build.decide("list", [application], after).lines[0].result == "done"


def test_an_upheld_objection_takes_the_unit_off_the_notice():
    application = build.on_notice()
    objection = build.objection(application, build.JUNE, "数据造假")
    objections.answer(
        objection, build.objections_state("upheld"), "属实", version=1, actor=build.CITY, now=build.JUNE
    )
    build.decide("uphold", [application], build.JUNE, reason="异议成立")
    fresh = Application.objects.get(pk=application.pk)
    assert fresh.stage == Stage.CULTIVATED and fresh.cultivation_ends == application.cultivation_ends


def test_nobody_recommends_without_the_list():
    application = build.in_review_by_county()
    with pytest.raises(NotAllowed, match="推荐名单中一并报送"):
        workflow.advance(application, "recommend", actor=build.COUNTY, now=build.MAY)
    assert Application.objects.get(pk=application.pk).stage == Stage.COUNTY_REVIEW


def test_the_slower_of_two_is_told_who_was_faster():
    application = build.draft()
    workflow.advance(application, "submit", actor=build.COUNTY, now=build.MAY, seen=application.version)
    with pytest.raises(Conflict, match="县级经办.*办理“提交申报”"):
        workflow.advance(application, "submit", actor=build.COUNTY, now=build.MAY, seen=application.version)


def test_a_crash_after_approval_is_ended_by_the_sweep(monkeypatch):
    application = build.on_notice()
    now = build.after_notice(application)
    build.recheck([application], now)
    build.account("lead", build.Role.CITY_LEAD)
    lead = build.actor(build.Role.CITY_LEAD, name="lead")
    decision = decisions.prepare("list", [application], actor=build.CITY, now=now)

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(decisions.issuing.papers, "issue", killed)
        with pytest.raises(KeyboardInterrupt):
            decisions.approve(decision, actor=lead, now=now)
    assert Number.objects(state=NumberState.RESERVED.value).count() == 1
    assert decisions.sweep(now=now) == 1
    assert Decision.objects.get(pk=decision.pk).state == DecisionState.DONE.value
    assert {number.state for number in Number.objects} == {NumberState.USED.value}
    assert Application.objects.get(pk=application.pk).stage == Stage.LISTED


def test_a_units_records_follow_it_to_another_area():
    application = build.listed()
    unit = Unit.objects.get(pk=application.unit_id)
    units.change(unit, {"area": build.ELSEWHERE}, version=unit.version, actor=build.CITY, now=build.JULY)
    there = build.actor(build.Role.COUNTY, area=build.ELSEWHERE)
    for model in (Application, Evaluation, Listing):
        assert scope.rows(there, model, build.JULY.date()).count() == 1
        assert scope.rows(build.COUNTY, model, build.JULY.date()).count() == 0


def test_nobody_takes_a_step_on_a_record_that_is_not_his():
    application = build.in_review_by_county()
    foreign = build.actor(build.Role.COUNTY, area=build.ELSEWHERE)
    with pytest.raises(NotAllowed, match="不存在"):
        workflow.advance(application, "recommend", actor=foreign, now=build.MAY, within="countylist")


def test_a_notice_is_published_from_its_first_day():
    application = build.shortlisted()
    build.recheck([application], build.JUNE)
    build.decide("announce", [application], build.JUNE, details={"first_day": date(2026, 6, 8)})
    institution = build.actor(Role.EVALUATOR, evaluator_id=application.pk)
    assert not scope.rows(institution, PublicNotice, date(2026, 6, 7))
    assert scope.rows(institution, PublicNotice, date(2026, 6, 8)).count() == 1
    assert scope.rows(build.CITY, PublicNotice, date(2026, 6, 7)).count() == 1
