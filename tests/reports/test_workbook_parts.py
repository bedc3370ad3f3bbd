"""Self-check and stated changes by workbook: out, back in with a preview, every bad cell named with its remedy."""

import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook

from app.exchange import report_parts
from app.exchange.errors import ExchangeError
from app.policy.reports import self_check
from app.policy.terms import RowOutcome
from app.services.core.by import By
from app.services.reports import filling, import_commit, import_plan, workbook_template
from models.reports import AnnualReport, ChangeStatement
from tests.builders import cases, reports
from tests.builders.report_workbooks import (
    CHANGE,
    CHECK,
    COUNTY,
    LABEL,
    MAIN,
    filled_in,
    moved,
    plan,
    rows,
    template,
)

pytestmark = pytest.mark.usefixtures("db")


def test_answers_and_changes_come_in_with_what_was_written_shown_in_the_preview():
    reports.listed()
    content = filled_in(
        template(),
        *((CHECK, 4, LABEL[code], "无") for code in ("N1", "N3", "N4", "N5", "N6", "quality")),
        (CHECK, 4, LABEL["N2"], "有"),
        (CHECK, 4, f"{LABEL['N2']}：说明", "2025年因噪声受罚一次，已整改"),
        (CHECK, 4, LABEL["safety"], "不适用"),
        (CHECK, 4, LABEL["environment"], "N"),
        (CHECK, 4, LABEL["low_carbon_report"], "√"),
        (CHECK, 4, LABEL["green_code"], "a+"),
        *moved(row=6),
    )
    (row,) = plan(content).rows
    assert row.outcome is RowOutcome.NEW and row.differences[0] == (
        "生产地址重大变更",
        "没有变更",
        "云城区甲路1号 → 云城区乙路2号（2025-11-30，搬迁）",
    )
    shown = {label: new for label, _, new in row.differences}
    assert shown[LABEL["N2"]] == "是，2025年因噪声受罚一次，已整改（表中写“有”）"
    assert shown[LABEL["safety"]] == "否（表中写“不适用”）"
    assert shown[LABEL["green_code"]] == "A+（表中写“a+”）"
    assert not AnnualReport.objects.count()
    ((_, why, report),) = import_commit.commit_import(plan(content), by=By(COUNTY, reports.MARCH))
    assert not why and {code: given["answer"] for code, given in report.answers.items()} == {
        "N1": "no",
        "N2": "yes",
        "N3": "no",
        "N4": "no",
        "N5": "no",
        "N6": "no",
        "safety": "no",
        "quality": "no",
        "environment": "no",
        "low_carbon_report": "yes",
        "green_code": "A+",
    }
    assert not list(self_check.self_check_gaps(report.answers))
    (stated,) = report.statements
    assert (stated.kind, stated.changed_on, stated.after) == ("address", date(2025, 11, 30), "云城区乙路2号")
    assert filling.unopened_statements(By(COUNTY, reports.TODAY)) == [(AnnualReport.objects.get(), stated)]
    assert plan(content).rows[0].outcome is RowOutcome.SAME


def test_what_is_filled_in_on_the_screen_stands_in_the_workbook_and_back_unchanged_changes_nothing():
    change = ChangeStatement(
        kind="name", before="甲厂", after="乙厂", changed_on=date(2025, 12, 1), reason="改制"
    )
    report = reports.filled(answers=reports.answers(N2="受罚一次"), statements=[change])
    content = template(report.unit_id)
    (check,) = rows(content, CHECK)
    assert check[:6] == [report.credit_code, report.unit_name, "否", None, "是", "受罚一次"]
    assert rows(content, CHANGE)[0][2:] == ["名称变更", "是", "甲厂", "乙厂", "2025-12-01", "改制"]
    assert [row.outcome for row in plan(content).rows] == [RowOutcome.SAME]
    empty = filled_in(content, (CHECK, 4, LABEL["N2"], None), (CHANGE, 4, "是否变更", "否"))
    (row,) = plan(empty).rows
    assert row.differences == (("名称变更", "甲厂 → 乙厂（2025-12-01，改制）", "没有变更"),)
    ((_, _, report),) = import_commit.commit_import(plan(empty), by=By(COUNTY, reports.MARCH))
    assert report.statements == [] and report.answers["N2"] == {"answer": "yes", "note": "受罚一次"}


def test_a_whole_area_at_once_and_only_this_area():
    for _ in range(3):
        reports.listed()
    there = reports.listed(cases.ELSEWHERE)
    content = template()
    assert len(rows(content, CHECK)) == 3 and len(rows(content, CHANGE)) == 12
    content = filled_in(
        content,
        *((CHECK, row, LABEL["N1"], "否") for row in (4, 5, 6)),
        (CHECK, 6, "统一社会信用代码", there.credit_code),
    )
    found = plan(content)
    assert [row.outcome for row in found.rows] == [RowOutcome.NEW] * 3 + [RowOutcome.REFUSED]
    assert found.rows[2].differences == () and "不是您可办理的单位" in found.rows[3].problems[0]


