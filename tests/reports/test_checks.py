"""Checks between years on an invented city with seeded mistakes, and one by one."""

from decimal import Decimal

import pytest

from app.policy.reports import built_in, calculation, doubts
from app.policy.reports.doubts import Context, Known, Past
from benchmarks import report_checks

FACTORY = built_in.built_in_definitions()["factory"]
LAST = {
    "output": "21536.80",
    "energy": "1873.42",
    "electricity": "951.66",
    "carbon": "5822.90",
    "water": "30412",
    "waste": "411.5",
    "waste_used": "402.7",
    "land": "41200",
    "retrofits": "12",
    "footprint_share": "20",
    "renewable": "143.11",
}
NOW = {
    "output": "22817.11",
    "energy": "1812.43",
    "electricity": "902.44",
    "carbon": "5610.2",
    "water": "29044",
    "waste": "398.1",
    "waste_used": "371.7",
    "land": "41200",
    "retrofits": "14",
    "footprint_share": "25",
    "renewable": "150.33",
}


def numbers(cells):
    return {key: Decimal(text) for key, text in cells.items()}


def found(changed=None, last=LAST, **context):
    now = numbers(NOW | (changed or {}))
    past = [Past(2025, calculation.figures(FACTORY, numbers(last)))] if last else []
    head, declared = context.pop("head", None), context.pop("declared", ())
    return doubts.doubts(FACTORY, now, Context(2026, past, **context), head, declared)


def codes(*args, **kwargs):
    return {(one.code, one.key) for one in found(*args, **kwargs)}


def test_recall_and_false_alarms_on_a_fixed_seed():
    score = report_checks.judged(seed=7, units=80)
    assert score.recall >= 0.9
    assert score.false_alarms <= 1 / 20
    assert min(sum(hits) / len(hits) for hits in score.caught.values()) >= 0.75


def test_a_sound_form_raises_no_doubt():
    assert not found()


@pytest.mark.parametrize(
    "key, typed, words",
    [
        ("energy", "1812430", "“kgce”"),
        ("output", "228171100", "“元”"),
        ("output", "2.281711", "“亿元”"),
        ("electricity", "9024400", "“kWh”"),
        ("water", "2.9044", "“万m³”"),
        ("carbon", "56102", "十倍"),
        ("land", "412000", "十倍"),
        ("footprint_share", "0.2", "小数（应填百分数）"),
    ],
)
def test_slips_are_named_with_the_probable_unit(key, typed, words):
    (slip,) = [one for one in found({key: typed}) if one.key == key and one.code == "slip"]
    assert words in slip.text and slip.ratio is not None
    assert "2026 年表" in slip.cell and "2025 年表" in slip.other_cell


def test_honest_growth_of_everything_is_no_doubt():
    doubled = {
        key: str(Decimal(text) * Decimal("2.8"))
        for key, text in NOW.items()
        if key not in ("land", "footprint_share")
    }
    assert not [one for one in found(doubled) if one.code in ("slip", "jump")]


def test_one_cell_that_jumps_alone_is_a_doubt():
    assert ("jump", "water") in codes({"water": "98000"})


@pytest.mark.parametrize(
    "changed, key",
    [
        ({"renewable": "1900"}, "renewable"),
        ({"waste_used": "500"}, "waste_used"),
        ({"electricity": "1700"}, "electricity"),
    ],
)
def test_identities(changed, key):
    (broken,) = [one for one in found(changed, last=None) if one.code == "relation"]
    assert broken.key == key and "比值" in broken.text


def test_figures_copied_from_last_year():
    copied = {key: LAST[key] for key in ("energy", "carbon", "water")}
    assert {one.key for one in found(copied) if one.code == "copied_year"} == set(copied)
    assert not [one for one in found({"retrofits": "12"}) if one.code == "copied_year"]


def test_the_same_figure_in_two_cells():
    assert ("copied_cell", "output") in codes({"water": "22817.11"}, last=None)
    assert not [one for one in found({"waste_used": "398.1"}) if one.code == "copied_cell"]  # all of it used


def test_copied_from_another_unit_without_saying_which():
    (twin,) = [one for one in found(last=None, twins=[numbers(NOW)]) if one.code == "twin"]
    assert "另一单位" in twin.text


def test_the_industrys_median_needs_five_units_and_leaves_an_unlike_unit_alone():
    peers = [{"output": Decimal(20000 + 900 * n), "energy": Decimal(90000 + 4000 * n)} for n in range(6)]
    assert ("industry", "energy") in codes(last=None, peers=peers)
    assert ("industry", "energy") not in codes(last=None, peers=peers[:4])
    assert ("industry", "energy") not in codes(peers=peers)  # as far from its industry as last year


def test_the_register_answers_where_there_is_no_earlier_form():
    known = Known(numbers={"energy": Decimal("1700")})
    assert ("slip", "energy") in codes({"energy": "1812430"}, last=None, known=known)
    assert not codes(last=None, known=known)


def test_name_address_and_boundary():
    known = Known(("云浮市甲有限公司", "云浮市旧甲有限公司"), ("虚构镇一路1号",), "东至河、西至路")
    head = {"name": "云浮市旧甲有限公司", "address": "别处", "boundary": "南至山"}
    found_keys = {one.key: one.text for one in found(known=known, head=head)}
    assert set(found_keys) == {"name", "address", "boundary"} and "曾用名" in found_keys["name"]
    assert not found(
        known=known, head={"name": "云浮市甲 有限公司", "address": "云城区虚构镇一路1号", "boundary": ""}
    )
    assert not found(known=known, head=head, declared=("name", "address", "boundary"))


def test_every_doubt_names_two_cells():
    peers = [{"output": Decimal(20000 + 900 * n), "energy": Decimal(90000 + 4000 * n)} for n in range(6)]
    known, head = Known(("甲",), ("乙",)), {"name": "丙", "address": "丁"}
    wrong = {
        "energy": "1812430",
        "water": "22817.11",
        "renewable": "1900",
        "carbon": "5822.90",
        "electricity": "951.66",
        "waste": "411.5",
    }
    for one in found(wrong, peers=peers, known=known, head=head, twins=[numbers(NOW)]):
        assert one.cell and one.other_cell and one.text.endswith("。")
