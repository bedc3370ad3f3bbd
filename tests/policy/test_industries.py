"""Industries: names, what is manufacturing, and codes as ledgers write them."""

from pathlib import Path

import openpyxl
import pytest

from app.policy.filing import industries

CLASSES = industries._names()[1]
LEDGERS = sorted((Path(__file__).parent.parent / "data").glob("推荐汇总表-*.xlsx"))


@pytest.mark.parametrize(
    "code, manufacturing",
    [
        ("1311", True),
        ("1299", False),
        ("4390", True),
        ("4411", False),
        ("303", False),
        ("30a2", False),
        ("30320", False),
        ("", False),
    ],
)
def test_divisions_13_to_43_are_manufacturing(code, manufacturing):
    assert industries.is_manufacturing(code) is manufacturing
    assert bool(industries.problem(code)) is not manufacturing


def test_names_of_2017_not_of_2011():
    assert industries.name("3032") == "建筑用石加工"
    assert industries.name("3612") == "新能源车整车制造"
    assert industries.name("3099") == "非金属矿物制品业"
    assert industries.name("9999") == ""


def test_every_named_class_is_manufacturing_and_in_order():
    codes = list(CLASSES)
    assert all(industries.is_manufacturing(code) for code in codes)
    assert codes == sorted(codes)


@pytest.mark.parametrize(
    "text, codes",
    [
        ("食品（1422）", ("1422",)),
        ("3032、3382", ("3032", "3382")),
        ("3032 3032", ("3032",)),
        ("电话07661234", ()),
    ],
)
def test_codes_are_found_in_a_cell(text, codes):
    assert industries.codes_in(text) == codes


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_every_code_of_the_sample_ledgers_has_a_name(path):
    sheet = openpyxl.load_workbook(path, read_only=True).active
    cells = [row[5] for row in sheet.iter_rows(min_row=4, values_only=True) if row[5]]
    codes = {code for cell in cells for code in industries.codes_in(str(cell))}
    assert codes and all(code in CLASSES for code in codes)
