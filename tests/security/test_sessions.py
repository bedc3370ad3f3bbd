"""Sessions: what a stolen, kept or forged cookie is worth."""

from hashlib import sha256

import pytest

from app.services.accounts import credentials, people
from app.services.core.by import By
from models.accounts import sessions as stored
from models.accounts.sessions import LoginSession
from tests.builders.accounts import ADMIN, PASSWORD
from tests.builders.shell import build


@pytest.fixture
def clerk(make, browser):
    user, one = make("city"), browser()
    one.login("city")
    assert one.who == "city"
    return user, one


def test_the_cookie_is_not_stored_but_its_hash(clerk):
    _, one = clerk
    keys = [session.key for session in LoginSession.objects]
    assert one.cookie not in keys
    assert sha256(one.cookie.encode()).hexdigest() in keys


def test_what_the_database_holds_is_not_a_cookie(clerk, browser):
    for session in LoginSession.objects:
        assert browser().replay(session.key).who == "nobody"


def test_a_cookie_replayed_after_logout_is_refused(clerk, browser):
    _, one = clerk
    kept = one.cookie
    assert browser().replay(kept).who == "city"  # it works as long as it lives
    one.logout()
    assert browser().replay(kept).who == "nobody"
    assert browser().replay(kept).get("/closed").status_code == 302


def test_signing_in_changes_the_cookie(make, browser):
    make("city")
    one = browser()
    one.get("/login")
    before = one.cookie
    one.login("city")
    assert before and one.cookie != before
    assert browser().replay(before).who == "nobody"


@pytest.mark.parametrize("planted", ["planted", "../x", "a" * 5000, "é"])
def test_a_planted_cookie_is_never_taken_over(planted, make, browser):
    make("city")
    one = browser().replay(planted)
    one.get("/login")
    assert one.cookie != planted  # not even before signing in
    one.login("city")
    assert one.who == "city"
    assert one.cookie != planted
    assert browser().replay(planted).who == "nobody"


def test_idle_for_fifteen_minutes(clerk, clock):
    _, one = clerk
    clock.forward(minutes=14)
    assert one.who == "city"
    clock.forward(minutes=14)
    assert one.who == "city"
    clock.forward(minutes=15)
    assert one.who == "nobody"


def test_eight_hours_at_most(clerk, clock):
    _, one = clerk
    for _ in range(47):
        clock.forward(minutes=10)
        assert one.who == "city"
    clock.forward(minutes=10)
    assert one.who == "nobody"


@pytest.mark.parametrize(
    "act",
    [
        lambda user, now: people.disable_user(user, by=By(ADMIN, now)),
        lambda user, now: credentials.reset_password(user, by=By(ADMIN, now)),
        lambda user, now: people.update_user(
            user, {"role": "city_lead"}, version=user.version, by=By(ADMIN, now)
        ),
        lambda user, now: people.update_user(
            user, {"handles_tips": True}, version=user.version, by=By(ADMIN, now)
        ),
    ],
    ids=["disabled", "password", "role", "tips"],
)
def test_an_open_session_ends_with_what_gave_it_its_rights(act, clerk, now):
    user, one = clerk
    user.reload()
    act(user, now)
    assert one.who == "nobody"


def test_a_new_name_leaves_the_session_open(clerk, now):
    user, one = clerk
    user.reload()
    people.update_user(user, {"name": "李静"}, version=user.version, by=By(ADMIN, now))
    assert one.who == "city"


def test_staff_have_one_session(clerk, browser):
    _, first = clerk
    second = browser()
    second.login("city")
    assert (first.who, second.who) == ("nobody", "city")


def test_experts_may_have_two(make, browser):
    make("expert")
    first, second = browser(), browser()
    first.login("expert")
    second.login("expert")
    assert (first.who, second.who) == ("expert", "expert")


def test_a_request_that_ends_after_the_logout_does_not_bring_the_session_back(clerk, browser, monkeypatch):
    _, one = clerk
    kept = one.cookie
    real = stored.save_data
    monkeypatch.setattr(stored, "save_data", lambda *a, **k: LoginSession.objects.delete() and real(*a, **k))
    assert one.get("/flash").status_code == 200
    assert LoginSession.objects.count() == 0
    assert browser().replay(kept).who == "nobody"


def test_changing_the_password_ends_other_sessions_and_keeps_ones_own(make, browser):
    make("expert")
    here, there = browser(), browser()
    here.login("expert")
    there.login("expert")
    new = "Another-2026-Ting"
    answer = here.post("/password", page="/password", current=PASSWORD, password=new, again=new)
    assert answer.status_code == 302
    assert (here.who, there.who) == ("expert", "nobody")


def test_cookie_attributes(make, browser, uri):
    make("city")
    header = browser().login("city").headers["Set-Cookie"]
    assert "HttpOnly" in header and "SameSite=Lax" in header and "Secure" not in header
    with build(uri, public_url="https://lvti.example").test_client() as client:
        header = client.get("/login", base_url="https://lvti.example").headers["Set-Cookie"]
    assert header.startswith("__Host-greenladder=") and "Secure" in header


def test_pages_are_not_kept_by_the_browser(clerk):
    _, one = clerk
    for path in ("/closed", "/login", "/records/none"):
        assert one.get(path).headers["Cache-Control"] == "no-store"
    assert "Cookie" in one.get("/closed").headers["Vary"]


def test_a_request_reads_session_and_account_at_once_and_writes_once_a_minute(clerk, clock, monkeypatch):
    _, one = clerk
    calls = []
    real_find, real_write = stored.find, stored._write
    monkeypatch.setattr(stored, "find", lambda *a: calls.append("find") or real_find(*a))
    monkeypatch.setattr(stored, "_write", lambda *a, **k: calls.append("write") or real_write(*a, **k))
    one.get("/who")
    one.get("/who")
    assert calls == ["find", "find"]
    clock.forward(minutes=1)
    one.get("/who")
    one.get("/who")
    assert calls == ["find", "find", "find", "write", "find"]


def test_static_files_and_probes_ask_no_session(clerk, monkeypatch):
    _, one = clerk
    monkeypatch.setattr("models.accounts.sessions.find", lambda *a: pytest.fail("asked"))
    assert one.get("/admin/static/vendor/jquery.min.js").status_code == 200
    assert one.get("/healthz").json == {"status": "ok"}


def test_visitors_leave_nothing_behind(browser):
    for _ in range(3):
        assert browser().who == "nobody"
    assert LoginSession.objects.count() == 0


def test_a_password_from_the_administrator_opens_one_page_only(make, browser):
    make("city", must_change=True)
    one = browser()
    one.login("city")
    for path in ("/who", "/closed", "/admin/"):
        assert one.get(path).headers["Location"] == "/password"
    new = "Another-2026-Ting"
    one.post("/password", page="/password", current=PASSWORD, password=new, again=new)
    assert one.who == "city"


def test_a_password_of_ninety_days_is_changed_first(make, browser, clock):
    make("city")
    clock.forward(days=91)
    one = browser()
    one.login("city")
    assert one.get("/who").headers["Location"] == "/password"