def test_every_bad_cell_is_named_by_sheet_and_place_with_its_remedy():
    reports.listed(), reports.listed()
    content = filled_in(
        template(),
        (CHECK, 4, LABEL["N1"], "也许"),
        (CHECK, 4, LABEL["green_code"], "C"),
        (CHECK, 4, f"{LABEL['N3']}：说明", "长" * 501),
        *moved(row=4, 变更前=None, 手续办结日期="去年"),
        (CHANGE, 5, "变更后", "扩建"),
        (CHANGE, 7, "变更事项", "法人变更"),
        (CHANGE, 7, "是否变更", "是"),
        (MAIN, 4, "取水量（m³）", "很多"),
        (MAIN, 4, "管理平台提交日期", "四月"),
        (CHECK, 5, LABEL["N1"], "否"),
    )
    bad, good = plan(content).rows
    assert good.outcome is RowOutcome.NEW and bad.outcome is RowOutcome.REFUSED
    told = "\n".join(bad.problems)
    for sentence in (
        f"“合规自查”表 C4：“{LABEL['N1']}”应填否、是之一，现为“也许”。",
        f"“合规自查”表 W4：“{LABEL['green_code']}”应填A+、A、B、未申领之一，现为“C”。",
        "“合规自查”表 H4：“",
        "“重大事项变更”表 G4：“去年”不是有效日期；请按“2026-04-30”的样式填写。",
        "“重大事项变更”表 E4：已声明“名称变更”，请填写变更前（第二十条）。",
        "“重大事项变更”表 D5：填写了“实际生产经营范围重大变更”的内容，请填“是”",
        "“重大事项变更”表 C7：变更事项“法人变更”不在四项之内",
        "“管理平台提交日期”：“四月”不是有效日期",
        "“取水量”应填数字（单位：m³），现为“很多”。",
    ):
        assert sentence in told, (sentence, told)
    assert re.search(r"^[A-Z]+4 “取水量”", told, re.MULTILINE)


@pytest.mark.parametrize(
    "cells, why",
    [
        ([(CHANGE, 4, "手续办结日期", date(2026, 12, 1))], "手续办结日期2026-12-01晚于今天"),
        ([(CHECK, 4, LABEL["N1"], "=1+1")], "C4：单元格是公式"),
        (
            [(CHECK, 4, LABEL["N1"], "否"), (CHECK, 5, LABEL["N1"], "否"), (CHECK, 5, "统一社会信用代码", 0)],
            "A5：与前面的行是同一单位",
        ),
        (
            [(CHANGE, 5, "变更事项", "名称变更"), (CHANGE, 5, "是否变更", "否")],
            "C5：“名称变更”与前面的行重复",
        ),
    ],
)
def test_what_cannot_be_is_refused(cells, why):
    one = reports.listed()
    given = [
        (sheet, row, heading, one.credit_code if value == 0 else value)
        for sheet, row, heading, value in cells
    ]
    (row,) = plan(filled_in(template(), *moved(), *given)).rows
    assert row.outcome is RowOutcome.REFUSED and why in "".join(row.problems)


def test_a_workbook_of_before_without_these_sheets_and_one_with_nothing_else_both_go_in():
    reports.listed()
    old = filled_in(template(), (MAIN, 4, "取水量（m³）", 5), without=(CHECK, CHANGE))
    assert plan(old).rows[0].filing.answers is None
    only = filled_in(template(), (CHECK, 4, LABEL["N1"], "否"), without=(MAIN, CHANGE))
    ((_, why, report),) = import_commit.commit_import(plan(only), by=By(COUNTY, reports.MARCH))
    assert not why and report.answers == {"N1": {"answer": "no", "note": ""}} and report.figures == {}


def test_unknown_columns_of_these_sheets_are_named():
    reports.listed()
    with pytest.raises(ExchangeError, match="“合规自查”表 C2 的列名“其他”不是模板中的列"):
        plan(filled_in(template(), (CHECK, 2, LABEL["N1"], "其他")))


def test_the_boundary_of_a_park_is_in_its_workbook_and_not_in_a_factory_s():
    reports.listed()
    park = cases.unit(now=reports.MARCH)
    reports.entry(park, kind="park")
    content = workbook_template.template_workbook("park", 2026, by=By(COUNTY, reports.MARCH))
    assert "表头边界四至" in [cell.value for cell in load_workbook(io.BytesIO(content))[MAIN][2]]
    assert "表头边界四至" not in [cell.value for cell in load_workbook(io.BytesIO(template()))[MAIN][2]]
    given = import_plan.plan_import(
        filled_in(content, (MAIN, 4, "表头边界四至", "东至迎宾大道")),
        "park",
        2026,
        by=By(COUNTY, reports.MARCH),
    )
    assert given.rows[0].filing.head == {"stated_boundary": "东至迎宾大道"}


def test_a_foreign_heading_is_named_where_it_stands_and_no_longer_than_one_reads():
    rows = [["说明"], ["填表日期"], [report_parts.CODE, LABEL["N1"], "头" * 3000]]
    with pytest.raises(ExchangeError, match=f"表 C3 的列名“{'头' * 60}”不是"):
        report_parts.read("合规自查", rows, 2, {})
