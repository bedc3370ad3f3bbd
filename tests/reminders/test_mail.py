"""Mail through a real server: one digest a person and day, retries, bounces, and what nobody can switch off."""

import http.server
import json
import threading
from datetime import timedelta

import pytest

from app.policy.flow import NotAllowed
from app.policy.terms import Role
from app.services.core.by import By
from app.services.core.records import Invalid
from app.services.reminders import digest, outbox
from app.services.reminders.mail import Mailer, WebhookSender
from models.accounts.people import User
from models.audit import AuditEntry
from models.registry.units import Contact
from models.reminders.deliveries import Channel, Delivery
from models.reminders.entries import ReminderEntry
from models.reminders.notices import Notice
from tests.builders import cases
from tests.builders.post import ADDRESS, DAY, NOW, at, deliver, digests, listed, person, remind, say

pytestmark = pytest.mark.usefixtures("db")


def test_one_mail_has_everything_of_the_day_and_the_ledger_learns_that_it_arrived(postbox):
    of = cases.unit()
    listed(of)
    user = person(Role.UNIT, unit_id=of.pk)
    say(user)
    remind()
    assert ReminderEntry.objects.get(recipient=user.username).mail == "queued"
    assert (digests(), digests()) == (1, 0)
    assert deliver(postbox) == (1, 0)
    (mail,) = postbox.mails
    assert mail["To"] == user.email and mail["From"] == "lvti@example.cn"
    assert mail["Subject"] == "云浮市工业和信息化局绿色制造名单工作提醒（4月1日，2项）"
    text = mail.get_content()
    assert "应于2026年4月15日前填报2026年度动态管理表" in text and "甲厂已提交申报" in text
    assert ADDRESS in text and "法定期限的提醒不能关闭" in text
    entry = ReminderEntry.objects.get(recipient=user.username)
    assert (entry.mail, entry.mail_to, entry.mail_at) == ("sent", user.email, NOW)
    assert deliver(postbox) == (0, 0) and len(postbox.mails) == 1


def test_what_comes_after_the_mail_waits_for_tomorrow():
    user = person(Role.CITY)
    say(user, key="a")
    assert digests() == 1
    say(user, key="b", now=at("2026-04-01", "10:00"))
    assert digests() == 0
    assert digests(DAY + timedelta(days=1)) == 1


def test_without_address_nothing_is_mailed_and_old_messages_are_not_mailed_afterwards():
    user = person(Role.CITY, email=None)
    say(user, now=at("2026-03-01"))
    assert digests() == 0
    User.objects(pk=user.pk).update(set__email="x@example.cn")
    assert digests() == 0


def test_what_was_read_is_not_mailed_but_a_reminder_is():
    of = cases.unit()
    listed(of)
    user = person(Role.UNIT, unit_id=of.pk)
    say(user)
    remind()
    Notice.objects.update(set__read_at=NOW)
    assert digests() == 1
    text = Delivery.objects.get(channel="mail").text
    assert "填报" in text and "甲厂" not in text


def test_progress_can_be_switched_off_and_a_legal_reminder_cannot():
    of = cases.unit()
    listed(of)
    user = person(Role.UNIT, unit_id=of.pk)
    actor = user.actor()
    assert {code for code, _, _, choice in digest.preferences(user) if not choice} == {
        "annual_report",
        "application",
        "county_list",
        "lapse",
    }
    user = digest.save_preferences(user, email="new@example.cn", mailed=[], by=By(actor, NOW))
    assert user.muted == ["progress", "correction", "report_correction"]
    assert AuditEntry.objects(verb="消息设置").count() == 1
    say(user)
    remind()
    digests()
    mail = Delivery.objects.get(channel="mail")
    assert mail.to == "new@example.cn" and "填报" in mail.text and "甲厂" not in mail.text


def test_an_address_must_be_one_and_only_the_own_is_set():
    user = person(Role.CITY)
    with pytest.raises(Invalid, match="电子邮箱格式不对"):
        digest.save_preferences(user, email="a@b\r\nBcc: c@d.cn", mailed=[], by=By(user.actor(), NOW))
    with pytest.raises(NotAllowed):
        digest.save_preferences(user, email="a@example.cn", mailed=[], by=By(person(Role.CITY).actor(), NOW))


def test_a_bounce_is_final_and_shown(postbox):
    of = cases.unit(contacts=[Contact(name="李四", email="gone@example.cn")])
    listed(of)
    user = person(Role.COUNTY)
    postbox.unknown = {"gone@example.cn", user.email}
    remind()
    assert digests() == 2
    assert deliver(postbox) == (0, 2)
    entry = ReminderEntry.objects.get(recipient="mail:gone@example.cn")
    assert (
        (entry.state, entry.mail) == ("returned", "returned")
        and "退信" in entry.problem
        and "550" in entry.problem
    )
    told = ReminderEntry.objects.get(recipient=user.username)
    assert (told.state, told.mail) == ("sent", "returned"), "the message on the screen arrived all the same"
    assert "退信" in outbox.last_problem(user.username)
    assert deliver(postbox, NOW + timedelta(days=30)) == (0, 0)


