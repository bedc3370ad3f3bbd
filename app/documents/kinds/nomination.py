"""Consultation of departments and nomination to the province (第十六条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import date

from app.documents.kinds.city import ALUMINIUM, DEPARTMENTS, FACTORY, PLATFORM, REMOVED, STONE, letterhead
from app.documents.kinds.columns import (
    AREA,
    CODE,
    COUNT_LABELS,
    INDUSTRY,
    KIND,
    LEVEL,
    NAME,
    RemovedLine,
    counts,
    date_column,
    removed_table,
    table_or_none,
)
from app.documents.kinds.inputs import Letterhead, given_until, named
from app.documents.kinds.kind import Filling, Kind
from app.documents.layout import chinese
from app.documents.layout.tables import Column, Table

UNANSWERED = "未回复"


@dataclass(frozen=True)
class ConsultedLine:
    """A unit on which a department is asked (第十六条)."""

    name: str = field(metadata=named("单位名称"))
    credit_code: str = field(metadata=named("统一社会信用代码"))
    kind_label: str = field(metadata=named("类别"))
    area_name: str = field(metadata=named("县（市、区）"))


@dataclass(frozen=True)
class NominatedLine:
    """A unit nominated to the province (第十六条), with the reason for choosing it."""

    name: str = field(metadata=named("单位名称"))
    credit_code: str = field(metadata=named("统一社会信用代码"))
    kind_label: str = field(metadata=named("类别"))
    area_name: str = field(metadata=named("县（市、区）"))
    industry: str = field(metadata=named("所属行业"))
    listed_year: str = field(metadata=named("列入年度"))
    reason: str = field(metadata=named("推荐理由"))


@dataclass(frozen=True)
class DepartmentLine:
    """A department's answer; without one `replied_on` is None and the remark says how it was handled."""

    department: str = field(metadata=named("部门"))
    asked_on: date = field(metadata=named("发函日期"))
    replied_on: date | None = field(metadata=named("回复日期"))
    result: str = field(metadata=named("结果"))
    remark: str = field(default="", metadata=named("备注"))


@dataclass(frozen=True)
class ChangeLine:
    """A change that is reported to the province with the year's nomination (第二十条)."""

    name: str = field(metadata=named("单位名称"))
    level_label: str = field(metadata=named("名单级别"))
    kind_label: str = field(metadata=named("类别"))
    change_label: str = field(metadata=named("变更事项"))
    before: str = field(metadata=named("变更前"))
    after: str = field(metadata=named("变更后"))
    opinion: str = field(metadata=named("意见"))


def _nominated_table(units: Sequence[NominatedLine]) -> Table | None:
    columns = (
        NAME,
        CODE,
        KIND,
        AREA,
        INDUSTRY,
        Column("列入市级名单年度", 1300, centred=True),
        Column("推荐理由", 3000),
    )
    rows = [astuple(unit) for unit in units]
    return table_or_none(columns, rows, landscape=True)


def _opinion_table(lines: Sequence[DepartmentLine]) -> Table | None:
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


def _change_table(lines: Sequence[ChangeLine]) -> Table | None:
    columns = (
        NAME,
        LEVEL,
        KIND,
        Column("变更事项", 1700, centred=True),
        Column("变更前", 2200),
        Column("变更后", 2200),
        Column("市级意见", 1900),
    )
    rows = [astuple(change) for change in lines]
    return table_or_none(columns, rows, landscape=True)


@dataclass(frozen=True, kw_only=True)
class ConsultationInputs(Letterhead):
    """征求意见函 (第十六条); `asks` names the matter of this department."""

    year: int = field(metadata=named("年度"))
    department: str = field(metadata=named("部门名称"))
    asks: str = field(metadata=named("需部门核查的事项"))
    due: date = field(metadata=given_until("截止日期"))
    units: tuple[ConsultedLine, ...] = field(metadata=named("单位名单"))
    publicity: str = field(default="不予公开", metadata=named("公开方式"))


def _consultation_filling(inputs: ConsultationInputs) -> Filling:
    rows = [astuple(unit) for unit in inputs.units]
    answer = (NAME, CODE, Column("有无相关问题", 1300, centred=True), Column("情况说明", 2400))
    return Filling(
        counts(inputs.units)
        | {
            "consulted_table": table_or_none((NAME, CODE, KIND, AREA), rows),
            "answer_table": table_or_none(answer, [(name, code, "", "") for name, code, *_ in rows]),
        }
    )


