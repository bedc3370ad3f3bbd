"""One audit row with each act: no transaction, no row; no row, no act."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest
from bson import ObjectId
from mongoengine.errors import OperationError

from app.policy.access import Actor
from app.policy.terms import Kind, Role
from app.services.core import audit
from app.services.core.by import By
from models.accounts.people import User
from models.audit import AuditEntry
from models.database import transact

CLERK = Actor("luoding", "陈敏", Role.COUNTY, area="445381", address="10.3.3.3")


def write(now, **values):
    return transact(lambda: audit.record("edit", by=By(CLERK, now), **values))


def test_a_row_says_who_did_what_to_which_record(make, now):
    user = make("county")
    write(now, subject=user, changes=[("name", "姓名", "甲", "乙")], reason="更正")
    entry = AuditEntry.objects.get(verb="edit")
    assert (entry.who, entry.name, entry.role, entry.area) == ("luoding", "陈敏", "county", "445381")
    assert (entry.subject_type, entry.subject_id) == ("User", str(user.pk))
    assert (entry.subject_label, entry.subject_area, entry.reason) == ("张伟（county）", "445381", "更正")
    assert str(entry.changes[0]) == "姓名：甲 → 乙"
    assert entry.at == now


def test_outside_a_transaction_nothing_is_recorded(now):
    with pytest.raises(RuntimeError):
        audit.record("edit", by=By(CLERK, now))
    assert AuditEntry.objects.count() == 0


def test_a_failed_act_leaves_no_row(now):
    def work():
        audit.record("edit", by=By(CLERK, now))
        raise ValueError

    with pytest.raises(ValueError):
        transact(work)
    assert AuditEntry.objects.count() == 0


def test_a_failed_row_leaves_no_act(make, now, monkeypatch):
    user = make("city")
    monkeypatch.setattr(AuditEntry, "save", lambda *a, **k: (_ for _ in ()).throw(OperationError("full")))

    def work():
        User.objects(pk=user.pk).modify(set__name="乙")
        audit.record("edit", by=By(CLERK, now), subject=user)

    with pytest.raises(OperationError):
        transact(work)
    assert User.objects.get(pk=user.pk).name == "张伟"


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_programs_own_database_user_cannot_change_a_row(act, now):
    entry = write(now)
    with pytest.raises(OperationError):
        entry.delete() if act == "delete" else AuditEntry.objects(pk=entry.pk).update(set__reason="x")
    assert AuditEntry.objects.get(pk=entry.pk).reason == ""


@pytest.mark.parametrize(
    "value, kept",
    [
        (None, ""),
        (True, "是"),
        (0, "0"),
        (Kind.PARK, "绿色工业园区"),
        (date(2026, 4, 1), "2026-04-01"),
        (datetime(2026, 4, 1, 9, 5), "2026-04-01 09:05:00"),
        (["甲", Kind.FACTORY], "甲、绿色工厂"),
        (b"1234", "（4 字节）"),
        ("长" * 600, "长" * 499 + "…"),
    ],
)
def test_values_are_kept_short_and_in_words(value, kept):
    assert audit.short(value) == kept


def test_the_unit_of_a_record_is_found_by_key_or_reference(now):
    unit = ObjectId()
    for subject in (
        SimpleNamespace(pk=1, unit_id=unit, county="445321"),
        SimpleNamespace(pk=2, unit=SimpleNamespace(pk=unit), area="445321"),
    ):
        entry = write(now, subject=subject)
        assert (entry.unit_id, entry.subject_area) == (unit, "445321")


def test_differences_name_only_what_changes():
    old = SimpleNamespace(name="甲", area="445381")
    labels = {"name": "名称", "area": "县"}
    assert audit.differences(old, {"name": "乙", "area": "445381", "secret": "x"}, labels) == [
        ("name", "名称", "甲", "乙")
    ]
