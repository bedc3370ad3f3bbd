"""A unit or an institution that takes a new name: its records show it, and are found by the old one too (第二十条)."""

import pytest

from app.policy.terms import Kind
from app.services.core import rules
from app.services.core.by import By
from app.services.oversight import sanctions
from app.services.registry import units
from models.filing.evaluations import Evaluation
from models.lists import Objection
from models.registry.evaluators import Engagement
from models.registry.units import Unit
from models.search import matching
from tests.builders import cases, world


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def found(model, text):
    return matching(model.objects, text).count()


def test_every_record_shows_the_new_name_and_is_found_by_both():
    application = cases.on_notice(cases.unit(name="云城起名有限公司"))
    cases.objection(application)
    cases.report(Unit.objects.get(), kind=Kind.PARK)
    unit = Unit.objects.get()
    changed = {"name": "云城更名有限公司"}
    units.update_unit(unit, changed, version=unit.version, by=By(cases.COUNTY, cases.JULY))
    cases.report(unit.reload(), kind=Kind.SUPPLY_CHAIN, now=cases.JULY)  # made afterwards
    assert Objection.objects.get().unit_name == "云城更名有限公司"
    assert Evaluation.objects.distinct("unit_name") == ["云城更名有限公司"]
    for text in ("起名", "更名"):
        assert (found(Unit, text), found(Evaluation, text), found(type(application), text)) == (1, 3, 1), text


def test_an_institution_is_found_by_its_new_name():
    unit, of = cases.unit(), cases.evaluator("云城旧称评价中心")
    side = world.SimpleNamespace(
        evaluator=of,
        county=cases.COUNTY,
        evaluator_actor=cases.actor(cases.Role.EVALUATOR, evaluator_id=of.pk),
    )
    world.engage(side, unit, Kind.FACTORY)
    world.third_party_report(side, unit, Kind.FACTORY)
    sanctions.change_evaluator(
        of, {"name": "云城新称评价中心"}, version=of.version, by=By(cases.CITY, cases.JULY)
    )
    assert Engagement.objects.get().evaluator_name == "云城新称评价中心"
    assert found(Evaluation, "新称") == 1
