"""Cultivation list and minutes of the review (第十四、十五条)."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from datetime import date

from app.documents.kinds.city import ALUMINIUM, AREAS, CEMENT, CHAIN, FACTORY, STONE, UNITS, letterhead
from app.documents.kinds.columns import (
    COUNT_LABELS,
    KIND,
    NAME,
    UnitLine,
    counts,
    joined,
    table_or_none,
    unit_table,
)
from app.documents.kinds.inputs import Letterhead, Paragraphs, named
from app.documents.kinds.kind import Filling, Kind
from app.documents.layout.tables import Column


@dataclass(frozen=True)
class ReviewLine:
    """A unit's scores in the review; a third one only where two differed too much."""

    name: str = field(metadata=named("单位名称"))
    kind_label: str = field(metadata=named("类别"))
    first: str = field(metadata=named("评分一"))
    second: str = field(metadata=named("评分二"))
    third: str = field(metadata=named("评分三"))
    total: str = field(metadata=named("综合得分"))
    result: str = field(metadata=named("结果"))


@dataclass(frozen=True, kw_only=True)
class CultivationInputs(Letterhead):
    """培育对象名单通知 (第十四条)."""

    year: int = field(metadata=named("年度"))
    addressees: str = field(metadata=named("主送机关"))
    units: tuple[UnitLine, ...] = field(metadata=named("单位名单"))
    valid_from: date = field(metadata=named("有效期起"))
    valid_to: date = field(metadata=named("有效期止"))
    valid_years: int = field(metadata=named("有效期年数"))
    cc: tuple[str, ...] = field(default=(), metadata=named("抄送机关"))
    publicity: str = field(default="主动公开", metadata=named("公开方式"))


def _cultivation_list_filling(inputs: CultivationInputs) -> Filling:
    return Filling(counts(inputs.units) | {"unit_table": unit_table(inputs.units)})


def _cultivation_list_specimen() -> CultivationInputs:
    return CultivationInputs(
        **letterhead(date(2027, 6, 1)),
        year=2027,
        addressees=AREAS,
        units=UNITS,
        valid_from=date(2027, 6, 1),
        valid_to=date(2030, 6, 1),
        valid_years=3,
        cc=("广东省工业和信息化厅",),
    )


CULTIVATION_LIST = Kind(
    "cultivation_list",
    CultivationInputs,
    _cultivation_list_specimen,
    _cultivation_list_filling,
    {**COUNT_LABELS, "unit_table": "单位名单表"},
)


@dataclass(frozen=True, kw_only=True)
class ReviewMinutesInputs(Letterhead):
    """评审会议纪要 (第十五条)."""

    year: int = field(metadata=named("年度"))
    held_on: date = field(metadata=named("会议日期"))
    place: str = field(metadata=named("地点"))
    chair: str = field(metadata=named("主持人"))
    panel: tuple[str, ...] = field(metadata=named("评审专家"))
    recusals: Paragraphs = field(metadata=named("回避情况（多段）"))
    rows: tuple[ReviewLine, ...] = field(metadata=named("明细"))
    remarks: Paragraphs = field(default=(), metadata=named("说明（多段）"))


def _review_minutes_filling(inputs: ReviewMinutesInputs) -> Filling:
    scores = (Column(name, 900, centred=True) for name in ("评分一", "评分二", "评分三", "综合得分"))
    columns = (NAME, KIND, *scores, Column("评审结论", 1100, centred=True))
    rows = [astuple(row) for row in inputs.rows]
    return Filling(
        counts(inputs.rows)
        | {
            "panel": joined(inputs.panel),
            "panel_count": str(len(inputs.panel)),
            "score_table": table_or_none(columns, rows),
        },
        {"有回避": bool(inputs.recusals), "无回避": not inputs.recusals, "有其他意见": bool(inputs.remarks)},
    )


def _review_minutes_specimen() -> ReviewMinutesInputs:
    return ReviewMinutesInputs(
        **letterhead(date(2027, 6, 8)),
        year=2027,
        held_on=date(2027, 6, 7),
        place="市工业和信息化局会议室",
        chair="张示例",
        panel=("赵示例", "钱示例", "孙示例"),
        recusals=(f"孙示例曾为{CEMENT}提供技术服务，回避该单位的评审。",),
        rows=(
            ReviewLine(STONE, FACTORY, "86", "88", "", "87", "拟入选"),
            ReviewLine(ALUMINIUM, FACTORY, "70", "88", "85", "86.5", "拟入选"),
            ReviewLine(CEMENT, CHAIN, "72", "74", "", "73", "未入选"),
        ),
        remarks=("建议加强对未入选单位的现场指导。",),
    )


REVIEW_MINUTES = Kind(
    "review_minutes",
    ReviewMinutesInputs,
    _review_minutes_specimen,
    _review_minutes_filling,
    {"panel_count": "专家人数", "score_table": "评分表", **COUNT_LABELS},
)


KINDS = (
    CULTIVATION_LIST,
    REVIEW_MINUTES,
)
