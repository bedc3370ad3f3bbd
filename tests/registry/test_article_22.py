"""第二十二条: an institution whose reports are no longer accepted is not engaged while that lasts."""

from datetime import date, datetime

import pytest

from app.clock import SHANGHAI
from app.policy.flow import NotAllowed
from app.services.core import rules
from app.services.core.by import By
from app.services.oversight import sanctions
from app.services.registry import evaluators
from models.oversight import Sanction
from tests.builders import cases


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def test_article_22_an_institution_under_sanction_is_not_engaged_until_it_ends():
    institution, unit = cases.evaluator(), cases.unit()
    banned = Sanction(
        basis=Sanction.basis.choices[0][0],
        facts="评价过程中弄虚作假",
        since=date(2026, 4, 1),
        until=date(2027, 3, 31),
    )
    sanctions.change_evaluator(
        institution, {"sanctions": [banned]}, version=institution.version, by=By(cases.CITY, cases.APRIL)
    )
    given = {
        "unit_id": unit.pk,
        "kind": "factory",
        "year": 2027,
        "evaluator_id": institution.pk,
        "since": date(2027, 3, 31),
        "until": date(2027, 12, 31),
    }
    last, free = (datetime(2027, *day, 9, tzinfo=SHANGHAI) for day in ((3, 31), (4, 1)))
    with pytest.raises(NotAllowed, match="不再采信.*第二十二条"):
        evaluators.engage_evaluator(given, by=By(cases.COUNTY, last))
    assert evaluators.engage_evaluator(given, by=By(cases.COUNTY, free)).evaluator_id == institution.pk
