"""One name has one spelling, whichever door it comes through; another spelling is no change of name (第二十条)."""

import pytest

from app.policy import spelling
from app.services.core import records, rules
from app.services.core.by import By
from app.services.ledger import batches
from app.services.registry import units
from models.lists import Listing
from models.registry.units import Unit
from models.search import matching
from tests.builders import cases, ledger

NAME = "云浮市试四号石材（云浮）有限公司"


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


@pytest.mark.parametrize(
    "stated",
    [
        "云浮市试四号石材(云浮)有限公司",
        " 云浮市 试四号石材（云浮）\n有限公司",
        "云浮市\u200b试四号石材（云浮）有限公司\ufeff",
        "云浮市试四号⽯材（云浮）有限公司",  # a radical, as PDF readers give it
        "云浮市试四号石\ufe00材（云浮） 有限公司",
        "云浮市试四号石材﹙云浮﹚有限公司",
    ],
)
def test_form_and_import_store_the_same_spelling(stated):
    unit = cases.unit(name=stated)
    assert unit.name == NAME
    data = ledger.workbook([ledger.row(0, 单位名称=stated)])
    (row,) = batches.parse_ledger(data, year=2026).rows
    assert row.name == NAME


@pytest.mark.parametrize(
    "stated",
    [
        "TCL 空调器（中山）有限公司",
        "云浮市𠮷记石材有限公司",
        "云浮市\U00031350记石材有限公司",
        "云浮 3M 公司",
    ],
)
def test_what_belongs_to_a_name_stays(stated):
    assert cases.unit(name=stated).name == stated


@pytest.mark.parametrize(
    ("character", "what"), [("\ue863", "自造字"), ("\ufffd", "乱码"), ("\U000f0000", "自造字")]
)
def test_character_that_cannot_be_kept_is_refused_with_its_place_at_every_door(character, what):
    stated = f"云浮市{character}记石材有限公司"
    with pytest.raises(records.Invalid, match=f"第4个字是{what}"):
        cases.unit(name=stated)
    data = ledger.workbook([ledger.row(0, 单位名称=stated)])
    (refusal,) = batches.parse_ledger(data, year=2026).refused
    assert f"第4个字是{what}" in refusal.why


def test_article_20_another_spelling_is_no_change_of_name():
    unit = cases.unit(name=NAME)
    Unit.objects(pk=unit.pk).update(
        set__name="云浮市 试四号石材(云浮)有限公司"
    )  # as an older release stored it
    unit.reload()
    fresh = units.update_unit(unit, {"name": NAME}, version=unit.version, by=By(cases.COUNTY, cases.JULY))
    assert fresh.name == NAME and fresh.former_names == []


def test_article_20_import_in_another_spelling_leaves_a_listed_unit_as_it_is():
    application = cases.listed()
    unit = Unit.objects.get()
    assert Listing.objects.count() == 1
    spelled = f"{unit.name[:3]} {unit.name[3:]}"
    row = ledger.row(0, 单位名称=spelled, 统一社会信用代码=unit.credit_code, **{"县（市、区）": "云城区"})
    plan = batches.examine_ledger(
        ledger.workbook([row]), year=application.year, by=By(cases.CITY, cases.JULY)
    )
    assert not [why for _, _, why in plan.refused if "第二十条" in why]
    assert unit.reload().former_names == []


def test_former_name_in_brackets_is_parted_from_the_name():
    city = cases.CITY
    stated = "云浮市新称石材有限公司（原云浮市旧称石材（云浮）有限公司）"
    _, batch = ledger.imported(ledger.workbook([ledger.row(0, 单位名称=stated)]), city)
    unit = Unit.objects.get()
    assert unit.name == "云浮市新称石材有限公司"
    assert [former.name for former in unit.former_names] == ["云浮市旧称石材（云浮）有限公司"]
    assert matching(Unit.objects, "旧称石材(云浮)").count() == 1


@pytest.mark.parametrize("name", ["云浮市某厂（原料）", "云浮市原野石材有限公司", "甲（原址）"])
def test_brackets_that_are_part_of_the_name_stay(name):
    assert spelling.parted(name) == (name, "")


def test_search_sees_through_what_nobody_sees():
    cases.unit(name=NAME)
    for query in ("试四号\u200b石材", "试四号 石材(云浮)", "\ufeff试四号⽯材"):
        assert matching(Unit.objects, query).count() == 1, query


def test_credit_code_with_invisible_characters_is_the_code():
    code = cases.credit_code(cases.AREA)
    unit = cases.unit(credit_code=f"\ufeff{code[:8].lower()}\u200b {code[8:]}")
    assert unit.credit_code == code


@pytest.mark.parametrize("body", ["N2445302MA9T00001", "Y1445302MA9T00001", "A1445302MA9T00001"])
def test_codes_of_other_registers_begin_with_a_letter(body):
    digits = next(each for each in "0123456789ABCDEFGHJKLMNPQRTUWXY" if spelling.is_credit_code(body + each))
    assert cases.unit(credit_code=body + digits).credit_code == body + digits
    assert not any(spelling.is_credit_code(body + each) for each in "0123456789" if each != digits)
