"""Accounts: role and scope, separated duties, passwords, closing; each with its audit row."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from bson import ObjectId

from app.policy.access import Actor
from app.policy.flow import Conflict, NotAllowed, PolicyError
from app.policy.terms import Role
from app.services.accounts import credentials, people, signing_in
from app.services.core.by import By
from app.services.core.records import Invalid
from models.accounts.people import ACCOUNT_ROLES, User
from models.audit import AuditEntry
from tests.builders.accounts import ADMIN, PASSWORD

SCOPES = {"area": "445381", "evaluator_id": ObjectId(), "unit_id": ObjectId()}
NEEDS = {"county": "area", "evaluator": "evaluator_id", "unit": "unit_id"}


def create(now, actor=ADMIN, **values):
    given = {"username": "new-one", "name": "李静", "role": "city", **values}
    return people.create_user(by=By(actor, now), **given)


@pytest.mark.parametrize("role", [code for code, _ in ACCOUNT_ROLES])
@pytest.mark.parametrize("scope", [None, *SCOPES])
def test_a_role_has_its_scope_and_no_other(role, scope, now):
    values = {scope: SCOPES[scope]} if scope else {}
    if scope == NEEDS.get(role):
        user, _ = create(now, role=role, **values)
        assert user.scope == (SCOPES[scope] if scope else None)
    else:
        with pytest.raises(Invalid):
            create(now, role=role, **values)
        assert User.objects.count() == 0


@pytest.mark.parametrize(
    "values", [{"role": "system"}, {"role": "root"}, {"username": "张伟"}, {"username": "a b"}, {"name": ""}]
)
def test_what_is_not_an_account_is_refused(values, now):
    with pytest.raises(PolicyError):
        create(now, **values)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.SYSTEM)])
def test_only_the_administrator_manages_accounts(role, make, now):
    user, actor = make("city"), Actor("x", "某", role)
    acts = (
        lambda: create(now, actor),
        lambda: people.update_user(user, {"name": "王"}, version=user.version, by=By(actor, now)),
        lambda: people.disable_user(user, by=By(actor, now)),
        lambda: people.enable_user(user, by=By(actor, now)),
        lambda: people.unlock_user(user, by=By(actor, now)),
        lambda: credentials.reset_password(user, by=By(actor, now)),
        lambda: credentials.reset_second_factor(user, by=By(actor, now)),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_a_new_account_gets_a_password_that_it_must_change(now):
    user, password = create(now)
    assert user.must_renew(now)
    assert signing_in.authenticate("new-one", password, address="", now=now)
    entry = AuditEntry.objects.get(verb="user_created")
    assert ("role", "市局经办") in [(change.field, change.new) for change in entry.changes]
    assert password not in entry.to_json()


def test_a_username_is_given_once(now):
    create(now)
    with pytest.raises(Invalid, match="已被使用"):
        create(now)
    assert AuditEntry.objects(verb="user_created").count() == 1


def test_one_clerk_handles_tips(now):
    create(now, handles_tips=True)
    with pytest.raises(Invalid, match="举报专办"):
        create(now, username="second", handles_tips=True)
    with pytest.raises(Invalid, match="市局经办"):
        create(now, username="third", role="city_lead", handles_tips=True)


def test_a_change_is_written_from_value_to_value(make, now):
    user = make("county")
    changed = people.update_user(user, {"area": "445321"}, version=user.version, by=By(ADMIN, now))
    assert (changed.area, changed.session_epoch) == ("445321", user.session_epoch + 1)
    change = AuditEntry.objects.get(verb="user_updated").changes[0]
    assert (change.field, change.old, change.new) == ("area", "445381", "445321")


def test_a_new_name_does_not_end_sessions(make, now):
    user = make("county")
    changed = people.update_user(user, {"name": "新名"}, version=user.version, by=By(ADMIN, now))
    assert (changed.name, changed.session_epoch) == ("新名", user.session_epoch)


def test_a_stale_form_does_not_overwrite(make, now):
    user = make("county")
    people.update_user(user, {"name": "先"}, version=user.version, by=By(ADMIN, now))
    with pytest.raises(Conflict):
        people.update_user(user, {"name": "后"}, version=user.version, by=By(ADMIN, now))
    assert User.objects.get(pk=user.pk).name == "先"


def test_only_listed_fields_change(make, now):
    user = make("county")
    forged = {"name": "新", "password_hash": "x", "active": False, "username": "other"}
    changed = people.update_user(user, forged, version=user.version, by=By(ADMIN, now))
    assert (changed.password_hash, changed.active, changed.username) == (user.password_hash, True, "county")


@pytest.mark.parametrize(
    "old, new", [("admin", "city"), ("city", "admin"), ("auditor", "admin"), ("city", "auditor")]
)
def test_business_administration_and_audit_never_meet_in_an_account(old, new, make, now):
    user = make(old, "someone")
    with pytest.raises(NotAllowed, match="相互分离"):
        people.update_user(user, {"role": new}, version=user.version, by=By(ADMIN, now))


def test_business_roles_may_change(make, now):
    user = make("city", "someone")
    changed = people.update_user(user, {"role": "city_lead"}, version=user.version, by=By(ADMIN, now))
    assert changed.term is Role.CITY_LEAD


def test_nobody_changes_his_own_rights_or_closes_himself(make, now):
    me = make("admin")
    for act in (
        lambda: people.update_user(me, {"role": "auditor"}, version=me.version, by=By(ADMIN, now)),
        lambda: people.disable_user(me, by=By(ADMIN, now)),
        lambda: credentials.reset_password(me, by=By(ADMIN, now)),
        lambda: credentials.reset_second_factor(me, by=By(ADMIN, now)),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert people.update_user(me, {"name": "改名"}, version=me.version, by=By(ADMIN, now)).name == "改名"


def test_the_last_administrator_stays(make, now):
    other = make("admin", "other-admin")
    with pytest.raises(NotAllowed, match="至少"):
        people.disable_user(other, by=By(ADMIN, now))
    make("admin")
    assert not people.disable_user(other, by=By(ADMIN, now)).active


def test_two_administrators_cannot_close_each_other(make, now):
    for _ in range(5):
        User.objects.delete()
        pair = [make("admin", name) for name in ("first", "second")]

        def close(n, pair=pair):
            try:
                people.disable_user(pair[n], by=By(pair[1 - n].actor(), now))
            except NotAllowed:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(close, (0, 1))) == [False, True]
        assert User.objects.working(Role.ADMIN).count() == 1


def test_a_closed_account_is_out_and_can_come_back(make, now):
    user = make("city")
    people.disable_user(user, by=By(ADMIN, now), reason="调离")
    assert signing_in.authenticate("city", PASSWORD, address="", now=now) is None
    assert AuditEntry.objects.get(verb="user_disabled").reason == "调离"
    people.enable_user(user, by=By(ADMIN, now))
    assert signing_in.authenticate("city", PASSWORD, address="", now=now)


def test_unlocking(make, now):
    user = make("city")
    for _ in range(5):
        signing_in.authenticate("city", "wrong", address="", now=now)
    people.unlock_user(user, by=By(ADMIN, now))
    assert signing_in.authenticate("city", PASSWORD, address="", now=now)


def change(user, new, now, old=PASSWORD):
    return credentials.change_password(user, old, new, by=By(user.actor("10.2.2.2"), now))


def test_a_new_password_ends_sessions_and_counts_ninety_days(make, now):
    user = make("city")
    changed = change(user, "Another-2026-Ting", now)
    assert changed.session_epoch == user.session_epoch + 1
    assert not changed.must_renew(now + timedelta(days=90))
    assert changed.must_renew(now + timedelta(days=91))
    assert signing_in.authenticate("city", PASSWORD, address="", now=now) is None
    assert signing_in.authenticate("city", "Another-2026-Ting", address="", now=now)


def test_the_last_five_passwords_are_not_used_again(make, now):
    user = make("city")
    used = [PASSWORD] + [f"Number-{n}-2026-Ting" for n in range(1, 6)]
    for old, new in zip(used, used[1:], strict=False):
        user = change(user, new, now, old=old)
    for former in used[1:]:
        with pytest.raises(NotAllowed, match="最近 5 次"):
            change(user, former, now, old=used[-1])
    assert change(user, used[0], now, old=used[-1])  # the sixth is free again
    assert len(User.objects.get(pk=user.pk).password_history) == 5


def test_a_wrong_present_password_counts_towards_the_lock_and_tells_nothing(make, now):
    user = make("city")
    for _ in range(5):
        with pytest.raises(NotAllowed, match="原密码不正确"):
            change(user, PASSWORD, now, old="wrong")  # PASSWORD is in use: must not be told
        user.reload()
    assert user.is_locked(now)
    with pytest.raises(NotAllowed, match="原密码不正确"):
        change(user, "Another-2026-Ting", now)


def test_a_reset_password_works_once_for_entering_and_must_be_changed(make, now):
    user = make("city")
    password = credentials.reset_password(user, by=By(ADMIN, now), reason="遗忘")
    assert signing_in.authenticate("city", PASSWORD, address="", now=now) is None
    assert signing_in.authenticate("city", password, address="", now=now).must_renew(now)
    assert AuditEntry.objects.get(verb="password_reset").who == "admin"
