"""What a cell means by its heading, the lines around the table, its format and its own text: forty kinds."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from app.exchange import quantities
from app.exchange.errors import ExchangeError
from app.policy import measures
from app.policy.terms import Mode
from tests.builders.workbooks import HEADINGS, OTHER, UNIT, book, read, table, unit

FIXED, DAY = HEADINGS[:5], HEADINGS[6]
FIRST = UNIT[:5]


def figures(headings, *numbers, above=(), below=()):
    """A ledger whose figures stand under these headings, with lines above the table and below its header."""
    lines = [[None] * 5 + list(line) for line in below]
    return book([*above, [*FIXED, *headings], *lines, [*FIRST, *numbers]])


def output(data, **options):
    """The output of the first row, else the key of the question, else the reason of the refusal."""
    found = read(data, **options)
    if found.questions:
        return [question.key for question in found.questions]
    return found.rows[0].output_value if found.rows else found.refused[0].why


# --- units -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (figures(["上年产值"], 1.2, below=[["亿元"]]), 12000),
        (figures(["上年产值"], 1.2, below=[["（亿元）"]]), 12000),
        (figures(["上年产值"], 1.2, above=[["单位：亿元"]]), 12000),
        (figures(["上年产值"], 1.2, above=[["汇总表"], [None, None, "（金额单位：亿元）"]]), 12000),
        (figures(["上年产值"], 1.2, above=[["计量单位：亿元、吨标准煤"]]), 12000),
        (figures(["上年产值（亿元，含税）"], 1.2), 12000),
        (figures(["上年产值（含税）（亿元）"], 1.2), 12000),
        (figures(["上年产值（人民币亿元）"], 1.2), 12000),
        (figures(["上年产值：亿元"], 1.2), 12000),
        (figures(["工业总产值亿元"], 1.2), 12000),
        (figures(["上年产值（亿元）"], 1.2, above=[["单位：吨标准煤"]]), 12000),
        (figures(["上年产值"], "1.2亿元"), 12000),
        (figures(["上年产值（万元）"], "1.2亿元"), 12000),
    ],
)
def test_unit_is_found_wherever_it_is_stated(data, value):
    assert output(data) == value


@pytest.mark.parametrize(
    "data",
    [
        figures(["上年产值"], 1.2),
        figures(["上年产值（含税）"], 1.2),
        figures(["上年产值"], 1.2, above=[["单位：万美元"]]),
        figures(["上年产值"], 1.2, above=[["填报单位：云城区工业和信息化局"]]),
        figures(["上年产值（万元）"], 1.2, above=[["单位：亿元"]]),
        figures(["上年产值万美元"], 1.2),
        figures(["上年产值（吨）"], 1.2),
        figures(["上年产值"], 1.2, below=[["万美元"]]),
        book([[*FIXED, "上年产值"], [*FIRST, "1.2亿元"], [*OTHER[:5], 300]]),
    ],
)
def test_unit_that_is_not_stated_or_not_known_is_asked_for(data):
    assert output(data) == ["unit:output_value"]


def test_answer_is_the_unit_or_leaves_the_column_out():
    data = figures(["上年产值"], 1.2)
    assert output(data, answers={"unit:output_value": "亿元"}) == 12000
    assert output(data, answers={"unit:output_value": "不导入"}) is None
    with pytest.raises(ExchangeError, match="不在可选范围内；可选：万元、亿元"):
        read(data, answers={"unit:output_value": "斤"})


def test_column_without_numbers_needs_no_unit():
    assert output(figures(["上年产值"], None)) is None
    assert output(figures(["上年产值"], "/")) is None


def test_unit_of_a_column_that_the_clerk_names():
    names = dict(enumerate(("area", "kind", "name", "credit_code", "mode", "output_value")))
    assert output(figures(["规上口径数（亿元）"], 1.2), mapping=names) == 12000
    assert output(figures(["规上口径数/亿元"], 1.2), mapping=names) == 12000
    assert output(figures(["规上口径数"], 1.2), mapping=names) == ["unit:output_value"]


def test_joules_are_converted_by_the_standard_and_said_so():
    found = read(figures(["综合能耗（tce）"], "10000GJ"))
    assert found.rows[0].energy == Decimal("341.2")
    assert measures.JOULES in found.normalised[0].now


@pytest.mark.parametrize("heading", ["综合能耗（万kWh）", "综合能耗（立方米）", "综合能耗（万元）"])
def test_other_quantities_are_no_energy(heading):
    (question,) = read(figures([heading], 10)).questions
    assert question.choices == ("不导入",)


# --- years -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (figures(["产值（万元）", None, None], 8, 9, 10, below=[["2023年", "2024年", "2025年"]]), 10),
        (figures(["2025年产值（万元）", "2026年产值（万元）"], 10, 11), 10),
        (figures(["前年产值（万元）", "去年产值（万元）", "本年产值（万元）"], 8, 9, 10), 9),
        (figures(["2026年目标产值（万元）", "产值（万元）"], 11, 10), 10),
        (figures(["预计产值（万元）", "2025年度工业总产值（亿元）"], 11, 10), 100_000),
        (figures(["产值（2024年，万元）", "产值（2025年，万元）"], 9, 10), 10),
        (figures(["2026年目标产值（万元）"], 11), None),
    ],
)
def test_last_year_is_taken_and_no_other(data, value):
    assert output(data) == value


def test_year_of_a_group_heading():
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = workbook.add_worksheet()
    page.merge_range("A1:E1", "基本情况")
    page.merge_range("F1:G1", "2024年度")
    page.merge_range("H1:I1", "2025年度")
    page.write_row(1, 0, [*FIXED, *["产值（万元）", "能耗（tce）"] * 2])
    page.write_row(2, 0, [*FIRST, 8, 80, 9, 90])
    workbook.close()
    (row,) = read(stream.getvalue()).rows
    assert (row.output_value, row.energy) == (9, 90)


def test_only_another_year_is_asked_about():
    data = figures(["2024年产值（万元）"], 9)
    (question,) = read(data).questions
    assert question.key == "year:output_value" and "没有2025年的" in question.why
    assert output(data, answers={question.key: "不导入"}) is None
    assert output(data, answers={question.key: question.choices[1]}) == 9


def test_two_columns_of_the_same_figure_are_asked_about():
    data = figures(["产值（万元）", "工业总产值（万元）"], 9, 10)
    (question,) = read(data).questions
    assert output(data, answers={question.key: question.choices[1]}) == 10


# --- formats, formulas, days ------------------------------------------------------------------------------


def formatted(value, number_format, heading=HEADINGS[5], column=6, **options):
    stream = io.BytesIO()
    file = openpyxl.load_workbook(io.BytesIO(table(UNIT)))
    cell = file.active.cell(2, column)
    cell.value, cell.number_format = value, number_format
    file.active.cell(1, column).value = heading
    for name, option in options.items():
        setattr(file, name, option)
    file.save(stream)
    return stream.getvalue()


def test_percent_is_no_output():
    assert "45%”是百分数" in output(formatted(0.45, "0%"))


def test_number_shown_smaller_is_remarked():
    found = read(formatted(12_000_000, "#,##0.00,"))
    assert found.rows[0].output_value == 12_000_000 and "12000（按格式缩小显示）" in found.normalised[0].was


@pytest.mark.parametrize("number_format", ["General", "#,##0.00", '0.00"万元"', "0.0_ ", '[红色]0"%"'])
def test_other_formats_change_nothing(number_format):
    found = read(formatted(1200.5, number_format.replace("红色", "Red")))
    assert found.rows[0].output_value == Decimal("1200.5") and not found.normalised


def test_number_of_a_day_in_a_book_that_counts_from_1904():
    epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    data = formatted(46113 - 1462, "General", DAY, 7, epoch=epoch)
    assert read(data).rows[0].submitted_on == datetime.date(2026, 4, 1)


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2026-04-01T20:00:00Z", 2),
        ("2026-04-01T23:00:00+09:00", 1),
        ("2026-04-01 00:30:00 +0900", None),  # still the last day of March in Beijing
        (20260401, 1),
        (46113.99, 1),
    ],
)
def test_day_is_the_one_of_beijing(stated, day):
    found, _ = quantities.day(stated, (2026,))
    assert found == (datetime.date(2026, 4, day) if day else datetime.date(2026, 3, 31))


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        (('=IF(Z2="","",Z2)', ""), None),
        (('=IFERROR(VLOOKUP(A2,Z:Z,1,0),"")', ""), None),
        (('=IF(C2="","",C2)', ""), "公式"),  # C2 is not empty: nobody has calculated this
        (("=A2&B2", ""), "公式"),
    ],
)
def test_formula_that_gave_empty_text_is_an_empty_cell(formula, why):
    found = read(table([*UNIT[:5], formula, UNIT[6]]))
    assert (
        (found.refused[0].why if found.refused else None) is None
        if why is None
        else why in found.refused[0].why
    )


# --- text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "value", "why"),
    [
        ("管理平台受理号", 202603240001234567, "末位可能已丢失"),
        ("管理平台受理号", "2.02603E+17", "四舍五入"),
        ("联系电话", "1.38001E+10", "四舍五入"),
        ("上年产值（万元）", 1e15, "末位可能已丢失"),
    ],
)
def test_lost_digits_are_refused(heading, value, why):
    (refusal,) = read(table([*FIRST, value], headings=[*FIXED, heading])).refused
    assert why in refusal.why


@pytest.mark.parametrize(("answer", "mode"), [("是", Mode.THIRD_PARTY), ("否", Mode.SELF)])
def test_yes_and_no_under_a_question(answer, mode):
    headings = [*FIXED[:4], "是否第三方评价", "第三方机构"]
    institution = "广东虚构评价有限公司" if mode is Mode.THIRD_PARTY else None
    assert read(table([*UNIT[:4], answer, institution], headings=headings)).rows[0].mode is mode
    assert read(table(unit(评价方式=answer))).refused


@pytest.mark.parametrize("stroke", ["/", "—", "－", "无", "暂无", "不涉及", " - "])
def test_strokes_that_mean_none(stroke):
    assert read(table(unit(上年产值=stroke, 管理平台=stroke))).rows[0].submitted_on is None
