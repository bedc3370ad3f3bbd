"""Papers on the way to the province (第十六条, 第十九条, 第二十条)."""

from app.documents.filling import fills
from app.documents.fillings.columns import (
    AREA,
    CODE,
    INDUSTRY,
    KIND,
    LEVEL,
    NAME,
    copies,
    counts,
    date_column,
    table_or_none,
)
from app.documents.fillings.lists import removed_table
from app.documents.layout import chinese
from app.documents.layout.tables import Column

UNANSWERED = "未回复"


@fills("consultation")
def consultation(inputs):
    rows = [(u.name, u.credit_code, u.kind_label, u.area_name) for u in inputs.units]
    answer = (NAME, CODE, Column("有无相关问题", 1300, centred=True), Column("情况说明", 2400))
    return counts(inputs.units) | {
        "consulted_table": table_or_none((NAME, CODE, KIND, AREA), rows),
        "answer_table": table_or_none(answer, [(name, code, "", "") for name, code, *_ in rows]),
    }, {}


@fills("nomination")
def nomination(inputs):
    values = counts(inputs.units) | {
        "department_count": str(len(inputs.opinions)),
        "change_count": str(len(inputs.changes)),
        "removed_count": str(len(inputs.removed)),
        "nominated_table": _nominated(inputs.units),
        "opinion_table": _opinions(inputs.opinions),
        "change_table": _changes(inputs.changes),
        "removed_table": removed_table(inputs.removed),
    }
    return values, {
        "有推荐单位": bool(inputs.units),
        "无推荐单位": not inputs.units,
        "有部门未回复": any(line.replied_on is None for line in inputs.opinions),
        "有变更事项": bool(inputs.changes),
        "无变更事项": not inputs.changes,
        "有移出单位": bool(inputs.removed),
    }


def _nominated(units):
    columns = (
        NAME,
        CODE,
        KIND,
        AREA,
        INDUSTRY,
        Column("列入市级名单年度", 1300, centred=True),
        Column("推荐理由", 3000),
    )
    rows = [
        (u.name, u.credit_code, u.kind_label, u.area_name, u.industry, u.listed_year, u.reason) for u in units
    ]
    return table_or_none(columns, rows, landscape=True)


def _opinions(lines):
    columns = (
        Column("征求意见部门", 2600),
        date_column("发函日期"),
        date_column("回复日期"),
        Column("意见", 1100, centred=True),
        Column("备注", 2200),
    )
    rows = [
        (
            line.department,
            chinese.day(line.asked_on),
            chinese.day(line.replied_on) if line.replied_on else UNANSWERED,
            line.result if line.replied_on else UNANSWERED,
            line.remark,
        )
        for line in lines
    ]
    return table_or_none(columns, rows)


def _changes(lines):
    columns = (
        NAME,
        LEVEL,
        KIND,
        Column("变更事项", 1700, centred=True),
        Column("变更前", 2200),
        Column("变更后", 2200),
        Column("市级意见", 1900),
    )
    rows = [
        (c.name, c.level_label, c.kind_label, c.change_label, c.before, c.after, c.opinion) for c in lines
    ]
    return table_or_none(columns, rows, landscape=True)


@fills("change_opinion")
def change_opinion(inputs):
    columns = (Column("变更事项", 1900, centred=True), Column("变更前", 3300), Column("变更后", 3300))
    rows = [(fact.label, fact.before, fact.after) for fact in inputs.facts]
    return copies(inputs) | {"fact_table": table_or_none(columns, rows)}, {
        "同意变更并保留": inputs.opinion == "同意变更并保留",
        "重新评价": inputs.opinion == "重新评价",
        "不同意变更": inputs.opinion == "不同意变更",
        "涉及上一级名单": inputs.higher_level,
    }
