"""Mail that comes back after it was sent: the server's report marks the mail and the ledger, and nothing else does."""

import io
from datetime import date

import pytest

from app import cli, cli_mail
from app.exchange import bounces as reports
from app.exchange.bounces import NotAReport
from app.policy.reminders import DeliveryState, NoteKind
from app.policy.terms import Kind, Role
from app.services.core.by import By
from app.services.reminders import annex, bounces, notes, outbox
from models.audit import AuditEntry
from models.registry.units import Contact
from models.reminders.deliveries import Delivery
from models.reminders.entries import ReminderEntry
from tests.builders import cases
from tests.builders.post import at, deliver, digests, listed, person, remind, say
from tests.reminders.returned import COREMAIL, EXIM, POSTFIX, report

LATER = at("2026-04-02", "09:00")


@pytest.fixture
def sent(db, postbox):
    """A unit's contact without an account, reminded by mail; the mail has left, under this name, to this address."""
    of = cases.unit(contacts=[Contact(name="李四", email="Li@Example.cn")])
    listed(of)
    remind()
    digests()
    deliver(postbox)
    (mail,) = [one for one in postbox.mails if one["To"] == "Li@Example.cn"]
    return of, mail["Message-ID"], "li@example.cn"


def entry() -> ReminderEntry:
    return ReminderEntry.objects.get(recipient="mail:Li@Example.cn")


@pytest.mark.parametrize(
    "form, says",
    [
        (
            POSTFIX,
            "relay.example.gov.cn：550 5.1.1 <l***@example.cn>: Recipient address rejected: User unknown",
        ),
        (EXIM, "mx2.example.cn：552 5.2.2 mailbox full"),
        (COREMAIL, "vip.example.cn：550 用户不存在 或已停用"),
    ],
)
def test_a_returned_mail_is_marked_with_what_the_server_said(sent, form, says):
    of, mail, to = sent
    before = entry()
    assert (before.state, before.mail, before.mail_at.day) == ("sent", "sent", 1)
    assert bounces.register_bounce(report(form, mail, to), now=LATER).startswith(
        "已登记退回：云浮市工业和信息化局"
    )
    after = entry()
    assert (after.state, after.mail, after.mail_at) == ("returned", "returned", before.mail_at)
    assert after.problem == f"退信（2026-04-02，{says}）"
    assert Delivery.objects.get(to="Li@Example.cn").state == "returned"
    lines = annex.annex_inputs(of, Kind.FACTORY.value, 2026, now=LATER).entries
    (line,) = [one for one in lines if "李四" in one.recipient]
    assert (line.result, line.note) == ("退回", after.problem)
    audit = AuditEntry.objects.get(verb="登记退信")
    assert (audit.who, audit.source, audit.unit_id) == ("system:bounces", "cli", of.pk)
    assert [(one.old, one.new) for one in audit.changes] == [("已发送", "退回")]
    assert bounces.register_bounce(report(form, mail, to), now=LATER).startswith("此前已登记退回")
    assert AuditEntry.objects(verb="登记退信").count() == 1


def test_a_delay_decides_nothing_and_a_later_failure_does(sent):
    _, mail, to = sent
    late = report(
        POSTFIX,
        mail,
        to,
        action="delayed",
        status="4.4.1",
        diagnostic="connect timed out",
        subject="=?gb2312?B?08q8/tHTs9nNttDdzajWqg==?=",
    )
    assert bounces.register_bounce(late, now=LATER).startswith("已登记延迟")
    assert (entry().state, entry().mail) == ("sent", "sent") and "仍在尝试" in entry().problem
    bounces.register_bounce(report(POSTFIX, mail, to), now=LATER)
    assert entry().mail == "returned"
    assert bounces.register_bounce(late, now=LATER).startswith("延迟报告晚于结果")
    assert entry().mail == "returned" and "User unknown" in entry().problem


@pytest.mark.parametrize("after", [None, outbox.NotNow("对方服务器暂不接收")])
def test_a_report_that_is_faster_than_the_sender_stands(db, after):
    listed(cases.unit(contacts=[Contact(name="李四", email="Li@Example.cn")]))
    remind()
    digests()

    def send(delivery):
        if delivery.to == "Li@Example.cn":
            mail = f"<{delivery.pk}.{delivery.token}@example.cn>"
            bounces.register_bounce(report(POSTFIX, mail, "li@example.cn"), now=LATER)
        if after:
            raise after

    outbox.deliver({outbox.Channel.MAIL: send}, clock=lambda: LATER)
    assert (entry().state, entry().mail) == ("returned", "returned") and "User unknown" in entry().problem
    mail = Delivery.objects.get(to="Li@Example.cn")
    assert (mail.state, mail.problem) == ("returned", entry().problem)


