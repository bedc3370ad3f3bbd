"""Signing in: the lock, the same answer for everybody, the second factor."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest

from app.policy.flow import Conflict, NotAllowed
from app.services.accounts import passwords, signing_in
from app.services.accounts.second_factor import Vault, new_secret
from app.services.core.by import By
from models.accounts.people import User
from models.audit import AuditEntry
from tests.builders.accounts import PASSWORD

VAULT = Vault("k" * 32)


def enter(username, password, now):
    return signing_in.authenticate(username, password, address="10.1.1.1", now=now)


def complete(user, now):
    return signing_in.complete_sign_in(user, session_id="s", by=By(user.actor("10.1.1.1"), now))


def verbs(**query):
    return [entry.verb for entry in AuditEntry.objects(**query).order_by("id")]


def test_the_right_password_signs_in_and_is_audited(make, now):
    make("city")
    user = complete(enter("city", PASSWORD, now), now)
    assert (user.last_login_at, user.failures, user.session_id) == (now, [], "s")
    entry = AuditEntry.objects.get(verb="login")
    assert (entry.who, entry.role, entry.address) == ("city", "city", "10.1.1.1")


def test_four_failures_and_the_right_password(make, now):
    make("city")
    assert [enter("city", "wrong", now) for _ in range(4)] == [None] * 4
    assert complete(enter("city", PASSWORD, now), now).locked_until is None


def test_five_failures_lock_for_thirty_minutes(make, now):
    make("city")
    for _ in range(5):
        enter("city", "wrong", now)
    assert enter("city", PASSWORD, now) is None
    assert enter("city", PASSWORD, now + timedelta(minutes=29)) is None
    assert enter("city", PASSWORD, now + timedelta(minutes=31)) is not None
    assert verbs(verb="locked") == ["locked"]
    assert AuditEntry.objects(verb="login_refused").count() == 7


def test_failures_older_than_fifteen_minutes_are_forgotten(make, now):
    make("city")
    for minute in (0, 4, 8, 12, 16):
        assert enter("city", "wrong", now + timedelta(minutes=minute)) is None
    assert enter("city", PASSWORD, now + timedelta(minutes=20)) is not None


def test_parallel_guesses_cannot_outrun_the_lock(make, now, monkeypatch):
    user = make("city")
    judged = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda h, p: judged.append(bool(h)) or real(h, p))
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: enter("city", f"guess {n}", now), range(40)))
    assert judged.count(True) == 5
    assert User.objects.get(pk=user.pk).is_locked(now)


def test_unknown_locked_and_disabled_accounts_cost_one_hash_like_a_known_one(make, now, monkeypatch):
    make("city")
    make("city", "closed")
    User.objects(username="closed").update(set__active=False)
    User.objects(username="city").update(set__locked_until=now + timedelta(minutes=5))
    hashes = []
    real = passwords._hasher.__class__.verify
    monkeypatch.setattr(
        passwords._hasher.__class__, "verify", lambda self, h, p: hashes.append(h) or real(self, h, p)
    )
    for username in ("nobody", "city", "closed"):
        assert enter(username, PASSWORD, now) is None
    assert len(hashes) == 3
    assert all(hashed.startswith("$argon2id$") for hashed in hashes)


def test_what_was_typed_as_an_account_is_not_logged(db, now):
    enter("My-Secret-2026", "x", now)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.who, entry.reason) == ("login_refused", "", "账号不存在")
    assert "My-Secret" not in entry.to_json()


def test_an_account_disabled_between_password_and_entry_stays_out(make, now):
    user = make("city")
    User.objects(pk=user.pk).update(set__active=False)
    with pytest.raises(NotAllowed):
        complete(user, now)
    assert "login" not in verbs()


def code(secret, now):
    return pyotp.TOTP(secret).at(now)


@pytest.fixture
def enrolled(make, now):
    user, secret = make("admin"), new_secret()
    assert signing_in.enrol_second_factor(user, secret, code(secret, now), VAULT, by=By(user.actor(), now))
    user.reload()
    return user, secret


def test_a_code_works_once(enrolled, now):
    user, secret = enrolled
    later = now + timedelta(minutes=2)
    assert signing_in.check_code(user, code(secret, later), VAULT, address="", now=later)
    user.reload()
    assert not signing_in.check_code(user, code(secret, later), VAULT, address="", now=later)


def test_a_code_sent_twice_at_once_works_once(enrolled, now, monkeypatch):
    user, secret = enrolled
    later = now + timedelta(minutes=2)
    both_judged = Barrier(2, timeout=20)
    real = signing_in.matching_step
    monkeypatch.setattr(signing_in, "matching_step", lambda *a, **k: (real(*a, **k), both_judged.wait())[0])

    def enter_code(_):
        mine = User.objects.get(pk=user.pk)
        return signing_in.check_code(mine, code(secret, later), VAULT, address="", now=later)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(enter_code, range(2))) == [False, True]


def test_old_codes_and_wrong_ones_count_as_failures(enrolled, now):
    user, secret = enrolled
    later = now + timedelta(minutes=2)
    for guess in (code(secret, now), "000000", "", "x", "全角１２"):
        assert not signing_in.check_code(user, guess, VAULT, address="", now=later)
        user.reload()
    assert user.is_locked(later)
    assert not signing_in.check_code(user, code(secret, later), VAULT, address="", now=later)


def test_knowing_the_password_does_not_give_more_guesses_at_the_code(enrolled, now):
    user, _ = enrolled
    for _ in range(2):
        assert enter("admin", PASSWORD, now)
        user.reload()
        signing_in.check_code(user, "000000", VAULT, address="", now=now)
    enter("admin", PASSWORD, now)
    assert enter("admin", PASSWORD, now) is None


def test_the_secret_is_not_readable_in_the_database(enrolled):
    user, secret = enrolled
    assert secret not in user.to_json()
    assert VAULT.open(user.totp_secret) == secret
    assert Vault("another" * 6).open(user.totp_secret) == ""


def test_an_authenticator_is_not_replaced_by_enrolling_again(enrolled, now):
    user, secret = enrolled
    other = new_secret()
    with pytest.raises(Conflict):
        signing_in.enrol_second_factor(user, other, code(other, now), VAULT, by=By(user.actor(), now))
    user.reload()
    assert VAULT.open(user.totp_secret) == secret
