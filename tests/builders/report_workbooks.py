"""Workbooks of annual figures with self-check and stated changes filled in."""

import io

from openpyxl import load_workbook

from app.policy.reports import self_check
from app.services.core.by import By
from app.services.reports import import_plan, workbook_template
from tests.builders import cases, reports

COUNTY = cases.actor(cases.Role.COUNTY)


MAIN, CHECK, CHANGE = "填报", "合规自查", "重大事项变更"


LABEL = {one.code: one.label for one in self_check.QUESTIONS}


def template(unit_id=None):
    return workbook_template.template_workbook("factory", 2026, by=By(COUNTY, reports.MARCH), unit_id=unit_id)


def plan(content):
    return import_plan.plan_import(content, "factory", 2026, by=By(COUNTY, reports.MARCH))


def filled_in(content, *cells, without=()):
    """The workbook with (sheet, row, heading, value) written into it."""
    book = load_workbook(io.BytesIO(content))
    for sheet, row, heading, value in cells:
        page = book[sheet]
        column = [cell.value for cell in page[2]].index(heading) + 1
        page.cell(row, column).value = value
    for sheet in without:
        del book[sheet]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rows(content, sheet):
    return [
        list(row) for row in load_workbook(io.BytesIO(content))[sheet].iter_rows(min_row=4, values_only=True)
    ]


def moved(row=4, **values):
    given = {
        "是否变更": "是",
        "变更前": "云城区甲路1号",
        "变更后": "云城区乙路2号",
        "手续办结日期": "2025/11/30",
        "原因": "搬迁",
    }
    return [(CHANGE, row, heading, value) for heading, value in (given | values).items()]
