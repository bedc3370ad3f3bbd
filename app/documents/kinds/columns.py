"""Columns, counts and tables that several kinds of papers share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from app.documents.kinds.inputs import named
from app.documents.layout import chinese
from app.documents.layout.tables import Column, Table

NAME = Column("单位名称", 3300)
KIND = Column("类别", 1700, centred=True)
AREA = Column("所在县（市、区）", 1440, centred=True, fixed=True)
INDUSTRY = Column("所属行业", 2000)
LEVEL = Column("名单级别", 1300, centred=True)
CODE = Column("统一社会信用代码", 2760, centred=True, fixed=True)
COUNT_LABELS = {"unit_count": "单位数", "unit_summary": "分类数量"}


def date_column(heading: str) -> Column:
    """Return a column wide enough for 2027年12月31日."""
    return Column(heading, 2160, centred=True, fixed=True)


REMOVED = (
    NAME,
    KIND,
    AREA,
    Column("列入年度", 1200, centred=True),
    Column("移出依据", 3400),
    date_column("移出日期"),
)


@dataclass(frozen=True)
class UnitLine:
    """A unit on a published list: credit code, score and contacts stay out of it."""

    name: str = field(metadata=named("单位名称"))
    kind_label: str = field(metadata=named("类别"))
    area_name: str = field(metadata=named("县（市、区）"))
    industry: str = field(default="", metadata=named("所属行业"))


@dataclass(frozen=True)
class RemovedLine:
    """A unit taken off the list; `ground` is the article in words (第二十一条第一款第（二）项)."""

    name: str = field(metadata=named("单位名称"))
    kind_label: str = field(metadata=named("类别"))
    area_name: str = field(metadata=named("县（市、区）"))
    listed_year: str = field(metadata=named("列入年度"))
    ground: str = field(metadata=named("依据条款"))
    removed_on: date = field(metadata=named("移出日期"))


class Classified(Protocol):
    """A row that states its kind of unit."""

    @property
    def kind_label(self) -> str: ...


def joined(parts: Iterable[str]) -> str:
    """Join the parts that are not empty with “、”."""
    return "、".join(part for part in parts if part)


def table_or_none(
    columns: Iterable[Column],
    rows: Sequence[tuple[str, ...]],
    landscape: bool = False,
    crowded: bool = False,
) -> Table | None:
    """Return a table; None without rows, so that its attachment is left out."""
    return Table(tuple(columns), tuple(rows), landscape, crowded=crowded) if rows else None


def counts(units: Sequence[Classified]) -> dict[str, Any]:
    """Return the number of units, and 绿色工厂3家、绿色工业园区1家 in the order of first appearance."""
    by_kind = Counter(unit.kind_label for unit in units)
    summary = joined(f"{label}{count}家" for label, count in by_kind.items())
    return {"unit_count": str(len(units)), "unit_summary": summary}


def unit_table(units: Sequence[UnitLine]) -> Table | None:
    """Return the table of a list for the public."""
    rows = [(unit.name, unit.kind_label, unit.area_name, unit.industry) for unit in units]
    return table_or_none((NAME, KIND, AREA, INDUSTRY), rows)


def removed_table(lines: Sequence[RemovedLine]) -> Table | None:
    """Return the table of units taken off the list, with the ground of each."""
    rows = [
        (
            line.name,
            line.kind_label,
            line.area_name,
            line.listed_year,
            line.ground,
            chinese.day(line.removed_on),
        )
        for line in lines
    ]
    return table_or_none(REMOVED, rows, landscape=True)
