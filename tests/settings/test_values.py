"""Discretionary values and holidays change by two people: nothing before the second, and every change is kept."""

from datetime import date, timedelta

import pytest

from app.policy.flow import Conflict, NotAllowed
from app.policy.terms import ProposalState, Role
from app.services import settings
from app.services.core import rules
from app.services.core.by import By
from app.services.desk import workbench
from models.audit import AuditEntry
from models.reminders.notices import Notice
from models.settings.values import Holiday, Proposal, Setting
from tests.builders import cases

NOW = cases.JUNE
NATIONAL = {date(2026, 10, 1): False, date(2026, 10, 10): True}
NOTICE = "国办发明电〔2025〕7号"


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def proposed(value=7, reason="案情复杂，延长公示") -> Proposal:
    return settings.propose_value("notice_days", value, reason, by=By(cases.CITY, NOW))


def approved(one: Proposal) -> Proposal:
    return settings.approve_change(one, "同意。", seen=one.version, by=By(cases.LEAD, NOW))


def test_nothing_changes_before_the_second_person_and_all_of_it_after():
    one = proposed()
    assert rules.values()["notice_days"] == 5 and Setting.objects.count() == 0
    assert (one.former_shown, one.shown, one.prepared_name) == ("5天", "7天", cases.CITY.name)
    approved(one)
    assert rules.values()["notice_days"] == 7
    line = AuditEntry.objects.get(verb="setting")
    assert (line.who, line.changes[0].old, line.changes[0].new) == (cases.LEAD.username, "5天", "7天")
    assert f"{cases.CITY.name}提出" in line.reason and f"{cases.LEAD.name}批准" in line.reason
    setting = Setting.objects.get()
    assert (setting.set_by, setting.approved_by) == (cases.CITY.name, cases.LEAD.name)


def test_what_was_looked_at_is_what_is_approved():
    one = proposed()
    with pytest.raises(Conflict):
        settings.approve_change(one, seen=one.version - 1, by=By(cases.LEAD, NOW))
    assert rules.values()["notice_days"] == 5


def test_sent_back_changes_nothing_and_says_why():
    one = proposed()
    with pytest.raises(NotAllowed, match="意见"):
        settings.send_back_change(one, " ", seen=one.version, by=By(cases.LEAD, NOW))
    settings.send_back_change(one, "依据不足", seen=one.version, by=By(cases.LEAD, NOW))
    assert rules.values()["notice_days"] == 5
    with pytest.raises(Conflict):
        approved(Proposal.objects.get())
    told = Notice.objects.get(username=cases.CITY.username)
    assert "依据不足" in told.text


@pytest.mark.parametrize("by", [cases.COUNTY, cases.LEAD, cases.ADMIN, cases.actor(Role.AUDITOR)])
def test_only_the_city_proposes(by):
    with pytest.raises(NotAllowed):
        settings.propose_value("notice_days", 7, "理由", by=By(by, NOW))
    with pytest.raises(NotAllowed):
        settings.propose_holidays(NATIONAL, NOTICE, "理由", by=By(by, NOW))
    assert Proposal.objects.count() == 0


@pytest.mark.parametrize(
    "key, value, reason, words",
    [
        ("notice_days", 7, " ", "理由"),
        ("notice_days", 5, "不变", "没有修改"),
        ("notice_days", 99, "太长", "3 至 30"),
        ("cultivation_years", 4, "法定", "细则规定"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_proposed(key, value, reason, words):
    with pytest.raises(NotAllowed, match=words):
        settings.propose_value(key, value, reason, by=By(cases.CITY, NOW))


def test_one_change_of_a_thing_waits_at_a_time():
    proposed()
    with pytest.raises(NotAllowed, match="待审批"):
        proposed(8)
    settings.propose_value("reply_days", 10, "部门反映偏紧", by=By(cases.CITY, NOW))


def test_undo_is_a_proposal_of_the_former_value():
    one = approved(proposed())
    back = settings.propose_reversal(one, "恢复", by=By(cases.CITY2, NOW))
    assert rules.values()["notice_days"] == 7
    approved(back)
    assert rules.values()["notice_days"] == 5
    assert Proposal.objects(state=ProposalState.APPROVED.value).count() == 2
    assert settings.change_offers(Proposal.objects.get(pk=one.pk), actor=cases.CITY)[
        0
    ].why  # no longer what is in force


def test_days_of_a_notice_come_and_go_together():
    one = settings.propose_holidays(NATIONAL, NOTICE, "放假通知", by=By(cases.CITY, NOW))
    assert Holiday.objects.count() == 0
    approved(one)
    assert {row.day: row.works for row in Holiday.objects} == NATIONAL
    moved = {date(2026, 10, 1): True}
    approved(settings.propose_holidays(moved, NOTICE, "更正", by=By(cases.CITY, NOW)))
    assert rules.Calendar()[date(2026, 10, 1)] is True
    last = Proposal.objects.order_by("-id").first()
    approved(settings.propose_reversal(last, "更正有误", by=By(cases.CITY, NOW)))
    assert rules.Calendar()[date(2026, 10, 1)] is False
    approved(settings.propose_reversal(Proposal.objects.get(pk=one.pk), "撤销", by=By(cases.CITY, NOW)))
    assert Holiday.objects.count() == 0
    assert AuditEntry.objects(verb="delete", subject_type="Holiday").count() == 2


def test_days_need_their_notice_and_a_change():
    with pytest.raises(NotAllowed, match="来源文号"):
        settings.propose_holidays(NATIONAL, "", "放假", by=By(cases.CITY, NOW))
    with pytest.raises(NotAllowed, match="没有修改"):
        settings.propose_holidays({date(2026, 10, 1): None}, NOTICE, "删去", by=By(cases.CITY, NOW))
    many = {date(2026, 1, 1) + timedelta(days=n): False for n in range(61)}
    with pytest.raises(NotAllowed, match="1 至 60"):
        settings.propose_holidays(many, NOTICE, "放假", by=By(cases.CITY, NOW))


def test_the_lead_is_told_and_has_it_to_do_but_not_his_own():
    lead = cases.account("lead", Role.CITY_LEAD).actor()
    one = proposed()
    assert Notice.objects.get(username="lead").link == f"/admin/proposal/details/?id={one.pk}"
    text = "审批酌定事项和节假日的修改"
    assert [line.count for line in workbench.waiting_tasks(By(lead, NOW)) if line.text == text] == [1]
    Proposal.objects.update(set__prepared_by="lead")
    assert not [line for line in workbench.waiting_tasks(By(lead, NOW)) if line.text == text]


def test_only_what_is_in_force_is_undone():
    one = approved(proposed())
    approved(proposed(8))
    with pytest.raises(NotAllowed, match="此后又有修改"):
        settings.propose_reversal(one, "恢复", by=By(cases.CITY, NOW))
    assert not Proposal.objects(state=ProposalState.PREPARED.value)


def test_a_source_that_could_not_be_kept_is_refused_when_it_is_proposed():
    with pytest.raises(NotAllowed, match="来源文号不超过 100 字"):
        settings.propose_holidays(NATIONAL, "国" * 101, "放假", by=By(cases.CITY, NOW))
    approved(settings.propose_holidays(NATIONAL, "国" * 100, "放假", by=By(cases.CITY, NOW)))
