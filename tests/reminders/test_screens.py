"""The ledger, who has not filed, the annex, message settings and the jobs, as people in their roles see them."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document as Docx

from app import clock as app_clock
from app.config import Config
from app.factory import create_app
from app.policy.reminders import NoteKind
from app.policy.terms import Role
from app.services import settings
from app.services.core import messages
from app.services.core.by import By
from app.services.reminders import notes, outbox, sending, unfiled
from app.services.reports import due
from models.accounts.people import User
from models.audit import AuditEntry
from models.database import transact
from models.papers import Paper
from models.reminders.deliveries import Channel, Delivery
from models.reminders.entries import ReminderEntry
from models.settings.jobs import JobRun, JobSwitch
from tests.builders import cases
from tests.builders.post import BOTH, at, listed, person
from tests.builders.screens import Browser

NOW = "2026-04-16T09:30"


@pytest.fixture(scope="module")
def app(mongod, tmp_path_factory):
    folder = tmp_path_factory.mktemp("app")
    file = folder / "instant"
    file.write_text(NOW, encoding="utf-8")
    yield create_app(
        Config(
            mongodb_uri=mongod.uri,
            secret_key="k" * 64,
            trusted_hosts=("localhost",),
            clock_file=file,
            var_dir=folder,
        )
    )
    app_clock.configure(None)


@pytest.fixture
def sign_in(db, app, clock):
    clock.set(NOW)

    def signed_in(role, **values):
        return Browser(app, person(role, password_changed_at=at("2026-04-01"), **values))

    return signed_in


def remind(*days):
    for day in days:
        sending.send_reminders(date.fromisoformat(day), now=at(day), channels=BOTH)


@pytest.fixture
def ledger(db):
    """A unit of ours and one elsewhere, each reminded four times."""
    ours, theirs = cases.unit(name="云城未报厂"), cases.unit(area=cases.ELSEWHERE, name="罗定未报厂")
    listed(ours)
    listed(theirs)
    account = person(Role.UNIT, unit_id=ours.pk)
    remind("2026-03-15", "2026-04-01", "2026-04-10", "2026-04-16")
    return ours, theirs, ReminderEntry.objects(recipient=account.username).order_by("-id").first()


def test_each_sees_the_ledger_of_his_rows(sign_in, ledger):
    ours, theirs, entry = ledger
    foreign = ReminderEntry.objects(unit_id=theirs.pk).first()
    for someone, sees_theirs in (
        (sign_in(Role.COUNTY), False),
        (sign_in(Role.UNIT, unit_id=ours.pk), False),
        (sign_in(Role.CITY), True),
    ):
        text = someone.get("/admin/reminderentry/").text
        assert "云城未报厂" in text and ("罗定未报厂" in text) == sees_theirs
        assert someone.get(f"/admin/reminderentry/details/?id={entry.pk}").status_code == 200
        for page in ("details", "annex"):
            status = someone.get(f"/admin/reminderentry/{page}/?id={foreign.pk}").status_code
            assert status == (200 if sees_theirs else 404)
    for role in (Role.ADMIN, Role.AUDITOR, Role.EXPERT):
        assert sign_in(role).get("/admin/reminderentry/").status_code == 403


def test_a_call_is_taken_down_and_stays(sign_in, ledger):
    _, _, entry = ledger
    county = sign_in(Role.COUNTY)
    page = county.get(f"/admin/reminderentry/details/?id={entry.pk}").text
    assert "电话告知" in page and "没有已发送的邮件" in page
    given = {
        "id": str(entry.pk),
        "action": "phone",
        "told_on": "2026-04-16",
        "said": "已电话告知张经理，承诺三日内填报",
    }
    county.post("/admin/reminderentry/step/", given)
    entry.reload()
    assert [(note.way, note.text, note.on) for note in entry.notes] == [
        ("phone", given["said"], date(2026, 4, 16))
    ]
    assert AuditEntry.objects(verb="登记电话告知").count() == 1
    county.post("/admin/reminderentry/step/", given | {"told_on": "2026-04-17"})
    county.post("/admin/reminderentry/step/", given | {"said": " "})
    entry.reload()
    assert len(entry.notes) == 1
    sign_in(Role.COUNTY, area=cases.ELSEWHERE).post("/admin/reminderentry/step/", given)
    sign_in(Role.CITY_LEAD).post("/admin/reminderentry/step/", given)
    sign_in(Role.UNIT, unit_id=entry.unit_id).post("/admin/reminderentry/step/", given)
    entry.reload()
    assert len(entry.notes) == 1


def test_the_annex_names_each_step_recipient_channel_and_note(sign_in, ledger):
    ours, _, entry = ledger
    notes.add_note(
        entry,
        NoteKind.PAPER,
        "当面送交催报通知，签收",
        date(2026, 4, 16),
        by=By(cases.COUNTY, at("2026-04-16", "09:00")),
    )
    answer = sign_in(Role.CITY).get(f"/admin/reminderentry/annex/?id={entry.pk}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    document = Docx(BytesIO(answer.data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "云城未报厂" in text and "2026年度动态管理表" in text and "未填报" in text
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert sum("申报单位" in str(row) for row in rows) == 4
    assert any("4月16日" in str(row) and "站内消息" in str(row) and "已发送" in str(row) for row in rows)
    assert any("纸质送达" in str(row) and "当面送交催报通知，签收" in str(row) for row in rows)


def test_who_has_not_filed_by_area_and_one_letter_to_all(sign_in, ledger):
    city, county = sign_in(Role.CITY), sign_in(Role.COUNTY)
    page = city.get("/admin/reminderentry/?view=open").text
    assert "云城未报厂" in page and "罗定未报厂" in page and "拟制催报通知" in page
    assert "4 次" in page and "未送达" in page
    own = county.get("/admin/reminderentry/?view=open").text
    assert "云城未报厂" in own and "罗定未报厂" not in own and "拟制催报通知" not in own
    assert "罗定未报厂" not in city.get(f"/admin/reminderentry/?view=open&area={cases.AREA}").text
    county.post("/admin/reminderentry/action/", {"action": "letter"})
    assert not Paper.objects
    answer = city.post("/admin/reminderentry/action/", {"action": "letter"})
    paper = Paper.objects.get()
    assert str(paper.pk) in answer.headers["Location"]
    assert (paper.kind, set(paper.areas)) == ("annual_reminder", {cases.AREA, cases.ELSEWHERE})
    assert [one["name"] for one in paper.inputs["units"]] == ["云城未报厂", "罗定未报厂"]


def test_when_all_have_filed_there_is_no_letter(sign_in):
    city = sign_in(Role.CITY)
    assert "都已填报" in city.get("/admin/reminderentry/?view=open").text
    assert (
        "已全部填报"
        in city.post("/admin/reminderentry/action/", {"action": "letter"}, follow_redirects=True).text
    )
    assert city.post("/admin/reminderentry/action/", {"action": "nothing"}).status_code == 404


def test_standings_count_due_filed_and_overdue(db, ledger):
    expected = due.expected_reports(2026, date(2026, 4, 16))
    found = {
        one.area.code: (one.due, one.filed, one.open, one.overdue)
        for one in unfiled.area_standings(expected, cases.CITY)
    }
    assert found[cases.AREA] == (1, 0, 1, 1) and found["445322"] == (0, 0, 0, 0)


def test_message_settings_are_ones_own_and_legal_ones_cannot_be_ticked_off(sign_in):
    someone = sign_in(Role.COUNTY, email=None)
    page = someone.get("/preferences").text
    assert page.count("不能关闭") == 4 and "没有配置邮件发送" in page
    answer = someone.post("/preferences", {"email": "own@example.cn", "mailed": ["correction"]})
    assert answer.status_code == 302
    user = User.objects.get(pk=someone.user.pk)
    assert (user.email, user.muted) == ("own@example.cn", ["progress", "report_correction"])
    wrong = someone.post("/preferences", {"email": "own(at)example", "mailed": []})
    assert wrong.status_code == 400 and "格式不对" in wrong.text and "own(at)example" in wrong.text


def test_a_mail_that_came_back_is_shown_to_its_owner(sign_in):
    someone = sign_in(Role.CITY)
    transact(
        lambda: outbox.queue(
            Channel.MAIL, "k", "t", "x", to="x@y.cn", username=someone.user.username, now=at("2026-04-16")
        )
    )
    Delivery.objects.update(set__state="failed", set__problem="退信：对方服务器拒收（550 no such user）")
    assert "最近一封邮件没有送达：退信" in someone.get("/preferences").text


def announced():
    settings.register_jobs(
        [("send-reminders", "期限提醒", "每天 08:30"), ("send-outbox", "发送邮件", "每 1 分钟")]
    )


def test_an_administrator_runs_pauses_and_resumes_jobs(sign_in):
    announced()
    JobRun(
        job="send-reminders",
        label="期限提醒",
        period="2026-04-15",
        state="done",
        result="催报3条",
        started_at=at("2026-04-15"),
    ).save()
    admin = sign_in(Role.ADMIN)
    page = admin.get("/admin/jobrun/").text
    assert "每天 08:30" in page and "催报3条" in page and "立即运行" in page
    control = "/admin/jobrun/control/"
    admin.post(control, {"name": "send-reminders", "action": "run"})
    assert JobSwitch.objects.get(name="send-reminders").wanted_by == admin.user.username
    admin.post(control, {"name": "send-reminders", "action": "pause", "reason": ""})
    assert not settings.is_job_paused("send-reminders")
    admin.post(control, {"name": "send-reminders", "action": "pause", "reason": "数据核对中"})
    assert settings.is_job_paused("send-reminders")
    assert "数据核对中" in admin.get("/admin/jobrun/").text
    admin.post(control, {"name": "send-reminders", "action": "resume"})
    assert not settings.is_job_paused("send-reminders")
    assert [entry.verb for entry in AuditEntry.objects(subject_type="JobSwitch").order_by("id")] == [
        "立即运行任务",
        "暂停任务",
        "恢复任务",
    ]
    assert (
        "没有这项任务" in admin.post(control, {"name": "none", "action": "run"}, follow_redirects=True).text
    )
    assert admin.post(control, {"name": "send-reminders", "action": "stop"}).status_code == 404
    for role in (Role.CITY, Role.COUNTY, Role.AUDITOR):
        assert sign_in(role).post(control, {"name": "send-reminders", "action": "run"}).status_code == 403


def test_nothing_in_messages_or_ledger_shows_an_address_in_full(sign_in, ledger):
    _, _, entry = ledger
    ReminderEntry.objects(pk=entry.pk).update(set__mail_to="zhangsan@example.cn", set__mail="sent")
    page = sign_in(Role.CITY).get(f"/admin/reminderentry/details/?id={entry.pk}").text
    assert "zhangsan@example.cn" not in page and "@example.cn" in page


def test_the_workbench_shows_the_message(sign_in):
    someone = sign_in(Role.CITY)
    transact(lambda: messages.send([someone.user.username], "k", "公示期满", "/admin/", now=at("2026-04-16")))
    assert "公示期满" in someone.get("/admin/").text


def test_the_export_has_the_whole_sentence_and_no_address(sign_in, ledger):
    text = sign_in(Role.CITY).get("/admin/reminderentry/export/csv/?year=all").data.decode("utf-8-sig")
    head, *rows = [row for row in text.splitlines() if row]
    assert "内容" in head and "未送达原因" in head
    assert (
        sum("罗定未报厂" in row for row in rows)
        == ReminderEntry.objects(name__contains="罗定未报厂").count()
        > 0
    )
    assert "应于2026年4月15日前填报" in text and "@" not in text
