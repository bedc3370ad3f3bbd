"""Columns and phrases that several kinds of paper share."""

from app.documents.layout.tables import Column, Table

NAME = Column("单位名称", 3300)
KIND = Column("类别", 1700, centred=True)
AREA = Column("所在县（市、区）", 1440, centred=True, fixed=True)
INDUSTRY = Column("所属行业", 2000)
LEVEL = Column("名单级别", 1300, centred=True)
CODE = Column("统一社会信用代码", 2760, centred=True, fixed=True)


def date_column(heading):
    """Wide enough for 2027年12月31日."""
    return Column(heading, 2160, centred=True, fixed=True)


def joined(values):
    """、-joined without empty ones."""
    return "、".join(value for value in values if value)


def table_or_none(columns, rows, landscape=False, crowded=False):
    """A table, or None so that an attachment without rows is left out."""
    return Table(tuple(columns), tuple(rows), landscape, crowded=crowded) if rows else None


def counted(units):
    """绿色工厂3家、绿色工业园区1家 in the order of first appearance."""
    counts = {}
    for unit in units:
        counts[unit.kind_label] = counts.get(unit.kind_label, 0) + 1
    return joined(f"{label}{count}家" for label, count in counts.items())


def counts(units):
    """The two placeholders that say how many there are."""
    return {"unit_count": str(len(units)), "unit_summary": counted(units)}


def unit_table(units):
    """A list for the public: neither code nor score nor contact."""
    return table_or_none(
        (NAME, KIND, AREA, INDUSTRY), [(u.name, u.kind_label, u.area_name, u.industry) for u in units]
    )


def copies(inputs):
    """抄送 in one line."""
    return {"cc": "，".join(inputs.cc)}
