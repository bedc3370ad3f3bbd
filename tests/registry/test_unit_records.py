"""Records of a unit carry its labels: taken from the unit in scope, and following it wherever it goes (第二十条)."""

from datetime import date
from typing import Any

import pytest

from app.policy.flow import NotAllowed
from app.policy.terms import Kind, Level, Mode, Role
from app.services.core import records, rules
from app.services.core.by import By
from app.services.registry import units
from models.accounts.people import User
from models.audit import AuditEntry
from models.database import documents
from models.registry.units import Unit
from models.search import matching
from models.unit_record import UnitRecord, unit_records
from tests.builders import cases
from tests.builders.specimens import specimen

# What a record of each model needs beside its unit.
NEEDED: dict[str, dict[str, Any]] = {
    "Application": {},
    "Engagement": {"evaluator_id": "5" * 24, "since": date(2026, 4, 1), "until": date(2026, 12, 31)},
    "Evaluation": {"mode": Mode.SELF.value},
    "AnnualReport": {},
    "Objection": {
        "application_id": "5" * 24,
        "notice_id": "5" * 24,
        "received_on": date(2026, 4, 1),
        "matter": "虚构异议",
    },
    "Listing": {"level": Level.MUNICIPAL.value, "entered_on": date(2026, 4, 1)},
    "ReminderEntry": {
        "rule": "annual_report",
        "subject": "5" * 24,
        "name": "云城旧名有限公司（绿色工厂）",
        "due": date(2026, 4, 30),
        "step": "start",
        "recipient": "none",
        "text": "请报送",
        "at": cases.APRIL,
        "state": "sent",
    },
}
MODELS = pytest.mark.parametrize("model", unit_records(), ids=lambda model: model.__name__)
FOLLOWING = pytest.mark.parametrize(
    "model", [model for model in unit_records() if model.FOLLOWS_NAME], ids=lambda model: model.__name__
)


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def record(model: type[UnitRecord], unit: Unit, **values: Any) -> UnitRecord:
    """An unsaved record that lacks nothing but the unit's labels."""
    if model.__name__ not in NEEDED:
        made = specimen(model, unit)
        for name, value in values.items():
            setattr(made, name, value)
        return made
    given = {"unit_id": unit.pk, "kind": Kind.FACTORY.value, "year": 2026} | NEEDED[model.__name__] | values
    return model(**{name: value for name, value in given.items() if name in model._fields})


def saved(model: type[UnitRecord], unit: Unit) -> UnitRecord:
    made = record(model, unit)
    made.copy_unit(unit)
    return made.save()


def test_every_model_with_a_unit_and_an_area_is_a_unit_record():
    own = {model for model in documents() if {"unit_id", "area"} <= set(model._fields)}
    others = {AuditEntry, User}  # what happened stays as written; an account is no record of a unit
    assert own - others == set(unit_records())


@MODELS
def test_a_foreign_unit_cannot_be_given_ones_own_area(model, monkeypatch):
    foreign = cases.unit(cases.ELSEWHERE)
    for role in (Role.COUNTY, Role.UNIT):
        actor = cases.actor(role, area=cases.AREA)
        # whatever the table of rights says: scope alone must refuse it
        monkeypatch.setattr(records.access, "may", lambda *_: True)
        with pytest.raises(NotAllowed, match="无权|不能|只能"):
            records.create(record(model, foreign, area=cases.AREA), by=By(actor, cases.APRIL))
    assert model.objects.count() == 0


@MODELS
def test_a_record_is_not_given_to_another_unit(model, monkeypatch):
    made, foreign = saved(model, cases.unit()), cases.unit(cases.ELSEWHERE)
    monkeypatch.setattr(records.access, "may", lambda *_: True)
    with pytest.raises(NotAllowed, match="无权"):
        records.update(made, {"unit_id": foreign.pk}, version=0, by=By(cases.CITY, cases.APRIL))
    assert made.reload().unit_id != foreign.pk


@MODELS
def test_a_new_record_takes_the_labels_of_its_unit(model, monkeypatch):
    monkeypatch.setattr(records.access, "may", lambda *_: True)
    unit = cases.unit(former_names=[{"name": "云城曾用有限公司"}], name="云城现名有限公司")
    wrong = record(model, unit, area=cases.ELSEWHERE, unit_name="别的单位", credit_code="X")
    made = records.create(wrong, by=By(cases.CITY, cases.APRIL)).reload()
    assert (made.unit_name, made.area, made.credit_code) == (unit.name, unit.area, unit.credit_code)
    assert made.former_names == ["云城曾用有限公司"]


@MODELS
def test_every_record_moves_with_its_unit(model):
    unit, other = cases.unit(), cases.unit()
    moved, stayed = saved(model, unit), record(model, other, recipient="other")
    stayed.copy_unit(other)
    stayed.save()
    units.update_unit(unit, {"area": cases.ELSEWHERE}, version=unit.version, by=By(cases.CITY, cases.JULY))
    assert (moved.reload().area, stayed.reload().area) == (cases.ELSEWHERE, cases.AREA)


@FOLLOWING
def test_every_record_shows_the_new_name_and_keeps_the_former(model):
    unit = cases.unit(name="云城旧名有限公司")
    made = saved(model, unit)
    units.update_unit(
        unit, {"name": "云城新名有限公司"}, version=unit.version, by=By(cases.COUNTY, cases.JULY)
    )
    made.reload()
    assert (made.unit_name, made.former_names) == ("云城新名有限公司", ["云城旧名有限公司"])
    if model.SEARCHED:
        assert [matching(model.objects, text).count() for text in ("旧名", "新名")] == [1, 1]


def test_a_reminder_keeps_the_words_that_were_sent():
    kept = [model.__name__ for model in unit_records() if not model.FOLLOWS_NAME]
    assert kept == ["ReminderEntry"]
    unit = cases.unit(name="云城旧名有限公司")
    made = saved(next(model for model in unit_records() if not model.FOLLOWS_NAME), unit)
    units.update_unit(
        unit, {"name": "云城新名有限公司"}, version=unit.version, by=By(cases.COUNTY, cases.JULY)
    )
    assert made.reload().name == "云城旧名有限公司（绿色工厂）"


@MODELS
def test_a_record_written_before_it_had_these_labels_still_follows(model):
    unit = cases.unit(name="云城旧名有限公司")
    made = saved(model, unit)
    labels = {"former_names": "", "credit_code": ""}
    model._get_collection().update_one({"_id": made.pk}, {"$unset": labels})
    made = model.objects.get(pk=made.pk)
    assert (made.former_names, made.credit_code) == ([], None)
    made.save()
    units.update_unit(
        unit, {"name": "云城新名有限公司"}, version=unit.version, by=By(cases.COUNTY, cases.JULY)
    )
    assert model.objects.get(pk=made.pk).area == cases.AREA
