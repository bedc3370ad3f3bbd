"""公示, 公布名单通知 (第十五条, 第十七条, 第二十条, 第二十一条): counts and lists."""

from app.documents import chinese
from app.documents.filling import fills
from app.documents.tables import Column, Table

NAME, KIND, AREA, INDUSTRY = (
    Column("单位名称", 3300), Column("类别", 1700, centred=True),
    Column("所在县（市、区）", 1420, centred=True), Column("所属行业", 2000),
)  # fmt: skip


def joined(values):
    """、-joined without empty ones."""
    return "、".join(value for value in values if value)


def table_or_none(columns, rows, landscape=False):
    """A table, or None so that an attachment without rows is left out."""
    return Table(columns, tuple(rows), landscape) if rows else None


def unit_table(units):
    return table_or_none(
        (NAME, KIND, AREA, INDUSTRY), [(u.name, u.kind_label, u.area_name, u.industry) for u in units]
    )


def one_kind_table(units):
    return table_or_none((NAME, AREA, INDUSTRY), [(u.name, u.area_name, u.industry) for u in units])


def counted(units):
    """绿色工厂3家、绿色工业园区1家 in the order of first appearance."""
    counts = {}
    for unit in units:
        counts[unit.kind_label] = counts.get(unit.kind_label, 0) + 1
    return joined(f"{label}{count}家" for label, count in counts.items())


@fills("public_notice")
def public_notice(inputs):
    return {
        "unit_count": str(len(inputs.units)),
        "unit_summary": counted(inputs.units),
        "period": chinese.period(inputs.first_day, inputs.last_day),
        "unit_table": unit_table(inputs.units),
    }, {}


@fills("listing_announcement")
def listing(inputs):
    new = (*inputs.factories, *inputs.parks, *inputs.supply_chains)
    removed = [
        (r.name, r.kind_label, r.area_name, r.listed_year, r.ground, chinese.day(r.removed_on))
        for r in inputs.removed
    ]
    renamed = [(r.name_before, r.name_after, r.kind_label, r.area_name) for r in inputs.renamed]
    provincial = [(p.name, p.kind_label, p.area_name, p.source) for p in inputs.provincial]
    return {
        "cc": "，".join(inputs.cc),
        "unit_count": str(len(new)),
        "unit_summary": counted(new),
        "removed_count": str(len(removed)),
        "renamed_count": str(len(renamed)),
        "provincial_count": str(len(provincial)),
        "period": chinese.period(inputs.notice_first_day, inputs.notice_last_day),
        "factory_table": one_kind_table(inputs.factories),
        "park_table": table_or_none((NAME, AREA), [(u.name, u.area_name) for u in inputs.parks]),
        "supply_chain_table": one_kind_table(inputs.supply_chains),
        "provincial_table": table_or_none((NAME, KIND, AREA, Column("列入依据", 2600)), provincial),
        "removed_table": table_or_none(
            (
                NAME, KIND, AREA, Column("列入年度", 1100, centred=True), Column("移出依据", 3400),
                Column("移出日期", 2000, centred=True),
            ),
            removed,
            landscape=True,
        ),
        "renamed_table": table_or_none((Column("原名称", 3000), Column("现名称", 3000), KIND, AREA), renamed),
    }, {
        "有新列入单位": bool(new),
        "无新列入单位": not new,
        "有省级名单单位": bool(provincial),
        "有移出单位": bool(removed),
        "有更名单位": bool(renamed),
    }  # fmt: skip
