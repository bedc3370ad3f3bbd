"""Putting off a correction: asked with a reason and a later day, answered by the city; the legal day is never moved."""

import itertools
from datetime import date

import pytest

from app.policy import deadlines
from app.policy.flow import Conflict, NotAllowed
from app.policy.reports import steps
from app.policy.terms import ReportStage, Role
from app.services.core import rules
from app.services.core.by import By
from app.services.desk import workbench
from app.services.reminders import obligations
from app.services.reports import acts, extensions
from models.audit import AuditEntry
from models.filing.applications import Correction
from models.reminders.notices import Notice
from models.reports import AnnualReport
from tests.builders import cases, reports

pytestmark = pytest.mark.usefixtures("db")
DUE, LATER = date(2026, 4, 3), date(2026, 4, 10)
ACTS = {
    "ask_extension": {"returned": "county unit"},
    "grant_extension": {"returned": "city"},
    "refuse_extension": {"returned": "city"},
}


def returned() -> AnnualReport:
    correction = Correction(field="water", label="取水量", defect="wrong", note="核对", due=DUE)
    return reports.step(reports.filed(), "return", cases.actor(Role.COUNTY), corrections=[correction])


def ask(report, until=LATER, reason="水表检定报告4月8日才能取得", who=None):
    who = who or reports.by(report)
    return extensions.ask_extension(report, until, reason, version=report.version, by=By(who, reports.MARCH))


def answer(report, granted=True, reason="", who=cases.CITY):
    return extensions.answer_extension(
        report, granted, reason, version=report.version, by=By(who, reports.MARCH)
    )


@pytest.mark.parametrize("action, stage, role", itertools.product(ACTS, ReportStage, Role))
def test_who_may_ask_and_answer(action, stage, role):
    offered = any(one.action == action and one.open_to(stage, role) for one in steps.REPORT_ACTS)
    assert offered == (role.value in ACTS[action].get(stage.value, "").split())


def test_granted_the_corrections_and_their_reminders_follow_the_new_day():
    report = ask(returned())
    assert workbench.waiting_tasks(By(cases.CITY, reports.MARCH))[-1].text == "答复延期补正申请"
    report = answer(report)
    assert [one.due for one in report.corrections] == [LATER] and extensions.open_request(report) is None
    assert [one.due for one in obligations.report_corrections(reports.TODAY, lambda due: True)] == [LATER]
    kept = report.extensions[0]
    assert (kept.until, kept.reason, kept.state) == (LATER, "水表检定报告4月8日才能取得", "granted")
    assert (kept.asked_by, kept.answered_by, kept.answered_at) == ("county", "city", reports.MARCH)
    assert "补正期限为2026-04-10" in Notice.objects.get(username="county", key__startswith="extension:").text
    told = [entry.verb for entry in AuditEntry.objects(subject_id=str(report.pk)).order_by("id")]
    assert told[-2:] == ["申请延期补正", "同意延期"]
    assert deadlines.legal_date(rules.pack(), "annual_report", 2026) == date(2026, 4, 15)


def test_refused_nothing_moves_and_one_may_ask_again():
    report = ask(returned())
    with pytest.raises(NotAllowed, match="须写明理由"):
        answer(report, granted=False)
    report = answer(report, granted=False, reason="材料可先行提供")
    assert [one.due for one in report.corrections] == [DUE] and report.extensions[
        0
    ].answer == "材料可先行提供"
    assert len(ask(report).extensions) == 2


def test_a_request_ends_with_the_correction_that_it_is_about():
    report = reports.step(ask(returned()), "submit", cases.actor(Role.COUNTY))
    assert [one.state for one in report.extensions] == ["lapsed"]
    correction = Correction(field="water", label="取水量", defect="wrong", note="再核对", due=DUE)
    report = reports.step(report, "return", cases.actor(Role.COUNTY), corrections=[correction])
    assert not [
        line for line in workbench.waiting_tasks(By(cases.CITY, reports.MARCH)) if "延期" in line.text
    ]
    with pytest.raises(NotAllowed, match="没有待答复"):
        answer(report)
    assert len(ask(report).extensions) == 2


@pytest.mark.parametrize(
    "until, reason, why",
    [
        (None, "理由", "请填写新的日期"),
        (DUE, "理由", "现定期限2026-04-03"),
        (reports.TODAY, "理由", "晚于今天"),
        (LATER, "  ", "须写明理由"),
    ],
)
def test_what_is_no_request(until, reason, why):
    report = returned()
    with pytest.raises(NotAllowed, match=why):
        ask(report, until, reason)
    assert AnnualReport.objects.get().extensions == []


def test_not_twice_not_in_another_area_not_by_the_wrong_one_and_not_on_an_old_page():
    report = returned()
    stranger = cases.actor(Role.COUNTY, cases.ELSEWHERE)
    with pytest.raises(NotAllowed):
        ask(report, who=stranger)
    with pytest.raises(NotAllowed, match="不能“申请延期补正”"):
        ask(report, who=cases.CITY)
    asked = ask(report)
    with pytest.raises(Conflict):
        ask(report)
    with pytest.raises(NotAllowed, match="不能重复申请"):
        ask(asked)
    with pytest.raises(NotAllowed, match="不能“同意延期”"):
        answer(asked, who=reports.by(report))
    promoted = cases.actor(Role.CITY, name=reports.by(report).username)  # asked as the county's clerk
    with pytest.raises(NotAllowed, match="不能答复自己的"):
        answer(asked, who=promoted)
    with pytest.raises(NotAllowed, match="没有待答复"):
        answer(answer(asked))


def test_the_page_offers_an_answer_only_where_one_is_awaited(county, signed_in):
    report = returned()
    page = county.get(f"/admin/annualreport/details/?id={report.pk}").text
    assert "申请延期补正" in page
    city = signed_in("city")
    assert "同意延期" not in city.get(f"/admin/annualreport/details/?id={report.pk}").text
    form = {
        "id": str(report.pk),
        "version": str(report.version),
        "action": "ask_extension",
        "until": "2026-04-10",
    }
    county.post("/admin/annualreport/step/", form | {"reason": "检定未完"})
    report.reload()
    offers = {
        one.action: one.why for one in acts.report_offers(report, by=By(reports.by(report), reports.MARCH))
    }
    assert offers["ask_extension"] == "申请延至2026-04-10，待市局答复。"
    assert "检定未完" in city.get(f"/admin/annualreport/details/?id={report.pk}").text
    city.post(
        "/admin/annualreport/step/",
        {"id": str(report.pk), "version": str(report.version), "action": "grant_extension", "answer": "同意"},
    )
    report.reload()
    assert report.extensions[0].state == "granted" and report.corrections[0].due == LATER