def _consultation_specimen() -> ConsultationInputs:
    return ConsultationInputs(
        **letterhead(date(2027, 6, 19)),
        year=2027,
        department=DEPARTMENTS[1],
        asks="环境行政处罚和突发环境事件",
        due=date(2027, 6, 28),
        units=(
            ConsultedLine(STONE, "91445302MA5DEM0128", FACTORY, "云城区"),
            ConsultedLine(ALUMINIUM, "91445381MA5DEM08XG", FACTORY, "罗定市"),
        ),
    )


CONSULTATION = Kind(
    "consultation",
    ConsultationInputs,
    _consultation_specimen,
    _consultation_filling,
    {"answer_table": "意见反馈表", "consulted_table": "征求意见单位表", **COUNT_LABELS},
)


@dataclass(frozen=True, kw_only=True)
class NominationInputs(Letterhead):
    """推荐省级名单的函 (第十六条, 第二十条)."""

    year: int = field(metadata=named("年度"))
    province_department: str = field(metadata=named("省级主管部门"))
    province_rules: str = field(metadata=named("省级实施细则"))
    platform: str = field(metadata=named("管理平台名称"))
    units: tuple[NominatedLine, ...] = field(metadata=named("单位名单"))
    opinions: tuple[DepartmentLine, ...] = field(metadata=named("部门意见"))
    changes: tuple[ChangeLine, ...] = field(default=(), metadata=named("变更事项"))
    removed: tuple[RemovedLine, ...] = field(default=(), metadata=named("移出单位"))
    publicity: str = field(default="依申请公开", metadata=named("公开方式"))


def _nomination_filling(inputs: NominationInputs) -> Filling:
    values = counts(inputs.units) | {
        "department_count": str(len(inputs.opinions)),
        "change_count": str(len(inputs.changes)),
        "removed_count": str(len(inputs.removed)),
        "nominated_table": _nominated_table(inputs.units),
        "opinion_table": _opinion_table(inputs.opinions),
        "change_table": _change_table(inputs.changes),
        "removed_table": removed_table(inputs.removed),
    }
    return Filling(
        values,
        {
            "有推荐单位": bool(inputs.units),
            "无推荐单位": not inputs.units,
            "有部门未回复": any(line.replied_on is None for line in inputs.opinions),
            "有变更事项": bool(inputs.changes),
            "无变更事项": not inputs.changes,
            "有移出单位": bool(inputs.removed),
        },
    )


def _nomination_specimen() -> NominationInputs:
    replies = [
        DepartmentLine(name, date(2027, 6, 19), date(2027, 6, 24), "无异议") for name in DEPARTMENTS[:4]
    ]
    silent = DepartmentLine(
        DEPARTMENTS[4], date(2027, 6, 19), None, "", "两次催办未回复，经市局负责人批准继续推荐"
    )
    return NominationInputs(
        **letterhead(date(2027, 6, 29)),
        year=2027,
        province_department="广东省工业和信息化厅",
        province_rules="《广东省绿色工厂梯度培育管理实施细则》（粤工信规字〔2024〕4号）",
        platform=PLATFORM,
        units=(
            NominatedLine(
                STONE,
                "91445302MA5DEM0128",
                FACTORY,
                "云城区",
                "建筑用石加工",
                "2027",
                "固体废物综合利用水平较高",
            ),
        ),
        opinions=(*replies, silent),
        changes=(
            ChangeLine(
                "云浮市示例新名有限公司",
                "省级",
                FACTORY,
                "名称变更",
                "云浮市示例旧名有限公司",
                "云浮市示例新名有限公司",
                "同意变更并保留",
            ),
        ),
        removed=REMOVED,
    )


NOMINATION = Kind(
    "nomination",
    NominationInputs,
    _nomination_specimen,
    _nomination_filling,
    {
        "change_count": "变更事项数",
        "change_table": "变更意见汇总表",
        "department_count": "部门数",
        "nominated_table": "推荐汇总表",
        "opinion_table": "部门意见汇总表",
        "removed_count": "移出单位数",
        "removed_table": "移出名单表",
        **COUNT_LABELS,
    },
)


KINDS = (
    CONSULTATION,
    NOMINATION,
)
