"""Who is reminded on a day: once each, in the ledger and to the recipient, whatever runs beside it."""

import threading
from datetime import date, timedelta

import pytest

from app.policy.reminders import DeliveryState
from app.policy.terms import Defect, Role
from app.services.core import workflow
from app.services.core.by import By
from app.services.reminders import obligations, sending
from app.services.reminders.sending import Channels
from models.accounts.people import User
from models.filing.applications import Application, Correction
from models.registry.units import Contact
from models.reminders.deliveries import Delivery
from models.reminders.entries import ReminderEntry
from models.reminders.notices import Notice
from tests.builders import cases
from tests.builders.post import BOTH, at, listed, person

pytestmark = pytest.mark.usefixtures("db")
NONE = Channels()


def remind(day: str, channels: Channels = BOTH) -> str:
    return sending.send_reminders(date.fromisoformat(day), now=at(day), channels=channels)


def entries(**query):
    return [(one.step, one.recipient, one.state) for one in ReminderEntry.objects(**query).order_by("id")]


def test_unit_and_county_are_told_of_the_annual_report_and_the_ledger_shows_it():
    of = cases.unit()
    listed(of)
    unit, county = person(Role.UNIT, unit_id=of.pk), person(Role.COUNTY)
    person(Role.COUNTY, area=cases.ELSEWHERE)
    assert remind("2026-03-14") == ""
    assert remind("2026-03-15") == "填报年度动态管理表2条"
    assert {(step, who, state) for step, who, state in entries()} == {
        ("03-15", unit.username, "sent"),
        ("03-15", county.username, "sent"),
    }
    entry = ReminderEntry.objects.get(recipient=unit.username)
    assert (entry.unit_id, entry.kind, entry.year, entry.due) == (of.pk, "factory", 2026, date(2026, 4, 15))
    assert entry.at == at("2026-03-15")
    assert "第十八条" in entry.text and "距截止31天" in entry.text
    entry.validate()
    notice = Notice.objects.get(username=unit.username)
    assert (notice.text, notice.category) == (entry.text, "annual_report")
    notice.validate()
    assert remind("2026-03-15") == ""
    assert Notice.objects.count() == 2


def test_a_clerk_of_many_gets_one_message_and_the_ledger_has_them_all():
    for _ in range(5):
        listed()
    county = person(Role.COUNTY)
    remind("2026-04-01")
    notice = Notice.objects.get()
    assert "5家尚未办理" in notice.text and notice.username == county.username
    assert ReminderEntry.objects(recipient=county.username).count() == 5


def test_who_filed_is_left_alone(monkeypatch):
    first, second = listed(), listed()
    person(Role.COUNTY)
    before = obligations.reports.owing_reports
    monkeypatch.setattr(
        obligations.reports,
        "owing_reports",
        lambda *given: [one for one in before(*given) if one.unit_id != first.unit_id],
    )
    remind("2026-04-10")
    assert {entry.unit_id for entry in ReminderEntry.objects} == {second.unit_id}


def test_a_unit_without_account_gets_mail_and_without_address_the_ledger_says_so():
    reached = cases.unit(contacts=[Contact(name="李四", email="li@example.cn")])
    unreached = cases.unit()
    listed(reached)
    listed(unreached)
    person(Role.COUNTY)
    remind("2026-04-01")
    mail = ReminderEntry.objects.get(unit_id=reached.pk, recipient_role="unit")
    assert (mail.recipient, mail.state, mail.mail, mail.message) == (
        "mail:li@example.cn",
        "queued",
        "queued",
        None,
    )
    lost = ReminderEntry.objects.get(unit_id=unreached.pk, recipient_role="unit")
    assert lost.state == DeliveryState.FAILED.value and "请电话或书面告知并登记" in lost.problem


def test_five_days_late_the_city_is_told():
    listed()
    city = person(Role.CITY)
    remind("2026-04-20")
    assert entries() == [("UP", city.username, "sent")]
    assert "请督办" in Notice.objects.get().text


def test_a_draft_is_asked_for_before_the_end_of_april():
    application = cases.draft(cases.unit())
    county = person(Role.COUNTY)
    remind("2026-04-29")
    entry = ReminderEntry.objects.get(recipient=county.username)
    assert (entry.rule, entry.step, entry.unit_id) == ("application", "T-1", application.unit_id)
    workflow.advance(application, "submit", by=By(cases.COUNTY, cases.APRIL))
    assert remind("2026-05-01") == ""


def test_an_area_is_told_of_the_list_that_it_owes():
    for _ in range(3):
        cases.in_review_by_county()
    county = person(Role.COUNTY)
    remind("2026-05-19")
    entry = ReminderEntry.objects.get()
    assert (entry.rule, entry.recipient, entry.unit_id) == ("county_list", county.username, None)
    assert "云城区有3件申报待推荐，应于2026年5月20日前" in entry.text


