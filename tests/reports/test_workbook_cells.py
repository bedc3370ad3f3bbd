"""Cells of the annual workbook mean what Excel shows: percent, units, days, long numbers (第十八条)."""

import io

import pytest
from openpyxl import load_workbook

from app.policy.terms import RowOutcome
from tests.builders import reports
from tests.builders.report_workbooks import MAIN, plan, template

pytestmark = pytest.mark.usefixtures("db")


def headings(content):
    return {cell.value: cell.column for cell in load_workbook(io.BytesIO(content))[MAIN][2]}


def written(beginning, value, number_format="General", heading=None):
    """The template with one cell of the first unit filled in, its column perhaps renamed."""
    content = template()
    book = load_workbook(io.BytesIO(content))
    page = book[MAIN]
    (column,) = [column for name, column in headings(content).items() if name and name.startswith(beginning)]
    cell = page.cell(4, column)
    cell.value, cell.number_format = value, number_format
    if heading:
        page.cell(2, column).value = heading
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def only_row(content):
    (row,) = plan(content).rows
    return row


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.45, "0%", "45%"),
        (0.019, "0.0%", "1.9%"),
        (0.4512, '0.00"%"', "0.4512%"),  # a literal sign changes nothing
        (45, "General", "45%"),
        ("45%", "@", "45%"),
        ("４５％", "@", "45%"),
    ],
)
def test_percent_is_what_the_cell_shows(value, number_format, shown):
    reports.listed()
    row = only_row(written("建筑系数", value, number_format))
    assert row.outcome is RowOutcome.NEW, row.problems
    assert {label: new for label, _, new in row.differences}["建筑系数"] == shown


def test_percent_in_a_column_of_another_unit_is_refused():
    reports.listed()
    row = only_row(written("综合能源消费量", 0.45, "0%"))
    assert row.outcome is RowOutcome.REFUSED and "45%”是百分数" in row.problems[0]


def test_receipt_saved_as_a_number_is_refused_instead_of_rounded():
    reports.listed()
    row = only_row(written("管理平台受理号", 202603240001234567))
    assert row.outcome is RowOutcome.REFUSED and "末位可能已丢失" in row.problems[0]


@pytest.mark.parametrize("value", [46082, "46082", "2026-03-01T10:00:00.000Z", "2026年3月1号"])
def test_day_of_submission_in_any_usual_form(value):
    reports.listed()
    row = only_row(written("管理平台提交日期", value))
    assert "2026-03-01" in {new for _, _, new in row.differences}, row.problems


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [("GJ", 10000, "341.2 tce"), ("千克标准煤", 350000, "350 tce"), ("万吨标煤", "0.035", "350 tce")],
)
def test_units_of_headings_are_those_of_the_ledger(unit, value, shown):
    reports.listed()
    (name,) = [name for name in headings(template()) if name and name.startswith("综合能源消费量")]
    row = only_row(written("综合能源消费量", value, heading=name.replace("（tce）", f"（{unit}）")))
    assert shown in {new for _, _, new in row.differences}, row.problems
    assert any("GB/T 2589" in doubt for doubt in row.doubts) is (unit == "GJ")