def test_whoever_has_an_account_was_told_on_the_screen_and_sees_that_his_address_is_wrong(db, postbox):
    listed()
    user = person(Role.COUNTY)
    remind()
    digests()
    deliver(postbox)
    (mail,) = postbox.mails
    bounces.register_bounce(report(EXIM, mail["Message-ID"], user.email), now=LATER)
    told = ReminderEntry.objects.get(recipient=user.username)
    assert (told.state, told.message, told.mail) == ("sent", "sent", "returned")
    assert "mailbox full" in outbox.last_problem(user.username)


def test_a_mail_without_reminders_is_marked_too_and_its_account_sees_it(db, postbox):
    user = person(Role.CITY)
    say(user)
    digests()
    deliver(postbox)
    (mail,) = postbox.mails
    assert bounces.register_bounce(report(COREMAIL, mail["Message-ID"], user.email), now=LATER).startswith(
        "已登记退回"
    )
    assert "用户不存在" in outbox.last_problem(user.username)
    assert AuditEntry.objects.get(verb="登记退信").subject_type == "Delivery"


def test_a_forwarded_mail_is_ours_by_its_name_when_one_recipient_is_reported(sent):
    _, mail, _ = sent
    assert bounces.register_bounce(
        report(POSTFIX, mail, "li.private@elsewhere.example"), now=LATER
    ).startswith("已登记")


@pytest.mark.parametrize(
    "make, why",
    [
        (lambda mail, to: report(EXIM, mail, "somebody@else.cn"), "没有这封邮件的收件人"),
        (lambda mail, to: report(POSTFIX, mail.replace(".", ".0", 1)[:-1] + ">", to), "不是本系统发出的邮件"),
        (lambda mail, to: report(POSTFIX, "<4Xq2Jk1c0Gz9@example.cn>", to), "不是本系统发出的邮件"),
        (
            lambda mail, to: report(POSTFIX, mail.split(".")[0] + ".0123456789abcdef@example.cn>", to),
            "不是本系统发出",
        ),
        (
            lambda mail, to: f"From: a@b.cn\r\nIn-Reply-To: {mail}\r\n\r\n已收到，谢谢".encode(),
            "不是退信报告",
        ),
        (lambda mail, to: b"", "不是退信报告"),
        (lambda mail, to: bytes(range(256)) * 100, "不是退信报告"),
        (lambda mail, to: report(POSTFIX, mail, to).partition(b"Final-Recipient")[0], "没有收件人的投递结果"),
        (lambda mail, to: report(POSTFIX, mail, to) + b"x" * reports.MAX_BYTES, "超过 1 MB"),
        (lambda mail, to: b"Content-Type: message/rfc822\n\n" * 20_000, "结构有误"),
        (
            lambda mail, to: report(COREMAIL, mail, to).replace(
                b"delivery-status\n", b"delivery-status;\n\tcharset=x-no\n"
            ),
            None,
        ),
    ],
)
def test_foreign_broken_and_forged_mail_changes_nothing(sent, make, why):
    _, mail, to = sent
    if why is None:  # odd, yet a report
        assert bounces.register_bounce(make(mail, to), now=LATER).startswith("已登记退回")
        return
    with pytest.raises(NotAReport, match=why):
        bounces.register_bounce(make(mail, to), now=LATER)
    assert entry().mail == "sent" and not AuditEntry.objects(verb="登记退信")


def test_what_a_server_says_is_plain_bounded_text():
    made = report(
        POSTFIX, "<a.b@c>", "x@y.cn", diagnostic="550 <script>\x00\x1b[31m=?utf-8?b?!!?= " + "长" * 500
    )
    (one,) = reports.read(made).recipients
    assert len(one.diagnostic) <= 300 and one.diagnostic.isprintable()


def test_the_command_takes_several_files_or_a_pipe_and_names_what_is_not_ours(sent, tmp_path, monkeypatch):
    _, mail, to = sent
    monkeypatch.setattr(cli_mail.clock, "now", lambda: LATER)
    ours, foreign = tmp_path / "退信.eml", tmp_path / "别人的.eml"
    ours.write_bytes(report(POSTFIX, mail, to))
    foreign.write_bytes(b"Subject: hello\n\nhello")
    said = run("mail", "returned", str(foreign), str(ours))
    assert said[0] == f"{foreign}　未登记：不是退信报告（RFC 3464 投递状态通知）。"
    assert said[1].startswith(f"{ours}　已登记退回")
    assert entry().mail == "returned"
    assert run("mail", "returned", "-", given=report(POSTFIX, mail, to))[0].startswith("-　此前已登记")


def run(*arguments: str, given: bytes = b"") -> list[str]:
    from flask import Flask

    app = Flask("commands")
    cli.register(app)
    result = app.test_cli_runner().invoke(args=arguments, input=io.BytesIO(given))
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_a_hand_written_return_looks_the_same(sent):

    notes.add_note(entry(), NoteKind.BOUNCE, "对方来电说邮箱停用", date(2026, 4, 2), by=By(cases.CITY, LATER))
    assert (entry().state, entry().mail) == (DeliveryState.RETURNED.value, DeliveryState.RETURNED.value)