def test_a_busy_server_is_tried_again_with_growing_pauses_and_given_up_in_the_end(postbox):
    user = person(Role.CITY)
    say(user)
    digests()
    postbox.busy = {user.email}
    now, tries = NOW, []
    while Delivery.objects.get().state == "queued":
        if deliver(postbox, now) != (0, 0):
            tries.append(now)
        now += timedelta(minutes=1)
    gaps = [
        int((after - before).total_seconds() / 60) for before, after in zip(tries, tries[1:], strict=False)
    ]
    assert gaps == list(outbox.RETRY_MINUTES)
    assert Delivery.objects.get().problem.startswith("试发8次未成功：对方服务器暂不接收（451")
    assert postbox.mails == []


def test_a_server_that_comes_back_gets_the_mail(postbox):
    user = person(Role.CITY)
    say(user)
    digests()
    with Mailer("smtp://127.0.0.1:9", "lvti@example.cn") as nobody:
        assert outbox.deliver({Channel.MAIL: nobody.send}, clock=lambda: NOW) == (0, 1)
    assert "没有应答" in Delivery.objects.get().problem
    assert deliver(postbox, NOW + timedelta(seconds=30)) == (0, 0)
    assert deliver(postbox, NOW + timedelta(minutes=1)) == (1, 0)


def test_an_attempt_that_was_killed_is_repeated_under_the_same_message_id(postbox):
    user = person(Role.CITY)
    say(user)
    digests()
    delivery = Delivery.objects.get()

    def killed(one):
        with Mailer(postbox.url, "lvti@example.cn") as mailer:
            mailer.send(one)
        raise SystemExit

    with pytest.raises(SystemExit):
        outbox.deliver({Channel.MAIL: killed}, clock=lambda: NOW)
    assert deliver(postbox, NOW + timedelta(minutes=1)) == (0, 0), "another one waits until the claim lapses"
    assert deliver(postbox, NOW + outbox.CLAIM_FOR) == (1, 0)
    assert {mail["Message-ID"] for mail in postbox.mails} == {f"<{delivery.pk}.{delivery.token}@example.cn>"}


def test_two_deliver_at_once_and_each_mail_goes_once(postbox):
    for _ in range(20):
        say(person(Role.CITY), key=str(_))
    assert digests() == 20
    threads = [threading.Thread(target=deliver, args=[postbox]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(mail["To"] for mail in postbox.mails) == sorted(Delivery.objects.scalar("to"))


def test_credentials_are_not_sent_in_the_clear_and_never_shown(postbox):
    say(person(Role.CITY))
    digests()
    with Mailer(postbox.url.replace("//", "//lvti:geheim@"), "lvti@example.cn") as mailer:
        outbox.deliver({Channel.MAIL: mailer.send}, clock=lambda: NOW)
    assert postbox.mails == []
    assert "geheim" not in Delivery.objects.get().problem


class _Group(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, json.loads(body)))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def group():
    server = http.server.HTTPServer(("127.0.0.1", 0), _Group)
    server.heard, server.answers = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_group_robot_is_called_once_tried_again_and_never_redirected(group):
    listed()
    remind()
    group.answers = [503, 302]
    robot = WebhookSender(f"http://127.0.0.1:{group.server_port}/cgi-bin/send?key=abc")

    def call(now):
        return outbox.deliver({Channel.WEBHOOK: robot.send}, clock=lambda: now)

    assert call(NOW) == (0, 1)
    assert call(NOW + timedelta(minutes=1)) == (0, 1)
    assert Delivery.objects.get().problem == "群消息地址拒收（302）"
    path, said = group.heard[0]
    assert path == "/cgi-bin/send?key=abc" and said["msgtype"] == "text"
    assert "尚有1家未办理，其中云城区1家" in said["text"]["content"]
    assert len(group.heard) == 2


def test_config_takes_one_webhook_address_over_https_or_on_this_machine(tmp_path):
    from app.config import Config, ConfigError

    def read(url):
        return Config.from_environment({"VAR_DIR": str(tmp_path), "WEBHOOK_URL": url}).webhook_url

    for good in ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", "http://127.0.0.1:8080/x"):
        assert read(good) == good
    for bad in (
        "http://10.0.0.1/x",
        "ftp://x",
        "http://169.254.169.254/",
        "https://",
        "http://127.0.0.1.evil.cn/",
        "https://a:b@c.cn/",
        "https://c.cn:99999/",
    ):
        with pytest.raises(ConfigError, match="WEBHOOK_URL"):
            read(bad)
