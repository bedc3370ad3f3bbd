"""The login page: limits, second factor, where it leads."""

import re
import subprocess
import sys

import pyotp
import pytest

from app.config import ROOT
from models.accounts.people import User
from models.audit import AuditEntry
from tests.builders.shell import Browser, build


def test_wrong_unknown_and_locked_look_the_same(make, browser):
    make("city")
    texts = set()
    one = browser()
    for username in ["city"] * 6 + ["nobody"]:
        answer = one.login(username, "wrong")
        assert answer.status_code == 401
        texts.add(re.sub(r'value="[^"]*"|nonce-\S+', "", answer.text))
    assert len(texts) == 1
    assert one.login("city").status_code == 401  # locked now, and says nothing else


def test_failures_are_limited_by_address_and_successes_are_not(make, browser):
    make("expert")
    for _ in range(35):
        assert browser().login("expert").status_code == 302
    one = browser()
    codes = [one.login(f"nobody-{n}", "x").status_code for n in range(32)]
    assert codes == [401] * 30 + [429] * 2
    answer = browser().login("expert")
    assert answer.status_code == 429
    assert "操作过于频繁" in answer.text


def test_the_limit_is_the_same_in_all_processes(make, uri):
    first, second = Browser(build(uri)), Browser(build(uri))
    for n in range(30):
        first.login(f"nobody-{n}", "x")
    assert second.login("nobody", "x").status_code == 429


@pytest.mark.parametrize(
    "wanted, reached",
    [
        ("/admin/unit/?page=2", "/admin/unit/?page=2"),
        ("https://evil.example/", "/admin/"),
        ("//evil.example/", "/admin/"),
        ("/\\evil.example/", "/admin/"),
        ("/\t/evil.example/", "/admin/"),
        ("javascript:alert(1)", "/admin/"),
        ("", "/admin/"),
    ],
)
def test_signing_in_leads_to_our_own_pages_only(wanted, reached, make, browser):
    make("city")
    assert browser().login("city", next=wanted).headers["Location"] == reached


def test_who_is_not_signed_in_is_asked_to_and_comes_back(make, browser):
    make("city")
    one = browser()
    answer = one.get("/closed")
    assert answer.headers["Location"].startswith("/login?next=")
    page = one.get(answer.headers["Location"]).text
    wanted = re.search(r'name="next" value="([^"]+)"', page)[1]
    assert one.login("city", next=wanted).headers["Location"] == "/closed"


def test_logout_needs_a_form_of_ours(make, browser):
    make("city")
    one = browser()
    one.login("city")
    assert one.get("/logout").status_code == 405
    assert one.client.post("/logout").status_code == 400
    assert one.who == "city"
    one.logout()
    assert one.who == "nobody"
    assert AuditEntry.objects(verb="logout", who="city").count() == 1


@pytest.fixture
def strict(uri, make):
    make("admin")
    app = build(uri, totp_roles=frozenset({"admin"}))
    return lambda: Browser(app)


def enrol(one):
    one.login("admin")
    page = one.get("/second-factor").text
    assert "<svg" in page
    secret = re.search(r"\b[A-Z2-7]{32}\b", page)[0]
    return secret, lambda at: pyotp.TOTP(secret).at(at)


def test_the_second_factor_is_registered_at_the_first_login_and_asked_ever_after(strict, clock):
    one = strict()
    secret, code = enrol(one)
    assert one.who == "nobody"
    one.post("/second-factor", page="/second-factor", code=code(clock.forward()))
    assert one.who == "admin"

    later = clock.forward(minutes=10)
    other = strict()
    assert other.login("admin").headers["Location"] == "/second-factor"
    assert secret not in other.get("/second-factor").text
    assert other.post("/second-factor", page="/second-factor", code="000000").status_code == 401
    assert other.who == "nobody"
    other.post("/second-factor", page="/second-factor", code=code(later))
    assert (other.who, one.who) == ("admin", "nobody")


def test_the_password_alone_opens_nothing(strict):
    one = strict()
    one.login("admin")
    for path in ("/closed", "/password"):
        assert one.get(path).headers["Location"].startswith("/login")


def test_the_code_alone_opens_nothing(strict, clock):
    one = strict()
    _, code = enrol(one)
    stranger = strict()
    answer = stranger.post("/second-factor", code=code(clock.forward()))
    assert answer.headers["Location"] == "/login"
    assert stranger.who == "nobody"


def test_the_half_open_door_closes_after_five_minutes(strict, clock):
    one = strict()
    _, code = enrol(one)
    clock.forward(minutes=6)
    answer = one.post("/second-factor", page="/login", code=code(clock.forward()))
    assert answer.headers["Location"] == "/login"


def test_a_password_changed_meanwhile_closes_the_half_open_door(strict, clock):
    one = strict()
    _, code = enrol(one)
    User.objects.update(inc__session_epoch=1)
    answer = one.post("/second-factor", page="/login", code=code(clock.forward()))
    assert answer.headers["Location"] == "/login"


def test_roles_that_need_none_are_not_asked(strict, make):
    make("city")
    one = strict()
    one.login("city")
    assert one.who == "city"


def test_the_password_page_asks_for_both_to_agree(make, browser):
    make("city")
    one = browser()
    one.login("city")
    answer = one.post("/password", page="/password", current="x", password="a", again="b")
    assert (answer.status_code, "不一致" in answer.text) == (400, True)


@pytest.mark.parametrize("use", ["", "limiter.storage.incr('one', 60)"], ids=["unused", "used"])
def test_a_process_that_made_an_application_ends_by_itself(use, db, tmp_path):
    """The library's storage waited at exit for a thread that cannot start any more: tests and workers hung."""
    code = f"""
import sys, pathlib
from app.config import Config
from app.extensions import limiter
from app.factory import create_app
create_app(Config(mongodb_uri=sys.argv[1], secret_key="k" * 64, var_dir=pathlib.Path(sys.argv[2])))
{use}"""
    command = [sys.executable, "-c", code, db.uri, str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