def test_corrections_count_from_their_own_day_and_a_second_return_begins_again():
    application = cases.in_review_by_county()
    unit = person(Role.UNIT, unit_id=application.unit_id)
    for day, due in (("2026-05-06", date(2026, 5, 9)), ("2026-05-10", date(2026, 5, 13))):
        correction = Correction(field="submitted_on", defect=Defect.WRONG.value, due=due)
        Application.objects(pk=application.pk).update(set__stage="returned", set__corrections=[correction])
        remind(day)
    found = ReminderEntry.objects(recipient=unit.username)
    assert [(entry.step, entry.due.day) for entry in found.order_by("id")] == [("T-3", 9), ("T-3", 13)]


def test_a_cultivation_object_is_told_before_it_lapses():
    application = cases.cultivated()
    city = person(Role.CITY)
    day = application.cultivation_ends - timedelta(days=30)
    remind(str(day))
    assert [entry.rule for entry in ReminderEntry.objects(recipient=city.username)] == ["lapse"]


def test_many_at_once_remind_once():
    for _ in range(30):
        of = cases.unit()
        listed(of)
        person(Role.UNIT, unit_id=of.pk)
    person(Role.COUNTY)
    barrier, errors = threading.Barrier(4), []

    def race():
        barrier.wait()
        try:
            remind("2026-04-01")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert (ReminderEntry.objects.count(), Notice.objects.count()) == (60, 31)


def test_what_breaks_does_not_stop_the_rest(monkeypatch):
    listed()
    person(Role.COUNTY)

    def broken(day, hit):
        raise LookupError("坏数据")

    monkeypatch.setitem(obligations.SOURCES, "application", broken)
    with pytest.raises(sending.Unfinished, match="填报年度动态管理表2条；未完成：提交评价报告和申报"):
        remind("2026-04-01")
    assert ReminderEntry.objects.count() == 2


def test_one_bad_row_does_not_stop_the_others_and_is_named(monkeypatch):
    good, bad = cases.unit(), cases.unit(name="云浮坏数据厂")
    listed(good)
    listed(bad)
    county = person(Role.COUNTY)
    say = sending.reminders.text

    def broken(rule, owed, *given):
        if "坏数据" in owed.name:
            raise ValueError("坏数据")
        return say(rule, owed, *given)

    monkeypatch.setattr(sending.reminders, "text", broken)
    with pytest.raises(
        sending.Unfinished, match="已发送2条，未能发送：云浮坏数据厂（绿色工厂）（ValueError）"
    ):
        remind("2026-04-01")
    assert {entry.unit_id for entry in ReminderEntry.objects} == {good.pk}
    monkeypatch.setattr(sending.reminders, "text", say)
    assert remind("2026-04-01") == "填报年度动态管理表2条"
    assert ReminderEntry.objects(recipient=county.username).count() == 2


def test_a_large_group_is_told_in_parts(monkeypatch):
    monkeypatch.setattr(sending, "MAX_ENTRIES_PER_TX", 2)
    for _ in range(5):
        listed()
    county = person(Role.COUNTY)
    remind("2026-04-01")
    assert ReminderEntry.objects(recipient=county.username).count() == 5
    assert Notice.objects(username=county.username).count() == 3
    assert remind("2026-04-01") == ""


def test_the_group_robot_hears_numbers_and_no_name():
    entry = listed()
    person(Role.COUNTY)
    remind("2026-04-01")
    remind("2026-04-01")
    call = Delivery.objects.get()
    assert call.channel == "webhook" and "云城区1家" in call.text
    assert entry.unit_name not in call.text


def test_many_things_are_told_in_portions_and_the_robot_hears_all_of_them_at_once(monkeypatch):
    monkeypatch.setattr(sending, "CHUNK_SIZE", 2)
    for area in ("445302", "445302", "445302", cases.ELSEWHERE, cases.ELSEWHERE):
        listed(area=area)
    person(Role.COUNTY)
    assert remind("2026-04-01") == "填报年度动态管理表10条"
    assert "尚有5家未办理，其中云城区3家、罗定市2家" in Delivery.objects.get().text
    assert remind("2026-04-01") == ""


def test_without_mail_server_nothing_waits_for_ever():
    of = cases.unit(contacts=[Contact(name="李四", email="li@example.cn")])
    listed(of)
    person(Role.COUNTY)
    remind("2026-04-01", NONE)
    assert {entry.state for entry in ReminderEntry.objects} == {"sent", "failed"}
    assert not ReminderEntry.objects(mail="queued") and not Delivery.objects


def test_a_closed_account_is_told_nothing():
    listed()
    closed = person(Role.COUNTY)
    User.objects(pk=closed.pk).update(set__active=False)
    remind("2026-04-01")
    assert closed.username not in [who for _, who, _ in entries()]
