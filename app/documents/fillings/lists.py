"""Papers that publish lists (第十四条, 第十五条, 第二十一条): counts, cases and tables."""

from app.documents.filling import fills
from app.documents.fillings.columns import (
    AREA,
    INDUSTRY,
    KIND,
    NAME,
    copies,
    counts,
    date_column,
    table_or_none,
    unit_table,
)
from app.documents.layout import chinese
from app.documents.layout.tables import Column

REMOVED = (
    NAME,
    KIND,
    AREA,
    Column("列入年度", 1200, centred=True),
    Column("移出依据", 3400),
    date_column("移出日期"),
)


def removed_table(rows):
    return table_or_none(
        REMOVED,
        [
            (r.name, r.kind_label, r.area_name, r.listed_year, r.ground, chinese.day(r.removed_on))
            for r in rows
        ],
        landscape=True,
    )


def removed_subject(rows):
    """甲公司 or 甲公司等3家单位."""
    return rows[0].name if len(rows) == 1 else f"{rows[0].name}等{len(rows)}家单位"


@fills("cultivation_list")
def cultivation_list(inputs):
    return counts(inputs.units) | copies(inputs) | {"unit_table": unit_table(inputs.units)}, {}


@fills("public_notice")
def public_notice(inputs):
    period = chinese.period(inputs.first_day, inputs.last_day)
    return counts(inputs.units) | {"period": period, "unit_table": unit_table(inputs.units)}, {}


@fills("no_objection")
def no_objection(inputs):
    values, _ = public_notice(inputs)
    return values, {
        "未收到异议": inputs.received == 0,
        "收到异议均不成立": inputs.received > 0 and inputs.upheld == 0,
        "有异议成立": inputs.upheld > 0,
    }


@fills("listing_announcement")
def listing(inputs):
    new = (*inputs.factories, *inputs.parks, *inputs.supply_chains)
    values = counts(new) | copies(inputs) | _listing_tables(inputs)
    values |= {
        "removed_count": str(len(inputs.removed)),
        "renamed_count": str(len(inputs.renamed)),
        "provincial_count": str(len(inputs.provincial)),
        "period": chinese.period(inputs.notice_first_day, inputs.notice_last_day),
    }
    return values, {
        "有新列入单位": bool(new),
        "无新列入单位": not new,
        "有省级名单单位": bool(inputs.provincial),
        "有移出单位": bool(inputs.removed),
        "有更名单位": bool(inputs.renamed),
    }


def _listing_tables(inputs):
    def one_kind(units):
        return table_or_none((NAME, AREA, INDUSTRY), [(u.name, u.area_name, u.industry) for u in units])

    renamed = [(r.name_before, r.name_after, r.kind_label, r.area_name) for r in inputs.renamed]
    provincial = [(p.name, p.kind_label, p.area_name, p.source) for p in inputs.provincial]
    return {
        "factory_table": one_kind(inputs.factories),
        "park_table": table_or_none((NAME, AREA), [(u.name, u.area_name) for u in inputs.parks]),
        "supply_chain_table": one_kind(inputs.supply_chains),
        "provincial_table": table_or_none((NAME, KIND, AREA, Column("列入依据", 2600)), provincial),
        "removed_table": removed_table(inputs.removed),
        "renamed_table": table_or_none((Column("原名称", 3000), Column("现名称", 3000), KIND, AREA), renamed),
    }


@fills("revocation")
def revocation(inputs):
    subject = f"{inputs.revoked_number}文件" if inputs.revoked_number else f"《{inputs.revoked_title}》"
    return copies(inputs) | {"revoked_subject": subject}, {
        "有文号": bool(inputs.revoked_number),
        "无文号": not inputs.revoked_number,
    }


@fills("removal_announcement")
def removal_announcement(inputs):
    values = {
        "removed_subject": removed_subject(inputs.rows),
        "removed_count": str(len(inputs.rows)),
        "removed_table": removed_table(inputs.rows),
    }
    return values | copies(inputs), {"随年度名单移出": not inputs.immediate, "及时移出": inputs.immediate}
