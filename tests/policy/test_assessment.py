"""What data alone say: proposals with reasons, never a silent pass."""

from datetime import date

import pytest

from app.policy.filing.assessment import Fact, UnitFacts, judge, propose
from app.policy.filing.eligibility import LookBack
from app.policy.pack import load
from app.policy.terms import Ground, Kind, Met

CITY = load().city
LOOK_BACK = LookBack(3)


def proposed(kind, **facts):
    return {verdict.code: verdict for verdict in propose(kind, UnitFacts(**facts), CITY)}


def test_registered_and_production_address_may_lie_in_different_counties():
    verdicts = proposed("factory", registered_area="445302", production_area="4453YQ")
    assert (verdicts["A7a"].result, verdicts["A7b"].result) == (Met.MET, Met.MET)


def test_an_address_outside_the_city_does_not_meet_the_condition():
    verdicts = proposed("supply_chain", registered_area="440106", production_area="445381")
    assert (verdicts["A9a"].result, verdicts["A9b"].result) == (Met.UNMET, Met.MET)
    assert "440106" in verdicts["A9a"].why


@pytest.mark.parametrize(
    "codes, result",
    [((), Met.OPEN), (("3032",), Met.OPEN), (("5111",), Met.UNMET), (("5111", "4310"), Met.OPEN)],
)
def test_industry_can_refute_manufacturing_but_not_prove_production(codes, result):
    assert proposed("factory", industries=codes)["A7d"].result is result


@pytest.mark.parametrize("kind, code", [("park", "A8e"), ("supply_chain", "A9f")])
def test_a_registered_plan_is_named_by_its_day(kind, code):
    verdict = proposed(kind, plan_on=date(2026, 1, 9))[code]
    assert verdict.result is Met.MET and "2026-01-09" in verdict.why
    assert proposed(kind)[code].result is Met.OPEN


@pytest.mark.parametrize("kind", Kind)
def test_nothing_on_file_decides_nothing(kind):
    assert {verdict.result for verdict in proposed(kind).values()} == {Met.OPEN}


def test_a_hit_names_the_record_and_the_day_on_which_it_ends_to_count():
    removal = Fact("N3", date(2023, 5, 20), "云工信〔2023〕9号移出公告")
    verdict = judge("N3", [removal], date(2026, 5, 20), LOOK_BACK)
    assert verdict.result is Ground.PRESENT and verdict.article == 10
    assert verdict.why == "云工信〔2023〕9号移出公告（2023-05-20），计入至2026-05-20。"


def test_no_hit_is_no_proof():
    facts = [
        Fact("N3", date(2023, 5, 20), "旧移出"),
        Fact("N3", date(2026, 6, 1), "以后的移出"),
        Fact("N2", date(2026, 1, 1), "另一种情形"),
    ]
    assert judge("N3", facts, date(2026, 5, 21), LOOK_BACK).result is Ground.OPEN


def test_a_state_that_still_lasts_counts_without_end():
    verdict = judge("N6", [Fact("N6", date(2010, 1, 1), "失信被执行人")], date(2026, 5, 20), LOOK_BACK)
    assert verdict.result is Ground.PRESENT and "持续计入" in verdict.why
