"""Conditions and grounds: the catalogue against the law, the look-back on its boundary days, gaps."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.policy.filing import eligibility
from app.policy.filing.eligibility import BY_CODE, GROUNDS, LookBack, conditions, requirements
from app.policy.pack import load
from app.policy.terms import Ground, Kind, Met

PACK = load()
TODAY = date(2026, 5, 20)
YEARS = PACK.exclusion_years


@dataclass
class Found:
    code: str
    result: str
    source: str | None = "信用中国"
    checked_on: date | None = TODAY
    fact_on: date | None = None
    ended_on: date | None = None


def passed(kind, **changes):
    """Findings with which everything is passed, but for the codes in `changes` (None leaves one out)."""
    rows = {row.code: Found(row.code, row.passed) for row in requirements(kind)} | changes
    return [row for row in rows.values() if row]


def test_catalogue_is_complete_and_cites_items_that_exist():
    assert [row.code for row in GROUNDS] == ["N1", "N2", "N3", "N4", "N5", "N6"]
    assert {kind: len(conditions(kind)) for kind in Kind} == {
        Kind.FACTORY: 5,
        Kind.PARK: 7,
        Kind.SUPPLY_CHAIN: 8,
    }
    for kind in Kind:
        own = conditions(kind)[0].article
        items = range(1, len(PACK.articles[own].items) + 1)
        assert {row.item for row in conditions(kind)} == set(items)
        assert requirements(kind) == conditions(kind) + GROUNDS
    assert len(BY_CODE) == len(eligibility.REQUIREMENTS)


@pytest.mark.parametrize("row", GROUNDS, ids=lambda row: row.code)
def test_grounds_carry_the_official_wording(row):
    assert row.label == PACK.quote(10, row.item)
    assert row.kinds == set(Kind)


@pytest.mark.parametrize(
    "row", conditions("factory") + conditions("park") + conditions("supply_chain"), ids=lambda row: row.code
)
def test_conditions_say_what_their_item_says(row):
    wording = PACK.quote(row.article, row.item)
    wording = wording.replace(PACK.city.name, "本市").replace(PACK.upstream["measures"].title, "办法")
    words = row.label.removeprefix("注册地在")  # the law says it of both addresses in one breath
    assert words in wording


def test_results_are_those_of_the_vocabulary():
    assert (BY_CODE["A7a"].results, BY_CODE["A7a"].passed) == (Met, Met.MET)
    assert (BY_CODE["N3"].results, BY_CODE["N3"].passed) == (Ground, Ground.ABSENT)
    assert BY_CODE["N3"].cited == "第十条（三）"


@pytest.mark.parametrize(
    "fact, on, counts",
    [
        (date(2023, 5, 20), date(2026, 5, 19), True),
        (date(2023, 5, 20), date(2026, 5, 20), True),
        (date(2023, 5, 20), date(2026, 5, 21), False),
        (date(2024, 2, 29), date(2027, 2, 28), True),
        (date(2024, 2, 29), date(2027, 3, 1), False),
        (date(2026, 5, 20), date(2026, 5, 20), True),
        (date(2026, 5, 21), date(2026, 5, 20), False),
    ],
)
def test_a_fact_counts_through_the_same_day_three_years_later(fact, on, counts):
    assert (fact <= on <= eligibility.counts_until(fact, YEARS)) is counts


def test_the_boundary_day_is_discretion():
    assert eligibility.counts_until(date(2023, 5, 20), 3) == date(2026, 5, 20)
    assert eligibility.counts_until(date(2023, 5, 20), 3, same_day_counts=False) == date(2026, 5, 19)


def test_a_state_counts_while_it_lasts_and_then_from_its_end():
    look_back = LookBack(3, lasting_years=1)
    listed, dishonest = BY_CODE["N1"], BY_CODE["N6"]
    assert look_back.until(dishonest, date(2015, 1, 1)) is None
    assert look_back.until(listed, date(2015, 1, 1), date(2025, 6, 1)) == date(2026, 6, 1)
    assert LookBack(3).until(listed, date(2015, 1, 1), date(2025, 6, 1)) == date(2028, 6, 1)
    assert look_back.until(BY_CODE["N2"], date(2025, 1, 1), date(2025, 6, 1)) == date(2028, 1, 1)
    assert [row.code for row in GROUNDS if row.lasting] == ["N1", "N5", "N6"]


@pytest.mark.parametrize("kind", Kind)
def test_nothing_is_missing_when_everything_is_passed(kind):
    findings = passed(kind)
    assert eligibility.unmet_conditions(findings, kind) == []
    assert eligibility.uncleared_grounds(findings, TODAY, YEARS, same_day=True) == []
    assert eligibility.excluding_grounds(findings, TODAY, YEARS) == []


@pytest.mark.parametrize(
    "finding, expected",
    [
        (None, "尚未核查"),
        (Found("A7b", Met.OPEN), "核查结果为“待核”"),
        (Found("A7b", "unmet"), "核查结果为“不满足”"),
        (Found("A7b", "met", source=" "), "没有写明依据"),
        (Found("A7b", "met", source=None), "没有写明依据"),
        (Found("A7b", "met", checked_on=None), "没有写明核查日期"),
    ],
)
def test_each_condition_must_be_met_with_source_and_day(finding, expected):
    (why,) = eligibility.unmet_conditions(passed("factory", A7b=finding), "factory")
    assert why.startswith("第七条（一）“实际生产场所在本市行政区域范围内”") and expected in why


@pytest.mark.parametrize(
    "finding, expected",
    [
        (None, "尚未核查"),
        (Found("N5", Ground.OPEN), "核查结果为“待核”"),
        (Found("N5", "present"), "核查结果为“有”（信用中国）"),
        (Found("N5", "absent", source=""), "没有写明依据"),
        (Found("N5", "absent", checked_on=None), "没有写明核查日期"),
        (Found("N5", "absent", checked_on=date(2026, 5, 21)), "晚于办理日期"),
    ],
)
def test_each_ground_must_be_absent_with_source_and_day(finding, expected):
    (why,) = eligibility.uncleared_grounds(passed("park", N5=finding), TODAY, YEARS)
    assert why.startswith("第十条（五）") and expected in why


def test_before_notice_and_listing_grounds_are_checked_that_very_day():
    findings = passed("factory", N6=Found("N6", "absent", checked_on=date(2026, 5, 19)))
    assert eligibility.uncleared_grounds(findings, TODAY, YEARS) == []
    (why,) = eligibility.uncleared_grounds(findings, TODAY, YEARS, same_day=True)
    assert "须在办理当日重新核查" in why


def test_open_grounds_do_not_exclude_and_present_ones_do():
    assert (
        eligibility.excluding_grounds(
            [Found("N1", "open"), Found("N2", "absent"), Found("A7a", "unmet")], TODAY, 3
        )
        == []
    )
    (why,) = eligibility.excluding_grounds([Found("N3", "present", fact_on=date(2023, 5, 20))], TODAY, 3)
    assert (
        why
        == "第十条（三）“被动态调整出绿色制造名单的”的核查结果为“有”（信用中国），计入近三年至2026-05-20。"
    )


@pytest.mark.parametrize("on, stands_in_the_way", [(date(2026, 5, 20), True), (date(2026, 5, 21), False)])
def test_a_fact_that_no_longer_counts_does_not_stand_in_the_way(on, stands_in_the_way):
    findings = passed("factory", N3=Found("N3", "present", fact_on=date(2023, 5, 20)))
    assert bool(eligibility.excluding_grounds(findings, on, YEARS)) is stands_in_the_way
    assert bool(eligibility.uncleared_grounds(findings, on, YEARS)) is stands_in_the_way


def test_a_present_ground_without_a_day_or_that_lasts_always_excludes():
    later = date(2040, 1, 1)
    assert eligibility.excluding_grounds([Found("N3", "present")], later, YEARS)
    assert eligibility.excluding_grounds([Found("N6", "present", fact_on=date(2020, 1, 1))], later, YEARS)
    assert not eligibility.excluding_grounds(
        [Found("N6", "present", fact_on=date(2020, 1, 1), ended_on=date(2022, 1, 1))], later, YEARS
    )
