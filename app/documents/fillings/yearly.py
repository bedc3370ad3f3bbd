"""Papers of the annual report (第十八条) and the year's figures."""

from dataclasses import astuple

from app.documents.filling import fills
from app.documents.fillings.columns import AREA, KIND, LEVEL, NAME, copies, counts, table_or_none
from app.documents.layout import chinese
from app.documents.layout.tables import Column, Table

FIGURES = ("申报", "县级推荐", "培育对象", "新列入", "在册", "应填报", "已填报", "变更", "移出")


def reporting_table(units):
    rows = [(u.name, u.level_label, u.kind_label, u.area_name) for u in units]
    return table_or_none((NAME, LEVEL, KIND, AREA), rows)


@fills("annual_call")
def annual_call(inputs):
    years = {"data_year": str(inputs.year - 1)}
    return counts(inputs.units) | copies(inputs) | years | {
        "reporting_table": reporting_table(inputs.units)
    }, {}


@fills("annual_reminder")
def annual_reminder(inputs):
    values = counts(inputs.units) | copies(inputs) | {"reporting_table": reporting_table(inputs.units)}
    return values, {"未到期限": not inputs.overdue, "已过期限": inputs.overdue}


@fills("reminder_ledger")
def reminder_ledger(inputs):
    columns = (
        Column("催报节点", 1300, centred=True),
        Column("时间", 1900, centred=True),
        Column("接收人", 1700),
        Column("方式", 1000, centred=True),
        Column("送达结果", 1200, centred=True),
        Column("备注", 1500),
    )
    rows = [
        (e.step, chinese.moment(e.sent_at), e.recipient, e.channel, e.result, e.note) for e in inputs.entries
    ]
    return {"entry_count": str(len(rows)), "reminder_table": table_or_none(columns, rows)}, {}


@fills("annual_summary")
def annual_summary(inputs):
    figures = [astuple(row) for row in inputs.rows]
    total = ("合计", *(sum(column) for column in list(zip(*figures, strict=True))[1:])) if figures else ()
    rows = tuple(tuple(str(cell) for cell in row) for row in (*figures, total) if row)
    columns = (
        Column("县（市、区）", 2000, centred=True),
        *(Column(name, 900, centred=True) for name in FIGURES),
    )
    return {"figure_table": Table(columns, rows, numbered=False)}, {"有说明": bool(inputs.remarks)}
