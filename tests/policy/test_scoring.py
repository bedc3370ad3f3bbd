"""Scores by standard, and what reviewers' totals amount to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.policy.filing import scoring, standards
from app.policy.filing.scoring import Entry
from app.policy.filing.standards import Item, Standard
from app.policy.terms import Kind


def of(key):
    return next(standard for standard in standards.built_in_standards() if standard.key == key)


FACTORY, PARK, CHAIN = (
    of("GB/T 36132-2025"),
    of("绿色工业园区评价要求-2016"),
    of("绿色供应链管理评价要求-通用"),
)


def item(code="1", direction="rising", full=10, baseline=None, leading=None, choose=None):
    limits = [None if limit is None else Decimal(str(limit)) for limit in (baseline, leading)]
    return Item(code, "组", f"指标{code}", direction, Decimal(full), "", *limits, choose)


def sheet(*items, choose=None, **entries):
    standard = Standard("试", "1", "factory", "试", date(2026, 1, 1), tuple(items), choose=choose or {})
    assert standards.problems(standard) == []
    return scoring.score_sheet(standard, {code.removeprefix("i"): entry for code, entry in entries.items()})


def test_built_in_standards_have_the_published_number_of_items_and_points():
    assert (len(FACTORY.items), FACTORY.full) == (20, 100)
    assert (len(CHAIN.items), CHAIN.full) == (20, 100)
    assert len(PARK.items) == 31
    assert sum(not row.choose for row in PARK.items) == 18
    assert PARK.full == 24  # 18 required, two of four, and one of each other set


@pytest.mark.parametrize(
    "standard, points",
    [
        (FACTORY, {"能源低碳化": 34, "资源高效化": 22, "生产洁净化": 22, "产品绿色化": 14, "用地集约化": 8}),
        (
            CHAIN,
            {
                "绿色供应链管理战略": 20,
                "绿色供应商管理": 20,
                "绿色生产": 20,
                "绿色回收": 20,
                "绿色信息平台建设": 10,
                "绿色信息披露": 10,
            },
        ),
    ],
    ids=lambda value: getattr(value, "key", ""),
)
def test_groups_have_the_published_points(standard, points):
    found = {}
    for row in standard.items:
        found[row.group] = found.get(row.group, 0) + row.full
    assert found == points


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_standard_today(kind):
    assert standards.standards_for(kind, date(2026, 5, 1))


def test_the_standard_follows_the_day():
    assert [row.version for row in standards.standards_for("factory", date(2025, 12, 30))] == ["2018"]
    assert [row.version for row in standards.standards_for("factory", date(2025, 12, 31))] == ["2025"]


@pytest.mark.parametrize(
    "baseline, leading, value, points",
    [
        (0, 80, 0, "0"),
        (0, 80, 40, "5"),
        (0, 80, 80, "10"),
        (0, 80, 100, "10"),
        (0, 80, -3, "0"),
        (10, 2, 10, "0"),
        (10, 2, 11, "0"),
        (10, 2, 4, "7.5"),
        (10, 2, 2, "10"),
        (10, 2, 0, "10"),
        (0, 0.3, 0.1, "3.333333333333333333333333333"),
    ],
)
def test_points_are_linear_between_baseline_and_leading_value(baseline, leading, value, points):
    limits = Decimal(str(baseline)), Decimal(str(leading))
    assert scoring.linear(Decimal(10), limits, value) == Decimal(points)


def test_values_and_given_points_add_up():
    result = sheet(
        item("1", baseline=0, leading=80),
        item("2", "falling", 30, 10, 2),
        item("3", "judged", 60),
        i1=Entry(value=40),
        i2=Entry(value=4.0),
        i3=Entry(awarded=50.5),
    )
    assert (result.points, result.full, result.total) == (Decimal("78.00"), 100, Decimal("78.00"))
    assert result.problems == []


def test_what_does_not_apply_is_taken_out_and_the_rest_rescaled():
    rows = item("1", baseline=0, leading=100, full=60), item("2", "judged", 40)
    standard = Standard("试", "1", "factory", "试", date(2026, 1, 1), rows)
    entries = {"1": Entry(value=50), "2": Entry(applies=False)}
    assert scoring.score_sheet(standard, entries).total == Decimal("50.00")
    assert scoring.score_sheet(standard, entries, rescale=False).total == Decimal("30.00")


def test_an_empty_sheet_has_no_total_and_says_what_is_missing():
    result = sheet(item("1", baseline=0, leading=1), item("2", "judged"), i1=Entry(), i2=Entry(value=3))
    assert result.total == 0
    assert result.problems == ["1“指标1”没有填写数值。", "2“指标2”没有填写得分。"]
    assert sheet(item("1"), i1=Entry(applies=False)).total == 0


@pytest.mark.parametrize("awarded", [-0.5, 10.5])
def test_points_beyond_the_items_are_refused(awarded):
    result = sheet(item("1", "judged"), i1=Entry(awarded=awarded))
    assert result.problems == ["1“指标1”的得分应在 0 至 10 之间。"]


def test_only_the_best_of_a_set_count():
    rows = [item(code, full=10, baseline=0, leading=100, choose="选二") for code in "123"]
    result = sheet(*rows, choose={"选二": 2}, i1=Entry(value=10), i2=Entry(value=90), i3=Entry(value=70))
    assert [line.counted for line in result.lines] == [False, True, True]
    assert (result.full, result.total) == (20, Decimal("80.00"))
    result = sheet(*rows, choose={"选二": 2}, i1=Entry(value=10), i2=Entry(value=90))
    assert result.problems == [] and result.total == Decimal("50.00")


def test_a_park_reaches_a_hundred_with_every_leading_value():
    entries = {
        row.code: Entry(value=row.leading) if row.limits else Entry(awarded=row.full) for row in PARK.items
    }
    result = scoring.score_sheet(PARK, entries)
    assert (result.total, result.problems) == (100, [])


@pytest.mark.parametrize(
    "change, expected",
    [
        ({"kind": "shop"}, "不认识的类别"),
        ({"valid_to": date(2020, 1, 1)}, "停用日早于启用日"),
        ({"items": (item("1"), item("1"))}, "序号 1 重复"),
        ({"items": (item("1", choose="组"),)}, "没有写明取几项"),
        ({"choose": {"组": 1}}, "没有写明取几项"),
        ({"items": (item("1", choose="组"),), "choose": {"组": 2}}, "应取 1 至 1 项"),
        ({"items": (item("1", "sideways"),)}, "不认识的方向"),
        ({"items": (item("1", full=0),)}, "满分应大于 0"),
        ({"items": (item("1", "rising", baseline=5, leading=5),)}, "引领值应大于基准值"),
        ({"items": (item("1", "falling", baseline=5, leading=6),)}, "引领值应小于基准值"),
    ],
)
def test_a_standard_that_cannot_be_used_is_refused(change, expected):
    standard = replace(Standard("试", "1", "factory", "试", date(2026, 1, 1), (item(),)), **change)
    assert any(expected in why for why in standards.problems(standard))


@pytest.mark.parametrize(
    "scores, gap, final",
    [
        ([], "只有 0 份", None),
        ([("甲", 80)], "只有 1 份", None),
        ([("甲", 80), ("甲", 90)], "只有 1 份", None),
        ([("甲", 80), ("乙", None)], "只有 1 份", None),
        ([("甲", 80), ("乙", 90)], "", "85.00"),
        ([("甲", 80), ("乙", 90.1)], "相差 10.1 分", None),
        ([("甲", 80), ("乙", 92), ("丙", 90)], "", "91.00"),
        ([("甲", 80), ("乙", 85), ("丙", 84.5)], "", "83.17"),
    ],
)
def test_two_independent_totals_or_a_third(scores, gap, final):
    result = scoring.compare(scores, needed=2, limit=10)
    assert gap in result.gap and bool(gap) is bool(result.gap)
    assert result.final == (final and Decimal(final))
    assert scoring.review_gap(scores, needed=2, limit=10) == result.gap


def test_totals_stay_with_their_reviewers():
    result = scoring.compare([("甲", 80.5), ("乙", 79)], needed=2, limit=10)
    assert result.totals == (("甲", Decimal("80.5")), ("乙", Decimal(79)))
    assert result.difference == Decimal("1.5")
