"""Ledgers laid out at random are read back equal, or refused or asked about: never silently different."""

import io
from dataclasses import dataclass, field
from decimal import Decimal

import xlsxwriter
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.builders.ledger import credit_code
from tests.builders.workbooks import AREAS, read

MONEY = {"万元": 1, "亿元": 10_000, "元": Decimal("0.0001"), "千元": Decimal("0.1"), "百万元": 100}
ENERGY = {
    "tce": 1,
    "吨标准煤": 1,
    "kgce": Decimal("0.001"),
    "万吨标煤": 10_000,
    "GJ": Decimal("0.03412"),
    "万吨": 10_000,
}
UNKNOWN = ("万美元", "万kWh", "%", "")
SHAPES = (
    "{0}（{1}）",
    "{0}({1})",
    "{0}[{1}]",
    "{0}【{1}】",
    "{0}（单位：{1}）",
    "{0}/{1}",
    "{0} {1}",
    "{0}\n（{1}）",
)
PLACES = ("heading", "group", "below", "above")
REQUIRED = ("县（市、区）", "类别", "单位名称", "统一社会信用代码", "评价方式")
NOISE = (
    ["一、绿色工厂（2家）"],
    ["合计", "3家"],
    ["注：本表一式两份"],
    ["（以下空白）"],
    ["经办人：张某"],
    [None],
    ["云城区（1家）"],
)
FORMATS = {"General": 1, "0.00": 1, "#,##0.00": 1, "0%": None, '0.00"万元"': 1, "0.00,,": 1}


@dataclass
class Figure:
    """One measured column: its base heading, the unit and where that stands, and the numbers below."""

    base: str
    unit: str
    factors: dict
    place: str
    shape: str
    number_format: str
    as_text: bool
    numbers: list = field(default_factory=list)

    @property
    def heading(self):
        stated = self.unit and self.place == "heading"
        return self.shape.format(self.base, self.unit) if stated else self.base

    def expected(self, number):
        factor = self.factors.get(self.unit)
        return None if factor is None else Decimal(str(number)) * factor

    def cell(self, number):
        return f"{number:,}" if self.as_text else number


@st.composite
def figures(draw, bases, factors):
    return Figure(
        draw(st.sampled_from(bases)),
        draw(st.sampled_from((*factors, *factors, *UNKNOWN))),
        factors,
        draw(st.sampled_from(PLACES)),
        draw(st.sampled_from(SHAPES)),
        draw(st.sampled_from(list(FORMATS))),
        draw(st.booleans()),
    )


@dataclass
class Layout:
    """A table as somebody lays it out."""

    titles: list
    order: list
    output: Figure
    energy: Figure
    others: list  # headings of other years and targets of the output
    rows: list  # (area, output, energy) or a noise row
    merged: bool


@st.composite
def layouts(draw):
    number = st.decimals(0, 999_999, places=3).map(float)
    entry = st.tuples(st.sampled_from(list(AREAS)), number, number)
    return Layout(
        draw(
            st.lists(
                st.sampled_from(("2026年度推荐汇总表", "注：产值填2025年度数据", "填报日期：2026年5月8日")),
                max_size=3,
            )
        ),
        draw(st.permutations(range(7))),
        draw(figures(("上年产值", "工业总产值", "2025年产值", "产值"), MONEY)),
        draw(figures(("综合能耗", "上年综合能耗", "综合能源消费量"), ENERGY)),
        draw(
            st.lists(
                st.sampled_from(
                    ("2023年产值（万元）", "2024年产值（亿元）", "2026年目标产值（万元）", "预计产值（万元）")
                ),
                unique=True,
            )
        ),
        draw(st.lists(st.one_of(entry, entry, st.sampled_from(NOISE)), min_size=1, max_size=8)),
        draw(st.booleans()),
    )


def written(layout):
    """The workbook, and by sheet row what each unit states: area, output, energy."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet()
    measured = (layout.output, layout.energy)
    above = [figure.unit for figure in measured if figure.place == "above" and figure.unit]
    titles = [*layout.titles, *([f"单位：{'、'.join(above)}"] if above else [])]
    for number, title in enumerate(titles):
        page.write(number, 0, title)
    place = {index: column for column, index in enumerate(layout.order)}
    top = len(titles) + any(figure.place == "group" for figure in measured)
    for index, heading in enumerate((*REQUIRED, layout.output.heading, layout.energy.heading)):
        page.write(top, place[index], heading)
    for index, heading in enumerate(layout.others):
        page.write(top, 7 + index, heading)
    for index, figure in enumerate(measured, start=5):
        if figure.place == "group":
            page.write(top - 1, place[index], figure.unit or "指标")
        if figure.place == "below" and figure.unit:
            page.write(top + 1, place[index], figure.unit)
    if any(figure.place == "group" for figure in measured):
        page.write(top - 1, 7 + len(layout.others), "备注")  # a group line has a second text
    row = top + 1 + any(figure.place == "below" and figure.unit for figure in measured)
    stated, last_area, runs = {}, None, []
    for number, entry in enumerate(layout.rows):
        if isinstance(entry, list):
            page.write_row(row, 0, entry)
        else:
            area, *numbers = entry
            fixed = (area, "绿色工厂", f"云浮市第{number}石材有限公司", credit_code(number), "自我评价")
            for index, text in enumerate(fixed):
                page.write_string(row, place[index], text)
            if layout.merged:
                runs.append([area, row, row]) if area != last_area else runs[-1].__setitem__(2, row)
            for index, (figure, value) in enumerate(zip(measured, numbers, strict=True), start=5):
                style = book.add_format({"num_format": figure.number_format})
                page.write(row, place[index], figure.cell(value), style)
            for index in range(len(layout.others)):
                page.write_number(row, 7 + index, 77_777)
            stated[row + 1] = (area, *numbers)
        last_area = None if isinstance(entry, list) else area
        row += 1
    for area, first, last in runs:
        if last > first:
            page.merge_range(first, place[0], last, place[0], area)
    book.close()
    return stream.getvalue(), stated


def is_right(figure, value, number):
    """Whether a number was read as what it says; a percent of anything is none of these."""
    percent = FORMATS[figure.number_format] is None and not figure.as_text
    return value is None if percent else value is None or value == figure.expected(number)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(layouts())
def test_a_number_is_read_as_what_it_says_or_not_at_all(layout):
    data, stated = written(layout)
    found = read(data)
    event("asked" if found.questions else "read")
    for row in found.rows:
        area, output, energy = stated[row.row]
        assert AREAS[area] == row.area
        assert row.output_value is not None and row.energy is not None
        assert is_right(layout.output, row.output_value, output), (layout, row)
        assert is_right(layout.energy, row.energy, energy), (layout, row)
    if not found.questions:
        accounted = {row.row for row in found.rows} | set(found.refused_rows)
        assert accounted == set(stated), "every unit is there, and nothing else"
        noise = {skipped.row for skipped in found.skipped}
        assert not noise & set(stated)
    for figure in (layout.output, layout.energy):
        if figure.factors.get(figure.unit) is None and stated:
            assert found.questions or not found.rows


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(layouts())
def test_known_units_are_asked_about_only_when_they_contradict(layout):
    known = all(figure.factors.get(figure.unit) is not None for figure in (layout.output, layout.energy))
    plain = all(FORMATS[figure.number_format] for figure in (layout.output, layout.energy))
    if not known or not plain:
        return
    data, stated = written(layout)
    found = read(data)
    assert not found.questions and {row.row for row in found.rows} == set(stated), (
        found.questions,
        found.refused,
    )
